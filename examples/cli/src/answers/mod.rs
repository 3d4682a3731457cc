//! Who answers the questions of an evaluation: the facts at hand, else the network if it may be asked.

use dmarc_core::evaluation::{Answer, Check, Evaluation, Facts, Question, Step};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

use super::network::Network;

/// Facts at hand, and a network behind them.
pub(crate) struct Source {
    /// Zones or a snapshot; empty if everything is asked.
    pub(crate) facts: Facts,
    /// Name servers, unless the facts are all there is.
    pub(crate) network: Option<Network>,
}

impl Source {
    /// Runs a check to its end.
    ///
    /// Facts at hand are handed over question by question, so that rounds and questions come out the same
    /// whoever answers them.
    pub(crate) fn run<C: Check>(&mut self, check: C) -> (C::Report, Evaluation<C>) {
        let mut evaluation = Evaluation::with_facts(check, Facts::new(), Limits::default());
        loop {
            match evaluation.step() {
                Step::Done(report) => return (report, evaluation),
                Step::Ask(questions) => {
                    for (question, answer) in self.answers(questions) {
                        evaluation.answer(question, answer);
                    }
                }
            }
        }
    }

    fn answers(&mut self, questions: impl IntoIterator<Item = Question>) -> Vec<(Question, Answer)> {
        let mut answers = Vec::new();
        let mut open = Vec::new();
        for question in questions {
            let known = self.facts.look_up(&question).filter(|answer| *answer != Answer::NotPossible);
            match (known, question) {
                (Some(answer), question) => answers.push((question, answer)),
                (None, Question::Dns { name, record_type }) => open.push((name, record_type)),
                (None, Question::PublicSuffix { name }) => {
                    let answer = Answer::PublicSuffix(public_suffix(&name));
                    answers.push((Question::PublicSuffix { name }, answer));
                }
                // Policy files are fetched by a later command.
                (None, question) => answers.push((question, Answer::NotPossible)),
            }
        }
        match &mut self.network {
            Some(network) => answers.extend(network.ask(open)),
            None => answers.extend(
                open.into_iter()
                    .map(|(name, record_type)| (Question::dns(name, record_type), Answer::NotPossible)),
            ),
        }
        answers
    }
}

/// The public suffix of a name by the list of the crate `psl`; its last label where no rule matches, as the
/// list's own algorithm says.
fn public_suffix(name: &DomainName) -> DomainName {
    psl::suffix(name.as_str().as_bytes())
        .and_then(|suffix| std::str::from_utf8(suffix.as_bytes()).ok())
        .and_then(|suffix| DomainName::parse(suffix).ok())
        .unwrap_or_else(DomainName::root)
}
