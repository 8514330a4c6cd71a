//! Tables back out: CSV and XLSX, with a watermark, and with no cell that a spreadsheet would run.

use pehra_domain::finding::Finding;
use pehra_domain::severity::Severity;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::io::Write;

/// Why a table cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the file cannot be written")]
    Write(#[from] std::io::Error),
    #[error("the spreadsheet cannot be made")]
    Xlsx(#[from] XlsxError),
}

/// One cell of an export.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Text(String),
    Whole(i64),
    Decimal(f64),
    Empty,
}

/// One sheet of a workbook.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Up to 31 characters; marks that spreadsheets forbid are replaced.
    pub name: String,
    pub headers: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Columns run from right to left, for Urdu.
    pub right_to_left: bool,
}

/// Whether a spreadsheet would take the text for a formula. Plain numbers with a sign are none.
fn is_formula(text: &str) -> bool {
    text.starts_with([
        '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) && text.parse::<f64>().is_err()
}

fn write_row(cells: &[String], out: &mut dyn Write) -> std::io::Result<()> {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        let guard = if is_formula(cell) { "'" } else { "" };
        let plain = cell.replace('\0', "");
        let quoted = plain.contains([',', '"', '\n', '\r', ';', '\t'])
            || plain.starts_with(' ')
            || plain.ends_with(' ');
        if quoted {
            write!(out, "\"{guard}{}\"", plain.replace('"', "\"\""))?;
        } else {
            write!(out, "{guard}{plain}")?;
        }
    }
    out.write_all(b"\r\n")
}

/// Writes a CSV file: UTF-8 with a byte-order mark (spreadsheets need it to show Urdu), lines ended by CR LF. The
/// watermark stands alone in the first line. A cell that a spreadsheet would run as a formula gets an apostrophe
/// before it. Gives the number of rows written.
///
/// # Errors
/// What the writer says.
pub fn csv(
    headers: &[&str],
    rows: &mut dyn Iterator<Item = Vec<String>>,
    watermark: Option<&str>,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    out.write_all("\u{feff}".as_bytes())?;
    if let Some(watermark) = watermark {
        write_row(&[watermark.to_owned()], out)?;
    }
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    write_row(&headers, out)?;
    let mut count = 0;
    for row in rows {
        write_row(&row, out)?;
        count += 1;
    }
    Ok(count)
}

impl Sheet {
    /// The rows of a workbook's sheet as [`csv`] writes them.
    ///
    /// # Errors
    /// What the writer says.
    pub fn csv(&self, watermark: Option<&str>, out: &mut dyn Write) -> Result<u64, ExportError> {
        let headers: Vec<&str> = self.headers.iter().map(String::as_str).collect();
        let mut rows = self.rows.iter().map(|row| row.iter().map(Cell::plain).collect());
        csv(&headers, &mut rows, watermark, out)
    }
}

impl Cell {
    fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Decimal(number) => number.to_string(),
            Self::Empty => String::new(),
        }
    }
}

/// Writes findings as `row,column,code,severity,was,now,text`.
///
/// # Errors
/// What the writer says.
pub fn findings_csv(
    findings: &[Finding],
    watermark: Option<&str>,
    out: &mut dyn Write,
) -> Result<u64, ExportError> {
    let severity = |severity: Severity| match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let mut rows = findings.iter().map(|finding| {
        vec![
            finding.row.to_string(),
            finding.column.clone(),
            finding.code.clone(),
            severity(finding.severity).to_owned(),
            finding.was.clone(),
            finding.now.clone(),
            finding.text.clone(),
        ]
    });
    csv(&["row", "column", "code", "severity", "was", "now", "text"], &mut rows, watermark, out)
}

/// Makes a workbook in memory; the same sheets give the same bytes. Text is always text: nothing is run. The
/// watermark stands in the first row of each sheet and in its header when printed.
///
/// # Errors
/// [`ExportError::Xlsx`] when a sheet has more rows or columns than the format holds, or two bear one name.
pub fn xlsx(sheets: &[Sheet], watermark: Option<&str>) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    // A fixed day, so that bytes do not depend on when they are made.
    let day = ExcelDateTime::from_ymd(2024, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let bold = Format::new().set_bold();
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(sheet_name(&sheet.name))?;
        page.set_right_to_left(sheet.right_to_left);
        let mut line = 0_u32;
        if let Some(watermark) = watermark {
            page.write_string_with_format(0, 0, watermark, &bold)?;
            page.set_header(format!("&C{}", watermark.replace('&', "&&")));
            line = 1;
        }
        for (column, header) in (0_u16..).zip(&sheet.headers) {
            page.write_string_with_format(line, column, header, &bold)?;
        }
        page.set_freeze_panes(line + 1, 0)?;
        for (row, cells) in (line + 1..).zip(&sheet.rows) {
            for (column, cell) in (0_u16..).zip(cells) {
                write_cell(page, row, column, cell)?;
            }
        }
    }
    Ok(book.save_to_buffer()?)
}

fn write_cell(
    page: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
) -> Result<(), XlsxError> {
    /// Whole numbers up to 2^53 are exact in a spreadsheet; larger ones are written as text.
    const EXACT: u64 = 1 << 53;
    match cell {
        Cell::Text(text) => {
            let short: String = text.chars().take(32_767).collect();
            page.write_string(row, column, short)?;
        }
        Cell::Whole(number) if number.unsigned_abs() <= EXACT => {
            #[expect(clippy::cast_precision_loss, reason = "checked to be exact")]
            page.write_number(row, column, *number as f64)?;
        }
        Cell::Whole(number) => {
            page.write_string(row, column, number.to_string())?;
        }
        Cell::Decimal(number) if number.is_finite() => {
            page.write_number(row, column, *number)?;
        }
        Cell::Decimal(_) | Cell::Empty => {}
    }
    Ok(())
}

fn sheet_name(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\' | '\'') { '-' } else { c })
        .take(31)
        .collect();
    if plain.trim().is_empty() { "Sheet".to_owned() } else { plain }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_would_run_is_defused_and_numbers_are_not() {
        let mut out = Vec::new();
        let row = ["=1+1", "+cmd", "-2.5", "@x", "a,\"b\"", "زنانہ"].map(str::to_owned).to_vec();
        let count =
            csv(&["a", "b", "c", "d", "e", "f"], &mut std::iter::once(row), Some("SYN"), &mut out);
        assert_eq!(count.unwrap(), 1);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            text,
            "\u{feff}SYN\r\na,b,c,d,e,f\r\n'=1+1,'+cmd,-2.5,'@x,\"a,\"\"b\"\"\",زنانہ\r\n"
        );
    }

    #[test]
    fn a_sheet_is_written_as_plain_rows() {
        let sheet = Sheet {
            name: "posts".to_owned(),
            headers: ["no", "place", "share", "done"].map(str::to_owned).into(),
            rows: vec![vec![
                Cell::Whole(15),
                Cell::Text("=NA-40".to_owned()),
                Cell::Decimal(25.5),
                Cell::Empty,
            ]],
            right_to_left: true,
        };
        let mut out = Vec::new();
        assert_eq!(sheet.csv(Some("SYN"), &mut out).unwrap(), 1);
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text, "\u{feff}SYN\r\nno,place,share,done\r\n15,'=NA-40,25.5,\r\n");
    }

    #[test]
    fn a_workbook_has_the_same_bytes_every_time_and_reads_back() {
        let sheet = Sheet {
            name: "Posts: [1]".to_owned(),
            headers: vec!["station no".to_owned(), "constituency".to_owned(), "lat".to_owned()],
            rows: vec![vec![Cell::Whole(15), Cell::Text("=NA-40".to_owned()), Cell::Decimal(25.5)]],
            right_to_left: true,
        };
        let bytes = xlsx(std::slice::from_ref(&sheet), Some("SYN – not real")).unwrap();
        assert_eq!(bytes, xlsx(&[sheet], Some("SYN – not real")).unwrap());
        let mut input = bytes.as_slice();
        let preview = crate::rows::preview(
            &mut input,
            &crate::stations::SCHEMA,
            &crate::ImportOptions::default(),
            &mut |_| std::ops::ControlFlow::Continue(()),
        )
        .unwrap();
        assert_eq!(preview.shape.header_row, 2, "the watermark is no header");
        assert_eq!(preview.samples, [["15", "=NA-40", "25.5"]]);
    }

    #[test]
    fn findings_are_written_a_line_each() {
        let mut findings = crate::finding::Findings::default();
        findings.push(crate::Code::CoordinateSwapped, 7, "lat", "69 25", "25 69");
        let (list, _) = findings.into_parts();
        let mut out = Vec::new();
        assert_eq!(findings_csv(&list, None, &mut out).unwrap(), 1);
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("7,lat,coordinate-swapped,warning,69 25,25 69,"), "{text}");
    }
}
