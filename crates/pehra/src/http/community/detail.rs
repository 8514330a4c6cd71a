//! One committee whole: volunteers by number for those who enlist, vet or lead, the day's rota, briefings, feedback both ways.

use super::{
    CommunityShift, PAGE, PAGE_MAX,
    look::{CommunityRow, Look, Viewer, as_people_count, day_of},
    view::Day,
};
use crate::http::{
    mark::MarkView,
    problem::{Fault, Problem},
    reply,
    room::Room,
    who::Access,
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{Date, PersonId};
use pehra_ops::{
    EventRef,
    community::{Rota, Volunteer},
    permission as row,
    stamp::Mark,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityBriefing {
    pub topic: &'static str,
    pub on: String,
    pub attended: u32,
    pub by: MarkView,
}

/// Minutes in which fewer stand at a duty than it has seats.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityShort {
    pub duty: &'static str,
    pub from: u16,
    pub until: u16,
    pub standing: usize,
    pub seats: u16,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityRota {
    pub by: MarkView,
    pub shifts: Vec<CommunityShift>,
    /// Numbers on it that may not serve any more.
    pub fallen: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityWord {
    pub text: String,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityFeedback {
    /// Names it when it is answered.
    pub id: String,
    pub matter: &'static str,
    pub text: String,
    pub by: MarkView,
    pub answers: Vec<CommunityWord>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityDetail {
    pub row: CommunityRow,
    pub day: String,
    /// Whoever asks enlists, vets or leads here: numbers are shown.
    pub numbers: bool,
    /// The newest first.
    pub briefings: Vec<CommunityBriefing>,
    /// Of the day: several when they were written apart; for whoever sees numbers.
    pub rotas: Vec<CommunityRota>,
    /// Seats that nobody fills while stations are open; empty while two rotas differ.
    pub short: Vec<CommunityShort>,
    /// Days of which there is a rota.
    pub days: Vec<String>,
    /// The newest first; for whoever sees numbers or tells.
    pub feedback: Vec<CommunityFeedback>,
    /// Why it ended; several when it was said apart.
    pub endings: Vec<CommunityWord>,
}

/// A volunteer: a number of the committee's own paper, never a name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityVolunteer {
    pub number: String,
    pub duty: &'static str,
    /// `enlisted`, `passed`, `refused` or `disputed`.
    pub phase: &'static str,
    /// The day of the vetting; why is not kept.
    pub vetted_on: Option<String>,
    pub vetted_by: Option<MarkView>,
    /// Two who had not heard each other enlisted the number.
    pub twice: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityRoster {
    pub total: usize,
    pub rows: Vec<CommunityVolunteer>,
}

/// One committee on a day.
pub(super) fn detail(
    room: &Room,
    access: &Access,
    at: EventRef,
    day: Option<Date>,
) -> Result<CommunityDetail, Problem> {
    let node = room.node();
    let viewer = Viewer::of(node, access);
    let day = day.unwrap_or_else(|| node.poll_date());
    let found = node.ops(|state| {
        let record = state.communities.get(at)?;
        let (committee, mark) = record.told()?;
        let one = Look::of((at, committee, mark, record));
        Some(detail_of(&one, &viewer, day))
    });
    found.ok_or_else(|| Problem::not_found(at.to_string()))
}

fn detail_of(one: &Look<'_>, viewer: &Viewer, day: Date) -> CommunityDetail {
    let (record, area) = (one.record, &one.mark.area);
    let close = viewer.close(area);
    let hears = close || viewer.may(area, row::COMMUNITY_TELL);
    let mut briefings: Vec<_> = record.briefings().collect();
    briefings.sort_by_key(|(_, on, _, by)| std::cmp::Reverse((*on, by.clock_ms)));
    let mut feedback: Vec<_> = record.feedback().filter(|_| hears).collect();
    feedback.sort_by_key(|(.., by)| std::cmp::Reverse(by.clock_ms));
    let word =
        |(text, by): (&str, &Mark)| CommunityWord { text: text.to_owned(), by: MarkView::of(by) };
    CommunityDetail {
        row: one.row(viewer, day),
        day: day.to_string(),
        numbers: close,
        briefings: briefings
            .into_iter()
            .map(|(topic, on, attended, by)| CommunityBriefing {
                topic: topic.word(),
                on: on.to_string(),
                attended,
                by: MarkView::of(by),
            })
            .collect(),
        rotas: record.rotas_of(day).filter(|_| close).map(|it| rota_of(it, one)).collect(),
        short: one
            .short(day, viewer.hours)
            .into_iter()
            .map(|it| CommunityShort {
                duty: it.duty.word(),
                from: it.from,
                until: it.until,
                standing: it.standing,
                seats: it.seats,
            })
            .collect(),
        days: record.rotas().map(|(day, _)| day.to_string()).collect(),
        feedback: feedback
            .into_iter()
            .map(|(told, matter, text, by)| CommunityFeedback {
                id: told.to_string(),
                matter: matter.word(),
                text: text.to_owned(),
                by: MarkView::of(by),
                answers: record.answers(told).map(word).collect(),
            })
            .collect(),
        endings: record.endings().map(word).collect(),
    }
}

fn rota_of((rota, by): (&Rota, &Mark), one: &Look<'_>) -> CommunityRota {
    let mut fallen: Vec<&PersonId> =
        rota.shifts.iter().flat_map(|shift| &shift.volunteers).collect();
    fallen.sort();
    fallen.dedup();
    fallen.retain(|number| !one.serves(number));
    let shifts = rota.shifts.iter().map(|shift| CommunityShift {
        from: shift.from,
        until: shift.until,
        place: shift.place.clone(),
        volunteers: shift.volunteers.iter().map(ToString::to_string).collect(),
    });
    CommunityRota {
        by: MarkView::of(by),
        shifts: shifts.collect(),
        fallen: fallen.into_iter().map(ToString::to_string).collect(),
    }
}

/// One committee: its briefings, the day's rota, what it told and what was answered.
#[utoipa::path(get, path = "/api/community/committees/{id}", tag = "community",
    params(("id" = String, Path), Day),
    responses((status = 200, body = CommunityDetail), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(asked): Query<Day>,
) -> Result<Json<CommunityDetail>, Problem> {
    let day = day_of(room.node(), asked.day.as_deref())?;
    let (at, _) =
        access.entry_within(room.node(), &id, |state, at| state.communities.area_of(at))?;
    reply::blocking(move || detail(&room, &access, at, Some(day))).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whom {
    /// `enlisted`, `passed`, `refused` or `disputed`; all of them unless given.
    pub phase: Option<String>,
    /// Part of the number.
    pub find: Option<String>,
    #[serde(default)]
    pub offset: usize,
    /// At most 1,000.
    pub limit: Option<usize>,
}

pub(super) fn volunteer(one: &Volunteer<'_>) -> CommunityVolunteer {
    CommunityVolunteer {
        number: one.number.to_string(),
        duty: one.duty.word(),
        phase: one.phase.name(),
        vetted_on: one.vetted.map(|(on, _)| on.to_string()),
        vetted_by: one.vetted.map(|(_, by)| MarkView::of(by)),
        twice: one.twice,
    }
}

/// The committee's volunteers by number, for those who enlist, vet or lead.
#[utoipa::path(get, path = "/api/community/committees/{id}/volunteers", tag = "community",
    params(("id" = String, Path), Whom),
    responses((status = 200, body = CommunityRoster), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn volunteers(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(asked): Query<Whom>,
) -> Result<Json<CommunityRoster>, Problem> {
    let (at, _) =
        access.entry_within(room.node(), &id, |state, at| state.communities.area_of(at))?;
    let phase = asked.phase.filter(|text| !text.is_empty());
    let find = asked.find.unwrap_or_default().trim().to_lowercase();
    let limit = asked.limit.unwrap_or(PAGE).min(PAGE_MAX);
    reply::blocking(move || {
        let found = room.node().ops(|state| {
            let mut roster = state.communities.get(at)?.roster();
            roster.retain(|one| {
                phase.as_deref().is_none_or(|phase| one.phase.name() == phase)
                    && one.number.as_str().to_lowercase().contains(&find)
            });
            as_people_count(&mut roster);
            let page = roster.iter().skip(asked.offset).take(limit);
            Some(CommunityRoster { total: roster.len(), rows: page.map(volunteer).collect() })
        });
        found.ok_or_else(|| Problem::not_found(&id))
    })
    .await
}
