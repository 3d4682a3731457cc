//! What follows from a plan: publish and watch, or wait, and how to go back.

use crate::dmarc::Policy;
use crate::time::UnixTime;

use super::Plan;
use super::evidence::{Evidence, percent, share};
use super::mail::Way;
use super::record::Kept;
use super::rules::{
    BEHIND_GATEWAYS, OTHER_EDITION, SENDS_AFTER_ALL, STATED_LOSS, TOO_EARLY, WATCH_ALWAYS, WATCH_FORWARDED,
    WATCH_NEW, WATCH_QUARANTINE, WATCH_REJECT, WATCH_REPORTS, WATCH_SENDERS, WHEN_PASSING, WHEN_QUIET,
    WHEN_REPORTS, WINDOW_TOO_SHORT,
};
use super::stage::{Stage, ladder};
use super::thresholds::DAY;

/// Days after which it is worth looking again at senders that had to be mended.
const AGAIN: i64 = 7;

impl Way<'_> {
    /// What to watch and what to wait for.
    pub(super) fn sentences(&self, plan: &mut Plan, kept: &Kept) {
        let held: Vec<String> = plan.blocked_by.iter().filter_map(|blocked| blocked.stream.clone()).collect();
        let address = kept.rua().unwrap_or_default().to_owned();
        if !address.is_empty() {
            plan.watch.push(WATCH_REPORTS.anywhere().arg("address", address));
        }
        if !held.is_empty() {
            plan.watch.push(WATCH_SENDERS.anywhere().arg("streams", held));
        }
        if self.now.is_complete(self.report.edition) {
            plan.watch.push(WATCH_ALWAYS.anywhere());
        }
        let domain = self.report.domain.to_string();
        plan.watch.push(WATCH_NEW.anywhere().arg("domain", domain));
        if self.report.context.sends.is_none() && self.report.sends.evidence == "spf" {
            let messages = self.evidence.map_or(0, Evidence::legitimate);
            let reason = SENDS_AFTER_ALL.anywhere().arg("domain", self.report.domain.to_string());
            plan.notes.push(reason.arg("messages", messages));
        }
    }

    /// Publishes the next stage.
    pub(super) fn go(&self, plan: &mut Plan, text: String, stage: &Stage) {
        plan.publish.push(self.publication(text));
        plan.next_step = Some(step_of(stage));
        match stage.applied() {
            Policy::Quarantine => plan.watch.push(WATCH_QUARANTINE.anywhere()),
            Policy::Reject => plan.watch.push(WATCH_REJECT.anywhere()),
            Policy::None => {}
        }
        if plan.loss.residual > 0 {
            plan.watch.push(WATCH_FORWARDED.anywhere().arg("messages", plan.loss.residual));
            let weeks = plan.loss.weeks.unwrap_or_else(|| self.evidence.map_or(1, Evidence::weeks));
            let part = share(plan.loss.residual, plan.loss.messages) * plan.loss.share.unwrap_or_default();
            let note = STATED_LOSS.anywhere().arg("messages", plan.loss.residual).arg("weeks", weeks);
            plan.notes.push(note.arg("share", percent(part)));
        }
        if plan.loss.gateways > 0 {
            let weeks = self.evidence.map_or(1, Evidence::weeks);
            let note = BEHIND_GATEWAYS.anywhere().arg("messages", plan.loss.gateways);
            plan.notes.push(note.arg("weeks", weeks));
        }
        if stage.test {
            plan.notes.push(OTHER_EDITION.anywhere().arg("value", "t=y"));
        } else if stage.pct < 100 {
            plan.notes.push(OTHER_EDITION.anywhere().arg("value", format!("pct={}", stage.pct)));
        }
        if stage.days > 0 {
            plan.after.earliest =
                plan.as_of.map(|from| UnixTime(from.0.saturating_add(stage.days.saturating_mul(DAY))));
            self.conditions(plan, stage.days);
        }
    }

    fn conditions(&self, plan: &mut Plan, days: i64) {
        let count = plan.thresholds.reporters;
        plan.after.conditions.push(WHEN_REPORTS.anywhere().arg("days", days).arg("count", count));
        let share = percent(plan.thresholds.max_loss);
        plan.after.conditions.push(WHEN_QUIET.anywhere().arg("share", share));
    }

    /// Publishes at most what repairs, and waits.
    pub(super) fn wait(&self, plan: &mut Plan, until: Option<i64>) {
        let edition = self.report.edition;
        let held: Vec<String> = plan.blocked_by.iter().filter_map(|blocked| blocked.stream.clone()).collect();
        let complete = self.now.is_complete(edition) && plan.blocked_by.is_empty();
        let from = plan.as_of.map(|moment| moment.0);
        let days = if self.evidence.is_none() { plan.thresholds.window_days } else { AGAIN };
        let again = from.map(|from| from.saturating_add(days.saturating_mul(DAY)));
        let open = plan
            .blocked_by
            .iter()
            .any(|blocked| blocked.reason.rule != &TOO_EARLY && blocked.reason.rule != &WINDOW_TOO_SHORT);
        if !complete {
            plan.after.earliest = [until, again.filter(|_| open)].into_iter().flatten().max().map(UnixTime);
        }
        if !held.is_empty() {
            plan.after.conditions.push(WHEN_PASSING.anywhere().arg("streams", held));
        }
        if self.now.index == 0 && !complete {
            let (days, count) = (plan.thresholds.window_days, plan.thresholds.reporters);
            plan.after.conditions.push(WHEN_REPORTS.anywhere().arg("days", days).arg("count", count));
        }
        match self.now.stage.applied() {
            Policy::Quarantine => plan.watch.push(WATCH_QUARANTINE.anywhere()),
            Policy::Reject => plan.watch.push(WATCH_REJECT.anywhere()),
            Policy::None => {}
        }
        if plan.publish.is_empty() && self.now.index > 0 {
            self.one_level_back(plan);
        }
    }

    /// Where nothing is published, the way back is one level of policy.
    fn one_level_back(&self, plan: &mut Plan) {
        let stages = ladder(self.report.edition);
        let softer = self.now.stage.policy.softened();
        let Some(stage) = stages.iter().rfind(|stage| stage.policy == softer) else { return };
        let sp = self.now.sp.min(softer);
        plan.roll_back = vec![self.publication(self.own.kept.at(stage, Some(sp), self.now.np))];
    }
}

const fn step_of(stage: &Stage) -> u8 {
    match stage.policy {
        Policy::None => 2,
        Policy::Quarantine => 4,
        Policy::Reject if stage.days == 0 => 6,
        Policy::Reject => 5,
    }
}
