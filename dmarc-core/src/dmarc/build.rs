//! Building a record: only valid ones come out.

use crate::limits::Limits;
use crate::name::DomainName;
use crate::syntax::{strings, uri};

use super::value::{self, Alignment, FailureOption, Policy, PublicSuffixFlag};
use super::{Edition, Record, Verdict};

/// Why a record cannot be built.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A record of that edition has no such tag.
    #[error("{edition} has no tag `{tag}`")]
    NotInEdition {
        /// The tag.
        tag: &'static str,
        /// The edition.
        edition: Edition,
    },
    /// A reporting address is neither a mail address nor a URI.
    #[error("`{address}` is neither a mail address nor a URI")]
    Address {
        /// The address as given.
        address: String,
    },
    /// A value is outside what the tag takes.
    #[error("`{value}` is not a value of `{tag}`")]
    Value {
        /// The tag.
        tag: String,
        /// The value as given.
        value: String,
    },
    /// The record would not fit into a TXT record.
    #[error("the record would have {octets} octets; a TXT record holds {limit}")]
    TooLong {
        /// Its length.
        octets: usize,
        /// [`Limits::record_octets`].
        limit: usize,
    },
    /// No such tag.
    #[error("there is no tag `{tag}`")]
    UnknownTag {
        /// The tag as given.
        tag: String,
    },
}

impl BuildError {
    /// A code for programs, as rules have.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotInEdition { .. } => "build/not-in-edition",
            Self::Address { .. } => "build/address",
            Self::Value { .. } => "build/value",
            Self::TooLong { .. } => "build/too-long",
            Self::UnknownTag { .. } => "build/unknown-tag",
        }
    }
}

/// Builds a policy record. What is left out is not written, and takes its default.
///
/// ```
/// use dmarc_core::dmarc::{Edition, Policy, RecordBuilder};
///
/// let record = RecordBuilder::new(Edition::Rfc9989, Policy::Reject).rua("dmarc@example.com").build()?;
/// assert_eq!(record.text(), "v=DMARC1; p=reject; rua=mailto:dmarc@example.com");
/// # Ok::<(), dmarc_core::dmarc::BuildError>(())
/// ```
#[derive(Clone, Debug)]
pub struct RecordBuilder {
    edition: Edition,
    policy: Policy,
    subdomains: Option<Policy>,
    nonexistent: Option<Policy>,
    adkim: Option<Alignment>,
    aspf: Option<Alignment>,
    failure_options: Vec<FailureOption>,
    psd: Option<PublicSuffixFlag>,
    test_mode: Option<bool>,
    percentage: Option<u8>,
    interval: Option<u32>,
    rua: Vec<String>,
    ruf: Vec<String>,
}

impl RecordBuilder {
    /// A record of that edition, with its policy.
    #[must_use]
    pub const fn new(edition: Edition, policy: Policy) -> Self {
        Self {
            edition,
            policy,
            subdomains: None,
            nonexistent: None,
            adkim: None,
            aspf: None,
            failure_options: Vec::new(),
            psd: None,
            test_mode: None,
            percentage: None,
            interval: None,
            rua: Vec::new(),
            ruf: Vec::new(),
        }
    }

    /// `sp`: policy for subdomains.
    #[must_use]
    pub const fn subdomain_policy(mut self, policy: Policy) -> Self {
        self.subdomains = Some(policy);
        self
    }

    /// `np`: policy for subdomains that do not exist (RFC 9989).
    #[must_use]
    pub const fn nonexistent_policy(mut self, policy: Policy) -> Self {
        self.nonexistent = Some(policy);
        self
    }

    /// `adkim`.
    #[must_use]
    pub const fn dkim_alignment(mut self, alignment: Alignment) -> Self {
        self.adkim = Some(alignment);
        self
    }

    /// `aspf`.
    #[must_use]
    pub const fn spf_alignment(mut self, alignment: Alignment) -> Self {
        self.aspf = Some(alignment);
        self
    }

    /// `fo`; replaces earlier options.
    #[must_use]
    pub fn failure_options(mut self, options: &[FailureOption]) -> Self {
        self.failure_options = options.to_vec();
        self
    }

    /// `psd` (RFC 9989).
    #[must_use]
    pub const fn psd(mut self, flag: PublicSuffixFlag) -> Self {
        self.psd = Some(flag);
        self
    }

    /// `t`: test mode (RFC 9989).
    #[must_use]
    pub const fn test_mode(mut self, on: bool) -> Self {
        self.test_mode = Some(on);
        self
    }

    /// `pct`: share of mail that the policy holds for, up to 100 (RFC 7489).
    #[must_use]
    pub const fn percentage(mut self, percentage: u8) -> Self {
        self.percentage = Some(percentage);
        self
    }

    /// `ri`: seconds between aggregate reports (RFC 7489).
    #[must_use]
    pub const fn interval(mut self, seconds: u32) -> Self {
        self.interval = Some(seconds);
        self
    }

    /// One more address for aggregate reports: a mail address or a whole URI.
    #[must_use]
    pub fn rua(mut self, address: impl Into<String>) -> Self {
        self.rua.push(address.into());
        self
    }

    /// One more address for failure reports: a mail address or a whole URI.
    #[must_use]
    pub fn ruf(mut self, address: impl Into<String>) -> Self {
        self.ruf.push(address.into());
        self
    }

    /// The builder for tags given by name, as the bindings pass them: `p`, `sp`, … as text or number, `rua` and `ruf` as text
    /// or list of texts, `fo` as text or list.
    ///
    /// # Errors
    /// [`BuildError`] for a tag or value that does not exist.
    pub fn from_tags<'a>(
        edition: Edition,
        tags: impl IntoIterator<Item = (&'a str, Vec<String>)>,
    ) -> Result<Self, BuildError> {
        let mut builder = Self::new(edition, Policy::None);
        for (name, values) in tags {
            let joined = values.join(":");
            let wrong = || BuildError::Value { tag: name.to_owned(), value: joined.clone() };
            let policy = || value::policy(&joined).ok_or_else(wrong);
            let alignment = || value::alignment(&joined).ok_or_else(wrong);
            match name {
                "p" => builder.policy = policy()?,
                "sp" => builder.subdomains = Some(policy()?),
                "np" => builder.nonexistent = Some(policy()?),
                "adkim" => builder.adkim = Some(alignment()?),
                "aspf" => builder.aspf = Some(alignment()?),
                "fo" => {
                    builder.failure_options = value::failure_options(&joined, edition).ok_or_else(wrong)?;
                }
                "psd" => builder.psd = Some(value::psd(&joined).ok_or_else(wrong)?),
                "t" => builder.test_mode = Some(value::test_mode(&joined).ok_or_else(wrong)?),
                "pct" => builder.percentage = Some(value::percentage(&joined).ok_or_else(wrong)?),
                "ri" => builder.interval = Some(value::interval(&joined).ok_or_else(wrong)?),
                "rua" => builder.rua = values,
                "ruf" => builder.ruf = values,
                _ => return Err(BuildError::UnknownTag { tag: name.to_owned() }),
            }
        }
        Ok(builder)
    }

    /// The record.
    ///
    /// # Errors
    /// [`BuildError`] where a tag is not of the edition, or a value or address is none.
    pub fn build(&self) -> Result<Built, BuildError> {
        let mut text = format!("v=DMARC1; p={}", self.policy.as_str());
        let mut tag = |name: &'static str, edition: Option<Edition>, value: String| {
            match edition {
                Some(edition) if edition != self.edition => {
                    return Err(BuildError::NotInEdition { tag: name, edition: self.edition });
                }
                _ => text.push_str(&format!("; {name}={value}")),
            }
            Ok(())
        };
        if let Some(policy) = self.subdomains {
            tag("sp", None, policy.as_str().to_owned())?;
        }
        if let Some(policy) = self.nonexistent {
            tag("np", Some(Edition::Rfc9989), policy.as_str().to_owned())?;
        }
        if let Some(flag) = self.psd {
            let letter = match flag {
                PublicSuffixFlag::Y => "y",
                PublicSuffixFlag::N => "n",
                PublicSuffixFlag::U => "u",
            };
            tag("psd", Some(Edition::Rfc9989), letter.to_owned())?;
        }
        if let Some(on) = self.test_mode {
            tag("t", Some(Edition::Rfc9989), if on { "y" } else { "n" }.to_owned())?;
        }
        if let Some(percentage) = self.percentage {
            if percentage > 100 {
                return Err(BuildError::Value { tag: "pct".to_owned(), value: percentage.to_string() });
            }
            tag("pct", Some(Edition::Rfc7489), percentage.to_string())?;
        }
        for (name, alignment) in [("adkim", self.adkim), ("aspf", self.aspf)] {
            if let Some(alignment) = alignment {
                tag(name, None, if alignment == Alignment::Strict { "s" } else { "r" }.to_owned())?;
            }
        }
        for (name, addresses) in [("rua", &self.rua), ("ruf", &self.ruf)] {
            let uris = addresses.iter().map(|address| report_uri(address)).collect::<Result<Vec<_>, _>>()?;
            if !uris.is_empty() {
                tag(name, None, uris.join(","))?;
            }
        }
        if !self.failure_options.is_empty() {
            let letters: Vec<&str> = self.failure_options.iter().map(|option| letter(*option)).collect();
            let value = letters.join(":");
            value::failure_options(&value, self.edition)
                .ok_or_else(|| BuildError::Value { tag: "fo".to_owned(), value: value.clone() })?;
            tag("fo", None, value)?;
        }
        if let Some(seconds) = self.interval {
            tag("ri", Some(Edition::Rfc7489), seconds.to_string())?;
        }
        let limit = Limits::default().record_octets;
        if text.len() > limit {
            return Err(BuildError::TooLong { octets: text.len(), limit });
        }
        debug_assert!(
            Record::parse(&text, self.edition)
                .into_result()
                .is_ok_and(|record| record.verdict() == Verdict::Usable)
        );
        Ok(Built { text })
    }
}

fn letter(option: FailureOption) -> &'static str {
    match option {
        FailureOption::All => "0",
        FailureOption::Any => "1",
        FailureOption::Dkim => "d",
        FailureOption::Spf => "s",
    }
}

/// An address as a list element: a mail address becomes a `mailto:` URI, and what cannot stand raw in
/// a list is percent-encoded (RFC 9989, 4.8: comma and exclamation mark; `;` ends the tag).
fn report_uri(address: &str) -> Result<String, BuildError> {
    let wrong = || BuildError::Address { address: address.to_owned() };
    let full = if uri::scheme_of(address).is_some() && !address.starts_with(|c: char| c.is_ascii_digit()) {
        address.to_owned()
    } else {
        let (local_part, domain) = address.rsplit_once('@').ok_or_else(wrong)?;
        let domain = DomainName::parse(domain).map_err(|_| wrong())?;
        format!("mailto:{}@{domain}", encode(local_part))
    };
    let escaped = full.replace(',', "%2C").replace('!', "%21").replace(';', "%3B");
    let mail = uri::scheme_of(&escaped).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto"));
    let fine = uri::is_uri(&escaped) && (!mail || uri::mailto(&escaped).is_ok());
    if fine { Ok(escaped) } else { Err(wrong()) }
}

/// Percent-encodes what cannot stand in the path of a URI.
fn encode(local_part: &str) -> String {
    let mut text = String::new();
    for octet in local_part.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~$'()*+=:&/".contains(&octet) {
            text.push(char::from(octet));
        } else {
            text.push_str(&format!("%{octet:02X}"));
        }
    }
    text
}

/// A record that was built.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Built {
    text: String,
}

impl Built {
    /// The record as one text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its character-strings for a zone file, quoted, with at most 255 octets each.
    #[must_use]
    pub fn strings(&self) -> String {
        strings::quote(&strings::split(self.text.as_bytes()))
    }

    /// The zone-file line that publishes it for a domain.
    ///
    /// # Errors
    /// [`crate::name::NameError`] if `_dmarc` in front makes the name too long.
    pub fn zone_line(&self, domain: &DomainName) -> Result<String, crate::name::NameError> {
        Ok(format!("{}. IN TXT {}", domain.prepend("_dmarc")?, self.strings()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_for_a_list() {
        let built = RecordBuilder::new(Edition::Rfc9989, Policy::None)
            .rua("a!b@example.com")
            .rua("mailto:c,d@example.net")
            .build()
            .unwrap();
        assert_eq!(built.text(), "v=DMARC1; p=none; rua=mailto:a%21b@example.com,mailto:c%2Cd@example.net");
        let wrong = RecordBuilder::new(Edition::Rfc9989, Policy::None).rua("nobody").build();
        assert_eq!(wrong.unwrap_err().code(), "build/address");
    }

    #[test]
    fn a_record_that_no_txt_record_holds_is_refused() {
        let addresses = (0..4_000).map(|number| format!("r{number}@example.com"));
        let builder = addresses.fold(RecordBuilder::new(Edition::Rfc9989, Policy::None), RecordBuilder::rua);
        assert_eq!(builder.build().unwrap_err().code(), "build/too-long");
    }

    #[test]
    fn tags_of_the_other_edition_are_refused() {
        let old = RecordBuilder::new(Edition::Rfc9989, Policy::Reject).percentage(5).build();
        assert_eq!(old.unwrap_err().code(), "build/not-in-edition");
    }
}
