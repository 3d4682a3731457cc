//! `dmarc-check report write`: a report from what a receiver has, ready to be sent.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dmarc_core::limits::Limits;
use dmarc_core::report::Draft;
use serde_json::{Map, Value, json};

use crate::args::{Format, HeadArgs, WriteArgs};
use crate::problem::Problem;
use crate::{Context, Outcome, input};

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &WriteArgs) -> Result<Outcome, Problem> {
    let limit = Limits::default().input_octets;
    let named = args.head.as_deref().or(args.rows.as_deref()).unwrap_or(Path::new("report write"));
    let mut report = match &args.head {
        Some(path) => {
            serde_json::from_slice(&input::read(path, limit)?).map_err(|error| not_usable(path, &error))?
        }
        None => json!({}),
    };
    if let Some(object) = report.as_object_mut() {
        told(&args.given, object);
    }
    if let Some(path) = &args.rows {
        let rows = input::read(path, limit)?;
        let kind = report["kind"].as_str().unwrap_or_default().to_owned();
        if let Some(object) = report.as_object_mut() {
            let (name, value) = match kind.as_str() {
                // What a failure report is about is one message, of any octets.
                "failure" => ("message", json!({ "base64": STANDARD.encode(&rows) })),
                "tls" => ("policies", lines_of(path, &rows)?),
                _ => ("records", lines_of(path, &rows)?),
            };
            object.insert(name.to_owned(), value);
        }
    }
    let draft: Draft = serde_json::from_value(report).map_err(|error| not_usable(named, &error))?;
    let written = draft.write().map_err(|error| not_usable(named, &error))?;
    if let Some(folder) = &args.output {
        // The name is made of domains and numbers: the core lets nothing else in.
        let path = folder.join(&written.file_name);
        fs::write(&path, written.file()).map_err(|error| Problem::NotSaved { path, error })?;
    }
    match context.common.format() {
        Format::Json => context.out.document(&written)?,
        Format::Text if args.output.is_some() => {
            context.out.text(&format!("{}\n{}\n", written.file_name, written.subject))?;
        }
        Format::Text => context.out.text(&written.document)?,
    }
    Ok(Outcome::Fine)
}

/// Adds what was typed to what the file has; each kind of report has names of its own.
fn told(given: &HeadArgs, report: &mut Map<String, Value>) {
    if let Some(kind) = given.kind {
        report.insert("kind".to_owned(), kind.word().into());
    }
    let kind =
        report.entry("kind").or_insert_with(|| "aggregate".into()).as_str().unwrap_or_default().to_owned();
    let (org_name, email) = match kind.as_str() {
        "tls" => ("organization", "contact"),
        "failure" => ("org_name", "from"),
        _ => ("org_name", "email"),
    };
    for (name, text) in [
        ("schema", &given.schema),
        (org_name, &given.org_name),
        (email, &given.email),
        ("submitter", &given.submitter),
        ("report_id", &given.report_id),
        ("p", &given.policy),
        ("unique_id", &given.unique_id),
    ] {
        if let Some(text) = text {
            report.insert(name.to_owned(), text.as_str().into());
        }
    }
    for (name, number) in [("begin", given.begin), ("end", given.end)] {
        if let Some(number) = number {
            report.insert(name.to_owned(), number.into());
        }
    }
    match (&given.domain, kind.as_str()) {
        (None, _) => {}
        (Some(domain), "failure") => drop(report.insert("reported_domain".to_owned(), json!([domain]))),
        (Some(domain), _) => drop(report.insert("domain".to_owned(), domain.as_str().into())),
    }
    let of_the_address = report.get("email").and_then(Value::as_str).and_then(|email| email.rsplit_once('@'));
    if let Some((_, domain)) = of_the_address.filter(|_| kind == "aggregate") {
        let domain = domain.to_owned();
        report.entry("submitter").or_insert_with(|| domain.into());
    }
}

/// The rows of a file, one line of JSON each.
fn lines_of(path: &Path, octets: &[u8]) -> Result<Value, Problem> {
    let lines = octets.split(|octet| *octet == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let rows = lines.map(serde_json::from_slice).collect::<Result<Vec<Value>, _>>();
    rows.map(Value::Array).map_err(|error| not_usable(path, &error))
}

fn not_usable(path: &Path, reason: &impl ToString) -> Problem {
    Problem::NotUsable { path: path.to_owned(), reason: reason.to_string() }
}
