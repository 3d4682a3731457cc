//! DKIM key records: the public key that a selector publishes (RFC 6376, 3.6; RFC 8301; RFC 8463).
//!
//! A key is really decoded: its size is that of the modulus, not a guess from the length of the text.
//! Whether a signature verifies is not asked here; a key says what a verifier can do with it.

mod key;
mod lint;
mod material;
mod paste;
mod reading;
pub mod rules;
mod view;

pub use key::{Flag, Hash, Key, KeyType, Name, Service, State, Tag};
pub use material::{PublicKey, RsaForm, RsaKey};
pub(crate) use view::views;
