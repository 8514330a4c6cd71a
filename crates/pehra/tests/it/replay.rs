//! A lived hour is seen again exactly as the room saw it then: at every entry that it received, forward and back, with what
//! came late missing until it came.

use crate::{
    client::Browser,
    drill::{begin, exercise, options, until},
    house::House,
};
use pehra::{
    day::DayClock,
    drill::Phase,
    node::{Node, OpenOptions, backup, restore},
};
use pehra_domain::{Date, UnixMs};
use pehra_store::{Reader, Receipt};
use serde_json::Value;
use std::{collections::BTreeMap, ops::ControlFlow};
use tempfile::TempDir;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// One entry as it came, and what time it was on the day.
struct Came {
    day_ms: i64,
    entry: pehra_ledger::Entry,
    bytes: Vec<u8>,
}

/// A day of six stations, lived in one room, and a copy of that room from before the day began.
fn lived() -> (Vec<Came>, House, TempDir) {
    let (house, stage) = exercise();
    let folder = tempfile::tempdir().unwrap();
    let before = Receipt(i64::try_from(house.node.info().entries).unwrap());
    let (file, copy) = (folder.path().join("before"), folder.path().join("copy"));
    backup(house.node.dir(), &file, &mut |_| ControlFlow::Continue(())).unwrap();
    restore(&file, &copy).unwrap();
    let mut whole = options();
    whole.full = true;
    whole.events = vec![crate::drill::attack_of(Some("09:30"))];
    let drill = begin(&house, &stage, &whole);
    until(&drill, "over", |status| status.phase == Phase::Over);
    let reader = Reader::open(house.node.dir()).unwrap();
    let moments = reader.day_moments(Receipt(0)).unwrap();
    let mut came = Vec::new();
    let visit = &mut |stored: pehra_store::Stored| {
        let of = moments.iter().find(|it| it.first <= stored.receipt && stored.receipt <= it.last);
        // The desks are enrolled before the day has a time.
        let day_ms = of.map_or(0, |it| it.day_ms / MINUTE_MS * MINUTE_MS);
        came.push(Came { day_ms, bytes: stored.entry.encode(), entry: stored.entry });
        ControlFlow::Continue(())
    };
    reader.entries_received(before, visit).unwrap();
    assert!(came.len() > 80, "{}", came.len());
    assert!(came.iter().filter(|it| it.day_ms > 0).count() > 70, "moments are kept");
    let options = OpenOptions::of("EX-TEST-1", "an exercise", Date(19_761));
    let node = Node::open(&copy, &options).unwrap();
    (came, House::on(node), folder)
}

fn set_clock(node: &Node, day_ms: i64) {
    let clock = DayClock { real: node.now(), day: UnixMs(day_ms), pace_milli: 0 };
    node.set_day_clock(Some(clock)).unwrap();
}

fn receive(house: &House, came: &Came) {
    if came.day_ms > 0 {
        set_clock(&house.node, came.day_ms);
    }
    house.node.receive(std::slice::from_ref(&came.bytes)).unwrap();
}

/// What the room shows, without the number of the frame and the pace of the clock.
fn seen(mut frame: Value) -> Value {
    frame["version"] = Value::Null;
    frame["clock"] = frame["clock"]["now_ms"].clone();
    frame
}

fn live(browser: &Browser) -> Value {
    seen(browser.get("/api/day").json())
}

fn last_receipt(house: &House) -> i64 {
    i64::try_from(house.node.info().entries).unwrap()
}

fn replayed(browser: &Browser, query: &str) -> Value {
    let answer = browser.get(&format!("/api/replay?{query}"));
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

#[test]
fn at_every_receipt_the_replay_is_the_document_that_the_room_showed_then() {
    let (came, house, _folder) = lived();
    let chief = house.first();
    let mut shown: Vec<(i64, i64, Value)> = Vec::new();
    for one in &came {
        receive(&house, one);
        if one.day_ms > 0 {
            shown.push((last_receipt(&house), one.day_ms, live(&chief)));
        }
    }
    assert!(house.node.withheld().is_empty(), "{:?}", house.node.withheld());
    let distinct: std::collections::BTreeSet<String> =
        shown.iter().map(|(_, _, frame)| frame.to_string()).collect();
    assert!(distinct.len() > 60, "the day was not still: {}", distinct.len());
    let entries = house.node.info().entries;
    // Forward in one seat, as it is played, and then back, each time from a screen of its own.
    for (receipt, _, frame) in &shown {
        let again = replayed(&chief, &format!("receipt={receipt}&seat=forward"));
        assert_eq!(again["position"]["receipt"], *receipt);
        assert_eq!(again["position"]["basis"], "day");
        assert_eq!(seen(again["frame"].clone()), *frame, "at receipt {receipt}");
    }
    for (receipt, _, frame) in shown.iter().rev().step_by(5) {
        let again = replayed(&chief, &format!("receipt={receipt}&seat=back-{receipt}"));
        assert_eq!(seen(again["frame"].clone()), *frame, "back at receipt {receipt}");
    }
    // By the day's clock: what is shown at a minute is what the room showed at the end of it.
    let mut by_minute: BTreeMap<i64, &Value> = BTreeMap::new();
    for (_, at, frame) in &shown {
        by_minute.insert(*at, frame);
    }
    for (at, frame) in by_minute.iter().step_by(3) {
        let again = replayed(&chief, &format!("at_ms={at}&seat=minutes"));
        assert_eq!(seen(again["frame"].clone()), **frame, "at {at}");
    }
    assert_eq!(house.node.info().entries, entries, "looking back writes nothing");
}

#[test]
fn what_differs_is_told_alone_and_adds_up_to_the_whole() {
    let (came, house, _folder) = lived();
    let chief = house.first();
    came.iter().for_each(|one| receive(&house, one));
    let days: Vec<i64> = came.iter().map(|one| one.day_ms).filter(|&at| at > 0).collect();
    let (from, until) = (days[0], *days.last().unwrap());
    let (mut holds, mut status) = (String::new(), Vec::new());
    let (mut small, mut at) = (0, from);
    while at <= until {
        let step = replayed(&chief, &format!("at_ms={at}&seat=play{holds}"));
        let bytes =
            pehra_ledger::base64::decode(step["frame"]["status"].as_str().unwrap()).unwrap();
        if step["frame"]["whole"] == true {
            status = bytes;
        } else {
            small += 1;
            for one in bytes.chunks(5) {
                let place = u32::from_le_bytes(one[..4].try_into().unwrap());
                status[place as usize] = one[4];
            }
        }
        let whole = replayed(&chief, &format!("at_ms={at}&seat=whole"));
        let expected =
            pehra_ledger::base64::decode(whole["frame"]["status"].as_str().unwrap()).unwrap();
        assert_eq!(status, expected, "at {at}");
        assert_eq!(step["frame"]["totals"], whole["frame"]["totals"]);
        holds = format!("&holds={}", step["number"]);
        at += 20 * MINUTE_MS;
    }
    assert!(small > 60, "{small}");
    // Another's number, or one from before, is answered with all of it.
    let stale = replayed(&chief, &format!("at_ms={until}&seat=play&holds=1"));
    assert_eq!(stale["frame"]["whole"], true);
}

#[test]
fn an_entry_that_came_late_is_missing_until_it_came_and_is_listed_as_what_came_later() {
    let (came, house, _folder) = lived();
    let chief = house.first();
    let karachi = house.person(&chief, "karachi", &["CTRL-D"], "pk/sindh/karachi-east");
    let quetta = house.person(&chief, "quetta", &["CTRL-D"], "pk/balochistan/quetta");
    // From its last check-ins on, what the desk of Karachi entered lies in a courier's bag.
    let is_of = |one: &&Came| {
        let header = one.entry.header();
        header.area == "pk/sindh/karachi-east" && (1200..1300).contains(&header.kind)
    };
    let first = came.iter().rfind(is_of).unwrap().entry.header().place;
    let waits = |one: &&Came| {
        let place = one.entry.header().place;
        place.device == first.device && place.seq >= first.seq
    };
    let bag: Vec<&Came> = came.iter().filter(waits).collect();
    came.iter().filter(|one| !waits(one)).for_each(|one| receive(&house, one));
    let written = bag[0].day_ms;
    let arrives = came.last().unwrap().day_ms + 3 * HOUR_MS;
    set_clock(&house.node, arrives - MINUTE_MS);
    let without = last_receipt(&house);
    let unknowing = live(&chief);
    set_clock(&house.node, arrives);
    let bytes: Vec<Vec<u8>> = bag.iter().map(|one| one.bytes.clone()).collect();
    house.node.receive(&bytes).unwrap();
    let knowing = live(&chief);
    assert_ne!(unknowing["totals"], knowing["totals"], "it said something");

    let before = replayed(&chief, &format!("at_ms={}", arrives - MINUTE_MS));
    assert_eq!(seen(before["frame"].clone()), unknowing);
    assert_eq!(before["position"]["receipt"], without);
    let once = replayed(&chief, &format!("at_ms={arrives}"));
    assert_eq!(seen(once["frame"].clone()), knowing);
    let with = without + i64::try_from(bag.len()).unwrap();
    assert_eq!(once["position"]["receipt"], with, "by exactly what was in the bag");

    // At the hour of which it speaks the room did not know it, and today's reader is told what came later.
    let later = |browser: &Browser, at: i64| -> Vec<(String, i64)> {
        let told = browser.get(&format!("/api/replay/later?at_ms={at}")).json();
        let rows = told["first"].as_array().unwrap().iter();
        let row = |row: &Value| {
            (row["entry"].as_str().unwrap().to_owned(), row["received_ms"].as_i64().unwrap())
        };
        rows.map(row).collect()
    };
    let named = |one: &&Came| {
        let place = one.entry.header().place;
        (format!("{}:{}:{}", place.device, place.epoch, place.seq), arrives)
    };
    let expected: Vec<(String, i64)> = bag.iter().map(named).collect();
    for reader in [&chief, &karachi] {
        let told = later(reader, written + 30 * MINUTE_MS);
        assert!(told.contains(&expected[0]), "{expected:?}: {told:?}");
        assert_eq!(later(reader, arrives - MINUTE_MS), expected, "nothing else is out");
        assert_eq!(later(reader, arrives), []);
    }
    assert_eq!(later(&quetta, arrives - MINUTE_MS), [], "not of another's area");

    let course = chief.get("/api/replay/course").json();
    assert_eq!(course["until_ms"], arrives);
    let late = course["late"].as_array().unwrap().last().unwrap();
    assert!(late.as_u64().is_some_and(|late| (1..=bag.len() as u64).contains(&late)), "{course}");
}

#[test]
fn the_past_is_for_whoever_sees_the_day_and_shows_no_more_than_it_does() {
    let (came, house, _folder) = lived();
    let chief = house.first();
    came.iter().for_each(|one| receive(&house, one));
    let trainer = house.person(&chief, "trainer", &["TRAINER"], "pk");
    let quetta = house.person(&chief, "quetta", &["CTRL-D"], "pk/balochistan/quetta");
    let at = came[came.len() / 2].day_ms;
    for path in ["/api/replay/course".to_owned(), format!("/api/replay?at_ms={at}")] {
        assert_eq!(house.browser().get(&path).status, 401, "{path}");
        assert_eq!(trainer.get(&path).status, 403, "{path}");
    }
    for wrong in ["", "at_ms=1&receipt=2"] {
        let answer = chief.get(&format!("/api/replay?{wrong}"));
        assert_eq!((answer.status, answer.code().as_str()), (422, "value-refused"), "{wrong}");
    }
    let own = replayed(&quetta, &format!("at_ms={at}"));
    let status = own["frame"]["status"].as_str().unwrap();
    assert_eq!(pehra_ledger::base64::decode(status).unwrap().len(), 2, "its own two stations");
    let areas = |view: &Value| -> Vec<String> {
        let rows = view["frame"]["incidents"].as_array().unwrap().iter();
        rows.map(|row| row["area"].as_str().unwrap().to_owned()).collect()
    };
    assert!(areas(&own).iter().all(|area| area == "pk/balochistan/quetta"));
    // What is still to come is not known: a moment of tomorrow is answered with now.
    let now = house.node.day_now().0;
    let ahead = replayed(&chief, &format!("at_ms={}", now + 24 * HOUR_MS));
    assert_eq!(ahead["position"]["receipt"], last_receipt(&house));
    let at_shown = ahead["position"]["at_ms"].as_i64().unwrap();
    assert_eq!(at_shown, now, "and not with a later hour");
    assert_eq!(seen(ahead["frame"].clone()), live(&chief));
}
