//! The live stream: resumed, ended, and never held up by somebody who does not read.

use crate::{client::Listening, house::House};
use pehra::live::RING_DELTAS_MAX;
use serde_json::json;

#[test]
fn a_delta_reaches_the_screen_and_a_reconnect_misses_nothing() {
    let house = House::empty();
    let first = house.first();
    let mut stream = Listening::open(&first, None);
    let hello = stream.next().unwrap();
    assert_eq!(hello.event, "hello");
    house.node.live().publish("lock", json!({ "n": 1 }));
    let told = stream.next().unwrap();
    assert_eq!((told.event.as_str(), &told.data["topic"]), ("delta", &json!("lock")));
    assert_eq!(told.id, hello.id + 1);
    drop(stream);
    house.node.live().publish("lock", json!({ "n": 2 }));
    house.node.live().publish("lock", json!({ "n": 3 }));
    let mut again = Listening::open(&first, Some(told.id));
    assert_eq!(again.next().unwrap().data["n"], 2);
    assert_eq!(again.next().unwrap().data["n"], 3);
}

#[test]
fn who_comes_back_too_late_is_told_to_start_afresh() {
    let house = House::empty();
    let first = house.first();
    for n in 0..RING_DELTAS_MAX + 10 {
        house.node.live().publish("lock", json!({ "n": n }));
    }
    let mut stream = Listening::open(&first, Some(1));
    let reset = stream.next().unwrap();
    assert_eq!((reset.event.as_str(), reset.id), ("reset", house.node.live().newest()));
    house.node.live().publish("lock", json!({ "n": "next" }));
    assert_eq!(stream.next().unwrap().data["n"], "next");
}

#[test]
fn a_reader_that_stops_reading_slows_nobody() {
    let house = House::empty();
    let first = house.first();
    let stuck: Vec<Listening> = (0..8).map(|_| Listening::open(&first, None)).collect();
    let mut reading = Listening::open(&first, None);
    assert_eq!(reading.next().unwrap().event, "hello");
    // Far more than the sockets of the stuck readers hold: 60 MB.
    let ballast = "x".repeat(10_000);
    let last = std::thread::scope(|scope| {
        let publishing = scope.spawn(|| {
            for n in 0..6_000 {
                house.node.live().publish("lock", json!({ "n": n, "ballast": ballast }));
            }
            house.node.live().publish("lock", json!({ "n": "last" }))
        });
        // Whoever reads gets to the end, at the worst over a reset.
        loop {
            let told = reading.next().unwrap();
            if told.data["n"] == "last" || told.event == "reset" {
                break;
            }
        }
        publishing.join().unwrap()
    });
    assert_eq!(first.get("/api/node").status, 200, "others are answered meanwhile");
    assert_eq!(house.node.live().newest(), last);
    drop(stuck);
}

#[test]
fn a_stream_ends_with_its_session_and_with_the_room() {
    let mut house = House::empty();
    let first = house.first();
    let other = first.sign_in("first", crate::house::PASSWORD);
    let mut ended = Listening::open(&first, None);
    let mut open = Listening::open(&other, None);
    assert!(ended.next().is_some() && open.next().is_some());
    assert_eq!(first.json("DELETE", "/api/session", &json!({})).status, 204);
    house.node.live().publish("lock", json!({}));
    // One delta may already be on its way; after it nothing comes.
    while ended.next().is_some() {}
    assert_eq!(open.next().unwrap().data["topic"], "lock");
    house.stop();
    assert_eq!(open.next(), None, "the room waits for nobody");
}
