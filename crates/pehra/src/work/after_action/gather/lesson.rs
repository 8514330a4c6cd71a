//! What follows: each figure that missed its target with whoever mends it, and what else was found wanting.

use super::{Look, words};
use crate::work::after_action::{Figure, FindingLine};
use pehra_domain::Date;
use pehra_ops::finding::{Finding, Phase, Record, Source};

/// In the order of the figures, what nobody has taken up yet among them; then what else was found, the oldest first. Free
/// text is of the internal edition alone.
pub(super) fn findings(look: &Look<'_>, figures: &[Figure]) -> Vec<FindingLine> {
    let grounds = look.grounds;
    let today = Date::of_pkt(grounds.as_of);
    let all = grounds.state.findings.all();
    let mut known: Vec<(&Finding, i64, &Record)> = all
        .filter(|(_, _, mark, record)| {
            grounds.area.meets(&mark.area) && record.phase(today) != Phase::Dropped
        })
        .map(|(_, finding, mark, record)| (finding, mark.clock_ms.0, record))
        .collect();
    known.sort_by(|a, b| (a.1, &a.0.text).cmp(&(b.1, &b.0.text)));
    let of = |source: &Source, code: &str| matches!(source, Source::Figure(of) if of == code);
    let mut lines = Vec::new();
    for figure in figures {
        let name = |line: FindingLine| FindingLine {
            figure: Some(figure.id.clone()),
            name: figure.name.clone(),
            ..line
        };
        let before = lines.len();
        let here = known.iter().filter(|(finding, ..)| of(&finding.source, &figure.id));
        lines.extend(here.map(|(_, _, record)| name(line(look, record, today))));
        if before == lines.len() && figure.met == Some(false) {
            lines.push(name(FindingLine::default()));
        }
    }
    if look.inside() {
        let named = |code: &String| figures.iter().any(|figure| figure.id == *code);
        let others = known.iter().filter(|(finding, ..)| match &finding.source {
            Source::Figure(code) => !named(code),
            Source::Observed | Source::Exercise => true,
        });
        lines.extend(others.map(|(finding, _, record)| FindingLine {
            name: words::both(&finding.text, &finding.text),
            ..line(look, record, today)
        }));
    }
    lines
}

fn line(look: &Look<'_>, record: &Record, today: Date) -> FindingLine {
    let action = record.action().map(|(_, action, _)| action);
    FindingLine {
        action: action.filter(|_| look.inside()).map(|action| action.text.clone()),
        owner: action.map(|action| action.owner.as_str().to_owned()),
        due: action.map(|action| action.due.to_string()),
        phase: Some(record.phase(today).name()),
        ..FindingLine::default()
    }
}
