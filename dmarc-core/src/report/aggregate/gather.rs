//! Extensions are gathered while a report is read: the part of [`Build`] that looks at namespaces.

use quick_xml::events::BytesStart;
use quick_xml::events::attributes::Attribute;
use quick_xml::name::PrefixDeclaration;

use super::build::{Build, Places, Start};
use super::extension::{Capture, DECLARED};
use super::log::quote;
use super::model::Schema;
use super::node::Node;
use super::rules;
use crate::diagnostics::Diagnostic;

/// Namespace of RFC 9990 (Appendix A).
pub(super) const NAMESPACE_9990: &str = "urn:ietf:params:xml:ns:dmarc-2.0";

/// Namespace of RFC 7489 (Appendix C).
pub(super) const NAMESPACE_7489: &str = "http://dmarc.org/dmarc-xml/0.1";

/// How the namespaces before it begin.
const NAMESPACES_BEFORE: &str = "http://dmarc.org/";

impl Build {
    /// Takes a namespace that a prefix, or an empty one, is bound to by the element at a depth: the one of
    /// RFC 9990 tells the schema wherever it stands.
    pub(super) fn bound(&mut self, depth: usize, prefix: &str, namespace: &str, at: Places<'_>) {
        if namespace == NAMESPACE_9990 {
            self.head.schema = Schema::Rfc9990;
        }
        if !self.names.declare(depth, prefix, namespace) {
            let limit = |found: Diagnostic| found.arg("element", "xmlns").arg("limit", DECLARED);
            self.log.add(&rules::TOO_MANY_ENTRIES, || at.event(), limit);
        }
    }

    /// Whether an element behind the results of a record only shares the local name with one of the schema.
    pub(super) fn is_foreign(&self, parent: Node, tag: &Start<'_>) -> bool {
        if parent != Node::Record || !tag.namespaced || self.record.auth_results.is_none() {
            return false;
        }
        let name = tag.tag.name();
        self.names
            .resolve(name.prefix().map_or("", |prefix| prefix.into_inner()))
            .is_some_and(|namespace| !is_of_dmarc(namespace) && self.head.namespace != Some(quote(namespace)))
    }

    /// Begins an extension, or goes on with it.
    pub(super) fn capture(&mut self, parent: Node, tag: &Start<'_>) {
        if let Some(capture) = &mut self.capture {
            return capture.start(tag.tag, &self.names);
        }
        let name = tag.tag.name();
        let namespace = self.names.resolve(name.prefix().map_or("", |prefix| prefix.into_inner()));
        let is_extension = match parent {
            Node::Extension => true,
            Node::Record | Node::Feedback => {
                tag.namespaced && (namespace.is_none() || namespace.map(quote) != self.head.namespace)
            }
            _ => false,
        };
        if is_extension {
            let taken = if self.log.in_record { self.extensions.1 } else { self.extensions.0 };
            let room = self.room_for_extensions.saturating_sub(taken);
            let depth = self.log.stack.len() + 1;
            self.capture = Some(Box::new(Capture::new(tag.tag, depth, &self.names, room)));
        }
    }

    /// Keeps the extension that ended.
    pub(super) fn captured(&mut self, at: Places<'_>) {
        let Some(capture) = self.capture.take() else { return };
        let name = quote(capture.name());
        let limit = self.room_for_extensions;
        match (capture.finish(), self.log.in_record) {
            (Ok((extension, octets)), true) => {
                self.extensions.1 += octets;
                self.record_extensions.push(extension);
            }
            (Ok((extension, octets)), false) => {
                self.extensions.0 += octets;
                self.head.extensions.push(extension);
            }
            (Err(rule), _) => self.log.add(
                rule,
                || at.event(),
                |found| {
                    let found = found.arg("element", name);
                    if rule.args.contains(&"limit") { found.arg("limit", limit) } else { found }
                },
            ),
        }
    }
}

/// Whether a namespace is one that reports themselves stand in.
pub(super) fn is_of_dmarc(namespace: &str) -> bool {
    namespace == NAMESPACE_9990 || namespace.starts_with(NAMESPACES_BEFORE)
}

/// The prefix that an attribute binds to a namespace; empty if it binds names without one.
pub(super) fn bound_prefix<'a>(attribute: &Attribute<'a>) -> Option<&'a str> {
    attribute.key.as_namespace_binding().map(|binding| match binding {
        PrefixDeclaration::Default => "",
        PrefixDeclaration::Named(prefix) => prefix,
    })
}

/// The namespace that a root element stands in.
pub(super) fn namespace(tag: &BytesStart<'_>) -> Option<String> {
    let name = tag.name();
    let prefix = name.prefix();
    tag.attributes().with_checks(false).flatten().find_map(|attribute| {
        let key = attribute.key.as_ref();
        let bound = match prefix {
            None => key == "xmlns",
            Some(prefix) => key.strip_prefix("xmlns:") == Some(prefix.as_ref()),
        };
        bound.then(|| quote(attribute.value.trim()))
    })
}
