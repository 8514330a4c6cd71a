//! Work for a request that nobody waits for any more is stopped.

use crate::http::room::Room;
use pehra_domain::progress::Step;
use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::watch;

/// Held by the handler while it waits: dropped with it when the caller leaves.
#[derive(Default)]
pub struct Waiting {
    left: Arc<AtomicBool>,
}

impl Waiting {
    /// What the work asks whether it should go on.
    #[must_use]
    pub fn wish(&self, room: &Room) -> Wish {
        Wish { left: self.left.clone(), closing: room.closing() }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.left.store(true, Ordering::Relaxed);
    }
}

/// Whether anybody still waits for the answer.
pub struct Wish {
    left: Arc<AtomicBool>,
    closing: watch::Receiver<bool>,
}

impl Wish {
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.left.load(Ordering::Relaxed) || *self.closing.borrow()
    }

    /// To be handed to the work as its `Watch`: `Break` once the caller has left or the room closes.
    pub fn watch(&self) -> impl FnMut(Step) -> ControlFlow<()> + Send + '_ {
        |_| if self.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
