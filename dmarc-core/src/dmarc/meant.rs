//! What was meant by a value that the grammar does not allow.

use crate::diagnostics::Span;
use crate::syntax::repair;

use super::Edition;
use super::tag::TagName;
use super::tag_miss::is_valid;
use super::value;

/// Another tag inside a value, behind a comma or blank: `none, rua=mailto:…`.
pub(super) fn another_tag(text: &str, name: TagName) -> Option<(Span, String)> {
    let end = text.find([',', ' ', '\t', ':', '|', '/', '.'])?;
    let (value, rest) = text.split_at(end);
    let next = rest.trim_start_matches([',', ' ', '\t', ':', '|', '/', '.']);
    let (tag, _) = next.split_once('=')?;
    TagName::known(tag.trim())?;
    let near = name != TagName::Fo && value_of(name, value, Edition::Rfc9989).is_some();
    if !is_valid(name, value) && !near {
        return None;
    }
    let gap = Span::new(end, text.len() - next.len());
    Some((
        gap,
        rest.trim().chars().next().map_or_else(
            || " ".to_owned(),
            |c| {
                if c.is_ascii_alphanumeric() { " ".to_owned() } else { c.to_string() }
            },
        ),
    ))
}

/// The one value that is clearly meant.
pub(super) fn value_of(name: TagName, text: &str, edition: Edition) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let word = match name {
        TagName::P | TagName::Sp | TagName::Np => return policy(bare).map(str::to_owned),
        TagName::Adkim | TagName::Aspf => match bare {
            "strict" | "strikt" => "s",
            "relaxed" | "relax" => "r",
            "r" | "s" => bare,
            _ => return None,
        },
        TagName::T => match bare {
            "yes" | "true" | "ja" | "1" => "y",
            "no" | "false" | "nee" | "0" => "n",
            "y" | "n" => bare,
            _ => return None,
        },
        TagName::Psd => match bare {
            "yes" | "true" => "y",
            "no" | "false" => "n",
            "unknown" => "u",
            "y" | "n" | "u" => bare,
            _ => return None,
        },
        TagName::Pct => {
            let number = lower.strip_suffix('%')?.trim();
            value::percentage(number)?;
            number
        }
        TagName::Fo => return failure_options(&lower, edition),
        _ => return None,
    };
    Some(word.to_owned())
}

/// A policy in Dutch or with a slip of the pen.
fn policy(word: &str) -> Option<&'static str> {
    let exact = match word {
        "quarantaine" | "karantaine" => Some("quarantine"),
        "geen" | "niets" | "monitor" | "monitoring" => Some("none"),
        "weigeren" | "afwijzen" | "weiger" => Some("reject"),
        _ => None,
    };
    if exact.is_some() {
        return exact;
    }
    let near = |policy: &str| {
        let allowed = if policy.len() > 6 {
            3
        } else if policy.len() > 4 {
            2
        } else {
            1
        };
        let prefix = word.len() >= 3 && policy.starts_with(word);
        prefix || (word.len() >= 3 && repair::distance(word, policy) <= allowed)
    };
    let mut matches = ["none", "quarantine", "reject"].into_iter().filter(|policy| near(policy));
    match (matches.next(), matches.next()) {
        (Some(one), None) => Some(one),
        _ => None,
    }
}

/// A list of failure options with other separators, blanks, or options that exclude each other.
fn failure_options(text: &str, edition: Edition) -> Option<String> {
    let mut letters: Vec<&str> =
        text.split([':', ',', ' ', '\t', '/', '+']).map(str::trim).filter(|word| !word.is_empty()).collect();
    letters.dedup();
    if edition == Edition::Rfc9989 && letters.contains(&"1") {
        // `1` reports whenever `0` does.
        letters.retain(|letter| *letter != "0");
    }
    let mut list: Vec<&str> = Vec::new();
    for letter in letters {
        if !list.contains(&letter) {
            list.push(letter);
        }
    }
    let list = list.join(":");
    (list != text && value::failure_options(&list, edition).is_some()).then_some(list)
}
