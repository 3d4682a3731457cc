//! The names that terms ask for, as far as they follow from the policy alone: no macros but `%{d}`
//! and `%{v}` (RFC 7208, 7.2).

use super::sets::Family;
use crate::name::{DomainName, MAX_NAME};
use crate::spf::macro_string::{Expansion, Letter, Macro, Part};
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
    let mut text = String::new();
    for part in spec.as_macro_string().parts() {
        match part {
            Part::Literal(literal) => text.push_str(literal),
            Part::Macro(Macro::Percent) => text.push('%'),
            Part::Macro(Macro::Space) => text.push(' '),
            Part::Macro(Macro::EscapedSpace) => text.push_str("%20"),
            Part::Macro(Macro::Expand(expansion)) => match expansion.letter {
                Letter::Domain => text.push_str(&transform(current.as_str(), &expansion)),
                Letter::Version => text.push_str(&transform(version(family), &expansion)),
                _ => return Target::Macro,
            },
        }
    }
    // RFC 7208, 7.3: "the left side is truncated to fit, by removing successive domain labels".
    let mut name = text.strip_suffix('.').unwrap_or(&text);
    while name.len() > MAX_NAME {
        name = name.split_once('.').map_or("", |(_, rest)| rest);
    }
    DomainName::parse(name).map_or_else(|_| Target::Impossible(name.to_owned()), Target::Name)
}

/// Whether a term's name needs the validated name of the client, and so a query of its own.
pub(super) fn uses_validated_name(spec: Option<&DomainSpec>) -> bool {
    spec.is_some_and(|spec| {
        spec.as_macro_string()
            .macros()
            .any(|each| matches!(each, Macro::Expand(Expansion { letter: Letter::ValidatedName, .. })))
    })
}

const fn version(family: Family) -> &'static str {
    match family {
        Family::Ipv4 => "in-addr",
        Family::Ipv6 => "ip6",
    }
}

/// Splits, reverses and shortens a value (RFC 7208, 7.3); it holds no character that an upper-case
/// letter would escape.
fn transform(value: &str, expansion: &Expansion) -> String {
    let mut parts: Vec<&str> = value.split(|each| expansion.delimiters.split_at(each)).collect();
    if expansion.reversed {
        parts.reverse();
    }
    let keep = expansion.keep.and_then(|keep| usize::try_from(keep).ok()).unwrap_or(usize::MAX);
    let start = parts.len().saturating_sub(keep);
    parts.get(start..).unwrap_or_default().join(".")
}
