//! Station phones at their door: what they signed alone arrives once, and nobody is let in by it.

mod golden;

use crate::{client::Browser, sample};
use pehra::{
    http::serve::serve,
    node::{Node, OpenOptions},
    phone::Door,
};
use pehra_ledger::{
    ClockQuality, Draft, Entry, Hlc, Payload, SigningKey,
    certificate::{CertificateBody, Subject},
    draft::Next,
    request::{Grant, Request},
    signer::{Signer, caller},
};
use pehra_link::{
    bundle::record::{Record, pack},
    parcel,
};
use serde_json::{Value, json};
use std::net::SocketAddr;
use tempfile::TempDir;
use tokio::sync::watch;

const EAST: &str = "pk/balochistan/quetta";
const STATION: &str = "NA-10-0";

/// A door without TLS: what is behind it is the same; the browser's story opens the other.
struct Desk {
    node: Node,
    browser: Browser,
    _folder: TempDir,
    _running: tokio::runtime::Runtime,
    _closing: watch::Sender<bool>,
}

impl Desk {
    fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let node = Node::open(folder.path(), &OpenOptions::default()).unwrap();
        sample::fill(&node);
        let door = Door::open(node.clone(), SocketAddr::from(([0, 0, 0, 0], 0))).unwrap();
        let running = tokio::runtime::Runtime::new().unwrap();
        let (closing, closed) = watch::channel(false);
        let address = running.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(serve(listener, door.router(), Door::limits(), closed));
            address
        });
        let browser = Browser::new(address);
        Self { node, browser, _folder: folder, _running: running, _closing: closing }
    }

    fn parcel(&self, entries: &[&Entry]) -> Value {
        let records: Vec<Record> = entries.iter().map(|it| Record::Entry(it.encode())).collect();
        let answer = self.send(&parcel::of(&pack(&records).concat()));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["entries"].clone()
    }

    fn send(&self, body: &[u8]) -> crate::client::Answer {
        let kind = [("content-type", "application/octet-stream")];
        self.browser.send("POST", "/api/phone/parcels", &kind, body)
    }
}

struct Phone {
    key: SigningKey,
    next: Next,
}

impl Phone {
    fn new(seed: u8) -> Self {
        Self { key: SigningKey::from_seed([seed; 32]), next: Next::FIRST }
    }

    fn enrol(&self, node: &Node, person: &str) {
        let wish = CertificateBody {
            election: node.ledger_election(),
            subject: Subject::DEVICE,
            key: self.key.public(),
            name: format!("{person}@{STATION}"),
            area: EAST.to_owned(),
            roles: vec!["PO".to_owned()],
            not_before_ms: 0,
            not_after_ms: u64::MAX,
            sealing: None,
        };
        let request = Request::ask(wish.clone(), &self.key).unwrap();
        let grant = Grant {
            area: wish.area,
            roles: wish.roles,
            not_before_ms: 0,
            not_after_ms: 4_000_000_000_000,
        };
        node.grant(&request, grant).unwrap();
    }

    fn says(&mut self, node: &Node, code: &str) -> Entry {
        use pehra_ops::check_in::{Code, Counts, Event, Item, Rung, Subject, Word};
        let item = Item {
            subject: Subject::Station(pehra_domain::StationId::try_new(STATION).unwrap()),
            code: Code::parse(code).unwrap(),
            at: node.now(),
            word: Word::Well,
            counts: Counts::default(),
            rung: Rung::InPerson,
            note: String::new(),
        };
        let event = pehra_ops::Event::CheckIn(Event::Sent(vec![item]));
        let draft = Draft {
            election: node.ledger_election(),
            clock: Hlc { ms: u64::try_from(node.now().0).unwrap(), counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: EAST.to_owned(),
            kind: event.kind(),
            person: "officer".to_owned(),
            role: "PO".to_owned(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: Vec::new(),
            payload: Payload::try_new([7; 32], &event.encode()).unwrap(),
        };
        let entry = Entry::seal(&self.key, &draft, self.next).unwrap();
        self.next = Next { seq: self.next.seq + 1, previous: entry.hash(), ..self.next };
        entry
    }

    fn asks(&self, desk: &Desk) -> crate::client::Answer {
        let number =
            desk.browser.get("/api/phone/hello").json()["number"].as_str().unwrap().to_owned();
        let signed = caller(self.key.id(), &pehra_ledger::hash::unhex(&number).unwrap());
        let signature = pehra::auth::hex(&self.key.sign_labelled(&signed).unwrap().0);
        let wish = json!({ "device": self.key.id().to_string(), "number": number, "signature": signature });
        desk.browser.post("/api/phone/own", &wish)
    }
}

fn fates(entries: &Value) -> Vec<&str> {
    entries.as_array().unwrap().iter().map(|one| one["is"].as_str().unwrap()).collect()
}

#[test]
fn what_a_phone_signed_alone_arrives_once_and_it_is_told_so() {
    let desk = Desk::open();
    let mut phone = Phone::new(41);
    let entries = ["A5", "A6", "A7"].map(|code| phone.says(&desk.node, code));
    let all: Vec<&Entry> = entries.iter().collect();
    assert_eq!(fates(&desk.parcel(&all)), ["refused"; 3], "nobody knows it yet");
    assert_eq!(phone.asks(&desk).status, 404);
    phone.enrol(&desk.node, "officer");
    assert_eq!(fates(&desk.parcel(&all)), ["effective"; 3]);
    assert_eq!(fates(&desk.parcel(&all)), ["known"; 3], "sent twice, it is there once");
    let told = phone.asks(&desk);
    assert_eq!(told.status, 200, "{}", told.text());
    let told = told.json();
    assert_eq!((&told["head"]["seq"], &told["station"]["name"]), (&json!(2), &json!("School 0")));
    let said: Vec<&str> =
        told["said"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
    assert_eq!(said, ["A5", "A6", "A7"]);
    // Another phone that was enrolled is told nothing of it by signing in its place.
    let other = Phone::new(42);
    let number = desk.browser.get("/api/phone/hello").json()["number"].as_str().unwrap().to_owned();
    let signed = caller(phone.key.id(), &pehra_ledger::hash::unhex(&number).unwrap());
    let signature = pehra::auth::hex(&other.key.sign_labelled(&signed).unwrap().0);
    let wish =
        json!({ "device": phone.key.id().to_string(), "number": number, "signature": signature });
    assert_eq!(desk.browser.post("/api/phone/own", &wish).status, 422);
}

#[test]
fn what_a_stolen_phone_sends_is_kept_without_effect_and_it_learns_nothing_more() {
    let desk = Desk::open();
    let mut phone = Phone::new(43);
    phone.enrol(&desk.node, "officer");
    let honest = phone.says(&desk.node, "A6");
    assert_eq!(fates(&desk.parcel(&[&honest])), ["effective"]);
    let last = desk.node.believed(phone.key.id()).unwrap();
    let taken = pehra_ledger::certificate::RevocationBody {
        election: desk.node.ledger_election(),
        key: phone.key.id(),
        last,
        at_ms: u64::try_from(desk.node.now().0).unwrap(),
        reason: "taken at a road block".to_owned(),
        witnessed_before_ms: None,
    };
    desk.node.take_back(taken).unwrap();
    let stolen = phone.says(&desk.node, "A7");
    let fate = desk.parcel(&[&stolen]);
    assert_eq!(fates(&fate), ["without-effect"]);
    assert!(fate[0]["why_ur"].as_str().unwrap().contains("منسوخ"), "{fate}");
    let told = phone.asks(&desk).json();
    assert_eq!(
        (&told["revoked"], &told["said"], &told["orders"]),
        (&json!(true), &json!([]), &json!([]))
    );
    assert_eq!(desk.node.withheld().len(), 1, "it is shown in the room");
}

#[test]
fn the_door_bears_noise_and_floods_and_hands_out_nothing_but_its_page() {
    let desk = Desk::open();
    for noise in [&b""[..], b"PhPa", b"PhPa\x01\x02\xff\xff\xff\xff", &[0xf6; 3_000]] {
        let answer = desk.send(noise);
        assert_eq!((answer.status, &answer.json()["entries"]), (200, &json!([])), "{noise:?}");
    }
    assert_eq!(desk.send(&vec![0; 256 * 1024 + 1]).status, 413);
    for path in ["/api/session", "/api/persons", "/api/phone", "/index.html", "/survey", "/assets"]
    {
        assert_eq!(desk.browser.get(path).status, 404, "{path}");
    }
    let turned = (0..200).filter(|_| desk.send(b"PhPa\x01").status == 429).count();
    assert!(turned > 50, "{turned} of 200 were turned away");
    assert_eq!(
        desk.browser.get("/api/phone/hello").status,
        200,
        "whoever asks for the page gets in"
    );
}
