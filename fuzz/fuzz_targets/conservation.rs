//! Law: whatever the octets, messages in are messages out and messages refused.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::reports::conservation(octets);
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
