//! What the fields of one message prove: which of them can be believed, what was checked, and what the receiver
//! made of the policy (RFC 8601, 4.1 and 5).
//!
//! A sender can write any field. Only one with the authserv-id of a receiver that the reader trusts counts, and
//! only above the point where the message came in: below a `Received` field that another organization added, it
//! came along with the message. Whether the receiver removed forgeries, the core cannot see.

use crate::diagnostics::Diagnostic;
use crate::dmarc::{Identifier, Policy};
use crate::message::Field;
use crate::name::DomainName;
use crate::syntax::mail;

use super::{AuthResult, AuthenticationResults, MethodResult};

/// Fields of one message that are read.
pub const FIELDS_READ: usize = 100;

/// One `Authentication-Results` field of a message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// Its value as it stands there, unfolded.
    pub text: String,
    /// What it says.
    pub field: AuthenticationResults,
    /// Whether it is believed.
    pub is_trusted: bool,
    /// What is to say about its text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Why a receiver is believed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chosen {
    /// The reader named it.
    Given,
    /// It wrote the topmost field.
    Topmost,
}

/// What the fields of one message say.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Evidence {
    /// Whose fields are believed; `None` if there is no field with an authserv-id.
    pub authserv_id: Option<String>,
    /// Why.
    pub chosen: Option<Chosen>,
    /// Every field, the topmost first.
    pub statements: Vec<Statement>,
    /// Fields of ARC sets (RFC 8617), which only prove something to who checks their seals.
    pub arc: Vec<Statement>,
    /// What SPF said about MAIL FROM.
    pub spf: Option<Identifier>,
    /// What DKIM said about each signature.
    pub dkim: Vec<Identifier>,
    /// What DMARC said, as far as the receiver tells.
    pub dmarc: Option<DmarcStatement>,
}

/// What a receiver says about DMARC.
#[derive(Clone, Debug, Eq, PartialEq, serde::Serialize)]
pub struct DmarcStatement {
    /// The result.
    pub result: AuthResult,
    /// `header.from`.
    pub header_from: Option<String>,
    /// The policy that it found, after all options: `policy.dmarc`, or what a comment such as
    /// `(p=REJECT dis=NONE)` hints at.
    pub policy: Option<Policy>,
    /// What it did, by such a comment or by `action=`: no standard says so.
    pub disposition: Option<Policy>,
}

impl DmarcStatement {
    /// Whether the receiver did what was asked; `None` where nothing was asked or it does not tell.
    ///
    /// RFC 9989, 7.4 has a receiver that knows nothing else treat `reject` as `quarantine`, so that counts.
    #[must_use]
    pub fn is_honored(&self) -> Option<bool> {
        let policy =
            self.policy.filter(|policy| *policy > Policy::None && self.result == AuthResult::Fail)?;
        Some(self.disposition? >= policy.min(Policy::Quarantine))
    }
}

impl Evidence {
    /// Reads the fields of a header. Without a trusted authserv-id, the topmost field is believed: what the
    /// receiver's own server wrote stands there, if it writes any.
    #[must_use]
    pub fn of(header: &[Field], trusted: Option<&str>) -> Self {
        let mut evidence = Self::default();
        let mut foreign = false;
        for field in header {
            if field.is("ARC-Authentication-Results") && evidence.arc.len() < FIELDS_READ {
                evidence.arc.push(statement(field, AuthenticationResults::parse_arc(&field.value), false));
            }
            if field.is("Received") {
                let id = evidence.authserv_id.as_deref().or(trusted);
                foreign |= id.is_some_and(|id| is_foreign(&field.value, id));
            }
            if !field.is("Authentication-Results") || evidence.statements.len() >= FIELDS_READ {
                continue;
            }
            let parsed = AuthenticationResults::parse(&field.value);
            let id = parsed.value.as_ref().and_then(|value| value.authserv_id.as_deref());
            let of_receiver = match (trusted, evidence.authserv_id.as_deref(), id) {
                (Some(trusted), _, Some(id)) | (None, Some(trusted), Some(id)) => is_same(trusted, id),
                // The first field decides whom to believe, even if it says nothing.
                (None, None, Some(_)) => evidence.statements.is_empty(),
                _ => false,
            };
            if of_receiver && !foreign && evidence.authserv_id.is_none() {
                evidence.authserv_id = id.map(str::to_owned);
                evidence.chosen = Some(if trusted.is_some() { Chosen::Given } else { Chosen::Topmost });
            }
            evidence.statements.push(statement(field, parsed, of_receiver && !foreign));
        }
        evidence.gather(header);
        evidence
    }

    /// Takes what the believed fields say, the topmost first.
    fn gather(&mut self, header: &[Field]) {
        let null_sender = header.iter().any(|field| field.is("Return-Path") && field.value.trim() == "<>");
        let believed = self.statements.iter().filter(|statement| statement.is_trusted);
        let results = believed.flat_map(|statement| &statement.field.results);
        for found in results.filter(|found| found.version == 1) {
            let Some(result) = found.result else { continue };
            match found.method.as_str() {
                "spf" if self.spf.is_none() => self.spf = Some(spf(found, result, null_sender)),
                "dkim" => self.dkim.push(dkim(found, result)),
                "dmarc" if self.dmarc.is_none() => self.dmarc = Some(dmarc(found, result)),
                _ => {}
            }
        }
    }
}

fn statement(
    field: &Field,
    parsed: crate::diagnostics::Parsed<AuthenticationResults>,
    is_trusted: bool,
) -> Statement {
    let value = parsed.value.unwrap_or_default();
    Statement {
        text: field.value.clone(),
        // RFC 8601, 2.6: a version that is not known is not to be used.
        is_trusted: is_trusted && value.is_known_version(),
        field: value,
        diagnostics: parsed.diagnostics,
    }
}

/// RFC 8601, 5: identifiers are compared without regard to case, and domain names in one form.
fn is_same(one: &str, other: &str) -> bool {
    match (DomainName::parse(one), DomainName::parse(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one.eq_ignore_ascii_case(other),
    }
}

/// Whether a `Received` field names a host of another organization behind `by`. Names count as one
/// organization where their last two labels agree; what is no domain name says nothing.
fn is_foreign(received: &str, authserv_id: &str) -> bool {
    let mut rest = mail::behind_comments(received, drop);
    let mut by = false;
    let host = loop {
        let end = rest.find([' ', '\t', '\r', '\n', '(', ';']).unwrap_or(rest.len());
        let Some((word, behind)) = rest.split_at_checked(end) else { return false };
        if by {
            break word;
        }
        by = word.eq_ignore_ascii_case("by");
        let next = mail::behind_comments(behind, drop);
        // A semicolon or a bracket that does not close ends what can be read.
        if next.is_empty() || next.len() == rest.len() || next.starts_with(';') {
            return false;
        }
        rest = next;
    };
    let domain = |text: &str| DomainName::parse(text).ok().filter(|name| name.label_count() > 1);
    match (domain(host), domain(authserv_id)) {
        (Some(host), Some(id)) => host.rightmost(2) != id.rightmost(2),
        _ => false,
    }
}

/// The domain of an address, or of a domain by itself.
fn domain_of(value: &str) -> Option<DomainName> {
    let value = value.trim().trim_start_matches('<').trim_end_matches('>');
    let domain = value.rsplit_once('@').map_or(value, |(_, domain)| domain);
    DomainName::parse(domain).ok().filter(|name| !domain.starts_with('[') && !name.is_root())
}

/// RFC 8601, 2.7.2. A result for the HELO name counts only where the reverse-path was null (RFC 9989, 3.2.4).
fn spf(found: &MethodResult, result: AuthResult, null_sender: bool) -> Identifier {
    let sender = ["mailfrom", "mail", "mfrom", "envelope-from"];
    let sender = sender.iter().find_map(|name| found.property("smtp", name));
    let is_null = sender.map_or(null_sender, |sender| matches!(sender.trim(), "" | "<>"));
    let helo = found.property("smtp", "helo").filter(|_| is_null);
    Identifier { domain: sender.and_then(domain_of).or_else(|| helo.and_then(domain_of)), result }
}

/// RFC 8601, 2.7.1. Where `header.d` is left out, the domain of `header.i` is the nearest to it: it is the same
/// or lies below it (RFC 6376, 3.5).
fn dkim(found: &MethodResult, result: AuthResult) -> Identifier {
    let signer = found.property("header", "d").or_else(|| found.property("header", "i"));
    Identifier { domain: signer.and_then(domain_of), result }
}

fn dmarc(found: &MethodResult, result: AuthResult) -> DmarcStatement {
    let hint = |key: &str| {
        let words = found.comments.iter().flat_map(|comment| comment.split([' ', ',', ';']));
        let values = words.filter_map(|word| word.split_once('='));
        values.filter(|(name, _)| name.eq_ignore_ascii_case(key)).find_map(|(_, value)| policy(value))
    };
    let action =
        found.properties.iter().find(|property| property.ptype.is_none() && property.name == "action");
    DmarcStatement {
        result,
        header_from: found.property("header", "from").map(str::to_owned),
        policy: found.property("policy", "dmarc").and_then(policy).or_else(|| hint("p")),
        disposition: hint("dis").or_else(|| action.and_then(|action| policy(&action.value))),
    }
}

/// A policy by its word; Exchange writes `oreject` where it overrides one, which is no rejection.
fn policy(word: &str) -> Option<Policy> {
    let policies = [Policy::None, Policy::Quarantine, Policy::Reject];
    policies.into_iter().find(|policy| word.eq_ignore_ascii_case(policy.as_str()))
}
