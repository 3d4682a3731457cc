//! Records that protect mail in transport: MTA-STS (RFC 8461) and TLS reports (RFC 8460).
//!
//! Both are one version and fields behind it, with one grammar; unlike the lists of DKIM and DMARC,
//! it allows no blank around `=`.

mod field_list;
pub mod mta_sts;
pub mod tls_rpt;

pub use field_list::Field;
