//! A stick between nodes that no network connects: what is on it, who can read it, what comes back.

use crate::{
    command::{assert_whole, done, pehra, run},
    house::House,
};
use pehra::node::{CONSOLE, Node, OpenOptions, join, stick::Hands};
use pehra_domain::{Date, PersonId};
use pehra_ledger::{
    SigningKey,
    certificate::{Certificate, CertificateBody, Subject},
    genesis::Genesis,
    statement::Said,
};
use pehra_link::path::State;
use serde_json::{Value, json};
use serial2::SerialPort;
use std::{
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tempfile::TempDir;

/// Three offices of one election. None has ever seen another on a network.
struct Offices {
    folder: TempDir,
}

const NAMES: [&str; 3] = ["lahore", "courier", "quetta"];

fn options() -> OpenOptions {
    OpenOptions::of("TEST-1", "a test", Date(30_000))
}

impl Offices {
    fn enrolled() -> Self {
        let offices = Self { folder: tempfile::tempdir().unwrap() };
        let root = SigningKey::from_seed([9; 32]);
        let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
        let mut all = Vec::new();
        for name in NAMES {
            join(&offices.data(name), &genesis).unwrap();
            let node = Node::open(&offices.data(name), &options()).unwrap();
            let body = CertificateBody {
                election: node.ledger_election(),
                subject: Subject::DEVICE,
                key: node.public_key(),
                name: name.to_owned(),
                area: "pk".to_owned(),
                roles: vec!["ECP-NAT".to_owned(), "PEC".to_owned()],
                not_before_ms: 0,
                not_after_ms: u64::MAX >> 12,
                sealing: None,
            };
            all.push((name, Certificate::sign(body, &[&root]).unwrap()));
        }
        // Each knows its own certificate and those of the two it will write to; not what anybody did.
        for (name, _) in &all {
            let node = Node::open(&offices.data(name), &options()).unwrap();
            let said = all.iter().map(|(_, certificate)| Said::Certificate(certificate.clone()));
            node.learn(said.collect()).unwrap();
            std::fs::write(offices.path(&format!("{name}.address")), node.address().unwrap())
                .unwrap();
        }
        offices
    }

    fn data(&self, name: &str) -> PathBuf {
        self.path(&format!("{name}-data"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn sets(&self, name: &str, weight: f64) {
        let node = Node::open(&self.data(name), &options()).unwrap();
        let person = PersonId::try_new(CONSOLE).unwrap();
        node.set_parameter(&person, "risk.weight.T1", weight, "a test", "to see").unwrap();
    }

    fn export(&self, from: &str, to: &str, out: &str) -> Value {
        let (address, out) = (self.path(&format!("{to}.address")), self.path(out));
        let words = ["link", "export", "--json", "--to", text(&address), text(&out)];
        done(&self.data(from), &words).json()
    }

    fn import(&self, at: &str, file: &str) -> Value {
        done(&self.data(at), &["link", "import", "--json", text(&self.path(file))]).json()
    }

    fn entries(&self, name: &str) -> u64 {
        Node::open(&self.data(name), &options()).unwrap().info().entries
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// With one digit of its lines changed.
fn bent(text: &str) -> String {
    let (before, after) = text.rsplit_once('1').unwrap();
    format!("{before}2{after}")
}

fn number(report: &Value, field: &str) -> u64 {
    report[field].as_u64().unwrap()
}

#[test]
fn a_bundle_goes_through_a_hand_that_cannot_read_it_and_its_receipt_comes_back() {
    let offices = Offices::enrolled();
    offices.sets("lahore", 0.5);
    let sent = offices.export("lahore", "quetta", "one.bundle");
    let file = std::fs::read(offices.path("one.bundle")).unwrap();
    let readable = |word: &[u8]| file.windows(word.len()).any(|window| window == word);
    assert!(!readable(b"risk.weight") && !readable(b"to see"), "the stick can be read");

    let before = offices.entries("courier");
    let carried = offices.import("courier", "one.bundle");
    assert_eq!(carried["carried"][0], sent["bundle"]);
    assert_eq!(number(&carried, "entries_new"), 0);
    assert_eq!(offices.entries("courier"), before);

    let onward = offices.export("courier", "quetta", "two.bundle");
    assert_eq!(onward["carried"][0], sent["bundle"]);
    let came = offices.import("quetta", "two.bundle");
    assert_eq!(came["opened"].as_array().unwrap().len(), 2);
    assert_eq!(came["damage"].as_array().unwrap().len(), 0, "{came}");
    let lahores = number(&sent, "entries") + number(&onward, "entries");
    assert_eq!(number(&came, "entries_new"), lahores, "{came}");

    let again = offices.import("quetta", "two.bundle");
    assert_eq!(
        (number(&again, "entries_new"), number(&again, "statements_new")),
        (0, 0),
        "{again}"
    );
    assert_whole(&offices.data("quetta"));

    offices.export("quetta", "lahore", "back.bundle");
    let receipt = offices.import("lahore", "back.bundle");
    let arrived = &receipt["receipts"];
    assert!(
        arrived.as_array().unwrap().iter().any(|it| it[0] == sent["bundle"] && it[1] == it[2]),
        "{receipt}"
    );

    // Quetta said what it holds: only what is new goes along now.
    offices.sets("lahore", 0.7);
    let next = offices.export("lahore", "quetta", "three.bundle");
    assert_eq!(number(&next, "entries"), 1, "{next}");
    let came = offices.import("quetta", "three.bundle");
    assert_eq!(number(&came, "entries_new"), 1, "{came}");
    for name in NAMES {
        assert_whole(&offices.data(name));
    }
}

#[test]
fn a_cut_or_scratched_bundle_names_what_is_wrong_and_keeps_what_is_sound() {
    let offices = Offices::enrolled();
    for at in 0..12u8 {
        offices.sets("lahore", f64::from(at % 5 + 1) / 10.0);
    }
    offices.export("lahore", "quetta", "whole.bundle");
    let whole = std::fs::read(offices.path("whole.bundle")).unwrap();

    let mut scratched = whole.clone();
    scratched[40..60].fill(0xaa);
    std::fs::write(offices.path("scratched.bundle"), &scratched).unwrap();
    let came = offices.import("quetta", "scratched.bundle");
    assert!(came["damage"][0].as_str().unwrap().contains("bytes 0 to"), "{came}");
    assert!(number(&came, "entries_new") >= 12, "the ticket's second copy serves: {came}");

    let offices = Offices::enrolled();
    offices.sets("lahore", 0.3);
    offices.export("lahore", "quetta", "whole.bundle");
    let whole = std::fs::read(offices.path("whole.bundle")).unwrap();
    std::fs::write(offices.path("stub.bundle"), &whole[..100]).unwrap();
    let said =
        run(&offices.data("quetta"), &["link", "import", text(&offices.path("stub.bundle"))]);
    assert_eq!(said.code, Some(1));
    assert!(
        said.out.contains("wrong: bytes 0 to 100")
            && said.err.contains("no bundle that can be used"),
        "{}{}",
        said.out,
        said.err
    );
}

#[test]
fn nothing_is_sealed_to_a_stranger_or_to_an_altered_address() {
    let offices = Offices::enrolled();
    let stranger = tempfile::tempdir().unwrap();
    let address = Node::open(stranger.path(), &options()).unwrap().address().unwrap();
    std::fs::write(offices.path("stranger.address"), address).unwrap();
    let export = |to: &str| {
        let (to, out) = (offices.path(to), offices.path("x.bundle"));
        run(&offices.data("lahore"), &["link", "export", "--to", text(&to), text(&out)])
    };
    let refused = export("stranger.address");
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("not enrolled here"), "{}", refused.err);
    let honest = std::fs::read_to_string(offices.path("quetta.address")).unwrap();
    std::fs::write(offices.path("bent.address"), bent(&honest)).unwrap();
    assert!(export("bent.address").err.contains("not an address"));
    assert!(!offices.path("x.bundle").exists());
}

#[test]
fn a_bundle_goes_from_screen_to_camera_between_two_rooms() {
    let offices = Offices::enrolled();
    offices.sets("lahore", 0.5);
    let [lahore, quetta] = ["lahore", "quetta"].map(|name| {
        let node = Node::open(&offices.data(name), &options()).unwrap();
        House::on(node)
    });
    let (shows, sees) = (lahore.first(), quetta.first());
    let address = sees.get("/api/link/address").text();
    let shown = shows.post("/api/link/shown", &json!({ "to": [address] })).json();
    let object = shown["object"].as_str().unwrap();
    let needed = shown["codes"].as_u64().unwrap();
    let mut from = 0;
    let brought = loop {
        let texts = shows.get(&format!("/api/link/shown/{object}?from={from}")).json();
        // A camera that misses every third code.
        let texts: Vec<Value> = texts
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .filter(|(at, _)| at % 3 > 0)
            .map(|(_, text)| text.clone())
            .collect();
        let seen = sees.post("/api/link/seen", &json!({ "texts": texts })).json();
        if seen["whole"] == true {
            break seen["brought"].clone();
        }
        from += 32;
        assert!(from < 4 * (needed + 32), "{seen}");
    };
    assert_eq!(brought["damage"].as_array().unwrap().len(), 0, "{brought}");
    assert!(number(&brought, "entries_new") >= 1, "{brought}");
    let stranger = shows.post("/api/link/shown", &json!({ "to": ["nobody"] }));
    assert_eq!(stranger.status, 422);
    assert_eq!(
        sees.post("/api/link/seen", &json!({ "texts": ["https://example.org"] })).json()["refused"],
        1
    );
}

/// One end of a cable: what hangs on it, and the port's name. The port stays open, so that nothing is lost between two
/// programs that use it.
fn pty() -> (SerialPort, SerialPort, String) {
    let (mut outer, port) = SerialPort::pair().unwrap();
    outer.set_read_timeout(Duration::from_secs(60)).unwrap();
    outer.set_write_timeout(Duration::from_secs(60)).unwrap();
    let name = std::fs::read_link(format!("/proc/self/fd/{}", port.as_raw_fd())).unwrap();
    (outer, port, text(&name).to_owned())
}

#[test]
fn the_room_knows_what_went_through_hands_and_what_nobody_acknowledged() {
    let offices = Offices::enrolled();
    let hands = |name: &str| {
        let node = Node::open(&offices.data(name), &options()).unwrap();
        let mut all = node.hands().unwrap();
        assert_eq!(all.len(), 1);
        all.remove(0)
    };
    let waits = |one: &Hands| {
        let depths = one.queue.unwrap().0;
        depths.iter().map(|depth| depth.parcels).sum::<usize>()
    };
    offices.sets("lahore", 0.5);
    offices.export("lahore", "quetta", "one.bundle");
    let out = hands("lahore");
    assert_eq!((out.name.as_str(), out.outstanding, out.state), ("quetta", 1, State::Unknown));
    assert_eq!(out.outstanding_since_ms, out.out_ms);
    assert_eq!((out.in_ms, out.receipt_ms, waits(&out)), (None, None, 0));
    offices.sets("lahore", 0.6);
    assert_eq!(waits(&hands("lahore")), 1, "recorded after the stick left");

    offices.import("quetta", "one.bundle");
    let there = hands("quetta");
    assert_eq!((there.name.as_str(), there.state, there.outstanding), ("lahore", State::Up, 0));
    assert!(there.in_ms.is_some() && there.out_ms.is_none() && there.queue.is_none());

    offices.export("quetta", "lahore", "back.bundle");
    offices.import("lahore", "back.bundle");
    let back = hands("lahore");
    assert_eq!((back.outstanding, back.state), (0, State::Up));
    assert!(back.receipt_ms.is_some());
    assert_eq!(hands("quetta").outstanding, 1, "its own bundle is not acknowledged yet");

    let house = House::on(Node::open(&offices.data("lahore"), &options()).unwrap());
    let paths = house.first().get("/api/paths").json();
    let row = paths["paths"].as_array().unwrap().iter().find(|it| it["carrier"] == "stick");
    let row = row.unwrap();
    assert_eq!(
        (&row["name"], &row["hands"]["outstanding"]),
        (&"quetta".into(), &0.into()),
        "{paths}"
    );
}

#[test]
fn a_bundle_goes_over_a_cable_between_two_programs() {
    let offices = Offices::enrolled();
    offices.sets("lahore", 0.5);
    offices.export("lahore", "quetta", "one.bundle");
    // Two pseudo-terminals and a cable between them that drops every fourth piece of what it carries.
    let (from, _near, near_name) = pty();
    let (to, _far, far_name) = pty();
    std::thread::spawn(move || {
        let mut bytes = [0; 512];
        for piece in 1_u32.. {
            let Ok(count) = from.read(&mut bytes) else { return };
            if piece % 4 > 0 && to.write_all(&bytes[..count]).is_err() {
                return;
            }
        }
    });
    let hearing =
        pehra(&offices.data("quetta"), &["link", "hear", "--serial", &far_name, "--seconds", "60"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
    let bundle = offices.path("one.bundle");
    let words = ["link", "send", "--serial", &near_name, "--spare", "400", text(&bundle)];
    done(&offices.data("lahore"), &words);
    let said = hearing.wait_with_output().unwrap();
    let out = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success() && out.contains("entries new"), "{out}");
    assert_whole(&offices.data("quetta"));
}
