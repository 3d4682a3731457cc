//! DMARC: the policy record, its discovery, and what a receiver acts on.

pub mod edition;

pub use edition::Edition;
