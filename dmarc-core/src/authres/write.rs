//! The `dmarc` part of an `Authentication-Results` field (RFC 9989, 9.1 and 9.2; RFC 8601, 2.2).

use crate::dmarc::Evaluated;

/// What the field says about DMARC, without the authserv-id; `None` if there is no verdict.
///
/// `policy.dmarc` is the policy after `sp`, `np` and `t` (RFC 9989, 9.1). All values are tokens, so that
/// nothing has to be quoted.
#[must_use]
pub fn of_dmarc(evaluated: &Evaluated) -> Option<String> {
    let result = evaluated.result?;
    let mut text = format!("dmarc={} header.from={}", result.as_str(), evaluated.author);
    if let Some(policy) = &evaluated.policy {
        text.push_str(&format!(" policy.dmarc={}", policy.requested.as_str()));
    }
    Some(text)
}
