//! Whether two policies give every address the same, were there no limits.
//!
//! Where a match depends on the client or the sender, or an answer is missing, it is one thing or the
//! other for one message. Policies that agree whichever of these terms match are equal: each case is
//! tried.

use super::tries;
use crate::spf::analysis::Analysis;
use crate::spf::analysis::flow::{Atoms, Flow, Limited};
use crate::spf::analysis::open::open;
use crate::spf::analysis::sets::Family;
use crate::spf::analysis::surface::Surface;

/// Terms that are tried both ways; real policies have one or two. Each doubles the cases.
const ATOMS: usize = 5;

/// The terms that are tried both ways; `None` if they are too many, or more is open than terms.
fn atoms(analysis: &Analysis) -> Option<Atoms> {
    let found = open(&analysis.policies, &analysis.conventions).into_iter();
    // A record that is not known may give any result.
    let atoms: Atoms = found.map(|found| Some((found.policy, found.term?))).collect::<Option<_>>()?;
    (atoms.len() <= ATOMS).then_some(atoms)
}

/// Whether so little is open that another policy can be proved equal.
pub(super) fn is_possible(analysis: &Analysis) -> bool {
    atoms(analysis).is_some()
}

/// Whether they are equal for the answers at hand; `None` if that is not known.
pub(super) fn equal(one: &Analysis, other: &Analysis) -> Option<bool> {
    let mut atoms = atoms(one)?;
    atoms.append(&mut self::atoms(other)?);
    if atoms.len() > ATOMS {
        return None;
    }
    // Each case is an evaluation of both.
    if atoms.len() > 1 && tries(one).min(tries(other)) < 1 << atoms.len() {
        return None;
    }
    for case in 0..1_u32 << atoms.len() {
        let chosen = atoms.iter().enumerate().filter(|(bit, _)| case & (1 << bit) != 0);
        let matching: Atoms = chosen.map(|(_, atom)| atom.clone()).collect();
        for family in Family::ALL {
            let (one, other) = (surface(one, family, &matching)?, surface(other, family, &matching)?);
            if !one.differences(&other).is_empty() {
                return Some(false);
            }
        }
    }
    Some(true)
}

/// What the clients of a family get in one case; `None` if even that leaves something open.
fn surface(analysis: &Analysis, family: Family, matching: &Atoms) -> Option<Surface> {
    let flow = Flow::new(&analysis.policies, &analysis.conventions, family, Limited::No);
    let decided = flow.where_matching(matching).run();
    Some(Surface::new(family, decided)).filter(Surface::is_determined)
}
