//! Law: whatever the octets, a DMARC policy record reads, prints and shows as promised.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::dmarc::record(octets);
    if octets.len() < 600 {
        dmarc_fuzz::dmarc::shown(octets);
    }
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
