//! A real name server on the loopback, in a folder of its own.

#![allow(dead_code, reason = "each test uses its own part")]

use std::ffi::OsStr;
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

/// A name server that runs; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    folder: TempDir,
    pub(crate) address: SocketAddr,
}

impl Server {
    /// Starts a server for zones; `None` if this machine has no knotd.
    pub(crate) fn start(zones: &[(&str, &Path)]) -> Option<Self> {
        Self::authority(zones, &[])
    }

    /// Starts a server for zones, of which it signs some.
    pub(crate) fn authority(zones: &[(&str, &Path)], signed: &[&str]) -> Option<Self> {
        let program = program("knotd")?;
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
            let signing = if signed.contains(name) { "on" } else { "off" };
            text.push_str(&format!(
                "  - domain: {name}\n    file: {}\n    zonefile-sync: -1\n    zonefile-load: whole\n    \
                 journal-content: none\n    dnssec-signing: {signing}\n",
                copy.display()
            ));
        }
        fs::write(folder.path().join("knot.conf"), text).expect("the configuration can be written");
        let config = folder.path().join("knot.conf");
        Some(Self::run(&program, ["-c".as_ref(), config.as_os_str()], folder, address))
    }

    /// Starts a resolver in front of a server, which validates what the server signs; `None` if this machine
    /// has no unbound or keymgr.
    pub(crate) fn resolver(authority: &Self, zones: &[&str], signed: &[&str]) -> Option<Self> {
        let (program, keymgr) = (program("unbound")?, program("keymgr")?);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = free_address();
        let mut text = format!(
            "server:\n  interface: {}@{}\n  do-daemonize: no\n  chroot: \"\"\n  username: \"\"\n  \
             directory: \"{}\"\n  pidfile: \"\"\n  use-syslog: no\n  module-config: \"validator iterator\"\n  \
             do-not-query-localhost: no\n  access-control: 127.0.0.0/8 allow\n  local-zone: \".\" static\n",
            address.ip(),
            address.port(),
            folder.path().display()
        );
        let config = authority.folder.path().join("knot.conf");
        for name in signed {
            let output = Command::new(&keymgr).arg("-c").arg(&config).args([name, "ds"]).output();
            let listed = String::from_utf8(output.expect("keymgr runs").stdout).expect("text");
            let digest = listed.lines().find(|line| line.contains(" DS ")).expect("the zone has a key");
            text.push_str(&format!("  trust-anchor: \"{digest}\"\n"));
        }
        for name in zones {
            text.push_str(&format!("  local-zone: \"{name}.\" transparent\n"));
        }
        for name in zones {
            let server = authority.address;
            let stub = format!("  name: \"{name}\"\n  stub-addr: {}@{}\n", server.ip(), server.port());
            text.push_str(&format!("stub-zone:\n{stub}"));
        }
        text.push_str("remote-control:\n  control-enable: no\n");
        let config = folder.path().join("unbound.conf");
        fs::write(&config, text).expect("the configuration can be written");
        Some(Self::run(&program, ["-d".as_ref(), "-c".as_ref(), config.as_os_str()], folder, address))
    }

    fn run<'a>(
        program: &Path,
        args: impl IntoIterator<Item = &'a OsStr>,
        folder: TempDir,
        address: SocketAddr,
    ) -> Self {
        let mut command = Command::new(program);
        let command = command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
        let server = Self { child: command.spawn().expect("the server starts"), folder, address };
        server.wait();
        server
    }

    /// Waits until it listens.
    fn wait(&self) {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(20) {
            if TcpStream::connect(self.address).is_ok() {
                // It listens before its zones are loaded and signed.
                thread::sleep(Duration::from_millis(500));
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

fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/bin", "/usr/local/sbin"];
    folders.map(|folder| Path::new(folder).join(name)).into_iter().find(|path| path.exists())
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
