//! Lines become acts: check-ins of one district in one entry, each incident in one of its own.

use super::view::{LineEntered, LineRead};
use crate::{
    http::{
        day::act::{ground, severity},
        persons::execute,
        problem::Problem,
        room::Room,
        who::Access,
    },
    net::{Entry, Said, Unheard},
};
use axum::http::StatusCode;
use pehra_domain::{AreaId, IncidentId, UnixMs};
use pehra_ops::{
    Command, EventRef,
    check_in::{self, ITEMS_MAX, Item, Rung, Subject, Word, quick::Matter},
    incident::{self, Key, Place, Report, Source},
    permission as row,
};
use sha2::{Digest, Sha256};

/// A line with what it says and when it was entered.
pub(super) type Heard = (LineRead, Result<Said, Unheard>, UnixMs, String);

/// Check-ins that go into one entry, with the places of their lines.
struct Batch {
    area: AreaId,
    items: Vec<(usize, Item)>,
}

impl Batch {
    fn takes(&self, area: &AreaId, item: &Item) -> bool {
        let twice =
            |(_, other): &(usize, Item)| other.subject == item.subject && other.code == item.code;
        self.area == *area && self.items.len() < ITEMS_MAX && !self.items.iter().any(twice)
    }
}

/// Enters what can be entered. What is refused is told line by line; what the node could not keep ends the request, and
/// the same request given again enters nothing twice.
pub(super) async fn enter(
    room: &Room,
    access: &Access,
    heard: Vec<Heard>,
    rung: Rung,
) -> Result<Vec<LineEntered>, Problem> {
    let mut told = Vec::with_capacity(heard.len());
    let mut batches: Vec<Batch> = Vec::new();
    let mut reports = Vec::new();
    for (place, (read, said, at, line)) in heard.into_iter().enumerate() {
        told.push(LineEntered { read, entry: None, incident: None, fault: None });
        let Ok(Said::Entry(entry)) = said else { continue };
        match entry.matter {
            Matter::CheckIn { .. } => {
                let Some((area, item)) = item(entry, at, rung) else { continue };
                match batches.iter_mut().find(|batch| batch.takes(&area, &item)) {
                    Some(batch) => batch.items.push((place, item)),
                    None => batches.push(Batch { area, items: vec![(place, item)] }),
                }
            }
            Matter::Incident(code) => reports.push((place, code, entry, at, line)),
        }
    }
    for Batch { area, items } in batches {
        let all: Vec<Item> = items.iter().map(|(_, item)| item.clone()).collect();
        let whole = check_in(room, access, &area, all).await;
        // What one line may not say holds up no other.
        let alone = items.len() > 1 && whole.as_ref().is_err_and(is_refusal);
        for (place, item) in items {
            let done = if alone {
                check_in(room, access, &area, vec![item.clone()]).await
            } else {
                whole.clone()
            };
            let Some(line) = told.get_mut(place) else { continue };
            match done {
                Ok(()) => line.entry = entry_of(room, &area, &item).map(|at| at.to_string()),
                Err(problem) if is_refusal(&problem) => line.fault = Some(problem.fault.into()),
                Err(problem) => return Err(problem),
            }
        }
    }
    for (place, code, entry, at, line) in reports {
        let Some(row) = told.get_mut(place) else { continue };
        match report(room, access, (entry, code), at, &line).await {
            Ok((incident, entry)) => {
                row.incident = Some(incident.to_string());
                row.entry = entry.map(|at| at.to_string());
            }
            Err(problem) if is_refusal(&problem) => row.fault = Some(problem.fault.into()),
            Err(problem) => return Err(problem),
        }
    }
    Ok(told)
}

/// Whether the act itself was refused; everything else may go through when it is given again.
fn is_refusal(problem: &Problem) -> bool {
    matches!(
        problem.status,
        StatusCode::BAD_REQUEST
            | StatusCode::FORBIDDEN
            | StatusCode::CONFLICT
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

fn item(entry: Entry, at: UnixMs, rung: Rung) -> Option<(AreaId, Item)> {
    let Matter::CheckIn { code, trouble, counts } = entry.matter else { return None };
    let word = if trouble { Word::Trouble } else { Word::Well };
    let Entry { area, subject, note, .. } = entry;
    Some((area, Item { subject, code, at, word, counts, rung, note }))
}

/// As heard by a desk, or in one's own name where the role is the sender's.
async fn check_in(
    room: &Room,
    access: &Access,
    area: &AreaId,
    items: Vec<Item>,
) -> Result<(), Problem> {
    let area = area.clone();
    let (actor, command) = match access.actor_with(room.node(), &area, row::CHECKIN_HEAR) {
        Ok(actor) => (actor, check_in::Command::Hear { area, items }),
        Err(_) => {
            let actor = access.actor_with(room.node(), &area, row::CHECKIN_SEND)?;
            (actor, check_in::Command::Send { area, items })
        }
    };
    execute(room, actor, Command::CheckIn(command)).await.map(drop)
}

/// The entry that bears a check-in: this one, or the one of the first try.
fn entry_of(room: &Room, area: &AreaId, item: &Item) -> Option<EventRef> {
    room.node().ops(|state| {
        let day = state.check_ins.area(area)?.day(&item.subject)?;
        let same = |claim: &&check_in::Claim| {
            (claim.code, claim.at, claim.word, claim.counts)
                == (item.code, item.at, item.word, item.counts)
        };
        day.standing().find(same).map(|claim| claim.entry)
    })
}

/// Letters and digits of a name that follows from who heard what, and when.
fn name(parts: &[&str], at: UnixMs, round: u8) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.update(at.0.to_be_bytes());
    hash.update([round]);
    crate::http::day::act::name_of(hash.finalize().get(..6).unwrap_or_default())
}

/// Reports an incident once, however often its line is given.
async fn report(
    room: &Room,
    access: &Access,
    (entry, code): (Entry, incident::Code),
    at: UnixMs,
    line: &str,
) -> Result<(IncidentId, Option<EventRef>), Problem> {
    let actor = access.actor_with(room.node(), &entry.area, row::INCIDENT_REPORT)?;
    let station = match &entry.subject {
        Subject::Station(id) => Some(id.clone()),
        Subject::Sector(_) | Subject::Convoy(_) => None,
    };
    let (terrain, point) = ground(room.node(), station.as_ref(), None);
    let severity = severity(code, None)?;
    let heard = line.trim();
    for round in 0..=u8::MAX {
        let named = name(&[access.person.as_str(), entry.area.as_str(), heard], at, round);
        let incident = IncidentId::try_new(format!("I-{named}"))?;
        let report = Report {
            incident: incident.clone(),
            code,
            severity,
            at,
            place: Place {
                subject: Some(entry.subject.clone()),
                point,
                terrain,
                words: entry.sign.clone(),
            },
            source: Source::Desk,
            text: if entry.note.is_empty() { heard.to_owned() } else { entry.note.clone() },
        };
        let key = Key::of_report(&entry.area, &report);
        let known = room.node().ops(|state| {
            let record = state.incidents.get(&key)?;
            Some(record.reports().any(|known| *known == report))
        });
        match known {
            Some(true) => return Ok((incident, None)),
            // Another incident has this name: the next one.
            Some(false) => {}
            None => {
                let area = entry.area.clone();
                let command = Command::Incident(incident::Command::Report { area, report });
                let done = execute(room, actor, command).await?;
                return Ok((incident, done.first().copied()));
            }
        }
    }
    Err(Problem::internal("no name was left for an incident"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pehra_ops::check_in::Code;

    #[test]
    fn an_incidents_name_follows_from_who_heard_what_and_when() {
        let (parts, at) = (["amir", "pk/sindh/thatta", "7 ARM.PST"], UnixMs(1_000));
        let first = name(&parts, at, 0);
        assert_eq!(first, name(&parts, at, 0));
        assert_eq!(first.len(), 6);
        for other in [
            name(&parts, UnixMs(1_001), 0),
            name(&parts, at, 1),
            name(&["amir", "pk/sindh/thatta7", " ARM.PST"], at, 0),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn one_entry_takes_each_code_of_a_station_once() {
        let area = AreaId::try_new("pk/sindh/thatta").unwrap();
        let item = |code| Item {
            subject: Subject::Sector("D012 S03".to_owned()),
            code,
            at: UnixMs(1),
            word: Word::Well,
            counts: check_in::Counts::default(),
            rung: Rung::Radio,
            note: String::new(),
        };
        let batch = Batch { area: area.clone(), items: vec![(0, item(Code::A4))] };
        assert!(!batch.takes(&area, &item(Code::A4)), "said twice is two entries");
        assert!(batch.takes(&area, &item(Code::A8)));
        assert!(!batch.takes(&AreaId::nation(), &item(Code::A8)));
    }
}
