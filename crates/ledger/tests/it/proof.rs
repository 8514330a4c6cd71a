//! What is proven of one entry, and what a stolen device's entries are worth.

use crate::sample::ELECTION;
use pehra_ledger::certificate::{
    Certificate, CertificateBody, LastAccepted, Revocation, RevocationBody, Subject,
};
use pehra_ledger::checkpoint::{Checkpoint, Origin, WITNESS, cosign};
use pehra_ledger::draft::Next;
use pehra_ledger::fork::SignedHeader;
use pehra_ledger::proof::{Cosigned, Proof, ProofRefusal};
use pehra_ledger::roster::{Act, Root, Roster, Standing};
use pehra_ledger::statement::Said;
use pehra_ledger::tile::{Growth, TileBook, leaf};
use pehra_ledger::tree::{inclusion, root, root_of_inclusion};
use pehra_ledger::{ClockQuality, Draft, Entry, Hash, Head, Hlc, Payload, Signature, SigningKey};
use proptest::prelude::*;

const DAY_MS: u64 = 86_400_000;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

/// Root 1; office 2; author 3; log 4; witnesses 5, 6, 7; 8 is certified and no witness.
struct World {
    certificates: Vec<Certificate>,
    entries: Vec<Entry>,
    book: TileBook,
}

fn certificate(subject: Subject, seed: u8, name: &str, roles: &[&str], issuer: u8) -> Certificate {
    let body = CertificateBody {
        election: ELECTION,
        subject,
        key: key(seed).public(),
        name: name.to_owned(),
        area: "pk/sindh/sukkur".to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        not_before_ms: DAY_MS,
        not_after_ms: 10 * DAY_MS,
        sealing: None,
    };
    Certificate::sign(body, &[&key(issuer)]).unwrap()
}

fn entry(seed: u8, n: u64, next: Next) -> Entry {
    let draft = Draft {
        election: ELECTION,
        clock: Hlc { ms: 2 * DAY_MS + n, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: "pk/sindh/sukkur/ps-24".to_owned(),
        kind: 300,
        person: "presiding-officer-24".to_owned(),
        role: "PRO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new([7; 32], &n.to_be_bytes()).unwrap(),
    };
    Entry::seal(&key(seed), &draft, next).unwrap()
}

impl World {
    fn new() -> Self {
        let device = Subject::DEVICE;
        let certificates = vec![
            certificate(Subject::ENROLMENT, 2, "Sukkur enrolment", &[], 1),
            certificate(device, 3, "phone of station 24", &["PRO"], 2),
            certificate(device, 4, "district node", &["DRO"], 2),
            certificate(device, 5, "neighbour one", &[WITNESS], 2),
            certificate(device, 6, "neighbour two", &[WITNESS], 2),
            certificate(device, 7, "observers", &[WITNESS], 2),
            certificate(device, 8, "no witness", &["DRO"], 2),
        ];
        let (mut entries, mut next) = (Vec::new(), Next::FIRST);
        let (mut growth, mut book) = (Growth::default(), TileBook::default());
        for n in 0..300 {
            let sealed = entry(3, n, next);
            next = Head::of(&sealed).next();
            growth.push(&sealed.hash());
            entries.push(sealed);
        }
        for (level, index, hashes) in growth.take_changed() {
            book.0.insert((level, index), hashes);
        }
        Self { certificates, entries, book }
    }

    fn roster(&self) -> Roster {
        Roster::new(ELECTION, Root { keys: vec![key(1).public()], threshold: 1 })
    }

    fn knowing_roster(&self) -> Roster {
        let mut roster = self.roster();
        self.certificates.iter().for_each(|one| roster.certify(one.clone()).unwrap());
        roster
    }

    fn checkpoint(&self, size: u64) -> Checkpoint {
        let origin = Origin { election: ELECTION, device: key(4).id(), epoch: 0 };
        Checkpoint { origin, size, root: root(&self.book, size).unwrap() }
    }

    /// The proof of an entry under the tree of `size`, cosigned at these times.
    fn proof(&self, index: u64, size: u64, witnesses: &[(u8, u64)]) -> Proof {
        let checkpoint = self.checkpoint(size);
        let path = inclusion(&self.book, index, size).unwrap();
        let signed = SignedHeader::of(&self.entries[usize::try_from(index).unwrap()]);
        prove(&checkpoint, signed, index, path, witnesses, self.certificates.clone())
    }
}

fn prove(
    checkpoint: &Checkpoint,
    signed: SignedHeader,
    index: u64,
    path: Vec<Hash>,
    witnesses: &[(u8, u64)],
    certificates: Vec<Certificate>,
) -> Proof {
    let note = checkpoint.sign(&key(4)).unwrap();
    let log_signature = Signature(note.signatures()[0].signature.clone().try_into().unwrap());
    let mut witnesses: Vec<Cosigned> = witnesses
        .iter()
        .map(|&(seed, time_s)| {
            let line = cosign(checkpoint, &key(seed), time_s).unwrap();
            let signature = Signature(line.signature[8..].try_into().unwrap());
            Cosigned { device: key(seed).id(), time_s, signature }
        })
        .collect();
    witnesses.sort_unstable();
    let (device, epoch, size) = (checkpoint.origin.device, 0, checkpoint.size);
    Proof { signed, index, path, device, epoch, size, log_signature, witnesses, certificates }
}

const NOON_S: u64 = 3 * DAY_MS / 1_000;

#[test]
fn a_proof_holds_with_the_root_alone() {
    let world = World::new();
    let proof = world.proof(123, 290, &[(5, NOON_S), (6, NOON_S + 60)]);
    let read = Proof::decode(&proof.encode()).unwrap();
    assert_eq!(read, proof);
    let proven = read.verify(&world.roster()).unwrap();
    assert_eq!(proven.hash, world.entries[123].hash());
    assert_eq!((proven.standing, proven.log_stands), (Standing::Good, true));
    assert_eq!((proven.index, proven.checkpoint.size), (123, 290));
    let mut names: Vec<&str> = proven.witnesses.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["neighbour one", "neighbour two"]);
    // Another root stands behind none of it.
    let other = Roster::new(ELECTION, Root { keys: vec![key(9).public()], threshold: 1 });
    let proven = proof.verify(&other).unwrap();
    assert_eq!((proven.standing, proven.log_stands), (Standing::NotChained, false));
    assert!(proven.witnesses.is_empty() && proven.other_cosignatures == 2);
    let elsewhere = Roster::new([8; 16], Root { keys: vec![key(1).public()], threshold: 1 });
    assert_eq!(proof.verify(&elsewhere), Err(ProofRefusal::OtherElection));
}

#[test]
fn whoever_is_no_witness_or_judges_himself_does_not_count() {
    let world = World::new();
    let signers = [(5, NOON_S), (8, NOON_S), (4, NOON_S), (3, NOON_S)];
    let proven = world.proof(0, 1, &signers).verify(&world.roster()).unwrap();
    assert_eq!((proven.witnesses.len(), proven.other_cosignatures), (1, 3));
    // Before its certificate held, nobody was a witness.
    let early = world.proof(0, 1, &[(5, 5)]).verify(&world.roster()).unwrap();
    assert!(early.witnesses.is_empty());
}

#[test]
fn no_altered_byte_passes() {
    let world = World::new();
    let bytes = world.proof(7, 9, &[(5, NOON_S), (6, NOON_S)]).encode();
    let roster = world.roster();
    for at in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[at] ^= 1 << (at % 8);
        let outcome = Proof::decode(&bent).and_then(|proof| proof.verify(&roster));
        assert!(outcome.is_err(), "byte {at}");
    }
}

#[test]
fn a_proof_among_twenty_millions_takes_about_a_kilobyte_and_a_half() {
    let world = World::new();
    let (index, size) = (12_345_678, 20_000_000);
    let signed = SignedHeader::of(&world.entries[0]);
    let path: Vec<Hash> = (0_u8..25).map(|n| Hash::of(&[n])).collect();
    let top = root_of_inclusion(&leaf(&signed.hash()), index, size, &path).unwrap();
    let checkpoint = Checkpoint { size, root: top, ..world.checkpoint(1) };
    let proof = prove(&checkpoint, signed, index, path, &[(5, NOON_S), (6, NOON_S)], Vec::new());
    let bare = proof.encode().len();
    assert!((1_300..1_600).contains(&bare), "{bare}");
    let certificates = world.certificates[..5].to_vec();
    let whole = Proof { certificates, ..proof };
    assert_eq!(whole.verify(&world.roster()).unwrap().witnesses.len(), 2);
    let bytes = whole.encode().len();
    assert!(bytes < 2_600, "{bytes}: one large code on paper");
}

fn stolen(last: &Entry, before_ms: u64) -> Revocation {
    let place = last.header().place;
    let body = RevocationBody {
        election: ELECTION,
        key: key(3).id(),
        last: vec![LastAccepted { epoch: place.epoch, seq: place.seq, hash: last.hash() }],
        at_ms: before_ms,
        reason: "stolen".to_owned(),
        witnessed_before_ms: Some(before_ms),
    };
    Revocation::sign(body, &[&key(2)]).unwrap()
}

#[test]
fn entries_of_a_stolen_device_are_clean_only_under_a_checkpoint_witnessed_before() {
    let world = World::new();
    let standing = |roster: &Roster, n: usize| {
        let entry = &world.entries[n];
        roster.standing(&Act::of(entry.header(), entry.hash()))
    };
    let before_ms = (NOON_S + 100) * 1_000;
    let mut roster = world.knowing_roster();
    assert_eq!(standing(&roster, 250), Standing::Good);
    let revoked = Said::Revocation(stolen(&world.entries[200], before_ms));
    roster.take(revoked.clone()).unwrap();
    assert_eq!(standing(&roster, 0), Standing::Revoked, "nobody witnessed it");
    // One witness, a witness too late, the log itself: not enough.
    for signers in [
        vec![(5, NOON_S)],
        vec![(5, NOON_S), (6, NOON_S + 100)],
        vec![(5, NOON_S), (4, NOON_S), (8, NOON_S)],
    ] {
        let proof = world.proof(150, 290, &signers);
        assert_eq!(roster.take(Said::Receipt(Box::new(proof))), Ok(true));
        assert_eq!(standing(&roster, 150), Standing::Revoked, "{signers:?}");
    }
    let receipt = Said::Receipt(Box::new(world.proof(150, 290, &[(5, NOON_S), (7, NOON_S + 99)])));
    assert_eq!(roster.take(receipt.clone()), Ok(true));
    assert_eq!(roster.take(receipt.clone()), Ok(false));
    for (n, expected) in [
        (0, Standing::Good),
        (150, Standing::Good),
        (151, Standing::Revoked),
        (201, Standing::Revoked),
    ] {
        assert_eq!(standing(&roster, n), expected, "entry {n}");
    }
    // A proof of a later entry reaches further, but never beyond what the revocation leaves.
    let later = Said::Receipt(Box::new(world.proof(260, 290, &[(5, NOON_S), (6, NOON_S)])));
    roster.take(later.clone()).unwrap();
    assert_eq!(
        (standing(&roster, 200), standing(&roster, 201)),
        (Standing::Good, Standing::Revoked)
    );
    // In whatever order it was learnt, and through the bytes of its entry.
    let mut other = world.roster();
    for said in [later, revoked, receipt] {
        other.take(Said::decode(said.kind(), &said.body()).unwrap()).unwrap();
    }
    world.certificates.iter().for_each(|one| other.certify(one.clone()).unwrap());
    for n in [0, 150, 200, 201] {
        assert_eq!(standing(&other, n), standing(&roster, n));
    }
}

#[test]
fn a_witness_that_was_revoked_counts_no_longer() {
    let world = World::new();
    let mut roster = world.knowing_roster();
    let before_ms = (NOON_S + 100) * 1_000;
    roster.take(Said::Revocation(stolen(&world.entries[200], before_ms))).unwrap();
    let proof = world.proof(200, 290, &[(5, NOON_S), (6, NOON_S)]);
    roster.take(Said::Receipt(Box::new(proof))).unwrap();
    let entry = &world.entries[200];
    let act = Act::of(entry.header(), entry.hash());
    assert_eq!(roster.standing(&act), Standing::Good);
    let body = RevocationBody {
        election: ELECTION,
        key: key(6).id(),
        last: Vec::new(),
        at_ms: before_ms,
        reason: "sold its key".to_owned(),
        witnessed_before_ms: None,
    };
    roster.revoke(Revocation::sign(body, &[&key(2)]).unwrap()).unwrap();
    assert_eq!(roster.standing(&act), Standing::Revoked);
}

#[test]
fn a_receipt_whose_signatures_do_not_hold_teaches_nothing() {
    let world = World::new();
    let mut roster = world.knowing_roster();
    let mut proof = world.proof(150, 290, &[(5, NOON_S)]);
    proof.witnesses[0].time_s -= 1;
    assert!(roster.take(Said::Receipt(Box::new(proof.clone()))).is_err());
    proof.witnesses.clear();
    proof.index += 1;
    assert!(roster.take(Said::Receipt(Box::new(proof))).is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(proof) = Proof::decode(&bytes) {
            prop_assert_eq!(proof.encode(), bytes);
        }
    }
}
