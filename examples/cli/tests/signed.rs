//! `dmarc-check domain` through a resolver that validates: what DANE protects, by the AD bit.

mod support;

use std::fs;

use serde_json::{Value, json};
use support::run;
use support::server::{Server, skipped};

const SIGNED: &str = r#"$ORIGIN signed.example.
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
@ MX 10 mx
@ MX 20 mx.plain.example.
@ TXT "v=spf1 mx -all"
ns A 127.0.0.1
mx A 192.0.2.1
_25._tcp.mx TLSA 3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6
_dmarc TXT "v=DMARC1; p=reject"
"#;
const PLAIN: &str = r#"$ORIGIN plain.example.
$TTL 300
@ SOA ns hostmaster 1 3600 900 604800 300
@ NS ns
@ TXT "v=spf1 -all"
ns A 127.0.0.1
mx A 192.0.2.3
_25._tcp.mx TLSA 3 1 1 0c72ac70b745ac19998811b131d662c9ac69dbdbe7cb23e5b514b56664c5d3d6
"#;

/// What is said of the MX records, and of DANE at each of the hosts.
fn dane(view: &Value) -> (Value, Vec<Value>) {
    let mx = &view["records"]["mx"];
    let hosts = mx["hosts"].as_array().expect("the domain has hosts");
    (mx["secure"].clone(), hosts.iter().map(|host| host["dane"].clone()).collect())
}

#[test]
fn the_ad_bit_of_a_resolver_decides_what_dane_asks() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("the zone can be written");
        path
    };
    let (signed, plain) = (write("signed.example", SIGNED), write("plain.example", PLAIN));
    let names = ["signed.example", "plain.example"];
    let zones = [(names[0], signed.as_path()), (names[1], plain.as_path())];
    let authority = Server::authority(&zones, &names[..1]);
    let resolver = authority.as_ref().and_then(|server| Server::resolver(server, &names, &names[..1]));
    let (Some(authority), Some(resolver)) = (&authority, &resolver) else {
        return skipped("no knotd, keymgr and unbound here");
    };
    let judged = |server: &Server, further: &[&str]| {
        let address = server.address.to_string();
        let args =
            ["domain", "signed.example", "--format", "json", "--fail-on", "never", "--resolver", &address];
        dane(&run(args.iter().chain(further)).ends_with(0).json())
    };
    // On this machine what was validated counts; of what was not, nothing is known.
    let (secure, hosts) = judged(resolver, &[]);
    assert_eq!((secure, hosts), (json!(true), vec![json!("authenticated"), json!("unknown")]));
    // A resolver that is known to validate leaves nothing open.
    let (secure, hosts) = judged(resolver, &["--trust-ad"]);
    assert_eq!((secure, hosts), (json!(true), vec![json!("authenticated"), json!("opportunistic")]));
    // A server that does not validate says nothing.
    let (secure, hosts) = judged(authority, &[]);
    assert_eq!((secure, hosts), (Value::Null, vec![json!("unknown"), json!("unknown")]));
}
