//! The program itself, three times: on one machine, and in three network namespaces that find each other by multicast.
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use crate::{
    command::{assert_whole, pehra},
    trust::Ground,
};
use pehra_ledger::{Hash, Place};
use pehra_store::Reader;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// One running program; killed without warning when it is dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) nodes: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

impl Program {
    /// Starts the room and waits until it says where other nodes reach it.
    fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let nodes =
            lines.by_ref().find_map(|line| Some(line.ok()?.strip_prefix("nodes ")?.to_owned()));
        // What it says later must have somewhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, nodes: nodes.unwrap() }
    }
}

pub(crate) fn heads(data: &Path) -> Vec<(Place, Hash)> {
    let heads = Reader::open(data).and_then(|reader| reader.heads()).unwrap_or_default();
    heads.iter().map(|head| (head.place, head.hash)).collect()
}

/// Waits until something holds; what does not come in three minutes never does.
pub(crate) fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..3_600 {
        if holds() {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(50));
    }
    panic!("it never came to this: {what}");
}

pub(crate) fn on_loopback(ground: &Ground, node: &str, at: &str, peers: &[&str]) -> Program {
    let mut words = vec!["run", "--listen", "127.0.0.1:0", "--lan", at];
    let peers = peers.join(",");
    if !peers.is_empty() {
        words.extend(["--peers", &peers]);
    }
    Program::start(pehra(&ground.path(node), &words))
}

fn entries(heads: &[(Place, Hash)]) -> u64 {
    heads.iter().map(|(place, _)| place.seq + 1).sum()
}

#[test]
fn three_programs_hold_the_same_also_after_the_one_between_them_was_killed() {
    let ground = Ground::new();
    ground.founded();
    for (n, node) in (1..).zip(["one", "two", "three"]) {
        ground.enrolled(node);
        assert_eq!(ground.acts(node, n, "").code, Some(0));
    }
    let equal = || {
        let [one, two, three] = ["one", "two", "three"].map(|node| heads(&ground.path(node)));
        one.len() == 3 && one == two && two == three
    };
    let two = on_loopback(&ground, "two", "127.0.0.1:0", &[]);
    let at = two.nodes.clone();
    let one = on_loopback(&ground, "one", "127.0.0.1:0", &[&at]);
    let three = on_loopback(&ground, "three", "127.0.0.1:0", &[&at]);
    until("all hold the same", equal);
    let before = entries(&heads(&ground.path("three")));
    drop((one, two));
    assert_eq!(ground.acts("one", 9, "").code, Some(0), "a node works alone");
    let one = on_loopback(&ground, "one", "127.0.0.1:0", &[&at]);
    assert_eq!(entries(&heads(&ground.path("three"))), before, "nobody could tell three");
    let two = on_loopback(&ground, "two", &at, &[]);
    until("three hears through two what one did alone", || {
        equal() && entries(&heads(&ground.path("three"))) > before
    });
    drop((one, two, three));
    let reports = ["one", "two", "three"].map(|node| assert_whole(&ground.path(node)));
    assert_eq!(reports[0]["entries"], reports[2]["entries"]);
}

/// A bridge and network namespaces on it, each with one address: as many machines on one cable.
struct Cable {
    bridge: String,
    spaces: Vec<String>,
}

fn ip(words: &str) -> bool {
    let output = Command::new("ip").args(words.split(' ')).output();
    output.is_ok_and(|output| output.status.success())
}

impl Cable {
    /// None where the kernel or the rights do not allow it.
    fn lay(count: u8) -> Option<Self> {
        let tag = std::process::id() % 100_000;
        let mut cable = Self { bridge: format!("phb{tag}"), spaces: Vec::new() };
        if !ip(&format!("link add {} type bridge", cable.bridge)) {
            return None;
        }
        let mut whole = ip(&format!("link set {} up", cable.bridge));
        for n in 1..=count {
            let (space, near, far) =
                (format!("pehra-{tag}-{n}"), format!("pn{tag}-{n}"), format!("pf{tag}-{n}"));
            whole &= ip(&format!("netns add {space}"));
            cable.spaces.push(space.clone());
            for step in [
                format!("link add {near} type veth peer name {far} netns {space}"),
                format!("link set {near} master {} up", cable.bridge),
                format!("-n {space} link set lo up"),
                format!("-n {space} address add 10.83.7.{n}/24 dev {far}"),
                format!("-n {space} link set {far} up"),
            ] {
                whole &= ip(&step);
            }
        }
        whole.then_some(cable)
    }

    fn program(&self, n: usize, data: &Path) -> Program {
        let address = format!("10.83.7.{}:7007", n + 1);
        let words = ["run", "--listen", "127.0.0.1:0", "--lan", &address];
        let inner = pehra(data, &words);
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.spaces[n]]).arg(inner.get_program());
        command.args(inner.get_args()).stdin(Stdio::null());
        Program::start(command)
    }

    /// Pulls one machine's plug, or puts it in again.
    fn plug(&self, n: usize, state: &str) {
        let tag = std::process::id() % 100_000;
        assert!(ip(&format!("link set pn{tag}-{} {state}", n + 1)));
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        for space in &self.spaces {
            ip(&format!("netns delete {space}"));
        }
        ip(&format!("link delete {}", self.bridge));
    }
}

#[test]
fn programs_on_one_cable_find_each_other_by_multicast_and_again_when_the_plug_was_out() {
    let Some(cable) = Cable::lay(3) else {
        println!("skipped: network namespaces need root and Linux's `ip`");
        return;
    };
    let ground = Ground::new();
    ground.founded();
    let nodes = ["one", "two", "three"];
    for (n, node) in (1..).zip(nodes) {
        ground.enrolled(node);
        assert_eq!(ground.acts(node, n, "").code, Some(0));
    }
    let equal = || {
        let [one, two, three] = nodes.map(|node| heads(&ground.path(node)));
        one.len() == 3 && one == two && two == three
    };
    let mut running: Vec<Program> =
        nodes.iter().enumerate().map(|(n, node)| cable.program(n, &ground.path(node))).collect();
    until("nobody was named, and all hold the same", equal);
    let before = entries(&heads(&ground.path("one")));
    cable.plug(2, "down");
    drop(running.pop());
    assert_eq!(ground.acts("three", 8, "").code, Some(0), "a node works alone");
    running.push(cable.program(2, &ground.path("three")));
    assert_eq!(entries(&heads(&ground.path("one"))), before, "the plug is out");
    cable.plug(2, "up");
    until("what was done alone is everywhere", || {
        equal() && entries(&heads(&ground.path("one"))) > before
    });
    drop(running);
    nodes.iter().for_each(|node| drop(assert_whole(&ground.path(node))));
}
