//! Standard output and standard error: color on a terminal only, and a closed pipe is no error.

use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use dmarc_core::diagnostics::{Labels, Severity};
use serde::Serialize;

use crate::json;
use crate::problem::Problem;
use crate::texts::Texts;

/// How things look on a terminal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paint {
    pub(crate) on: bool,
}

impl Paint {
    /// A heading.
    pub(crate) const HEADING: Style = Style::new().bold();
    /// What is well.
    pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
    /// What needs attention.
    pub(crate) const CARE: Style = AnsiColor::Yellow.on_default();
    /// What is wrong.
    pub(crate) const BAD: Style = AnsiColor::Red.on_default();
    /// What is there for completeness.
    pub(crate) const ASIDE: Style = Style::new().dimmed();
    /// What to do.
    pub(crate) const ADVICE: Style = AnsiColor::Cyan.on_default();

    /// A text in a style, if this is a terminal.
    pub(crate) fn paint(self, style: Style, text: &str) -> String {
        if self.on { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// The style of a severity.
    pub(crate) fn of(severity: Severity) -> Style {
        match severity {
            Severity::Error => Self::BAD.bold(),
            Severity::Warning => Self::CARE.bold(),
            Severity::Notice => Self::ADVICE.bold(),
        }
    }
}

/// Standard output.
pub(crate) struct Out {
    stream: Box<dyn Write>,
    /// The file that is written instead.
    file: Option<PathBuf>,
    closed: bool,
    terminal: bool,
    /// How text looks.
    pub(crate) paint: Paint,
}

impl Out {
    /// Standard output of this process.
    pub(crate) fn new() -> Self {
        let stdout = io::stdout();
        Self {
            terminal: stdout.is_terminal(),
            paint: Paint { on: colored(anstream::AutoStream::choice(&stdout)) },
            stream: Box::new(BufWriter::with_capacity(64 << 10, stdout.lock())),
            file: None,
            closed: false,
        }
    }

    /// Writes to a file from now on.
    pub(crate) fn redirect(&mut self, path: &Path) -> Result<(), Problem> {
        let file = File::create(path).map_err(|error| Problem::NotSaved { path: path.to_owned(), error })?;
        self.stream = Box::new(BufWriter::with_capacity(64 << 10, file));
        self.file = Some(path.to_owned());
        self.terminal = false;
        self.paint = Paint { on: false };
        Ok(())
    }

    /// Whether a person looks on.
    pub(crate) fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Whether nobody reads any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Writes text.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Problem> {
        self.octets(text.as_bytes())
    }

    /// Writes octets.
    pub(crate) fn octets(&mut self, octets: &[u8]) -> Result<(), Problem> {
        let written = if self.closed { Ok(()) } else { self.stream.write_all(octets) };
        self.note(written)
    }

    /// Writes a value as one line of JSON; where a person looks on, indented.
    pub(crate) fn document(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        if self.terminal && !self.closed {
            let written = json::pretty(&mut self.stream, value);
            self.note(written)?;
            return self.text("\n");
        }
        self.line(value)
    }

    /// Writes a value as one line of JSON.
    pub(crate) fn line(&mut self, value: &impl Serialize) -> Result<(), Problem> {
        if !self.closed {
            let written = json::compact(&mut self.stream, value);
            self.note(written)?;
        }
        self.text("\n")
    }

    /// Hands everything on.
    pub(crate) fn flush(&mut self) -> Result<(), Problem> {
        let written = if self.closed { Ok(()) } else { self.stream.flush() };
        self.note(written)
    }

    fn note(&mut self, written: io::Result<()>) -> Result<(), Problem> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            Err(error) => Err(match &self.file {
                Some(path) => Problem::NotSaved { path: path.clone(), error },
                None => Problem::Stream { error },
            }),
            Ok(()) => Ok(()),
        }
    }
}

fn colored(choice: ColorChoice) -> bool {
    !matches!(choice, ColorChoice::Never)
}

/// Says on standard error what stands in the way.
pub(crate) fn complain(problem: &Problem, severity: Severity, texts: &Texts) {
    let sentence = problem.sentence(texts);
    complain_with(problem.code(), severity, &sentence, texts);
}

/// Says something on standard error. Nobody may be listening there: that is no error either.
pub(crate) fn complain_with(code: &str, severity: Severity, sentence: &str, texts: &Texts) {
    let stderr = io::stderr();
    let paint = Paint { on: colored(anstream::AutoStream::choice(&stderr)) };
    let labels = Labels::of(texts.language);
    let label = match severity {
        Severity::Error => labels.error,
        Severity::Warning => labels.warning,
        Severity::Notice => labels.notice,
    };
    let head = paint.paint(Paint::of(severity), &format!("{label}[{code}]"));
    let _nobody_listens = writeln!(stderr.lock(), "{head}: {sentence}");
}
