//! One row source for every kind of table: delimited text and spreadsheets.
//!
//! Rows are handed on one at a time; memory stays bounded by one record whatever the size of the file. Row
//! numbers are those a spreadsheet shows: a quoted line break does not start a row, a blank line counts as one.

mod delimited;
mod head;
mod workbook;
mod zip_guard;

use crate::code::Code;
use crate::text::Encoding;
use pehra_domain::progress::{Cancelled, Watch};
use std::io::Read;

pub use zip_guard::{
    ZIP_BYTES_MAX, ZIP_ENTRIES_MAX, ZIP_HELD_BYTES_MAX, ZIP_INFLATED_BYTES_MAX, ZIP_RATIO_MAX,
};

/// Most data rows read from one file; the nation has about 181,000 (a station list per contest).
pub const ROWS_MAX: u32 = 2_000_000;
/// Most columns of a table.
pub const COLUMNS_MAX: usize = 1_000;
/// Longest cell, in bytes of UTF-8.
pub const CELL_BYTES_MAX: usize = 32_767;
/// Longest record of a delimited file, in bytes of UTF-8.
pub const RECORD_BYTES_MAX: usize = 1024 * 1024;

/// Why a file cannot be read as a table at all.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("the file cannot be read")]
    Read(#[from] std::io::Error),
    #[error("the file is empty: there is no header row")]
    Empty,
    #[error("row {row}: more than {max} rows; split the file by province or district")]
    TooManyRows { row: u32, max: u32 },
    #[error(
        "row {row}: {columns} columns, at most {COLUMNS_MAX} are read; this is not a list of places or units"
    )]
    TooManyColumns { row: u32, columns: usize },
    #[error("row {row}: a line longer than {RECORD_BYTES_MAX} bytes; this is not a table")]
    RecordTooLong { row: u32 },
    #[error(
        "the spreadsheet would unpack to more than {ZIP_INFLATED_BYTES_MAX} bytes; refused as a zip bomb"
    )]
    ZipTooLarge,
    #[error(
        "“{entry}” in the spreadsheet unpacks to more than {ZIP_RATIO_MAX} times its size; refused as a zip bomb"
    )]
    ZipRatio { entry: String },
    #[error(
        "the spreadsheet holds {entries} parts, at most {ZIP_ENTRIES_MAX} are read; refused as a zip bomb"
    )]
    ZipEntries { entries: usize },
    #[error(
        "the spreadsheet file has more than {ZIP_BYTES_MAX} bytes; save the one sheet that matters as CSV"
    )]
    ZipFileTooLarge,
    #[error("the spreadsheet is damaged or cut short ({0}); get the whole file again")]
    ZipBroken(String),
    #[error(
        "row {row}: the spreadsheet cannot be read further ({reason}); get the whole file again"
    )]
    Workbook { row: u32, reason: String },
    #[error("the spreadsheet has no sheet “{wanted}”; it has: {sheets}")]
    NoSheet { wanted: String, sheets: String },
    #[error("this is an old .xls workbook; save it as .xlsx or CSV")]
    OldWorkbook,
    #[error(
        "row {row} says that the file comes from an exercise: this election is real, and the two never mix"
    )]
    Exercise { row: u32 },
    #[error("there is no row {0} to be the header row")]
    NoHeader(u32),
    #[error("this is not a list as text or spreadsheet: {0}")]
    NotATable(&'static str),
}

/// How to read the file; everything has a guess.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    pub encoding: Option<Encoding>,
    /// `,` `;` tab or `|`.
    pub delimiter: Option<char>,
    /// Name of the sheet; without it the first one with data.
    pub sheet: Option<String>,
    /// Row that holds the column names, counted from 1.
    pub header_row: Option<u32>,
    /// Most data rows; [`ROWS_MAX`] when none.
    pub rows_max: Option<u32>,
    /// Refuse a file that bears the mark of an exercise above its header.
    pub refuse_exercise: bool,
    /// Size of the whole input in bytes, for progress only; 0 when unknown.
    pub bytes_total: u64,
}

/// What the file turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Shape {
    pub format: Format,
    /// Only for delimited text.
    pub encoding: Option<Encoding>,
    pub delimiter: Option<char>,
    pub sheet: Option<String>,
    /// All sheets of a workbook.
    pub sheets: Vec<String>,
    pub header_row: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Delimited,
    Xlsx,
}

/// Whether the receiver wants more rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    More,
    Enough,
}

/// Receives a table: the head once, then every row that is not blank.
pub trait RowSink {
    /// Column names, made unique, and what the file is.
    ///
    /// # Errors
    /// Whatever the receiver refuses.
    fn head(&mut self, headers: &[String], shape: &Shape) -> Result<(), TableError>;

    /// One row; it is reused for the next, so keep copies.
    ///
    /// # Errors
    /// Whatever the receiver refuses.
    fn row(&mut self, row: &Row) -> Result<Flow, TableError>;
}

/// One row's cells in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet counts, from 1.
    pub number: u32,
    /// The file ended before this row's line did.
    pub open_end: bool,
    /// The row held zero bytes; they are already removed.
    pub nul: bool,
    /// Why the cells cannot be trusted: an unclosed quote or an overlong cell.
    pub defect: Option<Code>,
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Empties the row.
    pub fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.open_end = false;
        self.nul = false;
        self.defect = None;
    }

    /// Adds text to the cell being built.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Ends the cell being built.
    pub fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no cell at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell at that place, without spaces at its edges; empty when the row is shorter.
    #[must_use]
    pub fn get(&self, column: usize) -> &str {
        let Some(&end) = self.ends.get(column) else { return "" };
        let start = match column {
            0 => 0,
            _ => self.ends.get(column - 1).copied().unwrap_or_default(),
        };
        self.text.get(start..end).unwrap_or_default().trim()
    }

    /// All cells, in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.get(column))
    }

    /// Whether every cell is empty.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    fn remove_nul(&mut self) {
        if !self.text.contains('\0') {
            return;
        }
        let cells: Vec<String> = self.cells().map(|cell| cell.replace('\0', "")).collect();
        self.text.clear();
        self.ends.clear();
        for cell in cells {
            self.push(&cell);
            self.end_cell();
        }
        self.nul = true;
    }
}

/// Reads any table into `sink`.
///
/// # Errors
/// [`TableError`] when the file is no table, exceeds a limit, or the watcher stops the work.
pub fn read(
    input: &mut dyn Read,
    options: &TableOptions,
    watch: &mut Watch<'_>,
    sink: &mut dyn RowSink,
) -> Result<(), TableError> {
    let mut head = vec![0; 64 * 1024];
    let mut filled = 0;
    while let Some(space) = head.get_mut(filled..).filter(|space| !space.is_empty()) {
        match input.read(space) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    head.truncate(filled);
    if head.is_empty() {
        return Err(TableError::Empty);
    }
    let mut gate = head::Gate::new(options, sink);
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        workbook::read(head, input, options, watch, &mut gate)?;
    } else if head.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(TableError::OldWorkbook);
    } else if head.starts_with(b"%PDF") {
        return Err(TableError::NotATable("it is a PDF; export the table from it as CSV first"));
    } else {
        delimited::read(head, input, options, watch, &mut gate)?;
    }
    gate.finish()
}

#[cfg(test)]
mod tests;
