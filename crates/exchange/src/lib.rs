//! Foreign bytes into values and findings, and back.
//!
//! Invariants: nothing here opens a file, asks for the time or keeps a number of a person. Whatever the bytes
//! are, an import ends in values with findings or in one error that says what to do; it never panics.

pub mod archive;
pub mod boundaries;
pub mod cap;
pub mod code;
pub mod coordinate;
pub mod detachments;
pub mod events;
pub mod export;
pub mod figures;
pub mod finding;
pub mod forces;
pub mod form;
pub mod identity;
pub mod links;
pub mod mapping;
pub mod name;
pub mod norms;
pub mod number;
pub mod osm;
pub mod people;
pub mod photograph;
pub mod places;
pub mod province;
pub mod rows;
pub mod stations;
pub mod stix;
pub mod surveys;
pub mod table;
pub mod text;
pub mod training;
pub mod vrplib;

pub use code::Code;
pub use mapping::Mapping;
pub use rows::{ImportError, ImportOptions};

/// A file of the shared reference folder, when it is there.
#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "tests read reference data and say when it is absent"
)]
pub(crate) fn shared_data(path: &str) -> Option<Vec<u8>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/");
    let bytes = std::fs::read(format!("{root}{path}")).ok();
    if bytes.is_none() {
        println!("shared data absent: skipped");
    }
    bytes
}
