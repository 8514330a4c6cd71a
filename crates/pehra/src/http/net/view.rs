//! What the operator's page shows.

use super::Desk;
use crate::{
    day::{schedule, taxonomy},
    http::problem::Fault,
    net::{Entry, Said, Unheard},
};
use pehra_ops::check_in::{Code, Day, Reading, Subject, Word, quick::Matter, schedule::Due};
use serde::Serialize;

/// Somebody on a net.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct RollMember {
    pub place: u16,
    pub call_sign: String,
    pub station: String,
    pub name: String,
    /// On the ladder: `waiting`, `heard`, `due`, `amber`, `red`, `district`, `dark`.
    pub stage: &'static str,
    /// What is awaited: missing longest, or due within half an hour.
    pub code: Option<&'static str>,
    pub due_ms: Option<i64>,
    /// When the next rung of the ladder is reached without a word.
    pub next_ms: Option<i64>,
    pub heard_ms: Option<i64>,
    /// The last word was trouble.
    pub trouble: bool,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NetDistrict {
    /// As it is said on the air.
    pub number: u16,
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
}

/// A net and who is expected on it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct NetRoll {
    pub now_ms: i64,
    pub pace_milli: u32,
    pub district: String,
    pub number: u16,
    pub sector: u16,
    pub sectors: Vec<u16>,
    /// `D012 S03`.
    pub net: String,
    /// Within reach.
    pub districts: Vec<NetDistrict>,
    /// The sector's own post.
    pub post: RollMember,
    pub members: Vec<RollMember>,
    pub may_strike: bool,
    pub may_report: bool,
}

/// What is said of a line that cannot be entered: what was heard, and what to ask.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LineFault {
    pub code: String,
    pub text_en: String,
    pub text_ur: String,
}

/// One line, as it would be entered.
#[derive(Clone, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct LineRead {
    /// `check-in`, `incident`, `net` or `fault`.
    pub kind: &'static str,
    pub call_sign: String,
    pub area: String,
    /// Of the net that is to be opened.
    pub sector: Option<u16>,
    /// None: the sector's post.
    pub station: Option<String>,
    pub name: String,
    pub code: String,
    /// What an incident's code means.
    pub means_en: String,
    pub means_ur: String,
    pub well: bool,
    pub counts: [Option<u16>; 3],
    pub note: String,
    /// Of an incident.
    pub severity: Option<u8>,
    /// `early`: it falls due an hour from now or later. `said`: the same is on record already.
    pub doubt: Option<&'static str>,
    pub fault: Option<LineFault>,
}

/// What became of a line.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct LineEntered {
    pub read: LineRead,
    /// The entry that bears it: device, log epoch and number. None: it was not entered.
    pub entry: Option<String>,
    /// The incident's name.
    pub incident: Option<String>,
    /// Why it was not entered.
    pub fault: Option<LineFault>,
}

/// What falls due later than this is more likely a slip.
const EARLY_MS: i64 = 60 * 60_000;

impl From<&Unheard> for LineFault {
    fn from(why: &Unheard) -> Self {
        Self { code: why.code().to_owned(), text_en: why.english(), text_ur: why.urdu() }
    }
}

impl From<Fault> for LineFault {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code, text_en: fault.text_en, text_ur: fault.text_ur }
    }
}

pub(super) fn line(desk: &Desk, read: Result<&Said, &Unheard>) -> LineRead {
    match read {
        Err(why) => LineRead { kind: "fault", fault: Some(why.into()), ..LineRead::default() },
        Ok(Said::Net { area, sector, sign }) => LineRead {
            kind: "net",
            call_sign: sign.clone(),
            area: area.to_string(),
            sector: Some(*sector),
            ..LineRead::default()
        },
        Ok(Said::Entry(entry)) => said(desk, entry),
    }
}

fn said(desk: &Desk, entry: &Entry) -> LineRead {
    let world = desk.room.node().world();
    let table = world.stations.as_deref();
    let station = match &entry.subject {
        Subject::Station(id) => Some(id.to_string()),
        Subject::Sector(_) | Subject::Convoy(_) => None,
    };
    let named = station.as_deref().and_then(|id| table?.named(id));
    let base = LineRead {
        call_sign: entry.sign.clone(),
        area: entry.area.to_string(),
        name: named.map(|it| it.name.clone()).unwrap_or_default(),
        station,
        ..LineRead::default()
    };
    match entry.matter {
        Matter::CheckIn { code, trouble, counts } => LineRead {
            kind: "check-in",
            code: code.name().to_owned(),
            well: !trouble,
            counts: [counts.first, counts.second, counts.third],
            doubt: doubt(desk, entry, code, trouble),
            note: entry.note.clone(),
            ..base
        },
        Matter::Incident(code) => {
            let kind = taxonomy().and_then(|all| all.kind(code));
            LineRead {
                kind: "incident",
                code: code.name().to_owned(),
                means_en: kind.map(|it| it.title.clone()).unwrap_or_default(),
                means_ur: kind.map(|it| it.title_ur.clone()).unwrap_or_default(),
                severity: kind.map(|it| it.severity.number()),
                note: entry.note.clone(),
                ..base
            }
        }
    }
}

fn doubt(desk: &Desk, entry: &Entry, code: Code, trouble: bool) -> Option<&'static str> {
    let node = desk.room.node();
    let now = node.day_now();
    let word = if trouble { Word::Trouble } else { Word::Well };
    node.ops(|state| {
        let day = state.check_ins.area(&entry.area).and_then(|area| area.day(&entry.subject));
        if let Reading::Said(claim) = day.map_or(Reading::Silent, |day: &Day| day.reading(code))
            && claim.word == word
        {
            return Some("said");
        }
        let row = schedule()?.row(code)?;
        let due = row.due_at(state.election()?.date, |_| None);
        let early =
            matches!(row.due, Due::At(_)) && due.is_some_and(|due| due.0 - now.0 > EARLY_MS);
        early.then_some("early")
    })
}
