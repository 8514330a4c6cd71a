//! `pehra solve flow`.

use crate::verb::printer::Printer;
use anyhow::Context;
use clap::Args;
use pehra_plan::network::{Answer, Engine, Network, Reader, solve};
use std::{
    fs::File,
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
    time::Instant,
};

#[derive(Debug, Args)]
pub(in crate::verb) struct Flow {
    /// A DIMACS minimum-cost-flow file (lines p, n, a).
    file: PathBuf,
    #[arg(long, default_value_t = 2)]
    threads: usize,
    /// Where to write what each link carries, as DIMACS solution lines (s, f).
    #[arg(long, value_name = "FILE")]
    flows: Option<PathBuf>,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

#[derive(serde::Serialize)]
struct Report {
    objective: i64,
    dual_bound: i64,
    /// From links in memory to the verified answer.
    seconds: f64,
    peak_mb: Option<u64>,
    engine: &'static str,
    nodes: usize,
    links: usize,
    threads: usize,
}

impl Flow {
    pub(in crate::verb) fn run(&self, printer: &mut Printer) -> anyhow::Result<()> {
        let network = read(&self.file, printer)?;
        let start = Instant::now();
        let threads = self.threads.clamp(1, 64);
        let answer = solve(&network, threads, &mut |step| printer.step(&step))?;
        let report = Report {
            objective: answer.objective,
            dual_bound: answer.dual_bound,
            seconds: start.elapsed().as_secs_f64(),
            peak_mb: super::peak_mb(),
            engine: match answer.engine {
                Engine::Transport => "transport",
                Engine::Simplex => "network simplex",
            },
            nodes: network.nodes(),
            links: network.links().len(),
            threads,
        };
        if let Some(path) = &self.flows {
            write(path, &network, &answer)
                .with_context(|| format!("{} cannot be written", path.display()))?;
        }
        if self.json {
            printer.line(&serde_json::to_string(&report)?);
            return Ok(());
        }
        printer.line(&format!("{} nodes, {} links", report.nodes, report.links));
        printer.line(&format!(
            "objective {}, dual bound {}: proven best and verified",
            report.objective, report.dual_bound
        ));
        let memory = report.peak_mb.map_or_else(String::new, |mb| format!(", peak memory {mb} MB"));
        printer.line(&format!(
            "{:.3} s from links in memory to the verified answer ({}, {} threads){memory}",
            report.seconds, report.engine, report.threads
        ));
        Ok(())
    }
}

fn read(path: &Path, printer: &mut Printer) -> anyhow::Result<Network> {
    let name = path.display();
    let mut file = File::open(path).with_context(|| format!("{name} cannot be opened"))?;
    let mut reader = Reader::default();
    let mut piece = vec![0; 1 << 20];
    let mut done = 0_u64;
    loop {
        let count = file.read(&mut piece).with_context(|| format!("{name} cannot be read"))?;
        if count == 0 {
            return reader.finish().with_context(|| format!("{name} is no DIMACS flow"));
        }
        reader
            .feed(piece.get(..count).unwrap_or(&[]))
            .with_context(|| format!("{name} is no DIMACS flow"))?;
        done += count as u64;
        let step = pehra_domain::progress::Step { stage: "reading bytes", done, total: 0 };
        if printer.step(&step).is_break() {
            return Err(pehra_domain::progress::Cancelled.into());
        }
    }
}

fn write(path: &Path, network: &Network, answer: &Answer) -> anyhow::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "s {}", answer.objective)?;
    for (number, count) in network.carried(answer) {
        if let Some(link) = network.links().get(number as usize) {
            writeln!(out, "f {} {} {count}", link.tail + 1, link.head + 1)?;
        }
    }
    out.flush()?;
    Ok(())
}
