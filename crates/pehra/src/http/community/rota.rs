//! Who stands where and when on a day, over all committees within reach; who has no rota is listed too.

use super::{
    PAGE, PAGE_MAX,
    look::{Look, Viewer, day_of, in_counting_order, looks},
};
use crate::http::{
    problem::{Fault, Problem},
    reply,
    room::Room,
    who::{Access, area_asked},
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::{AreaId, Date};
use pehra_ops::{State as Ops, community::Shift};
use serde::{Deserialize, Serialize};

/// Somebody on a shift.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityStanding {
    pub number: String,
    /// None of a number that the committee does not have any more.
    pub duty: Option<&'static str>,
    /// Passed, and nothing else was said since.
    pub serves: bool,
}

/// A shift of a committee, or that it has none.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityRotaRow {
    pub committee: String,
    pub area: String,
    pub kind: &'static str,
    pub place: String,
    /// `planned`; `none` and `disputed` have no shift.
    pub state: &'static str,
    /// Minutes after midnight.
    pub from: u16,
    pub until: u16,
    /// Where they stand.
    pub post: String,
    pub volunteers: Vec<CommunityStanding>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityRotaPage {
    pub day: String,
    pub total: usize,
    /// By area, place and hour.
    pub rows: Vec<CommunityRotaRow>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// The poll's unless given.
    pub day: Option<String>,
    pub area: Option<String>,
    #[serde(default)]
    pub offset: usize,
    /// At most 1,000.
    pub limit: Option<usize>,
}

fn row(one: &Look<'_>, state: &'static str, shift: Option<&Shift>) -> CommunityRotaRow {
    let standing = |number: &pehra_domain::PersonId| CommunityStanding {
        number: number.to_string(),
        duty: one.known(number).map(|it| it.duty.word()),
        serves: one.serves(number),
    };
    let mut volunteers: Vec<CommunityStanding> =
        shift.into_iter().flat_map(|shift| &shift.volunteers).map(standing).collect();
    volunteers.sort_by_cached_key(|it| in_counting_order(&it.number));
    CommunityRotaRow {
        committee: one.at.to_string(),
        area: one.mark.area.to_string(),
        kind: one.committee.kind.word(),
        place: one.committee.place.clone(),
        state,
        from: shift.map_or(0, |shift| shift.from),
        until: shift.map_or(0, |shift| shift.until),
        post: shift.map_or_else(String::new, |shift| shift.place.clone()),
        volunteers,
    }
}

/// The rows of a page, and how many there are: what is not shown is counted and not made.
pub(super) fn rows(
    state: &Ops,
    viewer: &Viewer,
    (day, area): (Date, Option<&AreaId>),
    (offset, limit): (usize, usize),
) -> (usize, Vec<CommunityRotaRow>) {
    let (mut total, mut found) = (0, Vec::new());
    for one in looks(state, viewer, area) {
        if !one.is_open() || !viewer.close(&one.mark.area) {
            continue;
        }
        let rota = one.agreed(day).filter(|rota| !rota.shifts.is_empty());
        let mut shifts: Vec<Option<&Shift>> =
            rota.map_or_else(|| vec![None], |rota| rota.shifts.iter().map(Some).collect());
        shifts.sort_by_key(|shift| shift.map(|it| (it.from, it.until)));
        for shift in shifts {
            if (offset..offset.saturating_add(limit)).contains(&total) {
                let state = match shift {
                    Some(_) => "planned",
                    None if one.is_disputed(day) => "disputed",
                    None => "none",
                };
                found.push(row(&one, state, shift));
            }
            total += 1;
        }
    }
    (total, found)
}

/// The day's rota of every committee within reach, for those who enlist, vet or lead.
#[utoipa::path(get, path = "/api/community/rota", tag = "community", params(Which),
    responses((status = 200, body = CommunityRotaPage), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn rota(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<Which>,
) -> Result<Json<CommunityRotaPage>, Problem> {
    let day = day_of(room.node(), asked.day.as_deref())?;
    let area = area_asked(asked.area.as_deref())?;
    let limit = asked.limit.unwrap_or(PAGE).min(PAGE_MAX);
    reply::blocking(move || {
        let viewer = Viewer::of(room.node(), &access);
        let page = (asked.offset, limit);
        let (total, rows) =
            room.node().ops(|state| rows(state, &viewer, (day, area.as_ref()), page));
        Ok(CommunityRotaPage { day: day.to_string(), total, rows })
    })
    .await
}
