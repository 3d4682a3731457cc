//! MTA-STS policies: from a file, or fetched as senders do (RFC 8461, 3.3).

use std::io::Read as _;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use dmarc_core::evaluation::Answer;
use dmarc_core::limits::Limits;
use dmarc_core::name::DomainName;
use dmarc_core::transport::mta_sts_policy::MAX_OCTETS;
use ureq::http::{Uri, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Error};

use crate::input;
use crate::problem::Problem;

/// How long the whole of it may take. Senders are advised to wait a minute; nobody watches them.
const PATIENCE: Duration = Duration::from_secs(30);
/// Addresses that are tried.
const ADDRESSES: usize = 16;
/// Where web servers listen.
const HTTPS: u16 = 443;

/// A file, as if a web server had sent it.
pub(super) fn from_file(path: &Path) -> Result<Answer, Problem> {
    let body = input::read(path, Limits::default().input_octets)?;
    Ok(Answer::Https { status: 200, content_type: Some("text/plain".to_owned()), body })
}

/// The name of the web server of an address.
pub(super) fn host(url: &str) -> Option<DomainName> {
    let uri: Uri = url.parse().ok()?;
    DomainName::parse(uri.host()?).ok()
}

/// What the web server answers at one of these addresses.
pub(super) fn fetch(url: &str, addresses: &[IpAddr]) -> Answer {
    let places = addresses.iter().take(ADDRESSES).map(|ip| SocketAddr::new(*ip, HTTPS));
    fetch_from(url, Places(places.collect()), RootCerts::WebPki)
}

fn fetch_from(url: &str, places: Places, roots: RootCerts) -> Answer {
    // RFC 8461, 3.3: "HTTP 3xx redirects MUST NOT be followed", and the certificate must be valid for the
    // name in the address.
    let config = Agent::config_builder()
        .https_only(true)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(PATIENCE))
        .user_agent(concat!("dmarc-check/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build();
    let agent = Agent::with_parts(config, DefaultConnector::default(), places);
    match agent.get(url).call() {
        Err(error) => failure(&error),
        Ok(mut response) => {
            let status = response.status().as_u16();
            let content_type = response.headers().get(header::CONTENT_TYPE);
            let content_type =
                content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            let mut body = Vec::new();
            // One octet more than senders read, so that too much is seen to be too much.
            let read = response.body_mut().as_reader().take(MAX_OCTETS as u64 + 1).read_to_end(&mut body);
            match read {
                Ok(_) => Answer::Https { status, content_type, body },
                Err(error) => Answer::Failure { reason: error.to_string() },
            }
        }
    }
}

fn failure(error: &Error) -> Answer {
    let reason = match error {
        Error::HostNotFound => "no address".to_owned(),
        Error::Timeout(_) => "TIMEOUT".to_owned(),
        Error::Io(error) => error.to_string(),
        other => other.to_string(),
    };
    Answer::Failure { reason }
}

/// Addresses that name servers gave; nobody else is asked.
#[derive(Debug)]
struct Places(Vec<SocketAddr>);

impl Resolver for Places {
    fn resolve(
        &self,
        _: &Uri,
        _: &ureq::config::Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let mut all = self.empty();
        for place in self.0.iter().take(ADDRESSES) {
            all.push(*place);
        }
        if all.is_empty() { Err(Error::HostNotFound) } else { Ok(all) }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Write as _};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::thread;

    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::{ServerConfig, ServerConnection, StreamOwned};
    use ureq::tls::Certificate;

    use super::*;

    const AUTHORITY: &[u8] = include_bytes!("../../tests/tls/authority.pem");
    const HOST: &[u8] = include_bytes!("../../tests/tls/host.pem");
    const KEY: &[u8] = include_bytes!("../../tests/tls/host.key");
    const URL: &str = "https://mta-sts.example.com/.well-known/mta-sts.txt";

    fn authority() -> RootCerts {
        RootCerts::new_with_certs(&[Certificate::from_pem(AUTHORITY).unwrap()])
    }

    /// A web server on the loopback that gives one answer to one connection.
    fn server(answer: impl Into<Vec<u8>>) -> Places {
        let certificate = CertificateDer::from_pem_slice(HOST).unwrap();
        let key = PrivateKeyDer::from_pem_slice(KEY).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let config = Arc::new(config.with_single_cert(vec![certificate], key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let place = listener.local_addr().unwrap();
        let answer = answer.into();
        thread::spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
            let mut lines = BufReader::new(&mut stream).lines();
            // A client that does not trust the certificate is gone by now.
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            drop(lines);
            let _client_has_enough = stream.write_all(&answer);
            stream.conn.send_close_notify();
            let _client_has_enough = stream.flush();
        });
        Places(vec![place])
    }

    fn reason(answer: Answer) -> String {
        match answer {
            Answer::Failure { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_policy_is_fetched_as_it_stands() {
        let text = "version: STSv1\nmode: none\nmax_age: 0\n";
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n", text.len());
        let answer = fetch_from(URL, server(head + text), authority());
        let content_type = Some("text/plain".to_owned());
        assert_eq!(answer, Answer::Https { status: 200, content_type, body: text.into() });
    }

    #[test]
    fn a_redirect_is_not_followed() {
        let head =
            "HTTP/1.1 301 Moved\r\nLocation: https://mta-sts.example.com/\r\nContent-Length: 0\r\n\r\n";
        let answer = fetch_from(URL, server(head), authority());
        assert_eq!(answer, Answer::Https { status: 301, content_type: None, body: Vec::new() });
    }

    #[test]
    fn a_certificate_of_another_name_or_authority_is_refused() {
        let other = URL.replace("example.com", "example.net");
        assert!(reason(fetch_from(&other, server(""), authority())).contains("certificate"));
        assert!(reason(fetch_from(URL, server(""), RootCerts::WebPki)).contains("certificate"));
    }

    #[test]
    fn no_more_is_read_than_a_policy_may_hold() {
        let mut answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        answer.resize(10 << 20, b'x');
        match fetch_from(URL, server(answer), authority()) {
            Answer::Https { body, .. } => assert_eq!(body.len(), MAX_OCTETS + 1),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_an_address_or_a_listener_nothing_is_fetched() {
        assert_eq!(reason(fetch(URL, &[])), "no address");
        let place = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        assert!(reason(fetch_from(URL, Places(vec![place]), authority())).contains("refused"));
    }
}
