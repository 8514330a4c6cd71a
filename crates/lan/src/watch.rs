//! Keeping in touch: a thread listens, one more for each peer dials again and again, sooner when something moved, later
//! when nobody answers, and never at the same moment as everybody else.

use crate::{
    House,
    admission::{Gate, Limits},
    discover,
    frame::Patience,
    talk::{self, Report, TalkError},
    tls::{Identity, IdentityError},
};
use pehra_ledger::sync::asker::Outcome;
use std::{
    collections::BTreeMap,
    io,
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// How often and how patiently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Between conversations in which something moved, and the longest while nothing does.
    pub soon: Duration,
    pub calm: Duration,
    /// The longest wait for a peer that does not answer.
    pub late: Duration,
    pub dial: Duration,
    pub patience: Patience,
    pub limits: Limits,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            soon: Duration::from_secs(1),
            calm: Duration::from_secs(10),
            late: Duration::from_secs(60),
            dial: Duration::from_secs(5),
            patience: Patience::default(),
            limits: Limits::default(),
        }
    }
}

/// What is known of the way to one peer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathState {
    /// The device that answered there last.
    pub device: Option<String>,
    /// When both last held the same, Unix milliseconds.
    pub equal_ms: Option<u64>,
    /// When a conversation last ended well, Unix milliseconds.
    pub talked_ms: Option<u64>,
    /// Why the last attempt failed; none when it did not.
    pub trouble: Option<String>,
    pub taken: u64,
    pub given: u64,
    /// Conversations that ended well, and attempts that did not.
    pub talks: u64,
    pub failures: u64,
}

#[derive(Default)]
struct Shared {
    closing: bool,
    /// Counts what happened here that others should hear.
    news: u64,
    paths: BTreeMap<SocketAddr, PathState>,
}

struct Inner {
    house: Box<dyn House>,
    identity: Identity,
    pace: Pace,
    gate: Gate,
    shared: Mutex<Shared>,
    wake: Condvar,
}

/// A node's presence on a local network; leaving it ends every thread.
pub struct Watch {
    inner: Arc<Inner>,
    threads: Mutex<Vec<JoinHandle<()>>>,
    address: Option<SocketAddr>,
    _announced: Option<discover::Announced>,
}

/// Why a node cannot be present on a network.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error("nobody can be listened to at {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error(transparent)]
    Discover(#[from] discover::DiscoverError),
}

impl Watch {
    /// Listens where told, and dials the peers that are named.
    ///
    /// # Errors
    /// [`WatchError`].
    pub fn begin(
        house: Box<dyn House>,
        listen: Option<SocketAddr>,
        peers: &[SocketAddr],
        announce: bool,
        pace: Pace,
    ) -> Result<Self, WatchError> {
        let identity = Identity::of_seed(house.key_seed())?;
        let gate = Gate::new(pace.limits);
        let (shared, wake) = (Mutex::default(), Condvar::new());
        let inner = Arc::new(Inner { house, identity, pace, gate, shared, wake });
        let mut watch = Self { inner, threads: Mutex::default(), address: None, _announced: None };
        if let Some(at) = listen {
            let trouble = |cause| WatchError::Listen(at, cause);
            let listener = TcpListener::bind(at).map_err(trouble)?;
            listener.set_nonblocking(true).map_err(trouble)?;
            let address = listener.local_addr().map_err(trouble)?;
            watch.address = Some(address);
            let inner = Arc::clone(&watch.inner);
            watch.spawn(move || listen_on(&inner, &listener));
            if announce {
                let election = watch.inner.house.election();
                let device = watch.inner.identity.device;
                let found = Arc::downgrade(&watch.inner);
                let announced =
                    discover::announce(device, election, address.port(), move |peer| {
                        if let Some(inner) = found.upgrade() {
                            dial_for_ever(&inner, peer);
                        }
                    })?;
                watch._announced = Some(announced);
            }
        }
        for &peer in peers {
            let inner = Arc::clone(&watch.inner);
            watch.spawn(move || keep_dialling(&inner, peer));
        }
        Ok(watch)
    }

    fn spawn(&self, work: impl FnOnce() + Send + 'static) {
        let thread = std::thread::spawn(work);
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
    }

    /// Where this node listens.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.address
    }

    /// Something happened here: peers are told without waiting.
    pub fn news(&self) {
        self.inner.shared().news += 1;
        self.inner.wake.notify_all();
    }

    /// Every path that was tried, and how it stands.
    #[must_use]
    pub fn paths(&self) -> BTreeMap<SocketAddr, PathState> {
        self.inner.shared().paths.clone()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.inner.shared().closing = true;
        self.inner.wake.notify_all();
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        for thread in threads.drain(..) {
            let _panicked = thread.join();
        }
    }
}

impl Inner {
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, unless something happens or the watch closes; answers whether to go on.
    fn rest(&self, wait: Duration, news: u64) -> bool {
        let until = Instant::now() + wait;
        let mut shared = self.shared();
        while !shared.closing && shared.news == news {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let (again, _) =
                self.wake.wait_timeout(shared, left).unwrap_or_else(PoisonError::into_inner);
            shared = again;
        }
        !shared.closing
    }

    fn note(&self, peer: SocketAddr, ended: &Result<Report, TalkError>) {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let now = now.map_or(0, |now| u64::try_from(now.as_millis()).unwrap_or(u64::MAX));
        let mut shared = self.shared();
        let path = shared.paths.entry(peer).or_default();
        match ended {
            Ok(report) => {
                path.device = Some(report.peer.to_string());
                path.talked_ms = Some(now);
                path.trouble = None;
                path.talks += 1;
                path.taken += report.taken.entries;
                path.given += report.given;
                if report.outcome == Outcome::Equal {
                    path.equal_ms = Some(now);
                }
            }
            Err(trouble) => {
                path.trouble = Some(trouble.to_string());
                path.failures += 1;
            }
        }
    }
}

fn listen_on(inner: &Arc<Inner>, listener: &TcpListener) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    while !inner.shared().closing {
        match listener.accept() {
            Ok((stream, address)) => match inner.gate.enter(address.ip()) {
                Ok(place) => {
                    let inner = Arc::clone(inner);
                    threads.retain(|thread| !thread.is_finished());
                    threads.push(std::thread::spawn(move || visit(&inner, stream, address, place)));
                }
                Err(full) => tracing::warn!(%address, %full, "a peer is turned away"),
            },
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(cause) => {
                tracing::warn!(%cause, "no peer can be taken in");
                std::thread::sleep(Duration::from_millis(500));
            }
        }
    }
    for thread in threads {
        let _panicked = thread.join();
    }
}

fn brought(report: &Report) -> bool {
    let taken = &report.taken;
    taken.entries + taken.forks + taken.statements + taken.objects + taken.files > 0
}

fn visit(
    inner: &Inner,
    stream: TcpStream,
    address: SocketAddr,
    mut place: crate::admission::Place,
) {
    if let Err(cause) = stream.set_nonblocking(false) {
        tracing::debug!(%cause, %address, "a peer was gone at once");
        return;
    }
    let patience = inner.pace.patience;
    let mut name = |device| place.name(device, Instant::now());
    match talk::receive(stream, &*inner.house, &inner.identity, patience, &mut name) {
        Ok(report) if brought(&report) => {
            inner.house.changed(&report.taken);
            // What came from one is news for the others.
            inner.shared().news += 1;
            inner.wake.notify_all();
        }
        Ok(_) => {}
        Err(trouble) => tracing::info!(%address, %trouble, "a conversation broke off"),
    }
}

/// Dials a peer that announced itself, unless it is dialled already.
fn dial_for_ever(inner: &Arc<Inner>, peer: SocketAddr) {
    let known = {
        let mut shared = inner.shared();
        shared.closing || shared.paths.insert(peer, PathState::default()).is_some()
    };
    if !known {
        let inner = Arc::clone(inner);
        // Ends by itself once the watch closes.
        std::thread::spawn(move || keep_dialling(&inner, peer));
    }
}

fn keep_dialling(inner: &Inner, peer: SocketAddr) {
    let pace = inner.pace;
    let mut wait = pace.soon;
    loop {
        let news = inner.shared().news;
        let ended = TcpStream::connect_timeout(&peer, pace.dial)
            .map_err(TalkError::from)
            .and_then(|stream| talk::dial(stream, &*inner.house, &inner.identity, pace.patience));
        inner.note(peer, &ended);
        let mut heard = news;
        wait = match &ended {
            Ok(report) => {
                let moved = report.taken.entries + report.taken.forks + report.given;
                if brought(report) {
                    inner.house.changed(&report.taken);
                    // The others hear of it; this peer has just told it.
                    let mut shared = inner.shared();
                    heard = if shared.news == news { shared.news + 1 } else { news };
                    shared.news += 1;
                    drop(shared);
                    inner.wake.notify_all();
                }
                if moved > 0 { pace.soon } else { (wait * 2).min(pace.calm) }
            }
            Err(trouble) => {
                tracing::info!(%peer, %trouble, "a peer was not reached");
                heard = inner.shared().news;
                (wait * 2).min(pace.late)
            }
        };
        if !inner.rest(jitter(wait), heard) {
            return;
        }
    }
}

/// Between half and one and a half times as long.
fn jitter(wait: Duration) -> Duration {
    let chance = getrandom::u32().unwrap_or(u32::MAX / 2);
    wait / 2 + wait.mul_f64(f64::from(chance) / f64::from(u32::MAX))
}
