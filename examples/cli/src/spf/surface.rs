//! Whom a policy authorizes: how many addresses get which result.

use dmarc_core::spf::analysis::{AddressSet, Analysis, Family, Outcome};

use crate::output::Paint;
use crate::table::{Column, Rows, Tone, number};
use crate::texts::Texts;

/// Ranges that are named; the JSON has all of them.
const RANGES: usize = 12;

/// A table of results with the number of addresses that get them; as the policy reads too, where the limits
/// change something.
pub(super) fn text(analysis: &Analysis, texts: &Texts, paint: Paint) -> String {
    let words = &texts.policy;
    let limits = Family::ALL.into_iter().any(|family| {
        analysis.surface(family) != analysis.surface_without_limits(family) && differs(analysis, family)
    });
    let mut header = vec![(words.result, Column::Text), ("IPv4", Column::Number), ("IPv6", Column::Number)];
    if limits {
        header.push((words.ipv4_unlimited, Column::Number));
        header.push((words.ipv6_unlimited, Column::Number));
    }
    let mut rows = Rows::new(paint, &header);
    for outcome in Outcome::ALL {
        let [ipv4, ipv6] = Family::ALL.map(|family| analysis.surface(family).part(outcome));
        let [meant4, meant6] =
            Family::ALL.map(|family| analysis.surface_without_limits(family).part(outcome));
        if [&ipv4, &ipv6, &meant4, &meant6].into_iter().all(AddressSet::is_empty) {
            continue;
        }
        let [ipv4, ipv6, meant4, meant6] = [ipv4, ipv6, meant4, meant6].map(|set| size(&set, texts));
        let mut cells = vec![
            (outcome.as_str(), tone(outcome)),
            (ipv4.as_str(), Tone::Plain),
            (ipv6.as_str(), Tone::Plain),
        ];
        if limits {
            cells.extend([(meant4.as_str(), Tone::Aside), (meant6.as_str(), Tone::Aside)]);
        }
        rows.row(cells);
    }
    let mut text = rows.text();
    let ranges: Vec<String> = Family::ALL
        .into_iter()
        .flat_map(|family| analysis.surface(family).part(Outcome::Pass).ranges())
        .map(|range| range.to_string())
        .collect();
    if !ranges.is_empty() && ranges.len() <= RANGES {
        text.push_str(&format!("\n  {}\n", (words.may_send)(&ranges.join(", "))));
    }
    text
}

fn differs(analysis: &Analysis, family: Family) -> bool {
    !analysis.surface(family).differences(analysis.surface_without_limits(family)).is_empty()
}

/// How an outcome reads.
pub(super) fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Pass => Tone::Good,
        Outcome::Permerror | Outcome::Temperror => Tone::Bad,
        Outcome::Undetermined => Tone::Care,
        _ => Tone::Plain,
    }
}

/// How many addresses there are: all of them, a number that can be read, or its magnitude.
pub(super) fn size(set: &AddressSet, texts: &Texts) -> String {
    if set.is_empty() {
        return "-".to_owned();
    }
    if *set == AddressSet::all(set.family()) {
        return texts.policy.all_addresses.to_owned();
    }
    match set.size().parse::<u128>() {
        Ok(size) if size.is_power_of_two() && size > 1 << 20 => format!("2^{}", size.trailing_zeros()),
        Ok(size) if size < 1_000_000_000_000 => {
            number(u64::try_from(size).unwrap_or(u64::MAX), texts.thousands)
        }
        // Two digits say enough: nobody counts them.
        Ok(size) => magnitude(size, texts.thousands),
        Err(_) => set.size(),
    }
}

fn magnitude(size: u128, thousands: char) -> String {
    let digits = size.to_string();
    let point = if thousands == '.' { ',' } else { '.' };
    let (first, second) = (digits.get(..1).unwrap_or_default(), digits.get(1..2).unwrap_or_default());
    format!("≈ {first}{point}{second} × 10^{}", digits.len() - 1)
}
