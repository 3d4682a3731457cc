//! Administrators who follow a plan to the letter, week by week: they publish what it says, have senders mended that it
//! names, set up new ones first, and say of the rest that it is not theirs.

use std::collections::BTreeMap;

use dmarc_core::assessment::plan::{Plan, Wishes, plan};
use dmarc_core::assessment::{Context, DomainCheck, Observations, ReportState};
use dmarc_core::dmarc::Edition;
use dmarc_core::dns::Snapshot;
use dmarc_core::evaluation::{Answer, Evaluation, Facts, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::report::batch::{Collector, Keep};
use dmarc_core::time::UnixTime;

use crate::simulator::{Class, FIRST, Report, WEEK, World};

/// Weeks after which an administrator gives up.
const WEEKS: u32 = 52;
/// Weeks that are counted behind the last step.
const AFTER: u32 = 4;
/// Weeks in which a world is tried with every sender set up.
const TRIED: u32 = 26;
/// Share of mail that may be lost of senders that can be mended.
pub(crate) const LOSS: f64 = 0.001;

/// Which worlds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Family {
    Usual,
    /// Lists that strip signatures, shared networks, daily reports, names below with a policy of their own.
    Harder,
}

impl Family {
    fn world(self, seed: u64) -> World {
        let mut world = match self {
            Self::Usual => World::new(seed),
            Self::Harder => World::harder(seed),
        };
        world.prolong(WEEKS);
        world
    }
}

/// How one administrator fared.
#[derive(Debug)]
pub(crate) struct Journey {
    pub(crate) seed: u64,
    /// Whether the world can be solved at all.
    pub(crate) solvable: bool,
    /// Weeks until `reject` holds for everything.
    pub(crate) weeks: Option<u32>,
    /// Messages of senders, and those of them that a policy stopped though their sender could be mended. The week in which
    /// a key or an entry in SPF went counts, though no report could tell of it before.
    pub(crate) sent: u64,
    pub(crate) lost: u64,
    /// Messages of senders that lists, forwarders and receivers' own gateways had broken, and that were stopped.
    pub(crate) broken: u64,
    /// Messages sent since the last record was published, those of them that were sent on and stopped, and the share
    /// of such mail that the plan had stated before it.
    pub(crate) behind: u64,
    pub(crate) broken_behind: u64,
    pub(crate) stated: f64,
    /// Messages stopped under the record that the world began with.
    pub(crate) before: u64,
    /// What held the plan up at last, and who lost most.
    pub(crate) held: Vec<String>,
    pub(crate) worst: Vec<(String, u64)>,
}

impl Journey {
    /// Share that was lost of what its sender could have saved.
    pub(crate) fn share(&self) -> f64 {
        self.lost as f64 / self.sent.max(1) as f64
    }

    /// Whether the goal is met: `reject`, and next to nothing lost.
    pub(crate) fn is_good(&self) -> bool {
        self.weeks.is_some() && self.share() < LOSS
    }

    /// Whether much more of what was sent on was stopped than the plan had stated.
    pub(crate) fn is_understated(&self) -> bool {
        let stopped = self.broken_behind as f64 / self.behind.max(1) as f64;
        self.weeks.is_some() && stopped > 2.0 * self.stated + 2.0 * LOSS
    }
}

/// Whether a world can be solved, by what is true of it and not by what any plan says: with every sender of the
/// organization set up in full from the first week and `reject` published, less than a thousandth of their own mail is
/// stopped, SPF stays within ten look-ups, and reports on it come in to the end.
fn is_solvable(seed: u64, family: Family) -> bool {
    let mut world = family.world(seed);
    for sender in 0..world.senders.len() {
        world.sign(sender);
        world.authorize(sender);
    }
    let record = format!("_dmarc.{}", world.domain);
    world.dns.publish(&record, format!("v=DMARC1; p=reject; rua=mailto:dmarc@{}", world.domain));
    let mut last = 0;
    for week in 0..TRIED {
        if world.week().is_some_and(|reports| !reports.is_empty()) {
            last = week;
        }
    }
    let own = |class: Class| !is_on_the_way(class);
    let fates = || world.fates.iter().filter(|((truth, _), _)| own(truth.class)).map(|(_, fate)| *fate);
    let sent: u64 = fates().map(|(sent, _)| sent).sum();
    let stopped: u64 = fates().map(|(_, stopped)| stopped).sum();
    let lookups = world.dns.text(&world.domain).map_or(0, |text| text.matches("include:").count());
    sent > 0 && (stopped as f64) < LOSS * sent as f64 && lookups <= 10 && last + 1 == TRIED
}

/// Whether somebody on the way broke it, whom no sender can mend.
fn is_on_the_way(class: Class) -> bool {
    matches!(class, Class::ForwardedModified | Class::ForwardedIntact | Class::RecipientGateway)
}

/// Follows the plan.
pub(crate) fn follow(seed: u64, edition: Edition, family: Family) -> Journey {
    let mut world = family.world(seed);
    let mut collector = Collector::new(&Limits::default(), Keep::Sums);
    let mut under_way: Vec<Report> = Vec::new();
    let mut wishes = Wishes::default();
    let (mut reached, mut first, mut last, mut held) = (None, None, None, Vec::new());
    for week in 0..WEEKS {
        if reached.is_some_and(|reached| week > reached + AFTER) {
            break;
        }
        under_way.extend(world.week().into_iter().flatten());
        let (arrived, later): (Vec<_>, Vec<_>) =
            under_way.into_iter().partition(|report| report.arrives <= week);
        under_way = later;
        for report in arrived {
            collector.feed(report.name, report.xml.as_bytes());
        }
        let now = FIRST + i64::from(week + 1) * WEEK;
        let found = look(&world, &collector, edition, now, &wishes);
        held = found
            .blocked_by
            .iter()
            .map(|held| format!("{} {:?}", held.reason.rule.code, held.stream))
            .collect();
        obey(&mut world, &found, &mut wishes);
        if !found.publish.is_empty() {
            first = first.or(Some(week + 1));
            let loss = &found.loss;
            let stated = loss.messages + loss.gateways;
            last = Some((week + 1, stated as f64 / (loss.legitimate + loss.gateways).max(1) as f64));
        }
        if found.step == Some(6) && reached.is_none() {
            reached = Some(week);
        }
    }
    let mut journey = Journey {
        seed,
        solvable: is_solvable(seed, family),
        weeks: reached,
        sent: 0,
        lost: 0,
        broken: 0,
        behind: 0,
        broken_behind: 0,
        stated: last.map_or(0.0, |(_, share)| share),
        before: 0,
        held,
        worst: Vec::new(),
    };
    let mut worst: BTreeMap<String, u64> = BTreeMap::new();
    for ((truth, week), (sent, stopped)) in &world.fates {
        journey.sent += sent;
        let is_behind = last.is_some_and(|(last, _)| *week >= last);
        journey.behind += if is_behind { *sent } else { 0 };
        if first.is_none_or(|first| *week < first) {
            journey.before += stopped;
        } else if is_on_the_way(truth.class) {
            journey.broken += stopped;
            journey.broken_behind += if is_behind { *stopped } else { 0 };
        } else if *stopped > 0 {
            journey.lost += stopped;
            let name = truth.sender.as_deref().unwrap_or_default();
            *worst.entry(format!("{name} {:?}", truth.class)).or_default() += stopped;
        }
    }
    journey.worst = worst.into_iter().collect();
    journey.worst.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    journey
}

/// The plan, from what the administrator can see.
fn look(world: &World, collector: &Collector, edition: Edition, now: i64, wishes: &Wishes) -> Plan {
    let domain = DomainName::parse(&world.domain).unwrap();
    let snapshot = Snapshot::from_json(world.dns.snapshot(), &Limits::default()).unwrap();
    let mut context = Context::default();
    context.plan = wishes.clone();
    let check = DomainCheck {
        domain: domain.clone(),
        edition,
        now: Some(UnixTime(now)),
        context,
        reports: Some(ReportState::of(&domain, collector.batch())),
        observations: Observations::default(),
        profiles: Vec::new(),
    };
    let mut evaluation = Evaluation::with_facts(check, Facts::from_snapshot(snapshot), Limits::default());
    let report = loop {
        match evaluation.step() {
            Step::Done(report) => break report,
            Step::Ask(questions) => {
                for question in questions {
                    let answer = match &question {
                        Question::PublicSuffix { name } => Answer::PublicSuffix(name.rightmost(1)),
                        _ => Answer::NotPossible,
                    };
                    evaluation.answer(question, answer);
                }
            }
        }
    };
    plan(&report, None)
}

/// Publishes and mends what the plan says.
fn obey(world: &mut World, plan: &Plan, wishes: &mut Wishes) {
    for each in &plan.publish {
        assert_eq!(each.record_type, "TXT", "{each:?}");
        match &each.value {
            Some(text) => world.dns.publish(&each.name, text.clone()),
            None => world.dns.remove(&each.name),
        }
    }
    for held in &plan.blocked_by {
        let Some(stream) = &held.stream else { continue };
        let behind = world.behind(stream);
        // Of mail that shows up for a while nobody knows yet; of a steady sender somebody would.
        if behind.is_empty() && held.reason.rule.code != "plan/unidentified-mail" {
            wishes.accept.push(stream.clone());
        }
        for sender in behind {
            match held.reason.rule.code {
                "plan/dkim-only" | "plan/dkim-alone" => world.authorize(sender),
                "plan/spf-only" | "plan/spf-alone" => world.sign(sender),
                _ => {
                    world.sign(sender);
                    world.authorize(sender);
                }
            }
        }
    }
    let told = plan.watch.iter().any(|watch| watch.rule.code == "plan/watch-new-senders");
    let strict = world.tag("p").is_some_and(|policy| policy != "none");
    // Whoever starts to send under a policy is set up first.
    for sender in (0..world.senders.len()).filter(|_| told && strict) {
        if world.is_new(sender) {
            world.sign(sender);
            world.authorize(sender);
        }
    }
}
