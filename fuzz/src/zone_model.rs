//! Law: a zone answers as the sentences of RFC 1034 and RFC 4592 say, read literally.
//!
//! The model is a list of records and goes through all of it for every step: slow, and without the
//! tree that the library looks names up in.

use std::fmt::Write as _;

use dmarc_core::dns::{Record, RecordType, Zone};
use dmarc_core::evaluation::{Answer, Facts, Question};
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

/// Labels that owners are made of; short, so that names meet.
const LABELS: [&str; 5] = ["a", "b", "*", "a-b", "_c"];
/// Most aliases in a chain, as the library has it.
const ALIASES: usize = 16;

/// A record of the model.
struct Line {
    owner: String,
    data: Data,
}

enum Data {
    Address(u8),
    Text(u8),
    Alias(String),
    Delegation,
}

/// Makes a zone of the octets, three to a record, and compares every name near its records.
pub fn zone_model(octets: &[u8]) {
    let lines: Vec<Line> = octets.chunks_exact(3).take(24).map(line).collect();
    // Name servers refuse a name with a CNAME record and more, so the law does not speak of it.
    let lines: Vec<&Line> = lines
        .iter()
        .enumerate()
        .filter(|(index, one)| {
            !lines.iter().take(*index).any(|other| {
                other.owner == one.owner
                    && (matches!(other.data, Data::Alias(_)) || matches!(one.data, Data::Alias(_)))
            })
        })
        .map(|(_, one)| one)
        .collect();
    let mut file = "$ORIGIN z.test.\n@ 60 SOA ns.example. h.example. 1 1 1 1 60\n".to_owned();
    for one in &lines {
        let data = match &one.data {
            Data::Address(last) => format!("A 192.0.2.{last}"),
            Data::Text(number) => format!("TXT \"{number}\""),
            Data::Alias(target) => format!("CNAME {target}."),
            Data::Delegation => "NS ns.example.".to_owned(),
        };
        let _ = writeln!(file, "{}. {data}", one.owner);
    }
    let parsed = Zone::parse(&file, None, &Limits::default());
    let mut facts = Facts::new();
    facts.add_zone(parsed.value.expect("a zone"));
    let mut names: Vec<String> = vec!["z.test".to_owned(), "y.test".to_owned()];
    for one in &lines {
        names.push(one.owner.clone());
        names.push(format!("b.{}", one.owner));
        names.extend(one.owner.split_once('.').map(|(_, parent)| parent.to_owned()));
        names.extend(one.owner.split_once('.').map(|(_, parent)| format!("x.y.{parent}")));
    }
    names.sort();
    names.dedup();
    for name in names {
        for record_type in [RecordType::A, RecordType::Txt, RecordType::Cname] {
            let question = Question::dns(DomainName::parse(&name).expect("a name"), record_type);
            let expected = model(&lines, &name, record_type);
            assert_eq!(shown(facts.look_up(&question)), expected, "{name} {record_type} in\n{file}");
        }
    }
}

fn line(octets: &[u8]) -> Line {
    let [one, two, three] = *octets else { unreachable!("chunks of three") };
    let owner = name(one);
    // A delegation of the zone itself is none.
    let data = match two % 8 {
        0 | 1 => Data::Address(three % 4),
        2 | 3 => Data::Text(three % 4),
        4 if owner != "z.test" && !owner.starts_with('*') => Data::Delegation,
        4..=6 if owner != "z.test" => {
            Data::Alias(if three % 16 == 0 { "y.test".to_owned() } else { name(three) })
        }
        _ => Data::Text(three % 4),
    };
    Line { owner, data }
}

/// A name of up to three labels below the zone.
fn name(octet: u8) -> String {
    let mut rest = usize::from(octet);
    let mut name = "z.test".to_owned();
    for _ in 0..3 {
        let choice = rest % (LABELS.len() + 1);
        rest /= LABELS.len() + 1;
        if let Some(label) = LABELS.get(choice) {
            name = format!("{label}.{name}");
        }
    }
    name
}

/// An answer as text, `None` where nothing is known.
fn shown(answer: Option<Answer>) -> Option<String> {
    Some(match answer? {
        Answer::Records(set) => {
            let mut data: Vec<String> = set.records.iter().map(Record::to_presentation).collect();
            data.sort();
            let aliases: Vec<&str> = set.aliases.iter().map(DomainName::as_str).collect();
            format!("{} via {}", data.join(" "), aliases.join(" "))
        }
        Answer::Failure { .. } => "failure".to_owned(),
        other => format!("{other:?}"),
    })
}

fn model(lines: &[&Line], asked: &str, record_type: RecordType) -> Option<String> {
    let mut name = asked.to_owned();
    let mut aliases: Vec<String> = Vec::new();
    loop {
        match step(lines, &name, record_type)? {
            Ok(answer) if answer.is_empty() => return Some("NoData".to_owned()),
            Ok(mut answer) => {
                answer.sort();
                answer.dedup();
                return Some(format!("{} via {}", answer.join(" "), aliases.join(" ")));
            }
            Err(None) => return Some("NxDomain".to_owned()),
            Err(Some(target)) => {
                if target == asked || aliases.contains(&target) || aliases.len() >= ALIASES {
                    return Some("failure".to_owned());
                }
                aliases.push(target.clone());
                name = target;
            }
        }
    }
}

fn is_within(name: &str, above: &str) -> bool {
    name == above || name.ends_with(&format!(".{above}"))
}

/// Data, or an alias target, or that the name does not exist; `None` if it is not known.
#[allow(clippy::type_complexity, reason = "three outcomes of one step, used here only")]
fn step(lines: &[&Line], name: &str, record_type: RecordType) -> Option<Result<Vec<String>, Option<String>>> {
    if !is_within(name, "z.test") {
        return None;
    }
    let delegated = |line: &&&Line| matches!(line.data, Data::Delegation) && is_within(name, &line.owner);
    if lines.iter().any(|line| delegated(&line)) {
        return None;
    }
    // RFC 4592, 2.2.2: a name exists if it or a name below it owns a record.
    let exists = |name: &str| name == "z.test" || lines.iter().any(|line| is_within(&line.owner, name));
    let mut source = name.to_owned();
    if !exists(name) {
        let mut encloser = name;
        while !exists(encloser) {
            encloser = encloser.split_once('.').map_or("", |(_, parent)| parent);
        }
        source = format!("*.{encloser}");
        if !exists(&source) {
            return Some(Err(None));
        }
    }
    let mut data = Vec::new();
    for line in lines.iter().filter(|line| line.owner == source) {
        match (&line.data, record_type) {
            (Data::Address(last), RecordType::A) => data.push(format!("192.0.2.{last}")),
            (Data::Text(number), RecordType::Txt) => data.push(number.to_string()),
            (Data::Alias(target), RecordType::Cname) => data.push(format!("{target}.")),
            (Data::Alias(target), _) => return Some(Err(Some(target.clone()))),
            _ => {}
        }
    }
    Some(Ok(data))
}
