//! TLSA records against certificates whose digests OpenSSL computed.

#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the fence is around the library; tests read files and print"
)]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use dmarc_core::time::UnixTime;
use dmarc_core::transport::certificate::Certificate;
use dmarc_core::transport::tlsa::{Association, Match, Record};

/// An authority made for this test.
const AUTHORITY: &str = "MIIBejCCAR+gAwIBAgIUOJtqOBNhJ2BGDUqLA0ylcxj1bN0wCgYIKoZIzj0EAwIwEjEQMA4GA1UEAwwHVGVzdCBDQTAeFw0yNjExMjIwNTE0MzBaFw0zNjExMTkwNTE0MzBaMBIxEDAOBgNVBAMMB1Rlc3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQYBQgGbf9a+eNfCclTbMOF9/BkNvQ7JRdjgGW9hFvtv4o/n2eD4pu1fWV5t8BaJyDY1hCyQmba6XlKTtdJsyl+o1MwUTAdBgNVHQ4EFgQUzPGfy/WYJ07iHiVraFG8ws8aNE0wHwYDVR0jBBgwFoAUzPGfy/WYJ07iHiVraFG8ws8aNE0wDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAgL2JeCvPXsf2NsWemmHHDKm/YyO+BbTiJZ4Yo40y6CACIQCNfi2cZHNOC9hkyeZ/lpJbDmIgFLU7JVdxIMkMjeFRow==";
/// A certificate that it issued for mx.example.com and *.mail.example.com.
const HOST: &str = "MIIBnjCCAUSgAwIBAgIUYN5jLtsBRd8YXkMKgWzpZBP6vzQwCgYIKoZIzj0EAwIwEjEQMA4GA1UEAwwHVGVzdCBDQTAeFw0yNjExMjIwNTE0MzBaFw0zNjExMTkwNTE0MzBaMBkxFzAVBgNVBAMMDm14LmV4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEm5usdKz43+vECSHR1CVGM59n/PxXNDmACToodS5nUpYoK8phULkIXU9fX9a2/YqkuFCFLJZAYti0VaBdVbiNRqNxMG8wLQYDVR0RBCYwJIIObXguZXhhbXBsZS5jb22CEioubWFpbC5leGFtcGxlLmNvbTAdBgNVHQ4EFgQU0qfDaS3ZXHXVW1KU1A9d22g70UwwHwYDVR0jBBgwFoAUzPGfy/WYJ07iHiVraFG8ws8aNE0wCgYIKoZIzj0EAwIDSAAwRQIgKfcP6hbZima/4BtoUsr6s+M+tslzBfTkQfgos3+ijVACIQCApcFS/gHKMhjB0Q/J6aBbIggiBGakKDeJnit5NK5rhw==";
/// A certificate without alternative names, for the same key.
const SELF_ISSUED: &str = "MIIBqjCCAVGgAwIBAgIUK/g4d+x13qQBQzqM9zeynjv4pDYwCgYIKoZIzj0EAwIwKzEQMA4GA1UECgwHRXhhbXBsZTEXMBUGA1UEAwwObXguZXhhbXBsZS5jb20wHhcNMjYxMTIyMDUxNDMwWhcNMzYxMTE5MDUxNDMwWjArMRAwDgYDVQQKDAdFeGFtcGxlMRcwFQYDVQQDDA5teC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJubrHSs+N/rxAkh0dQlRjOfZ/z8VzQ5gAk6KHUuZ1KWKCvKYVC5CF1PX1/Wtv2KpLhQhSyWQGLYtFWgXVW4jUajUzBRMB0GA1UdDgQWBBTSp8NpLdlcddVbUpTUD13baDvRTDAfBgNVHSMEGDAWgBTSp8NpLdlcddVbUpTUD13baDvRTDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCIFqsPyoXIDRFG6o4EAnBH2XLPgtw4kS6JvquCYnZA97fAiAd7WPaCDz3bpiepjZN7JLj32Zw5GMCiixz8GxiA2flUQ==";
/// SHA-256 of the certificate of the host: `openssl x509 -outform DER | sha256sum`.
const HOST_CERTIFICATE: &str = "196430e3c087a47d005a54651a25fe92a451ef3266a520c18bffe6498f51ed36";
/// SHA-256 of its key: `openssl x509 -pubkey | openssl pkey -pubin -outform DER | sha256sum`.
const HOST_KEY: &str = "03e6c0811f70eb40b038826db8d959160fc4afe116a8d9e021723d6a11e86e64";
/// SHA-512 of its key.
const HOST_KEY_512: &str = "79c57d6748c599bd12f998d296d57554238e439a3453d70b4c4b2cd957359a27dd7d3fed07b5aa4b17a5c17e8bb0bbbc3b28c6480c24dc39e6028e09e8906d48";
/// SHA-256 of the certificate of the authority.
const AUTHORITY_CERTIFICATE: &str = "60acc88dba8cd2018cc27efb6daa790e85b51245329a1c9fcbe60031238522a2";

fn certificate(base64: &str) -> Certificate {
    Certificate::from_der(&BASE64.decode(base64).unwrap()).unwrap()
}

fn chain() -> [Certificate; 2] {
    [certificate(HOST), certificate(AUTHORITY)]
}

fn record(text: &str) -> Association {
    Record::parse(text).value.unwrap().association().unwrap().clone()
}

#[test]
fn digests_are_those_of_openssl() {
    for (text, found) in [
        (format!("3 1 1 {HOST_KEY}"), Match::Certificate(0)),
        (format!("3 0 1 {HOST_CERTIFICATE}"), Match::Certificate(0)),
        (format!("3 1 2 {HOST_KEY_512}"), Match::Certificate(0)),
        (format!("2 0 1 {AUTHORITY_CERTIFICATE}"), Match::Certificate(1)),
        // Usage 3 looks at the host alone, usage 2 at what stands above it.
        (format!("3 0 1 {AUTHORITY_CERTIFICATE}"), Match::None),
        (format!("2 1 1 {HOST_KEY}"), Match::None),
        (format!("1 1 1 {HOST_KEY}"), Match::Unusable),
        (format!("3 1 2 {HOST_KEY}"), Match::Unusable),
    ] {
        assert_eq!(record(&text).compare(&chain()), found, "{text}");
    }
}

#[test]
fn whole_certificates_and_keys_match() {
    let [host, authority] = chain();
    for (usage, selector, data, found) in [
        (3, 0, host.der(), Match::Certificate(0)),
        (3, 1, host.public_key(), Match::Certificate(0)),
        (2, 0, authority.der(), Match::Certificate(1)),
        (2, 1, authority.public_key(), Match::Certificate(1)),
        (3, 0, authority.der(), Match::None),
    ] {
        let record = Association { usage, selector, matching: 0, data: data.to_vec() };
        assert!(record.is_usable());
        assert_eq!(record.compare(&chain()), found, "{usage} {selector}");
    }
}

#[test]
fn a_record_is_written_for_a_certificate() {
    let shape = record(&format!("3 1 1 {}", "00".repeat(32)));
    assert_eq!(shape.with_certificate(&chain()[0]).to_presentation(), format!("3 1 1 {HOST_KEY}"));
}

#[test]
fn names_and_times_are_read() {
    let [host, authority] = chain();
    assert_eq!(host.names(), ["mx.example.com", "*.mail.example.com"]);
    assert_eq!(host.valid_from(), Some(UnixTime(1_795_324_470)));
    assert_eq!(host.valid_until(), Some(UnixTime(2_110_684_470)));
    assert_eq!(authority.names(), ["Test CA"]);
    assert!(authority.dns_names().is_empty());
    assert_eq!(certificate(SELF_ISSUED).names(), ["mx.example.com"]);
}

#[test]
fn octets_that_are_no_certificate_are_refused() {
    let der = BASE64.decode(HOST).unwrap();
    for end in 0..der.len() {
        assert!(Certificate::from_der(&der[..end]).is_err(), "cut at {end}");
    }
    let mut longer = der.clone();
    longer.push(0);
    assert!(Certificate::from_der(&longer).is_err());
    // Any octet changed: an error or a certificate, never a panic.
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 0xff;
        let _ = Certificate::from_der(&changed);
    }
}
