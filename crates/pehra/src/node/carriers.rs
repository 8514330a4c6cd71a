//! What carriers bring and what they say of themselves: frames of any path, the state of paths, and what was heard and is
//! not signed yet.

use super::{Node, NodeError, bundle::BundleError, ledger_ms, now};
use pehra_ledger::{
    DeviceId, Entry, Hash, Place, PublicKey, certificate::Subject, hash::unhex, statement::Said,
};
use pehra_link::{
    attest::{Attestations, Heard, Settled},
    broadcast::Broadcast,
    bundle::record::{Record, unpack},
    compact,
    fountain::{Binding, Limits, ObjectId, Progress, Receiver, Sender},
    mac::ChannelKey,
    path::{Change, Event, Mode, PathView, Paths, Way},
    thin::{Difference, Freshness, Thin, ThinKinds, epoch_low},
};
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};

/// An entry must follow its frame within this time.
const DUE_MS: u64 = 6 * 3_600_000;
/// Alarms that are kept for the room.
const ALARMS_MAX: usize = 256;
/// Objects that are shown on a screen at once.
const SHOWN_MAX: usize = 16;
const KINDS_SETTING: &str = "thin-kinds";

/// All of it; under one lock.
pub(super) struct Carriers {
    paths: Paths,
    attested: Attestations,
    alarms: VecDeque<ThinAlarm>,
    receiver: Receiver,
    shown: BTreeMap<ObjectId, Sender>,
}

impl Default for Carriers {
    fn default() -> Self {
        Self {
            paths: Paths::default(),
            attested: Attestations::default(),
            alarms: VecDeque::new(),
            receiver: Receiver::new(Binding::Open, Limits::NODE),
            shown: BTreeMap::new(),
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
}

/// A frame that was not borne out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThinAlarm {
    pub kind: AlarmKind,
    pub device: DeviceId,
    pub seq: u64,
    pub at_ms: u64,
}

/// A frame that is attested and unsigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    pub said: Thin,
    pub heard_ms: u64,
    /// Its device's areas, by the roster.
    pub areas: Vec<String>,
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
            Some(0xa8..=0xaa) => self.hear_thin(frame),
            Some(0xf0) => self.hear_part(frame),
            Some(0xc1) => self.hear_entry(frame),
            Some(_) | None => Ok(Frame::Refused("no frame of this program".to_owned())),
        }
    }

    /// Takes codes off the screens: they were made of what was here before a deletion.
    pub(super) fn forget_shown(&self) {
        self.carriers().shown.clear();
    }

    fn carriers(&self) -> std::sync::MutexGuard<'_, Carriers> {
        self.inner.carriers.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn hear_thin(&self, frame: &[u8]) -> Result<Frame, BundleError> {
        let at = ledger_ms(now());
        let election = self.inner.election;
        let kinds = self.thin_kinds()?;
        let thin = {
            let writer = self.writer();
            let candidates = |prefix: [u8; 4]| {
                let devices = writer.roster.statements().filter_map(|said| match said {
                    Said::Certificate(it) if it.body.subject == Subject::DEVICE => {
                        Some(it.body.key.id())
                    }
                    Said::Certificate(_) | Said::Revocation(_) | Said::Receipt(_) => None,
                });
                let own = |id: &DeviceId| {
                    id.0.starts_with(&prefix) && writer.roster.revoked(*id).next().is_none()
                };
                let keyed = |id: DeviceId| {
                    let secret = writer.store.secret(&channel_secret(id)).ok()??;
                    let secret: [u8; 32] = secret.try_into().ok()?;
                    Some((id, ChannelKey::of_device(&secret, &election, &id)))
                };
                devices.filter(own).filter_map(keyed).collect::<Vec<_>>()
            };
            Thin::decode(frame, &election, candidates, &kinds, Freshness::DAY, at)
        };
        let thin = match thin {
            Ok(thin) => thin,
            Err(refused) => return Ok(Frame::Refused(refused.to_string())),
        };
        let held = self.entry_of(thin.device, thin.epoch_low, thin.seq)?;
        let (device, seq) = (thin.device, thin.seq);
        let mut carriers = self.carriers();
        let heard = carriers.attested.hear(thin, held.as_ref(), at);
        let kind = match &heard {
            Heard::Mismatch { in_what, .. } => Some(differs(*in_what)),
            Heard::Contradiction => Some(AlarmKind::Contradicted),
            Heard::Attested | Heard::Again | Heard::Confirmed { .. } | Heard::Refused(_) => None,
        };
        if let Some(kind) = kind {
            carriers.alarm(ThinAlarm { kind, device, seq, at_ms: at });
        }
        drop(carriers);
        self.live().publish("carrier", serde_json::json!({}));
        Ok(Frame::Thin(heard))
    }

    /// The entry of a place of which a frame knows half the epoch.
    fn entry_of(&self, device: DeviceId, low: u16, seq: u64) -> Result<Option<Entry>, NodeError> {
        let reader = self.reader();
        for head in reader.heads()? {
            let place = head.place;
            if place.device == device && epoch_low(place.epoch) == low && place.seq >= seq {
                return Ok(reader.entry(Place { seq, ..place })?.map(|stored| stored.entry));
            }
        }
        Ok(None)
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

    /// Kinds of act that are believed unsigned at first; none unless somebody named them.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn thin_kinds(&self) -> Result<ThinKinds, NodeError> {
        let text = self.reader().setting(KINDS_SETTING)?.unwrap_or_default();
        let kinds: Vec<u32> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
        Ok(ThinKinds::of(&kinds))
    }

    /// Names the kinds of act that are believed unsigned at first.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be written.
    pub fn set_thin_kinds(&self, kinds: &[u32]) -> Result<(), NodeError> {
        let words: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        Ok(self.writer().store.set_setting(KINDS_SETTING, Some(&words.join(" ")))?)
    }

    /// Keeps the secret that a device and this node share for tags on thin frames; `None` forgets it.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be written.
    pub fn set_channel(&self, device: DeviceId, secret: Option<[u8; 32]>) -> Result<(), NodeError> {
        let name = channel_secret(device);
        let secret = secret.as_ref().map(<[u8; 32]>::as_slice);
        Ok(self.writer().store.set_secret(&name, secret)?)
    }

    /// What is attested and unsigned, and the alarms, newest first. Entries that came meanwhile settle their frames.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn attested(&self) -> Result<(Vec<Unsigned>, Vec<ThinAlarm>), NodeError> {
        let at = ledger_ms(now());
        let waiting: Vec<Thin> =
            self.carriers().attested.unsigned().map(|(thin, _)| thin.clone()).collect();
        let mut came = Vec::new();
        for thin in waiting {
            came.extend(self.entry_of(thin.device, thin.epoch_low, thin.seq)?);
        }
        let mut carriers = self.carriers();
        for entry in came {
            if let Settled::Mismatch { said, in_what } = carriers.attested.settle(&entry, at) {
                let kind = differs(in_what);
                carriers.alarm(ThinAlarm { kind, device: said.device, seq: said.seq, at_ms: at });
            }
        }
        for absence in carriers.attested.alarms(DUE_MS, at) {
            let (device, seq) = (absence.slot.device, absence.slot.seq);
            carriers.alarm(ThinAlarm { kind: AlarmKind::Overdue, device, seq, at_ms: at });
        }
        let unsigned: Vec<(Thin, u64)> =
            carriers.attested.unsigned().map(|(thin, ms)| (thin.clone(), ms)).collect();
        let alarms = carriers.alarms.iter().cloned().collect();
        drop(carriers);
        let areas = |device| {
            self.roster(|roster| {
                roster.certificates(device).map(|it| it.body.area.clone()).collect::<Vec<_>>()
            })
        };
        let with_areas = |(said, heard_ms): (Thin, u64)| {
            let areas = areas(said.device);
            Unsigned { said, heard_ms, areas }
        };
        Ok((unsigned.into_iter().map(with_areas).collect(), alarms))
    }

    /// Watches a path; a name that is watched already keeps what was observed.
    pub fn watch_path(&self, name: &str, way: Way) {
        if let Err(full) = self.carriers().paths.watch(name, way, ledger_ms(now())) {
            tracing::warn!(name, %full, "a path is not watched");
        }
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
    fn alarm(&mut self, alarm: ThinAlarm) {
        self.alarms.push_front(alarm);
        self.alarms.truncate(ALARMS_MAX);
    }
}

fn differs(in_what: Difference) -> AlarmKind {
    match in_what {
        Difference::Kind => AlarmKind::KindDiffers,
        Difference::Time => AlarmKind::TimeDiffers,
        Difference::Body => AlarmKind::ContentDiffers,
    }
}

fn channel_secret(device: DeviceId) -> String {
    format!("link-channel-{device}")
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
