//! `pehra plan patrol --tours`: teams that go out from their bases over several buildings and come back within the shift.

use super::Patrol;
use crate::{
    node::Node,
    verb::printer::Printer,
    work::patrol::{Ground, Place, thousandths},
};
use pehra_domain::{AreaId, force::Unit};
use pehra_ops::patrol::Terms;
use pehra_plan::patrol::{
    draw_tours,
    tour::{DayPlan, Tours},
};

impl Patrol {
    pub(super) fn tours(
        &self,
        node: &Node,
        (area, terms): (&AreaId, &Terms),
        ground: &Ground<'_>,
        plan: &Tours,
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        let (places, bases) = (&ground.places, &ground.bases);
        let out_of = plan.plans.iter().filter(|plans| !plans.is_empty()).count();
        printer.line(&format!(
            "{} buildings, {} teams from {out_of} bases, {} hours out, {} minutes at each building; ways are estimated",
            places.len(),
            terms.teams,
            self.asked.shift_hours,
            self.asked.stay_minutes
        ));
        let stakes = places.iter().map(|place| place.stake.uncovered);
        printer.line(&format!(
            "the dearest attack costs {:.2}, under any tours of these teams at least {:.2} ({:.2} % apart); without teams {:.2}",
            plan.level,
            plan.bound,
            (plan.level - plan.bound) / plan.level.max(f64::MIN_POSITIVE) * 100.0,
            stakes.fold(0.0, f64::max)
        ));
        let rows = match self.lot(area)? {
            Some(lot) => {
                let drawn = draw_tours(plan, &lot.seed, &lot.name);
                let drawn =
                    bases.iter().zip(drawn).filter_map(|(unit, plan)| Some((*unit, plan?, 1.0)));
                rows_of(drawn, places)
            }
            None => rows_of(every(bases, plan), places),
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
