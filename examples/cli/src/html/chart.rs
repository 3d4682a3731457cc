//! Charts as inline SVG. Each has a title and a description for who cannot see it, and a table or legend beside it.

use maud::{Markup, html};

/// Width of a chart, in its own units; a page scales it.
const WIDTH: f64 = 720.0;

/// A part of a bar.
pub(super) struct Part {
    pub(super) count: u64,
    pub(super) word: String,
    pub(super) color: &'static str,
}

/// Colors that differ in brightness as well.
pub(super) const GOOD: &str = "#1b6e37";
pub(super) const CARE: &str = "#d98a00";
pub(super) const BAD: &str = "#b3181d";
pub(super) const OPEN: &str = "#8d949c";
pub(super) const FAINT: &str = "#d5d9de";

/// One bar, divided, with its legend.
pub(super) fn bar(id: &str, title: &str, parts: &[Part]) -> Markup {
    let all: u64 = parts.iter().map(|part| part.count).sum();
    let shown: Vec<&Part> = parts.iter().filter(|part| part.count > 0).collect();
    let told: Vec<String> = shown.iter().map(|part| format!("{} {}", part.count, part.word)).collect();
    let mut left = 0.0;
    let pieces: Vec<(f64, f64, &str)> = shown
        .iter()
        .map(|part| {
            let width = WIDTH * part.count as f64 / all.max(1) as f64;
            let piece = (left, width, part.color);
            left += width;
            piece
        })
        .collect();
    html! {
        svg role="img" viewBox={ "0 0 " (WIDTH) " 26" } width=(WIDTH) height="26"
            aria-labelledby={ (id) "-title " (id) "-text" } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-text" } { (told.join(", ")) }
            @for (x, width, color) in pieces {
                rect x=(format!("{x:.1}")) y="2" width=(format!("{:.1}", (width - 1.5).max(0.5))) height="22" fill=(color) {}
            }
        }
        ul class="legend" {
            @for part in shown {
                li {
                    svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" {
                        rect width="10" height="10" fill=(part.color) {}
                    }
                    (part.count) " " (part.word)
                }
            }
        }
    }
}

/// Columns by week: what passes, and what does not on top of it.
pub(super) fn columns(id: &str, title: &str, weeks: &[(String, u64, u64)], words: [&str; 2]) -> Markup {
    const HEIGHT: f64 = 160.0;
    let most = weeks.iter().map(|(_, passing, failing)| passing + failing).max().unwrap_or_default().max(1);
    let step = WIDTH / weeks.len().max(1) as f64;
    let height = |count: u64| HEIGHT * count as f64 / most as f64;
    let told: Vec<String> = weeks
        .iter()
        .map(|(week, passing, failing)| format!("{week}: {passing} {}, {failing} {}", words[0], words[1]))
        .collect();
    // Labels would run into each other.
    let every = (weeks.len() / 8).max(1);
    html! {
        svg role="img" viewBox={ "0 0 " (WIDTH) " " (HEIGHT + 24.0) } width=(WIDTH) height=(HEIGHT + 24.0)
            aria-labelledby={ (id) "-title " (id) "-text" } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-text" } { (told.join("; ")) }
            @for (index, (week, passing, failing)) in weeks.iter().enumerate() {
                @let x = step * index as f64;
                @let (low, high) = (height(*passing), height(*failing));
                rect x=(format!("{x:.1}")) y=(format!("{:.1}", HEIGHT - low)) width=(format!("{:.1}", step * 0.8))
                    height=(format!("{low:.1}")) fill=(GOOD) {}
                rect x=(format!("{x:.1}")) y=(format!("{:.1}", HEIGHT - low - high)) width=(format!("{:.1}", step * 0.8))
                    height=(format!("{high:.1}")) fill=(BAD) {}
                @if index % every == 0 {
                    text x=(format!("{x:.1}")) y=(format!("{:.1}", HEIGHT + 18.0)) { (week) }
                }
            }
        }
        ul class="legend" {
            @for (word, color) in words.iter().zip([GOOD, BAD]) {
                li {
                    svg class="swatch" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true" {
                        rect width="10" height="10" fill=(color) {}
                    }
                    (word)
                }
            }
        }
    }
}
