//! Photographs follow their entries over the cable, chunk by chunk, and go on where a cable broke.

use crate::sample;
use pehra::{
    lan::Presence,
    node::{Node, OpenOptions, join},
};
use pehra_domain::{AreaId, BuildingId, Date, survey::SurveySubject};
use pehra_lan::{admission::Limits, frame::Patience, watch::Pace};
use pehra_ledger::{
    SigningKey,
    certificate::{Certificate, CertificateBody, Subject},
    genesis::Genesis,
    statement::Said,
};
use pehra_ops::{
    Command,
    stamp::Hash32,
    survey::{self, Form, Photograph, View},
};
use sha2::{Digest, Sha256};
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

fn member(dir: &Path, area: &str) -> Node {
    let root = SigningKey::from_seed([99; 32]);
    let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
    join(dir, &genesis).unwrap();
    let node = Node::open(dir, &OpenOptions::default()).unwrap();
    let body = CertificateBody {
        election: node.ledger_election(),
        subject: Subject::DEVICE,
        key: node.public_key(),
        name: area.to_owned(),
        area: area.to_owned(),
        roles: ["DRO", "PEC", "SYSADMIN"].map(str::to_owned).to_vec(),
        not_before_ms: 0,
        not_after_ms: u64::MAX,
        sealing: None,
    };
    let certificate = Certificate::sign(body, &[&root]).unwrap();
    node.learn(vec![Said::Certificate(certificate)]).unwrap();
    node
}

fn presence(node: &Node, peers: &[SocketAddr]) -> Presence {
    let pace = Pace {
        soon: Duration::from_millis(20),
        calm: Duration::from_millis(100),
        late: Duration::from_millis(100),
        patience: Patience { begin: Duration::from_secs(30), whole: Duration::from_secs(30) },
        limits: Limits { per_device: 10_000, ..Limits::default() },
        ..Pace::default()
    };
    let at = "127.0.0.1:0".parse().unwrap();
    Presence::begin(node, Some(at), peers, false, pace).unwrap()
}

/// Waits until something holds; what does not come in two minutes never does.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..6_000 {
        if holds() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(20));
    }
    panic!("it never came to this: {what}");
}

/// A cable that counts what comes to who dials, and breaks once when `breaks_at` bytes have come.
fn cable(to: SocketAddr, breaks_at: u64) -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (at, carried) = (listener.local_addr().unwrap(), Arc::new(AtomicU64::new(0)));
    let count = Arc::clone(&carried);
    std::thread::spawn(move || {
        for near in listener.incoming().map_while(Result::ok) {
            let Ok(far) = TcpStream::connect(to) else { continue };
            let (near_too, far_too) = (near.try_clone().unwrap(), far.try_clone().unwrap());
            std::thread::spawn(move || carry(near, far, |_| true));
            let count = Arc::clone(&count);
            std::thread::spawn(move || {
                carry(far_too, near_too, |bytes| {
                    let before = count.fetch_add(bytes, Ordering::SeqCst);
                    !(before < breaks_at && before + bytes >= breaks_at)
                });
            });
        }
    });
    (at, carried)
}

fn carry(mut from: TcpStream, mut to: TcpStream, holds: impl Fn(u64) -> bool) {
    let mut buffer = vec![0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() || !holds(u64::try_from(count).unwrap()) {
            break;
        }
    }
    let _closed = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

/// Bytes that nothing makes smaller.
fn picture(n: u64, length: usize) -> Vec<u8> {
    let mut state = n + 1;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

fn take(node: &Node, building: u8, bytes: &[u8]) -> [u8; 32] {
    let sha256: [u8; 32] = Sha256::digest(bytes).into();
    let form = Form {
        subject: SurveySubject::Building(BuildingId::try_new(format!("B-{building}")).unwrap()),
        on: Date::from_civil(2024, 1, 20).unwrap(),
        surveyor_role: "SYSADMIN".to_owned(),
        answers: Vec::new(),
        photographs: vec![Photograph { sha256: Hash32(sha256), view: View::Gate }],
    };
    let area = AreaId::try_new(sample::DISTRICTS[usize::from(building) / 2]).unwrap();
    let command = Command::Survey(survey::Command::Record { area, form });
    node.execute_keeping(&node.console("survey.record").unwrap(), &command, vec![bytes.to_vec()])
        .unwrap();
    sha256
}

#[test]
fn photographs_follow_their_entries_and_go_on_where_the_cable_broke() {
    let dirs = [(); 3].map(|()| tempfile::tempdir().unwrap());
    let one = member(dirs[0].path(), "pk");
    let two = member(dirs[1].path(), "pk");
    let quetta = member(dirs[2].path(), sample::DISTRICTS[0]);
    sample::fill(&one);
    let large = picture(1, 600_000);
    let (near, small) = (take(&one, 2, &large), take(&one, 0, &picture(2, 9_000)));
    let first = presence(&one, &[]);
    let (at, carried) = cable(first.watch().address().unwrap(), 400_000);
    let second = presence(&two, &[at]);
    until("both photographs are here", || two.has_photograph(near) && two.has_photograph(small));
    assert_eq!(two.photograph(near).unwrap().unwrap(), large);
    let all = carried.load(Ordering::SeqCst);
    assert!((600_000..900_000).contains(&all), "the cable broke, and it was not begun anew: {all}");
    // A district has the photographs of its own buildings and no others.
    let third = presence(&quetta, &[first.watch().address().unwrap()]);
    until("the district has its own", || quetta.has_photograph(small));
    assert!(!quetta.has_photograph(near));
    drop((third, second, first));
    drop(two);
    // Nothing is left of the parts in which it came.
    let store = pehra_store::Reader::open(dirs[1].path()).unwrap();
    let manifest = pehra_ledger::blob::BlobManifest::of(&large).unwrap();
    assert!(manifest.hashes().iter().all(|part| !store.has_chunk(*part).unwrap()));
}
