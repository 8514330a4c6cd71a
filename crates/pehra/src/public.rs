//! What anybody may see and tell, without a name: a door of its own, apart from the room's. It knows no session, sets no
//! cookie, runs no script, writes down no address, and shows nothing that an office has not published or the day's
//! words do not say.

pub mod flood;
pub mod intake;
mod look;
mod page;
mod routes;
mod sms;
mod write;

pub use routes::{place, router};
pub use sms::sms_router;

use crate::{http::serve::Limits, node::Node};
use flood::Buckets;
use std::{sync::Arc, time::Duration};

/// Shared by every request; cloning is cheap.
#[derive(Clone)]
pub struct Public {
    node: Node,
    buckets: Arc<Buckets>,
}

impl Public {
    #[must_use]
    pub fn new(node: Node, buckets: Arc<Buckets>) -> Self {
        Self { node, buckets }
    }
}

/// How much callers may take. Many stand behind one address of a telephone company; none is written down.
#[must_use]
pub fn limits() -> Limits {
    Limits {
        connections: 1_024,
        per_address: 512,
        head: Duration::from_secs(10),
        body: Duration::from_secs(20),
        anonymous: true,
    }
}
