//! Alignment worked out anew from identifiers and results (RFC 9990, 3.1.1.9; RFC 9989, 4.4), to be compared
//! with what the reporter concluded.
//!
//! `None` means that it cannot be known. Identical names are aligned in every mode, and other names are not in
//! strict mode; that is always known. In relaxed mode the organizational domains decide, as far as the caller
//! knows them. Else the names and the policy domain tell some of it:
//!
//! - names that end in different labels belong to different organizations;
//! - where the policy was found above the author domain, the organizational domain lies there or one label below
//!   (RFC 9989, 4.10.1), so a domain outside of it is not aligned;
//! - and where a public suffix list was used, the organizational domain is that very name (RFC 7489, 6.6.3).

use std::borrow::Cow;

use serde::Serialize;

use super::coded::{
    Coded, DiscoveryMethod, DkimResult, PublishedAlignment, SpfResult, SpfScope, Verdict, Word,
};
use super::model::{AuthResults, Head, PolicyPublished, Record, Schema};
use super::organizations::Organizations;
use super::values;
use crate::name::DomainName;

/// What alignment comes to for one record. The reporter does not say this: it is worked out.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Alignment {
    /// Organizational domain of the author domain, by what the caller knows; `None` otherwise.
    pub header_from_org: Option<Box<DomainName>>,
    /// Whether the author domain lies below the policy domain; `None` if either is absent or no name.
    pub is_subdomain: Option<bool>,
    /// Whether a signature passed and is aligned.
    pub dkim: Option<bool>,
    /// Whether SPF passed and is aligned: for `MAIL FROM`, or for `HELO` under a null reverse-path.
    pub spf: Option<bool>,
    /// Whether the reporter's verdicts agree: `false` if one contradicts, `true` if both are known and agree.
    pub consistent: Option<bool>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Mode {
    Relaxed,
    Strict,
    Unknown,
}

impl Mode {
    fn of(policy: Option<&PolicyPublished>, written: Option<&Coded<PublishedAlignment>>) -> Self {
        match (policy, written.map(Coded::value)) {
            (None, _) => Self::Unknown,
            // RFC 9990, 3.1.1.5 has the default where the record has nothing.
            (_, None | Some(PublishedAlignment::Relaxed)) => Self::Relaxed,
            (_, Some(PublishedAlignment::Strict)) => Self::Strict,
            (_, Some(PublishedAlignment::Unknown)) => match written {
                Some(coded) if coded.raw().is_empty() => Self::Relaxed,
                _ => Self::Unknown,
            },
        }
    }
}

/// Domains of which the alignment with one author domain is remembered; more is rare.
const REMEMBERED: usize = 16;

/// An author domain under the policy that was published, and what was worked out for it. Records of a report
/// mostly share both, and their results name few domains.
#[derive(Debug, Default)]
pub(super) struct Author<'a> {
    /// The two names as written.
    written: (Option<Cow<'a, str>>, Option<Cow<'a, str>>),
    /// Whether the policy domain is the organizational domain, if it lies above.
    is_by_suffix: bool,
    name: Option<Cow<'a, str>>,
    policy_domain: Option<Cow<'a, str>>,
    is_subdomain: Option<bool>,
    organization: Option<DomainName>,
    aligned: Vec<(String, Mode, Option<bool>)>,
    /// Whether it remembers.
    is_kept: bool,
}

impl<'a> Author<'a> {
    fn is(&self, header_from: Option<&str>, policy_domain: Option<&str>, is_by_suffix: bool) -> bool {
        self.is_by_suffix == is_by_suffix
            && self.written.0.as_deref() == header_from
            && self.written.1.as_deref() == policy_domain
    }

    fn new(
        header_from: Option<&'a str>,
        policy_domain: Option<&'a str>,
        is_by_suffix: bool,
        organizations: &Organizations,
    ) -> Self {
        let (author, policy) = (header_from.and_then(name), policy_domain.and_then(name));
        let organization = if organizations.is_empty() { None } else { author.as_deref() }
            .and_then(|name| organizations.domain(&DomainName::parse(name).ok()?))
            .map(|domain| domain.name().clone());
        Self {
            written: (header_from.map(Cow::Borrowed), policy_domain.map(Cow::Borrowed)),
            is_by_suffix,
            is_subdomain: author
                .as_deref()
                .zip(policy.as_deref())
                .map(|(name, domain)| is_below(name, domain)),
            name: author,
            policy_domain: policy,
            organization,
            aligned: Vec::new(),
            is_kept: false,
        }
    }

    /// The same for later records.
    fn keep(self) -> Author<'static> {
        let own = |text: Option<Cow<'_, str>>| text.map(|text| Cow::Owned(text.into_owned()));
        Author {
            written: (own(self.written.0), own(self.written.1)),
            name: own(self.name),
            policy_domain: own(self.policy_domain),
            is_by_suffix: self.is_by_suffix,
            is_subdomain: self.is_subdomain,
            organization: self.organization,
            aligned: self.aligned,
            is_kept: true,
        }
    }

    /// Takes over what was worked out, and works out the rest: for each result.
    fn apply(
        &mut self,
        alignment: &mut Alignment,
        results: Option<&mut AuthResults>,
        policy: Option<&PolicyPublished>,
        organizations: &Organizations,
    ) {
        alignment.is_subdomain = self.is_subdomain;
        alignment.header_from_org = self.organization.clone().map(Box::new);
        let Some(results) = results else { return };
        let mut aligned = |domain: Option<&str>, mode| self.is_aligned(domain?, mode, organizations);
        let adkim = Mode::of(policy, policy.and_then(|policy| policy.adkim.as_ref()));
        for dkim in &mut results.dkim {
            dkim.aligned = aligned(dkim.domain.as_deref(), adkim);
        }
        let aspf = Mode::of(policy, policy.and_then(|policy| policy.aspf.as_ref()));
        for spf in &mut results.spf {
            spf.aligned = aligned(spf.domain.as_deref(), aspf);
        }
    }

    fn is_aligned(&mut self, domain: &str, mode: Mode, organizations: &Organizations) -> Option<bool> {
        let same = |known: &&(String, Mode, Option<bool>)| known.0 == domain && known.1 == mode;
        if let Some((_, _, known)) = self.aligned.iter().find(same) {
            return *known;
        }
        let aligned = self.work_out(domain, mode, organizations);
        if self.is_kept && self.aligned.len() < REMEMBERED {
            self.aligned.push((domain.to_owned(), mode, aligned));
        }
        aligned
    }

    fn work_out(&self, domain: &str, mode: Mode, organizations: &Organizations) -> Option<bool> {
        let author = self.name.as_deref()?;
        let domain = name(domain)?;
        if domain.eq_ignore_ascii_case(author) {
            return Some(true);
        }
        if mode == Mode::Strict {
            return Some(false);
        }
        let shared = if organizations.is_empty() {
            None
        } else {
            let parse = |text: &str| DomainName::parse(text).ok();
            parse(author).zip(parse(&domain)).and_then(|(one, other)| organizations.is_shared(&one, &other))
        };
        match shared.or_else(|| self.by_names(author, &domain)) {
            Some(true) if mode == Mode::Unknown => None,
            shared => shared,
        }
    }

    /// What the names alone tell about the organizational domains.
    fn by_names(&self, author: &str, domain: &str) -> Option<bool> {
        if !last_label(domain).eq_ignore_ascii_case(last_label(author)) {
            return Some(false);
        }
        let policy = self.policy_domain.as_deref()?;
        if !is_below(author, policy) {
            return None;
        }
        if !is_within(domain, policy) {
            return Some(false);
        }
        // A single label is a public suffix itself.
        (self.is_by_suffix && domain.len() == policy.len() && policy.contains('.')).then_some(true)
    }
}

/// Works out the alignment of a record, and that of each of its results.
pub(super) fn work_out(
    record: &mut Record,
    head: &Head,
    organizations: &Organizations,
    known: &mut Author<'static>,
) {
    let policy = head.policy.as_ref();
    let policy_domain = policy.and_then(|policy| policy.domain.as_deref());
    let names = record.identifiers.as_ref();
    let header_from = names.and_then(|names| names.header_from.as_deref());
    let is_by_suffix =
        policy.is_some_and(|policy| match policy.discovery_method.as_ref().map(Coded::value) {
            Some(DiscoveryMethod::Psl) => true,
            // A reporter that writes `np` may also have found the policy of a public suffix (RFC 9091).
            None => head.schema == Schema::Rfc7489 && policy.np.is_none(),
            Some(_) => false,
        });
    let (alignment, results) = (&mut record.alignment, record.auth_results.as_mut());
    if known.is(header_from, policy_domain, is_by_suffix) {
        known.apply(alignment, results, policy, organizations);
    } else {
        let mut author = Author::new(header_from, policy_domain, is_by_suffix, organizations);
        // Many reports have one record: nothing is kept for it.
        if record.ordinal > 0 {
            *known = author.keep();
            known.apply(alignment, results, policy, organizations);
        } else {
            author.apply(alignment, results, policy, organizations);
        }
    }
    let Some(results) = &record.auth_results else { return };
    let alignment = &mut record.alignment;
    alignment.dkim = any(results
        .dkim
        .iter()
        .map(|dkim| (passed(dkim.result.as_ref(), DkimResult::Pass, DkimResult::UNKNOWN), dkim.aligned)));
    let scope = |spf: &super::SpfAuth| spf.scope.as_ref().map(Coded::value);
    let by_mail_from = results.spf.iter().any(|spf| scope(spf) == Some(SpfScope::Mfrom));
    let envelope_from = names.and_then(|names| names.envelope_from.as_deref());
    alignment.spf = any(results.spf.iter().map(|spf| {
        // RFC 7489, 3.1.2: `HELO` counts only in its role as the sender of a null reverse-path.
        let counts = match (scope(spf), envelope_from) {
            (Some(SpfScope::Helo), _) if by_mail_from => Some(false),
            (Some(SpfScope::Helo), Some("")) => Some(true),
            (Some(SpfScope::Helo), Some(_)) => Some(false),
            (Some(SpfScope::Helo), None) => None,
            _ => Some(true),
        };
        let passed = passed(spf.result.as_ref(), SpfResult::Pass, SpfResult::UNKNOWN);
        (both(counts, passed), spf.aligned)
    }));
    let agrees = |verdict: Option<&Coded<Verdict>>, ours: Option<bool>| match verdict.map(Coded::value)? {
        Verdict::Pass => ours,
        Verdict::Fail => ours.map(|ours| !ours),
        Verdict::Unknown => None,
    };
    let evaluated = record.policy_evaluated.as_ref();
    alignment.consistent = both(
        agrees(evaluated.and_then(|evaluated| evaluated.dkim.as_ref()), alignment.dkim),
        agrees(evaluated.and_then(|evaluated| evaluated.spf.as_ref()), alignment.spf),
    );
}

/// Whether a result is a pass; `None` if it cannot be read.
fn passed<T: Word>(result: Option<&Coded<T>>, pass: T, unknown: T) -> Option<bool> {
    let value = result?.value();
    (value != unknown).then_some(value == pass)
}

/// Whether both hold; `None` if that does not follow.
fn both(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Whether any result passed and is aligned.
fn any(results: impl Iterator<Item = (Option<bool>, Option<bool>)>) -> Option<bool> {
    let mut found = Some(false);
    for (passed, aligned) in results {
        match both(passed, aligned) {
            Some(true) => return Some(true),
            None => found = None,
            Some(false) => {}
        }
    }
    found
}

/// Whether two texts are one domain name, however it is written.
pub(super) fn is_same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || name(one).zip(name(other)).is_some_and(|(one, other)| one.eq_ignore_ascii_case(&other))
}

/// A domain name in a form that can be compared without a look at case; `None` if it is none.
fn name(text: &str) -> Option<Cow<'_, str>> {
    if !text.is_ascii() {
        return DomainName::parse(text).ok().map(|name| Cow::Owned(name.as_str().to_owned()));
    }
    values::is_domain(text).then(|| Cow::Borrowed(text.strip_suffix('.').unwrap_or(text)))
}

/// Whether a name is another one or lies below it; both come from [`name`].
fn is_within(name: &str, other: &str) -> bool {
    let Some(below) = name.len().checked_sub(other.len()) else { return false };
    let (front, back) = name.as_bytes().split_at(below);
    back.eq_ignore_ascii_case(other.as_bytes()) && matches!(front.last(), None | Some(b'.'))
}

fn is_below(name: &str, other: &str) -> bool {
    name.len() > other.len() && is_within(name, other)
}

fn last_label(name: &str) -> &str {
    let dot = name.bytes().rposition(|octet| octet == b'.');
    name.get(dot.map_or(0, |dot| dot + 1)..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::{DkimAuth, Identifiers, PolicyEvaluated, SpfAuth};

    /// The alignment of a signature by a domain, under a policy.
    fn signed(author: &str, domain: &str, policy: Option<PolicyPublished>, schema: Schema) -> Option<bool> {
        let identifiers = Identifiers { header_from: Some(author.to_owned()), ..Identifiers::default() };
        let dkim = DkimAuth { domain: Some(domain.to_owned()), ..DkimAuth::default() };
        let mut record = Record {
            identifiers: Some(identifiers),
            auth_results: Some(AuthResults { dkim: vec![dkim], spf: Vec::new() }),
            ..Record::default()
        };
        let head = Head { policy, schema, ..Head::default() };
        work_out(&mut record, &head, &Organizations::default(), &mut Author::default());
        record.auth_results.and_then(|results| results.dkim.first()?.aligned)
    }

    fn policy(domain: &str, adkim: Option<&str>) -> PolicyPublished {
        let adkim = adkim.map(Coded::read);
        PolicyPublished { domain: Some(domain.to_owned()), adkim, ..PolicyPublished::default() }
    }

    #[test]
    fn identical_names_and_strict_alignment_are_always_known() {
        let relaxed = |author, domain| signed(author, domain, None, Schema::Rfc9990);
        assert_eq!(relaxed("a.example.com", "A.example.com."), Some(true));
        assert_eq!(relaxed("b\u{fc}cher.example", "xn--bcher-kva.example"), Some(true));
        assert_eq!(relaxed("a.example.com", "a.example.org"), Some(false));
        assert_eq!(relaxed("a.example.com", "example.com"), None);
        assert_eq!(relaxed("a.example.com", "not a name"), None);
        let strict = Some(policy("example.com", Some("s")));
        assert_eq!(signed("a.example.com", "example.com", strict, Schema::Rfc9990), Some(false));
    }

    #[test]
    fn a_policy_found_above_the_author_tells_the_organization() {
        let under =
            |domain, schema| signed("a.example.com", domain, Some(policy("example.com", None)), schema);
        for (domain, schema, expected) in [
            ("example.net.com", Schema::Rfc9990, Some(false)),
            ("xexample.com", Schema::Rfc9990, Some(false)),
            ("example.com", Schema::Rfc9990, None),
            ("example.com", Schema::Rfc7489, Some(true)),
            ("b.example.com", Schema::Rfc7489, None),
        ] {
            assert_eq!(under(domain, schema), expected, "{domain}");
        }
        let own = |domain| signed("example.com", domain, Some(policy("example.com", None)), Schema::Rfc7489);
        assert_eq!((own("b.example.com"), own("example.net.com")), (None, None));
        let suffix = |domain| signed("a.example", domain, Some(policy("example", None)), Schema::Rfc7489);
        assert_eq!(suffix("example"), None, "a policy of a public suffix");
    }

    #[test]
    fn a_mode_that_is_not_understood_leaves_it_open() {
        let unknown = || Some(policy("example.com", Some("x")));
        assert_eq!(signed("a.example.com", "example.com", unknown(), Schema::Rfc7489), None);
        assert_eq!(signed("a.example.com", "example.net", unknown(), Schema::Rfc7489), Some(false));
    }

    #[test]
    fn helo_counts_under_a_null_reverse_path_alone() {
        let alignment = |envelope_from: Option<&str>, scopes: &[&str]| {
            let names = Identifiers {
                header_from: Some("example.com".to_owned()),
                envelope_from: envelope_from.map(str::to_owned),
                ..Identifiers::default()
            };
            let spf = |scope: &&str| SpfAuth {
                domain: Some(if *scope == "helo" { "example.com" } else { "example.net" }.to_owned()),
                scope: Some(Coded::read(scope)),
                result: Some(Coded::read("pass")),
                ..SpfAuth::default()
            };
            let mut record = Record {
                identifiers: Some(names),
                auth_results: Some(AuthResults {
                    spf: scopes.iter().map(spf).collect(),
                    ..AuthResults::default()
                }),
                policy_evaluated: Some(PolicyEvaluated {
                    dkim: Some(Coded::read("fail")),
                    spf: Some(Coded::read("pass")),
                    ..PolicyEvaluated::default()
                }),
                ..Record::default()
            };
            work_out(&mut record, &Head::default(), &Organizations::default(), &mut Author::default());
            (record.alignment.spf, record.alignment.consistent)
        };
        assert_eq!(alignment(Some(""), &["helo"]), (Some(true), Some(true)));
        assert_eq!(alignment(Some("example.net"), &["helo"]), (Some(false), Some(false)));
        assert_eq!(alignment(None, &["helo"]), (None, None));
        assert_eq!(alignment(None, &["mfrom", "helo"]), (Some(false), Some(false)));
    }
}
