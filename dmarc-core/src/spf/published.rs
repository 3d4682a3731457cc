//! What the TXT records of a name hold for a receiver (RFC 7208, 4.5 and 4.6), read once.

use std::sync::Arc;

use super::expand::target_name;
use super::grammar;
use super::record::Record;
use super::terms::{Directive, Modifier, Term, TermKind};
use crate::dns;
use crate::name::DomainName;

/// The SPF record among the TXT records of a name.
#[derive(Clone, Debug)]
pub(crate) enum Published {
    /// There is none.
    None,
    /// There is more than one.
    Several,
    /// It has a syntax error.
    Broken,
    /// It can be evaluated.
    Policy(Arc<Policy>),
}

/// A record that can be evaluated, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Policy {
    domain: DomainName,
    record: Record,
    /// For each term the name that it writes down, if it does without macros; may be cut short.
    names: Vec<Option<DomainName>>,
}

impl Published {
    /// Reads the TXT records of a name.
    pub(super) fn read(domain: &DomainName, records: &[dns::Record]) -> Self {
        let mut texts =
            records.iter().filter_map(dns::Record::text).filter(|text| grammar::version(text).is_some());
        let (first, second) = (texts.next(), texts.next());
        let Some(text) = first else { return Self::None };
        if second.is_some() {
            return Self::Several;
        }
        match Record::read(text) {
            // RFC 7208, 4.6: "If there are any syntax errors anywhere in the record, check_host()
            // returns immediately with the result "permerror", without further interpretation or evaluation."
            Some(record) if record.is_usable() => {
                Self::Policy(Arc::new(Policy { domain: domain.clone(), record, names: Vec::new() }))
            }
            _ => Self::Broken,
        }
    }

    /// The same for a name that will be asked for again and again.
    pub(crate) fn prepared(domain: &DomainName, records: &[dns::Record]) -> Self {
        match Self::read(domain, records) {
            Self::Policy(policy) => {
                let names = policy.record.terms().iter().map(written_name).collect();
                Self::Policy(Arc::new(Policy { names, ..Policy::clone(&policy) }))
            }
            other => other,
        }
    }
}

impl Policy {
    /// Where the record stands.
    pub(super) const fn domain(&self) -> &DomainName {
        &self.domain
    }

    /// The record.
    pub(super) const fn record(&self) -> &Record {
        &self.record
    }

    /// Its directives, each with the index of its term.
    pub(super) fn directives(&self) -> impl Iterator<Item = (usize, &Directive)> {
        let terms = self.record.terms().iter().enumerate();
        terms.filter_map(|(index, term)| Some((index, term.directive()?)))
    }

    /// The name that a term writes down, if that is known already.
    pub(super) fn written_name(&self, index: usize) -> Option<&DomainName> {
        self.names.get(index)?.as_ref()
    }
}

/// The name that a term writes down without macros.
fn written_name(term: &Term) -> Option<DomainName> {
    let spec = match &term.kind {
        TermKind::Directive(directive) => directive.mechanism.domain(),
        TermKind::Modifier(Modifier::Redirect(domain)) => Some(domain),
        TermKind::Modifier(_) | TermKind::Invalid => None,
    };
    let string = spec?.as_macro_string();
    string.is_literal().then(|| target_name(string.as_str())).flatten()
}
