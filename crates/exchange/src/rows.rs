//! What every table import does with every row before its own meaning is asked: keeps identity numbers out,
//! drops forbidden columns, notices short, long, cut and damaged rows.

use crate::code::Code;
use crate::finding::{Findings, Outcome, Tally};
use crate::identity::holds_identity_number;
use crate::mapping::{DROP, Mapping, MappingError, Schema, guess, is_person};
use crate::table::{CELL_BYTES_MAX, Flow, Row, RowSink, Shape, TableError, TableOptions, read};
use pehra_domain::finding::Finding;
use pehra_domain::progress::{Cancelled, Watch};
use std::collections::BTreeMap;
use std::io::Read;

/// Why an import ends without a result.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error(transparent)]
    Table(TableError),
    #[error(transparent)]
    Mapping(#[from] MappingError),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    #[error("the boundaries cannot be read: {0}")]
    GeoJson(String),
}

impl From<TableError> for ImportError {
    fn from(error: TableError) -> Self {
        if let TableError::Cancelled(stopped) = error {
            return Self::Cancelled(stopped);
        }
        Self::Table(error)
    }
}

/// How to read a file; without a mapping the columns are guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportOptions {
    pub mapping: Option<Mapping>,
    pub table: TableOptions,
}

impl ImportOptions {
    /// Table options with the mapping's settings where none are given by hand.
    #[must_use]
    pub fn merged(&self) -> TableOptions {
        let mut table = self.table.clone();
        if let Some(mapping) = &self.mapping {
            table.encoding = table.encoding.or(mapping.encoding);
            table.delimiter = table.delimiter.or(mapping.delimiter);
            table.header_row = table.header_row.or(mapping.header_row);
            table.sheet = table.sheet.or_else(|| mapping.sheet.clone());
        }
        table
    }
}

/// One row with its columns named.
pub struct Cells<'a> {
    row: &'a Row,
    places: &'a [Option<usize>],
    headers: &'a [String],
    fields: &'a Schema,
}

impl<'a> Cells<'a> {
    /// Row number as a spreadsheet shows it.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.row.number
    }

    /// The cell of a field; empty when the file has no such column. `field` is its place in the schema.
    #[must_use]
    pub fn get(&self, field: usize) -> &'a str {
        match self.places.get(field) {
            Some(&Some(column)) => self.row.get(column),
            _ => "",
        }
    }

    /// Whether the file has a column for the field.
    #[must_use]
    pub fn has(&self, field: usize) -> bool {
        matches!(self.places.get(field), Some(Some(_)))
    }

    /// The column's own name, or the field's key when the file has no such column.
    #[must_use]
    pub fn header(&self, field: usize) -> &'a str {
        let column = self.places.get(field).copied().flatten();
        match column.and_then(|column| self.headers.get(column)) {
            Some(name) => name,
            None => self.fields.fields.get(field).map_or("", |field| field.key),
        }
    }
}

/// What was read, beside the values.
#[derive(Clone, Debug)]
pub struct Reading {
    pub mapping: Mapping,
    pub headers: Vec<String>,
    pub shape: Option<Shape>,
    pub findings: Findings,
    pub tally: Tally,
    /// Last row number of the file.
    pub last_row: u32,
}

/// Values of one kind with everything found on the way.
#[derive(Clone, Debug)]
pub struct Imported<T> {
    pub values: Vec<T>,
    /// By row.
    pub findings: Vec<Finding>,
    /// Findings by code, complete.
    pub counts: BTreeMap<String, u64>,
    pub tally: Tally,
    pub mapping: Mapping,
    pub headers: Vec<String>,
    pub shape: Option<Shape>,
}

impl Reading {
    /// Closes the reading around its values.
    #[must_use]
    pub fn with<T>(self, values: Vec<T>) -> Imported<T> {
        let (findings, counts) = self.findings.into_parts();
        Imported {
            values,
            findings,
            counts,
            tally: self.tally,
            mapping: self.mapping,
            headers: self.headers,
            shape: self.shape,
        }
    }
}

/// Takes one row's cells: gives what became of the row.
pub type RowHandler<'a> = dyn FnMut(&Cells<'_>, &mut Findings) -> Outcome + 'a;

/// Reads a table of one kind row by row.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn read_rows(
    input: &mut dyn Read,
    schema: &'static Schema,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
    handle: &mut RowHandler<'_>,
) -> Result<Reading, ImportError> {
    let mut sink = Sink {
        schema,
        given: options.mapping.clone(),
        places: Vec::new(),
        dropped: Vec::new(),
        held: Vec::new(),
        mapped: false,
        failed: None,
        reading: Reading {
            mapping: Mapping::default(),
            headers: Vec::new(),
            shape: None,
            findings: Findings::default(),
            tally: Tally::default(),
            last_row: 0,
        },
        handle,
    };
    let result = read(input, &options.merged(), watch, &mut sink);
    if result.is_ok() && sink.failed.is_none() && !sink.mapped {
        sink.begin();
    }
    if let Some(error) = sink.failed.take() {
        return Err(error.into());
    }
    result?;
    Ok(sink.reading)
}

/// Rows held back so that samples can help to guess the columns.
const SAMPLE_ROWS: usize = 50;

struct Sink<'a, 'h> {
    schema: &'static Schema,
    given: Option<Mapping>,
    places: Vec<Option<usize>>,
    dropped: Vec<bool>,
    held: Vec<Row>,
    mapped: bool,
    failed: Option<MappingError>,
    reading: Reading,
    handle: &'a mut RowHandler<'h>,
}

impl Sink<'_, '_> {
    /// Settles the mapping and takes the rows held so far; false when it cannot be settled.
    fn begin(&mut self) -> bool {
        self.mapped = true;
        let headers = self.reading.headers.clone();
        let Some(shape) = self.reading.shape.clone() else { return false };
        let guessed = guess(self.schema, &headers, &shape, &self.held);
        let mapping = match self.given.take() {
            // Forbidden columns stay dropped unless the file itself says what else they are.
            Some(mut given) => {
                for (header, key) in &guessed.columns {
                    if key == DROP && !given.columns.contains_key(header) {
                        given.columns.insert(header.clone(), DROP.to_owned());
                    }
                }
                given
            }
            None => guessed,
        };
        match mapping.resolve(self.schema, &headers) {
            Ok(places) => self.places = places,
            Err(error) => {
                self.failed = Some(error);
                return false;
            }
        }
        self.note_columns(&mapping, &headers, shape.header_row);
        self.reading.mapping = mapping;
        let held = std::mem::take(&mut self.held);
        for row in &held {
            self.take(row);
        }
        true
    }

    fn note_columns(&mut self, mapping: &Mapping, headers: &[String], row: u32) {
        self.dropped = vec![false; headers.len()];
        for (index, header) in headers.iter().enumerate() {
            let code = match mapping.columns.get(header).map(String::as_str) {
                Some(DROP) if is_person(header) => Code::PersonColumn,
                Some(DROP) => Code::PartyOrVotesColumn,
                Some(_) => continue,
                None => Code::ColumnUnknown,
            };
            if let Some(slot) = self.dropped.get_mut(index) {
                *slot = code != Code::ColumnUnknown;
            }
            self.reading.findings.push(code, row, header, "", "");
        }
    }

    fn take(&mut self, row: &Row) {
        self.reading.last_row = row.number;
        let outcome = self.judge(row);
        self.reading.tally.add(outcome);
    }

    fn judge(&mut self, row: &Row) -> Outcome {
        let headers = &self.reading.headers;
        let findings = &mut self.reading.findings;
        // First of all and alone: an identity number keeps the whole row out.
        if let Some(column) = row.cells().position(holds_identity_number) {
            let fallback = format!("column {}", column + 1);
            let name = headers.get(column).unwrap_or(&fallback);
            findings.push(Code::IdentityNumber, row.number, name, "", "");
            return Outcome::Quarantined;
        }
        if let Some(code) = row.defect {
            findings.push(code, row.number, "", "", &CELL_BYTES_MAX.to_string());
            return Outcome::Quarantined;
        }
        let (cells, columns) = (row.len(), headers.len());
        if row.open_end {
            if cells < columns {
                findings.push(Code::RowCut, row.number, "", "", "");
                return Outcome::Quarantined;
            }
            findings.push(Code::FileEndOpen, row.number, "", "", "");
        }
        let mut least = Outcome::Accepted;
        if row.nul {
            findings.push(Code::NulByte, row.number, "", "", "");
            least = Outcome::Repaired;
        }
        let ragged = self.reading.shape.as_ref().is_some_and(|shape| shape.encoding.is_some());
        if cells < columns && ragged {
            findings.push(Code::RowShort, row.number, "", &format!("{cells} < {columns}"), "");
            least = Outcome::Repaired;
        } else if row.cells().skip(columns).any(|cell| !cell.is_empty()) {
            findings.push(Code::RowLong, row.number, "", &format!("{cells} > {columns}"), "");
            least = Outcome::Repaired;
        }
        let cells = Cells { row, places: &self.places, headers, fields: self.schema };
        least.max((self.handle)(&cells, findings))
    }
}

impl RowSink for Sink<'_, '_> {
    fn head(&mut self, headers: &[String], shape: &Shape) -> Result<(), TableError> {
        self.reading.headers = headers.to_vec();
        self.reading.shape = Some(shape.clone());
        self.reading.last_row = shape.header_row;
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<Flow, TableError> {
        if self.mapped {
            self.take(row);
            return Ok(Flow::More);
        }
        self.held.push(row.clone());
        if self.held.len() >= SAMPLE_ROWS && !self.begin() {
            return Ok(Flow::Enough);
        }
        Ok(Flow::More)
    }
}

/// Told of each row; answers its value, or nothing when the row is set aside.
pub type ValueHandler<'a, T> = dyn FnMut(&Cells<'_>, &mut Findings) -> Option<(T, Outcome)> + 'a;

/// Reads a table whose rows are values of their own: each row is one value, or is set aside.
///
/// # Errors
/// As [`read_rows`].
pub fn read_values<T>(
    input: &mut dyn Read,
    schema: &'static Schema,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
    value: &mut ValueHandler<'_, T>,
) -> Result<(Reading, Vec<T>), ImportError> {
    let mut values = Vec::new();
    let reading = read_rows(input, schema, options, watch, &mut |cells, findings| {
        let Some((value, outcome)) = value(cells, findings) else { return Outcome::Quarantined };
        values.push(value);
        outcome
    })?;
    Ok((reading, values))
}

/// The first rows of a file with guessed columns, for a person to check.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Preview {
    pub shape: Shape,
    pub headers: Vec<String>,
    pub guess: Mapping,
    /// Field keys that a column must give and none does.
    pub missing: Vec<&'static str>,
    /// Cells of the first rows; a row that holds an identity number and every dropped column are empty.
    pub samples: Vec<Vec<String>>,
}

/// Reads the head of a file and guesses its columns.
///
/// # Errors
/// [`ImportError`] when it is no table, or the watcher stops the work.
pub fn preview(
    input: &mut dyn Read,
    schema: &'static Schema,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Preview, ImportError> {
    struct First {
        head: Option<(Vec<String>, Shape)>,
        rows: Vec<Row>,
    }
    impl RowSink for First {
        fn head(&mut self, headers: &[String], shape: &Shape) -> Result<(), TableError> {
            self.head = Some((headers.to_vec(), shape.clone()));
            Ok(())
        }
        fn row(&mut self, row: &Row) -> Result<Flow, TableError> {
            self.rows.push(row.clone());
            Ok(if self.rows.len() < SAMPLE_ROWS { Flow::More } else { Flow::Enough })
        }
    }
    let mut first = First { head: None, rows: Vec::new() };
    read(input, &options.merged(), watch, &mut first)?;
    let (headers, shape) = first.head.ok_or(TableError::Empty)?;
    let guessed = guess(schema, &headers, &shape, &first.rows);
    let missing = schema
        .fields
        .iter()
        .filter(|field| field.required && !guessed.columns.values().any(|key| key == field.key))
        .map(|field| field.key)
        .collect();
    let dropped = |column: usize| {
        headers
            .get(column)
            .and_then(|header| guessed.columns.get(header))
            .is_some_and(|key| key == DROP)
    };
    let shown = |row: &Row| -> Vec<String> {
        let hidden = row.cells().any(holds_identity_number);
        let cell = |column: usize| match row.get(column) {
            _ if hidden || dropped(column) => String::new(),
            cell => cell.to_owned(),
        };
        (0..headers.len()).map(cell).collect()
    };
    let samples = first.rows.iter().take(20).map(shown).collect();
    Ok(Preview { shape, headers, guess: guessed, missing, samples })
}
