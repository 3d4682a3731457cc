//! The caller's maps as CSV.

use super::maps::{HostName, KnownSender, Maps, NetworkName, Standing};
use super::prefix::Prefix;
use crate::name::DomainName;

/// Rows that are read; the largest public map of hosts has some forty thousand.
const ROWS: usize = 1_000_000;
/// Longest name that is kept, in characters.
const NAME: usize = 100;

/// Why a map cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MapError {
    /// A row whose first field is neither a network nor a domain.
    #[error("line {line}: no address, network or domain: {field}")]
    NoSource {
        /// Which line, from 1.
        line: usize,
        /// What stands there.
        field: String,
    },
    /// A row without a name, or a number of an autonomous system that is none.
    #[error("line {line}: {field} is no name or number of an autonomous system")]
    NoName {
        /// Which line, from 1.
        line: usize,
        /// What stands there.
        field: String,
    },
    /// A row that says neither `ours` nor `not-ours`.
    #[error("line {line}: {field} is neither ours nor not-ours")]
    NoStanding {
        /// Which line, from 1.
        line: usize,
        /// What stands there.
        field: String,
    },
    /// More rows than are read.
    #[error("more than {limit} rows")]
    TooMany {
        /// How many are read.
        limit: usize,
    },
}

/// What a column holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Column {
    Source,
    Name,
    Number,
    Kind,
    Reverse,
    Standing,
    Other,
}

impl Maps {
    /// Reads who addresses belong to: rows of `network,name,asn,type`, or of `domain,name,type` for hosts whose
    /// name in reverse DNS lies below the domain. A first row of titles may put the columns in another order
    /// (`prefix`, `ip`, `base_reverse_dns`, `name`, `asn`, `type`, `ptr`: the name of an address in reverse DNS).
    ///
    /// # Errors
    /// [`MapError`] names the first row that is none of these.
    ///
    /// ```
    /// use dmarc_core::streams::Maps;
    ///
    /// let maps = Maps::read_names("192.0.2.0/24,Example Mail,AS64500,ESP\nexample.net,Example Hosting,Web Host\n")?;
    /// assert_eq!((maps.networks.len(), maps.hosts.len()), (1, 1));
    /// # Ok::<(), dmarc_core::streams::MapError>(())
    /// ```
    pub fn read_names(text: &str) -> Result<Self, MapError> {
        let mut maps = Self::default();
        let mut titles: Option<Vec<Column>> = None;
        for (line, fields) in rows(text)? {
            if line == 1 && fields.iter().any(|field| matches!(title(field), Column::Source)) {
                titles = Some(fields.iter().map(|field| title(field)).collect());
                continue;
            }
            let source = field(&fields, titles.as_deref(), Column::Source, 0).unwrap_or_default();
            let named = |column, at| field(&fields, titles.as_deref(), column, at).map(kept);
            let no_name = |field: &str| MapError::NoName { line, field: kept(field) };
            if let Ok(prefix) = source.parse::<Prefix>() {
                let asn = match named(Column::Number, 2) {
                    None => None,
                    Some(text) => {
                        let digits = text.trim_start_matches(['A', 'a']).trim_start_matches(['S', 's']);
                        Some(digits.parse().map_err(|_| no_name(&text))?)
                    }
                };
                if let Some(reverse) = named(Column::Reverse, usize::MAX) {
                    maps.reverse.insert(prefix.first(), reverse);
                }
                let (name, kind) = (named(Column::Name, 1), named(Column::Kind, 3));
                if name.is_some() || asn.is_some() {
                    maps.networks.push(NetworkName { prefix, name, asn, kind });
                } else if titles.as_ref().is_none_or(|titles| !titles.contains(&Column::Reverse)) {
                    return Err(no_name(source));
                }
                continue;
            }
            let domain =
                DomainName::parse(source).map_err(|_| MapError::NoSource { line, field: kept(source) })?;
            let name = named(Column::Name, 1).ok_or_else(|| no_name(source))?;
            maps.hosts.push(HostName { domain, name, kind: named(Column::Kind, 2) });
        }
        Ok(maps)
    }

    /// Reads known senders: rows of `sender,standing,name`. The sender is a network, `dkim:domain`, `spf:domain`
    /// or a domain for both; the standing `ours` or `not-ours`.
    ///
    /// # Errors
    /// [`MapError`] names the first row that is none of these.
    pub fn read_known(text: &str) -> Result<Self, MapError> {
        let mut maps = Self::default();
        for (line, fields) in rows(text)? {
            let part = |at: usize| fields.get(at).map(String::as_str).filter(|field| !field.is_empty());
            let (source, standing) = (part(0).unwrap_or_default(), part(1).unwrap_or_default());
            if line == 1 && title(standing) == Column::Standing {
                continue;
            }
            let standing = match standing.to_ascii_lowercase().as_str() {
                "ours" => Standing::Ours,
                "not-ours" => Standing::NotOurs,
                _ => return Err(MapError::NoStanding { line, field: kept(standing) }),
            };
            let mut sender = KnownSender {
                name: part(2).map(kept),
                standing,
                dkim: Vec::new(),
                spf: Vec::new(),
                prefixes: Vec::new(),
            };
            let domain = |text: &str| {
                DomainName::parse(text).map_err(|_| MapError::NoSource { line, field: kept(source) })
            };
            match (source.parse::<Prefix>(), source.split_once(':')) {
                (Ok(prefix), _) => sender.prefixes.push(prefix),
                (_, Some(("dkim", name))) => sender.dkim.push(domain(name)?),
                (_, Some(("spf", name))) => sender.spf.push(domain(name)?),
                _ => {
                    let domain = domain(source)?;
                    sender.dkim.push(domain.clone());
                    sender.spf.push(domain);
                }
            }
            maps.known.push(sender);
        }
        Ok(maps)
    }
}

fn kept(text: &str) -> String {
    text.chars().take(NAME).collect()
}

fn title(field: &str) -> Column {
    match field.trim().to_ascii_lowercase().as_str() {
        "prefix" | "network" | "cidr" | "ip" | "address" | "base_reverse_dns" | "source_ip_address" => {
            Column::Source
        }
        "name" | "source_name" => Column::Name,
        "asn" | "as" => Column::Number,
        "type" | "source_type" => Column::Kind,
        "ptr" | "reverse_dns" | "source_reverse_dns" => Column::Reverse,
        "standing" => Column::Standing,
        _ => Column::Other,
    }
}

/// A field by its title, or by its place where there are no titles.
fn field<'a>(fields: &'a [String], titles: Option<&[Column]>, column: Column, at: usize) -> Option<&'a str> {
    let at = match titles {
        Some(titles) => titles.iter().position(|title| *title == column)?,
        None => at,
    };
    fields.get(at).map(|field| field.trim()).filter(|field| !field.is_empty())
}

/// Rows with their line, without empty ones and comments (`#`).
fn rows(text: &str) -> Result<Vec<(usize, Vec<String>)>, MapError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Vec::new();
    let kept = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    for (at, line) in text.lines().enumerate().filter(|(_, line)| kept(line)) {
        if rows.len() >= ROWS {
            return Err(MapError::TooMany { limit: ROWS });
        }
        rows.push((at + 1, split(line)));
    }
    Ok(rows)
}

/// The fields of a row (RFC 4180, 2); quoted ones may hold commas, and no line ends.
fn split(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field).trim().to_owned()),
            _ => field.push(character),
        }
    }
    fields.push(field.trim().to_owned());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_put_columns_in_any_order() {
        let maps =
            Maps::read_names("name,type,base_reverse_dns\n\"Example, Inc.\",ESP,example.net\n").unwrap();
        let host = maps.hosts.first().unwrap();
        assert_eq!((host.name.as_str(), host.domain.as_str()), ("Example, Inc.", "example.net"));
        let maps = Maps::read_names("ip,ptr\n192.0.2.1,mail.example.net\n").unwrap();
        assert_eq!(maps.reverse.len(), 1);
    }

    #[test]
    fn a_wrong_row_is_named() {
        let line = |text: &str| Maps::read_names(text).unwrap_err();
        assert_eq!(
            line("192.0.2.0/24,x\nno domain,x\n"),
            MapError::NoSource { line: 2, field: "no domain".to_owned() }
        );
        assert!(matches!(line("192.0.2.0/24,x,ASX\n"), MapError::NoName { line: 1, .. }));
        assert!(matches!(line("192.0.2.0/24\n"), MapError::NoName { line: 1, .. }));
        assert!(matches!(
            Maps::read_known("example.net,maybe\n").unwrap_err(),
            MapError::NoStanding { line: 1, .. }
        ));
    }

    #[test]
    fn a_sender_is_known_by_name_or_network() {
        let text = "sender,standing\nexample.net,ours,News\ndkim:a.test,not-ours\n2001:db8::/32,ours\n";
        let maps = Maps::read_known(text).unwrap();
        let counts = |sender: &KnownSender| (sender.dkim.len(), sender.spf.len(), sender.prefixes.len());
        assert_eq!(maps.known.iter().map(counts).collect::<Vec<_>>(), [(1, 1, 0), (1, 0, 0), (0, 0, 1)]);
    }
}
