//! Words that the standards define for keys and signatures.

use std::fmt;

/// A value that a standard names; others stay as they were written.
pub trait Name: Sized {
    /// The value that a text names, whatever its case.
    fn named(text: &str) -> Self;
    /// As the standard writes it, or as it was written if no standard names it.
    fn as_str(&self) -> &str;
    /// Whether no standard names it.
    fn is_unknown(&self) -> bool;
}

macro_rules! names {
    ($(#[doc = $doc:literal])+ $type:ident { $($(#[doc = $row:literal])+ $variant:ident = $text:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Eq, PartialEq, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[doc = $row])+ $variant,)+
            /// Any other text.
            Unknown(String),
        }

        impl Name for $type {
            fn named(text: &str) -> Self {
                match text {
                    $(_ if text.eq_ignore_ascii_case($text) => Self::$variant,)+
                    _ => Self::Unknown(text.to_owned()),
                }
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)+
                    Self::Unknown(text) => text,
                }
            }

            fn is_unknown(&self) -> bool {
                matches!(self, Self::Unknown(_))
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

names! {
    /// The `k` tag.
    KeyType {
        /// RSA (RFC 6376, 3.3).
        Rsa = "rsa",
        /// Ed25519 (RFC 8463).
        Ed25519 = "ed25519",
    }
}
names! {
    /// One element of the `h` tag.
    Hash {
        /// SHA-1, which verifiers must not use any more (RFC 8301, 3.1).
        Sha1 = "sha1",
        /// SHA-256.
        Sha256 = "sha256",
    }
}
names! {
    /// One element of the `s` tag.
    Service {
        /// Every service.
        Any = "*",
        /// Mail.
        Email = "email",
        /// TLS reports (RFC 8460, 3).
        TlsReports = "tlsrpt",
    }
}
names! {
    /// One element of the `t` tag.
    Flag {
        /// The domain is testing DKIM.
        Testing = "y",
        /// The domain of `i` in a signature must be that of `d`, not one below it.
        Strict = "s",
    }
}

names! {
    /// The `a` tag of a signature.
    Algorithm {
        /// RSA with SHA-1, which nobody may use any more (RFC 8301, 3.1).
        RsaSha1 = "rsa-sha1",
        /// RSA with SHA-256.
        RsaSha256 = "rsa-sha256",
        /// Ed25519 with SHA-256 (RFC 8463).
        Ed25519Sha256 = "ed25519-sha256",
    }
}
names! {
    /// One half of the `c` tag of a signature.
    Canonicalization {
        /// Nothing may change on the way.
        Simple = "simple",
        /// Blanks may change on the way.
        Relaxed = "relaxed",
    }
}
