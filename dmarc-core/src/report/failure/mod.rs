//! Reports on single messages that failed: RFC 5965, RFC 6591, RFC 9991, and what is really sent.
//!
//! A failure report is a mail of three parts: words for people, fields, and the message that failed or its
//! header. Some senders leave the fields out and write them as prose. Every value keeps what the reporter
//! wrote; a word that is not understood is `Unknown`. Nothing of it is verified (RFC 5965, 3).
//!
//! What `Identity-Alignment` lists was turned round by RFC 9991: see [`IdentityAlignment`]. Left out: whether
//! the report itself was sent by whom it says, which is the business of whoever received it.

mod alignment;
mod fields;
mod model;
mod parts;
mod privacy;
mod prose;
mod read;
pub mod rules;
mod sample;
mod values;
mod view;
mod words;
mod write;

pub use alignment::{IdentityAlignment, Standard};
pub use model::{FailureReport, Other, Sample};
pub(crate) use parts::Parts;
pub use privacy::Privacy;
pub(crate) use read::of;
pub use read::{Read, read};
pub use view::{FailureView, OtherView};
pub use words::{AlignedMethod, AuthFailure, DeliveryResult, FeedbackType, SampleKind};
pub use write::{Draft, DraftDkim, DraftPrivacy, DraftSample, DraftSpf};
