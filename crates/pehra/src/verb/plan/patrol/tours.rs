//! `pehra plan patrol --tours`: teams that go out from their bases over several buildings and come back within the shift.

use super::{Patrol, Place, thousandths};
use crate::{
    facts,
    node::Node,
    verb::{plan::read_secret, printer::Printer},
};
use anyhow::{Context, bail};
use pehra_domain::{
    AreaId, Date,
    force::{Tier, Unit},
};
use pehra_exchange::export;
use pehra_plan::{
    allocate::DistanceModel,
    patrol::{
        Stake, draw_tours,
        tour::{DayPlan, Shift, Tours, tours},
        way::{Country, Site},
    },
};
use std::{fs::File, io::BufWriter};

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
        let site = |point, district: &AreaId, distance: &DistanceModel| Site {
            point,
            terrain: distance.terrain(district),
        };
        let from: Vec<Site> =
            bases.iter().map(|unit| site(unit.point, &unit.district, &distance)).collect();
        let to: Vec<Site> = places
            .iter()
            .map(|place| site(place.building.point, &place.building.district, &distance))
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
        let rows = match (&self.day, &self.secret) {
            (Some(day), Some(secret)) => {
                let day = Date::parse(day)
                    .with_context(|| format!("`{day}` is no date: write 2024-02-08"))?;
                let seed = read_secret(secret)?;
                let drawn = draw_tours(&plan, &seed, &format!("{area} {day}"));
                let drawn =
                    bases.iter().zip(drawn).filter_map(|(unit, plan)| Some((*unit, plan?, 1.0)));
                rows_of(drawn, places)
            }
            _ => rows_of(every(&bases, &plan), places),
        };
        self.write_tours(node, rows, printer)
    }

    fn write_tours(
        &self,
        node: &Node,
        rows: Vec<Vec<String>>,
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        let Some(out) = &self.out else {
            for cells in rows.iter().take(super::TOLD) {
                printer.line(&format!("  {}", cells.join(" · ")));
            }
            return Ok(());
        };
        let file =
            File::create(out).with_context(|| format!("{} cannot be made", out.display()))?;
        let headers = ["base", "day plan", "permille", "team", "stop", "building", "name"];
        let watermark = node.watermark();
        let mut rows = rows.into_iter();
        export::csv(&headers, &mut rows, watermark.as_deref(), &mut BufWriter::new(file))
            .with_context(|| format!("{} cannot be written", out.display()))?;
        printer.line(&out.display().to_string());
        Ok(())
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
