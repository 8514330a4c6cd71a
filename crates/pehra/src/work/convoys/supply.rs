//! Press → district: every district's ballot papers, planned press by press and kept beside the seats.

use super::{
    Options, Shelf, Site, clock,
    haul::{End, Haul},
    press::{Press, Presses},
};
use crate::{
    node::Node,
    work::{WorkError, roads::Country},
};
use pehra_domain::{AreaId, Point, gazetteer::District, risk::RiskClass};
use pehra_plan::{
    allocate::DistanceModel,
    convoy::{
        Effort,
        press::{
            Consignment, Craft, PressFinding, PressInput, PressMeans, PressPlan, days::Moment,
            deliver, deliver_with_fewest, load::Lot, loads,
        },
    },
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Version of the file.
const SCHEMA: u32 = 1;
/// Its name; every other file of this ending beside it is one seat's, but for those that the folder's reader names.
pub(super) const SUPPLY: &str = "supply.json";

/// Vehicles of each press, instead of the proposed ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PressWish {
    pub lorries: Option<u32>,
    pub escorts: Option<u32>,
}

/// Where a district's papers are handed over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The district's store, by its building.
    Store(String),
    /// No store in the list: the returning office of the district's largest seat.
    Office(String),
}

/// A district at a press; its place in the list is what the plan calls it by.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Consigned {
    pub area: AreaId,
    pub goal: Goal,
    pub point: Point,
    /// That this press prints for it is assumed.
    pub assumed: bool,
    pub papers: u64,
    pub grams: u64,
    pub by_air: bool,
    /// The whole way by road from the press, seconds and metres; none: there is none.
    pub road: Option<(u32, u32)>,
    pub estimated: bool,
}

/// One press.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PressFile {
    pub press: String,
    pub name: String,
    pub town: String,
    pub lorries: u32,
    pub escorts: u32,
    pub consigned: Vec<Consigned>,
    pub plan: PressPlan,
}

/// All presses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SupplyFile {
    pub schema: u32,
    pub input_hash: String,
    pub presses: Vec<PressFile>,
    /// No press in the list prints for these.
    pub without_press: Vec<AreaId>,
}

/// What it comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SupplySummary {
    pub presses: usize,
    pub districts: usize,
    pub papers: u64,
    pub tonnes: u64,
    pub convoys: usize,
    /// Lorries that leave, each trip counted.
    pub lorry_loads: u64,
    pub flights: usize,
    pub flown_districts: usize,
    pub nights: usize,
    /// Handed over after the last day, or by nothing.
    pub late: usize,
    pub unserved: usize,
    pub without_bound: usize,
    /// How far the convoys of all presses with a bound are above it, in thousandths.
    pub gap_permille: u64,
    pub last_done: Option<Moment>,
}

impl PressFile {
    /// Flights to a district, or lorries that stay there.
    #[must_use]
    pub fn vehicles(&self, number: u32) -> usize {
        if self.consigned.get(number as usize).is_some_and(|row| row.by_air) {
            return self.plan.flights.iter().filter(|it| it.consignment == number).count();
        }
        let drops = self.plan.convoys.iter().flat_map(|convoy| &convoy.drops);
        drops.filter(|drop| drop.consignment == number).map(|drop| drop.lorries.len()).sum()
    }
}

impl SupplyFile {
    #[must_use]
    pub fn sum(&self) -> SupplySummary {
        let mut sum = SupplySummary {
            presses: self.presses.len(),
            unserved: self.without_press.len(),
            ..SupplySummary::default()
        };
        let (mut above, mut bounds) = (0, 0);
        let mut grams = 0;
        for file in &self.presses {
            let plan = &file.plan;
            sum.districts += file.consigned.len();
            sum.papers += file.consigned.iter().map(|it| it.papers).sum::<u64>();
            grams += file.consigned.iter().map(|it| it.grams).sum::<u64>();
            sum.convoys += plan.convoys.len();
            sum.lorry_loads += plan.convoys.iter().map(|it| u64::from(it.lorries)).sum::<u64>();
            sum.flights += plan.flights.len();
            sum.flown_districts += file.consigned.iter().filter(|it| it.by_air).count();
            let legs = plan.convoys.iter().flat_map(|convoy| &convoy.legs);
            sum.nights += legs.map(|leg| leg.nights.len()).sum::<usize>();
            sum.late += plan.late();
            sum.unserved += plan.unserved.len();
            match plan.bound {
                Some(bound) => {
                    above += (plan.objective - bound).max(0);
                    bounds += bound;
                }
                None => sum.without_bound += 1,
            }
            sum.last_done = sum.last_done.max(plan.last_done());
        }
        sum.tonnes = grams / 1_000_000;
        sum.gap_permille = u64::try_from(above * 1_000 / bounds.max(1)).unwrap_or(0);
        sum
    }

    /// The press that prints for a district, and the district's place in its list.
    #[must_use]
    pub fn of(&self, district: &AreaId) -> Option<(&PressFile, u32)> {
        self.presses.iter().find_map(|file| {
            let mut rows = (0_u32..).zip(&file.consigned);
            let (number, _) = rows.find(|(_, row)| row.area == *district)?;
            Some((file, number))
        })
    }
}

/// What lies there; none when there is nothing, or nothing that can be read: it is planned again.
///
/// # Errors
/// [`WorkError::Input`] when the disk cannot be read.
pub fn supply_in(shelf: &dyn Shelf) -> Result<Option<SupplyFile>, WorkError> {
    let bytes = shelf.read(SUPPLY)?;
    let file = bytes.and_then(|bytes| serde_json::from_slice::<SupplyFile>(&bytes).ok());
    Ok(file.filter(|file| file.schema == SCHEMA))
}

/// From the shelf when the inputs are the same, otherwise planned and written.
pub(super) fn plan_or_keep(
    node: &Node,
    sites: &[Site],
    country: Option<&Country>,
    (shelf, sealed): (&dyn Shelf, &[u8; 32]),
    options: &Options,
) -> Result<SupplyFile, WorkError> {
    let Options { effort_permille, press: wish, .. } = *options;
    let presses = crate::facts::presses().map_err(|error| WorkError::Input(error.to_string()))?;
    let distances = crate::facts::distances(node.gazetteer());
    let districts = &node.gazetteer().districts;
    let mut by_press: BTreeMap<&str, (&Press, Vec<Row>)> = BTreeMap::new();
    let mut without_press = Vec::new();
    for (area, sites) in by_district(sites) {
        let Some((press, assumed)) = presses.of(area) else {
            without_press.push(area.clone());
            continue;
        };
        let Some((consignment, goal)) = consignment(&presses, area, &sites) else { continue };
        let rows = &mut by_press.entry(&press.key).or_insert_with(|| (press, Vec::new())).1;
        rows.push((consignment, goal, assumed));
    }
    let mut ready = Vec::new();
    let mut digest = Sha256::new();
    digest.update(format!("{SCHEMA} {} {effort_permille}", env!("CARGO_PKG_VERSION")));
    for (press, rows) in by_press.into_values() {
        let input = input(press, &rows, sealed, wish);
        let haul = haul(&input, (districts, &distances), country);
        digest.update(format!("{input:?} {rows:?} {}", haul.fingerprint()));
        ready.push((press, rows, input, haul));
    }
    let input_hash = crate::auth::hex(&digest.finalize());
    if let Some(file) = supply_in(shelf)?.filter(|file| file.input_hash == input_hash) {
        return Ok(file);
    }
    let press_file = |(press, rows, input, haul): &Ready<'_, '_>| {
        let effort = Effort::scaled(loads(&input.consignments) as usize, effort_permille);
        let ((lorries, escorts), plan) = if wish == PressWish::default() {
            deliver_with_fewest(input, haul, effort)
        } else {
            ((input.means.lorries, input.means.escorts), deliver(input, haul, effort))
        };
        PressFile {
            press: press.key.clone(),
            name: press.name.clone(),
            town: press.town.clone(),
            lorries,
            escorts,
            consigned: (0..).zip(rows).map(|it| consigned(it, input, haul, &plan)).collect(),
            plan,
        }
    };
    let presses = ready.iter().map(press_file).collect();
    let file = SupplyFile { schema: SCHEMA, input_hash, presses, without_press };
    let bytes = serde_json::to_vec(&file).map_err(|error| WorkError::Input(error.to_string()))?;
    shelf.write(SUPPLY, &bytes)?;
    Ok(file)
}

/// A district at a press; whether it is assumed that it prints for it.
type Row = (Consignment, Goal, bool);
type Ready<'p, 'c> = (&'p Press, Vec<Row>, PressInput, Haul<'c>);

fn by_district(sites: &[Site]) -> BTreeMap<&AreaId, Vec<&Site>> {
    let mut found: BTreeMap<&AreaId, Vec<&Site>> = BTreeMap::new();
    for site in sites {
        found.entry(&site.district).or_default().push(site);
    }
    found
}

fn consignment(presses: &Presses, area: &AreaId, sites: &[&Site]) -> Option<(Consignment, Goal)> {
    let store = sites.iter().find_map(|site| site.store.as_ref());
    let largest =
        sites.iter().max_by_key(|site| (site.station_count(), std::cmp::Reverse(&site.seat)));
    let (goal, point) = match (store, largest?) {
        (Some((building, point)), _) => (Goal::Store(building.as_str().to_owned()), *point),
        (None, site) => (Goal::Office(site.seat.as_str().to_owned()), site.office),
    };
    let lot = |site: &&Site| Lot {
        seat: site.seat.clone(),
        assembly: site.assembly,
        voters: site.halts.iter().fold(0, |sum, halt| sum.saturating_add(halt.voters)),
        stations: u32::try_from(site.station_count()).unwrap_or(u32::MAX),
    };
    let lots = sites.iter().map(lot).collect();
    let air = presses.air(area);
    let area = area.clone();
    Some((Consignment { area, goal: point, class: class(sites), lots, air }, goal))
}

/// Most-sensitive where a third of the stations are, sensitive where half are at least that.
fn class(sites: &[&Site]) -> RiskClass {
    let (mut all, mut sensitive, mut most) = (0, 0, 0);
    for halt in sites.iter().flat_map(|site| &site.halts) {
        let stations = halt.stations.len();
        all += stations;
        sensitive += if halt.class >= RiskClass::Sensitive { stations } else { 0 };
        most += if halt.class >= RiskClass::Most { stations } else { 0 };
    }
    if all > 0 && most * 3 >= all {
        RiskClass::Most
    } else if all > 0 && sensitive * 2 >= all {
        RiskClass::Sensitive
    } else {
        RiskClass::Normal
    }
}

fn input(press: &Press, rows: &[Row], sealed: &[u8; 32], wish: PressWish) -> PressInput {
    let consignments: Vec<Consignment> = rows.iter().map(|(it, ..)| it.clone()).collect();
    let proposed = PressMeans::proposed(loads(&consignments));
    let lorries = wish.lorries.unwrap_or(proposed.lorries);
    let escorts = wish.escorts.unwrap_or(proposed.escorts);
    let means = PressMeans { lorries, escorts, ..proposed };
    PressInput { press: press.key.clone(), place: press.point, consignments, means, seed: *sealed }
}

fn haul<'c>(
    input: &PressInput,
    (districts, distances): (&[District], &DistanceModel),
    country: Option<&'c Country>,
) -> Haul<'c> {
    let mut places = vec![input.place];
    let mut ends = BTreeMap::new();
    for consignment in &input.consignments {
        let known = districts.iter().find(|district| district.area == consignment.area);
        let end = End {
            terrain: distances.terrain(&consignment.area),
            radius_m: known.map_or(0, radius_m),
        };
        for place in [Some(consignment.goal), consignment.air.map(|air| air.landing)] {
            places.extend(place);
            ends.extend(place.map(|place| (place, end)));
        }
    }
    Haul::among(&places, ends, country)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "metres of a district's radius"
)]
fn radius_m(district: &District) -> u32 {
    (district.radius_km() * 1_000.0).round() as u32
}

fn consigned(
    (number, (consignment, goal, assumed)): (u32, &Row),
    input: &PressInput,
    haul: &Haul<'_>,
    plan: &PressPlan,
) -> Consigned {
    use pehra_plan::convoy::travel::Travel;
    let papers: u64 = consignment.lots.iter().map(|lot| lot.papers(&input.means.paper)).sum();
    let leg = haul.leg(input.place, consignment.goal);
    Consigned {
        area: consignment.area.clone(),
        goal: goal.clone(),
        point: consignment.goal,
        assumed: *assumed,
        papers,
        grams: input.means.paper.grams(papers),
        by_air: plan.flights.iter().any(|flight| flight.consignment == number),
        road: leg.map(|leg| (leg.time_s, leg.distance_m)),
        estimated: leg.is_none_or(|leg| leg.estimated),
    }
}

/// `D-7 07:00`: seven days before the poll.
#[must_use]
pub fn day_clock(moment: Moment) -> String {
    let sign = if moment.days_before < 0 { '+' } else { '-' };
    format!("D{sign}{} {}", moment.days_before.unsigned_abs(), clock(moment.at_s))
}

/// What stands against a press's plan, in words.
#[must_use]
pub fn press_finding(file: &PressFile, finding: &PressFinding) -> String {
    let name = |number: u32| {
        let row = file.consigned.get(number as usize);
        row.map_or_else(|| format!("consignment {number}"), |row| row.area.name().to_owned())
    };
    match finding {
        PressFinding::NoWay { consignment } => {
            format!("{}: no road leads there, and no air link is in the list", name(*consignment))
        }
        PressFinding::TooFar { consignment, needed_s, horizon_s } => format!(
            "{}: {} h of work are needed, the days have {} h",
            name(*consignment),
            needed_s.div_ceil(3_600),
            horizon_s / 3_600
        ),
        PressFinding::NoVehicle { consignment } => {
            format!("{}: no lorry takes its cartons", name(*consignment))
        }
        PressFinding::NotFlown { consignment } => format!(
            "{}: its air link is of no use (range, room, aircraft or the road from where it lands)",
            name(*consignment)
        ),
        PressFinding::NoConvoy { consignment } => format!(
            "{}: there are fewer lorries or escorts than its convoy or flight takes",
            name(*consignment)
        ),
        PressFinding::TooFewMeans { late, lorries, escorts, needed } => {
            let would = needed.map_or_else(
                || "not even one for every load would do".to_owned(),
                |(lorries, escorts)| format!("{lorries} lorries and {escorts} escorts would do"),
            );
            format!(
                "{late} hand-overs come late with {lorries} lorries and {escorts} escorts; {would}"
            )
        }
    }
}

/// How a district's papers travel: when they leave the press first, and when the last are handed over.
#[must_use]
pub fn journey(file: &PressFile, number: u32) -> Option<(Moment, Moment, bool)> {
    let by_road = file.plan.convoys.iter().flat_map(|convoy| {
        let drops = convoy.drops.iter().filter(|drop| drop.consignment == number);
        drops.map(|drop| (convoy.depart, drop.done, drop.late))
    });
    let flights = file.plan.flights.iter().filter(|flight| flight.consignment == number);
    let by_air = flights.map(|flight| (flight.depart, flight.done, flight.late));
    by_road.chain(by_air).reduce(|one, two| (one.0.min(two.0), one.1.max(two.1), one.2 || two.2))
}

/// The word for what flies.
#[must_use]
pub fn craft_word(craft: Craft) -> &'static str {
    match craft {
        Craft::Aeroplane => "aeroplane",
        Craft::Helicopter => "helicopter",
    }
}
