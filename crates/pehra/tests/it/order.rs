//! Orders in the room: given to roles, read and carried out by those who hold them, and nobody else.

use crate::{client::Browser, house::House};
use serde_json::{Value, json};

const EAST: &str = "pk/balochistan/quetta";

fn wish() -> Value {
    json!({ "area": EAST, "to": ["SHO"], "priority": "urgent", "text": "Hold the convoy at the bridge",
        "minutes": 30, "runner": "rider 7" })
}

fn only(browser: &Browser) -> Value {
    let all = browser.get("/api/orders").json();
    assert_eq!(all["orders"].as_array().unwrap().len(), 1, "{all}");
    all["orders"][0].clone()
}

#[test]
fn an_order_is_read_and_carried_out_by_its_addressee_and_nobody_else() {
    let house = House::planned();
    let first = house.first();
    let officer = house.person(&first, "officer", &["SHO"], EAST);
    let away = house.person(&first, "away", &["SHO"], "pk/punjab/lahore");
    let observer = house.person(&first, "watcher", &["OBS"], EAST);
    let given = first.post("/api/orders", &wish());
    assert_eq!(given.status, 200, "{}", given.text());
    let row = only(&first);
    let id = row["id"].as_str().unwrap();
    assert_eq!(row["addressees"].as_array().unwrap().len(), 1);
    assert_eq!(row["addressees"][0]["person"], "officer");
    assert_eq!(row["addressees"][0]["reach"], "here");
    assert!(row["addressees"][0]["received_ms"].is_number(), "it is read on this node");
    assert_eq!(only(&officer)["unread"], true);
    assert_eq!(away.get("/api/orders").json()["orders"], json!([]));
    assert_eq!(observer.get("/api/orders").status, 403);
    for stranger in [&away, &first] {
        let refused = stranger.post(&format!("/api/orders/{id}/read"), &json!({}));
        assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("order-not-addressed")));
    }
    assert_eq!(officer.post("/api/orders", &wish()).status, 403, "an officer gives none");
    let read = officer.post(&format!("/api/orders/{id}/read"), &json!({}));
    assert_eq!(read.status, 200, "{}", read.text());
    assert_eq!(read.json()["unread"], 0);
    let done = officer.post(&format!("/api/orders/{id}/act"), &json!({ "note": "held at 05:52" }));
    assert_eq!(done.status, 200, "{}", done.text());
    let row = only(&first);
    assert!(
        row["addressees"][0]["read_ms"].is_number() && row["addressees"][0]["acted_ms"].is_number()
    );
    assert_eq!(row["notes"][0]["text"], "held at 05:52");
    let ended =
        first.post(&format!("/api/orders/{id}/withdraw"), &json!({ "reason": "road open" }));
    assert_eq!(ended.status, 200, "{}", ended.text());
    assert_eq!(only(&officer)["withdrawn"]["text"], "road open");
    let late = officer.post(&format!("/api/orders/{id}/act"), &json!({}));
    assert_eq!((late.status, &late.json()["code"]), (409, &json!("order-withdrawn")));
}

#[test]
fn an_order_without_sense_is_refused_in_both_languages() {
    let house = House::planned();
    let first = house.first();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut wish = wish();
        change(&mut wish);
        first.post("/api/orders", &wish)
    };
    let nobody = with(&|wish| wish["to"] = json!([]));
    assert_eq!((nobody.status, &nobody.json()["code"]), (409, &json!("order-to-nobody")));
    assert!(nobody.json()["text_ur"].as_str().unwrap().contains("وصول کنندگان"));
    assert_eq!(with(&|wish| wish["to"] = json!(["POPE"])).status, 422);
    let named = with(&|wish| wish["runner"] = json!("42101-1234567-1"));
    assert_eq!(named.json()["code"], "identity-number");
    assert!(!named.text().contains("42101"));
    let setup = first.get("/api/orders/addressees").json();
    assert!(setup["roles"].as_array().unwrap().contains(&json!("SHO")));
    assert!(!setup["roles"].as_array().unwrap().contains(&json!("OBS")));
    assert!(setup["areas"].as_array().unwrap().contains(&json!(EAST)));
}
