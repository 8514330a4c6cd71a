//! Which column means what: guessed from names and samples, shown, and set by a small TOML file.

mod guess;

use crate::text::Encoding;
use std::collections::BTreeMap;

pub use guess::{guess, is_party_or_votes, is_person, normalise};

/// One meaning a column can have in a kind of import.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// As written in a mapping file.
    pub key: &'static str,
    pub required: bool,
    /// Normalised column names that mean this (see [`normalise`]).
    pub names: &'static [&'static str],
}

/// The meanings of one kind of import.
#[derive(Clone, Copy, Debug)]
pub struct Schema {
    /// `stations`, `forces`, …
    pub kind: &'static str,
    pub fields: &'static [Field],
}

impl Schema {
    /// Place of a field in [`Schema::fields`].
    #[must_use]
    pub fn index(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key == key)
    }
}

/// A column that is on purpose not read.
pub const IGNORE: &str = "ignore";
/// A column about candidates, parties, votes or persons: never read, never stored.
pub const DROP: &str = "drop";

/// The contents of `M.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mapping {
    pub kind: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header_row: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<Encoding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Column name → field key, `ignore` or `drop`.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// Further spellings or codes of provinces: `"11" = "Punjab"`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub provinces: BTreeMap<String, String>,
}

/// Why a mapping cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    #[error("the mapping file cannot be read: {0}")]
    Toml(String),
    #[error("the mapping is for {found}, this import is of {wanted}")]
    Kind { found: String, wanted: &'static str },
    #[error("the mapping names the column “{0}”, which the file does not have")]
    NoColumn(String),
    #[error("“{0}” is no meaning of a column; known are: {1}")]
    NoField(String, String),
    #[error("two columns (“{0}” and “{1}”) are both mapped to {2}")]
    Twice(String, String, String),
    #[error("no column gives {missing}; name it in a mapping file. The file has: {headers}")]
    Missing { missing: String, headers: String },
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// [`MappingError::Toml`] says where it is not understood.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        toml::from_str(text).map_err(|error| MappingError::Toml(error.to_string()))
    }

    /// Writes a mapping file.
    ///
    /// # Errors
    /// [`MappingError::Toml`] when a value has no TOML form; the types here all have one.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        toml::to_string_pretty(self).map_err(|error| MappingError::Toml(error.to_string()))
    }

    /// Column of each field of the schema, checked against the file's columns.
    ///
    /// # Errors
    /// [`MappingError`] names the column or field that does not fit.
    pub fn resolve(
        &self,
        schema: &Schema,
        headers: &[String],
    ) -> Result<Vec<Option<usize>>, MappingError> {
        if self.kind != schema.kind {
            return Err(MappingError::Kind { found: self.kind.clone(), wanted: schema.kind });
        }
        let mut places: Vec<Option<usize>> = vec![None; schema.fields.len()];
        for (header, key) in &self.columns {
            let Some(column) = headers.iter().position(|name| name == header) else {
                return Err(MappingError::NoColumn(header.clone()));
            };
            if key == IGNORE || key == DROP {
                continue;
            }
            let Some(field) = schema.index(key) else {
                let known: Vec<&str> = schema.fields.iter().map(|field| field.key).collect();
                return Err(MappingError::NoField(key.clone(), known.join(", ")));
            };
            if let Some(slot) = places.get_mut(field) {
                if let Some(other) = slot.and_then(|other| headers.get(other)) {
                    return Err(MappingError::Twice(other.clone(), header.clone(), key.clone()));
                }
                *slot = Some(column);
            }
        }
        let missing: Vec<&str> = schema
            .fields
            .iter()
            .zip(&places)
            .filter(|(field, place)| field.required && place.is_none())
            .map(|(field, _)| field.key)
            .collect();
        if missing.is_empty() {
            Ok(places)
        } else {
            let missing = missing.join(", ");
            Err(MappingError::Missing { missing, headers: headers.join(", ") })
        }
    }
}

#[cfg(test)]
mod tests;
