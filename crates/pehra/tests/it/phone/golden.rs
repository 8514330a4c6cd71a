//! What a station phone's page writes, byte for byte: the page's own tests make the same from the same parts. The file is
//! written when it is missing; it stays for ever, because entries of that form are on record.

use pehra_ledger::{
    ClockQuality, Cosignature, DeviceId, Draft, Entry, Hlc, Payload, Place, SigningKey,
    armour::Piece,
    certificate::{Certificate, CertificateBody, Subject},
    clock::ClockSource,
    draft::Next,
    header::{Cause, EntryRef, Extra, Relation, entry_hash},
    request::{self, Request, Wish},
    signer::{Signer, caller, cosign},
    statement::{self, ACTOR, SECOND_PERSON, Said},
};
use pehra_link::{
    bundle::record::{Record, pack},
    parcel, screen,
};
use std::path::Path;

const ELECTION: [u8; 16] = *b"golden-election1";
const PHONE: &str = "officer@NA-225-12";

fn hex(bytes: &[u8]) -> String {
    pehra::auth::hex(bytes)
}

fn draft(kind: u32, role: &str, after: EntryRef, salt: u8, body: &[u8]) -> Draft {
    Draft {
        election: ELECTION,
        clock: Hlc { ms: 1_707_358_800_123, counter: 2 },
        clock_quality: ClockQuality { source: ClockSource::PEER, age_s: 4_000 },
        area: "pk/sindh/thatta".to_owned(),
        kind,
        person: "officer".to_owned(),
        role: role.to_owned(),
        causes: vec![Cause { relation: Relation::SUPERSEDES, entry: after }],
        cosigners: Vec::new(),
        extras: vec![Extra { key: pehra_seal::EXTRA_MARK, value: vec![0x33; 16] }],
        payload: Payload::try_new([salt; 32], body).unwrap(),
    }
}

/// The device alone signs.
fn first(device: &SigningKey) -> Entry {
    let place = Place { device: DeviceId([9; 16]), epoch: 3, seq: 70_000 };
    let after = EntryRef { place, hash8: [7; 8] };
    let mut draft = draft(1_200, "PO", after, 0xa5, b"\x82\x19\x04\xb0\x80");
    draft.clock_quality = ClockQuality::UNKNOWN;
    Entry::seal(device, &draft, Next::FIRST).unwrap()
}

/// Device and holder sign, and the holder as second person over the entry before.
fn second(device: &SigningKey, person: &SigningKey, over: &Entry) -> Entry {
    let mut draft = draft(1_503, "ARO", over.reference(), 0x5a, b"\x82\x19\x05\xdf\x80");
    let signed = cosign(person, SECOND_PERSON, &over.hash()).unwrap();
    draft.extras.push(statement::second_person(&signed));
    draft.cosigners = vec![person.id()];
    let next = Next { epoch: 0, seq: 1, previous: over.hash() };
    let hash = entry_hash(&draft.header(device.id(), next).encode().unwrap());
    let own = cosign(person, ACTOR, &hash).unwrap();
    Entry::seal_with(device, &draft, next, vec![own]).unwrap()
}

fn wish(key: &SigningKey, subject: Subject, name: &str) -> CertificateBody {
    CertificateBody {
        election: ELECTION,
        subject,
        key: key.public(),
        name: name.to_owned(),
        area: "pk/sindh/thatta".to_owned(),
        roles: vec!["PO".to_owned(), "STN-SEC".to_owned()],
        not_before_ms: 1_707_000_000_000,
        not_after_ms: 1_708_000_000_000,
        sealing: None,
    }
}

fn golden() -> String {
    let [device, person, office] = [1, 2, 3].map(|seed| SigningKey::from_seed([seed; 32]));
    let first = first(&device);
    let second = second(&device, &person, &first);
    let asks = [wish(&device, Subject::DEVICE, PHONE), wish(&person, Subject::PERSON, "officer")];
    let asks = [(&device, asks[0].clone()), (&person, asks[1].clone())]
        .map(|(key, wish)| Request::ask(wish, key).unwrap());
    let pieces = asks.each_ref().map(|it| Piece::new(request::PIECE, it.encode()));
    let certificate = Certificate::sign(wish(&device, Subject::DEVICE, PHONE), &[&office]).unwrap();
    let said = Said::Certificate(certificate.clone());
    let records = [
        Record::Statement { kind: said.kind(), body: said.body() },
        Record::Entry(first.encode()),
        Record::Entry(second.encode()),
    ];
    let number = [0x11; 40];
    let frame: Vec<u8> = (0..=100).collect();
    let cosigned = Cosignature::sign(&person, ACTOR, &first.hash()).unwrap();
    let rows = [
        ("first", hex(&first.encode())),
        ("second", hex(&second.encode())),
        ("wish", hex(&Request::to_sign(&Wish(wish(&device, Subject::DEVICE, PHONE))))),
        ("request", hex(&asks[0].encode())),
        ("code", Piece::to_code(&pieces)),
        ("certificate", hex(&certificate.encode())),
        ("parcel", hex(&parcel::of(&pack(&records).concat()))),
        ("caller", hex(&device.sign_labelled(&caller(device.id(), &number)).unwrap().0)),
        ("screen", screen::to_text(&frame)),
        ("cosigned", hex(&cosigned.signature.0)),
    ];
    let rows = rows.map(|(name, value)| format!("  \"{name}\": \"{value}\""));
    format!("{{\n{}\n}}\n", rows.join(",\n"))
}

#[test]
fn a_phone_writes_what_the_record_reads() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/phone/v1/golden.json");
    let made = golden();
    if !path.exists() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), made);
}
