//! Short texts of evidence in another language than English.
//!
//! A phrase file holds lines `English = translation`; `{}` stands for a name or a count, in the same order on both
//! sides. Lines that begin with `#` and empty lines are skipped.

use super::catalog::CatalogError;

/// One phrase: what stands between its slots, on both sides.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Phrase {
    english: Vec<String>,
    other: Vec<String>,
}

/// The phrases of a language.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Phrases {
    list: Vec<Phrase>,
}

impl Phrases {
    pub(super) fn parse(text: &str) -> Result<Self, CatalogError> {
        let mut list = Vec::new();
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let sides = line.split_once(" = ").map(|(english, other)| Phrase {
                english: english.trim().split("{}").map(str::to_owned).collect(),
                other: other.trim().split("{}").map(str::to_owned).collect(),
            });
            let Some(phrase) = sides.filter(|phrase| phrase.english.len() == phrase.other.len()) else {
                return Err(CatalogError::Misplaced { line: index + 1 });
            };
            list.push(phrase);
        }
        Ok(Self { list })
    }

    /// The translation of a text; `None` if no phrase is like it.
    pub(super) fn translated(&self, text: &str) -> Option<String> {
        self.list.iter().find_map(|phrase| phrase.fill(text))
    }
}

impl Phrase {
    fn fill(&self, text: &str) -> Option<String> {
        let (first, pieces) = self.english.split_first()?;
        let mut rest = text.strip_prefix(first.as_str())?;
        let mut slots = Vec::new();
        for (index, piece) in pieces.iter().enumerate() {
            let is_last = index + 1 == pieces.len();
            let (slot, after) = if is_last {
                (rest.strip_suffix(piece.as_str())?, "")
            } else {
                rest.split_once(piece.as_str())?
            };
            slots.push(slot);
            rest = after;
        }
        if !rest.is_empty() {
            return None;
        }
        let (first, pieces) = self.other.split_first()?;
        let filled = slots.iter().zip(pieces).map(|(slot, piece)| format!("{slot}{piece}"));
        Some(std::iter::once(first.clone()).chain(filled).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Phrases;

    #[test]
    fn slots_keep_what_stands_in_them() {
        let phrases =
            Phrases::parse("# words\nyes = ja\n{} of {} pass = {} van de {} slagen\nd= of {} = d= van {}\n");
        let phrases = phrases.unwrap();
        let translated = |text: &str| phrases.translated(text);
        assert_eq!(translated("yes").as_deref(), Some("ja"));
        assert_eq!(translated("3 of 20 pass").as_deref(), Some("3 van de 20 slagen"));
        assert_eq!(translated("d= of example.com").as_deref(), Some("d= van example.com"));
        assert_eq!(translated("yes, and no"), None);
        assert_eq!(translated(""), None);
        assert_eq!(translated("3 of 20"), None);
    }

    #[test]
    fn a_line_without_translation_or_with_other_slots_is_refused() {
        for text in ["yes", "{} pass = slagen", "yes = ja\nno"] {
            assert!(Phrases::parse(text).is_err(), "{text}");
        }
    }
}
