//! What one record is worth by itself: its form, its signatures, and its signer's right. Many at once, on any thread.

use super::{
    records::Record,
    survey::{header_of, is_own},
};
use pehra_ledger::{
    DeviceId, Hash, Place, PublicKey,
    batch::{Claim, verify_batch},
    checkpoint::{self, Checkpoint, witness_of_name},
    entry::{Entry, EntryUnreadable},
    export::{self, Head, Kind},
    fork::Contradiction,
    header::Cause,
    note::Note,
    roster::{Act, Roster, Standing},
    statement::Said,
};

/// What signatures are checked against.
pub(super) struct Ground<'a> {
    pub(super) roster: &'a Roster,
    pub(super) head: Option<&'a Head>,
}

/// A record that was looked at.
pub(super) struct Checked {
    pub(super) offset: u64,
    pub(super) what: What,
}

pub(super) enum What {
    Entry(Box<Seen>),
    Leaf(Hash),
    /// A checkpoint that its log signed: of the exporter's own tree or of another; and its witnesses that count.
    Checkpoint {
        checkpoint: Checkpoint,
        own: bool,
        witnesses: usize,
    },
    Fork(Place),
    /// The exporter signed that this is the whole file.
    End,
    /// Sound, and nothing more to say about.
    Sound,
    Bad(Box<Bad>),
}

/// An entry whose signatures hold.
pub(super) struct Seen {
    pub(super) place: Place,
    pub(super) hash: Hash,
    pub(super) previous: Hash,
    pub(super) standing: Standing,
    pub(super) payload_absent: bool,
    pub(super) causes: Vec<Cause>,
}

/// A record that does not hold.
pub(super) struct Bad {
    pub(super) kind: Option<Kind>,
    pub(super) why: &'static str,
    pub(super) place: Option<Place>,
    /// What the tree has at this place, when that much can be told.
    pub(super) leaf: Option<Hash>,
    /// The whole stretch, frame included.
    pub(super) region: Vec<u8>,
}

impl Ground<'_> {
    /// A device's key: certified, or one of the root's own where a node stands alone.
    fn key(&self, device: DeviceId) -> Option<PublicKey> {
        let root = || self.roster.root().keys.iter().find(|key| key.id() == device).copied();
        self.roster.key(device).or_else(root)
    }

    fn standing(&self, entry: &Entry) -> Standing {
        let act = Act::of(entry.header(), entry.hash());
        let standing = self.roster.standing(&act);
        let root = |device| self.roster.root().keys.iter().any(|key| key.id() == device);
        if standing == Standing::NoCertificate && root(act.place.device) {
            return Standing::Good;
        }
        standing
    }

    /// Looks at many records; the answers are in their order. `seed` is fresh chance.
    pub(super) fn check(&self, records: Vec<Record>, seed: [u8; 32]) -> Vec<Checked> {
        let mut claims: Vec<Claim> = Vec::new();
        let mut read = Vec::with_capacity(records.len());
        for record in records {
            let entry = if record.kind == Some(Kind::Entry) {
                Some(self.read_entry(&record.bytes))
            } else {
                None
            };
            let from = claims.len();
            if let Some(Ok((entry, key))) = &entry {
                claims.extend(entry.claims(*key));
            }
            read.push((record, entry, from..claims.len()));
        }
        let verdicts = verify_batch(&claims, seed);
        let mut checked = Vec::with_capacity(read.len());
        for (record, entry, range) in read {
            let offset = record.offset;
            let what = match entry {
                None => self.other(record),
                Some(Err(why)) => bad(record, why),
                Some(Ok((entry, _))) => match verdicts.get(range) {
                    Some([true, rest @ ..]) if rest.iter().all(|&holds| holds) => self.seen(&entry),
                    Some([false, ..]) | None => bad(record, "the author's signature does not hold"),
                    Some([..]) => bad(record, "a co-signature does not hold"),
                },
            };
            checked.push(Checked { offset, what });
        }
        checked
    }

    fn read_entry(&self, bytes: &[u8]) -> Result<(Entry, PublicKey), &'static str> {
        let entry = Entry::decode(bytes).map_err(|unreadable| match unreadable {
            EntryUnreadable::PayloadHash => "the content is not the one that was signed",
            EntryUnreadable::Canonical(_)
            | EntryUnreadable::Header(_)
            | EntryUnreadable::Payload(_)
            | EntryUnreadable::HeaderHash => "the entry is not in its canonical form",
        })?;
        if entry.header().election != self.roster.election() {
            return Err("the entry belongs to another election");
        }
        if entry.missing_cosigner().is_some() {
            return Err("a co-signature that the header names is missing");
        }
        let key = self.key(entry.header().place.device);
        Ok((entry, key.ok_or("no certificate names the key of its device")?))
    }

    fn seen(&self, entry: &Entry) -> What {
        let header = entry.header();
        What::Entry(Box::new(Seen {
            place: header.place,
            hash: entry.hash(),
            previous: header.previous,
            standing: self.standing(entry),
            payload_absent: entry.payload().is_none(),
            causes: header.causes.clone(),
        }))
    }

    fn other(&self, record: Record) -> What {
        let found = match record.kind {
            None => Err("there is no record here"),
            Some(kind) => self.sound(kind, &record.bytes, record.digest),
        };
        found.unwrap_or_else(|why| bad(record, why))
    }

    /// Whether a record other than an entry holds.
    fn sound(&self, kind: Kind, bytes: &[u8], digest: Option<Hash>) -> Result<What, &'static str> {
        const FORM: &str = "the record is not in its canonical form";
        match kind {
            Kind::Entry => Err(FORM),
            Kind::Head => match Head::decode(bytes) {
                Ok((head, true)) if Some(&head) == self.head => Ok(What::Sound),
                Ok(_) => Err("the exporter's signature does not hold"),
                Err(_) => Err(FORM),
            },
            Kind::Leaf => {
                let hash = <[u8; 32]>::try_from(bytes).map_err(|_length| FORM)?;
                Ok(What::Leaf(Hash(hash)))
            }
            Kind::Statement => {
                let (kind, body) = export::read_statement(bytes).map_err(|_form| FORM)?;
                let said = Said::decode(kind, &body).map_err(|_form| FORM)?;
                let held = match &said {
                    Said::Certificate(one) => one.holds(),
                    Said::Revocation(one) => one.holds(),
                    Said::Receipt(proof) => proof.holds(self.roster.root()).is_ok(),
                };
                held.then_some(What::Sound).ok_or("a signature of the statement does not hold")
            }
            Kind::Fork => self.fork(bytes).ok_or("the proof of a fork does not hold"),
            Kind::Checkpoint => {
                self.checkpoint(bytes).ok_or("the checkpoint's signature does not hold")
            }
            Kind::End => {
                let key = self.head.map(|head| head.key).ok_or(FORM)?;
                let (signed, holds) = export::read_end(bytes, &key).map_err(|_form| FORM)?;
                if !holds {
                    return Err("the exporter's signature does not hold");
                }
                let whole = digest.is_none_or(|digest| digest == signed);
                whole.then_some(What::End).ok_or("the exporter signed another content")
            }
        }
    }

    fn fork(&self, bytes: &[u8]) -> Option<What> {
        let proof = export::read_fork(bytes).ok()?;
        let device = pehra_ledger::Header::decode(&proof.held.header_bytes).ok()?.place.device;
        let fork = proof.verify(&self.key(device)?)?;
        let seq = match fork.contradiction {
            Contradiction::SamePlace => fork.place.seq,
            Contradiction::BrokenLink => fork.place.seq + 1,
        };
        Some(What::Fork(Place { seq, ..fork.place }))
    }

    fn checkpoint(&self, bytes: &[u8]) -> Option<What> {
        let note = Note::from_text(std::str::from_utf8(bytes).ok()?).ok()?;
        let named = Checkpoint::from_text(note.text()).ok()?;
        let checkpoint = Checkpoint::of_note(&note, self.key(named.origin.device)?).ok()?;
        let election = checkpoint.origin.election;
        let signed = |line: &pehra_ledger::note::Line| {
            let device = witness_of_name(election, &line.name)?;
            Some((device, checkpoint::cosigned(&note, election, self.key(device)?)?))
        };
        let own_line = checkpoint.origin.name();
        let mut witnesses = 0;
        for line in note.signatures().iter().filter(|line| line.name != own_line) {
            // A line that does not hold is damage; one of a key that is not known here is not judged.
            let known = witness_of_name(election, &line.name).and_then(|device| self.key(device));
            match signed(line) {
                Some((device, time_s)) => {
                    let at_ms = time_s.saturating_mul(1_000);
                    witnesses += usize::from(self.roster.is_witness(device, at_ms));
                }
                None if known.is_some() => return None,
                None => {}
            }
        }
        let own = is_own(&checkpoint, self.head);
        Some(What::Checkpoint { checkpoint, own, witnesses })
    }

    /// Whether a stretch of bytes is nothing but whole records that hold, checked one by one.
    pub(super) fn is_sound(&self, mut region: &[u8]) -> bool {
        if region.is_empty() {
            return false;
        }
        while !region.is_empty() {
            let Some((frame, rest)) = region.split_first_chunk() else { return false };
            let Some((kind, length)) = export::read_frame(*frame) else { return false };
            let Some((bytes, rest)) = rest.split_at_checked(length) else { return false };
            let sound = match kind {
                Kind::Entry => self.read_entry(bytes).is_ok_and(|(entry, key)| {
                    entry.author_holds(&key)
                        && entry.cosignatures().iter().all(|one| one.holds(&entry.hash()))
                }),
                // Any 32 bytes are a leaf: nothing could be told from it.
                Kind::Leaf => false,
                Kind::Head | Kind::Statement | Kind::Checkpoint | Kind::Fork | Kind::End => {
                    self.sound(kind, bytes, None).is_ok()
                }
            };
            if !sound {
                return false;
            }
            region = rest;
        }
        true
    }
}

fn bad(record: Record, why: &'static str) -> What {
    let header = header_of(&record.bytes);
    let (place, leaf) =
        header.map_or((None, None), |(header, hash)| (Some(header.place), Some(hash)));
    let frame = record.kind.and_then(|kind| export::frame(kind, record.bytes.len()));
    let region = match frame {
        Some(frame) => [&frame[..], &record.bytes].concat(),
        None => record.bytes,
    };
    // Only a content that is not the signed one leaves the header above doubt.
    let leaf = leaf.filter(|_| why.starts_with("the content"));
    What::Bad(Box::new(Bad { kind: record.kind, why, place, leaf, region }))
}
