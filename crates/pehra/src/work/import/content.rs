//! What was read of a file: values, findings, counts, and what they would change.

use super::{Kind, WorkError, boundary_index, station_options};
use crate::{node::Node, world::Outline};
use pehra_domain::{
    StationId, building::Building, figure::Figure, finding::Finding, force::Unit,
    incident_record::IncidentRecord, norm::NormProfile, progress::Watch, station::Station,
    survey::SurveyAnswer,
};
use pehra_exchange::{
    ImportOptions,
    finding::Tally,
    rows::Imported,
    stations::{self, AmbiguousPair, Context},
};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

/// The values of one file.
#[derive(Clone, Debug)]
pub enum Content {
    Stations { stations: Vec<Station>, buildings: Vec<Building>, ambiguous: Vec<AmbiguousPair> },
    Units(Vec<Unit>),
    Incidents(Vec<IncidentRecord>),
    Norms(Vec<NormProfile>),
    Figures(Vec<Figure>),
    Outlines(Vec<Outline>),
    Surveys(Vec<SurveyAnswer>),
    Places(Vec<Building>),
}

/// What `--json` prints, the same for every kind; counts that a kind does not have are 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    pub rows: u64,
    pub accepted: u64,
    pub repaired: u64,
    pub quarantined: u64,
    pub findings: BTreeMap<String, u64>,
    pub stations: u64,
    pub buildings: u64,
    pub booths: u64,
    pub voters: u64,
    /// Units, events, figures, outlines, answers or places.
    pub values: u64,
}

/// What signing would change, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
    pub unchanged: u64,
    /// The first changes: key and what differs.
    pub sample: Vec<(String, String)>,
}

/// Changes shown one by one.
const SAMPLE_MAX: usize = 200;

impl Diff {
    /// Whether signing would change nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added == 0 && self.changed == 0 && self.removed == 0
    }

    fn by_key<T: PartialEq>(old: &[T], new: &[T], key: impl Fn(&T) -> String) -> Self {
        let before: BTreeMap<String, &T> = old.iter().map(|row| (key(row), row)).collect();
        let mut diff = Self::default();
        let mut seen = BTreeSet::new();
        for row in new {
            let name = key(row);
            match before.get(&name) {
                Some(known) if *known == row => diff.unchanged += 1,
                Some(_) => {
                    diff.changed += 1;
                    diff.show(&name, "changed");
                }
                None => {
                    diff.added += 1;
                    diff.show(&name, "added");
                }
            }
            seen.insert(name);
        }
        for name in before.keys().filter(|name| !seen.contains(*name)) {
            diff.removed += 1;
            diff.show(name, "removed");
        }
        diff
    }

    fn show(&mut self, name: &str, what: &str) {
        if self.sample.len() < SAMPLE_MAX {
            self.sample.push((name.to_owned(), what.to_owned()));
        }
    }
}

/// A file that was read and checked, and not signed yet.
#[derive(Clone, Debug)]
pub struct Checked {
    pub kind: Kind,
    pub file_name: String,
    pub sha256: [u8; 32],
    pub bytes: u64,
    pub summary: Summary,
    pub findings: Vec<Finding>,
    pub diff: Diff,
    pub content: Content,
    /// The manifest that the difference was taken against.
    pub based_on: Option<[u8; 32]>,
}

pub(super) type Read4 = (Content, Vec<Finding>, BTreeMap<String, u64>, Tally);

pub(super) fn read(
    node: &Node,
    kind: Kind,
    input: &mut dyn Read,
    options: &ImportOptions,
    joined: Vec<(StationId, StationId)>,
    watch: &mut Watch<'_>,
) -> Result<Read4, WorkError> {
    let world = node.world();
    let index = boundary_index(&world);
    let context = Context { gazetteer: Some(node.gazetteer()), boundaries: index.as_ref() };
    Ok(match kind {
        Kind::Stations => {
            let read =
                stations::import(input, &station_options(node, options, joined), &context, watch)?;
            let content = Content::Stations {
                stations: read.stations,
                buildings: read.buildings,
                ambiguous: read.ambiguous,
            };
            (content, read.findings, read.counts, read.tally)
        }
        Kind::Forces => {
            plain(pehra_exchange::forces::import(input, options, &context, watch)?, Content::Units)
        }
        Kind::Events => {
            let none = Vec::new();
            let held = world.incidents.as_ref().map_or(&none, |list| &list.rows);
            let read = pehra_exchange::events::import(input, options, held, watch)?;
            plain(read, Content::Incidents)
        }
        Kind::Norms => plain(pehra_exchange::norms::import(input, options, watch)?, Content::Norms),
        Kind::Figures => {
            plain(pehra_exchange::figures::import(input, options, watch)?, Content::Figures)
        }
        Kind::Boundaries => {
            let read = pehra_exchange::boundaries::import(input, watch)?;
            let outlines = read.boundaries.into_iter().map(|boundary| Outline {
                area: boundary.area,
                name: boundary.name,
                division: boundary.division,
                province: boundary.province,
                rings: boundary.rings,
            });
            (Content::Outlines(outlines.collect()), read.findings, read.counts, read.tally)
        }
        Kind::Surveys => plain(
            pehra_exchange::surveys::import(input, options, &context, watch)?,
            Content::Surveys,
        ),
        Kind::Roads => {
            let text = "a road map is taken in by `pehra plan import roads FILE.osm.pbf`";
            return Err(WorkError::Input(text.to_owned()));
        }
        Kind::Places => {
            plain(pehra_exchange::places::import(input, options, &context, watch)?, Content::Places)
        }
    })
}

fn plain<T>(read: Imported<T>, wrap: fn(Vec<T>) -> Content) -> Read4 {
    (wrap(read.values), read.findings, read.counts, read.tally)
}

impl Checked {
    pub(super) fn new(
        node: &Node,
        kind: Kind,
        file_name: String,
        (sha256, bytes): ([u8; 32], u64),
        content: Content,
        (findings, counts, tally): (Vec<Finding>, BTreeMap<String, u64>, Tally),
        complete: bool,
    ) -> Self {
        let summary = Summary {
            rows: tally.rows,
            accepted: tally.accepted,
            repaired: tally.repaired,
            quarantined: tally.quarantined,
            findings: counts,
            ..content.totals()
        };
        let content = super::merge::with_held(&node.world(), content, complete);
        let (diff, based_on) = compare(node, &content);
        Self { kind, file_name, sha256, bytes, summary, findings, diff, content, based_on }
    }
}

impl Content {
    fn totals(&self) -> Summary {
        let values = |count: usize| Summary { values: count as u64, ..Summary::default() };
        match self {
            Self::Stations { stations, buildings, .. } => Summary {
                stations: stations.len() as u64,
                buildings: buildings.len() as u64,
                booths: stations.iter().map(|s| u64::from(s.booths.total())).sum(),
                voters: stations.iter().map(|s| u64::from(s.voters.total())).sum(),
                values: stations.len() as u64,
                ..Summary::default()
            },
            Self::Units(rows) => values(rows.len()),
            Self::Incidents(rows) => values(rows.len()),
            Self::Norms(rows) => values(rows.len()),
            Self::Figures(rows) => values(rows.len()),
            Self::Outlines(rows) => values(rows.len()),
            Self::Surveys(rows) => values(rows.len()),
            Self::Places(rows) => values(rows.len()),
        }
    }
}

fn compare(node: &Node, content: &Content) -> (Diff, Option<[u8; 32]>) {
    let world = node.world();
    macro_rules! against {
        ($held:expr, $rows:expr, $key:expr) => {{
            let held = $held.as_ref();
            let manifest = held.map(|list| list.provenance.manifest);
            let old = held.map_or(&[][..], |list| list.rows.as_slice());
            (Diff::by_key(old, $rows, $key), manifest)
        }};
    }
    match content {
        Content::Stations { stations, .. } => {
            let held = world.stations.as_ref();
            let old = held.map_or(&[][..], |table| table.stations.as_slice());
            (of_stations(old, stations), held.map(|table| table.provenance.manifest))
        }
        Content::Units(rows) => {
            let held = world.units.as_ref();
            let old = held.map_or(&[][..], |table| table.units.as_slice());
            let diff = Diff::by_key(old, rows, |unit| unit.id.to_string());
            (diff, held.map(|table| table.provenance.manifest))
        }
        Content::Incidents(rows) => {
            against!(world.incidents, rows, |row: &IncidentRecord| row.id.clone())
        }
        Content::Norms(rows) => against!(world.norms, rows, |row: &NormProfile| row.name.clone()),
        Content::Figures(rows) => against!(world.figures, rows, |row: &Figure| format!(
            "{} · {} · {} · {}",
            row.area, row.measure, row.value, row.source
        )),
        Content::Outlines(rows) => {
            against!(world.boundaries, rows, |row: &Outline| row.area.to_string())
        }
        Content::Surveys(rows) => against!(world.surveys, rows, |row: &SurveyAnswer| format!(
            "{:?} · {}",
            row.subject, row.question
        )),
        Content::Places(rows) => against!(world.places, rows, |row: &Building| row.id.to_string()),
    }
}

fn of_stations(old: &[Station], new: &[Station]) -> Diff {
    let found = stations::diff::diff(old, new);
    let mut diff = Diff {
        added: found.added.len() as u64,
        changed: found.changed.len() as u64,
        removed: found.removed.len() as u64,
        unchanged: found.unchanged,
        sample: Vec::new(),
    };
    for changed in &found.changed {
        diff.show(changed.id.as_str(), &changed.fields.join(", "));
    }
    for id in &found.removed {
        diff.show(id.as_str(), "removed");
    }
    for id in &found.added {
        diff.show(id.as_str(), "added");
    }
    diff
}
