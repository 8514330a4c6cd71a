//! What happens, as one closed list. Stations, buildings, convoys and so on are positions in the [`super::Plan`].

use super::{
    Second,
    content::{Code, Content, Totals},
    list::{Absence, Cause, Channel, Device, Path, Role, Service, Step, Trouble, Truth},
    word::words,
};
use minicbor::{Decode, Encode};
use pehra_domain::{Point, booth::BySex};
use serde::{Deserialize, Serialize};

/// Where something happens.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    #[n(0)]
    Station(#[n(0)] u32),
    #[n(1)]
    Convoy(#[n(0)] u32),
    #[n(2)]
    Office(#[n(0)] u32),
    /// Somewhere else in a district.
    #[n(3)]
    Ground(#[n(0)] u32, #[n(1)] Point),
    #[n(4)]
    District(#[n(0)] u32),
    #[n(5)]
    Nation,
}

/// An interval of whole numbers, both ends included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Between {
    #[n(0)]
    pub low: u32,
    #[n(1)]
    pub high: u32,
}

words! {
    /// Deeds in secret. Each leaves a trace that custody or balance can find.
    Tamper {
        0 SealSwapped "seal swapped", 1 FormAltered "form altered", 2 BookTaken "ballot book taken",
        3 BoxStuffed "box stuffed", 4 BagOpened "bag opened on the road",
    }
}

/// One thing that happens. New kinds are added at the end.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The presiding officer has reached the station with the bag.
    #[n(0)]
    OfficerArrived {
        #[n(0)]
        station: u32,
        #[n(1)]
        late_s: i32,
    },
    /// The presiding officer fell out; an assistant takes the station over.
    #[n(1)]
    OfficerReplaced {
        #[n(0)]
        station: u32,
        #[n(1)]
        cause: Cause,
    },
    #[n(2)]
    Opened {
        #[n(0)]
        station: u32,
        #[n(1)]
        late_s: i32,
    },
    #[n(3)]
    OpeningDelayed {
        #[n(0)]
        station: u32,
        #[n(1)]
        cause: Cause,
        #[n(2)]
        until: Second,
    },
    #[n(4)]
    PollSuspended {
        #[n(0)]
        station: u32,
        #[n(1)]
        cause: Cause,
    },
    #[n(5)]
    PollResumed {
        #[n(0)]
        station: u32,
        #[n(1)]
        lost_s: i32,
    },
    /// The doors are shut; those inside still vote.
    #[n(6)]
    DoorsShut {
        #[n(0)]
        station: u32,
        #[n(1)]
        inside: BySex,
    },
    #[n(7)]
    LastVoter {
        #[n(0)]
        station: u32,
        #[n(1)]
        voted: BySex,
    },
    #[n(8)]
    CountBegun {
        #[n(0)]
        station: u32,
        #[n(1)]
        agents: u32,
    },
    /// The form hangs outside; copies given to so many agents.
    #[n(9)]
    FormPosted {
        #[n(0)]
        station: u32,
        #[n(1)]
        national: Totals,
        #[n(2)]
        provincial: Totals,
        #[n(3)]
        form: u32,
        #[n(4)]
        copies: u32,
    },
    /// A check-in is said at the station; when it arrives is another happening.
    #[n(10)]
    CheckInMade {
        #[n(0)]
        station: u32,
        #[n(1)]
        code: Code,
        #[n(2)]
        content: Content,
        #[n(3)]
        path: Option<Path>,
    },
    /// The district has the check-in.
    #[n(11)]
    CheckInDelivered {
        #[n(0)]
        station: u32,
        #[n(1)]
        code: Code,
        #[n(2)]
        content: Content,
        #[n(3)]
        path: Path,
        #[n(4)]
        made_at: Second,
    },
    #[n(12)]
    CheckInLost {
        #[n(0)]
        station: u32,
        #[n(1)]
        code: Code,
        #[n(2)]
        cause: Cause,
    },
    /// No path works: the message waits at the station.
    #[n(13)]
    MessageWaits {
        #[n(0)]
        station: u32,
        #[n(1)]
        code: Option<Code>,
    },
    /// The station found that a path does not answer.
    #[n(14)]
    PathFailed {
        #[n(0)]
        station: u32,
        #[n(1)]
        path: Path,
        #[n(2)]
        cause: Cause,
    },
    /// The red mark passed in silence: the sector's car goes.
    #[n(15)]
    CarSent {
        #[n(0)]
        sector: u32,
        #[n(1)]
        station: u32,
    },
    /// Forty minutes past red and still silent.
    #[n(16)]
    Dark {
        #[n(0)]
        station: u32,
        #[n(1)]
        code: Code,
    },
    /// Heard again after it was dark.
    #[n(17)]
    HeardAgain {
        #[n(0)]
        station: u32,
        #[n(1)]
        silent_s: i32,
    },
    #[n(18)]
    ServiceLost {
        #[n(0)]
        district: u32,
        #[n(1)]
        service: Service,
        #[n(2)]
        cause: Cause,
    },
    #[n(19)]
    ServiceRestored {
        #[n(0)]
        district: u32,
        #[n(1)]
        service: Service,
    },
    /// An authority orders services off, or on again; recorded, never caused, by this system.
    #[n(20)]
    SuspensionOrdered {
        #[n(0)]
        services: Vec<Service>,
        #[n(1)]
        areas: Vec<u32>,
        #[n(2)]
        authority: String,
    },
    /// The first attempt in the district that finds the service gone.
    #[n(21)]
    SuspensionObserved {
        #[n(0)]
        district: u32,
        #[n(1)]
        service: Service,
    },
    #[n(22)]
    SuspensionLifted {
        #[n(0)]
        services: Vec<Service>,
        #[n(1)]
        areas: Vec<u32>,
    },
    /// The first attempt in the district that finds it back.
    #[n(23)]
    RestorationObserved {
        #[n(0)]
        district: u32,
        #[n(1)]
        service: Service,
    },
    #[n(24)]
    CourierDeparted {
        #[n(0)]
        courier: u32,
    },
    #[n(25)]
    CourierReturned {
        #[n(0)]
        courier: u32,
        #[n(1)]
        messages: u32,
    },
    #[n(26)]
    CourierFailed {
        #[n(0)]
        courier: u32,
        #[n(1)]
        cause: Cause,
    },
    #[n(27)]
    IncidentOccurred {
        #[n(0)]
        incident: u32,
        #[n(1)]
        trouble: Trouble,
        #[n(2)]
        severity: u8,
        #[n(3)]
        place: Place,
        #[n(4)]
        killed: u32,
        #[n(5)]
        injured: u32,
    },
    /// Word of it reaches the district.
    #[n(28)]
    IncidentReported {
        #[n(0)]
        incident: u32,
        #[n(1)]
        trouble: Trouble,
        #[n(2)]
        severity: u8,
        #[n(3)]
        place: Place,
        #[n(4)]
        by: Role,
        #[n(5)]
        path: Path,
        #[n(6)]
        occurred_at: Second,
    },
    /// What is said of the toll, lowest and highest; later words do not erase earlier ones.
    #[n(29)]
    TollStated {
        #[n(0)]
        incident: u32,
        #[n(1)]
        killed: Between,
        #[n(2)]
        injured: Between,
        #[n(3)]
        by: Role,
    },
    #[n(30)]
    IncidentEnded {
        #[n(0)]
        incident: u32,
    },
    #[n(31)]
    TeamSent {
        #[n(0)]
        team: u32,
        #[n(1)]
        incident: u32,
    },
    #[n(32)]
    TeamArrived {
        #[n(0)]
        team: u32,
        #[n(1)]
        incident: u32,
        #[n(2)]
        after_s: i32,
    },
    #[n(33)]
    TeamBack {
        #[n(0)]
        team: u32,
    },
    /// No free team within the target.
    #[n(34)]
    Unanswered {
        #[n(0)]
        incident: u32,
    },
    /// One custody step; seals as they are read there, and the two who sign.
    #[n(35)]
    Custody {
        #[n(0)]
        station: u32,
        #[n(1)]
        step: Step,
        #[n(2)]
        seal_read: u32,
        #[n(3)]
        seal_expected: u32,
        #[n(4)]
        giver: Role,
        #[n(5)]
        receiver: Role,
        #[n(6)]
        signatures: u8,
    },
    /// Known to the engine alone: what was done in secret.
    #[n(36)]
    Tampered {
        #[n(0)]
        station: u32,
        #[n(1)]
        how: Tamper,
    },
    #[n(37)]
    Snatched {
        #[n(0)]
        station: u32,
        #[n(1)]
        incident: u32,
    },
    #[n(38)]
    Destroyed {
        #[n(0)]
        station: u32,
        #[n(1)]
        incident: u32,
    },
    #[n(39)]
    ConvoyDeparted {
        #[n(0)]
        convoy: u32,
        #[n(1)]
        night: bool,
        #[n(2)]
        vehicles: u32,
        #[n(3)]
        escort: u32,
    },
    #[n(40)]
    ConvoyDelayed {
        #[n(0)]
        convoy: u32,
        #[n(1)]
        cause: Cause,
        #[n(2)]
        seconds: i32,
    },
    #[n(41)]
    ConvoyAtStop {
        #[n(0)]
        convoy: u32,
        #[n(1)]
        building: u32,
        #[n(2)]
        night: bool,
    },
    #[n(42)]
    ConvoyHome {
        #[n(0)]
        convoy: u32,
        #[n(1)]
        night: bool,
        #[n(2)]
        late_s: i32,
    },
    /// The receiving desk has read and receipted the bags of a station; how late its convoy was at the gate.
    #[n(43)]
    BagsReceived {
        #[n(0)]
        station: u32,
        #[n(1)]
        receipt: u32,
        #[n(2)]
        late_s: i32,
        /// The picture of the form as the desk reads it: another number than the station's is another paper.
        #[n(3)]
        form: u32,
    },
    #[n(44)]
    GuardsPosted {
        #[n(0)]
        building: u32,
        #[n(1)]
        present: u32,
        #[n(2)]
        due: u32,
        #[n(3)]
        women: u32,
    },
    #[n(45)]
    GuardsAbsent {
        #[n(0)]
        building: u32,
        #[n(1)]
        count: u32,
        #[n(2)]
        absence: Absence,
    },
    #[n(46)]
    GuardsRelieved {
        #[n(0)]
        building: u32,
        #[n(1)]
        count: u32,
    },
    #[n(47)]
    GuardLeft {
        #[n(0)]
        building: u32,
        #[n(1)]
        cause: Cause,
    },
    #[n(48)]
    DeviceFailed {
        #[n(0)]
        station: u32,
        #[n(1)]
        device: Device,
        #[n(2)]
        cause: Cause,
    },
    #[n(49)]
    DeviceBack {
        #[n(0)]
        station: u32,
        #[n(1)]
        device: Device,
        #[n(2)]
        down_s: i32,
    },
    #[n(50)]
    CitizenReport {
        #[n(0)]
        report: u32,
        #[n(1)]
        trouble: Trouble,
        #[n(2)]
        place: Place,
        #[n(3)]
        channel: Channel,
        #[n(4)]
        truth: Truth,
        #[n(5)]
        incident: Option<u32>,
    },
    /// A graded tip. Reports of one root are one piece of knowledge, however many services send them.
    #[n(51)]
    Intelligence {
        #[n(0)]
        report: u32,
        #[n(1)]
        root: u32,
        #[n(2)]
        source: u8,
        #[n(3)]
        credibility: u8,
        #[n(4)]
        place: Place,
        #[n(5)]
        trouble: Trouble,
        #[n(6)]
        from: Second,
        #[n(7)]
        until: Second,
    },
    /// Somebody made a mistake in what was sent: the figure that arrives is wrong.
    #[n(52)]
    Misread {
        #[n(0)]
        station: u32,
        #[n(1)]
        code: Code,
    },
}

impl What {
    /// Its kind, as it is written in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OfficerArrived { .. } => "officer_arrived",
            Self::OfficerReplaced { .. } => "officer_replaced",
            Self::Opened { .. } => "opened",
            Self::OpeningDelayed { .. } => "opening_delayed",
            Self::PollSuspended { .. } => "poll_suspended",
            Self::PollResumed { .. } => "poll_resumed",
            Self::DoorsShut { .. } => "doors_shut",
            Self::LastVoter { .. } => "last_voter",
            Self::CountBegun { .. } => "count_begun",
            Self::FormPosted { .. } => "form_posted",
            Self::CheckInMade { .. } => "check_in_made",
            Self::CheckInDelivered { .. } => "check_in_delivered",
            Self::CheckInLost { .. } => "check_in_lost",
            Self::MessageWaits { .. } => "message_waits",
            Self::PathFailed { .. } => "path_failed",
            Self::CarSent { .. } => "car_sent",
            Self::Dark { .. } => "dark",
            Self::HeardAgain { .. } => "heard_again",
            Self::ServiceLost { .. } => "service_lost",
            Self::ServiceRestored { .. } => "service_restored",
            Self::SuspensionOrdered { .. } => "suspension_ordered",
            Self::SuspensionObserved { .. } => "suspension_observed",
            Self::SuspensionLifted { .. } => "suspension_lifted",
            Self::RestorationObserved { .. } => "restoration_observed",
            Self::CourierDeparted { .. } => "courier_departed",
            Self::CourierReturned { .. } => "courier_returned",
            Self::CourierFailed { .. } => "courier_failed",
            Self::IncidentOccurred { .. } => "incident_occurred",
            Self::IncidentReported { .. } => "incident_reported",
            Self::TollStated { .. } => "toll_stated",
            Self::IncidentEnded { .. } => "incident_ended",
            Self::TeamSent { .. } => "team_sent",
            Self::TeamArrived { .. } => "team_arrived",
            Self::TeamBack { .. } => "team_back",
            Self::Unanswered { .. } => "unanswered",
            Self::Custody { .. } => "custody",
            Self::Tampered { .. } => "tampered",
            Self::Snatched { .. } => "snatched",
            Self::Destroyed { .. } => "destroyed",
            Self::ConvoyDeparted { .. } => "convoy_departed",
            Self::ConvoyDelayed { .. } => "convoy_delayed",
            Self::ConvoyAtStop { .. } => "convoy_at_stop",
            Self::ConvoyHome { .. } => "convoy_home",
            Self::BagsReceived { .. } => "bags_received",
            Self::GuardsPosted { .. } => "guards_posted",
            Self::GuardsAbsent { .. } => "guards_absent",
            Self::GuardsRelieved { .. } => "guards_relieved",
            Self::GuardLeft { .. } => "guard_left",
            Self::DeviceFailed { .. } => "device_failed",
            Self::DeviceBack { .. } => "device_back",
            Self::CitizenReport { .. } => "citizen_report",
            Self::Intelligence { .. } => "intelligence",
            Self::Misread { .. } => "misread",
        }
    }
}

/// One thing, when it happens, and its place in the order of the whole day.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Happening {
    #[n(0)]
    pub at: Second,
    /// From 0, without gaps.
    #[n(1)]
    pub number: u64,
    /// The district in which it happens; none for the whole country.
    #[n(2)]
    pub district: Option<u32>,
    #[n(3)]
    pub what: What,
}
