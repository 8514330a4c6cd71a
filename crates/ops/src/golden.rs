//! One event of every kind, with nothing left out: the bytes in `fixtures/events/` are made of these and must be
//! read for ever. An example writes them; a test reads them.

mod alert;
mod campaign;
mod community;
mod custody;
mod dispatch;
mod draw;
mod equipment;
mod finding;
mod intelligence;
mod patrol;
mod report;
mod training;

use crate::{
    Event, EventRef, Hash32, check_in, dataset, deletion, election, incident, lock, official_class,
    order, parameter, person, plan, poll, readiness, risk_override, survey, suspension,
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Date, IncidentId, PersonId, Point, StationId, SuspensionId,
    UnitId, UnixMs,
    force::StaffKind,
    id::IdError,
    override_record::OverrideCode,
    poll::PollKey,
    risk::{Factor, RiskClass},
    role::Role,
    survey::SurveySubject,
};
use std::collections::BTreeMap;

const DAY: Date = Date(19_761);
const ENTRY: EventRef = EventRef { device: [0xd1; 16], epoch: 2, seq: 41 };

/// Every kind once, in the order of the registry.
///
/// # Errors
/// [`IdError`] never in practice: the names are constants that a test proves well formed.
pub fn one_of_each() -> Result<Vec<Event>, IdError> {
    let mut all = elections();
    all.extend(persons()?);
    all.extend(data()?);
    all.extend(classes_and_overrides()?);
    all.extend(plans()?);
    all.extend(locks()?);
    all.extend(polls()?);
    all.push(survey()?);
    all.extend(check_ins()?);
    all.extend(incidents()?);
    all.extend(suspensions()?);
    all.extend(custody::all()?);
    all.extend(intelligence::all()?);
    all.extend(readiness());
    all.extend(deletions()?);
    all.extend(orders()?);
    all.extend(report::all()?);
    all.extend(equipment::all()?);
    all.extend(draw::all()?);
    all.extend(dispatch::all()?);
    all.extend(patrol::all()?);
    all.extend(training::all()?);
    all.extend(alert::all()?);
    all.extend(finding::all()?);
    all.extend(campaign::all()?);
    all.extend(community::all()?);
    Ok(all)
}

fn text(words: &str) -> String {
    words.to_owned()
}

fn district() -> Result<AreaId, IdError> {
    AreaId::try_new("pk/sindh/karachi-east")
}

fn elections() -> Vec<Event> {
    let election = election::Election {
        id: text("pk-2024"),
        name: text("General election · عام انتخابات"),
        date: DAY,
        nature: election::Nature::Exercise,
    };
    vec![
        Event::Election(election::Event::Opened(election.clone())),
        Event::Election(election::Event::Settled { election, reason: text("by telephone") }),
    ]
}

fn persons() -> Result<Vec<Event>, IdError> {
    let person = PersonId::try_new("desk-1")?;
    let display_name = text("Duty desk");
    let (grant, reason) = (ENTRY, text("duty roster"));
    let scope = person::RoleScope {
        role: Role::try_new("DRO")?,
        area: district()?,
        expires: UnixMs(1_708_369_200_000),
    };
    let events = [
        person::Event::FirstAccount {
            person: person.clone(),
            display_name: display_name.clone(),
            roles: vec![scope.clone()],
        },
        person::Event::AccountOpened { person: person.clone(), display_name },
        person::Event::AccountClosed { person: person.clone(), reason: reason.clone() },
        person::Event::RoleGranted { person: person.clone(), scope, reason: reason.clone() },
        person::Event::RoleApproved { grant, granted_by: person },
        person::Event::RoleRefused { grant, reason: reason.clone() },
        person::Event::RoleRevoked { grant, reason },
    ];
    Ok(events.map(Event::Person).into())
}

fn data() -> Result<Vec<Event>, IdError> {
    let reason = text("wrong file");
    let key = dataset::DatasetKey {
        kind: dataset::DatasetKind::Stations,
        area: district()?,
        name: text("form 28"),
    };
    let dataset = dataset::Dataset {
        schema: 1,
        manifest: Hash32([1; 32]),
        source_name: text("stations.csv"),
        source_sha256: Hash32([2; 32]),
        counts: BTreeMap::from([(text("accepted"), 29_700), (text("rows"), 29_766)]),
        nature: election::Nature::Exercise,
    };
    let parameter_key = parameter::ParameterKey { area: district()?, key: text("risk.weight.T1") };
    let parameter =
        parameter::Parameter { value: parameter::Value::Whole(22), source: text("letter 12") };
    Ok(vec![
        Event::Dataset(dataset::Event::Committed { key: key.clone(), dataset }),
        Event::Dataset(dataset::Event::Withdrawn { key, reason: reason.clone() }),
        Event::Parameter(parameter::Event::Set {
            key: parameter_key.clone(),
            parameter,
            reason: reason.clone(),
        }),
        Event::Parameter(parameter::Event::Cleared { key: parameter_key, reason }),
    ])
}

fn classes_and_overrides() -> Result<Vec<Event>, IdError> {
    let station = StationId::try_new("NA-40-15")?;
    let (by, reason) = (PersonId::try_new("desk-1")?, text("incident nearby"));
    let record = official_class::ClassRecord {
        station: station.clone(),
        constituency: Some(ConstituencyId::try_new("NA-40")?),
        class: RiskClass::Most,
        source: text("district police office"),
        as_of: DAY.plus_days(-20),
        reason: reason.clone(),
    };
    let raised = risk_override::RiskOverride {
        station,
        code: Some(OverrideCode::O1),
        at_least: RiskClass::Most,
        reason: reason.clone(),
        expires: UnixMs(1_707_505_200_000),
    };
    Ok(vec![
        Event::OfficialClass(official_class::Event::Proposed(record)),
        Event::OfficialClass(official_class::Event::Approved {
            proposal: ENTRY,
            proposed_by: by.clone(),
            second: Some(PersonId::try_new("desk-2")?),
            poll_date: Some(DAY),
        }),
        Event::OfficialClass(official_class::Event::Rejected {
            proposal: ENTRY,
            reason: reason.clone(),
        }),
        Event::RiskOverride(risk_override::Event::Raised(raised)),
        Event::RiskOverride(risk_override::Event::Withdrawn {
            raised: ENTRY,
            raised_by: by,
            reason,
        }),
    ])
}

fn plans() -> Result<Vec<Event>, IdError> {
    let (plan, manifest) = (ENTRY, Hash32([3; 32]));
    let summary = plan::Summary {
        input_hash: Hash32([4; 32]),
        seed: 7,
        engine: text("flow-1"),
        objective: -1_000,
        dual_bound: -1_010,
        posts_due: 97_799,
        posts_filled: 95_400,
        relaxed: 2,
    };
    let proposal = plan::Proposal {
        area: district()?,
        poll_date: DAY,
        name: text("second draft"),
        manifest,
        summary,
        note: text("two more teams"),
    };
    let slot = proposal.slot();
    let reserve_slot = slot.clone();
    let events = [
        plan::Event::Proposed(proposal),
        plan::Event::Approved { plan, proposed_by: PersonId::try_new("desk-1")? },
        plan::Event::Rejected { plan, reason: text("too thin in the north") },
        plan::Event::Adopted { plan, slot, manifest, approved_in: ENTRY },
        plan::Event::Withdrawn { plan, reason: text("new data") },
        reserve()?,
        plan::Event::ReserveAdopted { plan, slot: reserve_slot, manifest, approved_in: ENTRY },
    ];
    Ok(events.map(Event::Plan).into())
}

fn reserve() -> Result<plan::Event, IdError> {
    let base = |unit: &str, teams| UnitId::try_new(unit).map(|unit| plan::Base { unit, teams });
    let reach = |stations, worst_s| plan::Reach {
        stations,
        reached: 90,
        twice: 40,
        guaranteed: 100,
        worst_s,
    };
    let reserve = plan::Reserve {
        bases: vec![base("U-12", 1)?, base("U-7", 2)?],
        terms: plan::Terms {
            target_s: [[1_800, 2_700, 3_600], [1_200, 1_800, 2_400], [900, 1_350, 1_800]],
            guarantee_s: [7_200, 5_400, 3_600],
            weight: [100, 300, 800],
            backup_percent: 30,
            guarantee_factor: 4,
        },
        reach: [reach(120, Some(6_000)), reach(110, Some(5_000)), reach(101, None)],
        by_road: 300,
        estimated: 30,
        roads: Some(Hash32([6; 32])),
    };
    let summary = plan::Summary {
        input_hash: Hash32([4; 32]),
        seed: 0,
        engine: text("cover-1"),
        objective: 1_000,
        dual_bound: 1_010,
        posts_due: 331,
        posts_filled: 270,
        relaxed: 0,
    };
    let proposal = plan::Proposal {
        area: AreaId::nation(),
        poll_date: DAY,
        name: text("reserves, first draft"),
        manifest: reserve.manifest(),
        summary,
        note: text("three teams · تین ٹیمیں"),
    };
    Ok(plan::Event::ReserveProposed { proposal, reserve: Box::new(reserve) })
}

fn locks() -> Result<Vec<Event>, IdError> {
    let key = lock::LockKey {
        unit: UnitId::try_new("U-7")?,
        building: BuildingId::try_new("B-NA-40-15")?,
    };
    let reason = text("known to the school");
    let events = [
        lock::Event::Pinned {
            key: key.clone(),
            kind: StaffKind::PoliceWoman,
            count: 3,
            strength: 12,
            reason: reason.clone(),
        },
        lock::Event::Excluded { key: key.clone(), reason: reason.clone() },
        lock::Event::Released { key, reason },
    ];
    Ok(events.map(Event::Lock).into())
}

fn polls() -> Result<Vec<Event>, IdError> {
    let poll = PollKey {
        constituency: ConstituencyId::try_new("NA-40")?,
        station: Some(StationId::try_new("NA-40-15")?),
        date: DAY,
    };
    let order = poll::Order {
        authority: text("Election Commission"),
        instrument: text("F.8(1)/2024"),
        dated: DAY.plus_days(1),
        copy: Some(Hash32([5; 32])),
    };
    let (on, to) = (DAY.plus_days(11), Some(DAY.plus_days(7)));
    let events = [
        poll::Event::Scheduled { poll: poll.clone(), order: order.clone() },
        poll::Event::Postponed { poll: poll.clone(), to, order: order.clone() },
        poll::Event::Adjourned { poll: poll.clone(), to: None, order: order.clone() },
        poll::Event::Repeated { poll: poll.clone(), on, order: order.clone() },
        poll::Event::Held { poll, order },
    ];
    Ok(events.map(Event::Poll).into())
}

fn survey() -> Result<Event, IdError> {
    let answer = survey::Answer {
        question: text("walls"),
        centi: 250,
        factor: Some(Factor::V1),
        note: text("gap at the back"),
    };
    let photograph = survey::Photograph { sha256: Hash32([6; 32]), view: survey::View::Walls };
    Ok(Event::Survey(survey::Event::Recorded(survey::Form {
        subject: SurveySubject::Building(BuildingId::try_new("B-NA-40-15")?),
        on: DAY.plus_days(-15),
        surveyor_role: text("SHO"),
        answers: vec![answer],
        photographs: vec![photograph],
    })))
}

/// Half past ten on the day of the poll.
const MOMENT: UnixMs = UnixMs(1_707_370_200_000);

fn check_ins() -> Result<Vec<Event>, IdError> {
    let subject = check_in::Subject::Station(StationId::try_new("NA-40-15")?);
    let item = check_in::Item {
        subject: subject.clone(),
        code: check_in::Code::A9,
        at: MOMENT,
        word: check_in::Word::Trouble,
        counts: check_in::Counts { first: Some(40), second: Some(25), third: Some(112) },
        rung: check_in::Rung::Radio,
        note: text("queue behind the gate"),
    };
    let others =
        [check_in::Subject::Sector(text("KHI-E-07")), check_in::Subject::Convoy(text("C-12"))];
    let other = |subject| check_in::Item {
        subject,
        code: check_in::Code::A4,
        word: check_in::Word::Well,
        counts: check_in::Counts::default(),
        note: String::new(),
        ..item.clone()
    };
    let heard = others.map(other).into_iter().chain([item.clone()]).collect();
    let events = [
        check_in::Event::Sent(vec![item.clone()]),
        check_in::Event::Heard(heard),
        check_in::Event::Struck {
            entry: ENTRY,
            subject,
            code: check_in::Code::A9,
            reason: text("wrong station"),
        },
    ];
    Ok(events.map(Event::CheckIn).into())
}

fn incidents() -> Result<Vec<Event>, IdError> {
    let on = incident::On {
        incident: IncidentId::try_new("I-7Q2M4K9D")?,
        matter: incident::Matter::Incident,
        at: MOMENT,
        note: text("by telephone"),
    };
    let complaint = incident::On { matter: incident::Matter::Complaint, ..on.clone() };
    let place = incident::Place {
        subject: Some(check_in::Subject::Station(StationId::try_new("NA-40-15")?)),
        point: Some(Point { lat_e7: 248_600_000, lon_e7: 670_100_000 }),
        terrain: incident::Terrain::Remote,
        words: text("behind the girls' school"),
    };
    let report = incident::Report {
        incident: on.incident.clone(),
        code: incident::Code::IedPst,
        severity: incident::Severity::Five,
        at: MOMENT,
        place,
        source: incident::Source::OnScene,
        text: text("a bag left at the gate"),
    };
    let toll = incident::Toll {
        killed_min: 12,
        killed_max: 14,
        hurt_min: 30,
        hurt_max: 40,
        source: text("district hospital"),
    };
    let (code, severity) = (incident::Code::StfMis, incident::Severity::Four);
    let events = [
        incident::Event::Reported(report),
        incident::Event::Acknowledged {
            on: on.clone(),
            by: incident::Level::District,
            moves: true,
        },
        incident::Event::Judged {
            on: on.clone(),
            finding: incident::Finding::Verified,
            basis: incident::Basis::OfficialOnScene,
        },
        incident::Event::Assigned { on: on.clone(), units: vec![UnitId::try_new("U-7")?] },
        incident::Event::Departed { on: on.clone() },
        incident::Event::Arrived { on: on.clone() },
        incident::Event::Contained { on: on.clone() },
        incident::Event::Closed { on: on.clone(), outcome: incident::Outcome::HandedOver },
        incident::Event::Reopened { on: on.clone() },
        incident::Event::Reclassified { on: complaint, code, severity },
        incident::Event::TollCounted { on: on.clone(), toll: toll.clone() },
        incident::Event::Merged { on: on.clone(), into: IncidentId::try_new("I-2")? },
        incident::Event::Parted { on: on.clone() },
        incident::Event::Bypassed { on: on.clone(), level: incident::Level::Sector },
        incident::Event::MethaneReported { on, methane: Box::new(methane(toll)?) },
    ];
    Ok(events.map(Event::Incident).into())
}

fn methane(toll: incident::Toll) -> Result<incident::Methane, IdError> {
    use incident::methane::{Access, Declaration, Hazard, Service, Strength};
    Ok(incident::Methane {
        declared: Declaration::Major,
        place: text("gate of the girls' school"),
        point: Some(Point { lat_e7: 248_600_000, lon_e7: 670_100_000 }),
        code: incident::Code::IedPst,
        kind: text("bag at the gate, second one seen"),
        hazards: vec![Hazard::Fire, Hazard::Collapse],
        suspected: vec![Hazard::SecondDevice],
        hazard_words: text("gas bottles in the yard"),
        access: Access {
            inward: text("canal road from the north"),
            outward: text("by the mill"),
            meeting: text("petrol pump at the crossing"),
        },
        toll: Some(toll),
        present: vec![Strength { service: Service::Police, number: 6 }],
        units: vec![UnitId::try_new("U-7")?],
        required: vec![Strength { service: Service::BombDisposal, number: 1 }],
        required_words: text("lights"),
    })
}

fn suspensions() -> Result<Vec<Event>, IdError> {
    let suspension = SuspensionId::try_new("2024-02-08-cellular")?;
    let court = suspension::Statement::CourtOrder {
        court: text("Sindh High Court"),
        dated: Some(DAY.plus_days(-15)),
        text: text("interim order"),
        status: text("extended"),
    };
    let events = [
        suspension::Event::Opened {
            suspension: suspension.clone(),
            services: suspension::Service::ALL.to_vec(),
            at: MOMENT,
        },
        suspension::Event::Stated {
            suspension: suspension.clone(),
            statement: court,
            source: text("newspaper"),
        },
        suspension::Event::Struck {
            suspension: suspension.clone(),
            entry: ENTRY,
            reason: text("wrong court"),
        },
        suspension::Event::Countersigned {
            suspension,
            covers: vec![ENTRY],
            note: text("as it stands"),
        },
    ];
    Ok(events.map(Event::Suspension).into())
}

fn deletions() -> Result<Vec<Event>, IdError> {
    let order = deletion::Order {
        places: vec![EventRef { seq: 40, ..ENTRY }, ENTRY],
        ground: deletion::Ground::Rule,
        instrument: text("D+90"),
        reason: text("the time of the rule is over · مدت ختم"),
        poll_date: Some(DAY),
        standing: None,
    };
    let ordered_by = PersonId::try_new("desk-1")?;
    let proposed_by = ordered_by.clone();
    let (instrument, reason) = (text("D+30"), text("contacts go by themselves · رابطے خود حذف"));
    let events = [
        deletion::Event::Ordered(order),
        deletion::Event::Approved { order: ENTRY, ordered_by },
        deletion::Event::Stood(deletion::Standing { instrument, reason }),
        deletion::Event::StandingApproved { standing: ENTRY, proposed_by },
        deletion::Event::StandingEnded { standing: ENTRY, reason: text("the desk closes") },
    ];
    Ok(events.map(Event::Deletion).into())
}

fn readiness() -> Vec<Event> {
    let measured =
        readiness::Measured { path: text("vhf"), asked: 40, answered: 38, slowest_s: 95 };
    let failure = readiness::Failure { key: text("vhf"), text: text("two calls unheard") };
    let drill = readiness::Drill {
        name: text("EX-KARACHI-1"),
        full: true,
        dark: true,
        stations: 412,
        paths: vec![measured],
        failures: vec![failure],
        trace: Hash32([7; 32]),
        played: true,
    };
    let (failure, how) = (text("vhf"), text("antenna raised"));
    let reason = text("a courier stands by");
    let events = [
        readiness::Event::Drilled(drill),
        readiness::Event::Mended { drill: ENTRY, failure: failure.clone(), how },
        readiness::Event::Waived { drill: ENTRY, failure, reason: reason.clone() },
        readiness::Event::Stopped { reason: reason.clone() },
        readiness::Event::Lifted { stop: ENTRY, reason },
    ];
    events.map(Event::Readiness).into()
}

fn orders() -> Result<Vec<Event>, IdError> {
    let order = order::Order {
        to: vec![Role::try_new("DRO")?, Role::try_new("POL-SP")?],
        priority: order::Priority::Life,
        text: text("Hold the convoy at Liaquatpur · قافلہ روکیں"),
        read_by: UnixMs(1_707_370_200_000),
        runner: text("rider 7, Saddar police station"),
        charge: None,
    };
    let events = [
        order::Event::Given(order),
        order::Event::Read { order: ENTRY },
        order::Event::Acted { order: ENTRY, note: text("held at 05:52") },
        order::Event::Withdrawn { order: ENTRY, reason: text("road open again") },
    ];
    Ok(events.map(Event::Order).into())
}
