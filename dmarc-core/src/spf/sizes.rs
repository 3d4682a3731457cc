//! How many addresses a term stands for.

use super::networks::{Ip4Network, Ip6Network};
use super::rules::{EVERY_ADDRESS, HOST_BITS, LARGE_RANGE};
use super::terms::{Directive, Mechanism, Qualifier, Term};
use crate::diagnostics::{Diagnostic, Span};

/// An IPv4 range is very large if its prefix is shorter: more than 65,536 addresses.
const LARGE_IP4: u8 = 16;
/// An IPv6 range is very large if its prefix is shorter: more than a provider's usual allocation.
const LARGE_IP6: u8 = 32;

/// Bits behind the prefix, and ranges that hold more than one sender can need.
pub(super) fn check(text: &[u8], term: &Term, directive: &Directive, diagnostics: &mut Vec<Diagnostic>) {
    let (ip4, ip6) = match &directive.mechanism {
        Mechanism::Ip4(network) => {
            diagnostics.extend(host_bits_4(text, term, network));
            (Some(network.length()), None)
        }
        Mechanism::Ip6(network) => {
            diagnostics.extend(host_bits_6(text, term, network));
            (None, Some(network.length()))
        }
        Mechanism::A(_, cidr) | Mechanism::Mx(_, cidr) => (Some(cidr.ip4_length()), Some(cidr.ip6_length())),
        _ => return,
    };
    // What a range is refused does not need to be small.
    if directive.qualifier() != Qualifier::Pass {
        return;
    }
    let shown = term.span.of(text);
    if ip4 == Some(0) || ip6 == Some(0) {
        diagnostics.push(EVERY_ADDRESS.at(term.span).arg("term", shown));
        return;
    }
    let size = match (ip4, ip6) {
        (Some(length), _) if length < LARGE_IP4 => (1_u64 << (32 - length)).to_string(),
        (_, Some(length)) if length < LARGE_IP6 => format!("2^{}", 128 - length),
        _ => return,
    };
    diagnostics.push(LARGE_RANGE.at(term.span).arg("term", shown).arg("size", size));
}

fn host_bits_4(text: &[u8], term: &Term, network: &Ip4Network) -> Option<Diagnostic> {
    (network.first() != network.address()).then(|| host_bits(text, term, network.first().to_string()))?
}

fn host_bits_6(text: &[u8], term: &Term, network: &Ip6Network) -> Option<Diagnostic> {
    (network.first() != network.address()).then(|| host_bits(text, term, network.first().to_string()))?
}

fn host_bits(text: &[u8], term: &Term, meant: String) -> Option<Diagnostic> {
    let address = term.value_span()?;
    let whole = Span::new(address.start, term.span.end);
    Some(
        HOST_BITS.at(address).arg("network", whole.of(text)).arg("meant", meant.as_str()).fix(address, meant),
    )
}
