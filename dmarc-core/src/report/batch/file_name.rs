//! What the name of a file says of the report in it, beside what the report says (RFC 9990, 3.5.2).

use crate::diagnostics::Diagnostic;
use crate::report::aggregate::{Head, quote};
use crate::report::container::FILE_NAME;
use crate::time::UnixTime;

/// Domain, begin and end by a name.
struct Named<'a> {
    domain: &'a str,
    begin: i64,
    end: i64,
}

/// `filename = receiver "!" policy-domain "!" begin-timestamp "!" end-timestamp [ "!" unique-id ] "." extension`
/// (RFC 9990, 3.5.2); what is in front of the name or behind it does not matter.
fn parse(name: &str) -> Option<Named<'_>> {
    let mut fields = name.split('!').skip(1);
    let domain = fields.next()?.trim();
    let begin = fields.next()?.parse().ok()?;
    let end = fields.next()?.split('.').next()?.parse().ok()?;
    (!domain.is_empty()).then_some(Named { domain, begin, end })
}

/// Tells where the innermost name that is one of the standard differs from what the report says. The report counts.
pub(super) fn compare(path: &str, container_path: &str, head: &Head) -> Option<Diagnostic> {
    let named =
        [container_path, path].into_iter().flat_map(|path| path.rsplit(['/', '\\'])).find_map(parse)?;
    let metadata = head.metadata.as_ref();
    let time = |of: Option<UnixTime>, named| of.map_or(named, |UnixTime(time)| time);
    let begin = time(metadata.and_then(|of| of.begin.as_ref()).and_then(|begin| begin.time), named.begin);
    let end = time(metadata.and_then(|of| of.end.as_ref()).and_then(|end| end.time), named.end);
    let domain = head.policy.as_ref().and_then(|policy| policy.domain.as_deref()).unwrap_or(named.domain);
    let plain = |name: &str| name.trim_end_matches('.').to_lowercase();
    if (plain(domain), begin, end) == (plain(named.domain), named.begin, named.end) {
        return None;
    }
    let name = |domain: &str, begin: i64, end: i64| quote(&format!("{domain}!{begin}!{end}"));
    let found = FILE_NAME.anywhere().arg("named", name(named.domain, named.begin, named.end));
    Some(found.arg("found", name(domain, begin, end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_standard_are_read() {
        let named = parse("receiver.example!example.com!1700006400!1700092799!id-1.xml.gz").unwrap();
        assert_eq!((named.domain, named.begin, named.end), ("example.com", 1_700_006_400, 1_700_092_799));
        assert_eq!(parse("a!b.example!1!2.xml").map(|named| named.end), Some(2));
        for other in
            ["", "report.xml", "a!b!c!d.xml", "a!b!1", "a!!1!2.xml", "a!b!99999999999999999999!1.xml"]
        {
            assert!(parse(other).is_none(), "{other}");
        }
    }
}
