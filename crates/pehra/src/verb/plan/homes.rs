//! `pehra plan homes`.

use crate::{
    verb::printer::Printer,
    work::{self, import::sha256},
};
use anyhow::{Context, bail};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(in crate::verb) struct Homes {
    /// The list for the draw: number, unit, tier, sex, rank, home, modules, excluded. Only counts are kept of it.
    #[arg(long, value_name = "FILE", required_unless_present = "imagined")]
    people: Option<PathBuf>,
    /// Imagined people for the demo's imagined nation.
    #[arg(long, conflicts_with = "people")]
    imagined: bool,
}

impl Homes {
    pub(in crate::verb) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        let actor = node.operator()?;
        let (people, source, sha) = match &self.people {
            Some(file) => {
                let bytes = std::fs::read(file)
                    .with_context(|| format!("{} cannot be read", file.display()))?;
                let name = file.file_name().map(|name| name.to_string_lossy().into_owned());
                (super::draw::read_people(file, printer)?, name.unwrap_or_default(), sha256(&bytes))
            }
            None if self.imagined => {
                (work::nation::people(&node)?, work::nation::SOURCE.to_owned(), [0; 32])
            }
            None => bail!("name the list of people with --people FILE"),
        };
        let counted = work::homes::sign(&node, &actor, &people, (&source, sha))?;
        printer.line(&format!(
            "{} people of {} units who may be drawn, counted by home; {} are excluded or untrained. No name and no \
             number of anybody was kept.",
            counted.people, counted.units, counted.left_out
        ));
        Ok(())
    }
}
