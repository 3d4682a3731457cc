//! What a check found out, as a view: each record in it has a text of its own, in which its spans count.

use dmarc_core::assessment::Outcome;
use dmarc_core::diagnostics::Catalog;
use dmarc_core::name::DomainName;
use dmarc_core::spf::Record;
use dmarc_core::spf::analysis::Policies;
use serde_json::Value;

use crate::convert;

/// The view of an outcome, with spans in UTF-16 units of the texts that they are about.
pub(crate) fn view(outcome: &Outcome, catalog: &Catalog) -> Value {
    let mut view = outcome.view(catalog);
    let found = view.get_mut("diagnostics").and_then(Value::as_array_mut).into_iter().flatten();
    for (found, text) in found.zip(outcome.finding_texts()) {
        convert::spans_to_utf16(found, &text);
    }
    if let Some(report) = outcome.domain()
        && let Some(record) = report.spf.records().and_then(|found| found.record.as_ref())
    {
        convert::spans_to_utf16(&mut view["records"]["spf"], record.as_octets());
    }
    for signature in view.get_mut("signatures").and_then(Value::as_array_mut).into_iter().flatten() {
        let text = signature["input"].as_str().unwrap_or_default().to_owned();
        convert::spans_to_utf16(signature, text.as_bytes());
    }
    if let Some(evidence) = outcome.message().and_then(|report| report.evidence.as_ref()) {
        let shown = &mut view["authentication_results"];
        for (key, statements) in [("fields", &evidence.statements), ("arc", &evidence.arc)] {
            for (field, statement) in shown[key].as_array_mut().into_iter().flatten().zip(statements) {
                convert::spans_to_utf16(field, statement.text.as_bytes());
            }
        }
    }
    if let Some(report) = outcome.spf() {
        let policies = &report.analysis.policies;
        for found in view["diagnostics"].as_array_mut().into_iter().flatten() {
            let record = record_of(policies, &found["subject"]["name"]);
            convert::spans_to_utf16(found, record);
        }
        terms_to_utf16(&mut view["tree"], policies);
    }
    if let Some(found) = outcome.spf_tree() {
        terms_to_utf16(&mut view["tree"], &found.policies);
    }
    view
}

/// The terms of a policy, and of the policies that they lead to.
fn terms_to_utf16(policy: &mut Value, policies: &Policies) {
    let record = record_of(policies, &policy["name"]);
    for term in policy["terms"].as_array_mut().into_iter().flatten() {
        // What the term leads to counts in texts of its own.
        let mut further = term["policies"].take();
        convert::spans_to_utf16(term, record);
        for policy in further.as_array_mut().into_iter().flatten() {
            terms_to_utf16(policy, policies);
        }
        term["policies"] = further;
    }
}

/// The SPF record at a name; empty if none was found there.
fn record_of<'a>(policies: &'a Policies, name: &Value) -> &'a [u8] {
    let name = name.as_str().and_then(|name| DomainName::parse_with_spaces(name).ok());
    name.and_then(|name| policies.state(&name).record()).map_or(&[], Record::as_octets)
}
