//! What a policy costs and whom it authorizes, for every client at once (RFC 7208, 4.6.4).
//!
//! [`Analyze`] fetches the records of a policy and the addresses that they name; its [`Analysis`]
//! has the tree with the cost of each term, the least and the greatest number of lookups that any
//! client can cause, and the [`Surface`] of each family. Counts and surfaces are exact for the answers
//! at hand where no name uses other macros than `%{d}` and `%{v}`, and there is no `ptr`; otherwise
//! they say what they leave open. [`Conventions`] says what counts.
//!
//! Nothing is left to chance: a policy that never ends is followed as far as a fixed budget goes.

mod conventions;
mod ends;
mod findings;
mod flow;
mod matches;
mod open;
mod policies;
pub mod rewrite;
pub mod rules;
mod sets;
mod surface;
mod target;
mod tree;
pub mod view;
mod visit;
mod ways;
mod work;

use std::net::IpAddr;

use serde::Serialize;

pub use conventions::{Conventions, VoidUnit};
pub use ends::{Cause, End, Outcome, Spent, Step};
use flow::{Flow, Limited};
pub use open::{Open, Reason};
pub use policies::{Policies, PolicyState};
pub use sets::{AddressRange, AddressSet, Family};
pub use surface::{Difference, Surface, Verdict};
pub use tree::{Again, PolicyNode, TermNode};
use visit::{Decided, without_places};
pub use ways::{Unresolved, Way};

use crate::diagnostics::Diagnostic;
use crate::evaluation::{Check, Inquiry, Unknown};
use crate::name::DomainName;

/// The analysis of one policy.
///
/// ```
/// use dmarc_core::dns::Snapshot;
/// use dmarc_core::evaluation::{Evaluation, Facts, Step};
/// use dmarc_core::limits::Limits;
/// use dmarc_core::spf::analysis::{Analyze, Family, Outcome};
///
/// let snapshot: Snapshot = serde_json::from_str(
///     r#"{ "complete": true, "names": {
///         "example.com": { "TXT": ["v=spf1 include:_spf.example.net -all"] },
///         "_spf.example.net": { "TXT": ["v=spf1 ip4:192.0.2.0/24 a:mail.example.net -all"] },
///         "mail.example.net": { "A": ["198.51.100.1"] } } }"#,
/// )?;
/// let facts = Facts::from_snapshot(&snapshot);
/// let mut evaluation = Evaluation::with_facts(Analyze::new("example.com".parse()?), facts, Limits::default());
/// let Step::Done(analysis) = evaluation.step() else { panic!("the snapshot knows it all") };
/// assert_eq!(analysis.sum, Some(2));
/// assert_eq!((analysis.ipv4.least, analysis.ipv4.most), (Some(1), Some(2)));
/// let pass = analysis.surface(Family::Ipv4).part(Outcome::Pass);
/// assert_eq!(pass.size(), "257");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Analyze {
    /// The domain.
    pub domain: DomainName,
    /// A record to take instead of what is published at the domain.
    pub draft: Option<Vec<u8>>,
    /// What counts.
    pub conventions: Conventions,
}

impl Analyze {
    /// The analysis of what a domain publishes, by the default conventions.
    #[must_use]
    pub fn new(domain: DomainName) -> Self {
        Self { domain, draft: None, conventions: Conventions::default() }
    }
}

/// What the clients of one family cost, without limits: `None` where it is not known.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Interval {
    /// Least lookups of any client.
    pub least: Option<u32>,
    /// Most lookups of any client; none with a loop.
    pub most: Option<u32>,
    /// A client that causes most lookups, if that is exact.
    pub most_by: Option<IpAddr>,
    /// Most void lookups of any client.
    pub most_voids: Option<u32>,
    /// A client that causes most void lookups, if that is exact.
    pub most_voids_by: Option<IpAddr>,
    /// Whether the numbers are those of real clients for the answers at hand, not bounds.
    pub exact: bool,
}

/// What an evaluation of the policy comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum PolicyVerdict {
    /// Every client gets a result.
    Valid,
    /// Some client gets `permerror`.
    Permerror,
    /// Some client gets `temperror`.
    Temperror,
    /// There is no record.
    None,
    /// It does not follow from what is known.
    Undetermined,
}

/// What is known about one policy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Analysis {
    /// The domain.
    pub domain: DomainName,
    /// What counts.
    pub conventions: Conventions,
    /// The records and answers that it is made of.
    pub policies: Policies,
    /// The plain sum over all terms that can be reached: `None` with a loop, or where it is not known.
    pub sum: Option<u64>,
    /// What IPv4 clients cost.
    pub ipv4: Interval,
    /// What IPv6 clients cost.
    pub ipv6: Interval,
    /// What an evaluation comes to, with its limits.
    pub verdict: PolicyVerdict,
    surfaces: [Surface; 2],
    meant: [Surface; 2],
    effort: Effort,
}

/// What an analysis took.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
struct Effort {
    /// Ranges and terms that were looked at.
    work: u64,
    /// Whether that was too much to go to the end.
    cut: bool,
}

impl Effort {
    fn and(self, flow: &Flow<'_>) -> Self {
        Self { work: self.work.saturating_add(flow.work()), cut: self.cut || flow.is_cut() }
    }
}

impl Check for Analyze {
    type Report = Analysis;

    fn run(&self, inquiry: &mut Inquiry<'_>) -> Result<Analysis, Unknown> {
        let policies = Policies::fetch(&self.domain, self.draft.as_deref(), &self.conventions, inquiry)?;
        Ok(Analysis::of(policies, &self.conventions))
    }
}

impl Analysis {
    /// The analysis of a policy that was fetched.
    #[must_use]
    pub fn of(policies: Policies, conventions: &Conventions) -> Self {
        let mut effort = Effort { work: policies.size(), cut: false };
        let sum = policies.sum(conventions);
        let tree = if sum.is_some() { Tree::Finite } else { Tree::Open };
        let [(ipv4, meant4, surface4), (ipv6, meant6, surface6)] =
            Family::ALL.map(|family| both_ways(&policies, conventions, family, tree, &mut effort));
        let surfaces = [surface4, surface6];
        Self {
            domain: policies.root().clone(),
            conventions: conventions.clone(),
            verdict: verdict(&surfaces),
            policies,
            sum,
            ipv4,
            ipv6,
            surfaces,
            meant: [meant4, meant6],
            effort,
        }
    }

    /// What receivers give the clients of a family, with their limits.
    #[must_use]
    pub const fn surface(&self, family: Family) -> &Surface {
        of_family(&self.surfaces, family)
    }

    /// What the policy would give the clients of a family, were there no limits. The ends of this one
    /// have a cause, but no steps.
    #[must_use]
    pub const fn surface_without_limits(&self, family: Family) -> &Surface {
        of_family(&self.meant, family)
    }

    /// What an address gets, and by which term.
    #[must_use]
    pub fn address(&self, address: IpAddr) -> Option<Verdict> {
        self.surface(Family::of(address).0).verdict(address)
    }

    /// The counts of a family.
    #[must_use]
    pub const fn interval(&self, family: Family) -> &Interval {
        match family {
            Family::Ipv4 => &self.ipv4,
            Family::Ipv6 => &self.ipv6,
        }
    }

    /// What the counts and surfaces do not know.
    #[must_use]
    pub fn open(&self) -> Vec<Open> {
        let mut open = open::open(&self.policies, &self.conventions);
        if self.effort.cut {
            let policy = self.domain.clone();
            open.push(Open { policy, term: None, reason: Reason::TooLarge, question: None });
        }
        open
    }

    /// What it took to find this out: ranges of addresses and terms that were looked at. It is bounded
    /// whatever the policy.
    #[must_use]
    pub const fn work(&self) -> u64 {
        self.effort.work
    }

    /// What is to say about the policy, each with the text that its span is about.
    #[must_use]
    pub fn findings(&self) -> Vec<(Diagnostic, Vec<u8>)> {
        findings::findings(self, &self.tree())
    }

    /// The tree.
    #[must_use]
    pub fn tree(&self) -> PolicyNode {
        self.policies.tree(&self.conventions)
    }
}

impl Policies {
    /// The tree: what each term costs, alone and with all below it. Much less work than an [`Analysis`],
    /// which tells besides what that comes to for each client.
    #[must_use]
    pub fn tree(&self, conventions: &Conventions) -> PolicyNode {
        tree::tree(self, conventions)
    }

    /// The plain sum over all terms that can be reached: `None` with a loop, or where it is not known.
    #[must_use]
    pub fn sum(&self, conventions: &Conventions) -> Option<u64> {
        tree::sum(self, conventions)
    }
}

/// Whether the tree of a policy is known and has an end.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Tree {
    Finite,
    Open,
}

const fn of_family(pair: &[Surface; 2], family: Family) -> &Surface {
    let [ipv4, ipv6] = pair;
    match family {
        Family::Ipv4 => ipv4,
        Family::Ipv6 => ipv6,
    }
}

fn both_ways(
    policies: &Policies,
    conventions: &Conventions,
    family: Family,
    tree: Tree,
    effort: &mut Effort,
) -> (Interval, Surface, Surface) {
    let mut flow = Flow::new(policies, conventions, family, Limited::Yes);
    let limited = flow.run();
    *effort = effort.and(&flow);
    let beyond = |end: &End| matches!(end.cause, Cause::LookupLimit | Cause::VoidLimit);
    let within_limits = !flow.is_cut() && !limited.keys().any(|(_, end, _)| beyond(end));
    if tree == Tree::Finite && within_limits {
        // No client comes to a limit, so that it makes no difference.
        let decided = without_places(&limited);
        return (interval(&decided, &flow), Surface::new(family, decided), Surface::new(family, limited));
    }
    let mut unlimited = Flow::new(policies, conventions, family, Limited::No);
    let decided = unlimited.run();
    *effort = effort.and(&unlimited);
    let interval = interval(&decided, &unlimited);
    (interval, Surface::new(family, decided), Surface::new(family, limited))
}

fn interval(decided: &Decided, flow: &Flow<'_>) -> Interval {
    let spent = || decided.iter().map(|((.., spent), set)| (*spent, set));
    let witness = |found: Option<(u32, &AddressSet)>| {
        found.filter(|_| flow.is_exact()).and_then(|(_, set)| set.first())
    };
    // What is beyond all numbers is not known.
    let known = |count: &u32| flow.is_finite() && *count < u32::MAX;
    let most = spent().map(|(spent, set)| (spent.lookups, set)).max_by_key(|(count, _)| *count);
    let most_voids = spent().map(|(spent, set)| (spent.voids, set)).max_by_key(|(count, _)| *count);
    Interval {
        least: spent().map(|(spent, _)| spent.lookups).min(),
        most: most.map(|(count, _)| count).filter(known),
        most_by: witness(most),
        most_voids: most_voids.map(|(count, _)| count).filter(known),
        most_voids_by: witness(most_voids),
        exact: flow.is_exact(),
    }
}

fn verdict(surfaces: &[Surface; 2]) -> PolicyVerdict {
    let some = |outcome| surfaces.iter().any(|surface| !surface.part(outcome).is_empty());
    // Addresses whose result is open may still be sure to get one of the good ones.
    let perhaps = |wanted: &[Outcome]| {
        surfaces.iter().any(|surface| surface.ends().any(|(outcome, ..)| wanted.contains(&outcome)))
    };
    if some(Outcome::Permerror) {
        PolicyVerdict::Permerror
    } else if some(Outcome::Temperror) {
        PolicyVerdict::Temperror
    } else if perhaps(&[Outcome::Permerror, Outcome::Temperror, Outcome::Undetermined]) {
        PolicyVerdict::Undetermined
    } else if some(Outcome::None) {
        PolicyVerdict::None
    } else {
        PolicyVerdict::Valid
    }
}
