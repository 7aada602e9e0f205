//! What the person at the terminal can be shown.

use anstream::{AutoStream, ColorChoice};
use console::Term;

/// Where text goes, and what it may look like there.
pub(super) struct Terminal {
    /// Whether colours are understood and wanted: never in a file or a pipe, nor with `NO_COLOR`.
    pub(super) colours: bool,
    /// How many columns there are, if it is a terminal.
    pub(super) width: Option<u16>,
}

impl Terminal {
    /// Standard output, which is for results.
    pub(super) fn output() -> Self {
        let choice = AutoStream::choice(&std::io::stdout());
        Self::new(choice, &Term::stdout())
    }

    /// Standard error, which is for what went wrong.
    pub(super) fn error() -> Self {
        let choice = AutoStream::choice(&std::io::stderr());
        Self::new(choice, &Term::stderr())
    }

    fn new(choice: ColorChoice, term: &Term) -> Self {
        Self {
            colours: choice != ColorChoice::Never,
            width: term.size_checked().map(|(_, columns)| columns),
        }
    }
}
