//! Callers that never finish, and an end that waits for nobody.

use crate::{
    client::{Browser, Listening},
    command::pehra,
    house::House,
};
use pehra::{
    http::{Config, Room, leave::Waiting, serve::Limits},
    job::{JobKind, JobState},
    node::OpenOptions,
};
use pehra_domain::{AreaId, force::StaffKind, progress::tell};
use pehra_plan::allocate::{AllocateError, what_more};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

fn limited(limits: Limits) -> House {
    House::open(&OpenOptions::default(), |config| config.limits = limits)
}

#[test]
fn heads_that_never_end_take_no_place_from_others() {
    let head = Duration::from_millis(300);
    let house = limited(Limits { connections: 20, per_address: 20, head, ..Limits::default() });
    let first = house.first();
    let mut slow: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(house.address).unwrap();
            stream.write_all(b"GET /api/setup HTTP/1.1\r\nhost: localhost\r\nx-slow: ").unwrap();
            stream
        })
        .collect();
    // All places are taken; each slow caller is put out by itself, and then others come in.
    for stream in &mut slow {
        let mut rest = Vec::new();
        let _reset_or_closed = stream.read_to_end(&mut rest);
    }
    assert_eq!(first.get("/api/node").status, 200);
}

#[test]
fn who_opens_too_many_connections_is_turned_away_and_leaves_what_is_open() {
    let house = limited(Limits { connections: 8, per_address: 8, ..Limits::default() });
    let first = house.first();
    let mut stream = Listening::open(&first, None);
    assert_eq!(stream.next().unwrap().event, "hello");
    let held: Vec<TcpStream> =
        (0..40).map(|_| TcpStream::connect(house.address).unwrap()).collect();
    // Those that were turned away are closed without a byte.
    let turned_away = held.iter().skip(8).filter(|stream| {
        let mut one = [0];
        matches!((&mut &**stream).read(&mut one), Ok(0) | Err(_))
    });
    assert_eq!(turned_away.count(), 32);
    house.node.live().publish("lock", json!({ "n": 1 }));
    assert_eq!(stream.next().unwrap().data["n"], 1);
    drop(held);
}

#[test]
fn a_body_that_stops_coming_is_given_up() {
    let body = Duration::from_millis(200);
    let house = limited(Limits { body, ..Limits::default() });
    let first = house.first();
    let headers = [("content-type", "application/json"), ("content-length", "400")];
    let mut stream = TcpStream::connect(house.address).unwrap();
    let mut head = format!("POST /api/session HTTP/1.1\r\nhost: {}\r\n", house.address);
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    stream.write_all(format!("{head}\r\n{{\"person\":").as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 400"), "{line}");
    assert_eq!(first.get("/api/node").status, 200);
}

#[test]
fn a_room_that_closes_stops_the_work_and_waits_for_its_end() {
    let mut house = House::empty();
    let first = house.first();
    let (begun, waiting) = mpsc::channel();
    let jobs = house.node.jobs().clone();
    let work = move |control: &pehra::job::JobControl| {
        begun.send(()).unwrap();
        let mut watch = control.watch();
        loop {
            tell(&mut watch, "work", 0, 0)?;
            std::thread::yield_now();
        }
    };
    let job = jobs.start(JobKind::Assess, "Endless", "first", work.clone()).unwrap();
    waiting.recv().unwrap();
    let _open = Listening::open(&first, None);
    house.stop();
    assert_eq!(jobs.get(&job.id).unwrap().state, JobState::Cancelled);
    // What still begins while the program goes down stops at its first step.
    let late = jobs.start(JobKind::Assess, "Late", "first", work).unwrap();
    while jobs.any_running() {
        std::thread::yield_now();
    }
    assert_eq!(jobs.get(&late.id).unwrap().state, JobState::Cancelled);
}

#[test]
fn nobody_works_out_what_more_people_would_do_for_who_has_left() {
    let house = House::planned();
    let plan = house.node.world().plans[0].id.clone();
    let solved = house.node.solved(&plan).unwrap();
    let quetta = AreaId::try_new("pk/balochistan/quetta").unwrap();
    let room = Room::new(house.node.clone(), Config::local(0, house.node.dir().join("x")));
    let ask = |wish: &pehra::http::leave::Wish| {
        let kind = StaffKind::PoliceWoman;
        what_more(&solved.allocation, kind, &quetta, 3, 1, &mut wish.watch()).map(|more| more.used)
    };
    let waiting = Waiting::default();
    let wish = waiting.wish(&room);
    assert!(ask(&wish).is_ok_and(|used| used > 0));
    drop(waiting);
    assert!(matches!(ask(&wish), Err(AllocateError::Cancelled(_))), "the caller has left");
    let waiting = Waiting::default();
    let wish = waiting.wish(&room);
    assert!(ask(&wish).is_ok());
    room.close();
    assert!(matches!(ask(&wish), Err(AllocateError::Cancelled(_))), "the room closes");
}

#[cfg(unix)]
#[test]
fn the_program_ends_within_five_seconds_in_the_middle_of_its_work() {
    for signal in ["-TERM", "-INT"] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = pehra(folder.path(), &["demo", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| {
            Some(line.unwrap().strip_prefix("listening http://")?.parse().unwrap())
        });
        let browser = Browser::new(address.unwrap());
        let answer = browser.post("/api/session/demo", &json!({}));
        let planner = browser.keep(&answer);
        let _open = Listening::open(&planner, None);
        let job = planner.get("/api/jobs").json();
        assert_eq!(job[0]["state"], "running", "the nation is being made: {job}");
        let asked = Instant::now();
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        // The promise itself: whoever pulls the plug after five seconds finds the program gone.
        let ended = loop {
            match child.try_wait().unwrap() {
                Some(ended) => break Some(ended),
                None if asked.elapsed() > Duration::from_secs(5) => break None,
                None => std::thread::yield_now(),
            }
        };
        if ended.is_none() {
            child.kill().unwrap();
        }
        assert!(ended.is_some_and(|ended| ended.success()), "{signal}: {ended:?}");
    }
}

#[test]
fn a_room_that_others_can_reach_says_that_it_is_not_encrypted() {
    let folder = tempfile::tempdir().unwrap();
    let mut said = Vec::new();
    for listen in ["0.0.0.0:0", "127.0.0.1:0"] {
        let data = folder.path().join(listen.replace(':', "-"));
        let mut child = pehra(&data, &["run", "--listen", listen])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let before: Vec<String> = lines.take_while(|line| !line.starts_with("setup")).collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(before.iter().any(|line| line.starts_with("listening http://")), "{before:?}");
        said.push(before.iter().any(|line| line.starts_with("warning: this node has no TLS")));
    }
    assert_eq!(said, [true, false]);
}
