//! `pehra plan poll`: the tool records what was ordered, it orders nothing.

use crate::verb::printer::Printer;
use anyhow::Context;
use clap::{Args, ValueEnum};
use pehra_domain::{AreaId, ConstituencyId, Date, StationId, poll::PollKey};
use pehra_ops::{
    Command, permission,
    poll::{self, Order},
};
use std::path::Path;

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Act {
    /// What is on record.
    List,
    Schedule,
    /// Put off before it began.
    Postpone,
    /// Stopped after it began.
    Adjourn,
    /// To be held again; only the commission orders it.
    Repeat,
    /// It took place.
    Hold,
}

#[derive(Debug, Args)]
pub(in crate::verb) struct Poll {
    act: Act,
    /// NA-8
    constituency: Option<String>,
    /// Day of the poll that the order is about.
    date: Option<String>,
    /// One station; without it the whole constituency.
    #[arg(long)]
    station: Option<String>,
    /// The new day, where it is known.
    #[arg(long, value_name = "DATE")]
    to: Option<String>,
    /// Who ordered it.
    #[arg(long, default_value = "")]
    authority: String,
    /// Number of the order, as printed on it.
    #[arg(long, default_value = "")]
    instrument: String,
    /// Date of the order.
    #[arg(long, value_name = "DATE")]
    dated: Option<String>,
}

impl Poll {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        if self.act == Act::List {
            list(&node, printer);
            return Ok(());
        }
        let permission =
            if self.act == Act::Repeat { permission::POLL_REPEAT } else { permission::POLL_RECORD };
        let actor = node.console(permission)?;
        node.execute(&actor, Command::Poll(self.command()?))?;
        printer.note("signed and kept");
        Ok(())
    }

    fn command(&self) -> anyhow::Result<poll::Command> {
        let constituency = self.constituency.as_deref().context("name the constituency: NA-8")?;
        let date = self.date.as_deref().context("name the day of the poll: 2024-02-08")?;
        let station = self.station.as_deref().map(StationId::try_new).transpose()?;
        let key = PollKey {
            constituency: ConstituencyId::try_new(constituency)?,
            station,
            date: day(date)?,
        };
        let dated = self.dated.as_deref().context("give the date of the order with --dated")?;
        let order = Order {
            authority: self.authority.clone(),
            instrument: self.instrument.clone(),
            dated: day(dated)?,
            copy: None,
        };
        let (area, poll) = (AreaId::nation(), key);
        let to = self.to.as_deref().map(day).transpose()?;
        Ok(match self.act {
            Act::List | Act::Schedule => poll::Command::Schedule { area, poll, order },
            Act::Postpone => poll::Command::Postpone { area, poll, to, order },
            Act::Adjourn => poll::Command::Adjourn { area, poll, to, order },
            Act::Repeat => {
                let on = to.context("a repeated poll needs its new day: --to DATE")?;
                poll::Command::Repeat { area, poll, on, order }
            }
            Act::Hold => poll::Command::Hold { area, poll, order },
        })
    }
}

fn day(text: &str) -> anyhow::Result<Date> {
    Date::parse(text).with_context(|| format!("`{text}` is no date: write 2024-02-08"))
}

fn list(node: &crate::node::Node, printer: &mut Printer) {
    let lines: Vec<String> = node.ops(|state| {
        state
            .polls
            .all()
            .map(|(key, _)| {
                let place =
                    key.station.as_ref().map_or_else(String::new, |station| format!(" {station}"));
                let order = state.polls.get(key).map_or_else(String::new, |(record, mark)| {
                    format!(
                        " · {} {} of {} · recorded by {}",
                        record.order.authority,
                        record.order.instrument,
                        record.order.dated,
                        mark.person
                    )
                });
                format!(
                    "{}{place} {} {:?}{order}",
                    key.constituency,
                    key.date,
                    state.polls.phase(key)
                )
            })
            .collect()
    });
    if lines.is_empty() {
        printer.line("no poll is on record apart from the general one");
    }
    for line in lines {
        printer.line(&line);
    }
}
