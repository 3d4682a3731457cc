//! One value in its slot: the first one counts, and what is odd about it is found.

use super::build::Places;
use super::coded::{Coded, Understood, Word};
use super::conformance;
use super::log::{Log, quote};
use super::model::Timestamp;
use super::node::Node;
use super::rules;
use super::values::{self, TimeForm};
use crate::diagnostics::Rule;

/// Elements of one kind that are kept; RFC 9990, 3.1.3 has at most 100 results per record.
const ENTRIES: usize = 1_000;

/// Puts a default where nothing is; `true` if something was there.
pub(super) fn fill<T: Default>(slot: &mut Option<T>) -> bool {
    let taken = slot.is_some();
    slot.get_or_insert_default();
    taken
}

/// Adds to a list that may not grow without end; `false` if it is full.
pub(super) fn more<T>(list: &mut Vec<T>, value: T, node: Node, log: &mut Log, at: Places<'_>) -> bool {
    if list.len() >= ENTRIES {
        log.add(
            &rules::TOO_MANY_ENTRIES,
            || at.event(),
            |found| found.arg("element", node.name()).arg("limit", ENTRIES),
        );
        return false;
    }
    if list.is_empty() {
        // Mostly there is one; a list would make room for four.
        list.reserve_exact(1);
    }
    list.push(value);
    true
}

/// The first value counts.
pub(super) fn set<T>(slot: &mut Option<T>, value: T, node: Node, log: &mut Log, at: Places<'_>) {
    if slot.is_some() {
        log.breaks(&rules::DUPLICATE_ELEMENT);
        log.add(&rules::DUPLICATE_ELEMENT, || at.element(), |found| found.arg("element", node.name()));
    } else {
        *slot = Some(value);
    }
}

pub(super) fn empty(node: Node, log: &mut Log, at: Places<'_>) {
    log.add(&rules::EMPTY_ELEMENT, || at.element(), |found| found.arg("element", node.name()));
}

/// A text that must not be empty.
pub(super) fn name(slot: &mut Option<String>, text: &str, node: Node, log: &mut Log, at: Places<'_>) {
    if text.is_empty() {
        empty(node, log, at);
    }
    set(slot, text.to_owned(), node, log, at);
}

pub(super) fn domain(slot: &mut Option<String>, text: &str, node: Node, log: &mut Log, at: Places<'_>) {
    if !text.is_empty() && !values::is_domain(text) {
        log.add(
            &rules::INVALID_DOMAIN,
            || at.element(),
            |found| found.arg("element", node.name()).arg("value", quote(text)),
        );
    }
    name(slot, text, node, log, at);
}

pub(super) fn time(slot: &mut Option<Timestamp>, text: &str, node: Node, log: &mut Log, at: Places<'_>) {
    let (stamp, form) = values::timestamp(text);
    match form {
        TimeForm::Seconds => {}
        TimeForm::Other => {
            if !conformance::is_integer(text) {
                log.breaks(&rules::TIME_FORM);
            }
            log.add(
                &rules::TIME_FORM,
                || at.element(),
                |found| {
                    let seconds = stamp.time.map_or(0, |time| time.0);
                    found.arg("element", node.name()).arg("value", quote(text)).arg("seconds", seconds)
                },
            );
        }
        TimeForm::Unreadable if text.is_empty() => {
            log.breaks(&rules::EMPTY_ELEMENT);
            empty(node, log, at);
        }
        TimeForm::Unreadable => {
            if !conformance::is_integer(text) {
                log.breaks(&rules::INVALID_TIME);
            }
            log.add(
                &rules::INVALID_TIME,
                || at.element(),
                |found| found.arg("element", node.name()).arg("value", quote(text)),
            );
        }
    }
    set(slot, stamp, node, log, at);
}

pub(super) fn coded<T: Word>(
    slot: &mut Option<Coded<T>>,
    text: &str,
    node: Node,
    log: &mut Log,
    at: Places<'_>,
) {
    let (value, understood) = Coded::<T>::understand(text);
    let rule: Option<&'static Rule> = match understood {
        Understood::Exactly => None,
        Understood::Empty => Some(&rules::EMPTY_ELEMENT),
        Understood::Leniently => Some(&rules::VALUE_SPELLING),
        Understood::Not => Some(&rules::UNKNOWN_VALUE),
    };
    if let Some(rule) = rule {
        log.breaks(rule);
        log.add(
            rule,
            || at.element(),
            |found| {
                let found = found.arg("element", node.name());
                match understood {
                    Understood::Leniently => {
                        found.arg("value", quote(text)).arg("meant", value.value().as_str())
                    }
                    Understood::Not => found.arg("value", quote(text)),
                    Understood::Exactly | Understood::Empty => found,
                }
            },
        );
    }
    set(slot, value, node, log, at);
}
