//! One committee as somebody sees it, with whom it has now: counts for everybody who may look.

use super::date;
use crate::{
    day::schedule,
    http::{
        mark::MarkView,
        problem::Problem,
        table::need,
        who::{Access, holdings},
    },
    node::Node,
};
use pehra_domain::{AreaId, Date, PersonId};
use pehra_ops::{
    EventRef, State as Ops,
    check_in::{Code, schedule::Due},
    community::{
        Committee, Duty, Phase, Record, Rota, Short, Topic, Volunteer, VolunteerPhase, short,
    },
    permission as row,
    stamp::Mark,
};
use serde::Serialize;

/// Minutes of the day between which polling stations are open, where the table of the day says nothing.
const HOURS: (u16, u16) = (480, 1_020);
/// Volunteers of one or many committees, counted.
#[derive(Clone, Copy, Debug, Default, Serialize, utoipa::ToSchema)]
pub struct CommunityCounts {
    /// How many are to stand at once.
    pub seats: usize,
    /// On the roster, whatever became of it, without those released.
    pub enlisted: usize,
    pub passed: usize,
    /// Nobody has vetted them.
    pub waiting: usize,
    pub refused: usize,
    /// Vetted apart, with two results: they serve nowhere.
    pub disputed: usize,
    /// Who passed and for whom no seat was kept at a briefing that everybody hears: so many at least.
    pub unbriefed: usize,
}

/// Seats of one duty, and who of them may serve.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunitySeats {
    pub duty: &'static str,
    pub seats: u16,
    pub enlisted: usize,
    pub passed: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityRow {
    /// Names it when something is done about it.
    pub id: String,
    pub area: String,
    pub kind: &'static str,
    pub place: String,
    pub ended: bool,
    pub by: MarkView,
    pub counts: CommunityCounts,
    pub seats: Vec<CommunitySeats>,
    /// What everybody hears and nobody was told yet.
    pub topics_missing: Vec<&'static str>,
    /// The day's: `none`, `disputed`, `gaps`, `short` or `whole`; `ended` of a committee that has.
    pub rota: &'static str,
    pub feedback: usize,
    /// Feedback that nobody answered.
    pub unanswered: usize,
    /// Whoever asks may do this: `enlist`, `release`, `vet`, `brief`, `plan`, `answer`, `tell`, `dissolve`.
    pub acts: Vec<&'static str>,
}

/// Somebody who looks at committees, with every role of theirs that has to do with them.
pub(super) struct Viewer {
    pub(super) node: Node,
    pub(super) access: Access,
    pub(super) hours: (u16, u16),
}

impl Viewer {
    pub(super) fn of(node: &Node, access: &Access) -> Self {
        let table = &node.rules().permissions;
        let mut all = holdings(node, &access.person, node.now());
        all.retain(|one| need::COMMUNITY.iter().any(|row| table.allows(&one.role, row)));
        let minute = |code| match schedule()?.row(code)?.due {
            Due::At(minute) => u16::try_from(minute).ok(),
            Due::After(..) | Due::Never => None,
        };
        let hours = minute(Code::A7).zip(minute(Code::A12)).unwrap_or(HOURS);
        Self { node: node.clone(), access: Access { holdings: all, ..access.clone() }, hours }
    }

    pub(super) fn reaches(&self, area: &AreaId) -> bool {
        self.access.reaches(area)
    }

    pub(super) fn may(&self, area: &AreaId, row: &str) -> bool {
        self.access.holds(&self.node, area, row)
    }

    /// Whether numbers are shown.
    pub(super) fn close(&self, area: &AreaId) -> bool {
        need::COMMUNITY_NUMBERS.iter().any(|row| self.may(area, row))
    }

    fn acts(&self, area: &AreaId) -> Vec<&'static str> {
        let acts: [(&str, &[&'static str]); 5] = [
            (row::COMMUNITY_ENLIST, &["enlist", "release"]),
            (row::COMMUNITY_VET, &["vet"]),
            (row::COMMUNITY_LEAD, &["brief", "plan", "answer"]),
            (row::COMMUNITY_TELL, &["tell"]),
            (row::COMMUNITY_FORM, &["dissolve"]),
        ];
        let able = acts.into_iter().filter(|(row, _)| self.may(area, row));
        able.flat_map(|(_, acts)| acts).copied().collect()
    }
}

/// One committee with whom it has now.
pub(super) struct Look<'a> {
    pub(super) at: EventRef,
    pub(super) committee: &'a Committee,
    pub(super) mark: &'a Mark,
    pub(super) record: &'a Record,
    pub(super) roster: Vec<Volunteer<'a>>,
}

impl<'a> Look<'a> {
    pub(super) fn of(
        (at, committee, mark, record): (EventRef, &'a Committee, &'a Mark, &'a Record),
    ) -> Self {
        Self { at, committee, mark, record, roster: record.roster() }
    }

    /// A number of the roster, which the record has in the order of the numbers.
    pub(super) fn known(&self, number: &PersonId) -> Option<&Volunteer<'a>> {
        let at = self.roster.binary_search_by(|one| one.number.cmp(number)).ok()?;
        self.roster.get(at)
    }

    pub(super) fn serves(&self, number: &PersonId) -> bool {
        self.known(number).is_some_and(|one| one.phase == VolunteerPhase::Passed)
    }

    pub(super) fn is_open(&self) -> bool {
        self.record.phase() == Phase::Formed
    }

    fn count(&self, phase: VolunteerPhase) -> usize {
        self.roster.iter().filter(|one| one.phase == phase).count()
    }

    pub(super) fn counts(&self) -> CommunityCounts {
        let passed = self.count(VolunteerPhase::Passed);
        CommunityCounts {
            seats: self.committee.seats.iter().map(|one| usize::from(one.count)).sum(),
            enlisted: self.roster.len(),
            passed,
            waiting: self.count(VolunteerPhase::Enlisted),
            refused: self.count(VolunteerPhase::Refused),
            disputed: self.count(VolunteerPhase::Disputed),
            unbriefed: passed.saturating_sub(self.heard()),
        }
    }

    /// How many at most have heard all that everybody hears: a number at two briefings of one topic counts twice.
    fn heard(&self) -> usize {
        let of_topic = |topic: Topic| {
            let held = self.record.briefings().filter(|(one, ..)| *one == topic);
            held.map(|(_, _, attended, _)| usize::try_from(attended).unwrap_or(usize::MAX))
                .fold(0, usize::saturating_add)
        };
        Topic::NEEDED.into_iter().map(of_topic).min().unwrap_or(0)
    }

    fn topics_missing(&self) -> Vec<&'static str> {
        let held = |topic: &Topic| self.record.briefings().any(|(one, ..)| one == *topic);
        Topic::NEEDED.iter().filter(|topic| !held(topic)).map(|topic| topic.word()).collect()
    }

    pub(super) fn is_unbriefed(&self) -> bool {
        !self.topics_missing().is_empty() || self.counts().unbriefed > 0
    }

    /// The one rota of a day; none also when two differ.
    pub(super) fn agreed(&self, day: Date) -> Option<&'a Rota> {
        let mut all = self.record.rotas_of(day);
        match (all.next(), all.next()) {
            (Some((rota, _)), None) => Some(rota),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }

    pub(super) fn is_disputed(&self, day: Date) -> bool {
        self.record.rotas_of(day).nth(1).is_some()
    }

    pub(super) fn short(&self, day: Date, hours: (u16, u16)) -> Vec<Short> {
        if self.is_disputed(day) || !self.is_open() {
            return Vec::new();
        }
        short(self.committee, &self.roster, self.agreed(day), hours)
    }

    pub(super) fn rota_word(&self, day: Date, hours: (u16, u16)) -> &'static str {
        if !self.is_open() {
            return "ended";
        }
        if self.is_disputed(day) {
            return "disputed";
        }
        if self.agreed(day).is_none_or(|rota| rota.shifts.is_empty()) {
            return "none";
        }
        let short = self.short(day, hours);
        if short.iter().any(|one| one.standing == 0) {
            "gaps"
        } else if short.is_empty() {
            "whole"
        } else {
            "short"
        }
    }

    fn seats(&self) -> Vec<CommunitySeats> {
        let of = |duty: Duty| self.roster.iter().filter(move |one| one.duty == duty);
        let passed = |one: &&Volunteer<'_>| one.phase == VolunteerPhase::Passed;
        let seats = self.committee.seats.iter();
        seats
            .map(|seats| CommunitySeats {
                duty: seats.duty.word(),
                seats: seats.count,
                enlisted: of(seats.duty).count(),
                passed: of(seats.duty).filter(passed).count(),
            })
            .collect()
    }

    /// Feedback that nobody answered.
    pub(super) fn unanswered(&self) -> usize {
        let told = self.record.feedback();
        told.filter(|(told, ..)| self.record.answers(*told).next().is_none()).count()
    }

    pub(super) fn row(&self, viewer: &Viewer, day: Date) -> CommunityRow {
        let area = &self.mark.area;
        CommunityRow {
            id: self.at.to_string(),
            area: area.to_string(),
            kind: self.committee.kind.word(),
            place: self.committee.place.clone(),
            ended: !self.is_open(),
            by: MarkView::of(self.mark),
            counts: self.counts(),
            seats: self.seats(),
            topics_missing: self.topics_missing(),
            rota: self.rota_word(day, viewer.hours),
            unanswered: self.unanswered(),
            feedback: self.record.feedback().count(),
            acts: if self.is_open() { viewer.acts(area) } else { Vec::new() },
        }
    }
}

/// Numbers as people count: 2 before 10.
pub(super) fn in_counting_order(number: &str) -> (String, usize, String) {
    let text = number.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = number.get(text.len()..).unwrap_or_default().trim_start_matches('0');
    (text.to_owned(), digits.len(), digits.to_owned())
}

pub(super) fn as_people_count(roster: &mut [Volunteer<'_>]) {
    roster.sort_by_cached_key(|one| in_counting_order(one.number.as_str()));
}

/// Committees within reach and within an area, in the order of areas and places.
pub(super) fn looks<'a>(state: &'a Ops, viewer: &Viewer, within: Option<&AreaId>) -> Vec<Look<'a>> {
    let wanted = |area: &AreaId| within.is_none_or(|within| within.contains(area));
    let all = state.communities.all();
    let seen = all.filter(|(_, _, mark, _)| viewer.reaches(&mark.area) && wanted(&mark.area));
    let mut found: Vec<Look<'a>> = seen.map(Look::of).collect();
    let name = |one: &Look<'_>| (one.mark.area.clone(), one.committee.place.clone(), one.at);
    found.sort_by_cached_key(name);
    found
}

/// The day that is asked for, or the poll's.
pub(super) fn day_of(node: &Node, day: Option<&str>) -> Result<Date, Problem> {
    day.filter(|text| !text.is_empty()).map_or_else(|| Ok(node.poll_date()), date)
}
