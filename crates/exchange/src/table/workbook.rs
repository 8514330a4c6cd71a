//! Spreadsheets (.xlsx), cell by cell.

use super::head::Gate;
use super::zip_guard::{ZIP_BYTES_MAX, ZIP_INFLATED_BYTES_MAX, check};
use super::{CELL_BYTES_MAX, COLUMNS_MAX, Flow, Format, Row, Shape, TableError, TableOptions};
use crate::code::Code;
use calamine::{Cell, DataRef, Reader, Xlsx};
use pehra_domain::progress::{Watch, tell};
use std::fmt::Write as _;
use std::io::{Cursor, Read};

pub(super) fn read(
    mut bytes: Vec<u8>,
    input: &mut dyn Read,
    options: &TableOptions,
    watch: &mut Watch<'_>,
    gate: &mut Gate<'_>,
) -> Result<(), TableError> {
    swallow(&mut bytes, input, options, watch)?;
    check(&bytes, ZIP_INFLATED_BYTES_MAX, watch)?;
    let mut book: Xlsx<_> =
        Xlsx::new(Cursor::new(bytes)).map_err(|e| TableError::ZipBroken(e.to_string()))?;
    let sheets = book.sheet_names();
    let wanted = match &options.sheet {
        Some(name) if sheets.contains(name) => name.clone(),
        Some(name) => {
            return Err(TableError::NoSheet { wanted: name.clone(), sheets: sheets.join(", ") });
        }
        None => first_with_cells(&mut book, &sheets)?,
    };
    gate.shape(Shape {
        format: Format::Xlsx,
        encoding: None,
        delimiter: None,
        sheet: Some(wanted.clone()),
        sheets,
        header_row: 1,
    });
    rows(&mut book, &wanted, watch, gate)
}

fn swallow(
    bytes: &mut Vec<u8>,
    input: &mut dyn Read,
    options: &TableOptions,
    watch: &mut Watch<'_>,
) -> Result<(), TableError> {
    loop {
        let count = input.take(1024 * 1024).read_to_end(bytes)?;
        let have = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if have > ZIP_BYTES_MAX {
            return Err(TableError::ZipFileTooLarge);
        }
        tell(watch, "read", have, options.bytes_total)?;
        if count == 0 {
            return Ok(());
        }
    }
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn first_with_cells(book: &mut Book, sheets: &[String]) -> Result<String, TableError> {
    for name in sheets {
        if let Ok(mut cells) = book.worksheet_cells_reader(name)
            && matches!(cells.next_cell(), Ok(Some(_)))
        {
            return Ok(name.clone());
        }
    }
    Err(TableError::Empty)
}

fn rows(
    book: &mut Book,
    sheet: &str,
    watch: &mut Watch<'_>,
    gate: &mut Gate<'_>,
) -> Result<(), TableError> {
    let fail = |row: u32, error: &dyn std::fmt::Display| TableError::Workbook {
        row,
        reason: error.to_string(),
    };
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|e| fail(0, &e))?;
    let mut row = Row::default();
    let mut scratch = String::new();
    while let Some(cell) = cells.next_cell().map_err(|e| fail(row.number, &e))? {
        let (line, column) = cell.get_position();
        let line = line.saturating_add(1);
        if line < row.number {
            return Err(fail(line, &"its rows are out of order"));
        }
        if line != row.number {
            if row.number > 0 && hand_on(&mut row, gate)? == Flow::Enough {
                return Ok(());
            }
            row.clear();
            row.number = line;
            if line.is_multiple_of(1024) {
                tell(watch, "read rows", u64::from(line), 0)?;
            }
        }
        place(&mut row, &cell, usize::try_from(column).unwrap_or(usize::MAX), &mut scratch)?;
    }
    if row.number > 0 {
        hand_on(&mut row, gate)?;
    }
    Ok(())
}

fn hand_on(row: &mut Row, gate: &mut Gate<'_>) -> Result<Flow, TableError> {
    row.remove_nul();
    gate.row(row)
}

fn place(
    row: &mut Row,
    cell: &Cell<DataRef<'_>>,
    column: usize,
    scratch: &mut String,
) -> Result<(), TableError> {
    scratch.clear();
    write_cell(cell.get_value(), scratch);
    if scratch.is_empty() {
        return Ok(());
    }
    if column >= COLUMNS_MAX {
        return Err(TableError::TooManyColumns { row: row.number, columns: column + 1 });
    }
    if column < row.len() {
        // The same cell twice: a damaged or forged sheet. The first one stands.
        row.defect = Some(Code::TextGarbled);
        return Ok(());
    }
    while row.len() < column {
        row.end_cell();
    }
    if scratch.len() > CELL_BYTES_MAX {
        row.defect = Some(Code::CellTooLong);
    }
    row.push(scratch);
    row.end_cell();
    Ok(())
}

/// Numbers without exponent, so that a long one is still seen for what it is; dates as `2024-02-08 08:00:00`.
fn write_cell(value: &DataRef<'_>, out: &mut String) {
    let written = match value {
        DataRef::Int(number) => write!(out, "{number}"),
        DataRef::Float(number) => write!(out, "{number}"),
        DataRef::Bool(yes) => write!(out, "{yes}"),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            out.push_str(text);
            Ok(())
        }
        DataRef::SharedString(text) => {
            out.push_str(text);
            Ok(())
        }
        DataRef::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            write!(out, "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        DataRef::DateTime(moment) => write!(out, "{}", moment.as_f64()),
        DataRef::Error(error) => write!(out, "{error}"),
        DataRef::Empty => Ok(()),
    };
    debug_assert!(written.is_ok(), "writing to a string cannot fail");
}
