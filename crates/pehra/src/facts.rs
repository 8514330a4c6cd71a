//! Facts that are in the binary: districts, towns, published figures, norms, permissions. Each has its source in
//! `data/SOURCES.md`.

use crate::work::convoys::{PressError, Presses};
use pehra_domain::{AreaId, gazetteer::Gazetteer};
use pehra_drill::{Facts, FactsError};
use pehra_ops::{
    after_action::{Table as FigureTable, TableError as FigureTableError},
    check_in::schedule::{Schedule, ScheduleError as DayScheduleError},
    incident::{Taxonomy, TaxonomyError},
};
use pehra_plan::{
    allocate::{DistanceModel, Terrain},
    assess::model::{Model, ModelError},
    campaign::{
        audience::{AudienceError, Means, Understood, parse_audiences, parse_channels},
        question::Tables as Awareness,
    },
    communication::{
        bearer::{BearerError, Bearers},
        schedule::{self, CheckIn, ScheduleError},
    },
    norm::{NormBook, NormFileError, places_from_csv, profile_from_csv},
    road::speed::{SpeedError, Speeds},
};

pub const PERMISSIONS_CSV: &str = include_str!("../../../data/permissions.csv");
pub const SEPARATION_CSV: &str = include_str!("../../../data/separation_of_duties.csv");
pub const PUBLISHED_FIGURES_CSV: &str = include_str!("../../../data/ge2024_figures.csv");
/// Weights, thresholds, priors and half-lives of the risk index, with their sources.
pub const RISK_MODEL_TOML: &str = include_str!("../../../data/risk_model.toml");

/// Kilometres an hour by class and terrain, factors by surface and season.
pub const ROAD_SPEEDS_CSV: &str = include_str!("../../../data/road_speeds.csv");

/// Presses of ballot papers, which of them prints for which area, and which districts are flown to.
pub const PRESSES_CSV: &str = include_str!("../../../data/presses.csv");

/// Means of communication: causes of failure, ranges, airtimes.
pub const BEARERS_CSV: &str = include_str!("../../../data/bearers.csv");
/// Check-ins of the eve, the day and the night.
pub const CHECKINS_CSV: &str = include_str!("../../../data/checkins.csv");
/// What follows another check-in, and after how long.
pub const CHECKINS_AFTER_CSV: &str = include_str!("../../../data/checkins_after.csv");
/// Kinds of incident with their targets.
pub const INCIDENTS_CSV: &str = include_str!("../../../data/incidents.csv");
/// The thirty-two figures of the account afterwards: names, formulas and targets.
pub const KPIS_CSV: &str = include_str!("../../../data/kpis.csv");

/// The thirteen modules of training.
pub const TRAINING_MODULES_CSV: &str = include_str!("../../../data/training_modules.csv");
/// What each module tests: questions, pass mark, practical test.
pub const TRAINING_TESTS_CSV: &str = include_str!("../../../data/training_tests.csv");
/// Item banks by module, M1 first.
pub const QUIZ: [&str; 13] = [
    include_str!("../../../data/quiz/M01.txt"),
    include_str!("../../../data/quiz/M02.txt"),
    include_str!("../../../data/quiz/M03.txt"),
    include_str!("../../../data/quiz/M04.txt"),
    include_str!("../../../data/quiz/M05.txt"),
    include_str!("../../../data/quiz/M06.txt"),
    include_str!("../../../data/quiz/M07.txt"),
    include_str!("../../../data/quiz/M08.txt"),
    include_str!("../../../data/quiz/M09.txt"),
    include_str!("../../../data/quiz/M10.txt"),
    include_str!("../../../data/quiz/M11.txt"),
    include_str!("../../../data/quiz/M12.txt"),
    include_str!("../../../data/quiz/M13.txt"),
];

const AUDIENCE_CSV: &str = include_str!("../../../data/audience.csv");
const CHANNELS_CSV: &str = include_str!("../../../data/channels.csv");
const UNDERSTOOD_CSV: &str = include_str!("../../../data/understood.csv");
const DISTRICTS_CSV: &str = include_str!("../../../data/districts.csv");
const TOWNS_CSV: &str = include_str!("../../../data/towns.csv");
const GE2024_CSV: &str = include_str!("../../../data/ge2024.csv");
const SEATS_CSV: &str = include_str!("../../../data/seats.csv");
const ROOMS_CSV: &str = include_str!("../../../data/rooms.csv");
const NORMS_SINDH_CSV: &str = include_str!("../../../data/norms/pk-2024-sindh.csv");
const NORMS_KP_CSV: &str = include_str!("../../../data/norms/pk-2024-kp.csv");
const NORMS_PLACES_CSV: &str = include_str!("../../../data/norms/pk-2024-places.csv");

/// Divisions of the hills and mountains, after the relief of the country; the rest counts as plain.
const MOUNTAIN: [&str; 3] = ["Malakand", "Hazara", "Kalat"];
const HILL: [&str; 8] =
    ["Bannu", "Kohat", "Quetta", "Zhob", "Loralai", "Mekran", "Rakhshan", "Sibi"];

/// # Errors
/// [`FactsError`] names the table and line; a test keeps the shipped tables readable.
pub fn gazetteer() -> Result<Gazetteer, FactsError> {
    pehra_drill::facts::gazetteer(DISTRICTS_CSV, TOWNS_CSV)
}

/// What a campaign is planned by: who speaks and hears what, what channels reach, who understands whom.
///
/// # Errors
/// [`AudienceError`] names the table and line; a test keeps the shipped tables readable.
pub fn awareness(gazetteer: &Gazetteer) -> Result<Awareness, AudienceError> {
    Ok(Awareness {
        districts: gazetteer.districts.clone(),
        audiences: parse_audiences(AUDIENCE_CSV)?,
        channels: channels()?,
        understood: Understood::parse(UNDERSTOOD_CSV)?,
    })
}

/// What each channel reaches, what of it survives a cut, and its price.
///
/// # Errors
/// [`AudienceError`] names the line; a test keeps the shipped table readable.
pub fn channels() -> Result<Vec<Means>, AudienceError> {
    parse_channels(CHANNELS_CSV)
}

/// What a synthetic nation keeps exactly.
///
/// # Errors
/// [`FactsError`] names the table and line.
pub fn nation() -> Result<Facts, FactsError> {
    Facts::parse(GE2024_CSV, SEATS_CSV, ROOMS_CSV)
}

/// # Errors
/// [`ModelError`] names the parameter; a test keeps the shipped file sound.
pub fn risk_model() -> Result<Model, ModelError> {
    Model::parse(RISK_MODEL_TOML)
}

/// # Errors
/// [`SpeedError`] names the line; a test keeps the shipped table readable.
pub fn road_speeds() -> Result<Speeds, SpeedError> {
    Speeds::parse(ROAD_SPEEDS_CSV)
}

/// # Errors
/// [`PressError`] names the line.
pub fn presses() -> Result<Presses, PressError> {
    Presses::parse(PRESSES_CSV)
}

/// # Errors
/// [`BearerError`] names the line.
pub fn bearers() -> Result<Bearers, BearerError> {
    Bearers::parse(BEARERS_CSV)
}

/// # Errors
/// [`ScheduleError`] names the line.
pub fn checkins() -> Result<Vec<CheckIn>, ScheduleError> {
    schedule::parse(CHECKINS_CSV)
}

/// When each check-in is due.
///
/// # Errors
/// [`DayScheduleError`] names the line; a test keeps the shipped tables readable.
pub fn day_schedule() -> Result<Schedule, DayScheduleError> {
    Schedule::parse(CHECKINS_CSV, CHECKINS_AFTER_CSV)
}

/// The figures of the account afterwards.
///
/// # Errors
/// [`FigureTableError`] names the line; a test keeps the shipped table readable.
pub fn figure_table() -> Result<FigureTable, FigureTableError> {
    FigureTable::parse(KPIS_CSV)
}

/// Kinds of incident.
///
/// # Errors
/// [`TaxonomyError`] names the line; a test keeps the shipped table readable.
pub fn taxonomy() -> Result<Taxonomy, TaxonomyError> {
    Taxonomy::parse(INCIDENTS_CSV)
}

/// Khyber Pakhtunkhwa by its own profile, the rest of the country by Sindh's.
///
/// # Errors
/// [`NormFileError`] names the line.
pub fn norms() -> Result<NormBook, NormFileError> {
    Ok(NormBook {
        by_area: vec![(
            AreaId::nation().below("Khyber Pakhtunkhwa"),
            profile_from_csv(NORMS_KP_CSV)?,
        )],
        fallback: profile_from_csv(NORMS_SINDH_CSV)?,
        places: places_from_csv(NORMS_PLACES_CSV)?,
    })
}

/// Detours by the division that a district belongs to. Proposed; replaced by roads once they are imported.
#[must_use]
pub fn distances(gazetteer: &Gazetteer) -> DistanceModel {
    let terrain = gazetteer.districts.iter().filter_map(|district| {
        let division = district.division.as_str();
        if MOUNTAIN.contains(&division) {
            Some((district.area.clone(), Terrain::Mountain))
        } else if HILL.contains(&division) {
            Some((district.area.clone(), Terrain::Hill))
        } else {
            None
        }
    });
    DistanceModel { terrain: terrain.collect(), ..DistanceModel::proposed() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_plan::norm::NormBook;

    #[test]
    fn every_shipped_table_can_be_read() {
        let gazetteer = gazetteer().unwrap();
        assert_eq!(gazetteer.districts.len(), 136);
        assert!(gazetteer.towns.len() > 500);
        nation().unwrap();
        road_speeds().unwrap();
        bearers().unwrap();
        assert_eq!(checkins().unwrap().len(), 17);
        risk_model().unwrap().validate().unwrap();
        assert_eq!(norms().unwrap(), NormBook::builtin());
    }

    #[test]
    fn every_division_with_terrain_exists() {
        let gazetteer = gazetteer().unwrap();
        for division in MOUNTAIN.iter().chain(&HILL) {
            assert!(gazetteer.districts.iter().any(|d| d.division == *division), "{division}");
        }
    }
}
