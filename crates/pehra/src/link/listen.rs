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
    collections::VecDeque,
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

/// A frame that was not said yet, as its entry counts.
struct Unsaid {
    frame: Vec<u8>,
    priority: Priority,
    recorded_ms: u64,
}

/// What goes out: each frame once, and once more.
#[derive(Default)]
struct Outgoing {
    unsaid: VecDeque<Unsaid>,
    /// The soonest first.
    repeats: VecDeque<(Instant, Vec<u8>)>,
}

impl Outgoing {
    /// Says what is due. A frame is done with when it went out: what a broken line did not take is said when the line is
    /// there again, from that frame on.
    fn send(&mut self, now: Instant, carrier: &mut dyn Carrier) -> Result<(), CarrierError> {
        while let Some((_, frame)) = self.repeats.front().filter(|(at, _)| *at <= now) {
            carrier.send(frame)?;
            self.repeats.pop_front();
        }
        while let Some(next) = self.unsaid.front() {
            carrier.send(&next.frame)?;
            let said = self.unsaid.pop_front();
            if self.repeats.len() < REPEATS_MAX {
                self.repeats.extend(said.map(|said| (now + SAY_AGAIN, said.frame)));
            }
        }
        Ok(())
    }

    /// What was not said yet, by urgency.
    fn depths(&self) -> [Depth; 4] {
        let empty = |priority| Depth { priority, parcels: 0, bytes: 0, oldest_ms: None };
        let mut depths = Priority::ALL.map(empty);
        for one in &self.unsaid {
            if let Some(depth) = depths.iter_mut().find(|it| it.priority == one.priority) {
                depth.parcels += 1;
                depth.bytes += u64::try_from(one.frame.len()).unwrap_or(u64::MAX);
                depth.oldest_ms.get_or_insert(one.recorded_ms);
            }
        }
        depths
    }
}

/// What this node says over a carrier, and to whom.
pub struct Thin {
    desks: Vec<Recipient>,
    /// What came until here was read.
    after: Receipt,
    outgoing: Outgoing,
}

impl Thin {
    /// From now on: what was recorded before is not said any more. None where nobody hears it.
    #[must_use]
    pub fn to(node: &Node, desks: Vec<Recipient>) -> Option<Self> {
        let is_heard = !desks.is_empty();
        is_heard.then(|| Self { desks, after: node.newest(), outgoing: Outgoing::default() })
    }

    /// Reads what was recorded since the last look.
    fn read(&mut self, node: &Node, name: &str) {
        let (entries, newest) = match node.thin_entries(self.after) {
            Ok(found) => found,
            Err(error) => {
                tracing::error!(path = name, %error, "what may travel thin could not be read");
                return;
            }
        };
        for entry in &entries {
            match node.thin_frames(entry, &self.desks) {
                Ok(frames) => {
                    let priority = crate::node::backlog::priority_of(entry);
                    let recorded_ms = entry.header().clock.ms;
                    let unsaid = |frame| Unsaid { frame, priority, recorded_ms };
                    self.outgoing.unsaid.extend(frames.into_iter().map(unsaid));
                }
                Err(why) => tracing::info!(path = name, %why, "an entry travels signed alone"),
            }
        }
        self.after = newest;
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
    fn count(&mut self) {
        if let Some(thin) = &mut self.thin {
            thin.read(&self.node, &self.name);
            self.node.queued_on_path(&self.name, thin.outgoing.depths());
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
                thin.read(&self.node, &self.name);
                thin.outgoing.send(Instant::now(), carrier.as_mut())?;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A line that breaks so often, and takes what comes after.
    #[derive(Default)]
    struct Line {
        breaks: usize,
        took: Vec<Vec<u8>>,
    }

    impl Carrier for Line {
        fn frame_bytes(&self) -> usize {
            100
        }

        fn send(&mut self, frame: &[u8]) -> Result<(), CarrierError> {
            if self.breaks > 0 {
                self.breaks -= 1;
                return Err(CarrierError::Closed);
            }
            self.took.push(frame.to_vec());
            Ok(())
        }

        fn hear(&mut self, _: Duration) -> Result<Vec<Vec<u8>>, CarrierError> {
            Ok(Vec::new())
        }
    }

    fn unsaid(byte: u8) -> Unsaid {
        Unsaid { frame: vec![byte], priority: Priority::Urgent, recorded_ms: u64::from(byte) }
    }

    #[test]
    fn a_line_that_breaks_three_times_hears_each_frame_once_and_once_again() {
        let (start, mut line) = (Instant::now(), Line { breaks: 3, took: Vec::new() });
        let mut outgoing = Outgoing::default();
        outgoing.unsaid.extend([unsaid(1), unsaid(2)]);
        for attempt in 0..3 {
            assert!(outgoing.send(start + AGAIN * attempt, &mut line).is_err());
            assert_eq!(outgoing.depths()[1].parcels, 2);
        }
        let said = start + AGAIN * 3;
        outgoing.send(said, &mut line).unwrap();
        assert_eq!(line.took, [[1], [2]]);
        assert_eq!(outgoing.depths()[1].parcels, 0);
        outgoing.send(said + SAY_AGAIN - ONCE, &mut line).unwrap();
        assert_eq!(line.took, [[1], [2]], "not yet");
        // A repeat that does not go out is not lost.
        line.breaks = 1;
        assert!(outgoing.send(said + SAY_AGAIN, &mut line).is_err());
        outgoing.send(said + SAY_AGAIN + AGAIN, &mut line).unwrap();
        assert_eq!(line.took, [[1], [2], [1], [2]]);
        outgoing.send(said + SAY_AGAIN * 9, &mut line).unwrap();
        assert_eq!(line.took.len(), 4, "once again and no more");
    }

    #[test]
    fn a_line_that_breaks_between_two_frames_goes_on_with_the_second() {
        let (now, mut line) = (Instant::now(), Line::default());
        let mut outgoing = Outgoing::default();
        outgoing.unsaid.push_back(unsaid(1));
        outgoing.send(now, &mut line).unwrap();
        outgoing.unsaid.extend([unsaid(2), unsaid(3)]);
        line.breaks = 1;
        assert!(outgoing.send(now, &mut line).is_err());
        let waiting = outgoing.depths()[1];
        assert_eq!((waiting.parcels, waiting.bytes, waiting.oldest_ms), (2, 2, Some(2)));
        outgoing.send(now, &mut line).unwrap();
        assert_eq!(line.took, [[1], [2], [3]]);
    }
}
