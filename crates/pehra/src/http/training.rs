//! Training as it was held: who was there, who passed, who is certified, and how far an area has come.

use crate::{
    http::{
        given::Given,
        mark::MarkView,
        persons::execute,
        problem::{Code, Fault, Problem},
        room::Room,
        who::Access,
    },
    work::{
        WorkError,
        course::{self, AreaStatus, School, Sheet},
    },
};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use pehra_domain::{AreaId, Date, PersonId};
use pehra_exchange::training::Answered;
use pehra_ops::{
    Command, EventRef, State as Ops,
    training::{Command as Act, CourseFile, Held, Key, Phase, Roll, Taken},
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::OnceLock};

/// Most courses told at once.
const COURSES_MAX: usize = 200;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrainingModuleView {
    pub number: u8,
    pub title: String,
    pub hours: u8,
    pub questions: u8,
    pub percent: u8,
    /// The practical test in English and Urdu.
    pub practical: Option<[String; 2]>,
}

/// One course of which a list stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrainingCourseRow {
    /// The entry of the list that stands; of two that differ the first.
    pub id: String,
    pub area: String,
    pub course: String,
    pub module: u8,
    /// `2024-01-09`.
    pub on: String,
    pub venue: String,
    pub hours: u8,
    pub trainer: String,
    /// `list`, `code` or `phone`.
    pub taken: &'static str,
    pub present: usize,
    pub certified: usize,
    /// Passed, and not certified yet.
    pub waiting: usize,
    /// Two lists differ.
    pub disputed: bool,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrainingView {
    /// Today where polls are held.
    pub today: String,
    /// The day for which certificates must count.
    pub poll: String,
    /// The asked area whole, then those below it.
    pub areas: Vec<AreaStatus>,
    /// The plan of the signed forecast.
    pub plan: Option<String>,
    pub forecast_ms: Option<i64>,
    pub modules: Vec<TrainingModuleView>,
    /// The newest first; more are there than are told when `courses_left` is above 0.
    pub courses: Vec<TrainingCourseRow>,
    pub courses_left: usize,
}

/// Somebody of a course.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CoursePerson {
    pub number: String,
    /// Right answers of the latest quiz.
    pub right: Option<u8>,
    pub asked: Option<u8>,
    /// Of the latest practical test.
    pub practical: Option<bool>,
    /// `absent`, `attended`, `passed`, `disputed`, `withdrawn`, `doubted`, `run-out`, `certified`.
    pub phase: &'static str,
    /// The certificate's entry.
    pub certificate: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CourseDetail {
    pub row: TrainingCourseRow,
    pub people: Vec<CoursePerson>,
}

/// One module of somebody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonModule {
    pub module: u8,
    pub phase: &'static str,
    pub course: String,
    pub area: String,
    /// The course's list.
    pub id: String,
    pub certificate: Option<String>,
    /// The last day on which it counts; none for this election.
    pub until: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonTraining {
    pub number: String,
    pub modules: Vec<PersonModule>,
    /// Those that count on the day of the poll.
    pub counts: Vec<u8>,
}

/// Read once: tables and banks are part of the program.
fn school() -> Result<&'static School, Problem> {
    static SCHOOL: OnceLock<School> = OnceLock::new();
    if let Some(school) = SCHOOL.get() {
        return Ok(school);
    }
    let school = School::read().map_err(Problem::internal)?;
    Ok(SCHOOL.get_or_init(|| school))
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn of_work(error: WorkError) -> Problem {
    Problem::about(Code::Malformed, error.to_string())
}

fn row(
    state: &Ops,
    school: &School,
    key: &Key,
    file: &CourseFile,
    poll: Date,
) -> Option<TrainingCourseRow> {
    let (at, held, mark) = file.lists().next()?;
    let standard = school.standard(held.module)?;
    let ready = state.trainings.ready(file, standard);
    let is_certified = |number: &str| {
        let mut phases = file.certificates().map(|(at, ..)| at);
        phases.any(|at| state.trainings.phase_of(file, at, number, poll) == Phase::Certified)
    };
    Some(TrainingCourseRow {
        id: at.to_string(),
        area: key.area.to_string(),
        course: key.course.clone(),
        module: held.module,
        on: held.on.to_string(),
        venue: held.venue.clone(),
        hours: held.hours,
        trainer: held.trainer.to_string(),
        taken: held.taken.name(),
        present: held.present.len(),
        certified: held.present.iter().filter(|number| is_certified(number)).count(),
        waiting: ready.iter().map(|(_, people)| people.len()).sum(),
        disputed: file.is_disputed(),
        by: MarkView::of(mark),
    })
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// An area within reach; everything within reach unless given.
    pub area: Option<String>,
    /// Only courses of this day.
    pub on: Option<String>,
}

/// How far training has come, and the courses that were held.
#[utoipa::path(get, path = "/api/training", tag = "training", params(Asked),
    responses((status = 200, body = TrainingView), (status = 403, body = Fault)))]
pub async fn view(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<Asked>,
) -> Result<Json<TrainingView>, Problem> {
    let within = match &asked.area {
        Some(area) => access.area_within(area)?,
        None => widest(&access)?,
    };
    let on = asked.on.as_deref().and_then(Date::parse);
    let node = room.node().clone();
    let view = tokio::task::spawn_blocking(move || -> Result<TrainingView, Problem> {
        let school = school()?;
        let (today, poll) = (Date::of_pkt(node.now()), node.poll_date());
        let status = course::status(&node, school, &within, today);
        let (courses, courses_left) = node.ops(|state| {
            let mut all: Vec<_> = state
                .trainings
                .courses()
                .filter(|(key, _)| within.contains(&key.area))
                .filter_map(|(key, file)| Some((file.lists().next()?.1.on, key, file)))
                .filter(|(day, ..)| on.is_none_or(|on| on == *day))
                .collect();
            all.sort_by_key(|(day, key, _)| (std::cmp::Reverse(*day), *key));
            let left = all.len().saturating_sub(COURSES_MAX);
            all.truncate(COURSES_MAX);
            let rows =
                all.into_iter().filter_map(|(_, key, file)| row(state, school, key, file, poll));
            (rows.collect(), left)
        });
        let module = |test: &pehra_plan::training::quiz::Test| TrainingModuleView {
            number: test.module,
            title: school.title(test.module).to_owned(),
            hours: school.standard(test.module).map_or(0, |standard| standard.hours),
            questions: test.questions,
            percent: test.percent,
            practical: test.practical.as_ref().map(|text| [text.en.clone(), text.ur.clone()]),
        };
        Ok(TrainingView {
            today: today.to_string(),
            poll: poll.to_string(),
            areas: status.areas,
            plan: status.plan,
            forecast_ms: status.forecast_ms,
            modules: school.tests.iter().map(module).collect(),
            courses,
            courses_left,
        })
    });
    Ok(Json(view.await.map_err(Problem::internal)??))
}

/// The area of the widest role.
fn widest(access: &Access) -> Result<AreaId, Problem> {
    let widest =
        access.holdings.iter().map(|holding| &holding.area).min_by_key(|area| area.depth());
    widest.cloned().ok_or_else(|| Problem::of(Code::OutsideArea))
}

/// The course of a list within reach.
fn find(room: &Room, access: &Access, id: &str) -> Result<(Key, EventRef, Held), Problem> {
    access.entry_within(room.node(), id, |state, at| state.trainings.area_of(at))?;
    course::find(room.node(), id).map_err(of_work)
}

fn detail(room: &Room, key: &Key) -> Result<CourseDetail, Problem> {
    let school = school()?;
    let poll = room.node().poll_date();
    let found = room.node().ops(|state| {
        let file = state.trainings.course(key)?;
        let row = row(state, school, key, file, poll)?;
        let standard = school.standard(row.module)?;
        let (_, held, _) = file.lists().next()?;
        let people = held.present.iter().map(|number| person(state, file, number, standard, poll));
        Some(CourseDetail { people: people.collect(), row })
    });
    found.ok_or_else(|| Problem::not_found(key.to_string()))
}

fn person(
    state: &Ops,
    file: &CourseFile,
    number: &str,
    standard: pehra_ops::training::Standard,
    poll: Date,
) -> CoursePerson {
    let quizzes = file.quizzes().filter(|(_, quiz, _)| quiz.sat.contains(number));
    let quiz = quizzes.max_by_key(|(at, quiz, _)| (quiz.on, *at)).map(|(_, quiz, _)| quiz);
    let tests = file
        .practicals()
        .filter(|(_, test, _)| test.passed.contains(number) || test.failed.contains(number));
    let test = tests.max_by_key(|(at, test, _)| (test.on, *at)).map(|(_, test, _)| test);
    let certificates =
        file.certificates().map(|(at, ..)| (state.trainings.phase_of(file, at, number, poll), at));
    let best = certificates.filter(|(phase, _)| *phase != Phase::Absent).max();
    let reached = if file.is_disputed() {
        Phase::Disputed
    } else if state.trainings.basis_for(file, standard, number).is_some() {
        Phase::Passed
    } else {
        Phase::Attended
    };
    CoursePerson {
        number: number.to_owned(),
        right: quiz.and_then(|quiz| quiz.right_of(number)),
        asked: quiz.map(|quiz| quiz.asked),
        practical: test.map(|test| test.passed.contains(number)),
        phase: best.map_or(reached, |(phase, _)| phase.max(reached)).name(),
        certificate: best.map(|(_, at)| at.to_string()),
    }
}

/// One course with everybody on its list.
#[utoipa::path(get, path = "/api/training/courses/{id}", tag = "training", params(("id" = String, Path)),
    responses((status = 200, body = CourseDetail), (status = 404, body = Fault)))]
pub async fn one(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<CourseDetail>, Problem> {
    let (key, ..) = find(&room, &access, &id)?;
    Ok(Json(detail(&room, &key)?))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Whom {
    pub number: String,
}

/// Where one service number stands, within reach.
#[utoipa::path(get, path = "/api/training/person", tag = "training", params(Whom),
    responses((status = 200, body = PersonTraining)))]
pub async fn who(
    State(room): State<Room>,
    access: Access,
    Query(whom): Query<Whom>,
) -> Result<Json<PersonTraining>, Problem> {
    let number = PersonId::try_new(whom.number.trim())?;
    let (school, poll) = (school()?, room.node().poll_date());
    let told = room.node().ops(|state| {
        let training = &state.trainings;
        let places = training.places(number.as_str(), poll, |module| school.standard(module));
        let mut modules = Vec::new();
        for place in places.filter(|place| access.reaches(&place.key.area)) {
            let certificates = place
                .course
                .certificates()
                .filter(|(_, it, _)| it.people.contains(number.as_str()));
            let best = certificates.max_by_key(|(at, ..)| {
                (training.phase_of(place.course, *at, number.as_str(), poll), *at)
            });
            modules.push(PersonModule {
                module: place.module,
                phase: place.phase.name(),
                course: place.key.course.clone(),
                area: place.key.area.to_string(),
                id: place.course.lists().next().map_or_else(String::new, |(at, ..)| at.to_string()),
                certificate: best.map(|(at, ..)| at.to_string()),
                until: best.and_then(|(_, it, _)| it.until).map(|day| day.to_string()),
            });
        }
        let counts = training.modules_of(number.as_str(), poll, &|module| school.standard(module));
        PersonTraining { number: number.to_string(), modules, counts: counts.numbers().collect() }
    });
    Ok(Json(told))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct AttendWish {
    pub area: String,
    pub module: u8,
    pub on: String,
    pub venue: String,
    /// Made from venue, day and module unless given.
    pub course: Option<String>,
    /// The module's hours unless given.
    pub hours: Option<u8>,
    pub trainer: String,
    /// `list`, `code` or `phone`.
    pub taken: String,
    /// Service numbers as they were typed, pasted or scanned: parted by spaces, commas or lines.
    pub numbers: String,
}

/// Numbers as people paste and scanners type them.
fn numbers(text: &str) -> Result<Vec<PersonId>, Problem> {
    let parts = text.split(|sign: char| sign.is_whitespace() || ",;،؛".contains(sign));
    let parts = parts.filter(|part| !part.is_empty());
    Ok(parts.map(PersonId::try_new).collect::<Result<Vec<_>, _>>()?)
}

fn day(text: &str) -> Result<Date, Problem> {
    Date::parse(text).ok_or_else(|| Problem::about(Code::Malformed, text))
}

/// Signs who was there.
#[utoipa::path(post, path = "/api/training/courses", tag = "training", request_body = AttendWish,
    responses((status = 200, body = CourseDetail), (status = 403, body = Fault), (status = 422, body = Fault)))]
pub async fn attend(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<AttendWish>,
) -> Result<Json<CourseDetail>, Problem> {
    let area = access.area_within(&wish.area)?;
    let on = day(&wish.on)?;
    let hours = school()?.standard(wish.module).map(|standard| standard.hours);
    let hours = wish.hours.or(hours).ok_or_else(|| Problem::about(Code::Malformed, "module"))?;
    let named = wish.course.filter(|name| !name.trim().is_empty());
    let held = Held {
        course: named.unwrap_or_else(|| format!("{} {on} M{}", wish.venue, wish.module)),
        module: wish.module,
        on,
        venue: wish.venue,
        hours,
        trainer: PersonId::try_new(wish.trainer.trim())?,
        present: Roll::of(&numbers(&wish.numbers)?),
        taken: Taken::parse(&wish.taken).ok_or_else(|| Problem::about(Code::Malformed, "taken"))?,
        sheet: None,
    };
    let key = Key { area: area.clone(), course: held.course.clone() };
    done(&room, &access, &key, Act::Hold { area, held }).await
}

/// Does it in the role that may; the answer shows the course as it is then.
async fn done(
    room: &Room,
    access: &Access,
    key: &Key,
    act: Act,
) -> Result<Json<CourseDetail>, Problem> {
    let command = Command::Training(act);
    let actor = access.actor_with(room.node(), &key.area, command.permission())?;
    execute(room, actor, command).await?;
    Ok(Json(detail(room, key)?))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct QuizWish {
    /// The number that the papers were drawn from.
    pub seed: u64,
    pub on: String,
    pub examiner: Option<String>,
    /// A line for each candidate: service number, a space, letters.
    pub answers: String,
}

/// Marks what candidates answered and signs it.
#[utoipa::path(post, path = "/api/training/courses/{id}/quiz", tag = "training", params(("id" = String, Path)),
    request_body = QuizWish,
    responses((status = 200, body = CourseDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn quiz(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<QuizWish>,
) -> Result<Json<CourseDetail>, Problem> {
    let (key, list, held) = find(&room, &access, &id)?;
    let mut rows = Vec::new();
    for line in wish.answers.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (number, answers) = line.split_once([' ', '\t', ',']).unwrap_or((line, ""));
        let (number, answers) = (PersonId::try_new(number)?, answers.to_owned());
        rows.push(Answered { number, answers, passed: false });
    }
    let by = (examiner(wish.examiner.as_deref(), &held)?, day(&wish.on)?);
    let quiz = course::mark(school()?, held.module, wish.seed, by, &rows).map_err(of_work)?;
    done(&room, &access, &key, Act::Examine { course: list, quiz, corrects: None }).await
}

fn examiner(named: Option<&str>, held: &Held) -> Result<PersonId, Problem> {
    match named.map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => Ok(PersonId::try_new(name)?),
        None => Ok(held.trainer.clone()),
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct PracticalWish {
    pub on: String,
    pub examiner: Option<String>,
    /// Service numbers, parted as in a list.
    pub passed: String,
    pub failed: String,
}

/// Signs how a practical test came out.
#[utoipa::path(post, path = "/api/training/courses/{id}/practical", tag = "training", params(("id" = String, Path)),
    request_body = PracticalWish,
    responses((status = 200, body = CourseDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn practical(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<PracticalWish>,
) -> Result<Json<CourseDetail>, Problem> {
    let (key, list, held) = find(&room, &access, &id)?;
    let mut rows = Vec::new();
    for (text, passed) in [(&wish.passed, true), (&wish.failed, false)] {
        let named = numbers(text)?.into_iter();
        rows.extend(named.map(|number| Answered { number, answers: String::new(), passed }));
    }
    let by = (examiner(wish.examiner.as_deref(), &held)?, day(&wish.on)?);
    let practical = course::practical(school()?, held.module, by, &rows).map_err(of_work)?;
    done(&room, &access, &key, Act::Practise { course: list, practical, corrects: None }).await
}

/// Certifies everybody of the course who attended and passed and is not certified yet.
#[utoipa::path(post, path = "/api/training/courses/{id}/certify", tag = "training", params(("id" = String, Path)),
    responses((status = 200, body = CourseDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn certify(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
) -> Result<Json<CourseDetail>, Problem> {
    let (key, _, held) = find(&room, &access, &id)?;
    let standard = school()?.standard(held.module);
    let standard = standard.ok_or_else(|| Problem::about(Code::Malformed, "module"))?;
    let groups = room.node().ops(|state| {
        let file = state.trainings.course(&key);
        file.map(|file| state.trainings.ready(file, standard)).unwrap_or_default()
    });
    let mut last = None;
    for (basis, people) in groups {
        last = Some(done(&room, &access, &key, Act::Certify { basis, standard, people }).await?);
    }
    match last {
        Some(told) => Ok(told),
        None => Ok(Json(detail(&room, &key)?)),
    }
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
pub struct CertificateWish {
    pub number: String,
    pub reason: String,
}

/// Takes somebody's certificate back.
#[utoipa::path(post, path = "/api/training/certificates/{id}/withdraw", tag = "training", params(("id" = String, Path)),
    request_body = CertificateWish,
    responses((status = 200, body = CourseDetail), (status = 403, body = Fault), (status = 404, body = Fault), (status = 422, body = Fault)))]
pub async fn withdraw(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Given(wish): Given<CertificateWish>,
) -> Result<Json<CourseDetail>, Problem> {
    let (key, ..) = find(&room, &access, &id)?;
    let certificate = EventRef::parse(&id).ok_or_else(|| Problem::not_found(&id))?;
    let people = Roll::of(&[PersonId::try_new(wish.number.trim())?]);
    done(&room, &access, &key, Act::Withdraw { certificate, people, reason: wish.reason }).await
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Candidate {
    pub number: String,
    pub seed: u64,
}

/// A candidate's paper: questions and answers, and nothing of what is right.
#[utoipa::path(get, path = "/api/training/courses/{id}/paper", tag = "training",
    params(("id" = String, Path), Candidate),
    responses((status = 200, body = Vec<Sheet>), (status = 404, body = Fault)))]
pub async fn paper(
    State(room): State<Room>,
    access: Access,
    Path(id): Path<String>,
    Query(candidate): Query<Candidate>,
) -> Result<Json<Vec<Sheet>>, Problem> {
    let (_, _, held) = find(&room, &access, &id)?;
    let number = PersonId::try_new(candidate.number.trim())?;
    if !held.present.contains(number.as_str()) {
        return Err(Problem::not_found(number.to_string()));
    }
    let sheet = school()?.sheet(held.module, candidate.seed, &number);
    sheet.map(Json).ok_or_else(|| Problem::not_found("quiz"))
}

/// What the signed forecast says of each district, for the board of posts: expected untrained on the day.
#[must_use]
pub fn untrained(state: &Ops, poll: Date) -> BTreeMap<AreaId, (u32, u32)> {
    let forecast = state.trainings.forecast(&AreaId::nation());
    let lines = forecast.into_iter().flat_map(|forecast| &forecast.lines);
    lines
        .map(|line| {
            (line.area.clone(), (line.tasked, line.tasked.saturating_sub(line.ready_by(poll))))
        })
        .collect()
}
