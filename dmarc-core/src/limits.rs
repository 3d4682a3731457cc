//! Limits: sizes, depths, counts and rounds, each with its reason.

use serde::{Deserialize, Serialize};

/// What one call may use. Every default can be changed by the caller.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Octets of a record text that are looked at. A TXT answer over TCP has at most 65,535.
    pub record_octets: usize,
    /// Tags of a record that are looked at; real records have under a dozen.
    pub tags: usize,
    /// Rounds of questions before what is open counts as not answered. The longest chain of a
    /// DMARC assessment is a tree walk of 8 (RFC 9989, 4.10) beside SPF's 10 lookups (RFC 7208, 4.6.4).
    pub rounds: u32,
    /// Questions of one evaluation. Keeps a hostile zone from spending its caller's resolver.
    pub questions: u32,
    /// Octets of one input as given. RFC 7489, 8 asks receivers to handle reports up to 10 MB.
    pub input_octets: u64,
    /// Octets of one input after unpacking, over all members.
    pub unpacked_octets: u64,
    /// Unpacked octets per packed octet, once over a mebibyte has been unpacked. Deflate's own ceiling is 1,032; real
    /// reports stay under 60, and generated ones whose records differ in nothing but their address reach 120.
    pub ratio: u64,
    /// The same once over 64 mebibytes have been unpacked, which take a quarter of a second to read.
    pub ratio_of_large: u64,
    /// Containers within containers.
    pub container_depth: u32,
    /// Entries of one archive.
    pub entries: u32,
    /// Mails of one mailbox, each of which may be as large as an input.
    pub mails: u32,
    /// Elements within elements of a report; the schema needs 6.
    pub element_depth: u32,
    /// Records of one report. A real record takes 300 octets at least, so that no report within
    /// `unpacked_octets` reaches it.
    pub records: u64,
    /// Elements, comments and the like of a document that belong to no report, beyond one in 64 octets of it. Real
    /// reports have one per record at most.
    pub foreign: u64,
    /// Octets of one text value in a report. Comments of a kilobyte are seen; names need 253.
    pub text_octets: usize,
    /// Source addresses of one input that are told apart; further ones are summed as one. A large
    /// organization sees some thousands a day, each costs half a kilobyte.
    pub sources: usize,
    /// Traces that are told apart, over all reports: records that look alike are one. Further ones are summed
    /// as one per policy domain. Each costs some 300 octets.
    pub traces: usize,
    /// Findings kept per report; further ones are counted only.
    pub findings: usize,
    /// Octets of a zone file or snapshot.
    pub zone_octets: usize,
    /// Records of a zone file.
    pub zone_records: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_octets: 65_535,
            tags: 200,
            rounds: 40,
            questions: 500,
            input_octets: 64 << 20,
            unpacked_octets: 512 << 20,
            ratio: 300,
            ratio_of_large: 64,
            container_depth: 4,
            entries: 10_000,
            mails: 1_000_000,
            element_depth: 64,
            records: 2_000_000,
            foreign: 65_536,
            text_octets: 64 << 10,
            sources: 50_000,
            traces: 250_000,
            findings: 1_000,
            zone_octets: 256 << 20,
            zone_records: 5_000_000,
        }
    }
}
