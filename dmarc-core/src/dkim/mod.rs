//! DKIM: the public key that a selector publishes, and the tags of a signature (RFC 6376; RFC 8301;
//! RFC 8463).
//!
//! A key is really decoded: its size is that of the modulus, not a guess from the length of the text.
//! Whether a signature verifies is not asked here; a key says what a verifier can do with it.

mod key;
mod lint;
mod material;
mod paste;
mod reading;
pub mod rules;
mod selector;
mod signature;
mod signature_reading;
pub mod signature_rules;
mod tags;
mod view;
mod words;

pub use key::{Key, State};
pub use material::{PublicKey, RsaForm, RsaKey};
pub use selector::{Keys, Presence, SelectorCheck, Selectors, key_name};
pub use signature::{Signature, SignatureView, Standing};
pub use tags::Tag;
pub(crate) use view::{tags_as_written, views};
pub use words::{Algorithm, Canonicalization, Flag, Hash, KeyType, Name, Service};
