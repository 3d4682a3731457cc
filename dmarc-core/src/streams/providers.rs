//! Large senders for others, by the names that they sign with and send from: public facts, a hint and no proof.
//!
//! A name in this table says who delivers mail, not that the mail is wanted: anybody can be a customer. It says
//! what a customer can set up, and that a name is no throwaway. Each row is what the firm's own setup pages ask
//! its customers to publish, or what it signs everybody's mail with.

use super::key::within;

/// What a firm sends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Kind {
    /// Mailboxes.
    Office,
    /// Mail on behalf of others.
    Sender,
    /// Filters the mail of its receiving customers and hands it on.
    Gateway,
}

/// A firm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Provider {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Domains of signatures, bounces and SPF records; what is below counts too.
    pub(super) domains: &'static [&'static str],
}

const fn provider(name: &'static str, kind: Kind, domains: &'static [&'static str]) -> Provider {
    Provider { name, kind, domains }
}

const PROVIDERS: &[Provider] = &[
    provider("Microsoft 365", Kind::Office, &["onmicrosoft.com", "outlook.com", "protection.outlook.com"]),
    provider("Google Workspace", Kind::Office, &["gappssmtp.com", "google.com"]),
    provider("Zoho", Kind::Office, &["zoho.com", "zoho.eu", "zohomail.com"]),
    provider("Amazon SES", Kind::Sender, &["amazonses.com"]),
    provider("Twilio SendGrid", Kind::Sender, &["sendgrid.net", "sendgrid.info"]),
    provider(
        "Mailchimp",
        Kind::Sender,
        &["mailchimpapp.net", "mcsv.net", "rsgsv.net", "mcdlv.net", "mandrillapp.com"],
    ),
    provider("Mailgun", Kind::Sender, &["mailgun.org", "mailgun.net"]),
    provider("Mailjet", Kind::Sender, &["mailjet.com"]),
    provider("Postmark", Kind::Sender, &["mtasv.net", "postmarkapp.com"]),
    provider("SparkPost", Kind::Sender, &["sparkpostmail.com", "sparkpostmail1.com"]),
    provider("Brevo", Kind::Sender, &["sendinblue.com", "brevo.com", "sender-sib.com"]),
    provider("MailerLite", Kind::Sender, &["mlsend.com", "mailerlite.com"]),
    provider("Campaign Monitor", Kind::Sender, &["createsend.com", "cmail19.com", "cmail20.com"]),
    provider("Constant Contact", Kind::Sender, &["ccsend.com", "constantcontact.com"]),
    provider("Klaviyo", Kind::Sender, &["klaviyomail.com"]),
    provider("HubSpot", Kind::Sender, &["hubspotemail.net", "hubspot.com"]),
    provider("Salesforce", Kind::Sender, &["salesforce.com", "exacttarget.com"]),
    provider("Zendesk", Kind::Sender, &["zendesk.com"]),
    provider("Freshworks", Kind::Sender, &["freshdesk.com", "freshemail.io"]),
    provider("Intercom", Kind::Sender, &["intercom-mail.com"]),
    provider("Flowmailer", Kind::Sender, &["flowmailer.net"]),
    provider("Mimecast", Kind::Gateway, &["mimecast.com"]),
    provider("Proofpoint", Kind::Gateway, &["pphosted.com", "ppe-hosted.com"]),
    provider("Cisco Secure Email", Kind::Gateway, &["iphmx.com"]),
    provider("Barracuda", Kind::Gateway, &["barracudanetworks.com"]),
];

/// The firm that a name belongs to.
pub(super) fn find(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.domains.iter().any(|domain| within(name, domain)))
}
