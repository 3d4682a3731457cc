//! What a trace is known by, and how names belong together.

use std::net::IpAddr;

/// What became of one check.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Check {
    Pass,
    Fail,
    /// It could not be made; the next try may be another.
    Temporary,
    Unknown,
}

impl Check {
    fn of(sign: char) -> Self {
        match sign {
            '+' => Self::Pass,
            '-' => Self::Fail,
            '~' => Self::Temporary,
            _ => Self::Unknown,
        }
    }
}

/// One signature.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Signed<'a> {
    pub(super) domain: &'a str,
    /// The selector without what rotates.
    pub(super) family: &'a str,
    pub(super) result: Check,
}

/// The key of a trace, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Key<'a> {
    pub(super) network: Option<IpAddr>,
    pub(super) author: &'a str,
    /// The domain that SPF was checked for, and the result.
    pub(super) envelope: Option<&'a str>,
    pub(super) spf: Check,
    pub(super) dkim_verdict: Check,
    pub(super) spf_verdict: Check,
    /// Whether DKIM passes and aligns, and SPF, worked out anew.
    pub(super) dkim_aligned: Check,
    pub(super) spf_aligned: Check,
    pub(super) signatures: Vec<Signed<'a>>,
}

impl<'a> Key<'a> {
    /// Reads a key as [`describe`](super::trace::describe) writes it; `None` if it is none.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (network, author) = (parts.next()?, parts.next()?);
        let (envelope, spf) = signed(parts.next()?)?;
        let mut verdicts = parts.next()?.chars().map(Check::of);
        let (dkim_verdict, spf_verdict) = (verdicts.next()?, verdicts.next()?);
        let (dkim_aligned, spf_aligned) = (verdicts.next()?, verdicts.next()?);
        let signature = |part: &'a str| {
            let (text, result) = signed(part)?;
            let (domain, family) = text.rsplit_once('/')?;
            Some(Signed { domain, family, result })
        };
        Some(Self {
            network: network.parse().ok().map(super::trace::network),
            author,
            envelope: Some(envelope).filter(|name| *name != "-"),
            spf,
            dkim_verdict,
            spf_verdict,
            dkim_aligned,
            spf_aligned,
            signatures: parts.map(signature).collect::<Option<_>>()?,
        })
    }
}

fn signed(text: &str) -> Option<(&str, Check)> {
    let sign = text.chars().next_back()?;
    Some((text.strip_suffix(sign)?, Check::of(sign)))
}

/// The family of a selector that is absent, or of digits alone.
pub(super) const NO_SELECTOR: &str = "*";

/// A selector without digits and what separates them, so that keys of a rotation count as one.
pub(super) fn family(into: &mut String, selector: &str) {
    let before = into.len();
    let letters = selector.chars().filter(|c| c.is_ascii_alphabetic() || *c == '.').take(63);
    into.extend(letters.map(|c| c.to_ascii_lowercase()));
    if into.len() == before {
        into.push_str(NO_SELECTOR);
    }
}

/// The same as a text of its own.
pub(crate) fn family_of(selector: &str) -> String {
    let mut text = String::new();
    family(&mut text, selector);
    text
}

/// Whether one name is the other or stands below it.
pub(super) fn within(name: &str, other: &str) -> bool {
    name == other
        || (name.len() > other.len() + 1
            && name.ends_with(other)
            && name.as_bytes().get(name.len() - other.len() - 1) == Some(&b'.'))
}

/// Whether a name belongs to the author's organization, as far as names tell.
///
/// Both stand at or below the domain where the policy was found, or one stands below the other. A name of one
/// label is nobody's.
pub(super) fn related(name: &str, author: &str, organization: &str) -> bool {
    if !name.contains('.') {
        return false;
    }
    (within(name, organization) && within(author, organization))
        || within(author, name)
        || within(name, author)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rotates_is_no_part_of_a_family() {
        let of = |selector| {
            let mut text = String::new();
            family(&mut text, selector);
            text
        };
        assert_eq!([of("s1"), of("s2"), of("S-10")], ["s", "s", "s"]);
        assert_eq!([of("20230601"), of("")], ["*", "*"]);
        assert_eq!(of("selector1-tenant"), "selectortenant");
    }

    #[test]
    fn a_name_is_related_below_the_policy_domain() {
        assert!(related("mail.example.com", "news.example.com", "example.com"));
        assert!(related("example.com", "news.example.com", "news.example.com"));
        assert!(!related("badexample.com", "example.com", "example.com"));
        assert!(!related("com", "example.com", "example.com"));
    }
}
