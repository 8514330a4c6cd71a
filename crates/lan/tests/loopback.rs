//! Nodes that meet over loopback, with real sockets and real handshakes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a story that cannot go on has failed, in its helpers too"
)]

use pehra_lan::{
    House,
    admission::Limits,
    frame::{self, Kind, Patience},
    greeting::Greeting,
    tls::Identity,
    watch::{Pace, Watch},
};
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Hash, Head, Hlc, LogsUnreadable, Payload, Place,
    SigningKey,
    certificate::{Certificate, CertificateBody, Revocation, RevocationBody, Subject},
    draft::Next,
    fork::ForkProof,
    manifest::Manifest,
    roster::{Root, Roster},
    statement::Said,
    sync::{
        book::Book,
        desk::{Desk, Taken, Wanted},
        element::Log,
        holding::Holding,
        scope::{Entitlement, NotEntitled, Scope},
    },
};
use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

const ELECTION: [u8; 16] = [7; 16];
const NOW: u64 = 1_707_350_400_000;

fn root() -> SigningKey {
    SigningKey::from_seed([200; 32])
}

fn key(device: u8) -> SigningKey {
    SigningKey::from_seed([device; 32])
}

fn certificate(device: u8, area: &str) -> Said {
    let body = CertificateBody {
        election: ELECTION,
        subject: Subject::DEVICE,
        key: key(device).public(),
        name: format!("device {device}"),
        area: area.to_owned(),
        roles: vec!["DRO".to_owned()],
        not_before_ms: 0,
        not_after_ms: NOW * 2,
        sealing: None,
    };
    Said::Certificate(Certificate::sign(body, &[&root()]).unwrap())
}

fn entry(device: u8, next: Next, area: &str) -> Entry {
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
        payload: Payload::try_new([device; 32], b"what was done").unwrap(),
    };
    Entry::seal(&key(device), &draft, next).unwrap()
}

/// A node whose ledger lies in memory.
#[derive(Clone)]
struct Home {
    device: u8,
    area: &'static str,
    book: Arc<Mutex<Book>>,
}

impl Home {
    fn new(device: u8, area: &'static str) -> Self {
        let mut book = Book::new(ELECTION, Root { keys: vec![root().public()], threshold: 1 });
        book.learn(certificate(device, area));
        Self { device, area, book: Arc::new(Mutex::new(book)) }
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    fn write(&self, count: usize) {
        let mut book = self.book();
        for _ in 0..count {
            let log = book.logs.of_log(key(self.device).id(), 0);
            let next = log.last().map_or(Next::FIRST, |entry| Head::of(entry).next());
            let one = entry(self.device, next, self.area);
            assert_eq!(book.take_entries(vec![one]).unwrap(), [Taken::New]);
        }
    }

    fn entries(&self) -> usize {
        self.book().logs.entries().count()
    }

    fn heads(&self) -> Vec<(DeviceId, u64, Hash)> {
        self.book().logs.heads().iter().map(|it| (it.place.device, it.place.seq, it.hash)).collect()
    }

    fn begin(&self, peers: &[SocketAddr]) -> Watch {
        let at = Some("127.0.0.1:0".parse().unwrap());
        Watch::begin(Box::new(self.clone()), at, peers, false, quick()).unwrap()
    }
}

fn quick() -> Pace {
    let patience = Patience { begin: Duration::from_secs(20), whole: Duration::from_secs(20) };
    Pace {
        soon: Duration::from_millis(20),
        calm: Duration::from_millis(100),
        late: Duration::from_millis(100),
        patience,
        limits: Limits { per_device: 1_000, ..Limits::default() },
        ..Pace::default()
    }
}

impl House for Home {
    fn election(&self) -> [u8; 16] {
        ELECTION
    }

    fn key_seed(&self) -> [u8; 32] {
        key(self.device).seed()
    }

    fn credentials(&self) -> Vec<Said> {
        vec![certificate(self.device, self.area)]
    }

    fn learn(&self, statements: Vec<Said>) {
        for said in statements {
            self.book().learn(said);
        }
    }

    fn entitlement(&self, device: DeviceId) -> Result<Entitlement, NotEntitled> {
        Entitlement::of(&self.book().roster, device, NOW, &|role| role == "DRO")
    }

    fn desk(&self) -> Result<Box<dyn Desk + '_>, LogsUnreadable> {
        Ok(Box::new(Locked(self)))
    }
}

/// Locks the book for each question alone.
struct Locked<'a>(&'a Home);

impl Desk for Locked<'_> {
    fn with_roster(&self, look: &mut dyn FnMut(&Roster)) {
        look(&self.0.book().roster);
    }
    fn holding(&self, scope: &Scope) -> Result<Holding, LogsUnreadable> {
        self.0.book().holding(scope)
    }
    fn statement(&self, name: &Hash) -> Result<Option<Said>, LogsUnreadable> {
        self.0.book().statement(name)
    }
    fn entries(
        &self,
        log: Log,
        from: u64,
        until: Option<u64>,
        bytes_max: usize,
    ) -> Result<Vec<Entry>, LogsUnreadable> {
        self.0.book().entries(log, from, until, bytes_max)
    }
    fn fork(&self, log: Log) -> Result<Option<(Entry, ForkProof)>, LogsUnreadable> {
        self.0.book().fork(log)
    }
    fn missing_payloads(
        &self,
        scope: &Scope,
        asked: &dyn Fn(&Place) -> bool,
        count: usize,
    ) -> Result<Vec<Place>, LogsUnreadable> {
        self.0.book().missing_payloads(scope, asked, count)
    }
    fn missing_objects(
        &self,
        scope: &Scope,
        absent: &dyn Fn(&Wanted) -> bool,
        count: usize,
    ) -> Result<Vec<Wanted>, LogsUnreadable> {
        self.0.book().missing_objects(scope, absent, count)
    }
    fn manifest(&self, name: Hash) -> Result<Option<Manifest>, LogsUnreadable> {
        self.0.book().manifest(name)
    }
    fn chunk(&self, name: Hash) -> Result<Option<Vec<u8>>, LogsUnreadable> {
        self.0.book().chunk(name)
    }
    fn take_statements(&mut self, statements: Vec<Said>) -> Result<usize, LogsUnreadable> {
        self.0.book().take_statements(statements)
    }
    fn take_entries(&mut self, entries: Vec<Entry>) -> Result<Vec<Taken>, LogsUnreadable> {
        self.0.book().take_entries(entries)
    }
    fn take_fork(
        &mut self,
        entry: Entry,
        proof: ForkProof,
    ) -> Result<Option<bool>, LogsUnreadable> {
        self.0.book().take_fork(entry, proof)
    }
    fn take_object(&mut self, wanted: Wanted, bytes: Vec<u8>) -> Result<bool, LogsUnreadable> {
        self.0.book().take_object(wanted, bytes)
    }
}

/// Waits until something holds; a story that waits for two minutes has failed.
fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..12_000 {
        if holds() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(10));
    }
    panic!("it never came to this: {what}");
}

#[test]
fn three_nodes_part_and_meet_again_and_hold_the_same() {
    let [one, two, three] =
        [(1, "pk/sindh/sukkur"), (2, "pk/sindh"), (3, "pk")].map(|(d, a)| Home::new(d, a));
    // The chain: one speaks with two, two with three.
    let third = three.begin(&[]);
    let second = two.begin(&[third.address().unwrap()]);
    let first = one.begin(&[second.address().unwrap()]);
    [&one, &two, &three].iter().for_each(|home| home.write(3));
    until("all hold nine", || [&one, &two, &three].iter().all(|home| home.entries() == 9));
    // Two is gone: what is written on either side stays there.
    let address = second.address().unwrap();
    drop(second);
    one.write(5);
    three.write(4);
    first.news();
    until("one notices", || first.paths().values().any(|path| path.trouble.is_some()));
    assert_eq!((one.entries(), three.entries()), (14, 13));
    let at = Some(address);
    let again =
        Watch::begin(Box::new(two.clone()), at, &[third.address().unwrap()], false, quick());
    let _again = again.unwrap();
    until("all hold eighteen", || [&one, &two, &three].iter().all(|home| home.entries() == 18));
    assert_eq!((one.heads(), two.heads()), (two.heads(), three.heads()));
}

#[test]
fn a_district_is_told_of_its_own_alone_and_a_revoked_device_of_nothing() {
    let (nation, district) = (Home::new(1, "pk"), Home::new(2, "pk/sindh/sukkur"));
    let (stranger, lost) = (Home::new(3, "pk/punjab/multan"), Home::new(4, "pk/sindh"));
    for home in [&nation, &district, &stranger, &lost] {
        home.write(2);
    }
    let hub = nation.begin(&[]);
    let peers = [hub.address().unwrap()];
    let _far = stranger.begin(&peers);
    until("the nation hears of the stranger", || nation.entries() == 4);
    let body = RevocationBody {
        election: ELECTION,
        key: key(4).id(),
        last: Vec::new(),
        at_ms: NOW,
        reason: "lost".to_owned(),
        witnessed_before_ms: None,
    };
    nation.book().learn(certificate(4, "pk/sindh"));
    nation.book().learn(Said::Revocation(Revocation::sign(body, &[&root()]).unwrap()));
    let near = district.begin(&peers);
    let turned = lost.begin(&peers);
    until("the district is equal", || near.paths().values().any(|path| path.equal_ms.is_some()));
    until("the lost device is refused", || {
        turned
            .paths()
            .values()
            .any(|path| path.trouble.as_ref().is_some_and(|it| it.contains("revoked")))
    });
    let of = |home: &Home, device: u8| home.book().logs.of_log(key(device).id(), 0).len();
    assert_eq!((of(&district, 1), of(&district, 2), of(&district, 3)), (2, 2, 0));
    assert_eq!((of(&nation, 4), of(&lost, 1)), (0, 0));
}

#[test]
fn silent_slow_and_foreign_callers_are_left_and_hold_nobody_up() {
    let (nation, district) = (Home::new(1, "pk"), Home::new(2, "pk/sindh/sukkur"));
    let patience =
        Patience { begin: Duration::from_millis(300), whole: Duration::from_millis(300) };
    let pace = Pace { patience, ..quick() };
    let at = Some("127.0.0.1:0".parse().unwrap());
    let hub = Watch::begin(Box::new(nation.clone()), at, &[], false, pace).unwrap();
    let address = hub.address().unwrap();
    let silent: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(address).unwrap()).collect();
    let mut noise = TcpStream::connect(address).unwrap();
    noise.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    district.write(2);
    let _near = district.begin(&[address]);
    until("the honest one is served", || nation.entries() == 2);
    drop(silent);
    // A key that nobody enrolled, and one of another election, hear why.
    for (election, why) in [(ELECTION, "no certificate"), ([9; 16], "another election")] {
        let stranger = Identity::of_seed([77; 32]).unwrap();
        let name = rustls::pki_types::ServerName::try_from("node.invalid").unwrap();
        let connection = rustls::ClientConnection::new(stranger.client, name).unwrap();
        let stream = TcpStream::connect(address).unwrap();
        let mut stream = rustls::StreamOwned::new(connection, stream);
        let greeting = Greeting { election, credentials: Vec::new() }.encode();
        frame::write(&mut stream, Kind::Greeting, &greeting).unwrap();
        let farewell = loop {
            let (kind, body) = frame::read(&mut stream, Patience::default()).unwrap();
            if kind == Kind::Farewell {
                break String::from_utf8(body).unwrap();
            }
        };
        assert!(farewell.contains(why), "{farewell}");
    }
}
