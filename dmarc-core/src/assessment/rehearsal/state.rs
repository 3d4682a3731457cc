//! The saved form of rows: read back, it gives the same rows.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::rows::{Counts, Row, Rows, SIGNATURES};
use crate::authres::AuthResult;

/// The form that is written, and the only one that is read.
const VERSION: u64 = 1;

/// Rows that cannot be read back.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RowsError {
    /// They were saved by another version of this library.
    #[error("rows of version {found}; this reads {VERSION}")]
    Version {
        /// Its number.
        found: u64,
    },
}

/// All rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct State {
    version: u64,
    #[serde(default)]
    rows: Vec<Saved>,
    #[serde(default)]
    left_out: u64,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Saved {
    #[serde(default)]
    policy_domain: String,
    author: String,
    #[serde(default)]
    ip: Option<IpAddr>,
    #[serde(default)]
    spf: Option<(String, AuthResult)>,
    #[serde(default)]
    dkim: Vec<(String, Option<String>, AuthResult)>,
    #[serde(default)]
    passed: Option<bool>,
    look: String,
    messages: u64,
    #[serde(default)]
    enforced: u64,
}

impl From<Rows> for State {
    fn from(rows: Rows) -> Self {
        let saved = |(row, counts): (&Row, Counts)| {
            let Row { policy_domain, author, ip, spf, dkim, passed, look } = row.clone();
            let Counts { messages, enforced } = counts;
            Saved { policy_domain, author, ip, spf, dkim, passed, look, messages, enforced }
        };
        let left_out = rows.left_out;
        Self { version: VERSION, rows: rows.ordered().into_iter().map(saved).collect(), left_out }
    }
}

impl TryFrom<State> for Rows {
    type Error = RowsError;

    fn try_from(state: State) -> Result<Self, RowsError> {
        if state.version != VERSION {
            return Err(RowsError::Version { found: state.version });
        }
        let mut rows = Self { left_out: state.left_out, ..Self::default() };
        for saved in state.rows {
            let Saved { policy_domain, author, ip, spf, mut dkim, passed, look, messages, enforced } = saved;
            dkim.truncate(SIGNATURES);
            let row = Row { policy_domain, author, ip, spf, dkim, passed, look };
            rows.add(row, Counts { messages, enforced: enforced.min(messages) });
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;
    use crate::name::DomainName;
    use crate::report::batch::{Batch, Collector, Keep};

    fn batch(gathers: bool) -> Batch {
        let record = |selector: &str, count: u32| {
            format!(
                "<record><row><source_ip>192.0.2.1</source_ip><count>{count}</count><policy_evaluated>\
                 <disposition>reject</disposition><dkim>pass</dkim></policy_evaluated></row><identifiers>\
                 <header_from>Example.com</header_from></identifiers><auth_results><dkim><domain>example.com</domain>\
                 {selector}<result>pass</result></dkim><spf><domain>example.net</domain><result>softfail</result>\
                 </spf></auth_results></record>"
            )
        };
        let report = |id: u32, domain: &str| {
            format!(
                "<feedback><report_metadata><report_id>{id}</report_id></report_metadata><policy_published>\
                 <domain>{domain}</domain></policy_published>{}{}</feedback>",
                record("<selector>s</selector>", 3),
                record("", 4)
            )
        };
        let mut collector = Collector::new(&Limits::default(), Keep::Sums).with_rows(gathers);
        // A report that came twice counts once.
        for (id, domain) in [(1, "example.com"), (1, "example.com"), (2, "example.com"), (3, "example.org")] {
            collector.feed("x", report(id, domain).as_bytes());
        }
        collector.finish()
    }

    #[test]
    fn rows_that_were_saved_and_read_back_are_the_same() {
        let rows = batch(true).rows.unwrap();
        let text = serde_json::to_string(&rows).unwrap();
        let back: Rows = serde_json::from_str(&text).unwrap();
        assert_eq!((&back, rows.len()), (&rows, 4));
        assert_eq!(serde_json::to_string(&back).unwrap(), text);
        let messages = |rows: &Rows| rows.ordered().iter().map(|(_, counts)| counts.messages).sum::<u64>();
        assert_eq!(messages(&rows), 21);
        assert_eq!(messages(&rows.of(&DomainName::parse("example.com").unwrap())), 14);
        let mut twice = back;
        twice.merge(rows);
        assert_eq!((twice.len(), messages(&twice)), (4, 42));
    }

    #[test]
    fn rows_are_gathered_where_that_is_asked_for() {
        assert_eq!(batch(false).rows, None);
    }

    #[test]
    fn rows_of_another_version_are_refused() {
        let why = serde_json::from_str::<Rows>(r#"{"version": 2, "rows": []}"#).unwrap_err();
        assert!(why.to_string().contains("rows of version 2"));
        assert!(serde_json::from_str::<Rows>(r#"{"rows": []}"#).is_err());
        // More messages cannot have been enforced than there were.
        let odd =
            r#"{"version": 1, "rows": [{"author": "a.example", "look": "", "messages": 2, "enforced": 9}]}"#;
        let odd: Rows = serde_json::from_str(odd).unwrap();
        assert_eq!(odd.ordered()[0].1, Counts { messages: 2, enforced: 2 });
    }
}
