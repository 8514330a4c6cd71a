//! What all requests share.

use crate::{
    auth::{session::Sessions, throttle::Throttle},
    http::{
        communications::CommunicationsKept, convoys::ConvoysKept, custody, imports::Imports,
        patrols::coverage, plans::SumsKept, points::Points, reserves::ReservesKept, serve::Limits,
        stations::EvidenceKept, view::PlanIndex,
    },
    node::Node,
    public::flood::Buckets,
    work::{dispatch::RoadsKept, draw::entries::RosterKept},
    world::PlanTable,
};
use pehra_domain::PersonId;
use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{Semaphore, watch};

/// Largest file that the browser may send, unless set otherwise: 512 MiB.
pub const UPLOAD_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Open live streams in all.
const STREAMS_MAX: usize = 256;
/// A theft is cleared up to the last checkpoint before it; a checkpoint costs one entry.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(60);
/// Plans that are kept ordered for look-ups.
const PLANS_KEPT: usize = 4;

/// How the room is opened.
#[derive(Clone, Debug)]
pub struct Config {
    /// 127.0.0.1 unless somebody chose otherwise; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Host names besides `localhost` and literal addresses by which the node may be called.
    pub hosts: Vec<String>,
    /// Folder for files on their way in; made if missing, emptied at the start.
    pub uploads: PathBuf,
    pub upload_bytes_max: u64,
    pub limits: Limits,
    /// Opens the first account; none once there is one.
    pub setup_token: Option<String>,
    /// Who is signed in by the demo's button; only on a demo node.
    pub demo_person: Option<PersonId>,
    /// How often the node signs a checkpoint of what came since the last one.
    pub checkpoint_every: Duration,
    /// Where the room finds the day that is lived beside it; empty unless it is an exercise.
    pub stage: crate::drill::Stage,
    /// Text messages, where there is a gateway or a modem.
    pub sms: Option<crate::link::switch::Switch>,
    /// Where anybody may read and tell without a name; nowhere unless somebody chose it.
    pub public: Option<SocketAddr>,
    /// Where a gateway hands in citizens' text messages, without their numbers.
    pub public_sms: Option<SocketAddr>,
    /// Where station phones find their page; nowhere unless somebody chose it.
    pub phones: Option<SocketAddr>,
    /// The typesetter; none: beside this program.
    pub printer: Option<PathBuf>,
    /// What this node hears of equipment.
    pub devices: crate::devices::Watch,
    /// How often it looks through cameras, and with what.
    pub looking: crate::devices::look::Looking,
}

impl Config {
    /// The usual room on this machine.
    #[must_use]
    pub fn local(port: u16, uploads: PathBuf) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            hosts: Vec::new(),
            uploads,
            upload_bytes_max: UPLOAD_BYTES_MAX,
            limits: Limits::default(),
            setup_token: None,
            demo_person: None,
            checkpoint_every: CHECKPOINT_EVERY,
            stage: crate::drill::Stage::default(),
            sms: None,
            public: None,
            public_sms: None,
            phones: None,
            printer: None,
            devices: crate::devices::Watch::default(),
            looking: crate::devices::look::Looking::default(),
        }
    }
}

/// Shared by every request; cloning is cheap.
#[derive(Clone)]
pub struct Room {
    inner: Arc<Inner>,
}

struct Inner {
    node: Node,
    config: Config,
    setup_token: Mutex<Option<String>>,
    sessions: Sessions,
    throttle: Throttle,
    hashing: Semaphore,
    points: Points,
    imports: Imports,
    plans: Mutex<Vec<Arc<PlanIndex>>>,
    sums: SumsKept,
    custody: Arc<custody::Kept>,
    roads: RoadsKept,
    evidence: EvidenceKept,
    communications: CommunicationsKept,
    reserves: ReservesKept,
    convoys: ConvoysKept,
    patrols: coverage::Kept,
    roster: RosterKept,
    lessons: crate::trainer::Kept,
    nets: crate::net::Kept,
    streams: AtomicUsize,
    buckets: Arc<Buckets>,
    closing: watch::Sender<bool>,
}

impl Room {
    #[must_use]
    pub fn new(node: Node, config: Config) -> Self {
        let inner = Inner {
            node,
            setup_token: Mutex::new(config.setup_token.clone()),
            imports: Imports::new(config.uploads.clone(), config.upload_bytes_max),
            config,
            sessions: Sessions::default(),
            throttle: Throttle::default(),
            // Each hash takes 19 MiB and a core.
            hashing: Semaphore::new(2),
            points: Points::default(),
            plans: Mutex::default(),
            sums: SumsKept::default(),
            custody: Arc::default(),
            roads: RoadsKept::default(),
            evidence: EvidenceKept::default(),
            communications: CommunicationsKept::default(),
            reserves: ReservesKept::default(),
            convoys: ConvoysKept::default(),
            patrols: coverage::Kept::default(),
            roster: RosterKept::default(),
            lessons: crate::trainer::Kept::default(),
            nets: crate::net::Kept::default(),
            streams: AtomicUsize::new(0),
            buckets: Arc::default(),
            closing: watch::Sender::new(false),
        };
        Self { inner: Arc::new(inner) }
    }

    #[must_use]
    pub fn node(&self) -> &Node {
        &self.inner.node
    }

    /// How many reports of citizens are taken in.
    #[must_use]
    pub fn buckets(&self) -> &Arc<Buckets> {
        &self.inner.buckets
    }

    /// The day that is lived beside the room, if there is one.
    #[must_use]
    pub fn stage(&self) -> &crate::drill::Stage {
        &self.inner.config.stage
    }

    #[must_use]
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    #[must_use]
    pub fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    #[must_use]
    pub fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    #[must_use]
    pub fn hashing(&self) -> &Semaphore {
        &self.inner.hashing
    }

    #[must_use]
    pub fn points(&self) -> &Points {
        &self.inner.points
    }

    #[must_use]
    pub fn imports(&self) -> &Imports {
        &self.inner.imports
    }

    /// A plan ordered for look-ups; made at its first use and kept for the last few plans.
    #[must_use]
    pub fn plan_index(&self, plan: &Arc<PlanTable>) -> Arc<PlanIndex> {
        let kept = || self.inner.plans.lock().unwrap_or_else(PoisonError::into_inner);
        let same =
            |index: &&Arc<PlanIndex>| index.table.provenance.manifest == plan.provenance.manifest;
        if let Some(index) = kept().iter().find(same) {
            return index.clone();
        }
        let index = Arc::new(PlanIndex::new(plan.clone()));
        let mut kept = kept();
        if kept.len() >= PLANS_KEPT {
            kept.remove(0);
        }
        kept.push(index.clone());
        index
    }

    /// The evidence behind the stations' factors.
    #[must_use]
    pub fn evidence(&self) -> &EvidenceKept {
        &self.inner.evidence
    }

    /// The last communication plan that was asked for.
    #[must_use]
    pub fn communications(&self) -> &CommunicationsKept {
        &self.inner.communications
    }

    /// Lessons that were asked for last; nothing of whoever learns.
    #[must_use]
    pub fn lessons(&self) -> &crate::trainer::Kept {
        &self.inner.lessons
    }

    /// Call signs of the nets that are open.
    #[must_use]
    pub fn nets(&self) -> &crate::net::Kept {
        &self.inner.nets
    }

    /// Basings that were chosen here, and the country that they were chosen on.
    #[must_use]
    pub fn reserves(&self) -> &ReservesKept {
        &self.inner.reserves
    }

    /// Convoys that were planned here.
    #[must_use]
    pub fn convoys(&self) -> &ConvoysKept {
        &self.inner.convoys
    }

    /// The roster of a draw that was looked through last.
    #[must_use]
    pub fn roster(&self) -> &RosterKept {
        &self.inner.roster
    }

    /// Plans of patrols that were computed of late.
    #[must_use]
    pub fn patrols(&self) -> &coverage::Kept {
        &self.inner.patrols
    }

    /// The road map once somebody asked for a way.
    #[must_use]
    pub fn roads(&self) -> &RoadsKept {
        &self.inner.roads
    }

    /// Rows of custody that are still true.
    #[must_use]
    pub fn custody(&self) -> &Arc<custody::Kept> {
        &self.inner.custody
    }

    /// The sums of plans by district.
    #[must_use]
    pub fn sums(&self) -> &SumsKept {
        &self.inner.sums
    }

    /// The token that opens the first account, while there is none.
    #[must_use]
    pub fn setup_token(&self) -> Option<String> {
        self.inner.setup_token.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn use_up_setup_token(&self) {
        *self.inner.setup_token.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A place among the live streams; none when all are taken.
    #[must_use]
    pub fn take_stream(&self) -> Option<StreamPlace> {
        let taken = self.inner.streams.fetch_add(1, Ordering::Relaxed);
        let place = StreamPlace(self.clone());
        (taken < STREAMS_MAX).then_some(place)
    }

    /// Becomes true when the room closes.
    #[must_use]
    pub fn closing(&self) -> watch::Receiver<bool> {
        self.inner.closing.subscribe()
    }

    pub fn close(&self) {
        self.inner.closing.send_replace(true);
    }
}

/// Held while a live stream is open.
pub struct StreamPlace(Room);

impl Drop for StreamPlace {
    fn drop(&mut self) {
        self.0.inner.streams.fetch_sub(1, Ordering::Relaxed);
    }
}
