//! `pehra plan backtest`.

use crate::{verb::printer::Printer, work};
use anyhow::Context;
use clap::Args;
use pehra_domain::Date;
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Backtest {
    /// Day of the poll whose window is scored; repeat it for several. Without it every general election from 2008
    /// whose window the events cover.
    #[arg(long, value_name = "DATE")]
    poll: Vec<String>,
    /// The window begins so many days before the poll, and nothing later is looked at for the forecast.
    #[arg(long, default_value_t = 30)]
    days_before: i32,
    #[arg(long, default_value_t = 2)]
    days_after: i32,
    /// Events placed worse than this do not count (3: known to the district).
    #[arg(long, default_value_t = 3)]
    precision: u8,
    #[arg(long, default_value_t = 20)]
    top: usize,
    /// Resamples behind each interval.
    #[arg(long, default_value_t = 2_000)]
    bootstraps: u32,
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The imported station list is the one of this very poll: report the capture at stations too.
    #[arg(long, requires = "poll")]
    stations: bool,
    /// The official classes in that list were given at the poll before: compare the model with them.
    #[arg(long, requires = "stations")]
    previous_classes: bool,
}

impl Backtest {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        anyhow::ensure!(
            !self.stations || self.poll.len() == 1,
            "a station list belongs to one poll: give --poll once with --stations"
        );
        let node = crate::verb::open(data)?;
        let mut ran = 0;
        for poll in self.polls(&node)? {
            let options = work::backtest::Options {
                poll,
                days_before: self.days_before,
                days_after: self.days_after,
                place_precision_max: self.precision,
                top_districts: self.top,
                bootstraps: self.bootstraps,
                seed: self.seed,
                own_stations: self.stations,
                previous_classes: self.previous_classes,
            };
            let report = work::backtest::run(&node, options, &mut |step| printer.step(&step))?;
            printer.line(&report.text());
            ran += 1;
        }
        anyhow::ensure!(
            ran > 0,
            "the imported events cover no general election from 2008 on: name one with --poll"
        );
        Ok(())
    }

    fn polls(&self, node: &crate::node::Node) -> anyhow::Result<Vec<Date>> {
        if !self.poll.is_empty() {
            let read = |text: &String| {
                Date::parse(text).with_context(|| format!("`{text}` is no date: write 2013-05-11"))
            };
            return self.poll.iter().map(read).collect();
        }
        let world = node.world();
        let dates = world.incidents.as_ref().map(|list| {
            let dates = list.rows.iter().map(|row| row.date);
            (dates.clone().min(), dates.max())
        });
        let Some((Some(first), Some(last))) = dates else {
            anyhow::bail!(
                "there are no events yet: import them first with `pehra plan import events FILE`"
            );
        };
        let covered = |poll: &Date| {
            first < poll.plus_days(-self.days_before) && poll.plus_days(self.days_after) <= last
        };
        Ok(work::backtest::POLLS
            .into_iter()
            .filter_map(|(y, m, d)| Date::from_civil(y, m, d))
            .filter(covered)
            .collect())
    }
}
