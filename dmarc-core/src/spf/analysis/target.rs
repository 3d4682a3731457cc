//! The names that terms ask for, as far as they follow from the policy alone: no macros but `%{d}`
//! and `%{v}` (RFC 7208, 7.2).

use super::sets::Family;
use crate::name::DomainName;
use crate::spf::expand::{Values, expand, target_name};
use crate::spf::macro_string::{Letter, Macro};
use crate::spf::terms::DomainSpec;

/// What a term asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Target {
    /// A name.
    Name(DomainName),
    /// A text that is no domain name (RFC 7208, 4.8).
    Impossible(String),
    /// It depends on the client or the sender.
    Macro,
}

/// What a term of the record at `current` asks for.
pub(super) fn target(spec: Option<&DomainSpec>, current: &DomainName, family: Family) -> Target {
    let Some(spec) = spec else { return Target::Name(current.clone()) };
    let string = spec.as_macro_string();
    if string.is_literal() {
        let text = string.as_str();
        return target_name(text).map_or_else(|| Target::Impossible(text.to_owned()), Target::Name);
    }
    let known = |letter| matches!(letter, Letter::Domain | Letter::Version);
    if string.macros().any(|each| matches!(each, Macro::Expand(found) if !known(found.letter))) {
        return Target::Macro;
    }
    let text = expand(string, &Values::of_domain(current.as_str(), family.unspecified()));
    target_name(&text).map_or(Target::Impossible(text), Target::Name)
}
