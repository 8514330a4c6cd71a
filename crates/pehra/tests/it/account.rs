//! First start, sign-in, roles.

use crate::house::{House, PASSWORD, TOKEN};
use pehra::{
    auth::throttle::ACCOUNT_FREE,
    node::{DEMO_PERSON, OpenOptions},
};
use pehra_domain::PersonId;
use serde_json::json;

#[test]
fn the_first_account_is_opened_once_and_only_with_the_printed_token() {
    let house = House::empty();
    let browser = house.browser();
    assert_eq!(browser.get("/api/setup").json()["first_start"], true);
    let wish = |token: &str, password: &str| json!({ "token": token, "person": "first", "name": "Planner", "password": password });
    let wrong = browser.post("/api/setup", &wish("0123", PASSWORD));
    assert_eq!((wrong.status, wrong.code().as_str()), (403, "setup-token-wrong"));
    let weak = browser.post("/api/setup", &wish(TOKEN, "short"));
    assert_eq!((weak.status, weak.code().as_str()), (422, "password-too-short"));
    let first = house.first();
    let session = first.get("/api/session").json();
    assert_eq!((session["person"].as_str(), session["area"].as_str()), (Some("first"), Some("pk")));
    let permissions = session["permissions"].as_array().unwrap();
    assert!(permissions.iter().any(|permission| permission == "user.role_grant"));
    assert_eq!(browser.get("/api/setup").json()["first_start"], false);
    let again = browser.post("/api/setup", &wish(TOKEN, PASSWORD));
    assert_eq!((again.status, again.code().as_str()), (409, "setup-over"));
}

#[test]
fn signing_out_ends_the_session() {
    let house = House::empty();
    let first = house.first();
    assert_eq!(first.get("/api/node").status, 200);
    assert_eq!(first.json("DELETE", "/api/session", &json!({})).status, 204);
    assert_eq!(first.get("/api/node").status, 401);
    let again = first.sign_in("first", PASSWORD);
    assert_eq!(again.get("/api/session").status, 200);
}

#[test]
fn who_guesses_is_held_back() {
    let house = House::empty();
    house.first();
    let browser = house.browser();
    let guess = |person: &str| {
        browser.post("/api/session", &json!({ "person": person, "password": "wrong wrong wrong" }))
    };
    for _ in 0..=ACCOUNT_FREE {
        let answer = guess("first");
        assert_eq!((answer.status, answer.code().as_str()), (401, "credentials-wrong"));
    }
    let held = guess("first");
    assert_eq!((held.status, held.code().as_str()), (429, "too-many-tries"));
    assert!(held.headers["retry-after"].parse::<u64>().unwrap() >= 1);
    // An account that does not exist answers in the same words.
    assert_eq!(guess("nobody").code(), "credentials-wrong");
}

#[test]
fn the_console_has_no_password_and_nobody_signs_in_as_it() {
    let house = House::empty();
    for password in ["", "console", "password"] {
        let wish = json!({ "person": "console", "password": password });
        assert_eq!(house.browser().post("/api/session", &wish).status, 401);
    }
}

#[test]
fn a_role_needs_two_persons() {
    let house = House::empty();
    let first = house.first();
    let second = house.second(&first);
    let wish = json!({ "person": "officer", "name": "Officer", "password": PASSWORD });
    assert_eq!(first.post("/api/persons", &wish).status, 200);
    let officer = first.sign_in("officer", PASSWORD);
    assert_eq!(officer.get("/api/session").json()["roles"], json!([]));
    assert_eq!(officer.get("/api/plans").status, 403);
    let wish = json!({ "role": "DRO", "area": "pk/sindh", "reason": "district officer" });
    let granted = first.post("/api/persons/officer/roles", &wish).json();
    let officer_now =
        granted.as_array().unwrap().iter().find(|p| p["person"] == "officer").unwrap();
    let grant = officer_now["roles"][0]["grant"].as_str().unwrap();
    assert_eq!(officer.get("/api/plans").status, 403, "a grant alone gives nothing");
    let path = format!("/api/persons/officer/roles/{grant}/approve");
    let own = first.post(&path, &json!({}));
    assert_eq!((own.status, own.code().as_str()), (403, "same-person-twice"));
    assert_eq!(second.post(&path, &json!({})).status, 200);
    assert_eq!(officer.get("/api/plans").status, 200, "the approved role holds at once");
    let outside = json!({ "role": "DRO", "area": "pk", "reason": "wider" });
    assert_eq!(officer.post("/api/persons/officer/roles", &outside).status, 403);
}

#[test]
fn the_demo_signs_in_without_a_password_only_on_a_demo_node() {
    let real = House::open(&OpenOptions::default(), |config| {
        config.demo_person = PersonId::try_new(DEMO_PERSON).ok();
    });
    assert_eq!(real.browser().post("/api/session/demo", &json!({})).status, 404);
    let demo = House::open(&OpenOptions::synthetic(), |config| {
        config.demo_person = PersonId::try_new(DEMO_PERSON).ok();
    });
    let state = demo.browser().get("/api/setup").json();
    assert_eq!((&state["demo"], &state["synthetic"]), (&json!(true), &json!(true)));
    let answer = demo.browser().post("/api/session/demo", &json!({}));
    let planner = demo.browser().keep(&answer);
    let node = planner.get("/api/node").json();
    assert_eq!(node["watermark"], "EXERCISE · مشق · SYNTHETIC DATA");
    assert_eq!((&node["exercise"], &state["exercise"]), (&json!(true), &json!(true)));
}

#[test]
fn a_person_changes_the_own_password_with_the_old_one() {
    let house = House::empty();
    let first = house.first();
    let elsewhere = first.sign_in("first", PASSWORD);
    let new = "another river, another stone";
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    let path = "/api/session/password";
    let wrong = first.json("PUT", path, &change("not the password", new));
    assert_eq!((wrong.status, wrong.code().as_str()), (403, "password-wrong"));
    let weak = first.json("PUT", path, &change(PASSWORD, "short"));
    assert_eq!((weak.status, weak.code().as_str()), (422, "password-too-short"));
    assert_eq!(elsewhere.get("/api/session").status, 200, "a refusal ends no session");
    let changed = first.json("PUT", path, &change(PASSWORD, new));
    let now = house.browser().keep(&changed);
    assert_eq!(now.get("/api/session").json()["person"], "first");
    assert_eq!(first.get("/api/session").status, 401, "the old session is over");
    assert_eq!(elsewhere.get("/api/session").status, 401, "the others too");
    let old = json!({ "person": "first", "password": PASSWORD });
    assert_eq!(house.browser().post("/api/session", &old).code(), "credentials-wrong");
    assert_eq!(first.sign_in("first", new).get("/api/session").status, 200);
}

#[test]
fn who_guesses_at_an_open_screen_is_held_back() {
    let house = House::empty();
    let first = house.first();
    let guess = || {
        let wish = json!({ "old": "wrong wrong wrong", "new": "another river, another stone" });
        first.json("PUT", "/api/session/password", &wish)
    };
    for _ in 0..=ACCOUNT_FREE {
        assert_eq!(guess().code(), "password-wrong");
    }
    assert_eq!((guess().status, guess().code().as_str()), (429, "too-many-tries"));
}

#[test]
fn a_closed_account_is_out_at_once_and_stays_out() {
    let house = House::empty();
    let first = house.first();
    let officer = house.person(&first, "officer", &["DRO"], "pk/sindh");
    assert_eq!(officer.get("/api/plans").status, 200);
    let reason = json!({ "reason": "posted elsewhere" });
    let refused = officer.json("DELETE", "/api/persons/first", &reason);
    assert_eq!((refused.status, refused.code().as_str()), (403, "role-lacks-permission"));
    let own = first.json("DELETE", "/api/persons/first", &reason);
    assert_eq!((own.status, own.code().as_str()), (422, "value-refused"));
    let silent = first.json("DELETE", "/api/persons/officer", &json!({ "reason": "" }));
    assert_eq!(silent.status, 422, "a reason is asked for: {}", silent.text());
    let closed = first.json("DELETE", "/api/persons/officer", &reason);
    assert_eq!(closed.status, 200, "{}", closed.text());
    let persons = closed.json();
    let row =
        persons.as_array().unwrap().iter().find(|person| person["person"] == "officer").unwrap();
    assert_eq!(row["state"], "closed");
    assert_eq!(officer.get("/api/session").status, 401);
    let again = json!({ "person": "officer", "password": PASSWORD });
    assert_eq!(house.browser().post("/api/session", &again).code(), "credentials-wrong");
    assert_eq!(first.json("DELETE", "/api/persons/officer", &reason).status, 409, "only once");
    assert_eq!(first.json("DELETE", "/api/persons/nobody", &reason).status, 409);
}

#[test]
fn a_grant_is_refused_and_a_role_is_taken_away() {
    let house = House::empty();
    let first = house.first();
    let second = house.second(&first);
    let wish = json!({ "person": "officer", "name": "Officer", "password": PASSWORD });
    assert_eq!(first.post("/api/persons", &wish).status, 200);
    let officer = first.sign_in("officer", PASSWORD);
    let roles = |persons: &serde_json::Value| -> Vec<(String, String)> {
        let all = persons.as_array().unwrap();
        let officer = all.iter().find(|person| person["person"] == "officer").unwrap();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let roles = officer["roles"].as_array().unwrap().iter();
        roles.map(|role| (text(&role["grant"]), text(&role["state"]))).collect()
    };
    let grant = |area: &str| {
        let wish = json!({ "role": "DRO", "area": area, "reason": "district officer" });
        let granted = first.post("/api/persons/officer/roles", &wish).json();
        roles(&granted).into_iter().find(|(_, state)| state == "granted").unwrap().0
    };
    let reason = json!({ "reason": "not needed" });
    let refused = grant("pk/sindh");
    let path = format!("/api/persons/officer/roles/{refused}");
    let other = format!("/api/persons/second/roles/{refused}/refuse");
    assert_eq!(second.post(&other, &reason).status, 404, "no grant of that person");
    let answer = second.post(&format!("{path}/refuse"), &reason);
    assert_eq!(roles(&answer.json()), [(refused.clone(), "refused".to_owned())]);
    let late = second.post(&format!("{path}/approve"), &json!({}));
    assert_eq!(late.status, 409, "a refused grant is over: {}", late.text());

    let held = grant("pk/punjab");
    let path = format!("/api/persons/officer/roles/{held}");
    assert_eq!(second.post(&format!("{path}/approve"), &json!({})).status, 200);
    assert_eq!(officer.get("/api/plans").status, 200);
    assert_eq!(officer.json("DELETE", &path, &reason).status, 403, "not by who holds it");
    let answer = first.json("DELETE", &path, &reason);
    assert!(roles(&answer.json()).contains(&(held, "revoked".to_owned())), "{}", answer.text());
    assert_eq!(officer.get("/api/plans").status, 403, "the role is gone at once");
    assert_eq!(officer.get("/api/session").status, 200, "the account is not");
}
