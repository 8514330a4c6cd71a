//! Polling material at a returning officer's counters: hand-overs by two, seals read blind, and what is out of order.

use crate::{client::Browser, house::House};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
};

const EAST: &str = "pk/balochistan/quetta";
const MINUTE_MS: i64 = 60_000;
/// Arrivals of one evening, and counters that receive them.
const ARRIVALS: usize = 400;
const COUNTERS: usize = 6;

fn board(browser: &Browser) -> Value {
    let answer = browser.get(&format!("/api/custody/area?area={EAST}"));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn act(browser: &Browser, at_ms: i64, act: &Value) -> crate::client::Answer {
    browser.post("/api/custody/acts", &json!({ "area": EAST, "at_ms": at_ms, "act": act }))
}

fn done(browser: &Browser, at_ms: i64, deed: &Value) -> Value {
    let answer = act(browser, at_ms, deed);
    assert_eq!(answer.status, 200, "{deed}: {}", answer.text());
    answer.json()
}

fn bag(station: &str, seal: &str) -> Value {
    json!({ "item": format!("{station}-BAG"), "kind": "bag", "station": station, "contest": "NA-262",
        "seals": [seal] })
}

fn rules(exceptions: &Value) -> BTreeSet<String> {
    let all = exceptions.as_array().unwrap().iter();
    all.map(|one| one["rule"].as_str().unwrap().to_owned()).collect()
}

/// The moment that the node tells, six hours ago.
fn before(browser: &Browser) -> i64 {
    browser.get("/api/custody").json()["now_ms"].as_i64().unwrap() - 360 * MINUTE_MS
}

#[test]
#[expect(clippy::too_many_lines, reason = "one evening, told in one piece")]
fn a_bag_three_hours_late_with_a_broken_seal_is_received_seen_and_resolved() {
    let house = House::planned();
    let first = house.first();
    let returning = house.person(&first, "returning", &["RO"], EAST);
    let counter = house.person(&first, "counter", &["ARO"], EAST);
    let officer = house.person(&first, "officer", &["PO"], EAST);
    let district = house.person(&first, "district", &["DRO"], EAST);
    let guard = house.person(&first, "guard", &["STN-SEC"], EAST);
    let observer = house.person(&first, "watcher", &["OBS"], EAST);
    let start = before(&returning);
    let at = |minute: i64| start + minute * MINUTE_MS;
    let seals = json!({ "prefix": "S-", "first": 1, "last": 100 });
    done(&returning, at(0), &json!({ "deed": "issue-seals", "seals": seals }));
    let item = bag("NA-262-7", "S-41");
    done(&returning, at(0), &json!({ "deed": "register", "items": [item] }));
    let items = json!(["NA-262-7-BAG"]);
    let out = json!({ "deed": "offer", "step": "C05", "items": items, "to": "PO" });
    let offered = done(&returning, at(1), &out);
    let offer = offered["entries"][0].as_str().unwrap();
    let wait = board(&officer);
    assert_eq!(wait["offers"][0]["own"], true);
    assert_eq!(wait["offers"][0]["items"][0]["sealed"], true);
    let path = format!("/api/custody/items/NA-262-7-BAG?area={EAST}");
    let blind = officer.get(&path).json();
    assert_eq!(blind["blind"], true);
    assert!(!blind.to_string().contains("S-41"), "the receiver reads it from the bag");
    assert!(!wait.to_string().contains("S-41"));
    assert!(returning.get(&path).json().to_string().contains("S-41"));
    let read = |seal: &str| json!([{ "item": "NA-262-7-BAG", "seals": [seal] }]);
    let taken = json!({ "deed": "receive", "offer": offer, "read": read("S-41") });
    let guard_takes = act(&guard, at(2), &taken);
    assert_eq!((guard_takes.status, guard_takes.code()), (403, "role-lacks-permission".to_owned()));
    // Nobody has a key of their own yet: one node's key stands for both, and the record says so.
    let one_key = BTreeSet::from(["X10".to_owned()]);
    assert_eq!(rules(&done(&officer, at(2), &taken)["exceptions"]), one_key);

    // Back in the evening: due at 60, there at 240, another vehicle, another seal.
    let leaves = json!({ "deed": "depart", "step": "C12", "items": items, "vehicle": "LEA-17", "due_ms": at(60) });
    done(&officer, at(10), &leaves);
    let timers = board(&returning)["timers"].clone();
    let late = timers.as_array().unwrap().iter().find(|it| it["id"] == "bag@NA-262-7-BAG").unwrap();
    assert_eq!((&late["over"], &late["what"]), (&json!(true), &json!("bag")));
    let there = json!({ "deed": "arrive", "step": "C12", "items": items, "vehicle": "LEB-99" });
    done(&officer, at(240), &there);
    let back = json!({ "deed": "offer", "step": "C13", "items": items, "to": "ARO" });
    let offer = done(&officer, at(241), &back)["entries"][0].as_str().unwrap().to_owned();
    let scanned = counter.get(&format!("/api/custody/desk?area={EAST}&code=NA-262-7-BAG")).json();
    assert_eq!(scanned[0]["id"], offer.as_str());
    let received =
        json!({ "deed": "receive", "offer": offer, "read": read("S-777"), "place": "counter 3" });
    let found = done(&counter, at(242), &received)["exceptions"].clone();
    let expected = ["X02", "X03", "X05", "X08", "X10"].map(str::to_owned).into_iter().collect();
    assert_eq!(rules(&found), expected, "{found}");

    // Everybody who watches sees the same; only who had no hand in it resolves it.
    assert_eq!(rules(&board(&observer)["exceptions"]), expected);
    let mismatch = found.as_array().unwrap().iter().find(|one| one["rule"] == "X03").unwrap();
    assert_eq!((&mismatch["owner"], &mismatch["detail"]), (&json!("RO"), &json!("S-777 ≠ S-41")));
    let id = mismatch["id"].as_str().unwrap();
    let resolve = json!({ "deed": "resolve", "exception": id, "outcome": "explained", "note": "resealed at the bridge, order 12" });
    assert_eq!(act(&counter, at(250), &resolve).code(), "role-lacks-permission");
    assert_eq!(act(&observer, at(250), &resolve).status, 403, "watching is not acting");
    done(&district, at(249), &json!({ "deed": "take", "exception": id }));
    done(&district, at(250), &resolve);
    let after = board(&observer)["exceptions"].clone();
    let closed = after.as_array().unwrap().iter().find(|one| one["id"] == id).unwrap();
    assert_eq!(closed["resolved"]["by"]["person"], "district");
    assert_eq!(closed["taken"]["role"], "DRO");
    let history = observer.get(&path).json()["history"].clone();
    let kinds: Vec<&str> =
        history.as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        [
            "custody.registered",
            "custody.offered",
            "custody.received",
            "custody.departed",
            "custody.arrived",
            "custody.offered",
            "custody.received",
        ]
    );
    let row = observer.get("/api/custody").json()["areas"][0].clone();
    assert_eq!((&row["area"], &row["awaited"]), (&json!(EAST), &json!(0)));
}

#[test]
fn a_form_is_coded_typed_blind_and_compared_by_two() {
    let house = House::planned();
    let first = house.first();
    let returning = house.person(&first, "returning", &["RO"], EAST);
    let counter = house.person(&first, "counter", &["ARO"], EAST);
    let officer = house.person(&first, "officer", &["PO"], EAST);
    let at = before(&officer);
    let totals = |valid: u32| {
        json!({ "registered": 1418, "received": 1500, "issued": 684, "unissued": 816, "in_box": 680,
            "spoilt": 4, "unaccounted": 0, "valid": valid, "rejected": 680 - valid, "roll_marks": 684 })
    };
    let (image, sealed) = ("ab".repeat(32), "cd".repeat(32));
    let about = |deed: &str| json!({ "deed": deed, "station": "NA-262-7", "contest": "NA-262" });
    let with = |deed: &str, more: Value| {
        let mut act = about(deed);
        act.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        act
    };
    let counted = with(
        "count",
        json!({ "totals": totals(668), "agents": 3, "posted": true, "copies": 3,
            "sheets": [{ "form": "F45", "image": image, "sealed": sealed }] }),
    );
    let signed = done(&officer, at, &counted);
    let code = signed["codes"][0].as_str().unwrap().to_owned();
    assert_eq!(code.len(), 9);
    let typed = |valid: u32, code: &str| {
        with(
            "read-form",
            json!({ "desk": "reception", "totals": totals(valid), "codes": [{ "form": "F45", "code": code }] }),
        )
    };
    done(&counter, at, &typed(668, &code));
    assert_eq!(board(&returning)["exceptions"], json!([]));
    let word = |same: bool, first: Option<&str>| {
        with("compare", json!({ "form": "F45", "desk": "reception", "same": same, "first": first }))
    };
    let one = done(&counter, at, &word(true, None))["entries"][0].as_str().unwrap().to_owned();
    let again = act(&counter, at, &word(true, Some(&one)));
    assert_eq!((again.status, again.code()), (403, "same-person-twice".to_owned()));
    done(&returning, at, &word(true, Some(&one)));
    assert_eq!(board(&returning)["exceptions"], json!([]));
    done(&counter, at, &typed(600, &code));
    assert_eq!(rules(&board(&returning)["exceptions"]), BTreeSet::from(["X17".to_owned()]));
    let burnt = returning.get(&format!("/api/custody/survival?area={EAST}")).json();
    assert_eq!(burnt["of"], 1);
    let copies = burnt["stations"][0]["copies"].as_array().unwrap();
    let fate = |copy: &str| copies.iter().find(|it| it["copy"] == copy).unwrap()["fate"].clone();
    assert_eq!((fate("wall"), fate("returning-office")), (json!("survives"), json!("lost")));
    assert_eq!(fate("image"), "lost", "this node does not hold its sealed bytes");
}

#[test]
fn an_absent_office_is_released_by_two_and_never_by_one() {
    let house = House::planned();
    let first = house.first();
    let returning = house.person(&first, "returning", &["RO"], EAST);
    let district = house.person(&first, "district", &["DRO", "ARO"], EAST);
    let deputy = house.person(&first, "deputy", &["ARO"], EAST);
    let observer = house.person(&first, "watcher", &["OBS"], EAST);
    let at = before(&returning);
    done(&returning, at, &json!({ "deed": "register", "items": [bag("NA-262-7", "S-41")] }));
    let wish = json!({ "deed": "propose", "items": ["NA-262-7-BAG"], "absent": "RO", "reason": "in hospital since noon" });
    let release = done(&district, at, &wish)["entries"][0].as_str().unwrap().to_owned();
    let seen = board(&observer)["releases"][0].clone();
    assert_eq!((&seen["id"], &seen["absent"]), (&json!(release), &json!("RO")));
    let read = json!([{ "item": "NA-262-7-BAG", "seals": ["S-41"] }]);
    let approve = json!({ "deed": "approve", "release": release, "read": read });
    let alone = act(&district, at, &approve);
    assert_eq!((alone.status, alone.code()), (403, "same-person-twice".to_owned()));
    done(&deputy, at, &approve);
    let item = observer.get(&format!("/api/custody/items/NA-262-7-BAG?area={EAST}")).json();
    assert_eq!(item["row"]["holder"], "deputy (ARO)");
    assert_eq!(board(&observer)["releases"], json!([]));
}

/// One presiding officer at a counter: what they bring is found by the scanned station, its seals are read, it is
/// received.
fn receive(counter: &Browser, station: &str, seal: &str, at: i64) -> BTreeSet<String> {
    let found = counter.get(&format!("/api/custody/desk?area={EAST}&code={station}")).json();
    let offer = found[0]["id"].as_str().unwrap_or_else(|| panic!("{station}: {found}")).to_owned();
    let read: Vec<Value> = found[0]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| json!({ "item": it["item"], "seals": [seal] }))
        .collect();
    let deed = json!({ "deed": "receive", "offer": offer, "read": read });
    rules(&done(counter, at, &deed)["exceptions"])
}

#[expect(clippy::print_stdout, reason = "says how long the counters took")]
#[test]
fn four_hundred_presiding_officers_are_received_at_six_counters() {
    let house = House::planned();
    let first = house.first();
    let returning = house.person(&first, "returning", &["RO"], EAST);
    let officer = house.person(&first, "officer", &["PO"], EAST);
    let counters: Vec<Browser> = (0..COUNTERS)
        .map(|number| house.person(&first, &format!("counter-{number}"), &["ARO"], EAST))
        .collect();
    let at = before(&returning);
    let station = |number: usize| format!("NA-262-{number}");
    let seal = |number: usize| format!("S-{number:04}");
    let items: Vec<Value> =
        (0..ARRIVALS).map(|number| bag(&station(number), &seal(number))).collect();
    done(&officer, at, &json!({ "deed": "register", "items": items }));
    for number in 0..ARRIVALS {
        let items = json!([format!("{}-BAG", station(number))]);
        let offer = json!({ "deed": "offer", "step": "C13", "items": items, "to": "ARO" });
        done(&officer, at + MINUTE_MS, &offer);
    }
    let next = AtomicUsize::new(0);
    let started = std::time::Instant::now();
    let one = |counter: &Browser| {
        let mut times = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= ARRIVALS {
                return times;
            }
            // One in a hundred has another seal than the one that was put on.
            let read = if number % 100 == 99 { "S-9999".to_owned() } else { seal(number) };
            let begun = std::time::Instant::now();
            let found = receive(counter, &station(number), &read, at + 2 * MINUTE_MS);
            times.push(begun.elapsed().as_millis());
            assert_eq!(found.contains("X03"), number % 100 == 99, "{number}: {found:?}");
        }
    };
    let mut times: Vec<u128> = std::thread::scope(|scope| {
        let threads: Vec<_> = counters
            .iter()
            .map(|counter| {
                let one = &one;
                scope.spawn(move || one(counter))
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    times.sort_unstable();
    let (all, p95) = (started.elapsed().as_millis(), times[ARRIVALS * 95 / 100]);
    println!(
        "{ARRIVALS} arrivals at {COUNTERS} counters: {all} ms in all, p95 {p95} ms an arrival"
    );
    let end = board(&returning);
    assert_eq!(end["offers"], json!([]), "nobody is left standing");
    let mismatched: Vec<&Value> =
        end["exceptions"].as_array().unwrap().iter().filter(|one| one["rule"] == "X03").collect();
    assert_eq!(mismatched.len(), ARRIVALS / 100);
}
