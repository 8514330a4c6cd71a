//! Delimited text: comma, semicolon, tab or bar; quotes may hold line breaks.

use super::head::Gate;
use super::{
    CELL_BYTES_MAX, COLUMNS_MAX, Flow, Format, RECORD_BYTES_MAX, Row, Shape, TableError,
    TableOptions,
};
use crate::code::Code;
use crate::text::Utf8Source;
use pehra_domain::progress::{Watch, tell};
use std::io::Read;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

pub(super) fn read(
    head: Vec<u8>,
    input: &mut dyn Read,
    options: &TableOptions,
    watch: &mut Watch<'_>,
    gate: &mut Gate<'_>,
) -> Result<(), TableError> {
    let mut records = Records {
        source: Utf8Source::new(head, input, options.encoding),
        buffer: String::new(),
        start: 0,
        ended: false,
        delimiter: b',',
        number: 0,
        text_bytes: 0,
    };
    records.fill()?;
    if records.buffer.trim_start().starts_with(['{', '[']) {
        return Err(TableError::NotATable("it is JSON; only GeoJSON boundaries are read that way"));
    }
    records.delimiter = match options.delimiter {
        Some(given) => u8::try_from(given).unwrap_or(b','),
        None => sniff(&records.buffer),
    };
    gate.shape(Shape {
        format: Format::Delimited,
        encoding: Some(records.source.encoding()),
        delimiter: Some(char::from(records.delimiter)),
        sheet: None,
        sheets: Vec::new(),
        header_row: 1,
    });
    tell(watch, "read", 0, options.bytes_total)?;
    let mut row = Row::default();
    while records.next(&mut row)? {
        if row.number.is_multiple_of(4096) {
            tell(watch, "read", records.text_bytes, options.bytes_total)?;
        }
        if gate.row(&row)? == Flow::Enough {
            break;
        }
    }
    Ok(())
}

struct Records<'a> {
    source: Utf8Source<'a>,
    buffer: String,
    start: usize,
    ended: bool,
    delimiter: u8,
    number: u32,
    text_bytes: u64,
}

enum Parsed {
    Done { used: usize },
    NeedMore,
    Unclosed,
}

impl Records<'_> {
    fn fill(&mut self) -> Result<(), TableError> {
        self.buffer.drain(..self.start);
        self.start = 0;
        let before = self.buffer.len();
        self.ended = !self.source.fill(&mut self.buffer)?;
        let added = self.buffer.len() - before;
        self.text_bytes = self.text_bytes.saturating_add(u64::try_from(added).unwrap_or(u64::MAX));
        Ok(())
    }

    fn next(&mut self, row: &mut Row) -> Result<bool, TableError> {
        loop {
            let rest = self.buffer.get(self.start..).unwrap_or_default();
            if rest.is_empty() && self.ended {
                return Ok(false);
            }
            row.clear();
            let full = rest.len() >= RECORD_BYTES_MAX;
            let mut parsed = record(rest, self.delimiter, self.ended, true, row);
            if full && matches!(parsed, Parsed::NeedMore) {
                parsed = Parsed::Unclosed;
            }
            let used = match parsed {
                Parsed::Done { used } => used,
                Parsed::NeedMore => {
                    self.fill()?;
                    continue;
                }
                Parsed::Unclosed => {
                    row.clear();
                    let parsed = record(rest, self.delimiter, self.ended, false, row);
                    let Parsed::Done { used } = parsed else {
                        return Err(TableError::RecordTooLong { row: self.number + 1 });
                    };
                    row.defect = Some(Code::QuoteUnclosed);
                    used
                }
            };
            self.start += used;
            self.number = self.number.saturating_add(1);
            row.number = self.number;
            if row.cells().any(|cell| cell.len() > CELL_BYTES_MAX) {
                row.defect = Some(Code::CellTooLong);
            }
            row.remove_nul();
            return Ok(true);
        }
    }
}

/// Parses one record from the start of `text`. With `quotes` false a quotation mark is an ordinary letter.
fn record(text: &str, delimiter: u8, ended: bool, quotes: bool, row: &mut Row) -> Parsed {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        if quotes && bytes.get(at) == Some(&b'"') {
            match quoted(text, at, delimiter, ended, row) {
                Ok(after) => at = after,
                Err(parsed) => return parsed,
            }
        }
        let stop = bytes
            .get(at..)
            .unwrap_or_default()
            .iter()
            .position(|&b| b == delimiter || b == b'\n' || b == b'\r')
            .map(|offset| at + offset);
        let Some(stop) = stop else {
            if !ended {
                return Parsed::NeedMore;
            }
            row.push(text.get(at..).unwrap_or_default());
            row.end_cell();
            row.open_end = true;
            return Parsed::Done { used: bytes.len() };
        };
        row.push(text.get(at..stop).unwrap_or_default());
        row.end_cell();
        match bytes.get(stop) {
            Some(b'\n') => return Parsed::Done { used: stop + 1 },
            Some(b'\r') => {
                return match bytes.get(stop + 1) {
                    Some(b'\n') => Parsed::Done { used: stop + 2 },
                    None if !ended => Parsed::NeedMore,
                    _ => Parsed::Done { used: stop + 1 },
                };
            }
            _ => at = stop + 1,
        }
        if row.len() > COLUMNS_MAX + 1 {
            // The receiver refuses such a row; there is no need to go on.
            return Parsed::Done { used: stop + 1 };
        }
    }
}

/// The inside of a quoted cell; gives the place after the closing mark.
fn quoted(
    text: &str,
    open: usize,
    delimiter: u8,
    ended: bool,
    row: &mut Row,
) -> Result<usize, Parsed> {
    let bytes = text.as_bytes();
    let mut from = open + 1;
    loop {
        let close = bytes.get(from..).and_then(|rest| rest.iter().position(|&b| b == b'"'));
        let Some(close) = close.map(|offset| from + offset) else {
            return Err(if ended { Parsed::Unclosed } else { Parsed::NeedMore });
        };
        row.push(text.get(from..close).unwrap_or_default());
        match bytes.get(close + 1) {
            Some(b'"') => {
                row.push("\"");
                from = close + 2;
            }
            None if !ended => return Err(Parsed::NeedMore),
            None | Some(b'\n' | b'\r') => return Ok(close + 1),
            Some(&next) if next == delimiter => return Ok(close + 1),
            Some(_) => {
                // Text after a closing mark is kept; but if the cell ran over a line end before, the mark
                // belongs to another row and this one was never closed.
                let inside = bytes.get(open..close).unwrap_or_default();
                return if inside.contains(&b'\n') { Err(Parsed::Unclosed) } else { Ok(close + 1) };
            }
        }
    }
}

/// The delimiter whose count per line is steadiest over the first lines.
fn sniff(text: &str) -> u8 {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(20).collect();
    let mut best = (0, b',');
    for delimiter in DELIMITERS {
        let counts: Vec<usize> = lines.iter().map(|line| outside_quotes(line, delimiter)).collect();
        let score = counts
            .iter()
            .filter(|&&count| count > 0)
            .map(|count| {
                let lines = counts.iter().filter(|other| *other == count).count();
                lines * lines * (count + 1).min(50)
            })
            .max()
            .unwrap_or_default();
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn outside_quotes(line: &str, delimiter: u8) -> usize {
    let mut inside = false;
    let mut count = 0;
    for byte in line.bytes() {
        if byte == b'"' {
            inside = !inside;
        } else if byte == delimiter && !inside {
            count += 1;
        }
    }
    count
}
