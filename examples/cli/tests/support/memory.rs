//! How much memory a run takes at most.

use std::fs;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use super::{Run, command};

/// Runs the program over standard input from a file, and says how many KiB it held at most.
///
/// The peak of a process only rises, so the last look before its end is the peak, or within a
/// millisecond of it.
pub(crate) fn run_measured(args: &[&str], input: Option<&PathBuf>) -> (Run, u64) {
    let stdin = match input {
        Some(path) => Stdio::from(fs::File::open(path).expect("the input is there")),
        None => Stdio::null(),
    };
    let mut child = command()
        .args(args)
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdout = child.stdout.take().expect("it is piped");
    let mut stderr = child.stderr.take().expect("it is piped");
    let out = thread::spawn(move || {
        let mut octets = Vec::new();
        stdout.read_to_end(&mut octets).expect("standard output can be read");
        octets
    });
    let err = thread::spawn(move || {
        let mut octets = Vec::new();
        stderr.read_to_end(&mut octets).expect("standard error can be read");
        octets
    });
    let mut peak = 0;
    let status = loop {
        peak = peak_of(&child).unwrap_or(peak).max(peak);
        if let Some(status) = child.try_wait().expect("the program can be waited for") {
            break status;
        }
        thread::sleep(Duration::from_millis(1));
    };
    let run = Run {
        status: status.code().expect("no signal ended it"),
        stdout: out.join().expect("the reader ends"),
        stderr: String::from_utf8_lossy(&err.join().expect("the reader ends")).into_owned(),
    };
    assert!(peak > 0, "the peak was never seen");
    (run, peak)
}

fn peak_of(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
