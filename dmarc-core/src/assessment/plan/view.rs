//! `dmarc-check/plan/1`.

use serde_json::{Value, json};

use crate::diagnostics::{Catalog, Diagnostic, View};
use crate::time::UnixTime;

use super::publication::lines;
use super::{Blocked, Plan, Publication};

impl Plan {
    /// The JSON form, with the sentences of `catalog`. The keys of `dmarc-check/plan/1` come first; more follow.
    #[must_use]
    pub fn view(&self, catalog: &Catalog) -> Value {
        json!({
            "schema": "dmarc-check/plan/1",
            "step": self.step,
            "blocked_by": self.blocked_by.iter().map(|blocked| blocked_view(blocked, catalog)).collect::<Vec<_>>(),
            "publish": self.publish,
            "watch": sentences(&self.watch, catalog),
            "roll_back": self.roll_back,
            "after": {
                "earliest": self.after.earliest.map(UnixTime::day),
                "conditions": sentences(&self.after.conditions, catalog),
            },
            "domain": self.domain,
            "edition": self.edition,
            "track": self.track,
            "next_step": self.next_step,
            "as_of": self.as_of.map(UnixTime::day),
            "zone_lines": self.publish.iter().filter_map(Publication::zone_line).collect::<Vec<_>>(),
            "lines": {
                "publish": lines(&self.publish),
                "then": lines(&self.then),
                "roll_back": lines(&self.roll_back),
            },
            "then": self.then,
            "notes": sentences(&self.notes, catalog),
            "loss": self.loss,
            "thresholds": self.thresholds,
        })
    }
}

fn blocked_view(blocked: &Blocked, catalog: &Catalog) -> Value {
    let view = View::new(&blocked.reason, catalog, b"");
    json!({
        "stream": blocked.stream,
        "reason": view.code,
        "fix": view.help,
        "message": view.message,
        "args": view.args,
        "reference": view.reference,
        "class": blocked.class,
        "action": blocked.action,
        "messages": blocked.messages,
        "share": blocked.share,
    })
}

fn sentences(found: &[Diagnostic], catalog: &Catalog) -> Vec<Value> {
    let one = |found: &Diagnostic| {
        let view = View::new(found, catalog, b"");
        json!({
            "code": view.code,
            "message": view.message,
            "help": view.help,
            "args": view.args,
            "reference": view.reference,
        })
    };
    found.iter().map(one).collect()
}
