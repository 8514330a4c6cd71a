//! Norms as files: `data/norms/*.csv`, read from text that the caller brings.

use super::{NormError, PlaceNorm, check};
use pehra_domain::{
    building::BuildingKind,
    norm::{NormProfile, NormRow},
    risk::RiskClass,
    station::StationKind,
};

/// What is wrong with a norms file, and in which line (the header is line 1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("norms file, line {line}: {kind}")]
pub struct NormFileError {
    pub line: usize,
    pub kind: NormFileErrorKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NormFileErrorKind {
    #[error("the first line must read `{0}`")]
    Header(&'static str),
    #[error(
        "{found} fields where {expected} are due; a text with commas stands in quotation marks"
    )]
    Fields { found: usize, expected: usize },
    #[error("`{0}` is not a whole number from 0 to 100,000")]
    Number(String),
    #[error("`{0}` is not a class: write normal, sensitive or most")]
    Class(String),
    #[error("`{0}` is not a kind of station: write men, women or combined")]
    Kind(String),
    #[error("`{0}` is not a kind of place")]
    Place(String),
    #[error(
        "`{0}` is not known here: write name, source, booth_rule, station or visible_armed_max"
    )]
    What(String),
    #[error("the profile has no name: add a line `name,,,,,,,THE NAME`")]
    NoName,
    #[error("{0}")]
    Unsound(NormError),
}

const PROFILE_HEADER: &str =
    "what,class,kind,inner_per_station,outer_per_building,women_min,static_outside,text";
const PLACES_HEADER: &str = "place,class,police,women_min,vehicles_min,text";
const FIGURE_MAX: u32 = 100_000;

/// Reads a profile. Without a `booth_rule` line the booth rule is off; without a `visible_armed_max` line there
/// is no cap.
///
/// # Errors
/// [`NormFileError`] names the line and what to write there.
pub fn profile_from_csv(text: &str) -> Result<NormProfile, NormFileError> {
    let mut profile = NormProfile {
        name: String::new(),
        source: String::new(),
        rows: Vec::new(),
        booths_free: 0,
        booth_rule: false,
        visible_armed_max: [None; 3],
    };
    let lines = lines(text, PROFILE_HEADER)?;
    let last = lines.last().map_or(1, |&(line, _)| line);
    for (line, fields) in lines {
        take_line(&mut profile, &fields).map_err(|kind| NormFileError { line, kind })?;
    }
    let whole = |kind| NormFileError { line: last, kind };
    if profile.name.is_empty() {
        return Err(whole(NormFileErrorKind::NoName));
    }
    check(&profile).map_err(|error| whole(NormFileErrorKind::Unsound(error)))?;
    Ok(profile)
}

fn take_line(profile: &mut NormProfile, fields: &[String]) -> Result<(), NormFileErrorKind> {
    let [what, class_text, kind_text, inner, outer, women_min, static_outside, text] = fields
    else {
        return Err(NormFileErrorKind::Fields { found: fields.len(), expected: 8 });
    };
    match what.as_str() {
        "name" => profile.name.clone_from(text),
        "source" => profile.source.clone_from(text),
        "booth_rule" => {
            profile.booth_rule = true;
            profile.booths_free = number(inner)?;
        }
        "visible_armed_max" => {
            let cap = Some(number(outer)?);
            let [normal, sensitive, most] = &mut profile.visible_armed_max;
            match class(class_text)? {
                RiskClass::Normal => *normal = cap,
                RiskClass::Sensitive => *sensitive = cap,
                RiskClass::Most => *most = cap,
            }
        }
        "station" => profile.rows.push(NormRow {
            class: class(class_text)?,
            kind: kind(kind_text)?,
            inner_per_station: number(inner)?,
            outer_per_building: number(outer)?,
            women_min: number(women_min)?,
            static_outside: number(static_outside)?,
        }),
        other => return Err(NormFileErrorKind::What(other.to_owned())),
    }
    Ok(())
}

/// Reads norms of places that are not polling stations.
///
/// # Errors
/// [`NormFileError`] names the line and what to write there.
pub fn places_from_csv(text: &str) -> Result<Vec<PlaceNorm>, NormFileError> {
    lines(text, PLACES_HEADER)?
        .into_iter()
        .map(|(line, fields)| place_line(&fields).map_err(|kind| NormFileError { line, kind }))
        .collect()
}

fn place_line(fields: &[String]) -> Result<PlaceNorm, NormFileErrorKind> {
    let [place_text, class_text, police, women_min, vehicles_min, text] = fields else {
        return Err(NormFileErrorKind::Fields { found: fields.len(), expected: 6 });
    };
    Ok(PlaceNorm {
        place: place(place_text)?,
        class: class(class_text)?,
        police: number(police)?,
        women_min: number(women_min)?,
        vehicles_min: number(vehicles_min)?,
        source: text.clone(),
    })
}

fn number(text: &str) -> Result<u32, NormFileErrorKind> {
    text.trim()
        .parse::<u32>()
        .ok()
        .filter(|&figure| figure <= FIGURE_MAX)
        .ok_or_else(|| NormFileErrorKind::Number(text.to_owned()))
}

fn class(text: &str) -> Result<RiskClass, NormFileErrorKind> {
    match text.trim() {
        "normal" => Ok(RiskClass::Normal),
        "sensitive" => Ok(RiskClass::Sensitive),
        "most" => Ok(RiskClass::Most),
        other => Err(NormFileErrorKind::Class(other.to_owned())),
    }
}

fn kind(text: &str) -> Result<StationKind, NormFileErrorKind> {
    match text.trim() {
        "men" => Ok(StationKind::Men),
        "women" => Ok(StationKind::Women),
        "combined" => Ok(StationKind::Combined),
        other => Err(NormFileErrorKind::Kind(other.to_owned())),
    }
}

fn place(text: &str) -> Result<BuildingKind, NormFileErrorKind> {
    match text.trim() {
        "returning_office" => Ok(BuildingKind::ReturningOffice),
        "store" => Ok(BuildingKind::Store),
        "distribution_point" => Ok(BuildingKind::DistributionPoint),
        "press" => Ok(BuildingKind::Press),
        "route" => Ok(BuildingKind::Route),
        "candidate_office" => Ok(BuildingKind::CandidateOffice),
        "rally" => Ok(BuildingKind::Rally),
        "procession" => Ok(BuildingKind::Procession),
        other => Err(NormFileErrorKind::Place(other.to_owned())),
    }
}

type Line = (usize, Vec<String>);

fn lines(text: &str, header: &'static str) -> Result<Vec<Line>, NormFileError> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    if lines.next().is_none_or(|(_, first)| first.trim() != header) {
        return Err(NormFileError { line: 1, kind: NormFileErrorKind::Header(header) });
    }
    Ok(lines
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| (index + 1, fields(line)))
        .collect())
}

/// Fields of one line; a field in quotation marks may hold commas, a doubled mark stands for one.
fn fields(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.trim_end_matches('\r').chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                push(&mut out, '"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            other => push(&mut out, other),
        }
    }
    out
}

fn push(out: &mut [String], c: char) {
    if let Some(field) = out.last_mut() {
        field.push(c);
    }
}
