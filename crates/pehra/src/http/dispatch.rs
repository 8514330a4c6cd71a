//! Units of the response: how far each is, who could go where, and what is late.

pub mod act;

use crate::{
    day::taxonomy,
    http::{
        intelligence::near::{NearConvoy, OnTheWay},
        problem::{Fault, Problem},
        reply::blocking,
        room::Room,
        who::Access,
    },
    work::dispatch::{
        Offer, Suggestion,
        round::{Passing, Round},
        suggest,
    },
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::{AreaId, IncidentId, Point, StationId, UnitId, UnixMs};
use pehra_ops::{
    EventRef, State as Ops,
    dispatch::{
        self, AskPhase, Goal, Phase, Record,
        late::{Alarm, alarms, targets},
    },
    event::kind_name,
    intelligence::{Place, Window},
    permission as row,
};
use pehra_plan::reserve::base::Basis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Material on its way is looked for so far around an incident, and for so long.
const CONVOY_WITHIN_M: u32 = 5_000;
const CONVOY_WINDOW_MS: i64 = 6 * 3_600_000;
/// Wishes that were answered are shown for so long.
const ANSWERED_MS: i64 = 24 * 3_600_000;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnitView {
    pub unit: String,
    pub area: String,
    /// `quick-reaction`, `patrol` or `reserve`.
    pub kind: &'static str,
    pub phase: &'static str,
    pub crew: u16,
    pub base: String,
    pub base_point: [i32; 2],
    pub vehicle: String,
    pub ready_minutes: u16,
    /// Since when the crew is on its feet, and until when it may be sent.
    pub since_ms: i64,
    pub until_ms: i64,
    /// Where it said that it is, on duty only; the last place alone.
    pub point: Option<[i32; 2]>,
    pub point_ms: Option<i64>,
    /// The incidents to which it goes: two where nodes sent it apart.
    pub goals: Vec<GoalView>,
    pub told_ms: Option<i64>,
    pub leave_by_ms: Option<i64>,
    pub arrive_by_ms: Option<i64>,
    pub travel_s: Option<u32>,
    /// `road` or `estimated`.
    pub basis: Option<&'static str>,
    pub resting_ms: Option<i64>,
    /// The last act on it: its name, its moment and its note.
    pub last: Option<LastView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GoalView {
    pub area: String,
    pub incident: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LastView {
    pub what: &'static str,
    pub at_ms: i64,
    pub note: String,
    pub person: String,
}

/// One area with its reserve.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DispatchArea {
    pub area: String,
    pub on_duty: u32,
    /// Units that wait at their bases with crews that may be sent.
    pub free: u32,
    pub floor: u32,
    /// Somebody set it; otherwise it is the proposed share of those on duty.
    pub floor_is_set: bool,
}

/// A wish to go below the floor.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskView {
    pub id: String,
    pub area: String,
    pub unit: String,
    pub goal: GoalView,
    /// `asked`, `approved`, `declined` or `disputed`.
    pub phase: &'static str,
    pub by: String,
    pub role: String,
    pub at_ms: i64,
    pub note: String,
    /// Units that would stay behind, and how many should.
    pub kept: Vec<String>,
    pub floor: u32,
    /// Whoever asks may sign it: another person, whose role signs.
    pub may_sign: bool,
}

/// Something that is late.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LateView {
    pub id: String,
    /// `departure`, `arrival`, `rest` or `answer`.
    pub what: &'static str,
    pub area: String,
    pub unit: String,
    pub due_ms: i64,
    pub incident: Option<String>,
    pub severity: u8,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DispatchView {
    pub areas: Vec<DispatchArea>,
    pub units: Vec<UnitView>,
    /// The newest first; answered ones of the last day too.
    pub asks: Vec<AskView>,
    /// The gravest and longest first.
    pub late: Vec<LateView>,
    pub now_ms: i64,
}

/// Units within reach, wishes that wait for a signature, and what is late.
#[utoipa::path(get, path = "/api/dispatch", tag = "dispatch", responses((status = 200, body = DispatchView)))]
pub async fn board(
    State(room): State<Room>,
    access: Access,
) -> Result<Json<DispatchView>, Problem> {
    view(&room, &access).await
}

async fn view(room: &Room, access: &Access) -> Result<Json<DispatchView>, Problem> {
    let (room, access) = (room.clone(), access.clone());
    blocking(move || {
        let now = room.node().day_now();
        Ok(room.node().ops(|state| whole(&room, &access, state, now)))
    })
    .await
}

fn whole(room: &Room, access: &Access, state: &Ops, now: UnixMs) -> DispatchView {
    let areas: Vec<&AreaId> = state.dispatch.areas().filter(|area| access.reaches(area)).collect();
    let mut view = DispatchView {
        areas: areas.iter().map(|area| area_view(state, area, now)).collect(),
        units: Vec::new(),
        asks: Vec::new(),
        late: Vec::new(),
        now_ms: now.0,
    };
    for area in &areas {
        let units = state.dispatch.of(area);
        view.units.extend(
            units.filter_map(|(unit, record)| unit_view(state, area, unit.as_str(), record)),
        );
        if let Some(taxonomy) = taxonomy() {
            view.late.extend(alarms(state, taxonomy, area, now).into_iter().map(late));
        }
    }
    view.late.sort_by(|a, b| (b.severity, a.due_ms, &a.id).cmp(&(a.severity, b.due_ms, &b.id)));
    let asks = state.dispatch.asks().filter(|(_, ask)| {
        let is_recent = |at: UnixMs| now.0 - at.0 < ANSWERED_MS;
        ask.phase() == AskPhase::Asked || ask.asked().is_some_and(|(on, ..)| is_recent(on.at))
    });
    view.asks = asks.filter_map(|(at, ask)| ask_view(room, access, (at, ask))).collect();
    view.asks.sort_by(|a, b| (b.at_ms, &a.id).cmp(&(a.at_ms, &b.id)));
    view
}

fn area_view(state: &Ops, area: &AreaId, now: UnixMs) -> DispatchArea {
    let floor = state.dispatch.floor(area);
    DispatchArea {
        area: area.to_string(),
        on_duty: state.dispatch.on_duty(area),
        free: u32::try_from(state.dispatch.free(area, now).count()).unwrap_or(u32::MAX),
        floor: floor.teams,
        floor_is_set: floor.set_by.is_some(),
    }
}

fn unit_view(state: &Ops, area: &AreaId, unit: &str, record: &Record) -> Option<UnitView> {
    let (_, duty) = record.duty()?;
    let told = record.told();
    let by = taxonomy().and_then(|taxonomy| targets(state, taxonomy, record));
    let goes = matches!(record.phase(), Phase::Told | Phase::OnTheWay);
    let by = by.filter(|_| goes);
    let position = record.position();
    let last = record.last_step().map(|step| LastView {
        what: kind_name(step.kind).unwrap_or_default(),
        at_ms: step.at.0,
        note: step.note.clone(),
        person: step.mark.person.to_string(),
    });
    Some(UnitView {
        unit: unit.to_owned(),
        area: area.to_string(),
        kind: duty.kind.name(),
        phase: record.phase().name(),
        crew: duty.crew,
        base: duty.base.clone(),
        base_point: [duty.point.lat_e7, duty.point.lon_e7],
        vehicle: duty.vehicle.clone(),
        ready_minutes: duty.ready_minutes,
        since_ms: duty.since.0,
        until_ms: duty.since.0 + dispatch::DUTY_MS_MAX,
        point: position.map(|(_, point)| [point.lat_e7, point.lon_e7]),
        point_ms: position.map(|(at, _)| at.0),
        goals: record.goals().map(goal_view).collect(),
        told_ms: told.map(|(at, _)| at.0),
        leave_by_ms: by.map(|by| by.leave.0),
        arrive_by_ms: by.and_then(|by| by.arrive).map(|at| at.0),
        travel_s: told.map(|(_, sending)| sending.travel.seconds),
        basis: told.map(|(_, sending)| sending.travel.basis.name()),
        resting_ms: record.resting().map(|(_, at)| at.0),
        last,
    })
}

fn goal_view(goal: &Goal) -> GoalView {
    GoalView { area: goal.area.to_string(), incident: goal.incident.to_string() }
}

fn late(alarm: Alarm) -> LateView {
    LateView {
        id: alarm.id,
        what: alarm.what.name(),
        area: alarm.area.to_string(),
        unit: alarm.unit.to_string(),
        due_ms: alarm.due.0,
        incident: alarm.goal.map(|goal| goal.incident.to_string()),
        severity: alarm.severity.number(),
    }
}

fn ask_view(
    room: &Room,
    access: &Access,
    (at, ask): (EventRef, &dispatch::Ask),
) -> Option<AskView> {
    let (on, sending, mark) = ask.asked().filter(|(.., mark)| access.reaches(&mark.area))?;
    let signs = access.holds(room.node(), &mark.area, row::DISPATCH_APPROVE);
    Some(AskView {
        id: at.to_string(),
        area: mark.area.to_string(),
        unit: on.unit.to_string(),
        goal: goal_view(&sending.goal),
        phase: match ask.phase() {
            AskPhase::Unknown | AskPhase::Asked => "asked",
            AskPhase::Approved => "approved",
            AskPhase::Declined => "declined",
            AskPhase::Disputed => "disputed",
        },
        by: mark.person.to_string(),
        role: mark.role.as_str().to_owned(),
        at_ms: on.at.0,
        note: on.note.clone(),
        kept: sending.reserve.kept.iter().map(ToString::to_string).collect(),
        floor: sending.reserve.floor,
        may_sign: ask.phase() == AskPhase::Asked && signs && mark.person != access.person,
    })
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForIncident {
    /// The incident's district.
    pub area: String,
    pub incident: String,
    /// Whose units; the incident's district where nothing is said.
    pub units_of: Option<String>,
}

/// A unit that could go.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DispatchOffer {
    pub unit: String,
    pub phase: &'static str,
    pub crew: u16,
    pub base: String,
    pub vehicle: String,
    pub from: [i32; 2],
    /// When it told that it is there; none: its base.
    pub from_ms: Option<i64>,
    pub ready_s: u32,
    pub travel_s: u32,
    /// `road` or `estimated`.
    pub basis: &'static str,
    /// Stations that no free unit would reach in time while it is away.
    pub uncovered: u32,
    /// Fewer than the floor would stay behind: a second person has to sign.
    pub needs_signature: bool,
}

/// A unit that goes to an incident or is there.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct GoingView {
    pub unit: String,
    pub phase: &'static str,
}

/// Who could go to an incident, the soonest first, and what passes it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DispatchSuggestion {
    pub point: [i32; 2],
    /// Units that go there or are there already, of whatever area.
    pub going: Vec<GoingView>,
    pub offers: Vec<DispatchOffer>,
    pub free: u32,
    pub on_duty: u32,
    pub floor: u32,
    pub floor_is_set: bool,
    /// Polling material on its way within five kilometres of the straight line that its record gives.
    pub convoys: Vec<NearConvoy>,
    /// Of these, by the node's road map, what the quickest road meets; empty without a map.
    pub passings: Vec<ConvoyPassing>,
    pub now_ms: i64,
}

/// What a convoy meets on the quickest road from its nearest station to the returning officer.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConvoyPassing {
    /// The convoy's `id`.
    pub convoy: String,
    /// How near that road comes to the incident.
    pub passes_m: u32,
    pub drive_s: u32,
    /// It comes within a kilometre: another way is asked for.
    pub meets_it: bool,
    /// The quickest way that stays a kilometre away; none where no open road does.
    pub round: Option<DetourView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DetourView {
    pub drive_s: u32,
    pub length_m: u32,
    /// A station on it, where it lies farthest from the way that it replaces.
    pub via: Option<String>,
    pub via_name: Option<String>,
}

/// Who could go to an incident: free units by the time they take, what each one's leaving uncovers, and convoys that pass it.
#[utoipa::path(get, path = "/api/dispatch/suggestion", tag = "dispatch", params(ForIncident),
    responses((status = 200, body = DispatchSuggestion), (status = 404, body = Fault), (status = 409, body = Fault)))]
pub async fn suggestion(
    State(room): State<Room>,
    access: Access,
    Query(which): Query<ForIncident>,
) -> Result<Json<DispatchSuggestion>, Problem> {
    let goal = Goal {
        area: AreaId::try_new(which.area.trim())?,
        incident: IncidentId::try_new(which.incident.trim())?,
    };
    let area = which
        .units_of
        .as_deref()
        .map_or_else(|| Ok(goal.area.clone()), |area| AreaId::try_new(area.trim()))?;
    if !access.reaches(&goal.area) || !access.reaches(&area) {
        return Err(Problem::not_found(which.incident));
    }
    blocking(move || {
        let now = room.node().day_now();
        let found = suggest(room.node(), room.roads(), &area, &goal, now)?;
        let convoys = convoys(&room, &access, &goal, &found, now);
        let going = room.node().ops(|state| {
            let all = state.dispatch.at(&goal);
            let view = |(_, unit, record): (_, &UnitId, &Record)| GoingView {
                unit: unit.to_string(),
                phase: record.phase().name(),
            };
            all.map(view).collect()
        });
        let passings = passings(&room, &found, &convoys);
        Ok(suggestion_view(&found, going, (convoys, passings), now))
    })
    .await
}

/// Polling material that passes an incident in the hours to come.
fn convoys(
    room: &Room,
    access: &Access,
    goal: &Goal,
    found: &Suggestion,
    now: UnixMs,
) -> Vec<NearConvoy> {
    let world = room.node().world();
    let place = Place { subject: None, points: vec![found.point], radius_m: 0 };
    let around = BTreeSet::from([goal.area.clone()]);
    room.node().ops(|state| {
        let on_the_way = OnTheWay {
            state,
            world: &world,
            access,
            place: &place,
            window: Window { from: now, until: UnixMs(now.0 + CONVOY_WINDOW_MS) },
            within_m: CONVOY_WITHIN_M,
            at: now,
        };
        on_the_way.convoys(&around)
    })
}

/// What the convoys meet on the roads, by the node's map.
fn passings(room: &Room, found: &Suggestion, convoys: &[NearConvoy]) -> Vec<ConvoyPassing> {
    if convoys.is_empty() {
        return Vec::new();
    }
    let world = room.node().world();
    let round = Round::open(room.node(), &world, room.roads(), found.point);
    let Some(round) = round else { return Vec::new() };
    let point = |&[lat_e7, lon_e7]: &[i32; 2]| Point { lat_e7, lon_e7 };
    let places: Vec<Vec<Point>> =
        convoys.iter().map(|convoy| convoy.points.iter().map(point).collect()).collect();
    let named = |via: StationId| {
        let table = world.stations.as_ref();
        let name = table.and_then(|table| table.named(via.as_str())).map(|one| one.name.clone());
        (via.to_string(), name)
    };
    let view = |(passing, convoy): (Option<Passing>, &NearConvoy)| {
        let passing = passing?;
        Some(ConvoyPassing {
            convoy: convoy.id.clone(),
            passes_m: passing.passes_m,
            drive_s: passing.drive_s,
            meets_it: passing.meets_it(),
            round: passing.round.map(|other| {
                let (via, via_name) = other.via.map(named).unzip();
                DetourView {
                    drive_s: other.drive_s,
                    length_m: other.length_m,
                    via,
                    via_name: via_name.flatten(),
                }
            }),
        })
    };
    round.passings(&world, &places).into_iter().zip(convoys).filter_map(view).collect()
}

fn suggestion_view(
    found: &Suggestion,
    going: Vec<GoingView>,
    (convoys, passings): (Vec<NearConvoy>, Vec<ConvoyPassing>),
    now: UnixMs,
) -> DispatchSuggestion {
    let offer = |offer: &Offer| DispatchOffer {
        unit: offer.unit.to_string(),
        phase: offer.phase.name(),
        crew: offer.crew,
        base: offer.base.clone(),
        vehicle: offer.vehicle.clone(),
        from: [offer.from.lat_e7, offer.from.lon_e7],
        from_ms: offer.told_at.map(|at| at.0),
        ready_s: offer.ready_s,
        travel_s: offer.travel_s,
        basis: basis(offer.basis).name(),
        uncovered: offer.uncovered,
        needs_signature: found.needs_signature(offer),
    };
    DispatchSuggestion {
        point: [found.point.lat_e7, found.point.lon_e7],
        going,
        offers: found.offers.iter().map(offer).collect(),
        free: found.free,
        on_duty: found.on_duty,
        floor: found.floor,
        floor_is_set: found.floor_is_set,
        convoys,
        passings,
        now_ms: now.0,
    }
}

/// The planner's word as the record's.
fn basis(basis: Basis) -> dispatch::Basis {
    match basis {
        Basis::Road => dispatch::Basis::Road,
        Basis::Estimated => dispatch::Basis::Estimated,
    }
}
