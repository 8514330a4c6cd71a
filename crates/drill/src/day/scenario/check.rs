//! Why a scenario cannot be: all reasons at once, each with what would mend it.

use super::{super::Plan, Event, Scenario, Scripted, Second};
use crate::day::what::Place;
use pehra_domain::AreaId;

/// One reason why a scenario is impossible.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Impossible {
    #[error("the window ends at {until} and begins at {from}: let it end later")]
    Window { from: Second, until: Second },
    #[error("the window begins at {from}: material goes out from D-1 12:00, begin then or earlier")]
    BeginsLate { from: Second },
    #[error("the window has more than a hundred days: cut it")]
    TooLong,
    #[error("cut {cut} ends at {until} and begins at {from}")]
    CutBackwards { cut: usize, from: Second, until: Second },
    #[error("cut {cut} names no service")]
    CutOfNothing { cut: usize },
    #[error("cut {cut} names {area}, which holds no district of the plan")]
    CutNowhere { cut: usize, area: String },
    #[error("{name} is to happen at {at}, outside the window")]
    OutsideWindow { name: String, at: Second },
    #[error("{name} names {what} {number}; the plan has {count}")]
    NoSuch { name: String, what: &'static str, number: u32, count: usize },
    #[error("{name}: a severity is 1 to 5, not {severity}")]
    Severity { name: String, severity: u8 },
    #[error("{name} kills {killed} at once: an incident of the taxonomy has at most 1,000")]
    Toll { name: String, killed: u32 },
    #[error("{name} names {station} twice: material is taken or burnt once")]
    Twice { name: String, station: u32 },
    #[error("{name}: material of station {station} is gone already since {since}")]
    GoneAlready { name: String, station: u32, since: String },
    #[error("{name} lasts {seconds} s: give a length above 0")]
    Length { name: String, seconds: i32 },
    #[error("{name} ends at {until}, before it begins at {at}")]
    Backwards { name: String, at: Second, until: Second },
    #[error("{name}: building {building} has {posted} guards, {count} cannot leave")]
    TooManyLeave { name: String, building: u32, posted: u32, count: u32 },
    #[error("the parameter {key} is {value}: {limit} at most")]
    Parameter { key: &'static str, value: i64, limit: i64 },
    #[error("the parameter {key} is {value}: it cannot be below 0")]
    Negative { key: &'static str, value: i64 },
    #[error("arrivals by the hour sum to {sum} thousandths, 1,000 are needed")]
    Arrivals { sum: u32 },
    #[error("the kinds of attack take {sum} thousandths, 1,000 at most")]
    AttackKinds { sum: u32 },
    #[error("the plan has no station")]
    NoStation,
}

/// Parameters that may be negative.
const SIGNED: [&str; 1] = ["opening_ready_median_s"];
/// A hundred days, in seconds.
const WINDOW_MAX_S: i32 = 100 * 86_400;

impl Scenario {
    /// All reasons why this cannot happen on this plan; empty when it can.
    #[must_use]
    pub fn check(&self, plan: &Plan) -> Vec<Impossible> {
        let mut found = Vec::new();
        if plan.stations.is_empty() {
            found.push(Impossible::NoStation);
        }
        self.check_window(&mut found);
        self.check_cuts(plan, &mut found);
        self.check_parameters(&mut found);
        let mut gone = Vec::new();
        let mut script: Vec<&Scripted> = self.script.iter().collect();
        script.sort_by_key(|it| it.at);
        for scripted in script {
            self.check_scripted(plan, scripted, &mut gone, &mut found);
        }
        found
    }

    fn check_window(&self, found: &mut Vec<Impossible>) {
        let (from, until) = (self.from, self.until);
        if until <= from {
            found.push(Impossible::Window { from, until });
        }
        if from > super::FROM {
            found.push(Impossible::BeginsLate { from });
        }
        if until.since(from) > WINDOW_MAX_S {
            found.push(Impossible::TooLong);
        }
    }

    fn check_cuts(&self, plan: &Plan, found: &mut Vec<Impossible>) {
        for (cut, it) in self.cuts.iter().enumerate() {
            if it.services.is_empty() {
                found.push(Impossible::CutOfNothing { cut });
            }
            if let Some(until) = it.until.filter(|until| *until <= it.from) {
                found.push(Impossible::CutBackwards { cut, from: it.from, until });
            }
            let earlier = it.earlier.iter();
            for &(_, until) in earlier.clone().filter(|(_, until)| *until <= it.from) {
                found.push(Impossible::CutBackwards { cut, from: it.from, until });
            }
            let named = it.areas.iter().chain(&it.except).chain(earlier.map(|(area, _)| area));
            for area in named.filter(|area| !holds(plan, area)) {
                found.push(Impossible::CutNowhere { cut, area: area.to_string() });
            }
        }
    }

    fn check_parameters(&self, found: &mut Vec<Impossible>) {
        let parameters = &self.parameters;
        parameters.each(&mut |key, value| {
            if value < 0 && !SIGNED.contains(&key) {
                found.push(Impossible::Negative { key, value });
            }
            let limit = if key.ends_with("spread_permille") {
                3_000
            } else if key.ends_with("per_attack_permille") {
                50_000
            } else if key.ends_with("_permille") {
                1_000
            } else if key.ends_with("_ppm") {
                1_000_000
            } else {
                2_000_000_000
            };
            if value > limit {
                found.push(Impossible::Parameter { key, value, limit });
            }
        });
        let sum = parameters.arrivals_hourly_permille.iter().sum();
        if sum != 1_000 {
            found.push(Impossible::Arrivals { sum });
        }
        let sum = [
            parameters.attack_armed_permille,
            parameters.attack_roadside_permille,
            parameters.attack_grenade_permille,
            parameters.attack_device_permille,
        ]
        .into_iter()
        .fold(0, u32::saturating_add);
        if sum > 1_000 {
            found.push(Impossible::AttackKinds { sum });
        }
    }

    fn check_scripted(
        &self,
        plan: &Plan,
        scripted: &Scripted,
        gone: &mut Vec<(u32, String)>,
        found: &mut Vec<Impossible>,
    ) {
        let Scripted { at, name, event } = scripted;
        if *at < self.from || *at >= self.until {
            found.push(Impossible::OutsideWindow { name: name.clone(), at: *at });
        }
        let mut within = |what, number: u32, count: usize| {
            let there = (number as usize) < count;
            if !there {
                found.push(Impossible::NoSuch { name: name.clone(), what, number, count });
            }
            there
        };
        match event {
            Event::Incident { place, .. }
            | Event::Tip { place, .. }
            | Event::Citizen { place, .. } => {
                place_within(plan, *place, &mut within);
            }
            Event::Burn { stations }
            | Event::Snatch { stations }
            | Event::NotOpen { stations, .. } => {
                for &station in stations {
                    within("station", station, plan.stations.len());
                }
            }
            Event::OfficeParalysed { office, .. } | Event::BurnOffice { office, .. } => {
                within("office", *office, plan.offices.len());
            }
            Event::Tamper { station, .. } => {
                within("station", *station, plan.stations.len());
            }
            Event::Halt { convoy, .. } => {
                within("convoy", *convoy, plan.convoys.len());
            }
            Event::Outage { district, .. } => {
                within("district", *district, plan.districts.len());
            }
            Event::GuardsLeave { building, .. } => {
                within("building", *building, plan.buildings.len());
            }
        }
        figures(plan, scripted, gone, found);
    }
}

/// Whether the figures of a scripted event can be.
fn figures(
    plan: &Plan,
    Scripted { at, name, event }: &Scripted,
    gone: &mut Vec<(u32, String)>,
    found: &mut Vec<Impossible>,
) {
    let name = || name.clone();
    match event {
        Event::Incident { severity, killed, .. } => {
            if !(1..=5).contains(severity) {
                found.push(Impossible::Severity { name: name(), severity: *severity });
            }
            if *killed > 1_000 {
                found.push(Impossible::Toll { name: name(), killed: *killed });
            }
        }
        Event::Burn { stations } | Event::Snatch { stations } => {
            for &station in stations {
                match gone.iter().find(|(known, _)| *known == station) {
                    Some((_, since)) if *since == name() => {
                        found.push(Impossible::Twice { name: name(), station });
                    }
                    Some((_, since)) => found.push(Impossible::GoneAlready {
                        name: name(),
                        station,
                        since: since.clone(),
                    }),
                    None => gone.push((station, name())),
                }
            }
        }
        Event::OfficeParalysed { until, .. } | Event::NotOpen { until, .. } => {
            if until <= at {
                found.push(Impossible::Backwards { name: name(), at: *at, until: *until });
            }
        }
        Event::Halt { seconds, .. } | Event::Outage { seconds, .. } => {
            if *seconds <= 0 {
                found.push(Impossible::Length { name: name(), seconds: *seconds });
            }
        }
        Event::GuardsLeave { building, count, .. } => {
            let posted = plan.buildings.get(*building as usize).map(|it| it.posted);
            if let Some(posted) = posted.filter(|posted| posted < count) {
                let (building, count) = (*building, *count);
                found.push(Impossible::TooManyLeave { name: name(), building, posted, count });
            }
        }
        Event::Tip { from, until, .. } if until <= from => {
            found.push(Impossible::Backwards { name: name(), at: *from, until: *until });
        }
        Event::Tamper { .. }
        | Event::Tip { .. }
        | Event::Citizen { .. }
        | Event::BurnOffice { .. } => {}
    }
}

fn holds(plan: &Plan, area: &AreaId) -> bool {
    plan.districts.iter().any(|district| area.contains(&district.area))
}

fn place_within(
    plan: &Plan,
    place: Place,
    within: &mut impl FnMut(&'static str, u32, usize) -> bool,
) -> bool {
    match place {
        Place::Station(at) => within("station", at, plan.stations.len()),
        Place::Convoy(at) => within("convoy", at, plan.convoys.len()),
        Place::Office(at) => within("office", at, plan.offices.len()),
        Place::Ground(at, _) | Place::District(at) => within("district", at, plan.districts.len()),
        Place::Nation => true,
    }
}
