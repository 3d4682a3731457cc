//! What the headers of a received message say of the checks that its receiver made.

use serde::{Deserialize, Serialize};

use crate::authres;
use crate::message;

/// Messages that are read; a few show what a server does.
pub(super) const MESSAGES: usize = 1_000;

/// The checks of one message, by what the receiver's own server wrote into it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Received {
    /// Whose field is believed; `None` if no server wrote one.
    pub authserv_id: Option<String>,
    /// Whether SPF was checked.
    pub spf: bool,
    /// Whether DKIM was checked.
    pub dkim: bool,
    /// The result of DMARC, if it was checked.
    pub dmarc: Option<String>,
    /// Whether the sender's policy was honored; `None` where it asked for nothing, or nobody tells.
    pub honored: Option<bool>,
}

impl Received {
    /// Reads the header of a message; the rest of it does not matter. Without `authserv_id` the topmost field is
    /// believed (RFC 8601, 5).
    ///
    /// ```
    /// use dmarc_core::assessment::Received;
    ///
    /// let header = b"Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=example.com; dkim=none;\r\n dmarc=pass header.from=example.com\r\n\r\n";
    /// assert!(Received::of_message(header, None).is_complete());
    /// ```
    #[must_use]
    pub fn of_message(octets: &[u8], authserv_id: Option<&str>) -> Self {
        let evidence = authres::Evidence::of(&message::fields(octets), authserv_id);
        Self {
            // A server that was named and wrote nothing did not check.
            authserv_id: evidence.authserv_id.or_else(|| authserv_id.map(str::to_owned)),
            spf: evidence.spf.is_some(),
            dkim: !evidence.dkim.is_empty(),
            dmarc: evidence.dmarc.as_ref().map(|dmarc| dmarc.result.to_string()),
            honored: evidence.dmarc.as_ref().and_then(authres::DmarcStatement::is_honored),
        }
    }

    /// Whether all three were checked.
    #[must_use]
    pub const fn is_complete(&self) -> bool {
        self.spf && self.dkim && self.dmarc.is_some()
    }
}
