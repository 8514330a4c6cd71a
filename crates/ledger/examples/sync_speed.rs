//! What finding a difference costs: `cargo run --release -p pehra-ledger --example sync_speed`. One million entries by
//! 90,000 authors, the same split for both: our conversation, every byte of it but the entries themselves, and the crate
//! `negentropy`, which compares entries one by one and knows of no authors.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use negentropy::{Id, Negentropy, NegentropyStorageVector};
use pehra_ledger::certificate::{Certificate, CertificateBody, Subject};
use pehra_ledger::draft::Next;
use pehra_ledger::fork::ForkProof;
use pehra_ledger::manifest::Manifest;
use pehra_ledger::roster::{Root, Roster};
use pehra_ledger::statement::Said;
use pehra_ledger::sync::answerer::Answerer;
use pehra_ledger::sync::asker::{Asker, Outcome, Step};
use pehra_ledger::sync::desk::{Desk, Taken, Wanted};
use pehra_ledger::sync::element::Log;
use pehra_ledger::sync::holding::Holding;
use pehra_ledger::sync::message::{Ask, Numbered, Reply};
use pehra_ledger::sync::scope::{Entitlement, Scope};
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Hash, Head, Hlc, LogsUnreadable, Payload, Place,
    SigningKey,
};
use std::collections::BTreeMap;
use std::error::Error;
#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
use std::time::Instant;

const ELECTION: [u8; 16] = [7; 16];
const AUTHORS: usize = 90_000;
const ENTRIES: usize = 1_000_000;
const DAY_MS: u64 = 86_400_000;
const BEGIN_MS: u64 = 1_707_350_400_000;
const DISTRICTS: usize = 136;

type Done<T> = Result<T, Box<dyn Error>>;

/// Steele, Lea and Flood's mixer: the same world on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound as u64).unwrap_or(0)
    }
}

fn key(author: usize) -> SigningKey {
    SigningKey::from_seed(Hash::of(&author.to_be_bytes()).0)
}

/// The hash of a place, as far as this measurement needs one.
fn place_hash(device: DeviceId, seq: u64) -> Hash {
    Hash::of_parts([&device.0[..], &seq.to_be_bytes()])
}

/// Who wrote when: each author's times, ascending.
struct World {
    devices: Vec<DeviceId>,
    times: Vec<Vec<u64>>,
    roster: Roster,
}

fn world() -> Done<World> {
    let mut chance = Chance(2024);
    let mut times = vec![Vec::new(); AUTHORS];
    for _ in 0..ENTRIES {
        let at = chance.next() % DAY_MS;
        if let Some(of) = times.get_mut(chance.below(AUTHORS)) {
            of.push(BEGIN_MS + at);
        }
    }
    times.iter_mut().for_each(|of| of.sort_unstable());
    let root = SigningKey::from_seed([1; 32]);
    let mut roster = Roster::new(ELECTION, Root { keys: vec![root.public()], threshold: 1 });
    let mut devices = Vec::with_capacity(AUTHORS);
    for author in 0..AUTHORS {
        let key = key(author).public();
        devices.push(key.id());
        let body = CertificateBody {
            election: ELECTION,
            subject: Subject::DEVICE,
            key,
            name: format!("station {author}"),
            area: format!("pk/province/district-{}", author % DISTRICTS),
            roles: vec!["PO".to_owned()],
            not_before_ms: 0,
            not_after_ms: BEGIN_MS * 2,
            sealing: None,
        };
        roster.take(Said::Certificate(Certificate::sign(body, &[&root])?))?;
    }
    Ok(World { devices, times, roster })
}

/// Heads alone, and the entries that the other side may lack.
struct Side<'a> {
    roster: &'a Roster,
    nexts: BTreeMap<DeviceId, u64>,
    entries: &'a BTreeMap<(DeviceId, u64), Entry>,
}

impl Desk for Side<'_> {
    fn with_roster(&self, look: &mut dyn FnMut(&Roster)) {
        look(self.roster);
    }

    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable> {
        let head = |(device, next): (&DeviceId, &u64)| {
            let seq = next.checked_sub(1)?;
            let place = Place { device: *device, epoch: 0, seq };
            let hash = place_hash(*device, seq);
            Some(Head { place, hash, clock: Hlc::default(), forked_at: None })
        };
        let heads: Vec<Head> = self.nexts.iter().filter_map(head).collect();
        Ok(Holding::of(self.roster, &heads, &[], scope))
    }

    fn statement(&self, _: &Hash) -> Result<Option<Said>, LogsUnreadable> {
        Ok(None)
    }

    fn entries(
        &self,
        (device, _): Log,
        from: u64,
        until: Option<u64>,
        _: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable> {
        let next = self.nexts.get(&device).copied().unwrap_or(0);
        let until = until.unwrap_or(next).min(next);
        Ok((from..until).filter_map(|seq| self.entries.get(&(device, seq)).cloned()).collect())
    }

    fn fork(&self, _: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        Ok(None)
    }

    fn missing_payloads(
        &self,
        _: &Scope,
        _: &dyn Fn(&Place) -> bool,
        _: usize,
    ) -> Result<Vec<Place>, LogsUnreadable> {
        Ok(Vec::new())
    }

    fn missing_objects(
        &self,
        _: &Scope,
        _: &dyn Fn(&Wanted) -> bool,
        _: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable> {
        Ok(Vec::new())
    }

    fn manifest(&self, _: Hash) -> Result<Option<Manifest>, LogsUnreadable> {
        Ok(None)
    }

    fn chunk(&self, _: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable> {
        Ok(None)
    }

    fn take_statements(&mut self, _: Vec<Said>) -> Result<usize, LogsUnreadable> {
        Ok(0)
    }

    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        let mut taken = Vec::with_capacity(entries.len());
        for entry in entries {
            let place = entry.header().place;
            let next = self.nexts.entry(place.device).or_insert(0);
            taken.push(if place.seq == *next { Taken::New } else { Taken::Known });
            *next = (*next).max(place.seq + 1);
        }
        Ok(taken)
    }

    fn take_fork(&mut self, _: Entry, _: ForkProof) -> Result<Option<bool>, LogsUnreadable> {
        Ok(None)
    }

    fn take_object(&mut self, _: Wanted, _: Vec<u8>) -> Result<bool, LogsUnreadable> {
        Ok(false)
    }
}

/// For each author how many of the last entries the one side lacks, and how many the other.
type Split = Vec<(usize, usize)>;

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    /// The ends of logs of authors drawn by chance.
    Scattered,
    /// The last entries of the day.
    Recent,
}

/// `both`: each author was heard by one side alone; otherwise only the first side lacks anything.
fn split(world: &World, differences: usize, when: When, both: bool) -> Split {
    let mut chance = Chance(differences as u64 + 17);
    let mut lacking = vec![0_usize; AUTHORS];
    match when {
        When::Scattered => {
            let mut left = differences;
            while left > 0 {
                let author = chance.below(AUTHORS);
                if let (Some(lacks), Some(times)) =
                    (lacking.get_mut(author), world.times.get(author))
                    && *lacks < times.len()
                {
                    *lacks += 1;
                    left -= 1;
                }
            }
        }
        When::Recent => {
            let mut all: Vec<u64> = world.times.iter().flatten().copied().collect();
            all.sort_unstable();
            let from = all.get(ENTRIES - differences).copied().unwrap_or(u64::MAX);
            for (lacks, times) in lacking.iter_mut().zip(&world.times) {
                *lacks = times.iter().filter(|&&at| at >= from).count();
            }
        }
    }
    let side = |lacks| if both && chance.next() & 1 == 1 { (0, lacks) } else { (lacks, 0) };
    lacking.into_iter().map(side).collect()
}

#[expect(clippy::disallowed_methods, reason = "a figure for people")]
/// Bytes that no way of telling heights apart can save: the entropy of how far the two sides are apart, author by author.
fn floor(split: &Split) -> f64 {
    let mut counts: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for apart in split {
        *counts.entry(*apart).or_default() += 1.0;
    }
    let all = split.len() as f64;
    counts.values().map(|count| -(count / all).log2() * count).sum::<f64>() / 8.0
}

fn seal_ends(world: &World, split: &Split) -> Done<BTreeMap<(DeviceId, u64), Entry>> {
    let mut entries = BTreeMap::new();
    for (author, ((one, other), times)) in split.iter().zip(&world.times).enumerate() {
        if one + other == 0 {
            continue;
        }
        let key = key(author);
        for seq in times.len() - one.max(other)..times.len() {
            let mut salt = [0; 32];
            salt.iter_mut().zip(seq.to_be_bytes()).for_each(|(to, from)| *to = from);
            let draft = Draft {
                election: ELECTION,
                clock: Hlc { ms: times.get(seq).copied().unwrap_or(0), counter: 0 },
                clock_quality: ClockQuality::UNKNOWN,
                area: "pk/sindh/sukkur".to_owned(),
                kind: 700,
                person: "po".to_owned(),
                role: "PO".to_owned(),
                causes: Vec::new(),
                cosigners: Vec::new(),
                extras: Vec::new(),
                payload: Payload::try_new(salt, &[42; 60])?,
            };
            let next = Next { epoch: 0, seq: seq as u64, previous: Hash::ZERO };
            entries.insert((key.id(), seq as u64), Entry::seal(&key, &draft, next)?);
        }
    }
    Ok(entries)
}

/// Bytes of a message without the entries in it and without the length before each, which belongs to the entry.
fn control(message: usize, entries: &[Vec<u8>]) -> usize {
    let length = |entry: &Vec<u8>| match entry.len() {
        0..24 => 1,
        24..256 => 2,
        256..65_536 => 3,
        _ => 5,
    };
    message - entries.iter().map(|entry| entry.len() + length(entry)).sum::<usize>()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only entries are taken out")]
fn ours(world: &World, split: &Split) -> Done<(usize, u32)> {
    let entries = seal_ends(world, split)?;
    let side = |of: fn(&(usize, usize)) -> usize| {
        let next = |((device, times), apart): ((&DeviceId, &Vec<u64>), &(usize, usize))| {
            (*device, (times.len() - of(apart)) as u64)
        };
        world.devices.iter().zip(&world.times).zip(split).map(next).collect()
    };
    let mut mine = Side { roster: &world.roster, nexts: side(|it| it.0), entries: &entries };
    let mut theirs = Side { roster: &world.roster, nexts: side(|it| it.1), entries: &entries };
    let all = Entitlement::everything("pk");
    let scope = Scope { mine: all.clone(), theirs: all };
    let (mut asker, mut answerer) = (Asker::new(scope.clone(), [9; 32]), Answerer::new(scope));
    let (mut bytes, mut turns) = (0, 0_u32);
    let mut ask = asker.begin(&mine)?;
    loop {
        turns += 1;
        bytes += match &ask.body {
            Ask::GiveEntries { entries } => control(ask.encode().len(), entries),
            _ => ask.encode().len(),
        };
        let Some(reply) = answerer.answer(ask, &mut theirs)? else {
            return Err("no answer".into());
        };
        bytes += match &reply.body {
            Reply::Entries { entries, .. } => {
                control(Numbered::<Reply>::encode(&reply).len(), entries)
            }
            _ => Numbered::<Reply>::encode(&reply).len(),
        };
        match asker.hear(reply, &mut mine)? {
            Step::Say(next) => ask = next,
            Step::Pass => return Err("an answer was passed over".into()),
            Step::Over(Outcome::Equal) if mine.nexts == theirs.nexts => return Ok((bytes, turns)),
            Step::Over(outcome) => return Err(format!("{outcome:?}").into()),
        }
    }
}

fn negentropy_bytes(world: &World, split: &Split, differences: usize) -> Done<(usize, u32)> {
    let side = |of: fn(&(usize, usize)) -> usize| -> Done<NegentropyStorageVector> {
        let mut storage = NegentropyStorageVector::with_capacity(ENTRIES);
        for ((device, times), apart) in world.devices.iter().zip(&world.times).zip(split) {
            for (seq, at) in times.iter().take(times.len() - of(apart)).enumerate() {
                storage.insert(*at, Id::from_byte_array(place_hash(*device, seq as u64).0))?;
            }
        }
        storage.seal()?;
        Ok(storage)
    };
    let (mine, theirs) = (side(|it| it.0)?, side(|it| it.1)?);
    let mut client = Negentropy::owned(mine, 0)?;
    let mut server = Negentropy::owned(theirs, 0)?;
    let (mut have, mut need) = (Vec::new(), Vec::new());
    let mut query = client.initiate()?;
    let (mut bytes, mut turns) = (0, 0);
    loop {
        turns += 1;
        let reply = server.reconcile(&query)?;
        bytes += query.len() + reply.len();
        match client.reconcile_with_ids(&reply, &mut have, &mut need)? {
            Some(next) => query = next,
            None => break,
        }
    }
    if have.len() + need.len() == differences {
        Ok((bytes, turns))
    } else {
        Err("negentropy found another difference".into())
    }
}

#[expect(clippy::disallowed_types, reason = "measuring is what this example is for")]
fn main() -> Done<()> {
    println!(
        "{ENTRIES} entries by {AUTHORS} authors in {DISTRICTS} districts; bytes both ways, without the entries"
    );
    println!(
        "    differ, when, who lacks | floor | ours (turns, s) | x floor | negentropy (turns, s) | ours : theirs"
    );
    let world = world()?;
    for differences in [10, 1_000, 100_000] {
        for (when, name) in [(When::Scattered, "scattered"), (When::Recent, "recent")] {
            for (both, who) in [(true, "both"), (false, "one")] {
                let split = split(&world, differences, when, both);
                let floor = floor(&split);
                let began = Instant::now();
                let (own, turns) = ours(&world, &split)?;
                let own_s = began.elapsed().as_secs_f64();
                let began = Instant::now();
                let (peer, peer_turns) = negentropy_bytes(&world, &split, differences)?;
                let peer_s = began.elapsed().as_secs_f64();
                println!(
                    "{differences:>10} {name:<9} {who:<4} | {floor:>8.0} | {own:>8} ({turns:>3}, {own_s:>4.1}) | {:>5.2} | {peer:>10} ({peer_turns:>2}, {peer_s:>4.1}) | 1 : {:.1}",
                    own as f64 / floor,
                    peer as f64 / own as f64,
                );
            }
        }
    }
    Ok(())
}
