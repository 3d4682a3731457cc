//! Both programs ask a real name server, and find the same.

#[path = "../../cli/tests/support/server.rs"]
mod server;

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use server::Server;

fn run(program: &str, args: &[&str]) -> Value {
    let output = Command::new(program).args(args).output().expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("the program prints JSON")
}

#[test]
fn both_find_the_policy_that_a_name_server_serves() {
    let zone = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/voorbeeld.example.zone");
    let Some(server) = Server::start(&[("voorbeeld.example", &zone)]) else {
        server::skipped("there is no knotd on this machine");
        return;
    };
    let address = server.address.to_string();
    for (domain, policy) in [("voorbeeld.example", "none"), ("oud.voorbeeld.example", "reject")] {
        let blocking = run(env!("CARGO_BIN_EXE_blocking"), &[domain, &address]);
        let asynchronous = run(env!("CARGO_BIN_EXE_asynchronous"), &[domain, &address]);
        assert_eq!(blocking, asynchronous);
        assert_eq!(blocking["effective"]["p"], policy, "{blocking}");
    }
}

#[test]
fn both_say_what_spf_says_about_a_client() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let (zone, reverse) = (tests.join("spf.example.zone"), tests.join("reverse.zone"));
    let Some(server) = Server::start(&[("spf.example", &zone), ("2.0.192.in-addr.arpa", &reverse)]) else {
        server::skipped("there is no knotd on this machine");
        return;
    };
    let address = server.address.to_string();
    let clients = fs::read(tests.join("clients.json")).expect("the clients are there");
    let clients: Vec<Value> = serde_json::from_slice(&clients).expect("they are JSON");
    assert!(clients.len() > 10);
    for client in clients {
        let text = |key: &str| client[key].as_str().expect("a text").to_owned();
        let (ip, sender, helo) = (text("ip"), text("sender"), text("helo"));
        let args = ["spf.example", &address, &ip, &sender, &helo];
        let blocking = run(env!("CARGO_BIN_EXE_blocking"), &args);
        assert_eq!(blocking, run(env!("CARGO_BIN_EXE_asynchronous"), &args));
        assert_eq!(blocking["result"], client["result"], "{client}: {blocking}");
        assert_eq!(blocking["term"]["text"], client["term"], "{client}: {blocking}");
        assert_eq!(blocking["lookups"], client["lookups"], "{client}: {blocking}");
        assert_eq!(blocking["explanation"]["text"], client["explanation"], "{client}: {blocking}");
    }
}

#[test]
fn a_server_that_nobody_runs_is_a_failure_and_no_verdict() {
    let view = run(env!("CARGO_BIN_EXE_blocking"), &["voorbeeld.example", "127.0.0.1:9"]);
    assert_eq!(view["status"], "failure");
    assert_eq!(view["effective"], Value::Null);
    let view = run(env!("CARGO_BIN_EXE_asynchronous"), &["spf.example", "127.0.0.1:9", "192.0.2.1"]);
    assert_eq!(view["result"], "temperror");
}
