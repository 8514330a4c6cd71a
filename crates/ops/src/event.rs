//! All events, their numbers and their bytes.
//!
//! Bytes are the canonical CBOR of the noun's event: an array of the kind's number and the variant's fields,
//! integers shortest, lengths definite. A number is given once and never used again. Fields are only added, as
//! optional ones at the end.

use crate::{
    alert, campaign, check_in, community, content::Piece, custody, dataset, deletion, dispatch,
    draw, election, equipment, finding, incident, intelligence, lock, official_class, order,
    parameter, patrol, person, plan, poll, readiness, refusal::Refusal, report, risk_override,
    survey, suspension, training,
};
use minicbor::{Decode, Decoder};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Election(election::Event),
    Person(person::Event),
    Dataset(dataset::Event),
    Parameter(parameter::Event),
    OfficialClass(official_class::Event),
    RiskOverride(risk_override::Event),
    Plan(plan::Event),
    Lock(lock::Event),
    Poll(poll::Event),
    Survey(survey::Event),
    CheckIn(check_in::Event),
    Incident(incident::Event),
    Suspension(suspension::Event),
    Intelligence(intelligence::Event),
    Order(order::Event),
    Custody(custody::Event),
    Deletion(deletion::Event),
    Equipment(equipment::Event),
    Report(report::Event),
    Draw(draw::Event),
    Dispatch(dispatch::Event),
    Readiness(readiness::Event),
    Patrol(patrol::Event),
    Training(training::Event),
    Alert(alert::Event),
    Finding(finding::Event),
    Campaign(campaign::Event),
    Community(community::Event),
}

/// The registry: every number ever given, with its name. A test holds it equal to the variants.
pub const KINDS: &[(u32, &str)] = &[
    (100, "election.opened"),
    (101, "election.settled"),
    (200, "person.first_account"),
    (201, "person.account_opened"),
    (202, "person.account_closed"),
    (203, "person.role_granted"),
    (204, "person.role_approved"),
    (205, "person.role_refused"),
    (206, "person.role_revoked"),
    (300, "dataset.committed"),
    (301, "dataset.withdrawn"),
    (400, "parameter.set"),
    (401, "parameter.cleared"),
    (500, "official_class.proposed"),
    (501, "official_class.approved"),
    (502, "official_class.rejected"),
    (600, "risk_override.raised"),
    (601, "risk_override.withdrawn"),
    (700, "plan.proposed"),
    (701, "plan.approved"),
    (702, "plan.rejected"),
    (703, "plan.adopted"),
    (704, "plan.withdrawn"),
    (705, "plan.reserve_proposed"),
    (706, "plan.reserve_adopted"),
    (800, "lock.pinned"),
    (801, "lock.excluded"),
    (802, "lock.released"),
    (900, "poll.scheduled"),
    (901, "poll.postponed"),
    (902, "poll.adjourned"),
    (903, "poll.repeated"),
    (904, "poll.held"),
    (1000, "survey.recorded"),
    (1200, "check_in.sent"),
    (1201, "check_in.heard"),
    (1202, "check_in.struck"),
    (1300, "incident.reported"),
    (1301, "incident.acknowledged"),
    (1302, "incident.judged"),
    (1303, "incident.assigned"),
    (1304, "incident.departed"),
    (1305, "incident.arrived"),
    (1306, "incident.contained"),
    (1307, "incident.closed"),
    (1308, "incident.reopened"),
    (1309, "incident.reclassified"),
    (1310, "incident.toll_counted"),
    (1311, "incident.merged"),
    (1312, "incident.parted"),
    (1313, "incident.bypassed"),
    (1314, "incident.methane_reported"),
    (1400, "suspension.opened"),
    (1401, "suspension.stated"),
    (1402, "suspension.struck"),
    (1403, "suspension.countersigned"),
    (1500, "custody.registered"),
    (1501, "custody.seals_issued"),
    (1502, "custody.offered"),
    (1503, "custody.received"),
    (1504, "custody.declined"),
    (1505, "custody.recalled"),
    (1506, "custody.departed"),
    (1507, "custody.arrived"),
    (1508, "custody.recorded"),
    (1509, "custody.split"),
    (1510, "custody.joined"),
    (1511, "custody.witnessed"),
    (1512, "custody.release_proposed"),
    (1513, "custody.release_approved"),
    (1514, "custody.destroyed"),
    (1515, "custody.counted"),
    (1516, "custody.form_read"),
    (1517, "custody.compared"),
    (1518, "custody.copy_seen"),
    (1519, "custody.taken"),
    (1520, "custody.resolved"),
    (1600, "intelligence.written"),
    (1601, "intelligence.tied"),
    (1602, "intelligence.graded"),
    (1603, "intelligence.sanitised"),
    (1604, "intelligence.released"),
    (1605, "intelligence.withdrawn"),
    (1606, "intelligence.opened"),
    (1607, "intelligence.fed_back"),
    (1608, "intelligence.assessed"),
    (1609, "intelligence.watched"),
    (1610, "intelligence.unwatched"),
    (1611, "intelligence.noticed"),
    (1612, "intelligence.asked"),
    (1613, "intelligence.task_closed"),
    (1614, "intelligence.admitted"),
    (1615, "intelligence.excluded"),
    (1800, "readiness.drilled"),
    (1801, "readiness.mended"),
    (1802, "readiness.waived"),
    (1803, "readiness.stopped"),
    (1804, "readiness.lifted"),
    (1900, "deletion.ordered"),
    (1901, "deletion.approved"),
    (1902, "deletion.stood"),
    (1903, "deletion.standing_approved"),
    (1904, "deletion.standing_ended"),
    (2000, "order.given"),
    (2001, "order.read"),
    (2002, "order.acted"),
    (2003, "order.withdrawn"),
    (2020, "report.received"),
    (2021, "report.contact_left"),
    (2022, "report.triaged"),
    (2023, "report.judged"),
    (2024, "report.merged"),
    (2025, "report.parted"),
    (2026, "report.answered"),
    (2027, "report.closed"),
    (2028, "report.contact_opened"),
    (2029, "report.reader_named"),
    (2030, "report.reader_ended"),
    (2100, "equipment.listed"),
    (2101, "equipment.installed"),
    (2102, "equipment.tested"),
    (2103, "equipment.faulted"),
    (2104, "equipment.repaired"),
    (2105, "equipment.withdrawn"),
    (2106, "equipment.observed"),
    (2107, "equipment.counted"),
    (2108, "equipment.mask_drawn"),
    (2109, "equipment.mask_confirmed"),
    (2110, "equipment.task_given"),
    (2111, "equipment.task_closed"),
    (2112, "equipment.frames_kept"),
    (2113, "equipment.export_ordered"),
    (2114, "equipment.export_approved"),
    (2200, "draw.opened"),
    (2201, "draw.joined"),
    (2202, "draw.stage_proposed"),
    (2203, "draw.stage_opened"),
    (2204, "draw.committed"),
    (2205, "draw.revealed"),
    (2206, "draw.share_shown"),
    (2207, "draw.recovered"),
    (2208, "draw.drawn"),
    (2209, "draw.replaced"),
    (2210, "draw.withdrawn"),
    (2300, "dispatch.went_on_duty"),
    (2301, "dispatch.sent"),
    (2302, "dispatch.asked"),
    (2303, "dispatch.approved"),
    (2304, "dispatch.declined"),
    (2305, "dispatch.departed"),
    (2306, "dispatch.arrived"),
    (2307, "dispatch.contained"),
    (2308, "dispatch.released"),
    (2309, "dispatch.handed_over"),
    (2310, "dispatch.readied"),
    (2311, "dispatch.rested"),
    (2312, "dispatch.taken_out"),
    (2313, "dispatch.went_off_duty"),
    (2314, "dispatch.placed"),
    (2315, "dispatch.floor_set"),
    (2400, "patrol.sealed"),
    (2401, "patrol.shown"),
    (2402, "patrol.withdrawn"),
    (2500, "training.held"),
    (2501, "training.examined"),
    (2502, "training.practised"),
    (2503, "training.certified"),
    (2504, "training.withdrawn"),
    (2505, "training.forecast"),
    (2600, "alert.drafted"),
    (2601, "alert.released"),
    (2602, "alert.discarded"),
    (2603, "alert.cancelled"),
    (2700, "finding.recorded"),
    (2701, "finding.charged"),
    (2702, "finding.finished"),
    (2703, "finding.returned"),
    (2704, "finding.closed"),
    (2705, "finding.dropped"),
    (2706, "finding.aimed"),
    (2707, "finding.judged"),
    (3000, "campaign.drafted"),
    (3001, "campaign.written"),
    (3002, "campaign.signed"),
    (3003, "campaign.faulted"),
    (3004, "campaign.approved"),
    (3005, "campaign.refused"),
    (3006, "campaign.stopped"),
    (3007, "campaign.measured"),
    (3100, "community.formed"),
    (3101, "community.enlisted"),
    (3102, "community.vetted"),
    (3103, "community.released"),
    (3104, "community.briefed"),
    (3105, "community.planned"),
    (3106, "community.told"),
    (3107, "community.dissolved"),
    (3108, "community.answered"),
];

/// Bytes as this version understands them.
#[expect(clippy::large_enum_variant, reason = "unpacked at once by the one who asked")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    Known(Event),
    /// A kind, or a value inside a kind, of a newer version. The entry is kept; after an upgrade the ledger is
    /// folded again and it takes effect.
    Unknown,
}

/// The bytes are not what their kind says, and no newer version would say otherwise.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    #[error(
        "the bytes of an event of kind {kind} cannot be read; the entry is kept without effect"
    )]
    Malformed {
        kind: u32,
        #[source]
        source: minicbor::decode::Error,
    },
    #[error("an event of kind {kind} is followed by {extra} bytes that do not belong to it")]
    Trailing { kind: u32, extra: usize },
    #[error("the header says kind {kind}, the payload says kind {found}")]
    KindDiffers { kind: u32, found: u32 },
}

impl Event {
    /// The number that stands in the entry's header.
    #[must_use]
    pub fn kind(&self) -> u32 {
        match self {
            Self::Election(election::Event::Opened(_)) => 100,
            Self::Election(election::Event::Settled { .. }) => 101,
            Self::Person(event) => person_kind(event),
            Self::Dataset(dataset::Event::Committed { .. }) => 300,
            Self::Dataset(dataset::Event::Withdrawn { .. }) => 301,
            Self::Parameter(parameter::Event::Set { .. }) => 400,
            Self::Parameter(parameter::Event::Cleared { .. }) => 401,
            Self::OfficialClass(official_class::Event::Proposed(_)) => 500,
            Self::OfficialClass(official_class::Event::Approved { .. }) => 501,
            Self::OfficialClass(official_class::Event::Rejected { .. }) => 502,
            Self::RiskOverride(risk_override::Event::Raised(_)) => 600,
            Self::RiskOverride(risk_override::Event::Withdrawn { .. }) => 601,
            Self::Plan(plan::Event::Proposed(_)) => 700,
            Self::Plan(plan::Event::Approved { .. }) => 701,
            Self::Plan(plan::Event::Rejected { .. }) => 702,
            Self::Plan(plan::Event::Adopted { .. }) => 703,
            Self::Plan(plan::Event::Withdrawn { .. }) => 704,
            Self::Plan(plan::Event::ReserveProposed { .. }) => 705,
            Self::Plan(plan::Event::ReserveAdopted { .. }) => 706,
            Self::Lock(lock::Event::Pinned { .. }) => 800,
            Self::Lock(lock::Event::Excluded { .. }) => 801,
            Self::Lock(lock::Event::Released { .. }) => 802,
            Self::Poll(poll::Event::Scheduled { .. }) => 900,
            Self::Poll(poll::Event::Postponed { .. }) => 901,
            Self::Poll(poll::Event::Adjourned { .. }) => 902,
            Self::Poll(poll::Event::Repeated { .. }) => 903,
            Self::Poll(poll::Event::Held { .. }) => 904,
            Self::Survey(survey::Event::Recorded(_)) => 1000,
            Self::CheckIn(check_in::Event::Sent(_)) => 1200,
            Self::CheckIn(check_in::Event::Heard(_)) => 1201,
            Self::CheckIn(check_in::Event::Struck { .. }) => 1202,
            Self::Incident(event) => incident_kind(event),
            Self::Suspension(suspension::Event::Opened { .. }) => 1400,
            Self::Suspension(suspension::Event::Stated { .. }) => 1401,
            Self::Suspension(suspension::Event::Struck { .. }) => 1402,
            Self::Suspension(suspension::Event::Countersigned { .. }) => 1403,
            Self::Deletion(event) => event.kind(),
            Self::Intelligence(event) => event.kind(),
            Self::Readiness(readiness::Event::Drilled(_)) => 1800,
            Self::Readiness(readiness::Event::Mended { .. }) => 1801,
            Self::Readiness(readiness::Event::Waived { .. }) => 1802,
            Self::Readiness(readiness::Event::Stopped { .. }) => 1803,
            Self::Readiness(readiness::Event::Lifted { .. }) => 1804,
            Self::Order(order::Event::Given(_)) => 2000,
            Self::Order(order::Event::Read { .. }) => 2001,
            Self::Order(order::Event::Acted { .. }) => 2002,
            Self::Order(order::Event::Withdrawn { .. }) => 2003,
            Self::Custody(event) => event.kind(),
            Self::Equipment(event) => event.kind(),
            Self::Report(event) => event.kind(),
            Self::Draw(event) => event.kind(),
            Self::Dispatch(event) => event.kind(),
            Self::Patrol(event) => event.kind(),
            Self::Training(event) => event.kind(),
            Self::Alert(event) => event.kind(),
            Self::Finding(event) => event.kind(),
            Self::Campaign(event) => event.kind(),
            Self::Community(event) => event.kind(),
        }
    }

    /// The registered name: `plan.approved`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        kind_name(self.kind()).unwrap_or("unregistered")
    }

    /// Canonical bytes, without the random bytes that the ledger puts in front.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let bytes = match self {
            Self::Election(event) => minicbor::to_vec(event),
            Self::Person(event) => minicbor::to_vec(event),
            Self::Dataset(event) => minicbor::to_vec(event),
            Self::Parameter(event) => minicbor::to_vec(event),
            Self::OfficialClass(event) => minicbor::to_vec(event),
            Self::RiskOverride(event) => minicbor::to_vec(event),
            Self::Plan(event) => minicbor::to_vec(event),
            Self::Lock(event) => minicbor::to_vec(event),
            Self::Poll(event) => minicbor::to_vec(event),
            Self::Survey(event) => minicbor::to_vec(event),
            Self::CheckIn(event) => minicbor::to_vec(event),
            Self::Incident(event) => minicbor::to_vec(event),
            Self::Suspension(event) => minicbor::to_vec(event),
            Self::Intelligence(event) => minicbor::to_vec(event),
            Self::Readiness(event) => minicbor::to_vec(event),
            Self::Order(event) => minicbor::to_vec(event),
            Self::Custody(event) => minicbor::to_vec(event),
            Self::Deletion(event) => minicbor::to_vec(event),
            Self::Equipment(event) => minicbor::to_vec(event),
            Self::Report(event) => minicbor::to_vec(event),
            Self::Draw(event) => minicbor::to_vec(event),
            Self::Dispatch(event) => minicbor::to_vec(event),
            Self::Patrol(event) => minicbor::to_vec(event),
            Self::Training(event) => minicbor::to_vec(event),
            Self::Alert(event) => minicbor::to_vec(event),
            Self::Finding(event) => minicbor::to_vec(event),
            Self::Campaign(event) => minicbor::to_vec(event),
            Self::Community(event) => minicbor::to_vec(event),
        };
        // Writing to memory cannot fail: the error type of a vector is empty.
        bytes.unwrap_or_default()
    }

    /// Reads an event of any version. This is the one place where an old variant becomes today's: an arm per old
    /// kind, once there is one.
    ///
    /// # Errors
    /// [`DecodeError`] when the bytes contradict their kind.
    pub fn decode(kind: u32, bytes: &[u8]) -> Result<Decoded, DecodeError> {
        if kind_name(kind).is_none() {
            return Ok(Decoded::Unknown);
        }
        let read = match kind / 100 {
            1 => whole(kind, bytes).map(|event| event.map(Self::Election)),
            2 => whole(kind, bytes).map(|event| event.map(Self::Person)),
            3 => whole(kind, bytes).map(|event| event.map(Self::Dataset)),
            4 => whole(kind, bytes).map(|event| event.map(Self::Parameter)),
            5 => whole(kind, bytes).map(|event| event.map(Self::OfficialClass)),
            6 => whole(kind, bytes).map(|event| event.map(Self::RiskOverride)),
            7 => whole(kind, bytes).map(|event| event.map(Self::Plan)),
            8 => whole(kind, bytes).map(|event| event.map(Self::Lock)),
            9 => whole(kind, bytes).map(|event| event.map(Self::Poll)),
            10 => whole(kind, bytes).map(|event| event.map(Self::Survey)),
            12 => whole(kind, bytes).map(|event| event.map(Self::CheckIn)),
            13 => whole(kind, bytes).map(|event| event.map(Self::Incident)),
            14 => whole(kind, bytes).map(|event| event.map(Self::Suspension)),
            15 => whole(kind, bytes).map(|event| event.map(Self::Custody)),
            18 => whole(kind, bytes).map(|event| event.map(Self::Readiness)),
            19 => whole(kind, bytes).map(|event| event.map(Self::Deletion)),
            16 => whole(kind, bytes).map(|event| event.map(Self::Intelligence)),
            20 if kind < 2020 => whole(kind, bytes).map(|event| event.map(Self::Order)),
            21 => whole(kind, bytes).map(|event| event.map(Self::Equipment)),
            20 => whole(kind, bytes).map(|event| event.map(Self::Report)),
            22 => whole(kind, bytes).map(|event| event.map(Self::Draw)),
            23 => whole(kind, bytes).map(|event| event.map(Self::Dispatch)),
            24 => whole(kind, bytes).map(|event| event.map(Self::Patrol)),
            25 => whole(kind, bytes).map(|event| event.map(Self::Training)),
            26 => whole(kind, bytes).map(|event| event.map(Self::Alert)),
            27 => whole(kind, bytes).map(|event| event.map(Self::Finding)),
            30 => whole(kind, bytes).map(|event| event.map(Self::Campaign)),
            31 => whole(kind, bytes).map(|event| event.map(Self::Community)),
            _ => Ok(None),
        };
        match read? {
            None => Ok(Decoded::Unknown),
            Some(event) if event.kind() == kind => Ok(Decoded::Known(event)),
            Some(event) => Err(DecodeError::KindDiffers { kind, found: event.kind() }),
        }
    }

    /// What must hold of the numbers in an event, whoever sent it.
    pub(crate) fn check_values(&self) -> Result<(), Refusal> {
        match self {
            Self::RiskOverride(event) => risk_override::check(event),
            Self::Lock(event) => lock::check(event),
            Self::Poll(event) => poll::check(event),
            Self::Survey(survey::Event::Recorded(form)) => survey::check(form),
            Self::CheckIn(event) => check_in::check(event),
            Self::Incident(event) => incident::check(event),
            Self::Suspension(event) => suspension::check(event),
            Self::Intelligence(event) => intelligence::check(event),
            Self::Readiness(event) => readiness::check(event),
            Self::Patrol(event) => patrol::check(event),
            Self::Training(event) => training::check(event),
            Self::Alert(event) => alert::check(event),
            Self::Finding(event) => finding::check(event),
            Self::Campaign(event) => campaign::check(event),
            Self::Community(event) => community::check(event),
            Self::Plan(event) => plan::check(event),
            Self::Order(event) => order::check(event),
            Self::Custody(event) => custody::check(event),
            Self::Deletion(event) => deletion::check(event),
            Self::Equipment(event) => equipment::check(event),
            Self::Report(event) => report::check(event),
            Self::Draw(event) => draw::check(event),
            Self::Dispatch(event) => dispatch::check(event),
            Self::Election(_)
            | Self::Person(_)
            | Self::Dataset(_)
            | Self::Parameter(_)
            | Self::OfficialClass(_) => Ok(()),
        }
    }

    /// Every id that the event names: stations, contests, buildings, units, items, incidents and the like.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.pieces(&mut |piece| {
            if let Piece::Id(name, _) = piece {
                names.push(name);
            }
        });
        names
    }

    pub(crate) fn pieces<'a>(&'a self, see: &mut dyn FnMut(Piece<'a>)) {
        match self {
            Self::Election(event) => event.pieces(see),
            Self::Person(event) => event.pieces(see),
            Self::Dataset(event) => event.pieces(see),
            Self::Parameter(event) => event.pieces(see),
            Self::OfficialClass(event) => event.pieces(see),
            Self::RiskOverride(event) => event.pieces(see),
            Self::Plan(event) => event.pieces(see),
            Self::Lock(event) => event.pieces(see),
            Self::Poll(event) => event.pieces(see),
            Self::Survey(event) => event.pieces(see),
            Self::CheckIn(event) => event.pieces(see),
            Self::Incident(event) => event.pieces(see),
            Self::Suspension(event) => event.pieces(see),
            Self::Intelligence(event) => event.pieces(see),
            Self::Readiness(event) => event.pieces(see),
            Self::Patrol(event) => event.pieces(see),
            Self::Training(event) => event.pieces(see),
            Self::Alert(event) => event.pieces(see),
            Self::Finding(event) => event.pieces(see),
            Self::Campaign(event) => event.pieces(see),
            Self::Community(event) => event.pieces(see),
            Self::Order(event) => event.pieces(see),
            Self::Custody(event) => event.pieces(see),
            Self::Deletion(event) => event.pieces(see),
            Self::Equipment(event) => event.pieces(see),
            Self::Report(event) => event.pieces(see),
            Self::Draw(event) => event.pieces(see),
            Self::Dispatch(event) => event.pieces(see),
        }
    }
}

/// The registered name of a number; none for a number of a newer version.
#[must_use]
pub fn kind_name(kind: u32) -> Option<&'static str> {
    KINDS.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name)
}

fn person_kind(event: &person::Event) -> u32 {
    match event {
        person::Event::FirstAccount { .. } => 200,
        person::Event::AccountOpened { .. } => 201,
        person::Event::AccountClosed { .. } => 202,
        person::Event::RoleGranted { .. } => 203,
        person::Event::RoleApproved { .. } => 204,
        person::Event::RoleRefused { .. } => 205,
        person::Event::RoleRevoked { .. } => 206,
    }
}

fn incident_kind(event: &incident::Event) -> u32 {
    match event {
        incident::Event::Reported(_) => 1300,
        incident::Event::Acknowledged { .. } => 1301,
        incident::Event::Judged { .. } => 1302,
        incident::Event::Assigned { .. } => 1303,
        incident::Event::Departed { .. } => 1304,
        incident::Event::Arrived { .. } => 1305,
        incident::Event::Contained { .. } => 1306,
        incident::Event::Closed { .. } => 1307,
        incident::Event::Reopened { .. } => 1308,
        incident::Event::Reclassified { .. } => 1309,
        incident::Event::TollCounted { .. } => 1310,
        incident::Event::Merged { .. } => 1311,
        incident::Event::Parted { .. } => 1312,
        incident::Event::Bypassed { .. } => 1313,
        incident::Event::MethaneReported { .. } => 1314,
    }
}

/// The whole of the bytes as one value; none when a newer version wrote a value that this one has no name for.
fn whole<'b, T: Decode<'b, ()>>(kind: u32, bytes: &'b [u8]) -> Result<Option<T>, DecodeError> {
    let mut decoder = Decoder::new(bytes);
    match decoder.decode::<T>() {
        Ok(value) => match bytes.len() - decoder.position() {
            0 => Ok(Some(value)),
            extra => Err(DecodeError::Trailing { kind, extra }),
        },
        Err(error) if error.is_unknown_variant() => Ok(None),
        Err(source) => Err(DecodeError::Malformed { kind, source }),
    }
}

#[cfg(test)]
mod tests;
