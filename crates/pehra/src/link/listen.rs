//! A carrier that a room listens to, and over which it says what may travel thin: what comes in goes to the node, what fails
//! is seen on the path.

use super::{Carrier, CarrierError};
use crate::node::{Node, bundle::Recipient, carriers::Frame};
use pehra_link::path::{Event, Way};
use pehra_store::Receipt;
use std::time::{Duration, Instant};

const ONCE: Duration = Duration::from_secs(1);
/// Between two attempts to reach a modem.
const AGAIN: Duration = Duration::from_secs(5);
/// A frame is said again after so long, once: nobody answers on a shared frequency, and a second time is no second word.
const SAY_AGAIN: Duration = Duration::from_secs(40);
/// Frames that wait to be said again.
const REPEATS_MAX: usize = 256;

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

    /// Says what was recorded since the last call.
    fn say(
        &mut self,
        node: &Node,
        name: &str,
        carrier: &mut dyn Carrier,
    ) -> Result<(), CarrierError> {
        let entries = match node.thin_entries(self.after) {
            Ok((entries, newest)) => {
                self.after = newest;
                entries
            }
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
        frames.iter().try_for_each(|frame| carrier.send(frame))
    }
}

/// Listens for as long as the process runs. `open` is called again whenever the line broke.
pub fn listen(
    node: Node,
    name: String,
    way: Way,
    mut thin: Option<Thin>,
    open: impl Fn() -> Result<Box<dyn Carrier + Send>, CarrierError> + Send + 'static,
) -> std::thread::JoinHandle<()> {
    node.watch_path(&name, way);
    std::thread::spawn(move || {
        loop {
            let mut carry = |carrier| hear_all(&node, &name, carrier, thin.as_mut());
            if let Err(error) = open().and_then(&mut carry) {
                tracing::warn!(path = name, %error, "a carrier is silent");
            }
            node.observe_path(&name, Event::Failed);
            std::thread::park_timeout(AGAIN);
        }
    })
}

fn hear_all(
    node: &Node,
    name: &str,
    mut carrier: Box<dyn Carrier + Send>,
    mut thin: Option<&mut Thin>,
) -> Result<(), CarrierError> {
    loop {
        if let Some(thin) = &mut thin {
            thin.say(node, name, carrier.as_mut())?;
        }
        for frame in carrier.hear(ONCE)? {
            match node.hear_frame(name, &frame) {
                Ok(Frame::Refused(why)) => tracing::info!(path = name, why, "a frame was refused"),
                Ok(_) => {}
                Err(error) => tracing::error!(path = name, %error, "a frame could not be taken"),
            }
        }
    }
}
