//! One incident with its whole history, who is asked, and who could go.

use super::{
    frame::{IncidentView, Scope},
    methane::{self, MethaneDetail},
    picture, scope,
};
use crate::{
    day::{Picture, taxonomy},
    http::{
        problem::{Fault, Problem},
        room::Room,
        who::Access,
    },
    world::World,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{AreaId, IncidentId, point::whole_m};
use pehra_ops::{
    event::kind_name,
    incident::{Key, Matter, call, suggest},
};
use serde::{Deserialize, Serialize};

/// Units that are offered.
const OFFERED_MAX: usize = 5;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
pub struct Which {
    pub area: String,
    #[serde(default)]
    pub complaint: bool,
}

/// Whose answer is awaited on one side.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CallView {
    pub level: &'static str,
    pub since_ms: i64,
    /// When the level above is asked; none at the top or once answered.
    pub until_ms: Option<i64>,
    /// Levels that did not answer in time.
    pub passed: Vec<&'static str>,
    pub answered: Option<&'static str>,
    pub answered_ms: Option<i64>,
}

/// One line of the history.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StepView {
    /// `incident.acknowledged`.
    pub what: &'static str,
    pub at_ms: i64,
    pub detail: String,
    pub note: String,
    pub person: String,
    pub role: String,
    /// The node signed for the person, who has no key of their own yet.
    pub attested_by_node: bool,
    pub entry: String,
}

/// Somebody who could go.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OfferView {
    pub unit: String,
    pub name: String,
    pub people: u32,
    /// As the crow flies from the unit's base.
    pub distance_m: u32,
    /// Open incidents to which it is assigned.
    pub busy: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct IncidentDetail {
    pub incident: IncidentView,
    pub calls: Vec<CallView>,
    pub steps: Vec<StepView>,
    /// Others that may be the same; only a person merges.
    pub duplicates: Vec<String>,
    /// Tolls as they were stated, oldest first: moment, killed and hurt from at least to at most, source.
    pub tolls: Vec<TollStep>,
    pub offers: Vec<OfferView>,
    /// Reports in the fixed order; none for a complaint.
    pub methane: Option<MethaneDetail>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TollStep {
    pub at_ms: i64,
    pub killed: [u32; 2],
    pub hurt: [u32; 2],
    pub source: String,
}

/// The row of an incident, if it may be seen.
pub(super) fn row_of(picture: &Picture, scope: &Scope, key: &Key) -> Option<IncidentView> {
    let row = picture.incidents.iter().find(|row| row.key == *key)?;
    scope.sees(row).then(|| IncidentView::of(row))
}

/// One incident: who is asked, what was done, who could go.
#[utoipa::path(get, path = "/api/day/incidents/{id}", tag = "day", params(("id" = String, Path), Which),
    responses((status = 200, body = IncidentDetail), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Json<IncidentDetail>, Problem> {
    let picture = picture(&room).await?;
    let scope = scope(&room, &access, &picture);
    let key = Key {
        area: AreaId::try_new(which.area)?,
        matter: if which.complaint { Matter::Complaint } else { Matter::Incident },
        incident: IncidentId::try_new(id.as_str())?,
    };
    let incident = row_of(&picture, &scope, &key).ok_or_else(|| Problem::not_found(&id))?;
    let now = room.node().day_now();
    let world = room.node().world();
    let detail = room.node().ops(|state| {
        let record = state.incidents.get(&key)?;
        let calls = taxonomy().map(|taxonomy| call::calls(record, taxonomy, now));
        let steps = record.steps().into_iter().map(|(entry, step)| StepView {
            what: kind_name(step.kind).unwrap_or_default(),
            at_ms: step.at.0,
            detail: step.detail.clone(),
            note: step.note.clone(),
            person: step.mark.person.to_string(),
            role: step.mark.role.as_str().to_owned(),
            attested_by_node: step.mark.attested_by_node,
            entry: entry.to_string(),
        });
        let tolls = record.tolls().into_iter().map(|(toll, at)| TollStep {
            at_ms: at.0,
            killed: [toll.killed_min, toll.killed_max],
            hurt: [toll.hurt_min, toll.hurt_max],
            source: toll.source.clone(),
        });
        let duplicates = suggest::duplicates(&state.incidents, &key);
        Some(IncidentDetail {
            offers: offers(&picture, &world, &incident),
            calls: calls.unwrap_or_default().into_iter().map(call_view).collect(),
            steps: steps.collect(),
            duplicates: duplicates.into_iter().map(|key| key.incident.to_string()).collect(),
            tolls: tolls.collect(),
            methane: methane::detail(state, &world, &key, record),
            incident,
        })
    });
    detail.map(Json).ok_or_else(|| Problem::not_found(&id))
}

fn call_view(call: call::Call) -> CallView {
    CallView {
        level: call.level.name(),
        since_ms: call.since.0,
        until_ms: call.until.map(|at| at.0),
        passed: call.passed.into_iter().map(|level| level.name()).collect(),
        answered: call.answered.map(|(level, _)| level.name()),
        answered_ms: call.answered.map(|(_, at)| at.0),
    }
}

/// The nearest units with a reserve in the incident's district, those with less to do first among equals.
fn offers(picture: &Picture, world: &World, incident: &IncidentView) -> Vec<OfferView> {
    let Some(table) = &world.units else { return Vec::new() };
    let at = incident.lat_e7.zip(incident.lon_e7);
    let at = at.map(|(lat_e7, lon_e7)| pehra_domain::Point { lat_e7, lon_e7 });
    let busy = |unit: &str| {
        let open = picture.incidents.iter().filter(|row| {
            row.phase != pehra_ops::incident::Phase::Closed
                && row.units.iter().any(|other| other == unit)
        });
        u32::try_from(open.count()).unwrap_or(u32::MAX)
    };
    let mut all: Vec<OfferView> = table
        .units
        .iter()
        .filter(|unit| unit.district.as_str() == incident.area && unit.reserve > 0)
        .map(|unit| OfferView {
            unit: unit.id.to_string(),
            name: unit.name.clone(),
            people: unit.reserve,
            distance_m: at.map_or(0, |at| whole_m(unit.point.distance_m(at))),
            busy: busy(unit.id.as_str()),
        })
        .collect();
    all.sort_by_key(|offer| (offer.busy > 0, offer.distance_m, offer.unit.clone()));
    all.truncate(OFFERED_MAX);
    all
}
