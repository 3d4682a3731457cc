//! The registered methods, results and property types (RFC 8601, 6; RFC 8617, 10; RFC 9989, 9).

use super::AuthResult::{
    self, Fail, Neutral, None as NoResult, Pass, Permerror, Policy, Softfail, Temperror,
};

/// The results of a method; `None` for a method that is not known here.
pub(super) fn results(method: &str) -> Option<&'static [AuthResult]> {
    Some(match method {
        "dkim" | "domainkeys" => &[NoResult, Pass, Fail, Policy, Neutral, Temperror, Permerror],
        "spf" | "sender-id" => &[NoResult, Pass, Fail, Softfail, Policy, Neutral, Temperror, Permerror],
        "dmarc" | "auth" => &[NoResult, Pass, Fail, Temperror, Permerror],
        "arc" => &[NoResult, Pass, Fail],
        "iprev" => &[Pass, Fail, Temperror, Permerror],
        _ => return None,
    })
}

/// Whether a word is a property type.
pub(super) fn is_ptype(word: &str) -> bool {
    ["smtp", "header", "body", "policy", "dns"].iter().any(|known| word.eq_ignore_ascii_case(known))
}
