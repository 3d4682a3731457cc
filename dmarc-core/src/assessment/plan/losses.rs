//! What the next stage of a policy loses, and whose.

use crate::dmarc::Policy;
use crate::streams::Class;

use super::evidence::{Evidence, name_of, percent, round, share, sum};
use super::mail::Way;
use super::rules::{ACCEPTED_LOSS, WOULD_LOSE};
use super::stage::Stage;
use super::{Blocked, Loss, LostStream, Plan};

/// Streams of a loss that are shown.
const SHOWN: usize = 20;

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

impl Way<'_> {
    /// What the next stage loses.
    pub(super) fn count(&self, plan: &mut Plan, with_below: bool, level: Policy) {
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
                || evidence.is_accepted(&one.stream)
                || plan.blocked_by.iter().any(|blocked| blocked.stream.as_ref() == Some(&one.stream))
        };
        let further = sum(streams.iter().filter(|one| !named(one)).map(|one| one.messages));
        if share(further, legitimate) > plan.thresholds.max_loss {
            let open: Vec<&LostStream> = streams.iter().filter(|one| !named(one)).collect();
            let found =
                open.into_iter().filter_map(|one| self.would_lose(plan, one, legitimate)).collect::<Vec<_>>();
            plan.blocked_by.extend(found);
        }
        let accepted: Vec<&LostStream> =
            streams.iter().filter(|one| evidence.is_accepted(&one.stream)).collect();
        if !accepted.is_empty() {
            let lost = sum(accepted.iter().map(|one| one.messages));
            let names: Vec<String> = accepted.iter().map(|one| name_of(&one.stream).to_owned()).collect();
            let note = ACCEPTED_LOSS.anywhere().arg("streams", names).arg("messages", lost);
            plan.notes.push(note.arg("share", percent(share(lost, legitimate))));
        }
        let gateways = evidence.behind_gateways(with_below);
        plan.loss = Loss {
            basis: if counted.weeks.is_some() { "reports" } else { "rehearsal" },
            messages,
            legitimate,
            weeks: counted.weeks,
            share: (legitimate > 0).then(|| round(share(messages, legitimate))),
            residual,
            gateways,
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

    /// A sender whose mail would be lost, where that is more than a few messages.
    fn would_lose(&self, plan: &Plan, lost: &LostStream, legitimate: u64) -> Option<Blocked> {
        let part = share(lost.messages, legitimate);
        if part < plan.thresholds.stream_share {
            return None;
        }
        let reason = WOULD_LOSE
            .anywhere()
            .arg("stream", name_of(&lost.stream))
            .arg("domain", self.report.domain.to_string())
            .arg("messages", lost.messages)
            .arg("share", percent(part));
        Some(Blocked {
            stream: Some(lost.stream.clone()),
            class: Some(lost.class),
            action: None,
            messages: lost.messages,
            share: Some(round(part)),
            reason,
        })
    }
}
