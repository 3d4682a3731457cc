//! Law: whatever the octets, each packing is walked through, and a document says the same in each.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::reports::packing(octets);
    dmarc_fuzz::reports::container(octets);
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
