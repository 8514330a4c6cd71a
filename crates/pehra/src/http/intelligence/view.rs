//! What is shown of the desk.

use super::Sight;
use pehra_domain::{Point, UnixMs};
use pehra_ops::check_in::Subject;
use pehra_ops::{
    EventRef, State,
    intelligence::{
        AdmissionPhase, Compartment, Intelligence, Phase, Place, Record, Shape, TaskPhase, fusion,
        warning::Warning,
        watch::{Fallen, Hand, hands},
    },
    permission as row,
    stamp::Mark,
};
use serde::Serialize;

/// Who did something, when, in which words.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CourseRow {
    /// `graded`, `opened`, `fed-back`.
    pub word: &'static str,
    pub detail: String,
    pub words: String,
    pub person: String,
    pub role: String,
    pub at_ms: i64,
}

/// One report, without its text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportRow {
    pub id: String,
    pub area: String,
    pub service: &'static str,
    pub source: &'static str,
    /// Names of its root; several while that is in dispute.
    pub roots: Vec<String>,
    pub obtained_ms: i64,
    pub from_ms: i64,
    pub until_ms: i64,
    pub place: Option<String>,
    /// Latitude and longitude in ten-millionths of a degree: none, a spot or a route.
    pub points: Vec<[i32; 2]>,
    pub radius_m: u32,
    pub target: &'static str,
    pub threat: &'static str,
    pub horizon: &'static str,
    pub handling: &'static str,
    pub caveats: Vec<&'static str>,
    pub compartment: &'static str,
    pub expires_ms: i64,
    pub phase: &'static str,
    /// `B2`.
    pub grade: Option<String>,
    pub sanitised: Option<String>,
    pub released_to: Vec<String>,
    pub written_by: String,
    pub written_ms: i64,
    pub task: Option<String>,
    /// Grades, readings and feedback, oldest first.
    pub course: Vec<CourseRow>,
    /// Whoever asks wrote it.
    pub own: bool,
    /// What whoever asks may do with it now: `grade`, `tie`, `sanitise`, `release`, `withdraw`, `open`, `feed-back`.
    pub may: Vec<&'static str>,
    /// The one of these that it waits for: `grade`, `sanitise`, `release`.
    pub waits: Option<&'static str>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReasonRow {
    pub report: String,
    pub grade: String,
    /// `supports`, `contradicts`, `echo`, `no-weight`.
    pub part: &'static str,
    /// Equal numbers are one root.
    pub root: u32,
    pub weight_milli: i64,
}

/// What a person signed about a matter.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SignedRow {
    pub posterior_e4: u32,
    pub level: u8,
    pub roots: u32,
    pub person: String,
    pub at_ms: i64,
    pub until_ms: i64,
    pub words: String,
    /// The reports or the sum are others now.
    pub outdated: bool,
}

/// Reports that may be about one thing, and what they say together. It proposes; a person signs.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MatterRow {
    pub reports: Vec<String>,
    pub area: String,
    pub threat: &'static str,
    pub prior_e4: u32,
    pub posterior_e4: u32,
    pub level: u8,
    pub roots: u32,
    pub contradicted: bool,
    pub english: String,
    pub urdu: String,
    pub reasons: Vec<ReasonRow>,
    pub signed: Option<SignedRow>,
    /// Whoever asks may sign it.
    pub may_sign: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchRow {
    pub area: String,
    pub name: String,
    /// `area`, `circle`, `polygon`.
    pub shape: &'static str,
    pub points: Vec<[i32; 2]>,
    pub radius_m: u32,
    pub threats: Vec<&'static str>,
    pub incidents: bool,
    pub until_ms: i64,
    pub set_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HandRow {
    pub area: String,
    pub watch: String,
    /// Names the report or the incident.
    pub what: String,
    /// `report` or `incident`.
    pub kind: &'static str,
    pub threat: Option<&'static str>,
    pub since_ms: i64,
    pub up: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TaskRow {
    pub id: String,
    pub area: String,
    pub service: &'static str,
    pub question: String,
    pub answer_by_ms: i64,
    pub phase: &'static str,
    pub answers: usize,
    pub outcome: Option<&'static str>,
    pub note: String,
    pub asked_by: String,
    /// Whoever asks may answer it with a report.
    pub may_answer: bool,
    pub may_close: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AdmissionRow {
    pub id: String,
    pub area: String,
    pub person: String,
    pub compartment: &'static str,
    pub until_ms: i64,
    pub reason: String,
    pub admitted_by: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DeskView {
    /// The newest first.
    pub reports: Vec<ReportRow>,
    pub matters: Vec<MatterRow>,
    pub watches: Vec<WatchRow>,
    pub hands: Vec<HandRow>,
    pub tasks: Vec<TaskRow>,
    pub admissions: Vec<AdmissionRow>,
    pub hands_up: usize,
    /// Areas where whoever asks may write, and what else may be done there.
    pub writes: Vec<String>,
    pub watches_in: Vec<String>,
    pub asks: Vec<String>,
    pub admits: Vec<String>,
    /// Roles to which a warning can be released.
    pub warned: Vec<String>,
    pub now_ms: i64,
}

/// An order that meets a warning.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MeasureRow {
    pub order: String,
    pub measure: &'static str,
    pub owner: String,
    pub text: String,
    pub confirm_by_ms: i64,
    pub confirmed_ms: Option<i64>,
    pub given_by: String,
    /// Whoever asks can say that it is done.
    pub own: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WarningRow {
    /// What an order names.
    pub id: String,
    pub area: String,
    pub text: String,
    pub threat: &'static str,
    pub target: &'static str,
    pub place: Option<String>,
    pub points: Vec<[i32; 2]>,
    pub radius_m: u32,
    pub from_ms: i64,
    pub until_ms: i64,
    pub to: Vec<String>,
    pub released_ms: i64,
    /// `unanswered`, `ordered`, `confirmed`, `late`, `passed`.
    pub standing: &'static str,
    pub hand: bool,
    pub measures: Vec<MeasureRow>,
    /// Whoever asks may order something against it.
    pub may_order: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WarningsView {
    /// The one whose window opens first at the head.
    pub warnings: Vec<WarningRow>,
    pub hands: usize,
    pub now_ms: i64,
}

pub(super) fn pairs(points: &[Point]) -> Vec<[i32; 2]> {
    points.iter().map(|point| [point.lat_e7, point.lon_e7]).collect()
}

fn named(place: &Place) -> Option<String> {
    place.subject.as_ref().map(|subject| match subject {
        Subject::Station(id) => id.to_string(),
        Subject::Sector(name) | Subject::Convoy(name) => name.clone(),
    })
}

pub(super) fn desk(state: &State, sight: &Sight, at: UnixMs, warned: Vec<String>) -> DeskView {
    let all = &state.intelligence;
    let mut reports: Vec<ReportRow> =
        all.all().filter_map(|(id, record)| report(all, (id, record), sight, at)).collect();
    reports.sort_by_key(|row| std::cmp::Reverse(row.written_ms));
    let hands: Vec<HandRow> = hands(state, at)
        .into_iter()
        .filter(|hand| sees_hand(state, sight, hand))
        .map(|hand| hand_row(&hand))
        .collect();
    let watches = all.watches(at).filter(|(area, ..)| sight.watches(area));
    let held = |permission: &str| {
        sight.areas(permission).iter().map(|area| area.as_str().to_owned()).collect()
    };
    DeskView {
        reports,
        matters: matters(all, sight, at),
        watches: watches.map(|(area, watch, mark)| watch_row(area.as_str(), watch, mark)).collect(),
        hands_up: hands.iter().filter(|hand| hand.up).count(),
        hands,
        tasks: tasks(all, sight, at),
        admissions: admissions(all, sight),
        writes: held(row::INTEL_WRITE),
        watches_in: held(row::INTEL_WATCH),
        asks: held(row::INTEL_TASK),
        admits: held(row::INTEL_ADMIT),
        warned,
        now_ms: at.0,
    }
}

/// What whoever asks may do with a report. The act itself is judged again when it is made.
fn may(desk: &Intelligence, record: &Record, sight: &Sight, at: UnixMs) -> Vec<&'static str> {
    let Some((told, mark)) = record.written() else { return Vec::new() };
    let (area, who) = (&mark.area, sight.person());
    let lives = !matches!(record.phase(at), Phase::Withdrawn | Phase::Expired);
    let graded = record.grades().next().is_some();
    let wrote = mark.person == *who;
    let earlier = wrote
        || record.grades().any(|(.., by)| by.person == *who)
        || record.sanitisers().any(|by| by.person == *who);
    let open = told.compartment == Compartment::Open
        || desk.admits(who, told.compartment, area, sight.now).is_some();
    let all = [
        ("grade", row::INTEL_GRADE, lives && !wrote),
        ("tie", row::INTEL_GRADE, lives),
        ("sanitise", row::INTEL_SANITISE, lives && graded),
        ("release", row::INTEL_RELEASE, lives && record.sanitised().is_some() && !earlier),
        ("withdraw", row::INTEL_RELEASE, record.phase(at) != Phase::Withdrawn),
        ("open", row::INTEL_READ_FULL, open),
        ("feed-back", row::INTEL_FEEDBACK, true),
    ];
    let mine = all.into_iter().filter(|(_, row, now)| *now && sight.holds(row, area));
    mine.map(|(act, ..)| act).collect()
}

fn report(
    desk: &Intelligence,
    (id, record): (EventRef, &Record),
    sight: &Sight,
    at: UnixMs,
) -> Option<ReportRow> {
    let (told, mark) = record.written()?;
    let own = mark.person == *sight.person();
    let reads = sight.reads(&mark.area);
    if !own && !reads {
        return None;
    }
    let roots = record.roots().into_iter().map(str::to_owned).collect();
    let released = record.released();
    let may = may(desk, record, sight, at);
    let waits = ["grade", "sanitise", "release"].into_iter().zip([
        Phase::Written,
        Phase::Graded,
        Phase::Sanitised,
    ]);
    let waits = waits.filter(|(act, phase)| may.contains(act) && record.phase(at) == *phase);
    Some(ReportRow {
        waits: waits.map(|(act, _)| act).next(),
        may,
        id: id.to_string(),
        area: mark.area.as_str().to_owned(),
        service: told.service.code(),
        source: told.source.code(),
        roots: if reads { roots } else { vec![told.root.clone()] },
        obtained_ms: told.obtained.0,
        from_ms: told.window.from.0,
        until_ms: told.window.until.0,
        place: named(&told.place),
        points: pairs(&told.place.points),
        radius_m: told.place.radius_m,
        target: told.target.code(),
        threat: told.threat.code(),
        horizon: told.horizon.code(),
        handling: told.handling.code(),
        caveats: told.caveats.iter().map(|one| one.code()).collect(),
        compartment: told.compartment.code(),
        expires_ms: told.expires.0,
        phase: record.phase(at).code(),
        grade: record.grade().filter(|_| reads).map(|grade| grade.to_string()),
        sanitised: record.sanitised().filter(|_| reads).map(|(_, text, _)| text.to_owned()),
        released_to: released
            .map(|(_, to, ..)| to.iter().map(|role| role.as_str().to_owned()).collect())
            .unwrap_or_default(),
        written_by: mark.person.to_string(),
        written_ms: mark.clock_ms.0,
        task: told.task.map(|task| task.to_string()),
        course: course(record, reads),
        own,
    })
}

/// What was done with a report. Its writer learns what became of it, and nothing of who read it.
fn course(record: &Record, reads: bool) -> Vec<CourseRow> {
    let line = |word, detail: String, words: &str, mark: &Mark| CourseRow {
        word,
        detail,
        words: words.to_owned(),
        person: mark.person.to_string(),
        role: mark.role.as_str().to_owned(),
        at_ms: mark.clock_ms.0,
    };
    let mut lines: Vec<CourseRow> = record
        .feedback()
        .map(|(feedback, words, mark)| line("fed-back", feedback.code().to_owned(), words, mark))
        .collect();
    if reads {
        lines.extend(
            record
                .grades()
                .map(|(_, grade, words, mark)| line("graded", grade.to_string(), words, mark)),
        );
        lines.extend(
            record.readers().map(|(_, words, mark)| line("opened", String::new(), words, mark)),
        );
    }
    lines.sort_by_key(|line| line.at_ms);
    lines
}

fn matters(desk: &Intelligence, sight: &Sight, at: UnixMs) -> Vec<MatterRow> {
    let mut rows: Vec<MatterRow> = fusion::matters(desk, at)
        .into_iter()
        .filter_map(|reports| matter(desk, sight, at, &reports))
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse(row.posterior_e4));
    rows
}

fn matter(
    desk: &Intelligence,
    sight: &Sight,
    at: UnixMs,
    reports: &[EventRef],
) -> Option<MatterRow> {
    let first = *reports.first()?;
    let (told, mark) = desk.get(first)?.written()?;
    if !sight.reads(&mark.area) {
        return None;
    }
    let fused = fusion::fuse(fusion::PRIOR_E4, &fusion::voices(desk, reports, at));
    let signed = desk.assessment(first).map(|(_, one, by)| SignedRow {
        posterior_e4: one.posterior_e4,
        level: one.level,
        roots: one.roots,
        person: by.person.to_string(),
        at_ms: one.at.0,
        until_ms: one.until.0,
        words: one.words.clone(),
        outdated: one.until <= at || one.reports != reports || one.level != fused.level,
    });
    Some(MatterRow {
        reports: reports.iter().map(ToString::to_string).collect(),
        area: mark.area.as_str().to_owned(),
        threat: told.threat.code(),
        prior_e4: fused.prior_e4,
        posterior_e4: fused.posterior_e4,
        level: fused.level,
        roots: fused.roots,
        contradicted: fused.is_contradicted(),
        english: fused.english(),
        urdu: fused.urdu(),
        reasons: fused
            .reasons
            .iter()
            .map(|reason| ReasonRow {
                report: reason.report.to_string(),
                grade: reason.grade.to_string(),
                part: reason.part.code(),
                root: u32::try_from(reason.root).unwrap_or(u32::MAX),
                weight_milli: reason.weight_milli,
            })
            .collect(),
        may_sign: sight.holds(row::INTEL_ASSESS, &mark.area),
        signed,
    })
}

fn watch_row(area: &str, watch: &pehra_ops::intelligence::Watch, mark: &Mark) -> WatchRow {
    let (shape, points, radius_m) = match &watch.shape {
        Shape::Area => ("area", Vec::new(), 0),
        Shape::Circle { centre, radius_m } => ("circle", pairs(&[*centre]), *radius_m),
        Shape::Polygon(corners) => ("polygon", pairs(corners), 0),
    };
    WatchRow {
        area: area.to_owned(),
        name: watch.name.clone(),
        shape,
        points,
        radius_m,
        threats: watch.threats.iter().map(|one| one.code()).collect(),
        incidents: watch.incidents,
        until_ms: watch.until.0,
        set_by: mark.person.to_string(),
    }
}

/// Whoever watches an area without reading reports sees incidents there, and no report.
fn sees_hand(state: &State, sight: &Sight, hand: &Hand<'_>) -> bool {
    match &hand.fallen {
        Fallen::Incident(_) => sight.watches(hand.area),
        Fallen::Report(report) => {
            let told = state.intelligence.get(*report).and_then(Record::written);
            told.is_some_and(|(_, mark)| sight.reads(&mark.area))
        }
    }
}

fn hand_row(hand: &Hand<'_>) -> HandRow {
    HandRow {
        area: hand.area.as_str().to_owned(),
        watch: hand.watch.to_owned(),
        what: hand.fallen.name(),
        kind: match hand.fallen {
            Fallen::Report(_) => "report",
            Fallen::Incident(_) => "incident",
        },
        threat: hand.threat.map(pehra_ops::intelligence::Threat::code),
        since_ms: hand.since.0,
        up: hand.up,
    }
}

fn tasks(desk: &Intelligence, sight: &Sight, at: UnixMs) -> Vec<TaskRow> {
    let rows = desk.tasks().filter_map(|(id, record)| {
        let (task, mark) = record.asked()?;
        let asked = sight.answers(task.service, &mark.area);
        if !asked && !sight.reads(&mark.area) {
            return None;
        }
        let closing = record.closing();
        let open = record.phase(at) != TaskPhase::Closed;
        Some(TaskRow {
            may_answer: asked && open,
            may_close: open && sight.holds(row::INTEL_TASK, &mark.area),
            id: id.to_string(),
            area: mark.area.as_str().to_owned(),
            service: task.service.code(),
            question: task.question.clone(),
            answer_by_ms: task.answer_by.0,
            phase: record.phase(at).code(),
            answers: record.answers().count(),
            outcome: closing.map(|(outcome, ..)| outcome.code()),
            note: closing.map(|(_, note, _)| note.to_owned()).unwrap_or_default(),
            asked_by: mark.person.to_string(),
        })
    });
    rows.collect()
}

fn admissions(desk: &Intelligence, sight: &Sight) -> Vec<AdmissionRow> {
    let rows = desk.admissions().filter_map(|(id, admitted)| {
        let (given, reason, mark) = admitted.given()?;
        if admitted.phase(sight.now) != AdmissionPhase::Admitted || !sight.reads(&mark.area) {
            return None;
        }
        Some(AdmissionRow {
            id: id.to_string(),
            area: mark.area.as_str().to_owned(),
            person: given.person.to_string(),
            compartment: given.compartment.code(),
            until_ms: given.until.0,
            reason: reason.to_owned(),
            admitted_by: mark.person.to_string(),
        })
    });
    rows.collect()
}

pub(super) fn warning(one: &Warning<'_>, sight: &Sight, at: UnixMs) -> WarningRow {
    let measures = one.measures.iter().map(|measure| MeasureRow {
        order: measure.at.to_string(),
        measure: measure.charge.measure.code(),
        owner: measure.charge.owner.as_str().to_owned(),
        text: measure.order.text.clone(),
        confirm_by_ms: measure.charge.confirm_by.0,
        confirmed_ms: measure.confirmed.map(|at| at.0),
        given_by: measure.mark.person.to_string(),
        own: measure.confirmed.is_none()
            && sight.is_owner(&measure.charge.owner, &measure.mark.area),
    });
    WarningRow {
        id: one.release.to_string(),
        area: one.mark.area.as_str().to_owned(),
        text: one.text.to_owned(),
        threat: one.told.threat.code(),
        target: one.told.target.code(),
        place: named(&one.told.place),
        points: pairs(&one.told.place.points),
        radius_m: one.told.place.radius_m,
        from_ms: one.told.window.from.0,
        until_ms: one.told.window.until.0,
        to: one.to.iter().map(|role| role.as_str().to_owned()).collect(),
        released_ms: one.mark.clock_ms.0,
        standing: one.standing.code(),
        hand: one.hand(),
        may_order: at < one.told.window.until && sight.holds(row::ORDER_GIVE, &one.mark.area),
        measures: measures.collect(),
    }
}
