//! Law: whatever the octets, a DKIM key and a signature read and are mended as promised.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::dkim::key(octets);
    dmarc_fuzz::dkim::signature(octets);
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
