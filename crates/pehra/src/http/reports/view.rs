//! Shapes of reports for the browser.

use super::{holds, may_read};
use crate::{
    auth::hex,
    http::{problem::Problem, room::Room, sight::areas_with, who::Access},
    node::{Node, convert},
    public::intake::{self, COMPARTMENT_CONTACT, COMPARTMENT_TEXT, KIND_CONTACT, KIND_TEXT},
};
use pehra_domain::AreaId;
use pehra_ops::{
    Event, EventRef,
    deletion::RULE_DAYS,
    event::Decoded,
    incident::Matter,
    permission as row,
    report::{On, READERS, Record, Report, Text, suggest::Alike},
    stamp::Mark,
};
use pehra_seal::compartment::CompartmentId;
use serde::Serialize;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportAnswer {
    /// `passed`, `acted`, `not-confirmed`, `more-needed` or `explained`.
    pub answer: String,
    pub note: String,
    pub at_ms: i64,
    pub person: String,
}

/// One report in the queue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ToldRow {
    pub id: String,
    pub area: String,
    pub door: String,
    pub topic: String,
    /// About those who guard: sealed, and unknown to every control room.
    pub complaint: bool,
    pub constituency: Option<String>,
    pub station: Option<String>,
    /// The hour in which it happened.
    pub hour_ms: Option<i64>,
    pub language: String,
    pub received_ms: i64,
    /// When an answer is owed; nothing once there is one.
    pub due_ms: Option<i64>,
    pub phase: String,
    pub finding: String,
    pub urgency: Option<String>,
    pub merged_into: Option<String>,
    /// Nothing where it is sealed.
    pub text: Option<String>,
    pub has_contact: bool,
    pub answers: Vec<ReportAnswer>,
    /// Others that may tell the same.
    pub alike: usize,
}

/// A key to which reports are sealed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReaderView {
    pub id: String,
    pub key: String,
    pub person: String,
    pub role: String,
    pub area: String,
    pub since_ms: i64,
    pub mine: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportsView {
    /// Those that wait first, by when their answer is owed; then the newest.
    pub reports: Vec<ToldRow>,
    pub readers: Vec<ReaderView>,
    /// Roles that read complaints and have no key within reach.
    pub without_key: Vec<String>,
    /// The areas for which whoever asks may have a reading key.
    pub own_areas: Vec<String>,
    /// Districts for which whoever asks may write a report down.
    pub places: Vec<String>,
    /// Reports that found the door shut since the node was opened.
    pub turned_away: u64,
    pub now_ms: i64,
}

/// Sealed words, and all that they are bound to: what opens them needs each of these.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SealedView {
    /// Hexadecimal, as everything here.
    pub body: String,
    pub election: String,
    pub author: String,
    pub kind: u32,
    pub compartment: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportDetail {
    pub report: ToldRow,
    pub sealed: Option<SealedView>,
    /// Other reports that may tell the same.
    pub duplicates: Vec<String>,
    /// Incidents that it may be of.
    pub incidents: Vec<String>,
    pub may_handle: bool,
    pub may_open_contact: bool,
}

/// A contact on record.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DueContact {
    /// The entry that holds it.
    pub entry: String,
    pub area: String,
    /// The day from which it may be deleted by rule; nothing while no day of poll is known.
    pub due: Option<String>,
}

pub(super) fn all(room: &Room, access: &Access) -> ReportsView {
    let node = room.node();
    let mut reports: Vec<ToldRow> = node.ops(|state| {
        let alike = Alike::among(&state.reports);
        let seen = state
            .reports
            .all()
            .filter(|(_, _, report, mark)| may_read(node, access, report.matter, &mark.area));
        seen.map(|(at, record, report, mark)| {
            line(at, record, (report, mark), alike.duplicates(at).len())
        })
        .collect()
    });
    reports
        .sort_by_key(|one| (one.due_ms.is_none(), one.due_ms, std::cmp::Reverse(one.received_ms)));
    let standing =
        intake::standing_readers(node).into_iter().filter(|one| access.concerns(&one.area));
    let readers: Vec<ReaderView> = standing
        .map(|one| ReaderView {
            id: one.entry.to_string(),
            key: hex(&one.key),
            mine: one.person == access.person,
            person: one.person.to_string(),
            role: one.role,
            area: one.area.to_string(),
            since_ms: one.since.0,
        })
        .collect();
    let has_key = |role: &&&str| !readers.iter().any(|one| one.role == **role);
    let without_key = READERS.iter().filter(has_key).map(|role| (*role).to_owned()).collect();
    let own = areas_with(node, &access.holdings, &[row::REPORT_READER]);
    let mut own_areas: Vec<String> = own.iter().map(ToString::to_string).collect();
    own_areas.sort();
    own_areas.dedup();
    let writes = |area: &AreaId| holds(node, access, area, &[row::REPORT_RECEIVE]);
    let districts = node.gazetteer().districts.iter().map(|one| &one.area);
    let places = districts.filter(|area| writes(area)).map(ToString::to_string).collect();
    ReportsView {
        reports,
        readers,
        without_key,
        own_areas,
        places,
        turned_away: room.buckets().turned_away(),
        now_ms: node.now().0,
    }
}

fn line(at: EventRef, record: &Record, (report, mark): (&Report, &Mark), alike: usize) -> ToldRow {
    let answers = record.answers().into_iter().map(|said| ReportAnswer {
        answer: said.answer.name().to_owned(),
        note: said.note.clone(),
        at_ms: said.mark.clock_ms.0,
        person: said.mark.person.to_string(),
    });
    ToldRow {
        id: at.to_string(),
        area: mark.area.to_string(),
        door: report.door.name().to_owned(),
        topic: report.topic.name().to_owned(),
        complaint: report.matter == Matter::Complaint,
        constituency: report.constituency.as_ref().map(ToString::to_string),
        station: report.station.as_ref().map(ToString::to_string),
        hour_ms: report.hour.map(|hour| hour.0),
        language: report.language.name().to_owned(),
        received_ms: mark.clock_ms.0,
        due_ms: record.due().map(|due| due.0),
        phase: record.phase().name().to_owned(),
        finding: record.finding_phase().to_lowercase(),
        urgency: record.urgency().map(|urgency| urgency.code().to_owned()),
        merged_into: record.merged_into().map(ToString::to_string),
        text: match &report.text {
            Text::Plain(text) => Some(text.clone()),
            Text::Sealed(_) => None,
        },
        has_contact: record.contacts().next().is_some(),
        answers: answers.collect(),
        alike,
    }
}

pub(super) fn detail(room: &Room, access: &Access, on: On) -> Result<ReportDetail, Problem> {
    let node = room.node();
    let shown = node.ops(|state| {
        let record = state.reports.get(on.report)?;
        let (report, mark) = record.report()?;
        let alike = Alike::among(&state.reports);
        let duplicates = alike.duplicates(on.report);
        Some((
            line(on.report, record, (report, mark), duplicates.len()),
            mark.area.clone(),
            duplicates,
            alike.incidents(&state.incidents, on.report),
        ))
    });
    let (report, area, duplicates, incidents) =
        shown.ok_or_else(|| Problem::not_found(on.report.to_string()))?;
    let sealed = if report.complaint { sealed_text(node, on.report)? } else { None };
    Ok(ReportDetail {
        sealed,
        duplicates: duplicates.iter().map(ToString::to_string).collect(),
        incidents: incidents.iter().map(ToString::to_string).collect(),
        may_handle: holds(node, access, &area, &[row::of_report(on.matter)]),
        may_open_contact: report.has_contact
            && holds(node, access, &area, &[row::REPORTER_CONTACT]),
        report,
    })
}

/// What an entry holds; none where its content was deleted.
fn event(node: &Node, at: EventRef) -> Result<Option<pehra_ops::report::Event>, Problem> {
    let stored = node.entry(convert::place(at))?;
    let Some(payload) = stored.entry.payload() else { return Ok(None) };
    Ok(match Event::decode(stored.entry.header().kind, payload.body()) {
        Ok(Decoded::Known(Event::Report(event))) => Some(event),
        Ok(_) | Err(_) => None,
    })
}

fn sealed_text(node: &Node, report: EventRef) -> Result<Option<SealedView>, Problem> {
    let Some(pehra_ops::report::Event::Received(told)) = event(node, report)? else {
        return Ok(None);
    };
    let Text::Sealed(body) = told.text else { return Ok(None) };
    Ok(Some(sealed(node, report, &body, (KIND_TEXT, COMPARTMENT_TEXT))))
}

fn sealed(
    node: &Node,
    at: EventRef,
    body: &[u8],
    (kind, compartment): (u32, CompartmentId),
) -> SealedView {
    SealedView {
        body: hex(body),
        election: hex(&node.ledger_election()),
        author: hex(&at.device),
        kind,
        compartment: hex(&compartment.0),
    }
}

/// The newest contact that was left with a report.
pub(super) fn sealed_contact(node: &Node, on: On) -> Result<Option<SealedView>, Problem> {
    let left: Vec<EventRef> = node.ops(|state| {
        let record = state.reports.get(on.report);
        record.map(|record| record.contacts().map(|(at, _)| at).collect()).unwrap_or_default()
    });
    for at in left.into_iter().rev() {
        if let Some(pehra_ops::report::Event::ContactLeft { sealed: body, .. }) = event(node, at)? {
            return Ok(Some(sealed(node, at, &body, (KIND_CONTACT, COMPARTMENT_CONTACT))));
        }
    }
    Ok(None)
}

/// Contacts within reach that have not been deleted.
pub(super) fn due_contacts(node: &Node, access: &Access) -> Vec<DueContact> {
    node.ops(|state| {
        let due = state.election().map(|election| election.date.plus_days(RULE_DAYS + 1));
        let mut found = Vec::new();
        for (_, record, _, mark) in state.reports.all() {
            if !access.reaches(&mark.area) {
                continue;
            }
            for (at, _) in record.contacts() {
                if state.deletions.naming(at).next().is_none() {
                    found.push(DueContact {
                        entry: at.to_string(),
                        area: mark.area.to_string(),
                        due: due.map(|day| day.to_string()),
                    });
                }
            }
        }
        found
    })
}
