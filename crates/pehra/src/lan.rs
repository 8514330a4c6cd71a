//! The node on a local network: what it shows, what it serves, and when it speaks up.

use crate::node::{Node, backlog::Backlog};
use pehra_domain::role::Role;
use pehra_lan::{
    House,
    watch::{Pace, PathState, Watch, WatchError},
};
use pehra_ledger::{
    DeviceId, Hash, LogsUnreadable,
    certificate::Certificate,
    hash::unhex,
    roster::Roster,
    statement::Said,
    sync::{
        answerer::Tally,
        desk::Desk,
        scope::{Entitlement, NotEntitled},
    },
};
use pehra_link::path::{Carrier, Event, Way};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How often it is looked at whether anything was recorded here.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// Statements that a greeting shows.
const CREDENTIALS_MAX: usize = 32;

/// The node, and the datasets that it had decoded last.
struct NodeHouse(Node, Mutex<Vec<Hash>>);

impl House for NodeHouse {
    fn election(&self) -> [u8; 16] {
        self.0.ledger_election()
    }

    fn key_seed(&self) -> [u8; 32] {
        self.0.handshake_seed()
    }

    fn credentials(&self) -> Vec<Said> {
        let own = self.0.public_key().id();
        self.0.roster(|roster| credentials(roster, own))
    }

    fn learn(&self, statements: Vec<Said>) {
        let standing = self.0.only_standing(statements);
        if let Err(trouble) = self.0.learn(standing) {
            tracing::error!(%trouble, "what a peer showed could not be kept");
        }
    }

    fn entitlement(&self, device: DeviceId) -> Result<Entitlement, NotEntitled> {
        let now_ms = u64::try_from(self.0.now().0).unwrap_or(0);
        let own = self.0.public_key();
        // A node that is its own root holds everything of its election.
        if device == own.id() && self.0.roster(|roster| roster.root().keys.contains(&own)) {
            return Ok(Entitlement::everything(pehra_domain::AreaId::nation().as_str()));
        }
        let permissions = &self.0.rules().permissions;
        let reads =
            |role: &str| Role::try_new(role).is_ok_and(|role| permissions.knows_role(&role));
        self.0.roster(|roster| Entitlement::of(roster, device, now_ms, &reads))
    }

    fn desk(&self) -> Result<Box<dyn Desk + '_>, LogsUnreadable> {
        let desk = self.0.desk().map_err(|error| LogsUnreadable(error.to_string()))?;
        Ok(Box::new(desk))
    }

    fn changed(&self, taken: &Tally) {
        let named = self.0.named_datasets();
        let mut known = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == named && taken.objects == 0 {
            return;
        }
        *known = named;
        drop(known);
        if let Err(trouble) = self.0.reload_all() {
            tracing::error!(%trouble, "a list that arrived cannot be read");
        }
    }
}

/// A device's certificates, and those of the offices that stand behind them.
fn credentials(roster: &Roster, device: DeviceId) -> Vec<Said> {
    let (mut shown, mut seen) = (Vec::new(), BTreeSet::new());
    let mut step: Vec<DeviceId> = vec![device];
    while let Some(id) = step.pop() {
        if !seen.insert(id) {
            continue;
        }
        for certificate in roster.certificates(id) {
            if shown.len() >= CREDENTIALS_MAX {
                return shown;
            }
            step.extend(certificate.issuers().map(|issuer| issuer.id()));
            shown.push(Said::Certificate(Certificate::clone(certificate)));
        }
    }
    shown
}

/// Whom a node speaks with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Peers<'a> {
    /// On a cable or a network of one's own.
    pub near: &'a [SocketAddr],
    /// Over a public network.
    pub uplinks: &'a [SocketAddr],
}

fn carrier_of(uplinks: &BTreeSet<SocketAddr>, peer: SocketAddr) -> Carrier {
    if uplinks.contains(&peer) { Carrier::Internet } else { Carrier::Lan }
}

fn path_name(uplinks: &BTreeSet<SocketAddr>, peer: SocketAddr) -> String {
    format!("{} {peer}", carrier_of(uplinks, peer).code())
}

/// Tells the node what was observed on the way to a peer since the last look.
fn report(
    node: &Node,
    uplinks: &BTreeSet<SocketAddr>,
    peer: SocketAddr,
    now: &PathState,
    before: Option<&PathState>,
) {
    let (talks, failures) = before.map_or((0, 0), |it| (it.talks, it.failures));
    let device =
        now.device.as_deref().and_then(unhex).and_then(|id| Some(DeviceId(id.try_into().ok()?)));
    let areas: Vec<String> = device.map_or_else(Vec::new, |device| {
        node.roster(|roster| {
            let own = roster.certificates(device);
            own.map(|one| one.body.area.clone()).collect()
        })
    });
    let (carrier, name) = (carrier_of(uplinks, peer), path_name(uplinks, peer));
    if before.is_none() || now.device != before.and_then(|it| it.device.clone()) {
        let nation = pehra_domain::AreaId::nation();
        let area = areas.first().cloned().unwrap_or_else(|| nation.as_str().to_owned());
        node.watch_path(&name, Way { area, carrier, due_every_ms: None });
    }
    if let Some(device) = device {
        node.path_leads(&name, device);
    }
    for _ in failures..now.failures {
        node.observe_path(&name, Event::Failed);
    }
    if now.talks > talks && now.trouble.is_none() {
        node.observe_path(&name, Event::Delivered);
    }
    if now.equal_ms != before.and_then(|it| it.equal_ms)
        && let Err(trouble) = node.note_sent(&areas)
    {
        tracing::error!(%trouble, "that orders left could not be written down");
    }
}

/// A node's presence on the network, until it is dropped.
pub struct Presence {
    watch: Arc<Watch>,
    closing: Arc<AtomicBool>,
    looking: Option<JoinHandle<()>>,
}

impl Presence {
    /// Listens and dials as told.
    ///
    /// # Errors
    /// [`WatchError`].
    pub fn begin(
        node: &Node,
        listen: Option<SocketAddr>,
        peers: &[SocketAddr],
        announce: bool,
        pace: Pace,
    ) -> Result<Self, WatchError> {
        Self::begin_with(node, listen, Peers { near: peers, uplinks: &[] }, announce, pace)
    }

    /// As [`Self::begin`], with peers that are reached over a public network: their loss is what a shutdown looks like.
    ///
    /// # Errors
    /// [`WatchError`].
    pub fn begin_with(
        node: &Node,
        listen: Option<SocketAddr>,
        peers: Peers<'_>,
        announce: bool,
        pace: Pace,
    ) -> Result<Self, WatchError> {
        let uplinks: BTreeSet<SocketAddr> = peers.uplinks.iter().copied().collect();
        let all: Vec<SocketAddr> = peers.near.iter().chain(peers.uplinks).copied().collect();
        let house = Box::new(NodeHouse(node.clone(), Mutex::default()));
        let watch = Arc::new(Watch::begin(house, listen, &all, announce, pace)?);
        let closing = Arc::new(AtomicBool::new(false));
        let (told, closed, node) = (Arc::clone(&watch), Arc::clone(&closing), node.clone());
        let looking = std::thread::spawn(move || {
            let mut known = node.receipts();
            let mut seen = BTreeMap::new();
            let mut waiting = BTreeMap::new();
            while !closed.load(Ordering::Relaxed) {
                std::thread::sleep(LOOK_AGAIN);
                let paths = told.paths();
                for (peer, state) in &paths {
                    report(&node, &uplinks, *peer, state, seen.get(peer));
                    let equal = state.equal_ms != seen.get(peer).and_then(|it| it.equal_ms);
                    let behind = waiting.entry(*peer).or_insert_with(|| Backlog::empty_at(known));
                    if equal {
                        *behind = Backlog::empty_at(known);
                    }
                    node.queued_on_path(&path_name(&uplinks, *peer), behind.grow(&node));
                }
                seen = paths;
                let now = node.receipts();
                if now != known {
                    known = now;
                    told.news();
                }
            }
        });
        Ok(Self { watch, closing, looking: Some(looking) })
    }

    /// The network side: where it listens, how its paths stand.
    #[must_use]
    pub fn watch(&self) -> &Watch {
        &self.watch
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        if let Some(looking) = self.looking.take() {
            let _panicked = looking.join();
        }
    }
}
