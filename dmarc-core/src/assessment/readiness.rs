//! Whether a policy can be made stricter without losing mail: what reports of the last weeks show, and what
//! they cannot show.
//!
//! One answer per policy node: the domain itself (`p`) and the names below it (`sp`, and `np` for those that do
//! not exist), each on its own author domains; a name with a record of its own is a node of its own. Windows
//! belong to a profile and name their source. No window of weeks shows a yearly mailing, and none is called safe.

use serde::Serialize;

use crate::streams::{Action, Because, Class, Judged, Node};

/// Share of the mail that must pass, by its lower bound.
const PASS: f64 = 0.99;
/// Messages below which nothing is concluded.
const MESSAGES: u64 = 300;
/// Reporters below which nothing is concluded.
const REPORTERS: usize = 3;
/// Weeks without a new sender.
const QUIET: u64 = 2;
/// Messages of a week below which its share says nothing.
const WEEKLY: u64 = 30;
/// Share of the mail that a sender must have to hold a policy up.
const OPEN: f64 = 0.001;
/// Seconds in a day.
const DAY: i64 = 86_400;
/// 1.96 deviations: 95 of 100.
const Z: f64 = 1.96;

/// How long to watch, and who says so.
const WINDOWS: &[(&str, i64, &str)] = &[
    ("baseline", 28, "RFC 9989, 7.4: a month each at none and at quarantine"),
    ("guide", 28, "guide 002: 4 to 6 weeks of reports"),
    ("forum", 42, "Forum Standaardisatie, step 2: 6 to 8 weeks of reports"),
];

/// Whether a policy can be made stricter.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It can.
    Ready,
    /// It can, and some mail that is sent on will be lost, which no sender can mend.
    ReadyWithLosses,
    /// It cannot: mail of senders that are named would be lost.
    NotReady,
    /// Reports do not show enough.
    NotEnoughData,
}

/// Why a verdict is no better.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Reports cover fewer days than the window.
    WindowTooShort,
    /// Too few reporters.
    FewReporters,
    /// Too few messages.
    FewMessages,
    /// Senders that fail, or that do not authenticate as the domain.
    OpenStreams,
    /// Less passes than is asked.
    LowPassShare,
    /// A new sender in the last weeks.
    NewStream,
    /// Senders that only SPF passes for: RFC 9989, 7.4 wants DKIM before `reject`.
    SpfOnly,
    /// Mail that nobody can tell what it is.
    UnknownMail,
    /// Mail that is sent on and loses its signature.
    ForwardedMail,
}

/// A sender that holds a policy up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Open {
    /// Its key.
    pub stream: String,
    /// What it is.
    pub class: Class,
    /// What to do.
    pub action: Action,
    /// Messages that fail.
    pub failing: u64,
    /// Their share of all mail that is not unauthorised.
    pub share: f64,
}

/// One window, and what it allows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Window {
    /// The profile that it belongs to.
    pub profile: &'static str,
    /// Days of reports that it asks for.
    pub days: i64,
    /// Who says so.
    pub source: &'static str,
    /// The verdict under it, for `quarantine`.
    pub quarantine: Verdict,
    /// The verdict under it, for `reject`.
    pub reject: Verdict,
}

/// The readiness of one policy node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Readiness {
    /// Where the policy was found.
    pub policy_domain: String,
    /// `self` for the domain's own name (`p`), `subdomains` for those below (`sp`, `np`).
    pub node: &'static str,
    /// The verdict for `quarantine`, under the shortest window.
    pub quarantine: Verdict,
    /// The verdict for `reject`, under the shortest window.
    pub reject: Verdict,
    /// Why they are no better, worst first.
    pub reasons: Vec<Reason>,
    /// The verdicts under each window.
    pub windows: Vec<Window>,
    /// Days that reports cover, each counted once.
    pub days: i64,
    /// Who reported.
    pub reporters: usize,
    /// Part of the messages that the largest reporter saw.
    pub largest_reporter: f64,
    /// Messages of any kind.
    pub messages: u64,
    /// Messages that are not unauthorised, and not a gateway's: the base of all shares.
    pub base: u64,
    /// Messages of the base that pass.
    pub passed: u64,
    /// Their share; null without messages.
    pub pass_share: Option<f64>,
    /// The lower bound of the share: of the Wilson interval at 95 %, and of the worst week, since messages of
    /// one sender do not fail independently.
    pub lower_bound: Option<f64>,
    /// Senders that hold the policy up, most failing messages first.
    pub open: Vec<Open>,
    /// Weeks since the last new sender; null if none was new.
    pub quiet_weeks: Option<u64>,
    /// Messages that were sent on and fail: lost under the policy, and no sender can mend that.
    pub residual: u64,
    /// The same per week.
    pub residual_per_week: f64,
    /// Days that the window does not show: mailings that go out less often than this are not seen.
    pub blind_beyond_days: i64,
}

/// The readiness of every node of what was judged.
#[must_use]
pub fn readiness(judged: &Judged) -> Vec<Readiness> {
    judged.nodes.iter().filter(|node| !node.policy_domain.is_empty()).map(of_node).collect()
}

/// What is summed over the streams of a node.
#[derive(Default)]
struct Sums {
    base: u64,
    passed: u64,
    unknown: u64,
    residual: u64,
    spf_only: u64,
    weeks: Vec<(i64, u64)>,
    passing: Vec<(i64, u64)>,
    newest: Option<i64>,
}

fn of_node(node: &Node) -> Readiness {
    let days =
        node.covered.iter().map(|(begin, end)| end.saturating_sub(*begin)).fold(0, i64::saturating_add);
    // An end is often the last second.
    let days = days.saturating_add(DAY / 2) / DAY;
    let sums = sums(node);
    let share = |part: u64| if sums.base == 0 { 0.0 } else { part as f64 / sums.base as f64 };
    let mut open: Vec<Open> = node
        .streams
        .iter()
        .filter(|((_, class), _)| matches!(class, Class::Misconfigured | Class::Broken))
        .filter_map(|((stream, class), part)| {
            let failing = part.messages.saturating_sub(part.passed);
            let because = part.because.unwrap_or(Because::TooLittle);
            let open = Open {
                stream: stream.clone(),
                class: *class,
                action: Action::of(*class, because),
                failing,
                share: share(failing),
            };
            // What was mended since fails no more.
            (because != Because::PassedSince && open.share >= OPEN).then_some(open)
        })
        .collect();
    open.sort_by(|one, other| (other.failing, &one.stream).cmp(&(one.failing, &other.stream)));
    let all = node.reporters.iter().map(|(_, messages)| *messages).fold(0, u64::saturating_add);
    let most = node.reporters.iter().map(|(_, messages)| *messages).max().unwrap_or_default();
    let pass_share = (sums.base > 0).then(|| share(sums.passed));
    let lower_bound = pass_share.map(|_| wilson(sums.passed, sums.base).min(worst_week(&sums)));
    let last = sums.weeks.last().map(|(week, _)| *week);
    let quiet_weeks = sums.newest.zip(last).map(|(newest, last)| last.abs_diff(newest));
    let weeks = sums.weeks.len().max(1) as f64;
    let facts = Facts {
        days,
        reporters: node.reporters.len(),
        base: sums.base,
        // What is mended by nobody is no reason to wait: it is told apart.
        lower_bound: wilson(sums.passed.saturating_add(sums.residual), sums.base),
        open: !open.is_empty(),
        quiet: quiet_weeks.is_none_or(|quiet| quiet >= QUIET),
        unknown: share(sums.unknown) > 1.0 - PASS,
        residual: sums.residual > 0,
        spf_only: share(sums.spf_only) > 1.0 - PASS,
    };
    let window = |(profile, days, source): &(&'static str, i64, &'static str)| Window {
        profile,
        days: *days,
        source,
        quarantine: facts.verdict(*days, false),
        reject: facts.verdict(*days, true),
    };
    let windows: Vec<Window> = WINDOWS.iter().map(window).collect();
    let shortest = WINDOWS.iter().map(|(_, days, _)| *days).min().unwrap_or_default();
    Readiness {
        policy_domain: node.policy_domain.clone(),
        node: if node.below { "subdomains" } else { "self" },
        quarantine: facts.verdict(shortest, false),
        reject: facts.verdict(shortest, true),
        reasons: facts.reasons(shortest, true),
        windows,
        days,
        reporters: node.reporters.len(),
        largest_reporter: if all == 0 { 0.0 } else { round(most as f64 / all as f64) },
        messages: node.messages(),
        base: sums.base,
        passed: sums.passed,
        pass_share: pass_share.map(round),
        lower_bound: lower_bound.map(round),
        open: open.into_iter().map(|open| Open { share: round(open.share), ..open }).collect(),
        quiet_weeks,
        residual: sums.residual,
        residual_per_week: (sums.residual as f64 / weeks * 10.0).round() / 10.0,
        blind_beyond_days: days,
    }
}

fn sums(node: &Node) -> Sums {
    let mut sums = Sums::default();
    let first = node.streams.values().filter_map(|part| part.weeks.first()).map(|(week, _)| *week).min();
    for ((_, class), part) in &node.streams {
        let failing = part.messages.saturating_sub(part.passed);
        match class {
            Class::Unauthorised | Class::RecipientGateway => continue,
            Class::Unknown => sums.unknown = sums.unknown.saturating_add(part.messages),
            Class::ForwardedIntact | Class::ForwardedModified => {
                sums.residual = sums.residual.saturating_add(failing);
            }
            Class::AuthenticatedSpfOnly => sums.spf_only = sums.spf_only.saturating_add(part.messages),
            _ => {}
        }
        sums.base = sums.base.saturating_add(part.messages);
        sums.passed = sums.passed.saturating_add(part.passed);
        for (into, weeks) in [(&mut sums.weeks, &part.weeks), (&mut sums.passing, &part.passing_weeks)] {
            for (week, messages) in weeks {
                match into.binary_search_by_key(week, |(known, _)| *known) {
                    Ok(at) => {
                        if let Some((_, sum)) = into.get_mut(at) {
                            *sum = sum.saturating_add(*messages);
                        }
                    }
                    Err(at) => into.insert(at, (*week, *messages)),
                }
            }
        }
        // A new way that mail is sent on is no new sender.
        let begins = part.weeks.first().map(|(week, _)| *week);
        let sends = !matches!(class, Class::ForwardedIntact | Class::ForwardedModified | Class::Unknown);
        if sends && part.messages >= WEEKLY && begins > first {
            sums.newest = sums.newest.max(begins);
        }
    }
    sums
}

/// What verdicts rest on.
struct Facts {
    days: i64,
    reporters: usize,
    base: u64,
    lower_bound: f64,
    open: bool,
    quiet: bool,
    unknown: bool,
    residual: bool,
    spf_only: bool,
}

impl Facts {
    fn reasons(&self, window: i64, reject: bool) -> Vec<Reason> {
        let reasons = [
            (self.days < window, Reason::WindowTooShort),
            (self.reporters < REPORTERS, Reason::FewReporters),
            (self.base < MESSAGES, Reason::FewMessages),
            (self.open, Reason::OpenStreams),
            (self.lower_bound < PASS && self.base > 0, Reason::LowPassShare),
            (!self.quiet, Reason::NewStream),
            (reject && self.spf_only, Reason::SpfOnly),
            (self.unknown, Reason::UnknownMail),
            (self.residual, Reason::ForwardedMail),
        ];
        reasons.into_iter().filter(|(applies, _)| *applies).map(|(_, reason)| reason).collect()
    }

    fn verdict(&self, window: i64, reject: bool) -> Verdict {
        let reasons = self.reasons(window, reject);
        let any = |of: &[Reason]| reasons.iter().any(|reason| of.contains(reason));
        // What fails is known even where there is too little to call anything ready.
        if any(&[Reason::OpenStreams]) {
            Verdict::NotReady
        } else if any(&[Reason::WindowTooShort, Reason::FewReporters, Reason::FewMessages]) {
            Verdict::NotEnoughData
        } else if any(&[Reason::LowPassShare, Reason::NewStream, Reason::SpfOnly, Reason::UnknownMail]) {
            Verdict::NotReady
        } else if self.residual {
            Verdict::ReadyWithLosses
        } else {
            Verdict::Ready
        }
    }
}

/// The lower end of the Wilson interval.
fn wilson(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let center = p + Z * Z / (2.0 * n);
    let deviation = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((center - deviation) / (1.0 + Z * Z / n)).clamp(0.0, 1.0)
}

/// The lowest share of a week that has enough messages.
fn worst_week(sums: &Sums) -> f64 {
    let of = |(week, messages): &(i64, u64)| {
        let at = sums.passing.binary_search_by_key(week, |(known, _)| *known).ok();
        let passing = at.and_then(|at| sums.passing.get(at)).map_or(0, |(_, passing)| *passing);
        (*messages >= WEEKLY).then(|| passing as f64 / *messages as f64)
    };
    sums.weeks.iter().filter_map(of).fold(1.0, f64::min)
}

/// Four decimals: a hundredth of a percent.
fn round(share: f64) -> f64 {
    (share * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_bound_is_lower_where_there_is_less() {
        assert!(wilson(0, 0).abs() < f64::EPSILON);
        assert!(wilson(10, 10) < 0.75 && wilson(1000, 1000) > 0.99);
        assert!(wilson(990, 1000) < 0.99);
    }

    fn facts() -> Facts {
        Facts {
            days: 56,
            reporters: 5,
            base: 10_000,
            lower_bound: 0.995,
            open: false,
            quiet: true,
            unknown: false,
            residual: false,
            spf_only: false,
        }
    }

    #[test]
    fn a_verdict_is_as_good_as_its_worst_reason() {
        assert_eq!(facts().verdict(28, true), Verdict::Ready);
        assert_eq!(Facts { residual: true, ..facts() }.verdict(28, true), Verdict::ReadyWithLosses);
        assert_eq!(Facts { spf_only: true, ..facts() }.verdict(28, true), Verdict::NotReady);
        assert_eq!(Facts { spf_only: true, ..facts() }.verdict(28, false), Verdict::Ready);
        assert_eq!(Facts { days: 30, ..facts() }.verdict(42, false), Verdict::NotEnoughData);
        assert_eq!(Facts { days: 3, open: true, ..facts() }.verdict(28, false), Verdict::NotReady);
    }
}
