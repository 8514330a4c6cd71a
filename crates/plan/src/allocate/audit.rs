//! Counts from a plan's postings alone for how many people each rule is not kept.
//!
//! It shares neither the flow nor the exchanges with what made the plan, only the figures of the rules: postings, the
//! list of units, homes and locks are gone through anew. What it finds must be what the certificate names.

mod leader;

use super::{AllocateInput, Lock, Seats, Teams, rule::travel};
use crate::reserve::road::Known;
use pehra_domain::{
    BuildingId, ConstituencyId, UnitId,
    building::Building,
    force::{StaffKind, Tier, Unit},
    plan::{Plan, Posting},
    point::EARTH_RADIUS_M,
    risk::RiskClass,
};
use std::collections::{BTreeMap, BTreeSet};

/// People for whom a rule is not kept; places and tiers where it is the rule that somebody leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Broken {
    pub rule: &'static str,
    pub people: u64,
}

/// Every rule that holds for a plan, kept or not.
#[must_use]
pub fn audit(input: &AllocateInput, plan: &Plan) -> Vec<Broken> {
    let look = Look::new(input, plan);
    let rules = &input.rules;
    let always = [
        ("strength and reserve", look.over_strength()),
        ("posts of the norm, caps included", look.over_posts()),
        ("armed forces outside selected places", look.not_selected()),
        ("pins", look.not_pinned()),
        ("exclusions", look.excluded()),
        ("windows", look.out_of_window()),
    ];
    let ways = rules.travel_s_max.is_some() || rules.duty.is_some() || rules.arrival;
    let asked = [
        (rules.home || rules.training).then(|| ("home and training", look.at_home())),
        ways.then(|| ("travel, duty and arrival", look.too_long())),
        rules.teams.map(|rule| ("team_size", look.small_teams(rule))),
        rules.seats.map(|rule| ("vehicle_seats", look.standing(rule))),
        rules.leaders.then(|| ("leader", look.without_leader())),
    ];
    let rows = always.into_iter().chain(asked.into_iter().flatten());
    rows.map(|(rule, people)| Broken { rule, people }).collect()
}

struct Look<'a> {
    input: &'a AllocateInput,
    plan: &'a Plan,
    units: BTreeMap<&'a UnitId, &'a Unit>,
    buildings: BTreeMap<&'a BuildingId, &'a Building>,
    contests: BTreeMap<&'a BuildingId, BTreeSet<&'a ConstituencyId>>,
    class: BTreeMap<&'a BuildingId, RiskClass>,
}

impl<'a> Look<'a> {
    fn new(input: &'a AllocateInput, plan: &'a Plan) -> Self {
        let mut look = Self {
            input,
            plan,
            units: input.units.iter().map(|unit| (&unit.id, unit)).collect(),
            buildings: input.buildings.iter().map(|at| (&at.id, at)).collect(),
            contests: BTreeMap::new(),
            class: BTreeMap::new(),
        };
        for station in &input.stations {
            look.contests.entry(&station.building).or_default().extend(&station.contests);
            let class = look.class.entry(&station.building).or_insert(station.class);
            *class = (*class).max(station.class);
        }
        look
    }

    fn postings(&self) -> impl Iterator<Item = (&'a Posting, &'a Unit, &'a Building)> + '_ {
        self.plan.postings.iter().filter_map(|posting| {
            let unit = self.units.get(&posting.unit)?;
            Some((posting, *unit, *self.buildings.get(&posting.building)?))
        })
    }

    /// Beyond a unit's people of one kind, or beyond what its reserve leaves of all.
    fn over_strength(&self) -> u64 {
        let mut posted: BTreeMap<&UnitId, [u64; 4]> = BTreeMap::new();
        for posting in &self.plan.postings {
            let here = posted.entry(&posting.unit).or_default();
            here[super::model::kind_index(posting.kind)] += u64::from(posting.count);
        }
        let over = posted.into_iter().map(|(id, posted)| {
            let Some(unit) = self.units.get(id) else { return posted.iter().sum() };
            let strength = StaffKind::ALL.map(|kind| u64::from(unit.strength(kind)));
            let beyond: u64 =
                posted.iter().zip(strength).map(|(posted, has)| posted.saturating_sub(has)).sum();
            let all = strength.iter().sum::<u64>().saturating_sub(u64::from(unit.reserve));
            beyond.max(posted.iter().sum::<u64>().saturating_sub(all))
        });
        over.sum()
    }

    fn over_posts(&self) -> u64 {
        let mut open: BTreeMap<&BuildingId, i64> = BTreeMap::new();
        for need in &self.plan.needs {
            *open.entry(&need.building).or_default() += i64::from(need.need);
        }
        for posting in &self.plan.postings {
            *open.entry(&posting.building).or_default() -= i64::from(posting.count);
        }
        open.into_values().filter(|&open| open < 0).map(i64::unsigned_abs).sum()
    }

    fn not_selected(&self) -> u64 {
        let selected: BTreeSet<&BuildingId> = self
            .input
            .selected
            .iter()
            .filter(|entry| entry.tier != Tier::Police)
            .map(|entry| &entry.building)
            .filter(|building| self.class.get(building) == Some(&RiskClass::Most))
            .collect();
        let armed = self.postings().filter(|(posting, _, at)| {
            posting.kind.tier() != Tier::Police
                && self.class.contains_key(&at.id)
                && !selected.contains(&at.id)
        });
        armed.map(|(posting, ..)| u64::from(posting.count)).sum()
    }

    fn not_pinned(&self) -> u64 {
        let mut pins: BTreeMap<(&UnitId, &BuildingId, StaffKind), u64> = BTreeMap::new();
        for lock in &self.input.locks {
            if let Lock::Pin { unit, building, kind, count } = lock {
                *pins.entry((unit, building, *kind)).or_default() += u64::from(*count);
            }
        }
        for posting in &self.plan.postings {
            if let Some(left) = pins.get_mut(&(&posting.unit, &posting.building, posting.kind)) {
                *left = left.saturating_sub(u64::from(posting.count));
            }
        }
        pins.into_values().sum()
    }

    fn excluded(&self) -> u64 {
        let excluded: BTreeSet<(&UnitId, Option<&BuildingId>)> = self
            .input
            .locks
            .iter()
            .filter_map(|lock| match lock {
                Lock::Exclude { unit, building } => Some((unit, building.as_ref())),
                Lock::Pin { .. } => None,
            })
            .collect();
        let barred = |posting: &&Posting| {
            excluded.contains(&(&posting.unit, None))
                || excluded.contains(&(&posting.unit, Some(&posting.building)))
        };
        self.plan.postings.iter().filter(barred).map(|posting| u64::from(posting.count)).sum()
    }

    fn out_of_window(&self) -> u64 {
        let poll = self.input.poll;
        let absent = self.postings().filter(|(_, unit, _)| {
            unit.window.is_some_and(|w| w.from > poll.from || w.until < poll.until)
        });
        absent.map(|(posting, ..)| u64::from(posting.count)).sum()
    }

    /// Metres by the haversine, as estimated by the detour of the terrain.
    fn metres(&self, unit: &Unit, at: &Building) -> f64 {
        let (from, to) = (unit.point, at.point);
        let half = |a: f64, b: f64| {
            let sine = libm::sin((b - a).to_radians() / 2.0);
            sine * sine
        };
        let cosines = libm::cos(from.lat_deg().to_radians()) * libm::cos(to.lat_deg().to_radians());
        let h = half(from.lat_deg(), to.lat_deg()) + cosines * half(from.lon_deg(), to.lon_deg());
        let arc = 2.0 * libm::asin(h.sqrt().min(1.0));
        EARTH_RADIUS_M * arc * f64::from(self.input.distance.permille(&at.district)) / 1_000.0
    }

    fn too_long(&self) -> u64 {
        let beyond = self.postings().filter(|(_, unit, at)| {
            let limit_s = self.input.rules.way_s_max(unit, self.input.poll);
            if let Some(roads) = &self.input.roads {
                match roads.known(&unit.id, &at.id) {
                    Known::Seconds(seconds) => return seconds > limit_s,
                    Known::Beyond if limit_s <= roads.limit_s() => return true,
                    Known::Beyond | Known::OffRoad => {}
                }
            }
            let speed = travel::speed_m_per_h(self.input.distance.terrain(&at.district));
            // A metre for rounding.
            let most_m = f64::from(limit_s) * f64::from(speed) / 3_600.0 + 1.0;
            self.metres(unit, at) > most_m
        });
        beyond.map(|(posting, ..)| u64::from(posting.count)).sum()
    }

    /// People of listed units whose posts nobody on the list may take.
    fn at_home(&self) -> u64 {
        let rules = &self.input.rules;
        let mut listed: BTreeMap<(&UnitId, StaffKind), Vec<usize>> = BTreeMap::new();
        for (number, row) in self.input.homes.iter().enumerate() {
            listed.entry((&row.unit, row.kind)).or_default().push(number);
        }
        // By unit and kind: people posted by who of the list may stand there.
        let mut posted: BTreeMap<(&UnitId, StaffKind), BTreeMap<Vec<bool>, u64>> = BTreeMap::new();
        let none = BTreeSet::new();
        for (posting, ..) in self.postings() {
            let key = (&posting.unit, posting.kind);
            let Some(rows) = listed.get(&key) else { continue };
            let here = self.contests.get(&posting.building).unwrap_or(&none);
            let most = self.class.get(&posting.building) == Some(&RiskClass::Most);
            let may = |&row: &usize| {
                let row = &self.input.homes[row];
                let home = rules.home && row.home.iter().any(|seat| here.contains(seat));
                !home && (row.most_sensitive || !most || !rules.training)
            };
            let sort: Vec<bool> = rows.iter().map(may).collect();
            *posted.entry(key).or_default().entry(sort).or_default() += u64::from(posting.count);
        }
        let without = posted.into_iter().map(|(key, sorts)| {
            let rows = listed.get(&key).map_or(&[][..], Vec::as_slice);
            let people = rows.iter().map(|&row| u64::from(self.input.homes[row].count)).collect();
            unserved(people, &sorts.into_iter().collect::<Vec<_>>())
        });
        without.sum()
    }

    fn small_teams(&self, rule: Teams) -> u64 {
        let mut due: BTreeMap<(&BuildingId, Tier, bool), u32> = BTreeMap::new();
        for need in &self.plan.needs {
            *due.entry((&need.building, need.kind.tier(), false)).or_default() += need.need;
            if need.kind == StaffKind::PoliceWoman {
                *due.entry((&need.building, need.kind.tier(), true)).or_default() += need.need;
            }
        }
        let mut teams: BTreeMap<(&BuildingId, Tier, bool, &UnitId), u32> = BTreeMap::new();
        for posting in &self.plan.postings {
            let key = (&posting.building, posting.kind.tier(), false, &posting.unit);
            *teams.entry(key).or_default() += posting.count;
            if posting.kind == StaffKind::PoliceWoman {
                let key = (&posting.building, posting.kind.tier(), true, &posting.unit);
                *teams.entry(key).or_default() += posting.count;
            }
        }
        let small = teams.into_iter().filter(|&((building, tier, women, _), people)| {
            let least = if women { rule.women_min } else { rule.people_min };
            people < least.min(due.get(&(building, tier, women)).copied().unwrap_or(0))
        });
        small.map(|(_, people)| u64::from(people)).sum()
    }

    fn standing(&self, rule: Seats) -> u64 {
        let mut driven: BTreeMap<&UnitId, (u64, u64)> = BTreeMap::new();
        for (posting, unit, at) in self.postings() {
            if self.metres(unit, at).round() > f64::from(rule.walk_m) {
                let seats = u64::from(unit.seats) * u64::from(rule.trips);
                let entry = driven.entry(&unit.id).or_insert((0, seats));
                entry.0 += u64::from(posting.count);
            }
        }
        driven.into_values().map(|(driven, seats)| driven.saturating_sub(seats)).sum()
    }
}

/// How many of the people asked for by sort cannot be served: the most that can are sent by augmenting paths.
fn unserved(mut free: Vec<u64>, sorts: &[(Vec<bool>, u64)]) -> u64 {
    let mut taken = vec![vec![0_u64; sorts.len()]; free.len()];
    let mut without = 0;
    for sort in 0..sorts.len() {
        let mut left = sorts[sort].1;
        while left > 0 {
            let mut seen = vec![false; free.len()];
            let moved = augment(sort, left, &mut free, &mut taken, sorts, &mut seen);
            if moved == 0 {
                without += left;
                break;
            }
            left -= moved;
        }
    }
    without
}

fn augment(
    sort: usize,
    most: u64,
    free: &mut [u64],
    taken: &mut [Vec<u64>],
    sorts: &[(Vec<bool>, u64)],
    seen: &mut [bool],
) -> u64 {
    for row in 0..free.len() {
        if seen[row] || !sorts[sort].0[row] {
            continue;
        }
        seen[row] = true;
        let ready = most.min(free[row]);
        if ready > 0 {
            free[row] -= ready;
            taken[row][sort] += ready;
            return ready;
        }
        for other in 0..sorts.len() {
            let held = taken[row][other];
            if other == sort || held == 0 {
                continue;
            }
            let moved = augment(other, most.min(held), free, taken, sorts, seen);
            if moved > 0 {
                taken[row][other] -= moved;
                taken[row][sort] += moved;
                return moved;
            }
        }
    }
    0
}

#[cfg(test)]
mod tests;
