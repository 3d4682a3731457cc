//! A domain without mail: it says so in full, at once, since there is no mail that could be lost
//! (UBV 1.0, MAIL-BESCHERM-001; RFC 7505; RFC 9989, 4.7).

use crate::dkim::{Keys, State};
use crate::dmarc::{Effective, Policy};
use crate::text::lossy;
use crate::transport::mx::Delivery;

use super::super::coherence;
use super::super::domain::DomainReport;
use super::super::found::Found;
use super::publication::Publication;
use super::record::{is_same, shown};
use super::rules::{SAY_NO_MAIL, UNRESOLVED, WATCH_QUIET};
use super::stage::{Stage, ladder};
use super::standing::Standing;
use super::{Blocked, Plan};

/// The plan of a domain that sends no mail.
pub(super) fn plan(report: &DomainReport, mut plan: Plan) -> Plan {
    let standing = Standing::of(report);
    let mut missing: Vec<String> = Vec::new();
    policy(report, &standing, &mut plan, &mut missing);
    match &report.spf {
        Found::Failed(_) | Found::NotKnown => plan.open(report.domain.to_string()),
        _ if coherence::is_closed(report) => {}
        found => {
            missing.push("v=spf1 -all".to_owned());
            let text = |index: &usize| found.records()?.texts.get(*index).map(|text| lossy(text));
            let old: Vec<String> =
                found.records().map(|spf| spf.indexes.iter().filter_map(text).collect()).unwrap_or_default();
            let (last, others) =
                old.split_last().map_or((None, &[][..]), |(last, others)| (Some(last), others));
            plan.publish
                .extend(others.iter().map(|old| Publication::txt(&report.domain, None, Some(old.clone()))));
            let new = Some("v=spf1 -all".to_owned());
            plan.publish.push(Publication::txt(&report.domain, new, last.cloned()));
        }
    }
    // One that only takes mail keeps its mail hosts.
    if report.receives.value == Some(false) && report.context.receives != Some(true)
        || report.context.receives == Some(false)
    {
        null_mx(report, &mut plan, &mut missing);
    }
    keys(report, &mut plan, &mut missing);
    let undetermined = plan.blocked_by.iter().any(|blocked| blocked.reason.rule == &UNRESOLVED);
    if !missing.is_empty() {
        let reason = SAY_NO_MAIL.anywhere().arg("domain", report.domain.to_string()).arg("missing", missing);
        plan.blocked_by.push(Blocked::about(reason));
    }
    plan.step = match (plan.publish.is_empty(), undetermined) {
        (true, true) => None,
        (true, false) => Some(6),
        (false, _) => Some(1),
    };
    plan.next_step = plan.step.filter(|step| *step == 1).map(|_| 6);
    plan.watch.push(WATCH_QUIET.anywhere().arg("domain", report.domain.to_string()));
    plan
}

fn policy(report: &DomainReport, standing: &Standing, plan: &mut Plan, missing: &mut Vec<String>) {
    let Standing::Known(own) = standing else { return plan.open(format!("_dmarc.{}", report.domain)) };
    let strict = |values: &Effective| {
        values.p == Policy::Reject
            && values.sp == Policy::Reject
            && values.np.is_none_or(|np| np == Policy::Reject)
            && values.t != Some(true)
            && values.pct.is_none_or(|pct| pct == 100)
    };
    let inherited = report
        .discovered
        .policy()
        .is_some_and(|policy| policy.applied == Policy::Reject && policy.pct.is_none_or(|pct| pct == 100));
    if own.values.as_ref().is_some_and(strict) || own.texts.is_empty() && inherited {
        return;
    }
    missing.push("p=reject".to_owned());
    let end: Option<&Stage> = ladder(report.edition).last();
    let Some(end) = end else { return };
    let text = own.kept.at(end, None, None);
    let name = own.name.clone();
    let (last, others) =
        own.texts.split_last().map_or((None, &[][..]), |(last, others)| (Some(last), others));
    plan.publish.extend(others.iter().map(|old| Publication::txt(&name, None, Some(shown(old)))));
    if !last.is_some_and(|last| is_same(last, &text)) {
        plan.publish.push(Publication::txt(&name, Some(text), last.map(|last| shown(last))));
    }
}

fn null_mx(report: &DomainReport, plan: &mut Plan, missing: &mut Vec<String>) {
    match report.mail.delivery {
        Some(Delivery::Null) => {}
        None => plan.open(format!("{} MX", report.domain)),
        Some(_) => {
            missing.push("MX 0 .".to_owned());
            let hosts = report.mail.mx.records().map(|hosts| hosts.exchanges.as_slice()).unwrap_or_default();
            let old = |exchange: &crate::transport::mx::Exchange| {
                format!("{} {}.", exchange.preference, exchange.host)
            };
            let (last, others) =
                hosts.split_last().map_or((None, &[][..]), |(last, others)| (Some(last), others));
            plan.publish
                .extend(others.iter().map(|each| Publication::mx(&report.domain, None, Some(old(each)))));
            plan.publish.push(Publication::mx(&report.domain, Some("0 .".to_owned()), last.map(old)));
        }
    }
}

/// Keys that can still be used go.
fn keys(report: &DomainReport, plan: &mut Plan, missing: &mut Vec<String>) {
    for (selector, keys) in &report.keys.selectors {
        let Keys::Records(records) = keys else { continue };
        let Some(name) = crate::dkim::key_name(selector, &report.domain) else { continue };
        let usable = records
            .iter()
            .filter(|(_, parsed)| parsed.value.as_ref().is_some_and(|key| key.state() == State::Usable));
        for (text, _) in usable {
            missing.push(format!("DKIM {selector}"));
            plan.publish.push(Publication::txt(&name, None, Some(lossy(text))));
        }
    }
}
