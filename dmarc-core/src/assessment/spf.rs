//! The check of an SPF policy, as data.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::diagnostics::Catalog;
use crate::dns::Record;
use crate::evaluation::{Answer, Check, Cost, Inquiry, Question, RecordSet, Unknown};
use crate::name::{DomainName, NameError};
use crate::spf::analysis::rewrite::{self, Rewrite, Use};
use crate::spf::analysis::{Analysis, Conventions, Policies, view};
use crate::spf::{CheckHost, Evaluated};

/// What is asked about an SPF policy.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpfRequest {
    /// The domain.
    #[serde(deserialize_with = "super::request::chosen")]
    pub domain: DomainName,
    /// A record to take instead of what is published at the domain.
    #[serde(default)]
    pub record: Option<String>,
    /// What counts.
    #[serde(default)]
    pub conventions: Conventions,
    /// Addresses whose result is wanted.
    #[serde(default)]
    pub addresses: BTreeSet<IpAddr>,
    /// A policy to compare it with.
    #[serde(default)]
    pub compare: Option<Other>,
    /// Whether rewrites are wanted.
    #[serde(default)]
    pub rewrite: bool,
    /// How often mail needed each term of the record, by its text: for rewrites.
    #[serde(default)]
    pub usage: Option<Use>,
    /// A client and a sender whose result is wanted. If `record` is given and the sender is of the
    /// domain, that record is evaluated.
    #[serde(default)]
    pub check_host: Option<CheckHost>,
}

impl SpfRequest {
    /// What a domain publishes, by the default conventions, and nothing further.
    #[must_use]
    pub fn new(domain: DomainName) -> Self {
        Self {
            domain,
            record: None,
            conventions: Conventions::default(),
            addresses: BTreeSet::new(),
            compare: None,
            rewrite: false,
            usage: None,
            check_host: None,
        }
    }
}

/// The policy that another one is compared with. As JSON it is a text too, which [`Other::parse`]
/// reads.
#[derive(Clone, Debug, Deserialize)]
#[serde(from = "OtherDocument")]
pub enum Other {
    /// What a domain publishes.
    Domain(DomainName),
    /// A record at the same domain.
    Record(String),
}

impl Other {
    /// A record if the text begins as one, else a domain.
    ///
    /// # Errors
    /// [`NameError`] if it is neither.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if is_record_text(text) {
            return Ok(Self::Record(text.to_owned()));
        }
        DomainName::parse(text).map(Self::Domain)
    }
}

/// Whether a text begins with `v=spf1` in any case, and so is meant as a record and not as a name.
#[must_use]
pub fn is_record_text(text: impl AsRef<[u8]>) -> bool {
    const VERSION: &[u8] = b"v=spf1";
    text.as_ref().get(..VERSION.len()).is_some_and(|start| start.eq_ignore_ascii_case(VERSION))
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OtherDocument {
    Told(OtherTold),
    Text(OtherText),
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OtherTold {
    Domain(DomainName),
    Record(String),
}

#[derive(Deserialize)]
#[serde(try_from = "String")]
struct OtherText(Other);

impl TryFrom<String> for OtherText {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Other::parse(&text).map(Self)
    }
}

impl From<OtherDocument> for Other {
    fn from(document: OtherDocument) -> Self {
        match document {
            OtherDocument::Told(OtherTold::Domain(domain)) => Self::Domain(domain),
            OtherDocument::Told(OtherTold::Record(text)) => Self::Record(text),
            OtherDocument::Text(OtherText(other)) => other,
        }
    }
}

/// What was found out about an SPF policy.
#[derive(Clone, Debug, PartialEq)]
pub struct SpfReport {
    /// The policy.
    pub analysis: Analysis,
    /// The policy that it was compared with.
    pub other: Option<Analysis>,
    /// How it could be written instead, if that was asked.
    pub rewrites: Option<Vec<Rewrite>>,
    /// What the client gets, if that was asked.
    pub check_host: Option<(CheckHost, Evaluated)>,
    addresses: BTreeSet<IpAddr>,
    record: Option<String>,
}

impl Check for SpfRequest {
    type Report = SpfReport;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<SpfReport, Unknown> {
        let Fetched { policies, other, check_host } = self.fetch(inquiry)?;
        let analysis = Analysis::of(policies, &self.conventions);
        let other = other.map(|other| Analysis::of(other, &self.conventions));
        let rewrites = self.rewrite.then(|| rewrite::rewrites(&analysis, self.usage.as_ref()));
        let (addresses, record) = (self.addresses.clone(), self.record.clone());
        Ok(SpfReport { analysis, other, rewrites, check_host, addresses, record })
    }

    fn probe(&self, inquiry: &mut Inquiry<'_>) -> Result<(), Unknown> {
        self.fetch(inquiry).map(drop)
    }
}

/// All that the report is made of.
struct Fetched {
    policies: Policies,
    other: Option<Policies>,
    check_host: Option<(CheckHost, Evaluated)>,
}

impl SpfRequest {
    fn fetch(&self, inquiry: &mut Inquiry<'_>) -> Result<Fetched, Unknown> {
        let fetch = |domain: &DomainName, draft: Option<&str>, inquiry: &mut Inquiry<'_>| {
            Policies::fetch(domain, draft.map(str::as_bytes), &self.conventions, inquiry)
        };
        let other = |inquiry: &mut Inquiry<'_>| match &self.compare {
            Some(Other::Domain(domain)) => fetch(domain, None, inquiry).map(Some),
            Some(Other::Record(text)) => fetch(&self.domain, Some(text), inquiry).map(Some),
            None => Ok(None),
        };
        let ((policies, other), check_host) = inquiry.both(
            |inquiry| inquiry.both(|inquiry| fetch(&self.domain, self.record.as_deref(), inquiry), other),
            |inquiry| self.check_host.as_ref().map(|check| self.checked(check, inquiry)).transpose(),
        )?;
        Ok(Fetched { policies, other, check_host })
    }

    /// `check_host`, with the record that is to be taken instead of what is published.
    fn checked(
        &self,
        check: &CheckHost,
        inquiry: &mut Inquiry<'_>,
    ) -> Result<(CheckHost, Evaluated), Unknown> {
        let found = match &self.record {
            Some(text) => {
                let record = Record::Txt(vec![text.as_bytes().to_vec()]);
                let answer = Answer::Records(RecordSet { records: vec![record], ..RecordSet::default() });
                let question = Question::txt(self.domain.clone());
                inquiry.supposing(question, answer, |inquiry| check.run(inquiry))?
            }
            None => check.run(inquiry)?,
        };
        Ok((check.clone(), found))
    }
}

impl SpfReport {
    pub(super) fn view(&self, cost: Cost, catalog: &Catalog) -> Value {
        let mut shown = view::analysis(&self.analysis, catalog);
        let addresses = self.addresses.iter().map(|address| view::address(&self.analysis, *address));
        if let Some(record) = &self.record {
            shown["input"] = json!(record);
        }
        let further = json!({
            "domain": self.analysis.domain,
            "addresses": addresses.collect::<Vec<_>>(),
            "comparison": self.other.as_ref().map(|other| view::comparison(&self.analysis, other)),
            "rewrites": self.rewrites.as_ref().map(|rewrites| view::rewrites(&self.analysis, rewrites)),
            "check_host": self.check_host.as_ref().map(|(check, found)| view::check_host(check, found)),
            "questions": { "rounds": cost.rounds, "asked": cost.asked },
        });
        if let (Some(shown), Value::Object(further)) = (shown.as_object_mut(), further) {
            shown.extend(further);
        }
        shown
    }
}
