//! One running `pehra`: the folder it owns, what it has signed, and what is therefore true.
//!
//! There is one way in. A local command is authorised, decided, sealed, appended and folded; a remote entry is
//! verified, authorised again, appended and folded. Both end in the same `State`.

mod account;
mod act;
mod ask;
pub mod backlog;
mod batch;
pub mod bundle;
pub mod camera;
pub mod carriers;
mod check;
pub mod convert;
pub mod convoy;
mod deletion;
mod desk;
mod document;
mod due;
mod error;
mod export;
mod fold;
mod forget;
mod intake;
mod intelligence;
mod key;
mod load;
mod oblivion;
mod open;
pub mod order;
mod outbox;
mod own;
mod page;
mod parameter;
mod patrol;
pub mod phone;
pub mod record;
mod release;
pub mod replay;
mod ring;
mod sign;
pub mod stick;
pub mod thin;
mod tree;
mod trust;

pub use act::DatasetDraft;
pub use batch::{COMMANDS_MAX, Done};
pub use check::{BackupReport, VerifyReport, backup, remove_synthetic, restore};
pub use deletion::{Answered, DeletionView};
pub use desk::NodeDesk;
pub use error::NodeError;
pub use export::ExportReport;
pub use forget::{Forgotten, NOT_REACHED, REACHED};
pub use intake::{Received, Verdict};
pub use key::{Secret, lock, replace, unlock};
pub use oblivion::MadeBackup;
pub use open::{CONSOLE, DEMO_PERSON, DEMO_SECOND, OpenOptions};
pub use outbox::Sealed;
pub use parameter::ParameterView;
pub use release::{DepositRecord, Noted};
pub use sign::{Held, SignPart, ToSign};
pub use tree::{TreeReport, WITNESS_ROLE};
pub use trust::join;

use crate::{job::Jobs, live::Live, world::World};
use pehra_domain::{UnixMs, gazetteer::Gazetteer};
use pehra_ledger::{Clock, SigningKey, genesis::Genesis, roster::Roster};
use pehra_ops::{Rules, State};
use pehra_plan::allocate::{AllocateInput, Allocation};
use pehra_store::{Reader, Store};
use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, atomic::AtomicI64},
};

/// Shared by every request and job; cloning is cheap.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    dir: PathBuf,
    name: String,
    key: SigningKey,
    /// Under which the node's secrets lie; none where the file alone opens them.
    ring: Option<pehra_seal::keyring::KeyRing>,
    former: key::Former,
    /// The election's id as people write it.
    election_id: String,
    /// The ledger's name of the election.
    election: [u8; 16],
    /// None while this node stands alone and is its own root.
    genesis: Option<Genesis>,
    /// The epoch in which this node writes its own log: settled by the store when the folder is opened.
    epoch: u32,
    rules: Rules,
    gazetteer: Gazetteer,
    writer: Mutex<Writer>,
    reader: Mutex<Reader>,
    fold: RwLock<fold::Fold>,
    world: RwLock<Arc<World>>,
    desk: sign::Desk,
    carriers: Mutex<carriers::Carriers>,
    /// After which receipt payloads that never came are looked for next.
    payloads_from: AtomicI64,
    /// The newest last.
    solved: Mutex<Vec<(String, Solved)>>,
    jobs: Jobs,
    live: Live,
    day: crate::day::Desk,
    theatre: replay::Theatre,
}

/// Everything that only one act at a time may touch.
struct Writer {
    store: Store,
    clock: Clock,
    roster: Roster,
}

/// A plan's solved model, kept for "what would more people change".
#[derive(Clone)]
pub struct Solved {
    pub allocation: Arc<Allocation>,
    pub input: Arc<AllocateInput>,
}

/// An entry that is kept and shown and has no effect, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    pub place: pehra_ledger::Place,
    pub person: String,
    pub role: String,
    pub area: String,
    pub kind: u32,
    /// It is an incident's, and about a complaint, or nobody can say that it is not.
    pub about_guards: bool,
    pub at: UnixMs,
    pub reason_en: String,
    pub reason_ur: String,
    /// The rule that was broken, where it is one of the closed set.
    pub refused: Option<pehra_ops::RefusalCode>,
}

/// What the room says about this node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeInfo {
    pub name: String,
    pub device: String,
    pub epoch: u32,
    pub entries: u64,
    pub version: &'static str,
    pub election: Option<pehra_ops::election::Election>,
    /// The nation is generated: every screen says so, and demo sign-in is open.
    pub demo: bool,
}

impl Node {
    /// What is current, as one unchanging picture.
    #[must_use]
    pub fn world(&self) -> Arc<World> {
        self.inner.world.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks at the folded events.
    pub fn ops<R>(&self, look: impl FnOnce(&State) -> R) -> R {
        look(&self.inner.fold.read().unwrap_or_else(PoisonError::into_inner).state)
    }

    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.inner.jobs
    }

    #[must_use]
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.inner.rules
    }

    #[must_use]
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.inner.gazetteer
    }

    pub(crate) fn day_desk(&self) -> &crate::day::Desk {
        &self.inner.day
    }

    /// The device whose key signs here.
    #[must_use]
    pub fn device(&self) -> pehra_ledger::DeviceId {
        self.inner.key.id()
    }

    /// The folder that this node owns.
    #[must_use]
    pub fn dir(&self) -> &std::path::Path {
        &self.inner.dir
    }

    /// The wall clock.
    #[must_use]
    pub fn now(&self) -> UnixMs {
        now()
    }

    /// Fresh chance.
    ///
    /// # Errors
    /// [`NodeError::NoChance`] when the machine gives none.
    pub fn random<const N: usize>(&self) -> Result<[u8; N], NodeError> {
        random()
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> MutexGuard<'_, Reader> {
        self.inner.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn now() -> UnixMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixMs(since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

/// Wall time as the ledger counts it.
fn ledger_ms(at: UnixMs) -> u64 {
    u64::try_from(at.0).unwrap_or(0)
}

fn random<const N: usize>() -> Result<[u8; N], NodeError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(NodeError::NoChance)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
