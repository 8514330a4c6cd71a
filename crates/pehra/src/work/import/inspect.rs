//! The first look at a file: its columns, what they seem to mean, and ten rows.

use super::{Kind, WorkError};
use pehra_exchange::{
    ImportOptions, Mapping,
    mapping::{DROP, IGNORE},
    rows::preview,
};
use serde::Serialize;
use std::{fs::File, io::BufReader, ops::ControlFlow, path::Path};

/// Sample values shown for a column.
const SAMPLES: usize = 5;

/// What a file looks like, before anything of it is believed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Inspection {
    pub kind: Kind,
    /// `csv`, `xlsx` or `geojson`.
    pub format: String,
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    pub sheets: Vec<String>,
    pub header_row: u32,
    pub columns: Vec<Column>,
    pub meanings: Vec<Meaning>,
    /// Meanings that are required and that no column seems to have.
    pub missing: Vec<String>,
    pub preview: Vec<Vec<String>>,
    /// The guess as a mapping, ready to be edited and kept as TOML.
    #[serde(skip)]
    pub mapping: Mapping,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    pub index: usize,
    pub header: String,
    /// A meaning's key, `drop` for what must not be kept, none when unknown.
    pub guess: Option<String>,
    pub sample: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meaning {
    pub key: &'static str,
    pub required: bool,
}

/// Looks at the head of a file.
///
/// # Errors
/// [`WorkError::Input`] when it is no table of any known form.
pub fn inspect(kind: Kind, path: &Path) -> Result<Inspection, WorkError> {
    let Some(schema) = kind.schema() else { return Ok(outlines(kind)) };
    let file = File::open(path)
        .map_err(|error| WorkError::Input(format!("{} cannot be read: {error}", path.display())))?;
    let mut watch = |_| ControlFlow::Continue(());
    let seen = preview(&mut BufReader::new(file), schema, &ImportOptions::default(), &mut watch)?;
    let columns = seen.headers.iter().enumerate().map(|(index, header)| Column {
        index,
        header: header.clone(),
        guess: seen.guess.columns.get(header).filter(|key| *key != IGNORE).cloned(),
        sample: seen
            .samples
            .iter()
            .take(SAMPLES)
            .filter_map(|row| row.get(index).cloned())
            .collect(),
    });
    Ok(Inspection {
        kind,
        format: match seen.shape.format {
            pehra_exchange::table::Format::Delimited => "csv".to_owned(),
            pehra_exchange::table::Format::Xlsx => "xlsx".to_owned(),
        },
        encoding: seen.shape.encoding.map(|encoding| format!("{encoding:?}").to_lowercase()),
        delimiter: seen.shape.delimiter,
        sheets: seen.shape.sheets.clone(),
        header_row: seen.shape.header_row,
        columns: columns.collect(),
        meanings: schema
            .fields
            .iter()
            .map(|field| Meaning { key: field.key, required: field.required })
            .collect(),
        missing: seen.missing.iter().map(|&key| key.to_owned()).collect(),
        preview: seen.samples.iter().take(10).cloned().collect(),
        mapping: seen.guess,
    })
}

fn outlines(kind: Kind) -> Inspection {
    Inspection {
        kind,
        format: "geojson".to_owned(),
        encoding: None,
        delimiter: None,
        sheets: Vec::new(),
        header_row: 0,
        columns: Vec::new(),
        meanings: Vec::new(),
        missing: Vec::new(),
        preview: Vec::new(),
        mapping: Mapping::default(),
    }
}

impl Inspection {
    /// The mapping with the meanings that a person chose; none leaves a column unread. A column that must not be
    /// kept stays dropped whatever is chosen.
    #[must_use]
    pub fn with_meanings(&self, chosen: &[(usize, Option<String>)]) -> Mapping {
        let mut mapping = self.mapping.clone();
        for (index, meaning) in chosen {
            let Some(column) = self.columns.get(*index) else { continue };
            if column.guess.as_deref() == Some(DROP) {
                continue;
            }
            let key = meaning.clone().unwrap_or_else(|| IGNORE.to_owned());
            mapping.columns.insert(column.header.clone(), key);
        }
        mapping
    }
}
