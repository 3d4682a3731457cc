//! The collection of real records, reports and suites, which is not part of a plain clone.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What tests print instead of a result where the collection is absent.
pub(crate) fn skipped(path: &Path) {
    println!("skipped: no corpus at {}", path.display());
}

/// A path in the collection: in the folder that `DMARC_CORPUS` names, or beside the repository.
pub(crate) fn path(within: &str) -> PathBuf {
    std::env::var_os("DMARC_CORPUS")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus"), PathBuf::from)
        .join(within)
}

/// What an independent script read from each file of a folder; `None` where the collection is absent.
#[allow(dead_code, reason = "not every test that shares this file reads an index")]
pub(crate) fn index(folder: &Path) -> Option<serde_json::Map<String, serde_json::Value>> {
    let Ok(index) = std::fs::read(folder.join("index.json")) else {
        skipped(folder);
        return None;
    };
    let index: serde_json::Value = serde_json::from_slice(&index).unwrap();
    index.as_object().cloned()
}

/// Fails where what differs is not what the list says; lines that begin with `# ` are its reasons.
#[allow(dead_code, reason = "not every test that shares this file has a list")]
pub(crate) fn compare(differences: &[String], listed: &str) {
    let known: BTreeSet<&str> =
        listed.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).collect();
    let found: BTreeSet<&str> = differences.iter().map(String::as_str).collect();
    let new: Vec<_> = found.difference(&known).collect();
    let gone: Vec<_> = known.difference(&found).collect();
    assert!(new.is_empty(), "{} new differences:\n{new:#?}", new.len());
    assert!(gone.is_empty(), "no longer different, take them off the list:\n{gone:#?}");
}
