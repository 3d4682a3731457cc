//! The numbers that classes rest on.

use serde::{Deserialize, Serialize};

/// What counts as much, often and long. They are printed with every result; each can be changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Thresholds {
    /// Share of failing messages beside passing ones of the same host up to which a failure is an accident.
    pub accident: f64,
    /// Part of a stream's messages that a network carries to be at home there, unless SPF tells.
    pub home_share: f64,
    /// Part of a reporter's messages that come from networks only it sees, to be those of its gateway.
    pub gateway_share: f64,
    /// Messages of a reporter below which no gateway is seen.
    pub gateway_messages: u64,
    /// Weeks from first to last for a sender that authenticates as somebody else.
    pub foreign_span: u64,
    /// Weeks in which a known provider sends to be more than one mailing.
    pub provider_weeks: u64,
    /// Weeks in which a host that authenticates as nobody sends.
    pub bare_weeks: u64,
    /// Part of the weeks from its first to its last in which it does.
    pub bare_presence: f64,
    /// Reporters that see a sender.
    pub reporters: u64,
    /// Hosts in the network of a sender that authenticates as nobody.
    pub bare_hosts: u64,
    /// Days without a message after which a term of the SPF record, or a key, counts as not seen in use.
    pub unseen_days: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            accident: 0.25,
            home_share: 0.2,
            gateway_share: 0.6,
            gateway_messages: 10,
            foreign_span: 4,
            provider_weeks: 2,
            bare_weeks: 7,
            bare_presence: 0.6,
            reporters: 2,
            bare_hosts: 4,
            unseen_days: 28,
        }
    }
}
