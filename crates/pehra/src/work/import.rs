//! Taking a file in: look at its columns, check every row, show what would change, then sign.

mod content;
mod inspect;
mod merge;
mod sign;

pub use content::{Checked, Content, Diff, Summary};
pub use inspect::{Column, Inspection, Meaning, inspect};
pub use sign::{sign, station_search, unit_search};

use super::WorkError;
use crate::node::Node;
use pehra_domain::{StationId, figure::Figure, progress::Watch};
use pehra_exchange::{
    ImportError, ImportOptions, Mapping,
    boundaries::{Boundary, BoundaryIndex},
    mapping::Schema,
    stations::{self, StationOptions},
};
use pehra_ledger::Hash;
use serde::Serialize;
use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

/// What a file is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Polling stations as the commission lists them.
    Stations,
    /// Units of police, civil armed forces and army.
    Forces,
    /// Past violence: UCDP GED or ACLED exports.
    Events,
    /// Deployment norms.
    Norms,
    /// Published figures, contradictions and all.
    Figures,
    /// District outlines as GeoJSON.
    Boundaries,
    /// Building surveys and district checklists.
    Surveys,
    /// Returning offices, stores, distribution points, routes, candidates' offices, rallies, processions.
    Places,
    /// Roads as OpenStreetMap publishes them: `.osm.pbf`.
    Roads,
}

impl Kind {
    /// What the room's wizard takes. Road maps are larger than a browser should carry.
    pub const ALL: [Self; 8] = [
        Self::Stations,
        Self::Forces,
        Self::Events,
        Self::Norms,
        Self::Figures,
        Self::Boundaries,
        Self::Surveys,
        Self::Places,
    ];

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Stations => "stations",
            Self::Forces => "forces",
            Self::Events => "events",
            Self::Norms => "norms",
            Self::Figures => "figures",
            Self::Boundaries => "boundaries",
            Self::Surveys => "surveys",
            Self::Places => "places",
            Self::Roads => "roads",
        }
    }

    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The columns that such a file can have; none for outlines, which are no table.
    #[must_use]
    pub fn schema(self) -> Option<&'static Schema> {
        match self {
            Self::Stations => Some(&stations::SCHEMA),
            Self::Forces => Some(&pehra_exchange::forces::SCHEMA),
            Self::Events => Some(&pehra_exchange::events::SCHEMA),
            Self::Norms => Some(&pehra_exchange::norms::SCHEMA),
            Self::Figures => Some(&pehra_exchange::figures::SCHEMA),
            Self::Boundaries | Self::Roads => None,
            Self::Surveys => Some(&pehra_exchange::surveys::SCHEMA),
            Self::Places => Some(&pehra_exchange::places::SCHEMA),
        }
    }
}

impl From<ImportError> for WorkError {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Cancelled(cancelled) => Self::Cancelled(cancelled),
            other @ (ImportError::Table(_) | ImportError::Mapping(_) | ImportError::GeoJson(_)) => {
                Self::Input(chain(&other))
            }
        }
    }
}

/// Why one file could not be imported, with the file's name.
pub(super) fn of_file(path: &Path, error: ImportError) -> WorkError {
    match WorkError::from(error) {
        WorkError::Input(text) => WorkError::Input(format!("{}: {text}", path.display())),
        other @ (WorkError::Cancelled(_) | WorkError::Node(_) | WorkError::Missing(_)) => other,
    }
}

/// An error with its causes in one sentence.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        cause = inner.source();
    }
    text
}

/// A file on the disk, hashed while it is read.
struct Hashed<R> {
    inner: R,
    digest: sha2::Sha256,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        use sha2::Digest;
        let count = self.inner.read(buffer)?;
        self.digest.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// What a person chose before a file is read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Which column means what; none: as guessed.
    pub mapping: Option<Mapping>,
    /// Pairs (National Assembly key, provincial key) that are one station.
    pub joined: Vec<(StationId, StationId)>,
    /// The file is the complete list of the constituencies (or of the districts and tiers) that it names: what it
    /// does not name there is removed.
    pub complete: bool,
}

/// Reads and checks a whole file; nothing is kept of it yet.
///
/// # Errors
/// [`WorkError::Input`] says what is wrong with the file as a whole and what to do; single rows are findings.
pub fn check(
    node: &Node,
    kind: Kind,
    path: &Path,
    choice: Choice,
    watch: &mut Watch<'_>,
) -> Result<Checked, WorkError> {
    use sha2::Digest;
    let cannot = |error: std::io::Error| {
        WorkError::Input(format!("{} cannot be read: {error}", path.display()))
    };
    let file = File::open(path).map_err(cannot)?;
    let bytes = file.metadata().map_err(cannot)?.len();
    let mut input =
        Hashed { inner: BufReader::with_capacity(1 << 20, file), digest: sha2::Sha256::new() };
    let mut options = ImportOptions { mapping: choice.mapping, ..ImportOptions::default() };
    options.table.bytes_total = bytes;
    options.table.refuse_exercise = node.exercise().is_none();
    let (content, findings, counts, tally) =
        content::read(node, kind, &mut input, &options, choice.joined, watch)?;
    std::io::copy(&mut input, &mut std::io::sink()).map_err(cannot)?;
    let sha256 = input.digest.finalize().into();
    let file_name =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(Checked::new(
        node,
        kind,
        file_name,
        (sha256, bytes),
        content,
        (findings, counts, tally),
        choice.complete,
    ))
}

/// Reads a table of figures that is in the binary.
///
/// # Errors
/// [`WorkError::Input`] when it cannot be read.
pub fn figures_of(mut csv: &[u8]) -> Result<Vec<Figure>, WorkError> {
    let mut watch = |_| std::ops::ControlFlow::Continue(());
    let read = pehra_exchange::figures::import(&mut csv, &ImportOptions::default(), &mut watch)?;
    Ok(read.values)
}

/// The imported outlines as an index; none when there are none.
fn boundary_index(world: &crate::world::World) -> Option<BoundaryIndex> {
    let outlines = world.boundaries.as_ref()?;
    let boundaries = outlines.rows.iter().map(|outline| Boundary {
        area: outline.area.clone(),
        name: outline.name.clone(),
        division: outline.division.clone(),
        province: outline.province.clone(),
        rings: outline.rings.clone(),
    });
    Some(BoundaryIndex::new(boundaries.collect()))
}

fn station_options(
    node: &Node,
    options: &ImportOptions,
    joined: Vec<(StationId, StationId)>,
) -> StationOptions {
    let class_source = node.ops(|state| state.election().map_or(String::new(), |e| e.id.clone()));
    StationOptions { rows: options.clone(), joined, class_source }
}

/// SHA-256 of a file's bytes, for manifests.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Hash::of(bytes).0
}
