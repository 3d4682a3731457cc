//! A real name server on the loopback, in a folder of its own.

use std::fs;
use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Says that a test was left out, past the capture of the test runner, in words that `make test` counts.
pub(crate) fn skipped(why: &str) {
    let _nobody_listens = writeln!(io::stderr(), "1 skipped, {why}");
}

/// A running knotd; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    _folder: TempDir,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a server for zones; `None` if this machine has no knotd.
    pub(crate) fn start(zones: &[(&str, &Path)]) -> Option<Self> {
        let program = ["/usr/sbin/knotd", "/usr/bin/knotd", "/usr/local/sbin/knotd"]
            .map(PathBuf::from)
            .into_iter()
            .find(|path| path.exists())?;
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = free_address();
        let mut text = format!(
            "server:\n  rundir: {0}\n  listen: {1}@{2}\ndatabase:\n  storage: {0}\nzone:\n",
            folder.path().display(),
            address.ip(),
            address.port()
        );
        for (name, file) in zones {
            let copy = folder.path().join(format!("{name}.zone"));
            fs::copy(file, &copy).expect("the zone file can be copied");
            text.push_str(&format!(
                "  - domain: {name}\n    file: {}\n    zonefile-sync: -1\n    journal-content: none\n",
                copy.display()
            ));
        }
        let config = folder.path().join("knot.conf");
        fs::write(&config, text).expect("the configuration can be written");
        let child = Command::new(program)
            .arg("-c")
            .arg(&config)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let server = Self { child, _folder: folder, address };
        server.wait();
        Some(server)
    }

    /// Waits until it listens.
    fn wait(&self) {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(20) {
            if TcpStream::connect(self.address).is_ok() {
                // It listens before its zones are loaded.
                thread::sleep(Duration::from_millis(300));
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the name server does not listen on {}", self.address);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // By its own id, and nothing else.
        let _gone_already = self.child.kill();
        let _gone_already = self.child.wait();
    }
}

/// A port that is free for both UDP and TCP.
fn free_address() -> SocketAddr {
    for _ in 0..50 {
        let udp = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = udp.local_addr().expect("a bound socket has an address");
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
    panic!("no port is free for both UDP and TCP");
}
