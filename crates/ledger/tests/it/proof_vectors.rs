//! Proofs, good and bad, for readers written in other languages, with what this code says about each. Made from numbers,
//! so that whoever changes either side sees it.
//!
//! A line is a word and fields between tabs: `case NAME ROOT PROOF OUTCOME`, the bytes in hexadecimal. An outcome is
//! `ok` with what is proven, or the refusal's letter. `bent NAME LETTERS` says what becomes of a case's proof when one
//! bit of the byte at each place is turned: bit `place % 8`.

use pehra_ledger::certificate::{Certificate, CertificateBody, Subject};
use pehra_ledger::checkpoint::{Checkpoint, Origin, WITNESS, cosign};
use pehra_ledger::clock::ClockSource;
use pehra_ledger::draft::Next;
use pehra_ledger::fork::SignedHeader;
use pehra_ledger::genesis::Genesis;
use pehra_ledger::header::{Cause, Extra, Relation, entry_hash};
use pehra_ledger::proof::{Cosigned, Proof, ProofRefusal};
use pehra_ledger::roster::Roster;
use pehra_ledger::tile::{Growth, TileBook};
use pehra_ledger::tree::{inclusion, root};
use pehra_ledger::{
    ClockQuality, Cosignature, Draft, Entry, EntryRef, Head, Header, Hlc, Payload, Place,
    PublicKey, Signature, SigningKey,
};

const DAY_MS: u64 = 86_400_000;
const NOON_S: u64 = 3 * DAY_MS / 1_000;
const NAME: &str = "VECTORS-1";
const AREA: &str = "pk/sindh/sukkur";

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

/// Two of the keys 1, 2 and 3.
fn founding() -> Option<Genesis> {
    Genesis::try_new(NAME, (1..=3).map(|seed| key(seed).public()).collect(), 2).ok()
}

struct Paper {
    subject: Subject,
    key: PublicKey,
    name: &'static str,
    area: &'static str,
    roles: &'static [&'static str],
    days: (u64, u64),
    sealing: Option<[u8; 32]>,
}

impl Paper {
    fn of(subject: Subject, key: PublicKey, name: &'static str) -> Self {
        Self { subject, key, name, area: AREA, roles: &[], days: (1, 10), sealing: None }
    }

    fn by(&self, issuers: &[u8]) -> Option<Certificate> {
        let body = CertificateBody {
            election: pehra_ledger::genesis::election_name(NAME),
            subject: self.subject,
            key: self.key,
            name: self.name.to_owned(),
            area: self.area.to_owned(),
            roles: self.roles.iter().map(|&role| role.to_owned()).collect(),
            not_before_ms: self.days.0 * DAY_MS,
            not_after_ms: self.days.1 * DAY_MS,
            sealing: self.sealing,
        };
        let keys: Vec<SigningKey> = issuers.iter().map(|&seed| key(seed)).collect();
        Certificate::sign(body, &keys.iter().collect::<Vec<_>>()).ok()
    }
}

/// Province 10 under the root, district 11 under the province; author 20, log 21, witnesses 30 to 33, 40 no witness.
fn certificates() -> Option<Vec<Certificate>> {
    let device = |seed: u8, name, roles| Paper {
        roles,
        ..Paper::of(Subject::DEVICE, key(seed).public(), name)
    };
    let witness: &[&str] = &[WITNESS];
    let province = Paper {
        area: "pk/sindh",
        ..Paper::of(Subject::ENROLMENT, key(10).public(), "Sindh enrolment")
    };
    let district = Paper::of(Subject::ENROLMENT, key(11).public(), "Sukkur enrolment");
    let sealing = Paper { sealing: Some([8; 32]), ..device(21, "district node", &["DRO"]) };
    let short = Paper { days: (1, 2), ..device(33, "observers until the second day", witness) };
    Some(vec![
        province.by(&[1, 3])?,
        district.by(&[10])?,
        device(20, "سکھر 24 کا فون", &["PO", "PRO"]).by(&[11])?,
        sealing.by(&[11])?,
        device(30, "Khairpur", witness).by(&[11])?,
        device(31, "Ghotki", witness).by(&[10])?,
        device(32, "Commission", witness).by(&[2, 3])?,
        short.by(&[11])?,
        device(40, "no witness", &["DRO"]).by(&[11])?,
    ])
}

/// One entry of the author's: its area, its role, its day.
fn draft(n: u64, area: &str, role: &str, day: u64) -> Option<Draft> {
    Some(Draft {
        election: pehra_ledger::genesis::election_name(NAME),
        clock: Hlc { ms: day * DAY_MS + n, counter: 3 },
        clock_quality: ClockQuality { source: ClockSource::SATELLITE, age_s: 95 },
        area: area.to_owned(),
        kind: 1200,
        person: "پریزائیڈنگ-24".to_owned(),
        role: role.to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new([7; 32], &n.to_be_bytes()).ok()?,
    })
}

/// Three hundred entries of the author's and the tree over them.
struct Log {
    entries: Vec<Entry>,
    book: TileBook,
}

fn log(last: &Draft) -> Option<Log> {
    let (mut entries, mut next) = (Vec::<Entry>::new(), Next::FIRST);
    let (mut growth, mut book) = (Growth::default(), TileBook::default());
    for n in 0..300_u64 {
        let mut one = draft(n, "pk/sindh/sukkur/ps-24", "PRO", 2)?;
        let mut with: Vec<u8> = Vec::new();
        if n == 299 {
            one = last.clone();
        } else if n == 150 {
            let before = entries.get(10)?.reference();
            let far = EntryRef {
                place: Place { device: key(40).id(), epoch: 70_000, seq: (1 << 53) - 1 },
                hash8: [0xfe; 8],
            };
            let mut causes = vec![
                Cause { relation: Relation::SUPERSEDES, entry: before },
                Cause { relation: Relation::ACKNOWLEDGES, entry: far },
            ];
            causes.sort();
            one.causes = causes;
            one.cosigners = vec![key(50).id()];
            one.extras = vec![Extra { key: 7, value: vec![1, 2, 3] }];
            with = vec![50];
        }
        let hash = entry_hash(&one.header(key(20).id(), next).encode().ok()?);
        let signed = with.iter().map(|&seed| Cosignature::sign(&key(seed), "actor", &hash).ok());
        let signed = signed.collect::<Option<Vec<_>>>()?;
        let sealed = Entry::seal_with(&key(20), &one, next, signed).ok()?;
        next = Head::of(&sealed).next();
        growth.push(&sealed.hash());
        entries.push(sealed);
    }
    for (level, index, hashes) in growth.take_changed() {
        book.0.insert((level, index), hashes);
    }
    Some(Log { entries, book })
}

impl Log {
    fn proof(&self, index: u64, size: u64, witnesses: &[(u8, u64)]) -> Option<Proof> {
        let election = pehra_ledger::genesis::election_name(NAME);
        let origin = Origin { election, device: key(21).id(), epoch: 5 };
        let checkpoint = Checkpoint { origin, size, root: root(&self.book, size).ok()? };
        let signed = SignedHeader::of(self.entries.get(usize::try_from(index).ok()?)?);
        let path = inclusion(&self.book, index, size).ok()?;
        let bare = Proof {
            signed,
            index,
            path,
            device: key(21).id(),
            epoch: 5,
            size,
            log_signature: Signature([0; 64]),
            witnesses: Vec::new(),
            certificates: certificates()?,
        };
        sign(bare, &checkpoint, witnesses)
    }
}

/// Puts the log's signature and the witnesses' under a checkpoint into a proof.
fn sign(bare: Proof, checkpoint: &Checkpoint, witnesses: &[(u8, u64)]) -> Option<Proof> {
    let note = checkpoint.sign(&key(21)).ok()?;
    let by_log = note.signatures().first()?.signature.clone();
    let mut all = Vec::new();
    for &(seed, time_s) in witnesses {
        let line = cosign(checkpoint, &key(seed), time_s).ok()?;
        let signature = Signature(line.signature.get(8..)?.try_into().ok()?);
        all.push(Cosigned { device: key(seed).id(), time_s, signature });
    }
    all.sort_unstable();
    Some(Proof { log_signature: Signature(by_log.try_into().ok()?), witnesses: all, ..bare })
}

/// An author whose key is of small order: whoever checks by another rule than ZIP-215 says something else about it.
fn small_order(encoding: [u8; 32]) -> Option<Proof> {
    let odd = PublicKey(encoding);
    let header = Header { place: Place { device: odd.id(), epoch: 0, seq: 0 }, ..plain_header()? };
    let mut signature = [0; 64];
    // R is the point of the key, s is zero.
    signature.iter_mut().zip(encoding).for_each(|(to, from)| *to = from);
    let signed =
        SignedHeader { header_bytes: header.encode().ok()?, signature: Signature(signature) };
    let leaf = pehra_ledger::tile::leaf(&signed.hash());
    let election = pehra_ledger::genesis::election_name(NAME);
    let origin = Origin { election, device: key(21).id(), epoch: 5 };
    let checkpoint = Checkpoint { origin, size: 1, root: leaf };
    let mut all = certificates()?;
    let odd = Paper { roles: &["PRO"], ..Paper::of(Subject::DEVICE, odd, "odd key") };
    all.push(odd.by(&[11])?);
    let bare = Proof {
        signed,
        index: 0,
        path: Vec::new(),
        device: key(21).id(),
        epoch: 5,
        size: 1,
        log_signature: Signature([0; 64]),
        witnesses: Vec::new(),
        certificates: all,
    };
    sign(bare, &checkpoint, &[(30, NOON_S), (31, NOON_S)])
}

fn plain_header() -> Option<Header> {
    let draft = draft(0, "pk/sindh/sukkur/ps-24", "PRO", 2)?;
    Some(Entry::seal(&key(20), &draft, Next::FIRST).ok()?.header().clone())
}

/// The letter of a refusal.
pub(crate) fn letter(refusal: &ProofRefusal) -> char {
    match refusal {
        ProofRefusal::Canonical(_) => 'C',
        ProofRefusal::TooLarge => 'T',
        ProofRefusal::Header(_) => 'H',
        ProofRefusal::OtherElection => 'E',
        ProofRefusal::NoKey(_) => 'K',
        ProofRefusal::Certificate => 'F',
        ProofRefusal::Author => 'A',
        ProofRefusal::Path => 'P',
        ProofRefusal::Log => 'L',
        ProofRefusal::Witness(_) => 'W',
    }
}

fn outcome(bytes: &[u8], genesis: &Genesis) -> String {
    let roster = Roster::new(genesis.election_name(), genesis.root());
    match Proof::decode(bytes).and_then(|proof| proof.verify(&roster)) {
        Err(refusal) => letter(&refusal).to_string(),
        Ok(proven) => format!(
            "ok standing={} log={} witnesses={} other={} index={} size={} root={} hash={}",
            proven.standing.code(),
            u8::from(proven.log_stands),
            proven.witnesses.len(),
            proven.other_cosignatures,
            proven.index,
            proven.checkpoint.size,
            proven.checkpoint.root,
            proven.hash
        ),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn cases() -> Option<Vec<(&'static str, Genesis, Vec<u8>)>> {
    let both: &[(u8, u64)] = &[(30, NOON_S), (31, NOON_S + 60)];
    let usual = log(&draft(299, "pk/sindh/sukkur/ps-24", "PRO", 2)?)?;
    let last = |area, role, day| log(&draft(299, area, role, day)?)?.proof(299, 300, both);
    let sound = usual.proof(123, 290, both)?;
    let of = |change: &dyn Fn(&mut Proof)| {
        let mut changed = sound.clone();
        change(&mut changed);
        changed.encode()
    };
    let without = |seeds: &[u8]| {
        let gone: Vec<PublicKey> = seeds.iter().map(|&seed| key(seed).public()).collect();
        of(&|proof| proof.certificates.retain(|one| !gone.contains(&one.body.key)))
    };
    let identity = [vec![1], vec![0; 31]].concat();
    let odd = [vec![0xee], vec![0xff; 30], vec![0x7f]].concat();
    let root = founding()?;
    let others = |threshold, seeds: &[u8]| {
        let keys = seeds.iter().map(|&seed| key(seed).public()).collect();
        Genesis::try_new(NAME, keys, threshold).ok()
    };
    let signers = [(30, NOON_S), (40, NOON_S), (21, NOON_S), (20, NOON_S), (33, NOON_S)];
    let all = [
        ("sound", sound.encode()),
        ("alone-in-its-tree", usual.proof(0, 1, both)?.encode()),
        ("last-of-an-odd-tree", usual.proof(298, 299, both)?.encode()),
        ("causes-cosigner-extra", usual.proof(150, 300, both)?.encode()),
        ("three-witnesses", usual.proof(7, 256, &[(30, 9), (31, NOON_S), (32, NOON_S)])?.encode()),
        ("one-witness", usual.proof(5, 64, &[(32, NOON_S)])?.encode()),
        ("no-witness", usual.proof(5, 65, &[])?.encode()),
        ("who-does-not-count", usual.proof(5, 66, &signers)?.encode()),
        ("other-area", last("pk/sindh/khairpur", "PRO", 2)?.encode()),
        ("area-by-letters-alone", last("pk/sindh/sukkur-two", "PRO", 2)?.encode()),
        ("role-not-held", last(AREA, "DRO", 2)?.encode()),
        ("no-role", last(AREA, "", 2)?.encode()),
        ("too-late", last(AREA, "PO", 11)?.encode()),
        ("without-the-district", without(&[11])),
        ("without-the-author", without(&[20])),
        ("without-the-node", without(&[21])),
        ("without-a-witness", without(&[31])),
        ("no-certificates", of(&|proof| proof.certificates.clear())),
        ("other-index", of(&|proof| proof.index += 1)),
        ("other-size", of(&|proof| proof.size += 1)),
        ("short-path", of(&|proof| proof.path.truncate(proof.path.len() - 1))),
        ("long-path", of(&|proof| proof.path.push(pehra_ledger::Hash([9; 32])))),
        ("other-epoch", of(&|proof| proof.epoch = 6)),
        ("other-time", of(&|proof| proof.witnesses.iter_mut().for_each(|one| one.time_s += 1))),
        ("small-order", small_order(identity.try_into().ok()?)?.encode()),
        ("small-order-written-oddly", small_order(odd.try_into().ok()?)?.encode()),
        ("nothing", Vec::new()),
        ("too-large", vec![0; (64 << 10) + 1]),
    ];
    let mut cases: Vec<_> =
        all.into_iter().map(|(name, bytes)| (name, root.clone(), bytes)).collect();
    let bytes = sound.encode();
    cases.push(("another-root", others(1, &[9])?, bytes.clone()));
    cases.push(("root-of-three", others(3, &[1, 2, 3])?, bytes.clone()));
    let elsewhere = Genesis::try_new("VECTORS-2", vec![key(1).public()], 1).ok()?;
    cases.push(("another-election", elsewhere, bytes));
    Some(cases)
}

/// The whole file.
pub(crate) fn text() -> Option<String> {
    let mut text =
        String::from("# Written by `cargo run -p pehra-ledger --example proof_vectors`.\n");
    for (name, root, bytes) in cases()? {
        let shown =
            if bytes.len() > 1 << 16 { format!("zeros:{}", bytes.len()) } else { hex(&bytes) };
        let outcome = outcome(&bytes, &root);
        text.push_str(&format!("case\t{name}\t{}\t{shown}\t{outcome}\n", hex(&root.encode())));
        if name == "sound" {
            let mut letters = String::new();
            for at in 0..bytes.len() {
                let mut bent = bytes.clone();
                if let Some(byte) = bent.get_mut(at) {
                    *byte ^= 1 << (at % 8);
                }
                letters.push_str(outcome_letter(&bent, &root).as_str());
            }
            text.push_str(&format!("bent\t{name}\t{letters}\n"));
        }
    }
    Some(text)
}

fn outcome_letter(bytes: &[u8], root: &Genesis) -> String {
    let outcome = outcome(bytes, root);
    if outcome.len() == 1 { outcome } else { "!".to_owned() }
}
