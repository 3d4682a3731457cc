//! The names that a verdict asked for, in order.

use crate::evaluation::Question;
use crate::name::DomainName;

use super::walk;

/// Names that were asked for, each once.
#[derive(Default)]
pub(super) struct Queries {
    names: Vec<DomainName>,
    /// Names of walks whose `_dmarc` is among them.
    walked: Vec<DomainName>,
}

impl Queries {
    pub(super) fn add(&mut self, name: DomainName) {
        if !self.names.contains(&name) {
            self.names.push(name);
        }
    }

    pub(super) fn walked<'a>(&mut self, names: impl IntoIterator<Item = &'a DomainName>) {
        for name in names {
            if self.walked.contains(name) {
                continue;
            }
            self.walked.push(name.clone());
            if let Some(Question::Dns { name, .. }) = walk::question(name) {
                self.add(name);
            }
        }
    }

    pub(super) fn into_names(self) -> Vec<DomainName> {
        self.names
    }
}
