//! Time as a value: the core reads no clock.

use serde::{Deserialize, Serialize};

/// Seconds since 1970-01-01T00:00:00 UTC, leap seconds not counted.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixTime(pub i64);

/// Seconds in a day.
const DAY: i64 = 86_400;

impl UnixTime {
    /// The day, as `2024-02-29` (the civil calendar, by Howard Hinnant's algorithm).
    #[must_use]
    pub fn day(self) -> String {
        let days = self.0.div_euclid(DAY).saturating_add(719_468);
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// The moment, as `2024-02-29T12:00:00Z` (RFC 3339, 5.6).
    #[must_use]
    pub fn rfc3339(self) -> String {
        let second = self.0.rem_euclid(DAY);
        format!("{}T{:02}:{:02}:{:02}Z", self.day(), second / 3600, second / 60 % 60, second % 60)
    }

    /// The moment, as `Thu, 29 Feb 2024 12:00:00 +0000` (RFC 5322, 3.3).
    #[cfg(feature = "container")]
    pub(crate) fn rfc5322(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        let name = |names: &[&'static str], index: i64| {
            usize::try_from(index).ok().and_then(|index| names.get(index).copied()).unwrap_or_default()
        };
        let day = self.day();
        let mut parts = day.rsplitn(3, '-');
        let (date, month) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let year = parts.next().unwrap_or_default();
        let month = name(&MONTHS, month.parse::<i64>().unwrap_or_default() - 1);
        // 1970-01-01 was a Thursday.
        let of_week = name(&DAYS, self.0.div_euclid(DAY).rem_euclid(7));
        let second = self.0.rem_euclid(DAY);
        let date = date.trim_start_matches('0');
        let time = format!("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        format!("{of_week}, {date} {month} {year} {time} +0000")
    }

    /// The first second of a day of the civil calendar; `None` if there is no such day.
    #[cfg(feature = "report")]
    pub(crate) fn of_day(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(0..=9999).contains(&year) || !(1..=12).contains(&month) || day < 1 {
            return None;
        }
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            2 => 28 + i64::from(is_leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if day > last {
            return None;
        }
        // Howard Hinnant's algorithm: years begin in March.
        let year = year - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        Some(Self(days * DAY))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "report")]
    #[test]
    fn a_day_is_found_from_its_date() {
        for seconds in [0, 1_709_164_800, -86_400, 4_102_358_400, 951_782_400] {
            let parts: Vec<i64> =
                UnixTime(seconds).day().split('-').map(|part| part.parse().unwrap_or_default()).collect();
            if let [year, month, day] = parts[..] {
                assert_eq!(UnixTime::of_day(year, month, day), Some(UnixTime(seconds)));
            }
        }
        assert_eq!(UnixTime::of_day(2023, 2, 29), None);
        assert_eq!(UnixTime(1_709_208_000).rfc3339(), "2024-02-29T12:00:00Z");
    }

    #[cfg(feature = "container")]
    #[test]
    fn a_moment_is_told_as_mail_tells_it() {
        assert_eq!(UnixTime(1_709_208_000).rfc5322(), "Thu, 29 Feb 2024 12:00:00 +0000");
        assert_eq!(UnixTime(0).rfc5322(), "Thu, 1 Jan 1970 00:00:00 +0000");
    }

    #[test]
    fn a_day_is_told_in_the_civil_calendar() {
        let day = |seconds| UnixTime(seconds).day();
        assert_eq!(day(0), "1970-01-01");
        assert_eq!(day(1_709_164_800), "2024-02-29");
        assert_eq!(day(-1), "1969-12-31");
        assert_eq!(day(4_102_444_799), "2099-12-31");
    }
}
