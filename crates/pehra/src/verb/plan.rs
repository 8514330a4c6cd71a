//! `pehra plan`: everything before the day.

mod allocate;
mod assess;
mod backtest;
mod campaign;
mod comms;
mod convoys;
mod draw;
mod explain;
mod findings;
mod form;
mod homes;
mod import;
mod pack;
mod patrol;
mod poll;
mod rehearse;
mod reserves;
mod roads;
mod training;

pub(super) use draw::{read_people, tell_read};

use super::printer::Printer;
use anyhow::Context;
use clap::Subcommand;
use pehra_ledger::hash::unhex;
use std::path::Path;

#[derive(Debug, Subcommand)]
pub(super) enum Plan {
    /// Take in a file as published; every row is accepted, repaired or quarantined, with findings.
    Import(import::Import),
    /// Score every station by the 19 factors, with its uncertainty.
    Assess(assess::Assess),
    /// Why a station has its class, in sentences.
    Explain(explain::Explain),
    /// Train on what was known before a date and score what came after it.
    Backtest(backtest::Backtest),
    /// Print a blank survey form or district checklist for paper.
    Form(form::Form),
    /// Record what the authority ordered about a poll: scheduled, postponed, adjourned, repeated, held.
    Poll(poll::Poll),
    /// Plan communications: sectors, channels, relays, couriers, and what a cut of the networks leaves.
    Comms(comms::Comms),
    /// Ask the road map: the quickest way, what can be reached.
    #[command(subcommand)]
    Roads(roads::Roads),
    /// Post the forces at hand to the places that need them, with a certificate.
    Allocate(allocate::Allocate),
    /// Count where the units' people are at home, so that nobody is posted there.
    Homes(homes::Homes),
    /// Say how often each building is to be looked at, and draw a day's list that nobody can foresee.
    Patrol(patrol::Patrol),
    /// Plan how material reaches every station and comes back, seat by seat, and how the night would run.
    Convoys(convoys::Convoys),
    /// Draw who of a unit holds which post: parties make the seed together, and anybody can draw it again.
    Draw(draw::Draw),
    /// Where to keep quick-reaction teams so that help comes in time, with a bound; and what a loss would do.
    Reserves(reserves::Reserves),
    /// Who lacks which training for his post, and a timetable of courses that gives it to them, with a bound.
    Training(training::Training),
    /// Print packs for an area: orders, cards, lists, forms and posters as PDF in English and Urdu, with their tables.
    Pack(pack::Pack),
    /// Which channels, languages and districts reach the most people for the money with what still works after a cut.
    Campaign(campaign::Campaign),
    /// What was found wanting and is still open, with who mends it until when; and what an exercise found, taken along.
    Findings(findings::Findings),
    /// Live through thousands of seeded days under a plan, or under two plans with the same luck, and name the weakest places.
    Rehearse(rehearse::Rehearse),
}

impl Plan {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        printer.stop_on_ctrl_c();
        match self {
            Self::Import(import) => import.run(data, printer),
            Self::Assess(assess) => assess.run(data, printer),
            Self::Explain(explain) => explain.run(data, printer),
            Self::Backtest(backtest) => backtest.run(data, printer),
            Self::Form(form) => form.run(printer),
            Self::Poll(poll) => poll.run(data, printer),
            Self::Comms(comms) => comms.run(data, printer),
            Self::Roads(roads) => roads.run(data, printer),
            Self::Allocate(allocate) => allocate.run(data, printer),
            Self::Homes(homes) => homes.run(data, printer),
            Self::Patrol(patrol) => patrol.run(data, printer),
            Self::Convoys(convoys) => convoys.run(data, printer),
            Self::Draw(draw) => draw.run(data, printer),
            Self::Reserves(reserves) => reserves.run(data, printer),
            Self::Training(training) => training.run(data, printer),
            Self::Pack(pack) => pack.run(data, printer),
            Self::Campaign(campaign) => campaign.run(data, printer),
            Self::Findings(findings) => findings.run(data, printer),
            Self::Rehearse(rehearse) => rehearse.run(data, printer),
        }
    }
}

/// A secret of 32 bytes as a file of 64 hexadecimal digits.
fn read_secret(file: &Path) -> anyhow::Result<[u8; 32]> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    let bytes = unhex(text.trim()).and_then(|bytes| bytes.try_into().ok());
    bytes.with_context(|| format!("{} holds no secret of 64 hexadecimal digits", file.display()))
}
