//! Answers as JSON: one shape for snapshots, Python and JavaScript.
//!
//! ```
//! use dmarc_core::evaluation::{Answer, AnswerDocument, Question};
//!
//! let question = Question::txt("_dmarc.example.com".parse()?);
//! let document: AnswerDocument = serde_json::from_str(
//!     r#"{"status": "records", "data": ["v=DMARC1; p=none"], "ttl": 300, "ad": true}"#,
//! )?;
//! let answer = document.into_answer(&question)?;
//! assert!(matches!(&answer, Answer::Records(set) if set.ttl == Some(300)));
//! assert_eq!(AnswerDocument::from(&answer).data.unwrap(), ["v=DMARC1; p=none"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Answer, Question, RecordSet};
use crate::dns::{PresentationError, Record, RecordType};
use crate::name::{DomainName, NameError};

/// What kind of answer a document is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum AnswerStatus {
    /// Records: `data`, and perhaps `ttl`, `ad` and `aliases`.
    Records,
    /// [`Answer::NoData`].
    NoData,
    /// [`Answer::NxDomain`].
    #[serde(rename = "nxdomain")]
    NxDomain,
    /// [`Answer::Failure`]: `reason`.
    Failure,
    /// [`Answer::NotPossible`].
    NotPossible,
    /// [`Answer::NotAnswered`].
    NotAnswered,
    /// [`Answer::PublicSuffix`]: `suffix`.
    PublicSuffix,
    /// [`Answer::Https`]: `status_code`, `content_type`, and `body` or `body_base64`.
    Https,
}

impl AnswerStatus {
    /// As it is written in a document.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::NoData => "no-data",
            Self::NxDomain => "nxdomain",
            Self::Failure => "failure",
            Self::NotPossible => "not-possible",
            Self::NotAnswered => "not-answered",
            Self::PublicSuffix => "public-suffix",
            Self::Https => "https",
        }
    }
}

/// An answer as it is written in JSON.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswerDocument {
    /// What kind of answer it is. Without it, `data` decides: records, or none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<AnswerStatus>,
    /// Type of the records; without it, the type that was asked for.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub record_type: Option<RecordType>,
    /// Record data in text form, as [`Record::to_presentation`] writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Vec<String>>,
    /// Seconds that the answer may be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u32>,
    /// Whether the resolver validated the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ad: Option<bool>,
    /// Targets of the CNAME records that were followed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The public suffix.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
    /// HTTP status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// Value of `Content-Type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Body, if it is UTF-8.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Body in base64, if it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_base64: Option<String>,
}

/// A document that is no answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Neither a status nor data.
    #[error("an answer needs `status` or `data`")]
    NoStatus,
    /// A field that the status needs.
    #[error("an answer with status `{status}` needs `{field}`")]
    MissingField {
        /// The status.
        status: &'static str,
        /// The field.
        field: &'static str,
    },
    /// Records without a type, and no question that gives it.
    #[error("the answer does not say which type its records have")]
    NoType,
    /// Records of another type than was asked for.
    #[error("{asked} records were asked for, and the answer holds {found} records")]
    OtherType {
        /// The type of the question.
        asked: RecordType,
        /// The type of the answer.
        found: RecordType,
    },
    /// An answer that cannot answer this kind of question.
    #[error("an answer with status `{status}` does not fit the question")]
    OtherKind {
        /// The status.
        status: &'static str,
    },
    /// A value that is not data of the record type.
    #[error("value {index} is not {record_type} data: {error}")]
    Data {
        /// Which value, from 0.
        index: usize,
        /// The record type.
        record_type: RecordType,
        /// Why not.
        error: PresentationError,
    },
    /// An alias or a suffix that is not a name.
    #[error("`{field}` is not a domain name: {error}")]
    Name {
        /// `aliases` or `suffix`.
        field: &'static str,
        /// Why not.
        error: NameError,
    },
    /// A suffix that the name does not end with.
    #[error("`{suffix}` is not a suffix of `{name}`")]
    Suffix {
        /// The name asked for.
        name: String,
        /// The answer.
        suffix: String,
    },
    /// A body that is not base64.
    #[error("`body_base64` is not base64")]
    Base64,
}

impl AnswerDocument {
    /// A document that says no more than its status.
    #[must_use]
    pub fn plain(status: AnswerStatus) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// [`AnswerError`] if the document is not an answer, or not to that question.
    pub fn into_answer(self, question: &Question) -> Result<Answer, AnswerError> {
        let asked = match question {
            Question::Dns { record_type, .. } => Some(*record_type),
            Question::Https { .. } | Question::PublicSuffix { .. } => None,
        };
        let answer = self.answer_of(asked)?;
        match (question, &answer) {
            (Question::Dns { record_type, .. }, Answer::Records(set)) => {
                match set.records.iter().map(Record::record_type).find(|found| found != record_type) {
                    Some(found) => Err(AnswerError::OtherType { asked: *record_type, found }),
                    None => Ok(answer),
                }
            }
            (Question::PublicSuffix { name }, Answer::PublicSuffix(suffix)) if !name.is_within(suffix) => {
                Err(AnswerError::Suffix { name: name.to_string(), suffix: suffix.to_string() })
            }
            _ if fits(question, &answer) => Ok(answer),
            _ => Err(AnswerError::OtherKind { status: status_of(&answer).as_str() }),
        }
    }

    fn answer_of(self, asked: Option<RecordType>) -> Result<Answer, AnswerError> {
        let status = match (self.status, &self.data) {
            (Some(status), _) => status,
            (None, Some(data)) if data.is_empty() => AnswerStatus::NoData,
            (None, Some(_)) => AnswerStatus::Records,
            (None, None) => return Err(AnswerError::NoStatus),
        };
        let missing = |field| AnswerError::MissingField { status: status.as_str(), field };
        Ok(match status {
            AnswerStatus::NoData => Answer::NoData,
            AnswerStatus::NxDomain => Answer::NxDomain,
            AnswerStatus::NotPossible => Answer::NotPossible,
            AnswerStatus::NotAnswered => Answer::NotAnswered,
            AnswerStatus::Failure => {
                Answer::Failure { reason: self.reason.ok_or_else(|| missing("reason"))? }
            }
            AnswerStatus::PublicSuffix => {
                Answer::PublicSuffix(name("suffix", &self.suffix.ok_or_else(|| missing("suffix"))?)?)
            }
            AnswerStatus::Https => Answer::Https {
                status: self.status_code.ok_or_else(|| missing("status_code"))?,
                content_type: self.content_type,
                body: body(self.body, self.body_base64.as_deref())?,
            },
            AnswerStatus::Records => {
                let data = self.data.filter(|data| !data.is_empty()).ok_or_else(|| missing("data"))?;
                let record_type = self.record_type.or(asked).ok_or(AnswerError::NoType)?;
                Answer::Records(RecordSet {
                    records: read_all(record_type, &data)?,
                    aliases: self
                        .aliases
                        .iter()
                        .map(|alias| name("aliases", alias))
                        .collect::<Result<_, _>>()?,
                    ttl: self.ttl,
                    authentic: self.ad,
                })
            }
        })
    }
}

impl From<&Answer> for AnswerDocument {
    fn from(answer: &Answer) -> Self {
        let plain = Self::plain(status_of(answer));
        match answer {
            Answer::Records(set) => Self {
                record_type: set.records.first().map(Record::record_type),
                data: Some(set.records.iter().map(Record::to_presentation).collect()),
                ttl: set.ttl,
                ad: set.authentic,
                aliases: set.aliases.iter().map(ToString::to_string).collect(),
                ..plain
            },
            Answer::Failure { reason } => Self { reason: Some(reason.clone()), ..plain },
            Answer::PublicSuffix(suffix) => Self { suffix: Some(suffix.to_string()), ..plain },
            Answer::Https { status, content_type, body } => {
                let text = std::str::from_utf8(body).ok().map(str::to_owned);
                Self {
                    status_code: Some(*status),
                    content_type: content_type.clone(),
                    body_base64: text.is_none().then(|| BASE64.encode(body)),
                    body: text,
                    ..plain
                }
            }
            Answer::NoData | Answer::NxDomain | Answer::NotPossible | Answer::NotAnswered => plain,
        }
    }
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        AnswerDocument::from(self).serialize(serializer)
    }
}

/// Records need their `type` here; [`AnswerDocument::into_answer`] takes it from the question.
impl<'de> Deserialize<'de> for Answer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        AnswerDocument::deserialize(deserializer)?.answer_of(None).map_err(serde::de::Error::custom)
    }
}

/// Whether an answer can be one to a question. Records must be of its type, and there must be some.
pub(super) fn fits(question: &Question, answer: &Answer) -> bool {
    match (question, answer) {
        (_, Answer::Failure { .. } | Answer::NotPossible | Answer::NotAnswered) => true,
        (Question::Dns { .. }, Answer::NoData | Answer::NxDomain) => true,
        (Question::Dns { record_type, .. }, Answer::Records(set)) => {
            !set.records.is_empty() && set.records.iter().all(|record| record.record_type() == *record_type)
        }
        (Question::Https { .. }, Answer::Https { .. }) => true,
        (Question::PublicSuffix { name }, Answer::PublicSuffix(suffix)) => name.is_within(suffix),
        _ => false,
    }
}

fn status_of(answer: &Answer) -> AnswerStatus {
    match answer {
        Answer::Records(_) => AnswerStatus::Records,
        Answer::NoData => AnswerStatus::NoData,
        Answer::NxDomain => AnswerStatus::NxDomain,
        Answer::Failure { .. } => AnswerStatus::Failure,
        Answer::NotPossible => AnswerStatus::NotPossible,
        Answer::NotAnswered => AnswerStatus::NotAnswered,
        Answer::PublicSuffix(_) => AnswerStatus::PublicSuffix,
        Answer::Https { .. } => AnswerStatus::Https,
    }
}

fn read_all(record_type: RecordType, data: &[String]) -> Result<Vec<Record>, AnswerError> {
    data.iter()
        .enumerate()
        .map(|(index, text)| {
            Record::from_presentation(record_type, text).map_err(|error| AnswerError::Data {
                index,
                record_type,
                error,
            })
        })
        .collect()
}

fn name(field: &'static str, text: &str) -> Result<DomainName, AnswerError> {
    DomainName::parse(text).map_err(|error| AnswerError::Name { field, error })
}

pub(crate) fn body(text: Option<String>, base64: Option<&str>) -> Result<Vec<u8>, AnswerError> {
    match (text, base64) {
        (Some(text), _) => Ok(text.into_bytes()),
        (None, Some(base64)) => BASE64.decode(base64).map_err(|_| AnswerError::Base64),
        (None, None) => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question() -> Question {
        Question::dns(DomainName::parse("example.com").unwrap(), RecordType::Mx)
    }

    fn answer(json: &str, question: &Question) -> Result<Answer, AnswerError> {
        serde_json::from_str::<AnswerDocument>(json).expect(json).into_answer(question)
    }

    #[test]
    fn every_answer_survives_its_document() {
        let answers = [
            r#"{"status":"records","type":"MX","data":["10 mx.test."],"ttl":5,"ad":false,"aliases":["a.test"]}"#,
            r#"{"status":"no-data"}"#,
            r#"{"status":"nxdomain"}"#,
            r#"{"status":"failure","reason":"SERVFAIL"}"#,
            r#"{"status":"not-possible"}"#,
            r#"{"status":"not-answered"}"#,
            r#"{"status":"public-suffix","suffix":"co.uk"}"#,
            r#"{"status":"https","status_code":200,"content_type":"text/plain","body":"x"}"#,
            r#"{"status":"https","status_code":404,"body_base64":"/w=="}"#,
        ];
        for text in answers {
            let answer: Answer = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&answer).expect(text), text);
        }
    }

    #[test]
    fn a_document_that_is_no_answer_says_why() {
        use AnswerError as E;
        let missing = |status, field| E::MissingField { status, field };
        for (json, error) in [
            ("{}", E::NoStatus),
            (r#"{"status":"failure"}"#, missing("failure", "reason")),
            (r#"{"status":"records","data":[]}"#, missing("records", "data")),
            (
                r#"{"data":["192.0.2.1"],"type":"A"}"#,
                E::OtherType { asked: RecordType::Mx, found: RecordType::A },
            ),
            (r#"{"status":"https","status_code":200}"#, E::OtherKind { status: "https" }),
        ] {
            assert_eq!(answer(json, &question()), Err(error), "{json}");
        }
        assert!(matches!(
            answer(r#"{"data":["10 a.test.", "mx"]}"#, &question()),
            Err(E::Data { index: 1, record_type: RecordType::Mx, .. })
        ));
        let suffix = Question::PublicSuffix { name: DomainName::parse("example.com").unwrap() };
        assert!(matches!(
            answer(r#"{"status":"public-suffix","suffix":"org"}"#, &suffix),
            Err(E::Suffix { .. })
        ));
        assert!(serde_json::from_str::<AnswerDocument>(r#"{"tll": 3}"#).is_err());
    }

    #[test]
    fn data_alone_is_enough() {
        assert!(matches!(answer(r#"{"data":["10 a.test."]}"#, &question()), Ok(Answer::Records(_))));
        assert_eq!(answer(r#"{"data":[]}"#, &question()), Ok(Answer::NoData));
    }
}
