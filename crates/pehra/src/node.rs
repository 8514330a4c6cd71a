//! One running `pehra`: the folder it owns, what it has signed, and what is therefore true.

use crate::{job::Jobs, live::Live, world::World};
use std::sync::{Arc, RwLock};

/// Shared by every request and job; cloning is cheap.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    world: RwLock<Arc<World>>,
    jobs: Jobs,
    live: Live,
}

impl Node {
    /// What is current, as one unchanging picture.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.inner.world.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.inner.jobs
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.inner.live
    }
}
