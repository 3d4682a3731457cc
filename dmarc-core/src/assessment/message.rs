//! The check of one message: who its author is, which results are aligned, what the policy says.

use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

use crate::authres::{self, Evidence, MethodResult, Statement};
use crate::diagnostics::{Catalog, Diagnostic, View};
use crate::dmarc::{
    DmarcResult, Edition, Evaluate, Evaluated, Identifier, Judged, Override, Policy, SIGNATURES,
};
use crate::evaluation::{Check, Cost, Facts, Inquiry, Unknown};
use crate::inspect::{self, RecordView};
use crate::limits::Limits;
use crate::message::{self, AUTHORS, Authors, Field};
use crate::name::{AuthorDomain, DomainName};
use crate::time::UnixTime;

/// What is asked about a message.
///
/// Who the author is, is said by `author`, or by the `From` field of `message`; what SPF and DKIM found, by
/// `spf` and `dkim`, or by the `Authentication-Results` fields of `message` that can be believed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageRequest {
    /// The author domains: in JSON one name or a list.
    #[serde(default, deserialize_with = "names")]
    pub author: Vec<DomainName>,
    /// The message, or its header alone.
    #[serde(default)]
    pub message: Option<String>,
    /// The authserv-id of the receiver that is trusted; else the one of the topmost field is.
    #[serde(default)]
    pub authserv_id: Option<String>,
    /// What SPF said about MAIL FROM.
    #[serde(default)]
    pub spf: Option<Identifier>,
    /// What DKIM said about each signature.
    #[serde(default)]
    pub dkim: Option<Vec<Identifier>>,
    /// The edition that the receiver follows.
    #[serde(default = "super::request::newest")]
    pub edition: Edition,
    /// When the message is judged, in epoch seconds; without it nothing is said of signatures that expired.
    #[serde(default)]
    pub now: Option<UnixTime>,
    /// A random number for `pct` (RFC 7489, 6.6.4).
    #[serde(default)]
    pub random: Option<u32>,
    /// What the receiver does instead of what is requested.
    #[serde(default)]
    pub overrides: Vec<Override>,
    /// Whether a message of several author domains is evaluated for each of them. RFC 7489, 6.6.1 says so;
    /// RFC 9989, 5.3.1 ends there, and lets a receiver go on.
    #[serde(default)]
    pub each_author: Option<bool>,
}

impl MessageRequest {
    /// A message of one author.
    #[must_use]
    pub fn new(author: DomainName, edition: Edition) -> Self {
        Self { author: vec![author], edition, ..Self::empty(edition) }
    }

    const fn empty(edition: Edition) -> Self {
        Self {
            author: Vec::new(),
            message: None,
            authserv_id: None,
            spf: None,
            dkim: None,
            edition,
            now: None,
            random: None,
            overrides: Vec::new(),
            each_author: None,
        }
    }
}

fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<DomainName>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Given {
        One(String),
        Several(Vec<String>),
    }
    let texts = match Given::deserialize(deserializer)? {
        Given::One(text) => vec![text],
        Given::Several(texts) => texts,
    };
    texts.iter().map(|text| DomainName::parse(text).map_err(serde::de::Error::custom)).collect()
}

/// What was found out about a message.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageReport {
    /// The author domains.
    pub authors: Authors,
    /// What receivers say about the message; `None` if no message was given.
    pub evidence: Option<Evidence>,
    /// Values of its `DKIM-Signature` fields, unfolded.
    pub signatures: Vec<String>,
    /// When the message is judged.
    pub now: Option<UnixTime>,
    /// The edition that was followed.
    pub edition: Edition,
    /// The verdict; `None` where a fact is missing that cannot be looked up here.
    pub result: Option<DmarcResult>,
    /// The verdict for each author domain that was evaluated.
    pub evaluations: Vec<Evaluated>,
    /// The one that decides.
    pub decisive: Option<usize>,
    /// How it came to that, in order.
    pub steps: Vec<Diagnostic>,
}

impl MessageReport {
    /// The signatures of the message as records, compared with its author and judged at its time.
    #[must_use]
    pub fn signature_views(&self, catalog: &Catalog) -> Vec<RecordView> {
        // Of several authors none is the one to compare with.
        let author = match self.authors.domains.as_slice() {
            [author] => Some(author),
            _ => None,
        };
        let view = |text: &String| {
            let octets = text.trim_ascii().as_bytes();
            inspect::signature(octets, author, self.now, self.edition, catalog)
        };
        self.signatures.iter().map(view).collect()
    }

    /// The evaluation that decides.
    #[must_use]
    pub fn evaluated(&self) -> Option<&Evaluated> {
        self.evaluations.get(self.decisive?)
    }
}

impl MessageRequest {
    /// A message as it was received; its header is enough.
    #[must_use]
    pub fn received(message: impl Into<String>, edition: Edition) -> Self {
        Self { message: Some(message.into()), ..Self::empty(edition) }
    }

    fn authors(&self, header: Option<&[Field]>) -> Authors {
        match header {
            Some(fields) if self.author.is_empty() => {
                let values = fields.iter().filter(|field| field.is("From"));
                message::authors(values.map(|field| field.value.as_str()))
            }
            _ => Authors::given(&self.author),
        }
    }

    fn evaluate(&self, author: &DomainName, evidence: Option<&Evidence>) -> Evaluate {
        let dkim = self.dkim.as_ref().or(evidence.map(|evidence| &evidence.dkim));
        let spf = self.spf.as_ref().or(evidence.and_then(|evidence| evidence.spf.as_ref()));
        Evaluate {
            author: AuthorDomain::new(author.clone()),
            edition: self.edition,
            spf: spf.cloned(),
            dkim: dkim.cloned().unwrap_or_default(),
            random: self.random,
            overrides: self.overrides.clone(),
        }
    }

    /// The author domains that are evaluated.
    fn evaluated<'a>(&self, authors: &'a Authors) -> &'a [DomainName] {
        let each = self.each_author.unwrap_or(self.edition == Edition::Rfc7489);
        match authors.domains.as_slice() {
            _ if authors.problem.is_some() => &[],
            several @ [_, _, ..] if !each => several.get(..0).unwrap_or_default(),
            all => all.get(..AUTHORS.min(all.len())).unwrap_or_default(),
        }
    }
}

impl Check for MessageRequest {
    type Report = MessageReport;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<MessageReport, Unknown> {
        let header = self.message.as_ref().map(|text| message::fields(text.as_bytes()));
        let evidence = header.as_ref().map(|fields| Evidence::of(fields, self.authserv_id.as_deref()));
        let authors = self.authors(header.as_deref());
        let signatures = header.iter().flatten().filter(|field| field.is("DKIM-Signature"));
        let signatures = signatures.take(SIGNATURES).map(|field| field.value.clone()).collect();
        let domains = self.evaluated(&authors);
        let parts = domains.iter().map(|author| self.evaluate(author, evidence.as_ref()));
        let parts = parts.map(|check| move |inquiry: &mut Inquiry<'_>| check.run(inquiry));
        let evaluations = inquiry.all(parts.collect::<Vec<_>>())?;
        let (result, decisive) = together(&evaluations);
        let mut steps = authors.steps(domains.len());
        steps.extend(evaluations.iter().flat_map(Evaluated::steps));
        Ok(MessageReport {
            authors,
            evidence,
            signatures,
            now: self.now,
            edition: self.edition,
            result,
            evaluations,
            decisive,
            steps,
        })
    }

    fn finish(&self, mut report: MessageReport, facts: &Facts, limits: &Limits) -> MessageReport {
        let finished = report
            .evaluations
            .into_iter()
            .map(|evaluated| self.evaluate(evaluated.author.name(), None).finish(evaluated, facts, limits));
        report.evaluations = finished.collect();
        report
    }
}

/// The verdict on a message of all these author domains, and which of them decides: RFC 7489, 6.6.1 and
/// RFC 9989, 11.5 apply "the most strict policy selected among the checks that fail".
fn together(evaluations: &[Evaluated]) -> (Option<DmarcResult>, Option<usize>) {
    let strictest = (0..evaluations.len()).rev().max_by_key(|index| evaluations.get(*index).map(weight));
    match strictest {
        None => (Some(DmarcResult::None), None),
        Some(index) => (evaluations.get(index).and_then(|evaluated| evaluated.result), Some(index)),
    }
}

/// What counts for more. A failure that may pass could hide a `reject`, but nothing stricter; a pass for one
/// domain says nothing about the others.
fn weight(evaluated: &Evaluated) -> u8 {
    match evaluated.result {
        Some(DmarcResult::Fail) if evaluated.disposition.requested == Policy::Reject => 7,
        None => 6,
        Some(DmarcResult::Temperror) => 5,
        Some(DmarcResult::Fail) if evaluated.disposition.requested == Policy::Quarantine => 4,
        Some(DmarcResult::Fail) => 3,
        Some(DmarcResult::Permerror) => 2,
        Some(DmarcResult::None) => 1,
        Some(DmarcResult::Pass) => 0,
    }
}

impl MessageReport {
    /// `dmarc-check/message/1`.
    pub(super) fn view(&self, cost: Cost, catalog: &Catalog) -> Value {
        let one = self.evaluated();
        let policy = one.and_then(|one| one.policy.as_ref());
        let found = one.and_then(|one| one.discovered.found());
        let step = |step: &Diagnostic| {
            let view = View::new(step, catalog, b"");
            json!({
                "code": view.code,
                "severity": view.severity,
                "args": view.args,
                "message": view.message,
                "reference": view.reference,
            })
        };
        let mut queries = Vec::new();
        for name in self.evaluations.iter().flat_map(|evaluated| &evaluated.queries) {
            if !queries.contains(&name) {
                queries.push(name);
            }
        }
        let mut view = json!({
            "schema": "dmarc-check/message/1",
            "edition": self.edition,
            "result": self.result,
            "author_domain": self.author_domain(),
            "author_domains": self.authors.domains,
            "organizational_domain": one.and_then(|one| one.organizational_domain.as_ref()),
            "policy_domain": found.map(|found| &found.policy_domain),
            "policy_tag": policy.map(|policy| policy.tag.as_str()),
            "published_policy": policy.map(|policy| policy.published),
            "requested_policy": policy.map(|policy| policy.requested),
            "record": found.map(|found| crate::text::lossy(&found.text)),
            "existence": one.and_then(|one| one.discovered.existence),
            "spf_aligned": one.and_then(Evaluated::spf_aligned),
            "dkim_aligned": one.and_then(Evaluated::dkim_aligned),
            "spf": one.and_then(|one| one.spf.as_ref()).map(judged),
            "dkim": one.map(|one| one.dkim.iter().map(judged).collect::<Vec<_>>()).unwrap_or_default(),
            "disposition": one.map(|one| &one.disposition),
            "authentication_result": one.and_then(authres::of_dmarc),
            "queries": queries,
            "steps": self.steps.iter().map(step).collect::<Vec<_>>(),
            "questions": { "rounds": cost.rounds, "asked": cost.asked },
        });
        if let Some(evidence) = &self.evidence {
            view["authentication_results"] = authentication_results(evidence, catalog);
            view["signatures"] = json!(self.signature_views(catalog));
        }
        view
    }

    /// The author domain: the one that decides, or else the only one.
    fn author_domain(&self) -> Option<&DomainName> {
        match (self.evaluated(), self.authors.domains.as_slice()) {
            (Some(evaluated), _) => Some(evaluated.author.name()),
            (None, [only]) => Some(only),
            _ => None,
        }
    }
}

fn judged(judged: &Judged) -> Value {
    json!({
        "domain": judged.identifier.domain,
        "result": judged.identifier.result,
        "aligned": judged.aligned_pass(),
        "alignment": judged.aligned,
    })
}

fn authentication_results(evidence: &Evidence, catalog: &Catalog) -> Value {
    let checked = |method: &str| {
        let believed = evidence.statements.iter().filter(|statement| statement.is_trusted);
        let mut said = believed.flat_map(|statement| &statement.field.results);
        said.any(|found| found.method == method && found.result.is_some())
    };
    let statements =
        |list: &[Statement]| -> Value { list.iter().map(|each| statement(each, catalog)).collect() };
    json!({
        "authserv_id": evidence.authserv_id,
        "chosen": evidence.chosen,
        "checked": { "spf": checked("spf"), "dkim": checked("dkim"), "dmarc": checked("dmarc") },
        "dmarc": evidence.dmarc,
        "honored": evidence.dmarc.as_ref().and_then(authres::DmarcStatement::is_honored),
        "fields": statements(&evidence.statements),
        "arc": statements(&evidence.arc),
    })
}

fn statement(statement: &Statement, catalog: &Catalog) -> Value {
    let field = &statement.field;
    let views =
        statement.diagnostics.iter().map(|found| View::new(found, catalog, statement.text.as_bytes()));
    json!({
        "text": statement.text,
        "authserv_id": field.authserv_id,
        "version": field.version,
        "instance": field.instance,
        "trusted": statement.is_trusted,
        "nothing_checked": field.nothing_checked,
        "results": field.results.iter().map(method_result).collect::<Vec<_>>(),
        "diagnostics": views.map(|view| json!(view)).collect::<Vec<_>>(),
    })
}

fn method_result(found: &MethodResult) -> Value {
    let property = |property: &authres::Property| json!({ "ptype": property.ptype, "name": property.name, "value": property.value });
    json!({
        "method": found.method,
        "version": found.version,
        "word": found.word,
        "result": found.result,
        "reasons": found.reasons,
        "properties": found.properties.iter().map(property).collect::<Vec<_>>(),
        "comments": found.comments,
    })
}
