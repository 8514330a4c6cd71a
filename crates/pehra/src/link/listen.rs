//! A carrier that a room listens to: what comes in goes to the node, what fails is seen on the path.

use super::{Carrier, CarrierError};
use crate::node::{Node, carriers::Frame};
use pehra_link::path::{Event, Way};
use std::time::Duration;

const ONCE: Duration = Duration::from_secs(1);
/// Between two attempts to reach a modem.
const AGAIN: Duration = Duration::from_secs(5);

/// Listens for as long as the process runs. `open` is called again whenever the line broke.
pub fn listen(
    node: Node,
    name: String,
    way: Way,
    open: impl Fn() -> Result<Box<dyn Carrier + Send>, CarrierError> + Send + 'static,
) -> std::thread::JoinHandle<()> {
    node.watch_path(&name, way);
    std::thread::spawn(move || {
        loop {
            if let Err(error) = open().and_then(|carrier| hear_all(&node, &name, carrier)) {
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
) -> Result<(), CarrierError> {
    loop {
        for frame in carrier.hear(ONCE)? {
            match node.hear_frame(name, &frame) {
                Ok(Frame::Refused(why)) => tracing::info!(path = name, why, "a frame was refused"),
                Ok(_) => {}
                Err(error) => tracing::error!(path = name, %error, "a frame could not be taken"),
            }
        }
    }
}
