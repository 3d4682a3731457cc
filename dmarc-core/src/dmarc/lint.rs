//! What a correct record may still miss: advice that one record alone can give.

use crate::diagnostics::Span;
use crate::syntax::strings::MAX_STRING;

use super::Edition;
use super::effective::Effective;
use super::reading::Reading;
use super::rules::{
    FO_WITHOUT_RUF, LONG_RECORD, NO_REPORTS, PARTIAL_POLICY, PSD_RECORD, REPORT_INTERVAL, RUF_WITH_PSD,
    TEST_MODE, TEST_MODE_WITHOUT_EFFECT, WEAKER_SUBDOMAINS,
};
use super::tag::TagName;
use super::value::{self, Policy, PublicSuffixFlag};

/// Shortest interval that receivers can be expected to keep (RFC 7489, 6.3: hourly, where they can).
const SHORTEST_INTERVAL: u32 = 3_600;

/// Adds the advice that follows from the record and its policy.
pub(super) fn look(reading: &mut Reading<'_>, effective: Option<&Effective>) {
    let value_of = |name: TagName| {
        let tag = reading.tags.iter().rev().find(|tag| tag.known == Some(name))?;
        Some((tag.name_span.start..tag.value_span.end, tag.value_span))
    };
    let mut found = Vec::new();
    if reading.octets.len() > MAX_STRING {
        let place = Span::new(MAX_STRING, reading.octets.len());
        let place = Span::new(boundary(reading.octets, place.start), place.end);
        found.push(LONG_RECORD.at(place).arg("octets", reading.octets.len()));
    }
    if let Some((place, _)) = value_of(TagName::Fo)
        && value_of(TagName::Ruf).is_none()
    {
        found.push(FO_WITHOUT_RUF.at(place));
    }
    if let Some(values) = effective {
        let policies = [values.p, values.sp, values.np.unwrap_or(values.sp)];
        let monitoring = policies.iter().all(|policy| *policy == Policy::None);
        if values.p == Policy::None && value_of(TagName::Rua).is_none() {
            let end = value_of(TagName::P).map_or(reading.octets.len(), |(place, _)| place.end);
            found.push(NO_REPORTS.at(Span::empty(end)));
        }
        if values.t == Some(true)
            && let Some((place, _)) = value_of(TagName::T)
        {
            found.push(if monitoring { TEST_MODE_WITHOUT_EFFECT.at(place) } else { TEST_MODE.at(place) });
        }
        if let (Some(pct), Some((place, _))) = (values.pct, value_of(TagName::Pct))
            && pct < 100
            && !monitoring
        {
            found.push(PARTIAL_POLICY.at(place).arg("pct", pct));
        }
        if let (Some(seconds), Some((place, _))) = (values.ri, value_of(TagName::Ri))
            && seconds < SHORTEST_INTERVAL
        {
            found.push(REPORT_INTERVAL.at(place).arg("seconds", seconds));
        }
        let weaker =
            [(TagName::Sp, Some(values.sp), values.p), (TagName::Np, values.np, values.sp.min(values.p))];
        for (tag, policy, against) in weaker {
            if let (Some(policy), Some((place, _))) = (policy, value_of(tag))
                && policy < against
            {
                found.push(
                    WEAKER_SUBDOMAINS
                        .at(place)
                        .arg("tag", tag.as_str())
                        .arg("value", policy.as_str())
                        .arg("policy", against.as_str()),
                );
            }
        }
    }
    if reading.edition == Edition::Rfc9989
        && let Some((place, value)) = value_of(TagName::Psd)
        && value::psd(&crate::text::lossy(value.of(reading.octets))) == Some(PublicSuffixFlag::Y)
    {
        found.push(PSD_RECORD.at(place));
        if let Some((place, _)) = value_of(TagName::Ruf) {
            found.push(RUF_WITH_PSD.at(place));
        }
    }
    reading.found.append(&mut found);
}

/// The start of the character that holds the octet.
fn boundary(octets: &[u8], at: usize) -> usize {
    let continues = |at: usize| octets.get(at).is_some_and(|octet| octet & 0xc0 == 0x80);
    (at.saturating_sub(3)..=at).rev().find(|start| !continues(*start)).unwrap_or(at)
}
