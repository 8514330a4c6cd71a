//! `pehra plan patrol`: how often each building is to be looked at, a day's list that nobody can foresee, and the same
//! sealed on record until its hour.

mod seal;
mod tours;

use crate::{
    node::Node,
    verb::{plan::read_secret, printer::Printer},
    work::patrol::{self as work, Ground, Planned},
};
use anyhow::Context;
use clap::Args;
use pehra_domain::{AreaId, Date};
use pehra_exchange::export;
use pehra_ops::patrol::{Terms, Tours};
use pehra_plan::patrol::{Cover, draw, sentence};
use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::verb) struct Patrol {
    #[command(subcommand)]
    step: Option<seal::Step>,
    #[command(flatten)]
    asked: Asked,
    /// Draw the list of this day, from the secret given by --secret.
    #[arg(long, value_name = "DATE", requires = "secret")]
    day: Option<String>,
    /// A file with 64 hexadecimal digits; whoever has it knows every day's list. A list that must stay secret until its
    /// hour is drawn by `pehra plan patrol seal`, which needs no such file.
    #[arg(long, value_name = "FILE")]
    secret: Option<PathBuf>,
    /// Write every building with its share and the reason to a CSV file; with --day, that day's list alone.
    #[arg(long, value_name = "OUT.csv")]
    out: Option<PathBuf>,
    /// Reasons in Urdu.
    #[arg(long)]
    urdu: bool,
}

/// What is asked of a plan of patrols.
#[derive(Debug, Args)]
struct Asked {
    /// The area whose buildings are looked at: pk/sindh/thatta.
    #[arg(long, default_value = "pk")]
    area: String,
    /// How many buildings can be looked at in one day; with --tours how many teams go out.
    #[arg(long)]
    teams: Option<u32>,
    /// How much of an attack's cost a team at the place takes away, in thousandths: another than the signed parameter.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1_000))]
    takes: Option<u16>,
    /// Tours of teams over several buildings, from the police units of the area and back, instead of single buildings.
    #[arg(long)]
    tours: bool,
    /// With --tours: how long a team is out.
    #[arg(long, value_name = "HOURS", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=18))]
    shift_hours: u8,
    /// With --tours: how long it stays at a building.
    #[arg(long, value_name = "MINUTES", default_value_t = 20, value_parser = clap::value_parser!(u8).range(5..=240))]
    stay_minutes: u8,
}

impl Asked {
    fn area(&self) -> anyhow::Result<AreaId> {
        AreaId::try_new(self.area.as_str())
            .with_context(|| format!("`{}` is no area: write pk/sindh/thatta", self.area))
    }

    fn terms(&self, node: &Node) -> anyhow::Result<Terms> {
        let teams = self.teams.context("how many teams are there? --teams N")?;
        let (shift_hours, stay_minutes) = (self.shift_hours, self.stay_minutes);
        let tours = self.tours.then_some(Tours { shift_hours, stay_minutes });
        Ok(work::terms(node, teams, self.takes, tours))
    }
}

fn day(text: &str) -> anyhow::Result<Date> {
    Date::parse(text).with_context(|| format!("`{text}` is no date: write 2024-02-08"))
}

impl Patrol {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        if let Some(step) = &self.step {
            return step.run(&node, printer);
        }
        let (area, terms) = (self.asked.area()?, self.asked.terms(&node)?);
        let world = node.world();
        let ground = Ground::of(&node, &world, (&area, &terms))?;
        let planned = ground.plan(&terms, &mut |step| printer.step(&step))?;
        let (english, urdu) = work::payoffs(&terms).sentence();
        printer.line(if self.urdu { &urdu } else { &english });
        match &planned {
            Planned::Posts(plan) => self.posts(&node, (&area, &terms), &ground, plan, printer),
            Planned::Tours(plan) => self.tours(&node, (&area, &terms), &ground, plan, printer),
        }
    }

    fn posts(
        &self,
        node: &Node,
        (area, terms): (&AreaId, &Terms),
        ground: &Ground<'_>,
        plan: &Cover,
        printer: &mut Printer,
    ) -> anyhow::Result<()> {
        let places = &ground.places;
        let stakes = places.iter().map(|place| place.stake.uncovered);
        printer.line(&format!(
            "{} buildings, {} teams: the dearest attack costs {:.2}, under any plan at least {:.2}; without teams {:.2}",
            places.len(),
            terms.teams,
            plan.level,
            plan.bound,
            stakes.fold(0.0, f64::max)
        ));
        if plan.idle > 0.5 {
            printer.line(&format!("{:.0} teams would change nothing", plan.idle));
        }
        let chosen: Vec<usize> = match self.lot(area)? {
            Some(lot) => {
                let list = draw(&plan.shares, &lot.seed, &lot.name);
                printer.line(&format!("{}: {} buildings are drawn", lot.day, list.places.len()));
                list.places.into_iter().map(|at| at as usize).collect()
            }
            None => (0..places.len()).collect(),
        };
        let permille = |at: usize| plan.shares.get(at).map_or(0, |share| work::thousandths(*share));
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
        self.give(node, &headers, &mut chosen.into_iter().filter_map(row), printer)
    }

    /// What the lot of a day is drawn from; none unless a day was named.
    fn lot(&self, area: &AreaId) -> anyhow::Result<Option<Lot>> {
        let (Some(text), Some(secret)) = (&self.day, &self.secret) else { return Ok(None) };
        let day = day(text)?;
        let seed = read_secret(secret)?;
        Ok(Some(Lot { day, seed, name: work::name(area, day) }))
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

/// Buildings told on the terminal.
const TOLD: usize = 20;
