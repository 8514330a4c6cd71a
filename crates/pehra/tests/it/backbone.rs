//! A real bus of three servers on this machine: killed one by one, killed whole, and lost whole. Every entry is counted.
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use pehra::{
    backbone::{Backbone, BackboneError, Servers},
    node::{CONSOLE, Node, OpenOptions, convert, join},
};
use pehra_domain::{AreaId, PersonId};
use pehra_ledger::{
    ClockQuality, Draft, Entry, Head, Hlc, Payload, SigningKey,
    certificate::{CertificateBody, Subject},
    draft::Next,
    statement::Said,
};
use pehra_ops::{
    Command as Act,
    deletion::Ground,
    parameter::{self, Parameter, ParameterKey, Value},
};
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};
use tempfile::TempDir;

/// What `cargo xtask nats` installs.
fn server() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let program = root.join("target/tools/nats-server");
    program.is_file().then_some(program)
}

struct Cluster {
    program: PathBuf,
    dir: TempDir,
    ports: Vec<(u16, u16)>,
    running: Vec<Option<Child>>,
}

impl Cluster {
    fn start(program: PathBuf) -> Self {
        // Taken and given back: nobody else on this machine asks for them in between.
        let free: Vec<TcpListener> =
            (0..6).map(|_| TcpListener::bind("127.0.0.1:0").unwrap()).collect();
        let port = |n: usize| free[n].local_addr().unwrap().port();
        let ports: Vec<(u16, u16)> = (0..3).map(|n| (port(n), port(n + 3))).collect();
        drop(free);
        let mut cluster = Self {
            program,
            dir: tempfile::tempdir().unwrap(),
            ports,
            running: vec![None, None, None],
        };
        (0..3).for_each(|n| cluster.run(n));
        cluster
    }

    fn run(&mut self, n: usize) {
        let routes: Vec<String> =
            self.ports.iter().map(|(_, port)| format!("nats://127.0.0.1:{port}")).collect();
        let (client, cluster) = self.ports[n];
        let store = self.dir.path().join(format!("store-{n}"));
        let config = format!(
            "server_name: n{n}\nlisten: 127.0.0.1:{client}\nmax_payload: 2MB\n\
             jetstream {{ store_dir: \"{}\", sync_interval: always, max_file_store: 1G, max_memory_store: 64M }}\n\
             cluster {{ name: c, listen: 127.0.0.1:{cluster}, routes: [{}] }}\n",
            store.display(),
            routes.join(", ")
        );
        let path = self.dir.path().join(format!("n{n}.conf"));
        fs::write(&path, config).unwrap();
        let log = self.dir.path().join(format!("n{n}.log"));
        let mut command = Command::new(&self.program);
        command.arg("-c").arg(path).arg("-l").arg(log).stdout(Stdio::null()).stderr(Stdio::null());
        self.running[n] = Some(command.spawn().unwrap());
    }

    fn kill(&mut self, n: usize) {
        if let Some(mut child) = self.running[n].take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    fn lose_everything(&mut self) {
        for n in 0..3 {
            self.kill(n);
            fs::remove_dir_all(self.dir.path().join(format!("store-{n}"))).unwrap();
        }
    }

    fn servers(&self) -> Servers {
        let hosts: Vec<String> =
            self.ports.iter().map(|(port, _)| format!("127.0.0.1:{port}")).collect();
        Servers::parse(&format!("nats://{}", hosts.join(","))).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        (0..3).for_each(|n| self.kill(n));
    }
}

/// Another device whose entries the publishing node receives.
struct Phone {
    key: SigningKey,
    next: Next,
    election: [u8; 16],
}

impl Phone {
    fn write(&mut self, count: usize) -> Vec<Vec<u8>> {
        let one = |_| {
            let n = self.next.seq;
            let draft = Draft {
                election: self.election,
                clock: Hlc { ms: 1_707_350_400_000 + n, counter: 0 },
                clock_quality: ClockQuality::UNKNOWN,
                area: "pk".to_owned(),
                kind: 60_000,
                person: "presiding-officer".to_owned(),
                role: "PRO".to_owned(),
                causes: Vec::new(),
                cosigners: Vec::new(),
                extras: Vec::new(),
                payload: Payload::try_new([3; 32], &n.to_be_bytes()).unwrap(),
            };
            let entry = Entry::seal(&self.key, &draft, self.next).unwrap();
            self.next = Head::of(&entry).next();
            entry.encode()
        };
        (0..count).map(one).collect()
    }
}

fn certificate(node: &Node, key: &SigningKey) -> Said {
    let body = CertificateBody {
        election: node.ledger_election(),
        subject: Subject::DEVICE,
        key: key.public(),
        name: "phone".to_owned(),
        area: "pk".to_owned(),
        roles: vec!["PRO".to_owned()],
        not_before_ms: 0,
        not_after_ms: u64::MAX,
        sealing: None,
    };
    Said::Certificate(node.certify(body).unwrap())
}

/// A read server: a node of the publisher's election that holds nothing yet.
fn reader(dir: &TempDir, publisher: &Node) -> Node {
    join(dir.path(), &publisher.public_root().unwrap()).unwrap();
    Node::open(dir.path(), &OpenOptions::default()).unwrap()
}

/// Rounds until one succeeds; a bus between two leaders answers after a while.
fn exchange(backbone: &mut Backbone) -> pehra::backbone::Exchanged {
    let mut last = None;
    for _ in 0..400 {
        match backbone.exchange() {
            Ok(done) => return done,
            Err(BackboneError::Node(error)) => panic!("{error}"),
            Err(error) => last = Some(error),
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("the bus did not come back: {last:?}")
}

/// Rounds until a reader holds so many entries of the phone: a replica may lag behind the others.
fn catch_up(backbone: &mut Backbone, node: &Node, phone: &Phone, entries: u64) {
    for _ in 0..200 {
        exchange(backbone);
        if count(node, phone) >= entries {
            break;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    assert_eq!(count(node, phone), entries);
}

fn count(node: &Node, phone: &Phone) -> u64 {
    let heads = node.log_heads().unwrap();
    let head = heads.iter().find(|head| head.place.device == phone.key.id());
    head.map_or(0, |head| head.place.seq + 1)
}

#[test]
fn the_bus_is_killed_and_lost_and_no_entry_is() {
    let Some(program) = server() else {
        println!("no server of the bus is installed (cargo xtask nats): skipped");
        return;
    };
    let mut cluster = Cluster::start(program);
    let dirs: Vec<TempDir> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let publisher = Node::open(dirs[0].path(), &OpenOptions::default()).unwrap();
    let key = SigningKey::from_seed([7; 32]);
    let mut phone = Phone { key, next: Next::FIRST, election: publisher.ledger_election() };
    let said = certificate(&publisher, &phone.key);
    publisher.learn(vec![said.clone()]).unwrap();
    let mut out = Backbone::new(publisher.clone(), cluster.servers()).unwrap();
    let readers: Vec<Node> = dirs[1..3].iter().map(|dir| reader(dir, &publisher)).collect();
    let mut ins: Vec<Backbone> = readers
        .iter()
        .map(|node| Backbone::new(node.clone(), cluster.servers()).unwrap())
        .collect();
    // One reader knows the phone, the other hears of it later: what it cannot judge yet it keeps aside.
    readers[0].learn(vec![said.clone()]).unwrap();
    publisher.receive(&phone.write(600)).unwrap();
    let done = exchange(&mut out);
    assert!(done.published >= 600, "{done:?}");
    assert_eq!(exchange(&mut out).published, 0, "published once");
    catch_up(&mut ins[0], &readers[0], &phone, 600);
    assert!((0..200).any(|_| exchange(&mut ins[1]).aside >= 600));
    readers[1].learn(vec![said.clone()]).unwrap();
    // One server dies in the middle of a stream.
    for (n, part) in phone.write(600).chunks(100).enumerate() {
        publisher.receive(part).unwrap();
        if n == 2 {
            cluster.kill(0);
        }
        exchange(&mut out);
    }
    cluster.run(0);
    // Then another, whoever leads; then all of them, and they come back with what they had.
    for n in [1, 2] {
        cluster.kill(n);
        publisher.receive(&phone.write(50)).unwrap();
        exchange(&mut out);
        cluster.run(n);
        exchange(&mut out);
    }
    (0..3).for_each(|n| cluster.kill(n));
    assert!(out.exchange().is_err(), "nobody is there");
    publisher.receive(&phone.write(50)).unwrap();
    (0..3).for_each(|n| cluster.run(n));
    exchange(&mut out);
    for (node, backbone) in readers.iter().zip(&mut ins) {
        catch_up(backbone, node, &phone, 1_350);
    }
    // The whole bus is lost with its disks. The ledger fills another, and a new reader has everything.
    cluster.lose_everything();
    (0..3).for_each(|n| cluster.run(n));
    exchange(&mut out);
    assert!((0..200).any(|_| out.reconcile().is_ok_and(|left| left == 0)), "nothing is missing");
    let late = reader(&dirs[3], &publisher);
    late.learn(vec![said]).unwrap();
    let mut last = Backbone::new(late.clone(), cluster.servers()).unwrap();
    catch_up(&mut last, &late, &phone, 1_350);
    // Read twice, kept once.
    for (node, backbone) in readers.iter().zip(&mut ins) {
        catch_up(backbone, node, &phone, 1_350);
    }
}

const WORDS: &str = "unmistakable words on a bus";

/// Files below a folder that hold some words.
fn holding(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        if file.path().is_dir() {
            found.extend(holding(&file.path()));
        } else {
            let bytes = fs::read(file.path()).unwrap_or_default();
            if bytes.windows(WORDS.len()).any(|it| it == WORDS.as_bytes()) {
                found.push(file.path());
            }
        }
    }
    found
}

fn says(node: &Node) -> bool {
    !holding(node.dir()).is_empty()
}

/// The publisher's own certificate: it is the root, and readers know it as a device as well.
fn office(publisher: &Node) -> Said {
    let body = CertificateBody {
        election: publisher.ledger_election(),
        subject: Subject::DEVICE,
        key: publisher.public_key(),
        name: "publisher".to_owned(),
        area: "pk".to_owned(),
        roles: vec!["PEC".to_owned(), "SYSADMIN".to_owned()],
        not_before_ms: 0,
        not_after_ms: u64::MAX,
        sealing: None,
    };
    Said::Certificate(publisher.certify(body).unwrap())
}

fn set(node: &Node, value: &str, source: &str) -> pehra_ledger::Place {
    let actor = node.console("parameter.edit").unwrap();
    let command = parameter::Command::Set {
        key: ParameterKey { area: AreaId::nation(), key: "risk.threshold.most".to_owned() },
        parameter: Parameter { value: Value::Text(value.to_owned()), source: source.to_owned() },
        reason: "to see".to_owned(),
    };
    convert::place(node.execute(&actor, Act::Parameter(command)).unwrap()[0])
}

#[test]
fn what_is_deleted_leaves_the_bus_with_every_copy_and_late_readers_find_whole_logs() {
    let Some(program) = server() else {
        println!("no server of the bus is installed (cargo xtask nats): skipped");
        return;
    };
    let cluster = Cluster::start(program);
    let dirs: Vec<TempDir> = (0..4).map(|_| tempfile::tempdir().unwrap()).collect();
    let publisher = Node::open(dirs[0].path(), &OpenOptions::default()).unwrap();
    let place = set(&publisher, "61", WORDS);
    set(&publisher, "62", "what comes after");
    let mut out = Backbone::new(publisher.clone(), cluster.servers()).unwrap();
    exchange(&mut out);
    let own = |node: &Node| {
        let heads = node.log_heads().unwrap();
        let head = heads.iter().find(|head| head.place.device == publisher.public_key().id());
        head.map(|head| head.hash)
    };
    let said = office(&publisher);
    let near = reader(&dirs[1], &publisher);
    near.learn(vec![said.clone()]).unwrap();
    let mut near_in = Backbone::new(near.clone(), cluster.servers()).unwrap();
    assert!((0..200).any(|_| {
        exchange(&mut near_in);
        own(&near) == own(&publisher)
    }));
    assert!(says(&near), "the reader has the words");
    assert!(!holding(cluster.dir.path()).is_empty(), "and so have the servers");
    let person = PersonId::try_new(CONSOLE).unwrap();
    let actor = publisher.acting(&person, "payload.delete").unwrap();
    publisher.order_deletion(&actor, &[place], Ground::Rule, ("D+90", "ninety days")).unwrap();
    let mut deleted = 0;
    assert!((0..200).any(|_| {
        deleted += exchange(&mut out).deleted;
        std::thread::park_timeout(std::time::Duration::from_millis(50));
        publisher.deletions()[0].bus.len() == 1
    }));
    assert_eq!(deleted, 1, "the publisher says that the bus is empty of it");
    assert!((0..200).any(|_| {
        exchange(&mut near_in);
        !says(&near)
    }));
    let late = reader(&dirs[2], &publisher);
    late.learn(vec![said]).unwrap();
    let mut late_in = Backbone::new(late.clone(), cluster.servers()).unwrap();
    assert!((0..200).any(|_| {
        exchange(&mut out);
        exchange(&mut late_in);
        own(&late) == own(&publisher)
    }));
    assert!(!says(&late) && late.deletions()[0].in_force);
    // In the servers' own logs of what they agreed on, too: each becomes the leader once and cuts its own.
    let left = || holding(cluster.dir.path());
    for _ in 0..1_200 {
        if left().is_empty() {
            break;
        }
        exchange(&mut out);
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    assert_eq!(left(), Vec::<PathBuf>::new());
    assert_eq!(own(&late), own(&publisher), "and the stream is whole");
}

#[test]
fn a_server_that_is_away_is_waited_for_and_gives_up_what_was_deleted() {
    let Some(program) = server() else {
        println!("no server of the bus is installed (cargo xtask nats): skipped");
        return;
    };
    // It went away a moment before, and nobody has noticed yet; or some time before.
    for seconds_away in [0, 20] {
        let mut cluster = Cluster::start(program.clone());
        let dir = tempfile::tempdir().unwrap();
        let publisher = Node::open(dir.path(), &OpenOptions::default()).unwrap();
        let place = set(&publisher, "61", WORDS);
        let mut out = Backbone::new(publisher.clone(), cluster.servers()).unwrap();
        exchange(&mut out);
        let store = |cluster: &Cluster, n: usize| cluster.dir.path().join(format!("store-{n}"));
        let rounds = |out: &mut Backbone, seconds: u32, ends: &dyn Fn() -> bool| {
            (0..seconds * 20).any(|_| {
                // Between two leaders there is no answer.
                let _fails = out.exchange();
                std::thread::park_timeout(std::time::Duration::from_millis(50));
                ends()
            })
        };
        let all_hold = || (0..3).all(|n| !holding(&store(&cluster, n)).is_empty());
        assert!(rounds(&mut out, 60, &all_hold), "every server holds the words");
        cluster.kill(2);
        rounds(&mut out, seconds_away, &|| false);
        let person = PersonId::try_new(CONSOLE).unwrap();
        let actor = publisher.acting(&person, "payload.delete").unwrap();
        publisher.order_deletion(&actor, &[place], Ground::Rule, ("D+90", "ninety days")).unwrap();
        let mut deleted = 0;
        for _ in 0..100 {
            deleted += out.exchange().map_or(0, |done| done.deleted);
            std::thread::park_timeout(std::time::Duration::from_millis(50));
        }
        assert!(deleted == 0 || seconds_away == 0, "away for {seconds_away} s");
        let owes = || publisher.deletions()[0].bus.is_empty();
        assert!(owes(), "a server is away: nobody says that the bus is empty");
        cluster.run(2);
        let is_empty = || holding(cluster.dir.path()).is_empty();
        assert!(rounds(&mut out, 180, &is_empty), "{:?}", holding(cluster.dir.path()));
        assert!(rounds(&mut out, 60, &|| !owes()), "now the bus is empty of it");
    }
}
