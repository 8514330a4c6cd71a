//! A carrier that a room listens to, and over which it says what may travel thin: what comes in goes to the node, what fails
//! is seen on the path.

use super::{Carrier, CarrierError};
use crate::node::{Node, bundle::Recipient, carriers::Frame};
use pehra_link::{
    path::{Event, Way},
    queue::{Depth, Priority},
};
use pehra_store::Receipt;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const ONCE: Duration = Duration::from_secs(1);
/// Between two attempts to reach a modem.
const AGAIN: Duration = Duration::from_secs(5);
/// A frame is said again after so long, once: nobody answers on a shared frequency, and a second time is no second word.
const SAY_AGAIN: Duration = Duration::from_secs(40);
/// Frames that wait to be said again.
const REPEATS_MAX: usize = 256;
/// A network behind a carrier is asked so often whether it serves.
const PROBE: Duration = Duration::from_secs(60);

/// Ends what listens, and says what keeps it from carrying; cloning is cheap.
#[derive(Clone, Debug, Default)]
pub struct Control {
    stop: Arc<AtomicBool>,
    trouble: Arc<Mutex<Option<String>>>,
}

impl Control {
    /// Ends it within a second or a network's answer.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// What kept it from carrying at the last attempt.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// What this node says over a carrier, and to whom.
pub struct Thin {
    desks: Vec<Recipient>,
    after: Receipt,
    repeats: Vec<(Instant, Vec<u8>)>,
}

impl Thin {
    /// From now on: what was recorded before is not said any more.
    #[must_use]
    pub fn to(node: &Node, desks: Vec<Recipient>) -> Self {
        Self { desks, after: node.newest(), repeats: Vec::new() }
    }

    /// What was recorded and not said yet, by urgency: counted anew, nothing is kept beside the ledger.
    fn waiting(&self, node: &Node) -> [Depth; 4] {
        let empty = |priority| Depth { priority, parcels: 0, bytes: 0, oldest_ms: None };
        let mut depths = Priority::ALL.map(empty);
        let entries = node.thin_entries(self.after).map_or_else(|_| Vec::new(), |(all, _)| all);
        for entry in &entries {
            let frames = node.thin_frames(entry, &self.desks).unwrap_or_default();
            let priority = crate::node::backlog::priority_of(entry);
            if let Some(depth) = depths.iter_mut().find(|one| one.priority == priority) {
                depth.parcels += frames.len();
                let bytes: usize = frames.iter().map(Vec::len).sum();
                depth.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
                depth.oldest_ms.get_or_insert(entry.header().clock.ms);
            }
        }
        depths
    }

    /// Says what was recorded since the last call.
    fn say(
        &mut self,
        node: &Node,
        name: &str,
        carrier: &mut dyn Carrier,
    ) -> Result<(), CarrierError> {
        let (entries, newest) = match node.thin_entries(self.after) {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(path = name, %error, "what may travel thin could not be read");
                return Ok(());
            }
        };
        let now = Instant::now();
        let mut frames = Vec::new();
        self.repeats.retain(|(at, frame)| {
            let due = *at <= now;
            if due {
                frames.push(frame.clone());
            }
            !due
        });
        for entry in &entries {
            match node.thin_frames(entry, &self.desks) {
                Ok(some) => {
                    for frame in some {
                        if self.repeats.len() < REPEATS_MAX {
                            self.repeats.push((now + SAY_AGAIN, frame.clone()));
                        }
                        frames.push(frame);
                    }
                }
                Err(why) => tracing::info!(path = name, %why, "an entry travels signed alone"),
            }
        }
        // What did not go out is said when the line is there again, from the first on.
        frames.iter().try_for_each(|frame| carrier.send(frame))?;
        self.after = newest;
        Ok(())
    }
}

/// Listens for as long as the process runs. `open` is called again whenever the line broke.
pub fn listen(
    node: Node,
    name: String,
    way: Way,
    thin: Option<Thin>,
    open: impl Fn() -> Result<Box<dyn Carrier + Send>, CarrierError> + Send + 'static,
) -> std::thread::JoinHandle<()> {
    listen_until(Control::default(), node, name, way, thin, open)
}

/// As [`listen`], until it is told to stop.
pub fn listen_until(
    control: Control,
    node: Node,
    name: String,
    way: Way,
    thin: Option<Thin>,
    open: impl Fn() -> Result<Box<dyn Carrier + Send>, CarrierError> + Send + 'static,
) -> std::thread::JoinHandle<()> {
    node.watch_path(&name, way);
    let mut line = Line { control, node, name, thin };
    std::thread::spawn(move || {
        while !line.control.is_stopped() {
            let Err(error) = open().and_then(|carrier| line.carry(carrier)) else { return };
            if line.control.is_stopped() {
                return;
            }
            tracing::warn!(path = line.name, %error, "a carrier is silent");
            line.control.note(Some(error.to_string()));
            line.node.observe_path(&line.name, Event::Failed);
            line.count();
            let until = Instant::now() + AGAIN;
            while Instant::now() < until && !line.control.is_stopped() {
                std::thread::park_timeout(ONCE);
            }
        }
    })
}

struct Line {
    control: Control,
    node: Node,
    name: String,
    thin: Option<Thin>,
}

impl Line {
    /// Tells the room what waits.
    fn count(&self) {
        if let Some(thin) = &self.thin {
            self.node.queued_on_path(&self.name, thin.waiting(&self.node));
        }
    }

    /// Carries until the line breaks, or until it is told to stop.
    fn carry(&mut self, mut carrier: Box<dyn Carrier + Send>) -> Result<(), CarrierError> {
        let mut asked: Option<Instant> = None;
        while !self.control.is_stopped() {
            if asked.is_none_or(|at| at.elapsed() >= PROBE) {
                asked = Some(Instant::now());
                self.probe(carrier.as_mut())?;
            }
            if let Some(thin) = &mut self.thin {
                thin.say(&self.node, &self.name, carrier.as_mut())?;
            }
            self.count();
            for frame in carrier.hear(ONCE)? {
                self.take(&frame);
            }
        }
        Ok(())
    }

    fn probe(&self, carrier: &mut dyn Carrier) -> Result<(), CarrierError> {
        let serves = carrier.serves()?;
        self.control.note((serves == Some(false)).then(|| "no network".to_owned()));
        match serves {
            Some(true) => self.node.observe_path(&self.name, Event::Heard),
            Some(false) => self.node.observe_path(&self.name, Event::Failed),
            None => {}
        }
        Ok(())
    }

    fn take(&self, frame: &[u8]) {
        let path = &self.name;
        match self.node.hear_frame(path, frame) {
            Ok(Frame::Refused(why)) => tracing::info!(path, why, "a frame was refused"),
            Ok(_) => {}
            Err(error) => tracing::error!(path, %error, "a frame could not be taken"),
        }
    }
}
