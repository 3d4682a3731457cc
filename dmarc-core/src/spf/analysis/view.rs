//! The JSON form `dmarc-check/spf/1`, for every output and binding.

use serde_json::{Map, Value, json};

use super::ends::{End, Outcome};
use super::policies::PolicyState;
use super::rewrite::{Rewrite, Risk};
use super::sets::{AddressSet, Family};
use super::surface::{Difference, Surface};
use super::{Analysis, Interval, findings, tree};
use crate::diagnostics::{Catalog, View};
use crate::spf::record::Record;
use crate::spf::{CheckHost, Evaluated, PlacedTerm};
use crate::text::lossy;

/// What is known about a record text alone.
#[must_use]
pub fn record(octets: &[u8], catalog: &Catalog) -> Value {
    let parsed = Record::parse(octets);
    let found: Vec<View> = parsed.diagnostics.iter().map(|found| View::new(found, catalog, octets)).collect();
    json!({
        "schema": "dmarc-check/spf/1",
        "input": lossy(octets),
        "verdict": record_verdict(parsed.value.as_ref()),
        "lookup_terms": parsed.value.as_ref().map(lookup_terms),
        "diagnostics": found,
        // A text alone says nothing about the records that it leads to.
        "policy_verdict": null,
        "lookups": null,
        "voids": null,
        "open": null,
        "tree": null,
        "surface": null,
        "check_host": null,
    })
}

fn record_verdict(record: Option<&Record>) -> &'static str {
    match record {
        Some(record) if record.is_usable() => "valid",
        Some(_) => "permerror",
        None => "not-a-record",
    }
}

/// All terms that query DNS as they are written, and those that can be reached.
fn lookup_terms(record: &Record) -> Value {
    let queries = record.terms().iter().filter(|term| {
        super::policies::policy_spec(term).is_some()
            || term.directive().is_some_and(|directive| directive.mechanism.queries())
    });
    json!({ "written": queries.count(), "reachable": record.lookup_terms() })
}

/// What is known about the policy of a domain.
#[must_use]
pub fn analysis(analysis: &Analysis, catalog: &Catalog) -> Value {
    let state = analysis.policies.state(&analysis.domain);
    let tree = tree::tree(&analysis.policies, &analysis.conventions);
    let found: Vec<View> = findings::findings(analysis, &tree)
        .iter()
        .map(|(found, text)| View::new(found, catalog, text))
        .collect();
    let verdict = match state {
        // A receiver takes several records for a permanent error.
        PolicyState::Several { .. } => Some("permerror"),
        PolicyState::Record(record) => Some(record_verdict(Some(record))),
        PolicyState::None => Some("not-a-record"),
        _ => None,
    };
    json!({
        "schema": "dmarc-check/spf/1",
        "input": analysis.domain,
        "text": state.record().map(ToString::to_string),
        "verdict": verdict,
        "lookup_terms": state.record().map(lookup_terms),
        "diagnostics": found,
        "policy_verdict": analysis.verdict,
        "conventions": analysis.conventions,
        "lookups": {
            "ipv4": interval(&analysis.ipv4),
            "ipv6": interval(&analysis.ipv6),
            "sum": analysis.sum,
            "limit": analysis.conventions.lookups,
        },
        "voids": {
            "ipv4": { "most": analysis.ipv4.most_voids, "most_by": analysis.ipv4.most_voids_by },
            "ipv6": { "most": analysis.ipv6.most_voids, "most_by": analysis.ipv6.most_voids_by },
            "limit": analysis.conventions.voids,
        },
        "open": analysis.open(),
        "tree": tree,
        "surface": {
            "ipv4": surface(analysis.surface(Family::Ipv4)),
            "ipv6": surface(analysis.surface(Family::Ipv6)),
        },
        "ends": Family::ALL.map(|family| ends(analysis, family)).concat(),
        "check_host": null,
    })
}

fn interval(interval: &Interval) -> Value {
    json!({
        "least": interval.least,
        "most": interval.most,
        "most_by": interval.most_by,
        "exact": interval.exact,
    })
}

fn surface(surface: &Surface) -> Value {
    let parts = surface.parts().map(|(outcome, set)| (outcome.as_str().to_owned(), self::set(set)));
    Value::Object(parts.collect::<Map<_, _>>())
}

fn set(set: &AddressSet) -> Value {
    json!({ "ranges": set.ranges(), "size": set.size() })
}

/// Where each result is decided, and for which addresses.
fn ends(analysis: &Analysis, family: Family) -> Vec<Value> {
    let ends = analysis.surface(family).ends();
    ends.map(|(outcome, end, set)| {
        json!({
            "family": family,
            "result": outcome,
            "cause": end.cause,
            "path": path(analysis, end),
            "ranges": set.ranges(),
        })
    })
    .collect()
}

/// The terms that lead to an end, from the record of the domain inward.
pub(super) fn path(analysis: &Analysis, end: &End) -> Vec<Value> {
    let steps = end.steps.iter().map(|step| {
        let record = analysis.policies.state(&step.policy).record();
        let term =
            record.and_then(|record| Some(lossy(record.terms().get(step.term)?.span.of(record.as_octets()))));
        json!({ "name": step.policy, "term": term })
    });
    steps.collect()
}

/// How two policies differ in what they authorize: as receivers evaluate, and as they read, were
/// there no limits. The second kind shows whether a rewrite of a policy over the limit still holds.
#[must_use]
pub fn comparison(one: &Analysis, other: &Analysis) -> Value {
    let (equal, found) = compared(one, other, Analysis::surface);
    let (equal_without, found_without) = compared(one, other, Analysis::surface_without_limits);
    json!({
        "with": other.domain,
        "text": other.policies.state(&other.domain).record().map(ToString::to_string),
        "equal": equal,
        "differences": differences(&found),
        "without_limits": { "equal": equal_without, "differences": differences(&found_without) },
    })
}

/// Whether two policies are equal, and how they differ. Of what is undetermined nothing can be said.
fn compared<'a>(
    one: &'a Analysis,
    other: &'a Analysis,
    surface: fn(&'a Analysis, Family) -> &'a Surface,
) -> (Option<bool>, Vec<Difference>) {
    let differences: Vec<Difference> = Family::ALL
        .into_iter()
        .flat_map(|family| surface(one, family).differences(surface(other, family)))
        .collect();
    let determined =
        |analysis| Family::ALL.into_iter().all(|family| surface(analysis, family).is_determined());
    ((determined(one) && determined(other)).then_some(differences.is_empty()), differences)
}

fn differences(found: &[Difference]) -> Vec<Value> {
    let one = |found: &Difference| {
        json!({
            "result": found.outcome,
            "family": found.family,
            "added": set(&found.added),
            "removed": set(&found.removed),
        })
    };
    found.iter().map(one).collect()
}

/// Rewrites, in the order in which they are to be tried.
#[must_use]
pub fn rewrites(analysis: &Analysis, rewrites: &[Rewrite]) -> Vec<Value> {
    let original = analysis.policies.state(&analysis.domain).record().map(ToString::to_string);
    let one = |rewrite: &Rewrite| {
        json!({
            "kind": rewrite.kind,
            "terms": rewrite.terms,
            "left": rewrite.left,
            "records": rewrite.records,
            "lookups": { "most": rewrite.most, "sum": rewrite.sum, "limit": analysis.conventions.lookups },
            "voids": { "most": rewrite.most_voids, "limit": analysis.conventions.voids },
            "fits": rewrite.fits,
            "equal": rewrite.equal,
            "differences": differences(&rewrite.differences),
            "risks": rewrite.risks,
            // Compared with what is published then, this text shows what has changed since.
            "drift_check": rewrite
                .risks
                .iter()
                .any(|risk| matches!(risk, Risk::AddressesGoStale | Risk::AnswersChange))
                .then(|| json!({ "record": original })),
        })
    };
    rewrites.iter().map(one).collect()
}

/// What one client gets. The whole trace is in `dmarc-check/check-host/1`.
#[must_use]
pub fn check_host(check: &CheckHost, found: &Evaluated) -> Value {
    json!({
        "ip": check.ip,
        "identity": found.identity,
        "sender": check.sender_address(),
        "domain": found.domain,
        "result": found.result,
        "lookups": found.lookups,
        "voids": found.voids,
        "term": found.term.as_ref().map(PlacedTerm::text),
        "term_domain": found.term.as_ref().map(PlacedTerm::domain),
        "problem": found.problem,
        // A third party says this: the domain that is named beside it.
        "explanation": found.explanation.as_ref().map(|explanation| &explanation.text),
        "explanation_domain": found.explanation.as_ref().map(|explanation| &explanation.domain),
        "trace": found.trace,
        "received_spf": found.received_spf(check),
        "authentication_results": found.authentication_results(check),
    })
}

/// What one address gets, and where that is decided.
#[must_use]
pub fn address(analysis: &Analysis, address: std::net::IpAddr) -> Value {
    let Some(verdict) = analysis.address(address) else { return Value::Null };
    let ends: Vec<Value> = verdict
        .ends
        .iter()
        .map(|(outcome, end, spent)| {
            json!({
                "result": outcome,
                "cause": end.cause,
                "path": path(analysis, end),
                "lookups": spent.lookups,
                "voids": spent.voids,
            })
        })
        .collect();
    let determined = verdict.outcome != Outcome::Undetermined;
    json!({ "address": address, "result": verdict.outcome, "determined": determined, "ends": ends })
}
