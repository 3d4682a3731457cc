//! The JSON form of a portfolio.

use serde_json::{Value, json};

use super::{DomainList, PolicyInEffect, Portfolio};
use crate::assessment::profiles::ProfileId;
use crate::diagnostics::{Catalog, Diagnostic, Severity};
use crate::name::DomainName;

impl Portfolio {
    /// `dmarc-check/portfolio/1`, with the sentences of `catalog`.
    #[must_use]
    pub fn view(&self, catalog: &Catalog) -> Value {
        let by_policy: serde_json::Map<String, Value> = PolicyInEffect::ALL
            .into_iter()
            .map(|policy| (policy.as_str().to_owned(), self.with_policy(policy).into()))
            .collect();
        let count = |is: fn(&super::PortfolioRow) -> bool| self.rows.iter().filter(|row| is(row)).count();
        // Four decimals: a hundredth of a percent.
        let share = self.strict_share().map(|share| (share * 10_000.0).round() / 10_000.0);
        json!({
            "schema": "dmarc-check/portfolio/1",
            "totals": {
                "domains": self.rows.len(),
                "policies": by_policy,
                "strict": self.strict(),
                "strict_share": share,
                "strict_in_part": self.strict_in_part(),
                "inherited": count(|row| row.inherited_from.is_some()),
                "without_mail": count(|row| row.without_mail == Some(true)),
                "undetermined": self.with_policy(PolicyInEffect::Undetermined),
            },
            "profiles": ProfileId::ALL
                .into_iter()
                .filter_map(|profile| self.profile(profile.as_str(), catalog))
                .collect::<Vec<_>>(),
            "findings": self.findings_view(catalog),
            "domains": self.worst_first(),
            "list": self.list.as_ref().map(list),
        })
    }

    fn profile(&self, profile: &str, catalog: &Catalog) -> Option<Value> {
        let rules: Vec<Value> = self
            .rules
            .iter()
            .filter(|(of, _, _)| *of == profile)
            .map(|(_, id, verdicts)| json!({ "id": id, "title": catalog.requirement(id), "verdicts": verdicts }))
            .collect();
        (!rules.is_empty()).then(|| json!({ "id": profile, "rules": rules }))
    }

    fn findings_view(&self, catalog: &Catalog) -> Vec<Value> {
        let view = |(example, severity, domains, first): (&Diagnostic, Severity, u64, &[DomainName])| {
            json!({
                "code": example.rule.code,
                "severity": severity,
                "summary": example.rule.summary,
                "message": catalog.message(example),
                "help": catalog.help(example),
                "reference": example.rule.reference,
                "domains": domains,
                "first": first,
            })
        };
        self.findings().into_iter().map(view).collect()
    }
}

fn list(list: &DomainList) -> Value {
    json!({
        "lines": list.lines,
        "domains": list.domains.len(),
        "problems": list.problems,
        "problems_left_out": list.problems_left_out,
    })
}
