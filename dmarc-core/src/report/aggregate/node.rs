//! The elements of both schemas, by place: which element may hold which.

macro_rules! nodes {
    ($($node:ident $name:literal $kind:ident { $($child:ident)* })+) => {
        /// A place in the schema.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub(super) enum Node {
            $(#[doc = $name] $node,)+
            /// An element that the schema does not have here, or one that is not looked at.
            Unknown,
        }

        impl Node {
            /// Its local name; none for an unknown one.
            pub(super) const fn name(self) -> &'static str {
                match self {
                    $(Self::$node => $name,)+
                    Self::Unknown => "",
                }
            }

            /// The element of that local name within this one.
            pub(super) fn child(self, local: &str) -> Option<Self> {
                match self {
                    $(Self::$node => match local {
                        $(name if name == Self::$child.name() => Some(Self::$child),)*
                        _ => None,
                    },)+
                    Self::Unknown => None,
                }
            }

            /// The element of this one that a text begins with, as the schema writes it and without
            /// attributes.
            pub(super) fn opened_by(self, text: &[u8]) -> Option<Self> {
                match self {
                    $(Self::$node => {
                        $(if text.starts_with(Self::$child.tag()) {
                            return Some(Self::$child);
                        })*
                        None
                    })+
                    Self::Unknown => None,
                }
            }

            /// Whether a text begins with its end tag, as the schema writes it.
            pub(super) fn closed_by(self, text: &[u8]) -> bool {
                match self {
                    $(Self::$node => text.starts_with(concat!("</", $name, ">").as_bytes()),)+
                    Self::Unknown => false,
                }
            }

            const fn tag(self) -> &'static [u8] {
                match self {
                    $(Self::$node => concat!("<", $name, ">").as_bytes(),)+
                    Self::Unknown => b"",
                }
            }

            /// Whether it holds a text and nothing else.
            pub(super) const fn is_text(self) -> bool {
                match self {
                    $(Self::$node => nodes!(@ $kind),)+
                    Self::Unknown => false,
                }
            }
        }
    };
    (@ text) => { true };
    (@ node) => { false };
}

// Ordered as they come in real reports: the first match is the usual one.
nodes! {
    Feedback "feedback" node { Record Metadata Policy Version Extension }
    Version "version" text {}
    Metadata "report_metadata" node { OrgName Email ExtraContactInfo ReportId DateRange Error Generator }
    OrgName "org_name" text {}
    Email "email" text {}
    ExtraContactInfo "extra_contact_info" text {}
    ReportId "report_id" text {}
    DateRange "date_range" node { Begin End }
    Begin "begin" text {}
    End "end" text {}
    Error "error" text {}
    Generator "generator" text {}
    Policy "policy_published" node { PolicyDomain Adkim Aspf P Sp Np Pct Fo Testing Discovery }
    PolicyDomain "domain" text {}
    P "p" text {}
    Sp "sp" text {}
    Np "np" text {}
    Adkim "adkim" text {}
    Aspf "aspf" text {}
    Pct "pct" text {}
    Fo "fo" text {}
    Testing "testing" text {}
    Discovery "discovery_method" text {}
    Extension "extension" node {}
    Record "record" node { Row Identifiers AuthResults }
    Row "row" node { SourceIp Count Evaluated }
    SourceIp "source_ip" text {}
    Count "count" text {}
    Evaluated "policy_evaluated" node { Disposition EvaluatedDkim EvaluatedSpf Reason }
    Disposition "disposition" text {}
    EvaluatedDkim "dkim" text {}
    EvaluatedSpf "spf" text {}
    Reason "reason" node { ReasonType ReasonComment }
    ReasonType "type" text {}
    ReasonComment "comment" text {}
    Identifiers "identifiers" node { HeaderFrom EnvelopeFrom EnvelopeTo }
    HeaderFrom "header_from" text {}
    EnvelopeFrom "envelope_from" text {}
    EnvelopeTo "envelope_to" text {}
    AuthResults "auth_results" node { Dkim Spf }
    Dkim "dkim" node { DkimDomain DkimSelector DkimResult DkimHuman }
    DkimDomain "domain" text {}
    DkimSelector "selector" text {}
    DkimResult "result" text {}
    DkimHuman "human_result" text {}
    Spf "spf" node { SpfDomain SpfScope SpfResult SpfHuman }
    SpfDomain "domain" text {}
    SpfScope "scope" text {}
    SpfResult "result" text {}
    SpfHuman "human_result" text {}
}

/// How an element name was recognized.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Named {
    /// As the schema writes it.
    Exactly(Node),
    /// In another case, or by another name that some reporters use.
    Otherwise(Node),
    /// Not at all.
    Not,
}

impl Node {
    /// The element of a local name within this one, however it is spelled.
    pub(super) fn find(self, local: &str) -> Named {
        if let Some(node) = self.child(local) {
            return Named::Exactly(node);
        }
        let lower = local.to_ascii_lowercase();
        // Seen at unipi.it, petesrs.com and passco.net.
        let meant = if lower == "identities" { "identifiers" } else { &lower };
        self.child(meant).map_or(Named::Not, Named::Otherwise)
    }

    /// A bit of its own; in one element, those of later places are higher. An unknown one has none.
    pub(super) const fn bit(self) -> u64 {
        match self {
            Self::Unknown => 0,
            node => 1 << node as u32,
        }
    }

    /// Whether both schemas have what it holds in one order.
    pub(super) const fn is_sequence(self) -> bool {
        matches!(self, Self::Feedback | Self::Record | Self::Evaluated | Self::AuthResults)
    }

    /// Whether a second one is read as well, as if it went on with the first.
    pub(super) const fn is_merged(self) -> bool {
        matches!(self, Self::Row | Self::DateRange | Self::AuthResults | Self::Extension)
    }

    /// Whether it belongs to RFC 9990 alone.
    pub(super) const fn is_rfc9990(self) -> bool {
        matches!(self, Self::Testing | Self::Discovery | Self::Generator | Self::Extension)
    }
}
