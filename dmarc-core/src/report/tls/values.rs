//! Times as they are written in reports (RFC 3339, 5.6).

use crate::report::aggregate::Timestamp;
use crate::time::UnixTime;

/// How a time was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum TimeForm {
    /// As the standard has it.
    Exact,
    /// Without a zone or a time of day, or as seconds since the epoch.
    Other,
    Unreadable,
}

/// Reads a time; one without a zone is UTC, a day alone is its first second.
pub(super) fn timestamp(text: &str) -> (Timestamp, TimeForm) {
    let (time, form) = match date_time(text) {
        Some((time, exact)) => (Some(time), if exact { TimeForm::Exact } else { TimeForm::Other }),
        None => match text.parse::<i64>() {
            Ok(seconds) if text.len() <= 11 => (Some(UnixTime(seconds)), TimeForm::Other),
            _ => (None, TimeForm::Unreadable),
        },
    };
    (Timestamp { time, raw: text.to_owned() }, form)
}

/// `date-time = full-date "T" full-time`, and whether it is exactly that.
fn date_time(text: &str) -> Option<(UnixTime, bool)> {
    let mut rest = Digits(text.as_bytes());
    let (year, month, day) = (
        rest.number(4)?,
        rest.behind(b"-", |rest| rest.number(2))?,
        rest.behind(b"-", |rest| rest.number(2))?,
    );
    let midnight = UnixTime::of_day(year, month, day)?;
    if rest.0.is_empty() {
        return Some((midnight, false));
    }
    let divider = rest.take()?;
    if !matches!(divider, b'T' | b't' | b' ' | b'_') {
        return None;
    }
    let (hour, minute) = (rest.number(2)?, rest.behind(b":", |rest| rest.number(2))?);
    let second = rest.behind(b":", |rest| rest.number(2));
    // 24:00 is the end of a day (RFC 8460, 4.4), 60 a leap second.
    if hour > 24 || minute > 59 || second.is_some_and(|second| second > 60) {
        return None;
    }
    if second.is_some() && rest.0.first() == Some(&b'.') {
        let digits = rest.0.iter().skip(1).take_while(|octet| octet.is_ascii_digit()).count();
        rest.0 = rest.0.get(1 + digits..)?;
    }
    let (offset, zoned) = match rest.0 {
        [] => (0, false),
        [b'Z' | b'z'] => (0, true),
        [sign @ (b'+' | b'-'), ..] => {
            rest.take()?;
            let hours = rest.number(2)?;
            let minutes = rest.behind(b":", |rest| rest.number(2)).or_else(|| rest.number(2))?;
            if !rest.0.is_empty() || hours > 23 || minutes > 59 {
                return None;
            }
            ((hours * 60 + minutes) * if *sign == b'-' { -60 } else { 60 }, true)
        }
        _ => return None,
    };
    let exact = zoned && second.is_some() && divider != b'_' && divider != b' ';
    Some((UnixTime(midnight.0 + hour * 3600 + minute * 60 + second.unwrap_or(0) - offset), exact))
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn take(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number of so many digits.
    fn number(&mut self, digits: usize) -> Option<i64> {
        let (number, rest) = self.0.split_at_checked(digits)?;
        if !number.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(number.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
    }

    /// What stands behind a sign; nothing is taken if it does not stand there.
    fn behind(&mut self, sign: &[u8], read: impl Fn(&mut Self) -> Option<i64>) -> Option<i64> {
        let mut rest = Digits(self.0.strip_prefix(sign)?);
        let value = read(&mut rest)?;
        self.0 = rest.0;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_in_its_forms() {
        let read = |text: &str| {
            let (time, form) = timestamp(text);
            (time.time.map(|time| time.0), form)
        };
        assert_eq!(read("2016-04-01T00:00:00Z"), (Some(1_459_468_800), TimeForm::Exact));
        assert_eq!(read("2016-04-01T02:00:00.25+02:00"), (Some(1_459_468_800), TimeForm::Exact));
        assert_eq!(read("2016-03-31t24:00:00z"), (Some(1_459_468_800), TimeForm::Exact));
        assert_eq!(read("2016-04-01"), (Some(1_459_468_800), TimeForm::Other));
        assert_eq!(read("2016-04-01 00:00"), (Some(1_459_468_800), TimeForm::Other));
        assert_eq!(read("2016-04-01T00:00:00"), (Some(1_459_468_800), TimeForm::Other));
        assert_eq!(read("1459468800"), (Some(1_459_468_800), TimeForm::Other));
        for text in ["", "2016-02-30T00:00:00Z", "2016-04-01T25:00:00Z", "April 1st", "2016-04-01T00:00:00+2"]
        {
            assert_eq!(read(text), (None, TimeForm::Unreadable), "{text}");
        }
    }
}
