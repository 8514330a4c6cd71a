//! Tables that leave the node as files, each with its age, its source, who took it, and the watermark.

use crate::{
    http::{problem::Problem, reply, view::Age, who::Access},
    node::Node,
    world::Provenance,
};
use axum::response::Response;
use pehra_domain::Date;
use pehra_exchange::export;
pub use pehra_exchange::export::Cell;

/// A table on its way out.
pub struct Sheet {
    title: String,
    /// Stands above the table: the watermark if the data are not real, how old they are, from where, who took
    /// them.
    notes: String,
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    #[must_use]
    pub fn new(node: &Node, provenance: &Provenance, access: &Access, title: &str) -> Self {
        let age = Age::of(provenance);
        let mut notes: Vec<String> = node.watermark().into_iter().collect();
        notes.push(format!("as of {}", Date::of_pkt(provenance.at)));
        notes.push(format!("source: {}", age.source));
        notes.push(format!("taken by {} on {}", access.person, Date::of_pkt(node.now())));
        Self {
            title: title.to_owned(),
            notes: notes.join(" · "),
            header: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// A table of what signed entries say now.
    #[must_use]
    pub fn of_entries(node: &Node, access: &Access, title: &str) -> Self {
        let record = Provenance {
            manifest: [0; 32],
            at: node.now(),
            source: "signed entries".to_owned(),
            signed_by: access.person.to_string(),
        };
        Self::new(node, &record, access, title)
    }

    pub fn header(&mut self, names: &[&str]) {
        self.header = names.iter().map(|&name| name.to_owned()).collect();
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }
}

impl Sheet {
    /// As CSV. What stands above the table in a workbook stands in the file's name and first line here.
    ///
    /// # Errors
    /// A fault of the program.
    pub async fn csv(self, name: &'static str) -> Result<Response, Problem> {
        let done = tokio::task::spawn_blocking(move || {
            let (sheet, notes) = self.plain();
            let mut out = Vec::new();
            sheet.csv(Some(&notes), &mut out).map(|_| out)
        });
        let bytes = done.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        Ok(reply::file(&format!("pehra-{name}.csv"), reply::CSV, bytes))
    }

    /// As a workbook.
    ///
    /// # Errors
    /// A fault of the program.
    pub async fn xlsx(self, name: &'static str) -> Result<Response, Problem> {
        let done = tokio::task::spawn_blocking(move || {
            let (sheet, notes) = self.plain();
            export::xlsx(&[sheet], Some(&notes))
        });
        let bytes = done.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
        Ok(reply::file(&format!("pehra-{name}.xlsx"), reply::XLSX, bytes))
    }

    fn plain(self) -> (export::Sheet, String) {
        let Self { title, notes, header, rows } = self;
        (export::Sheet { name: title, headers: header, rows, right_to_left: false }, notes)
    }
}

/// A text cell.
#[must_use]
pub fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// A count.
#[must_use]
pub fn count(count: u32) -> Cell {
    Cell::Whole(i64::from(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_says_what_it_is_before_its_first_row() {
        let sheet = Sheet {
            title: "Stations".to_owned(),
            notes: "SYNTHETIC DATA · as of 2024-02-08".to_owned(),
            header: vec!["a".to_owned(), "b".to_owned()],
            rows: vec![vec![text("=1"), count(3)]],
        };
        let response = sheet.csv("stations").await.unwrap();
        let disposition = &response.headers()["content-disposition"];
        assert_eq!(disposition, "attachment; filename=\"pehra-stations.csv\"");
        let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        let lines: Vec<&str> = body.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines, ["SYNTHETIC DATA · as of 2024-02-08", "a,b", "'=1,3"]);
    }
}
