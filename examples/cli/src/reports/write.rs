//! `dmarc-check report write`: a report from what a receiver has, ready to be sent.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dmarc_core::limits::Limits;
use dmarc_core::report::Draft;
use serde_json::{Value, json};

use crate::args::{Format, WriteArgs};
use crate::problem::Problem;
use crate::{Context, Outcome, input};

/// Does what was asked.
pub(crate) fn run(context: &mut Context, args: &WriteArgs) -> Result<Outcome, Problem> {
    let limit = Limits::default().input_octets;
    let head = input::read(&args.head, limit)?;
    let mut report: Value = serde_json::from_slice(&head).map_err(|error| not_usable(&args.head, &error))?;
    if let Some(object) = report.as_object_mut() {
        object.entry("kind").or_insert_with(|| "aggregate".into());
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
    let draft: Draft = serde_json::from_value(report).map_err(|error| not_usable(&args.head, &error))?;
    let written = draft.write().map_err(|error| not_usable(&args.head, &error))?;
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

/// The rows of a file, one line of JSON each.
fn lines_of(path: &Path, octets: &[u8]) -> Result<Value, Problem> {
    let lines = octets.split(|octet| *octet == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let rows = lines.map(serde_json::from_slice).collect::<Result<Vec<Value>, _>>();
    rows.map(Value::Array).map_err(|error| not_usable(path, &error))
}

fn not_usable(path: &Path, reason: &impl ToString) -> Problem {
    Problem::NotUsable { path: path.to_owned(), reason: reason.to_string() }
}
