//! Exports made from numbers, for tests and measurements: an election with an office, phones that write, nodes that
//! receive what they wrote in different orders, and neighbours who witness.

use pehra_ledger::{
    ClockQuality, Draft, Entry, Hash, Head, Hlc, Payload, SigningKey,
    certificate::{Certificate, CertificateBody, Subject},
    checkpoint::{Checkpoint, Origin, WITNESS, cosign},
    draft::Next,
    export::{self, Kind, MAGIC},
    genesis::Genesis,
    tile,
    tree::Edge,
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

pub(crate) const DAY_MS: u64 = 86_400_000;
const NOON_MS: u64 = 3 * DAY_MS;

pub(crate) struct Election {
    root: SigningKey,
    office: SigningKey,
    pub(crate) phones: Vec<SigningKey>,
    pub(crate) nodes: Vec<SigningKey>,
    witnesses: Vec<SigningKey>,
    pub(crate) genesis: Genesis,
}

fn key(sort: u8, n: usize) -> SigningKey {
    let mut seed = [sort; 32];
    seed[..8].copy_from_slice(&n.to_be_bytes());
    SigningKey::from_seed(seed)
}

/// An entry with what others need to refer to it.
pub(crate) struct Written {
    pub(crate) wire: Vec<u8>,
    pub(crate) hash: Hash,
}

impl Election {
    pub(crate) fn new(phones: usize, nodes: usize) -> Self {
        let root = key(1, 0);
        Self {
            genesis: Genesis::try_new("STORY-9", vec![root.public()], 1).unwrap(),
            root,
            office: key(2, 0),
            phones: (0..phones).map(|n| key(3, n)).collect(),
            nodes: (0..nodes).map(|n| key(4, n)).collect(),
            witnesses: (0..2).map(|n| key(5, n)).collect(),
        }
    }

    fn certificate(&self, subject: Subject, key: &SigningKey, roles: &[&str]) -> Certificate {
        let body = CertificateBody {
            election: self.genesis.election_name(),
            subject,
            key: key.public(),
            name: "of the story".to_owned(),
            area: "pk".to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            not_before_ms: 0,
            not_after_ms: 100 * DAY_MS,
            sealing: None,
        };
        let issuer = if subject == Subject::ENROLMENT { &self.root } else { &self.office };
        Certificate::sign(body, &[issuer]).unwrap()
    }

    pub(crate) fn certificates(&self) -> Vec<Certificate> {
        let mut all = vec![self.certificate(Subject::ENROLMENT, &self.office, &[])];
        let device = |key, roles| self.certificate(Subject::DEVICE, key, roles);
        all.extend(self.phones.iter().map(|key| device(key, &["PRO"])));
        all.extend(self.nodes.iter().map(|key| device(key, &["DRO"])));
        all.extend(self.witnesses.iter().map(|key| device(key, &[WITNESS])));
        all
    }

    /// An entry of a phone; `text` makes two entries of one place differ.
    pub(crate) fn write(&self, phone: usize, next: &mut Next, text: &str) -> Written {
        let n = next.seq;
        let draft = Draft {
            election: self.genesis.election_name(),
            clock: Hlc { ms: NOON_MS + n, counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: "pk/sindh/sukkur".to_owned(),
            kind: 300,
            person: "presiding-officer".to_owned(),
            role: "PRO".to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new([u8::try_from(n % 251).unwrap(); 32], text.as_bytes())
                .unwrap(),
        };
        let entry = Entry::seal(&self.phones[phone], &draft, *next).unwrap();
        *next = Head::of(&entry).next();
        Written { hash: entry.hash(), wire: entry.encode() }
    }

    /// The logs of all phones, `each` entries long.
    pub(crate) fn logs(&self, each: usize) -> Vec<Vec<Written>> {
        let log = |phone| {
            let mut next = Next::FIRST;
            (0..each).map(|n| self.write(phone, &mut next, &format!("report {n}"))).collect()
        };
        (0..self.phones.len()).map(log).collect()
    }

    /// Writes what a node exports that received these entries in this order; entries without bytes as hashes alone. Two
    /// witnesses signed its tree at `witnessed` entries.
    pub(crate) fn export<'a>(
        &self,
        to: &Path,
        node: usize,
        entries: impl ExactSizeIterator<Item = (&'a Hash, Option<&'a [u8]>)>,
        witnessed: u64,
    ) {
        let node = &self.nodes[node];
        let mut out = BufWriter::new(File::create(to).unwrap());
        let mut digest = Sha256::new();
        let mut raw = |bytes: &[u8]| {
            digest.update(bytes);
            out.write_all(bytes).unwrap();
        };
        let head = export::Head {
            genesis: self.genesis.encode(),
            key: node.public(),
            epoch: 0,
            made_ms: NOON_MS,
            entries: entries.len() as u64,
            area: String::new(),
        };
        raw(MAGIC);
        let mut record = |kind, bytes: &[u8]| {
            raw(&export::frame(kind, bytes.len()).unwrap());
            raw(bytes);
        };
        record(Kind::Head, &head.sign(node));
        for one in self.certificates() {
            record(Kind::Statement, &export::statement(1, &one.encode()));
        }
        let mut edge = Edge::default();
        let origin = Origin { election: self.genesis.election_name(), device: node.id(), epoch: 0 };
        let mut notes = Vec::new();
        for (hash, wire) in entries {
            match wire {
                Some(wire) => record(Kind::Entry, wire),
                None => record(Kind::Leaf, &hash.0),
            }
            edge.push(tile::leaf(hash));
            if edge.size() == witnessed {
                notes.push(Checkpoint { origin, size: witnessed, root: edge.root() });
            }
        }
        for checkpoint in notes {
            let mut note = checkpoint.sign(node).unwrap();
            for witness in &self.witnesses {
                note.add(cosign(&checkpoint, witness, NOON_MS / 1_000).unwrap()).unwrap();
            }
            record(Kind::Checkpoint, note.to_text().as_bytes());
        }
        let end = export::sign_end(node, &Hash(digest.finalize().into()));
        out.write_all(&export::frame(Kind::End, end.len()).unwrap()).unwrap();
        out.write_all(&end).unwrap();
        out.flush().unwrap();
    }
}

/// Entry by entry over all logs in turn, from the first phone or from the last.
pub(crate) fn in_turn(logs: &[Vec<Written>], backwards: bool) -> Vec<(&Hash, Option<&[u8]>)> {
    let longest = logs.iter().map(Vec::len).max().unwrap_or(0);
    let mut order = Vec::new();
    for n in 0..longest {
        let row = logs.iter().filter_map(|log| log.get(n));
        let row: Vec<_> = row.map(|one| (&one.hash, Some(one.wire.as_slice()))).collect();
        if backwards { order.extend(row.into_iter().rev()) } else { order.extend(row) }
    }
    order
}

/// Log after log.
pub(crate) fn one_by_one(logs: &[Vec<Written>]) -> Vec<(&Hash, Option<&[u8]>)> {
    logs.iter().flatten().map(|one| (&one.hash, Some(one.wire.as_slice()))).collect()
}
