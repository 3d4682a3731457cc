//! `sts-policy-mx-value = ["*."] Domain` (RFC 8461, 3.2; RFC 5321, 4.1.2).

use crate::name::{DomainName, MAX_LABEL, MAX_NAME};

/// Which mail hosts one `mx` field names.
#[derive(Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub struct Pattern {
    /// As the file writes it.
    text: String,
    /// The name, or what follows `*.`.
    name: DomainName,
    wildcard: bool,
}

impl Pattern {
    /// Reads a pattern; `None` if it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (wildcard, bare) = match text.strip_prefix("*.") {
            Some(bare) => (true, bare),
            None => (false, text),
        };
        let name = is_domain(bare).then(|| DomainName::parse(bare).ok())??;
        Some(Self { text: text.to_owned(), name, wildcard })
    }

    /// As the file writes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names a host: `*` stands for one whole label (RFC 8461, 4.1).
    #[must_use]
    pub fn matches(&self, host: &DomainName) -> bool {
        if !self.wildcard {
            return *host == self.name;
        }
        !host.is_root() && host.parent().is_some_and(|parent| parent == self.name)
    }
}

/// `Domain = sub-domain *("." sub-domain)`, `sub-domain = Let-dig [Ldh-str]`.
pub(super) fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let octets = label.as_bytes();
        let inner = |octet: &u8| octet.is_ascii_alphanumeric() || *octet == b'-';
        (1..=MAX_LABEL).contains(&octets.len())
            && octets.iter().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= MAX_NAME && text.split('.').all(is_label)
}
