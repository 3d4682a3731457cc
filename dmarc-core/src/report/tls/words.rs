//! The words of RFC 8460.

use crate::report::aggregate::words;

words! {
    /// The kind of policy that the sender applied (RFC 8460, 4.4).
    PolicyType {
        /// DANE.
        Tlsa = "tlsa",
        /// MTA-STS.
        Sts = "sts",
        /// Neither.
        NoPolicyFound = "no-policy-found" | "no-policy",
    }
}

words! {
    /// Why a session failed (RFC 8460, 4.3; the registry may grow).
    ResultType {
        /// No STARTTLS was offered.
        StarttlsNotSupported = "starttls-not-supported",
        /// The certificate is for another host.
        CertificateHostMismatch = "certificate-host-mismatch",
        /// The certificate has expired.
        CertificateExpired = "certificate-expired",
        /// Nobody whom the sender trusts stands behind the certificate.
        CertificateNotTrusted = "certificate-not-trusted",
        /// Another failure.
        ValidationFailure = "validation-failure",
        /// TLSA records that cannot be used, or that match no certificate.
        TlsaInvalid = "tlsa-invalid",
        /// The DNS answers could not be validated.
        DnssecInvalid = "dnssec-invalid",
        /// The sender demands DANE, and there is none.
        DaneRequired = "dane-required",
        /// The policy could not be fetched.
        StsPolicyFetchError = "sts-policy-fetch-error",
        /// The policy could not be read.
        StsPolicyInvalid = "sts-policy-invalid",
        /// The certificate of the host that serves the policy is not valid.
        StsWebpkiInvalid = "sts-webpki-invalid",
    }
}
