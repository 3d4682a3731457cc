//! Questions put to zone files or a snapshot: the view that the command line, Python and
//! JavaScript share.

use serde::{Deserialize, Serialize};

use super::{RecordType, Snapshot, Zone};
use crate::diagnostics::{Catalog, View};
use crate::evaluation::{AnswerDocument, Facts, Question};
use crate::limits::Limits;
use crate::name::DomainName;

/// Zone files or a snapshot, and the questions to put to them.
///
/// ```
/// use dmarc_core::diagnostics::{Catalog, Language};
/// use dmarc_core::dns::LookUps;
///
/// let look_ups: LookUps = serde_json::from_str(r#"{
///     "zone_file": "$ORIGIN example.com.\n@ 60 SOA ns hostmaster 1 1d 2h 4w 5m\n* A 192.0.2.1\n",
///     "ask": [{"name": "www.example.com", "type": "A"}, {"name": "example.org", "type": "A"}]
/// }"#)?;
/// let view = look_ups.view(&Catalog::embedded(Language::En));
/// assert_eq!(view.answers[0].as_ref().unwrap().data.as_ref().unwrap(), &["192.0.2.1"]);
/// assert!(view.answers[1].is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct LookUps {
    /// A zone file.
    pub zone_file: Option<String>,
    /// Further zone files.
    pub zone_files: Vec<String>,
    /// What completes relative names of the zone files.
    pub origin: Option<DomainName>,
    /// A snapshot.
    pub snapshot: Option<Snapshot>,
    /// Lower limits for the zone files.
    pub limits: ZoneLimits,
    /// The questions.
    pub ask: Vec<Asked>,
}

/// The [`Limits`] of a zone file, each where it is not the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ZoneLimits {
    /// [`Limits::zone_octets`].
    pub zone_octets: Option<usize>,
    /// [`Limits::zone_records`].
    pub zone_records: Option<usize>,
    /// [`Limits::findings`].
    pub findings: Option<usize>,
}

impl ZoneLimits {
    fn limits(self) -> Limits {
        let mut limits = Limits::default();
        limits.zone_octets = self.zone_octets.unwrap_or(limits.zone_octets);
        limits.zone_records = self.zone_records.unwrap_or(limits.zone_records);
        limits.findings = self.findings.unwrap_or(limits.findings);
        limits
    }
}

/// A question as it is written: `{"name", "type"}`, `{"public_suffix"}` or `{"url"}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Asked {
    /// Records of a type at a name.
    Dns {
        /// Name.
        name: DomainName,
        /// Record type.
        #[serde(rename = "type")]
        record_type: RecordType,
    },
    /// The public suffix of a name.
    PublicSuffix {
        /// Name.
        public_suffix: DomainName,
    },
    /// A document on the web.
    Https {
        /// Its address.
        url: String,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookUpsView {
    /// The answers, in the order of the questions; null where nothing is known.
    pub answers: Vec<Option<AnswerDocument>>,
    /// What is wrong with the zone files and the snapshot.
    pub diagnostics: Vec<View>,
}

impl LookUps {
    /// Loads what is given and answers the questions.
    #[must_use]
    pub fn view(&self, catalog: &Catalog) -> LookUpsView {
        let limits = self.limits.limits();
        let mut facts = Facts::new();
        let mut diagnostics = Vec::new();
        for text in self.zone_file.iter().chain(&self.zone_files) {
            let parsed = Zone::parse(text, self.origin.as_ref(), &limits);
            diagnostics
                .extend(parsed.diagnostics.iter().map(|found| View::new(found, catalog, text.as_bytes())));
            if let Some(zone) = parsed.value {
                facts.add_zone(zone);
            }
        }
        if let Some(snapshot) = &self.snapshot {
            let found = facts.add_snapshot(snapshot);
            diagnostics.extend(found.iter().map(|found| View::new(found, catalog, b"")));
        }
        let answers = self
            .ask
            .iter()
            .map(|asked| facts.look_up(&asked.question()).as_ref().map(AnswerDocument::from))
            .collect();
        LookUpsView { answers, diagnostics }
    }
}

impl Asked {
    /// The question that is meant.
    #[must_use]
    pub fn question(&self) -> Question {
        match self {
            Self::Dns { name, record_type } => Question::dns(name.clone(), *record_type),
            Self::PublicSuffix { public_suffix } => Question::PublicSuffix { name: public_suffix.clone() },
            Self::Https { url } => Question::Https { url: url.clone() },
        }
    }
}
