//! A snapshot made ready for look-ups: names folded, values read, once.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::mnemonics::{self, Mnemonic};
use super::presentation;
use super::public_suffix::SuffixRules;
use super::quoting;
use super::records::{Record, RecordType};
use super::rules::{INVALID_DATA, INVALID_NAME, INVALID_SUFFIX_RULE, REPEATED_NAME, UNKNOWN_TYPE};
use super::snapshot::{HttpsEntry, NameEntry, Snapshot, SuffixEntry, TypeEntry};
use super::source::{Alias, Reply, failure};
use super::tree::{Key, Tree};
use crate::diagnostics::{self, Diagnostic, Subject};
use crate::evaluation::{Answer, AnswerDocument, AnswerError, Question, RecordSet, document_body};
use crate::name::DomainName;

/// Reason of the failure that stands for a value that was not understood.
const UNREADABLE: &str = "UNREADABLE";

/// A snapshot ready for look-ups.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    complete: bool,
    exact: bool,
    nodes: BTreeMap<DomainName, Node>,
    /// The same names, to tell what lies below one that is not among them.
    names: Tree<()>,
    https: BTreeMap<String, Answer>,
    suffix_rules: Option<SuffixRules>,
    suffix_of: BTreeMap<DomainName, Answer>,
}

/// What is known of a name.
#[derive(Clone, Debug, Default)]
struct Node {
    /// The answer to every type.
    whole: Option<Answer>,
    types: BTreeMap<RecordType, Answer>,
    /// Whether any type is listed, also one that is never asked for.
    has_types: bool,
}

impl Table {
    /// Reads a snapshot's names, values and rules.
    pub(crate) fn build(snapshot: &Snapshot) -> (Self, Vec<Diagnostic>) {
        let mut table = Self { complete: snapshot.complete, exact: snapshot.exact, ..Self::default() };
        let mut found = Vec::new();
        for (text, entry) in &snapshot.names {
            match DomainName::parse_with_spaces(text) {
                Ok(name) => table.add_name(text, &name, entry, &mut found),
                Err(error) => found.push(invalid_name(text, &error)),
            }
        }
        for (url, entry) in &snapshot.https {
            let answer = https_answer(url, entry).unwrap_or_else(|error| {
                let subject = Subject { name: Some(url.clone()), ..Subject::default() };
                found.push(invalid_data("HTTPS", url, &error).about(subject));
                failure(UNREADABLE)
            });
            table.https.insert(url.clone(), answer);
        }
        if let Some(lines) = &snapshot.public_suffix {
            let mut rules = SuffixRules::default();
            for (index, line) in lines.iter().enumerate() {
                if !rules.add(line) {
                    let subject = Subject { index: Some(index), ..Subject::default() };
                    found.push(
                        INVALID_SUFFIX_RULE
                            .anywhere()
                            .arg("value", quoting::shown(line.as_bytes()))
                            .about(subject),
                    );
                }
            }
            table.suffix_rules = Some(rules);
        }
        for (text, entry) in &snapshot.public_suffix_of {
            match DomainName::parse(text) {
                Ok(name) => {
                    let answer = suffix_answer(&name, entry).unwrap_or_else(|error| {
                        found.push(invalid_data("public suffix", text, &error));
                        failure(UNREADABLE)
                    });
                    table.suffix_of.insert(name, answer);
                }
                Err(error) => found.push(invalid_name(text, &error)),
            }
        }
        diagnostics::sort(&mut found);
        (table, found)
    }

    fn add_name(&mut self, text: &str, name: &DomainName, entry: &NameEntry, found: &mut Vec<Diagnostic>) {
        self.names.entry(&Key::of(name));
        let node = self.nodes.entry(name.clone()).or_default();
        if node.whole.is_some() || node.has_types {
            let subject = Subject { name: Some(name.to_string()), ..Subject::default() };
            found.push(
                REPEATED_NAME
                    .anywhere()
                    .arg("value", quoting::shown(text.as_bytes()))
                    .arg("name", name.to_string())
                    .about(subject),
            );
        }
        let types = match entry {
            NameEntry::Types(types) => types,
            NameEntry::NxDomain => return node.whole = Some(Answer::NxDomain),
            NameEntry::Failure(reason) => return node.whole = Some(failure(reason)),
        };
        for (mnemonic, entry) in types {
            node.has_types = true;
            let record_type = match mnemonics::read(mnemonic) {
                Some(Mnemonic::Known(record_type)) => record_type,
                Some(Mnemonic::Dname | Mnemonic::Other | Mnemonic::BesideAlias) => continue,
                None => {
                    let subject = Subject {
                        name: Some(name.to_string()),
                        record_type: Some(mnemonic.clone()),
                        index: None,
                    };
                    found.push(
                        UNKNOWN_TYPE
                            .anywhere()
                            .arg("value", quoting::shown(mnemonic.as_bytes()))
                            .about(subject),
                    );
                    continue;
                }
            };
            let question = Question::dns(name.clone(), record_type);
            let answer =
                type_answer(&question, record_type, entry).unwrap_or_else(|(index, value, error)| {
                    let subject = Subject {
                        name: Some(name.to_string()),
                        record_type: Some(record_type.to_string()),
                        index,
                    };
                    found.push(invalid_data(record_type.as_str(), &value, &error).about(subject));
                    failure(UNREADABLE)
                });
            node.types.insert(record_type, answer);
        }
    }

    /// What the snapshot says to a question; `None` if it does not know.
    pub(crate) fn reply(&self, question: &Question) -> Option<Reply<'_>> {
        match question {
            Question::Dns { name, record_type } => self.dns(name, *record_type),
            Question::Https { url } => self.https.get(url).map(Cow::Borrowed).map(Reply::Answer),
            Question::PublicSuffix { name } => {
                if let Some(answer) = self.suffix_of.get(name) {
                    return Some(Reply::Answer(Cow::Borrowed(answer)));
                }
                Some(Reply::made(Answer::PublicSuffix(self.suffix_rules.as_ref()?.suffix_of(name))))
            }
        }
    }

    fn dns(&self, name: &DomainName, record_type: RecordType) -> Option<Reply<'_>> {
        let Some(node) = self.nodes.get(name) else {
            let key = Key::of(name);
            return match (self.names.has_below(key.as_str()), self.exact, self.complete) {
                (true, false, _) => Some(Reply::made(Answer::NoData)),
                (true, true, _) | (false, _, false) => None,
                (false, _, true) => Some(Reply::made(Answer::NxDomain)),
            };
        };
        if let Some(answer) = node.types.get(&record_type).or(node.whole.as_ref()) {
            return Some(Reply::Answer(Cow::Borrowed(answer)));
        }
        match node.types.get(&RecordType::Cname) {
            Some(Answer::Records(set)) => {
                if let Some(Record::Cname(target)) = set.records.first() {
                    let (ttl, authentic) = (set.ttl, set.authentic);
                    return Some(Reply::Alias(Alias { target: target.clone(), ttl, authentic }));
                }
            }
            // Whether the name is an alias could not be told, so neither can its other types.
            Some(answer @ Answer::Failure { .. }) => return Some(Reply::Answer(Cow::Borrowed(answer))),
            _ => {}
        }
        if self.exact && node.has_types {
            return None;
        }
        Some(Reply::made(Answer::NoData))
    }
}

type Fault = (Option<usize>, String, AnswerError);

fn type_answer(question: &Question, record_type: RecordType, entry: &TypeEntry) -> Result<Answer, Fault> {
    match entry {
        TypeEntry::NxDomain => Ok(Answer::NxDomain),
        TypeEntry::Failure(reason) => Ok(failure(reason)),
        TypeEntry::Data(data) if data.is_empty() => Ok(Answer::NoData),
        TypeEntry::Data(data) => {
            let mut records = Vec::with_capacity(data.len());
            for (index, value) in data.iter().enumerate() {
                records.push(Record::from_presentation(record_type, value).map_err(|error| {
                    (Some(index), value.clone(), AnswerError::Data { index, record_type, error })
                })?);
            }
            Ok(Answer::Records(RecordSet { records, ..RecordSet::default() }))
        }
        TypeEntry::Document(document) => document.clone().into_answer(question).map_err(|error| {
            let index = if let AnswerError::Data { index, .. } = error { Some(index) } else { None };
            let value = index
                .and_then(|index| document.data.as_ref()?.get(index).cloned())
                .unwrap_or_else(|| shown(document));
            (index, value, error)
        }),
    }
}

fn https_answer(url: &str, entry: &HttpsEntry) -> Result<Answer, AnswerError> {
    match entry {
        HttpsEntry::Failure(reason) => Ok(failure(reason)),
        HttpsEntry::Response(response) => Ok(Answer::Https {
            status: response.status,
            content_type: response.content_type.clone(),
            body: document_body(response.body.clone(), response.body_base64.as_deref())?,
        }),
        HttpsEntry::Document(document) => {
            document.clone().into_answer(&Question::Https { url: url.to_owned() })
        }
    }
}

fn suffix_answer(name: &DomainName, entry: &SuffixEntry) -> Result<Answer, AnswerError> {
    let document = match entry {
        SuffixEntry::Suffix(suffix) => AnswerDocument {
            suffix: Some(suffix.clone()),
            ..AnswerDocument::plain(crate::evaluation::AnswerStatus::PublicSuffix)
        },
        SuffixEntry::Document(document) => document.clone(),
    };
    document.into_answer(&Question::PublicSuffix { name: name.clone() })
}

/// A document for a message.
fn shown(document: &AnswerDocument) -> String {
    serde_json::to_string(document).unwrap_or_default()
}

fn invalid_name(text: &str, error: &crate::name::NameError) -> Diagnostic {
    INVALID_NAME.anywhere().arg("value", quoting::shown(text.as_bytes())).arg("reason", error.to_string())
}

fn invalid_data(record_type: &str, value: &str, error: &AnswerError) -> Diagnostic {
    let reason = match error {
        AnswerError::Data { error, .. } => error.to_string(),
        error => error.to_string(),
    };
    let found = INVALID_DATA
        .anywhere()
        .arg("record_type", record_type)
        .arg("value", quoting::shown(value.as_bytes()));
    found.arg("reason", reason).arg("expected", presentation::example(record_type))
}
