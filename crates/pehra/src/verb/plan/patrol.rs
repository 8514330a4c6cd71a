//! `pehra plan patrol`: how often each building is to be looked at, and a day's list that nobody can foresee.

mod tours;

use crate::{
    node::Node,
    verb::{plan::read_secret, printer::Printer},
    work,
    world::World,
};
use anyhow::{Context, bail};
use clap::Args;
use pehra_domain::{AreaId, Date, building::Building};
use pehra_exchange::export;
use pehra_plan::patrol::{Stake, TEAM_TAKES_PERMILLE, cover, draw, sentence, stake_of};
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
pub(in crate::verb) struct Patrol {
    /// The area whose buildings are looked at: pk/sindh/thatta.
    #[arg(long, default_value = "pk")]
    area: String,
    /// How many buildings can be looked at in one day; with --tours how many teams go out.
    #[arg(long)]
    teams: u32,
    /// How much of an attack's cost a team at the place takes away, in thousandths (assumed unless set).
    #[arg(long, default_value_t = TEAM_TAKES_PERMILLE, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    takes: u16,
    /// Draw the list of this day, from the secret given by --secret.
    #[arg(long, value_name = "DATE", requires = "secret")]
    day: Option<String>,
    /// A file with 64 hexadecimal digits; whoever has it knows every day's list.
    #[arg(long, value_name = "FILE")]
    secret: Option<PathBuf>,
    /// Write every building with its share and the reason to a CSV file; with --day, that day's list alone.
    #[arg(long, value_name = "OUT.csv")]
    out: Option<PathBuf>,
    /// Tours of teams over several buildings, from the police units of the area and back, instead of single buildings.
    #[arg(long)]
    tours: bool,
    /// With --tours: how long a team is out.
    #[arg(long, value_name = "HOURS", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=18))]
    shift_hours: u8,
    /// With --tours: how long it stays at a building.
    #[arg(long, value_name = "MINUTES", default_value_t = 20, value_parser = clap::value_parser!(u8).range(5..=240))]
    stay_minutes: u8,
    /// Reasons in Urdu.
    #[arg(long)]
    urdu: bool,
}

/// One building of the area.
struct Place<'w> {
    building: &'w Building,
    stake: Stake,
}

impl Patrol {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let area = AreaId::try_new(self.area.as_str())
            .with_context(|| format!("`{}` is no area: write pk/sindh/thatta", self.area))?;
        let node = crate::verb::open(data)?;
        let world = node.world();
        let places = places(&world, &area, self.takes)?;
        if places.is_empty() {
            bail!("there is no assessed building in {area}");
        }
        if self.tours {
            return self.tours(&node, &area, &places, printer);
        }
        let stakes: Vec<Stake> = places.iter().map(|place| place.stake).collect();
        let plan = cover(&stakes, self.teams)?;
        printer.line(&format!(
            "{} buildings, {} teams: the dearest attack costs {:.2}, under any plan at least {:.2}; without teams {:.2}",
            places.len(),
            self.teams,
            plan.level,
            plan.bound,
            stakes.iter().fold(0.0, |most: f64, stake| most.max(stake.uncovered))
        ));
        if plan.idle > 0.5 {
            printer.line(&format!("{:.0} teams would change nothing", plan.idle));
        }
        let chosen: Vec<usize> = match self.lot(&area)? {
            Some(lot) => {
                let list = draw(&plan.shares, &lot.seed, &lot.name);
                printer.line(&format!("{}: {} buildings are drawn", lot.day, list.places.len()));
                list.places.into_iter().map(|at| at as usize).collect()
            }
            None => (0..places.len()).collect(),
        };
        let permille = |at: usize| plan.shares.get(at).map_or(0, |share| thousandths(*share));
        let row = |at: usize| {
            let place = places.get(at)?;
            let (english, urdu) = sentence(place.stake, permille(at), plan.level);
            Some(vec![
                place.building.id.to_string(),
                place.building.name.clone(),
                place.building.district.to_string(),
                format!("{:.2}", place.stake.uncovered),
                permille(at).to_string(),
                if self.urdu { urdu } else { english },
            ])
        };
        let headers = ["building", "name", "district", "score", "permille", "why"];
        self.give(&node, &headers, &mut chosen.into_iter().filter_map(row), printer)
    }

    /// What the lot of a day is drawn from; none unless a day was named.
    fn lot(&self, area: &AreaId) -> anyhow::Result<Option<Lot>> {
        let (Some(day), Some(secret)) = (&self.day, &self.secret) else { return Ok(None) };
        let day =
            Date::parse(day).with_context(|| format!("`{day}` is no date: write 2024-02-08"))?;
        let seed = read_secret(secret)?;
        Ok(Some(Lot { day, seed, name: format!("{area} {day}") }))
    }

    /// Writes rows to the file that was asked for, or tells the first of them.
    fn give(
        &self,
        node: &Node,
        headers: &[&str],
        rows: &mut dyn Iterator<Item = Vec<String>>,
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        let Some(out) = &self.out else {
            for cells in rows.take(TOLD) {
                printer.line(&format!("  {}", cells.join(" · ")));
            }
            return Ok(());
        };
        let file =
            File::create(out).with_context(|| format!("{} cannot be made", out.display()))?;
        let watermark = node.watermark();
        export::csv(headers, rows, watermark.as_deref(), &mut BufWriter::new(file))
            .with_context(|| format!("{} cannot be written", out.display()))?;
        printer.line(&out.display().to_string());
        Ok(())
    }
}

/// A day, the secret behind its lot and the name under which it is drawn.
struct Lot {
    day: Date,
    seed: [u8; 32],
    name: String,
}

/// The assessed buildings of an area with what an attack there costs: the highest score of their stations.
fn places<'w>(world: &'w World, area: &AreaId, takes: u16) -> anyhow::Result<Vec<Place<'w>>> {
    let table = world.stations.as_ref().context(work::assess::NO_STATIONS)?;
    let assessed =
        world.assessment.as_ref().context("there is no assessment yet: `pehra plan assess`")?;
    let mut scores = vec![0_u16; table.buildings.len()];
    for (row, &building) in assessed.rows.iter().zip(&table.building_of) {
        if let Some(score) = scores.get_mut(building as usize) {
            *score = row.inherent_centi.max(*score);
        }
    }
    let places = table
        .buildings
        .iter()
        .zip(scores)
        .filter(|(building, score)| area.contains(&building.district) && *score > 0)
        .map(|(building, score)| Place { building, stake: stake_of(score, takes) })
        .collect();
    Ok(places)
}

/// Buildings told on the terminal.
const TOLD: usize = 20;

/// A share of days in thousandths, rounded.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share lies between 0 and 1"
)]
fn thousandths(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 1_000.0 + 0.5) as u16
}
