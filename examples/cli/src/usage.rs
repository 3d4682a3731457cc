//! Mistakes in what was typed, explained in the reader's language.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use dmarc_core::diagnostics::escape;

use crate::texts::Texts;

/// Most characters of what was typed that are shown again.
const QUOTED: usize = 120;

/// A code and a sentence for a mistake.
pub(crate) fn explain(error: &Error, texts: &Texts) -> (&'static str, String) {
    let usage = &texts.usage;
    let context = |kind| error.get(kind).map(shown).unwrap_or_default();
    let argument = context(ContextKind::InvalidArg);
    let value = context(ContextKind::InvalidValue);
    let (code, mut sentence) = match error.kind() {
        ErrorKind::UnknownArgument if argument.starts_with('-') => {
            ("usage/unknown-option", (usage.unknown_option)(&argument))
        }
        ErrorKind::UnknownArgument => ("usage/unexpected-argument", (usage.unexpected)(&argument)),
        ErrorKind::InvalidSubcommand => {
            ("usage/unknown-command", (usage.unknown_command)(&context(ContextKind::InvalidSubcommand)))
        }
        ErrorKind::InvalidValue if value.is_empty() => ("usage/no-value", (usage.no_value)(&argument)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            ("usage/invalid-value", (usage.value)(&argument, &value))
        }
        ErrorKind::MissingRequiredArgument => ("usage/missing-argument", (usage.missing)(&argument)),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ("usage/no-command", usage.no_command.to_owned())
        }
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg);
            if other == argument {
                ("usage/repeated-option", (usage.repeated)(&argument))
            } else {
                ("usage/conflict", (usage.conflict)(&argument, &other))
            }
        }
        _ => ("usage/mistake", (usage.other)(&escape(&error.kind().to_string(), QUOTED))),
    };
    for (kind, add) in [
        (ContextKind::SuggestedArg, usage.meant),
        (ContextKind::SuggestedSubcommand, usage.meant),
        (ContextKind::SuggestedValue, usage.meant),
        (ContextKind::ValidValue, usage.possible),
    ] {
        let hint = context(kind);
        if !hint.is_empty() {
            sentence.push_str("; ");
            sentence.push_str(&add(&hint));
        }
    }
    sentence.push_str("; ");
    sentence.push_str(usage.see_help);
    (code, sentence)
}

fn shown(value: &ContextValue) -> String {
    let text = match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    escape(&text, QUOTED)
}
