//! Messages per word that reporters wrote.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

/// Words that are told apart; a report with more is hostile, and the rest counts under `…`.
const WORDS: usize = 200;
/// Longest word, in characters.
const WORD: usize = 100;

/// Messages per word: as written, trimmed; an empty element counts under `""`, an absent one under
/// `"absent"`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(from = "BTreeMap<String, u64>")]
pub struct Tallies(
    /// By word. There are few: a list takes a tenth of the memory of a map.
    Vec<(Box<str>, u64)>,
);

impl Tallies {
    /// Counts messages under a word.
    pub fn add(&mut self, word: Option<&str>, messages: u64) {
        let word = word.unwrap_or("absent");
        if let Ok(at) = self.find(word) {
            return self.grow(at, messages);
        }
        let full = self.0.len() >= WORDS;
        let end = word.char_indices().nth(WORD).map_or(word.len(), |(at, _)| at);
        let word = if full { "…" } else { word.get(..end).unwrap_or(word) };
        match self.find(word) {
            Ok(at) => self.grow(at, messages),
            Err(at) => {
                self.0.reserve_exact(1);
                self.0.insert(at, (word.into(), messages));
            }
        }
    }

    fn find(&self, word: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_ref().cmp(word))
    }

    fn grow(&mut self, at: usize, messages: u64) {
        if let Some((_, sum)) = self.0.get_mut(at) {
            *sum = sum.saturating_add(messages);
        }
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: &Self) {
        for (word, messages) in other.iter() {
            self.add(Some(word), messages);
        }
    }

    /// Messages under a word.
    #[must_use]
    pub fn get(&self, word: &str) -> u64 {
        self.find(word).ok().and_then(|at| self.0.get(at)).map_or(0, |(_, messages)| *messages)
    }

    /// Words and their messages, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(word, messages)| (word.as_ref(), *messages))
    }
}

impl From<BTreeMap<String, u64>> for Tallies {
    fn from(map: BTreeMap<String, u64>) -> Self {
        let mut tallies = Self::default();
        for (word, messages) in map {
            tallies.add(Some(&word), messages);
        }
        tallies
    }
}

impl Serialize for Tallies {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
