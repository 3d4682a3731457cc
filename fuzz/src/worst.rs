//! Inputs of at most 1 MB that cost as much as anybody has thought of; see `src/bin/worst_cases.rs`.

use std::io::Read;

use flate2::Compression;

/// Octets of an input.
const SIZE: usize = 1_000_000;

/// The names of all inputs.
pub const CASES: &[&str] = &[
    "gzip bomb",
    "gzip bomb of records",
    "gzip bomb of tags",
    "bomb in gzip in gzip",
    "ZIP of bombs",
    "ZIP of empty members",
    "ZIP of ZIPs",
    "nested tags",
    "open tags",
    "records",
    "records with counts",
    "records of empty elements",
    "reports",
    "findings",
    "attributes",
    "namespaces",
    "prefixes",
    "entities",
    "character references",
    "bare ampersands",
    "doctype",
    "comments",
    "instructions",
    "CDATA",
    "one text",
    "long names",
    "extensions",
    "nested extensions",
    "many results",
    "reasons",
    "UTF-16",
    "UTF-16 surrogates",
    "UTF-16 of records",
    "Latin-1",
    "NUL octets",
    "invalid UTF-8",
    "unknown elements",
    "sources",
    "parts",
    "parts with names",
    "nested multiparts",
    "nested mails",
    "boundary prefixes",
    "boundaries that end nowhere",
    "one header",
    "many headers",
    "folded headers",
    "many types",
    "name in parts",
    "base64 noise",
    "quoted-printable",
    "uuencode",
    "mailbox of lines",
    "mailbox of mails",
    "mailbox of reports",
    "mailbox of attachments",
    "mailbox of bombs",
    "quoted lines",
    "failure fields",
    "failure reports",
    "prose",
    "JSON depth",
    "JSON policies",
    "JSON failures",
    "JSON keys",
    "JSON escapes",
];

fn rows(one: &str) -> String {
    one.repeat(SIZE / one.len())
}

fn report(inner: &str) -> Vec<u8> {
    format!("<feedback>{inner}</feedback>").into_bytes()
}

/// A text over and over, as a stream that nobody has to hold.
struct Cycle {
    text: &'static [u8],
    left: u64,
}

impl Read for Cycle {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let mut filled = 0;
        while self.left > 0 && filled + self.text.len() <= into.len() {
            into[filled..filled + self.text.len()].copy_from_slice(self.text);
            (filled, self.left) = (filled + self.text.len(), self.left - 1);
        }
        Ok(filled)
    }
}

fn bomb(front: &'static [u8], text: &'static [u8], times: u64) -> Vec<u8> {
    gzip(front.chain(Cycle { text, left: times }))
}

fn gzip(octets: impl Read) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(octets, Compression::best())
        .read_to_end(&mut packed)
        .expect("octets are packed");
    packed
}

/// A ZIP of members that are packed once and named by number.
fn zip(member: &[u8], plain: &[u8], deflate: bool) -> Vec<u8> {
    let mut crc = flate2::Crc::new();
    crc.update(plain);
    let count = (SIZE / (member.len() + 96)).min(65_000);
    let (mut locals, mut central) = (Vec::new(), Vec::new());
    let size = |octets: &[u8]| u32::try_from(octets.len()).expect("inputs are short").to_le_bytes();
    for number in 0..count {
        let name = format!("{number:05}");
        let method = if deflate { [8, 0] } else { [0, 0] };
        let head = [
            &[20, 0, 0, 0][..],
            &method,
            &[0, 0, 0x21, 0],
            &crc.sum().to_le_bytes(),
            &size(member),
            &size(plain),
            &[5, 0, 0, 0],
        ]
        .concat();
        central.extend([b"PK\x01\x02\x14\0", &head[..], &[0; 10], &size(&locals), name.as_bytes()].concat());
        locals.extend([b"PK\x03\x04", &head[..], name.as_bytes(), member].concat());
    }
    let entries = u16::try_from(count).expect("no more than fit").to_le_bytes();
    let end =
        [b"PK\x05\x06\0\0\0\0", &entries[..], &entries, &size(&central), &size(&locals), &[0, 0]].concat();
    [locals, central, end].concat()
}

fn deflate(octets: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    flate2::read::DeflateEncoder::new(octets, Compression::best())
        .read_to_end(&mut packed)
        .expect("octets are packed");
    packed
}

fn utf16(text: &str) -> Vec<u8> {
    [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

fn numbered(count: usize, one: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(SIZE + 100);
    for number in 0..count {
        if text.len() >= SIZE {
            break;
        }
        text.push_str(&one(number));
    }
    text
}

fn mail(fields: &str, body: &str) -> Vec<u8> {
    format!("From: a@example.com\n{fields}\n\n{body}").into_bytes()
}

fn multipart(body: &str) -> Vec<u8> {
    mail("Content-Type: multipart/mixed; boundary=b", body)
}

const DIVIDER: &str = "From a@b.example Thu Feb 29 12:00:00 2024\n";
const RECORD: &str = "<record><row><source_ip>192.0.2.1</source_ip><count>1</count></row></record>";

/// The input of a name.
#[must_use]
pub fn input(name: &str) -> Option<Vec<u8>> {
    let mut octets = xml(name).or_else(|| packed(name)).or_else(|| mails(name)).or_else(|| json(name))?;
    octets.truncate(SIZE);
    Some(octets)
}

fn xml(name: &str) -> Option<Vec<u8>> {
    let in_record = |inner: &str| report(&format!("<record>{inner}</record>"));
    Some(match name {
        "nested tags" => [rows("<a>").into_bytes()].concat(),
        "open tags" => report(&rows("<a>")),
        "records" => report(&rows("<record/>")),
        "records with counts" => report(&rows("<record><row><count>1</count></row></record>")),
        "records of empty elements" => report(&rows(
            "<record><row><source_ip/><count/><policy_evaluated><disposition/></policy_evaluated></row></record>",
        )),
        "reports" => rows("<feedback/>").into_bytes(),
        "findings" => report(&rows("<record><row><count>x</count><source_ip>y</source_ip></row></record>")),
        "attributes" => format!("<feedback {}/>", numbered(SIZE, |n| format!("a{n}='' "))).into_bytes(),
        "namespaces" => {
            format!("<feedback {}/>", numbered(SIZE, |n| format!("xmlns:a{n}='{n}' "))).into_bytes()
        }
        "prefixes" => report(&numbered(SIZE, |n| format!("<a{n}:b xmlns:a{n}='u'><a{n}:c/></a{n}:b>"))),
        "entities" => in_record(&format!("<x>{}</x>", rows("&abc;"))),
        "character references" => report(&format!("<report_metadata><org_name>{}", rows("&#x41;"))),
        "bare ampersands" => report(&format!("<report_metadata><org_name>{}", rows("& "))),
        "doctype" => format!("<!DOCTYPE a [{}]><feedback/>", rows("<!ENTITY a 'b'>")).into_bytes(),
        "comments" => report(&rows("<!---->")),
        "instructions" => report(&rows("<?a?>")),
        "CDATA" => report(&format!("<report_metadata><org_name>{}", rows("<![CDATA[]]>"))),
        "one text" => report(&format!("<report_metadata><org_name>{}", rows("x"))),
        "long names" => report(&format!("<{0}></{0}>", "a".repeat(SIZE / 2 - 20))),
        "extensions" => report(&format!("<extension>{}", rows("<a xmlns='u'/>"))),
        "nested extensions" => report(&format!("<extension>{}", rows("<a:a xmlns:a='u'>"))),
        "many results" => in_record(&format!(
            "<auth_results>{}",
            rows("<dkim><domain>a</domain><result>pass</result></dkim><spf/>")
        )),
        "reasons" => in_record(&format!(
            "<row><policy_evaluated>{}",
            rows("<reason><type>x</type><comment>y</comment></reason>")
        )),
        "UTF-16" => utf16(&format!("<feedback><record>{}", "\u{20ac}".repeat(SIZE / 2))),
        "UTF-16 surrogates" => {
            let mut octets = utf16("<feedback><org_name>");
            octets.extend([0, 0xd8].repeat(SIZE / 2));
            octets
        }
        "UTF-16 of records" => utf16(&format!("<feedback>{}", rows(RECORD))),
        "Latin-1" => {
            let mut octets =
                b"<?xml version='1.0' encoding='iso-8859-1'?><feedback><report_metadata><org_name>".to_vec();
            octets.extend([0xe9].repeat(SIZE));
            octets
        }
        "NUL octets" => [b"<feedback><record>".to_vec(), vec![0; SIZE]].concat(),
        "invalid UTF-8" => [b"<feedback><record>".to_vec(), vec![0xff; SIZE]].concat(),
        "unknown elements" => report(&numbered(SIZE, |n| format!("<e{n}/>"))),
        "sources" => report(&numbered(SIZE, |n| {
            format!(
                "<record><row><source_ip>10.{}.{}.{}</source_ip><count>1</count></row></record>",
                n >> 16,
                n >> 8 & 255,
                n & 255
            )
        })),
        _ => return None,
    })
}

fn packed(name: &str) -> Option<Vec<u8>> {
    const BLANKS: &[u8] = &[b' '; 1_000];
    Some(match name {
        "gzip bomb" => bomb(b"<feedback><record>", BLANKS, 1_000_000),
        "gzip bomb of records" => bomb(b"<feedback>", b"<record/>", 50_000_000),
        "gzip bomb of tags" => bomb(b"<feedback>", b"<a/>", 100_000_000),
        "bomb in gzip in gzip" => gzip(&bomb(b"<feedback>", BLANKS, 1_000_000)[..]),
        "ZIP of bombs" => {
            let plain = [b"<feedback>".to_vec(), vec![b' '; 2_000_000]].concat();
            zip(&deflate(&plain), &plain, true)
        }
        "ZIP of empty members" => zip(b"", b"", false),
        "ZIP of ZIPs" => {
            let mut inner = zip(b"", b"", false);
            inner.clear();
            inner.extend(b"PK\x05\x06");
            inner.extend([0; 18]);
            zip(&inner, &inner, false)
        }
        _ => return None,
    })
}

fn mails(name: &str) -> Option<Vec<u8>> {
    let noise =
        numbered(SIZE, |n| format!("{}\n", "Zm9vYmFyIQ8+".repeat(6).get(n % 7..).unwrap_or_default()));
    let encoded = |encoding: &str, body: &str| {
        mail(&format!("Content-Type: application/xml; name=a\nContent-Transfer-Encoding: {encoding}"), body)
    };
    Some(match name {
        "parts" => multipart(&rows("--b\n\n\n")),
        "parts with names" => multipart(&rows("--b\nContent-Type: a/b; name=c\n\n7z\n")),
        "nested multiparts" => numbered(SIZE, |n| format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n")).into_bytes(),
        "nested mails" => rows("Content-Type: message/rfc822\n\n").into_bytes(),
        "boundary prefixes" => multipart(&rows("--b-\n")),
        "boundaries that end nowhere" => multipart(&rows("--b")),
        "one header" => mail(&format!("Content-Type: {}", rows("a")), ""),
        "many headers" => mail(&rows("Content-Type: text/xml\n"), "x"),
        "folded headers" => mail(&format!("Content-Type: text/xml;\n{}", rows(" a=b;\n")), "x"),
        "many types" => mail(&format!("Content-Type: text/xml; {}", rows("a=b;")), "x"),
        "name in parts" => mail(&format!("Content-Type: text/xml; {}", numbered(SIZE, |n| format!("name*{n}=b;"))), "x"),
        "base64 noise" => encoded("base64", &noise),
        "quoted-printable" => encoded("quoted-printable", &rows("=\n=3C=")),
        "uuencode" => encoded("x-uuencode", &format!("begin 644 a\n{}", rows("M!\n"))),
        "mailbox of lines" => rows("From a\n\n").into_bytes(),
        "mailbox of mails" => rows("From a\n\n\n").into_bytes(),
        "mailbox of reports" => rows("From a\n\n<feedback/>\n\n").into_bytes(),
        "mailbox of attachments" => rows("From a\nContent-Type: a/b; name=c\n\nBZh9\n\n").into_bytes(),
        "mailbox of bombs" => {
            let bomb = bomb(b"<feedback>", b" ", 2_000_000);
            let mut octets = Vec::new();
            while octets.len() < SIZE {
                octets.extend([DIVIDER.as_bytes(), b"Content-Type: a/b\n\n", &bomb, b"\n"].concat());
            }
            octets
        }
        "quoted lines" => format!("{DIVIDER}{}", rows(">From a\n")).into_bytes(),
        "failure fields" => mail("Content-Type: multipart/report; report-type=feedback-report; boundary=b", &format!(
            "--b\nContent-Type: message/feedback-report\n\n{}",
            rows("Authentication-Results: a; spf=fail (a (b)) smtp.mailfrom=c\n")
        )),
        "failure reports" => rows(&format!(
            "{DIVIDER}Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\nContent-Type: \
             message/feedback-report\n\nFeedback-Type: auth-failure\n--b--\n"
        ))
        .into_bytes(),
        "prose" => mail("Subject: x", &format!("A message claiming to be from you has failed\n{}", rows("  Sender IP Address: 192.0.2.1\n"))),
        _ => return None,
    })
}

fn json(name: &str) -> Option<Vec<u8>> {
    let of = |inner: String| {
        format!("{{\"organization-name\": \"a\", \"report-id\": \"b\", \"policies\": {inner}").into_bytes()
    };
    let policy = "{\"policy\":{\"policy-type\":\"sts\"},\"summary\":{}},";
    Some(match name {
        "JSON depth" => of(rows("[")),
        "JSON policies" => of(format!("[{}", rows(policy))),
        "JSON failures" => {
            of(format!("[{{\"policy\":{{}},\"failure-details\":[{}", rows("{\"result-type\":\"x\"},")))
        }
        "JSON keys" => of(format!("[],{}", numbered(SIZE, |n| format!("\"{n}\":{n},")))),
        "JSON escapes" => of(format!("[{{\"policy\":{{\"policy-domain\":\"{}", rows("\\u0041"))),
        _ => return None,
    })
}
