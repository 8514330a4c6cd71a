//! What carriers bring and what they say of themselves: frames of any path, the state of paths, and what was heard and is
//! not signed yet.

use super::{Node, bundle::BundleError, ledger_ms, now};
use pehra_ledger::{DeviceId, Hash, Place, PublicKey, hash::unhex, statement::Said};
use pehra_link::{
    attest::{Attestations, Heard},
    broadcast::Broadcast,
    bundle::record::{Record, unpack},
    compact,
    fountain::{Binding, Limits, ObjectId, Progress, Receiver, Sender},
    parcel,
    path::{Change, Event, Mode, PathView, Paths, Way},
    thin::{SORT, SORT_TWO},
};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// Alarms that are kept for the room.
const ALARMS_MAX: usize = 256;
/// Objects that are shown on a screen at once.
const SHOWN_MAX: usize = 16;

/// All of it; under one lock.
pub(super) struct Carriers {
    paths: Paths,
    pub(super) attested: Attestations,
    pub(super) alarms: VecDeque<ThinAlarm>,
    receiver: Receiver,
    shown: BTreeMap<ObjectId, Sender>,
    /// Paths whose other end is a known device.
    ends: BTreeMap<String, DeviceId>,
    pub(super) counted: super::stick::Counted,
}

impl Default for Carriers {
    fn default() -> Self {
        Self {
            paths: Paths::default(),
            attested: Attestations::of(super::thin::kinds()),
            alarms: VecDeque::new(),
            receiver: Receiver::new(Binding::Open, Limits::NODE),
            shown: BTreeMap::new(),
            ends: BTreeMap::new(),
            counted: BTreeMap::new(),
        }
    }
}

/// Why a frame and its entry need a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmKind {
    /// The signed entry is of another kind.
    KindDiffers,
    TimeDiffers,
    ContentDiffers,
    /// A second frame said something else.
    Contradicted,
    /// The signed entry did not come in time.
    Overdue,
    /// The device was revoked, and this is none of what is still believed of it.
    Revoked,
}

/// A frame that was not borne out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThinAlarm {
    pub kind: AlarmKind,
    pub device: DeviceId,
    pub seq: u64,
    pub at_ms: u64,
}

/// What a frame was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    Thin(Heard),
    /// Part of an object: symbols held, symbols needed.
    Part {
        object: ObjectId,
        held: u32,
        needed: u32,
    },
    /// An object is whole, or was before; what it brought.
    Whole {
        object: ObjectId,
        brought: Option<Box<super::bundle::Imported>>,
    },
    /// A signed entry.
    Entry {
        new: bool,
    },
    /// Nothing that is believed here, and why.
    Refused(String),
}

impl Node {
    /// Takes a frame that a path brought.
    ///
    /// # Errors
    /// [`BundleError`] when this node's disk failed.
    pub fn hear_frame(&self, path: &str, frame: &[u8]) -> Result<Frame, BundleError> {
        self.observe_path(path, Event::Heard);
        match frame.first() {
            Some(SORT..=SORT_TWO) => self.hear_thin(frame),
            Some(0xf0) => self.hear_part(frame),
            Some(0xc1) => self.hear_entry(frame),
            Some(_) | None => Ok(Frame::Refused("no frame of this program".to_owned())),
        }
    }

    /// Takes codes off the screens: they were made of what was here before a deletion.
    pub(super) fn forget_shown(&self) {
        self.carriers().shown.clear();
    }

    pub(super) fn carriers(&self) -> std::sync::MutexGuard<'_, Carriers> {
        self.inner.carriers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn hear_part(&self, frame: &[u8]) -> Result<Frame, BundleError> {
        let progress = self.carriers().receiver.receive(frame);
        let (id, object) = match progress {
            Err(refused) => return Ok(Frame::Refused(refused.to_string())),
            Ok(Progress::Waiting { id, held, needed }) => {
                return Ok(Frame::Part { object: id, held, needed });
            }
            Ok(Progress::Spoilt { id }) => {
                return Ok(Frame::Part { object: id, held: 0, needed: 0 });
            }
            Ok(Progress::DoneBefore { id }) => {
                return Ok(Frame::Whole { object: id, brought: None });
            }
            Ok(Progress::Done { id, object }) => (id, object),
        };
        let at = ledger_ms(now());
        let brought = match Broadcast::open(&object, &self.inner.election, at) {
            Ok((broadcast, _)) => self.take_records(&broadcast.content)?,
            Err(_) if parcel::open(&object).is_some() => {
                let taken = self.take_parcel(&object)?;
                let mut report = super::bundle::Imported::default();
                let verdicts = taken.entries.into_iter().map(|(_, verdict)| verdict).collect();
                report.take(taken.statements, verdicts);
                report
            }
            Err(_no_broadcast) => self.import_bundle(&object)?,
        };
        self.live().publish("carrier", serde_json::json!({}));
        Ok(Frame::Whole { object: id, brought: Some(Box::new(brought)) })
    }

    /// A broadcast's content: entries and statements, each believed for itself.
    fn take_records(&self, content: &[u8]) -> Result<super::bundle::Imported, BundleError> {
        let (records, unreadable) = unpack(content);
        let mut report = super::bundle::Imported {
            damage: unreadable.iter().map(ToString::to_string).collect(),
            ..super::bundle::Imported::default()
        };
        let (mut statements, mut entries) = (Vec::new(), Vec::new());
        for record in records {
            match record {
                Record::Statement { kind, body } => statements.extend(Said::decode(kind, &body)),
                Record::Entry(bytes) => entries.push(bytes),
                Record::Manifest(_)
                | Record::Chunk(_)
                | Record::Heads(_)
                | Record::Datasets(_)
                | Record::Seen { .. } => {}
            }
        }
        report.take(self.learn(statements)?, self.receive(&entries)?.verdicts);
        Ok(report)
    }

    fn hear_entry(&self, frame: &[u8]) -> Result<Frame, BundleError> {
        let entry = compact::decode(frame, &Held(self));
        let entry = match entry {
            Ok(entry) => entry,
            Err(refused) => return Ok(Frame::Refused(refused.to_string())),
        };
        let received = self.receive(&[entry.encode()])?;
        Ok(match received.verdicts.first() {
            Some(super::Verdict::Refused(why)) => Frame::Refused(why.to_string()),
            Some(super::Verdict::Known) | None => Frame::Entry { new: false },
            Some(_) => Frame::Entry { new: true },
        })
    }

    /// Prepares bytes to be shown or sent frame by frame; answers their name.
    ///
    /// # Errors
    /// [`pehra_link::fountain::NotSendable`].
    pub fn show(
        &self,
        object: &[u8],
        frame_bytes: usize,
    ) -> Result<(ObjectId, u32), pehra_link::fountain::NotSendable> {
        let sender = Sender::try_new(object, frame_bytes, Binding::Open)?;
        let (id, symbols) = (sender.id(), sender.symbols());
        let mut carriers = self.carriers();
        if carriers.shown.len() >= SHOWN_MAX && !carriers.shown.contains_key(&id) {
            carriers.shown.pop_first();
        }
        carriers.shown.insert(id, sender);
        Ok((id, symbols))
    }

    /// Frames of something that is shown; none when it is not.
    #[must_use]
    pub fn shown(&self, object: ObjectId, numbers: std::ops::Range<u32>) -> Option<Vec<Vec<u8>>> {
        let carriers = self.carriers();
        let sender = carriers.shown.get(&object)?;
        Some(numbers.map(|number| sender.frame(number)).collect())
    }

    /// Watches a path; a name that is watched already keeps what was observed.
    pub fn watch_path(&self, name: &str, way: Way) {
        if let Err(full) = self.carriers().paths.watch(name, way, ledger_ms(now())) {
            tracing::warn!(name, %full, "a path is not watched");
        }
    }

    /// Notes at which device a path ends.
    pub fn path_leads(&self, name: &str, device: DeviceId) {
        self.carriers().ends.insert(name.to_owned(), device);
    }

    /// The paths whose other end is known.
    #[must_use]
    pub fn path_ends(&self) -> BTreeMap<String, DeviceId> {
        self.carriers().ends.clone()
    }

    /// Watches a path no longer.
    pub fn unwatch_path(&self, name: &str) {
        let changes = self.carriers().paths.forget(name, ledger_ms(now()));
        self.tell_paths(&changes);
    }

    /// The area of this node's own certificates, the widest first; the nation where it has none.
    #[must_use]
    pub fn home(&self) -> String {
        let (_, areas) = self.filed(self.public_key().id());
        let widest = areas.into_iter().min_by_key(|area| area.matches('/').count());
        widest.unwrap_or_else(|| pehra_domain::AreaId::nation().as_str().to_owned())
    }

    /// Notes what happened on a path.
    pub fn observe_path(&self, name: &str, event: Event) {
        let changes = self.carriers().paths.observe(name, event, ledger_ms(now()));
        self.tell_paths(&changes);
    }

    /// Notes what waits for a path.
    pub fn queued_on_path(&self, name: &str, depths: [pehra_link::queue::Depth; 4]) {
        self.carriers().paths.queued(name, depths, ledger_ms(now()));
    }

    fn tell_paths(&self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Path { name, state } => {
                    tracing::info!(path = name, state = state.code(), "a path changed");
                }
                Change::Area { area, mode } => {
                    tracing::warn!(area, ?mode, "an area's mode changed")
                }
            }
        }
        if !changes.is_empty() {
            self.live().publish("carrier", serde_json::json!({}));
        }
    }

    /// Every path, and every area's mode, as of now.
    #[must_use]
    pub fn paths(&self) -> (Vec<PathView>, Vec<(String, Mode)>) {
        let at = ledger_ms(now());
        let mut carriers = self.carriers();
        let changes = carriers.paths.tick(at);
        let views = carriers.paths.views(at);
        let modes = carriers.paths.modes().map(|(area, mode)| (area.to_owned(), mode)).collect();
        drop(carriers);
        self.tell_paths(&changes);
        (views, modes)
    }
}

impl Carriers {
    /// Keeps an alarm; the same one again is no news.
    pub(super) fn alarm(&mut self, alarm: ThinAlarm) {
        let same = |one: &ThinAlarm| {
            (one.kind, one.device, one.seq) == (alarm.kind, alarm.device, alarm.seq)
        };
        if self.alarms.iter().any(same) {
            return;
        }
        self.alarms.push_front(alarm);
        self.alarms.truncate(ALARMS_MAX);
    }
}

/// Reads an object's name from a path of the room.
#[must_use]
pub fn object_of(text: &str) -> Option<ObjectId> {
    unhex(text)?.try_into().ok().map(ObjectId)
}

/// What this node shares with whoever sends it compact entries: keys and newest entries, no list of words.
struct Held<'a>(&'a Node);

impl compact::Shared for Held<'_> {
    fn election(&self) -> [u8; 16] {
        self.0.inner.election
    }

    fn keys(&self, prefix: [u8; 4]) -> Vec<PublicKey> {
        let said = |roster: &pehra_ledger::roster::Roster| {
            let keys = roster.statements().filter_map(|said| match said {
                Said::Certificate(certificate) => Some(certificate.body.key),
                Said::Revocation(_) | Said::Receipt(_) => None,
            });
            keys.filter(|key| key.id().0.starts_with(&prefix)).collect()
        };
        self.0.roster(said)
    }

    fn entry_hash(&self, place: &Place) -> Option<Hash> {
        self.0.reader().entry(*place).ok().flatten().map(|stored| stored.entry.hash())
    }

    fn word(&self, _: u32) -> Option<String> {
        None
    }

    fn number(&self, _: &str) -> Option<u32> {
        None
    }
}
