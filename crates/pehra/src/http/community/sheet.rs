//! The rota and the roster as files: for paper, where nothing electronic is at hand.

use super::{
    detail::volunteer,
    look::{Viewer, as_people_count, day_of, looks},
    rota,
};
use crate::http::{
    export::{Sheet, text},
    problem::{Fault, Problem},
    reply,
    room::Room,
    who::{Access, area_asked},
};
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct What {
    /// The poll's unless given.
    pub day: Option<String>,
    /// Everything within reach unless given.
    pub area: Option<String>,
}

/// Minutes after midnight as a clock shows them.
fn clock(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

async fn made(
    room: Room,
    access: Access,
    asked: What,
    fill: fn(&Room, &Access, &What) -> Result<Sheet, Problem>,
) -> Result<Sheet, Problem> {
    reply::apart(move || fill(&room, &access, &asked)).await
}

fn rota_sheet(room: &Room, access: &Access, asked: &What) -> Result<Sheet, Problem> {
    let day = day_of(room.node(), asked.day.as_deref())?;
    let area = area_asked(asked.area.as_deref())?;
    let viewer = Viewer::of(room.node(), access);
    let (_, rows) =
        room.node().ops(|state| rota::rows(state, &viewer, (day, area.as_ref()), (0, usize::MAX)));
    let mut sheet = Sheet::of_entries(room.node(), access, "Rota");
    sheet.header(&[
        "day",
        "area",
        "committee",
        "place",
        "from",
        "until",
        "stands at",
        "number",
        "duty",
        "serves",
    ]);
    let day = day.to_string();
    for one in &rows {
        let hours = |minutes| if one.state == "planned" { clock(minutes) } else { String::new() };
        let line = |number: &str, duty: &str, serves: &str| {
            vec![
                text(&day),
                text(&one.area),
                text(one.kind),
                text(&one.place),
                text(&hours(one.from)),
                text(&hours(one.until)),
                text(&one.post),
                text(number),
                text(duty),
                text(serves),
            ]
        };
        match one.state {
            "none" => sheet.row(line("", "", "no rota")),
            "disputed" => sheet.row(line("", "", "two rotas were written apart")),
            _ if one.volunteers.is_empty() => sheet.row(line("", "", "nobody")),
            _ => {
                for it in &one.volunteers {
                    let serves = if it.serves { "yes" } else { "no: not vetted any more" };
                    sheet.row(line(&it.number, it.duty.unwrap_or_default(), serves));
                }
            }
        }
    }
    Ok(sheet)
}

fn roster_sheet(room: &Room, access: &Access, asked: &What) -> Result<Sheet, Problem> {
    let area = area_asked(asked.area.as_deref())?;
    let viewer = Viewer::of(room.node(), access);
    let mut sheet = Sheet::of_entries(room.node(), access, "Roster");
    sheet.header(&[
        "area",
        "committee",
        "place",
        "number",
        "duty",
        "vetting",
        "vetted on",
        "vetted by",
    ]);
    room.node().ops(|state| {
        for mut one in looks(state, &viewer, area.as_ref()) {
            if !one.is_open() || !viewer.close(&one.mark.area) {
                continue;
            }
            as_people_count(&mut one.roster);
            for it in one.roster.iter().map(volunteer) {
                let by = it.vetted_by.map(|by| by.person).unwrap_or_default();
                sheet.row(vec![
                    text(one.mark.area.as_str()),
                    text(one.committee.kind.word()),
                    text(&one.committee.place),
                    text(&it.number),
                    text(it.duty),
                    text(it.phase),
                    text(&it.vetted_on.unwrap_or_default()),
                    text(&by),
                ]);
            }
        }
    });
    Ok(sheet)
}

/// The day's rota as CSV: a line for each who stands, and for each committee without one.
#[utoipa::path(get, path = "/api/community/rota.csv", tag = "community", params(What),
    responses((status = 200, content_type = "text/csv", body = String), (status = 422, body = Fault)))]
pub async fn rota_csv(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<What>,
) -> Result<Response, Problem> {
    made(room, access, asked, rota_sheet).await?.csv("community-rota").await
}

/// The day's rota as a workbook.
#[utoipa::path(get, path = "/api/community/rota.xlsx", tag = "community", params(What),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 422, body = Fault)))]
pub async fn rota_xlsx(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<What>,
) -> Result<Response, Problem> {
    made(room, access, asked, rota_sheet).await?.xlsx("community-rota").await
}

/// Volunteers by number and duty as CSV, with the result of their vetting.
#[utoipa::path(get, path = "/api/community/roster.csv", tag = "community", params(What),
    responses((status = 200, content_type = "text/csv", body = String), (status = 422, body = Fault)))]
pub async fn roster_csv(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<What>,
) -> Result<Response, Problem> {
    made(room, access, asked, roster_sheet).await?.csv("community-roster").await
}

/// Volunteers as a workbook.
#[utoipa::path(get, path = "/api/community/roster.xlsx", tag = "community", params(What),
    responses((status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>), (status = 422, body = Fault)))]
pub async fn roster_xlsx(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<What>,
) -> Result<Response, Problem> {
    made(room, access, asked, roster_sheet).await?.xlsx("community-roster").await
}
