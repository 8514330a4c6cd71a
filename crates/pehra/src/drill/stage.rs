//! Where a room finds its drill, if there is one.

use super::Drill;
use std::sync::{Arc, Mutex, PoisonError};

/// Shared by the room and by whoever begins the day.
#[derive(Clone, Default)]
pub struct Stage {
    drill: Arc<Mutex<Option<Drill>>>,
}

impl Stage {
    #[must_use]
    pub fn drill(&self) -> Option<Drill> {
        self.drill.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a day on stage; the one before it is stopped.
    pub fn set(&self, drill: Drill) {
        let before = self.drill.lock().unwrap_or_else(PoisonError::into_inner).replace(drill);
        if let Some(before) = before {
            before.stop();
        }
    }

    /// Stops what is on stage; its node is let go.
    pub fn clear(&self) {
        let before = self.drill.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(before) = before {
            before.stop();
        }
    }
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage").field("drill", &self.drill().is_some()).finish()
    }
}
