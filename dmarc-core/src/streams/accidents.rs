//! A check that fails now and then beside mail of the same host that passes: no other sender, and nothing that broke.

use super::class::Class;
use super::classify::{Organization, ratio};
use super::facts::Item;
use super::trace::total;

/// Weeks that are looked at together where a sender has few messages a week.
const TOGETHER: i64 = 5;

impl<'a> Organization<'a> {
    /// The passing mail of the same host, where this item is no more than an accident beside it.
    pub(super) fn usual(&self, item: &Item<'a>, like: impl Fn(&Item<'a>) -> bool) -> Option<&'a Item<'a>> {
        let beside = self.alike(item, like);
        // Looked at week by week: what broke was rare before.
        let weeks = item.trace.weeks.iter();
        let rare = weeks.filter(|(week, failing)| {
            ratio(*failing, failing.saturating_add(in_week(&beside, *week))) <= self.thresholds.accident
        });
        let rare = total(rare.map(|(_, failing)| *failing));
        if ratio(rare, item.trace.messages) < 0.5 {
            return None;
        }
        beside.into_iter().max_by_key(|other| other.trace.messages)
    }

    /// Weeks in which a trace is no more than an accident, whatever it is as a whole, with its messages: once a sender is
    /// mended, some of its mail fails still.
    pub(super) fn accidents(&self, item: &Item<'a>, class: Class) -> Vec<(i64, u64)> {
        let beside = match class {
            Class::AuthenticatedSpfOnly => self.alike(item, |other| other.dkim && other.spf),
            Class::Broken | Class::Misconfigured if !item.passes() => self.alike(item, Item::passes),
            _ => return Vec::new(),
        };
        if beside.is_empty() {
            return Vec::new();
        }
        let around = |week: i64, of: &dyn Fn(i64) -> u64| {
            let half = TOGETHER / 2;
            total((week.saturating_sub(half)..=week.saturating_add(half)).map(of))
        };
        let is_rare = |week: i64, failing: u64| {
            let passing = in_week(&beside, week);
            if ratio(failing, failing.saturating_add(passing)) <= self.thresholds.accident {
                return true;
            }
            let failing = around(week, &|week| item.in_week(week));
            let passing = around(week, &|week| in_week(&beside, week));
            ratio(failing, failing.saturating_add(passing)) <= self.thresholds.accident / TOGETHER as f64
        };
        item.trace.weeks.iter().copied().filter(|(week, failing)| is_rare(*week, *failing)).collect()
    }

    /// Passing mail of the same host, envelope and signature.
    fn alike(&self, item: &Item<'a>, like: impl Fn(&Item<'a>) -> bool) -> Vec<&'a Item<'a>> {
        let Some(beside) = self.passing.get(&(item.key.network, item.key.author)) else { return Vec::new() };
        let beside = beside.iter().filter_map(|at| self.items.get(*at));
        let alike = |other: &&Item<'a>| {
            like(other) && item.same_envelope(other) && item.same_signature(other) && item.same_hosts(other)
        };
        beside.filter(alike).collect()
    }
}

fn in_week(items: &[&Item<'_>], week: i64) -> u64 {
    total(items.iter().map(|item| item.in_week(week)))
}
