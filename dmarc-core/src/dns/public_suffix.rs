//! Rules of the public suffix list (publicsuffix.org, "Format" and "Algorithm"), and the longest
//! suffix of a name under them.
//!
//! The list itself is the caller's. A name that no rule matches falls under the implicit rule `*`:
//! its suffix is its last label.

use std::collections::BTreeSet;

use crate::name::DomainName;

/// Rules, ready to be matched.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct SuffixRules {
    plain: BTreeSet<DomainName>,
    /// Parents whose children are suffixes.
    wildcards: BTreeSet<DomainName>,
    exceptions: BTreeSet<DomainName>,
}

impl SuffixRules {
    /// Takes one line of the list; `false` if it is not a rule. Comments and empty lines are fine.
    pub(crate) fn add(&mut self, line: &str) -> bool {
        // "Each line is only read up to the first whitespace; entire lines can also be commented
        // using //."
        let Some(rule) = line.split_whitespace().next().filter(|rule| !rule.starts_with("//")) else {
            return true;
        };
        let (set, rule) = if let Some(rule) = rule.strip_prefix('!') {
            (&mut self.exceptions, rule)
        } else if rule == "*" {
            // Written out, the implicit rule changes nothing.
            return true;
        } else if let Some(rule) = rule.strip_prefix("*.") {
            (&mut self.wildcards, rule)
        } else {
            (&mut self.plain, rule)
        };
        let rule = rule.strip_prefix('.').unwrap_or(rule);
        // The list uses a wildcard as the leftmost label only.
        match DomainName::parse(rule) {
            Ok(name) if !name.is_root() && !name.as_str().contains('*') => {
                set.insert(name);
                true
            }
            _ => false,
        }
    }

    /// The longest public suffix of a name; the root has none but itself.
    pub(crate) fn suffix_of(&self, name: &DomainName) -> DomainName {
        let count = name.label_count();
        let mut longest = count.min(1);
        for labels in 1..=count {
            let candidate = name.rightmost(labels);
            // "If more than one rule matches, the prevailing rule is the one which is an exception
            // rule", and its leftmost label is not part of the suffix.
            if self.exceptions.contains(&candidate) {
                return name.rightmost(labels - 1);
            }
            let by_wildcard = candidate.parent().is_some_and(|parent| self.wildcards.contains(&parent));
            if by_wildcard || self.plain.contains(&candidate) {
                longest = labels;
            }
        }
        name.rightmost(longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suffix(rules: &[&str], name: &str) -> String {
        let mut set = SuffixRules::default();
        assert!(rules.iter().all(|rule| set.add(rule)), "{rules:?}");
        set.suffix_of(&DomainName::parse(name).unwrap()).to_string()
    }

    #[test]
    fn the_cases_of_the_public_suffix_list_hold() {
        let rules = [
            "// comment",
            "",
            "com",
            "uk",
            "co.uk",
            "*.ck",
            "!www.ck",
            "jp",
            "*.kawasaki.jp",
            "!city.kawasaki.jp",
        ];
        for (name, expected) in [
            ("com", "com"),
            ("example.com", "com"),
            ("a.b.example.co.uk", "co.uk"),
            ("ck", "ck"),
            ("b.test.ck", "test.ck"),
            ("www.www.ck", "ck"),
            ("c.kobe.kawasaki.jp", "kobe.kawasaki.jp"),
            ("www.city.kawasaki.jp", "kawasaki.jp"),
            ("a.unlisted", "unlisted"),
            (".", "."),
        ] {
            assert_eq!(suffix(&rules, name), expected, "{name}");
        }
    }

    #[test]
    fn rules_in_unicode_match_a_labels() {
        assert_eq!(suffix(&["公司.cn and more text"], "a.xn--55qx5d.cn"), "xn--55qx5d.cn");
    }

    #[test]
    fn what_is_no_rule_is_refused() {
        let mut set = SuffixRules::default();
        for rule in ["a..b", "a.*.b", "!", "*."] {
            assert!(!set.add(rule), "{rule}");
        }
        assert_eq!(set, SuffixRules::default());
    }
}
