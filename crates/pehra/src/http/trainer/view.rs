//! Lessons and sheets as they are told.

use crate::{
    day::taxonomy,
    http::{problem::Problem, room::Room},
};
use pehra_domain::{AreaId, exercise::EXERCISE_MARK};
use pehra_drill::{
    day::{
        Between, Trouble,
        scenario::replay::{Case, REPLAY_CSV, cases},
    },
    trainer::{
        class::{self, Asked},
        net::{self, Answer, spoken},
        tell,
        watch::{self, Deed, Heard, Whom},
    },
};
use pehra_ops::incident::Code as Kind;
use serde::Serialize;

#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TrainerText)]
pub struct Text {
    pub en: String,
    pub ur: String,
}

impl From<&tell::Text> for Text {
    fn from(text: &tell::Text) -> Self {
        Self { en: text.en.clone(), ur: text.ur.clone() }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetMember {
    pub place: u16,
    pub call_sign: String,
    pub station: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetMessage {
    pub at_ms: i64,
    pub first: Text,
    /// What is said when somebody asks for it again.
    pub again: Text,
}

/// A code that is said or chosen.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetCode {
    pub code: String,
    pub title: Text,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetView {
    pub mark: String,
    pub district: String,
    /// `D012 S03`.
    pub net: String,
    pub from_ms: i64,
    pub target_ms: u32,
    pub members: Vec<NetMember>,
    pub messages: Vec<NetMessage>,
    /// Codes of incidents, for what is told in words.
    pub incidents: Vec<NetCode>,
}

fn title(code: &str) -> Text {
    let kind = Kind::parse(code).and_then(|code| taxonomy().and_then(|all| all.kind(code)));
    let blank = || Text { en: code.to_owned(), ur: code.to_owned() };
    kind.map_or_else(blank, |kind| Text { en: kind.title.clone(), ur: kind.title_ur.clone() })
}

impl NetView {
    pub(super) fn of(room: &Room, area: &AreaId, lesson: &net::Lesson) -> Self {
        let day = room.node().poll_date();
        let (district, sector) = (lesson.district, lesson.sector);
        let member = |it: &net::Member| NetMember {
            place: it.place,
            call_sign: spoken((district, sector, it.place)),
            station: it.station.clone(),
        };
        let message = |it: &net::Message| NetMessage {
            at_ms: it.at.unix_ms(day).0,
            first: (&it.first).into(),
            again: (&it.again).into(),
        };
        let code = |it: &Trouble| NetCode { code: it.word().to_owned(), title: title(it.word()) };
        Self {
            mark: EXERCISE_MARK.to_owned(),
            district: area.to_string(),
            net: format!("D{district:03} S{sector:02}"),
            from_ms: lesson.from.unix_ms(day).0,
            target_ms: net::TARGET_MS,
            members: lesson.members.iter().map(member).collect(),
            messages: lesson.messages.iter().map(message).collect(),
            incidents: net::TOLD.iter().map(code).collect(),
        }
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetLine {
    pub message: usize,
    /// `right`, `guessed`, `call-sign`, `code`, `trouble`, `figures`, `unreadable` or `missed`.
    pub verdict: &'static str,
    /// What was wrong with the first sending: `none`, `noise`, `stranger` or `unfit`.
    pub trap: &'static str,
    /// The shortest line that says it.
    pub wanted: String,
    pub asked: u32,
    pub took_ms: u32,
    pub points: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NetSheet {
    pub mark: String,
    pub lines: Vec<NetLine>,
    pub right: u32,
    pub wrong: u32,
    pub missed: u32,
    /// Of the right ones, within the target.
    pub in_time: u32,
    pub median_ms: Option<u32>,
    pub asked: u32,
    /// Asked although all was understandable.
    pub asked_needlessly: u32,
    /// Entered although it could not be understood.
    pub not_asked: u32,
    /// Of a hundred.
    pub score: u32,
}

fn shortest(answer: &Answer) -> String {
    match answer {
        Answer::CheckIn { sign: (.., place), code, trouble, figures } => {
            let mut line = format!("{place} {code}{}", if *trouble { "!" } else { "" });
            for figure in figures.iter().flatten() {
                line.push_str(&format!(" {figure}"));
            }
            line
        }
        Answer::Incident { sign: (.., place), trouble } => format!("{place} {}", trouble.word()),
    }
}

impl NetSheet {
    pub(super) fn of(sheet: &net::Sheet) -> Self {
        let line = |it: &net::Judged| NetLine {
            message: it.message,
            verdict: it.verdict.word(),
            trap: it.trap.word(),
            wanted: shortest(&it.answer),
            asked: it.asked,
            took_ms: it.took_ms,
            points: it.points,
        };
        Self {
            mark: EXERCISE_MARK.to_owned(),
            lines: sheet.lines.iter().map(line).collect(),
            right: sheet.right,
            wrong: sheet.wrong,
            missed: sheet.missed,
            in_time: sheet.in_time,
            median_ms: sheet.median_ms,
            asked: sheet.asked,
            asked_needlessly: sheet.asked_needlessly,
            not_asked: sheet.not_asked,
            score: sheet.score,
        }
    }
}

/// One thing that the room hears.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchItem {
    pub at_ms: i64,
    /// `reported`, `citizen`, `silence`, `toll` or `tip`.
    pub kind: &'static str,
    pub code: String,
    pub title: Text,
    pub severity: u8,
    pub subject: String,
    pub class: Option<&'static str>,
    /// Who says so, by role.
    pub by: Option<&'static str>,
    /// How a citizen reached the desk.
    pub channel: Option<&'static str>,
    /// The check-in that is missing.
    pub missing: Option<String>,
    /// Killed and hurt, each from at least to at most.
    pub toll: Option<[u32; 4]>,
    /// `B3`.
    pub grade: Option<String>,
    pub acknowledge_s: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchView {
    pub mark: String,
    pub district: String,
    pub from_ms: i64,
    pub items: Vec<WatchItem>,
    /// To whom something may be given.
    pub whom: Vec<&'static str>,
}

fn grade(source: u8, credibility: u8) -> String {
    let letter = ['A', 'B', 'C', 'D', 'E', 'F'].get(usize::from(source.saturating_sub(1)));
    format!("{}{credibility}", letter.copied().unwrap_or('F'))
}

impl WatchView {
    pub(super) fn of(room: &Room, area: &AreaId, lesson: &watch::Lesson) -> Self {
        let day = room.node().poll_date();
        let item = |it: &watch::Item| {
            let kind = Kind::parse(it.trouble.word());
            let kind = kind.and_then(|code| taxonomy().and_then(|all| all.kind(code)));
            let mut view = WatchItem {
                at_ms: it.at.unix_ms(day).0,
                kind: it.heard.word(),
                code: it.trouble.word().to_owned(),
                title: title(it.trouble.word()),
                severity: it.severity,
                subject: it.subject.clone(),
                class: it.class.map(pehra_domain::risk::RiskClass::word),
                by: None,
                channel: None,
                missing: None,
                toll: None,
                grade: None,
                acknowledge_s: kind.map_or(600, |kind| kind.targets.acknowledge * 60),
            };
            match it.heard {
                Heard::Reported { by } => view.by = Some(by.word()),
                Heard::Citizen { channel } => view.channel = Some(channel.word()),
                Heard::Silence { code } => view.missing = Some(code.to_string()),
                Heard::Toll { killed: Between { low, high }, injured } => {
                    view.toll = Some([low, high, injured.low, injured.high]);
                }
                Heard::Tip { source, credibility } => view.grade = Some(grade(source, credibility)),
            }
            view
        };
        Self {
            mark: EXERCISE_MARK.to_owned(),
            district: area.to_string(),
            from_ms: lesson.from.unix_ms(day).0,
            items: lesson.items.iter().map(item).collect(),
            whom: Whom::ALL.iter().map(|it| it.word()).collect(),
        }
    }
}

/// One thing that was to be done.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchWanted {
    pub deed: &'static str,
    /// One of these is enough.
    pub whom: Vec<&'static str>,
    pub due_s: u32,
    pub done_ms: Option<u32>,
    pub in_time: bool,
}

/// What should have been left undone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchWrong {
    pub deed: &'static str,
    pub whom: Option<&'static str>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchLine {
    pub item: usize,
    /// `right`, `late`, `part`, `wrong` or `missed`.
    pub verdict: &'static str,
    /// `taxonomy`, `verify-first`, `one-incident`, `past-the-accused`, `next-rung`, `revision`, `to-the-desk` or `one-root`.
    pub why: &'static str,
    pub wanted: Vec<WatchWanted>,
    pub wrong: Vec<WatchWrong>,
    /// What a caller's word was worth: `true`, `mistaken` or `malicious`.
    pub truth: Option<&'static str>,
    /// What the taxonomy has done first.
    pub first_actions: Text,
    pub points: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchSheet {
    pub mark: String,
    pub lines: Vec<WatchLine>,
    pub right: u32,
    pub late: u32,
    pub part: u32,
    pub wrong: u32,
    pub missed: u32,
    /// Until the first act.
    pub median_ms: Option<u32>,
    /// Of a hundred.
    pub score: u32,
}

impl WatchSheet {
    pub(super) fn of(sheet: &watch::Sheet, lesson: &watch::Lesson) -> Self {
        let wanted = |it: &watch::Wanted| WatchWanted {
            deed: it.deed.word(),
            whom: it.whom.iter().map(|it| it.word()).collect(),
            due_s: it.due_s,
            done_ms: it.done_ms,
            in_time: it.in_time(),
        };
        let wrong = |(deed, whom): &(Deed, Option<Whom>)| WatchWrong {
            deed: deed.word(),
            whom: whom.map(Whom::word),
        };
        let line = |it: &watch::Judged| WatchLine {
            item: it.item,
            verdict: it.verdict,
            why: it.why.word(),
            wanted: it.wanted.iter().map(wanted).collect(),
            wrong: it.wrong.iter().map(wrong).collect(),
            truth: it.truth.map(pehra_drill::day::Truth::word),
            first_actions: first_actions(lesson.items.get(it.item).map(|it| it.trouble)),
            points: it.points,
        };
        Self {
            mark: EXERCISE_MARK.to_owned(),
            lines: sheet.lines.iter().map(line).collect(),
            right: sheet.right,
            late: sheet.late,
            part: sheet.part,
            wrong: sheet.wrong,
            missed: sheet.missed,
            median_ms: sheet.median_ms,
            score: sheet.score,
        }
    }
}

fn first_actions(trouble: Option<Trouble>) -> Text {
    let kind = trouble.and_then(|it| Kind::parse(it.word()));
    let kind = kind.and_then(|code| taxonomy().and_then(|all| all.kind(code)));
    let none = || Text { en: String::new(), ur: String::new() };
    kind.map_or_else(none, |kind| Text {
        en: kind.first_actions.clone(),
        ur: kind.first_actions_ur.clone(),
    })
}

/// Where a situation is drawn from.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClassCase {
    /// `RC16`.
    pub id: String,
    pub district: String,
    /// The press report.
    pub source: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClassSituation {
    pub id: String,
    pub module: u8,
    pub case: Option<ClassCase>,
    /// `R1` to `R9`.
    pub rules: Vec<String>,
    pub scene: Text,
    pub question: Text,
    pub options: Vec<Text>,
    /// What the class talks about.
    pub points: Vec<Text>,
    /// Which option is right, from 0; shown when hands were counted.
    pub right: usize,
    pub why: Text,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClassView {
    pub mark: String,
    pub situations: Vec<ClassSituation>,
}

impl ClassView {
    /// # Errors
    /// A shipped table cannot be read.
    pub(super) fn of(asked: &[Asked]) -> Result<Self, Problem> {
        let known = cases(REPLAY_CSV).map_err(Problem::internal)?;
        let case = |id: &String| {
            let found: Option<&Case> = known.iter().find(|it| it.id == *id);
            found.map(|it| ClassCase {
                id: it.id.clone(),
                district: it.district.clone(),
                source: it.source.clone(),
            })
        };
        let texts = |all: &[tell::Text]| all.iter().map(Text::from).collect();
        let one = |it: &Asked| {
            let situation = &it.situation;
            let option = |at: &usize| situation.options.get(*at).map(Text::from);
            ClassSituation {
                id: situation.id.clone(),
                module: situation.module,
                case: situation.case.as_ref().and_then(case),
                rules: situation.rules.clone(),
                scene: (&situation.scene).into(),
                question: (&situation.question).into(),
                options: it.order.iter().filter_map(option).collect(),
                points: texts(&situation.points),
                right: it.right,
                why: (&situation.why).into(),
            }
        };
        let situations = asked.iter().map(one).collect();
        Ok(Self { mark: EXERCISE_MARK.to_owned(), situations })
    }
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClassLine {
    pub id: String,
    pub module: u8,
    pub hands: Vec<u32>,
    pub right: u32,
    pub all: u32,
    /// None where nobody raised a hand.
    pub percent: Option<u32>,
    /// More hands went up for another answer than for the right one.
    pub misled: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClassAgain {
    pub module: u8,
    pub percent: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ClassSheet {
    pub mark: String,
    pub lines: Vec<ClassLine>,
    pub right: u32,
    pub all: u32,
    pub percent: u32,
    /// Modules to be heard again, the weakest first.
    pub again: Vec<ClassAgain>,
    /// Below this share of right hands a module is.
    pub enough_percent: u32,
}

impl ClassSheet {
    pub(super) fn of(sheet: class::Sheet) -> Self {
        let line = |it: class::Counted| ClassLine {
            id: it.id,
            module: it.module,
            hands: it.hands,
            right: it.right,
            all: it.all,
            percent: it.percent,
            misled: it.misled,
        };
        let again = |(module, percent)| ClassAgain { module, percent };
        Self {
            mark: EXERCISE_MARK.to_owned(),
            lines: sheet.lines.into_iter().map(line).collect(),
            right: sheet.right,
            all: sheet.all,
            percent: sheet.percent,
            again: sheet.again.into_iter().map(again).collect(),
            enough_percent: class::ENOUGH_PERCENT,
        }
    }
}
