//! What makes a DMARC record count, and its reports arrive.

use crate::diagnostics::Severity;
use crate::dmarc::discovery::FoundAt;
use crate::dmarc::external::Authorization;
use crate::dmarc::{Policy, PublicSuffixFlag, Record};
use crate::streams::Class;

use super::mail::Way;
use super::publication::Publication;
use super::record::{Kept, shown};
use super::rules::{
    FLAWED_RECORD, INHERITED, NO_MAILBOX, NO_RECORD, NO_RUA, NOT_DELIVERED, PUBLIC_SUFFIX, SEVERAL_RECORDS,
    UNUSABLE_RECORD, WHEN_MAILBOX,
};
use super::{Blocked, Plan};

impl Way<'_> {
    /// What makes the record count, whatever its policy. Says whether it is published anew.
    pub(super) fn repair(&self, plan: &mut Plan, kept: &mut Kept) -> bool {
        let domain = || self.report.domain.to_string();
        let before = plan.blocked_by.len();
        let mut block = |reason| plan.blocked_by.push(Blocked::about(reason));
        match (self.own.records, &self.own.values) {
            (0, _) if self.own.texts.is_empty() => match self.report.discovered.found() {
                Some(found) if found.found_at != FoundAt::Domain => {
                    let from = found.policy_domain.to_string();
                    plan.notes.push(INHERITED.anywhere().arg("domain", domain()).arg("from", from));
                }
                _ => block(NO_RECORD.anywhere().arg("domain", domain())),
            },
            (0 | 1, None) => block(UNUSABLE_RECORD.anywhere().arg("domain", domain())),
            (1, Some(_)) => {
                let text = self.own.texts.first().map(Vec::as_slice).unwrap_or_default();
                let found = Record::parse(text, self.report.edition).diagnostics;
                if found.iter().any(|one| one.severity == Severity::Error) {
                    block(FLAWED_RECORD.anywhere().arg("domain", domain()));
                }
            }
            (count, _) => block(SEVERAL_RECORDS.anywhere().arg("domain", domain()).arg("count", count)),
        }
        let psd = self.own.values.as_ref().is_some_and(|values| values.psd == Some(PublicSuffixFlag::Y));
        if psd {
            kept.without_ruf();
            plan.notes.push(PUBLIC_SUFFIX.anywhere().arg("domain", domain()));
        }
        if kept.rua().is_none() {
            let wish = self.report.context.plan.rua.clone();
            let takes_mail = self.report.receives.value != Some(false);
            let address =
                wish.or_else(|| takes_mail.then(|| format!("dmarc-reports@{}", self.report.domain)));
            match address {
                Some(address) => {
                    kept.send_to(&address);
                    let reason = NO_RUA.anywhere().arg("domain", domain()).arg("address", address.as_str());
                    plan.blocked_by.push(Blocked::about(reason));
                    plan.after.conditions.push(WHEN_MAILBOX.anywhere().arg("address", address));
                }
                None => plan.blocked_by.push(Blocked::about(NO_MAILBOX.anywhere().arg("domain", domain()))),
            }
        }
        let inherits = self.own.texts.is_empty() && plan.blocked_by.len() == before;
        let anew = plan.blocked_by.len() > before || inherits && !self.now.is_last(self.report.edition);
        if anew {
            let text = kept.at(&self.now.stage, Some(self.now.sp), self.now.np);
            let others = self.own.texts.split_last().map_or(&[][..], |(_, others)| others);
            let gone = others.iter().map(|old| Publication::txt(&self.own.name, None, Some(shown(old))));
            plan.publish.extend(gone);
            let as_before = self.own.texts.last().is_some_and(|old| *old == text.as_bytes());
            if !as_before {
                plan.publish.push(self.publication(text));
            }
        }
        anew
    }

    /// Whether senders pass by SPF alone, or that is not known.
    pub(super) fn rests_on_spf(&self) -> bool {
        self.evidence.is_none_or(|evidence| {
            [false, true].into_iter().any(|below| {
                evidence
                    .holds(below, Policy::Reject)
                    .iter()
                    .any(|held| held.class == Some(Class::AuthenticatedSpfOnly))
            })
        })
    }

    /// Reports that go nowhere.
    pub(super) fn destinations(&self, plan: &mut Plan) {
        for to in self.report.destinations.iter().filter(|to| to.tag == "rua") {
            if to.authorization == Authorization::NotAuthorized {
                let line = to.publish.clone().unwrap_or_default();
                let reason = NOT_DELIVERED.anywhere().arg("uri", to.uri.as_str()).arg("line", line);
                match self.evidence {
                    // They arrive all the same, by another address.
                    Some(_) => plan.notes.push(reason),
                    None => plan.blocked_by.push(Blocked::about(reason)),
                }
            }
        }
    }
}
