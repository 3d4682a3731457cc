//! A domain that sends mail: stage by stage, as far as reports allow.

use crate::diagnostics::Severity;
use crate::dmarc::discovery::{Discovery, Existence, FoundAt};
use crate::dmarc::external::Authorization;
use crate::dmarc::{Edition, Effective, Policy, PublicSuffixFlag, Record, TagName, Verdict};
use crate::name::DomainName;
use crate::streams::{Class, Judged};
use crate::text::lossy;
use crate::time::UnixTime;

use super::super::domain::DomainReport;
use super::evidence::{self, Evidence, name_of, percent, round, share, sum};
use super::publication::Publication;
use super::record::{Kept, shown};
use super::rules::{
    FEW_MESSAGES, FEW_REPORTERS, FLAWED_RECORD, INHERITED, NO_MAILBOX, NO_RECORD, NO_REPORTS, NO_RUA,
    NOT_DELIVERED, OTHER_EDITION, PUBLIC_SUFFIX, SENDS_AFTER_ALL, SEVERAL_RECORDS, STATED_LOSS, TOO_EARLY,
    UNUSABLE_RECORD, WATCH_ALWAYS, WATCH_FORWARDED, WATCH_NEW, WATCH_QUARANTINE, WATCH_REJECT, WATCH_REPORTS,
    WATCH_SENDERS, WHEN_MAILBOX, WHEN_PASSING, WHEN_QUIET, WHEN_REPORTS, WINDOW_TOO_SHORT, WOULD_LOSE,
};
use super::spf;
use super::stage::{Stage, ladder, position};
use super::thresholds::DAY;
use super::{Blocked, Loss, LostStream, Plan, Rehearse};

/// Streams of a loss that are shown.
const SHOWN: usize = 20;
/// Days after which it is worth looking again at senders that had to be mended.
const AGAIN: i64 = 7;
/// Days between the levels of `sp`, where it is behind `p`.
const BELOW: i64 = 14;

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
    records: usize,
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
struct Now {
    index: usize,
    stage: Stage,
    sp: Policy,
    np: Option<Policy>,
}

impl Now {
    fn of(report: &DomainReport, own: &Own) -> Self {
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

    fn is_last(&self, edition: Edition) -> bool {
        self.index + 1 >= ladder(edition).len()
    }

    /// Whether nothing is weaker than `reject`.
    fn is_complete(&self, edition: Edition) -> bool {
        self.is_last(edition) && self.sp == Policy::Reject && self.np.is_none_or(|np| np == Policy::Reject)
    }
}

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

/// What a stage would lose, before it is put together.
struct Counted {
    streams: Vec<LostStream>,
    /// Messages of legitimate streams.
    legitimate: u64,
    /// Weeks that are counted; `None` where all rows were replayed.
    weeks: Option<u64>,
}

/// Whether others sent it on.
const fn is_sent_on(class: Class) -> bool {
    matches!(class, Class::ForwardedIntact | Class::ForwardedModified)
}

/// Everything that the way on rests on.
struct Way<'a> {
    report: &'a DomainReport,
    own: &'a Own,
    now: Now,
    evidence: Option<&'a Evidence<'a>>,
    rehearse: Option<Rehearse<'a>>,
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

    fn publication(&self, text: String) -> Publication {
        Publication::txt(&self.own.name, Some(text), self.own.texts.last().map(|text| shown(text)))
    }

    /// What makes the record count, whatever its policy. Says whether it is published anew.
    fn repair(&self, plan: &mut Plan, kept: &mut Kept) -> bool {
        let domain = || self.report.domain.to_string();
        let before = plan.blocked_by.len();
        let mut block = |reason| plan.blocked_by.push(Blocked::about(reason));
        match (self.own.records, &self.own.values) {
            (0, _) if self.own.texts.is_empty() => match self.report.discovered.found() {
                Some(found) if found.found_at != FoundAt::Domain => {
                    let from = found.policy_domain.to_string();
                    plan.notes.push(INHERITED.anywhere().arg("domain", domain()).arg("from", from));
                }
                _ => block(NO_RECORD.anywhere().arg("domain", domain())),
            },
            (0 | 1, None) => block(UNUSABLE_RECORD.anywhere().arg("domain", domain())),
            (1, Some(_)) => {
                let text = self.own.texts.first().map(Vec::as_slice).unwrap_or_default();
                let found = Record::parse(text, self.report.edition).diagnostics;
                if found.iter().any(|one| one.severity == Severity::Error) {
                    block(FLAWED_RECORD.anywhere().arg("domain", domain()));
                }
            }
            (count, _) => block(SEVERAL_RECORDS.anywhere().arg("domain", domain()).arg("count", count)),
        }
        let psd = self.own.values.as_ref().is_some_and(|values| values.psd == Some(PublicSuffixFlag::Y));
        if psd {
            kept.without_ruf();
            plan.notes.push(PUBLIC_SUFFIX.anywhere().arg("domain", domain()));
        }
        if kept.rua().is_none() {
            let wish = self.report.context.plan.rua.clone();
            let takes_mail = self.report.receives.value != Some(false);
            let address =
                wish.or_else(|| takes_mail.then(|| format!("dmarc-reports@{}", self.report.domain)));
            match address {
                Some(address) => {
                    kept.send_to(&address);
                    let reason = NO_RUA.anywhere().arg("domain", domain()).arg("address", address.as_str());
                    plan.blocked_by.push(Blocked::about(reason));
                    plan.after.conditions.push(WHEN_MAILBOX.anywhere().arg("address", address));
                }
                None => plan.blocked_by.push(Blocked::about(NO_MAILBOX.anywhere().arg("domain", domain()))),
            }
        }
        let inherits = self.own.texts.is_empty() && plan.blocked_by.len() == before;
        let anew = plan.blocked_by.len() > before || inherits && !self.now.is_last(self.report.edition);
        if anew {
            let text = kept.at(&self.now.stage, Some(self.now.sp), self.now.np);
            let others = self.own.texts.split_last().map_or(&[][..], |(_, others)| others);
            let gone = others.iter().map(|old| Publication::txt(&self.own.name, None, Some(shown(old))));
            plan.publish.extend(gone);
            let as_before = self.own.texts.last().is_some_and(|old| *old == text.as_bytes());
            if !as_before {
                plan.publish.push(self.publication(text));
            }
        }
        anew
    }

    /// Whether senders pass by SPF alone, or that is not known.
    fn rests_on_spf(&self) -> bool {
        self.evidence.is_none_or(|evidence| {
            [false, true].into_iter().any(|below| {
                evidence
                    .holds(below, Policy::Reject)
                    .iter()
                    .any(|held| held.class == Some(Class::AuthenticatedSpfOnly))
            })
        })
    }

    /// Reports that go nowhere.
    fn destinations(&self, plan: &mut Plan) {
        for to in self.report.destinations.iter().filter(|to| to.tag == "rua") {
            if to.authorization == Authorization::NotAuthorized {
                let line = to.publish.clone().unwrap_or_default();
                let reason = NOT_DELIVERED.anywhere().arg("uri", to.uri.as_str()).arg("line", line);
                match self.evidence {
                    // They arrive all the same, by another address.
                    Some(_) => plan.notes.push(reason),
                    None => plan.blocked_by.push(Blocked::about(reason)),
                }
            }
        }
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
                .any(|held| held.class.is_some_and(Class::is_legitimate));
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

    /// What the next stage loses.
    fn count(&self, plan: &mut Plan, with_below: bool, level: Policy) {
        let Some(evidence) = self.evidence else { return };
        let counted = self.replayed(evidence, with_below, level).unwrap_or_else(|| {
            let below = if with_below { evidence.losses(true) } else { Vec::new() };
            let streams = [evidence.losses(false), below].concat();
            Counted { streams, legitimate: evidence.legitimate(), weeks: Some(evidence.weeks()) }
        });
        let mut streams: Vec<LostStream> = Vec::new();
        for one in counted.streams {
            match streams.iter_mut().find(|known| known.stream == one.stream && known.class == one.class) {
                Some(known) => known.messages = known.messages.saturating_add(one.messages),
                None => streams.push(one),
            }
        }
        streams.sort_by(|one, other| (other.messages, &one.stream).cmp(&(one.messages, &other.stream)));
        let residual = sum(streams.iter().filter(|one| is_sent_on(one.class)).map(|one| one.messages));
        let messages = sum(streams.iter().map(|one| one.messages));
        let legitimate = counted.legitimate.max(messages);
        let named = |one: &&LostStream| {
            is_sent_on(one.class)
                || plan.blocked_by.iter().any(|blocked| blocked.stream.as_ref() == Some(&one.stream))
        };
        let further = sum(streams.iter().filter(|one| !named(one)).map(|one| one.messages));
        if share(further, legitimate) > plan.thresholds.max_loss {
            self.block_losses(plan, &streams, legitimate);
        }
        plan.loss = Loss {
            basis: if counted.weeks.is_some() { "reports" } else { "rehearsal" },
            messages,
            weeks: counted.weeks,
            share: (legitimate > 0).then(|| round(share(messages, legitimate))),
            residual,
            streams: streams.into_iter().take(SHOWN).collect(),
        };
    }

    /// Every reported row through the record of the next stage as a whole; `None` where the caller has no rows, or where
    /// the policy enforces already, so that nothing is newly lost and what fails still is.
    fn replayed(&self, evidence: &Evidence<'_>, with_below: bool, level: Policy) -> Option<Counted> {
        let rehearse = self.rehearse?;
        if self.now.stage.applied() != Policy::None {
            return None;
        }
        let stage = Stage { policy: level, test: false, pct: 100, days: 0 };
        let text = self.own.kept.at(&stage, (!with_below).then_some(self.now.sp), None);
        let worst = rehearse(&[self.publication(text)]).into_iter().max_by_key(|one| one.loss)?;
        let mut counted = Counted { streams: Vec::new(), legitimate: 0, weeks: None };
        for stream in worst.streams.into_iter().filter(|stream| stream.class.is_legitimate()) {
            counted.legitimate = counted.legitimate.saturating_add(stream.fates.messages);
            let messages = stream.fates.newly_enforced;
            if messages > 0 && !evidence.is_over(&stream.key, stream.class) {
                counted.streams.push(LostStream { stream: stream.key, class: stream.class, messages });
            }
        }
        Some(counted)
    }

    /// Whose mail would be lost, beside those who are named already.
    fn block_losses(&self, plan: &mut Plan, streams: &[LostStream], legitimate: u64) {
        for one in streams.iter().filter(|one| !is_sent_on(one.class)) {
            let part = share(one.messages, legitimate);
            let named = |blocked: &Blocked| blocked.stream.as_deref() == Some(one.stream.as_str());
            if part < plan.thresholds.stream_share || plan.blocked_by.iter().any(named) {
                continue;
            }
            let reason = WOULD_LOSE
                .anywhere()
                .arg("stream", name_of(&one.stream))
                .arg("domain", self.report.domain.to_string())
                .arg("messages", one.messages)
                .arg("share", percent(part));
            plan.blocked_by.push(Blocked {
                stream: Some(one.stream.clone()),
                class: Some(one.class),
                action: None,
                messages: one.messages,
                share: Some(round(part)),
                reason,
            });
        }
    }

    /// What to watch and what to wait for.
    fn sentences(&self, plan: &mut Plan, kept: &Kept) {
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
    fn go(&self, plan: &mut Plan, text: String, stage: &Stage) {
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
            let share = percent(plan.loss.share.unwrap_or_default());
            let note = STATED_LOSS.anywhere().arg("messages", plan.loss.messages).arg("weeks", weeks);
            plan.notes.push(note.arg("share", share));
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
    fn wait(&self, plan: &mut Plan, until: Option<i64>) {
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

const fn step_of(stage: &Stage) -> u8 {
    match stage.policy {
        Policy::None => 2,
        Policy::Quarantine => 4,
        Policy::Reject if stage.days == 0 => 6,
        Policy::Reject => 5,
    }
}
