//! The JSON form of the way that mail takes.

use serde_json::{Value, json};

use crate::dmarc::Verdict;
use crate::name::DomainName;
use crate::text::lossy;
use crate::transport::certificate::Certificate;
use crate::transport::mta_sts_policy::File;
use crate::transport::mx::Delivery;
use crate::transport::tlsa::{Association, Effective, Shown};

use super::domain::DomainReport;
use super::mail::{Chosen, Fetched, MailHost};
use super::mail_findings::reference_names;

/// The MX records, with what is known of each host.
pub(super) fn mx(report: &DomainReport) -> Value {
    let mail = &report.mail;
    let found = mail.mx.records();
    let host_of = |name: &DomainName| mail.hosts.iter().find(|host| host.host == *name);
    json!({
        "name": report.domain,
        "status": mail.mx.status(),
        "null": found.map(super::mail::MailHosts::is_null),
        "delivery": mail.delivery.map(Delivery::as_str),
        "secure": found.and_then(|mx| mx.secure),
        "hosts": found.map(|mx| {
            mx.exchanges
                .iter()
                .map(|one| {
                    let mut view = json!({ "preference": one.preference, "exchange": one.host });
                    let facts = host_of(&one.host).map(|host| host_view(report, host));
                    if let (Some(view), Value::Object(facts)) = (view.as_object_mut(), facts.unwrap_or_else(nothing)) {
                        view.extend(facts);
                    }
                    view
                })
                .collect::<Vec<_>>()
        }),
        "implicit": mail.hosts.first().filter(|_| mail.delivery == Some(Delivery::Implicit)).map(|host| host_view(report, host)),
        "left_out": mail.hosts_left_out,
    })
}

/// A host that was not looked up.
fn nothing() -> Value {
    json!({ "addresses": null, "aliases": [], "secure": null, "tlsa": null, "dane": null, "sts": null, "smtp": null })
}

fn host_view(report: &DomainReport, host: &MailHost) -> Value {
    let names = reference_names(report, host);
    let seen = report.observations.of(&host.host);
    let shown = seen.map(|seen| Shown { chain: &seen.chain, names: &names });
    let policy = report.mail.mta_sts.policy();
    let addresses: Vec<String> = host.all_addresses().map(|address| address.to_string()).collect();
    json!({
        "addresses": host.has_address().map(|_| addresses),
        "aliases": host.aliases,
        "secure": host.secure,
        "tlsa": {
            "name": host.tlsa.records().map(|set| &set.name),
            "status": host.tlsa.status(),
            "secure": host.tlsa.records().and_then(|set| set.secure),
            "records": host.tlsa.records().map(|set| set.records.iter().map(record).collect::<Vec<_>>()),
        },
        "dane": host.dane(),
        "sts": policy.map(|policy| policy.allows(&host.host)),
        "smtp": seen.map(|seen| json!({
            "starttls": seen.starttls,
            "protocol": seen.protocol,
            "certificates": seen.chain.len(),
            "names": seen.chain.first().map(Certificate::names),
            "valid_until": seen.chain.first().and_then(Certificate::valid_until),
            "tlsa_match": host.tlsa.records().zip(shown.as_ref()).and_then(|(set, shown)| set.matches(shown)),
        })),
    })
}

fn record(record: &Association) -> Value {
    let mut view = serde_json::to_value(Effective::new(record)).unwrap_or_default();
    view["text"] = record.to_presentation().into();
    view["usable"] = record.is_usable().into();
    view
}

fn texts<T>(chosen: &Chosen<T>) -> Value {
    json!({
        "name": chosen.name,
        "status": chosen.status(),
        "text": chosen.text().map(lossy),
        "texts": chosen.texts.records().map(|texts| texts.iter().map(|text| lossy(text)).collect::<Vec<_>>()),
    })
}

/// MTA-STS: the record, and the policy file.
pub(super) fn mta_sts(report: &DomainReport) -> Value {
    let sts = &report.mail.mta_sts;
    let record = sts.record.record.as_ref();
    let mut view = texts(&sts.record);
    view["verdict"] = json!(record.map(|record| usable(record.id().is_some())));
    view["published"] = json!(record.map(crate::transport::mta_sts::Record::published));
    view["effective"] = json!(record.and_then(crate::transport::mta_sts::Record::effective));
    view["in_force"] = json!(sts.is_in_force());
    view["policy"] = match &sts.fetched {
        None => Value::Null,
        Some(fetched) => {
            let mut policy = json!({
                "url": sts.url,
                "status": "not-known",
                "reason": null,
                "status_code": null,
                "content_type": null,
                "text": null,
                "verdict": null,
                "published": null,
                "effective": null,
            });
            match fetched {
                Fetched::NotKnown => {}
                Fetched::Failed(reason) => {
                    policy["status"] = "failure".into();
                    policy["reason"] = reason.as_str().into();
                }
                Fetched::Response { status, content_type, body, file } => {
                    policy["status"] = "response".into();
                    policy["status_code"] = (*status).into();
                    policy["content_type"] = json!(content_type);
                    let read = body.get(..body.len().min(crate::transport::mta_sts_policy::MAX_OCTETS));
                    policy["text"] = lossy(read.unwrap_or_default()).into();
                    if let Some(file) = file {
                        let value = file.value.as_ref();
                        let verdict =
                            value.map_or(Verdict::NotARecord, |file| usable(file.policy().is_some()));
                        policy["verdict"] = json!(verdict);
                        policy["published"] = json!(value.map(File::published));
                        policy["effective"] = json!(value.and_then(File::effective));
                    }
                }
            }
            policy
        }
    };
    view
}

/// The record that asks for TLS reports.
pub(super) fn tls_rpt(report: &DomainReport) -> Value {
    let chosen = &report.mail.tls_rpt;
    let record = chosen.record.as_ref();
    let mut view = texts(chosen);
    view["verdict"] = json!(record.map(|record| usable(!record.rua().is_empty())));
    view["published"] = json!(record.map(crate::transport::tls_rpt::Record::published));
    view["effective"] = json!(record.and_then(crate::transport::tls_rpt::Record::effective));
    view
}

const fn usable(is: bool) -> Verdict {
    if is { Verdict::Usable } else { Verdict::Unusable }
}
