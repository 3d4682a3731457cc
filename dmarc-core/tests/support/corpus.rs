//! The collection of real records, reports and suites, which is not part of a plain clone.

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
