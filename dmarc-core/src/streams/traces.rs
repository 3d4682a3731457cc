//! All traces, by the domain where the policy was found: the state that goes from one run to the next.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::trace::{Trace, describe};
use crate::report::aggregate::{Head, Record, Timestamp};

/// Traces per policy domain. Small state in, small state out: bounded by what looks different, not by records.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Traces {
    domains: BTreeMap<String, BTreeMap<String, Trace>>,
}

/// What a record beyond the limit counts under.
const REST: &str = "- - -? ????";

impl Traces {
    /// Adds what a report shows, whose head is whole by now. `limit` is the number of traces that are told
    /// apart; what is beyond it counts as one.
    pub fn take(&mut self, head: &Head, report: ReportTraces, limit: usize) {
        if report.traces.is_empty() {
            return;
        }
        let metadata = head.metadata.as_ref();
        let time = |stamp: Option<&Timestamp>| Some(stamp?.time?.0);
        let first = time(metadata.and_then(|metadata| metadata.begin.as_ref()));
        let last = time(metadata.and_then(|metadata| metadata.end.as_ref())).map(|end| end.saturating_sub(1));
        let reporter = metadata.map(|metadata| {
            crate::report::batch::digest(metadata.org_name.as_deref(), metadata.email.as_deref())
        });
        let domain = head.policy.as_ref().and_then(|policy| policy.domain.as_deref()).unwrap_or_default();
        let mut known: usize = self.len();
        let into = self.domains.entry(crate::report::batch::normalized(domain)).or_default();
        for (key, mut trace) in report.traces {
            trace.place(reporter, first, last);
            if let Some(sum) = into.get_mut(&key) {
                sum.merge(&trace);
            } else if known < limit {
                known += 1;
                into.insert(key, trace);
            } else {
                into.entry(REST.to_owned()).or_default().merge(&trace);
            }
        }
    }

    /// Adds what another run counted.
    pub fn merge(&mut self, other: Self) {
        for (domain, traces) in other.domains {
            let into = self.domains.entry(domain).or_default();
            for (key, trace) in traces {
                into.entry(key).or_default().merge(&trace);
            }
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.domains.values().map(BTreeMap::len).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.domains.is_empty()
    }

    pub(super) fn domains(&self) -> impl Iterator<Item = (&str, &BTreeMap<String, Trace>)> {
        self.domains.iter().map(|(domain, traces)| (domain.as_str(), traces))
    }
}

/// The traces of the report that is being read.
#[derive(Clone, Debug, Default)]
pub struct ReportTraces {
    traces: HashMap<String, Trace>,
    text: String,
}

impl ReportTraces {
    /// Counts a record.
    pub fn add(&mut self, record: &Record) {
        describe(&mut self.text, record);
        if let Some(trace) = self.traces.get_mut(&self.text) {
            trace.count(record);
        } else {
            self.traces.entry(self.text.clone()).or_default().count(record);
        }
    }
}
