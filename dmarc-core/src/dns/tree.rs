//! Names in an order that keeps each name beside the names below it.
//!
//! Keys are the labels from right to left (`com.example.www`). All names below a name then share
//! its key and a dot as prefix, whatever characters the labels hold, so that one range query tells
//! whether a name is an empty non-terminal (RFC 8499, 7).

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::name::DomainName;

/// A map from names to values that also knows what lies below a name.
#[derive(Clone, Debug)]
pub(crate) struct Tree<T> {
    nodes: BTreeMap<Box<str>, T>,
}

impl<T> Default for Tree<T> {
    fn default() -> Self {
        Self { nodes: BTreeMap::new() }
    }
}

impl<T> Tree<T> {
    /// The value at a name.
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.nodes.get(key)
    }

    /// The value at a name, made if there is none.
    pub(crate) fn entry(&mut self, key: &Key) -> &mut T
    where
        T: Default,
    {
        self.nodes.entry(key.as_str().into()).or_default()
    }

    /// Whether anything lies below a name.
    pub(crate) fn has_below(&self, key: &str) -> bool {
        if key.is_empty() {
            return self.nodes.keys().next_back().is_some_and(|last| !last.is_empty());
        }
        let prefix = format!("{key}.");
        self.nodes
            .range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded))
            .next()
            .is_some_and(|(other, _)| other.starts_with(&prefix))
    }

    /// Every value with its key.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut T)> {
        self.nodes.iter_mut().map(|(key, value)| (&**key, value))
    }

    /// Keeps the names for which `keep` says so.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&str) -> bool) {
        self.nodes.retain(|key, _| keep(key));
    }
}

/// A name with its labels from right to left.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Key(String);

impl Key {
    /// The key of a name.
    pub(crate) fn of(name: &DomainName) -> Self {
        let mut key = String::with_capacity(name.as_str().len());
        for label in name.labels().rev() {
            if !key.is_empty() {
                key.push('.');
            }
            key.push_str(label);
        }
        Self(key)
    }

    /// The key as text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// How many labels the name has.
    pub(crate) fn label_count(&self) -> usize {
        if self.0.is_empty() { 0 } else { self.0.matches('.').count() + 1 }
    }

    /// The key of the ancestor with `count` labels.
    pub(crate) fn ancestor(&self, count: usize) -> &str {
        let end = match count {
            0 => 0,
            _ => self.0.match_indices('.').nth(count - 1).map_or(self.0.len(), |(at, _)| at),
        };
        self.0.get(..end).unwrap_or_default()
    }
}

/// The key of a child of the name with this key.
pub(crate) fn child(key: &str, label: &str) -> String {
    if key.is_empty() { label.to_owned() } else { format!("{key}.{label}") }
}

/// Whether the name of one key is that of another, or lies below it.
pub(crate) fn is_within(key: &str, above: &str) -> bool {
    above.is_empty() || key.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// The name with this key, in its usual order.
pub(crate) fn name(key: &str) -> String {
    key.split('.').rev().collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> Key {
        Key::of(&DomainName::parse(name).unwrap_or(DomainName::root()))
    }

    #[test]
    fn a_name_is_above_another_only_at_a_dot() {
        let mut tree: Tree<u8> = Tree::default();
        *tree.entry(&key("a-b.example.com")) = 1;
        *tree.entry(&key("x.ab.example.com")) = 2;
        assert!(tree.has_below(key("ab.example.com").as_str()));
        assert!(!tree.has_below(key("a.example.com").as_str()));
        assert!(!tree.has_below(key("x.ab.example.com").as_str()));
        assert!(tree.has_below(""));
        assert_eq!(tree.get(key("A-B.example.com.").as_str()), Some(&1));
        assert_eq!(tree.iter_mut().count(), 2);
    }

    #[test]
    fn ancestors_and_children_keep_the_order() {
        assert_eq!(key("a.b.example").ancestor(2), "example.b");
        assert_eq!(key("a.b.example").ancestor(0), "");
        assert_eq!(child("example.b", "*"), "example.b.*");
        assert_eq!(child("", "example"), "example");
        assert_eq!(key("a.b.example").label_count(), 3);
        assert_eq!(name("example.b.a"), "a.b.example");
        assert!(
            is_within("example.b", "example")
                && is_within("example", "")
                && !is_within("exampleb", "example")
        );
    }
}
