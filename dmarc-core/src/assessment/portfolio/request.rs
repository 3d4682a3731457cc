//! A portfolio as data: what Python and JavaScript pass.

use serde::Deserialize;

use super::{DomainList, Portfolio};
use crate::assessment::context::Context;
use crate::assessment::domain::DomainCheck;
use crate::assessment::observation::Observations;
use crate::assessment::profiles::ProfileId;
use crate::assessment::records::{NotAZone, Records};
use crate::assessment::request::{every_profile, newest};
use crate::dmarc::Edition;
use crate::evaluation::{Answer, Evaluation, Facts, Question, Step};
use crate::limits::Limits;
use crate::name::DomainName;
use crate::time::UnixTime;

/// Domains as a caller lists them.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Listed {
    /// The text of a list: see [`DomainList::parse`].
    Text(String),
    /// Names; problems count them as lines.
    Names(Vec<String>),
}

impl Listed {
    /// The list.
    #[must_use]
    pub fn read(&self) -> DomainList {
        match self {
            Self::Text(text) => DomainList::parse(text.as_bytes()),
            Self::Names(names) => DomainList::of_lines(names.iter().map(String::as_bytes)),
        }
    }
}

/// Many domains, and the records that are known of them.
///
/// ```
/// use dmarc_core::assessment::PortfolioRequest;
///
/// let request: PortfolioRequest = serde_json::from_str(
///     r#"{
///         "domains": "example.com\nexample.org\n",
///         "records": { "snapshot": { "complete": true, "names": {
///             "example.com": {}, "_dmarc.example.com": { "TXT": ["v=DMARC1; p=reject"] }, "example.org": {}
///         } } }
///     }"#,
/// )?;
/// let portfolio = request.run()?;
/// assert_eq!(portfolio.strict_share(), Some(0.5));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortfolioRequest {
    /// The domains.
    pub domains: Listed,
    /// What is known.
    #[serde(default)]
    pub records: Records,
    /// Edition of DMARC that receivers are taken to follow.
    #[serde(default = "newest")]
    pub edition: Edition,
    /// When the answers hold, in epoch seconds.
    #[serde(default)]
    pub now: Option<UnixTime>,
    /// What was seen at mail hosts; where it is left out, what the snapshot says of them.
    #[serde(default)]
    pub smtp: Option<serde_json::Value>,
    /// The profiles that are judged: all of them, unless some are named.
    #[serde(default = "every_profile")]
    pub profiles: Vec<ProfileId>,
}

impl PortfolioRequest {
    /// Judges every domain. What the records do not tell stays undetermined.
    ///
    /// # Errors
    /// A text that is no zone file.
    pub fn run(&self) -> Result<Portfolio, NotAZone> {
        Ok(self.run_over(self.records.facts()?))
    }

    /// The same over facts that the caller has, in place of the records.
    #[must_use]
    pub fn run_over(&self, facts: Facts) -> Portfolio {
        let list = self.domains.read();
        let names = list.domains.clone();
        let mut portfolio = Portfolio::of_list(list);
        let check = self.check();
        names.into_iter().fold(facts, |facts, domain| {
            let check = DomainCheck { domain, ..check.clone() };
            judged(check, facts, &mut portfolio)
        });
        portfolio
    }

    /// The check of each domain, but for its name.
    fn check(&self) -> DomainCheck {
        let of_snapshot = || self.records.snapshot.as_ref()?.smtp.as_ref();
        DomainCheck {
            domain: DomainName::root(),
            edition: self.edition,
            now: self.now,
            context: Context::default(),
            reports: None,
            observations: Observations::read(self.smtp.as_ref().or_else(of_snapshot)),
            profiles: self.profiles.clone(),
        }
    }
}

/// Adds what a check finds out over the facts, with nobody to ask beyond them; returns the facts as they were.
fn judged(check: DomainCheck, facts: Facts, portfolio: &mut Portfolio) -> Facts {
    let mut open: Vec<Question> = Vec::new();
    // Nobody is asked: nothing has to be spared, and no answer is made up that is not in `open`. What a check
    // may want to know has limits of its own.
    let mut limits = Limits::default();
    (limits.rounds, limits.questions) = (u32::MAX, u32::MAX);
    let mut evaluation = Evaluation::with_facts(check, facts, limits);
    let report = loop {
        match evaluation.step() {
            Step::Done(report) => break report,
            Step::Ask(questions) => {
                for question in questions {
                    evaluation.answer(question.clone(), Answer::NotPossible);
                    open.push(question);
                }
            }
        }
    };
    portfolio.add(&report);
    let mut facts = evaluation.into_facts();
    // What one domain leaves open would only take room while the others are judged.
    open.iter().for_each(|question| facts.forget(question));
    facts
}

#[cfg(test)]
mod tests {
    use super::PortfolioRequest;
    use crate::evaluation::{Facts, Question};

    #[test]
    fn facts_are_as_they_were_when_the_next_domain_is_judged() {
        let request: PortfolioRequest =
            serde_json::from_str(r#"{ "domains": ["example.com", "example.org", "no name"] }"#).unwrap();
        let portfolio = request.run_over(Facts::new());
        assert_eq!((portfolio.rows().len(), portfolio.strict_share()), (2, None));
        assert_eq!(portfolio.list().map(|list| list.problems.len()), Some(1));

        let question = Question::txt("example.com".parse().unwrap());
        let mut facts = Facts::new();
        facts.insert(question.clone(), crate::evaluation::Answer::NoData);
        let check = super::DomainCheck { domain: "example.com".parse().unwrap(), ..request.check() };
        let facts = super::judged(check, facts, &mut super::Portfolio::default());
        let left: Vec<Question> = facts.answers().map(|(question, _)| question.clone()).collect();
        assert_eq!(left, [question]);
    }
}
