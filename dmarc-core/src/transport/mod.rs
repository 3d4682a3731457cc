//! Records that protect mail in transport: MX (RFC 5321, 5.1; RFC 7505), TLSA (RFC 7672), MTA-STS
//! (RFC 8461) and TLS reports (RFC 8460).
//!
//! The records of MTA-STS and TLS reports are one version and fields behind it, with one grammar; unlike
//! the lists of DKIM and DMARC, it allows no blank around `=`.

pub mod certificate;
mod field_list;
pub mod mta_sts;
pub mod mta_sts_policy;
pub mod mx;
pub mod tls_rpt;
pub mod tlsa;

pub use field_list::Field;
