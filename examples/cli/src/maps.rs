//! Files with what is known of senders: who addresses belong to, who sends and who does not, and thresholds.

use std::path::{Path, PathBuf};

use dmarc_core::limits::Limits;
use dmarc_core::streams::{MapError, Maps, Thresholds};

use crate::args::SendersArgs;
use crate::input;
use crate::problem::Problem;

/// Adds what the files say; thresholds take the place of those before.
pub(crate) fn read(args: &SendersArgs, maps: &mut Maps, thresholds: &mut Thresholds) -> Result<(), Problem> {
    for path in &args.names {
        maps.extend(map(path, Maps::read_names)?);
    }
    for path in &args.known {
        maps.extend(map(path, Maps::read_known)?);
    }
    if let Some(given) = &args.thresholds {
        let not_usable = |reason: String| Problem::NotUsable { path: PathBuf::from(given), reason };
        let text = if given.trim_start().starts_with('{') { given.clone() } else { text(Path::new(given))? };
        *thresholds = serde_json::from_str(&text).map_err(|error| not_usable(error.to_string()))?;
    }
    Ok(())
}

/// A map as CSV, or as the JSON of the library.
fn map(path: &Path, read: fn(&str) -> Result<Maps, MapError>) -> Result<Maps, Problem> {
    let text = text(path)?;
    let found = if text.trim_start().starts_with('{') {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        read(&text).map_err(|error| error.to_string())
    };
    found.map_err(|reason| Problem::NotUsable { path: path.to_owned(), reason })
}

fn text(path: &Path) -> Result<String, Problem> {
    let octets = input::read(path, Limits::default().input_octets)?;
    // Names in other encodings are shown as they can be; addresses and domains are ASCII.
    Ok(String::from_utf8_lossy(&octets).into_owned())
}
