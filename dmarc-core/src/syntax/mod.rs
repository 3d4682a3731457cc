//! Grammar that several kinds of record share.

pub(crate) mod mail;
pub mod repair;
pub mod strings;
pub mod tag_list;
pub mod uri;
