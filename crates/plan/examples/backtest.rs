//! The backtest on the shared event file, for the polls of 2002, 2008 and 2013.
//!
//! `cargo run --release -p pehra-plan --example backtest`

#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a report prints, and may stop with a message"
)]

#[path = "../src/backtest/tests/ucdp.rs"]
mod ucdp;

use pehra_domain::Date;
use pehra_plan::backtest::{Task, backtest, series::series};
use std::ops::ControlFlow;

fn main() {
    let Some((incidents, gazetteer)) = ucdp::shared() else {
        println!("shared data absent: nothing to test on");
        return;
    };
    let polls = ["1997-02-03", "2002-10-10", "2008-02-18", "2013-05-11"]
        .map(|day| Date::parse(day).expect("a date"));
    for poll in &polls[1..] {
        let task = Task { earlier_polls: &polls, ..Task::new(&incidents, &gazetteer, *poll) };
        match backtest(&task, &mut |_| ControlFlow::Continue(())) {
            Ok(report) => {
                println!("{}", report.text());
                println!("settings: {:?}\n", report.forecast.settings.first());
            }
            Err(error) => println!("{poll}: {error}"),
        }
        match series(&task, 36, &mut |_| ControlFlow::Continue(())) {
            Ok(series) => println!("{}\n", series.text()),
            Err(error) => println!("{poll}: {error}"),
        }
    }
}
