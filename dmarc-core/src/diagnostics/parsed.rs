//! A value and its diagnostics.

use super::{Diagnostic, Severity};

/// What was understood, and what was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parsed<T> {
    /// What a conforming receiver acts on; `None` if the text is not of that kind at all.
    pub value: Option<T>,
    /// Findings, by position in the text, then by code.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Parsed<T> {
    /// The strict view: the value, unless anything of level [`Severity::Error`] was found.
    ///
    /// # Errors
    /// [`Rejected`] with all findings, if one of them is an error or there is no value.
    pub fn into_result(self) -> Result<T, Rejected> {
        let erroneous = self.diagnostics.iter().any(|found| found.severity == Severity::Error);
        match self.value {
            Some(value) if !erroneous => Ok(value),
            _ => Err(Rejected { diagnostics: self.diagnostics }),
        }
    }
}

/// A text that the strict view does not accept.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{}", summary(.diagnostics))]
pub struct Rejected {
    /// Why, and everything else that was found.
    pub diagnostics: Vec<Diagnostic>,
}

fn summary(diagnostics: &[Diagnostic]) -> String {
    let errors: Vec<&str> = diagnostics
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| found.rule.code)
        .collect();
    if errors.is_empty() { "not a record".to_owned() } else { errors.join(", ") }
}
