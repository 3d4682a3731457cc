//! The laws that hold for any input. A fuzz target calls one of them, and so does a test that runs
//! on stable Rust and replays what the fuzzers found.

#![forbid(unsafe_code)]

pub mod differential;
pub mod dkim;
pub mod dmarc;
pub mod dns;
pub mod failure;
pub mod mail;
pub mod message;
pub mod reports;
pub mod spf;
pub mod spf_evaluation;
pub mod spf_policy;
pub mod streams;
pub mod transport;
pub mod tree_walk;
pub mod worst;
pub mod zone_model;
