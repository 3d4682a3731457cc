//! Facts written as a snapshot that gives the same answers when it is read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{Answer, AnswerDocument, Facts, Question};
use crate::dns::Snapshot;
use crate::dns::snapshot::{HttpsEntry, HttpsResponse, NameEntry, SuffixEntry, TypeEntry};

impl Facts {
    /// What is known about these questions, as a snapshot.
    ///
    /// Facts read from it give the same answers to them, and know nothing else: it is `exact` and
    /// not `complete`. A question that nobody answered is left out.
    ///
    /// ```
    /// use dmarc_core::evaluation::{Answer, Facts, Question};
    ///
    /// let question = Question::txt("_dmarc.example.com".parse()?);
    /// let mut facts = Facts::new();
    /// facts.insert(question.clone(), Answer::Failure { reason: "SERVFAIL".into() });
    /// let json = serde_json::to_string(&facts.to_snapshot([&question]))?;
    /// assert_eq!(json, r#"{"complete":false,"exact":true,"names":{"_dmarc.example.com":{"TXT":"SERVFAIL"}}}"#);
    ///
    /// let again = Facts::from_snapshot(serde_json::from_str::<dmarc_core::dns::Snapshot>(&json)?);
    /// assert_eq!(again.look_up(&question), facts.look_up(&question));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_snapshot<'a>(&self, questions: impl IntoIterator<Item = &'a Question>) -> Snapshot {
        let mut snapshot = Snapshot { exact: true, ..Snapshot::default() };
        for question in questions {
            let Some(answer) = self.look_up(question) else { continue };
            match question {
                Question::Dns { name, record_type } => {
                    let entry = snapshot
                        .names
                        .entry(name.to_string())
                        .or_insert_with(|| NameEntry::Types(Default::default()));
                    if let NameEntry::Types(types) = entry {
                        types.insert(record_type.to_string(), type_entry(answer));
                    }
                }
                Question::Https { url } => {
                    snapshot.https.insert(url.clone(), https_entry(answer));
                }
                Question::PublicSuffix { name } => {
                    snapshot.public_suffix_of.insert(name.to_string(), suffix_entry(&answer));
                }
            }
        }
        snapshot
    }
}

fn type_entry(answer: Answer) -> TypeEntry {
    match answer {
        Answer::NoData => TypeEntry::Data(Vec::new()),
        Answer::NxDomain => TypeEntry::NxDomain,
        Answer::Failure { reason } => TypeEntry::failure(reason),
        Answer::Records(_) => {
            // The type is the key, and data says that these are records.
            let document =
                AnswerDocument { status: None, record_type: None, ..AnswerDocument::from(&answer) };
            let bare = AnswerDocument { data: document.data.clone(), ..AnswerDocument::default() };
            match (document == bare, document.data) {
                (true, Some(data)) => TypeEntry::Data(data),
                (_, data) => TypeEntry::Document(AnswerDocument { data, ..document }),
            }
        }
        other => TypeEntry::Document(AnswerDocument::from(&other)),
    }
}

fn https_entry(answer: Answer) -> HttpsEntry {
    match answer {
        Answer::Failure { reason } => HttpsEntry::Failure(reason),
        Answer::Https { status, content_type, body } => {
            let (body, body_base64) = match String::from_utf8(body) {
                Ok(text) => (Some(text), None),
                Err(error) => (None, Some(BASE64.encode(error.as_bytes()))),
            };
            HttpsEntry::Response(HttpsResponse { status, content_type, body, body_base64 })
        }
        other => HttpsEntry::Document(AnswerDocument::from(&other)),
    }
}

fn suffix_entry(answer: &Answer) -> SuffixEntry {
    match answer {
        Answer::PublicSuffix(suffix) => SuffixEntry::Suffix(suffix.to_string()),
        other => SuffixEntry::Document(AnswerDocument::from(other)),
    }
}
