//! Finds the header row, names the columns, and lets data rows through under the limits.

use super::{COLUMNS_MAX, Flow, ROWS_MAX, Row, RowSink, Shape, TableError, TableOptions};
use crate::identity::holds_identity_number;
use pehra_domain::exercise::is_marked;
use std::collections::BTreeMap;

/// Rows looked at to find the header below titles.
const LOOK_ROWS: usize = 20;

pub(super) struct Gate<'a> {
    sink: &'a mut dyn RowSink,
    header_row: Option<u32>,
    rows_max: u32,
    refuse_exercise: bool,
    rows: u32,
    shape: Option<Shape>,
    held: Vec<Row>,
    open: bool,
}

impl<'a> Gate<'a> {
    pub(super) fn new(options: &TableOptions, sink: &'a mut dyn RowSink) -> Self {
        Self {
            sink,
            header_row: options.header_row,
            rows_max: options.rows_max.unwrap_or(ROWS_MAX),
            refuse_exercise: options.refuse_exercise,
            rows: 0,
            shape: None,
            held: Vec::new(),
            open: false,
        }
    }

    pub(super) fn shape(&mut self, shape: Shape) {
        self.shape = Some(shape);
    }

    pub(super) fn row(&mut self, row: &Row) -> Result<Flow, TableError> {
        if row.is_blank() && row.defect.is_none() {
            return Ok(Flow::More);
        }
        if row.len() > COLUMNS_MAX {
            return Err(TableError::TooManyColumns { row: row.number, columns: row.len() });
        }
        if self.open {
            return self.pass(row);
        }
        match self.header_row {
            Some(number) if row.number < number => {
                self.admit(row)?;
                Ok(Flow::More)
            }
            Some(number) if row.number == number => {
                self.name_columns(row)?;
                Ok(Flow::More)
            }
            Some(number) => Err(TableError::NoHeader(number)),
            None => {
                self.held.push(row.clone());
                if self.held.len() >= LOOK_ROWS { self.release() } else { Ok(Flow::More) }
            }
        }
    }

    /// A row above the table: a title, or the mark of an exercise.
    fn admit(&self, row: &Row) -> Result<(), TableError> {
        if self.refuse_exercise && row.cells().any(is_marked) {
            return Err(TableError::Exercise { row: row.number });
        }
        Ok(())
    }

    fn pass(&mut self, row: &Row) -> Result<Flow, TableError> {
        self.rows += 1;
        if self.rows > self.rows_max {
            return Err(TableError::TooManyRows { row: row.number, max: self.rows_max });
        }
        self.sink.row(row)
    }

    /// The header is the first row that has nearly as many filled cells as the widest and is mostly words.
    fn release(&mut self) -> Result<Flow, TableError> {
        let held = std::mem::take(&mut self.held);
        let filled = |row: &Row| row.cells().filter(|cell| !cell.is_empty()).count();
        let widest = held.iter().map(filled).max().unwrap_or_default();
        let wordy = |row: &Row| {
            let words = row.cells().filter(|cell| cell.chars().any(char::is_alphabetic)).count();
            words * 10 >= filled(row) * 6
        };
        let at = held
            .iter()
            .position(|row| filled(row) * 10 >= widest * 6 && wordy(row) && row.defect.is_none())
            .unwrap_or(0);
        for row in held.iter().take(at + 1) {
            self.admit(row)?;
        }
        for (index, row) in held.iter().enumerate().skip(at) {
            if index == at {
                self.name_columns(row)?;
            } else if self.pass(row)? == Flow::Enough {
                return Ok(Flow::Enough);
            }
        }
        Ok(Flow::More)
    }

    fn name_columns(&mut self, row: &Row) -> Result<(), TableError> {
        let mut shape = self.shape.clone().ok_or(TableError::Empty)?;
        shape.header_row = row.number;
        self.open = true;
        self.sink.head(&column_names(row), &shape)
    }

    pub(super) fn finish(mut self) -> Result<(), TableError> {
        if !self.open && !self.held.is_empty() {
            self.release()?;
        }
        if self.open {
            return Ok(());
        }
        Err(self.header_row.map_or(TableError::Empty, TableError::NoHeader))
    }
}

/// Names without line breaks; a missing name (or one that holds an identity number) becomes `column N`, a
/// repeated one gets ` #2`.
fn column_names(row: &Row) -> Vec<String> {
    let mut last = row.len();
    while last > 0 && row.get(last - 1).is_empty() {
        last -= 1;
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    (0..last)
        .map(|column| {
            let given = row.get(column);
            let plain: String = given.split_whitespace().collect::<Vec<_>>().join(" ");
            let name = if plain.is_empty() || holds_identity_number(&plain) || plain.len() > 200 {
                format!("column {}", column + 1)
            } else {
                plain
            };
            let times = seen.entry(name.clone()).or_default();
            *times += 1;
            if *times == 1 { name } else { format!("{name} #{times}") }
        })
        .collect()
}
