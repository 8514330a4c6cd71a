//! The nodes, what happens to them, and the lines between them.

use crate::{
    bug::Bug,
    chance::Chance,
    disk::Stop,
    enrol::{Office, open_offices},
    fault::{Fault, Faults},
    node::{ELECTION, SimNode},
    oracle::{Oracle, Revoked},
};
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hash, Head, Hlc, Payload, SigningKey,
    certificate::{
        Certificate, CertificateBody, LastAccepted, Revocation, RevocationBody, Subject,
    },
    draft::Next,
    fork::{ForkProof, SignedHeader},
    roster::{Root, contains},
    statement::{OWN_KINDS_END, Said},
    sync::{
        answerer::Answerer,
        asker::{Asker, Step},
        element::Key,
        holding::Summary,
        message::{Ask, ForkCarried, Numbered, Reply},
        scope::{Entitlement, Scope},
    },
};

pub const NOW_MS: u64 = 1_707_350_400_000;
pub(crate) const DAY_MS: u64 = 86_400_000;
const YEAR_MS: i64 = 365 * 86_400_000;
/// Frames of one conversation at most.
const FRAMES_MAX: usize = 4_000;
pub struct World {
    pub nodes: Vec<SimNode>,
    pub oracle: Oracle,
    pub faults: Faults,
    pub now_ms: u64,
    pub trace: Hash,
    /// The story in words, if somebody wants to read it.
    pub story: Option<Vec<String>>,
    pub(crate) chance: Chance,
    /// Of the story's deletions; none where nobody deletes.
    pub(crate) deletes: Option<Chance>,
    pub(crate) root: SigningKey,
    pub(crate) offices: Vec<Office>,
    /// Certificates of each node and its offices.
    pub(crate) papers: Vec<Vec<Said>>,
    /// On which side of the partition each node is; all 0 without one.
    sides: Vec<u8>,
    old: Vec<Vec<u8>>,
    /// What the root has said: it is said again to an office whose disk has lost it.
    pub(crate) said: Vec<Said>,
}

impl World {
    #[must_use]
    pub fn new(seed: u64, count: usize, bug: Option<Bug>, tells: bool) -> Self {
        let mut chance = Chance::new(seed);
        let faults = Faults::half(&mut chance);
        let root = SigningKey::from_seed(chance.bytes());
        let stands = Root { keys: vec![root.public()], threshold: 1 };
        let seeds: Vec<_> = (0..count).map(|_| chance.bytes()).collect();
        let nodes = Self::new_nodes(seeds.into_iter(), &stands, bug);
        let offices = open_offices(&root, [chance.bytes(), chance.bytes(), chance.bytes()]);
        let mut world = Self {
            oracle: Oracle::default(),
            faults,
            now_ms: NOW_MS,
            trace: Hash::ZERO,
            story: tells.then(Vec::new),
            chance,
            root,
            offices,
            papers: Vec::new(),
            sides: vec![0; nodes.len()],
            old: Vec::new(),
            said: Vec::new(),
            deletes: crate::deletion::chance_of(seed),
            nodes,
        };
        world.enrol();
        world
    }

    pub(crate) fn tell(&mut self, what: &str) {
        self.trace = Hash::of_parts([&self.trace.0[..], what.as_bytes()]);
        if let Some(story) = &mut self.story {
            story.push(what.to_owned());
        }
    }

    pub(crate) fn any(&mut self) -> usize {
        let count = self.nodes.len();
        self.chance.below(count)
    }

    /// One thing happens.
    pub fn step(&mut self) {
        self.now_ms += 1_000 + self.chance.draw() % 60_000;
        self.oracle.now_ms = self.now_ms;
        let at = self.any();
        match self.chance.below(11) {
            10 => self.publish(at),
            0..=3 => self.write(at),
            4..=7 => {
                let other = self.any();
                self.talk(at, other, true);
            }
            _ => self.misfortune(at),
        }
        self.delete();
        for node in 0..self.nodes.len() {
            let down = self.nodes.get(node).is_some_and(|it| !it.up);
            if down && self.chance.once_in(3) {
                self.power_cycle(node);
            }
        }
    }

    pub(crate) fn power_cycle(&mut self, at: usize) {
        let now_ms = self.now_ms;
        if let Some(node) = self.nodes.get_mut(at) {
            node.start(now_ms, &mut self.chance);
        }
        self.tell(&format!("{at} starts"));
    }

    pub(crate) fn write(&mut self, at: usize) {
        let (now_ms, odd) = (self.now_ms, self.chance.below(12));
        let Some(node) = self.nodes.get_mut(at).filter(|node| node.up) else { return };
        let area = if odd == 0 { "pk/balochistan".to_owned() } else { node.area.clone() };
        let role = if odd == 1 { "SYSADMIN".to_owned() } else { node.role.clone() };
        node.write(&area, &role, now_ms, &mut self.oracle, &mut self.chance);
        let length = node.book.logs.entries().count();
        self.tell(&format!("{at} writes, holds {length}"));
    }

    fn misfortune(&mut self, at: usize) {
        let all = Fault::ALL;
        let Some(&fault) = all.get(self.chance.below(all.len())) else { return };
        if !self.faults.has(fault) {
            return;
        }
        self.tell(&format!("{fault:?} at {at}"));
        let once = self.chance.once_in(2);
        match fault {
            Fault::Crash => {
                let stop = Stop::draw(&mut self.chance);
                if let Some(node) = self.nodes.get_mut(at) {
                    node.disk.stop = Some(stop);
                }
                if once { self.write(at) } else { self.power_cycle(at) }
            }
            Fault::LostSync => {
                if let Some(node) = self.nodes.get_mut(at) {
                    node.disk.lies = !node.disk.lies;
                }
                if once {
                    self.power_cycle(at);
                }
            }
            Fault::FullDisk => {
                if let Some(node) = self.nodes.get_mut(at) {
                    node.disk.full = !node.disk.full;
                }
                self.write(at);
            }
            Fault::Rot => {
                if let Some(node) = self.nodes.get_mut(at) {
                    node.disk.rot(&mut self.chance);
                }
                self.power_cycle(at);
            }
            Fault::Clock => {
                let offsets = [0, YEAR_MS, -YEAR_MS, -3_600_000, 240_000];
                let offset = offsets.get(self.chance.below(offsets.len())).copied().unwrap_or(0);
                if let Some(node) = self.nodes.get_mut(at) {
                    node.offset_ms = offset;
                }
                self.write(at);
            }
            Fault::Restore => self.restore(at),
            Fault::Partition => {
                let parted = self.sides.iter().any(|side| *side > 0);
                for side in &mut self.sides {
                    *side =
                        if parted { 0 } else { u8::try_from(self.chance.draw() & 1).unwrap_or(0) };
                }
                self.now_ms += DAY_MS / 8;
            }
            Fault::Theft => self.steal(at),
            Fault::Revocation => self.revoke(at),
            Fault::LateWords => drop(self.late_words(at)),
            Fault::OfficeGone => drop(self.close_office()),
            Fault::Rogue => self.rogue(at),
            Fault::Forgery => self.forge(at, ELECTION),
            Fault::OtherElection => self.forge(at, [8; 16]),
            Fault::Twin => drop(self.twin(at)),
            Fault::LyingTree => drop(self.lie_tree(at)),
            Fault::LyingReceipt => drop(self.lie_receipt(at)),
            Fault::Loss
            | Fault::Duplication
            | Fault::Delay
            | Fault::Flips
            | Fault::Slow
            | Fault::StaleRoster => {}
        }
    }

    fn restore(&mut self, at: usize) {
        let (now_ms, twice) = (self.now_ms, self.chance.once_in(2));
        let Some(node) = self.nodes.get_mut(at).filter(|node| node.up) else { return };
        if node.backup.is_none() || self.chance.once_in(4) {
            node.back_up();
            return;
        }
        self.close_epoch(at);
        let Some(node) = self.nodes.get_mut(at) else { return };
        node.restore(now_ms, &mut self.chance);
        self.write(at);
        let other = self.any();
        self.talk(at, other, true);
        if twice && self.nodes.get(at).is_some_and(|node| node.up) {
            self.close_epoch(at);
        }
        if twice && let Some(node) = self.nodes.get_mut(at).filter(|node| node.up) {
            node.restore(now_ms, &mut self.chance);
            self.write(at);
        }
    }

    /// Whoever goes on from a backup must not go on in the epoch of before.
    fn close_epoch(&mut self, at: usize) {
        if let Some(node) = self.nodes.get(at) {
            self.oracle.closed.entry(node.id()).or_default().insert(node.epoch);
        }
    }

    pub(crate) fn draft(&mut self, election: [u8; 16], area: &str, role: &str) -> Option<Draft> {
        Some(Draft {
            election,
            clock: Hlc { ms: self.now_ms, counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: area.to_owned(),
            kind: 700,
            person: String::new(),
            role: role.to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new(self.chance.bytes(), b"another act").ok()?,
        })
    }

    /// A thief signs another history with a device's key and shows it to somebody.
    fn steal(&mut self, at: usize) {
        let Some(victim) = self.nodes.get(at) else { return };
        let (area, role) = (victim.area.clone(), victim.role.clone());
        let log = victim.book.logs.of_log(victim.id(), victim.epoch);
        let from = self.chance.below(log.len() + 1);
        let before = from.checked_sub(1).and_then(|at| log.get(at));
        let mut next = before
            .map_or(Next { epoch: victim.epoch, seq: 0, previous: Hash::ZERO }, |entry| {
                Head::of(entry).next()
            });
        let length = 1 + self.chance.below(3);
        let mut told = Vec::new();
        for _ in 0..length {
            let Some(draft) = self.draft(ELECTION, &area, &role) else { return };
            let Some(victim) = self.nodes.get(at) else { return };
            let Ok(entry) = Entry::seal(&victim.key, &draft, next) else { return };
            next = Head::of(&entry).next();
            self.oracle.note(&entry, true, true, self.now_ms);
            told.push(entry.encode());
        }
        for _ in 0..2 {
            let to = self.any();
            if to != at {
                self.inject(to, Ask::GiveEntries { entries: told.clone() });
            }
        }
    }

    fn revoke(&mut self, at: usize) {
        let ago_ms = self.chance.draw() % 3_600_000;
        let witnessed_before_ms =
            self.chance.once_in(3).then_some(self.now_ms.saturating_sub(ago_ms));
        let short = !self.chance.once_in(4);
        let _revoked = self.revoke_from(at, witnessed_before_ms, short);
    }

    /// Revokes a device: what it wrote up to somewhere in its log is left, or nothing is.
    fn revoke_from(
        &mut self,
        at: usize,
        witnessed_before_ms: Option<u64>,
        leaves: bool,
    ) -> Option<()> {
        // The first two carry everything to everybody in the end.
        let node = self.nodes.get(at).filter(|_| at > 1)?;
        let log = node.book.logs.of_log(node.id(), node.epoch);
        let last = if log.is_empty() || !leaves {
            Vec::new()
        } else {
            let seq = self.chance.below(log.len());
            let hash = log.get(seq).map_or(Hash::ZERO, Entry::hash);
            vec![LastAccepted { epoch: node.epoch, seq: u64::try_from(seq).unwrap_or(0), hash }]
        };
        let body = RevocationBody {
            election: ELECTION,
            key: node.id(),
            last: last.clone(),
            at_ms: self.now_ms,
            reason: "lost".to_owned(),
            witnessed_before_ms,
        };
        let papers = self.papers(node);
        // The root says it, or the nation's office, or whoever holds the key.
        let by = match (self.now_ms % 3, self.offices.first()) {
            (0, Some(nation)) => &nation.key,
            (1, _) => &node.key,
            (_, _) => &self.root,
        };
        let revocation = Revocation::sign(body, &[by]).ok()?;
        let revoked = Revoked { last, witnessed_before_ms };
        self.oracle.revoked.entry(node.id()).or_default().push(revoked);
        self.say_of(papers, revocation);
        Some(())
    }

    /// A device is stolen after witnesses have seen what it wrote, and before the office that received it knows that they
    /// have.
    fn late_words(&mut self, at: usize) -> Option<()> {
        self.nodes.get(at).filter(|node| at > 3 && node.up && !node.silent)?;
        self.write(at);
        self.talk(0, at, false);
        self.publish(0);
        for witness in 1..=3 {
            self.talk(witness, 0, false);
        }
        self.now_ms += 2_000;
        let theft_ms = self.now_ms;
        self.revoke_from(at, Some(theft_ms), true)?;
        self.witness(&[0, 1]);
        Some(())
    }

    /// Somebody who is nobody certifies itself, revokes others, and claims forks.
    fn rogue(&mut self, at: usize) {
        let rogue = SigningKey::from_seed(self.chance.bytes());
        let Some(victim) = self.nodes.get(at) else { return };
        let body = CertificateBody {
            election: ELECTION,
            subject: Subject::DEVICE,
            key: rogue.public(),
            name: "nobody".to_owned(),
            area: "pk".to_owned(),
            roles: vec!["DRO".to_owned()],
            not_before_ms: 0,
            not_after_ms: NOW_MS * 2,
            sealing: None,
        };
        let against = RevocationBody {
            election: ELECTION,
            key: victim.id(),
            last: Vec::new(),
            at_ms: self.now_ms,
            reason: "because".to_owned(),
            witnessed_before_ms: None,
        };
        // Nobody's word that another's device, and its log, are the whole nation's business.
        let widened = CertificateBody { key: victim.key.public(), ..body.clone() };
        let said = [
            Certificate::sign(widened, &[&rogue]).ok().map(Said::Certificate),
            Certificate::sign(body, &[&rogue]).ok().map(Said::Certificate),
            Revocation::sign(against, &[&rogue]).ok().map(Said::Revocation),
        ];
        let statements = said.iter().flatten().map(|it| (it.kind(), it.body())).collect();
        let honest = victim.book.logs.entries().next().cloned();
        let Some(draft) = self.draft(ELECTION, "pk", "DRO") else { return };
        let Ok(entry) = Entry::seal(&rogue, &draft, Next::FIRST) else { return };
        let to = self.any();
        self.inject(to, Ask::GiveStatements { statements });
        self.inject(to, Ask::GiveEntries { entries: vec![entry.encode()] });
        if let Some(entry) = honest {
            let side = SignedHeader::of(&entry);
            let proof = ForkProof { held: side.clone(), other: side };
            let forks = vec![ForkCarried { entry: entry.encode(), proof }];
            self.inject(to, Ask::GiveForks { forks });
        }
        // What is true, and not for everybody.
        let foreign: Vec<Vec<u8>> = self
            .nodes
            .first()
            .map_or(Vec::new(), |hub| hub.book.logs.entries().map(Entry::encode).collect());
        let to = self.any();
        self.inject(to, Ask::GiveEntries { entries: foreign });
    }

    /// An entry in a device's next place, signed by somebody else or for another election.
    fn forge(&mut self, at: usize, election: [u8; 16]) {
        let Some(node) = self.nodes.get(at) else { return };
        let (area, role, epoch) = (node.area.clone(), node.role.clone(), node.epoch);
        let log = node.book.logs.of_log(node.id(), epoch);
        let first = Next { epoch, seq: 0, previous: Hash::ZERO };
        let next = log.last().map_or(first, |entry| Head::of(entry).next());
        let Some(draft) = self.draft(election, &area, &role) else { return };
        let stranger = SigningKey::from_seed(self.chance.bytes());
        let Some(node) = self.nodes.get(at) else { return };
        let (Ok(entry), Ok(other)) =
            (Entry::seal(&node.key, &draft, next), Entry::seal(&stranger, &draft, next))
        else {
            return;
        };
        let signature = if election == ELECTION { *other.signature() } else { *entry.signature() };
        let payload = entry.payload().map(|payload| payload.bytes().to_vec());
        let forged =
            Entry::from_parts(entry.header_bytes().to_vec(), signature, Vec::new(), payload);
        let Ok(forged) = forged else { return };
        for _ in 0..3 {
            let to = self.any();
            self.inject(to, Ask::GiveEntries { entries: vec![forged.encode()] });
        }
    }

    /// Gives a node something, as a peer would that is let in.
    pub(crate) fn inject(&mut self, to: usize, give: Ask) {
        let now_ms = self.now_ms;
        let Some(node) = self.nodes.get_mut(to).filter(|node| node.up) else { return };
        let Ok(mine) = node.entitlement(node.id(), now_ms) else { return };
        node.book.now_ms = node.wall_ms(now_ms);
        let mut answerer = Answerer::new(Scope { mine, theirs: Entitlement::everything("pk") });
        let nothing = Summary { count: 0, digest: [0; 16] };
        let compare = Ask::Compare {
            key: Key::default(),
            statements: nothing,
            forks: nothing,
            heights: nothing,
        };
        for (number, body) in [(1, compare), (2, give)] {
            if answerer.answer(Numbered { number, body }, node).is_err() {
                break;
            }
        }
        let taken = answerer.taken;
        self.witness(&[to]);
        self.tell(&format!(
            "{to} is given something: {} new, {} forks",
            taken.entries, taken.forks
        ));
    }

    /// Two nodes talk; `faulty` lines lose, double, delay and bend.
    pub fn talk(&mut self, a: usize, b: usize, faulty: bool) {
        if a == b || self.sides.get(a) != self.sides.get(b) {
            return;
        }
        let now_ms = self.now_ms;
        let shown = [a, b].map(|at| self.nodes.get(at).map(|node| self.papers(node)));
        let seed = self.chance.bytes();
        let mut line = Line {
            faults: if faulty { self.faults } else { Faults::NONE },
            chance: Chance::new(self.chance.draw()),
            old: std::mem::take(&mut self.old),
            left: if faulty && self.faults.has(Fault::Slow) && self.chance.once_in(3) {
                self.chance.below(12)
            } else {
                FRAMES_MAX
            },
        };
        let Some((one, two)) = pair(&mut self.nodes, a, b) else { return };
        if !one.up || !two.up {
            return;
        }
        // Each shows its own papers; who has lost them is given them again.
        let shown: Vec<Said> = shown.into_iter().flatten().flatten().collect();
        let introduced = two.learn(shown.clone()).and(one.learn(shown));
        let ended =
            introduced.map(|_| converse(one, two, now_ms, seed, &mut line, &mut self.oracle));
        let ended = match ended {
            Ok(ended) => ended,
            Err(trouble) => trouble.to_string(),
        };
        self.old = line.old;
        self.witness(&[a, b]);
        self.tell(&format!("{a} and {b}: {ended}"));
    }

    /// Everything is repaired, and everybody starts once more.
    pub fn heal(&mut self) {
        self.sides.iter_mut().for_each(|side| *side = 0);
        for at in 0..self.nodes.len() {
            if let Some(node) = self.nodes.get_mut(at) {
                (node.disk.full, node.disk.stop, node.offset_ms) = (false, None, 0);
            }
            self.power_cycle(at);
            let said = if at < 2 { self.said.clone() } else { Vec::new() };
            if let Some(node) = self.nodes.get_mut(at) {
                node.disk.lies = false;
                let _kept = node.learn(said);
            }
            // Whoever forgot something at the start shows it in what it writes next.
            self.write(at);
        }
    }
}

fn pair(nodes: &mut [SimNode], a: usize, b: usize) -> Option<(&mut SimNode, &mut SimNode)> {
    let [one, two] = nodes.get_disjoint_mut([a, b]).ok()?;
    Some((one, two))
}

struct Line {
    faults: Faults,
    chance: Chance,
    old: Vec<Vec<u8>>,
    left: usize,
}

impl Line {
    /// What comes out when bytes go in; none once the line is cut.
    fn carry(&mut self, bytes: Vec<u8>) -> Option<Vec<Vec<u8>>> {
        self.left = self.left.checked_sub(1)?;
        let mut out = vec![bytes.clone()];
        if self.faults.has(Fault::Loss) && self.chance.once_in(6) {
            out.clear();
        }
        if self.faults.has(Fault::Duplication) && self.chance.once_in(5) {
            out.push(bytes.clone());
        }
        if self.faults.has(Fault::Delay) && self.chance.once_in(5) && !self.old.is_empty() {
            let at = self.chance.below(self.old.len());
            out.extend(self.old.get(at).cloned());
        }
        if self.faults.has(Fault::Flips) && self.chance.once_in(8) {
            let mut bent = bytes.clone();
            let at = self.chance.below(bent.len());
            if let Some(byte) = bent.get_mut(at) {
                *byte ^= 1 << (self.chance.draw() & 7);
            }
            out = vec![bent];
        }
        if self.old.len() >= 32 {
            self.old.remove(0);
        }
        self.old.push(bytes);
        Some(out)
    }
}

/// Lets both sides ask the other, one after the other, as two nodes do over one connection; answers how each turn ended.
fn converse(
    one: &mut SimNode,
    two: &mut SimNode,
    now_ms: u64,
    seed: [u8; 32],
    line: &mut Line,
    oracle: &mut Oracle,
) -> String {
    let (first, over) = turn(one, two, now_ms, seed, line, oracle);
    if !over || two.has(Bug::AsksNever) {
        return first;
    }
    let seed = Hash::of(&seed).0;
    let (second, _) = turn(two, one, now_ms, seed, line, oracle);
    format!("{first}, {second}")
}

/// Lets one side ask the other; answers how it ended, and whether the other one's turn comes.
fn turn(
    one: &mut SimNode,
    two: &mut SimNode,
    now_ms: u64,
    seed: [u8; 32],
    line: &mut Line,
    oracle: &mut Oracle,
) -> (String, bool) {
    let broken = |why: &dyn std::fmt::Display| (why.to_string(), false);
    let ids = [one.id(), two.id()];
    let seen = |node: &SimNode| ids.map(|id| node.entitlement(id, now_ms));
    let ([Ok(mine), Ok(theirs)], [Ok(of_one), Ok(of_two)]) = (seen(one), seen(two)) else {
        return broken(&"one of them is not served");
    };
    one.book.now_ms = one.wall_ms(now_ms);
    two.book.now_ms = two.wall_ms(now_ms);
    let mut asker = Asker::new(Scope { mine, theirs }, seed);
    let mut answerer = Answerer::new(Scope { mine: of_two, theirs: of_one });
    let mut ask = match asker.begin(one) {
        Ok(ask) => ask,
        Err(trouble) => return broken(&trouble),
    };
    loop {
        if let Ask::GiveEntries { entries } = &ask.body {
            watch(entries, two, oracle);
        }
        let mut said = None;
        let Some(frames) = line.carry(ask.encode()) else { return broken(&"cut") };
        for bytes in frames {
            let Ok(heard) = Numbered::<Ask>::decode(&bytes) else { continue };
            let reply = match answerer.answer(heard, two) {
                Ok(Some(reply)) => reply,
                Ok(None) => continue,
                Err(trouble) => return broken(&trouble),
            };
            if let Reply::Entries { entries, .. } = &reply.body {
                watch(entries, one, oracle);
            }
            let Some(frames) = line.carry(reply.encode()) else { return broken(&"cut") };
            for bytes in frames {
                let Ok(heard) = Numbered::<Reply>::decode(&bytes) else { continue };
                match asker.hear(heard, one) {
                    Ok(Step::Say(next)) => said = Some(next),
                    Ok(Step::Pass) => {}
                    Ok(Step::Over(outcome)) => return (format!("{outcome:?}"), true),
                    Err(trouble) => return broken(&trouble),
                }
            }
        }
        match said.or_else(|| asker.again()) {
            Some(next) => ask = next,
            None => return broken(&"silence"),
        }
    }
}

/// Nothing travels to a node that its certificate does not cover.
fn watch(entries: &[Vec<u8>], to: &SimNode, oracle: &mut Oracle) {
    let areas: Vec<String> = oracle.areas(to.id()).map(str::to_owned).collect();
    for entry in entries.iter().filter_map(|bytes| Entry::decode(bytes).ok()) {
        let header = entry.header();
        let author: Vec<&str> = oracle.areas(header.place.device).collect();
        if author.is_empty() {
            continue;
        }
        let concerned = |area: &str| areas.iter().any(|own| Oracle::concerns(own, area));
        let within = |area: &&str| areas.iter().any(|own| contains(own, area));
        let reads = header.kind < OWN_KINDS_END
            || to.role != "RELAY" && (concerned(&header.area) || author.iter().any(within));
        let may = author.iter().any(|area| concerned(area));
        if !may || (entry.payload().is_some() && !reads) {
            oracle.problems.push(format!("{} travels where it may not", header.place));
        }
    }
}
