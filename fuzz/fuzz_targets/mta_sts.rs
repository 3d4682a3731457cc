//! Law: whatever the octets, MTA-STS records and policies and TLS-RPT records read as promised.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| dmarc_fuzz::transport::mta_sts(octets));

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
