//! `pehra plan assess`.

use crate::{verb::printer::Printer, work};
use clap::Args;
use pehra_domain::risk::RiskClass;
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Assess {
    /// The same seed and data give the same answer, byte for byte.
    #[arg(long, default_value_t = 2024)]
    seed: u64,
    /// Draws per station for p10, p50, p90 and the class probabilities.
    #[arg(long, default_value_t = 500)]
    draws: u32,
    /// Sign thresholds under which as many stations are sensitive and most sensitive as the authority named.
    #[arg(long)]
    fit: bool,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Assess {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let actor = node.operator()?;
        let options = work::assess::Options { seed: self.seed, draws: self.draws, fit: self.fit };
        let table = work::assess::run(&node, &actor, options, &mut |step| printer.step(&step))?;
        let summary = work::assess::Summary::of(&table.rows);
        if self.json {
            printer.line(&serde_json::to_string(&summary)?);
            return Ok(());
        }
        printer.line(&format!(
            "{} stations assessed, {} draws each, seed {}",
            summary.stations, self.draws, self.seed
        ));
        for class in RiskClass::ALL {
            let (position, name) = (class as usize, class.title());
            printer.line(&format!(
                "  {name:<15} {:>7} computed  {:>7} official",
                summary.computed[position], summary.official[position]
            ));
        }
        printer.line(&format!(
            "  {} stations differ from their official class; {} are provisional (less than half of the factors observed); {} % of the factors are observed",
            summary.disagreements, summary.provisional, summary.completeness_pct
        ));
        Ok(())
    }
}
