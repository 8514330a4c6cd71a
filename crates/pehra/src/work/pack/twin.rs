//! Every table again for other programs: CSV by table, and one workbook, in each language.

use crate::work::{
    WorkError,
    file::{disk, write},
};
use pehra_domain::sheet::{Cell, Language, Sheet, Table};
use pehra_exchange::export::{self, Cell as Out, Sheet as Page};
use std::{collections::BTreeMap, fs, path::Path};

/// Rows of one name from many sheets, under the heads of the first.
#[derive(Default)]
pub(super) struct Twins {
    tables: BTreeMap<String, Vec<(String, Table)>>,
}

impl Twins {
    pub(super) fn add(&mut self, kind: &str, sheet: &Sheet) {
        for table in sheet.tables() {
            let name = format!("{kind}-{}", table.name);
            self.tables.entry(name).or_default().push((sheet.name.clone(), table.clone()));
        }
    }

    /// # Errors
    /// [`WorkError::Input`] names the file that cannot be written.
    pub(super) fn write(
        &self,
        folder: &Path,
        name: &str,
        language: Language,
        mark: Option<&str>,
    ) -> Result<u64, WorkError> {
        if self.tables.is_empty() {
            return Ok(0);
        }
        let csvs = folder.join(name);
        fs::create_dir_all(&csvs).map_err(|error| disk(&csvs, &error))?;
        let mut pages = Vec::new();
        for (table, parts) in &self.tables {
            let page = page(table, parts, language);
            let mut out = Vec::new();
            page.csv(mark, &mut out).map_err(|error| WorkError::Input(error.to_string()))?;
            write(&csvs.join(format!("{table}.csv")), &out)?;
            pages.push(page);
        }
        let book =
            export::xlsx(&pages, mark).map_err(|error| WorkError::Input(error.to_string()))?;
        write(&folder.join(format!("{name}.xlsx")), &book)?;
        Ok(pages.len() as u64)
    }
}

fn page(name: &str, parts: &[(String, Table)], language: Language) -> Page {
    let heads = parts.first().map_or(&[][..], |(_, table)| &table.columns);
    let mut headers = vec![super::texts::t("column.sheet").of(language).to_owned()];
    headers.extend(heads.iter().map(|column| column.head.of(language).to_owned()));
    let rows = parts.iter().flat_map(|(sheet, table)| {
        table.rows.iter().map(move |row| {
            let mut cells = vec![Out::Text(sheet.clone())];
            cells.extend(row.iter().map(|cell| match cell {
                Cell::Number(number) => Out::Whole(*number),
                Cell::Words(words) => Out::Text(unmarked(words.of(language))),
                Cell::Blank(()) => Out::Empty,
            }));
            cells
        })
    });
    Page {
        name: name.to_owned(),
        headers,
        rows: rows.collect(),
        right_to_left: language == Language::Urdu,
    }
}

/// Without the marks that keep directions apart on paper.
fn unmarked(text: &str) -> String {
    text.replace(['\u{2066}', '\u{2069}'], "")
}
