//! Building a record from its parts: what comes out is valid, and does what it reads.

use super::grammar;
use super::lint::LOOKUP_TERMS;
use super::record::Record;
use super::terms::{Mechanism, Modifier, Qualifier, TermKind};
use crate::diagnostics::Severity;
use crate::syntax::strings;

/// Builds a [`Record`] term by term.
///
/// ```
/// use dmarc_core::spf::{Qualifier, RecordBuilder};
///
/// let built = RecordBuilder::new()
///     .term("mx")
///     .term("ip4:192.0.2.0/24")
///     .term("include:_spf.example.com")
///     .all(Qualifier::Softfail)
///     .build()?;
/// assert_eq!(built.text(), "v=spf1 mx ip4:192.0.2.0/24 include:_spf.example.com ~all");
/// assert_eq!(built.strings().len(), 1);
/// # Ok::<(), dmarc_core::spf::BuildError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct RecordBuilder {
    terms: Vec<String>,
    all: Option<Qualifier>,
    redirect: Option<String>,
    explanation: Option<String>,
}

/// Why a record cannot be built.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A text that is no directive or unknown modifier; `all`, `redirect` and `exp` have calls of
    /// their own.
    #[error("`{term}` is no term of an SPF record")]
    InvalidTerm {
        /// The text.
        term: String,
    },
    /// Neither `all` nor `redirect`: the record would say nothing about anyone who is not listed.
    #[error("the record ends in neither `all` nor `redirect`")]
    NoEnd,
    /// Both `all` and `redirect`: the latter would never be followed.
    #[error("`redirect` has no effect beside `all`")]
    TwoEnds,
    /// More terms that query DNS than a receiver evaluates.
    #[error("{count} terms query DNS; receivers stop at {}", LOOKUP_TERMS)]
    TooManyLookups {
        /// How many there are.
        count: usize,
    },
    /// The record would not do what it reads.
    #[error("the record would have the finding {code}")]
    Rejected {
        /// Code of the first finding of level error or warning.
        code: &'static str,
    },
}

impl BuildError {
    /// The code of the rule that the record would break.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidTerm { .. } => "spf/invalid-term",
            Self::NoEnd => "spf/no-all",
            Self::TwoEnds => "spf/redirect-beside-all",
            Self::TooManyLookups { .. } => "spf/too-many-lookups",
            Self::Rejected { code } => code,
        }
    }
}

/// A record that [`RecordBuilder`] built.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Built {
    record: Record,
    text: String,
}

impl Built {
    /// The record.
    #[must_use]
    pub const fn record(&self) -> &Record {
        &self.record
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its character-strings of at most 255 octets, for a zone file (RFC 7208, 3.3).
    #[must_use]
    pub fn strings(&self) -> Vec<&str> {
        // The text is ASCII, so that no cut divides a character.
        strings::split(self.text.as_bytes())
            .into_iter()
            .filter_map(|part| std::str::from_utf8(part).ok())
            .collect()
    }
}

impl RecordBuilder {
    /// A record without terms.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a directive or an unknown modifier, such as `ip4:192.0.2.0/24` or `-exists:x.example.com`.
    #[must_use]
    pub fn term(mut self, text: impl Into<String>) -> Self {
        self.terms.push(text.into());
        self
    }

    /// What everyone gets who is not listed.
    #[must_use]
    pub const fn all(mut self, result: Qualifier) -> Self {
        self.all = Some(result);
        self
    }

    /// The domain whose record decides about everyone who is not listed.
    #[must_use]
    pub fn redirect(mut self, domain: impl Into<String>) -> Self {
        self.redirect = Some(domain.into());
        self
    }

    /// The domain whose TXT record explains a `fail`.
    #[must_use]
    pub fn explanation(mut self, domain: impl Into<String>) -> Self {
        self.explanation = Some(domain.into());
        self
    }

    /// The record.
    ///
    /// # Errors
    /// [`BuildError`] if it would be invalid, or would not do what it reads.
    pub fn build(&self) -> Result<Built, BuildError> {
        let mut text = "v=spf1".to_owned();
        for term in &self.terms {
            match grammar::term(term.as_bytes()) {
                Some(TermKind::Directive(found)) if found.mechanism != Mechanism::All => {}
                Some(TermKind::Modifier(Modifier::Unknown { .. })) => {}
                _ => return Err(BuildError::InvalidTerm { term: term.clone() }),
            }
            text.push_str(&format!(" {term}"));
        }
        match (self.all, &self.redirect) {
            (None, None) => return Err(BuildError::NoEnd),
            (Some(_), Some(_)) => return Err(BuildError::TwoEnds),
            (Some(result), None) => text.push_str(&format!(" {}all", result.sign())),
            (None, Some(domain)) => push_modifier(&mut text, "redirect", domain)?,
        }
        if let Some(domain) = &self.explanation {
            push_modifier(&mut text, "exp", domain)?;
        }
        let parsed = Record::parse(&text);
        if let Some(count) =
            parsed.value.as_ref().map(Record::lookup_terms).filter(|count| *count > LOOKUP_TERMS)
        {
            return Err(BuildError::TooManyLookups { count });
        }
        // `+all` and `?all` were asked for by name: they are weak, not wrong.
        let asked_for =
            |code: &str| matches!(code, "spf/pass-all" | "spf/neutral-all" | "spf/ptr" | "spf/p-macro");
        let wrong = parsed
            .diagnostics
            .iter()
            .find(|found| found.severity > Severity::Notice && !asked_for(found.rule.code));
        match (wrong, parsed.value) {
            (None, Some(record)) => Ok(Built { record, text }),
            (found, _) => {
                Err(BuildError::Rejected { code: found.map_or("spf/not-a-record", |found| found.rule.code) })
            }
        }
    }
}

fn push_modifier(text: &mut String, name: &str, domain: &str) -> Result<(), BuildError> {
    let term = format!("{name}={domain}");
    if grammar::term(term.as_bytes()).is_none() {
        return Err(BuildError::InvalidTerm { term });
    }
    text.push(' ');
    text.push_str(&term);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_records_that_do_what_they_read_are_built() {
        let code = |builder: RecordBuilder| builder.build().err().map(|error| error.code());
        let new = RecordBuilder::new;
        assert_eq!(code(new()), Some("spf/no-all"));
        assert_eq!(
            code(new().all(Qualifier::Fail).redirect("x.example.com")),
            Some("spf/redirect-beside-all")
        );
        assert_eq!(code(new().term("all").all(Qualifier::Fail)), Some("spf/invalid-term"));
        assert_eq!(code(new().term("a -all")), Some("spf/invalid-term"));
        assert_eq!(code(new().redirect("localhost")), Some("spf/invalid-term"));
        assert_eq!(code(new().term("a").term("a").all(Qualifier::Fail)), Some("spf/duplicate-term"));
        let many = (0..11).fold(new(), |builder, number| builder.term(format!("a:h{number}.example.com")));
        assert_eq!(code(many.all(Qualifier::Fail)), Some("spf/too-many-lookups"));
        assert_eq!(code(new().all(Qualifier::Neutral)), None);
    }

    #[test]
    fn long_records_are_split() {
        let many = (0..40)
            .fold(RecordBuilder::new(), |builder, number| builder.term(format!("ip4:192.0.2.{number}")));
        let built = many.all(Qualifier::Fail).build().unwrap();
        assert_eq!(built.strings().concat(), built.text());
        assert!(built.strings().len() > 2 && built.strings().iter().all(|part| part.len() <= 255));
    }
}
