//! Two nodes that talk over a bad line.

#![expect(clippy::wildcard_enum_match_arm, reason = "a lie concerns one question")]

use super::answerer::Answerer;
use super::asker::{Asker, Broken, Fault, Outcome, Step};
use super::book::Book;
use super::desk::{Desk, Taken};
use super::message::{Ask, ForkCarried, Numbered, Reply};
use super::scope::{Entitlement, NotEntitled, Scope};
use crate::certificate::{Certificate, CertificateBody, Revocation, RevocationBody, Subject};
use crate::clock::{ClockQuality, Hlc};
use crate::draft::{Draft, Next};
use crate::entry::Entry;
use crate::fork::{ForkProof, SignedHeader};
use crate::hash::Hash;
use crate::key::SigningKey;
use crate::log::Head;
use crate::manifest::{Chunk, Manifest};
use crate::payload::Payload;
use crate::roster::{Act, Root, Standing};
use crate::statement::Said;
use proptest::prelude::*;

const ELECTION: [u8; 16] = [7; 16];
const NOW: u64 = 1_707_350_400_000;
const AREAS: [&str; 4] = ["pk/sindh/sukkur", "pk/sindh/larkana", "pk", "pk/punjab/multan"];

fn root() -> SigningKey {
    SigningKey::from_seed([200; 32])
}

fn key(device: u8) -> SigningKey {
    SigningKey::from_seed([device + 1; 32])
}

fn area(device: u8) -> &'static str {
    AREAS[usize::from(device) % AREAS.len()]
}

fn body(device: u8, area: &str) -> CertificateBody {
    CertificateBody {
        election: ELECTION,
        subject: Subject::DEVICE,
        key: key(device).public(),
        name: format!("device {device}"),
        area: area.to_owned(),
        roles: vec!["DRO".to_owned()],
        not_before_ms: 0,
        not_after_ms: NOW * 2,
        sealing: None,
    }
}

fn certificate(device: u8) -> Said {
    Said::Certificate(Certificate::sign(body(device, area(device)), &[&root()]).unwrap())
}

fn book(devices: impl IntoIterator<Item = u8>) -> Book {
    let mut book = Book::new(ELECTION, Root { keys: vec![root().public()], threshold: 1 });
    devices.into_iter().for_each(|device| assert!(book.learn(certificate(device))));
    book
}

fn entry(device: u8, next: Next, area: &str, say: u64) -> Entry {
    let mut salt = [0; 32];
    salt.iter_mut().zip(say.to_be_bytes()).for_each(|(to, from)| *to = from);
    let draft = Draft {
        election: ELECTION,
        clock: Hlc { ms: NOW + next.seq, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: area.to_owned(),
        kind: 700,
        person: String::new(),
        role: "DRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new(salt, b"what was done").unwrap(),
    };
    Entry::seal(&key(device), &draft, next).unwrap()
}

/// A log of so many entries; from `turn` on another history than other worlds tell.
fn log(device: u8, epoch: u32, length: u64, turn: u64, world: u64) -> Vec<Entry> {
    let first = Next { epoch, seq: 0, previous: Hash::ZERO };
    let mut next = first;
    (0..length)
        .map(|seq| {
            let say = if seq >= turn { world * 1_000 + seq } else { seq };
            let one = entry(device, next, area(device), say);
            next = Head::of(&one).next();
            one
        })
        .collect()
}

fn everything() -> Scope {
    Scope { mine: Entitlement::everything("pk"), theirs: Entitlement::everything("pk") }
}

/// A line that loses, doubles and delays by a row of numbers.
struct Line<'a> {
    chance: &'a [u8],
    at: usize,
    old: Vec<Vec<u8>>,
}

impl Line<'_> {
    /// What comes out when bytes go in.
    fn carry(&mut self, bytes: Vec<u8>) -> Vec<Vec<u8>> {
        self.at += 1;
        let what =
            if self.chance.is_empty() { 9 } else { self.chance[self.at % self.chance.len()] };
        let old = (!self.old.is_empty()).then(|| self.old[self.at % self.old.len()].clone());
        self.old.push(bytes.clone());
        match what % 8 {
            0 => Vec::new(),
            1 => vec![bytes.clone(), bytes],
            2 => old.into_iter().chain([bytes]).collect(),
            3 => old.into_iter().collect(),
            _ => vec![bytes],
        }
    }
}

/// Lets one side ask the other until it is over.
fn converse(
    mine: &mut dyn Desk,
    theirs: &mut dyn Desk,
    scope: &Scope,
    chance: &[u8],
) -> Result<(Outcome, Asker), Broken> {
    let mut asker = Asker::new(scope.clone(), [9; 32]);
    let turned = Scope { mine: scope.theirs.clone(), theirs: scope.mine.clone() };
    let mut answerer = Answerer::new(turned);
    let (mut there, mut back) =
        (Line { chance, at: 0, old: Vec::new() }, Line { chance, at: 3, old: Vec::new() });
    let mut ask = asker.begin(mine)?;
    for _ in 0..20_000 {
        let mut said = None;
        for bytes in there.carry(ask.encode()) {
            let heard = Numbered::<Ask>::decode(&bytes).unwrap();
            let Some(reply) = answerer.answer(heard, theirs)? else { continue };
            for bytes in back.carry(reply.encode()) {
                let heard = Numbered::<Reply>::decode(&bytes).unwrap();
                match asker.hear(heard, mine)? {
                    Step::Say(next) => said = Some(next),
                    Step::Pass => {}
                    Step::Over(outcome) => return Ok((outcome, asker)),
                }
            }
        }
        ask = said.or_else(|| asker.again()).unwrap();
    }
    panic!("the conversation does not end")
}

fn equal(a: &Book, b: &Book, scope: &Scope) -> bool {
    let (a, b) = (a.holding(scope).unwrap(), b.holding(scope).unwrap());
    (a.statements, a.forks, a.heights) == (b.statements, b.forks, b.heights)
}

fn with_logs(devices: impl IntoIterator<Item = u8>, logs: &[Vec<Entry>]) -> Book {
    let mut book = book(devices);
    let entries: Vec<Entry> = logs.iter().flatten().cloned().collect();
    book.take_entries(entries).unwrap();
    book
}

proptest! {
    #[test]
    fn any_two_nodes_come_to_hold_the_same_over_a_bad_line(
        lengths in prop::collection::vec((0_u64..9, 0_u64..9, 0_u64..10, 0_u32..3), 1..7),
        knows in any::<[bool; 8]>(),
        chance in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let worlds: Vec<Vec<Vec<Entry>>> = (0..2_u64)
            .map(|world| {
                (0_u8..).zip(&lengths).map(|(device, (mine, theirs, turn, epoch))| {
                    let length = if world == 0 { *mine } else { *theirs };
                    let epoch = if *epoch == 2 { 1 << 20 } else { 0 };
                    log(device, epoch, length, *turn, world)
                }).collect()
            })
            .collect();
        let devices = 0..u8::try_from(lengths.len()).unwrap();
        let mut mine = with_logs(devices.clone(), &worlds[0]);
        let mut theirs = with_logs(devices.filter(|&device| knows[usize::from(device)]), &worlds[1]);
        // A line that never lets anything through is no line.
        let chance = [&chance[..], &[7, 7, 7]].concat();
        let (outcome, _) = converse(&mut mine, &mut theirs, &everything(), &chance).unwrap();
        prop_assert_eq!(outcome, Outcome::Equal);
        prop_assert!(equal(&mine, &theirs, &everything()));
        for (device, (a, b, turn, epoch)) in (0_u8..).zip(&lengths) {
            let epoch = if *epoch == 2 { 1 << 20 } else { 0 };
            let knew = knows[usize::from(device)];
            let forked = knew && turn < a.min(b);
            let at = mine.logs.forked().get(&(key(device).id(), epoch)).copied();
            prop_assert_eq!(at, forked.then_some(*turn), "device {}", device);
            let held = mine.logs.of_log(key(device).id(), epoch).len() as u64;
            let longest = if knew { *a.max(b) } else { *a };
            prop_assert!(forked || held == longest);
        }
        // Once more: nothing moves.
        let (outcome, asker) = converse(&mut theirs, &mut mine, &everything(), &[]).unwrap();
        prop_assert_eq!((outcome, asker.given, asker.taken.entries), (Outcome::Equal, 0, 0));
    }

    #[test]
    fn no_bytes_make_either_side_stumble(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(ask) = Numbered::<Ask>::decode(&bytes) {
            prop_assert_eq!(ask.encode(), bytes.clone());
            let mut book = book([0]);
            let mut answerer = Answerer::new(everything());
            prop_assert!(answerer.answer(ask, &mut book).is_ok());
        }
        if let Ok(reply) = Numbered::<Reply>::decode(&bytes) {
            prop_assert_eq!(reply.encode(), bytes);
        }
    }
}

#[test]
fn many_differences_go_by_frontier_in_either_direction() {
    let full: Vec<_> = (0..40).map(|device| log(device, 0, 6, 99, 0)).collect();
    let half: Vec<_> = (0..40).map(|device| log(device, 0, u64::from(device % 3), 99, 0)).collect();
    for (a, b) in [(&full, &half), (&half, &full)] {
        let (mut mine, mut theirs) = (with_logs(0..40, a), with_logs(0..40, b));
        let (outcome, asker) = converse(&mut mine, &mut theirs, &everything(), &[]).unwrap();
        assert_eq!(outcome, Outcome::Equal);
        assert!(equal(&mine, &theirs, &everything()));
        let moved = asker.taken.entries + asker.given;
        assert_eq!(moved, full.iter().map(Vec::len).sum::<usize>() as u64 - 39);
    }
}

#[test]
fn a_district_gets_its_own_and_what_stands_above_it_and_nothing_else() {
    let sukkur =
        Entitlement::of(&book([0]).roster, key(0).id(), NOW, &|role| role == "DRO").unwrap();
    let scope = Scope { mine: sukkur.clone(), theirs: Entitlement::everything("pk") };
    let mut nation = with_logs(0..4, &(0..4).map(|d| log(d, 0, 3, 99, 0)).collect::<Vec<_>>());
    // The nation's own device acts once in the district's matters, once in another's.
    let head = Head::of(nation.logs.of_log(key(2).id(), 0).last().unwrap());
    let about_sukkur = entry(2, head.next(), AREAS[0], 1);
    let about_multan = entry(2, Head::of(&about_sukkur).next(), AREAS[3], 2);
    nation.take_entries(vec![about_sukkur, about_multan]).unwrap();
    let mut district = book([0]);
    let (outcome, _) = converse(&mut district, &mut nation, &scope, &[]).unwrap();
    assert_eq!(outcome, Outcome::Equal);
    let held = |device: u8| district.logs.of_log(key(device).id(), 0);
    assert_eq!((held(0).len(), held(1).len(), held(3).len()), (3, 0, 0));
    let read: Vec<bool> = held(2).iter().map(|entry| entry.payload().is_some()).collect();
    assert_eq!(read, [true, true, true, true, false], "the act elsewhere stays unread");
    assert!(district.roster.key(key(3).id()).is_none(), "nor does it hear who serves elsewhere");
}

#[test]
fn what_a_peer_may_not_give_is_not_taken() {
    let sukkur = Entitlement::of(&book([0]).roster, key(0).id(), NOW, &|_| true).unwrap();
    let mut district = book(0..4);
    let scope = Scope { mine: sukkur, theirs: Entitlement::everything("pk") };
    let mut answerer = Answerer::new(scope);
    let key = super::element::Key::default();
    let nothing = super::holding::Summary { count: 0, digest: [0; 16] };
    let compare = Ask::Compare { key, statements: nothing, forks: nothing, heights: nothing };
    answerer.answer(Numbered { number: 1, body: compare }, &mut district).unwrap();
    let foreign = log(3, 0, 2, 99, 0).iter().map(Entry::encode).collect();
    let give = Ask::GiveEntries { entries: foreign };
    let reply =
        answerer.answer(Numbered { number: 2, body: give }, &mut district).unwrap().unwrap();
    assert_eq!(reply.body, Reply::Took { new: 0 });
    assert_eq!((answerer.taken.outside, district.logs.entries().count()), (2, 0));
}

/// A fork of a log at its first place: what is held there, and the other side with its proof.
fn forked(device: u8, area: &str) -> (Entry, Entry, ForkProof) {
    let [held, other] = [1, 2].map(|say| entry(device, Next::FIRST, area, say));
    let proof = ForkProof { held: SignedHeader::of(&held), other: SignedHeader::of(&other) };
    (held, other, proof)
}

#[test]
fn a_fork_s_proof_brings_no_words_that_its_receiver_may_not_read() {
    let sukkur = Entitlement::of(&book([0]).roster, key(0).id(), NOW, &|_| true).unwrap();
    let scope = Scope { mine: sukkur, theirs: Entitlement::everything("pk") };
    for (about, reads) in [(AREAS[0], true), (AREAS[3], false)] {
        let (_, other, proof) = forked(2, about);
        let mut district = book(0..4);
        let mut answerer = Answerer::new(scope.clone());
        let key = super::element::Key::default();
        let nothing = super::holding::Summary { count: 0, digest: [0; 16] };
        let compare = Ask::Compare { key, statements: nothing, forks: nothing, heights: nothing };
        answerer.answer(Numbered { number: 1, body: compare }, &mut district).unwrap();
        let forks = vec![ForkCarried { entry: other.encode(), proof }];
        let give = Numbered { number: 2, body: Ask::GiveForks { forks } };
        let reply = answerer.answer(give, &mut district).unwrap().unwrap();
        assert_eq!(reply.body, Reply::Took { new: 1 });
        let read: Vec<bool> = district.copies().map(|one| one.payload().is_some()).collect();
        assert_eq!(read, [reads], "about {about}");
    }
}

#[test]
fn a_payload_is_taken_away_from_the_side_that_is_meant_wherever_its_copy_lies() {
    let (held, other, _) = forked(2, AREAS[0]);
    for gone in [held.hash(), other.hash()] {
        let mut book = with_logs([2], &[vec![held.clone()]]);
        assert_eq!(book.take_entries(vec![other.clone()]).unwrap(), [Taken::Forked]);
        book.withhold(&|entry| entry.hash() == gone);
        let left: Vec<(Hash, bool)> =
            book.copies().map(|one| (one.hash(), one.payload().is_some())).collect();
        assert_eq!(left, [held.hash(), other.hash()].map(|hash| (hash, hash != gone)));
        assert_eq!(book.logs.forked().len(), 1);
    }
}

#[test]
fn payloads_that_a_carrier_could_not_have_are_fetched_from_somebody_who_has_them() {
    let mut source = with_logs([0], &[log(0, 0, 4, 99, 0)]);
    let mut carrier = book([0]);
    let bare = Entitlement::of(&carrier.roster, key(0).id(), NOW, &|_| false).unwrap();
    let scope = Scope { mine: bare, theirs: Entitlement::everything("pk") };
    converse(&mut carrier, &mut source, &scope, &[]).unwrap();
    let mut goal = book([0]);
    converse(&mut goal, &mut carrier, &everything(), &[]).unwrap();
    assert!(
        goal.logs.entries().count() == 4 && goal.logs.entries().all(|it| it.payload().is_none())
    );
    let (outcome, _) = converse(&mut goal, &mut source, &everything(), &[]).unwrap();
    assert_eq!(outcome, Outcome::Equal);
    assert!(goal.logs.entries().all(|entry| entry.payload().is_some()));
}

#[test]
fn payloads_that_nobody_gives_stand_in_the_way_of_none_that_somebody_has() {
    // So many are gone at both ends that the last would never be asked for.
    let whole = log(0, 0, 600, 999, 0);
    let bare = |entry: &Entry| entry.clone().withheld();
    let gone = whole.iter().take(599).map(bare);
    let mut source = with_logs([0], &[gone.chain(whole.last().cloned()).collect()]);
    let mut goal = with_logs([0], &[whole.iter().map(bare).collect()]);
    let (outcome, _) = converse(&mut goal, &mut source, &everything(), &[]).unwrap();
    assert_eq!(outcome, Outcome::Equal);
    let held = goal.logs.of_log(key(0).id(), 0);
    assert!(held.last().unwrap().payload().is_some());
    assert_eq!(held.iter().filter(|entry| entry.payload().is_some()).count(), 1);
}

/// Two histories of device 0 that part at place 4, and the proof of it.
fn parted() -> (Vec<Entry>, Entry, ForkProof) {
    let [held, other] = [1, 2].map(|world| log(0, 0, 5, 4, world));
    let sides = [&held[4], &other[4]].map(SignedHeader::of);
    let [one, two] = sides;
    (held, other[4].clone(), ForkProof { held: one, other: two })
}

#[test]
fn whoever_ends_where_a_fork_begins_agrees_with_everybody_on_what_came_before() {
    let (held, other, proof) = parted();
    let bare = held.iter().take(4).map(|entry| entry.clone().withheld()).collect();
    let (mut goal, mut source) = (with_logs([0], &[bare]), with_logs([0], &[held]));
    for book in [&mut goal, &mut source] {
        assert_eq!(book.take_fork(other.clone(), proof.clone()).unwrap(), Some(true));
    }
    let (outcome, _) = converse(&mut goal, &mut source, &everything(), &[]).unwrap();
    assert_eq!(outcome, Outcome::Equal);
    assert!(goal.logs.entries().all(|entry| entry.payload().is_some()));
}

#[test]
fn whoever_ends_where_a_fork_begins_with_another_entry_shows_that_it_began_earlier() {
    let (held, other, proof) = parted();
    let third = log(0, 0, 4, 3, 3);
    let (mut goal, mut source) = (with_logs([0], &[third]), with_logs([0], &[held]));
    for book in [&mut goal, &mut source] {
        assert_eq!(book.take_fork(other.clone(), proof.clone()).unwrap(), Some(true));
    }
    for _ in 0..2 {
        converse(&mut goal, &mut source, &everything(), &[]).unwrap();
        std::mem::swap(&mut goal, &mut source);
    }
    let places = [&goal, &source].map(|book| book.logs.forked().values().copied().next());
    assert_eq!(places, [Some(3), Some(3)]);
}

#[test]
fn a_fork_s_proof_says_what_stood_before_it_on_either_side() {
    let [one, two] = [1, 2].map(|world| log(0, 0, 5, 3, world));
    let proof = ForkProof { held: SignedHeader::of(&one[4]), other: SignedHeader::of(&two[4]) };
    // Whoever holds one history, the other, or the first one only after it has heard of the fork.
    for (before, after) in [(&one[..], &one[..0]), (&two[..4], &one[..0]), (&one[..0], &one[..4])] {
        let mut book = with_logs([0], &[before.to_vec()]);
        assert_eq!(book.take_fork(two[4].clone(), proof.clone()).unwrap(), Some(true));
        book.take_entries(after.to_vec()).unwrap();
        assert_eq!(book.logs.forked().values().collect::<Vec<_>>(), [&3]);
        let proof = book.fork_proofs().next().unwrap();
        assert_eq!(proof.verify(&key(0).public()).unwrap().place.seq, 3);
    }
}

#[test]
fn what_can_not_be_made_equal_keeps_no_payload_back() {
    let whole = log(0, 0, 4, 99, 0);
    let bare = whole.iter().map(|entry| entry.clone().withheld()).collect();
    let (mut goal, mut source) = (with_logs([0, 1], &[bare]), with_logs([0, 1], &[whole]));
    // A fork that nobody has the proof of.
    source.logs.mark_forked(entry(1, Next::FIRST, AREAS[0], 1).header().place);
    let (outcome, _) = converse(&mut goal, &mut source, &everything(), &[]).unwrap();
    assert_eq!(outcome, Outcome::Differs(super::holding::Set::Forks));
    assert!(goal.logs.entries().all(|entry| entry.payload().is_some()));
}

#[test]
fn chunks_come_whole_and_only_those_of_the_area() {
    let chunks = [(AREAS[0], vec![1_u8; 700_000]), (AREAS[1], vec![2; 10]), ("pk", vec![3; 10])];
    let named = chunks.iter().map(|(area, bytes)| Chunk::of(area, bytes, 1)).collect();
    let manifest = Manifest::try_new("stations", 1, Vec::new(), named).unwrap();
    let mut source = book([0]);
    source.chunks = chunks.iter().map(|(_, bytes)| (Hash::of(bytes), bytes.clone())).collect();
    source.manifests.insert(manifest.hash(), manifest.clone());
    let mut district = book([0]);
    district.named.push(manifest.hash());
    let sukkur = Entitlement::of(&district.roster, key(0).id(), NOW, &|_| true).unwrap();
    let scope = Scope { mine: sukkur, theirs: Entitlement::everything("pk") };
    let (_, asker) = converse(&mut district, &mut source, &scope, &[1, 7, 0, 7, 3]).unwrap();
    let held: Vec<&Vec<u8>> = district.chunks.values().collect();
    assert!(held.len() == 2 && held.contains(&&chunks[0].1) && held.contains(&&chunks[2].1));
    assert_eq!(asker.taken.objects, 3);
}

#[test]
fn a_revoked_device_is_entitled_to_nothing_and_neither_is_a_stranger() {
    let mut book = book([0]);
    let of = |book: &Book, device: u8, at| {
        Entitlement::of(&book.roster, key(device).id(), at, &|_| true)
    };
    assert!(of(&book, 0, NOW).is_ok());
    assert_eq!(of(&book, 0, NOW * 3), Err(NotEntitled::OutsideTime));
    assert_eq!(of(&book, 1, NOW), Err(NotEntitled::NoCertificate));
    let stray = Certificate::sign(body(1, "pk"), &[&key(1)]).unwrap();
    book.learn(Said::Certificate(stray));
    assert_eq!(of(&book, 1, NOW), Err(NotEntitled::NotStanding));
    let revocation = RevocationBody {
        election: ELECTION,
        key: key(0).id(),
        last: Vec::new(),
        at_ms: NOW,
        reason: "lost".to_owned(),
        witnessed_before_ms: None,
    };
    book.learn(Said::Revocation(Revocation::sign(revocation, &[&root()]).unwrap()));
    assert_eq!(of(&book, 0, NOW), Err(NotEntitled::Revoked));
}

#[test]
fn a_revocation_travels_before_any_entry_is_weighed() {
    let mut mine = with_logs(0..3, &[log(0, 0, 3, 99, 0)]);
    let mut theirs = with_logs(0..3, &[log(1, 0, 3, 99, 0)]);
    let revocation = RevocationBody {
        election: ELECTION,
        key: key(1).id(),
        last: Vec::new(),
        at_ms: NOW,
        reason: "stolen".to_owned(),
        witnessed_before_ms: None,
    };
    mine.learn(Said::Revocation(Revocation::sign(revocation, &[&root()]).unwrap()));
    converse(&mut theirs, &mut mine, &everything(), &[]).unwrap();
    assert_eq!(theirs.roster.epoch(), mine.roster.epoch());
    assert!(theirs.roster.revoked(key(1).id()).next().is_some());
}

/// A peer that answers one kind of question with something else.
fn lied_to(lie: impl Fn(&Ask) -> Option<Reply>) -> Result<Outcome, Broken> {
    let mut mine = with_logs(0..3, &[log(0, 0, 3, 99, 0)]);
    let mut theirs = with_logs(0..3, &[log(1, 0, 5, 99, 0)]);
    let (mut asker, mut answerer) =
        (Asker::new(everything(), [9; 32]), Answerer::new(everything()));
    let mut ask = asker.begin(&mine)?;
    for _ in 0..2_000 {
        let number = ask.number;
        let honest = answerer.answer(ask.clone(), &mut theirs)?.unwrap();
        let reply = lie(&ask.body).map_or(honest, |body| Numbered { number, body });
        match asker.hear(reply, &mut mine)? {
            Step::Say(next) => ask = next,
            Step::Pass => panic!("an answer was passed over"),
            Step::Over(outcome) => return Ok(outcome),
        }
    }
    panic!("the lie does not end")
}

fn fault(lie: impl Fn(&Ask) -> Option<Reply>) -> Fault {
    match lied_to(lie) {
        Err(Broken::Peer(fault)) => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_hostile_peer_does_is_named() {
    use super::sketch::{CELL_BYTES, Cell};
    let cells = |count: u32, cell: Cell| {
        Some(Reply::Sketch { cells: vec![cell; usize::try_from(count).unwrap()] })
    };
    let junk = Cell::from_bytes([3; CELL_BYTES]);
    // Endless cells that tell nothing: given up for the list, and the list settles it.
    let endless = lied_to(|ask| match ask {
        Ask::Sketch { count, .. } => cells(*count, junk),
        _ => None,
    });
    assert!(matches!(endless, Ok(Outcome::Equal)));
    let short = fault(|ask| match ask {
        Ask::Sketch { .. } => cells(1, junk),
        _ => None,
    });
    assert_eq!(short, Fault::OtherAnswer);
    let other = fault(|ask| match ask {
        Ask::WantRows { .. } => Some(Reply::Groups { digests: Vec::new() }),
        _ => None,
    });
    assert_eq!(other, Fault::OtherAnswer);
    let forged = fault(|ask| match ask {
        Ask::WantEntries { .. } | Ask::WantRows { .. } => {
            Some(Reply::Entries { entries: vec![forge()], next: None })
        }
        _ => None,
    });
    assert_eq!(forged, Fault::Forged(crate::ingest::Refusal::Signature));
    let noise = fault(|ask| match ask {
        Ask::WantEntries { .. } | Ask::WantRows { .. } => {
            Some(Reply::Entries { entries: vec![vec![1, 2, 3]], next: None })
        }
        _ => None,
    });
    assert!(matches!(noise, Fault::NoEntry(_)));
    let empty = fault(|ask| match ask {
        Ask::WantEntries { .. } | Ask::WantRows { .. } | Ask::Pull { .. } => {
            Some(Reply::Entries { entries: Vec::new(), next: Some((0, 0)) })
        }
        _ => None,
    });
    assert_eq!(empty, Fault::TooMuch);
    let other = fault(|ask| matches!(ask, Ask::Compare { .. }).then_some(Reply::Ended));
    assert_eq!(other, Fault::OtherAnswer);
    let shut = fault(|_| Some(Reply::Refused { why: "not you".to_owned() }));
    assert_eq!(shut, Fault::Refused("not you".to_owned()));
}

/// An entry whose signature was made by somebody else.
fn forge() -> Vec<u8> {
    let [honest, other] = [1, 2].map(|device| log(device, 0, 1, 99, 0)[0].clone());
    let parts = Entry::from_parts(
        honest.header_bytes().to_vec(),
        *other.signature(),
        Vec::new(),
        honest.payload().map(|payload| payload.bytes().to_vec()),
    );
    parts.unwrap().encode()
}

#[test]
fn a_peer_that_says_it_has_what_it_never_gives_is_left_after_a_while() {
    let nothing = lied_to(|ask| match ask {
        Ask::WantEntries { .. } | Ask::WantRows { .. } => {
            Some(Reply::Entries { entries: Vec::new(), next: None })
        }
        _ => None,
    });
    assert!(matches!(nothing, Ok(Outcome::Differs(super::holding::Set::Heights))));
    let stale =
        lied_to(|ask| (!matches!(ask, Ask::Compare { .. } | Ask::End)).then_some(Reply::Stale));
    assert!(matches!(stale, Ok(Outcome::Differs(_))));
}

#[test]
fn a_peer_can_not_make_the_answering_side_work_without_end() {
    let mut book = with_logs(0..3, &[log(0, 0, 3, 99, 0)]);
    let mut answerer = Answerer::new(everything());
    let ask = |number, body| Numbered { number, body };
    let symbols = Ask::Symbols { set: super::holding::Set::Heights, from: 0, count: u32::MAX };
    let reply = answerer.answer(ask(1, symbols.clone()), &mut book).unwrap().unwrap();
    assert_eq!(reply.body, Reply::Stale, "nothing was compared yet");
    let nothing = super::holding::Summary { count: 0, digest: [0; 16] };
    let key = super::element::Key::default();
    let compare = Ask::Compare { key, statements: nothing, forks: nothing, heights: nothing };
    answerer.answer(ask(2, compare), &mut book).unwrap();
    let reply = answerer.answer(ask(3, symbols), &mut book).unwrap().unwrap();
    assert!(matches!(reply.body, Reply::Refused { .. }));
    assert!(answerer.answer(ask(2, Ask::Groups), &mut book).unwrap().is_none(), "an old question");
}

/// A certificate of another sort, by an issuer.
fn issued(
    subject: Subject,
    of: &SigningKey,
    area: &str,
    roles: &[&str],
    issuer: &SigningKey,
) -> Certificate {
    let roles = roles.iter().map(|&role| role.to_owned()).collect();
    let body = CertificateBody { subject, key: of.public(), roles, ..body(0, area) };
    Certificate::sign(body, &[issuer]).unwrap()
}

fn taken_away(of: &SigningKey, issuer: &SigningKey) -> Revocation {
    let body = RevocationBody {
        election: ELECTION,
        key: of.id(),
        last: Vec::new(),
        at_ms: NOW,
        reason: "lost".to_owned(),
        witnessed_before_ms: None,
    };
    Revocation::sign(body, &[issuer]).unwrap()
}

#[test]
fn everybody_hears_who_is_an_office_or_a_witness_or_no_longer_one_and_of_nobody_else() {
    let (office, witness, rogue) = (key(10), key(11), key(12));
    let mut nation = book(0..4);
    let role = crate::checkpoint::WITNESS;
    let everybodys = [
        Said::Certificate(issued(Subject::ENROLMENT, &office, "pk/punjab", &[], &root())),
        Said::Certificate(issued(Subject::DEVICE, &witness, AREAS[3], &[role], &office)),
        Said::Revocation(taken_away(&witness, &office)),
    ];
    let others = [
        Said::Certificate(issued(Subject::DEVICE, &rogue, AREAS[3], &[role], &rogue)),
        Said::Revocation(taken_away(&witness, &rogue)),
        Said::Revocation(taken_away(&key(3), &office)),
    ];
    everybodys.iter().chain(&others).for_each(|said| assert!(nation.learn(said.clone())));
    let sukkur = Entitlement::of(&book([0]).roster, key(0).id(), NOW, &|_| true).unwrap();
    let scope = Scope { mine: sukkur, theirs: Entitlement::everything("pk") };
    let mut district = book([0]);
    converse(&mut district, &mut nation, &scope, &[]).unwrap();
    assert!(everybodys.iter().all(|said| district.roster.knows(said)));
    assert!(others.iter().all(|said| !district.roster.knows(said)));
    assert!(!district.roster.is_witness(witness.id(), NOW));
    // To know of a witness is not to hold its log.
    assert!(!scope.shares_log(&district.roster, witness.id()));
    let (outcome, asker) = converse(&mut nation, &mut district, &everything(), &[]).unwrap();
    assert_eq!((outcome, asker.taken.statements), (Outcome::Equal, 0));
}

#[test]
fn a_device_of_two_areas_is_known_whole_wherever_its_log_is() {
    let mut nation = book(0..4);
    let second = Said::Certificate(issued(Subject::DEVICE, &key(3), AREAS[0], &["DRO"], &root()));
    assert!(nation.learn(second));
    nation.take_entries(log(3, 0, 2, 99, 0)).unwrap();
    let sukkur = Entitlement::of(&book([0]).roster, key(0).id(), NOW, &|_| true).unwrap();
    let scope = Scope { mine: sukkur, theirs: Entitlement::everything("pk") };
    let mut district = book([0]);
    converse(&mut district, &mut nation, &scope, &[]).unwrap();
    let held = district.logs.of_log(key(3).id(), 0).to_vec();
    assert_eq!(held.len(), 2);
    for entry in held {
        let act = Act::of(entry.header(), entry.hash());
        assert_eq!(district.roster.standing(&act), Standing::Good, "what was done in Multan");
    }
}

#[test]
fn nobody_opens_anothers_log_by_a_word_of_their_own() {
    let mut nation = with_logs(0..4, &[log(3, 0, 2, 99, 0)]);
    let rogue = key(12);
    let word = Said::Certificate(issued(Subject::DEVICE, &key(3), "pk", &["DRO"], &rogue));
    let mut district = book([0]);
    assert!(nation.learn(word.clone()) && district.learn(word));
    let sukkur = Entitlement::of(&district.roster, key(0).id(), NOW, &|_| true).unwrap();
    let scope = Scope { mine: sukkur, theirs: Entitlement::everything("pk") };
    converse(&mut district, &mut nation, &scope, &[]).unwrap();
    assert_eq!(district.logs.of_log(key(3).id(), 0).len(), 0);
    assert!(!district.roster.knows(&certificate(3)));
}
