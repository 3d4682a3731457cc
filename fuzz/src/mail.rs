//! Laws of mails and mailboxes.

use std::io::BufReader;

use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::limits::Limits;
use dmarc_core::report::batch::{Batch, Collector, Keep};

use crate::reports::{Chunks, conservation, limits};

/// What divides mails.
const DIVIDER: &[u8] = b"From a@example.com Thu Feb 29 12:00:00 2024\n";

fn feed(octets: &[u8], limits: &Limits) -> Batch {
    let mut collector = Collector::new(limits, Keep::Records);
    collector.feed("input", octets);
    collector.finish()
}

/// A mail that is told as one by its first lines.
fn mail_of(octets: &[u8]) -> Vec<u8> {
    [b"Subject: x\nTo: a\nDate: x\nFrom: a\n", octets, b"\n"].concat()
}

/// A mailbox of mails, quoted as mboxrd has it.
fn mailbox_of<'a>(mails: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut mailbox = Vec::new();
    for mail in mails {
        mailbox.extend(DIVIDER);
        for line in mail.split_inclusive(|octet| *octet == b'\n') {
            let quotes = line.iter().take_while(|octet| **octet == b'>').count();
            if line[quotes..].starts_with(b"From ") {
                mailbox.push(b'>');
            }
            mailbox.extend(line);
        }
    }
    mailbox
}

fn good(id: &str) -> Vec<u8> {
    let report = format!(
        "<feedback><report_metadata><report_id>{id}</report_id></report_metadata><record><row><count>3</count></row>\
         </record></feedback>"
    );
    mail_of(format!("Content-Type: text/xml\n\n{report}").as_bytes())
}

fn keys(batch: &Batch) -> Vec<&str> {
    batch.reports.iter().map(|entry| entry.report_key.as_str()).collect()
}

/// Whatever the octets: a mail and a mailbox are walked through and accounted for; in any split of the stream a
/// mailbox says the same; and what a mail in it holds changes nothing about the others.
pub fn mail(octets: &[u8]) {
    conservation(octets);
    let mail = mail_of(octets);
    conservation(&mail);
    let mailbox = [DIVIDER, octets].concat();
    conservation(&mailbox);
    for input in [octets, &mailbox] {
        split(input);
    }
    let limits = limits();
    let alone = feed(&mail, &limits);
    let (first, last) = (good("1"), good("2"));
    let among = feed(&mailbox_of([&first[..], &mail, &last]), &limits);
    let ends = [feed(&first, &limits), feed(&last, &limits)];
    let expected: Vec<&str> =
        [&ends[0], &alone, &ends[1]].into_iter().flat_map(|batch| keys(batch)).collect();
    assert_eq!(keys(&among), expected, "each mail is read by itself");
    assert_eq!(among.totals.messages_out, alone.totals.messages_out.saturating_add(6));
    assert_eq!(among.totals.messages_in, alone.totals.messages_in.saturating_add(6));
    assert_eq!(among.failure_reports.len(), alone.failure_reports.len());
    assert_eq!(among.tls_reports.len(), alone.tls_reports.len());
    for (one, other) in among.reports.iter().skip(1).zip(&alone.reports) {
        assert_eq!(one.container_path, format!("message 2/{}", other.container_path));
        assert_eq!((one.complete, &one.findings), (other.complete, &other.findings));
    }
}

/// Read from a stream in blocks of any size, an input says what it says in one piece.
fn split(octets: &[u8]) {
    let catalog = Catalog::embedded(Language::En);
    let whole = feed(octets, &limits());
    for size in [1, 7, 4096] {
        let mut collector = Collector::new(&limits(), Keep::Records);
        collector.feed_from("input", BufReader::with_capacity(size, Chunks { octets, size }), &mut ());
        let streamed = collector.finish();
        assert_eq!(streamed.view(&catalog), whole.view(&catalog), "blocks of {size}");
        assert_eq!(streamed.reports, whole.reports, "blocks of {size}");
    }
}
