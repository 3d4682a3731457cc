//! How lookups are counted where RFC 7208 leaves it open, and what a receiver allows.

use serde::{Deserialize, Serialize};

/// What counts, and how much of it a receiver allows (RFC 7208, 4.6.4).
///
/// The text of the standard leaves some of this open and checkers differ; a count means something
/// only together with its conventions.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Conventions {
    /// Terms that query DNS: "MUST" be limited "to 10".
    pub lookups: u32,
    /// Void lookups: "SHOULD" be limited to two.
    pub voids: u32,
    /// Mail hosts of one `mx` term: more than 10 are an error.
    pub mx_hosts: u32,
    /// Whether a term with `%{p}` costs one lookup more, in an evaluation and in an analysis alike.
    ///
    /// The text puts the PTR query of the macro under the limit, "per mechanism or macro in the record":
    /// so each term that is evaluated pays for it, once however often the macro stands in it, and also
    /// where the name of the client is known by then. An explanation pays for nothing. Most
    /// implementations do not count it.
    pub p_macro: bool,
    /// What counts as a void lookup.
    pub void_unit: VoidUnit,
}

/// What counts as one void lookup: the text speaks of lookups, and of terms.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum VoidUnit {
    /// Each void answer: to `a`, `exists`, `mx`, and to the address of each mail host.
    Answers,
    /// A void answer to the term itself: to `a`, `exists` and `mx`, not to its mail hosts.
    Terms,
}

impl Default for Conventions {
    fn default() -> Self {
        Self { lookups: 10, voids: 2, mx_hosts: 10, p_macro: true, void_unit: VoidUnit::Answers }
    }
}
