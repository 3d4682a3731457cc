//! Law: whatever the octets, TLSA records and certificates read, print and match as promised.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| dmarc_fuzz::transport::tlsa(octets));

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
