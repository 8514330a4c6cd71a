//! How soon a team comes: incidents by their rates, teams by their places, and who is away already.

use super::{Draw, Ground, Run, luck};
use crate::day::{
    Plan,
    chance::{lognormal, poisson},
    plan::{narrow, travel_s},
};
use pehra_domain::seed::Seed;
use pehra_plan::allocate::Terrain;

/// The nearest teams of each building that are looked at; with all of these away, nobody comes.
const NEAR: usize = 6;
/// Targets of severity 5 (DOMAIN §3(c)): rural and remote.
const TARGET_S: [u32; 3] = [20 * 60, 45 * 60, 45 * 60];
/// The day's incidents fall within these seconds.
const FROM_S: i32 = 7 * 3_600;
const SPAN_S: u64 = 12 * 3_600;

/// Teams by building, nearest first: seconds and position.
pub(super) struct Help {
    near: Vec<Vec<(u32, u32)>>,
}

impl Help {
    pub(super) fn new(plan: &Plan) -> Self {
        let near = plan
            .buildings
            .iter()
            .map(|building| {
                let district = &plan.districts[building.district as usize];
                let mut near: Vec<(u32, u32)> = district
                    .teams
                    .iter()
                    .map(|team| {
                        let from = plan.teams[team as usize].point;
                        (rough(from, building.point), team)
                    })
                    .collect();
                // By the square first: only the few nearest need their time.
                let few = NEAR.min(near.len());
                if few > 0 {
                    near.select_nth_unstable(few - 1);
                    near.truncate(few);
                }
                for (seconds, team) in &mut near {
                    let from = plan.teams[*team as usize].point;
                    *seconds = travel_s(from, building.point, district.terrain);
                }
                near.sort_unstable();
                near
            })
            .collect();
        Self { near }
    }

    pub(super) fn nearest_s(&self, building: u32) -> u32 {
        self.near[building as usize].first().map_or(2 * 3_600, |(seconds, _)| *seconds)
    }
}

/// Something that grows with the distance: the larger of the two angles, plus a part of the smaller.
fn rough(a: pehra_domain::Point, b: pehra_domain::Point) -> u32 {
    let (x, y) = (a.lon_e7.abs_diff(b.lon_e7), a.lat_e7.abs_diff(b.lat_e7));
    x.max(y) + x.min(y) / 2
}

/// One incident of a run.
struct Call {
    at: i32,
    building: u32,
    severe: bool,
}

impl Ground<'_> {
    pub(super) fn incidents(&self, run: u64, into: &mut Run) {
        let mut calls = self.calls(run);
        calls.sort_by_key(|call| (call.at, call.building));
        let mut away: Vec<(u32, i32)> = Vec::new();
        let mut times: Vec<u32> = Vec::with_capacity(calls.len());
        for (number, call) in (0_u64..).zip(&calls) {
            into.incidents += 1;
            let mut luck = luck(run, Draw::Response, number);
            let figures = self.figures;
            let heard = lognormal(&mut luck, figures.guard_report_s, 600);
            let started = heard + lognormal(&mut luck, figures.response_dispatch_s, 500);
            away.retain(|&(_, until)| until > call.at + started);
            let near = &self.help.near[call.building as usize];
            let free = near.iter().find(|(_, team)| !away.iter().any(|(out, _)| out == team));
            let Some(&(seconds, team)) = free else {
                into.unanswered += 1;
                continue;
            };
            let median = i32::try_from(seconds).unwrap_or(i32::MAX).max(60);
            let drive = lognormal(&mut luck, median, figures.leg_spread_permille);
            let after = started.saturating_add(drive);
            let scene = lognormal(&mut luck, figures.response_scene_s, 500);
            let back = call.at.saturating_add(after).saturating_add(scene).saturating_add(drive);
            away.push((team, back));
            times.push(u32::try_from(after).unwrap_or(0));
            let district = self.plan.buildings[call.building as usize].district;
            let terrain = self.plan.districts[district as usize].terrain;
            let target = TARGET_S[match terrain {
                Terrain::Plain => 0,
                Terrain::Hill => 1,
                Terrain::Mountain => 2,
            }];
            into.late_help += u32::from(call.severe && times.last() > Some(&target));
        }
        times.sort_unstable();
        let at = |percent: usize| {
            let rank = (times.len() * percent).div_ceil(100).max(1);
            times.get(rank - 1).copied().unwrap_or(0)
        };
        (into.response_median_s, into.response_p95_s) = (at(50), at(95));
    }

    /// Attacks by the districts' histories, other troubles wherever there are stations.
    fn calls(&self, run: u64) -> Vec<Call> {
        let figures = self.figures;
        let mut fate = luck(run, Draw::Attacks, 0);
        let attacks = poisson(&mut fate, u64::from(figures.attacks_poll_day_micro));
        let ppm = [
            figures.clash_ppm,
            figures.crush_ppm,
            figures.firing_ppm,
            figures.intimidation_ppm,
            figures.women_stopped_ppm,
            figures.medical_ppm,
            figures.capture_ppm,
            figures.hazard_ppm,
        ];
        let rate: u64 = ppm.into_iter().map(u64::from).sum();
        let troubles = poisson(&mut fate, rate * self.plan.stations.len() as u64);
        let mut calls = Vec::new();
        for number in 0..attacks + troubles {
            let mut fate = luck(run, Draw::Attacks, u64::from(number) + 1);
            let attack = number < attacks;
            let building =
                if attack { self.by_threat(&mut fate) } else { self.anywhere(&mut fate) };
            let at = FROM_S + i32::try_from(fate.below(SPAN_S)).unwrap_or(0);
            calls.extend(building.map(|building| Call { at, building, severe: attack }));
        }
        calls
    }

    fn by_threat(&self, fate: &mut Seed) -> Option<u32> {
        let mut left = fate.below(1_000_000);
        let district = self.plan.districts.iter().find(|district| {
            let share = u64::from(district.threat_micro);
            let here = left < share;
            left = left.saturating_sub(share);
            here
        });
        let span = district.or_else(|| self.plan.districts.last())?.buildings;
        if span.is_empty() {
            return None;
        }
        // The worse guarded of two that are seen: attackers look before they choose.
        let mut pick = || span.first + u32::try_from(fate.below(span.len() as u64)).unwrap_or(0);
        let (one, other) = (pick(), pick());
        let bare = |at: u32| {
            let it = &self.plan.buildings[at as usize];
            u64::from(it.due.saturating_sub(it.posted)) * 1_000 / u64::from(it.due.max(1))
        };
        Some(if bare(other) > bare(one) { other } else { one })
    }

    fn anywhere(&self, fate: &mut Seed) -> Option<u32> {
        let count = narrow(self.plan.stations.len());
        let at = u32::try_from(fate.below(u64::from(count))).ok()?;
        self.plan.stations.get(at as usize).map(|station| station.building)
    }
}
