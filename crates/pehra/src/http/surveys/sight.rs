//! Where somebody has looked, and what was seen: answers of the imported list and of signed forms side by side.

use super::{form::part_key, subject};
use crate::{
    http::{problem::Fault, problem::Problem, room::Room, view::area_name, who::Access},
    world::World,
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::{AreaId, BuildingId, Date, building::Building, survey::SurveySubject};
use pehra_plan::survey_form;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One answer as it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeenView {
    pub question: String,
    /// The ticked answer; none when the score is none of the form's.
    pub choice: Option<String>,
    pub centi: u16,
    pub on: String,
    /// Role of who looked.
    pub looked: String,
    /// Who signed it; none: it came with the imported list.
    pub signed_by: Option<String>,
    pub note: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ShownView {
    pub sha256: String,
    pub part: String,
    /// The picture's bytes are on this node.
    pub here: bool,
}

/// Everything that is known of one building or district.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SubjectView {
    pub building: Option<String>,
    pub district: Option<String>,
    pub name: String,
    /// By question; several of one question contradict each other or differ in age, the newest first.
    pub answers: Vec<SeenView>,
    pub photographs: Vec<ShownView>,
    /// Answers that were given apart and differ.
    pub disputed: Vec<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SubjectQuery {
    pub building: Option<String>,
    pub of_district: Option<String>,
}

/// What was seen at a building, or answered for a district.
#[utoipa::path(get, path = "/api/surveys/seen", tag = "surveys", params(SubjectQuery),
    responses((status = 200, body = SubjectView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn seen(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<SubjectQuery>,
) -> Result<Json<SubjectView>, Problem> {
    let (building, district) = (query.building.as_deref(), query.of_district.as_deref());
    let (subject, area) = subject(&room, building, district)?;
    access.actor(&area)?;
    let view = tokio::task::spawn_blocking(move || view(&room, &subject)).await;
    view.map(Json).map_err(Problem::internal)
}

pub(super) fn view(room: &Room, subject: &SurveySubject) -> SubjectView {
    let world = room.node().world();
    let listed = world.surveys.as_ref().map(|list| list.rows.as_slice()).unwrap_or_default();
    let mut answers: Vec<SeenView> = listed
        .iter()
        .filter(|answer| answer.subject == *subject)
        .map(|answer| SeenView {
            question: answer.question.clone(),
            choice: choice(&answer.question, answer.centi),
            centi: answer.centi,
            on: answer.on.to_string(),
            looked: answer.surveyor_role.clone(),
            signed_by: None,
            note: answer.note.clone(),
        })
        .collect();
    let (disputed, photographs) = room.node().ops(|state| {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for (question, seen, mark, note) in state.surveys.by_question(subject) {
            *times.entry(question).or_default() += 1;
            answers.push(SeenView {
                question: question.to_owned(),
                choice: choice(question, seen.centi),
                centi: seen.centi,
                on: seen.on.to_string(),
                looked: seen.surveyor_role.clone(),
                signed_by: Some(mark.person.to_string()),
                note: note.to_owned(),
            });
        }
        let disputed = times.into_iter().filter(|(_, heads)| *heads > 1);
        let disputed: Vec<String> = disputed.map(|(question, _)| question.to_owned()).collect();
        let photographs: Vec<_> = state.surveys.photographs(subject).copied().collect();
        (disputed, photographs)
    });
    answers.sort_by(|a, b| (&a.question, &b.on, b.centi).cmp(&(&b.question, &a.on, a.centi)));
    let shown = photographs.into_iter().map(|photograph| ShownView {
        sha256: crate::auth::hex(&photograph.sha256.0),
        part: part_key(photograph.view).to_owned(),
        here: room.node().has_photograph(photograph.sha256.0),
    });
    let (building, district, name) = match subject {
        SurveySubject::Building(id) => {
            (Some(id.to_string()), None, world.building_name(id).to_owned())
        }
        SurveySubject::District(area) => {
            (None, Some(area.to_string()), area_name(room.node().gazetteer(), area))
        }
    };
    SubjectView { building, district, name, answers, photographs: shown.collect(), disputed }
}

fn choice(question: &str, centi: u16) -> Option<String> {
    let choices = survey_form::question(question)?.choices;
    choices.iter().find(|choice| choice.centi == centi).map(|choice| choice.key.to_owned())
}

/// One district's forms.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CoverageRow {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
    pub buildings: u32,
    /// Buildings of which at least one line is answered.
    pub seen: u32,
    /// The day of the newest line of the district's checklist.
    pub checklist_on: Option<String>,
    /// Buildings and districts with answers that contradict each other.
    pub disputed: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Coverage {
    pub rows: Vec<CoverageRow>,
    /// Something was answered after the last assessment: it counts from the next one on.
    pub newer_than_assessment: bool,
}

/// How many buildings have been seen, by district.
#[utoipa::path(get, path = "/api/surveys", tag = "surveys", responses((status = 200, body = Coverage)))]
pub async fn coverage(State(room): State<Room>, access: Access) -> Result<Json<Coverage>, Problem> {
    let found = tokio::task::spawn_blocking(move || {
        let world = room.node().world();
        let sums = Sums::of(&room, &world);
        let gazetteer = room.node().gazetteer();
        let mut rows: BTreeMap<&AreaId, CoverageRow> = BTreeMap::new();
        for building in buildings(&world).filter(|building| access.reaches(&building.district)) {
            let area = &building.district;
            let row = rows.entry(area).or_insert_with(|| CoverageRow {
                area: area.to_string(),
                name: area_name(gazetteer, area),
                name_ur: crate::http::view::area_name_ur(gazetteer, area),
                buildings: 0,
                seen: 0,
                checklist_on: sums.districts.get(area).map(Date::to_string),
                disputed: u32::from(sums.disputed_districts.contains(area)),
            });
            row.buildings += 1;
            row.seen += u32::from(sums.buildings.contains_key(&building.id));
            row.disputed += u32::from(sums.disputed_buildings.contains(&building.id));
        }
        Coverage { rows: rows.into_values().collect(), newer_than_assessment: sums.newer }
    });
    found.await.map(Json).map_err(Problem::internal)
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PlaceRow {
    pub id: String,
    pub name: String,
    /// Stations in it; none for offices, stores and other places.
    pub stations: u32,
    pub lat_e7: i32,
    pub lon_e7: i32,
    pub estimated: bool,
    /// The day of the newest answered line.
    pub seen_on: Option<String>,
    pub lines: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Places {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
    pub rows: Vec<PlaceRow>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PlacesQuery {
    pub district: String,
}

/// The buildings of a district: what a surveyor takes along.
#[utoipa::path(get, path = "/api/surveys/places", tag = "surveys", params(PlacesQuery),
    responses((status = 200, body = Places), (status = 403, body = Fault)))]
pub async fn places(
    State(room): State<Room>,
    _: Access,
    Query(query): Query<PlacesQuery>,
) -> Result<Json<Places>, Problem> {
    let area = AreaId::try_new(query.district.trim())?;
    let found = tokio::task::spawn_blocking(move || {
        let world = room.node().world();
        let sums = Sums::of(&room, &world);
        let mut rows: Vec<PlaceRow> = buildings(&world)
            .filter(|building| building.district == area)
            .map(|building| {
                let seen = sums.buildings.get(&building.id);
                PlaceRow {
                    id: building.id.to_string(),
                    name: building.name.clone(),
                    stations: u32::try_from(building.stations.len()).unwrap_or(u32::MAX),
                    lat_e7: building.point.lat_e7,
                    lon_e7: building.point.lon_e7,
                    estimated: building.place_basis == pehra_domain::station::PlaceBasis::Estimated,
                    seen_on: seen.map(|seen| seen.on.to_string()),
                    lines: seen.map_or(0, |seen| seen.lines),
                }
            })
            .collect();
        rows.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        let gazetteer = room.node().gazetteer();
        Places {
            name: area_name(gazetteer, &area),
            name_ur: crate::http::view::area_name_ur(gazetteer, &area),
            area: area.to_string(),
            rows,
        }
    });
    found.await.map(Json).map_err(Problem::internal)
}

fn buildings(world: &World) -> impl Iterator<Item = &Building> {
    let stations = world.stations.as_ref().map(|table| table.buildings.as_slice());
    let places = world.places.as_ref().map(|list| list.rows.as_slice());
    stations.unwrap_or_default().iter().chain(places.unwrap_or_default())
}

struct Look {
    on: Date,
    lines: u32,
}

/// The newest day and the number of lines of every building, and what contradicts itself.
#[derive(Default)]
struct Sums {
    buildings: BTreeMap<BuildingId, Look>,
    districts: BTreeMap<AreaId, Date>,
    disputed_buildings: BTreeSet<BuildingId>,
    disputed_districts: BTreeSet<AreaId>,
    newer: bool,
}

impl Sums {
    fn of(room: &Room, world: &World) -> Self {
        let mut sums = Self::default();
        let listed = world.surveys.as_ref().map(|list| list.rows.as_slice()).unwrap_or_default();
        let mut known: BTreeSet<(&SurveySubject, &str)> = BTreeSet::new();
        let signed = room.node().ops(|state| state.surveys.answers());
        for answer in signed.iter().chain(listed) {
            let is_new = known.insert((&answer.subject, &answer.question));
            match &answer.subject {
                SurveySubject::Building(id) => {
                    let look = Look { on: answer.on, lines: 0 };
                    let look = sums.buildings.entry(id.clone()).or_insert(look);
                    look.on = look.on.max(answer.on);
                    look.lines += u32::from(is_new);
                }
                SurveySubject::District(area) => {
                    let on = sums.districts.entry(area.clone()).or_insert(answer.on);
                    *on = (*on).max(answer.on);
                }
            }
        }
        let assessed = world.assessment.as_ref().map(|table| table.provenance.at);
        let listed_at = world.surveys.as_ref().map(|list| list.provenance.at);
        room.node().ops(|state| {
            for (subject, is_disputed, at) in state.surveys.subjects() {
                sums.newer |= assessed.is_some_and(|assessed| at > assessed);
                match subject {
                    SurveySubject::Building(id) if is_disputed => {
                        sums.disputed_buildings.insert(id.clone());
                    }
                    SurveySubject::District(area) if is_disputed => {
                        sums.disputed_districts.insert(area.clone());
                    }
                    SurveySubject::Building(_) | SurveySubject::District(_) => {}
                }
            }
        });
        let newer_list = assessed.zip(listed_at).is_some_and(|(assessed, at)| at > assessed);
        sums.newer |= newer_list;
        sums
    }
}
