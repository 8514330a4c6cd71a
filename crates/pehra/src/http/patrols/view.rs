//! What the room shows of schedules.

use crate::{
    http::{mark::DoneBy, who::Access},
    node::Node,
    view,
    work::patrol as work,
    world::World,
};
use pehra_domain::AreaId;
use pehra_ops::{
    EventRef, State,
    patrol::{Phase, Promised, Record, Way},
    permission as row,
    stamp::Mark,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How tours are cut.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ToursView {
    /// How long a team is out, 1 to 18.
    pub shift_hours: u8,
    /// How long it stays at a building, 5 to 240.
    pub stay_minutes: u8,
}

/// Something that whoever asks may do now. That this node's key opens it, only opening it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScheduleActView {
    Open,
    Show,
    Check,
    Withdraw,
}

/// A schedule as its entry has it in the clear.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScheduleRow {
    pub id: String,
    pub area: String,
    /// `2024-02-08`.
    pub day: String,
    /// Its hour.
    pub from_ms: i64,
    /// `sealed`, `shown`, `disputed` or `withdrawn`.
    pub phase: &'static str,
    /// Teams on the list; as many stay at their base as the lot decided.
    pub teams: usize,
    pub tours: Option<ToursView>,
    pub sealed: DoneBy,
    pub withdrawn: Option<DoneBy>,
    pub withdrawn_why: Option<String>,
    pub acts: Vec<ScheduleActView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SchedulesView {
    /// The latest day first.
    pub schedules: Vec<ScheduleRow>,
    /// Where whoever asks may plan and draw: these areas and everything below.
    pub seals: Vec<String>,
    pub now_ms: i64,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StopView {
    pub building: String,
    pub name: String,
    pub district: String,
    /// Ten-millionths of a degree; none where this node does not know the building.
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WayView {
    pub team: String,
    /// The unit from which the team goes out and to which it comes back; none for single posts.
    pub base: Option<StopView>,
    /// In their order; none where the team stays.
    pub stops: Vec<StopView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PatrolShown {
    /// With it anybody draws the day again.
    pub seed: String,
    pub ways: Vec<WayView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScheduleView {
    pub row: ScheduleRow,
    /// Names of the teams, in the list's order.
    pub names: Vec<String>,
    pub asked_teams: u32,
    /// What the payoffs say, under which it was drawn.
    pub payoffs_en: String,
    pub payoffs_ur: String,
    /// Hash of all that the draw follows from besides its seed.
    pub input: String,
    /// Hash over seed, input and ways.
    pub promise: String,
    /// From its hour on, once it was shown.
    pub shown: Option<PatrolShown>,
}

/// What was opened by this node's key.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OpenedView {
    /// All teams: the duty officer's.
    pub whole: bool,
    pub ways: Vec<WayView>,
}

/// Every schedule that concerns whoever asks.
pub(super) fn all(node: &Node, access: &Access) -> SchedulesView {
    let mut schedules: Vec<ScheduleRow> = node.ops(|state: &State| {
        let all = state.patrols.all();
        let seen = all.filter(|(.., mark)| access.concerns(&mark.area));
        seen.map(|(at, record, sealed, mark)| line(node, access, at, (record, sealed, mark)))
            .collect()
    });
    schedules.sort_by(|a, b| (&b.day, b.sealed.at_ms).cmp(&(&a.day, a.sealed.at_ms)));
    let table = &node.rules().permissions;
    let seals = access.holdings.iter().filter(|one| table.allows(&one.role, row::PATROL_SEAL));
    let seals: BTreeSet<String> = seals.map(|one| one.area.to_string()).collect();
    SchedulesView { schedules, seals: seals.into_iter().collect(), now_ms: node.now().0 }
}

fn line(
    node: &Node,
    access: &Access,
    at: EventRef,
    (record, sealed, mark): (&Record, &Promised, &Mark),
) -> ScheduleRow {
    let withdrawn = record.withdrawn();
    ScheduleRow {
        id: at.to_string(),
        area: mark.area.to_string(),
        day: sealed.day.to_string(),
        from_ms: sealed.from.0,
        phase: record.phase().name(),
        teams: sealed.teams.len(),
        tours: sealed
            .terms
            .tours
            .map(|it| ToursView { shift_hours: it.shift_hours, stay_minutes: it.stay_minutes }),
        sealed: DoneBy::of(mark),
        withdrawn: withdrawn.map(|(by, _)| DoneBy::of(by)),
        withdrawn_why: withdrawn.map(|(_, why)| why.to_owned()),
        acts: acts(node, access, &mark.area, (record, sealed)),
    }
}

fn acts(
    node: &Node,
    access: &Access,
    area: &AreaId,
    (record, sealed): (&Record, &Promised),
) -> Vec<ScheduleActView> {
    let mut acts = Vec::new();
    let phase = record.phase();
    if matches!(phase, Phase::Unknown | Phase::Withdrawn) {
        return acts;
    }
    let may = |permission| access.holds(node, area, permission);
    if phase == Phase::Sealed && super::Speaks::of(node, access, area).is_some() {
        acts.push(ScheduleActView::Open);
    }
    if phase == Phase::Sealed && node.now() >= sealed.from && may(row::PATROL_SHOW) {
        acts.push(ScheduleActView::Show);
    }
    if phase == Phase::Shown {
        acts.push(ScheduleActView::Check);
    }
    if may(row::PATROL_SEAL) {
        acts.push(ScheduleActView::Withdraw);
    }
    acts
}

/// One schedule as it is now.
pub(super) fn one(node: &Node, access: &Access, at: EventRef) -> Option<ScheduleView> {
    let (row, promised) = node.ops(|state| {
        let record = state.patrols.get(at)?;
        let (sealed, mark) = record.sealed()?;
        Some((line(node, access, at, (record, sealed, mark)), sealed.clone()))
    })?;
    let world = node.world();
    let shown = work::shown(node, at).map(|shown| PatrolShown {
        seed: pehra_ops::Hash32(shown.seed).to_string(),
        ways: ways(&world, &shown.ways),
    });
    let (payoffs_en, payoffs_ur) = work::payoffs(&promised.terms).sentence();
    Some(ScheduleView {
        row,
        asked_teams: promised.terms.teams,
        payoffs_en,
        payoffs_ur,
        input: promised.input.to_string(),
        promise: promised.promise.to_string(),
        names: promised.teams,
        shown,
    })
}

/// Ways with names and places, as far as this node knows them.
pub(super) fn ways(world: &World, ways: &[Way]) -> Vec<WayView> {
    let units = world.units.as_ref();
    let base = |team: &str| {
        let (id, number) = team.rsplit_once('/')?;
        number.parse::<u32>().ok()?;
        let unit = units?.units.iter().find(|unit| unit.id.as_str() == id)?;
        Some(StopView {
            building: unit.id.to_string(),
            name: unit.name.clone(),
            district: unit.district.to_string(),
            lat_e7: Some(unit.point.lat_e7),
            lon_e7: Some(unit.point.lon_e7),
        })
    };
    let stop = |id: &pehra_domain::BuildingId| {
        let known = view::building(world, id);
        StopView {
            building: id.to_string(),
            name: known.map(|it| it.name.clone()).unwrap_or_default(),
            district: known.map(|it| it.district.to_string()).unwrap_or_default(),
            lat_e7: known.map(|it| it.point.lat_e7),
            lon_e7: known.map(|it| it.point.lon_e7),
        }
    };
    let shown = |way: &Way| WayView {
        team: way.team.clone(),
        base: base(&way.team),
        stops: way.stops.iter().map(stop).collect(),
    };
    ways.iter().map(shown).collect()
}
