//! `pehra plan patrol --tours`: teams that go out from their bases over several buildings and come back within the shift.

use super::{Patrol, Place, thousandths};
use crate::{facts, node::Node, verb::printer::Printer};
use anyhow::{Context, bail};
use pehra_domain::{
    AreaId,
    force::{Tier, Unit},
};
use pehra_plan::patrol::{
    Stake, draw_tours,
    tour::{DayPlan, Shift, Tours, tours},
    way::{Country, Site},
};

impl Patrol {
    pub(super) fn tours(
        &self,
        node: &Node,
        area: &AreaId,
        places: &[Place<'_>],
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        let world = node.world();
        let forces = world
            .units
            .as_ref()
            .context("there are no units yet: `pehra plan import forces FILE`")?;
        let bases: Vec<&Unit> = forces
            .units
            .iter()
            .filter(|unit| unit.tier == Tier::Police && area.contains(&unit.district))
            .collect();
        if bases.is_empty() {
            bail!("no police unit is listed in {area} from which teams could go out");
        }
        let distance = facts::distances(node.gazetteer());
        let site = |point, district: &AreaId| Site { point, terrain: distance.terrain(district) };
        let from: Vec<Site> = bases.iter().map(|unit| site(unit.point, &unit.district)).collect();
        let to: Vec<Site> = places
            .iter()
            .map(|place| site(place.building.point, &place.building.district))
            .collect();
        let stakes: Vec<Stake> = places.iter().map(|place| place.stake).collect();
        let country = Country::of(&from, &to, &distance);
        let weights: Vec<f64> = stakes.iter().map(|stake| stake.uncovered).collect();
        let with_teams = country.with_teams(self.teams, &weights);
        let shift = Shift {
            seconds: u32::from(self.shift_hours) * 3_600,
            stay_s: u32::from(self.stay_minutes) * 60,
        };
        let mut watch = |step| printer.step(&step);
        let plan = tours(&stakes, &with_teams, &country, shift, &mut watch)?;
        let out_of = with_teams.iter().filter(|base| base.teams > 0).count();
        printer.line(&format!(
            "{} buildings, {} teams from {out_of} bases, {} hours out, {} minutes at each building; ways are estimated",
            places.len(),
            self.teams,
            self.shift_hours,
            self.stay_minutes
        ));
        printer.line(&format!(
            "the dearest attack costs {:.2}, under any tours of these teams at least {:.2} ({:.2} % apart); without teams {:.2}",
            plan.level,
            plan.bound,
            (plan.level - plan.bound) / plan.level.max(f64::MIN_POSITIVE) * 100.0,
            stakes.iter().fold(0.0, |most: f64, stake| most.max(stake.uncovered))
        ));
        let rows = match self.lot(area)? {
            Some(lot) => {
                let drawn = draw_tours(&plan, &lot.seed, &lot.name);
                let drawn =
                    bases.iter().zip(drawn).filter_map(|(unit, plan)| Some((*unit, plan?, 1.0)));
                rows_of(drawn, places)
            }
            None => rows_of(every(&bases, &plan), places),
        };
        let headers = ["base", "day plan", "permille", "team", "stop", "building", "name"];
        self.give(node, &headers, &mut rows.into_iter(), printer)
    }
}

/// Every day plan of every base, with its share of the days.
fn every<'p>(
    bases: &'p [&'p Unit],
    plan: &'p Tours,
) -> impl Iterator<Item = (&'p Unit, &'p DayPlan, f64)> {
    bases
        .iter()
        .zip(&plan.plans)
        .flat_map(|(unit, plans)| plans.iter().map(move |(day, share)| (*unit, day, *share)))
}

/// One row for each stop.
fn rows_of<'p>(
    plans: impl Iterator<Item = (&'p Unit, &'p DayPlan, f64)>,
    places: &[Place<'_>],
) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    for (number, (unit, day, share)) in (1_u32..).zip(plans) {
        for (team, tour) in (1_u32..).zip(&day.tours) {
            for (stop, &at) in (1_u32..).zip(tour) {
                let Some(place) = places.get(at as usize) else { continue };
                rows.push(vec![
                    unit.id.to_string(),
                    number.to_string(),
                    thousandths(share).to_string(),
                    team.to_string(),
                    stop.to_string(),
                    place.building.id.to_string(),
                    place.building.name.clone(),
                ]);
            }
        }
    }
    rows
}
