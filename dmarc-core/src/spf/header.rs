//! The result as header fields: `Received-SPF` (RFC 7208, 9.1) and the part of
//! `Authentication-Results` that is about SPF (RFC 8601, 2.7.2).
//!
//! What the sender wrote is shortened and stripped of everything but visible ASCII.

use super::check::CheckHost;
use super::outcome::{Evaluated, Identity, Problem, SpfResult};

/// Most characters of one value. RFC 7208, 9.1: the field must not be "excessively long".
const VALUE: usize = 160;

impl Problem {
    /// What programs match on, such as `too-many-lookups`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InvalidDomain { .. } => "invalid-domain",
            Self::NoRecord { .. } => "no-record",
            Self::SeveralRecords { .. } => "several-records",
            Self::SyntaxError { .. } => "syntax-error",
            Self::TargetWithoutRecord { .. } => "target-without-record",
            Self::TooManyLookups { .. } => "too-many-lookups",
            Self::TooManyVoidLookups { .. } => "too-many-void-lookups",
            Self::TooManyMailHosts { .. } => "too-many-mail-hosts",
            Self::LookupFailed { .. } => "lookup-failed",
            Self::NotKnown { .. } => "not-known",
        }
    }
}

impl Evaluated {
    /// The `Received-SPF` field on one line; `None` if there is no result.
    #[must_use]
    pub fn received_spf(&self, check: &CheckHost) -> Option<String> {
        let result = self.result?;
        let receiver = check.receiver.as_deref().unwrap_or("unknown");
        let domain = self.domain.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string);
        let ip = check.ip;
        let says = match result {
            SpfResult::Pass => format!("domain of {domain} designates {ip} as permitted sender"),
            SpfResult::Fail => format!("domain of {domain} does not designate {ip} as permitted sender"),
            SpfResult::Softfail => {
                format!("domain of {domain} probably does not designate {ip} as permitted sender")
            }
            SpfResult::Neutral => format!("domain of {domain} neither permits nor denies {ip}"),
            SpfResult::None => format!("domain of {domain} does not say who may send"),
            SpfResult::Temperror => format!("record of {domain} could not be looked up"),
            SpfResult::Permerror => format!("record of {domain} could not be evaluated"),
        };
        let mut field =
            format!("Received-SPF: {} ({}: {})", result.as_str(), comment(receiver), comment(&says));
        let mut pair = |key: &str, value: &str| field.push_str(&format!(" {key}={};", quoted(value)));
        pair("identity", self.identity.as_str());
        pair("client-ip", &ip.to_string());
        if check.mail_from.is_some() {
            pair("envelope-from", &check.sender_address());
        }
        pair("helo", &check.helo);
        pair("receiver", receiver);
        match (&self.term, &self.problem) {
            (_, Some(problem)) => pair("problem", problem.code()),
            (Some(term), None) => pair("mechanism", term.text()),
            (None, None) => pair("mechanism", "default"),
        }
        Some(field)
    }

    /// What `Authentication-Results` says about SPF, without the authserv-id; `None` if there is no
    /// result.
    #[must_use]
    pub fn authentication_results(&self, check: &CheckHost) -> Option<String> {
        let result = self.result?;
        let mut text = format!("spf={}", result.as_str());
        if let Some(problem) = &self.problem {
            text.push_str(&format!(" reason={}", quoted(problem.code())));
        }
        let domain = self.domain.as_ref().map(ToString::to_string);
        // RFC 8601, 2.7.2: the local-part of MAIL FROM SHOULD be left out.
        match self.identity {
            Identity::Mailfrom => {
                let mail_from = domain.unwrap_or_else(|| check.sender_address());
                text.push_str(&format!(" smtp.mailfrom={}", quoted(&mail_from)));
            }
            Identity::Helo => {
                text.push_str(&format!(" smtp.helo={}", quoted(domain.as_deref().unwrap_or(&check.helo))));
            }
        }
        Some(text)
    }
}

/// Visible ASCII and spaces, not too many of them.
fn shortened(text: &str) -> String {
    let visible = |each: char| if each.is_ascii_graphic() || each == ' ' { each } else { '?' };
    text.chars().take(VALUE).map(visible).collect()
}

/// A text that may stand in a comment (RFC 5322, 3.2.2).
fn comment(text: &str) -> String {
    shortened(text).chars().filter(|each| !"()\\".contains(*each)).collect()
}

/// A dot-atom, or a quoted-string where the value is none (RFC 5322, 3.2.3 and 3.2.4).
fn quoted(value: &str) -> String {
    let value = shortened(value);
    let is_atom = |atom: &str| {
        !atom.is_empty() && atom.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"-_".contains(&octet))
    };
    if value.split('.').all(is_atom) {
        return value;
    }
    let mut text = String::with_capacity(value.len() + 2);
    text.push('"');
    for each in value.chars() {
        if matches!(each, '"' | '\\') {
            text.push('\\');
        }
        text.push(each);
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_break_out() {
        assert_eq!(quoted("mx.example.com"), "mx.example.com");
        assert_eq!(quoted("a b\"\r\n\\"), r#""a b\"??\\""#);
        assert_eq!(quoted(""), "\"\"");
        assert_eq!(comment("x) (y\n"), "x y?");
        assert!(quoted(&"x".repeat(5_000)).len() < 200);
    }
}
