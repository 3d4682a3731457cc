//! What is said of records: DMARC and SPF.

/// What `record` says.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) line: fn(number: u64) -> String,
    pub(crate) dmarc: &'static str,
    pub(crate) spf: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) usable: &'static str,
    pub(crate) usable_with_findings: &'static str,
    pub(crate) acts_as_none: &'static str,
    pub(crate) unusable: &'static str,
    pub(crate) not_a_record: &'static str,
    pub(crate) not_dmarc: &'static str,
    pub(crate) not_spf: &'static str,
    pub(crate) dkim: &'static str,
    pub(crate) not_dkim: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) signature_usable: &'static str,
    pub(crate) signature_unusable: &'static str,
    pub(crate) not_signature: &'static str,
    pub(crate) mta_sts: &'static str,
    pub(crate) mta_sts_policy: &'static str,
    pub(crate) tls_rpt: &'static str,
    pub(crate) tlsa: &'static str,
    pub(crate) transport_usable: &'static str,
    pub(crate) transport_unusable: &'static str,
    pub(crate) dkim_usable: &'static str,
    pub(crate) dkim_unusable: &'static str,
    /// Type, bits, and what the flags say.
    pub(crate) dkim_key: fn(kind: &str, bits: u64, testing: bool, strict: bool) -> String,
    pub(crate) spf_usable: &'static str,
    pub(crate) spf_unusable: &'static str,
    pub(crate) tag: &'static str,
    pub(crate) published: &'static str,
    pub(crate) effective: &'static str,
    pub(crate) meaning: &'static str,
    pub(crate) meanings: Meanings,
    pub(crate) findings: &'static str,
    pub(crate) no_findings: &'static str,
    pub(crate) more_findings: fn(count: usize) -> String,
    pub(crate) count: fn(errors: usize, warnings: usize, notices: usize) -> String,
}

/// What each tag of a DMARC record comes to.
#[derive(Debug)]
pub(crate) struct Meanings {
    pub(crate) p: &'static str,
    pub(crate) sp: &'static str,
    pub(crate) np: &'static str,
    pub(crate) none: &'static str,
    pub(crate) quarantine: &'static str,
    pub(crate) reject: &'static str,
    pub(crate) adkim_r: &'static str,
    pub(crate) adkim_s: &'static str,
    pub(crate) aspf_r: &'static str,
    pub(crate) aspf_s: &'static str,
    pub(crate) rua: &'static str,
    pub(crate) no_rua: &'static str,
    pub(crate) ruf: &'static str,
    pub(crate) no_ruf: &'static str,
    pub(crate) fo: &'static str,
    pub(crate) t_y: &'static str,
    pub(crate) t_n: &'static str,
    pub(crate) psd_y: &'static str,
    pub(crate) psd_n: &'static str,
    pub(crate) psd_u: &'static str,
    pub(crate) pct: &'static str,
    pub(crate) ri: &'static str,
    pub(crate) rf: &'static str,
    pub(crate) unknown_here: &'static str,
}

impl Meanings {
    /// The tags in the order in which one reads them.
    pub(crate) const TAGS: [&'static str; 13] =
        ["p", "sp", "np", "t", "pct", "adkim", "aspf", "rua", "ruf", "fo", "psd", "ri", "rf"];

    /// What a value in effect comes to; `-` is a tag that the edition does not know, or an empty list.
    pub(crate) fn of(&self, tag: &str, value: &str) -> String {
        let about = match (tag, value) {
            ("p", _) => self.p,
            ("sp", _) => self.sp,
            ("np", "-") | ("t", "-") | ("pct", "-") | ("psd", "-") | ("ri", "-") | ("rf", "-") => {
                self.unknown_here
            }
            ("np", _) => self.np,
            ("adkim", "s") => self.adkim_s,
            ("adkim", _) => self.adkim_r,
            ("aspf", "s") => self.aspf_s,
            ("aspf", _) => self.aspf_r,
            ("rua", "-") => self.no_rua,
            ("rua", _) => self.rua,
            ("ruf", "-") => self.no_ruf,
            ("ruf", _) => self.ruf,
            ("fo", _) => self.fo,
            ("t", "y") => self.t_y,
            ("t", _) => self.t_n,
            ("psd", "y") => self.psd_y,
            ("psd", "n") => self.psd_n,
            ("psd", _) => self.psd_u,
            ("pct", _) => self.pct,
            ("ri", _) => self.ri,
            _ => self.rf,
        };
        match (tag, self.action(value)) {
            ("p" | "sp" | "np", Some(action)) => format!("{about}: {action}"),
            _ => about.to_owned(),
        }
    }

    /// What receivers are asked to do with mail that fails.
    pub(crate) fn action(&self, policy: &str) -> Option<&'static str> {
        match policy {
            "none" => Some(self.none),
            "quarantine" => Some(self.quarantine),
            "reject" => Some(self.reject),
            _ => None,
        }
    }
}

/// What `record` says of SPF records.
#[derive(Debug)]
pub(crate) struct Spf {
    pub(crate) term: &'static str,
    pub(crate) result: &'static str,
    pub(crate) who: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) softfail: &'static str,
    pub(crate) neutral: &'static str,
    pub(crate) all: &'static str,
    pub(crate) include: &'static str,
    pub(crate) a_here: &'static str,
    pub(crate) a_there: &'static str,
    pub(crate) mx_here: &'static str,
    pub(crate) mx_there: &'static str,
    pub(crate) ptr: &'static str,
    pub(crate) address: &'static str,
    pub(crate) exists: &'static str,
    pub(crate) redirect: &'static str,
    pub(crate) exp: &'static str,
    pub(crate) modifier: &'static str,
    pub(crate) invalid: &'static str,
    pub(crate) lookups: fn(count: u64) -> String,
}

impl Spf {
    /// Whom a mechanism is about, with or without a domain of its own.
    pub(crate) fn who_of(&self, mechanism: Option<&str>, elsewhere: bool) -> &'static str {
        match (mechanism, elsewhere) {
            (Some("all"), _) => self.all,
            (Some("include"), _) => self.include,
            (Some("a"), false) => self.a_here,
            (Some("a"), true) => self.a_there,
            (Some("mx"), false) => self.mx_here,
            (Some("mx"), true) => self.mx_there,
            (Some("ptr"), _) => self.ptr,
            (Some("ip4" | "ip6"), _) => self.address,
            (Some("exists"), _) => self.exists,
            _ => self.invalid,
        }
    }

    /// What a modifier says. One with the name of a mechanism, such as `include=`, is unknown all the same.
    pub(crate) fn modifier_of(&self, name: &str) -> &'static str {
        match name {
            "redirect" => self.redirect,
            "exp" => self.exp,
            _ => self.modifier,
        }
    }
}
