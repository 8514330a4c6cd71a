//! Which stations nothing is left to.

use super::{Draw, Ground, Run, key, luck};
use crate::day::{Plan, list::Service};
use pehra_plan::communication::bearer::Bearer;

/// What a station can use once services are gone, without couriers and cars: they bring old news.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paths {
    key: u64,
    /// In thousandths: 0 not there, 1,000 proved, otherwise the chance that it works.
    radio: u16,
    line: u16,
    far: u16,
    /// Always there: mobile or fibre that is not gone, satellite.
    sure: bool,
    class: u8,
    postponed: bool,
}

/// A path that no test has proved: filled in by the figures when it is drawn.
const UNPROVED: u16 = u16::MAX;

pub(super) fn paths(plan: &Plan, gone: &[Service]) -> Vec<Paths> {
    let lost = |service: Service| gone.contains(&service);
    plan.stations
        .iter()
        .map(|station| {
            let of = |bearer: Bearer| {
                if station.proved.has(bearer) {
                    1_000
                } else if station.planned.has(bearer) {
                    UNPROVED
                } else {
                    0
                }
            };
            let has = |bearer: Bearer| station.planned.has(bearer) || station.proved.has(bearer);
            let sector = &plan.sectors[station.sector as usize];
            let up = sector.hops > 0 || sector.terminal;
            let line = if lost(Service::Exchange) { 0 } else { of(Bearer::FixedLine) };
            Paths {
                key: key(station.id.as_str()),
                radio: if up { of(Bearer::Uhf).min(of(Bearer::Vhf)).max(best(&of)) } else { 0 },
                line,
                far: of(Bearer::Hf),
                sure: has(Bearer::Satellite)
                    || has(Bearer::CellularVoice) && !lost(Service::Voice)
                    || has(Bearer::Fibre) && !lost(Service::Broadband),
                class: station.class as u8,
                postponed: station.postponed,
            }
        })
        .collect()
}

/// Proved if either band is proved, else planned if either is.
fn best(of: &dyn Fn(Bearer) -> u16) -> u16 {
    let bands = [of(Bearer::Uhf), of(Bearer::Vhf)];
    if bands.contains(&1_000) { 1_000 } else { bands.into_iter().max().unwrap_or(0) }
}

impl Ground<'_> {
    pub(super) fn darkness(&self, run: u64, into: &mut Run, dark: &mut [u32]) {
        let figures = self.figures;
        let unproved = u64::from(figures.unproved_works_permille);
        let broken = u64::from(figures.radio_fails_ppm);
        for (district, &name) in self.plan.districts.iter().zip(&self.districts) {
            let mut fate = luck(run, Draw::Outage, name);
            let exchange = fate.below(1_000_000) >= u64::from(figures.exchange_fails_ppm);
            let mast = fate.below(1_000_000) >= u64::from(figures.mast_fails_ppm);
            for at in district.stations.range() {
                let it = &self.paths[at];
                if it.sure || it.postponed {
                    continue;
                }
                let works = |permille: u16, draw: Draw| {
                    permille == 1_000
                        || permille == UNPROVED && luck(run, draw, it.key).below(1_000) < unproved
                };
                let set = || luck(run, Draw::Radio, !it.key).below(1_000_000) >= broken;
                let heard = mast && works(it.radio, Draw::Radio) && set()
                    || exchange && works(it.line, Draw::Line)
                    || works(it.far, Draw::Far);
                if !heard {
                    into.dark[usize::from(it.class)] += 1;
                    let building = self.plan.stations[at].building as usize;
                    dark[building] += 1;
                }
            }
        }
        let stations = |building: usize| self.plan.buildings[building].stations.len();
        debug_assert!(dark.len() == self.plan.buildings.len() && stations(0) > 0);
    }
}
