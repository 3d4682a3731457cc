//! What a receiver supplies for a failure report. The names are those of the fields.

use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::report::failure::{AlignedMethod, AuthFailure, DeliveryResult};

/// A failure report to be written: its mail, its fields, and the message that failed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// Address that the report is sent from.
    pub from: String,
    /// Addresses that it is sent to, as the record has them in `ruf`, without `mailto:`.
    pub to: Vec<String>,
    /// When it is sent, in seconds since the epoch.
    pub date: i64,
    /// `Message-ID` of the report, without angle brackets; made of its content unless it is given.
    #[serde(default)]
    pub message_id: Option<String>,
    /// The part for people; the words of RFC 9991, Appendix A unless it is given.
    #[serde(default)]
    pub description: Option<String>,
    /// What writes the report: `product/version`.
    pub user_agent: String,
    /// What failed.
    pub auth_failure: AuthFailure,
    /// The result of the mechanism that failed: the payload of `Authentication-Results`.
    pub authentication_results: String,
    /// The mechanisms that failed to authenticate an aligned identity (RFC 9991, 4); an empty list is `none`.
    #[serde(default)]
    pub identity_alignment: Option<Vec<AlignedMethod>>,
    /// What became of the message.
    #[serde(default)]
    pub delivery_result: Option<DeliveryResult>,
    /// The envelope's own key.
    #[serde(default)]
    pub original_envelope_id: Option<String>,
    /// `MAIL FROM`, without angle brackets; empty for a null reverse-path.
    #[serde(default)]
    pub original_mail_from: Option<String>,
    /// `RCPT TO`, without angle brackets.
    #[serde(default)]
    pub original_rcpt_to: Vec<String>,
    /// When the message came, in seconds since the epoch.
    #[serde(default)]
    pub arrival: Option<i64>,
    /// Name of the server that writes the report.
    #[serde(default)]
    pub reporting_mta: Option<String>,
    /// Where the message came from.
    #[serde(default)]
    pub source_ip: Option<IpAddr>,
    /// The port that it came from (RFC 6692).
    #[serde(default)]
    pub source_port: Option<u16>,
    /// Messages that the report stands for.
    #[serde(default)]
    pub incidents: Option<u32>,
    /// Domains that are reported on.
    pub reported_domain: Vec<String>,
    /// URIs that are reported on.
    #[serde(default)]
    pub reported_uri: Vec<String>,
    /// The signature that failed; RFC 9991, 4 demands it for one of an aligned domain.
    #[serde(default)]
    pub dkim: Option<DraftDkim>,
    /// The SPF records that were used; RFC 9991, 4 demands them where SPF failed for an aligned domain.
    #[serde(default)]
    pub spf: Vec<DraftSpf>,
    /// The message that failed: a text, or `{"base64": …}` for octets that are none.
    #[serde(deserialize_with = "octets")]
    pub message: Vec<u8>,
    /// How much of it goes into the report.
    #[serde(default)]
    pub sample: DraftSample,
    /// What becomes of local-parts, names and subjects; unless they are kept, the header alone goes into the report.
    #[serde(default)]
    pub privacy: DraftPrivacy,
    /// The key of hashes.
    #[serde(default)]
    pub privacy_key: Option<String>,
}

/// A signature that failed (RFC 6591, 3.2.3 and 3.2.4).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftDkim {
    /// `d=`.
    pub domain: String,
    /// `s=`.
    pub selector: String,
    /// `i=`; `@` and the domain unless it is given (RFC 6376, 3.5).
    #[serde(default)]
    pub identity: Option<String>,
    /// The canonical header, in base64.
    #[serde(default)]
    pub canonicalized_header: Option<String>,
    /// The canonical body, in base64.
    #[serde(default)]
    pub canonicalized_body: Option<String>,
    /// The key record that was used.
    #[serde(default)]
    pub record: Option<String>,
}

/// An SPF record that was used (RFC 6591, 3.2.6).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftSpf {
    /// Where it was found.
    pub domain: String,
    /// Its text.
    pub record: String,
}

/// How much of the message goes into the report.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DraftSample {
    /// All of it.
    #[default]
    Full,
    /// Its header.
    Headers,
}

/// What becomes of local-parts, names and subjects in what is written.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DraftPrivacy {
    /// They stay.
    #[default]
    Keep,
    /// Each becomes a hash under the key.
    Hash,
    /// Each becomes the word `redacted`.
    Drop,
}

/// Takes a text, or octets in base64.
fn octets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    struct Octets;

    impl<'de> Visitor<'de> for Octets {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a text, or an object with base64")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Vec<u8>, E> {
            Ok(text.as_bytes().to_vec())
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<u8>, A::Error> {
            match map.next_entry::<String, String>()? {
                Some((key, text)) if key == "base64" => {
                    let compact: String = text.split_whitespace().collect();
                    STANDARD.decode(compact).map_err(A::Error::custom)
                }
                _ => Err(A::Error::custom("expected base64")),
            }
        }
    }

    deserializer.deserialize_any(Octets)
}
