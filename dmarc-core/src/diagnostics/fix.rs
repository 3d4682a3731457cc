//! Changes that mend what was found, and what they do to the policy.

use serde::Serialize;

use super::Span;

/// What a change does to the policy that receivers act on, under both editions.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Receivers act as before.
    None,
    /// Some mail is treated more strictly, none less.
    Stricter,
    /// Some mail is treated less strictly, none more.
    Looser,
    /// Both.
    Mixed,
}

impl Effect {
    /// `none`, `stricter`, `looser` or `mixed`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Stricter => "stricter",
            Self::Looser => "looser",
            Self::Mixed => "mixed",
        }
    }

    /// Both effects together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (one, Self::None) => one,
            (Self::None, one) => one,
            (one, same) if one == same => one,
            _ => Self::Mixed,
        }
    }
}

impl From<std::cmp::Ordering> for Effect {
    /// How `after.cmp(&before)` reads, where greater is stricter.
    fn from(ordering: std::cmp::Ordering) -> Self {
        match ordering {
            std::cmp::Ordering::Less => Self::Looser,
            std::cmp::Ordering::Equal => Self::None,
            std::cmp::Ordering::Greater => Self::Stricter,
        }
    }
}

/// One replacement in a text.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Edit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What comes in its place.
    pub replacement: String,
}

/// A change that mends one finding; it touches nothing but its own edits.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fix {
    /// Edits by position; they do not overlap.
    pub edits: Vec<Edit>,
    /// What applying it does to the policy; `None` while nobody has computed it.
    pub effect: Option<Effect>,
}

impl Fix {
    /// A fix of these edits, whose effect is not computed yet.
    #[must_use]
    pub fn new(mut edits: Vec<Edit>) -> Self {
        edits.sort_by_key(|edit| edit.span);
        Self { edits, effect: None }
    }

    /// The text with the edits made. An edit that lies outside or overlaps its predecessor is left out.
    #[must_use]
    pub fn apply(&self, octets: &[u8]) -> Vec<u8> {
        let mut result = Vec::with_capacity(octets.len() + 16);
        let mut done = 0;
        for edit in &self.edits {
            let Some(before) = octets.get(done..edit.span.start) else { continue };
            if edit.span.end < edit.span.start || edit.span.end > octets.len() {
                continue;
            }
            result.extend_from_slice(before);
            result.extend_from_slice(edit.replacement.as_bytes());
            done = edit.span.end;
        }
        result.extend_from_slice(octets.get(done..).unwrap_or_default());
        result
    }
}
