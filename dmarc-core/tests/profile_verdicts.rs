//! Each requirement with each verdict that it can have stands in the shared vectors; which cannot occur, and why, says
//! the table here.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dmarc_core::assessment::{ProfileId, RuleVerdict};
use dmarc_core::diagnostics::{Catalog, Language};
use serde_json::Value;
use support::vectors::{Case, cases_below};

use RuleVerdict::{Fail, NotApplicable, Pass, Undetermined, Warn};

/// Requirements that never have a verdict, and why.
type Never = (RuleVerdict, &'static str, &'static [&'static str]);

const NEVER: &[Never] = &[
    (Pass, "a definition, with nothing to judge", &["MAIL-ALG-01"]),
    (Warn, "a definition, with nothing to judge", &["MAIL-ALG-01"]),
    (Fail, "a definition, with nothing to judge", &["MAIL-ALG-01"]),
    (Undetermined, "a definition, with nothing to judge", &["MAIL-ALG-01"]),
    (
        Fail,
        "an advice that is not followed is a warning",
        &[
            "MAIL-BESCHERM-002",
            "MAIL-BESCHERM-006",
            "MAIL-BESCHERM-009",
            "FORUM-1-IDENTIFIERS",
            "FORUM-1-ROTATION",
            "BASELINE-SPF-VOID",
            "BASELINE-SPF-END",
            "BASELINE-SPF-PTR",
            "BASELINE-DKIM-KEY",
            "BASELINE-DKIM-SIGNED",
            "BASELINE-DMARC-POLICY",
            "BASELINE-DMARC-BELOW",
            "BASELINE-DMARC-REPORTS",
            "BASELINE-DMARC-ROLLOUT",
            "BASELINE-NULL-MX",
        ],
    ),
    (
        Fail,
        "more weeks and more reports mend it: nothing was done wrong",
        &["FORUM-2-REPORTS", "FORUM-2-STREAMS"],
    ),
    (Fail, "it has a notice for it, and no failure", &["INTERNETNL-NULL-MX"]),
    (
        Warn,
        "it is met or not, with nothing between",
        &[
            "MAIL-BESCHERM-001",
            "MAIL-BEVEILIG-001",
            "FORUM-1-SPF",
            "FORUM-1-DKIM",
            "FORUM-3-STREAMS",
            "FORUM-3-DKIM",
            "FORUM-NO-MAIL-MX",
            "FORUM-NO-MAIL-SPF",
            "FORUM-NO-MAIL-DMARC",
            "FORUM-NO-MAIL-DKIM",
            "INTERNETNL-DMARC",
            "INTERNETNL-DKIM",
            "INTERNETNL-SPF",
            "INTERNETNL-SPF-POLICY",
            "BASELINE-SPF-LOOKUPS",
            "BASELINE-DMARC-DESTINATION",
        ],
    ),
    (
        NotApplicable,
        "it is asked of every domain, with mail or without",
        &[
            "MAIL-BESCHERM-004",
            "MAIL-BESCHERM-007",
            "MAIL-BESCHERM-008",
            "MAIL-BESCHERM-009",
            "FORUM-1-DMARC",
            "FORUM-4-QUARANTINE",
            "FORUM-5-REJECT",
            "INTERNETNL-DMARC",
            "INTERNETNL-DMARC-POLICY",
            "INTERNETNL-SPF",
            "INTERNETNL-SPF-POLICY",
            "INTERNETNL-NULL-MX",
            "BASELINE-SPF-RECORD",
            "BASELINE-DMARC-RECORD",
        ],
    ),
];

type Pair = (&'static str, RuleVerdict);

fn every_pair() -> BTreeSet<Pair> {
    let ids = ProfileId::ALL.into_iter().flat_map(ProfileId::requirements);
    ids.flat_map(|id| RuleVerdict::ALL.map(|verdict| (id, verdict))).collect()
}

/// The verdicts that a case expects. A rule is named by its identifier, or by its place in the document.
fn expected(case: &Case, found: &mut BTreeMap<Pair, String>) {
    let own = case.value["editions"].as_object().into_iter().flat_map(serde_json::Map::values);
    let profiles = std::iter::once(&case.value).chain(own).filter_map(|one| one["profiles"].as_array());
    for profile in profiles.flatten() {
        let known = |id: &ProfileId| profile["id"].as_str() == Some(id.as_str());
        let Some(document) = ProfileId::ALL.into_iter().find(known) else { continue };
        let rules: &[Value] = profile["rules"].as_array().map_or(&[], Vec::as_slice);
        for (id, rule) in document.requirements().zip(rules) {
            assert!(
                rule["id"].is_null() || rule["id"] == id,
                "{}: {} is not {id}",
                case.full_name,
                rule["id"]
            );
            let Some(word) = rule["verdict"].as_str() else { continue };
            let verdict = RuleVerdict::ALL.into_iter().find(|verdict| verdict.as_str() == word);
            let verdict = verdict.unwrap_or_else(|| panic!("{}: {word} is no verdict", case.full_name));
            found.entry((id, verdict)).or_insert_with(|| case.full_name.clone());
        }
    }
}

fn in_vectors() -> BTreeMap<Pair, String> {
    let mut found = BTreeMap::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for case in cases_below(&folder).iter().filter(|case| case.kind == "domain") {
        expected(case, &mut found);
    }
    found
}

#[test]
fn each_verdict_that_a_requirement_can_have_stands_in_a_vector() {
    let found = in_vectors();
    let never: BTreeSet<Pair> =
        NEVER.iter().flat_map(|(verdict, _, ids)| ids.iter().map(|id| (*id, *verdict))).collect();
    let open: Vec<String> = every_pair()
        .into_iter()
        .filter(|pair| !found.contains_key(pair) && !never.contains(pair))
        .map(|(id, verdict)| format!("{id}: {}", verdict.as_str()))
        .collect();
    println!("{} verdicts in vectors, {} that cannot occur", found.len(), never.len());
    assert!(open.is_empty(), "no vector expects these:\n{}", open.join("\n"));
}

#[test]
fn what_cannot_occur_is_said_once_and_occurs_in_no_vector() {
    let (found, every) = (in_vectors(), every_pair());
    let mut said = BTreeSet::new();
    for (verdict, why, ids) in NEVER {
        for id in *ids {
            let pair = (*id, *verdict);
            assert!(every.contains(&pair), "{id} is no requirement");
            assert!(said.insert(pair), "{id}: {} is said twice", verdict.as_str());
            assert_eq!(found.get(&pair), None, "{id}: {} occurs, in spite of: {why}", verdict.as_str());
        }
    }
}

/// Every sentence of a requirement is there in both languages, so that no verdict is shown without its title.
#[test]
fn each_requirement_has_a_title_in_both_languages() {
    for language in [Language::En, Language::Nl] {
        let catalog = Catalog::embedded(language);
        for (id, _) in every_pair() {
            let title = catalog.requirement(id);
            assert!(!title.is_empty() && title != id, "{id} has no title");
        }
    }
}
