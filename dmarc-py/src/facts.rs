//! What is known before and while something is evaluated.

use std::sync::Mutex;

use dmarc_core::diagnostics::{Diagnostic as Found, View};
use dmarc_core::dns::{Snapshot, Zone};
use dmarc_core::evaluation::{Answer, AnswerDocument, Question};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::convert;
use crate::errors::{self, EvaluationError};
use crate::types::Diagnostic;

/// What is known: zone files, snapshots and single answers.
///
/// A test zone, a cache and a saved investigation are the same type. `look_up` serves as the
/// `resolve` of `run`.
#[pyclass(frozen, module = "dmarc_py")]
#[derive(Default)]
pub(crate) struct Facts {
    facts: Mutex<dmarc_core::evaluation::Facts>,
}

impl Facts {
    fn with<T>(&self, act: impl FnOnce(&mut dmarc_core::evaluation::Facts) -> T) -> T {
        // A panic while it was held, which no call here makes, leaves facts that are whole.
        let mut facts = self.facts.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        act(&mut facts)
    }

    /// A copy of what is known.
    pub(crate) fn known(&self) -> dmarc_core::evaluation::Facts {
        self.with(|facts| facts.clone())
    }
}

#[pymethods]
impl Facts {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Load a zone file; returns what is wrong with it.
    ///
    /// `origin` completes relative names. `limits` names those that are not the default. Nothing
    /// is opened: an $INCLUDE is a finding.
    #[pyo3(signature = (text, origin = None, *, limits = None, lang = "en"))]
    fn load_zone(
        &self,
        text: &Bound<'_, PyAny>,
        origin: Option<&str>,
        limits: Option<&Bound<'_, PyDict>>,
        lang: &str,
    ) -> PyResult<Vec<Diagnostic>> {
        let (zone, found) = read_zone(text, origin, &convert::limits(limits)?, lang)?;
        if let Some(zone) = zone {
            self.with(|facts| facts.add_zone(zone));
        }
        Ok(found)
    }

    /// Load a snapshot, as dict or JSON text; returns what is wrong with it.
    #[pyo3(signature = (snapshot, *, lang = "en"))]
    fn load_snapshot(&self, snapshot: &Bound<'_, PyAny>, lang: &str) -> PyResult<Vec<Diagnostic>> {
        let snapshot = read_snapshot(snapshot)?;
        let found = self.with(|facts| facts.add_snapshot(snapshot));
        diagnostics(&found, b"", lang)
    }

    /// Take an answer to a question; the last one counts.
    fn answer(&self, question: &Bound<'_, PyDict>, answer: &Bound<'_, PyAny>) -> PyResult<()> {
        let question = read_question(question)?;
        let answer = read_answer(&question, answer)?;
        self.with(|facts| facts.insert(question, answer));
        Ok(())
    }

    /// Take an answer to a question as a DNS message.
    fn answer_message(&self, question: &Bound<'_, PyDict>, message: &Bound<'_, PyAny>) -> PyResult<()> {
        let question = read_question(question)?;
        let answer = read_message(&question, message)?;
        self.with(|facts| facts.insert(question, answer));
        Ok(())
    }

    /// The answer to a question as an answer document; None if nothing is known.
    fn look_up<'py>(&self, question: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = question.py();
        let question = read_question(question)?;
        let answer = self.with(|facts| facts.look_up(&question));
        let document = answer.as_ref().map(AnswerDocument::from);
        document.map(|document| convert::to_python(py, &document)).transpose()
    }
}

/// A zone file and what is wrong with it.
pub(crate) fn read_zone(
    text: &Bound<'_, PyAny>,
    origin: Option<&str>,
    limits: &Limits,
    lang: &str,
) -> PyResult<(Option<Zone>, Vec<Diagnostic>)> {
    let origin =
        origin.map(DomainName::parse).transpose().map_err(|error| errors::argument("origin", &error))?;
    let octets = convert::octets(text)?;
    let parsed = text.py().detach(|| Zone::parse(&octets, origin.as_ref(), limits));
    Ok((parsed.value, diagnostics(&parsed.diagnostics, &octets, lang)?))
}

/// A snapshot given as dict or JSON text.
pub(crate) fn read_snapshot(snapshot: &Bound<'_, PyAny>) -> PyResult<Snapshot> {
    let json = convert::json_text(snapshot)?;
    Snapshot::from_json(json, &Limits::default())
        .map_err(|error| errors::coded::<EvaluationError>("invalid-snapshot", &error))
}

/// A question given as dict.
pub(crate) fn read_question(question: &Bound<'_, PyDict>) -> PyResult<Question> {
    serde_json::from_value(convert::to_json(question)?)
        .map_err(|error| errors::coded::<EvaluationError>("invalid-question", &error))
}

/// An answer given as document.
pub(crate) fn read_answer(question: &Question, answer: &Bound<'_, PyAny>) -> PyResult<Answer> {
    let document: AnswerDocument = serde_json::from_value(convert::to_json(answer)?)
        .map_err(|error| errors::coded::<EvaluationError>("invalid-answer", &error))?;
    document.into_answer(question).map_err(|error| errors::coded::<EvaluationError>("invalid-answer", &error))
}

/// An answer given as DNS message.
pub(crate) fn read_message(question: &Question, message: &Bound<'_, PyAny>) -> PyResult<Answer> {
    let octets = convert::bytes(message)?.ok_or_else(|| errors::wrong_type("bytes", message))?;
    Answer::from_message(question, &octets)
        .map_err(|error| errors::coded::<EvaluationError>("invalid-message", &error))
}

/// A question as a DNS message, to be sent to a resolver over UDP, TCP or HTTPS.
///
/// `id` is the number that the response will carry; RFC 8484 asks for 0 over HTTPS.
#[pyfunction]
#[pyo3(signature = (question, *, id = 0))]
pub(crate) fn question_message<'py>(question: &Bound<'py, PyDict>, id: u16) -> PyResult<Bound<'py, PyBytes>> {
    let message = read_question(question)?.to_message(id);
    let message = message.map_err(|error| errors::coded::<EvaluationError>("invalid-question", &error))?;
    Ok(PyBytes::new(question.py(), &message))
}

/// Findings as objects, with spans in characters of `text`.
pub(crate) fn diagnostics(found: &[Found], text: &[u8], lang: &str) -> PyResult<Vec<Diagnostic>> {
    let catalog = convert::catalog(lang)?;
    let views: Vec<View> = found.iter().map(|found| View::new(found, catalog, text)).collect();
    let mut view = convert::view(&views)?;
    convert::spans_to_characters(&mut view, text);
    let views = match view {
        serde_json::Value::Array(views) => views,
        _ => Vec::new(),
    };
    Ok(views.into_iter().map(Diagnostic::new).collect())
}
