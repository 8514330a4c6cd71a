//! The thirty-two figures as an edition shows them.

use super::{Edition, Figure, Value, Words, words};
use pehra_domain::{UnixMs, gazetteer::Gazetteer};
use pehra_ops::after_action::{Indicator, Line, Measure, Row, Table};

/// Figures that only the internal edition gives: reserves, intelligence, complaints about those who guard.
const INTERNAL: [u8; 5] = [9, 10, 22, 23, 25];

pub(super) fn figures(
    all: &[Indicator],
    table: &Table,
    edition: Edition,
    as_of: UnixMs,
    gazetteer: &Gazetteer,
) -> Vec<Figure> {
    let pairs = all.iter().zip(table.lines());
    pairs.map(|(one, line)| figure(one, line, edition, as_of, gazetteer)).collect()
}

fn figure(
    one: &Indicator,
    line: &Line,
    edition: Edition,
    as_of: UnixMs,
    gazetteer: &Gazetteer,
) -> Figure {
    let both = |text: &pehra_ops::after_action::Both| words::both(&text.en, &text.ur);
    let mut figure = Figure {
        id: one.kpi.to_string(),
        name: both(&line.name),
        formula: both(&line.formula),
        target: both(&line.target),
        withheld: edition == Edition::Public && INTERNAL.contains(&one.kpi.0),
        values: Vec::new(),
        met: None,
        reason_code: None,
        reason: None,
        caveats: Vec::new(),
        newest_ms: None,
        age_s: None,
    };
    if figure.withheld {
        return figure;
    }
    figure.values = one.rows.iter().map(|row| value(row, gazetteer)).collect();
    figure.met = one.met;
    figure.reason_code = one.reason.map(pehra_ops::after_action::Reason::code);
    figure.reason = one.reason.map(words::reason);
    figure.caveats = one.caveats.iter().map(|it| words::caveat(*it)).collect();
    figure.newest_ms = one.newest.map(|at| at.0);
    figure.age_s = one.newest.map(|at| (as_of.0 - at.0).max(0) / 1_000);
    figure
}

fn value(row: &Row, gazetteer: &Gazetteer) -> Value {
    let (part, label): (String, Words) = words::part(&row.part, gazetteer);
    let mut value = Value {
        part,
        label,
        sort: "share",
        numerator: None,
        denominator: None,
        count: None,
        low: None,
        high: None,
        p50_s: None,
        p90_s: None,
        per_mille: None,
        target_s: row.target_s,
    };
    match row.measure {
        Measure::Share { of, all } => {
            (value.numerator, value.denominator) = (Some(of), Some(all));
            value.per_mille = (of * 1_000).checked_div(all).and_then(|it| i64::try_from(it).ok());
        }
        Measure::Count(count) => (value.sort, value.count) = ("count", Some(count)),
        Measure::Minutes(count) => (value.sort, value.count) = ("minutes", Some(count)),
        Measure::Spread { count, p50_s, p90_s } => {
            value.sort = "seconds";
            value.count = Some(count);
            (value.p50_s, value.p90_s) = (Some(p50_s), Some(p90_s));
        }
        Measure::Range { low, high } => {
            value.sort = "range";
            (value.low, value.high) = (i64::try_from(low).ok(), i64::try_from(high).ok());
        }
        Measure::Estimate([at, low, high]) => {
            value.sort = "estimate";
            value.per_mille = Some(at);
            (value.low, value.high) = (Some(low), Some(high));
        }
    }
    value
}
