//! Published figures with their sources; contradictions stand side by side.

use crate::http::{problem::Problem, room::Room, view::Age, who::Access};
use axum::{Json, extract::State};
use pehra_domain::figure::Figure;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FigureValue {
    /// As published.
    pub value: String,
    /// Its reading as a whole number, if it has one.
    pub number: Option<i64>,
    pub source: String,
    pub as_of: Option<String>,
    pub note: String,
}

/// Everything published about one measure of one area.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FigureGroup {
    pub area: String,
    pub measure: String,
    /// The values do not say the same.
    pub disputed: bool,
    pub values: Vec<FigureValue>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Figures {
    pub groups: Vec<FigureGroup>,
    pub disputed: usize,
    #[serde(flatten)]
    pub age: Option<Age>,
}

/// All imported figures, grouped; disputed ones first.
#[utoipa::path(get, path = "/api/figures", tag = "figures", responses((status = 200, body = Figures)))]
pub async fn list(State(room): State<Room>, _: Access) -> Result<Json<Figures>, Problem> {
    let world = room.node().world();
    let groups = world.figures.as_ref().map(|listed| group(&listed.rows)).unwrap_or_default();
    let disputed = groups.iter().filter(|group| group.disputed).count();
    let age = world.figures.as_ref().map(|listed| Age::of(&listed.provenance));
    Ok(Json(Figures { groups, disputed, age }))
}

fn group(figures: &[Figure]) -> Vec<FigureGroup> {
    let mut by_measure: BTreeMap<(&str, &str), Vec<&Figure>> = BTreeMap::new();
    for figure in figures {
        by_measure.entry((&figure.area, &figure.measure)).or_default().push(figure);
    }
    let mut groups: Vec<FigureGroup> = by_measure
        .into_iter()
        .map(|((area, measure), mut values)| {
            values.sort_by(|a, b| (b.as_of, &a.source).cmp(&(a.as_of, &b.source)));
            FigureGroup {
                area: area.to_owned(),
                measure: measure.to_owned(),
                disputed: disputed(&values),
                values: values.into_iter().map(value).collect(),
            }
        })
        .collect();
    groups.sort_by_key(|group| !group.disputed);
    groups
}

/// Numbers are compared as numbers, everything else as text.
fn disputed(values: &[&Figure]) -> bool {
    let reading = |figure: &Figure| match figure.number {
        Some(number) => number.to_string(),
        None => figure.value.trim().to_lowercase(),
    };
    let mut readings = values.iter().map(|figure| reading(figure));
    let first = readings.next();
    readings.any(|other| Some(other) != first)
}

fn value(figure: &Figure) -> FigureValue {
    FigureValue {
        value: figure.value.clone(),
        number: figure.number,
        source: figure.source.clone(),
        as_of: figure.as_of.map(|date| date.to_string()),
        note: figure.note.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(measure: &str, value: &str, number: Option<i64>, source: &str) -> Figure {
        Figure {
            area: "Pakistan".to_owned(),
            measure: measure.to_owned(),
            value: value.to_owned(),
            number,
            source: source.to_owned(),
            as_of: None,
            note: String::new(),
        }
    }

    #[test]
    fn contradictions_stand_side_by_side_and_come_first() {
        let groups = group(&[
            figure("booths", "276,398", Some(276_398), "a"),
            figure("booths", "266398", Some(266_398), "b"),
            figure("area", "276,398", Some(276_398), "a"),
            figure("area", "276398", Some(276_398), "b"),
            figure("stations", "over 6000", None, "c"),
        ]);
        let seen: Vec<_> = groups.iter().map(|g| (g.measure.as_str(), g.disputed)).collect();
        assert_eq!(seen, [("booths", true), ("area", false), ("stations", false)]);
        assert_eq!(groups.first().map(|group| group.values.len()), Some(2));
    }
}
