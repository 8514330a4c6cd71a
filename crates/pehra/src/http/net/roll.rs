//! Who is expected on a net, in the order in which they are due.

use super::{
    Desk,
    view::{NetDistrict, NetRoll, RollMember},
};
use crate::{
    day::schedule,
    http::view::{area_name, area_name_ur},
};
use pehra_domain::{Date, StationId, UnixMs};
use pehra_ops::{
    State,
    check_in::{
        Code, Day, Sender, Subject,
        late::{Standing, standing},
    },
    permission as row,
};

/// What falls due within this time is on the roll already.
const AHEAD_MS: i64 = 30 * 60_000;

pub(super) fn roll(desk: &Desk) -> NetRoll {
    let node = desk.room.node();
    let now = node.day_now();
    let world = node.world();
    let table = world.stations.as_deref();
    let name = |id: &StationId| {
        table
            .and_then(|table| table.named(id.as_str()))
            .map_or_else(String::new, |it| it.name.clone())
    };
    let net = desk.open.net(desk.sector).into_iter().flatten();
    let mut members: Vec<RollMember> = node.ops(|state| {
        let poll = state.election().map(|election| election.date);
        let member = |(place, id): (&u16, &StationId)| RollMember {
            place: *place,
            call_sign: desk.open.sign(desk.sector, *place),
            station: id.to_string(),
            name: name(id),
            ..expected(desk, state, &Subject::Station(id.clone()), poll, now)
        };
        net.map(member).collect()
    });
    members.sort_by_key(|one| (one.due_ms.is_none(), one.due_ms, one.place));
    let post = node.ops(|state| {
        let call_sign = desk.open.post(desk.sector);
        let subject = Subject::Sector(call_sign.clone());
        let day = state.check_ins.area(&desk.open.area).and_then(|area| area.day(&subject));
        let heard = day.and_then(Day::last_heard).map(|claim| claim.at.0);
        RollMember { call_sign, heard_ms: heard, ..RollMember::default() }
    });
    let clock = node.day_clock();
    let reached = table.into_iter().flat_map(|table| (1_u16..).zip(&table.districts));
    let reached = reached.filter(|(_, (area, _))| desk.access.reaches(area));
    let may = |permission| desk.access.able(node, &desk.open.area, permission).is_some();
    NetRoll {
        now_ms: now.0,
        pace_milli: clock.map_or(1_000, |clock| clock.pace_milli),
        district: desk.open.area.to_string(),
        number: desk.open.number,
        sector: desk.sector,
        sectors: desk.open.sectors().collect(),
        net: desk.open.post(desk.sector),
        districts: reached
            .map(|(number, (area, _))| NetDistrict {
                number,
                area: area.to_string(),
                name: area_name(node.gazetteer(), area),
                name_ur: area_name_ur(node.gazetteer(), area),
            })
            .collect(),
        post,
        members,
        may_strike: may(row::CHECKIN_STRIKE),
        may_report: may(row::INCIDENT_REPORT),
    }
}

/// What is awaited of a station: what is missing longest, or what falls due next.
fn expected(
    desk: &Desk,
    state: &State,
    subject: &Subject,
    poll: Option<Date>,
    now: UnixMs,
) -> RollMember {
    let (Some(schedule), Some(poll)) = (schedule(), poll) else { return RollMember::default() };
    let day = state.check_ins.area(&desk.open.area).and_then(|area| area.day(subject));
    let at: Standing = standing(schedule, poll, day, 0, now);
    let said = |code: Code| {
        let mut claims = day.into_iter().flat_map(Day::standing);
        claims.find(|claim| claim.code == code).map(|claim| claim.at)
    };
    let soon = || {
        let rows =
            schedule.rows().iter().filter(|row| row.code.sender() != Sender::ReturningOfficer);
        let due = rows.filter_map(|row| Some((row.code, row.due_at(poll, said)?)));
        due.filter(|(code, due)| {
            due.0 > now.0 && due.0 <= now.0.saturating_add(AHEAD_MS) && said(*code).is_none()
        })
        .min_by_key(|(code, due)| (*due, *code))
    };
    let next = at.missing.zip(at.due).or_else(soon);
    RollMember {
        stage: at.stage.name(),
        code: next.map(|(code, _)| code.name()),
        due_ms: next.map(|(_, due)| due.0),
        next_ms: at.next.map(|at| at.0),
        heard_ms: at.heard.map(|at| at.0),
        trouble: at.trouble,
        ..RollMember::default()
    }
}
