//! Addresses written without the formatter: reports are full of them.

use std::fmt::Write as _;
use std::net::IpAddr;

/// Adds an address as it is displayed. Those of IPv4 are most of all that reports have, and the way through
/// the formatter is long.
pub(crate) fn push_address(into: &mut String, address: IpAddr) {
    let IpAddr::V4(address) = address else {
        let _never_fails = write!(into, "{address}");
        return;
    };
    for (index, octet) in address.octets().into_iter().enumerate() {
        if index > 0 {
            into.push('.');
        }
        if octet >= 100 {
            into.push(char::from(b'0' + octet / 100));
        }
        if octet >= 10 {
            into.push(char::from(b'0' + octet / 10 % 10));
        }
        into.push(char::from(b'0' + octet % 10));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_it_is_displayed() {
        let ends = [0, 1, 9, 10, 11, 99, 100, 101, 199, 200, 255].map(|end| [192, end, 0, end].into());
        for address in
            ends.into_iter().chain(["2001:db8::1", "::ffff:192.0.2.1"].map(|text| text.parse().unwrap()))
        {
            let mut written = String::new();
            push_address(&mut written, address);
            assert_eq!(written, address.to_string());
        }
    }
}
