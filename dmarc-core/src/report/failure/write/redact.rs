//! What is hidden of a report before it is written (RFC 6590; RFC 9991, 7).

use super::{Draft, DraftPrivacy, DraftSample, WriteError};
use crate::report::failure::Privacy;
use crate::report::failure::values::without_comments;

/// Fields of addresses, of which the addresses alone are kept: the names beside them are those of people.
const ADDRESSES: [&str; 16] = [
    "from",
    "to",
    "cc",
    "bcc",
    "sender",
    "reply-to",
    "return-path",
    "delivered-to",
    "x-original-to",
    "errors-to",
    "disposition-notification-to",
    "resent-from",
    "resent-to",
    "resent-cc",
    "resent-sender",
    "author",
];
/// Fields of words that people wrote.
const WORDS: [&str; 4] = ["subject", "comments", "keywords", "thread-topic"];

impl Draft {
    /// What the draft asks for.
    pub(super) fn choice(&self) -> Result<Privacy, WriteError> {
        Ok(match (self.privacy, self.privacy_key.as_deref()) {
            (DraftPrivacy::Keep, _) => Privacy::Keep,
            (DraftPrivacy::Drop, _) => Privacy::Drop,
            (DraftPrivacy::Hash, Some(key)) if !key.is_empty() => Privacy::Hash(key.as_bytes().to_vec()),
            (DraftPrivacy::Hash, _) => return Err(WriteError::Missing { element: "privacy_key" }),
        })
    }

    /// The draft without what is to be hidden.
    pub(super) fn redacted(mut self, privacy: &Privacy) -> Self {
        if *privacy == Privacy::Keep {
            return self;
        }
        let texts = [&mut self.original_mail_from, &mut self.original_envelope_id, &mut self.description];
        let lists = [&mut self.original_rcpt_to, &mut self.reported_uri];
        let results = std::iter::once(&mut self.authentication_results);
        let records = self.spf.iter_mut().map(|spf| &mut spf.record);
        let texts =
            texts.into_iter().flatten().chain(lists.into_iter().flatten()).chain(results).chain(records);
        texts.for_each(|text| *text = privacy.in_place(text));
        if let Some(dkim) = &mut self.dkim {
            dkim.identity = dkim.identity.take().map(|identity| privacy.in_place(&identity));
            // RFC 6591, 3.2.4: "If DKIM-Canonicalized-Header and DKIM-Canonicalized-Body encode redacted data, they
            // MUST NOT be included."
            dkim.canonicalized_header = None;
            dkim.canonicalized_body = None;
        }
        self.message = header(&self.message, privacy).into_bytes();
        self.sample = DraftSample::Headers;
        self
    }
}

/// The header of a message without what is to be hidden.
fn header(message: &[u8], privacy: &Privacy) -> String {
    let text = crate::text::lossy(super::header(message));
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push_str("\r\n");
                value.push_str(line);
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim_end().to_owned(), value.to_owned()));
        }
    }
    let shown = fields.iter().map(|(name, value)| {
        let lower = name.to_ascii_lowercase();
        let value = if ADDRESSES.contains(&lower.as_str()) {
            let addresses: Vec<String> =
                addresses(value).iter().map(|address| privacy.in_place(address)).collect();
            // A list of many is folded between them.
            format!(" {}", addresses.join(",\r\n "))
        } else if WORDS.contains(&lower.as_str()) {
            format!(" {}", privacy.instead(value.trim()))
        } else if lower == "dkim-signature" {
            // RFC 6376, 3.5: `z=` holds copies of header fields.
            let tags = value.split(';').filter(|tag| !tag.trim_start().starts_with("z="));
            privacy.in_place(&tags.collect::<Vec<_>>().join(";"))
        } else {
            privacy.in_place(value)
        };
        format!("{name}:{value}\r\n")
    });
    shown.collect()
}

/// The addresses of a list, without the names of people and groups.
fn addresses(value: &str) -> Vec<String> {
    let text = without_comments(value);
    let mut elements = vec![String::new()];
    let mut quoted: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let Some(element) = elements.last_mut() else { break };
        match (&mut quoted, c) {
            (Some(inner), '\\') => {
                inner.push(c);
                inner.extend(characters.next());
            }
            (Some(inner), '"') => {
                inner.push('"');
                // A quoted string is the name of somebody, unless it is part of an address.
                if characters.peek().is_some_and(|next| matches!(next, '@' | '.')) || element.ends_with('.') {
                    element.push_str(inner);
                }
                quoted = None;
            }
            (Some(inner), c) => inner.push(c),
            (None, '"') => quoted = Some("\"".to_owned()),
            (None, ',' | ';') => elements.push(String::new()),
            // What stands before is the name of a group.
            (None, ':') if !element.contains('<') => element.clear(),
            (None, c) => element.push(c),
        }
    }
    let address = |element: &String| {
        let inner = element.rsplit_once('<').map_or(element.as_str(), |(_, inner)| inner);
        let inner = inner.split('>').next().unwrap_or_default();
        let address = inner.split_whitespace().find(|word| word.contains('@')).unwrap_or_default();
        let is_one = inner.trim_start().starts_with('"') || !address.is_empty();
        is_one.then(|| {
            if address.is_empty() || inner.contains('"') { inner.trim() } else { address }.to_owned()
        })
    };
    elements.iter().filter_map(address).filter(|address| address.contains('@')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_the_names_beside_them() {
        let list = |value: &str| addresses(value).join("|");
        assert_eq!(list("Someone <a@example.com>, b@example.net (B)"), "a@example.com|b@example.net");
        assert_eq!(list("\"x@bank.example\" <a@example.com>"), "a@example.com");
        assert_eq!(list("\"a b\"@example.com"), "\"a b\"@example.com");
        assert_eq!(list("Friends: a@example.com, <b@example.com>;"), "a@example.com|b@example.com");
        assert_eq!(list("undisclosed-recipients:;"), "");
        assert_eq!(list("=?utf-8?q?J=C3=B6rg?=\r\n <j@example.com>"), "j@example.com");
    }

    #[test]
    fn a_header_keeps_what_is_not_about_people() {
        let message = b"From: \"A. Person\" <a@example.com>\nSubject: secret\n plan\nReceived: from x by y\n for <b@example.net>; date\n\
            DKIM-Signature: d=example.com; z=From:a|Subject:secret; b=abc\nMIME-Version: 1.0\n\nsecret body";
        let dropped = header(message, &Privacy::Drop);
        assert_eq!(
            dropped,
            "From: redacted@example.com\r\nSubject: redacted\r\nReceived: from x by y\r\n for <redacted@example.net>; date\r\n\
             DKIM-Signature: d=example.com; b=abc\r\nMIME-Version: 1.0\r\n"
        );
        let hashed = header(message, &Privacy::Hash(b"k".to_vec()));
        assert!(!hashed.contains("Person") && !hashed.contains("secret") && !hashed.contains("<a@"));
    }
}
