//! Lessons of an exercise and their sheets. Nothing about whoever learns is kept: a sheet is made of the answers that come
//! with the question, told, and forgotten.

mod view;

use crate::{
    day::taxonomy,
    http::{
        given::Given,
        problem::{Code, Fault, Problem},
        reply,
        room::Room,
        who::Access,
    },
    trainer::{LessonError, exercise, kinds, read},
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::AreaId;
use pehra_drill::trainer::{
    Level, Wish,
    class::{self, Asked},
    net::{self, Entered},
    watch::{self, Act, Deed, Done, Whom},
};
use serde::Deserialize;
use std::{collections::BTreeSet, sync::Arc};
use view::{ClassSheet, ClassView, NetSheet, NetView, WatchSheet, WatchView};

/// Most messages, items or situations of a lesson.
const COUNT_MAX: usize = 60;

/// Which lesson. The same words give the same lesson.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct LessonQuery {
    pub seed: u64,
    /// 1 to 3; 1 unless said.
    pub level: Option<u8>,
    /// Messages or items; 20 or 12 unless said.
    pub count: Option<usize>,
    /// The first one within reach unless said.
    pub district: Option<String>,
}

/// Which situations.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ClassQuery {
    pub seed: u64,
    /// Numbers of modules, with commas between; all unless said.
    pub modules: Option<String>,
    /// 10 unless said.
    pub count: Option<usize>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NetEntered {
    /// Its place in the lesson, from 0.
    pub message: usize,
    /// As it was typed; empty: the message was let go.
    pub line: String,
    /// How often "say again" was asked.
    pub asked: u32,
    pub took_ms: u32,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct NetAnswers {
    pub entered: Vec<NetEntered>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WatchAct {
    /// `give`, `ask`, `join` or `note`.
    pub deed: String,
    /// To whom something is given.
    pub whom: Option<String>,
    /// Since the item was shown.
    pub after_ms: u32,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WatchDone {
    pub item: usize,
    pub acts: Vec<WatchAct>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct WatchAnswers {
    pub done: Vec<WatchDone>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct ClassAnswers {
    /// Raised hands for each answer of each situation, as shown.
    pub hands: Vec<Vec<u32>>,
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of(error: LessonError) -> Problem {
    Problem::about(Code::DrillImpossible, error.to_string())
}

/// How many are asked for: `usual` unless said.
fn counted(count: Option<usize>, usual: usize) -> Result<usize, Problem> {
    let count = count.unwrap_or(usual);
    (1..=COUNT_MAX).contains(&count).then_some(count).ok_or_else(|| Problem::refused("count"))
}

impl LessonQuery {
    fn wish(&self, usual: usize) -> Result<Wish, Problem> {
        let level = Level::try_new(self.level.unwrap_or(1));
        let level = level.ok_or_else(|| Problem::refused("level"))?;
        Ok(Wish { seed: self.seed, level, count: counted(self.count, usual)? })
    }

    /// The district that is asked for, or the first within reach.
    fn district(&self, room: &Room, access: &Access) -> Result<AreaId, Problem> {
        if let Some(text) = &self.district {
            return access.area_within(text);
        }
        let world = room.node().world();
        let table = world.stations.as_ref().ok_or_else(|| Problem::of(Code::NotReady))?;
        access.first_district(table)
    }
}

fn net_lesson(
    room: &Room,
    access: &Access,
    query: &LessonQuery,
) -> Result<(AreaId, Arc<net::Lesson>), Problem> {
    let area = query.district(room, access)?;
    let lesson = room.lessons().net(room.node(), &area, query.wish(20)?).map_err(of)?;
    Ok((area, lesson))
}

/// A net for a radio operator.
#[utoipa::path(get, path = "/api/trainer/net", tag = "trainer", params(LessonQuery),
    responses((status = 200, body = NetView), (status = 422, body = Fault)))]
pub async fn net(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<LessonQuery>,
) -> Result<Json<NetView>, Problem> {
    reply::blocking(move || {
        let (area, lesson) = net_lesson(&room, &access, &query)?;
        Ok(NetView::of(&room, &area, &lesson))
    })
    .await
}

/// The sheet of a net's lesson, or of as much of it as was entered.
#[utoipa::path(post, path = "/api/trainer/net", tag = "trainer", params(LessonQuery), request_body = NetAnswers,
    responses((status = 200, body = NetSheet), (status = 422, body = Fault)))]
pub async fn judge_net(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<LessonQuery>,
    Given(answers): Given<NetAnswers>,
) -> Result<Json<NetSheet>, Problem> {
    reply::blocking(move || {
        let (_, lesson) = net_lesson(&room, &access, &query)?;
        let entered: Vec<Entered> = answers
            .entered
            .iter()
            .take(COUNT_MAX)
            .map(|it| Entered {
                message: it.message,
                line: read(&it.line, &lesson),
                asked: it.asked.min(9),
                took_ms: it.took_ms,
            })
            .collect();
        Ok(NetSheet::of(&net::judge(&lesson, &entered)))
    })
    .await
}

fn watch_lesson(
    room: &Room,
    access: &Access,
    query: &LessonQuery,
) -> Result<(AreaId, Arc<watch::Lesson>), Problem> {
    let area = query.district(room, access)?;
    let lesson = room.lessons().watch(room.node(), &area, query.wish(12)?).map_err(of)?;
    Ok((area, lesson))
}

/// A watch for a duty officer.
#[utoipa::path(get, path = "/api/trainer/watch", tag = "trainer", params(LessonQuery),
    responses((status = 200, body = WatchView), (status = 422, body = Fault)))]
pub async fn watch(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<LessonQuery>,
) -> Result<Json<WatchView>, Problem> {
    reply::blocking(move || {
        let (area, lesson) = watch_lesson(&room, &access, &query)?;
        Ok(WatchView::of(&room, &area, &lesson))
    })
    .await
}

/// The sheet of a watch, or of as much of it as was decided.
#[utoipa::path(post, path = "/api/trainer/watch", tag = "trainer", params(LessonQuery), request_body = WatchAnswers,
    responses((status = 200, body = WatchSheet), (status = 422, body = Fault)))]
pub async fn judge_watch(
    State(room): State<Room>,
    access: Access,
    Query(query): Query<LessonQuery>,
    Given(answers): Given<WatchAnswers>,
) -> Result<Json<WatchSheet>, Problem> {
    reply::blocking(move || {
        let (_, lesson) = watch_lesson(&room, &access, &query)?;
        let taxonomy = taxonomy().ok_or_else(|| Problem::of(Code::NotReady))?;
        let kinds = kinds(taxonomy).map_err(of)?;
        let done =
            answers.done.iter().take(COUNT_MAX).map(decided).collect::<Result<Vec<_>, _>>()?;
        Ok(WatchSheet::of(&watch::judge(&lesson, &kinds, &done), &lesson))
    })
    .await
}

fn decided(done: &WatchDone) -> Result<Done, Problem> {
    let act = |act: &WatchAct| {
        let refused = || Problem::refused("acts");
        let deed = Deed::from_word(&act.deed).ok_or_else(refused)?;
        let whom = act.whom.as_deref().map(|it| Whom::from_word(it).ok_or_else(refused));
        let whom = whom.transpose()?;
        if (deed == Deed::Give) != whom.is_some() {
            return Err(refused());
        }
        Ok(Act { deed, whom, after_ms: act.after_ms })
    };
    let acts = done.acts.iter().take(COUNT_MAX).map(act).collect::<Result<_, Problem>>()?;
    Ok(Done { item: done.item, acts })
}

fn class_lesson(room: &Room, query: &ClassQuery) -> Result<Vec<Asked>, Problem> {
    exercise(room.node()).map_err(of)?;
    let count = counted(query.count, 10)?;
    let words = query.modules.as_deref().unwrap_or_default().split(',').map(str::trim);
    let modules: Result<BTreeSet<u8>, _> =
        words.filter(|it| !it.is_empty()).map(str::parse::<u8>).collect();
    let modules = modules.map_err(|_no_number| Problem::refused("modules"))?;
    let all = class::shipped().map_err(Problem::internal)?;
    let asked = class::lesson(&all, query.seed, &modules, count);
    if asked.is_empty() {
        return Err(Problem::refused("modules"));
    }
    Ok(asked)
}

/// Situations for a class on one projector.
#[utoipa::path(get, path = "/api/trainer/class", tag = "trainer", params(ClassQuery),
    responses((status = 200, body = ClassView), (status = 422, body = Fault)))]
pub async fn class(
    State(room): State<Room>,
    _: Access,
    Query(query): Query<ClassQuery>,
) -> Result<Json<ClassView>, Problem> {
    Ok(Json(ClassView::of(&class_lesson(&room, &query)?)?))
}

/// The sheet of a class: shares of right hands, and what is to be heard again.
#[utoipa::path(post, path = "/api/trainer/class", tag = "trainer", params(ClassQuery), request_body = ClassAnswers,
    responses((status = 200, body = ClassSheet), (status = 422, body = Fault)))]
pub async fn count_class(
    State(room): State<Room>,
    _: Access,
    Query(query): Query<ClassQuery>,
    Given(answers): Given<ClassAnswers>,
) -> Result<Json<ClassSheet>, Problem> {
    let asked = class_lesson(&room, &query)?;
    let hands: Vec<Vec<u32>> = answers
        .hands
        .into_iter()
        .take(COUNT_MAX)
        .map(|hands| hands.into_iter().map(|it| it.min(9_999)).collect())
        .collect();
    Ok(Json(ClassSheet::of(class::count(&asked, &hands))))
}
