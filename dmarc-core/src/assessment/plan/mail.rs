//! A domain that sends mail: stage by stage, as far as reports allow.

use crate::diagnostics::Severity;
use crate::dmarc::discovery::Discovery;
use crate::dmarc::{Edition, Policy};
use crate::streams::{Class, Judged};
use crate::time::UnixTime;

use super::super::domain::DomainReport;
use super::evidence::{self, Evidence, sum};
use super::publication::Publication;
use super::record::{Kept, shown};
use super::rules::{
    DKIM_ALONE, FEW_MESSAGES, FEW_REPORTERS, NO_REPORTS, NOT_DELIVERED, SPF_ALONE, TOO_EARLY,
    WINDOW_TOO_SHORT,
};
use super::spf;
use super::stage::{Stage, ladder};
use super::standing::{Now, Own, Standing};
use super::thresholds::DAY;
use super::{Blocked, Plan, Rehearse};

/// Days between the levels of `sp`, where it is behind `p`.
const BELOW: i64 = 14;

/// Whether reports show so much legitimate mail of a domain without mail that it has some, unless the operator
/// insists.
pub(super) fn sends_after_all(report: &DomainReport, judged: Option<&Judged>) -> bool {
    report.context.sends.is_none()
        && judged.is_some_and(|judged| {
            let streams = judged.streams.iter().filter(|stream| stream.class.is_legitimate());
            sum(streams.map(|stream| stream.messages)) >= super::Thresholds::default().stream_messages
        })
}

/// The plan.
pub(super) fn plan(
    report: &DomainReport,
    judged: Option<&Judged>,
    rehearse: Option<Rehearse<'_>>,
    mut plan: Plan,
) -> Plan {
    let Standing::Known(own) = Standing::of(report) else {
        plan.open(format!("_dmarc.{}", report.domain));
        return plan;
    };
    if own.records == 0
        && let Discovery::Failed { name, .. } | Discovery::NotKnown { name } = &report.discovered.discovery
    {
        plan.open(format!("_dmarc.{name}"));
        return plan;
    }
    let thresholds = plan.thresholds.clone();
    let evidence = judged.and_then(|judged| Evidence::of(report, judged, &thresholds));
    if let Some(evidence) = &evidence {
        plan.as_of = Some(UnixTime(evidence.end));
    }
    let way = Way { report, own: &own, now: Now::of(report, &own), evidence: evidence.as_ref(), rehearse };
    way.plan(&mut plan);
    plan
}

/// Everything that the way on rests on.
pub(super) struct Way<'a> {
    pub(super) report: &'a DomainReport,
    pub(super) own: &'a Own,
    pub(super) now: Now,
    pub(super) evidence: Option<&'a Evidence<'a>>,
    pub(super) rehearse: Option<Rehearse<'a>>,
}

impl Way<'_> {
    fn plan(&self, plan: &mut Plan) {
        let mut kept = self.own.kept.clone();
        let repaired = self.repair(plan, &mut kept);
        let spf = spf::repair(self.report);
        let mended = plan.blocked_by.len() + spf.blocked.len() > 0;
        plan.blocked_by.extend(spf.blocked);
        if !(spf.takes_away && self.rests_on_spf()) {
            plan.publish.extend(spf.publish);
        }
        self.destinations(plan);
        self.data(plan);
        let dwell = self.dwell(plan);
        let next = self.next(plan, &kept);
        self.sentences(plan, &kept);
        let is_open = plan.blocked_by.iter().any(|blocked| blocked.reason.severity >= Severity::Notice);
        let next = next.filter(|_| !repaired);
        match next {
            Some((text, stage)) if !is_open => self.go(plan, text, &stage),
            Some((text, _)) => {
                plan.then = vec![self.publication(text)];
                self.wait(plan, dwell);
            }
            None => self.wait(plan, dwell),
        }
        plan.step = Some(self.step(plan, mended || repaired));
    }

    pub(super) fn publication(&self, text: String) -> Publication {
        Publication::txt(&self.own.name, Some(text), self.own.texts.last().map(|text| shown(text)))
    }

    /// Whether reports show enough.
    fn data(&self, plan: &mut Plan) {
        let limits = plan.thresholds.clone();
        let Some(evidence) = self.evidence else {
            if !self.now.is_complete(self.report.edition) {
                let reason = NO_REPORTS.anywhere().arg("domain", self.report.domain.to_string());
                plan.blocked_by.push(Blocked::about(reason.arg("days", limits.window_days)));
            }
            return;
        };
        if self.now.is_complete(self.report.edition) {
            return;
        }
        // Whatever the policy is: who sends once a month has to be seen before it gets stricter.
        if evidence.days < limits.window_days {
            let reason =
                WINDOW_TOO_SHORT.anywhere().arg("days", evidence.days).arg("needed", limits.window_days);
            plan.blocked_by.push(Blocked::about(reason));
        }
        if evidence.days < limits.patience_days {
            if evidence.reporters < limits.reporters {
                let reason = FEW_REPORTERS.anywhere().arg("count", evidence.reporters);
                plan.blocked_by.push(Blocked::about(reason.arg("needed", limits.reporters)));
            }
            let messages = evidence.messages();
            if messages < limits.messages {
                let reason = FEW_MESSAGES.anywhere().arg("count", messages);
                plan.blocked_by.push(Blocked::about(reason.arg("needed", limits.messages)));
            }
        }
    }

    /// How long the policy has to stand still: until when, if that is not over.
    fn dwell(&self, plan: &mut Plan) -> Option<i64> {
        let evidence = self.evidence?;
        let stage = ladder(self.report.edition).get(self.now.index)?;
        if self.now.index == 0 {
            let until = evidence.begin.saturating_add(plan.thresholds.window_days.saturating_mul(DAY));
            return (evidence.days < plan.thresholds.window_days).then_some(until.max(evidence.end));
        }
        if self.now.is_complete(self.report.edition) {
            return None;
        }
        let needed = if stage.days == 0 { BELOW } else { stage.days };
        let values = self.own.values.as_ref()?;
        let since = evidence::since(self.report, values);
        let days = since.map_or(0, |since| evidence.end.saturating_sub(since).saturating_add(DAY / 2) / DAY);
        if days >= needed {
            return None;
        }
        let policy = self.stage_name();
        let reason = TOO_EARLY.anywhere().arg("policy", policy).arg("days", days).arg("needed", needed);
        plan.blocked_by.push(Blocked::about(reason));
        Some(since.unwrap_or(evidence.end).saturating_add(needed.saturating_mul(DAY)))
    }

    fn stage_name(&self) -> String {
        let stage = &self.now.stage;
        let mut text = format!("p={}", stage.policy.as_str());
        if stage.test {
            text.push_str("; t=y");
        }
        if stage.pct < 100 {
            text.push_str(&format!("; pct={}", stage.pct));
        }
        text
    }

    /// The record of the next stage, with what holds it up said on the way; `None` at the end.
    fn next(&self, plan: &mut Plan, kept: &Kept) -> Option<(String, Stage)> {
        let edition = self.report.edition;
        let stages = ladder(edition);
        let Some(evidence) = self.evidence else {
            let stage = stages.get(self.now.index + 1)?;
            return Some((kept.at(stage, None, None), *stage));
        };
        let level = stages.get(self.now.index + 1).map_or(Policy::Reject, |stage| stage.policy);
        let (own, below) = (evidence.holds(false, level), evidence.holds(true, level));
        let may = (own.is_empty(), below.is_empty());
        // What holds the names below up leaves the domain itself free, as long as `sp` can stay behind, and does not
        // stop their mail already.
        let is_stopped = self.now.sp != Policy::None
            && evidence
                .holds(true, Policy::Quarantine)
                .iter()
                .any(|held| held.class.is_some_and(Class::is_legitimate) && !is_alone(held));
        let stays_behind = may.0 && !may.1 && !is_stopped && !self.now.is_last(edition);
        let held = below.clone();
        plan.blocked_by.extend(own);
        if !stays_behind {
            for one in below {
                match plan
                    .blocked_by
                    .iter_mut()
                    .find(|known| known.stream == one.stream && known.reason.rule == one.reason.rule)
                {
                    // Named once, with what fails most.
                    Some(known) if known.messages >= one.messages => {}
                    Some(known) => *known = one,
                    None => plan.blocked_by.push(one),
                }
            }
        } else {
            plan.notes.extend(held.iter().map(|held| held.reason.clone()));
        }
        if self.now.is_complete(edition) {
            return None;
        }
        let mut stage =
            stages.get(self.now.index + 1).copied().unwrap_or(Stage { days: BELOW, ..self.now.stage });
        let raised = match self.now.sp {
            Policy::None => Policy::Quarantine,
            _ => Policy::Reject,
        };
        let sp = if may.1 { raised.min(stage.policy).max(self.now.sp) } else { self.now.sp };
        // In test mode a weaker `sp` would fall one level further.
        if stage.test && sp != Policy::None && sp < stage.policy {
            stage = stages.get(self.now.index + 2).copied().unwrap_or(stage);
        }
        let np = self.now.np.map(|np| np.max(sp));
        // Names that do not exist send no mail: the first that `reject` can hold for.
        let first = edition == Edition::Rfc9989 && stage.policy == Policy::Quarantine && !stage.test && may.1;
        let np = if first { Some(Policy::Reject) } else { np };
        self.count(plan, may.1, level);
        if stage.policy == Policy::Reject && sp == Policy::Reject && !stage.test && stage.pct == 100 {
            stage.days = 0;
        } else if stage.days == 0 {
            stage.days = BELOW;
        }
        Some((kept.at(&stage, Some(sp), np), stage))
    }

    fn step(&self, plan: &Plan, mends: bool) -> u8 {
        let edition = self.report.edition;
        if self.now.is_complete(edition) {
            return 6;
        }
        match self.now.stage.policy {
            Policy::Reject => 5,
            Policy::Quarantine => 4,
            Policy::None if mends => 1,
            Policy::None => {
                let waits = [&NO_REPORTS, &WINDOW_TOO_SHORT, &FEW_REPORTERS, &FEW_MESSAGES, &NOT_DELIVERED];
                let waits = plan.blocked_by.iter().any(|blocked| waits.contains(&blocked.reason.rule));
                if waits { 2 } else { 3 }
            }
        }
    }
}

/// Whether a sender passes, by one mechanism.
fn is_alone(held: &Blocked) -> bool {
    held.reason.rule == &DKIM_ALONE || held.reason.rule == &SPF_ALONE
}
