//! Who sends for the organization, set up well or badly.

use std::net::IpAddr;

use super::dice::Dice;
use super::dns::Dns;
use super::routes::spf_of;

/// A firm that sends for others.
pub(crate) struct Provider {
    /// What it signs with for everybody.
    pub(crate) domain: &'static str,
    pub(crate) selector: &'static str,
    /// What customers include.
    pub(crate) include: &'static str,
    /// Where its bounces go, unless the customer has a name for it.
    pub(crate) bounces: &'static str,
}

/// Office mail of everybody comes from one of these.
const OFFICE: [Provider; 3] = [
    Provider {
        domain: "tenant.onmicrosoft.com",
        selector: "selector1-tenant-onmicrosoft-com",
        include: "spf.protection.outlook.com",
        bounces: "",
    },
    Provider {
        domain: "tenant-example.20230601.gappssmtp.com",
        selector: "20230601",
        include: "_spf.google.com",
        bounces: "",
    },
    Provider {
        domain: "kantoorpost.example",
        selector: "k2026",
        include: "_spf.kantoorpost.example",
        bounces: "",
    },
];

const MASS: [Provider; 9] = [
    Provider {
        domain: "mailchimpapp.net",
        selector: "k2",
        include: "servers.mcsv.net",
        bounces: "mail42.atl11.rsgsv.net",
    },
    Provider {
        domain: "sendgrid.net",
        selector: "smtpapi",
        include: "sendgrid.net",
        bounces: "em.sendgrid.net",
    },
    Provider {
        domain: "amazonses.com",
        selector: "ug7nbtf4gccmlpwj322ax3p6ow6yfsug",
        include: "amazonses.com",
        bounces: "eu-west-1.amazonses.com",
    },
    Provider { domain: "mailgun.org", selector: "mx", include: "mailgun.org", bounces: "mg.mailgun.org" },
    Provider {
        domain: "zendesk.com",
        selector: "zendesk1",
        include: "mail.zendesk.com",
        bounces: "pod12.zendesk.com",
    },
    Provider {
        domain: "postduif.example",
        selector: "pd1",
        include: "_spf.postduif.example",
        bounces: "b.postduif.example",
    },
    Provider {
        domain: "salaris.example",
        selector: "2024",
        include: "_spf.salaris.example",
        bounces: "out.salaris.example",
    },
    Provider {
        domain: "afspraak.example",
        selector: "m",
        include: "_spf.afspraak.example",
        bounces: "mail.afspraak.example",
    },
    Provider {
        domain: "enquete.example",
        selector: "dk",
        include: "_spf.enquete.example",
        bounces: "rp.enquete.example",
    },
];

/// A DKIM signature that a sender puts on.
#[derive(Clone)]
pub(crate) struct Signature {
    pub(crate) domain: String,
    pub(crate) selector: String,
}

/// When a sender sends.
#[derive(Clone, Copy)]
pub(crate) enum Rhythm {
    Weekly,
    /// Once in four weeks, in this one.
    Monthly(u32),
}

/// What happens to a sender, once.
#[derive(Clone)]
pub(crate) enum Change {
    /// Its key goes out of the DNS.
    KeyRemoved,
    /// Its term goes out of the SPF record.
    TermRemoved,
    /// Its signatures get another selector.
    NewSelector,
    /// It signs for the organization from now on.
    SignsAtLast,
}

pub(crate) struct Sender {
    pub(crate) name: String,
    pub(crate) header_from: String,
    pub(crate) envelope: String,
    pub(crate) signatures: Vec<Signature>,
    pub(crate) addresses: Vec<IpAddr>,
    /// What stands in the SPF record for it.
    pub(crate) term: Option<String>,
    /// Messages of a week in which it sends.
    pub(crate) weekly: f64,
    pub(crate) rhythm: Rhythm,
    pub(crate) begins: u32,
    pub(crate) change: Option<(u32, Change)>,
    /// Whether the mail of its people is sent on and posted to lists.
    pub(crate) personal: bool,
    /// Whether it has ever passed.
    pub(crate) passed: bool,
}

impl Sender {
    pub(crate) fn sends(&self, week: u32) -> bool {
        week >= self.begins
            && match self.rhythm {
                Rhythm::Weekly => true,
                Rhythm::Monthly(of) => week % 4 == of,
            }
    }
}

/// Networks of the providers, which customers share.
pub(crate) struct Networks {
    office: Vec<u32>,
    mass: Vec<u32>,
}

impl Networks {
    pub(crate) fn publish(dice: &mut Dice, taken: &mut Vec<u32>, dns: &mut Dns) -> Self {
        let mut of = |providers: &[Provider]| -> Vec<u32> {
            providers
                .iter()
                .map(|provider| {
                    let network = dice.network(taken);
                    dns.publish(provider.include, spf_of(network));
                    if !provider.bounces.is_empty() && provider.bounces != provider.include {
                        dns.publish(provider.bounces, format!("v=spf1 include:{} ~all", provider.include));
                    }
                    dns.publish_key(provider.domain, provider.selector);
                    network
                })
                .collect()
        };
        Self { office: of(&OFFICE), mass: of(&MASS) }
    }

    /// Addresses of a firm that anybody can be a customer of, and what it signs with.
    pub(crate) fn customer(&self, dice: &mut Dice) -> (IpAddr, &'static Provider) {
        let at = dice.index(MASS.len());
        (dice.addresses(self.mass[at], 1)[0], &MASS[at])
    }
}

/// How a sender authenticates.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Setting {
    Both,
    DkimOnly,
    SpfOnly,
    /// The provider's own names pass, the organization's do not.
    Foreign,
    /// Nothing passes.
    Nothing,
}

/// The senders of an organization: its office mail first.
pub(crate) fn senders(
    dice: &mut Dice,
    taken: &mut Vec<u32>,
    dns: &mut Dns,
    networks: &Networks,
    domain: &str,
    weeks: u32,
) -> Vec<Sender> {
    let at = dice.index(OFFICE.len());
    let office = &OFFICE[at];
    let selector = format!("sel{}", dice.between(1..=9));
    let count = dice.between(3..=14);
    let mut senders = vec![Sender {
        name: "office".to_owned(),
        header_from: domain.to_owned(),
        envelope: domain.to_owned(),
        signatures: vec![signature(domain, &selector), signature(office.domain, office.selector)],
        addresses: dice.addresses(networks.office[at], count),
        term: Some(format!("include:{}", office.include)),
        weekly: dice.scale(300.0, 20_000.0),
        rhythm: Rhythm::Weekly,
        begins: 0,
        change: dice.chance(0.3).then(|| (middle(dice, weeks), Change::NewSelector)),
        personal: true,
        passed: false,
    }];
    let settings = [
        (Setting::Both, 3.0),
        (Setting::DkimOnly, 3.0),
        (Setting::SpfOnly, 2.0),
        (Setting::Foreign, 3.0),
        (Setting::Nothing, 1.5),
    ];
    let more = dice.between(2..=9);
    for number in 0..more {
        let mut chosen = Setting::Both;
        let weights: Vec<f64> = settings.iter().map(|(_, weight)| *weight).collect();
        for (setting, drawn) in settings.iter().zip(dice.divide(1, &weights)) {
            if drawn == 1 {
                chosen = setting.0;
            }
        }
        senders.push(sender(dice, taken, networks, domain, weeks, number, chosen));
    }
    for sender in &senders {
        for signature in &sender.signatures {
            dns.publish_key(&signature.domain, &signature.selector);
        }
    }
    senders
}

fn sender(
    dice: &mut Dice,
    taken: &mut Vec<u32>,
    networks: &Networks,
    domain: &str,
    weeks: u32,
    number: u64,
    setting: Setting,
) -> Sender {
    // Some senders are hosts of the organization itself, the others customers of a firm.
    let own = match setting {
        Setting::Nothing => true,
        Setting::SpfOnly => dice.chance(0.7),
        Setting::Foreign => false,
        _ => dice.chance(0.25),
    };
    let at = dice.index(MASS.len());
    let provider = &MASS[at];
    let network = if own { dice.network(taken) } else { networks.mass[at] };
    let count = if own { dice.between(1..=2) } else { dice.between(1..=8) };
    let addresses = dice.addresses(network, count);
    let sub = dice.chance(0.3);
    let author = if sub { format!("{}.{domain}", dice.word(6)) } else { domain.to_owned() };
    let by_spf = matches!(setting, Setting::Both | Setting::SpfOnly);
    let by_dkim = matches!(setting, Setting::Both | Setting::DkimOnly);
    let envelope = match setting {
        _ if by_spf && sub => author.clone(),
        _ if by_spf && own => domain.to_owned(),
        _ if by_spf => format!("bounce{number}.{domain}"),
        Setting::Nothing if dice.chance(0.7) => domain.to_owned(),
        Setting::Nothing => format!("host{number}.{domain}"),
        _ if own => format!("srv.{}.example", dice.word(7)),
        _ => provider.bounces.to_owned(),
    };
    let mut signatures = Vec::new();
    if by_dkim {
        let signer = if dice.chance(0.7) { domain } else { author.as_str() };
        signatures.push(signature(signer, &format!("{}{}", dice.word(3), dice.between(1..=3))));
    }
    if !own
        && (setting == Setting::Foreign || dice.chance(0.4))
        && !(setting == Setting::Foreign && dice.chance(0.15))
    {
        signatures.push(signature(provider.domain, provider.selector));
    }
    let term = by_spf.then(|| {
        if own { format!("ip4:{}", addresses_term(network)) } else { format!("include:{}", provider.include) }
    });
    let change = match setting {
        Setting::DkimOnly if dice.chance(0.3) => Some(Change::KeyRemoved),
        Setting::SpfOnly if dice.chance(0.25) => Some(Change::TermRemoved),
        Setting::Foreign if dice.chance(0.2) => Some(Change::SignsAtLast),
        Setting::Both | Setting::DkimOnly if dice.chance(0.2) => Some(Change::NewSelector),
        _ => None,
    };
    Sender {
        name: format!("sender {number}"),
        header_from: author,
        envelope,
        signatures,
        addresses,
        term,
        weekly: dice.scale(15.0, 4_000.0),
        rhythm: if dice.chance(0.2) { Rhythm::Monthly(dice.between(0..=3) as u32) } else { Rhythm::Weekly },
        begins: if dice.chance(0.15) { middle(dice, weeks) } else { 0 },
        change: change.map(|change| (middle(dice, weeks), change)),
        personal: own && setting != Setting::Nothing && dice.chance(0.3),
        passed: false,
    }
}

fn signature(domain: &str, selector: &str) -> Signature {
    Signature { domain: domain.to_owned(), selector: selector.to_owned() }
}

fn addresses_term(network: u32) -> String {
    format!("{}/24", std::net::Ipv4Addr::from(network))
}

/// A week that has some before it and some behind it.
fn middle(dice: &mut Dice, weeks: u32) -> u32 {
    let quarter = u64::from(weeks / 4).max(1);
    dice.between(quarter..=u64::from(weeks) - quarter) as u32
}
