//! The laws of the house that a program can check by reading: `cargo xtask tidy`, and `cargo test -p xtask`.

mod adr;
mod community;
mod files;
mod golden;
mod language;
mod pure_source;
mod refusal;
mod schema;
mod wall;
mod web_source;

use crate::house::{House, Text};
use anyhow::{Result, bail};

/// A broken law: where, and what to do.
pub(crate) type Breach = String;

/// The texts of the house, as the laws read them.
pub(crate) struct Texts(pub(crate) Vec<Text>);

impl Texts {
    pub(crate) fn get(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|it| it.path == path).map(|it| it.text.as_str())
    }

    /// Files below a folder (`""` for all) whose name ends in one of `endings`.
    pub(crate) fn below<'t>(
        &'t self,
        folder: &'t str,
        endings: &'t [&'t str],
    ) -> impl Iterator<Item = &'t Text> {
        self.0.iter().filter(move |it| {
            it.path.starts_with(folder) && endings.iter().any(|end| it.path.ends_with(end))
        })
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let text = |&(path, text): &(&str, &str)| Text { path: path.into(), text: text.into() };
        Self(files.iter().map(text).collect())
    }
}

type Law = (&'static str, fn(&Texts) -> Vec<Breach>);

const LAWS: &[Law] = &[
    ("the walls between the crates stand", wall::walls),
    ("pure crates carry nothing that does input or output", wall::purity),
    ("pure crates touch no clock, disk, network or environment", pure_source::touches_nothing),
    ("pure crates share one clippy.toml", wall::one_fence),
    ("no source file is longer than 700 lines", files::length),
    ("files are plain text: no tab-indented, trailing or foreign line ends", files::plain),
    ("every table in data/ names its source", files::sources),
    ("nothing is unfinished, ignored or asleep", language::finished),
    ("the house speaks of itself alone", language::language),
    ("common slips of the pen", language::slips),
    ("every event kind has a golden file", golden::golden),
    ("every refusal has a sentence in English and Urdu", refusal::sentences),
    ("every shape of the room's document has a name of its own", schema::one_name_each),
    ("volunteers are no list of informants", community::no_informants),
    ("the screens fetch nothing from elsewhere", web_source::own_origin),
    ("styles read in both directions", web_source::logical),
    ("decisions are numbered and listed", adr::index),
];

/// Checks every law; prints each with its breaches.
///
/// # Errors
/// When a law is broken.
pub(crate) fn report(house: &House) -> Result<()> {
    let texts = Texts(house.texts()?);
    let mut broken = 0;
    for (law, check) in LAWS {
        let breaches = check(&texts);
        println!("{} {law}", if breaches.is_empty() { "kept  " } else { "BROKEN" });
        for breach in &breaches {
            println!("       {breach}");
        }
        broken += breaches.len();
    }
    println!("{} laws, {} files, {broken} breaches", LAWS.len(), texts.0.len());
    if broken > 0 {
        bail!("{broken} breaches of the house's laws");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_house_keeps_its_laws() {
        report(&House::find().unwrap()).unwrap();
    }
}
