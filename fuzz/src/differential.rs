//! The reader of aggregate reports beside a plain tree of the same text, for documents that are well-formed.
//!
//! The tree is roxmltree's, which shares no code with the reader. What is compared is the number of records, and every
//! value of records and heads whose elements are those of the schema, each where it belongs and once.

use std::collections::BTreeMap;

use dmarc_core::limits::Limits;
use dmarc_core::report::aggregate::{self, Coded, Head, Record, Word};
use roxmltree::{Document, Node};

/// Texts by their place, such as `row/policy_evaluated/reason.0/type`.
type Values = BTreeMap<String, String>;

/// Elements that hold elements, below a record.
const RECORD: &[(&str, &str)] = &[
    ("", "row identifiers auth_results"),
    ("row", "source_ip count policy_evaluated"),
    ("row/policy_evaluated", "disposition dkim spf reason"),
    ("row/policy_evaluated/reason", "type comment"),
    ("identifiers", "header_from envelope_from envelope_to"),
    ("auth_results", "dkim spf"),
    ("auth_results/dkim", "domain selector result human_result"),
    ("auth_results/spf", "domain scope result human_result"),
];
/// The same below the root, records and extensions left out.
const HEAD: &[(&str, &str)] = &[
    ("", "version report_metadata policy_published"),
    ("report_metadata", "org_name email extra_contact_info report_id date_range error generator"),
    ("report_metadata/date_range", "begin end"),
    ("policy_published", "domain p sp np adkim aspf pct fo testing discovery_method"),
];
/// Elements that may stand more than once.
const SEVERAL: &[&str] = &[
    "row/policy_evaluated/reason",
    "auth_results/dkim",
    "auth_results/spf",
    "report_metadata/extra_contact_info",
    "report_metadata/error",
];
/// Elements of one kind beside each other that the reader certainly keeps.
const KEPT: usize = 20;

/// Whatever the octets: where they are a well-formed document, the reader finds in it what the tree holds; and so it
/// does in a document that the octets choose. Gives how many values were compared.
pub fn aggregate_differential(octets: &[u8]) -> usize {
    let text = std::str::from_utf8(octets).map_or(0, compare);
    text + compare(&document(octets))
}

fn compare(text: &str) -> usize {
    // Another encoding is the reader's to undo; the tree knows characters alone.
    let declared = text.get(..text.find("?>").unwrap_or(0)).unwrap_or_default().to_ascii_lowercase();
    if declared.contains("encoding") && !declared.contains("utf-8") || text.starts_with('\u{feff}') {
        return 0;
    }
    let Ok(tree) = Document::parse(text) else { return 0 };
    let root = tree.root_element();
    if root.tag_name().name() != "feedback" {
        return 0;
    }
    let mut limits = Limits::default();
    limits.element_depth = 1_000_000;
    let outcome = aggregate::read(text.as_bytes(), &limits);
    assert!(outcome.refused.is_none() && outcome.reports.len() == 1, "{text}");
    let report = &outcome.reports[0];
    assert!(report.complete, "{text}");
    let is_record =
        |node: &Node<'_, '_>| node.is_element() && node.tag_name().name().eq_ignore_ascii_case("record");
    let nodes: Vec<_> = root.children().filter(is_record).collect();
    assert_eq!(report.records.len(), nodes.len(), "{text}");
    let mut compared = 0;
    for (record, node) in report.records.iter().zip(nodes) {
        let mut expected = Values::new();
        if gather(node, "", "", RECORD, root, &mut expected).is_some() {
            assert_eq!(of_record(record), expected, "{text}");
            compared += expected.len();
        }
    }
    let mut expected = Values::new();
    if gather(root, "", "", HEAD, root, &mut expected).is_some() {
        assert_eq!(of_head(&report.head), expected, "{text}");
        compared += expected.len();
    }
    compared
}

/// Gathers the texts below an element; `None` if there is anything that the schema does not have there.
fn gather(
    node: Node<'_, '_>,
    path: &str,
    place: &str,
    schema: &[(&str, &str)],
    root: Node<'_, '_>,
    values: &mut Values,
) -> Option<()> {
    let (_, allowed) = schema.iter().find(|(name, _)| *name == place)?;
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for child in node.children() {
        if child.is_text() && !child.text()?.trim().is_empty() {
            return None;
        }
        if !child.is_element() {
            continue;
        }
        let name = child.tag_name().name();
        if path.is_empty() && node == root && matches!(name, "record" | "extension") {
            continue;
        }
        if child.tag_name().namespace() != root.tag_name().namespace()
            || allowed.split(' ').all(|known| known != name)
        {
            return None;
        }
        let join = |path: &str| if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        let (mut path, place) = (join(path), join(place));
        let count = seen.entry(name).or_default();
        if SEVERAL.contains(&place.as_str()) {
            path = format!("{path}.{count}");
        } else if *count > 0 {
            return None;
        }
        *count += 1;
        if *count > KEPT {
            return None;
        }
        if schema.iter().any(|(name, _)| *name == place) {
            gather(child, &path, &place, schema, root, values)?;
        } else {
            if child.children().any(|inner| inner.is_element()) {
                return None;
            }
            let text: String =
                child.children().filter_map(|inner| inner.is_text().then(|| inner.text())?).collect();
            let text = if name == "count" { text.trim_ascii().to_owned() } else { text.trim().to_owned() };
            values.insert(path, text);
        }
    }
    Some(())
}

/// Puts in what is there.
struct Into<'a>(&'a mut Values);

impl Into<'_> {
    fn text(&mut self, place: &str, text: Option<impl AsRef<str>>) {
        if let Some(text) = text {
            self.0.insert(place.to_owned(), text.as_ref().to_owned());
        }
    }

    fn coded<T: Word>(&mut self, place: &str, coded: Option<&Coded<T>>) {
        self.text(place, coded.map(Coded::raw));
    }
}

fn of_record(record: &Record) -> Values {
    let mut values = Values::new();
    let mut into = Into(&mut values);
    into.text(
        "row/source_ip",
        record.source_ip.as_ref().map(|ip| ip.differing().map_or_else(|| ip.text(), str::to_owned)),
    );
    let count = record.count.as_ref().map(|count| match (&count.raw, count.value) {
        (Some(raw), _) => raw.to_string(),
        (None, value) => value.expect("a count in its usual form").to_string(),
    });
    into.text("row/count", count);
    if let Some(evaluated) = &record.policy_evaluated {
        into.coded("row/policy_evaluated/disposition", evaluated.disposition.as_ref());
        into.coded("row/policy_evaluated/dkim", evaluated.dkim.as_ref());
        into.coded("row/policy_evaluated/spf", evaluated.spf.as_ref());
        for (at, reason) in evaluated.reasons.iter().enumerate() {
            into.coded(&format!("row/policy_evaluated/reason.{at}/type"), reason.reason_type.as_ref());
            into.text(&format!("row/policy_evaluated/reason.{at}/comment"), reason.comment.as_ref());
        }
    }
    if let Some(identifiers) = &record.identifiers {
        into.text("identifiers/header_from", identifiers.header_from.as_ref());
        into.text("identifiers/envelope_from", identifiers.envelope_from.as_ref());
        into.text("identifiers/envelope_to", identifiers.envelope_to.as_ref());
    }
    if let Some(results) = &record.auth_results {
        for (at, dkim) in results.dkim.iter().enumerate() {
            let place = |name: &str| format!("auth_results/dkim.{at}/{name}");
            into.text(&place("domain"), dkim.domain.as_ref());
            into.text(&place("selector"), dkim.selector.as_ref());
            into.coded(&place("result"), dkim.result.as_ref());
            into.text(&place("human_result"), dkim.human_result.as_ref());
        }
        for (at, spf) in results.spf.iter().enumerate() {
            let place = |name: &str| format!("auth_results/spf.{at}/{name}");
            into.text(&place("domain"), spf.domain.as_ref());
            into.coded(&place("scope"), spf.scope.as_ref());
            into.coded(&place("result"), spf.result.as_ref());
            into.text(&place("human_result"), spf.human_result.as_ref());
        }
    }
    values
}

fn of_head(head: &Head) -> Values {
    let mut values = Values::new();
    let mut into = Into(&mut values);
    into.text("version", head.version.as_ref());
    if let Some(metadata) = &head.metadata {
        let place = |name: &str| format!("report_metadata/{name}");
        into.text(&place("org_name"), metadata.org_name.as_ref());
        into.text(&place("email"), metadata.email.as_ref());
        into.text(&place("report_id"), metadata.report_id.as_ref());
        into.text(&place("date_range/begin"), metadata.begin.as_ref().map(|time| &time.raw));
        into.text(&place("date_range/end"), metadata.end.as_ref().map(|time| &time.raw));
        into.text(&place("generator"), metadata.generator.as_ref());
        for (at, text) in metadata.extra_contact_info.iter().enumerate() {
            into.text(&place(&format!("extra_contact_info.{at}")), Some(text));
        }
        for (at, text) in metadata.errors.iter().enumerate() {
            into.text(&place(&format!("error.{at}")), Some(text));
        }
    }
    if let Some(policy) = &head.policy {
        let place = |name: &str| format!("policy_published/{name}");
        into.text(&place("domain"), policy.domain.as_ref());
        into.coded(&place("p"), policy.p.as_ref());
        into.coded(&place("sp"), policy.sp.as_ref());
        into.coded(&place("np"), policy.np.as_ref());
        into.coded(&place("adkim"), policy.adkim.as_ref());
        into.coded(&place("aspf"), policy.aspf.as_ref());
        into.text(&place("pct"), policy.pct.as_ref().map(|pct| &pct.raw));
        into.text(&place("fo"), policy.fo.as_ref());
        into.coded(&place("testing"), policy.testing.as_ref());
        into.coded(&place("discovery_method"), policy.discovery_method.as_ref());
    }
    values
}

/// Texts of elements, and the ways to write them.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "192.0.2.1", "2001:DB8::1", "7", "007", "99999999999999999999", "-1", "none", "pass", "FAIL", "example.com", "b\u{fc}cher.example", "",
    " a b ", "\n\t1\r\n", "x\r\ny", "&amp;", "a&lt;b&#x3e;&quot;&apos;", "&#233;&#x1F600;", "&#13;x&#10;", "<![CDATA[<record>&amp;]]>", "<![CDATA[]]>",
    "1<!-- 2 -->3", "a<?b c?>d", "<!---->", "a<![CDATA[ b ]]> c", "\u{a0}x\u{a0}", "1700006400", "1700092799.5", "]]&gt;", "&#x20;x&#32;", "\u{2028}",
];
/// What may stand between elements.
const GAPS: &[&str] =
    &["", "", "", "\n  ", " ", "<!-- <record> -->", "<?p <record?>", "\r\n", "&#32;", "<![CDATA[ ]]>"];

/// A document with the elements of the schema, as a row of octets chooses.
fn document(octets: &[u8]) -> String {
    let mut chooser = octets.iter().copied();
    let mut choose = move |most: usize| usize::from(chooser.next().unwrap_or(0)) % most.max(1);
    let mut text = ["<feedback>", "<feedback xmlns='urn:x'>", "<feedback\n a='>'>"][choose(3)].to_owned();
    write(&mut text, "", HEAD, &mut choose);
    for _ in 0..choose(4) {
        text.push_str(["<record>", "<record >", "<record a='/>'>"][choose(3)]);
        write(&mut text, "", RECORD, &mut choose);
        text.push_str("</record>");
    }
    text + "</feedback>"
}

/// Writes some of the elements that a place may hold.
fn write(text: &mut String, place: &str, schema: &[(&str, &str)], choose: &mut impl FnMut(usize) -> usize) {
    let Some((_, children)) = schema.iter().find(|(name, _)| *name == place) else {
        return text.push_str(TEXTS[choose(TEXTS.len())]);
    };
    for name in children.split(' ') {
        let place = if place.is_empty() { name.to_owned() } else { format!("{place}/{name}") };
        let count = [1, 0, 1, 2, 3, 1][choose(6)];
        let count = if SEVERAL.contains(&place.as_str()) { count } else { count.min(1) };
        for _ in 0..count {
            text.push_str(GAPS[choose(GAPS.len())]);
            text.push_str(&format!("<{name}>"));
            write(text, &place, schema, choose);
            text.push_str(&format!("</{name}{}>", ["", "\n"][choose(2)]));
        }
    }
}
