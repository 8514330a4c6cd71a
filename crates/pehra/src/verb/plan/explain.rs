//! `pehra plan explain`.

use crate::{verb::printer::Printer, work};
use clap::Args;
use pehra_plan::explain::{Explanation, Sentence};
use std::path::Path;

#[derive(Debug, Args)]
pub(in crate::verb) struct Explain {
    /// A station's id, or its key in either contest: NA-40-15, PK-71-21.
    station: String,
    /// Sentences in Urdu.
    #[arg(long)]
    urdu: bool,
    /// One JSON object instead of sentences.
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let world = node.world();
        let table =
            world.stations.as_ref().ok_or_else(|| anyhow::anyhow!(work::assess::NO_STATIONS))?;
        let position = table.find(&self.station).ok_or_else(|| {
            anyhow::anyhow!(
                "there is no station {}: a station is named by its constituency and number, for example {}",
                self.station,
                table.stations.first().map_or("NA-40-15", |station| station.id.as_str())
            )
        })?;
        let explanation = work::explain::run(&node, position)?;
        if self.json {
            printer.line(&serde_json::to_string(&explanation)?);
            return Ok(());
        }
        let name = table.stations.get(position).map_or("", |station| station.name.as_str());
        printer.line(&format!("{} · {name}", explanation.station));
        self.tell(&explanation, printer);
        Ok(())
    }

    fn say<'a>(&self, sentence: &'a Sentence) -> &'a str {
        if self.urdu { &sentence.ur } else { &sentence.en }
    }

    fn tell(&self, explanation: &Explanation, printer: &mut Printer) {
        printer.line(self.say(&explanation.headline));
        for reason in &explanation.reasons {
            printer.line(&format!(
                "  {:+.2}  {}",
                f64::from(reason.contribution_centi) / 100.0,
                self.say(&reason.text)
            ));
        }
        printer.line("");
        for factor in &explanation.factors {
            printer.line(&format!(
                "  {} {:.2} ({:?}, {} % sure) {:+.2}  {}: {}",
                factor.factor.code(),
                f64::from(factor.centi) / 100.0,
                factor.basis,
                factor.confidence_pct,
                f64::from(factor.contribution_centi) / 100.0,
                self.say(&factor.name),
                self.say(&factor.source)
            ));
        }
    }
}
