//! `Authentication-Results` (RFC 8601): what a receiver says that it checked, and whom to believe.
//!
//! [`AuthenticationResults`] is one field, [`Evidence`] what all fields of a message prove. Left out: the fields
//! of other names that some receivers write, and the seals of ARC.

mod evidence;
mod field;
mod registry;
mod result;
pub mod rules;
mod write;

pub use evidence::{Chosen, DmarcStatement, Evidence, FIELDS_READ, Statement};
pub use field::{AuthenticationResults, MethodResult, Property, RESULTS};
pub use result::{AuthResult, UnknownResult};
pub use write::of_dmarc;
