//! English.

use dmarc_core::spf::Became;
use dmarc_core::spf::analysis::rewrite::{Kind, LeftReason, Risk};

use super::super::counted;
use super::{Policy, Why};

pub(in crate::texts) const POLICY: Policy = Policy {
    nameless: "SPF record",
    valid: |most| match most {
        Some(most) => {
            format!("every sender gets a result, after at most {}", counted(most, "lookup", "lookups"))
        }
        None => "every sender gets a result".to_owned(),
    },
    permerror_all: "receivers stop with a permanent error (permerror), whoever sends",
    permerror_some: "for some senders, receivers stop with a permanent error (permerror)",
    temperror: "for some senders, receivers stop with a temporary error (temperror)",
    none: "there is no SPF record: receivers do not know who may send",
    undetermined: "what receivers make of it does not follow from what is known here",
    counts_title: "Lookups",
    least: "Least",
    most: "Most",
    limit: "Limit",
    most_by: "Most by",
    bounds: "bounds; see what is open",
    lookups_of: |family| format!("{family} senders"),
    voids_of: |family| format!("void, {family} senders"),
    sum: "all terms together",
    tree: "Policy",
    term: "Term",
    own: "Own",
    below: "Below",
    so_far: "So far",
    limit_passed: |limit| {
        format!("──── the limit of {limit}: receivers that come further stop with permerror ────")
    },
    ranges: |count| format!("{count} ranges"),
    dead: "never reached",
    mail_hosts: |count| counted(count, "mail host", "mail hosts"),
    void: |count| if count > 1 { format!("void ({count} times)") } else { "void".to_owned() },
    void_for: |family, count| {
        if count > 1 { format!("void for {family} ({count} times)") } else { format!("void for {family}") }
    },
    duplicate: "stands here twice",
    covered: "within a wider range",
    depends: "depends on the sender",
    endless: "loop: leads back to itself",
    named_twice: "named twice in this record",
    seen_above: "as above, counts again",
    no_record: "no SPF record there",
    several_records: "several SPF records there",
    failure: "lookup failed",
    not_visited: "not looked at any more",
    not_known: "not known here",
    unusable: "broken: permerror",
    surface: "Addresses by result",
    result: "Result",
    ipv4_unlimited: "IPv4 without limits",
    ipv6_unlimited: "IPv6 without limits",
    all_addresses: "all",
    may_send: |ranges| format!("These pass: {ranges}"),
    open: "Left open",
    open_macro: "stands for the sender, so that it differs from message to message",
    open_ptr: "asks for the sender's name, which others decide",
    open_not_known: "its answer is not known here",
    open_not_visited: "the policy goes on beyond what is looked at",
    open_too_large: "the policy is too large to be followed to its end for every client",
    client: |ip, sender, helo| match helo {
        "" => format!("{ip} with mail from {sender}"),
        _ => format!("{ip} with mail from {sender}, as {helo}"),
    },
    other_domain: |domain| format!("The sender is of another domain: the policy of {domain} decides."),
    not_known_result: "not known",
    by_term: |term, domain| format!(" by {term} in the record of {domain}"),
    no_term: "no term matches",
    spent: |lookups, limit, voids, void_limit| {
        format!("Lookups: {lookups} of {limit}. Void lookups: {voids} of {void_limit}.")
    },
    explanation: |domain, text| format!("{domain} explains, in its own words: \"{text}\""),
    step: "Step",
    voids: "Void",
    became: |became| match became {
        Became::Match => "matches",
        Became::NoMatch => "does not match",
        Became::OtherFamily => "other address family",
        Became::NothingFound => "finds nothing",
        Became::ImpossibleName => "no possible name",
        Became::NonAsciiLocalPart => "local-part is not ASCII",
        Became::Ended => "ends the evaluation",
        _ => "",
    },
    why: Why {
        invalid_domain: |domain| format!("`{domain}` is no domain that can have a policy"),
        no_record: |domain| format!("{domain} has no SPF record"),
        several_records: |domain| format!("{domain} has several SPF records"),
        syntax_error: |domain| format!("the record of {domain} is broken"),
        target: |domain| format!("{domain}, which the policy leads to, has no usable record"),
        lookups: |limit| format!("more than {limit} lookups"),
        voids: |limit| format!("more than {limit} void lookups"),
        mail_hosts: |domain, limit| format!("{domain} has more than {limit} mail hosts"),
        failed: |question, reason| format!("the lookup of {question} failed ({reason})"),
        not_known: |question| format!("the answer to {question} is not known here"),
    },
    compared: |with| format!("Compared with {with}"),
    equal: "Equal: every address gets the same result from both.",
    not_comparable: "Some results depend on the sender or on answers that are not known: the two cannot be proven equal.",
    as_they_read: "As they read, were there no limits:",
    with_limits: "As receivers evaluate them, with the limits:",
    moved: |family, count, from, to| format!("{from} becomes {to}, {family} addresses: {count}"),
    rewrites: "Other ways to write it",
    rewrites_intro: "In the order in which to try them; each builds on those before it that change nothing.",
    no_rewrites: "There is nothing to propose.",
    kind: |kind| match kind {
        Kind::RemoveIdle => {
            "Remove what does nothing: terms that are never reached, stand twice or find nothing"
        }
        Kind::RemoveBroken => "Remove what breaks the policy: terms that lead to no usable record",
        Kind::RemoveCovered => "Remove terms whose addresses other terms have too",
        Kind::RemoveUnused => "Remove terms that no report needed",
        Kind::MoveToSubdomain => "Give senders a subdomain of their own",
        Kind::MergeRanges => "Merge ranges",
        Kind::Flatten => "Flatten: write down the addresses of other names",
        _ => "Rewrite",
    },
    count: "Lookups",
    counts: |before, after, voids_before, voids_after| {
        format!("{before} → {after} at most, void {voids_before} → {voids_after}")
    },
    fits: "within the limits",
    does_not_fit: "still over a limit",
    not_for_all: "but not every sender is sure to get a result",
    terms: "Terms",
    left: "Left as they are",
    left_reason: |reason| match reason {
        LeftReason::Query => "asks anew for each message",
        LeftReason::Error => "leads to an error",
        LeftReason::Explanation => "its explanation would be lost",
        _ => "what it stands for is not known",
    },
    proof: "Proof",
    proven_equal: "proven equal: every IPv4 and IPv6 address gets what the policy gives it as it reads",
    not_equal: "not equal; the differences are",
    equality_not_known: "cannot be proven: some results depend on the sender or on answers that are not known",
    risks: "Risk",
    no_risk: "none",
    risk: |risk| match risk {
        Risk::AnswersChange => "it holds as long as the answers stay what they are",
        Risk::AddressesGoStale => {
            "addresses of others go stale, and mail is lost unseen: compare again and again"
        }
        Risk::MailLost => "somebody who is authorized no longer will be",
        Risk::SenderMustChange => "the sender has to use the subdomain in its return path first",
        _ => "",
    },
    publish: "Publish",
    size: |octets, strings| {
        let strings = counted(strings, "string", "strings");
        format!("{octets} octets, {strings}")
    },
    drift: "Once one of these is published, this shows what others have changed since",
};
