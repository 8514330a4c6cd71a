//! A net for a radio operator: what a sector's stations say in a stretch of a seeded day, as the engine lets it arrive, some
//! of it lost in noise, some from nobody of this net, some with a code that cannot be said at that hour.

use super::{
    Level, TrainerError, Wish, incident, live, luck, median, percent, pick,
    tell::{Sentences, Text},
};
use crate::day::{Code, Happening, Place, Plan, Role, Scenario, Second, Trouble, What};
use pehra_domain::seed::Seed;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// An entry is to take no longer than this.
pub const TARGET_MS: u32 = 3_000;
/// Twice the target still counts for most.
const SLOW_MS: u32 = 6_000;
/// A net of one teaches nothing.
const MEMBERS_MIN: usize = 2;
/// What a guard tells by voice. A complaint about those who guard is not among them: everybody hears a radio.
pub const TOLD: [Trouble; 14] = [
    Trouble::ArmPst,
    Trouble::GrePst,
    Trouble::IedPst,
    Trouble::CapPst,
    Trouble::PubCla,
    Trouble::PubCro,
    Trouble::PubFir,
    Trouble::VotWom,
    Trouble::VotAcc,
    Trouble::StfThr,
    Trouble::CusSea,
    Trouble::LogMat,
    Trouble::MedCas,
    Trouble::DevCam,
];
/// When a lesson may begin: before a check-in of the morning, the day, or the close.
const BEGINS: [(i32, i32); 6] = [(5, 55), (7, 25), (9, 55), (11, 55), (13, 55), (16, 55)];

/// A call sign in its three numbers.
pub type Sign = (u16, u16, u16);

/// One station of the net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub place: u16,
    pub station: String,
}

/// What the operator has to enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    CheckIn { sign: Sign, code: Code, trouble: bool, figures: [Option<u32>; 3] },
    Incident { sign: Sign, trouble: Trouble },
}

impl Answer {
    fn sign(&self) -> Sign {
        match self {
            Self::CheckIn { sign, .. } | Self::Incident { sign, .. } => *sign,
        }
    }
}

/// What is wrong with the first sending. Asked to say it again, the station says it whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trap {
    None,
    Noise,
    Stranger,
    Unfit,
}

impl Trap {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Noise => "noise",
            Self::Stranger => "stranger",
            Self::Unfit => "unfit",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub at: Second,
    pub first: Text,
    pub again: Text,
    pub trap: Trap,
    pub answer: Answer,
}

/// A lesson on one net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// As call signs have them, from 1.
    pub district: u16,
    pub sector: u16,
    pub members: Vec<Member>,
    pub from: Second,
    pub messages: Vec<Message>,
}

/// The stations of a plan with the call signs that they have.
pub type Signs = BTreeMap<u32, Sign>;

/// A lesson on one of the nets of a district: `plan` holds that district alone.
///
/// # Errors
/// [`TrainerError`]: no net of the plan has enough stations, or the day cannot be lived.
pub fn lesson(
    plan: &Arc<Plan>,
    scenario: Scenario,
    signs: &Signs,
    wish: Wish,
) -> Result<Lesson, TrainerError> {
    let sentences = Sentences::shipped()?;
    let mut luck = luck(wish.seed, 0);
    let mut nets: BTreeMap<(u16, u16), Vec<(u16, u32)>> = BTreeMap::new();
    for (&station, &(district, sector, place)) in signs {
        nets.entry((district, sector)).or_default().push((place, station));
    }
    let nets: Vec<_> = nets.into_iter().filter(|(_, net)| net.len() >= MEMBERS_MIN).collect();
    let Some(((district, sector), net)) = pick(&mut luck, &nets).cloned() else {
        return Err(TrainerError::Nothing("net of two stations"));
    };
    let (hour, minute) = pick(&mut luck, &BEGINS).copied().unwrap_or((9, 55));
    let from = Second::on(0, hour, minute);
    let name =
        |at: u32| plan.stations.get(at as usize).map_or_else(String::new, |it| it.id.to_string());
    let mut members: Vec<Member> =
        net.iter().map(|&(place, at)| Member { place, station: name(at) }).collect();
    members.sort_by_key(|it| it.place);
    let stations: Vec<u32> = net.iter().map(|(_, station)| *station).collect();
    let sign = |station: u32| {
        let sign = signs.get(&station).copied();
        sign.filter(|(_, of, _)| *of == sector)
    };
    let script = script(&mut luck, stations, from, wish.count);
    let mut heard: Vec<(Second, Answer)> = Vec::new();
    let until = from.plus(6 * 3_600);
    live(plan, scenario, script, (from, until), &mut |it| {
        heard.extend(answer(&it, &sign).map(|answer| (it.at, answer)));
    })?;
    let told = |answer: &Answer| matches!(answer, Answer::Incident { .. });
    let check_ins = heard.iter().filter(|(_, it)| !told(it)).count();
    if check_ins < MEMBERS_MIN {
        return Err(TrainerError::Nothing("net that is heard at that hour"));
    }
    heard.truncate(wish.count);
    let last = members.last().map_or(0, |it| it.place);
    let words = Words { sentences, last, level: wish.level };
    let messages = heard.into_iter().map(|(at, answer)| words.message(&mut luck, at, answer));
    Ok(Lesson { district, sector, from, messages: messages.collect(), members })
}

/// What the engine is asked to let happen on this net beside its own chances: one incident to five messages, each at another
/// station and of another kind.
fn script(
    luck: &mut Seed,
    mut places: Vec<u32>,
    from: Second,
    count: usize,
) -> Vec<crate::day::Scripted> {
    let mut kinds = TOLD.to_vec();
    let mut all = Vec::new();
    for number in 0..i32::try_from(count / 5).unwrap_or(4).max(1) {
        let (Some(&station), Some(&trouble)) = (pick(luck, &places), pick(luck, &kinds)) else {
            break;
        };
        places.retain(|it| *it != station);
        kinds.retain(|it| *it != trouble);
        let at = from.plus(60 + number * 420 + i32::try_from(luck.below(300)).unwrap_or(0));
        all.push(incident(at, trouble, Place::Station(station), (0, 0)));
    }
    all
}

fn answer(happening: &Happening, sign: &dyn Fn(u32) -> Option<Sign>) -> Option<Answer> {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the rest of what happens is not said on a net"
    )]
    match &happening.what {
        What::CheckInDelivered { station, code, content, .. }
            if !matches!(*code, Code::TEST | Code::RECEIPT) =>
        {
            let (sign, code, trouble) = (sign(*station)?, *code, content.is_trouble());
            Some(Answer::CheckIn { sign, code, trouble, figures: content.figures() })
        }
        What::IncidentReported { trouble, place: Place::Station(station), by, .. }
            if *by != Role::Citizen && TOLD.contains(trouble) =>
        {
            Some(Answer::Incident { sign: sign(*station)?, trouble: *trouble })
        }
        _ => None,
    }
}

/// As it is said and written: `D012 S03 07`.
#[must_use]
pub fn spoken((district, sector, place): Sign) -> String {
    format!("D{district:03} S{sector:02} {place:02}")
}

struct Words {
    sentences: Sentences,
    /// The highest place of the net.
    last: u16,
    level: Level,
}

impl Words {
    fn say(&self, answer: &Answer) -> Text {
        match answer {
            Answer::CheckIn { sign, code, trouble, figures } => {
                let code = code.to_string();
                let loud = format!("{code}!");
                let key = if *trouble && self.sentences.has(&loud) { &loud } else { &code };
                self.sentences.say(&spoken(*sign), (key, &code), *figures)
            }
            Answer::Incident { sign, trouble } => {
                let word = trouble.word();
                self.sentences.say(&spoken(*sign), (word, word), [None; 3])
            }
        }
    }

    fn message(&self, luck: &mut Seed, at: Second, answer: Answer) -> Message {
        let again = self.say(&answer);
        // One of six, four or three first sendings cannot be entered.
        let every = [6, 4, 3][usize::from(self.level.number() - 1).min(2)];
        let traps = [Trap::Noise, Trap::Stranger, Trap::Unfit];
        let trapped = luck.below(every) == 0;
        let mut trap = pick(luck, &traps).copied().filter(|_| trapped).unwrap_or(Trap::None);
        let (loses_code, shift) = (luck.below(2) == 0, luck.below(5));
        let mut first = again.clone();
        match (&answer, trap) {
            (_, Trap::None) => {}
            (Answer::CheckIn { sign, code, .. }, Trap::Noise) => {
                let part = if loses_code { code.to_string() } else { place_of(*sign) };
                first = again.without(&part);
            }
            (Answer::Incident { sign, .. }, Trap::Noise) => first = again.without(&place_of(*sign)),
            (_, Trap::Stranger) => {
                let extra = self.last + 1 + u16::try_from(shift).unwrap_or(0);
                first = self.say(&elsewhere(answer, extra));
            }
            (Answer::CheckIn { code, .. }, Trap::Unfit) => {
                first = self.say(&answer_with(answer, unfit(*code, shift)));
            }
            (Answer::Incident { .. }, Trap::Unfit) => trap = Trap::None,
        }
        Message { at, first, again, trap, answer }
    }
}

/// As a call sign ends: a blank before it, so that no figure is taken for it.
fn place_of((_, _, place): Sign) -> String {
    format!(" {place:02}")
}

fn elsewhere(answer: Answer, place: u16) -> Answer {
    match answer {
        Answer::CheckIn { sign: (district, sector, _), code, trouble, figures } => {
            Answer::CheckIn { sign: (district, sector, place), code, trouble, figures }
        }
        Answer::Incident { sign: (district, sector, _), trouble } => {
            Answer::Incident { sign: (district, sector, place), trouble }
        }
    }
}

fn answer_with(answer: Answer, code: Code) -> Answer {
    match answer {
        Answer::CheckIn { sign, figures, .. } => {
            Answer::CheckIn { sign, code, trouble: false, figures }
        }
        other @ Answer::Incident { .. } => other,
    }
}

/// A code that cannot be said now: of the evening in the day, of the morning in the evening.
fn unfit(code: Code, shift: u64) -> Code {
    let late = [Code::POSTED, Code::DEPARTED, Code::GATE, Code::COUNT, Code::CLOSED];
    let early = [Code::NIGHT, Code::BAG, Code::ARRIVED, Code::STAFF, Code::NIGHT];
    let from = if code < Code::FOUR { late } else { early };
    from.get(usize::try_from(shift).unwrap_or(0)).copied().unwrap_or(Code::NIGHT)
}

/// What an operator entered for a message, as the room's own grammar read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// Nothing: the message was let go.
    Nothing,
    Unreadable,
    Said(Answer),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Its place in the lesson, from 0.
    pub message: usize,
    pub line: Line,
    /// How often "say again" was asked.
    pub asked: u32,
    /// From the end of the last sending to the entry.
    pub took_ms: u32,
}

/// What an entry was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// Right, but what was heard could not have said so.
    Guessed,
    CallSign,
    Code,
    Trouble,
    Figures,
    Unreadable,
    Missed,
}

impl Verdict {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Guessed => "guessed",
            Self::CallSign => "call-sign",
            Self::Code => "code",
            Self::Trouble => "trouble",
            Self::Figures => "figures",
            Self::Unreadable => "unreadable",
            Self::Missed => "missed",
        }
    }
}

/// One line of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    pub message: usize,
    pub verdict: Verdict,
    pub trap: Trap,
    pub answer: Answer,
    pub asked: u32,
    pub took_ms: u32,
    /// Of ten.
    pub points: u32,
}

/// The sheet of a lesson, or of a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    pub lines: Vec<Judged>,
    pub right: u32,
    pub wrong: u32,
    pub missed: u32,
    /// Of the right ones, within three seconds.
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

/// Judges what was entered so far. A message that is entered twice counts as it was entered first; one that does not exist
/// counts for nothing.
#[must_use]
pub fn judge(lesson: &Lesson, entered: &[Entered]) -> Sheet {
    let mut seen = BTreeSet::new();
    let fresh = entered.iter().filter(|it| seen.insert(it.message));
    let lines: Vec<Judged> = fresh
        .filter_map(|it| lesson.messages.get(it.message).map(|message| judged(message, it)))
        .collect();
    let count = |test: &dyn Fn(&Judged) -> bool| {
        u32::try_from(lines.iter().filter(|it| test(it)).count()).unwrap_or(u32::MAX)
    };
    let right = |it: &Judged| it.verdict == Verdict::Right;
    let missed = |it: &Judged| it.verdict == Verdict::Missed;
    let needless = lines.iter().filter(|it| it.trap == Trap::None).map(|it| it.asked).sum();
    let points: u32 = lines.iter().map(|it| it.points).sum();
    let most = u32::try_from(lines.len() * 10).unwrap_or(u32::MAX);
    Sheet {
        right: count(&right),
        wrong: count(&|it| !right(it) && !missed(it)),
        missed: count(&missed),
        in_time: count(&|it| right(it) && it.took_ms <= TARGET_MS),
        median_ms: median(lines.iter().filter(|it| right(it)).map(|it| it.took_ms)),
        asked: lines.iter().map(|it| it.asked).sum(),
        asked_needlessly: needless,
        not_asked: count(&|it| it.trap != Trap::None && it.asked == 0 && !missed(it)),
        score: percent(points.saturating_sub(needless), most),
        lines,
    }
}

fn judged(message: &Message, entered: &Entered) -> Judged {
    let unheard = message.trap != Trap::None && entered.asked == 0;
    let said = verdict(&message.answer, &entered.line);
    let verdict = if said == Verdict::Right && unheard { Verdict::Guessed } else { said };
    let points = match (verdict, entered.took_ms) {
        (Verdict::Right, took) if took <= TARGET_MS => 10,
        (Verdict::Right, took) if took <= SLOW_MS => 8,
        (Verdict::Right, _) => 6,
        _ => 0,
    };
    Judged {
        message: entered.message,
        verdict,
        trap: message.trap,
        answer: message.answer,
        asked: entered.asked,
        took_ms: entered.took_ms,
        points,
    }
}

fn verdict(answer: &Answer, line: &Line) -> Verdict {
    let said = match line {
        Line::Nothing => return Verdict::Missed,
        Line::Unreadable => return Verdict::Unreadable,
        Line::Said(said) => said,
    };
    if answer.sign() != said.sign() {
        return Verdict::CallSign;
    }
    match (answer, said) {
        (
            Answer::CheckIn { code, trouble, figures, .. },
            Answer::CheckIn { code: coded, trouble: troubled, figures: figured, .. },
        ) => match () {
            () if code != coded => Verdict::Code,
            () if trouble != troubled => Verdict::Trouble,
            () if figures != figured => Verdict::Figures,
            () => Verdict::Right,
        },
        (Answer::Incident { .. }, Answer::Incident { .. }) if answer == said => Verdict::Right,
        _ => Verdict::Code,
    }
}

#[cfg(test)]
#[path = "tests/net.rs"]
mod tests;
