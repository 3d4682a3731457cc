//! Law: what an analysis says about every client at once holds for each of them, and it ends.

#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
    if octets.len() < 400 {
        dmarc_fuzz::spf_policy::agrees(octets);
        dmarc_fuzz::spf_policy::equal_rewrites_are_equal(octets);
        dmarc_fuzz::spf_policy::ends(octets);
    }
});

/// Built by stable tests along with everything else.
#[cfg(not(fuzzing))]
fn main() {}
