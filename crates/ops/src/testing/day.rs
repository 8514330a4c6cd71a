//! Commands about the day for devices that decide apart.

use super::{area, at, east, pick, station, unit};
use crate::{Command, State, check_in, finding, incident, suspension};
use pehra_domain::{AreaId, IncidentId, SuspensionId, UnixMs, date::Date};

/// So many minutes after midnight of the polling day.
pub(crate) fn on_the_day(minute: i64) -> UnixMs {
    UnixMs(Date::parse(super::POLL_DAY).unwrap().midnight_pkt().0 + minute * 60_000)
}

/// Long before: where commands may not come from the future.
pub(crate) fn eve(minute: u8) -> UnixMs {
    UnixMs(super::early().0 - 3_600_000 + i64::from(minute % 3) * 60_000)
}

pub(crate) fn subject(number: u8) -> check_in::Subject {
    check_in::Subject::Station(station(number))
}

pub(crate) fn item(number: u8, code: check_in::Code, at: UnixMs) -> check_in::Item {
    check_in::Item {
        subject: subject(number),
        code,
        at,
        word: check_in::Word::Well,
        counts: check_in::Counts::default(),
        rung: check_in::Rung::Radio,
        note: String::new(),
    }
}

pub(crate) fn heard(items: Vec<check_in::Item>) -> Command {
    Command::CheckIn(check_in::Command::Hear { area: east(), items })
}

pub(super) fn check_in_command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    use check_in::{Code, Word};
    let code = [Code::A7, Code::A8][usize::from(b) % 2];
    let mut one = item(a % 2, code, eve(c));
    one.word = if c % 4 < 2 { Word::Well } else { Word::Trouble };
    if c % 5 == 0 {
        one.note = "the gate was shut".to_owned();
    }
    Command::CheckIn(match which % 6 {
        0 => {
            let entries = state.check_ins.area(&east()).into_iter().flat_map(|day| {
                let day = day.day(&one.subject);
                day.into_iter().flat_map(check_in::Day::standing).map(|claim| claim.entry)
            });
            let entry = pick(entries, b).unwrap_or(at(99, 1));
            let reason = "wrong station".to_owned();
            check_in::Command::Strike { entry, subject: one.subject, code, reason }
        }
        1 => check_in::Command::Send { area: east(), items: vec![one] },
        2 => {
            let second = item(a % 2, Code::A9, eve(b));
            check_in::Command::Hear { area: east(), items: vec![one, second] }
        }
        _ => check_in::Command::Hear { area: east(), items: vec![one] },
    })
}

pub(crate) fn incident(number: u8) -> IncidentId {
    IncidentId::try_new(format!("I-{number}")).unwrap()
}

pub(crate) fn key(number: u8) -> incident::Key {
    incident::Key { area: east(), matter: incident::Matter::Incident, incident: incident(number) }
}

pub(crate) fn act(on: incident::On, deed: incident::Deed) -> Command {
    Command::Incident(incident::Command::Act { area: east(), on, deed })
}

pub(crate) fn report(number: u8, code: incident::Code, at: UnixMs) -> incident::Report {
    incident::Report {
        incident: incident(number),
        code,
        severity: incident::Severity::Four,
        at,
        place: incident::Place {
            subject: Some(subject(number)),
            point: None,
            terrain: incident::Terrain::Rural,
            words: String::new(),
        },
        source: incident::Source::Desk,
        text: "shots heard".to_owned(),
    }
}

pub(crate) fn reported(report: incident::Report) -> Command {
    Command::Incident(incident::Command::Report { area: east(), report })
}

pub(crate) fn on(number: u8, at: UnixMs) -> incident::On {
    incident::On {
        incident: incident(number),
        matter: incident::Matter::Incident,
        at,
        note: String::new(),
    }
}

pub(crate) fn a_toll(killed: u32) -> incident::Toll {
    incident::Toll {
        killed_min: killed,
        killed_max: killed + 2,
        hurt_min: 0,
        hurt_max: 3,
        source: "hospital".to_owned(),
    }
}

/// A report in the fixed order that declares what a number says.
pub(crate) fn a_methane(number: u8, toll: Option<incident::Toll>) -> incident::Methane {
    use incident::methane::{Access, Declaration, Hazard, Service, Strength};
    incident::Methane {
        declared: Declaration::ALL[usize::from(number) % 4],
        place: "gate of the girls' school".to_owned(),
        point: None,
        code: incident::Code::IedPst,
        kind: String::new(),
        hazards: vec![Hazard::Fire],
        suspected: vec![Hazard::SecondDevice],
        hazard_words: String::new(),
        access: Access { inward: "canal road".to_owned(), ..Access::default() },
        toll,
        present: vec![Strength { service: Service::Police, number: 2 }],
        units: vec![unit(1)],
        required: vec![Strength { service: Service::BombDisposal, number: 1 }],
        required_words: String::new(),
    }
}

/// The step that comes next in most lives of an incident, so that stories get far.
fn usual_step(state: &State, key: &incident::Key) -> Option<incident::Deed> {
    use incident::{Deed as D, Phase as P};
    let record = state.incidents.get(key)?;
    if record.merged_into().is_some() {
        return Some(D::Part);
    }
    Some(match record.phase() {
        P::Reported | P::Reopened => D::Acknowledge { by: incident::Level::District },
        P::Acknowledged => D::Assign { units: vec![unit(1)] },
        P::Assigned => D::Depart,
        P::EnRoute => D::Arrive,
        P::OnScene => D::Contain,
        P::Contained | P::Disputed => D::Close { outcome: incident::Outcome::Contained },
        P::Closed => D::Reopen,
        P::Unknown => return None,
    })
}

pub(super) fn incident_command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    use incident::{Basis, Code, Deed as D, Finding, Level, Matter, Outcome, Severity};
    let number = a % 2;
    let mut on = on(number, eve(c));
    if b % 8 == 5 {
        on.matter = Matter::Complaint;
    }
    let findings = [Finding::Verified, Finding::Unverified, Finding::False];
    let usual = usual_step(state, &incident::Key::of_act(&east(), &on));
    if let Some(deed) = usual.filter(|_| which >= 128) {
        return act(on, deed);
    }
    let deed = match which % 16 {
        0 | 1 => {
            let codes = [Code::ArmPst, Code::ArmPst, Code::VotInt];
            let code = codes[usize::from(b) % 3];
            let mut report = report(number, code, eve(c));
            report.severity = Severity::ALL[usize::from(c) % 5];
            let area = if b % 8 == 7 { area("pk/sindh") } else { east() };
            return Command::Incident(incident::Command::Report { area, report });
        }
        2 | 3 => D::Acknowledge { by: Level::ALL[usize::from(b) % 8] },
        4 => {
            let basis = [Basis::TwoSources, Basis::OfficialOnScene][usize::from(c) % 2];
            D::Judge { finding: findings[usize::from(b) % 3], basis }
        }
        5 => D::Assign { units: vec![unit(b % 3)] },
        6 => D::Depart,
        7 => D::Arrive,
        8 => D::Contain,
        9 => D::Close { outcome: [Outcome::Contained, Outcome::Noted][usize::from(b) % 2] },
        10 => D::Reopen,
        11 => {
            let code = match on.matter {
                Matter::Incident => [Code::GrePst, Code::IedPst][usize::from(b) % 2],
                Matter::Complaint => Code::StfMis,
            };
            D::Reclassify { code, severity: Severity::ALL[usize::from(c) % 5] }
        }
        12 if c % 2 == 0 => {
            let toll = (c % 4 == 0).then(|| a_toll(u32::from(c)));
            D::Tell { methane: Box::new(a_methane(b, toll)) }
        }
        12 => D::CountToll { toll: a_toll(u32::from(b % 20)) },
        13 => D::Merge { into: incident(1 - number) },
        14 => D::Part,
        _ => D::Bypass { level: Level::ALL[usize::from(b) % 8] },
    };
    act(on, deed)
}

/// The role whose word a command is, where only one may say it.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other command may be anybody's")]
pub(super) fn own_role(command: &Command) -> Option<&'static str> {
    match command {
        Command::CheckIn(check_in::Command::Send { items, .. }) => {
            Some(match items.first()?.code.sender() {
                check_in::Sender::PresidingOfficer => "PO",
                check_in::Sender::StationGuard => "STN-SEC",
                check_in::Sender::Sector => "SECTOR",
                check_in::Sender::ReturningOfficer => "RO",
            })
        }
        Command::Incident(incident::Command::Act {
            deed: incident::Deed::Acknowledge { by },
            ..
        }) => Some(role_of(*by)),
        Command::Custody(command) => super::custody::own_role(command),
        Command::Finding(finding::Command::Finish { .. }) => Some(super::findings::OWNER),
        _ => None,
    }
}

/// The role that answers for a level.
pub(crate) fn role_of(level: incident::Level) -> &'static str {
    use incident::Level as L;
    match level {
        L::PresidingOfficer => "PO",
        L::ReturningOfficer => "RO",
        L::DistrictReturning => "DRO",
        L::Monitor => "ECP-MON",
        L::Sector => "SECTOR",
        L::District => "CTRL-D",
        L::Province => "CTRL-P",
        L::Nation => "CTRL-N",
    }
}

pub(crate) fn suspension() -> SuspensionId {
    SuspensionId::try_new("2024-02-08-cellular").unwrap()
}

pub(crate) fn suspended(services: Vec<suspension::Service>) -> Command {
    Command::Suspension(suspension::Command::Open {
        area: AreaId::nation(),
        suspension: suspension(),
        services,
        at: super::early(),
    })
}

pub(crate) fn stated(statement: suspension::Statement, source: &str) -> Command {
    Command::Suspension(suspension::Command::State {
        area: AreaId::nation(),
        suspension: suspension(),
        statement,
        source: source.to_owned(),
    })
}

pub(super) fn suspension_command(state: &State, which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    use suspension::{Command as S, Service, Statement};
    let (area, suspension) = (AreaId::nation(), suspension());
    match which % 8 {
        0 | 1 => suspended(vec![Service::ALL[usize::from(a) % 5]]),
        2 => {
            let known = state.suspensions.get(&area, &suspension);
            let standing = known.into_iter().flat_map(suspension::Record::standing);
            let entry = pick(standing.map(|(at, _)| at), b).unwrap_or(at(99, 1));
            let reason = ["wrong hour", "wrong source"][usize::from(c) % 2].to_owned();
            Command::Suspension(S::Strike { area, suspension, entry, reason })
        }
        3 => Command::Suspension(S::Countersign { area, suspension, note: String::new() }),
        4 => stated(Statement::Ordered(eve(c)), "letter"),
        5 => stated(Statement::RestoredObserved { at: eve(c), partly: b % 2 == 0 }, "probe"),
        6 => stated(Statement::Exemption(format!("list {}", b % 3)), "letter"),
        _ => stated(Statement::EffectiveObserved(eve(c)), "probe"),
    }
}
