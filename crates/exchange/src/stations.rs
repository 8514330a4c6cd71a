//! Station lists: rows in, physical stations, guarded buildings and findings out.
//!
//! 1. each row is read and checked alone (`row`);
//! 2. repeated keys are settled (`duplicate`), points are checked against their surroundings (`place`);
//! 3. rows of the two assemblies that are one station are joined (`merge`);
//! 4. missing points are estimated, districts found (`district`), buildings formed (`building`).
//!
//! Every row ends accepted, repaired or quarantined.

mod building;
pub mod diff;
pub(crate) mod district;
mod duplicate;
mod finish;
mod merge;
mod place;
pub(crate) mod row;

use crate::boundaries::BoundaryIndex;
use crate::finding::{Outcome, Tally};
use crate::mapping::{Field, Mapping, Schema};
use crate::province::Province;
use crate::rows::{ImportError, ImportOptions, read_rows};
use crate::table::Shape;
use pehra_domain::booth::BySex;
use pehra_domain::building::Building;
use pehra_domain::contest::Assembly;
use pehra_domain::finding::Finding;
use pehra_domain::gazetteer::Gazetteer;
use pehra_domain::progress::{Watch, tell};
use pehra_domain::station::{OfficialClass, Station, StationKind};
use pehra_domain::{ConstituencyId, Point, StationId};
use std::collections::BTreeMap;
use std::io::Read;

pub use place::{BOOTHS_PER_POINT_MAX, FAR_M, NAMES_PER_POINT_MAX};

pub(crate) const fn field(
    key: &'static str,
    required: bool,
    names: &'static [&'static str],
) -> Field {
    Field { key, required, names }
}

/// The columns of a station list. Only the constituency and the station's number are required.
pub const SCHEMA: Schema = Schema {
    kind: "stations",
    fields: &[
        field("province", false, &["province", "province code", "prov", "region", "صوبہ"]),
        field(
            "constituency",
            true,
            &[
                "constituency",
                "constituency no",
                "constituency number",
                "no and name of constituency",
                "constituency name",
                "seat",
                "na",
                "pk",
                "ps seat",
                "halqa",
                "حلقہ",
                "حلقہ نمبر",
                "انتخابی حلقہ",
            ],
        ),
        field("assembly", false, &["assembly", "election", "list", "اسمبلی"]),
        field("serial", false, &["serial", "s no", "sr no", "sr", "serial no", "sno", "نمبر شمار"]),
        field(
            "station-no",
            true,
            &[
                "station no",
                "ps no",
                "ps number",
                "polling station no",
                "polling station number",
                "number of polling station",
                "no of polling station",
                "station number",
                "station",
                "پولنگ سٹیشن نمبر",
                "پولنگ اسٹیشن نمبر",
            ],
        ),
        field(
            "name",
            false,
            &[
                "name",
                "station name",
                "polling station",
                "polling station name",
                "ps name",
                "name of polling station",
                "no name of polling station",
                "no and name of polling station",
                "name of polling stations",
                "building name",
                "پولنگ سٹیشن کا نام",
                "پولنگ اسٹیشن کا نام",
                "پولنگ سٹیشن",
                "پولنگ اسٹیشن",
                "نام",
            ],
        ),
        field(
            "kind",
            false,
            &[
                "kind",
                "type",
                "station type",
                "ps type",
                "gender",
                "type of polling station",
                "قسم",
                "نوعیت",
            ],
        ),
        field(
            "booths-men",
            false,
            &[
                "male booths",
                "booths male",
                "number of polling booths male",
                "no of booths male",
                "men booths",
                "booths men",
                "مردانہ بوتھ",
                "مرد بوتھ",
            ],
        ),
        field(
            "booths-women",
            false,
            &[
                "female booths",
                "booths female",
                "number of polling booths female",
                "no of booths female",
                "women booths",
                "booths women",
                "زنانہ بوتھ",
                "خواتین بوتھ",
            ],
        ),
        field(
            "booths-total",
            false,
            &[
                "total booths",
                "booths",
                "booths total",
                "number of polling booths total",
                "number of polling booths",
                "کل بوتھ",
            ],
        ),
        field(
            "voters-men",
            false,
            &[
                "male voters",
                "voters male",
                "men voters",
                "registered voters male",
                "number of voters assigned to polling station male",
                "no of voters male",
                "number of voters male",
                "voters men",
                "مرد ووٹرز",
                "مرد ووٹر",
                "مردانہ ووٹرز",
            ],
        ),
        field(
            "voters-women",
            false,
            &[
                "female voters",
                "voters female",
                "women voters",
                "registered voters female",
                "number of voters assigned to polling station female",
                "no of voters female",
                "number of voters female",
                "voters women",
                "خواتین ووٹرز",
                "خواتین ووٹر",
                "زنانہ ووٹرز",
            ],
        ),
        field(
            "voters-total",
            false,
            &[
                "total voters",
                "voters",
                "registered voters",
                "voters total",
                "number of voters assigned to polling station total",
                "electors",
                "کل ووٹرز",
                "ووٹرز",
            ],
        ),
        field("latitude", false, &["latitude", "lat", "y", "gps latitude", "عرض بلد"]),
        field(
            "longitude",
            false,
            &["longitude", "lon", "long", "lng", "x", "gps longitude", "طول بلد"],
        ),
        field(
            "coordinates",
            false,
            &["coordinates", "gps", "gps coordinates", "location", "geo", "lat lon", "lat long"],
        ),
        field("district", false, &["district", "district name", "ضلع"]),
        field(
            "class",
            false,
            &[
                "class",
                "category",
                "sensitivity",
                "sensitivity class",
                "official class",
                "درجہ",
                "حساسیت",
            ],
        ),
        field("class-source", false, &["class source", "category source", "source", "ماخذ"]),
        field("class-as-of", false, &["class as of", "as of", "category date", "class date"]),
        field("class-approved-by", false, &["class approved by", "approved by"]),
    ],
};

/// What an import may know beside the file.
#[derive(Clone, Copy, Default)]
pub struct Context<'a> {
    pub gazetteer: Option<&'a Gazetteer>,
    pub boundaries: Option<&'a BoundaryIndex>,
}

/// How to import a station list.
#[derive(Clone, Debug, Default)]
pub struct StationOptions {
    pub rows: ImportOptions,
    /// Pairs (National Assembly key, provincial key) that a person decided are one station.
    pub joined: Vec<(StationId, StationId)>,
    /// Who gave the sensitivity classes, when no column says.
    pub class_source: String,
}

/// Two rows that may be one station: a person decides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct AmbiguousPair {
    pub national: StationId,
    pub provincial: StationId,
    /// Metres between the two given points; none when one has none.
    pub distance_m: Option<u32>,
    pub reason: Doubt,
}

/// Why a pair is not joined without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Doubt {
    /// Several rows fit equally well.
    SeveralFit,
    /// Name and voters agree; the points lie apart.
    PointsApart,
    /// Place and name agree; voters differ.
    VotersDiffer,
}

impl Doubt {
    /// The stable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::SeveralFit => "several-fit",
            Self::PointsApart => "points-apart",
            Self::VotersDiffer => "voters-differ",
        }
    }

    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::SeveralFit => "Several rows fit equally well.",
            Self::PointsApart => "Name and voters agree; the points lie apart.",
            Self::VotersDiffer => "Place and name agree; the voters differ.",
        }
    }

    #[must_use]
    pub fn urdu(self) -> &'static str {
        match self {
            Self::SeveralFit => "کئی سطریں یکساں طور پر ملتی ہیں۔",
            Self::PointsApart => "نام اور ووٹر ایک جیسے ہیں؛ مقامات الگ ہیں۔",
            Self::VotersDiffer => "جگہ اور نام ایک جیسے ہیں؛ ووٹروں کی تعداد الگ ہے۔",
        }
    }
}

/// The result of an import; nothing of it is stored yet.
#[derive(Clone, Debug)]
pub struct StationImport {
    /// By id.
    pub stations: Vec<Station>,
    /// By id.
    pub buildings: Vec<Building>,
    /// By row.
    pub findings: Vec<Finding>,
    /// Findings by code, complete.
    pub counts: BTreeMap<String, u64>,
    pub tally: Tally,
    pub ambiguous: Vec<AmbiguousPair>,
    pub mapping: Mapping,
    pub headers: Vec<String>,
    pub shape: Option<Shape>,
}

/// What `--json` prints.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
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
}

impl StationImport {
    /// Figures of the import. Booths and voters are those of physical stations: a merged pair counts once.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let sum = |count: fn(&Station) -> BySex| {
            self.stations.iter().map(|station| u64::from(count(station).total())).sum()
        };
        Summary {
            rows: self.tally.rows,
            accepted: self.tally.accepted,
            repaired: self.tally.repaired,
            quarantined: self.tally.quarantined,
            findings: self.counts.clone(),
            stations: u64::try_from(self.stations.len()).unwrap_or(u64::MAX),
            buildings: u64::try_from(self.buildings.len()).unwrap_or(u64::MAX),
            booths: sum(|station| station.booths),
            voters: sum(|station| station.voters),
        }
    }
}

/// A constituency as the rows name it.
#[derive(Clone, Debug)]
struct Seat {
    id: ConstituencyId,
    assembly: Assembly,
    province: Option<Province>,
}

/// One usable row on its way to a station.
#[derive(Clone, Debug)]
struct Draft {
    row: u32,
    seat: usize,
    station_no: String,
    name: String,
    kind: StationKind,
    booths: BySex,
    voters: BySex,
    point: Option<Point>,
    repaired_point: bool,
    /// Why there is no usable point, with what stood there; told once the estimate is known.
    no_point: Option<(crate::Code, String)>,
    /// Place in the list of district names; none when the column is empty.
    district: Option<usize>,
    official: Option<Box<OfficialClass>>,
    outcome: Outcome,
}

/// All rows, with what they share.
#[derive(Debug, Default)]
struct Drafts {
    list: Vec<Draft>,
    seats: Vec<Seat>,
    district_names: Vec<String>,
    coordinate_column: String,
}

impl Drafts {
    fn seat(&self, draft: &Draft) -> Option<&Seat> {
        self.seats.get(draft.seat)
    }

    fn province(&self, draft: &Draft) -> Option<Province> {
        self.seat(draft).and_then(|seat| seat.province)
    }

    fn assembly(&self, draft: &Draft) -> Assembly {
        self.seat(draft).map_or(Assembly::National, |seat| seat.assembly)
    }

    /// `NA-40-15`.
    fn key(&self, draft: &Draft) -> String {
        let seat = self.seat(draft).map_or("", |seat| seat.id.as_str());
        format!("{seat}-{}", draft.station_no)
    }
}

/// Reads and checks every row alone, without joining or placing anything: how a file fares, quickly. Rows that
/// only the whole list can judge (repeated keys, far points) count as they look alone.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn parse_and_check(
    input: &mut dyn Read,
    options: &StationOptions,
    watch: &mut Watch<'_>,
) -> Result<Tally, ImportError> {
    let mut reader = row::Reader::new(options);
    let reading = read_rows(input, &SCHEMA, &options.rows, watch, &mut |cells, findings| {
        reader.row(cells, findings)
    })?;
    let mut tally = reading.tally;
    (tally.accepted, tally.repaired) = (0, 0);
    tally.count_drafts(&reader.into_drafts());
    Ok(tally)
}

impl Tally {
    fn count_drafts(&mut self, drafts: &Drafts) {
        for draft in &drafts.list {
            match draft.outcome {
                Outcome::Accepted => self.accepted += 1,
                Outcome::Repaired => self.repaired += 1,
                Outcome::Quarantined => {}
            }
        }
    }
}

/// Imports a station list.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &StationOptions,
    context: &Context<'_>,
    watch: &mut Watch<'_>,
) -> Result<StationImport, ImportError> {
    let mut reader = row::Reader::new(options);
    let reading = read_rows(input, &SCHEMA, &options.rows, watch, &mut |cells, findings| {
        reader.row(cells, findings)
    })?;
    let mut drafts = reader.into_drafts();
    let mut findings = reading.findings;
    let mut tally = reading.tally;
    // Rows that became drafts are counted when all is known.
    tally.accepted = 0;
    tally.repaired = 0;
    let total = u64::try_from(drafts.list.len()).unwrap_or(u64::MAX);
    tell(watch, "check", 0, total)?;
    let repeated = duplicate::settle(&mut drafts, &mut findings);
    tally.quarantined += repeated;
    place::check(&mut drafts, context, watch)?;
    tell(watch, "merge", 0, total)?;
    let merged = merge::merge(&drafts, &options.joined, watch)?;
    tell(watch, "place", 0, total)?;
    let estimates = place::Estimates::new(&drafts, context);
    let joined = finish::join(&mut drafts, &merged, &estimates, &mut findings);
    let mut stations = finish::stations(&mut drafts, &joined, context, &mut findings, watch)?;
    let buildings = building::group(&mut stations, watch)?;
    tally.count_drafts(&drafts);
    let (findings, counts) = findings.into_parts();
    Ok(StationImport {
        stations,
        buildings,
        findings,
        counts,
        tally,
        ambiguous: merged.ambiguous,
        mapping: reading.mapping,
        headers: reading.headers,
        shape: reading.shape,
    })
}

#[cfg(test)]
mod tests;
