//! A rehearsal as data: what Python and JavaScript pass.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::what_if::what_if;
use super::{Change, Rehearsal, Signs, rehearse};
use crate::assessment::ReportState;
use crate::assessment::records::{NotAZone, Records};
use crate::dmarc::{BuildError, Edition};
use crate::dns::SuffixRules;
use crate::evaluation::Facts;
use crate::name::DomainName;
use crate::streams::{Maps, Thresholds};

/// Why nothing can be rehearsed.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RehearsalError {
    /// The sums of reports hold no rows: they have to be asked for when reports are read.
    #[error("the sums of reports hold no rows: they have to be asked for when reports are read")]
    NoRows,
    /// Neither or both of the records as they would be, and tags to set.
    #[error("either the records as they would be are needed, or tags to set and their domain")]
    NoChange,
    /// A text that is no zone file.
    #[error("zone file {index} cannot be read: {code}")]
    Zone {
        /// Which one, from 0.
        index: usize,
        /// Code of what was found in it first.
        code: &'static str,
    },
    /// The facts do not tell what stands at a name.
    #[error("what stands at `{name}` is not known")]
    NotKnown {
        /// The name.
        name: DomainName,
    },
    /// There is no record to change, and none to publish without `p`.
    #[error("there is no DMARC record at `{name}`; a new one needs `p`")]
    NoRecord {
        /// The name.
        name: DomainName,
    },
    /// There are several records, of which none counts.
    #[error("there are several DMARC records at `{name}`")]
    SeveralRecords {
        /// The name.
        name: DomainName,
    },
    /// A tag or value that does not exist.
    #[error(transparent)]
    Tag(#[from] BuildError),
    /// A line that is no rule of the public suffix list.
    #[error("`{line}` is no rule of the public suffix list")]
    Suffix {
        /// The line.
        line: String,
    },
}

impl RehearsalError {
    /// A code for programs, as rules have.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoRows => "rehearsal/no-rows",
            Self::NoChange => "rehearsal/no-change",
            Self::Zone { .. } => "rehearsal/zone",
            Self::NotKnown { .. } => "rehearsal/not-known",
            Self::NoRecord { .. } => "rehearsal/no-record",
            Self::SeveralRecords { .. } => "rehearsal/several-records",
            Self::Tag(error) => error.code(),
            Self::Suffix { .. } => "rehearsal/suffix",
        }
    }
}

impl From<NotAZone> for RehearsalError {
    fn from(why: NotAZone) -> Self {
        Self::Zone { index: why.index, code: why.code }
    }
}

/// What is to be rehearsed, but for the records.
///
/// ```
/// use dmarc_core::assessment::rehearsal::{Rehearse, RehearsalError};
///
/// let wanted: Rehearse = serde_json::from_str(
///     r#"{ "domain": "example.com", "set": { "p": "reject" }, "from": { "snapshot": { "names": {} } }, "reports": {} }"#,
/// )?;
/// assert_eq!(wanted.run(), Err(RehearsalError::NoRows));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rehearse {
    /// What reports say, with rows.
    pub reports: ReportState,
    /// The records as they are.
    #[serde(default)]
    pub from: Records,
    /// The records as they would be.
    #[serde(default)]
    pub to: Option<Records>,
    /// The domain whose DMARC record has the tags of `set`.
    #[serde(default)]
    pub domain: Option<DomainName>,
    /// Instead of `to`: tags of that record with other values, texts or numbers; null takes a tag away.
    #[serde(default, deserialize_with = "tags")]
    pub set: BTreeMap<String, Option<String>>,
    /// Who signs from now on.
    #[serde(default)]
    pub signs: Vec<Signs>,
    /// The editions that receivers are taken to follow; both, if none is named.
    #[serde(default)]
    pub editions: Vec<Edition>,
    /// Lines of the public suffix list, for RFC 7489.
    #[serde(default)]
    pub public_suffix: Vec<String>,
    /// What the caller knows of senders.
    #[serde(default)]
    pub maps: Maps,
    /// The numbers that classes rest on, each where it is not the default.
    #[serde(default)]
    pub thresholds: Thresholds,
}

/// Values of tags as callers write them.
fn tags<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Option<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Value {
        Text(String),
        Number(u64),
    }
    let tags = BTreeMap::<String, Option<Value>>::deserialize(deserializer)?;
    let text = |value| match value {
        Value::Text(text) => text,
        Value::Number(number) => number.to_string(),
    };
    Ok(tags.into_iter().map(|(tag, value)| (tag, value.map(text))).collect())
}

impl Rehearse {
    /// Replays the rows through the change.
    ///
    /// # Errors
    /// [`RehearsalError`]: what is missing, or cannot be used.
    pub fn run(&self) -> Result<Rehearsal, RehearsalError> {
        self.run_over(None, None)
    }

    /// The same over facts that the caller has, in place of the records.
    ///
    /// # Errors
    /// As for [`run`](Self::run).
    pub fn run_over(&self, from: Option<Facts>, to: Option<Facts>) -> Result<Rehearsal, RehearsalError> {
        let rows = self.reports.rows.as_ref().ok_or(RehearsalError::NoRows)?;
        let mut suffixes = SuffixRules::default();
        if let Some(line) = self.public_suffix.iter().find(|line| !suffixes.add(line)) {
            return Err(RehearsalError::Suffix { line: line.clone() });
        }
        let from = match from {
            Some(facts) => facts,
            None => self.from.facts()?,
        };
        let to = match (to, &self.to) {
            (None, Some(records)) => Some(records.facts()?),
            (to, _) => to,
        };
        let (to, record) = match (to, &self.domain) {
            (Some(to), _) if self.set.is_empty() => (to, None),
            (None, Some(domain)) if !self.set.is_empty() => {
                let (to, record) = what_if(&from, domain, &self.set)?;
                (to, Some(record))
            }
            _ => return Err(RehearsalError::NoChange),
        };
        let public_suffix =
            |name: &DomainName| (!self.public_suffix.is_empty()).then(|| suffixes.suffix_of(name));
        let change = Change { from: &from, to: &to, signs: &self.signs, public_suffix: &public_suffix };
        let both = [Edition::Rfc9989, Edition::Rfc7489];
        let editions = if self.editions.is_empty() { &both[..] } else { &self.editions };
        let judged = self.reports.judged_with(&self.thresholds, &self.maps);
        let rehearsal = rehearse(rows, &change, &judged, editions);
        Ok(Rehearsal { record, ..rehearsal })
    }
}
