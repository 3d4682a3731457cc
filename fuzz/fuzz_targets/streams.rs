//! Law: from reports to streams, readiness and rehearsal no message is lost or made, and states can be saved and added.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    dmarc_fuzz::streams::streams(octets);
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
