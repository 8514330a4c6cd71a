//! What is left when services are suspended: announced, feared or not known before. Hour by hour, district by district.

use super::{
    bearer::{Bearer, Bearers, Service},
    narrow,
    proof::Rungs,
    schedule::CheckIn,
    scheme::{District, Scheme},
    sector,
};
use pehra_domain::{AreaId, risk::RiskClass};
use serde::Serialize;
use std::collections::BTreeSet;

/// How one knows of a suspension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Notice {
    Announced,
    Feared,
    /// It comes without a word: nothing may depend on hearing of it.
    Unknown,
}

/// Services that are gone in some areas between two times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    pub services: BTreeSet<Service>,
    /// Empty: everywhere.
    pub areas: Vec<AreaId>,
    /// Minutes from midnight of the polling day; the second is not part of it.
    pub from_minute: i32,
    pub until_minute: i32,
    pub notice: Notice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CutError {
    #[error("the suspension ends before it begins: give an end after {from} minutes from midnight")]
    Backwards { from: i32 },
    #[error("no service is named: voice, sms, data or broadband")]
    Nothing,
}

impl Cut {
    /// What every plan must bear: all mobile and internet service gone everywhere at 05:00 of the day, for 24 hours, without
    /// notice.
    #[must_use]
    pub fn default_plan() -> Self {
        Self {
            services: Service::ALL.into_iter().collect(),
            areas: Vec::new(),
            from_minute: 5 * 60,
            until_minute: 29 * 60,
            notice: Notice::Unknown,
        }
    }

    /// # Errors
    /// [`CutError`] when it cannot be.
    pub fn check(&self) -> Result<(), CutError> {
        if self.until_minute <= self.from_minute {
            return Err(CutError::Backwards { from: self.from_minute });
        }
        if self.services.is_empty() { Err(CutError::Nothing) } else { Ok(()) }
    }

    fn holds(&self, area: &AreaId, minute: i32) -> bool {
        (self.from_minute..self.until_minute).contains(&minute)
            && (self.areas.is_empty() || self.areas.iter().any(|cut| cut.contains(area)))
    }
}

/// Which rungs are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Only what a test proved.
    Proved,
    /// Everything that the plan foresees, as if all tests went well.
    Planned,
}

/// One hour of the country or of a part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hour {
    /// Minutes from midnight of the polling day.
    pub minute: i32,
    /// Stations with no, one, two, three or more rungs that count.
    pub by_rungs: [u32; 4],
    /// Stations without any, by class: normal, sensitive, most sensitive.
    pub dark: [u32; 3],
    /// Age of the picture in seconds by class, of stations that are not dark: median and 95th percentile.
    pub age_p50_s: [u64; 3],
    pub age_p95_s: [u64; 3],
}

/// Services suspended for a district at a minute.
#[must_use]
pub fn suspended(cuts: &[Cut], area: &AreaId, minute: i32) -> BTreeSet<Service> {
    cuts.iter()
        .filter(|cut| cut.holds(area, minute))
        .flat_map(|cut| cut.services.iter().copied())
        .collect()
}

fn believed(district: &District, station: usize, basis: Basis) -> Rungs {
    match basis {
        Basis::Proved => district.reach[station].proved,
        Basis::Planned => district.reach[station].planned,
    }
}

/// The state at some minutes. `classes` are the stations' classes by district, in the order of its sites.
#[must_use]
pub fn timeline(
    bearers: &Bearers,
    scheme: &Scheme,
    classes: &[Vec<RiskClass>],
    cuts: &[Cut],
    (basis, minutes): (Basis, &[i32]),
) -> Vec<Hour> {
    // A station's state depends on what is suspended, not on the hour: hours alike are computed once.
    let mut known: Vec<(Vec<BTreeSet<Service>>, Hour)> = Vec::new();
    minutes
        .iter()
        .map(|&minute| {
            let gone: Vec<BTreeSet<Service>> = scheme
                .districts
                .iter()
                .map(|district| suspended(cuts, &district.area, minute))
                .collect();
            let same = known.iter().find(|(known, _)| *known == gone).map(|(_, hour)| hour.clone());
            let hour = same.unwrap_or_else(|| {
                let hour = state(bearers, scheme, classes, &gone, basis);
                known.push((gone, hour.clone()));
                hour
            });
            Hour { minute, ..hour }
        })
        .collect()
}

fn state(
    bearers: &Bearers,
    scheme: &Scheme,
    classes: &[Vec<RiskClass>],
    gone: &[BTreeSet<Service>],
    basis: Basis,
) -> Hour {
    let mut hour = Hour::default();
    let mut ages: [Vec<u64>; 3] = Default::default();
    for ((district, classes), gone) in scheme.districts.iter().zip(classes).zip(gone) {
        for (station, &class) in classes.iter().enumerate() {
            let left = believed(district, station, basis).without(bearers, gone);
            hour.by_rungs[left.count(bearers).min(3)] += 1;
            match district.youngest_s(bearers, station, left) {
                Some(age) => ages[class as usize].push(age),
                None => hour.dark[class as usize] += 1,
            }
        }
    }
    for (class, ages) in ages.iter_mut().enumerate() {
        ages.sort_unstable();
        let at = |percent: usize| {
            let rank = (ages.len() * percent).div_ceil(100).max(1);
            ages.get(rank - 1).copied().unwrap_or_default()
        };
        hour.age_p50_s[class] = at(50);
        hour.age_p95_s[class] = at(95);
    }
    hour
}

/// What would give a station a path, the cheapest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fix {
    /// Test the radio that the plan gives it.
    TestRadio,
    /// Repeat the test of its fixed line.
    TestLine,
    /// Ride the courier's loop once, against the clock.
    RideLoop,
    /// Its radio failed: another set, a higher antenna, or a relay.
    MendRadio,
    /// Its post is beyond all relays: a terminal or an HF set.
    Terminal,
}

/// A station that no proved rung is left to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NoPath {
    /// Positions of the district and of the station in it.
    pub district: u32,
    pub station: u32,
    pub fixes: Vec<Fix>,
}

/// Stations without a proved path while a cut lasts, with what would fix each. `failed` says whether a station's radio test
/// failed.
#[must_use]
pub fn no_path(
    bearers: &Bearers,
    scheme: &Scheme,
    cut: &Cut,
    failed: &dyn Fn(usize, usize) -> bool,
) -> Vec<NoPath> {
    let mut list = Vec::new();
    for (d, district) in scheme.districts.iter().enumerate() {
        let gone = suspended(std::slice::from_ref(cut), &district.area, cut.from_minute);
        for (s, reach) in district.reach.iter().enumerate() {
            if !reach.proved.without(bearers, &gone).is_empty() {
                continue;
            }
            let radio = reach.planned.has(Bearer::Uhf) || reach.planned.has(Bearer::Vhf);
            let mut fixes = Vec::new();
            let broken = radio && failed(d, s);
            for (applies, fix) in [
                (radio && !broken, Fix::TestRadio),
                (reach.planned.has(Bearer::FixedLine), Fix::TestLine),
                (reach.planned.has(Bearer::Courier), Fix::RideLoop),
                (broken, Fix::MendRadio),
                (!radio, Fix::Terminal),
            ] {
                if applies {
                    fixes.push(fix);
                }
            }
            list.push(NoPath { district: narrow(d), station: narrow(s), fixes });
        }
    }
    list
}

/// Something that must have left the district before services go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Order {
    pub what: Errand,
    pub stations: u64,
    /// Minutes from midnight of the polling day.
    pub before_minute: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Errand {
    /// Channel cards and call signs, to every station that will speak by radio.
    ChannelCards,
    /// The silence rule: who says nothing until red gets a visit by the sector's car.
    SilenceRule,
    /// Couriers' first start, for those that nothing else reaches.
    FirstCourier,
    /// Where each goes on foot or by car when all rungs fail.
    LastResort,
}

/// Orders and their times. Without notice nothing can be sent when the cut is near: what stations must know goes out with
/// the last check-in that ends an hour before.
#[must_use]
pub fn orders(bearers: &Bearers, scheme: &Scheme, cut: &Cut, checkins: &[CheckIn]) -> Vec<Order> {
    let last = checkins
        .iter()
        .filter_map(|checkin| checkin.at_minute)
        .filter(|&minute| minute <= cut.from_minute - 60)
        .max()
        .unwrap_or(cut.from_minute - 12 * 60);
    let (mut radio, mut courier_only, mut nothing, mut longest) = (0, 0, 0, 0);
    for district in &scheme.districts {
        let gone = suspended(std::slice::from_ref(cut), &district.area, cut.from_minute);
        for reach in &district.reach {
            let left = reach.planned.without(bearers, &gone);
            radio += u64::from(left.has(Bearer::Uhf) || left.has(Bearer::Vhf));
            let courier = left.has(Bearer::Courier) && left.count(bearers) == 1;
            courier_only += u64::from(courier);
            longest = longest.max(if courier { reach.loop_minutes } else { 0 });
            nothing += u64::from(left.is_empty());
        }
    }
    let all = scheme.districts.iter().map(|district| district.reach.len() as u64).sum();
    let announced = cut.notice == Notice::Announced;
    let start = cut.from_minute - i32::try_from(longest).unwrap_or(0).min(12 * 60);
    let orders = [
        (Errand::ChannelCards, radio, last),
        (Errand::SilenceRule, all, if announced { cut.from_minute } else { last }),
        (Errand::FirstCourier, courier_only, start),
        (Errand::LastResort, nothing, last),
    ];
    let wanted = orders.into_iter().filter(|(_, stations, _)| *stations > 0);
    wanted.map(|(what, stations, before_minute)| Order { what, stations, before_minute }).collect()
}

/// Stations that one sector's officer leads at most; for the screens that explain the plan.
pub const SPAN_MAX: usize = sector::SPAN_MAX;
