//! `Identity-Alignment`, which says the opposite by generation.
//!
//! RFC 7489, 7.3.1 lists the mechanisms that did produce an aligned identity, RFC 9991, 4 those that failed
//! to. Nothing in the report says which is meant. What else it says may tell: a message that failed DMARC has
//! no mechanism that produced an aligned identity, so that one that is listed must have failed.

use serde::Serialize;

use super::words::{AlignedMethod, AuthFailure};
use crate::authres::AuthenticationResults;
use crate::report::aggregate::Coded;

/// The list, and what it means.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IdentityAlignment {
    /// The mechanisms that are listed; empty for `none`.
    pub methods: Vec<Coded<AlignedMethod>>,
    /// The list as written.
    pub raw: String,
    /// Which standard the list follows, by what else the report says; `None` where that does not tell.
    pub standard: Option<Standard>,
}

/// Which standard a list follows.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standard {
    /// RFC 7489, 7.3.1: what is listed produced an aligned identity.
    Rfc7489,
    /// RFC 9991, 4: what is listed failed to authenticate an aligned identity.
    Rfc9991,
}

impl Standard {
    /// `rfc7489` or `rfc9991`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rfc7489 => "rfc7489",
            Self::Rfc9991 => "rfc9991",
        }
    }
}

impl IdentityAlignment {
    /// The mechanisms that failed to authenticate an aligned identity; `None` if it is not known what the
    /// list means.
    #[must_use]
    pub fn failed(&self) -> Option<Vec<AlignedMethod>> {
        let listed = |method: &AlignedMethod| self.methods.iter().any(|coded| coded.value() == *method);
        let all = [AlignedMethod::Dkim, AlignedMethod::Spf].into_iter();
        Some(match self.standard? {
            Standard::Rfc9991 => all.filter(listed).collect(),
            Standard::Rfc7489 => all.filter(|method| !listed(method)).collect(),
        })
    }

    /// Decides which standard the list follows.
    pub(super) fn decide(&mut self, failures: &[Coded<AuthFailure>], results: &[String]) {
        let listed: Vec<AlignedMethod> = self.methods.iter().map(Coded::value).collect();
        if listed.contains(&AlignedMethod::Unknown) {
            return;
        }
        let evidence = Evidence::of(failures, results);
        let fits_7489 = evidence.fits_produced(&listed);
        let fits_9991 = evidence.fits_failed(&listed);
        self.standard = match (fits_7489, fits_9991) {
            (true, false) => Some(Standard::Rfc7489),
            (false, true) => Some(Standard::Rfc9991),
            _ => None,
        };
    }
}

/// What a report says about its message beside the list.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    /// Whether DMARC passed.
    dmarc: Option<bool>,
    /// Whether a mechanism passed, aligned or not.
    dkim: Option<bool>,
    spf: Option<bool>,
}

impl Evidence {
    fn of(failures: &[Coded<AuthFailure>], results: &[String]) -> Self {
        let mut evidence = Self::default();
        for text in results {
            // Reporters often leave out who checked, which the standard demands in front of the results.
            let with_name = format!("unnamed; {text}");
            let has_name = text.split(';').next().is_some_and(|first| !first.contains('='));
            let field = AuthenticationResults::parse(if has_name { text } else { &with_name }).value;
            for result in field.map(|field| field.results).unwrap_or_default() {
                let slot = match result.method.as_str() {
                    "dmarc" => &mut evidence.dmarc,
                    "dkim" => &mut evidence.dkim,
                    "spf" => &mut evidence.spf,
                    _ => continue,
                };
                // Nothing was there to be checked.
                if result.word.eq_ignore_ascii_case("none") {
                    continue;
                }
                let passed = result.word.eq_ignore_ascii_case("pass");
                // One signature of several that passed is enough.
                *slot = Some(slot.unwrap_or(false) || passed);
            }
        }
        for failure in failures.iter().map(Coded::value) {
            match failure {
                AuthFailure::Dmarc => evidence.dmarc = evidence.dmarc.or(Some(false)),
                AuthFailure::Spf => evidence.spf = evidence.spf.or(Some(false)),
                AuthFailure::Signature | AuthFailure::Bodyhash | AuthFailure::Revoked => {
                    evidence.dkim = evidence.dkim.or(Some(false));
                }
                AuthFailure::Adsp | AuthFailure::Unknown => {}
            }
        }
        evidence
    }

    fn passed(self, method: AlignedMethod) -> Option<bool> {
        if method == AlignedMethod::Dkim { self.dkim } else { self.spf }
    }

    /// Whether it can be that exactly these mechanisms produced an aligned identity.
    fn fits_produced(self, listed: &[AlignedMethod]) -> bool {
        // RFC 9989, 4.4: DMARC passes if one of them does, aligned.
        self.dmarc.is_none_or(|passed| passed != listed.is_empty())
            && listed.iter().all(|method| self.passed(*method) != Some(false))
    }

    /// Whether it can be that these mechanisms failed to authenticate an aligned identity, and all others
    /// succeeded or were not attempted.
    fn fits_failed(self, listed: &[AlignedMethod]) -> bool {
        let both = [AlignedMethod::Dkim, AlignedMethod::Spf];
        let dmarc_fits = match self.dmarc {
            Some(true) => both.iter().any(|method| !listed.contains(method)),
            Some(false) => !listed.is_empty(),
            None => true,
        };
        dmarc_fits && both.iter().all(|method| listed.contains(method) || self.passed(*method) != Some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standard(list: &[&str], failure: &str, results: &str) -> Option<&'static str> {
        let mut alignment = IdentityAlignment {
            methods: list.iter().map(|word| Coded::read(word)).collect(),
            ..IdentityAlignment::default()
        };
        alignment.decide(&[Coded::read(failure)], &[results.to_owned()]);
        alignment.standard.map(Standard::as_str)
    }

    #[test]
    fn what_failed_dmarc_tells_what_the_list_means() {
        let fail = "dmarc=fail (p=none) header.from=example.com";
        assert_eq!(
            standard(&["spf"], "dmarc", "mx.example; dmarc=fail header.from=example.com"),
            Some("rfc9991")
        );
        assert_eq!(standard(&["dkim", "spf"], "dmarc", fail), Some("rfc9991"));
        assert_eq!(standard(&[], "dmarc", fail), Some("rfc7489"));
        assert_eq!(standard(&["spf"], "dmarc", "mx.example; spf=fail; dmarc=pass"), Some("rfc9991"));
        assert_eq!(
            standard(&["dkim"], "dmarc", "mx.example; dkim=pass; spf=fail; dmarc=pass"),
            Some("rfc7489")
        );
        assert_eq!(standard(&["spf"], "spf", "mx.example; spf=fail"), Some("rfc9991"));
        assert_eq!(standard(&["x"], "dmarc", fail), None);
        assert_eq!(standard(&["spf"], "adsp", ""), None);
        assert_eq!(standard(&["dkim"], "dmarc", "mx.example; dkim=pass; spf=pass; dmarc=pass"), None);
    }
}
