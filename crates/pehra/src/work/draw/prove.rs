//! Drawing again from what was published, and naming the first thing that differs.

use super::folder::{Folder, roster_row};
use crate::{auth::hex, work::WorkError};
use pehra_domain::{duty::Line, progress::Watch};
use pehra_exchange::table::{self, Flow, Row, RowSink, Shape, TableError, TableOptions};
use pehra_plan::draw::{Draw, Stage};
use std::path::Path;

/// What a proof found.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Checked {
    pub people: usize,
    pub posts: u64,
    pub stages: Vec<&'static str>,
    pub replacements: usize,
    /// None when everything published is what the secrets give.
    pub difference: Option<Found>,
}

/// The first thing that is not as the secrets give it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Found {
    pub stage: &'static str,
    /// The file, and the line of a roster counted as a text editor does.
    pub at: String,
    pub published: String,
    pub drawn: String,
}

/// Draws everything again that the folder says was drawn.
///
/// # Errors
/// [`WorkError`]: a file is missing or cannot be read, the input is another one, or stopped. A result that differs is no
/// error: see [`Checked::difference`].
pub fn prove(folder: &Folder, threads: usize, watch: &mut Watch<'_>) -> Result<Checked, WorkError> {
    let input = folder.input(watch)?;
    let mut draw = Draw::try_new(&input).map_err(super::of_draw)?;
    let mut checked = Checked {
        people: input.people.len(),
        posts: input.detachments.iter().map(|one| u64::from(one.count)).sum(),
        stages: Vec::new(),
        replacements: 0,
        difference: None,
    };
    for stage in Stage::ALL {
        let Some(said) = folder.note(stage)?.roster else { break };
        let seed = folder.seed(stage)?;
        draw.draw(stage, &seed, threads, watch).map_err(super::of_draw)?;
        let roster = draw.roster();
        checked.difference = difference(&folder.roster_path(stage), stage, &roster)?;
        if checked.difference.is_none() && draw.hash() != said {
            checked.difference = Some(Found {
                stage: stage.word(),
                at: format!("{}.toml", stage.word()),
                published: hex(&said),
                drawn: hex(&draw.hash()),
            });
        }
        if checked.difference.is_some() {
            return Ok(checked);
        }
        checked.stages.push(stage.word());
    }
    let replaced = folder.replaced()?;
    if replaced.is_empty() {
        return Ok(checked);
    }
    let seed = folder.seed(Stage::Stations)?;
    for (out, said) in &replaced {
        let stands_in = draw.replace(out, &seed).map_err(super::of_draw)?;
        if stands_in.as_ref() != Some(said) {
            checked.difference = Some(Found {
                stage: "replacement",
                at: out.to_string(),
                published: said.to_string(),
                drawn: stands_in.map_or_else(|| "nobody".to_owned(), |person| person.to_string()),
            });
            return Ok(checked);
        }
        checked.replacements += 1;
    }
    Ok(checked)
}

/// Compares a published roster with the drawn one, line by line.
fn difference(path: &Path, stage: Stage, roster: &[Line]) -> Result<Option<Found>, WorkError> {
    struct Compare<'r> {
        left: std::slice::Iter<'r, Line>,
        found: Option<(u32, String, String)>,
        last: u32,
    }
    impl RowSink for Compare<'_> {
        fn head(&mut self, _: &[String], _: &Shape) -> Result<(), TableError> {
            Ok(())
        }
        fn row(&mut self, row: &Row) -> Result<Flow, TableError> {
            self.last = row.number;
            let drawn = self.left.next().map(roster_row);
            let published: Vec<&str> = row.cells().collect();
            let same = drawn.as_ref().is_some_and(|drawn| {
                (0..drawn.len().max(published.len())).all(|at| {
                    let drawn = drawn.get(at).map_or("", String::as_str);
                    drawn == published.get(at).copied().unwrap_or_default()
                })
            });
            if same {
                return Ok(Flow::More);
            }
            let drawn = drawn.map_or_else(|| "no such line".to_owned(), |drawn| drawn.join(","));
            self.found = Some((row.number, published.join(","), drawn));
            Ok(Flow::Enough)
        }
    }
    let mut file = std::fs::File::open(path).map_err(|error| super::folder::about(path, &error))?;
    let mut compare = Compare { left: roster.iter(), found: None, last: 1 };
    table::read(
        &mut file,
        &TableOptions::default(),
        &mut |_| std::ops::ControlFlow::Continue(()),
        &mut compare,
    )
    .map_err(|error| super::folder::about(path, &error))?;
    if compare.found.is_none()
        && let Some(line) = compare.left.next()
    {
        compare.found =
            Some((compare.last + 1, "no such line".to_owned(), roster_row(line).join(",")));
    }
    Ok(compare.found.map(|(row, published, drawn)| Found {
        stage: stage.word(),
        at: format!("{}, line {row}", path.display()),
        published,
        drawn,
    }))
}
