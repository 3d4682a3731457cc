//! What a term asks for: its macros expanded for the client, and the names of the client (RFC 7208, 5.5
//! and 7).

use std::borrow::Cow;

use super::check::CheckHost;
use super::expand::{Values, expand, needs_validated_name, reverse_name, target_name, uses_local_part};
use super::macro_string::MacroString;
use super::published::Policy;
use super::terms::{DomainSpec, DualCidr, Mechanism};
use super::trace::Became;
use super::walk::{End, Walk};
use crate::dns;
use crate::evaluation::Question;
use crate::name::DomainName;

/// Names of an address that are looked at (RFC 7208, 4.6.4): "all records other than the first 10
/// MUST be ignored".
const REVERSE_NAMES: usize = 10;

/// A target: its name, if the text is one, and the text.
type Target<'t> = (Option<DomainName>, Cow<'t, str>);

impl<'a> Walk<'a, '_> {
    /// The client's names that lead back to its address (RFC 7208, 5.5). A failure of the first
    /// lookup gives none, one of the others leaves that name out.
    pub(super) fn validated_names(&mut self) -> Result<Vec<DomainName>, End> {
        if let Some(names) = &self.validated {
            return Ok(names.clone());
        }
        let reverse = reverse_name(self.ip).map(|name| Question::dns(name, dns::RecordType::Ptr));
        let answer = reverse.map(|question| self.try_look_up(&question)).transpose()?.flatten();
        let candidates: Vec<DomainName> = match answer {
            Some(found) => (found.records().iter())
                .filter_map(
                    |record| if let dns::Record::Ptr(name) = record { Some(name.clone()) } else { None },
                )
                .take(REVERSE_NAMES)
                .collect(),
            None => Vec::new(),
        };
        for name in &candidates {
            self.inquiry.expect(self.addresses_of(name));
        }
        let mut names = Vec::new();
        for name in candidates {
            let found = self.try_look_up(&self.addresses_of(&name))?;
            if found.is_some_and(|found| self.address_matches(&found, DualCidr::default()) == Became::Match) {
                names.push(name);
            }
        }
        self.validated = Some(names.clone());
        Ok(names)
    }

    /// The target of a term; `Err` if the term cannot match at all.
    pub(super) fn target<'t>(
        &mut self,
        spec: Option<&'t DomainSpec>,
        policy: &'t Policy,
        index: usize,
    ) -> Result<Result<Target<'t>, Became>, End> {
        let domain = policy.domain();
        let Some(spec) = spec else { return Ok(Ok((Some(domain.clone()), domain.as_str().into()))) };
        let string = spec.as_macro_string();
        if string.is_literal() {
            let known = policy.written_name(index).cloned();
            return Ok(Ok((known.or_else(|| target_name(string.as_str())), string.as_str().into())));
        }
        // RFC 8616, 4: "terms that include %{s} or %{l} do not match anything".
        if uses_local_part(string) && !self.check.sender().0.is_ascii() {
            return Ok(Err(Became::NonAsciiLocalPart));
        }
        let validated = self.validated_for(string, domain, true)?;
        let text = self.expanded(string, domain, validated.as_deref());
        Ok(Ok((target_name(&text), text.into())))
    }

    fn expanded(&self, string: &MacroString, domain: &DomainName, validated: Option<&str>) -> String {
        let check: &'a CheckHost = self.check;
        let (local_part, sender_domain) = check.sender();
        // RFC 8616, 4: U-labels are converted to A-labels before they are used in macros.
        let ascii = |text: &'a str| {
            let name = (!text.is_ascii()).then(|| DomainName::parse(text).ok()).flatten();
            name.map_or(Cow::Borrowed(text), |name| Cow::Owned(name.to_string()))
        };
        expand(
            string,
            &Values {
                local_part,
                sender_domain: &ascii(sender_domain),
                domain: domain.as_str(),
                ip: self.ip,
                validated,
                helo: &ascii(&check.helo),
                receiver: check.receiver.as_deref(),
                now: check.now.map(|time| time.0),
            },
        )
    }

    /// The value of `%{p}`, if the string uses it: RFC 7208, 7.3 prefers the domain itself, then a
    /// name below it, then any.
    fn validated_for(
        &mut self,
        string: &MacroString,
        domain: &DomainName,
        counted: bool,
    ) -> Result<Option<String>, End> {
        if !needs_validated_name(string) {
            return Ok(None);
        }
        if counted && self.check.conventions.p_macro {
            self.budget.spend_lookup()?;
        }
        let names = self.validated_names()?;
        let best = names
            .iter()
            .find(|name| *name == domain)
            .or_else(|| names.iter().find(|name| name.is_within(domain)))
            .or(names.first());
        Ok(best.map(ToString::to_string))
    }

    /// RFC 7208, 6.2: whatever goes wrong, there is no explanation then.
    pub(super) fn explanation(
        &mut self,
        target: &DomainSpec,
        domain: &DomainName,
    ) -> Result<Option<String>, End> {
        if uses_local_part(target.as_macro_string()) && !self.check.sender().0.is_ascii() {
            return Ok(None);
        }
        let validated = self.validated_for(target.as_macro_string(), domain, false)?;
        let text = self.expanded(target.as_macro_string(), domain, validated.as_deref());
        let Some(name) = target_name(&text) else { return Ok(None) };
        let Some(found) = self.try_look_up(&Question::txt(name))? else { return Ok(None) };
        let [record] = found.records() else { return Ok(None) };
        let joined = record.joined_text().and_then(|octets| String::from_utf8(octets).ok());
        let Some(string) = joined.as_deref().and_then(MacroString::parse_explanation) else {
            return Ok(None);
        };
        let validated = self.validated_for(&string, domain, false)?;
        let text = self.expanded(&string, domain, validated.as_deref());
        // RFC 7208, 6.2: "the explanation string MUST be limited to [US-ASCII]."
        Ok(text.is_ascii().then_some(text))
    }

    /// Where a fact is missing for one term of a record: notes what its other terms will probably
    /// need, so that one round can fetch it.
    pub(super) fn expect(&mut self, policy: &Policy, lookups_left: usize) {
        let domain = policy.domain();
        let questions: Vec<Question> = (policy.record().directives())
            .filter(|(_, directive)| directive.mechanism.queries())
            .take(lookups_left)
            .filter_map(|(_, directive)| self.expected(domain, &directive.mechanism))
            .collect();
        for question in questions {
            self.inquiry.expect(question);
        }
    }

    fn expected(&self, domain: &DomainName, mechanism: &Mechanism) -> Option<Question> {
        let name = match mechanism.domain() {
            None => domain.clone(),
            Some(spec) => {
                let string = spec.as_macro_string();
                if needs_validated_name(string)
                    || uses_local_part(string) && !self.check.sender().0.is_ascii()
                {
                    return None;
                }
                target_name(&self.expanded(string, domain, None))?
            }
        };
        Some(match mechanism {
            Mechanism::Include(_) => Question::txt(name),
            Mechanism::A(..) => self.addresses_of(&name),
            Mechanism::Mx(..) => Question::dns(name, dns::RecordType::Mx),
            Mechanism::Ptr(_) => Question::dns(reverse_name(self.ip)?, dns::RecordType::Ptr),
            Mechanism::Exists(_) => Question::dns(name, dns::RecordType::A),
            Mechanism::All | Mechanism::Ip4(_) | Mechanism::Ip6(_) => return None,
        })
    }
}
