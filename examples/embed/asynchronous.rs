//! The smallest asynchronous caller: as `blocking`, with the questions of one round asked at once.

use std::error::Error;

use dmarc_core::assessment::Request;
use dmarc_core::diagnostics::{Catalog, Language};
use dmarc_core::dmarc::Edition;
use dmarc_core::evaluation::{Answer, Evaluation, Question, Step};
use dmarc_core::spf::CheckHost;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
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
                let mut asking = JoinSet::new();
                for question in questions {
                    let server = server.clone();
                    asking.spawn(async move {
                        let answer = look_up(&question, &server)
                            .await
                            .unwrap_or_else(|error| Answer::Failure { reason: error.to_string() });
                        (question, answer)
                    });
                }
                for (question, answer) in asking.join_all().await {
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
async fn look_up(question: &Question, server: &str) -> Result<Answer, Box<dyn Error + Send + Sync>> {
    let query = question.to_message(1)?;
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&u16::try_from(query.len())?.to_be_bytes()).await?;
    stream.write_all(&query).await?;
    let mut response = vec![0; stream.read_u16().await?.into()];
    stream.read_exact(&mut response).await?;
    Ok(Answer::from_message(question, &response)?)
}
