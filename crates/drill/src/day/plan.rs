//! What a day needs of a plan: positions in plain lists, districts one after the other, so that a district can be simulated
//! with nothing but its own part. Made from an imagined nation by [`nation`], from a real plan by filling the lists.

pub mod check;
pub mod nation;
mod roads;

use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Date, Point, StationId, UnitId, booth::BySex, force::Tier,
    risk::RiskClass, station::StationKind,
};
use pehra_plan::{
    allocate::Terrain,
    communication::{bearer::Bearer, proof::Rungs},
};

/// Positions `first..end` of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub first: u32,
    pub end: u32,
}

impl Span {
    pub fn iter(self) -> impl Iterator<Item = u32> {
        self.first..self.end
    }

    #[must_use]
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.first) as usize
    }

    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.first
    }

    #[must_use]
    pub fn contains(self, at: u32) -> bool {
        (self.first..self.end).contains(&at)
    }

    /// As positions of a slice.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.first as usize..self.end as usize
    }
}

/// The plan of a polling day. Every list stands in the order of its districts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub day: Date,
    pub districts: Vec<District>,
    pub buildings: Vec<Building>,
    pub stations: Vec<Station>,
    pub offices: Vec<Office>,
    pub sectors: Vec<Sector>,
    pub convoys: Vec<Convoy>,
    pub couriers: Vec<Courier>,
    pub teams: Vec<Team>,
    /// Seconds that one message keeps each bearer busy, in the order of `Bearer::ALL`.
    pub message_s: [u32; 11],
}

/// A district: nothing in it leaves it on the day, but what is said to the nation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct District {
    pub area: AreaId,
    pub terrain: Terrain,
    /// The control room.
    pub control: Point,
    pub buildings: Span,
    pub stations: Span,
    pub offices: Span,
    pub sectors: Span,
    pub convoys: Span,
    pub couriers: Span,
    pub teams: Span,
    /// Lines answered at once in the control room.
    pub desks: u32,
    /// Share of the nation's attacks that history gives it, in millionths.
    pub threat_micro: u32,
}

/// A guarded building. `due` by the norm, `posted` by the plan; `women` of the posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    pub id: BuildingId,
    pub district: u32,
    pub point: Point,
    pub stations: Span,
    pub class: RiskClass,
    pub due: u32,
    pub posted: u32,
    pub women: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Station {
    pub id: StationId,
    pub district: u32,
    pub constituency: ConstituencyId,
    pub building: u32,
    pub office: u32,
    pub sector: u32,
    pub kind: StationKind,
    pub class: RiskClass,
    pub registered: BySex,
    pub booths: BySex,
    /// What it can use; what a test proved comes first in use.
    pub planned: Rungs,
    pub proved: Rungs,
    /// A loop of a courier passes here.
    pub courier: Option<u32>,
    /// Its poll is put off: no opening, no bag.
    pub postponed: bool,
}

/// The receiving desk of a returning officer in one district.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    pub id: BuildingId,
    pub constituency: ConstituencyId,
    pub district: u32,
    pub point: Point,
    pub counters: u32,
    pub guards: u32,
}

/// A sector with its net: a dozen stations and the post that hears them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sector {
    pub district: u32,
    /// The station where the post stands.
    pub post: u32,
    pub stations: Vec<u32>,
    pub bearer: Bearer,
    /// Sectors of the district on the same channel that hear this one: while it speaks, they wait.
    pub hears: Vec<u32>,
    /// Hops to the district's mast; 0: the mast does not hear it.
    pub hops: u32,
    pub terminal: bool,
    /// Sectors whose stations speak straight to the control room, without a sector's officer in between.
    pub direct: bool,
}

/// Vehicles, escort and people that bring material out on the eve and back at night, stop by stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Convoy {
    pub district: u32,
    pub office: u32,
    /// On the eve, in seconds from the day's midnight.
    pub depart_s: i32,
    pub stops: Vec<Stop>,
    pub home_leg_s: u32,
    pub vehicles: u32,
    pub escort: u32,
    /// Metres of the whole way, and how exposed it is: 0 none to 4 extreme.
    pub length_m: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    pub building: u32,
    pub leg_s: u32,
}

impl Convoy {
    /// Seconds after its departure from which a bag is overdue at a stop: the driving takes half as long again as planned,
    /// and every hand-over before it `handover_s`. None where it does not stop.
    #[must_use]
    pub fn overdue_after_s(&self, building: u32, handover_s: i32) -> Option<i32> {
        let place = self.stops.iter().position(|stop| stop.building == building)?;
        let legs = self.stops.iter().take(place + 1).map(|stop| i64::from(stop.leg_s));
        let driving = legs.sum::<i64>() * 3 / 2;
        let halts = i64::try_from(place).unwrap_or(0) * i64::from(handover_s);
        Some(i32::try_from(driving + halts).unwrap_or(i32::MAX))
    }
}

/// The number of the seal that the manifest has for a station's bag.
#[must_use]
pub fn manifest_seal(station: u32) -> u32 {
    1_000_000 + station * 2
}

/// A motorcycle that rides its loop again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Courier {
    pub district: u32,
    pub stops: Vec<u32>,
    pub loop_s: u32,
    /// It brings what it carries to this sector's post; without one to the control room.
    pub sector: Option<u32>,
}

/// A quick-reaction team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Team {
    pub unit: UnitId,
    pub district: u32,
    pub point: Point,
    pub tier: Tier,
    pub people: u32,
}

/// Seconds that a vehicle needs between two points, estimated from the straight line, the detour and the terrain's speed.
#[must_use]
pub fn travel_s(from: Point, to: Point, terrain: Terrain) -> u32 {
    roads::travel_s(from, to, terrain)
}

/// Metres between two points along roads, estimated.
#[must_use]
pub fn road_m(from: Point, to: Point, terrain: Terrain) -> u32 {
    roads::road_m(from, to, terrain)
}

/// Counts that a convoy of the night waits for.
pub(crate) fn counts(plan: &Plan, convoy: &Convoy) -> u32 {
    let stations = convoy
        .stops
        .iter()
        .flat_map(|stop| &plan.stations[plan.buildings[stop.building as usize].stations.range()]);
    narrow(stations.filter(|station| !station.postponed).count())
}

/// `1970` becomes position 1970; lists of a plan are far below four thousand million.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
