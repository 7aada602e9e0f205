//! What the person at the terminal can be shown.

use anstream::{AutoStream, ColorChoice};
use comfy_table::{ContentArrangement, Table, presets};
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

    /// A table without lines, no wider than there is room.
    pub(super) fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        match self.width {
            Some(width) => table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(width),
            None => table.set_content_arrangement(ContentArrangement::Disabled),
        };
        match self.colours {
            true => table.enforce_styling(),
            false => table.force_no_tty(),
        };
        table
    }

    fn new(choice: ColorChoice, term: &Term) -> Self {
        Self {
            colours: choice != ColorChoice::Never,
            width: term.size_checked().map(|(_, columns)| columns),
        }
    }
}
