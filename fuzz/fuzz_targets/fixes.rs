//! Law: applying fixes until none is left ends, and each mends what it says.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if octets.len() < 600 {
        dmarc_fuzz::dmarc::fixes(octets);
    }
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
