//! Texts become values of the head and of records: the part of [`Build`] that knows which is which.

use super::build::{Build, Places};
use super::conformance;
use super::log::{Log, quote};
use super::model::PolicyEvaluated;
use super::node::Node;
use super::rules;
use super::slots::{coded, domain, empty, more, name, set, time};
use super::values;

impl Build {
    /// Takes the text of an element.
    pub(super) fn value(&mut self, node: Node, text: &str, mixed: bool, at: Places<'_>) {
        // A count is digits and blanks of XML; elsewhere a no-break space is a blank as well.
        let text = match text.as_bytes() {
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
            _ if node == Node::Count => text.trim_ascii(),
            _ => text.trim(),
        };
        let log = &mut self.log;
        if log.in_record {
            self.record_value(node, text, mixed, at);
            return;
        }
        if node == Node::Version {
            set(&mut self.head.version, text.to_owned(), node, log, at);
            return;
        }
        if let Some(metadata) = self.head.metadata.as_mut() {
            match node {
                Node::OrgName => return name(&mut metadata.org_name, text, node, log, at),
                Node::Email => return name(&mut metadata.email, text, node, log, at),
                Node::ReportId => return name(&mut metadata.report_id, text, node, log, at),
                Node::Generator => return set(&mut metadata.generator, text.to_owned(), node, log, at),
                Node::ExtraContactInfo => {
                    more(&mut metadata.extra_contact_info, text.to_owned(), node, log, at);
                    return;
                }
                Node::Error => {
                    more(&mut metadata.errors, text.to_owned(), node, log, at);
                    return;
                }
                Node::Begin => return time(&mut metadata.begin, text, node, log, at),
                Node::End => return time(&mut metadata.end, text, node, log, at),
                _ => {}
            }
        }
        if let Some(policy) = self.head.policy.as_mut() {
            match node {
                Node::PolicyDomain => domain(&mut policy.domain, text, node, log, at),
                Node::P => coded(&mut policy.p, text, node, log, at),
                Node::Sp => coded(&mut policy.sp, text, node, log, at),
                Node::Np => coded(&mut policy.np, text, node, log, at),
                Node::Adkim => coded(&mut policy.adkim, text, node, log, at),
                Node::Aspf => coded(&mut policy.aspf, text, node, log, at),
                Node::Fo => set(&mut policy.fo, text.to_owned(), node, log, at),
                Node::Testing => coded(&mut policy.testing, text, node, log, at),
                Node::Discovery => coded(&mut policy.discovery_method, text, node, log, at),
                Node::Pct => {
                    let percentage = values::percentage(text);
                    if !conformance::is_integer(text) {
                        log.breaks(if text.is_empty() {
                            &rules::EMPTY_ELEMENT
                        } else {
                            &rules::INVALID_PERCENTAGE
                        });
                    }
                    if text.is_empty() {
                        empty(node, log, at);
                    } else if percentage.value.is_none() {
                        log.add(
                            &rules::INVALID_PERCENTAGE,
                            || at.element(),
                            |found| found.arg("value", quote(text)),
                        );
                    }
                    set(&mut policy.pct, percentage, node, log, at);
                }
                _ => {}
            }
        }
    }

    fn record_value(&mut self, node: Node, text: &str, mixed: bool, at: Places<'_>) {
        let log = &mut self.log;
        let record = &mut self.record;
        match node {
            Node::SourceIp => {
                let ip = values::source_ip(text);
                // Brackets, a port or a zone are no part of an address.
                if ip.address().is_none() || text.starts_with('[') {
                    log.breaks(if text.is_empty() { &rules::EMPTY_ELEMENT } else { &rules::INVALID_IP });
                }
                if text.is_empty() {
                    empty(node, log, at);
                } else if ip.address().is_none() {
                    log.add(&rules::INVALID_IP, || at.element(), |found| found.arg("value", quote(text)));
                }
                return set(&mut record.source_ip, ip, node, log, at);
            }
            Node::Count => {
                let mut count = values::count(text);
                if mixed {
                    count.value = None;
                    count.raw = Some(text.into());
                }
                if mixed || !conformance::is_integer(text) {
                    log.breaks(&rules::INVALID_COUNT);
                }
                if count.value.is_none() {
                    log.add(&rules::INVALID_COUNT, || at.element(), |found| found.arg("value", quote(text)));
                }
                return set(&mut record.count, count, node, log, at);
            }
            _ => {}
        }
        if let Some(evaluated) = record.policy_evaluated.as_mut()
            && evaluated_value(evaluated, node, text, log, at)
        {
            return;
        }
        if let Some(identifiers) = record.identifiers.as_mut() {
            match node {
                Node::HeaderFrom => return domain(&mut identifiers.header_from, text, node, log, at),
                Node::EnvelopeFrom => {
                    return set(&mut identifiers.envelope_from, text.to_owned(), node, log, at);
                }
                Node::EnvelopeTo => return set(&mut identifiers.envelope_to, text.to_owned(), node, log, at),
                _ => {}
            }
        }
        let Some(results) = record.auth_results.as_mut() else { return };
        if let Some(dkim) = results.dkim.last_mut() {
            match node {
                Node::DkimDomain => return name(&mut dkim.domain, text, node, log, at),
                Node::DkimSelector => return name(&mut dkim.selector, text, node, log, at),
                Node::DkimResult => return coded(&mut dkim.result, text, node, log, at),
                Node::DkimHuman => return set(&mut dkim.human_result, text.to_owned(), node, log, at),
                _ => {}
            }
        }
        if let Some(spf) = results.spf.last_mut() {
            match node {
                Node::SpfDomain => name(&mut spf.domain, text, node, log, at),
                Node::SpfScope => coded(&mut spf.scope, text, node, log, at),
                Node::SpfResult => coded(&mut spf.result, text, node, log, at),
                Node::SpfHuman => set(&mut spf.human_result, text.to_owned(), node, log, at),
                _ => {}
            }
        }
    }
}

fn evaluated_value(
    evaluated: &mut PolicyEvaluated,
    node: Node,
    text: &str,
    log: &mut Log,
    at: Places<'_>,
) -> bool {
    match node {
        Node::Disposition => coded(&mut evaluated.disposition, text, node, log, at),
        Node::EvaluatedDkim => coded(&mut evaluated.dkim, text, node, log, at),
        Node::EvaluatedSpf => coded(&mut evaluated.spf, text, node, log, at),
        Node::ReasonType => {
            if let Some(reason) = evaluated.reasons.last_mut() {
                coded(&mut reason.reason_type, text, node, log, at);
            }
        }
        Node::ReasonComment => {
            if let Some(reason) = evaluated.reasons.last_mut() {
                set(&mut reason.comment, text.to_owned(), node, log, at);
            }
        }
        _ => return false,
    }
    true
}
