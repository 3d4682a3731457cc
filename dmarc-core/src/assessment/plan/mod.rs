//! The next safe move of a domain on its way to `p=reject`: where it stands, what holds it up, which records to
//! publish next, what to watch, and how to go back.
//!
//! Steps are the six of Forum Standaardisatie: publish, analyze, repair, quarantine, reject, keep monitoring. A plan
//! proposes one stage at a time, and only where reports show that it loses no mail of a sender that could be mended;
//! what nobody can mend it states beforehand. What is not known stays open: nothing is guessed, and no policy is
//! switched on unseen.

mod evidence;
mod holds;
mod losses;
mod mail;
mod moves;
mod publication;
mod quiet;
mod record;
mod repair;
pub mod rules;
mod spf;
mod stage;
mod standing;
mod thresholds;
mod view;

use serde::Serialize;

use crate::diagnostics::Diagnostic;
use crate::dmarc::Edition;
use crate::dns::Record;
use crate::evaluation::{Answer, Facts, Question, RecordSet};
use crate::name::DomainName;
use crate::streams::{Action, Class};
use crate::syntax::strings;
use crate::time::UnixTime;

use super::domain::DomainReport;
use super::rehearsal::{self, Change, Rehearsed, Rows};

pub use publication::Publication;
pub use thresholds::{Thresholds, Wishes};

/// Which way a domain goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Track {
    /// It sends mail, or may.
    Mail,
    /// It sends none.
    NoMail,
}

/// What holds the next step up.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// The stream, by its key; `None` where it is no stream.
    pub stream: Option<String>,
    /// What the stream is.
    pub class: Option<Class>,
    /// What to do about it.
    pub action: Option<Action>,
    /// Messages of the last weeks that it is about.
    pub messages: u64,
    /// Their share of all mail that is not unauthorised.
    pub share: Option<f64>,
    /// Why, and in its help what mends it.
    pub reason: Diagnostic,
}

impl Blocked {
    pub(super) const fn about(reason: Diagnostic) -> Self {
        Self { stream: None, class: None, action: None, messages: 0, share: None, reason }
    }
}

/// A legitimate stream that loses mail.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct LostStream {
    /// Its key.
    pub stream: String,
    /// What it is.
    pub class: Class,
    /// Messages.
    pub messages: u64,
}

/// What the records to publish, or the ones after them, lose of legitimate mail.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Loss {
    /// `reports`: what fails in the last weeks; `rehearsal`: every reported row, replayed; `none`: no reports.
    pub basis: &'static str,
    /// Messages.
    pub messages: u64,
    /// Legitimate messages in all, of which these are lost.
    pub legitimate: u64,
    /// Weeks in which they were sent; null for a rehearsal.
    pub weeks: Option<u64>,
    /// Their share of legitimate mail; null without any.
    pub share: Option<f64>,
    /// Those of them that no sender can mend: sent on by others.
    pub residual: u64,
    /// Messages of the last weeks beside them that fail behind a gateway of the receiver's own: what such a receiver
    /// refuses is its own choice, and forged mail is among it.
    pub gateways: u64,
    /// By stream, most messages first; at most twenty.
    pub streams: Vec<LostStream>,
}

/// When the step after may come.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct After {
    /// Not before; `None` if nothing waits for a day, or no day is known to count from.
    pub earliest: Option<UnixTime>,
    /// And not unless.
    pub conditions: Vec<Diagnostic>,
}

/// The plan of one domain.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// The domain.
    pub domain: DomainName,
    /// The edition whose stages it follows.
    pub edition: Edition,
    /// Which way it goes.
    pub track: Track,
    /// Where it stands, from 1 to 6; `None` if that is not known.
    pub step: Option<u8>,
    /// Where it stands once the records are published; `None` if there are none.
    pub next_step: Option<u8>,
    /// The end of the last report, or else the moment of the answers: dates count from here.
    pub as_of: Option<UnixTime>,
    /// What holds the next step up.
    pub blocked_by: Vec<Blocked>,
    /// Records to publish now.
    pub publish: Vec<Publication>,
    /// Records to publish once nothing holds them up.
    pub then: Vec<Publication>,
    /// What to watch.
    pub watch: Vec<Diagnostic>,
    /// How to go back.
    pub roll_back: Vec<Publication>,
    /// When the step after may come.
    pub after: After,
    /// What is worth knowing beside that.
    pub notes: Vec<Diagnostic>,
    /// What is lost.
    pub loss: Loss,
    /// The numbers that it rests on.
    pub thresholds: Thresholds,
}

/// Replays reports through records that would be published.
pub type Rehearse<'a> = &'a dyn Fn(&[Publication]) -> Vec<Rehearsed>;

/// The plan of a domain, from its facts and from what its reports come to. `rehearse` replays the reports, if the
/// caller has them still.
#[must_use]
pub fn plan(report: &DomainReport, rehearse: Option<Rehearse<'_>>) -> Plan {
    let judged = report.judged.as_ref();
    let thresholds = Thresholds::of(&report.context.plan);
    let plan = Plan {
        domain: report.domain.clone(),
        edition: report.edition,
        track: Track::Mail,
        step: None,
        next_step: None,
        as_of: report.now,
        blocked_by: Vec::new(),
        publish: Vec::new(),
        then: Vec::new(),
        watch: Vec::new(),
        roll_back: Vec::new(),
        after: After::default(),
        notes: Vec::new(),
        loss: Loss { basis: "none", ..Loss::default() },
        thresholds,
    };
    let mut plan = if report.sends.value == Some(false) && !mail::sends_after_all(report, judged) {
        quiet::plan(report, Plan { track: Track::NoMail, ..plan })
    } else {
        mail::plan(report, judged, rehearse, plan)
    };
    if plan.roll_back.is_empty() {
        plan.roll_back = publication::undo(&plan.publish);
    }
    plan
}

/// The same, with every reported row replayed through the records that it proposes. `facts` are the records as they
/// are; `public_suffix` is for RFC 7489.
#[must_use]
pub fn plan_with_rows(
    report: &DomainReport,
    rows: &Rows,
    facts: &Facts,
    public_suffix: &dyn Fn(&DomainName) -> Option<DomainName>,
) -> Plan {
    let Some(judged) = &report.judged else { return plan(report, None) };
    let rehearse = |publish: &[Publication]| {
        let to = published(facts, publish);
        let change = Change { from: facts, to: &to, signs: &[], public_suffix };
        rehearsal::rehearse(rows, &change, judged, &[Edition::Rfc9989, Edition::Rfc7489]).editions
    };
    plan(report, Some(&rehearse))
}

/// The facts once records are published.
fn published(facts: &Facts, publish: &[Publication]) -> Facts {
    let mut after = facts.clone();
    for each in publish.iter().filter(|each| each.record_type == "TXT") {
        let Ok(name) = DomainName::parse(&each.name) else { continue };
        let question = Question::txt(name);
        let mut set = match after.look_up(&question) {
            Some(Answer::Records(set)) => set,
            _ => RecordSet::default(),
        };
        let gone = each.replaces.as_deref().map(str::as_bytes);
        set.records.retain(|record| record.joined_text().as_deref() != gone || gone.is_none());
        set.records.extend(each.value.as_deref().map(|text| {
            Record::Txt(strings::split(text.as_bytes()).into_iter().map(<[u8]>::to_vec).collect())
        }));
        let answer = if set.records.is_empty() { Answer::NoData } else { Answer::Records(set) };
        after.insert(question, answer);
    }
    after
}

impl Plan {
    /// Says that something is not known.
    fn open(&mut self, name: String) {
        self.blocked_by.push(Blocked::about(rules::UNRESOLVED.anywhere().arg("name", name)));
    }
}
