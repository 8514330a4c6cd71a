use super::*;
use crate::export::{Cell, Sheet, xlsx};
use proptest::prelude::*;
use std::io::Write as _;
use std::ops::ControlFlow;

#[derive(Default)]
struct Kept {
    headers: Vec<String>,
    shape: Option<Shape>,
    rows: Vec<Row>,
}

impl RowSink for Kept {
    fn head(&mut self, headers: &[String], shape: &Shape) -> Result<(), TableError> {
        self.headers = headers.to_vec();
        self.shape = Some(shape.clone());
        Ok(())
    }
    fn row(&mut self, row: &Row) -> Result<Flow, TableError> {
        self.rows.push(row.clone());
        Ok(Flow::More)
    }
}

fn try_read(bytes: &[u8], options: &TableOptions) -> Result<Kept, TableError> {
    let mut kept = Kept::default();
    let mut input = bytes;
    read(&mut input, options, &mut |_| ControlFlow::Continue(()), &mut kept)?;
    Ok(kept)
}

fn kept(text: &str) -> Kept {
    try_read(text.as_bytes(), &TableOptions::default()).unwrap()
}

fn cells(kept: &Kept) -> Vec<(u32, Vec<&str>)> {
    kept.rows.iter().map(|row| (row.number, row.cells().collect())).collect()
}

#[test]
fn quoted_line_breaks_and_blank_lines_keep_the_spreadsheets_row_numbers() {
    let kept = kept("a,b\n1,\"x\ny, \"\"z\"\"\"\n\n3,w\r\n4,v\r5,u");
    assert_eq!(
        cells(&kept),
        [
            (2, vec!["1", "x\ny, \"z\""]),
            (4, vec!["3", "w"]),
            (5, vec!["4", "v"]),
            (6, vec!["5", "u"])
        ]
    );
    assert!(kept.rows[3].open_end && !kept.rows[2].open_end);
}

#[test]
fn the_delimiter_is_found_and_may_be_set() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "a,b,c\n1,\"2,2\",3\n4,5,6\n".replace(',', &delimiter.to_string());
        let kept = kept(&text);
        assert_eq!(kept.shape.unwrap().delimiter, Some(delimiter));
        assert_eq!(kept.rows[1].len(), 3);
    }
    let kept = kept("a;b\n25,5;69,5\n25,6;69,7\n");
    assert_eq!(kept.shape.unwrap().delimiter, Some(';'));
    let options = TableOptions { delimiter: Some('|'), ..TableOptions::default() };
    assert_eq!(try_read(b"a,b|c\n", &options).unwrap().headers, ["a,b", "c"]);
}

#[test]
fn the_header_is_found_below_titles() {
    let kept =
        kept("Final list of polling stations,,\nDistrict X,,\n\nno,name,voters\n1,A,2\n2,B,3\n");
    assert_eq!(kept.headers, ["no", "name", "voters"]);
    assert_eq!(kept.shape.as_ref().unwrap().header_row, 4);
    assert_eq!(cells(&kept), [(5, vec!["1", "A", "2"]), (6, vec!["2", "B", "3"])]);
    let options = TableOptions { header_row: Some(9), ..TableOptions::default() };
    assert!(matches!(try_read(b"a,b\n1,2\n", &options), Err(TableError::NoHeader(9))));
}

#[test]
fn columns_without_a_name_or_with_the_same_name_get_one() {
    let kept = kept("name,,name,42101-1234567-1,\n1,2,3,4,5\n");
    assert_eq!(kept.headers, ["name", "column 2", "name #2", "column 4"]);
}

#[test]
fn a_quote_never_closed_spoils_one_row_only() {
    let kept = kept("a,b\n1,\"x\n2,y\n3,z\n");
    let found: Vec<_> = kept.rows.iter().map(|row| (row.number, row.defect)).collect();
    assert_eq!(found, [(2, Some(Code::QuoteUnclosed)), (3, None), (4, None)]);
    // The closing mark of a later row does not swallow the rows between.
    let kept = kept_of("a,b\n1,\"x\n2,y\n3,\"z\" w\n");
    assert_eq!(kept.rows.len(), 3);
    assert_eq!(kept.rows[0].defect, Some(Code::QuoteUnclosed));
}

fn kept_of(text: &str) -> Kept {
    kept(text)
}

#[test]
fn zero_bytes_are_removed_and_long_cells_marked() {
    let kept = kept("a,b\n1,x\0y\n");
    assert_eq!((kept.rows[0].get(1), kept.rows[0].nul), ("xy", true));
    let long = format!("a,b\n1,{}\n2,c\n", "x".repeat(CELL_BYTES_MAX + 1));
    let kept = kept_of(&long);
    assert_eq!(kept.rows[0].defect, Some(Code::CellTooLong));
    assert_eq!(kept.rows[1].defect, None);
}

/// Gives a beginning once and a line for ever: a file of any size that is never held.
struct Endless {
    line: &'static [u8],
    at: usize,
    given: u64,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        for slot in out.iter_mut() {
            *slot = self.line[self.at];
            self.at = (self.at + 1) % self.line.len();
        }
        self.given += u64::try_from(out.len()).unwrap_or(0);
        Ok(out.len())
    }
}

struct Count(u64);

impl RowSink for Count {
    fn head(&mut self, _: &[String], _: &Shape) -> Result<(), TableError> {
        Ok(())
    }
    fn row(&mut self, _: &Row) -> Result<Flow, TableError> {
        self.0 += 1;
        Ok(Flow::More)
    }
}

#[test]
fn an_endless_file_ends_at_the_row_limit_with_a_message() {
    let mut input = Endless { line: b"aa,bb,cc\n", at: 0, given: 0 };
    let mut count = Count(0);
    let options = TableOptions { rows_max: Some(50_000), ..TableOptions::default() };
    let result = read(&mut input, &options, &mut |_| ControlFlow::Continue(()), &mut count);
    let message = result.unwrap_err().to_string();
    assert!(message.contains("row 50002") && message.contains("50000"), "{message}");
    assert_eq!(count.0, 50_000);
    assert!(input.given < 2_000_000, "no more is read than needed");
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    for line in [b"abcdefgh".as_slice(), b"\"aaa,bbb"] {
        let mut input = Endless {
            line: if line[0] == b'a' { b"abcdefgh" } else { b"\"aaa,bbb" },
            at: 0,
            given: 0,
        };
        let result = read(
            &mut input,
            &TableOptions::default(),
            &mut |_| ControlFlow::Continue(()),
            &mut Count(0),
        );
        assert!(
            matches!(
                result,
                Err(TableError::RecordTooLong { row: 1 } | TableError::TooManyColumns { .. })
            ),
            "{result:?}"
        );
        assert!(input.given < 4_000_000);
    }
}

#[test]
fn the_watcher_stops_the_work_at_once() {
    let mut input = Endless { line: b"aa,bb,cc\n", at: 0, given: 0 };
    let mut told = 0;
    let result = read(
        &mut input,
        &TableOptions::default(),
        &mut |_| {
            told += 1;
            if told == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        },
        &mut Count(0),
    );
    assert!(matches!(result, Err(TableError::Cancelled(_))));
    assert!(input.given < 200_000);
}

fn book(rows: usize) -> Vec<u8> {
    let sheet = Sheet {
        name: "List".to_owned(),
        headers: vec!["no".to_owned(), "name".to_owned(), "number".to_owned()],
        rows: (0..i64::try_from(rows).unwrap())
            .map(|n| {
                vec![
                    Cell::Whole(n),
                    Cell::Text("زنانہ".to_owned()),
                    Cell::Decimal(4_210_112_345_671.0),
                ]
            })
            .collect(),
        right_to_left: false,
    };
    xlsx(&[sheet], None).unwrap()
}

#[test]
fn a_spreadsheet_is_read_and_long_numbers_keep_their_digits() {
    let kept = try_read(&book(3), &TableOptions::default()).unwrap();
    assert_eq!(kept.headers, ["no", "name", "number"]);
    assert_eq!(kept.rows[2].cells().collect::<Vec<_>>(), ["2", "زنانہ", "4210112345671"]);
    assert_eq!(kept.rows[2].number, 4);
    let options = TableOptions { sheet: Some("Other".to_owned()), ..TableOptions::default() };
    let message = try_read(&book(1), &options).err().unwrap().to_string();
    assert!(message.contains("Other") && message.contains("List"), "{message}");
}

#[test]
fn a_spreadsheet_cut_short_or_old_is_refused_in_words() {
    let whole = book(500);
    for part in [1, 3, 9] {
        let cut = whole.get(..whole.len() * part / 10).unwrap();
        assert!(matches!(try_read(cut, &TableOptions::default()), Err(TableError::ZipBroken(_))));
    }
    let old = [0xd0, 0xcf, 0x11, 0xe0, 0xa1];
    assert!(matches!(try_read(&old, &TableOptions::default()), Err(TableError::OldWorkbook)));
    assert!(matches!(
        try_read(b"%PDF-1.4", &TableOptions::default()),
        Err(TableError::NotATable(_))
    ));
    assert!(matches!(
        try_read(b"{\"a\":1}", &TableOptions::default()),
        Err(TableError::NotATable(_))
    ));
    assert!(matches!(try_read(b"", &TableOptions::default()), Err(TableError::Empty)));
    assert!(matches!(try_read(b"\n\n\n", &TableOptions::default()), Err(TableError::Empty)));
}

fn zip_of(entries: &[(&str, usize)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let zeros = vec![b' '; 1024 * 1024];
    for (name, mebibytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        for _ in 0..*mebibytes {
            archive.write_all(&zeros).unwrap();
        }
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn a_zip_bomb_is_refused_before_anything_opens_it() {
    let bomb = zip_of(&[("xl/worksheets/sheet1.xml", 40)]);
    assert!(bomb.len() < 100_000);
    let error = try_read(&bomb, &TableOptions::default()).err().unwrap();
    assert!(matches!(error, TableError::ZipRatio { .. }), "{error}");
    let entries: Vec<String> = (0..=ZIP_ENTRIES_MAX).map(|n| format!("e{n}")).collect();
    let many: Vec<(&str, usize)> = entries.iter().map(|name| (name.as_str(), 0)).collect();
    let error = try_read(&zip_of(&many), &TableOptions::default()).err().unwrap();
    assert!(matches!(error, TableError::ZipEntries { .. }), "{error}");
    // Small parts, each below the free size, that together unpack to too much.
    let parts: Vec<String> = (0..10).map(|n| format!("p{n}")).collect();
    let heavy: Vec<(&str, usize)> = parts.iter().map(|name| (name.as_str(), 1)).collect();
    let heavy = zip_of(&heavy);
    let mut watch = |_| ControlFlow::Continue(());
    let error = zip_guard::check(&heavy, 9 * 1024 * 1024, &mut watch).err().unwrap();
    assert!(matches!(error, TableError::ZipTooLarge), "{error}");
    assert!(zip_guard::check(&heavy, 10 * 1024 * 1024, &mut watch).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn random_bytes_never_stop_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = try_read(&bytes, &TableOptions::default());
    }

    #[test]
    fn a_damaged_spreadsheet_never_stops_the_reader(at in 0_usize..4000, byte: u8, cut in 0_usize..8000) {
        let mut bytes = book(3);
        let place = at % bytes.len();
        bytes[place] = byte;
        bytes.truncate(bytes.len().saturating_sub(cut / 40));
        let _ = try_read(&bytes, &TableOptions::default());
    }

    #[test]
    fn what_is_written_is_read_back(rows in proptest::collection::vec(
        proptest::collection::vec("[ -~\n]{0,12}", 3), 1..8)) {
        let mut out = Vec::new();
        let mut given = rows.clone().into_iter();
        crate::export::csv(&["aa", "bb", "cc"], &mut given, None, &mut out).unwrap();
        let options = TableOptions { header_row: Some(1), delimiter: Some(','), ..TableOptions::default() };
        let kept = try_read(&out, &options).unwrap();
        let plain = |cell: &String| {
            let formula = cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
            if formula { format!("'{cell}").trim().to_owned() } else { cell.trim().to_owned() }
        };
        let wanted: Vec<Vec<String>> = rows
            .iter()
            .map(|row| row.iter().map(plain).collect::<Vec<_>>())
            .filter(|row: &Vec<String>| row.iter().any(|cell| !cell.is_empty()))
            .collect();
        let read: Vec<Vec<String>> =
            kept.rows.iter().map(|row| row.cells().map(str::to_owned).collect()).collect();
        prop_assert_eq!(read, wanted);
    }
}
