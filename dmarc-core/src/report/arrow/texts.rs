//! A column of texts, under way.

use std::sync::Arc;

use arrow_array::builder::{ArrayBuilder as _, StringBuilder};
use arrow_array::{ArrayRef, StringArray};

/// A column of texts. Absent ones are counted until a text comes: of the sixty columns most are empty in most tables,
/// and take no room then.
pub(super) struct Texts {
    written: StringBuilder,
    /// Absent texts behind those that are written.
    absent: usize,
}

impl Texts {
    /// An empty column, without room: a table may be put together from many small ones.
    pub(super) fn new() -> Self {
        Self { written: StringBuilder::with_capacity(0, 0), absent: 0 }
    }

    pub(super) fn append_value(&mut self, text: &str) {
        if self.absent > 0 {
            self.written.append_nulls(std::mem::take(&mut self.absent));
        }
        self.written.append_value(text);
    }

    pub(super) const fn append_null(&mut self) {
        self.absent += 1;
    }

    pub(super) fn append_option(&mut self, text: Option<impl AsRef<str>>) {
        match text {
            Some(text) => self.append_value(text.as_ref()),
            None => self.append_null(),
        }
    }

    /// The column, with as many nulls as there are absent texts; starts anew.
    pub(super) fn finish(&mut self) -> ArrayRef {
        let absent = self.absent;
        self.finish_unless_absent().unwrap_or_else(|| Arc::new(StringArray::new_null(absent)))
    }

    /// The same, but nothing for a column without a text.
    pub(super) fn finish_unless_absent(&mut self) -> Option<ArrayRef> {
        let absent = std::mem::take(&mut self.absent);
        if self.written.is_empty() {
            return None;
        }
        self.written.append_nulls(absent);
        Some(Arc::new(self.written.finish()))
    }

    /// What the column would be now.
    pub(super) fn finish_cloned(&self) -> ArrayRef {
        let written = self.written.finish_cloned();
        let texts = written.iter().chain(std::iter::repeat_n(None, self.absent));
        Arc::new(texts.collect::<StringArray>())
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Array;
    use arrow_array::cast::AsArray;

    use super::*;

    #[test]
    fn a_column_is_what_was_appended_however_many_are_absent() {
        let cases: [&[Option<&str>]; 5] =
            [&[], &[None, None], &[Some("a")], &[None, Some("a"), None, None, Some("")], &[Some("a"), None]];
        for appended in cases {
            let mut column = Texts::new();
            for _ in 0..2 {
                appended.iter().for_each(|text| column.append_option(*text));
                let cloned = column.finish_cloned();
                let finished = column.finish();
                assert_eq!(finished.as_string::<i32>().iter().collect::<Vec<_>>(), appended);
                assert_eq!(cloned.as_string::<i32>(), finished.as_string::<i32>());
            }
            appended.iter().for_each(|text| column.append_option(*text));
            let some = column.finish_unless_absent();
            assert_eq!(some.is_some(), appended.iter().any(Option::is_some));
            assert!(some.is_none_or(|some| some.len() == appended.len()));
            assert_eq!(column.finish().len(), 0);
        }
    }
}
