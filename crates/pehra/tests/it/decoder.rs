//! Every decoder takes any bytes: the kept corpus, each file of it with bytes changed, and bytes of chance.

#[path = "../../../../fuzz/src/target.rs"]
mod target;

use pehra_ledger::{
    Cosignature, DeviceId, Draft, Entry, Hash, Hlc, Payload, SigningKey,
    armour::Piece,
    blob::BlobManifest,
    certificate::{
        Certificate, CertificateBody, LastAccepted, Revocation, RevocationBody, Subject,
    },
    draft::Next,
    genesis::Genesis,
    manifest::{Chunk, Manifest},
    request::Request,
    statement::LateCosignature,
    sync::{
        element::{Element, Key},
        holding::Set,
        message::{Ask, Numbered, Reply},
        pack,
    },
};
use pehra_link::{
    ax25::{Address, Ui},
    broadcast::Broadcast,
    bundle::{self, BundleId, record},
    fountain::{Binding, Sender},
    kiss,
    mac::{ChannelKey, Ends},
    receipt::{Receipt, Stage},
    screen, serial, sms,
    thin::{Thin, ThinKinds},
};
use std::path::{Path, PathBuf};

/// Changed copies of each kept file, and rounds of chance for each target.
const CHANGED: u32 = 200;
const CHANCE: u32 = 2_000;

fn corpus(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name)
}

/// A plain generator: the same bytes on every run.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }
}

/// Changes a few bytes, cuts, doubles or puts bytes in.
fn bend(bytes: &[u8], draw: &mut Draw) -> Vec<u8> {
    let mut bent = bytes.to_vec();
    for _ in 0..=draw.below(3) {
        let at = draw.below(bent.len());
        match draw.below(4) {
            0 if !bent.is_empty() => bent[at] ^= 1 << draw.below(8),
            1 if !bent.is_empty() => bent[at] = draw.byte(),
            2 => bent.truncate(at),
            _ => bent.insert(at, draw.byte()),
        }
    }
    bent
}

#[test]
fn the_kept_corpus_and_its_neighbours_are_read_without_harm() {
    for (name, run) in target::TARGETS {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(corpus(name)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has no corpus");
        let mut draw = Draw(1);
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            run(&bytes);
            for _ in 0..CHANGED {
                run(&bend(&bytes, &mut draw));
            }
        }
    }
}

#[test]
fn bytes_of_chance_are_read_without_harm() {
    for (name, run) in target::TARGETS {
        let mut draw = Draw(u64::from_be_bytes(Hash::of(name.as_bytes()).short()));
        for _ in 0..CHANCE {
            let bytes: Vec<u8> = (0..draw.below(300)).map(|_| draw.byte()).collect();
            run(&bytes);
        }
    }
}

#[test]
fn every_decoder_reads_what_its_encoder_writes_and_the_corpus_holds_it() {
    let samples = samples();
    for (name, _) in target::TARGETS {
        assert!(samples.iter().any(|(of, _)| of == name), "{name} has no sample");
    }
    for (name, bytes) in samples {
        let file = corpus(name).join(format!("{}", Hash::of(&bytes)).split_at(16).0);
        if std::env::var_os("PEHRA_KEEP_CORPUS").is_some() {
            std::fs::create_dir_all(corpus(name)).unwrap();
            std::fs::write(&file, &bytes).unwrap();
        }
        assert_eq!(
            std::fs::read(&file).ok().as_ref(),
            Some(&bytes),
            "{name}: PEHRA_KEEP_CORPUS=1 keeps it"
        );
    }
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_seed([number; 32])
}

fn sealed(person: &SigningKey) -> Entry {
    let mut draft = Draft {
        election: [7; 16],
        clock: Hlc { ms: 1_770_000_000_000, counter: 3 },
        clock_quality: pehra_ledger::ClockQuality::UNKNOWN,
        area: "pk".to_owned(),
        kind: 120,
        person: "p-17".to_owned(),
        role: "PO".to_owned(),
        causes: Vec::new(),
        cosigners: vec![person.id()],
        extras: Vec::new(),
        payload: Payload::try_new([9; 32], b"opened").unwrap(),
    };
    draft.area = "پنجاب".to_owned();
    let header = draft.header(key(1).id(), Next::FIRST).encode().unwrap();
    let hash = pehra_ledger::header::entry_hash(&header);
    let actor = Cosignature::sign(person, "actor", &hash).unwrap();
    Entry::seal_with(&key(1), &draft, Next::FIRST, vec![actor]).unwrap()
}

fn certificate_body() -> CertificateBody {
    CertificateBody {
        election: [7; 16],
        subject: Subject::DEVICE,
        key: key(1).public(),
        name: "desk".to_owned(),
        area: "pk".to_owned(),
        roles: vec!["DRO".to_owned(), "PEC".to_owned()],
        not_before_ms: 1,
        not_after_ms: 2,
        sealing: Some([5; 32]),
    }
}

fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let entry = sealed(&key(2));
    let mut samples = ledger_samples(&entry);
    samples.extend(link_samples(&entry));
    samples.extend(thin_words());
    samples.extend(seal_samples());
    samples.extend(citizens_samples());
    samples
}

/// What citizens send, as their browsers and telephones write it.
fn citizens_samples() -> Vec<(&'static str, Vec<u8>)> {
    [
        ("form", "d=pk%2Fsindh%2Fkarachi-east&t=closed&x=%D9%BE%DB%81%D8%B1%DB%81+a%26b"),
        ("form", "coding=2&text=%06%2F%06%31"),
        (
            "report_words",
            "The gate is shut, call 0300-1234567 or 42101-1234567-1 · someone@example.org",
        ),
        ("report_words", "گیٹ پر پولیس نے \u{202e}روکا"),
        ("report_words", "1234 5678 9012 3452"),
    ]
    .map(|(name, text)| (name, text.as_bytes().to_vec()))
    .to_vec()
}

/// The golden files of what is sealed, whose writing needs chance.
fn seal_samples() -> Vec<(&'static str, Vec<u8>)> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/seal/v1");
    let names = ["sealed", "regrant", "watch", "keyfile", "ring", "deposit", "contribution"];
    let golden = names.map(|name| {
        let file = golden.join(format!("{name}.bin"));
        (name, std::fs::read(file).unwrap())
    });
    let released = pehra_seal::release::Released {
        deposit: Hash([8; 32]),
        name: "returning-officer".to_owned(),
        custodians: vec!["custodian-1".to_owned(), "custodian-2".to_owned()],
        reason: "sick".to_owned(),
    };
    [&golden[..], &[("released", released.encode())]].concat()
}

fn ledger_samples(entry: &Entry) -> Vec<(&'static str, Vec<u8>)> {
    let certificate = Certificate::sign(certificate_body(), &[&key(8), &key(9)]).unwrap();
    let last = LastAccepted { epoch: 4, seq: 70, hash: Hash([3; 32]) };
    let revocation = RevocationBody {
        election: [7; 16],
        key: key(1).id(),
        last: vec![last],
        at_ms: 9,
        reason: "lost".to_owned(),
        witnessed_before_ms: None,
    };
    let revocation = Revocation::sign(revocation, &[&key(8)]).unwrap();
    let genesis =
        Genesis::try_new("PK-GE-2024", vec![key(8).public(), key(9).public()], 2).unwrap();
    let late = LateCosignature {
        place: entry.header().place,
        entry: entry.hash(),
        cosignature: Cosignature::sign(&key(3), "witness", &entry.hash()).unwrap(),
    };
    let chunk = Chunk::of("pk-pb", b"rows", 4);
    let manifest = Manifest::try_new("stations", 1, vec![Hash([1; 32])], vec![chunk]).unwrap();
    let blob = BlobManifest::of(&[5; 70_000]).unwrap();
    let reception = pehra_ledger::blob::Reception::begin(blob.name(), &blob.encode()).unwrap();
    let part = pehra_ledger::blob::Part { file: blob.name(), index: 1, bytes: vec![5; 100] };
    vec![
        ("entry", entry.encode()),
        ("entry", entry.clone().withheld().encode()),
        ("header", entry.header_bytes().to_vec()),
        ("cosignatures", Cosignature::encode_all(entry.cosignatures())),
        ("payload", entry.payload().unwrap().bytes().to_vec()),
        ("certificate", certificate.encode()),
        ("revocation", revocation.encode()),
        ("request", Request::ask(certificate_body(), &key(1)).unwrap().encode()),
        ("statement", certificate.encode()),
        ("statement", revocation.encode()),
        ("late_cosignature", late.encode()),
        ("genesis", genesis.encode()),
        ("genesis", genesis.to_text().into_bytes()),
        ("armour", Piece::new("election-1", vec![7; 70]).to_text("a remark").into_bytes()),
        ("manifest", manifest.encode()),
        ("blob_manifest", blob.encode()),
        ("blob_want", reception.want(8).encode()),
        ("blob_part", part.encode()),
        ("sync_ask", asked(Ask::WantPayloads { places: vec![entry.header().place] })),
        ("sync_ask", asked(Ask::Want { set: Set::Statements, elements: vec![element()] })),
        ("sync_reply", answered(Reply::Names { elements: vec![element()] })),
        (
            "sync_reply",
            answered(Reply::Entries { entries: vec![entry.encode()], next: Some((1, 7)) }),
        ),
        ("sync_reply", answered(Reply::Refused { why: "busy".to_owned() })),
        ("sync_ask", asked(Ask::WantFile { file: Hash([6; 32]), want: None })),
        ("sync_ask", asked(Ask::WantFile { file: Hash([6; 32]), want: Some(reception.want(2)) })),
        ("sync_reply", answered(Reply::FileList { manifest: blob.encode() })),
        ("sync_reply", answered(Reply::FileParts { parts: vec![part.clone()] })),
        ("sync_pack", [&[4][..], &pack::pack([1, 70, 0, 1 << 40])].concat()),
    ]
}

fn asked(body: Ask) -> Vec<u8> {
    Numbered { number: 3, body }.encode()
}

fn answered(body: Reply) -> Vec<u8> {
    Numbered { number: 3, body }.encode()
}

fn element() -> Element {
    Key([1; 16]).name(&Hash([2; 32]))
}

/// Each event that has a short form: which kind, the second, the form.
fn thin_words() -> Vec<(&'static str, Vec<u8>)> {
    let time_s = 1_707_379_200_u32;
    let kinds = pehra_ops::thin::KINDS;
    let word = |event: pehra_ops::Event| {
        let kind = kinds.iter().position(|kind| *kind == event.kind())?;
        let mut bytes = vec![u8::try_from(kind).unwrap()];
        bytes.extend(time_s.to_be_bytes());
        bytes.extend(pehra_ops::thin::shorten(event.kind(), &event.encode(), time_s)?);
        Some(("thin_word", bytes))
    };
    pehra_ops::golden::one_of_each().unwrap().into_iter().filter_map(word).collect()
}

/// The key that the target `thin` holds for its one device.
fn channel() -> ChannelKey {
    let (device, device_sealing) = (DeviceId([3; 16]), [4; 32]);
    let (desk, desk_sealing) = (DeviceId([5; 16]), [6; 32]);
    let ends = Ends { device, device_sealing, epoch_low: 0, desk, desk_sealing };
    ChannelKey::between(&[1; 32], &[2; 16], &ends)
}

fn link_samples(entry: &Entry) -> Vec<(&'static str, Vec<u8>)> {
    let channel = channel();
    let thin = Thin::of_entry(entry, &ThinKinds::of(&[120])).unwrap();
    let thin = Thin { device: DeviceId([3; 16]), ..thin };
    let address = |text| Address::parse(text).unwrap();
    let ui = Ui {
        destination: address("PEHRA"),
        source: address("AP2LHR-7"),
        digipeaters: vec![(address("RELAY"), true)],
        info: b"frame".to_vec(),
    };
    let object = [6; 300];
    let sender = Sender::try_new(&object, 100, Binding::Open).unwrap();
    let mut frames = vec![100];
    frames.extend((0..6).flat_map(|number| sender.frame(number)));
    let order = Broadcast::sign(&key(1), [7; 16], "pk", b"stand by".to_vec(), 1, 2).unwrap();
    let draft = bundle::Draft {
        election: [7; 16],
        bundle: BundleId([4; 16]),
        to: vec![key(2).id()],
        made_ms: 5,
        letter: b"letter".to_vec(),
        pieces: vec![b"one".to_vec(), b"two".to_vec()],
    };
    let records = [
        record::Record::Entry(entry.encode()),
        record::Record::Heads(vec![entry.reference()]),
        record::Record::Seen { bundle: [4; 16], sound: 1, of: 2 },
        record::Record::Datasets(vec![Hash([1; 32])]),
        record::Record::Statement { kind: 1, body: vec![1] },
    ];
    let receipt = Receipt { stage: Stage::Read, orders: vec![entry.hash()] };
    let mut noise = vec![0xff, 0x00];
    noise.extend(serial::frame(b"frame").unwrap());
    let mut compact = vec![0xc1, 0];
    compact.extend(&entry.header().place.device.0[..4]);
    compact.extend([7; 200]);
    vec![
        ("thin", thin.encode(&channel, &[2; 16], 8).unwrap()),
        ("thin", thin.encode_for_two([&channel, &channel], &[2; 16]).unwrap()),
        ("compact_entry", compact),
        ("ax25", ui.encode().unwrap()),
        ("kiss", kiss::data_frame(0, &ui.encode().unwrap())),
        ("serial", noise),
        ("fountain", frames),
        ("broadcast", order.object()),
        ("bundle", draft.close(&key(1)).unwrap()),
        ("records", record::pack(&records).concat()),
        ("receipt", receipt.encode()),
        ("screen", screen::to_text(b"frame").into_bytes()),
        ("sms", sms::to_text(b"frame").unwrap().into_bytes()),
        ("sms", "پولنگ اسٹیشن کھل گیا".as_bytes().to_vec()),
    ]
}
