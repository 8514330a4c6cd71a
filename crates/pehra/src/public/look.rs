//! What is shown to anybody: the list of stations that was published, what their officers said of opening and closing,
//! polls that were put off, campaigns that run, and what was recorded of suspended services. No force, no post, no route, no incident.

use crate::{
    day::{FLAG_CLOSED, FLAG_OPENED, SuspensionRow},
    node::Node,
};
use pehra_domain::{AreaId, Date, StationId, UnixMs, campaign::Language, station::StationKind};
use pehra_ops::{campaign::Topic, poll::Phase as PollPhase};

/// Hours of the day of poll at which voting begins and ends, where nobody ordered otherwise.
const OPENS_MS: i64 = 8 * 3_600_000;
const CLOSES_MS: i64 = 17 * 3_600_000;
/// Opening that is not reported so long after its hour is called late.
const LATE_MS: i64 = 30 * 60_000;
/// Stations shown at once.
pub(super) const FOUND_MAX: usize = 40;

/// What its officer said of a station, or did not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Open,
    Ended,
    /// The hour has passed and nobody said that it opened.
    NoWord,
    NotYet,
}

pub(super) struct Found {
    pub(super) id: StationId,
    pub(super) name: String,
    pub(super) contests: Vec<(String, String)>,
    pub(super) kind: StationKind,
    pub(super) standing: Standing,
}

pub(super) struct Today {
    pub(super) stations: u32,
    pub(super) opened: u32,
    pub(super) ended: u32,
    pub(super) no_word: u32,
    /// The newest word of any of them.
    pub(super) heard: Option<UnixMs>,
    pub(super) now: UnixMs,
    pub(super) poll: Date,
    pub(super) suspensions: Vec<SuspensionRow>,
}

pub(super) struct Notice {
    pub(super) constituency: String,
    pub(super) station: Option<String>,
    pub(super) phase: PollPhase,
    pub(super) on: Date,
    pub(super) goes_on: Option<Date>,
    pub(super) instrument: String,
}

/// Districts by name, with both names.
pub(super) fn districts(node: &Node) -> Vec<(AreaId, String, String)> {
    let mut all: Vec<_> = node
        .gazetteer()
        .districts
        .iter()
        .map(|one| {
            let urdu = if one.name_ur.is_empty() { &one.name } else { &one.name_ur };
            (one.area.clone(), one.name.clone(), urdu.clone())
        })
        .collect();
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

/// A district that is one.
pub(super) fn district(node: &Node, name: &str) -> Option<AreaId> {
    let found = node.gazetteer().districts.iter().find(|one| one.area.as_str() == name)?;
    Some(found.area.clone())
}

fn standing(byte: u8, now: UnixMs, poll: Date) -> Standing {
    let opens = poll.midnight_pkt().0 + OPENS_MS;
    if byte & FLAG_CLOSED != 0 {
        Standing::Ended
    } else if byte & FLAG_OPENED != 0 {
        Standing::Open
    } else if now.0 < opens + LATE_MS {
        Standing::NotYet
    } else {
        Standing::NoWord
    }
}

/// Whether the usual hours of voting are over.
pub(super) fn is_over(today: &Today) -> bool {
    today.now.0 >= today.poll.midnight_pkt().0 + CLOSES_MS
}

/// How things stand in a district; none while there is no list of stations, or none of them is there.
pub(super) fn today(node: &Node, area: &AreaId) -> Option<Today> {
    let picture = node.day_picture()?;
    let one = picture.areas.iter().find(|one| one.area == *area)?;
    let span = one.range.start as usize..one.range.end as usize;
    let mut today = Today {
        stations: one.range.end - one.range.start,
        opened: 0,
        ended: 0,
        no_word: 0,
        heard: one.heard_at,
        now: picture.now,
        poll: picture.poll,
        suspensions: suspensions(&picture.suspensions, Some(area)),
    };
    for byte in picture.status.get(span).unwrap_or_default() {
        match standing(*byte, picture.now, picture.poll) {
            Standing::Open => today.opened += 1,
            Standing::Ended => today.ended += 1,
            Standing::NoWord => today.no_word += 1,
            Standing::NotYet => {}
        }
    }
    Some(today)
}

/// Recorded suspensions of services that reach an area, or all of them.
fn suspensions(all: &[SuspensionRow], area: Option<&AreaId>) -> Vec<SuspensionRow> {
    let reaches = |row: &&SuspensionRow| area.is_none_or(|area| row.area.meets(area));
    all.iter().filter(reaches).cloned().collect()
}

/// Every recorded suspension of services.
pub(super) fn all_suspensions(node: &Node) -> Vec<SuspensionRow> {
    node.day_picture().map(|picture| suspensions(&picture.suspensions, None)).unwrap_or_default()
}

/// Stations of a district whose name, number or constituency reads so.
pub(super) fn find(node: &Node, area: &AreaId, words: &str) -> (usize, Vec<Found>) {
    let Some(picture) = node.day_picture() else { return (0, Vec::new()) };
    let Some(one) = picture.areas.iter().find(|one| one.area == *area) else {
        return (0, Vec::new());
    };
    let wanted = words.trim().to_lowercase();
    let span = one.range.start as usize..one.range.end as usize;
    let rows = picture.stations.stations.get(span.clone()).unwrap_or_default();
    let (mut count, mut found) = (0, Vec::new());
    for (place, station) in span.zip(rows) {
        let is_named = station.name.to_lowercase().contains(&wanted)
            || station.id.as_str().to_lowercase().contains(&wanted)
            || station
                .contests
                .iter()
                .any(|one| one.constituency.as_str().eq_ignore_ascii_case(&wanted));
        if !is_named {
            continue;
        }
        count += 1;
        if found.len() < FOUND_MAX {
            let byte = picture.status.get(place).copied().unwrap_or(0);
            let of = |one: &pehra_domain::contest::Contest| {
                (one.constituency.to_string(), one.station_no.clone())
            };
            found.push(Found {
                id: station.id.clone(),
                name: station.name.clone(),
                contests: station.contests.iter().map(of).collect(),
                kind: station.kind,
                standing: standing(byte, picture.now, picture.poll),
            });
        }
    }
    (count, found)
}

/// Polls that were put off, broken off or ordered again.
pub(super) fn notices(node: &Node) -> Vec<Notice> {
    node.ops(|state| {
        let all = state.polls.all();
        all.filter_map(|(poll, _)| {
            let phase = state.polls.phase(poll);
            let told =
                matches!(phase, PollPhase::Postponed | PollPhase::Adjourned | PollPhase::Repeated);
            let (record, _) = state.polls.get(poll).filter(|_| told)?;
            Some(Notice {
                constituency: poll.constituency.to_string(),
                station: poll.station.as_ref().map(ToString::to_string),
                phase,
                on: poll.date,
                goes_on: record.goes_on,
                instrument: record.order.instrument.clone(),
            })
        })
        .collect()
    })
}

/// Most bytes of campaigns' texts on a page: what is not there is on posters and on the air.
const TOLD_BYTES_MAX: usize = 8_000;

/// A campaign that runs, in the language of the page.
pub(super) struct Told {
    pub(super) correction: bool,
    pub(super) area: AreaId,
    pub(super) text: String,
}

/// What campaigns say today in a language that is out, corrections first, as far as the page holds it.
pub(super) fn campaigns(node: &Node, language: Language) -> Vec<Told> {
    let today = Date::of_pkt(node.now());
    let mut told: Vec<Told> = node.ops(|state| {
        let all = state.campaigns.all();
        all.filter_map(|(_, draft, mark, record)| {
            let out = record.out(state, today);
            let (_, text) = out.into_iter().find(|(one, _)| *one == language)?;
            let correction = draft.topic == Topic::Correction;
            Some(Told { correction, area: mark.area.clone(), text: text.to_owned() })
        })
        .collect()
    });
    told.sort_by_key(|one| (!one.correction, one.text.len()));
    let mut bytes = 0;
    told.retain(|one| {
        let fits = bytes + one.text.len() <= TOLD_BYTES_MAX;
        bytes += if fits { one.text.len() } else { 0 };
        fits
    });
    told
}
