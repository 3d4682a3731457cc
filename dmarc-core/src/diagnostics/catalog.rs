//! The sentences of every rule, one file per language.
//!
//! A language file holds blocks of three lines: the code, `message` and `help`. `{name}` stands
//! for an argument of the finding. Lines that begin with `#` and empty lines are skipped:
//!
//! ```text
//! dmarc/invalid-value
//!   message  `{value}` is not a valid value of `{tag}`
//!   help     write {allowed}
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::phrases::Phrases;
use super::{Arg, Diagnostic, Rule, escape};

/// Every rule of the library, by code.
#[must_use]
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&'static Rule> = crate::rule_tables().into_iter().flatten().copied().collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

/// A language whose catalog is embedded.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Dutch.
    Nl,
}

impl Language {
    /// `en` or `nl`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Nl => "nl",
        }
    }
}

/// A language file that cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// A sentence before the first code, or a line that is neither.
    #[error("line {line}: expected a rule code, or an indented `message` or `help`")]
    Misplaced {
        /// Line in the file, from 1.
        line: usize,
    },
    /// The same sentence twice.
    #[error("line {line}: `{code}` has this sentence already")]
    Repeated {
        /// Line in the file, from 1.
        line: usize,
        /// The rule.
        code: String,
    },
}

#[derive(Clone, Debug, Default, Eq, PartialEq)]
struct Entry {
    message: String,
    help: String,
}

/// The sentences of one language, by rule code.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Catalog {
    entries: BTreeMap<Cow<'static, str>, Entry>,
    /// What each requirement of the profiles asks.
    requirements: BTreeMap<Cow<'static, str>, Entry>,
    /// Short texts of evidence; none for English, in which the code says them.
    phrases: Phrases,
}

impl Catalog {
    /// The embedded catalog of a language; empty if its feature is off, and then the code and
    /// arguments stand where a sentence would.
    #[must_use]
    pub fn embedded(language: Language) -> Self {
        let (text, requirements, phrases) = match language {
            #[cfg(feature = "text-en")]
            Language::En => (include_str!("catalog/en.txt"), include_str!("catalog/requirements.en.txt"), ""),
            #[cfg(feature = "text-nl")]
            Language::Nl => (
                include_str!("catalog/nl.txt"),
                include_str!("catalog/requirements.nl.txt"),
                include_str!("catalog/evidence.nl.txt"),
            ),
            #[cfg(not(all(feature = "text-en", feature = "text-nl")))]
            _ => ("", "", ""),
        };
        // The embedded files are parsed in the tests: none can be malformed in a release.
        let catalog = Self::parse(text).and_then(|catalog| catalog.with_requirements(requirements));
        catalog.and_then(|catalog| catalog.with_phrases(phrases)).unwrap_or_default()
    }

    /// The same, with short texts of evidence: lines `English = translation`, in which `{}` stands for a name or a
    /// count, in the same order on both sides.
    ///
    /// # Errors
    /// [`CatalogError`] with the line that is out of place.
    pub fn with_phrases(self, text: &str) -> Result<Self, CatalogError> {
        Ok(Self { phrases: Phrases::parse(text)?, ..self })
    }

    /// A short text of evidence in this language; as it is where it has none.
    #[must_use]
    pub fn phrase<'a>(&self, text: &'a str) -> Cow<'a, str> {
        self.phrases.translated(text).map_or(Cow::Borrowed(text), Cow::Owned)
    }

    /// Whether this language has its own words for a short text of evidence, be they the same.
    #[must_use]
    pub fn has_phrase(&self, text: &str) -> bool {
        self.phrases.translated(text).is_some()
    }

    /// The same, with what the requirements of the profiles ask: a file of the same form, by identifier.
    ///
    /// # Errors
    /// [`CatalogError`] with the line that is out of place.
    pub fn with_requirements(self, text: &str) -> Result<Self, CatalogError> {
        Ok(Self { requirements: Self::parse(text)?.entries, ..self })
    }

    /// What a requirement asks, by its identifier; empty if this language has no sentence for it.
    #[must_use]
    pub fn requirement(&self, id: &str) -> &str {
        self.requirements.get(id).map_or("", |entry| entry.message.as_str())
    }

    /// What to do where a requirement is not met.
    #[must_use]
    pub fn requirement_help(&self, id: &str) -> &str {
        self.requirements.get(id).map_or("", |entry| entry.help.as_str())
    }

    /// Identifiers of the requirements that have sentences, in order.
    pub fn requirements(&self) -> impl Iterator<Item = &str> {
        self.requirements.keys().map(AsRef::as_ref)
    }

    /// Reads a language file.
    ///
    /// # Errors
    /// [`CatalogError`] with the line that is out of place.
    pub fn parse(text: &str) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        let mut current: Option<String> = None;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            if !line.starts_with(' ') {
                catalog.entries.entry(Cow::Owned(line.trim().to_owned())).or_default();
                current = Some(line.trim().to_owned());
                continue;
            }
            let Some(code) = current.as_ref() else {
                return Err(CatalogError::Misplaced { line: number });
            };
            let (key, sentence) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            let entry = catalog.entries.entry(Cow::Owned(code.clone())).or_default();
            let slot = match key {
                "message" => &mut entry.message,
                "help" => &mut entry.help,
                _ => return Err(CatalogError::Misplaced { line: number }),
            };
            if !slot.is_empty() {
                return Err(CatalogError::Repeated { line: number, code: code.clone() });
            }
            sentence.trim().clone_into(slot);
        }
        Ok(catalog)
    }

    /// Codes that have sentences, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(AsRef::as_ref)
    }

    /// Message and help of a rule as they stand in the file, with their `{names}`.
    #[must_use]
    pub fn sentences(&self, code: &str) -> Option<(&str, &str)> {
        self.entries.get(code).map(|entry| (entry.message.as_str(), entry.help.as_str()))
    }

    /// What is wrong, with the arguments filled in; outside text is escaped and shortened.
    #[must_use]
    pub fn message(&self, found: &Diagnostic) -> String {
        match self.entries.get(found.rule.code) {
            Some(entry) => fill(&entry.message, found),
            None => bare(found),
        }
    }

    /// What to do, with the arguments filled in.
    #[must_use]
    pub fn help(&self, found: &Diagnostic) -> String {
        self.entries.get(found.rule.code).map(|entry| fill(&entry.help, found)).unwrap_or_default()
    }
}

fn bare(found: &Diagnostic) -> String {
    let mut text = found.rule.code.to_owned();
    for (name, value) in &found.args {
        text.push_str(&format!(" {name}={}", show(value)));
    }
    text
}

fn show(value: &Arg) -> String {
    match value {
        Arg::Number(number) => number.to_string(),
        Arg::Text(text) => escape(text, 80),
        Arg::List(list) => list.iter().map(|item| escape(item, 40)).collect::<Vec<_>>().join(", "),
    }
}

fn fill(sentence: &str, found: &Diagnostic) -> String {
    let mut result = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        result.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) => {
                match found.argument(name) {
                    Some(value) => result.push_str(&show(value)),
                    None => {
                        result.push('{');
                        result.push_str(name);
                        result.push('}');
                    }
                }
                rest = behind;
            }
            None => {
                result.push('{');
                rest = after;
            }
        }
    }
    result.push_str(rest);
    result
}
