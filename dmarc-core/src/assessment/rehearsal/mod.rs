//! A rehearsal: every reported row is replayed through the records as they are and as they would be.
//!
//! What changes is worked out, what does not stays as it was reported. SPF is evaluated for the row's own client
//! over both sets of facts; a signature fails once its key is gone; alignment and policy follow the records
//! (RFC 9989, 5.3; RFC 7489, 6.6). Where facts are missing on one side only, a row is undecided, and counted apart.

mod destinations;
mod replay;
mod request;
mod rows;
mod state;
mod what_if;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dmarc::Edition;
use crate::evaluation::Facts;
use crate::name::DomainName;
use crate::streams::{Class, Judged};

pub use self::destinations::NewDestination;
use self::replay::{Fate, Replay};
pub use self::request::{RehearsalError, Rehearse};
pub(crate) use self::rows::ReportRows;
pub use self::rows::Rows;
pub use self::state::RowsError;
pub use self::what_if::{RecordChange, WHAT_IF_TAGS, check_tag, what_if};
pub use super::records::Records;

/// Streams that are shown, most lost messages first.
const STREAMS: usize = 1_000;

/// A sender that will sign from now on: what no record says.
#[derive(Clone, Debug, Eq, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    /// The name that it authenticates as today: part of the key of its stream.
    pub sender: String,
    /// `d=` of its signatures.
    pub domain: DomainName,
    /// Their selector; the key is looked up in the records as they would be.
    pub selector: DomainName,
}

/// The two states of the records, and what else is known.
pub struct Change<'a> {
    /// As they are.
    pub from: &'a Facts,
    /// As they would be.
    pub to: &'a Facts,
    /// Who signs from now on.
    pub signs: &'a [Signs],
    /// The public suffix of a name, for RFC 7489; `None` where nobody knows.
    pub public_suffix: &'a dyn Fn(&DomainName) -> Option<DomainName>,
}

/// Messages by what becomes of them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Fates {
    /// All.
    pub messages: u64,
    /// Those that pass under the records as they are.
    pub passed_before: u64,
    /// Those that pass under the records as they would be.
    pub passed_after: u64,
    /// Those that gain a pass.
    pub gained: u64,
    /// Those that lose it.
    pub lost_pass: u64,
    /// Those for which `quarantine` or `reject` is asked under the records as they are.
    pub enforced_before: u64,
    /// Those for which it is asked under the records as they would be.
    pub enforced_after: u64,
    /// Those for which it is asked then and not now.
    pub newly_enforced: u64,
    /// Those for which it is asked now and not then.
    pub released: u64,
    /// Those for which `reject` is asked under the records as they are.
    pub rejected_before: u64,
    /// Those for which it is asked under the records as they would be.
    pub rejected_after: u64,
    /// Those of which nothing can be said; they are in none of the others.
    pub undecided: u64,
}

/// What becomes of a stream.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StreamFate {
    /// Its key.
    pub key: String,
    /// What it is.
    pub class: Class,
    /// Its messages by what becomes of them.
    #[serde(flatten)]
    pub fates: Fates,
}

/// What becomes of all mail under one edition.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rehearsed {
    /// The edition that receivers are taken to follow.
    pub edition: Edition,
    /// All messages.
    pub totals: Fates,
    /// Messages of legitimate streams that are newly enforced: the loss.
    pub loss: u64,
    /// The loss by its cause.
    pub loss_by: LossBy,
    /// Unauthorised messages that are newly enforced: the gain.
    pub stopped: u64,
    /// The loss as a share of all messages of legitimate streams; null without any.
    pub loss_share: Option<f64>,
    /// By stream, most newly enforced messages first.
    pub streams: Vec<StreamFate>,
    /// What reporters did under the records as they were when they reported: the yardstick.
    pub yardstick: Yardstick,
}

/// A loss by its cause.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct LossBy {
    /// Mail that passes now, and would not then: the change takes away what lets it pass.
    pub change: u64,
    /// Mail of senders that are set up wrongly.
    pub misconfigured: u64,
    /// Mail of senders that passed before and do not now.
    pub broken: u64,
    /// Mail that is sent on by others: no sender can mend that.
    pub forwarded: u64,
    /// Mail of good senders that fails now and then.
    pub accidents: u64,
}

/// The causes of a loss.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd)]
enum Cause {
    Change,
    Misconfigured,
    Broken,
    Forwarded,
    Accident,
}

impl Cause {
    /// Why a message of a legitimate stream would be lost.
    const fn of(fate: Option<Fate>, class: Class) -> Self {
        match (fate, class) {
            (Some(Fate { before, .. }), _) if before.passed => Self::Change,
            (_, Class::Misconfigured) => Self::Misconfigured,
            (_, Class::Broken) => Self::Broken,
            (_, Class::ForwardedIntact | Class::ForwardedModified) => Self::Forwarded,
            _ => Self::Accident,
        }
    }
}

/// How far reporters did what was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Yardstick {
    /// Failing messages for which the records as they are ask to enforce.
    pub asked: u64,
    /// Those of them that reporters did enforce.
    pub enforced: u64,
    /// The share; null if nothing was asked.
    pub share: Option<f64>,
}

/// The outcome of a rehearsal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rehearsal {
    /// `dmarc-check/change/1`.
    pub schema: &'static str,
    /// The record whose tags were set, if that was the change.
    pub record: Option<RecordChange>,
    /// Under each edition that was asked for.
    pub editions: Vec<Rehearsed>,
    /// Hosts elsewhere to which reports would go from now on, and whether they agree.
    pub destinations: Vec<NewDestination>,
    /// Messages beyond the rows that are told apart.
    pub left_out: u64,
}

/// Replays rows through a change.
#[must_use]
pub fn rehearse(rows: &Rows, change: &Change<'_>, judged: &Judged, editions: &[Edition]) -> Rehearsal {
    Rehearsal {
        schema: "dmarc-check/change/1",
        record: None,
        editions: editions.iter().map(|edition| rehearsed(rows, change, judged, *edition)).collect(),
        destinations: destinations::added(
            rows,
            change,
            editions.first().copied().unwrap_or(Edition::Rfc9989),
        ),
        left_out: rows.left_out,
    }
}

fn rehearsed(rows: &Rows, change: &Change<'_>, judged: &Judged, edition: Edition) -> Rehearsed {
    let mut replay = Replay::new(change, edition);
    let mut streams: BTreeMap<(String, Class), Sums> = BTreeMap::new();
    let mut causes: BTreeMap<Cause, Sums> = BTreeMap::new();
    let (mut totals, mut asked, mut enforced) = (Sums::default(), 0_u128, 0_u64);
    for (row, counts) in rows.ordered() {
        let class = judged.look_up(&row.policy_domain, &row.look);
        let stream = class.as_ref().map_or("unknown", |class| class.stream);
        let fate = replay.fate(row, stream);
        let key = (stream.to_owned(), class.as_ref().map_or(Class::Unknown, |class| class.class));
        if key.1.is_legitimate() {
            causes.entry(Cause::of(fate, key.1)).or_default().add(fate, counts.messages);
        }
        for sums in [&mut totals, streams.entry(key).or_default()] {
            sums.add(fate, counts.messages);
        }
        let share = fate.map_or(0, |fate| fate.before.enforced);
        if share > 0 {
            asked += part(counts.messages, share);
            enforced = enforced.saturating_add(counts.enforced);
        }
    }
    let asked = whole(asked);
    let yardstick = Yardstick { asked, enforced, share: share(enforced, asked) };
    let totals = totals.fates();
    let streams: BTreeMap<(String, Class), Fates> =
        streams.into_iter().map(|(key, sums)| (key, sums.fates())).collect();
    let sum = |of: fn(Class) -> bool, part: fn(&Fates) -> u64| {
        let streams = streams.iter().filter(|((_, class), _)| of(*class));
        streams.map(|(_, fates)| part(fates)).fold(0, u64::saturating_add)
    };
    let loss = sum(Class::is_legitimate, |fates| fates.newly_enforced);
    let legitimate = sum(Class::is_legitimate, |fates| fates.messages);
    let stopped = sum(|class| class == Class::Unauthorised, |fates| fates.newly_enforced);
    let mut streams: Vec<StreamFate> =
        streams.into_iter().map(|((key, class), fates)| StreamFate { key, class, fates }).collect();
    streams.sort_by_key(|stream| {
        let Fates { newly_enforced, lost_pass, messages, .. } = stream.fates;
        std::cmp::Reverse((newly_enforced, lost_pass, messages))
    });
    streams.truncate(STREAMS);
    let mut by = |cause| causes.remove(&cause).map_or(0, |sums| sums.fates().newly_enforced);
    let loss_by = LossBy {
        change: by(Cause::Change),
        misconfigured: by(Cause::Misconfigured),
        broken: by(Cause::Broken),
        forwarded: by(Cause::Forwarded),
        accidents: by(Cause::Accident),
    };
    let loss_share = share(loss, legitimate);
    Rehearsed { edition, totals, loss, loss_by, stopped, loss_share, streams, yardstick }
}

fn share(part: u64, whole: u64) -> Option<f64> {
    // Six decimals: one message in a million shows.
    (whole > 0).then(|| (part as f64 / whole as f64 * 1e6).round() / 1e6)
}

/// Messages times percent: a share of each row is taken, and only the sums are rounded.
fn part(messages: u64, percent: u8) -> u128 {
    u128::from(messages) * u128::from(percent)
}

/// Such a sum in messages.
fn whole(parts: u128) -> u64 {
    u64::try_from((parts + 50) / 100).unwrap_or(u64::MAX)
}

/// What [`Fates`] become, while rows are added.
#[derive(Default)]
struct Sums {
    fates: Fates,
    enforced_before: u128,
    enforced_after: u128,
    newly_enforced: u128,
    released: u128,
    rejected_before: u128,
    rejected_after: u128,
}

impl Sums {
    fn add(&mut self, fate: Option<Fate>, messages: u64) {
        let fates = &mut self.fates;
        let add = |sum: &mut u64, applies: bool| {
            if applies {
                *sum = sum.saturating_add(messages);
            }
        };
        add(&mut fates.messages, true);
        let Some(Fate { before, after }) = fate else { return add(&mut fates.undecided, true) };
        add(&mut fates.passed_before, before.passed);
        add(&mut fates.passed_after, after.passed);
        add(&mut fates.gained, after.passed && !before.passed);
        add(&mut fates.lost_pass, before.passed && !after.passed);
        for (sum, percent) in [
            (&mut self.enforced_before, before.enforced),
            (&mut self.enforced_after, after.enforced),
            // A receiver draws a number for each message: the share that was asked for stays among what is asked for.
            (&mut self.newly_enforced, after.enforced.saturating_sub(before.enforced)),
            (&mut self.released, before.enforced.saturating_sub(after.enforced)),
            (&mut self.rejected_before, before.rejected),
            (&mut self.rejected_after, after.rejected),
        ] {
            *sum += part(messages, percent);
        }
    }

    fn fates(self) -> Fates {
        Fates {
            enforced_before: whole(self.enforced_before),
            enforced_after: whole(self.enforced_after),
            newly_enforced: whole(self.newly_enforced),
            released: whole(self.released),
            rejected_before: whole(self.rejected_before),
            rejected_after: whole(self.rejected_after),
            ..self.fates
        }
    }
}
