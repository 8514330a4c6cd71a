//! The report of a major incident: what the record knows already, one report by its letters, and its text for the radio.

use super::{
    WordView,
    act::shown,
    frame::{IncidentView, TollView},
};
use crate::{
    day::{MethaneRow, taxonomy},
    http::{
        given::Given,
        persons::execute,
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
    world::World,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, IncidentId, Point, UnitId};
use pehra_ops::{
    Command, State as Ops,
    check_in::Subject,
    incident::{
        self, Code as Kind, Deed, Key, Matter, On, Record, Toll,
        methane::{
            self, Access as Ways, Declaration, Hazard, Methane, Service, Strength,
            spoken::{self, Beside, Tongue},
        },
    },
    permission as row,
};
use serde::{Deserialize, Serialize};

/// So many teams or vehicles of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct StrengthView {
    /// `police`, `rescue`, `fire-brigade`, `ambulance`, `bomb-disposal`, `counter-terrorism`, `civil-armed-forces`,
    /// `army`, `civil-defence`, `hospital`, `utility` or `women-police`.
    pub service: String,
    pub number: u16,
}

/// What a report says, as it is typed; with what the record knows already it is offered for typing.
#[derive(Clone, Debug, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct MethaneWish {
    /// `none`, `standby`, `major` or `stood-down`.
    pub declared: String,
    pub place: String,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    /// `IED.PST`.
    pub code: String,
    #[serde(default)]
    pub kind: String,
    /// `fire`, `collapse`, `device`, `second-device`, `gunfire`, `crowd`, `gas`, `electricity`, `fuel`, `chemical`, `flood`,
    /// `slide` or `traffic`.
    #[serde(default)]
    pub hazards: Vec<String>,
    /// Those that may be there.
    #[serde(default)]
    pub suspected: Vec<String>,
    #[serde(default)]
    pub hazard_words: String,
    #[serde(default)]
    pub way_in: String,
    #[serde(default)]
    pub way_out: String,
    #[serde(default)]
    pub meeting: String,
    /// Killed at least and at most, hurt at least and at most. The toll that stands, said again, is no revision.
    pub toll: Option<[u32; 4]>,
    #[serde(default)]
    pub toll_source: String,
    #[serde(default)]
    pub present: Vec<StrengthView>,
    /// The room's own units that are there.
    #[serde(default)]
    pub units: Vec<String>,
    #[serde(default)]
    pub required: Vec<StrengthView>,
    #[serde(default)]
    pub required_words: String,
}

/// A report for an incident of an area.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct MethaneGiven {
    pub area: String,
    pub report: MethaneWish,
    #[serde(default)]
    pub note: String,
}

/// One report as it stands in the record.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct MethaneView {
    pub at_ms: i64,
    pub role: String,
    pub entry: String,
    /// `none`, `standby`, `major` or `stood-down`.
    pub declared: &'static str,
    pub place: String,
    /// Ten-millionths of a degree.
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    pub code: &'static str,
    pub kind: String,
    pub hazards: Vec<&'static str>,
    pub suspected: Vec<&'static str>,
    pub hazard_words: String,
    pub way_in: String,
    pub way_out: String,
    pub meeting: String,
    /// The toll that stood when the report was given, its own among them.
    pub toll: Option<TollView>,
    pub present: Vec<StrengthView>,
    pub units: Vec<String>,
    pub required: Vec<StrengthView>,
    pub required_words: String,
}

impl MethaneView {
    pub(super) fn of(row: &MethaneRow) -> Self {
        let report = &row.methane;
        let names = |all: &[Hazard]| all.iter().map(|one| one.name()).collect();
        let strengths = |all: &[Strength]| {
            let view = |one: &Strength| StrengthView {
                service: one.service.name().to_owned(),
                number: one.number,
            };
            all.iter().map(view).collect()
        };
        Self {
            at_ms: row.at.0,
            role: row.role.clone(),
            entry: row.entry.to_string(),
            declared: report.declared.name(),
            place: report.place.clone(),
            lat_e7: report.point.map(|point| point.lat_e7),
            lon_e7: report.point.map(|point| point.lon_e7),
            code: report.code.name(),
            kind: report.kind.clone(),
            hazards: names(&report.hazards),
            suspected: names(&report.suspected),
            hazard_words: report.hazard_words.clone(),
            way_in: report.access.inward.clone(),
            way_out: report.access.outward.clone(),
            meeting: report.access.meeting.clone(),
            toll: row.toll.as_ref().map(|(toll, revision)| TollView {
                killed: [toll.killed_min, toll.killed_max],
                hurt: [toll.hurt_min, toll.hurt_max],
                source: toll.source.clone(),
                revisions: u32::try_from(*revision).unwrap_or(u32::MAX),
            }),
            present: strengths(&report.present),
            units: report.units.iter().map(ToString::to_string).collect(),
            required: strengths(&report.required),
            required_words: report.required_words.clone(),
        }
    }
}

/// One line for the radio.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SpokenLine {
    /// `M`, `E`, `T`, `H`, `A`, `N`, `E`; empty for the line that opens.
    pub letter: String,
    pub en: String,
    pub ur: String,
}

pub(super) fn hazards() -> Vec<WordView> {
    let word = |one: &Hazard| WordView {
        name: one.name(),
        title_en: one.word(Tongue::English),
        title_ur: one.word(Tongue::Urdu),
    };
    Hazard::ALL.iter().map(word).collect()
}

pub(super) fn services() -> Vec<WordView> {
    let word = |one: &Service| WordView {
        name: one.name(),
        title_en: one.word(Tongue::English),
        title_ur: one.word(Tongue::Urdu),
    };
    Service::ALL.iter().map(word).collect()
}

/// All reports, the text of the last one, and what the next one could begin with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MethaneDetail {
    /// Newest first.
    pub reports: Vec<MethaneView>,
    pub spoken: Vec<SpokenLine>,
    pub draft: MethaneWish,
    /// The room's units that are on their way.
    pub coming: Vec<String>,
}

/// What is known for the form; none for a complaint, which no control room calls out.
pub(super) fn detail(
    state: &Ops,
    world: &World,
    key: &Key,
    record: &Record,
) -> Option<MethaneDetail> {
    if key.matter == Matter::Complaint {
        return None;
    }
    let rows: Vec<MethaneRow> = record.methanes().into_iter().map(MethaneRow::of).collect();
    let sent = methane::sent(&state.dispatch, key);
    Some(MethaneDetail {
        reports: rows.iter().rev().map(MethaneView::of).collect(),
        spoken: rows.last().map(|row| spoken_lines(&key.incident, row)).unwrap_or_default(),
        draft: draft(world, record, rows.last(), &sent.there),
        coming: sent.coming.iter().map(ToString::to_string).collect(),
    })
}

fn spoken_lines(incident: &IncidentId, row: &MethaneRow) -> Vec<SpokenLine> {
    let kind = taxonomy().and_then(|taxonomy| taxonomy.kind(row.methane.code));
    let text = |tongue, title: Option<&str>| {
        let toll = row.toll.as_ref().map(|(toll, _)| toll);
        let title = title.unwrap_or_default();
        spoken::text(tongue, &row.methane, Beside { incident, at: row.at, toll, title })
    };
    let english = text(Tongue::English, kind.map(|kind| kind.title.as_str()));
    let urdu = text(Tongue::Urdu, kind.map(|kind| kind.title_ur.as_str()));
    english
        .into_iter()
        .zip(urdu)
        .map(|(en, ur)| SpokenLine {
            letter: en.letter.map(String::from).unwrap_or_default(),
            en: en.text,
            ur: ur.text,
        })
        .collect()
}

/// What the record knows: the last report where there is one, otherwise the incident; the toll and the units as they are now.
fn draft(
    world: &World,
    record: &Record,
    last: Option<&MethaneRow>,
    there: &[UnitId],
) -> MethaneWish {
    let toll = record.toll();
    let mut draft = MethaneWish {
        declared: Declaration::Major.name().to_owned(),
        toll: toll.map(|it| [it.killed_min, it.killed_max, it.hurt_min, it.hurt_max]),
        toll_source: toll.map(|toll| toll.source.clone()).unwrap_or_default(),
        code: record.class().map(|(code, _)| code.name().to_owned()).unwrap_or_default(),
        ..MethaneWish::default()
    };
    let mut point = None;
    if let Some(row) = last {
        let view = MethaneView::of(row);
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
        point = row.methane.point;
        draft = MethaneWish {
            declared: next(record.declaration(), row.methane.declared).name().to_owned(),
            place: view.place,
            kind: view.kind,
            hazards: owned(view.hazards),
            suspected: owned(view.suspected),
            hazard_words: view.hazard_words,
            way_in: view.way_in,
            way_out: view.way_out,
            meeting: view.meeting,
            present: view.present,
            units: view.units,
            required: view.required,
            required_words: view.required_words,
            ..draft
        };
    } else if let Some((report, _)) = record.report() {
        let station = match &report.place.subject {
            Some(Subject::Station(id)) => {
                world.stations.as_ref().and_then(|table| table.named(id.as_str()))
            }
            Some(Subject::Sector(_) | Subject::Convoy(_)) | None => None,
        };
        let named = station.map(|station| format!("{}, {}", station.id, station.name));
        let words = [Some(report.place.words.clone()), named];
        let said: Vec<String> = words.into_iter().flatten().filter(|it| !it.is_empty()).collect();
        draft.place = said.join(", ");
        point = report.place.point.or(station.map(|station| station.point));
    }
    for unit in there {
        if !draft.units.iter().any(|known| known == unit.as_str()) {
            draft.units.push(unit.to_string());
        }
    }
    draft.units.truncate(incident::UNITS_MAX);
    draft.lat = point.map(Point::lat_deg);
    draft.lon = point.map(Point::lon_deg);
    draft
}

/// What the next report most likely declares: the same; after what was stood down, nothing; in dispute, the graver.
fn next(standing: methane::Standing, last: Declaration) -> Declaration {
    match standing {
        methane::Standing::StoodDown => Declaration::None,
        methane::Standing::Disputed => Declaration::Major,
        methane::Standing::Undeclared
        | methane::Standing::Below
        | methane::Standing::Standby
        | methane::Standing::Major => last,
    }
}

/// Gives a report in the fixed order; the answer shows the incident as it is now.
#[utoipa::path(post, path = "/api/day/incidents/{id}/methane", tag = "day", params(("id" = String, Path)),
    request_body = MethaneGiven,
    responses((status = 200, body = IncidentView), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn tell(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(given): Given<MethaneGiven>,
) -> Result<Json<IncidentView>, Problem> {
    let area = AreaId::try_new(given.area.as_str())?;
    let on = On {
        incident: IncidentId::try_new(id)?,
        matter: Matter::Incident,
        at: room.node().day_now(),
        note: given.note,
    };
    let key = Key::of_act(&area, &on);
    let standing = room.node().ops(|state| state.incidents.get(&key)?.toll().cloned());
    let methane = Box::new(report(given.report, standing.as_ref())?);
    let actor = access.actor_with(room.node(), &area, row::INCIDENT_METHANE)?;
    let command = incident::Command::Act { area, on, deed: Deed::Tell { methane } };
    execute(&room, actor, Command::Incident(command)).await?;
    shown(&room, &access, &key).await
}

fn report(wish: MethaneWish, standing: Option<&Toll>) -> Result<Methane, Problem> {
    let refused = Problem::refused;
    let hazards = |names: Vec<String>, field| -> Result<Vec<Hazard>, Problem> {
        let read = names.iter().map(|name| Hazard::parse(name).ok_or_else(|| refused(field)));
        read.collect()
    };
    let strengths = |all: Vec<StrengthView>, field| -> Result<Vec<Strength>, Problem> {
        let read = all.iter().map(|one| {
            let service = Service::parse(&one.service).ok_or_else(|| refused(field))?;
            Ok(Strength { service, number: one.number })
        });
        read.collect()
    };
    let toll = wish.toll.map(|[killed_min, killed_max, hurt_min, hurt_max]| Toll {
        killed_min,
        killed_max,
        hurt_min,
        hurt_max,
        source: wish.toll_source,
    });
    let point = match wish.lat.zip(wish.lon) {
        Some((lat, lon)) => Some(Point::try_from_degrees(lat, lon).ok_or_else(|| refused("lat"))?),
        None => None,
    };
    Ok(Methane {
        declared: Declaration::parse(&wish.declared).ok_or_else(|| refused("declared"))?,
        place: wish.place,
        point,
        code: Kind::parse(&wish.code).ok_or_else(|| refused("code"))?,
        kind: wish.kind,
        hazards: hazards(wish.hazards, "hazards")?,
        suspected: hazards(wish.suspected, "suspected")?,
        hazard_words: wish.hazard_words,
        access: Ways { inward: wish.way_in, outward: wish.way_out, meeting: wish.meeting },
        // What stands is read out, not counted twice.
        toll: toll.filter(|toll| standing != Some(toll)),
        present: strengths(wish.present, "present")?,
        units: wish
            .units
            .iter()
            .map(|unit| UnitId::try_new(unit.as_str()))
            .collect::<Result<_, _>>()?,
        required: strengths(wish.required, "required")?,
        required_words: wish.required_words,
    })
}
