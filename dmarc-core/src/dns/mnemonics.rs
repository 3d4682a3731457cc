//! Mnemonics of record types that zones hold and mail authentication never asks for.
//!
//! Records of these types only make their name exist; a mnemonic that is not listed is a finding.

use super::records::RecordType;

/// What a mnemonic in a zone file or snapshot stands for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mnemonic {
    /// A type whose data is read.
    Known(RecordType),
    /// `DNAME`, which redirects a whole subtree (RFC 6672).
    Dname,
    /// A type whose records only make their name exist.
    Other,
    /// As [`Mnemonic::Other`], and may stand beside a CNAME record (RFC 4034, 2 to 4).
    BesideAlias,
}

/// Reads a mnemonic, or `TYPE` and a number (RFC 3597, 5).
pub(crate) fn read(text: &str) -> Option<Mnemonic> {
    if let Ok(record_type) = text.parse() {
        return Some(Mnemonic::Known(record_type));
    }
    if text.eq_ignore_ascii_case("DNAME") {
        return Some(Mnemonic::Dname);
    }
    if let Some(digits) = text.get(..4).filter(|front| front.eq_ignore_ascii_case("TYPE")).and(text.get(4..))
    {
        let code: u16 = super::quoting::number(digits.as_bytes())?;
        return Some(match RecordType::from_code(code) {
            Some(record_type) => Mnemonic::Known(record_type),
            None if code == DNAME => Mnemonic::Dname,
            None => Mnemonic::Other,
        });
    }
    if BESIDE_ALIAS.iter().any(|known| known.eq_ignore_ascii_case(text)) {
        return Some(Mnemonic::BesideAlias);
    }
    OTHER.iter().any(|known| known.eq_ignore_ascii_case(text)).then_some(Mnemonic::Other)
}

/// Types of DNSSEC, old and new, that may stand beside a CNAME record.
const BESIDE_ALIAS: &[&str] = &["KEY", "NSEC", "NXT", "RRSIG", "SIG"];

/// Number of the type `DNAME`.
const DNAME: u16 = 39;

/// The registry of record types as of 2025, without those that are read and those that only occur
/// in queries.
const OTHER: &[&str] = &[
    "AFSDB",
    "AMTRELAY",
    "APL",
    "ATMA",
    "AVC",
    "CAA",
    "CDNSKEY",
    "CDS",
    "CERT",
    "CSYNC",
    "DHCID",
    "DLV",
    "DNSKEY",
    "DOA",
    "DS",
    "DSYNC",
    "EID",
    "EUI48",
    "EUI64",
    "GID",
    "GPOS",
    "HHIT",
    "HINFO",
    "HIP",
    "HTTPS",
    "IPN",
    "IPSECKEY",
    "ISDN",
    "KX",
    "L32",
    "L64",
    "LOC",
    "LP",
    "MB",
    "MD",
    "MF",
    "MG",
    "MINFO",
    "MR",
    "NAPTR",
    "NID",
    "NIMLOC",
    "NINFO",
    "NSAP",
    "NSAP-PTR",
    "NSEC3",
    "NSEC3PARAM",
    "NULL",
    "NXNAME",
    "OPENPGPKEY",
    "PX",
    "RESINFO",
    "RKEY",
    "RP",
    "RT",
    "SINK",
    "SMIMEA",
    "SPF",
    "SRV",
    "SSHFP",
    "SVCB",
    "TA",
    "TALINK",
    "UID",
    "UINFO",
    "UNSPEC",
    "URI",
    "WALLET",
    "WKS",
    "X25",
    "ZONEMD",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_mean_the_same() {
        assert_eq!(read("txt"), Some(Mnemonic::Known(RecordType::Txt)));
        assert_eq!(read("TYPE16"), Some(Mnemonic::Known(RecordType::Txt)));
        assert_eq!(read("type39"), Some(Mnemonic::Dname));
        assert_eq!(read("TYPE65280"), Some(Mnemonic::Other));
        assert_eq!(read("caa"), Some(Mnemonic::Other));
        assert_eq!(read("RRSIG"), Some(Mnemonic::BesideAlias));
        for unknown in ["TYPE", "TYPE65536", "TYPE+1", "TXTT", "", "ÄÖÜÄ"] {
            assert_eq!(read(unknown), None, "{unknown}");
        }
    }
}
