//! What may be done at the desk, by what was done before; and that each step is another person's. What is said of the day
//! is judged by the day's time; who may read a compartment is a right, and goes by the wall's.

use super::{
    Admission, Assessment, Command, Compartment, Event, Grade, Intelligence, POINTS_MAX, Phase,
    Place, RADIUS_M_MAX, REPORTS_MAX, Record, Report, SEALED_BYTES_MAX, Shape, TaskPhase, Watch,
    fusion, is_root,
};
use crate::{
    authorise::Act,
    check_in::Subject,
    content::each_once,
    event, order, permission as row,
    refusal::{Refusal, RefusalCode},
    register::heads_or,
    stamp::{Context, Decided, EventRef, Mark},
    state::State,
};
use pehra_domain::{AreaId, PersonId, UnixMs, role::Role};

/// A clock on a wall may be so far ahead of the node's.
const AHEAD_MS_MAX: i64 = 5 * 60_000;
const MINUTE_MS: i64 = 60_000;

pub(crate) fn decide(
    state: &State,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    state.elections.nature()?;
    let desk = &state.intelligence;
    match command {
        Command::Write { area, report } => write(state, context, area, report),
        Command::Tie { .. }
        | Command::Grade { .. }
        | Command::Sanitise { .. }
        | Command::Release { .. }
        | Command::Withdraw { .. }
        | Command::Open { .. }
        | Command::FeedBack { .. } => on_report(desk, context, command),
        Command::Assess { area, reports, until, words } => {
            assess(desk, context, area, (reports, *until, words))
        }
        Command::Watch { .. } | Command::Unwatch { .. } | Command::Notice { .. } => {
            on_watch(desk, context, command)
        }
        Command::Ask { area, task } => {
            later(task.answer_by, context, task.service.code())?;
            Ok(done(Event::Asked(task.clone()), area, &[]))
        }
        Command::CloseTask { task, outcome, note } => {
            let unknown = || Refusal::of(RefusalCode::NotKnown, task);
            let record = desk.task(*task).ok_or_else(unknown)?;
            let (_, mark) = record.asked().ok_or_else(unknown)?;
            if record.phase(context.day) == TaskPhase::Closed {
                return Err(Refusal::of(RefusalCode::TaskClosed, task));
            }
            let event = Event::TaskClosed { task: *task, outcome: *outcome, note: note.clone() };
            Ok(done(event, &mark.area, &heads_or(record.refs(), *task)))
        }
        Command::Admit { area, admitted, reason } => admit(desk, context, area, admitted, reason),
        Command::Exclude { admission, reason } => {
            let unknown = || Refusal::of(RefusalCode::NotKnown, admission);
            let known = desk.admission(*admission).ok_or_else(unknown)?;
            let (_, _, mark) = known.given().ok_or_else(unknown)?;
            if known.phase(context.at) == super::AdmissionPhase::Excluded {
                return Ok(Vec::new());
            }
            let event = Event::Excluded { admission: *admission, reason: reason.clone() };
            Ok(done(event, &mark.area, &[*admission]))
        }
    }
}

/// Acts about one watched area.
#[expect(clippy::wildcard_enum_match_arm, reason = "the caller gives only these three")]
fn on_watch(
    desk: &Intelligence,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    match command {
        Command::Watch { area, watch } => {
            later(watch.until, context, &watch.name)?;
            if desk.watch(area, &watch.name) == Some(watch) {
                return Ok(Vec::new());
            }
            let heads = desk.watch_refs(area, &watch.name);
            Ok(done(Event::Watched(watch.clone()), area, &heads))
        }
        Command::Unwatch { area, watch, reason } => {
            let heads = known_watch(desk, area, watch)?;
            let event = Event::Unwatched { watch: watch.clone(), reason: reason.clone() };
            Ok(done(event, area, &heads))
        }
        Command::Notice { area, watch, what, note } => {
            let heads = known_watch(desk, area, watch)?;
            if desk.noticed(area, watch, what).is_some() {
                return Ok(Vec::new());
            }
            let (watch, what, note) = (watch.clone(), what.clone(), note.clone());
            // Follows the watch and leaves it standing.
            let heads: Vec<EventRef> = heads.into_iter().take(1).collect();
            Ok(done(Event::Noticed { watch, what, note }, area, &heads))
        }
        _ => Ok(Vec::new()),
    }
}

fn done(event: Event, area: &AreaId, heads: &[EventRef]) -> Vec<Decided> {
    Decided::over(&event::Event::Intelligence(event), area, heads)
}

fn later(moment: UnixMs, context: &Context, about: &str) -> Result<(), Refusal> {
    if moment <= context.day { Err(Refusal::of(RefusalCode::ExpiryInPast, about)) } else { Ok(()) }
}

fn known_watch(desk: &Intelligence, area: &AreaId, watch: &str) -> Result<Vec<EventRef>, Refusal> {
    if desk.is_watched(area, watch) {
        Ok(desk.watch_refs(area, watch))
    } else {
        Err(Refusal::of(RefusalCode::WatchUnknown, ""))
    }
}

fn write(
    state: &State,
    context: &Context,
    area: &AreaId,
    report: &Report,
) -> Result<Vec<Decided>, Refusal> {
    later(report.expires, context, report.root.as_str())?;
    if report.obtained.0.saturating_sub(context.day.0) > AHEAD_MS_MAX {
        return Err(Refusal::of(RefusalCode::TimeAhead, report.root.as_str()));
    }
    if let Some(Subject::Station(station)) = &report.place.subject {
        state.elections.admits(station)?;
    }
    if let Some(task) = report.task.filter(|task| state.intelligence.task(*task).is_none()) {
        return Err(Refusal::of(RefusalCode::NotKnown, task));
    }
    let heads: Vec<EventRef> = report.task.into_iter().collect();
    Ok(done(Event::Written(report.clone()), area, &heads))
}

/// Acts about one report.
fn on_report(
    desk: &Intelligence,
    context: &Context,
    command: &Command,
) -> Result<Vec<Decided>, Refusal> {
    let Some(report) = command.report() else { return Ok(Vec::new()) };
    let unknown = || Refusal::of(RefusalCode::NotKnown, report);
    let record = desk.get(report).ok_or_else(unknown)?;
    let (told, written) = record.written().ok_or_else(unknown)?;
    let on = On { desk, context, report, record, told, written };
    match command {
        Command::Tie { root, reason, .. } => on.tie(root, reason),
        Command::Grade { grade, note, .. } => on.grade(*grade, note),
        Command::Sanitise { text, .. } => on.sanitise(text),
        Command::Release { to, .. } => on.release(to),
        Command::Withdraw { reason, .. } => {
            if record.phase(context.day) == Phase::Withdrawn {
                return Err(Refusal::of(RefusalCode::ReportWithdrawn, report));
            }
            let event = Event::Withdrawn { report, reason: reason.clone() };
            Ok(on.done(event, &heads_or(record.standing_refs(), report)))
        }
        Command::Open { reason, .. } => on.open(reason),
        Command::FeedBack { feedback, note, .. } => {
            let event = Event::FedBack { report, feedback: *feedback, note: note.clone() };
            Ok(on.done(event, &[report]))
        }
        Command::Write { .. }
        | Command::Assess { .. }
        | Command::Watch { .. }
        | Command::Unwatch { .. }
        | Command::Notice { .. }
        | Command::Ask { .. }
        | Command::CloseTask { .. }
        | Command::Admit { .. }
        | Command::Exclude { .. } => Ok(Vec::new()),
    }
}

/// A report that is acted on, and by whom.
struct On<'a> {
    desk: &'a Intelligence,
    context: &'a Context,
    report: EventRef,
    record: &'a Record,
    told: &'a Report,
    written: &'a Mark,
}

impl On<'_> {
    fn who(&self) -> &PersonId {
        &self.context.actor.person
    }

    fn done(&self, event: Event, heads: &[EventRef]) -> Vec<Decided> {
        done(event, &self.written.area, heads)
    }

    fn lives(&self) -> Result<(), Refusal> {
        lives(self.record, self.report, self.context.day)
    }

    fn tie(&self, root: &str, reason: &str) -> Result<Vec<Decided>, Refusal> {
        self.lives()?;
        if self.record.roots() == [root] {
            return Ok(Vec::new());
        }
        let (root, reason) = (root.to_owned(), reason.to_owned());
        let event = Event::Tied { report: self.report, root, reason };
        Ok(self.done(event, &heads_or(self.record.root_refs(), self.report)))
    }

    fn grade(&self, grade: Grade, note: &str) -> Result<Vec<Decided>, Refusal> {
        self.lives()?;
        not_by(self.who(), [self.written], row::INTEL_WRITE)?;
        if self.record.grade() == Some(grade) && !self.record.is_grade_disputed() {
            return Ok(Vec::new());
        }
        let event = Event::Graded { report: self.report, grade, note: note.to_owned() };
        Ok(self.done(event, &heads_or(self.record.grade_refs(), self.report)))
    }

    fn sanitise(&self, text: &str) -> Result<Vec<Decided>, Refusal> {
        self.lives()?;
        let graded = graded(self.record, self.report)?;
        if self.record.sanitised().is_some_and(|(_, known, _)| known == text) {
            return Ok(Vec::new());
        }
        let heads = [vec![graded], self.record.text_refs()].concat();
        let event = Event::Sanitised { report: self.report, graded, text: text.to_owned() };
        Ok(self.done(event, &heads))
    }

    fn release(&self, to: &[Role]) -> Result<Vec<Decided>, Refusal> {
        self.lives()?;
        let (report, record) = (self.report, self.record);
        let graded = graded(record, report)?;
        let missing = || Refusal::of(RefusalCode::ReportNotSanitised, report);
        let (sanitised, ..) = record.sanitised().ok_or_else(missing)?;
        not_by(self.who(), [self.written], row::INTEL_WRITE)?;
        not_by(self.who(), record.grades().map(|(.., mark)| mark), row::INTEL_GRADE)?;
        not_by(self.who(), record.sanitisers(), row::INTEL_SANITISE)?;
        if record.is_released_as(sanitised, to) {
            return Ok(Vec::new());
        }
        let heads = [vec![sanitised, graded], record.standing_refs()].concat();
        let event = Event::Released { report, graded, sanitised, to: to.to_vec() };
        Ok(self.done(event, &heads))
    }

    fn open(&self, reason: &str) -> Result<Vec<Decided>, Refusal> {
        let closed = self.told.compartment;
        let admission = if closed == Compartment::Open {
            None
        } else {
            let (area, at) = (&self.written.area, self.context.at);
            let by = self.desk.admits(self.who(), closed, area, at);
            Some(by.ok_or_else(|| Refusal::of(RefusalCode::CompartmentClosed, closed.code()))?)
        };
        let heads = [vec![self.report], admission.into_iter().collect()].concat();
        let event = Event::Opened { report: self.report, admission, reason: reason.to_owned() };
        Ok(self.done(event, &heads))
    }
}

/// Nothing more is done with what was withdrawn or has run out.
fn lives(record: &Record, report: EventRef, at: UnixMs) -> Result<(), Refusal> {
    match record.phase(at) {
        Phase::Withdrawn => Err(Refusal::of(RefusalCode::ReportWithdrawn, report)),
        Phase::Expired => Err(Refusal::of(RefusalCode::ReportExpired, report)),
        Phase::Unknown
        | Phase::Written
        | Phase::Graded
        | Phase::Sanitised
        | Phase::Released
        | Phase::Disputed => Ok(()),
    }
}

/// The entry of the grade that stands.
fn graded(record: &Record, report: EventRef) -> Result<EventRef, Refusal> {
    if record.is_grade_disputed() {
        return Err(Refusal::of(RefusalCode::Disputed, report));
    }
    let first = record.grade_refs().first().copied();
    first.ok_or_else(|| Refusal::of(RefusalCode::ReportNotGraded, report))
}

fn not_by<'a>(
    who: &PersonId,
    marks: impl IntoIterator<Item = &'a Mark>,
    permission: &'static str,
) -> Result<(), Refusal> {
    if marks.into_iter().any(|mark| mark.person == *who) {
        Err(Refusal::of(RefusalCode::DutiesSeparated, permission))
    } else {
        Ok(())
    }
}

fn assess(
    desk: &Intelligence,
    context: &Context,
    area: &AreaId,
    (reports, until, words): (&[EventRef], UnixMs, &str),
) -> Result<Vec<Decided>, Refusal> {
    let Some(about) = reports.first().copied() else {
        return Err(Refusal::of(RefusalCode::ReportsMissing, 0));
    };
    later(until, context, "")?;
    for report in reports {
        let record = desk.get(*report).ok_or_else(|| Refusal::of(RefusalCode::NotKnown, report))?;
        if record.written().is_none_or(|(_, mark)| mark.area != *area) {
            return Err(Refusal::of(RefusalCode::AreaMismatch, report));
        }
        if record.grade().is_none() {
            return Err(Refusal::of(RefusalCode::ReportNotGraded, report));
        }
        lives(record, *report, context.day)?;
    }
    // Whole minutes: an act that a person's own key signs is given twice, and must be the same act.
    let at = UnixMs(context.day.0.div_euclid(MINUTE_MS) * MINUTE_MS);
    let voices = fusion::voices(desk, reports, at);
    let fused = fusion::fuse(fusion::PRIOR_E4, &voices);
    let assessment = Assessment {
        reports: reports.to_vec(),
        prior_e4: fused.prior_e4,
        posterior_e4: fused.posterior_e4,
        level: fused.level,
        roots: fused.roots,
        at,
        until,
        words: words.to_owned(),
    };
    let heads = heads_or(desk.assessment_refs(about), about);
    Ok(done(Event::Assessed(assessment), area, &heads))
}

fn admit(
    desk: &Intelligence,
    context: &Context,
    area: &AreaId,
    admitted: &Admission,
    reason: &str,
) -> Result<Vec<Decided>, Refusal> {
    if admitted.until <= context.at {
        return Err(Refusal::of(RefusalCode::ExpiryInPast, admitted.compartment.code()));
    }
    let known = desk.admits(&admitted.person, admitted.compartment, area, admitted.until);
    if known.is_some() {
        return Ok(Vec::new());
    }
    if context.actor.person == admitted.person {
        return Err(Refusal::of(RefusalCode::SamePersonTwice, &admitted.person));
    }
    let event = Event::Admitted { admitted: admitted.clone(), reason: reason.to_owned() };
    Ok(done(event, area, &[]))
}

/// What must hold of an act, whoever sent it.
pub(crate) fn check(event: &Event) -> Result<(), Refusal> {
    match event {
        Event::Written(report) => check_report(report),
        Event::Tied { root, .. } if !is_root(root) => {
            Err(Refusal::of(RefusalCode::RootMalformed, ""))
        }
        Event::Released { to, .. } => order::check_roles(to),
        Event::Assessed(assessment) => {
            let reports = &assessment.reports;
            let count = reports.len();
            let right = (1..=REPORTS_MAX).contains(&count)
                && each_once(reports)
                && assessment.posterior_e4 <= 10_000;
            if !right {
                return Err(Refusal::of(RefusalCode::ReportsMissing, count));
            }
            Ok(())
        }
        Event::Watched(watch) => check_watch(watch),
        Event::Asked(task) => check_place(&task.place),
        Event::Admitted { admitted, .. } if admitted.compartment == Compartment::Open => {
            Err(Refusal::of(RefusalCode::CompartmentOpen, admitted.compartment.code()))
        }
        Event::Tied { .. }
        | Event::Graded { .. }
        | Event::Sanitised { .. }
        | Event::Withdrawn { .. }
        | Event::Opened { .. }
        | Event::FedBack { .. }
        | Event::Unwatched { .. }
        | Event::Noticed { .. }
        | Event::TaskClosed { .. }
        | Event::Admitted { .. }
        | Event::Excluded { .. } => Ok(()),
    }
}

fn check_report(report: &Report) -> Result<(), Refusal> {
    if !is_root(&report.root) {
        return Err(Refusal::of(RefusalCode::RootMalformed, ""));
    }
    if report.window.until <= report.window.from {
        return Err(Refusal::of(RefusalCode::WindowBackward, ""));
    }
    if report.sealed.is_empty() || report.sealed.len() > SEALED_BYTES_MAX {
        return Err(Refusal::of(RefusalCode::TextNotSealed, report.sealed.len()));
    }
    check_place(&report.place)
}

fn check_place(place: &Place) -> Result<(), Refusal> {
    let within = place.points.len() <= POINTS_MAX && place.radius_m <= RADIUS_M_MAX;
    if within { Ok(()) } else { Err(Refusal::of(RefusalCode::PlaceTooWide, place.points.len())) }
}

fn check_watch(watch: &Watch) -> Result<(), Refusal> {
    let drawn = match &watch.shape {
        Shape::Area => true,
        Shape::Circle { radius_m, .. } => (1..=RADIUS_M_MAX).contains(radius_m),
        Shape::Polygon(corners) => (3..=POINTS_MAX).contains(&corners.len()),
    };
    if drawn { Ok(()) } else { Err(Refusal::of(RefusalCode::PlaceTooWide, "")) }
}

/// What an act names must be what it says: only what it follows from, so that every node judges alike.
pub(crate) fn check_references(
    state: &State,
    event: &Event,
    actor: &PersonId,
    at: UnixMs,
) -> Result<(), Refusal> {
    let desk = &state.intelligence;
    if let Event::Admitted { admitted, .. } = event {
        if admitted.person == *actor {
            return Err(Refusal::of(RefusalCode::SamePersonTwice, actor));
        }
        return Ok(());
    }
    let Some(report) = event.report() else { return Ok(()) };
    let unknown = |at: EventRef| Refusal::of(RefusalCode::NotKnown, at);
    let record = desk.get(report).ok_or_else(|| unknown(report))?;
    match event {
        Event::Sanitised { graded, .. } => {
            record.grader(*graded).map(|_| ()).ok_or_else(|| unknown(*graded))
        }
        Event::Released { graded, sanitised, .. } => {
            record.grader(*graded).ok_or_else(|| unknown(*graded))?;
            record.sanitiser(*sanitised).map(|_| ()).ok_or_else(|| unknown(*sanitised))
        }
        Event::Opened { admission, .. } => {
            let (told, mark) = record.written().ok_or_else(|| unknown(report))?;
            let shut = || Refusal::of(RefusalCode::CompartmentClosed, told.compartment.code());
            match (told.compartment, admission) {
                (Compartment::Open, _) => Ok(()),
                (_, None) => Err(shut()),
                (closed, Some(admission)) => {
                    let given = desk.admission(*admission).and_then(|known| known.given());
                    let (given, _, by) = given.ok_or_else(|| unknown(*admission))?;
                    let holds = given.person == *actor
                        && given.compartment == closed
                        && at < given.until
                        && by.area.contains(&mark.area);
                    if holds { Ok(()) } else { Err(shut()) }
                }
            }
        }
        Event::Written(_)
        | Event::Tied { .. }
        | Event::Graded { .. }
        | Event::Withdrawn { .. }
        | Event::FedBack { .. }
        | Event::Assessed(_)
        | Event::Watched(_)
        | Event::Unwatched { .. }
        | Event::Noticed { .. }
        | Event::Asked(_)
        | Event::TaskClosed { .. }
        | Event::Admitted { .. }
        | Event::Excluded { .. } => Ok(()),
    }
}

/// Who took the earlier steps that an act names, and with which permission.
pub(crate) fn earlier_acts<'a>(state: &'a State, event: &Event) -> Vec<Act<'a>> {
    let Some(record) = event.report().and_then(|report| state.intelligence.get(report)) else {
        return Vec::new();
    };
    let act = |mark: Option<&'a Mark>, permission| {
        mark.map(|mark| Act { person: &mark.person, permission })
    };
    let writer = act(record.written().map(|(_, mark)| mark), row::INTEL_WRITE);
    match event {
        Event::Graded { .. } => writer.into_iter().collect(),
        Event::Sanitised { graded, .. } => {
            writer.into_iter().chain(act(record.grader(*graded), row::INTEL_GRADE)).collect()
        }
        Event::Released { graded, sanitised, .. } => writer
            .into_iter()
            .chain(act(record.grader(*graded), row::INTEL_GRADE))
            .chain(act(record.sanitiser(*sanitised), row::INTEL_SANITISE))
            .collect(),
        Event::Written(_)
        | Event::Tied { .. }
        | Event::Withdrawn { .. }
        | Event::Opened { .. }
        | Event::FedBack { .. }
        | Event::Assessed(_)
        | Event::Watched(_)
        | Event::Unwatched { .. }
        | Event::Noticed { .. }
        | Event::Asked(_)
        | Event::TaskClosed { .. }
        | Event::Admitted { .. }
        | Event::Excluded { .. } => Vec::new(),
    }
}

impl Command {
    /// Whether those see something of it who do not read at the desk: the warned, and the services.
    #[must_use]
    pub fn goes_out(&self) -> bool {
        match self {
            Self::Release { .. }
            | Self::Withdraw { .. }
            | Self::FeedBack { .. }
            | Self::Ask { .. }
            | Self::CloseTask { .. } => true,
            Self::Write { .. }
            | Self::Tie { .. }
            | Self::Grade { .. }
            | Self::Sanitise { .. }
            | Self::Open { .. }
            | Self::Assess { .. }
            | Self::Watch { .. }
            | Self::Unwatch { .. }
            | Self::Notice { .. }
            | Self::Admit { .. }
            | Self::Exclude { .. } => false,
        }
    }

    /// The report that it acts on.
    #[must_use]
    pub fn report(&self) -> Option<EventRef> {
        match self {
            Self::Tie { report, .. }
            | Self::Grade { report, .. }
            | Self::Sanitise { report, .. }
            | Self::Release { report, .. }
            | Self::Withdraw { report, .. }
            | Self::Open { report, .. }
            | Self::FeedBack { report, .. } => Some(*report),
            Self::Write { .. }
            | Self::Assess { .. }
            | Self::Watch { .. }
            | Self::Unwatch { .. }
            | Self::Notice { .. }
            | Self::Ask { .. }
            | Self::CloseTask { .. }
            | Self::Admit { .. }
            | Self::Exclude { .. } => None,
        }
    }
}
