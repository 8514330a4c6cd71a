//! Words in at most 60 bytes: who may say them, how they leave this node, and what became of those that were heard.
//!
//! The secret of a device and a desk follows from their certificates: X25519 of the two certified keys. Nothing is typed,
//! sent or kept for it; whoever is certified anew speaks under another secret, and whoever is revoked raises an alarm.

use super::{
    Node, NodeError,
    bundle::{BundleError, Recipient},
    carriers::{AlarmKind, Frame, ThinAlarm},
    ledger_ms, now,
};
use pehra_ledger::{
    DeviceId, Entry, Place,
    certificate::{CertificateBody, Subject},
    roster::Roster,
};
use pehra_link::{
    attest::{Heard, Settled},
    mac::{ChannelKey, Ends},
    thin::{Difference, Freshness, NotThin, Thin, ThinKinds, epoch_low},
};
use pehra_ops::Event;
use pehra_seal::hybrid::SealingPublic;
use pehra_store::{Receipt, Stored};
use std::ops::ControlFlow;

pub(super) mod kept;

/// An entry must follow its frame within this time.
const DUE_MS: u64 = 6 * 3_600_000;
const TAG_BYTES: usize = 8;
/// Certified keys of devices whose ids begin alike that are tried for one frame: four bytes rarely have two.
const CANDIDATES_MAX: usize = 16;

/// What may travel so, and in which form.
pub(super) fn kinds() -> ThinKinds {
    ThinKinds::shortened(&pehra_ops::thin::KINDS, pehra_ops::thin::shorten)
}

/// A frame that is attested and unsigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    pub said: Thin,
    /// What it says; none for a form of a newer version.
    pub event: Option<Event>,
    pub heard_ms: u64,
    /// Its device's name and areas, by the roster.
    pub name: String,
    pub areas: Vec<String>,
}

/// Whether what a frame says is believed until its entry comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Good,
    /// The device was revoked, and this is not among the entries that are still believed.
    Revoked,
    /// No certificate of the device covers the time.
    OutsideTime,
}

impl Node {
    /// Takes a frame; what is open afterwards is on the disk before this answers.
    pub(super) fn hear_thin(&self, frame: &[u8]) -> Result<Frame, BundleError> {
        let at = ledger_ms(now());
        let (thin, became) = self.weigh_thin(frame, at)?;
        if let (Some(thin), Frame::Thin(heard)) = (&thin, &became)
            && kept::waits(heard)
        {
            self.keep_frame(thin, frame, at)?;
        }
        if thin.is_some() {
            self.live().publish("carrier", serde_json::json!({}));
        }
        Ok(became)
    }

    /// What a frame that was heard at a moment is, by the roster and the entries that are here now; with it what it says,
    /// if anybody said it who may.
    fn weigh_thin(&self, frame: &[u8], at: u64) -> Result<(Option<Thin>, Frame), NodeError> {
        let candidates = |prefix, low| self.roster(|roster| self.candidates(roster, prefix, low));
        let election = &self.inner.election;
        let heard = Thin::decode(frame, election, candidates, &kinds(), Freshness::DAY, at);
        let thin = match heard {
            Ok(thin) => thin,
            Err(refused) => return Ok((None, Frame::Refused(refused.to_string()))),
        };
        let alarm = |kind| ThinAlarm { kind, device: thin.device, seq: thin.seq, at_ms: at };
        match self.roster(|roster| word_of(roster, &thin)) {
            Word::Good => {}
            Word::Revoked => {
                self.carriers().alarm(alarm(AlarmKind::Revoked));
                let why = format!("{} was revoked", thin.device);
                return Ok((Some(thin), Frame::Refused(why)));
            }
            Word::OutsideTime => {
                let why = format!("no certificate of {} covers the time", thin.device);
                return Ok((Some(thin), Frame::Refused(why)));
            }
        }
        let held = self.entry_of(thin.device, thin.epoch_low, thin.seq)?;
        let mut carriers = self.carriers();
        let heard = carriers.attested.hear(thin.clone(), held.as_ref(), at);
        let kind = match &heard {
            Heard::Mismatch { in_what, .. } => Some(differs(*in_what)),
            Heard::Contradiction => Some(AlarmKind::Contradicted),
            Heard::Attested | Heard::Again | Heard::Confirmed { .. } | Heard::Refused(_) => None,
        };
        if let Some(kind) = kind {
            carriers.alarm(alarm(kind));
        }
        Ok((Some(thin), Frame::Thin(heard)))
    }

    /// Certified devices whose ids begin so, with the key that this node shares with each.
    fn candidates(
        &self,
        roster: &Roster,
        prefix: [u8; 4],
        epoch_low: u16,
    ) -> Vec<(DeviceId, ChannelKey)> {
        let mut sealing: Vec<(DeviceId, [u8; 32])> = roster
            .keys_from(&prefix)
            .filter(|id| roster.is_chained(*id))
            .flat_map(|id| {
                let devices = |body: &&CertificateBody| body.subject == Subject::DEVICE;
                let bodies = roster.certificates(id).map(|it| &it.body).filter(devices);
                bodies.filter_map(move |body| Some((id, body.sealing?)))
            })
            .collect();
        sealing.sort_unstable();
        sealing.dedup();
        let own = self.inner.key.id();
        let keyed = |(device, key): (DeviceId, [u8; 32])| {
            let ends = |desk_sealing| Ends {
                device,
                device_sealing: key,
                epoch_low,
                desk: own,
                desk_sealing,
            };
            Some((device, self.channel(SealingPublic(key), ends)?))
        };
        sealing.into_iter().take(CANDIDATES_MAX).filter_map(keyed).collect()
    }

    /// The key between this node and another one; none when the other's certified key is worthless.
    fn channel(
        &self,
        with: SealingPublic,
        ends: impl FnOnce([u8; 32]) -> Ends,
    ) -> Option<ChannelKey> {
        let opening = self.opening_key();
        let shared = opening.agree(with).ok()?;
        Some(ChannelKey::between(&shared, &self.inner.election, &ends(opening.public().0)))
    }

    /// The frames in which some desks hear an entry of this node before it is theirs: one for each two desks where the
    /// words leave room for two tags, otherwise one for each.
    ///
    /// # Errors
    /// [`NotThin`]: it goes signed or not at all.
    pub fn thin_frames(&self, entry: &Entry, desks: &[Recipient]) -> Result<Vec<Vec<u8>>, NotThin> {
        let thin = Thin::of_entry(entry, &kinds())?;
        let election = &self.inner.election;
        let key = |desk: &Recipient| {
            let ends = |device_sealing| Ends {
                device: thin.device,
                device_sealing,
                epoch_low: thin.epoch_low,
                desk: desk.key.id(),
                desk_sealing: desk.sealing.0,
            };
            self.channel(desk.sealing, ends)
        };
        let keys: Vec<ChannelKey> = desks.iter().filter_map(key).collect();
        let mut frames = Vec::new();
        for some in keys.chunks(2) {
            if let [one, other] = some
                && let Ok(frame) = thin.encode_for_two([one, other], election)
            {
                frames.push(frame);
                continue;
            }
            for key in some {
                frames.push(thin.encode(key, election, TAG_BYTES)?);
            }
        }
        Ok(frames)
    }

    /// Entries of this node's own, from after a receipt on, that may travel thin; and the newest receipt.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn thin_entries(&self, after: Receipt) -> Result<(Vec<Entry>, Receipt), NodeError> {
        let (own, kinds) = (self.inner.key.id(), kinds());
        let (mut entries, mut newest) = (Vec::new(), after);
        let mut visit = |stored: Stored| {
            newest = stored.receipt;
            let header = stored.entry.header();
            if header.place.device == own && kinds.may(header.kind) {
                entries.push(stored.entry);
            }
            ControlFlow::Continue(())
        };
        self.entries(after, &mut visit)?;
        Ok((entries, newest))
    }

    /// The newest receipt of this node.
    #[must_use]
    pub fn newest(&self) -> Receipt {
        Receipt(self.receipts())
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

    /// What is attested and unsigned, and the alarms, newest first. Entries that came meanwhile settle their frames; what a
    /// device may no longer say is withdrawn.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn attested(&self) -> Result<(Vec<Unsigned>, Vec<ThinAlarm>), NodeError> {
        let at = ledger_ms(now());
        let waiting: Vec<Thin> =
            self.carriers().attested.unsigned().map(|(thin, _)| thin.clone()).collect();
        let mut came = Vec::new();
        for thin in &waiting {
            came.extend(self.entry_of(thin.device, thin.epoch_low, thin.seq)?);
        }
        let revoked: Vec<Thin> = self.roster(|roster| {
            let revoked = |thin: &&Thin| word_of(roster, thin) == Word::Revoked;
            waiting.iter().filter(revoked).cloned().collect()
        });
        let mut carriers = self.carriers();
        let mut done = carriers.attested.withdraw(|thin| revoked.contains(thin));
        for thin in &done {
            let (kind, device, seq) = (AlarmKind::Revoked, thin.device, thin.seq);
            carriers.alarm(ThinAlarm { kind, device, seq, at_ms: at });
        }
        for entry in came {
            let (place, low) = (entry.header().place, epoch_low(entry.header().place.epoch));
            let said = |thin: &&Thin| {
                (thin.device, thin.epoch_low, thin.seq) == (place.device, low, place.seq)
            };
            match carriers.attested.settle(&entry, at) {
                // It stays written down, so that the alarm comes again after a restart.
                Settled::Mismatch { said, in_what } => {
                    let (kind, device, seq) = (differs(in_what), said.device, said.seq);
                    carriers.alarm(ThinAlarm { kind, device, seq, at_ms: at });
                }
                Settled::Confirmed { .. } => done.extend(waiting.iter().find(said).cloned()),
                Settled::Unannounced => {}
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
        self.drop_frames(&done)?;
        let told = |(said, heard_ms): (Thin, u64)| {
            let (name, areas) = self.filed(said.device);
            let event = pehra_ops::thin::lengthen(said.kind, &said.body, said.time_s);
            Unsigned { said, event, heard_ms, name, areas }
        };
        Ok((unsigned.into_iter().map(told).collect(), alarms))
    }

    /// A device's name and areas, by the roster.
    #[must_use]
    pub fn filed(&self, device: DeviceId) -> (String, Vec<String>) {
        self.roster(|roster| {
            let bodies = || roster.certificates(device).map(|it| &it.body);
            let name = bodies().next().map(|body| body.name.clone()).unwrap_or_default();
            (name, bodies().map(|body| body.area.clone()).collect())
        })
    }
}

/// What the roster says of a frame whose tag held.
fn word_of(roster: &Roster, thin: &Thin) -> Word {
    let believed = |revocation: &pehra_ledger::certificate::Revocation| {
        let body = &revocation.body;
        // What a thief says is clean only under a checkpoint; a frame stands under none.
        body.witnessed_before_ms.is_none()
            && body
                .last
                .iter()
                .any(|last| epoch_low(last.epoch) == thin.epoch_low && thin.seq <= last.seq)
    };
    let mut revocations = roster.revoked(thin.device).peekable();
    let is_revoked = revocations.peek().is_some();
    if !revocations.all(believed) {
        return Word::Revoked;
    }
    let second = u64::from(thin.time_s) * 1_000..=u64::from(thin.time_s) * 1_000 + 999;
    let covers = |body: &CertificateBody| {
        body.not_before_ms <= *second.end() && *second.start() <= body.not_after_ms
    };
    let mut certificates = roster.certificates(thin.device);
    let covered = certificates.any(|it| covers(&it.body) && (is_revoked || roster.stands(it)));
    if covered { Word::Good } else { Word::OutsideTime }
}

fn differs(in_what: Difference) -> AlarmKind {
    match in_what {
        Difference::Kind => AlarmKind::KindDiffers,
        Difference::Time => AlarmKind::TimeDiffers,
        Difference::Body => AlarmKind::ContentDiffers,
    }
}
