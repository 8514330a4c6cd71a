//! A node killed without warning, again and again, while it acts and while it receives; nothing that it acknowledged may
//! be lost. `cargo run --release -p pehra --example kill_speed [-- ROUNDS [SEED]]`, 1,000 rounds unless said otherwise;
//! half of them in the middle of appending its own acts, half while it receives another device's entries.
#![expect(clippy::print_stdout, reason = "the figures are the output")]
#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use pehra::node::{Node, OpenOptions};
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Head, Hlc, Payload, SigningKey,
    certificate::{CertificateBody, Subject},
    draft::Next,
};
use pehra_store::Reader;
use std::{
    io::{BufRead, BufReader, Write},
    ops::ControlFlow,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

const MODE: &str = "PEHRA_KILL_MODE";
const TOGETHER: usize = 20;
/// A folder is begun anew so that opening it stays short.
const ROUNDS_PER_FOLDER: u64 = 25;

fn phone() -> SigningKey {
    SigningKey::from_seed([7; 32])
}

/// The kept head of a log, read beside the node.
fn next_of(dir: &Path, device: DeviceId) -> Next {
    let reader = Reader::open(dir).unwrap();
    reader.log_head(device, 0).unwrap().map_or(Next::FIRST, |head| head.next())
}

fn receive_until_killed(dir: &Path) {
    let node = Node::open(dir, &OpenOptions::default()).unwrap();
    let (key, mut next) = (phone(), next_of(dir, phone().id()));
    loop {
        let entries: Vec<Vec<u8>> = (0..TOGETHER)
            .map(|_| {
                let draft = Draft {
                    election: node.ledger_election(),
                    clock: Hlc { ms: 1_707_350_400_000 + next.seq, counter: 0 },
                    clock_quality: ClockQuality::UNKNOWN,
                    area: "pk".to_owned(),
                    kind: 60_000,
                    person: "presiding-officer".to_owned(),
                    role: "PRO".to_owned(),
                    causes: Vec::new(),
                    cosigners: Vec::new(),
                    extras: Vec::new(),
                    payload: Payload::try_new([3; 32], &next.seq.to_be_bytes()).unwrap(),
                };
                let entry = Entry::seal(&key, &draft, next).unwrap();
                next = Head::of(&entry).next();
                entry.encode()
            })
            .collect();
        node.receive(&entries).unwrap();
        say(next.seq);
    }
}

fn act_until_killed(dir: &Path) {
    let node = Node::open(dir, &OpenOptions::default()).unwrap();
    let person = pehra_domain::PersonId::try_new(pehra::node::CONSOLE).unwrap();
    for n in 0_u32.. {
        let value = 0.1 + f64::from(n % 50) / 100.0;
        node.set_parameter(&person, "risk.weight.T1", value, "a round", "to be killed").unwrap();
        // Between acts also the tree grows, which writes most.
        if n % 7 == 0 {
            node.checkpoint().unwrap();
        }
        say(next_of(dir, node.public_key().id()).seq);
    }
}

/// Everything before this number is acknowledged.
fn say(next: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "acknowledged {next}").unwrap();
    out.flush().unwrap();
}

/// Chance from a seed: xorshift.
fn chance(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if let Ok(mode) = std::env::var(MODE) {
        let dir = first.unwrap();
        return match mode.as_str() {
            "receive" => receive_until_killed(dir.as_ref()),
            _ => act_until_killed(dir.as_ref()),
        };
    }
    let rounds: u64 = first.map_or(1_000, |text| text.parse().unwrap());
    let mut state: u64 = arguments.next().map_or(42, |text| text.parse().unwrap());
    for mode in ["append", "receive"] {
        let began = Instant::now();
        let (mut acknowledged, mut slowest_ms, mut folder) = (0, 0.0_f64, None);
        for round in 0..rounds / 2 {
            if round % ROUNDS_PER_FOLDER == 0 {
                folder = Some(begin());
            }
            let dir: &tempfile::TempDir = folder.as_ref().unwrap();
            let heard = killed(dir.path(), mode, &mut state);
            let began = Instant::now();
            let node = Node::open(dir.path(), &OpenOptions::default()).unwrap();
            slowest_ms = slowest_ms.max(began.elapsed().as_secs_f64() * 1_000.0);
            let device = if mode == "receive" { phone().id() } else { node.public_key().id() };
            let kept = next_of(dir.path(), device).seq;
            assert!(kept >= heard, "{mode}, round {round}: {kept} kept of {heard} acknowledged");
            acknowledged += heard;
            if round % ROUNDS_PER_FOLDER == ROUNDS_PER_FOLDER - 1 || round + 1 == rounds / 2 {
                let report = node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
                assert_eq!((report.damages, report.first_damage), (0, None), "{mode}, {round}");
            }
        }
        println!(
            "{} kills while it {}s: nothing of what was acknowledged is lost; slowest opening after one \
             {slowest_ms:.0} ms ({acknowledged} acknowledged places checked, {:.0} s)",
            rounds / 2,
            mode,
            began.elapsed().as_secs_f64()
        );
    }
}

fn begin() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let node = Node::open(dir.path(), &OpenOptions::default()).unwrap();
    let body = CertificateBody {
        election: node.ledger_election(),
        subject: Subject::DEVICE,
        key: phone().public(),
        name: "phone".to_owned(),
        area: "pk".to_owned(),
        roles: vec!["PRO".to_owned()],
        not_before_ms: 0,
        not_after_ms: u64::MAX,
        sealing: None,
    };
    node.enrol(node.certify(body).unwrap()).unwrap();
    dir
}

/// Runs the child until it has acknowledged some more, and kills it somewhere within what it does then.
fn killed(dir: &Path, mode: &str, state: &mut u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .arg(dir)
        .env(MODE, mode)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let wanted = 1 + chance(state) % 8;
    let (mut heard, mut count) = (0, 0);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        heard = line.unwrap().strip_prefix("acknowledged ").unwrap().parse().unwrap();
        count += 1;
        if count == wanted {
            (0..chance(state) % 2_000_000).for_each(|_| std::hint::spin_loop());
            child.kill().unwrap();
            break;
        }
    }
    child.wait().unwrap();
    assert_eq!(count, wanted, "the child ended by itself");
    heard
}
