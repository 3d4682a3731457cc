//! The fields of the report, and what may stand in them.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Draft, DraftDkim, END_OF_TIME, WriteError, date, domain_name, domain_of, mail};
use crate::authres::AuthenticationResults;
use crate::report::aggregate::Word;
use crate::report::failure::{AlignedMethod, AuthFailure, DeliveryResult};

/// Refuses a value.
fn refuse(element: &'static str, value: impl Into<String>) -> WriteError {
    WriteError::Invalid { element, value: value.into() }
}

/// A text that can stand in a field: of ASCII, in one line, without blanks at its ends. The part is of seven bits
/// (RFC 5965, 7.1).
fn line(element: &'static str, text: &str) -> Result<(), WriteError> {
    if text.is_empty() {
        return Err(WriteError::Missing { element });
    }
    let is_plain = text.bytes().all(|octet| (b' '..=b'~').contains(&octet));
    if is_plain && text.trim() == text { Ok(()) } else { Err(refuse(element, text)) }
}

/// An address of the envelope or of the report (RFC 5321, 4.1.2), without the brackets round it.
fn address(element: &'static str, text: &str) -> Result<(), WriteError> {
    line(element, text)?;
    let (local, domain) = text.rsplit_once('@').unwrap_or_default();
    let is_literal = domain.strip_prefix('[').is_some_and(|inner| inner.ends_with(']'));
    let is_domain = is_literal || domain_name(element, domain).is_ok();
    // RFC 5321, 4.1.2: `Local-part = Dot-string / Quoted-string`.
    let is_atext = |octet: u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&octet);
    let quoted = local.strip_prefix('"').and_then(|inner| inner.strip_suffix('"'));
    let is_local = match quoted {
        Some(inner) => {
            let mut escaped = false;
            let plain = inner.bytes().all(|octet| {
                let is_plain = escaped || octet != b'"';
                escaped = octet == b'\\' && !escaped;
                is_plain
            });
            plain && !escaped
        }
        None => !local.is_empty() && local.bytes().all(is_atext),
    };
    if is_domain && is_local { Ok(()) } else { Err(refuse(element, text)) }
}

/// A quoted string (RFC 5322, 3.2.4).
fn quoted(element: &'static str, text: &str) -> Result<String, WriteError> {
    line(element, text)?;
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

fn base64(element: &'static str, text: &str) -> Result<String, WriteError> {
    let compact: String = text.split_whitespace().collect();
    match STANDARD.decode(&compact) {
        Ok(octets) if !octets.is_empty() => Ok(mail::lines_of(&compact, " ")),
        _ => Err(refuse(element, text)),
    }
}

fn moment(element: &'static str, time: i64) -> Result<(), WriteError> {
    if (0..END_OF_TIME).contains(&time) { Ok(()) } else { Err(refuse(element, time.to_string())) }
}

impl Draft {
    /// Whether the standards allow it.
    pub(super) fn check(&self) -> Result<(), WriteError> {
        address("from", &self.from)?;
        domain_of("from", &self.from)?;
        if self.to.is_empty() {
            return Err(WriteError::Missing { element: "to" });
        }
        self.to.iter().try_for_each(|to| address("to", to))?;
        moment("date", self.date)?;
        self.arrival.map_or(Ok(()), |time| moment("arrival", time))?;
        self.message_id.as_deref().map_or(Ok(()), |id| address("message_id", id))?;
        line("user_agent", &self.user_agent)?;
        let is_token = |text: &str| {
            let separators = "()<>@,;:\\\"/[]?={} \t";
            !text.is_empty() && !text.contains(|c| separators.contains(c))
        };
        // RFC 2616, 14.43 and 3.8: `product = token ["/" product-version]`.
        let product = self.user_agent.split([' ', '(']).next().unwrap_or_default();
        let (name, version) = product.split_once('/').unwrap_or((product, "1"));
        if !is_token(name) || !is_token(version) {
            return Err(refuse("user_agent", self.user_agent.as_str()));
        }
        if matches!(self.auth_failure, AuthFailure::Adsp | AuthFailure::Unknown) {
            return Err(refuse("auth_failure", self.auth_failure.as_str()));
        }
        if self.reported_domain.is_empty() {
            return Err(WriteError::Missing { element: "reported_domain" });
        }
        if self.source_port.is_some() && self.source_ip.is_none() {
            return Err(WriteError::Missing { element: "source_ip" });
        }
        self.check_results()?;
        self.check_alignment()
    }

    fn check_results(&self) -> Result<(), WriteError> {
        let element = "authentication_results";
        line(element, &self.authentication_results)?;
        let results = AuthenticationResults::parse(&self.authentication_results).into_result();
        let results = results.map_err(|_| refuse(element, self.authentication_results.as_str()))?.results;
        // RFC 6591, 3.1: "it MUST reflect only a single authentication method's result".
        let [result] = results.as_slice() else {
            return Err(refuse(element, self.authentication_results.as_str()));
        };
        match self.auth_failure {
            // RFC 6591, 3.2.3 and 3.3.
            AuthFailure::Signature | AuthFailure::Bodyhash | AuthFailure::Revoked if self.dkim.is_none() => {
                Err(WriteError::Missing { element: "dkim" })
            }
            // RFC 6591, 3.2.6: "MUST appear once for every SPF record used"; a result of these comes of one.
            AuthFailure::Spf
                if self.spf.is_empty() && matches!(result.word.as_str(), "fail" | "softfail") =>
            {
                Err(WriteError::Missing { element: "spf" })
            }
            _ => Ok(()),
        }
    }

    fn check_alignment(&self) -> Result<(), WriteError> {
        let element = "identity_alignment";
        match (&self.identity_alignment, self.auth_failure) {
            // RFC 9991, 4.
            (None, AuthFailure::Dmarc) => Err(WriteError::Missing { element }),
            // "to be used when […] some or all of the authentication mechanisms failed to produce aligned identifiers".
            (Some(methods), AuthFailure::Dmarc) if methods.is_empty() => Err(refuse(element, "none")),
            (Some(methods), _) => {
                let again = methods.iter().enumerate().find(|(at, method)| {
                    **method == AlignedMethod::Unknown
                        || methods.iter().take(*at).any(|before| before == *method)
                });
                again.map_or(Ok(()), |(_, method)| Err(refuse(element, method.as_str())))
            }
            (None, _) => Ok(()),
        }
    }

    /// The block of fields.
    pub(super) fn fields(&self) -> Result<String, WriteError> {
        let mut block = Block(String::new());
        block.add("Feedback-Type", "feedback_type", "auth-failure")?;
        block.add("User-Agent", "user_agent", &self.user_agent)?;
        block.add("Version", "version", "1")?;
        block.add("Auth-Failure", "auth_failure", self.auth_failure.as_str())?;
        block.add("Authentication-Results", "authentication_results", &self.authentication_results)?;
        if let Some(methods) = &self.identity_alignment {
            let words: Vec<&str> = methods.iter().map(|method| method.as_str()).collect();
            let list = if words.is_empty() { "none".to_owned() } else { words.join(", ") };
            block.add("Identity-Alignment", "identity_alignment", &list)?;
        }
        if let Some(result) = self.delivery_result {
            // RFC 6591, 3.2.2 has words for all that may be told.
            if result == DeliveryResult::Unknown {
                return Err(refuse("delivery_result", result.as_str()));
            }
            block.add("Delivery-Result", "delivery_result", result.as_str())?;
        }
        if let Some(id) = &self.original_envelope_id {
            line("original_envelope_id", id)?;
            block.add("Original-Envelope-Id", "original_envelope_id", id)?;
        }
        if let Some(path) = &self.original_mail_from {
            if !path.is_empty() {
                address("original_mail_from", path)?;
            }
            block.add("Original-Mail-From", "original_mail_from", &format!("<{path}>"))?;
        }
        for path in &self.original_rcpt_to {
            address("original_rcpt_to", path)?;
            block.add("Original-Rcpt-To", "original_rcpt_to", &format!("<{path}>"))?;
        }
        if let Some(time) = self.arrival {
            block.add("Arrival-Date", "arrival", &date(time))?;
        }
        if let Some(name) = &self.reporting_mta {
            let name = domain_name("reporting_mta", name)?;
            block.add("Reporting-MTA", "reporting_mta", &format!("dns; {name}"))?;
        }
        match self.source_ip {
            // RFC 5321, 4.1.3: `IPv6-address-literal = "IPv6:" IPv6-addr`.
            Some(IpAddr::V6(six)) => block.add("Source-IP", "source_ip", &format!("IPv6:{six}"))?,
            Some(four) => block.add("Source-IP", "source_ip", &four.to_string())?,
            None => {}
        }
        if let Some(port) = self.source_port {
            block.add("Source-Port", "source_port", &port.to_string())?;
        }
        if let Some(incidents) = self.incidents {
            block.add("Incidents", "incidents", &incidents.to_string())?;
        }
        for name in &self.reported_domain {
            let name = domain_name("reported_domain", name)?;
            block.add("Reported-Domain", "reported_domain", &name)?;
        }
        for uri in &self.reported_uri {
            line("reported_uri", uri)?;
            if uri.contains([' ', '<', '>', '"']) {
                return Err(refuse("reported_uri", uri.as_str()));
            }
            block.add("Reported-URI", "reported_uri", uri)?;
        }
        self.dkim.as_ref().map_or(Ok(()), |dkim| block.dkim(dkim))?;
        for spf in &self.spf {
            let domain = domain_name("spf.domain", &spf.domain)?;
            let record = quoted("spf.record", &spf.record)?;
            block.add("SPF-DNS", "spf.record", &format!("txt : {domain} : {record}"))?;
        }
        Ok(block.0)
    }
}

/// Fields under construction.
struct Block(String);

impl Block {
    fn add(&mut self, name: &str, element: &'static str, value: &str) -> Result<(), WriteError> {
        let field = mail::field(name, value).ok_or_else(|| refuse(element, value))?;
        self.0.push_str(&field);
        Ok(())
    }

    fn dkim(&mut self, dkim: &DraftDkim) -> Result<(), WriteError> {
        let domain = domain_name("dkim.domain", &dkim.domain)?;
        self.add("DKIM-Domain", "dkim.domain", &domain)?;
        let identity = dkim.identity.clone().unwrap_or_else(|| format!("@{domain}"));
        match identity.strip_prefix('@') {
            Some(name) => domain_name("dkim.identity", name).map(drop)?,
            None => address("dkim.identity", &identity)?,
        }
        self.add("DKIM-Identity", "dkim.identity", &identity)?;
        self.add("DKIM-Selector", "dkim.selector", &domain_name("dkim.selector", &dkim.selector)?)?;
        if let Some(header) = &dkim.canonicalized_header {
            let element = "dkim.canonicalized_header";
            self.add("DKIM-Canonicalized-Header", element, &base64(element, header)?)?;
        }
        if let Some(body) = &dkim.canonicalized_body {
            let element = "dkim.canonicalized_body";
            self.add("DKIM-Canonicalized-Body", element, &base64(element, body)?)?;
        }
        if let Some(record) = &dkim.record {
            self.add("DKIM-Selector-DNS", "dkim.record", &quoted("dkim.record", record)?)?;
        }
        Ok(())
    }
}
