//! A text on its way from what was given to what was meant, that remembers where each octet is from.

use std::ops::Range;

use crate::diagnostics::{Diagnostic, Edit, Fix, Span};

/// A text with, for each octet, the place in the original that it stands for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Draft {
    text: Vec<u8>,
    places: Vec<Span>,
    /// Where the original goes on behind the last octet.
    end: usize,
}

/// A change to a draft: a range of it, and what comes in its place.
pub(super) type Change = (Range<usize>, String);

impl Draft {
    /// Adds octets of the original as they are, or something else that stands for a place.
    pub(super) fn push(&mut self, octets: &[u8], place: Span) {
        if octets.len() == place.end - place.start {
            self.places.extend((place.start..place.end).map(|at| Span::new(at, at + 1)));
        } else {
            self.places.extend(octets.iter().map(|_| place));
        }
        self.text.extend_from_slice(octets);
        self.end = place.end;
    }

    /// Adds a part of another draft.
    pub(super) fn push_part(&mut self, other: &Self, range: Range<usize>) {
        self.text.extend_from_slice(other.text.get(range.clone()).unwrap_or_default());
        self.places.extend_from_slice(other.places.get(range.clone()).unwrap_or_default());
        self.end = other.span(range).end;
    }

    /// Takes the last octet back.
    pub(super) fn pop(&mut self) -> Option<Span> {
        self.text.pop();
        self.places.pop()
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text, if it is ASCII.
    pub(super) fn ascii(&self) -> Option<&str> {
        if self.text.is_ascii() { std::str::from_utf8(&self.text).ok() } else { None }
    }

    /// The place in the original that a range stands for.
    pub(super) fn span(&self, range: Range<usize>) -> Span {
        let start = self.places.get(range.start).map_or(self.end, |place| place.start);
        let last = range.end.checked_sub(1).filter(|last| *last >= range.start);
        let end = last.and_then(|last| self.places.get(last)).map_or(start, |place| place.end);
        Span::new(start, end.max(start))
    }

    pub(super) fn part(&self, range: Range<usize>) -> Self {
        let mut part = Self::default();
        part.push_part(self, range);
        part
    }

    /// The draft after changes, which are ordered and do not overlap.
    pub(super) fn changed(&self, changes: &[Change]) -> Self {
        let mut result = Self::default();
        let mut done = 0;
        for (range, replacement) in changes {
            result.push_part(self, done..range.start);
            let place = self.span(range.clone());
            result.places.extend(replacement.bytes().map(|_| place));
            result.text.extend_from_slice(replacement.as_bytes());
            result.end = place.end;
            done = range.end;
        }
        result.push_part(self, done..self.len());
        result
    }

    /// Changes as edits of the original.
    pub(super) fn edits(&self, changes: &[Change]) -> Vec<Edit> {
        let edit = |(range, replacement): &Change| Edit {
            span: self.span(range.clone()),
            replacement: replacement.clone(),
        };
        changes.iter().map(edit).collect()
    }

    /// Moves a finding about this draft to the original. Its fix is dropped where it would touch
    /// what the original does not hold as it is: that has a finding of its own, which comes first.
    pub(super) fn in_original(&self, octets: &[u8], mut found: Diagnostic) -> Diagnostic {
        found.span = found.span.map(|span| self.span(span.start..span.end));
        found.fix = found.fix.and_then(|fix| {
            let edits = &fix.edits;
            edits
                .iter()
                .all(|edit| self.is_original(octets, edit.span))
                .then(|| Fix::new(edits.iter().map(|edit| self.edit(edit)).collect()))
        });
        found
    }

    /// Whether a range of the draft is one of the original, with its neighbors on both sides.
    fn is_original(&self, octets: &[u8], span: Span) -> bool {
        let place = |at: usize| self.places.get(at).copied();
        let verbatim = (span.start..span.end)
            .all(|at| place(at).is_some_and(|place| Some(place.of(octets)) == self.text.get(at..=at)));
        let first = span.start.saturating_sub(1);
        let joined = (first..span.end).all(|at| {
            let next = place(at + 1).map_or(octets.len(), |next| next.start);
            place(at).is_none_or(|place| place.end == next)
        });
        verbatim && joined
    }

    fn edit(&self, edit: &Edit) -> Edit {
        Edit { span: self.span(edit.span.start..edit.span.end), replacement: edit.replacement.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_changes() {
        // Of `a–bc`.
        let mut draft = Draft::default();
        draft.push(b"a", Span::new(0, 1));
        draft.push(b"-", Span::new(1, 4));
        draft.push(b"bc", Span::new(4, 6));
        assert_eq!(draft.text(), b"a-bc");
        assert_eq!(draft.span(1..2), Span::new(1, 4));
        assert_eq!(draft.span(4..4), Span::empty(6));
        let changed = draft.changed(&[(0..1, "xyz".to_owned()), (3..3, ":".to_owned())]);
        assert_eq!(changed.text(), b"xyz-b:c");
        assert_eq!(changed.span(0..3), Span::new(0, 1));
        assert_eq!(changed.span(5..6), Span::empty(5));
        assert_eq!(draft.span(0..draft.len()), Span::new(0, 6));
    }
}
