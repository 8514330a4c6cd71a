//! What is done on the day: reports, answers, check-ins. Every act is a command through the same door as all others.

use super::{area_of, frame::IncidentView, incident::row_of, picture, scope};
use crate::{
    day::Picture,
    http::{
        given::Given,
        persons::execute,
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
    node::Node,
};
use axum::{
    Json,
    extract::{Path, State},
};
use pehra_domain::{AreaId, IncidentId, Point, StationId, UnitId, UnixMs};
use pehra_ops::{
    Command, Refusal, RefusalCode,
    check_in::{self, Code as CheckCode, Counts, Item, Rung, Subject, Word},
    dispatch::late::What,
    incident::{
        self, Basis, Code as Kind, Deed, Finding, Key, Level, Matter, On, Outcome, Place, Report,
        Severity, Source, Terrain, Toll,
    },
    permission as row,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A report as it is typed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ReportWish {
    /// `ARM.PST`.
    pub code: String,
    /// Where nothing else is said, the code's own.
    pub severity: Option<u8>,
    pub station: Option<String>,
    /// The district, where no station is named.
    pub area: Option<String>,
    pub lat: Option<f64>,
    pub lon: Option<f64>,
    #[serde(default)]
    pub words: String,
    pub text: String,
    /// `on-scene`, `desk` or `public`.
    pub source: String,
    /// Now, unless another moment is given.
    pub at_ms: Option<i64>,
}

/// Names an incident.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Reported {
    pub id: String,
    pub area: String,
    pub complaint: bool,
}

/// Reports an incident.
#[utoipa::path(post, path = "/api/day/incidents", tag = "day", request_body = ReportWish,
    responses((status = 200, body = Reported), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn report(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<ReportWish>,
) -> Result<Json<Reported>, Problem> {
    let code = Kind::parse(&wish.code).ok_or_else(|| Problem::refused("code"))?;
    let station = wish.station.as_deref().map(StationId::try_new).transpose()?;
    let area = area_of(&room, station.as_ref(), wish.area.as_deref())?;
    let severity = severity(code, wish.severity)?;
    let source = match wish.source.as_str() {
        "on-scene" => Source::OnScene,
        "desk" => Source::Desk,
        "public" => Source::Public,
        _ => return Err(Problem::refused("source")),
    };
    let given = wish.lat.zip(wish.lon).and_then(|(lat, lon)| Point::try_from_degrees(lat, lon));
    let (terrain, point) = ground(room.node(), station.as_ref(), given);
    let drawn = room.node().random::<6>()?;
    let incident = IncidentId::try_new(format!("I-{}", name_of(&drawn)))?;
    let report = Report {
        incident,
        code,
        severity,
        at: wish.at_ms.map_or_else(|| room.node().day_now(), UnixMs),
        place: Place { subject: station.map(Subject::Station), point, terrain, words: wish.words },
        source,
        text: wish.text,
    };
    let key = Key::of_report(&area, &report);
    let actor = access.actor_with(room.node(), &area, row::INCIDENT_REPORT)?;
    execute(&room, actor, Command::Incident(incident::Command::Report { area, report })).await?;
    Ok(Json(Reported {
        id: key.incident.to_string(),
        area: key.area.to_string(),
        complaint: key.matter == Matter::Complaint,
    }))
}

/// Letters and digits that nobody mistakes for each other over a radio.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

pub(in crate::http) fn name_of(drawn: &[u8]) -> String {
    drawn
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
        .map(|letter| char::from(*letter))
        .collect()
}

/// A town of this size makes its surroundings urban.
const TOWN_PEOPLE_MIN: u32 = 200_000;
const TOWN_REACH_M: f64 = 10_000.0;

/// How far help has to come, and where to: the given point, or the station's.
pub(in crate::http) fn ground(
    node: &Node,
    station: Option<&StationId>,
    given: Option<Point>,
) -> (Terrain, Option<Point>) {
    let world = node.world();
    let listed = station.and_then(|id| {
        let table = world.stations.as_ref()?;
        table.named(id.as_str()).map(|station| station.point)
    });
    let Some(point) = given.or(listed) else { return (Terrain::Rural, None) };
    let urban = node.gazetteer().towns.iter().any(|town| {
        town.population >= TOWN_PEOPLE_MIN && town.point.distance_m(point) <= TOWN_REACH_M
    });
    (if urban { Terrain::Urban } else { Terrain::Rural }, Some(point))
}

/// What is done about an incident.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
pub struct ActWish {
    pub area: String,
    #[serde(default)]
    pub complaint: bool,
    /// `acknowledge`, `judge`, `assign`, `depart`, `arrive`, `contain`, `close`, `reopen`, `reclassify`, `toll`, `merge`,
    /// `part` or `bypass`.
    pub act: String,
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub units: Vec<String>,
    /// `contained`, `nothing-found`, `handed-over` or `noted`.
    pub outcome: Option<String>,
    /// `verified`, `unverified` or `false`.
    pub finding: Option<String>,
    /// `two-sources`, `official-on-scene` or `desk`.
    pub basis: Option<String>,
    pub code: Option<String>,
    pub severity: Option<u8>,
    /// Killed at least and at most, hurt at least and at most.
    pub toll: Option<[u32; 4]>,
    /// Whose figure the toll is.
    pub toll_source: Option<String>,
    pub into: Option<String>,
    /// The level that did not answer.
    pub level: Option<String>,
}

/// Acts on an incident; the answer shows it as it is now.
#[utoipa::path(post, path = "/api/day/incidents/{id}", tag = "day", params(("id" = String, Path)),
    request_body = ActWish,
    responses((status = 200, body = IncidentView), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<ActWish>,
) -> Result<Json<IncidentView>, Problem> {
    let area = AreaId::try_new(wish.area.as_str())?;
    let matter = if wish.complaint { Matter::Complaint } else { Matter::Incident };
    let on = On {
        incident: IncidentId::try_new(id)?,
        matter,
        at: room.node().day_now(),
        note: wish.note.clone(),
    };
    let key = Key::of_act(&area, &on);
    let mut deed = deed(&wish)?;
    let command = |deed: Deed| incident::Command::Act { area: area.clone(), on: on.clone(), deed };
    let permission = Command::Incident(command(deed.clone())).permission();
    let actor = access.actor_with(room.node(), &area, permission)?;
    if let Deed::Acknowledge { by } = &mut deed {
        let own = Level::of_role(actor.role.as_str());
        *by = own.ok_or_else(|| Refusal::of(RefusalCode::LevelDiffers, actor.role.as_str()))?;
    }
    execute(&room, actor, Command::Incident(command(deed))).await?;
    shown(&room, &access, &key).await
}

pub(super) async fn shown(
    room: &Room,
    access: &Access,
    key: &Key,
) -> Result<Json<IncidentView>, Problem> {
    let picture = picture(room).await?;
    let scope = scope(room, access, &picture);
    let found = row_of(&picture, &scope, key);
    found.map(Json).ok_or_else(|| Problem::not_found(key.incident.as_str()))
}

/// What was found, and on what it rests.
pub(in crate::http) fn judgement(
    finding: Option<&str>,
    basis: Option<&str>,
) -> Result<(Finding, Basis), Problem> {
    let finding = match finding {
        Some("verified") => Finding::Verified,
        Some("unverified") => Finding::Unverified,
        Some("false") => Finding::False,
        Some(_) | None => return Err(Problem::refused("finding")),
    };
    let basis = match basis {
        Some("two-sources") => Basis::TwoSources,
        Some("official-on-scene") => Basis::OfficialOnScene,
        Some("desk") => Basis::Desk,
        Some(_) | None => return Err(Problem::refused("basis")),
    };
    Ok((finding, basis))
}

/// The severity that was given; otherwise what the taxonomy says of the code.
pub(in crate::http) fn severity(code: Kind, given: Option<u8>) -> Result<Severity, Problem> {
    match given {
        Some(number) => Severity::of(number).ok_or_else(|| Problem::refused("severity")),
        None => {
            let usual = crate::day::taxonomy().and_then(|taxonomy| taxonomy.kind(code));
            Ok(usual.map_or(Severity::Three, |kind| kind.severity))
        }
    }
}

fn deed(wish: &ActWish) -> Result<Deed, Problem> {
    let text = |given: &Option<String>, field| given.clone().ok_or_else(|| Problem::refused(field));
    Ok(match wish.act.as_str() {
        // The level is the acting role's own; it is filled in once the role is known.
        "acknowledge" => Deed::Acknowledge { by: Level::District },
        "judge" => {
            let (finding, basis) = judgement(wish.finding.as_deref(), wish.basis.as_deref())?;
            Deed::Judge { finding, basis }
        }
        "assign" => {
            let units = wish.units.iter().map(|unit| UnitId::try_new(unit.as_str()));
            Deed::Assign { units: units.collect::<Result<_, _>>()? }
        }
        "depart" => Deed::Depart,
        "arrive" => Deed::Arrive,
        "contain" => Deed::Contain,
        "close" => Deed::Close {
            outcome: match text(&wish.outcome, "outcome")?.as_str() {
                "contained" => Outcome::Contained,
                "nothing-found" => Outcome::NothingFound,
                "handed-over" => Outcome::HandedOver,
                "noted" => Outcome::Noted,
                _ => return Err(Problem::refused("outcome")),
            },
        },
        "reopen" => Deed::Reopen,
        "reclassify" => Deed::Reclassify {
            code: Kind::parse(&text(&wish.code, "code")?)
                .ok_or_else(|| Problem::refused("code"))?,
            severity: wish
                .severity
                .and_then(Severity::of)
                .ok_or_else(|| Problem::refused("severity"))?,
        },
        "toll" => {
            let [killed_min, killed_max, hurt_min, hurt_max] =
                wish.toll.ok_or_else(|| Problem::refused("toll"))?;
            let source = text(&wish.toll_source, "toll_source")?;
            Deed::CountToll { toll: Toll { killed_min, killed_max, hurt_min, hurt_max, source } }
        }
        "merge" => Deed::Merge { into: IncidentId::try_new(text(&wish.into, "into")?)? },
        "part" => Deed::Part,
        "bypass" => {
            let name = text(&wish.level, "level")?;
            let level = Level::ALL.into_iter().find(|level| level.name() == name);
            Deed::Bypass { level: level.ok_or_else(|| Problem::refused("level"))? }
        }
        _ => return Err(Problem::refused("act")),
    })
}

/// Takes an alarm in hand: it becomes an incident under the alarm's own name, acknowledged by who takes it. Two desks
/// that take the same one take one incident.
#[utoipa::path(post, path = "/api/day/alarms/{id}", tag = "day", params(("id" = String, Path)),
    responses((status = 200, body = IncidentView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn take_alarm(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<IncidentView>, Problem> {
    let picture = picture(&room).await?;
    let (area, report) = raised(&room, &access, &picture, &id)?;
    let key = Key::of_report(&area, &report);
    let reporter = access.actor_with(room.node(), &area, row::INCIDENT_REPORT)?;
    let answerer = access.actor_with(room.node(), &area, row::INCIDENT_ACKNOWLEDGE)?;
    let by = Level::of_role(answerer.role.as_str())
        .ok_or_else(|| Refusal::of(RefusalCode::LevelDiffers, answerer.role.as_str()))?;
    let (incident, at) = (key.incident.clone(), report.at);
    let on = On { incident, matter: key.matter, at, note: String::new() };
    let raise = incident::Command::Report { area: area.clone(), report };
    execute(&room, reporter, Command::Incident(raise)).await?;
    let answer = incident::Command::Act { area, on, deed: Deed::Acknowledge { by } };
    execute(&room, answerer, Command::Incident(answer)).await?;
    shown(&room, &access, &key).await
}

/// The incident that an alarm becomes: of stations that are silent, or of a unit that is late.
fn raised(
    room: &Room,
    access: &Access,
    picture: &Picture,
    id: &str,
) -> Result<(AreaId, Report), Problem> {
    let at = room.node().day_now();
    let place = |station: Option<StationId>| {
        let (terrain, point) = ground(room.node(), station.as_ref(), None);
        Place { subject: station.map(Subject::Station), point, terrain, words: String::new() }
    };
    let late = picture.late.iter().filter(|one| access.reaches(&one.area)).find(|one| one.id == id);
    if let Some(late) = late {
        let about = late.goal.as_ref().map(|goal| format!(" ({})", goal.incident));
        let report = Report {
            incident: IncidentId::try_new(late.id.as_str())?,
            // A crew that nobody relieves was not brought; of every other unit no word has come.
            code: if late.what == What::Rest { Kind::LogMat } else { Kind::ComChk },
            severity: late.severity,
            at,
            place: place(None),
            source: Source::Derived,
            text: format!("{}: {}{}", late.what.name(), late.unit, about.unwrap_or_default()),
        };
        return Ok((late.area.clone(), report));
    }
    let within = picture.areas.iter().filter(|one| access.reaches(&one.area));
    let alarm = within.flat_map(|one| &one.alarms).find(|alarm| alarm.id == id);
    let alarm = alarm.ok_or_else(|| Problem::not_found(id))?;
    let report = Report {
        incident: IncidentId::try_new(alarm.id.as_str())?,
        code: Kind::ComChk,
        severity: Severity::of(alarm.severity).unwrap_or(Severity::Two),
        at,
        place: place(alarm.named.first().filter(|_| alarm.count == 1).cloned()),
        source: Source::Derived,
        text: format!("{}: {} / {}", alarm.code.name(), alarm.count, alarm.of),
    };
    Ok((alarm.area.clone(), report))
}

/// One check-in as a desk heard it or an officer says it.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CheckInWish {
    pub station: String,
    /// `A7`.
    pub code: String,
    /// False: trouble.
    pub well: bool,
    #[serde(default)]
    pub counts: [Option<u16>; 3],
    /// `radio`, `fixed`, `courier`, `in-person`, `cellular` or `satellite`.
    pub rung: String,
    #[serde(default)]
    pub note: String,
    /// Now, unless another moment is given.
    pub at_ms: Option<i64>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CheckInsWish {
    pub items: Vec<CheckInWish>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CheckInsDone {
    /// Signed entries; fewer than districts when everything was on record already.
    pub entries: usize,
}

/// Records check-ins, one signed entry a district: in one's own name if the role is the sender's, otherwise as heard.
#[utoipa::path(post, path = "/api/day/check-ins", tag = "day", request_body = CheckInsWish,
    responses((status = 200, body = CheckInsDone), (status = 403, body = Fault), (status = 409, body = Fault)))]
pub async fn check_in(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<CheckInsWish>,
) -> Result<Json<CheckInsDone>, Problem> {
    let now = room.node().day_now();
    let mut by_area: BTreeMap<AreaId, Vec<Item>> = BTreeMap::new();
    for one in wish.items {
        let station = StationId::try_new(one.station)?;
        let area = area_of(&room, Some(&station), None)?;
        let rung = Rung::ALL.into_iter().find(|rung| rung.name() == one.rung);
        let [first, second, third] = one.counts;
        let item = Item {
            subject: Subject::Station(station),
            code: CheckCode::parse(&one.code).ok_or_else(|| Problem::refused("code"))?,
            at: one.at_ms.map_or(now, UnixMs),
            word: if one.well { Word::Well } else { Word::Trouble },
            counts: Counts { first, second, third },
            rung: rung.ok_or_else(|| Problem::refused("rung"))?,
            note: one.note,
        };
        by_area.entry(area).or_default().push(item);
    }
    let mut entries = 0;
    for (area, items) in by_area {
        let (actor, command) = match access.actor_with(room.node(), &area, row::CHECKIN_HEAR) {
            Ok(actor) => (actor, check_in::Command::Hear { area, items }),
            Err(_) => {
                let actor = access.actor_with(room.node(), &area, row::CHECKIN_SEND)?;
                (actor, check_in::Command::Send { area, items })
            }
        };
        entries += execute(&room, actor, Command::CheckIn(command)).await?.len();
    }
    Ok(Json(CheckInsDone { entries }))
}
