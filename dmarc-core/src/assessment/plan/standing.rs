//! What stands at `_dmarc` of a domain, and which stage of the way that is.

use crate::dmarc::discovery::Existence;
use crate::dmarc::{Edition, Effective, Policy, Record, TagName, Verdict};
use crate::name::DomainName;
use crate::text::lossy;

use super::super::domain::DomainReport;
use super::record::Kept;
use super::stage::{Stage, ladder, position};

/// What stands at `_dmarc` of the domain itself.
pub(super) enum Standing {
    /// It is known.
    Known(Box<Own>),
    /// It is not.
    NotKnown,
}

/// The records of the domain itself.
pub(super) struct Own {
    pub(super) name: DomainName,
    /// Records, and texts that were meant as one.
    pub(super) texts: Vec<Vec<u8>>,
    /// How many of them are records.
    pub(super) records: usize,
    /// What receivers act on, if there is one record and it can be used.
    pub(super) values: Option<Effective>,
    /// Whether it has an `np` of its own.
    writes_np: bool,
    pub(super) kept: Kept,
}

impl Standing {
    pub(super) fn of(report: &DomainReport) -> Self {
        let Ok(name) = report.domain.prepend("_dmarc") else { return Self::NotKnown };
        let texts = match &report.dmarc_texts {
            found if !found.is_settled() => return Self::NotKnown,
            found => found.records().cloned().unwrap_or_default(),
        };
        let meant =
            |text: &Vec<u8>| Record::is_record(text) || lossy(text).to_ascii_lowercase().contains("dmarc");
        let (records, meant): (Vec<_>, Vec<_>) =
            texts.into_iter().filter(meant).partition(|text| Record::is_record(text));
        let record = match records.as_slice() {
            [one] => Record::read(one, report.edition).filter(|record| record.verdict() == Verdict::Usable),
            _ => None,
        };
        let writes_np = record.as_ref().is_some_and(|record| record.published().get(TagName::Np).is_some());
        let values = record.and_then(|record| record.effective().cloned());
        let count = records.len();
        let texts = if records.is_empty() { meant } else { records };
        let mut kept = Kept::of_all(&texts, report.edition);
        if texts.is_empty()
            && let Some(found) = report.discovered.found()
        {
            kept = Kept::of(&found.text, report.edition).of_another();
        }
        Self::Known(Box::new(Own { name, texts, records: count, values, writes_np, kept }))
    }
}

/// Where the policy stands.
pub(super) struct Now {
    pub(super) index: usize,
    pub(super) stage: Stage,
    pub(super) sp: Policy,
    pub(super) np: Option<Policy>,
}

impl Now {
    pub(super) fn of(report: &DomainReport, own: &Own) -> Self {
        let edition = report.edition;
        let (policy, test, pct, sp, np) = match (&own.values, report.discovered.policy()) {
            (Some(values), _) => {
                let np = values.np.filter(|_| own.writes_np);
                (values.p, values.t == Some(true), values.pct.unwrap_or(100), values.sp, np)
            }
            // A record of its own must not ask for less than what is inherited.
            (None, Some(asked)) if own.records == 0 => {
                let test = asked.applied != asked.policy;
                let sp = report
                    .discovered
                    .subdomain_policy(Existence::Exists)
                    .map_or(asked.policy, |asked| asked.policy);
                (asked.policy, test, asked.pct.unwrap_or(100), sp, None)
            }
            _ => (Policy::None, false, 100, Policy::None, None),
        };
        Self {
            index: position(edition, policy, test, pct),
            stage: Stage { policy, test, pct, days: 0 },
            sp,
            np,
        }
    }

    pub(super) fn is_last(&self, edition: Edition) -> bool {
        self.index + 1 >= ladder(edition).len()
    }

    /// Whether nothing is weaker than `reject`.
    pub(super) fn is_complete(&self, edition: Edition) -> bool {
        self.is_last(edition) && self.sp == Policy::Reject && self.np.is_none_or(|np| np == Policy::Reject)
    }
}
