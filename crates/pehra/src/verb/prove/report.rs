//! `pehra prove report`: the account of the day, for people and for machines.

use super::super::printer::Printer;
use crate::http::web;
use crate::work::after_action::{self, Edition, Fonts, Language, Options};
use anyhow::{Context, bail};
use clap::Args;
use pehra_domain::{AreaId, Date, UnixMs};
use pehra_plan::communication::schedule;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// The area that it is about, with all below it.
    #[arg(long, value_name = "AREA", default_value = "pk")]
    area: String,
    /// For whom: the public edition names no person and no unit.
    #[arg(long, value_enum, default_value_t = Edition::Public)]
    edition: Edition,
    /// The language of the page; without it, one page in each.
    #[arg(long, value_enum)]
    language: Option<Language>,
    /// The moment of which it speaks, in Pakistan's time; without it, the newest that the record speaks of.
    #[arg(long, value_name = "YYYY-MM-DDTHH:MM")]
    at: Option<String>,
    /// A folder for the page and its JSON twin, or a file that ends in .html.
    #[arg(long, value_name = "DIR|FILE")]
    out: PathBuf,
}

pub(super) fn report(data: &Path, wish: &Report, printer: &mut Printer) -> anyhow::Result<()> {
    let as_of = wish.at.as_deref().map(moment).transpose()?;
    let area = AreaId::try_new(wish.area.trim())?;
    let node = crate::verb::open(data)?;
    let account = after_action::account(&node, &Options { area, edition: wish.edition, as_of })?;
    let languages = match wish.language {
        Some(language) => vec![language],
        None => vec![Language::En, Language::Ur],
    };
    let is_file = wish.out.extension().is_some_and(|it| it.eq_ignore_ascii_case("html"));
    if is_file && languages.len() > 1 {
        bail!("one file holds one language: say --language en or --language ur");
    }
    let mut files = Vec::new();
    let fonts = Fonts {
        regular: web::font("noto-naskh-arabic-arabic-400-normal"),
        bold: web::font("noto-naskh-arabic-arabic-600-normal"),
    };
    let stem = format!("after-action-{}", wish.edition.word());
    if is_file {
        files.push((wish.out.with_extension("json"), account.json()?));
    } else {
        std::fs::create_dir_all(&wish.out)
            .with_context(|| format!("{} cannot be made", wish.out.display()))?;
        files.push((wish.out.join(format!("{stem}.json")), account.json()?));
    }
    for language in languages {
        let name = wish.out.join(format!("{stem}-{}.html", language.code()));
        let path = if is_file { wish.out.clone() } else { name };
        files.push((path, after_action::html(&account, language, &fonts)));
    }
    for (path, text) in &files {
        std::fs::write(path, text)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let given =
        account.figures.iter().filter(|it| it.reason_code.is_none() && !it.withheld).count();
    let missed = account.figures.iter().filter(|it| it.met == Some(false)).count();
    printer.line(&format!(
        "{}: {} stations, {given} of {} figures from the record, {missed} missed their target; {} incidents",
        account.area,
        account.stations,
        account.figures.len(),
        account.incidents.len(),
    ));
    for (path, text) in &files {
        printer.line(&format!("{} ({} bytes)", path.display(), text.len()));
    }
    Ok(())
}

/// `2024-02-09T12:00` in Pakistan.
fn moment(text: &str) -> anyhow::Result<UnixMs> {
    let wrong = || format!("{text:?} is not a moment such as 2024-02-09T12:00");
    let (date, time) = text.trim().split_once('T').with_context(wrong)?;
    let date = Date::parse(date).with_context(wrong)?;
    let minute = schedule::minute(time).with_context(wrong)?;
    Ok(UnixMs(date.midnight_pkt().0 + i64::from(minute) * 60_000))
}
