//! Messages per word that reporters wrote.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Words that are told apart; a report with more is hostile, and the rest counts under `…`.
const WORDS: usize = 200;
/// Longest word, in characters.
const WORD: usize = 100;

/// Messages per word: as written, trimmed; an empty element counts under `""`, an absent one under
/// `"absent"`.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tallies(BTreeMap<String, u64>);

impl Tallies {
    /// Counts messages under a word.
    pub fn add(&mut self, word: Option<&str>, messages: u64) {
        let word = word.unwrap_or("absent");
        if let Some(sum) = self.0.get_mut(word) {
            *sum = sum.saturating_add(messages);
            return;
        }
        let key = if self.0.len() >= WORDS { "…".to_owned() } else { word.chars().take(WORD).collect() };
        let sum = self.0.entry(key).or_default();
        *sum = sum.saturating_add(messages);
    }

    /// Adds what another counted.
    pub fn merge(&mut self, other: &Self) {
        for (word, messages) in &other.0 {
            self.add(Some(word), *messages);
        }
    }

    /// Messages under a word.
    #[must_use]
    pub fn get(&self, word: &str) -> u64 {
        self.0.get(word).copied().unwrap_or_default()
    }

    /// Words and their messages, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(word, messages)| (word.as_str(), *messages))
    }
}
