//! The JSON forms of what checks find out.

use serde_json::{Value, json};

use crate::diagnostics::{Catalog, View};
use crate::dmarc::discovery::{Discovered, Discovery, Existence, Found as FoundRecord, Requested};
use crate::dmarc::rules::SEVERAL_RECORDS;
use crate::dmarc::walk::{Location, LocationState};
use crate::dmarc::{Alignment, Verdict};
use crate::evaluation::Cost;
use crate::spf;
use crate::text::lossy;

use super::coherence::Stance;
use super::domain::DomainReport;
use super::found::Found;
use super::mail_view;
use super::profile::{Judgement, Profile};
use super::readiness;

/// `dmarc-check/discovery/1`.
pub(super) fn discovery(discovered: &Discovered, cost: Cost, catalog: &Catalog) -> Value {
    let mut view = json!({
        "schema": "dmarc-check/discovery/1",
        "author": discovered.author,
        "edition": discovered.edition,
        "existence": discovered.existence,
        "organizational_domain": discovered.organizational_domain,
        "policy": discovered.policy(),
        "subdomains": {
            "existing": discovered.subdomain_policy(Existence::Exists),
            "nonexistent": discovered.subdomain_policy(Existence::DoesNotExist),
        },
        "visited": discovered.visited.iter().map(visited).collect::<Vec<_>>(),
        "rounds": cost.rounds,
        "asked": cost.asked,
    });
    let several = discovered.visited.iter().filter_map(|location| match &location.state {
        LocationState::Several { count } => Some(SEVERAL_RECORDS.anywhere().arg("count", *count)),
        _ => None,
    });
    let found = several.map(|found| View::new(&found, catalog, b""));
    view["diagnostics"] = found.map(|found| to_value(&found)).collect();
    merge(view, record(discovered))
}

/// `dmarc-check/check-host/1`.
pub(super) fn check_host(
    check: &spf::CheckHost,
    found: &spf::Evaluated,
    cost: Cost,
    catalog: &Catalog,
) -> Value {
    to_value(&spf::view::check_host(check, found, cost, catalog))
}

fn visited(location: &Location) -> Value {
    json!({ "name": location.name, "status": status(&location.state) })
}

fn status(state: &LocationState) -> &'static str {
    match state {
        LocationState::Record { .. } => "record",
        LocationState::Several { .. } => "several-records",
        LocationState::None => "no-record",
        LocationState::Failed { .. } => "failure",
        LocationState::NotKnown => "not-known",
    }
}

/// What was found, and the record if there is one.
fn record(discovered: &Discovered) -> Value {
    let (status, found, name): (_, Option<&FoundRecord>, _) = match &discovered.discovery {
        Discovery::Record(found) => {
            let status = match found.record.verdict() {
                Verdict::Unusable => "unusable",
                _ => "record",
            };
            (status, Some(found), Some(found.policy_domain.to_string()))
        }
        Discovery::NoRecord => ("no-record", None, None),
        Discovery::SeveralRecords { name, .. } => ("several-records", None, Some(name.to_string())),
        Discovery::Failed { name, .. } => ("failure", None, Some(name.to_string())),
        Discovery::NotKnown { name } => ("not-known", None, Some(name.to_string())),
    };
    json!({
        "status": status,
        "name": name.map(|name| format!("_dmarc.{name}")),
        "policy_domain": found.map(|found| &found.policy_domain),
        "found_at": found.map(|found| found.found_at),
        "text": found.map(|found| lossy(&found.text)),
        "verdict": found.map(|found| found.record.verdict()),
        "published": found.map(|found| found.record.published()),
        "effective": found.and_then(|found| found.record.effective()),
    })
}

fn merge(mut one: Value, other: Value) -> Value {
    if let (Some(one), Value::Object(other)) = (one.as_object_mut(), other) {
        one.extend(other);
    }
    one
}

/// `dmarc-check/domain/1`.
pub(super) fn domain(report: &DomainReport, cost: Cost, catalog: &Catalog) -> Value {
    let discovered = &report.discovered;
    let below = discovered.subdomains.as_ref();
    let judged = report.judged.as_ref();
    json!({
        "schema": "dmarc-check/domain/1",
        "domain": report.domain,
        "edition": report.edition,
        "now": report.now,
        "records": {
            "dmarc": merge(
                record(discovered),
                json!({
                    "organizational_domain": discovered.organizational_domain,
                    "visited": discovered.visited.iter().map(visited).collect::<Vec<_>>(),
                    "destinations": report.destinations,
                }),
            ),
            "spf": spf_view(report),
            "mx": mail_view::mx(report),
            "mta_sts": mail_view::mta_sts(report),
            "tls_rpt": mail_view::tls_rpt(report),
            "domainkey": { "name": format!("_domainkey.{}", report.domain), "status": report.keys.above.status() },
            "dkim": report.selectors.view(&report.keys),
        },
        "subdomains": report.subdomains.iter().map(super::subdomains::Subdomain::view).collect::<Vec<_>>(),
        "sends": stance(report.sends),
        "receives": stance(report.receives),
        "effective": {
            "self": effective(discovered.found(), discovered.policy()),
            "existing_subdomain": effective(below, discovered.subdomain_policy(Existence::Exists)),
            "nonexistent_subdomain": effective(below, discovered.subdomain_policy(Existence::DoesNotExist)),
        },
        "reports": report.reports.as_ref().map(super::reports::ReportState::view),
        "profiles": report.profiles.iter().map(|profile| profile_view(profile, catalog)).collect::<Vec<_>>(),
        "streams": judged.map(|judged| &judged.streams),
        "changes": judged.map(|judged| &judged.changes),
        "thresholds": judged.map(|judged| &judged.thresholds),
        "attribution": report.attribution,
        "dkim_inventory": report.dkim_inventory,
        "readiness": judged.map(readiness::readiness),
        "actions": super::actions::view(report, catalog),
        "plan": super::plan::plan(report, None).view(catalog),
        "diagnostics": report
            .diagnostics
            .iter()
            .map(|(found, text)| to_value(&View::new(found, catalog, text)))
            .collect::<Vec<_>>(),
        "questions": { "rounds": cost.rounds, "asked": cost.asked },
    })
}

/// What a domain does, and how that is known.
fn stance(stance: Stance) -> Value {
    json!({ "value": stance.as_str(), "evidence": stance.evidence })
}

/// A policy with the alignment that goes with it: that of the record which supplies the policy.
fn effective(found: Option<&FoundRecord>, policy: Option<Requested>) -> Value {
    let Some(policy) = policy else { return Value::Null };
    let values = found.and_then(|found| found.record.effective());
    let alignment = |pick: fn(&crate::dmarc::Effective) -> Alignment| values.map(pick);
    json!({
        "policy": policy.policy,
        "applied": policy.applied,
        "tag": policy.tag,
        "pct": policy.pct,
        "adkim": alignment(|values| values.adkim),
        "aspf": alignment(|values| values.aspf),
    })
}

fn spf_view(report: &DomainReport) -> Value {
    let found = report.spf.records();
    let text = found.and_then(|spf| match spf.indexes.as_slice() {
        [index] => spf.texts.get(*index),
        _ => None,
    });
    let status = match &report.spf {
        Found::Records(spf) => match spf.indexes.len() {
            0 => "no-record",
            1 => "record",
            _ => "several-records",
        },
        Found::NoData | Found::NxDomain => "no-record",
        other => other.status(),
    };
    let record = found.and_then(|spf| spf.record.as_ref());
    let views = record.map(spf::view::views);
    json!({
        "name": report.domain,
        "status": status,
        "text": text.map(|text| lossy(text)),
        "verdict": record.map(|record| if record.is_usable() { Verdict::Usable } else { Verdict::Unusable }),
        "published": views.as_ref().map(|views| &views.0),
        "effective": views.as_ref().and_then(|views| views.1.as_ref()),
        "secure": found.and_then(|spf| spf.secure),
        "texts": found.map(|spf| spf.texts.iter().map(|text| lossy(text)).collect::<Vec<_>>()),
    })
}

fn profile_view(profile: &Profile, catalog: &Catalog) -> Value {
    let rule = |judgement: &Judgement| {
        json!({
            "id": judgement.id,
            "level": judgement.level,
            "source": catalog.phrase(&judgement.source),
            "title": catalog.requirement(judgement.id),
            "verdict": judgement.verdict,
            "ours": judgement.ours,
            "explanation": judgement.explanation,
            "evidence": judgement.evidence.iter().map(|one| one.said(catalog)).collect::<Vec<_>>(),
            "missing": judgement.missing,
            "reasons": judgement
                .reasons
                .iter()
                .map(|reason| to_value(&View::new(reason, catalog, b"")))
                .collect::<Vec<_>>(),
        })
    };
    json!({
        "id": profile.id,
        "version": profile.version,
        "date": profile.date,
        "rules": profile.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn to_value(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
