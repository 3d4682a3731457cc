//! Law: what a report says decides its key, and neither its encoding, packing, blanks nor prefixes do.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::reports::same_key(octets);
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
