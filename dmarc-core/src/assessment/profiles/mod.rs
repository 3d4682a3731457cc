//! Profiles: guidance documents turned into functions over the facts of a domain.

pub(super) mod ubv;
mod ubv_transport;
