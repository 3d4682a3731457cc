//! Law: whatever the octets, an SPF record reads, prints and is mended as promised.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::spf::record(octets);
    if octets.len() < 600 {
        dmarc_fuzz::spf::fixes(octets);
    }
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
