//! The columns that say what each record is: filled in once all reports are known.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::StringBuilder;

use crate::report::aggregate::Record;
use crate::streams::{Judged, describe};

/// Names of the columns, in order.
pub(super) const COLUMNS: [&str; 3] = ["stream_key", "stream_class", "class_confidence"];

/// What each row looks like, by a number.
#[derive(Debug, Default)]
pub(super) struct Looks {
    known: HashMap<String, u32>,
    pub(super) texts: Vec<String>,
    pub(super) rows: Vec<u32>,
    text: String,
    /// Whether the text is that of the record that comes.
    told: bool,
}

impl Looks {
    /// Takes what the record looks like that comes.
    pub(super) fn tell(&mut self, look: &str) {
        self.text.clear();
        self.text.push_str(look);
        self.told = true;
    }

    pub(super) fn push(&mut self, record: &Record) {
        if !std::mem::take(&mut self.told) {
            describe(&mut self.text, record);
        }
        let number = self.known.get(&self.text).copied().unwrap_or_else(|| {
            let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
            self.texts.push(self.text.clone());
            self.known.insert(self.text.clone(), number);
            number
        });
        self.rows.push(number);
    }
}

/// The columns for some rows, each with the domain of its policy and what it looks like.
pub(super) fn columns<'a>(
    judged: &Judged,
    rows: impl Iterator<Item = (&'a str, Option<&'a str>)>,
) -> [ArrayRef; 3] {
    let mut columns: [StringBuilder; 3] = Default::default();
    for (domain, look) in rows {
        let class = look.and_then(|look| judged.look_up(domain, look));
        let [key, word, confidence] = &mut columns;
        key.append_option(class.as_ref().map(|class| class.stream));
        word.append_option(class.as_ref().map(|class| class.class.as_str()));
        confidence.append_option(class.as_ref().map(|class| class.confidence.as_str()));
    }
    columns.map(|mut column| Arc::new(column.finish()) as ArrayRef)
}
