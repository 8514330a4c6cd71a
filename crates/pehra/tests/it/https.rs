//! Bundles over HTTPS between two programs, by the office's own authority on a private address of this machine.
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use crate::{
    client::Browser,
    command::{Said, pehra},
    lan::{heads, until},
    trust::Ground,
};
use pehra::node::{Node, OpenOptions, bundle::BundleError};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
};

/// A private address of this machine, as long as it lives.
struct Address(Ipv4Addr);

impl Address {
    /// None where the rights do not allow it.
    fn take() -> Option<Self> {
        let [.., high, low] = std::process::id().to_be_bytes();
        let address = Self(Ipv4Addr::new(10, 84, high, low));
        address.ip("add").then_some(address)
    }

    fn ip(&self, what: &str) -> bool {
        let words = ["address", what, &format!("{}/32", self.0), "dev", "lo"];
        Command::new("ip").args(words).output().is_ok_and(|output| output.status.success())
    }

    /// Where nobody listens now.
    fn free(&self) -> SocketAddr {
        TcpListener::bind((self.0, 0)).unwrap().local_addr().unwrap()
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        self.ip("del");
    }
}

/// A running room; killed when it is dropped.
struct Room(Child);

impl Room {
    fn start(data: &Path, words: &[&str]) -> Self {
        let mut command = pehra(data, &[&["run", "--listen", "127.0.0.1:0"], words].concat());
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

fn exchange(ground: &Ground, node: &str, url: &str) -> Said {
    ground.pehra(node, &format!("link exchange --json {url}"))
}

#[test]
fn two_offices_exchange_bundles_over_https_and_nobody_else_is_answered() {
    let Some(address) = Address::take() else {
        println!("skipped: a private address on this machine needs root and Linux's `ip`");
        return;
    };
    let ground = Ground::new();
    ground.founded();
    for (seat, node) in (1..).zip(["one", "two", "three"]) {
        ground.enrolled(node);
        assert_eq!(ground.acts(node, seat, "").code, Some(0));
    }
    // They know each other by what people carried: each has the first one's certificate, and it has the second one's.
    for (node, of) in [("two", "one"), ("three", "one"), ("one", "two")] {
        let taken = ground.pehra(node, &format!("run trust take @{of}.certificate"));
        assert_eq!(taken.code, Some(0), "{}", taken.err);
    }
    let (one, two, three) = (ground.path("one"), ground.path("two"), ground.path("three"));
    let door = address.free();
    let room = Room::start(&one, &["--phones", &door.to_string()]);
    until("the door is open", || std::net::TcpStream::connect(door).is_ok());
    let authority = Browser::new(door).get("/pehra-authority.crt");
    assert_eq!(authority.status, 200);
    fs::write(ground.path("one.crt"), &authority.body).unwrap();
    let url = format!("https://{door}/?to=one&authority={}", ground.path("one.crt").display());

    let first = exchange(&ground, "two", &url);
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert!(first.json()["entries_new"].as_u64() > Some(0), "{}", first.out);
    assert_eq!(heads(&one), heads(&two), "either holds what both did");
    let again = exchange(&ground, "two", &url).json();
    assert_eq!((&again["entries_new"], &again["refused"]), (&0.into(), &0.into()), "{again}");

    let stranger = exchange(&ground, "three", &url);
    assert_ne!(stranger.code, Some(0));
    assert!(
        stranger.err.contains("422") && stranger.err.contains("not enrolled here"),
        "{}",
        stranger.err
    );
    assert_eq!(heads(&one), heads(&two), "nothing of it stayed");
    assert!(!one.join("carried").exists());

    fs::write(ground.path("false.crt"), b"no certificate").unwrap();
    let unread = exchange(&ground, "two", &url.replace("one.crt", "false.crt"));
    assert!(unread.err.contains("holds no certificate"), "{}", unread.err);
    // Another node's authority vouches for nothing here.
    let other = Node::open(&three, &OpenOptions::default()).unwrap();
    fs::write(ground.path("other.crt"), other.phone_authority().unwrap().certificate()).unwrap();
    drop(other);
    let forged = exchange(&ground, "two", &url.replace("one.crt", "other.crt"));
    assert!(forged.err.contains("cannot be reached"), "{}", forged.err);
    assert!(forged.err.to_lowercase().contains("certificate"), "{}", forged.err);

    assert_eq!(ground.acts("two", 9, "").code, Some(0));
    let _second = Room::start(&two, &["--office", &url]);
    until("a room with an office hands over by itself", || heads(&one) == heads(&two));
    drop(room);
}

/// A bundle that was copied on its way is answered with nothing.
#[test]
fn a_bundle_that_comes_again_is_not_answered() {
    let ground = Ground::new();
    ground.founded();
    for (seat, node) in (1..).zip(["one", "two"]) {
        ground.enrolled(node);
        assert_eq!(ground.acts(node, seat, "").code, Some(0));
    }
    for (node, of) in [("two", "one"), ("one", "two")] {
        assert_eq!(ground.pehra(node, &format!("run trust take @{of}.certificate")).code, Some(0));
    }
    assert_eq!(ground.pehra("two", "link export --to one @bundle").code, Some(0));
    let bundle = fs::read(ground.path("bundle")).unwrap();
    let one = Node::open(&ground.path("one"), &OpenOptions::default()).unwrap();
    let (report, answer) = one.exchange_bundle(&bundle).unwrap();
    assert!(report.entries_new > 0 && !answer.is_empty());
    let (report, answer) = one.exchange_bundle(&bundle).unwrap();
    assert_eq!((report.entries_new, answer.len()), (0, 0));
    for bytes in [&b""[..], b"no bundle"] {
        assert!(matches!(one.exchange_bundle(bytes), Err(BundleError::NotEnrolled(_))));
    }
}
