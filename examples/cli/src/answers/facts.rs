//! Zone files and snapshots: what is known before anybody is asked.

use std::path::{Path, PathBuf};

use dmarc_core::diagnostics::{Diagnostic, Severity, View};
use dmarc_core::dns::{Snapshot, Zone};
use dmarc_core::evaluation::Facts;
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;

use crate::problem::{Problem, quoted};
use crate::{Context, input, output};

/// Most findings of one file that are written out.
const SHOWN: usize = 20;

/// The zones of these files. What is wrong with them is said on standard error.
pub(super) fn from_zones(context: &Context, paths: &[PathBuf]) -> Result<Facts, Problem> {
    let limits = Limits::default();
    let mut facts = Facts::new();
    for path in paths {
        let octets = input::read(path, limits.zone_octets as u64)?;
        let parsed = Zone::parse(&octets, origin(path).as_ref(), &limits);
        report(context, path, &parsed.diagnostics);
        let Some(zone) = parsed.value else {
            let reason = parsed.diagnostics.iter().find(|found| found.severity == Severity::Error);
            let reason = reason.map(|found| context.catalog.message(found)).unwrap_or_default();
            return Err(Problem::NotUsable { path: path.clone(), reason });
        };
        facts.add_zone(zone);
    }
    Ok(facts)
}

/// A snapshot, and the facts in it.
pub(super) fn from_snapshot(context: &Context, path: &Path) -> Result<(Snapshot, Facts), Problem> {
    let limits = Limits::default();
    let octets = input::read(path, limits.zone_octets as u64)?;
    let snapshot = Snapshot::from_json(&octets, &limits)
        .map_err(|error| Problem::NotUsable { path: path.to_owned(), reason: error.to_string() })?;
    drop(octets);
    let mut facts = Facts::new();
    let found = facts.add_snapshot(&snapshot);
    report(context, path, &found);
    Ok((snapshot, facts))
}

/// The name that a file called `<name>.zone` is probably about; `$ORIGIN` in the file comes before it.
fn origin(path: &Path) -> Option<DomainName> {
    let name = path.file_name()?.to_str()?.strip_suffix(".zone")?;
    DomainName::parse(name).ok()
}

/// Says what is wrong with a file that is used all the same.
fn report(context: &Context, path: &Path, found: &[Diagnostic]) {
    let told = found.iter().filter(|found| found.severity > Severity::Notice);
    for diagnostic in told.clone().take(SHOWN) {
        let view = View::new(diagnostic, &context.catalog, b"");
        let place =
            view.place.as_ref().map_or(String::new(), |place| format!(":{}:{}", place.line, place.column));
        let sentence = format!("{}{place}: {}; {}", quoted(path), view.message, view.help);
        output::complain_with(view.code, view.severity, &sentence, context.texts);
    }
    if let Some(more) = told.count().checked_sub(SHOWN).filter(|more| *more > 0) {
        let sentence = (context.texts.problems.more_in_file)(&quoted(path), more);
        output::complain_with("input/more-findings", Severity::Notice, &sentence, context.texts);
    }
}
