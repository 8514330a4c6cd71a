//! `pehra solve pmedian`.

use crate::verb::printer::Printer;
use anyhow::Context;
use clap::Args;
use pehra_plan::reserve::{matrix::read, median::choose};
use std::{path::PathBuf, time::Instant};

#[derive(Debug, Args)]
pub(in crate::verb) struct Median {
    /// A p-median file of the OR-Library: vertices, edges, medians, then edges with their lengths.
    file: PathBuf,
    /// So many medians instead of the file's number.
    #[arg(long)]
    medians: Option<usize>,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Report {
    objective: i64,
    dual_bound: i64,
    /// From the table of ways in memory to the verified answer.
    seconds: f64,
    peak_mb: Option<u64>,
    /// Vertices, counted from 1.
    medians: Vec<usize>,
}

impl Median {
    pub(in crate::verb) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let name = self.file.display();
        let text = std::fs::read_to_string(&self.file)
            .with_context(|| format!("{name} cannot be read"))?;
        let (distance, medians) =
            read(&text).with_context(|| format!("{name} is no p-median file"))?;
        let medians = self.medians.unwrap_or(medians);
        let start = Instant::now();
        let answer = choose(&distance, medians, &mut |step| printer.step(&step))?;
        let report = Report {
            objective: answer.objective,
            dual_bound: answer.dual_bound,
            seconds: start.elapsed().as_secs_f64(),
            peak_mb: super::peak_mb(),
            medians: answer.chosen.iter().map(|row| row + 1).collect(),
        };
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
            return Ok(());
        }
        let proven = if report.objective == report.dual_bound {
            "proven best".to_owned()
        } else {
            format!("at most {} above the best", report.objective - report.dual_bound)
        };
        printer.line(&format!(
            "objective {}, dual bound {}: {proven}, in {:.3} s",
            report.objective, report.dual_bound, report.seconds
        ));
        let medians: Vec<String> = report.medians.iter().map(ToString::to_string).collect();
        printer.line(&format!("medians {}", medians.join(" ")));
        Ok(())
    }
}
