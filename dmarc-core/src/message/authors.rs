//! The author domains of a message, and why there may be none.

use crate::diagnostics::Diagnostic;
use crate::name::DomainName;

use super::rules::{
    MALFORMED_FROM, MANY_AUTHORS, NO_ADDRESS, NO_FROM, NOT_A_DOMAIN, SEVERAL_AUTHORS, SEVERAL_FROM,
};

/// Author domains of one message that are evaluated. RFC 9989, 11.5: without a limit, a message of many
/// "could be used as a form of denial-of-service attack".
pub const AUTHORS: usize = 10;

/// Why a message has no author domain.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Problem {
    /// No `From` field.
    NoField,
    /// Several `From` fields.
    SeveralFields {
        /// How many.
        count: usize,
    },
    /// A `From` field that is not a list of addresses.
    Malformed {
        /// What could not be read, shortened.
        text: String,
    },
    /// No address, as in an empty group.
    NoAddress,
    /// Something else than a domain name behind an `@`.
    NotADomain {
        /// What stands there, shortened.
        text: String,
    },
}

/// The author domains of a message.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Authors {
    /// The domains, each once, in order.
    pub domains: Vec<DomainName>,
    /// Why DMARC cannot be evaluated, whatever the domains.
    pub problem: Option<Problem>,
}

impl Authors {
    /// Domains that are known already.
    #[must_use]
    pub fn given(names: &[DomainName]) -> Self {
        let mut domains: Vec<DomainName> = Vec::new();
        for name in names {
            if !domains.contains(name) {
                domains.push(name.clone());
            }
        }
        let problem = domains.is_empty().then_some(Problem::NoField);
        Self { domains, problem }
    }

    /// What there is to say about the authors, of which `evaluated` are evaluated.
    #[must_use]
    pub fn steps(&self, evaluated: usize) -> Vec<Diagnostic> {
        let mut steps = Vec::new();
        match &self.problem {
            Some(Problem::NoField) => steps.push(NO_FROM.anywhere()),
            Some(Problem::SeveralFields { count }) => {
                steps.push(SEVERAL_FROM.anywhere().arg("count", *count));
            }
            Some(Problem::Malformed { text }) => {
                steps.push(MALFORMED_FROM.anywhere().arg("text", text.as_str()));
            }
            Some(Problem::NoAddress) => steps.push(NO_ADDRESS.anywhere()),
            Some(Problem::NotADomain { text }) => {
                steps.push(NOT_A_DOMAIN.anywhere().arg("text", text.as_str()));
            }
            None => {}
        }
        let count = self.domains.len();
        if count > 1 && self.problem.is_none() {
            let shown = self.domains.iter().take(AUTHORS).map(ToString::to_string).collect::<Vec<_>>();
            steps.push(SEVERAL_AUTHORS.anywhere().arg("domains", shown).arg("count", count));
            if evaluated > 0 && count > evaluated {
                steps.push(MANY_AUTHORS.anywhere().arg("count", count).arg("limit", evaluated));
            }
        }
        steps
    }
}
