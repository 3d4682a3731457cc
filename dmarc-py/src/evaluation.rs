//! A check that asks for what it needs to know.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dmarc_core::assessment::{Outcome, Request, SpfTree};
use dmarc_core::diagnostics::Catalog;
use dmarc_core::evaluation::{self, Check, Inquiry, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::spf::Record;
use dmarc_core::spf::analysis::{Policies, PolicyNode};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde_json::{Value, json};

use crate::convert;
use crate::errors::{self, EvaluationError};
use crate::facts::{self, Facts};
use crate::types::Diagnostic;

/// A check with the facts it has so far.
///
/// `check` is a dict: {"check": "domain", "domain": "example.com", "now": 1767225600},
/// {"check": "discovery", "author": "mail.example.com"}, both with "edition" if it is not
/// "rfc9989", {"check": "spf", "domain": "example.com"}, which spf_analysis runs, {"check": "spf_tree",
/// "domain": "example.com"}, which spf_tree runs, or
/// {"check": "dkim", "domain": "example.com", "selectors": ["mail"]}, {"check": "check_host", "ip": "192.0.2.1",
/// "mail_from": "info@example.com"}, which check_host runs, or {"check": "message", "author": "example.com"}, which
/// check_message runs. A check of a domain takes "reports", which Batch.state gives, "messages", texts whose DKIM
/// keys are looked up, and "context", what only the operator knows: {"sends": True, "receives": True}. `facts` is
/// what is known already. Call step, answer what it asks, and call it again until it returns None; then `report`
/// has the result. `run` does all that.
#[pyclass(frozen, module = "dmarc_py")]
pub(crate) struct Evaluation {
    state: Mutex<State>,
    catalog: &'static Catalog,
}

struct State {
    evaluation: evaluation::Evaluation<Request>,
    report: Option<Arc<Report>>,
}

/// What the check found, with spans in characters.
#[derive(Serialize)]
#[serde(untagged)]
enum Report {
    View(Value),
    /// It goes to Python as it is.
    SpfTree(Box<SpfTree>),
}

impl Evaluation {
    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that runs while it is held leaves it half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Evaluation {
    #[new]
    #[pyo3(signature = (check, *, facts = None, limits = None, lang = "en"))]
    fn new(
        check: &Bound<'_, PyDict>,
        facts: Option<&Facts>,
        limits: Option<&Bound<'_, PyDict>>,
        lang: &str,
    ) -> PyResult<Self> {
        let request: Request = serde_json::from_value(convert::to_json(check)?)
            .map_err(|error| errors::coded::<EvaluationError>("invalid-check", &error))?;
        let facts = facts.map(Facts::known).unwrap_or_default();
        let evaluation = evaluation::Evaluation::with_facts(request, facts, convert::limits(limits)?);
        Ok(Self { state: Mutex::new(State { evaluation, report: None }), catalog: convert::catalog(lang)? })
    }

    /// Run as far as the facts reach. Returns the questions of the next round, or None at the end.
    ///
    /// The questions are independent of each other. With `needed_only`, those are left out that
    /// will only probably be needed.
    #[pyo3(signature = (*, needed_only = false))]
    fn step<'py>(&self, py: Python<'py>, needed_only: bool) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
        let step = py.detach(|| self.state().evaluation.step());
        match step {
            Step::Ask(questions) => {
                let useful = if needed_only { Vec::new() } else { questions.useful };
                let asked = questions.needed.iter().chain(&useful);
                asked.map(|question| convert::to_python(py, question)).collect::<PyResult<_>>().map(Some)
            }
            Step::Done(outcome) => {
                self.state().report = Some(Arc::new(report(outcome, self.catalog)));
                Ok(None)
            }
        }
    }

    /// Take an answer to a question, as answer document such as
    /// {"status": "records", "data": ["v=DMARC1; p=none"]} or {"status": "nxdomain"}.
    fn answer(&self, question: &Bound<'_, PyDict>, answer: &Bound<'_, PyAny>) -> PyResult<()> {
        let question = facts::read_question(question)?;
        let answer = facts::read_answer(&question, answer)?;
        self.state().evaluation.answer(question, answer);
        Ok(())
    }

    /// Take an answer to a question as a DNS message, such as DNS over HTTPS gives.
    fn answer_message(&self, question: &Bound<'_, PyDict>, message: &Bound<'_, PyAny>) -> PyResult<()> {
        let question = facts::read_question(question)?;
        let answer = facts::read_message(&question, message)?;
        self.state().evaluation.answer(question, answer);
        Ok(())
    }

    /// Load a zone file, whose names are then not asked for; returns what is wrong with it.
    #[pyo3(signature = (text, origin = None, *, lang = "en"))]
    fn load_zone(
        &self,
        text: &Bound<'_, PyAny>,
        origin: Option<&str>,
        lang: &str,
    ) -> PyResult<Vec<Diagnostic>> {
        let (zone, found) = facts::read_zone(text, origin, &Limits::default(), lang)?;
        if let Some(zone) = zone {
            self.state().evaluation.facts_mut().add_zone(zone);
        }
        Ok(found)
    }

    /// Load a snapshot, as dict or JSON text; returns what is wrong with it.
    #[pyo3(signature = (snapshot, *, lang = "en"))]
    fn load_snapshot(&self, snapshot: &Bound<'_, PyAny>, lang: &str) -> PyResult<Vec<Diagnostic>> {
        let snapshot = facts::read_snapshot(snapshot)?;
        let found = self.state().evaluation.facts_mut().add_snapshot(snapshot);
        facts::diagnostics(&found, b"", lang)
    }

    /// The facts that the check uses, as a snapshot; loaded again, they give the same report.
    #[getter]
    fn facts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let snapshot = {
            let state = self.state();
            let mut inquiry = Inquiry::new(state.evaluation.facts());
            // Whether it comes to an end or not, the inquiry has noted what it used.
            let _ = state.evaluation.check().run(&mut inquiry);
            state.evaluation.facts().to_snapshot(inquiry.used().into_keys())
        };
        convert::to_python(py, &snapshot)
    }

    /// Rounds of questions so far.
    #[getter]
    fn rounds(&self) -> u32 {
        self.state().evaluation.rounds()
    }

    /// Questions put so far, each once.
    #[getter]
    fn asked<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        // Making objects may let another thread run: the lock is given back before.
        let asked: Vec<Question> = self.state().evaluation.asked().into_iter().cloned().collect();
        asked.iter().map(|question| convert::to_python(py, question)).collect()
    }

    /// The result, as plain data with spans in characters. Raises EvaluationError before the end.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        // Making objects may let another thread run: the lock is given back before.
        let report = self.state().report.clone();
        match report {
            Some(report) => convert::to_python(py, &*report),
            None => {
                Err(errors::coded::<EvaluationError>("unfinished", &"the evaluation has not come to its end"))
            }
        }
    }

    fn __repr__(&self) -> String {
        let state = self.state();
        format!("<Evaluation {}, {} rounds>", state.evaluation.check(), state.evaluation.rounds())
    }
}

fn report(outcome: Outcome, catalog: &Catalog) -> Report {
    match outcome.into_spf_tree() {
        Ok(mut found) => {
            nodes_to_characters(&mut found.tree, &found.policies);
            Report::SpfTree(Box::new(found))
        }
        Err(outcome) => Report::View(view(&outcome, catalog)),
    }
}

/// The JSON form of an outcome, with spans in characters of the texts that they are about.
fn view(outcome: &Outcome, catalog: &Catalog) -> Value {
    let mut view = outcome.view(catalog);
    let found = view.get_mut("diagnostics").and_then(Value::as_array_mut).into_iter().flatten();
    for (found, text) in found.zip(outcome.finding_texts()) {
        convert::spans_to_characters(found, &text);
    }
    if let Some(report) = outcome.domain()
        && let Some(spf) = report.spf.records()
        && let [index] = spf.indexes.as_slice()
        && let Some(text) = spf.texts.get(*index)
    {
        convert::spans_to_characters(&mut view["records"]["spf"], text);
    }
    for signature in view.get_mut("signatures").and_then(Value::as_array_mut).into_iter().flatten() {
        let text = signature["input"].as_str().unwrap_or_default().to_owned();
        convert::spans_to_characters(signature, text.as_bytes());
    }
    if let Some(evidence) = outcome.message().and_then(|report| report.evidence.as_ref()) {
        let shown = &mut view["authentication_results"];
        for (key, statements) in [("fields", &evidence.statements), ("arc", &evidence.arc)] {
            for (field, statement) in shown[key].as_array_mut().into_iter().flatten().zip(statements) {
                convert::spans_to_characters(field, statement.text.as_bytes());
            }
        }
    }
    if let Some(report) = outcome.spf() {
        let policies = &report.analysis.policies;
        for found in view["diagnostics"].as_array_mut().into_iter().flatten() {
            let record = record_of(policies, &found["subject"]["name"]);
            convert::spans_to_characters(found, record);
        }
        tree_to_characters(&mut view["tree"], policies);
    }
    view
}

/// The spans of the terms of a policy, and of the policies that they lead to.
fn tree_to_characters(policy: &mut Value, policies: &Policies) {
    let record = record_of(policies, &policy["name"]);
    for term in policy["terms"].as_array_mut().into_iter().flatten() {
        for policy in term["policies"].as_array_mut().into_iter().flatten() {
            tree_to_characters(policy, policies);
        }
        if !record.is_ascii() {
            let mut own = json!({ "span": term["span"].take() });
            convert::spans_to_characters(&mut own, record);
            term["span"] = own["span"].take();
        }
    }
}

/// The same for a tree that is no view yet.
fn nodes_to_characters(policy: &mut PolicyNode, policies: &Policies) {
    let record = policies.state(&policy.name).record().map_or(&[][..], Record::as_octets);
    for term in &mut policy.terms {
        term.span = convert::span_to_characters(term.span, record);
        for policy in &mut term.policies {
            nodes_to_characters(policy, policies);
        }
    }
}

/// The SPF record at a name; empty if none was found there.
fn record_of<'a>(policies: &'a Policies, name: &Value) -> &'a [u8] {
    let name = name.as_str().and_then(|name| DomainName::parse_with_spaces(name).ok());
    name.and_then(|name| policies.state(&name).record()).map_or(&[], Record::as_octets)
}
