//! The smallest blocking caller: `blocking DOMAIN SERVER:PORT` prints which DMARC policy holds for a domain,
//! and `blocking DOMAIN SERVER:PORT CLIENT [SENDER [HELO]]` what SPF says about a client.
//!
//! The library says what to ask and what the answers mean; this program moves bytes.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

use dmarc_core::assessment::Request;
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::Edition;
use dmarc_core::evaluation::{Answer, Evaluation, Question, Step};
use dmarc_core::spf::CheckHost;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let domain = args.next().ok_or("give a domain and a name server, such as 192.0.2.53:53")?;
    let server = args.next().ok_or("give a name server, such as 192.0.2.53:53")?;

    // With a client: what SPF says about it.
    let request = match args.next() {
        Some(client) => {
            let sender = args.next().unwrap_or_else(|| format!("postmaster@{domain}"));
            let helo = args.next().unwrap_or_default();
            Request::CheckHost(CheckHost::mail_from(client.parse()?, sender, helo))
        }
        None => Request::Discovery { author: domain.parse()?, edition: Edition::Rfc9989 },
    };
    let mut evaluation = Evaluation::new(request);
    let outcome = loop {
        match evaluation.step() {
            Step::Ask(questions) => {
                for question in questions {
                    let answer = look_up(&question, &server)
                        .unwrap_or_else(|error| Answer::Failure { reason: error.to_string() });
                    evaluation.answer(question, answer);
                }
            }
            Step::Done(outcome) => break outcome,
        }
    };
    println!("{:#}", outcome.view(&Catalog::embedded(Language::En)));
    Ok(())
}

/// Asks over TCP, where each message stands behind its length (RFC 1035, 4.2.2).
fn look_up(question: &Question, server: &str) -> Result<Answer, Box<dyn Error>> {
    let query = question.to_message(1)?;
    let mut stream = TcpStream::connect(server)?;
    stream.write_all(&u16::try_from(query.len())?.to_be_bytes())?;
    stream.write_all(&query)?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut response = vec![0; u16::from_be_bytes(length).into()];
    stream.read_exact(&mut response)?;
    Ok(Answer::from_message(question, &response)?)
}
