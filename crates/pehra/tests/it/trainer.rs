//! Lessons of an exercise: a net, a watch, a class; judged, told, and forgotten.

use crate::{drill::exercise, house::House};
use serde_json::{Value, json};

#[test]
fn a_net_is_learnt_with_the_plans_own_call_signs_and_the_rooms_own_grammar() {
    let (house, _stage) = exercise();
    let chief = house.first();
    let before = house.node.log_heads().unwrap();
    let ask = "/api/trainer/net?seed=7&level=3&count=20";
    let lesson = chief.get(ask).json();
    assert_eq!(lesson, chief.get(ask).json(), "the same words, the same lesson");
    let district = lesson["district"].as_str().unwrap();
    let plan = chief.get(&format!("/api/communications/district?district={district}")).json();
    let members = lesson["members"].as_array().unwrap();
    assert!(members.len() >= 2);
    for member in members {
        let listed = plan["stations"].as_array().unwrap().iter();
        let listed = listed.into_iter().find(|it| it["id"] == member["station"]).unwrap();
        assert_eq!(listed["call_sign"], member["call_sign"], "as on every card");
    }
    let messages = lesson["messages"].as_array().unwrap();
    assert!(messages.len() >= 8, "{}", messages.len());
    let entered = |line: &dyn Fn(usize) -> String, asked: u32| -> Value {
        let all = (0..messages.len())
            .map(|at| json!({ "message": at, "line": line(at), "asked": asked, "took_ms": 2_500 }));
        let body = json!({ "entered": all.collect::<Vec<_>>() });
        let answer = chief.post(ask, &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    };
    let nothing = entered(&|_| String::new(), 0);
    assert_eq!((&nothing["score"], &nothing["missed"]), (&json!(0), &json!(messages.len())));
    let wanted = |at: usize| nothing["lines"][at]["wanted"].as_str().unwrap().to_owned();
    let whole = entered(&|at| wanted(at).to_lowercase(), 1);
    assert_eq!(whole["right"], json!(messages.len()), "{whole}");
    let net = lesson["net"].as_str().unwrap();
    assert_eq!(entered(&|at| format!("{net} {}", wanted(at)), 1)["right"], whole["right"]);
    assert_eq!(entered(&|at| format!("D{}", wanted(at)), 1)["right"], json!(0));
    assert_eq!(entered(&|_| "what?".to_owned(), 0)["lines"][0]["verdict"], "unreadable");
    assert!(whole["mark"].as_str().unwrap().contains("EXERCISE"));
    assert_eq!(house.node.log_heads().unwrap(), before, "nothing of whoever learns is kept");
}

#[test]
fn a_watch_is_judged_by_the_taxonomy_and_a_class_by_raised_hands() {
    let (house, _stage) = exercise();
    let chief = house.first();
    let before = house.node.log_heads().unwrap();
    let ask = "/api/trainer/watch?seed=7&level=3";
    let lesson = chief.get(ask).json();
    let items = lesson["items"].as_array().unwrap();
    assert!(items.len() >= 6, "{lesson}");
    let none = (0..items.len()).map(|at| json!({ "item": at, "acts": [] }));
    let sheet = chief.post(ask, &json!({ "done": none.collect::<Vec<_>>() })).json();
    assert_eq!(sheet["missed"], json!(items.len()));
    // Whatever the sheet says was to be done, done in a second.
    let lines = sheet["lines"].as_array().unwrap();
    let act = |wanted: &Value| {
        let give = wanted["deed"] == "give";
        json!({ "deed": wanted["deed"], "whom": if give { wanted["whom"][0].clone() } else { Value::Null }, "after_ms": 1_000 })
    };
    let done = lines.iter().map(|line| {
        let acts: Vec<Value> = line["wanted"].as_array().unwrap().iter().map(act).collect();
        json!({ "item": line["item"], "acts": acts })
    });
    let sheet = chief.post(ask, &json!({ "done": done.collect::<Vec<_>>() })).json();
    assert_eq!((&sheet["score"], &sheet["right"]), (&json!(100), &json!(items.len())), "{sheet}");
    let nobody = json!({ "done": [{ "item": 0, "acts": [{ "deed": "give", "after_ms": 1 }] }] });
    assert_eq!(chief.post(ask, &nobody).status, 422, "something is given to somebody");

    let ask = "/api/trainer/class?seed=7&modules=1,2&count=5";
    let lesson = chief.get(ask).json();
    let situations = lesson["situations"].as_array().unwrap();
    assert_eq!(situations.len(), 5);
    let hands: Vec<Vec<u32>> = situations
        .iter()
        .map(|it| {
            let right = usize::try_from(it["right"].as_u64().unwrap()).unwrap();
            (0..4).map(|at| if at == right { 30 } else { 0 }).collect()
        })
        .collect();
    let sheet = chief.post(ask, &json!({ "hands": hands })).json();
    assert_eq!((&sheet["percent"], &sheet["all"]), (&json!(100), &json!(150)));
    assert_eq!(chief.get("/api/trainer/class?seed=7&modules=44").status, 422);
    assert_eq!(house.node.log_heads().unwrap(), before, "nothing of whoever learns is kept");
}

#[test]
fn a_real_election_gives_no_lessons_and_nobody_learns_beyond_their_area() {
    let (house, _stage) = exercise();
    let chief = house.first();
    for wrong in ["level=4", "count=0", "count=61", "district=pk/punjab/nowhere"] {
        for lesson in ["net", "watch"] {
            let answer = chief.get(&format!("/api/trainer/{lesson}?seed=7&{wrong}"));
            assert!(matches!(answer.status, 403 | 422), "{lesson} {wrong}: {}", answer.text());
        }
    }
    let real = House::planned();
    let chief = real.first();
    for lesson in ["net", "watch", "class"] {
        let answer = chief.get(&format!("/api/trainer/{lesson}?seed=7"));
        assert_eq!((answer.status, answer.code().as_str()), (422, "drill-impossible"), "{lesson}");
    }
}
