//! Published figures: kept as published, read where they can be, contradictions grouped.

use crate::code::Code;
use crate::finding::{Findings, Outcome};
use crate::mapping::{Schema, normalise};
use crate::number::{count, date};
use crate::rows::{Cells, ImportError, ImportOptions, Imported, read_rows};
use crate::stations::field;
use pehra_domain::Date;
use pehra_domain::figure::Figure;
use pehra_domain::progress::Watch;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

/// The columns of a list of figures.
pub const SCHEMA: Schema = Schema {
    kind: "figures",
    fields: &[
        field("area", true, &["area", "place", "region"]),
        field("measure", true, &["measure", "figure", "what"]),
        field("value", true, &["value", "number", "count"]),
        field("source", false, &["source", "ماخذ"]),
        field("as-of", false, &["as of", "date"]),
        field("note", false, &["note", "notes", "remarks"]),
    ],
};

/// Figures of one measure of one area that do not agree.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Dispute {
    pub area: String,
    pub measure: String,
    /// Places in the list of figures that was asked.
    pub figures: Vec<usize>,
    /// The different numbers, ascending.
    pub numbers: Vec<i64>,
}

/// Imports figures. `same` in the source column means the source of the row before; other numbers that a source
/// mentions ("others 276402", "same page says 12.8 million") become figures of their own.
///
/// # Errors
/// [`ImportError`] when the file or its mapping cannot be used, or the watcher stops the work.
pub fn import(
    input: &mut dyn Read,
    options: &ImportOptions,
    watch: &mut Watch<'_>,
) -> Result<Imported<Figure>, ImportError> {
    let mut figures: Vec<(u32, Figure)> = Vec::new();
    let mut previous = String::new();
    let mut reading = read_rows(input, &SCHEMA, options, watch, &mut |cells, findings| {
        figure(cells, &mut previous, &mut figures, findings)
    })?;
    let (rows, values): (Vec<u32>, Vec<Figure>) = figures.into_iter().unzip();
    for dispute in disputes(&values) {
        let numbers: Vec<String> = dispute.numbers.iter().map(i64::to_string).collect();
        let was = format!("{} {}: {}", dispute.area, dispute.measure, numbers.join(" / "));
        let mut told = BTreeSet::new();
        for row in dispute.figures.iter().filter_map(|&at| rows.get(at)) {
            if told.insert(*row) {
                reading.findings.push(Code::FigureDisputed, *row, "value", &was, "");
            }
        }
    }
    Ok(reading.with(values))
}

fn figure(
    cells: &Cells<'_>,
    previous: &mut String,
    figures: &mut Vec<(u32, Figure)>,
    findings: &mut Findings,
) -> Outcome {
    let row = cells.number();
    let (area, measure, value) = (cells.get(0), cells.get(1), cells.get(2));
    if area.is_empty() || measure.is_empty() || value.is_empty() {
        let missing = [0, 1, 2].into_iter().find(|at| cells.get(*at).is_empty()).unwrap_or(0);
        findings.push(Code::IdInvalid, row, cells.header(missing), "", "");
        return Outcome::Quarantined;
    }
    let (source, aside) = source(cells.get(3), previous);
    let mut outcome = Outcome::Accepted;
    let source = if source.is_empty() {
        findings.push(Code::SourceMissing, row, cells.header(3), "", "source not given");
        outcome = Outcome::Repaired;
        "source not given".to_owned()
    } else {
        source
    };
    let number = whole(value);
    if number.is_none() {
        findings.push(Code::FigureUnread, row, cells.header(2), value, value);
    }
    let as_of = date(cells.get(4)).or_else(|| date_in(&source));
    let note = match (cells.get(5), aside.as_str()) {
        ("", aside) => aside.to_owned(),
        (note, "") => note.to_owned(),
        (note, aside) => format!("{note}; {aside}"),
    };
    let base = Figure {
        area: area.to_owned(),
        measure: measure.to_owned(),
        value: value.to_owned(),
        number,
        source: source.clone(),
        as_of,
        note,
    };
    let mentioned = mentioned(&aside, &source);
    figures.push((row, base.clone()));
    for (value, number, who) in mentioned {
        let as_of = date_in(&who).or(as_of);
        let note = "mentioned beside the figure of another source".to_owned();
        let other =
            Figure { value, number: Some(number), source: who, as_of, note, ..base.clone() };
        figures.push((row, other));
    }
    outcome
}

/// The source's name and what stands in brackets or quotes beside it; `same` takes the name before.
fn source(cell: &str, previous: &mut String) -> (String, String) {
    let (name, aside) = match cell.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches(')').trim()),
        None => match cell.split_once(';') {
            Some((name, rest)) => (name.trim(), rest.trim()),
            None => (cell.trim(), ""),
        },
    };
    if !name.eq_ignore_ascii_case("same") {
        name.clone_into(previous);
    }
    (previous.clone(), aside.to_owned())
}

/// Numbers an aside gives for the same thing: `others 4439`, `others 6594/6610`, `Nation 2024-02-07 says 23952`,
/// `differs from ECP 6524`, `same page says 12.8 million, sic`.
fn mentioned(aside: &str, source: &str) -> Vec<(String, i64, String)> {
    let words: Vec<&str> = aside.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let marker = words.iter().position(|word| matches!(*word, "says" | "others" | "from"));
    let (Some(at), true) = (
        marker,
        aside.contains("says") || aside.contains("others") || aside.contains("differs from"),
    ) else {
        return Vec::new();
    };
    let mut out = Vec::new();
    let mut who = match words.get(at) {
        Some(&"others") => format!("others, as noted by {source}"),
        Some(&"says") => {
            let name = words.get(..at).unwrap_or_default().join(" ");
            if name == "same page" { format!("{source} (same page)") } else { name }
        }
        _ => String::new(),
    };
    let rest = words.get(at + 1..).unwrap_or_default();
    for (index, word) in rest.iter().enumerate() {
        let million = rest.get(index + 1) == Some(&"million");
        for part in word.split('/') {
            match if million { millions(part) } else { whole(part) } {
                Some(number) => {
                    let value = if million { format!("{part} million") } else { part.to_owned() };
                    let name = if who.is_empty() { source } else { who.as_str() };
                    out.push((value, number, name.to_owned()));
                }
                // "others 276402; TNN 266398": a name before the next number.
                None if word.chars().next().is_some_and(char::is_uppercase) => {
                    part.trim_end_matches([';', ':']).clone_into(&mut who);
                }
                None => {}
            }
        }
    }
    out
}

fn whole(text: &str) -> Option<i64> {
    let plain = text.trim_matches([';', ':', ')', '(']);
    count(plain)
        .map(i64::from)
        .or_else(|| plain.strip_prefix('-').and_then(count).map(|n| -i64::from(n)))
}

/// `12.8` of a million, in whole numbers.
fn millions(text: &str) -> Option<i64> {
    let (before, after) = text.split_once('.').unwrap_or((text, ""));
    if after.len() > 6 {
        return None;
    }
    let padded = format!("{after:0<6}");
    Some(i64::from(count(before)?) * 1_000_000 + i64::from(count(&padded)?))
}

/// The first `2024-02-07` in a text.
fn date_in(text: &str) -> Option<Date> {
    text.split([' ', ',', ';', '(', ')']).filter(|part| part.len() == 10).find_map(date)
}

/// Measures of one area with more than one number. Names count as equal whatever their case and marks.
#[must_use]
pub fn disputes(figures: &[Figure]) -> Vec<Dispute> {
    let mut groups: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (index, figure) in figures.iter().enumerate() {
        let key = (normalise(&figure.area), normalise(&figure.measure));
        groups.entry(key).or_default().push(index);
    }
    groups
        .into_values()
        .filter_map(|members| {
            let numbers: BTreeSet<i64> =
                members.iter().filter_map(|&at| figures.get(at)?.number).collect();
            let first = figures.get(*members.first()?)?;
            (numbers.len() > 1).then(|| Dispute {
                area: first.area.clone(),
                measure: first.measure.clone(),
                figures: members,
                numbers: numbers.into_iter().collect(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ops::ControlFlow;

    fn read(csv: &[u8]) -> Imported<Figure> {
        let mut input = csv;
        import(&mut input, &ImportOptions::default(), &mut |_| ControlFlow::Continue(())).unwrap()
    }

    #[test]
    fn figures_keep_their_words_and_their_sources() {
        let csv = "area,measure,value,source\n\
            national,stations,90675,paper 2024-01-28 17\n\
            national,women,23950,same (Nation 2024-02-07 says 23952)\n\
            Sindh,men,4443,same (others 4439/4440)\n\
            national,voters,128587760,\"Nation 2024-02-08 (same page says 12.8 million, sic)\"\n\
            Punjab,most,over 6000,wire\n\
            National,stations,92353,\n\
            ,x,1,wire\n";
        let result = read(csv.as_bytes());
        let all: Vec<_> = result
            .values
            .iter()
            .map(|f| (f.measure.as_str(), f.number, f.source.as_str()))
            .collect();
        assert!(all.contains(&("women", Some(23950), "paper 2024-01-28 17")), "{all:?}");
        assert!(all.contains(&("women", Some(23952), "Nation 2024-02-07")), "{all:?}");
        assert!(
            all.contains(&("men", Some(4440), "others, as noted by paper 2024-01-28 17")),
            "{all:?}"
        );
        assert!(
            all.contains(&("voters", Some(12_800_000), "Nation 2024-02-08 (same page)")),
            "{all:?}"
        );
        assert!(all.contains(&("most", None, "wire")));
        assert_eq!(result.values[0].as_of, Date::from_civil(2024, 1, 28));
        let disputed: Vec<(String, Vec<i64>)> =
            disputes(&result.values).into_iter().map(|d| (d.measure, d.numbers)).collect();
        assert_eq!(disputed.len(), 4);
        assert!(disputed.contains(&("stations".to_owned(), vec![90675, 92353])));
        assert_eq!(result.counts["figure-unread"], 1);
        assert_eq!(result.counts["source-missing"], 1);
        assert_eq!(result.counts["figure-disputed"], 5);
        assert_eq!(result.tally.quarantined, 1);
    }

    #[test]
    fn the_published_figures_are_kept_and_their_contradictions_shown() {
        let Some(bytes) = crate::shared_data("facts/ge2024_published_figures.csv") else { return };
        let result = read(&bytes);
        assert_eq!((result.tally.rows, result.tally.accepted), (114, 114));
        let disputes = disputes(&result.values);
        let booths = disputes.iter().find(|d| d.area == "national" && d.measure == "booths_total");
        assert_eq!(booths.unwrap().numbers, [266_398, 276_398, 276_402]);
        let women =
            disputes.iter().find(|d| d.measure == "stations_female" && d.area == "national");
        assert_eq!(women.unwrap().numbers, [23_950, 23_952]);
        assert!(result.values.iter().all(|figure| !figure.source.is_empty()));
    }
}
