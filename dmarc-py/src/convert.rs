//! Every conversion between Python objects and values of the core. Spans become characters here,
//! and nowhere else.

mod objects;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use dmarc_core::diagnostics::{Catalog, Language, Span};
use dmarc_core::dmarc::Edition;
use dmarc_core::limits::Limits;
use dmarc_core::text::char_count;
use pyo3::buffer::PyBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use serde_json::{Map, Number, Value};

pub(crate) use objects::to_python;

use crate::errors;

/// Containers within containers that are followed; a list that holds itself ends there.
const DEPTH: usize = 64;

/// The octets of a text or of anything that offers its bytes.
pub(crate) fn octets(object: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = object.cast::<PyString>() {
        return text_octets(text);
    }
    bytes(object)?.ok_or_else(|| errors::wrong_type("str or bytes", object))
}

/// The octets of `bytes`, `bytearray`, `memoryview` and the like; `None` for anything else.
pub(crate) fn bytes(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    match PyBuffer::<u8>::get(object) {
        Ok(buffer) => buffer.to_vec(object.py()).map(Some),
        Err(_) => Ok(None),
    }
}

/// UTF-8 of a text. A lone surrogate has none: it becomes an octet that is never part of UTF-8,
/// which the core counts and shows as one character, so that spans stay right.
pub(crate) fn text_octets(text: &Bound<'_, PyString>) -> PyResult<Vec<u8>> {
    if let Ok(text) = text.to_cow() {
        return Ok(text.into_owned().into_bytes());
    }
    let encoded = text.call_method1("encode", ("utf-8", "surrogatepass"))?;
    let encoded: Vec<u8> = encoded.extract()?;
    let mut octets = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_slice();
    while let [first, after @ ..] = rest {
        // A surrogate is ED A0..BF xx, which no other character is.
        if let (0xed, [0xa0..=0xbf, _, after @ ..]) = (*first, after) {
            octets.push(0xff);
            rest = after;
        } else {
            octets.push(*first);
            rest = after;
        }
    }
    Ok(octets)
}

/// An edition by its name.
pub(crate) fn edition(name: &str) -> PyResult<Edition> {
    name.parse().map_err(|error| errors::argument("edition", &error))
}

/// The embedded catalog of a language.
pub(crate) fn catalog(language: &str) -> PyResult<&'static Catalog> {
    self::language(language).map(catalog_of)
}

/// A language that there is a catalog of, by its name.
pub(crate) fn language(name: &str) -> PyResult<Language> {
    match name {
        "en" => Ok(Language::En),
        "nl" => Ok(Language::Nl),
        _ => Err(errors::argument("lang", &format!("`{name}` is no language: use en or nl"))),
    }
}

/// The embedded catalog of a language, read when it is asked for first.
pub(crate) fn catalog_of(language: Language) -> &'static Catalog {
    static EN: OnceLock<Catalog> = OnceLock::new();
    static NL: OnceLock<Catalog> = OnceLock::new();
    let catalog = if language == Language::Nl { &NL } else { &EN };
    catalog.get_or_init(|| Catalog::embedded(language))
}

/// Limits given by name, each where it is not the default.
pub(crate) fn limits(given: Option<&Bound<'_, PyDict>>) -> PyResult<Limits> {
    match given {
        None => Ok(Limits::default()),
        Some(given) => {
            serde_json::from_value(to_json(given)?).map_err(|error| errors::argument("limits", &error))
        }
    }
}

/// A view of the core as JSON data.
pub(crate) fn view(view: &impl serde::Serialize) -> PyResult<Value> {
    serde_json::to_value(view).map_err(|error| errors::internal(&error))
}

/// Python objects as JSON data.
pub(crate) fn to_json(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    json_within(object, DEPTH)
}

fn json_within(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    if depth == 0 {
        return Err(errors::argument("document", &format!("nested deeper than {DEPTH} levels")));
    }
    if object.is_none() {
        return Ok(Value::Null);
    }
    if let Ok(truth) = object.cast::<PyBool>() {
        return Ok(Value::Bool(truth.is_true()));
    }
    if object.is_instance_of::<PyInt>() {
        let number =
            object.extract::<i64>().map(Number::from).or_else(|_| object.extract::<u64>().map(Number::from));
        return number.map(Value::Number).map_err(|_| errors::argument("document", &"a number is too large"));
    }
    if let Ok(number) = object.cast::<PyFloat>() {
        let number = Number::from_f64(number.value());
        return number
            .map(Value::Number)
            .ok_or_else(|| errors::argument("document", &"a number is not finite"));
    }
    if let Ok(text) = object.cast::<PyString>() {
        return Ok(Value::String(dmarc_core::text::lossy(&text_octets(text)?)));
    }
    if let Ok(dict) = object.cast::<PyDict>() {
        let mut entries = Map::new();
        for (key, entry) in dict {
            let key = key
                .cast_into::<PyString>()
                .map_err(|error| errors::wrong_type("a str key", &error.into_inner()))?;
            entries.insert(key.to_string_lossy().into_owned(), json_within(&entry, depth - 1)?);
        }
        return Ok(Value::Object(entries));
    }
    if object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>() {
        let items = object.try_iter()?.map(|item| json_within(&item?, depth - 1));
        return Ok(Value::Array(items.collect::<PyResult<_>>()?));
    }
    Err(errors::wrong_type("dict, list, str, int, float, bool or None", object))
}

/// The JSON text of a document given as dict or as text.
pub(crate) fn json_text(document: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match document.cast::<PyDict>() {
        Ok(dict) => serde_json::to_vec(&to_json(dict)?).map_err(|error| errors::internal(&error)),
        Err(_) => octets(document),
    }
}

/// Turns every span of a view from octets of `text` into characters, as Python counts them.
pub(crate) fn spans_to_characters(view: &mut Value, text: &[u8]) {
    if text.is_ascii() {
        return;
    }
    let mut offsets = BTreeMap::new();
    each_offset(view, &mut |offset| {
        offsets.insert(*offset, 0);
    });
    // Spans lie on character boundaries, so the counts of the pieces between them add up.
    let (mut from, mut characters) = (0, 0);
    for (offset, counted) in &mut offsets {
        let to = usize::try_from(*offset).unwrap_or(usize::MAX).min(text.len());
        characters += char_count(text.get(from..to).unwrap_or_default()) as u64;
        *counted = characters;
        from = to;
    }
    each_offset(view, &mut |offset| *offset = offsets.get(offset).copied().unwrap_or(*offset));
}

/// A span of `text` in characters.
pub(crate) fn span_to_characters(span: Span, text: &[u8]) -> Span {
    if text.is_ascii() {
        return span;
    }
    let characters = |offset: usize| char_count(text.get(..offset).unwrap_or(text));
    Span::new(characters(span.start), characters(span.end))
}

/// Visits both ends of every `span` in a view.
fn each_offset(view: &mut Value, visit: &mut impl FnMut(&mut u64)) {
    match view {
        Value::Object(entries) => {
            for (key, entry) in entries.iter_mut() {
                match entry.as_array_mut().map(Vec::as_mut_slice) {
                    Some([start, end]) if key == "span" => {
                        each_end(start, visit);
                        each_end(end, visit);
                    }
                    _ => each_offset(entry, visit),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_offset(item, visit)),
        _ => {}
    }
}

fn each_end(end: &mut Value, visit: &mut impl FnMut(&mut u64)) {
    if let Some(mut offset) = end.as_u64() {
        visit(&mut offset);
        *end = offset.into();
    }
}

/// The two ends of a span in a view.
pub(crate) fn span(view: &Value) -> Option<(u64, u64)> {
    let ends = view.as_array()?;
    Some((ends.first()?.as_u64()?, ends.get(1)?.as_u64()?))
}
