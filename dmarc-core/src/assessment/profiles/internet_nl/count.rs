//! SPF in the units of Internet.nl: terms are counted by substrings, and the limit is tested where an include is
//! entered.

use std::collections::BTreeSet;

use crate::assessment::profiles::spf_cost;
use crate::name::DomainName;
use crate::spf::analysis::{Policies, PolicyState};
use crate::spf::{Mechanism, Modifier, Qualifier, Record, TermKind};
use crate::text::lossy;

/// Its limit.
const LIMIT: u64 = 10;
/// Records that are entered. Includes end by its count; this ends redirects, which it does not test.
const RECORDS: usize = 64;

/// What it makes of a policy.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Walk {
    /// Its count.
    pub(super) lookups: u64,
    /// More than ten where an include was entered.
    pub(super) too_many: bool,
    /// A record that cannot be parsed.
    pub(super) syntax: bool,
    /// A name that was to be entered, and has no record.
    pub(super) nowhere: Option<DomainName>,
    /// An included record with `+all`.
    pub(super) open_include: Option<DomainName>,
    /// A record that cannot be looked up here.
    pub(super) unknown: bool,
    entered: usize,
}

impl Walk {
    /// Follows a policy from its root.
    pub(super) fn of(policies: &Policies) -> Self {
        let mut walk = Self::default();
        walk.enter(policies, policies.root(), false, &mut BTreeSet::new());
        walk
    }

    fn enter(
        &mut self,
        policies: &Policies,
        name: &DomainName,
        included: bool,
        path: &mut BTreeSet<DomainName>,
    ) {
        self.entered += 1;
        let record = match policies.state(name) {
            PolicyState::Record(record) => record,
            PolicyState::None | PolicyState::Several { .. } => {
                self.nowhere.get_or_insert_with(|| name.clone());
                return;
            }
            _ => {
                self.unknown = true;
                return;
            }
        };
        // What leads back to itself is counted until the limit ends it.
        if self.entered > RECORDS || !path.insert(name.clone()) {
            self.too_many = true;
            return;
        }
        self.syntax |= !is_parsed(record);
        self.lookups = self.lookups.saturating_add(own(record));
        if included && record.all() == Some(Qualifier::Pass) {
            self.open_include.get_or_insert_with(|| name.clone());
        }
        for (_, directive) in record.directives() {
            if let Mechanism::Include(spec) = &directive.mechanism {
                // It tests its limit here, and nowhere else.
                self.too_many |= self.lookups > LIMIT;
                if self.too_many {
                    return;
                }
                // A name with a macro counts, and is not followed.
                if let Some(target) = spf_cost::plain(spec) {
                    self.enter(policies, &target, true, path);
                }
            }
        }
        if let Some(target) = record.redirect().and_then(spf_cost::plain) {
            self.enter(policies, &target, included, path);
        }
        path.remove(name);
    }
}

/// Whether its parser reads a record: it has the grammar of the RFC, but takes two redirects.
pub(super) fn is_parsed(record: &Record) -> bool {
    let redirects =
        record.terms().iter().filter(|term| matches!(term.modifier(), Some(Modifier::Redirect(_))));
    record.is_usable()
        || (redirects.count() > 1 && record.terms().iter().all(|term| term.kind != TermKind::Invalid))
}

/// The terms of one record that it counts, up to the first `all`.
fn own(record: &Record) -> u64 {
    let text = lossy(record.as_octets()).to_ascii_lowercase();
    let mut count = 0;
    for term in text.split(' ').skip(1).filter(|term| !term.is_empty()) {
        if term.trim_start_matches(['+', '-', '~', '?']) == "all" {
            break;
        }
        let counted = term == "a"
            || term.starts_with("redirect")
            || ["include:", "mx", "ptr", "exists"].iter().any(|part| term.contains(part));
        count += u64::from(counted);
    }
    count
}

#[cfg(test)]
mod tests {
    use super::own;
    use crate::spf::Record;

    #[test]
    fn terms_are_counted_by_substrings() {
        let count = |text: &str| own(&Record::parse(text).value.expect("a record"));
        assert_eq!(count("v=spf1 a -all"), 1);
        assert_eq!(count("v=spf1 +a a:mail.example.com a/24 -all"), 0);
        assert_eq!(count("v=spf1 a:mx.example.com -all"), 1);
        assert_eq!(count("v=spf1 include:a.example.com include:a.example.com mx:b.example.com -all mx"), 3);
        assert_eq!(count("v=spf1 redirect=a.example.com"), 1);
    }
}
