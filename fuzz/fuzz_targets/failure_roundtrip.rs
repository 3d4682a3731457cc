//! Law: whatever the draft, a failure report that can be written is read as it was meant.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::failure::failure_roundtrip(octets);
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
