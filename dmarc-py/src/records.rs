//! Records: reading, building and comparing.

use std::collections::BTreeMap;

use dmarc_core::dmarc::Edition;
use dmarc_core::inspect::{self, RecordKind};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::convert;
use crate::errors::{self, BuildError};
use crate::types::Record;

/// Read a text as a DMARC Policy Record.
///
/// `edition` is the standard that the reader follows: "rfc9989" or "rfc7489". `lang` is the
/// language of the messages: "en" or "nl". Bad text raises nothing: it gives findings. With
/// `strict`, a record with an error raises RejectedError.
#[pyfunction]
#[pyo3(signature = (text, *, edition = "rfc9989", lang = "en", strict = false))]
pub(crate) fn parse_dmarc(
    text: &Bound<'_, PyAny>,
    edition: &str,
    lang: &str,
    strict: bool,
) -> PyResult<Record> {
    read(text, RecordKind::Dmarc, edition, lang, strict)
}

/// Read a text as an SPF record.
///
/// Takes what parse_dmarc takes, apart from the edition.
#[pyfunction]
#[pyo3(signature = (text, *, lang = "en", strict = false))]
pub(crate) fn parse_spf(text: &Bound<'_, PyAny>, lang: &str, strict: bool) -> PyResult<Record> {
    read(text, RecordKind::Spf, Edition::Rfc9989.as_str(), lang, strict)
}

/// Read a text as a record of a kind: "auto" looks at its version tag, "dmarc" and "spf" do not.
#[pyfunction]
#[pyo3(signature = (text, kind = "auto", *, edition = "rfc9989", lang = "en", strict = false))]
pub(crate) fn parse_record(
    text: &Bound<'_, PyAny>,
    kind: &str,
    edition: &str,
    lang: &str,
    strict: bool,
) -> PyResult<Record> {
    let kind = kind.parse().map_err(|error| errors::argument("kind", &error))?;
    read(text, kind, edition, lang, strict)
}

fn read(
    text: &Bound<'_, PyAny>,
    kind: RecordKind,
    edition: &str,
    lang: &str,
    strict: bool,
) -> PyResult<Record> {
    let (edition, catalog) = (convert::edition(edition)?, convert::catalog(lang)?);
    let octets = convert::octets(text)?;
    let mut view = text.py().detach(|| convert::view(&inspect::record(&octets, kind, edition, catalog)))?;
    convert::spans_to_characters(&mut view, &octets);
    let record = Record::new(view);
    if strict && !record.is_accepted() {
        return Err(errors::rejected(text.py(), record));
    }
    Ok(record)
}

/// Build a valid DMARC Policy Record.
///
/// `policy` is the policy of the domain; every other tag is given by its name: `sp="reject"`,
/// `rua=["mailto:dmarc@example.com"]`. Returns the text and its strings of at most 255 octets for
/// a zone file, as a dict of "text" and "strings". Raises BuildError for tags that make no valid record.
#[pyfunction]
#[pyo3(signature = (*, policy, edition = "rfc9989", **tags))]
pub(crate) fn build_dmarc<'py>(
    py: Python<'py>,
    policy: &Bound<'py, PyAny>,
    edition: &str,
    tags: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    let edition = convert::edition(edition)?;
    let mut given = BTreeMap::from([("p".to_owned(), convert::to_json(policy)?)]);
    for (name, value) in tags.into_iter().flatten() {
        if !value.is_none() {
            given.insert(name.extract()?, convert::to_json(&value)?);
        }
    }
    let built =
        inspect::build(&given, edition).map_err(|error| errors::coded::<BuildError>(error.code(), &error))?;
    convert::to_python(py, &built)
}

/// Compare what readers of both editions make of a record.
///
/// Returns where they differ, as plain data.
#[pyfunction]
#[pyo3(signature = (text, *, lang = "en"))]
pub(crate) fn compare_dmarc<'py>(text: &Bound<'py, PyAny>, lang: &str) -> PyResult<Bound<'py, PyAny>> {
    let catalog = convert::catalog(lang)?;
    let octets = convert::octets(text)?;
    let mut view = convert::view(&inspect::compare(&octets, catalog))?;
    convert::spans_to_characters(&mut view, &octets);
    convert::to_python(text.py(), &view)
}

/// Every rule of the library: code, severity, reference, summary, arguments and sentences.
#[pyfunction]
#[pyo3(signature = (*, lang = "en"))]
pub(crate) fn rules<'py>(py: Python<'py>, lang: &str) -> PyResult<Bound<'py, PyAny>> {
    convert::to_python(py, &inspect::rules(convert::catalog(lang)?))
}
