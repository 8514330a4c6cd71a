//! Two people, two browsers, two keys: what needs both is never done by one, nor by whoever keeps the node.

use crate::{
    client::{Answer, Browser},
    house::House,
};
use pehra_ledger::{
    Cosignature, SigningKey,
    certificate::Body,
    hash::unhex,
    header::entry_hash,
    request::{Request, Wish},
};
use serde_json::{Value, json};

/// A person at a page that holds their key.
struct Holder {
    browser: Browser,
    key: SigningKey,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(value: &Value) -> Vec<u8> {
    unhex(value.as_str().unwrap()).unwrap()
}

/// The signatures that an answer asks for, as the header that goes with the next try.
fn signed(answer: &Answer, key: &SigningKey) -> String {
    let sign = &answer.json()["sign"];
    let signatures = sign["parts"].as_array().unwrap().iter().map(|part| {
        let header = entry_hash(&bytes(&part["header"]));
        let signature = Cosignature::sign(key, part["part"].as_str().unwrap(), &header).unwrap();
        hex(&signature.signature.0)
    });
    let signatures: Vec<String> = signatures.collect();
    format!("{}:{}", sign["draft"].as_str().unwrap(), signatures.join(","))
}

impl Holder {
    /// Asks for a certificate of the key and answers the request's text.
    fn ask(&self) -> String {
        let wish = json!({ "key": hex(&self.key.public().0) });
        let draft = self.browser.post("/api/trust/own-key", &wish);
        assert_eq!(draft.status, 200, "{}", draft.text());
        let draft = draft.json();
        let body = Wish::decode(&bytes(&draft["body"])).unwrap();
        assert_eq!(bytes(&draft["to_sign"]), Request::to_sign(&body));
        let request = Request::sign(body, &[&self.key]).unwrap().encode();
        let signature = hex(&request[request.len() - 64..]);
        let asked = json!({ "body": draft["body"], "signature": signature });
        let asked = self.browser.post("/api/trust/requests", &asked);
        assert_eq!(asked.status, 200, "{}", asked.text());
        asked.json()["text"].as_str().unwrap().to_owned()
    }

    /// Does something, signing as often as the node asks; answers how often that was.
    fn act(&self, method: &str, path: &str, body: &Value) -> (Answer, u32) {
        let mut answer = self.browser.json(method, path, body);
        for round in 0..4 {
            if answer.status != 428 {
                return (answer, round);
            }
            let signed = signed(&answer, &self.key);
            let key = self.key.id().to_string();
            let headers = [
                ("content-type", "application/json"),
                ("x-pehra-signed", signed.as_str()),
                ("x-pehra-key", key.as_str()),
            ];
            answer = self.browser.send(method, path, &headers, body.to_string().as_bytes());
        }
        panic!("asked for a fifth signature: {}", answer.text())
    }
}

fn certify(by: &Browser, request: &str, roles: &[&str]) -> Answer {
    let until = 4_000_000_000_000_u64;
    let wish = json!({ "request": request, "area": "pk", "roles": roles, "not_after_ms": until });
    by.post("/api/trust/certificates", &wish)
}

fn grants(persons: &Value, person: &str) -> Vec<(String, String)> {
    let all = persons.as_array().unwrap();
    let found = all.iter().find(|one| one["person"] == person).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let roles = found["roles"].as_array().unwrap().iter();
    roles.map(|role| (text(&role["grant"]), text(&role["state"]))).collect()
}

struct Two {
    house: House,
    first: Holder,
    second: Holder,
}

/// The first two accounts of a node, each with a key behind which the node's root stands.
fn two() -> Two {
    let house = House::empty();
    let first = house.first();
    let second = house.second(&first);
    let wish =
        json!({ "person": "officer", "name": "Officer", "password": crate::house::PASSWORD });
    assert_eq!(first.post("/api/persons", &wish).status, 200);
    let first = Holder { browser: first, key: SigningKey::from_seed([41; 32]) };
    let second = Holder { browser: second, key: SigningKey::from_seed([42; 32]) };
    for (holder, roles) in [(&first, ["PEC", "SECOFF"].as_slice()), (&second, &["PEC"])] {
        let request = holder.ask();
        let by_holder = certify(&second.browser, &request, roles);
        assert_eq!(by_holder.status, 403, "approving is not enrolling");
        let certified = certify(&first.browser, &request, roles);
        assert_eq!(certified.status, 200, "{}", certified.text());
    }
    Two { house, first, second }
}

#[test]
fn a_role_is_granted_and_approved_by_two_persons_own_keys() {
    let Two { house, first, second } = two();
    let trust = first.browser.get("/api/trust").json();
    assert_eq!(trust["certificates"].as_array().unwrap().len(), 2, "{trust}");
    assert_eq!(trust["requests"], json!([]), "a granted request waits no more");
    let wish = json!({ "role": "DRO", "area": "pk/sindh", "reason": "district officer" });
    let path = "/api/persons/officer/roles";
    let entries = house.node.info().entries;
    let unsigned = first.browser.post(path, &wish);
    assert_eq!((unsigned.status, unsigned.code().as_str()), (428, "unsigned"));
    assert_eq!(house.node.info().entries, entries, "nothing was kept without the key");
    let (granted, rounds) = first.act("POST", path, &wish);
    assert_eq!((granted.status, rounds), (200, 1), "{}", granted.text());
    let (grant, state) = grants(&granted.json(), "officer").remove(0);
    assert_eq!(state, "granted");
    let path = format!("{path}/{grant}/approve");
    let (alone, _) = first.act("POST", &path, &json!({}));
    assert_eq!((alone.status, alone.code().as_str()), (403, "same-person-twice"));
    let (approved, rounds) = second.act("POST", &path, &json!({}));
    assert_eq!((approved.status, rounds), (200, 2), "the first's header, then the own");
    assert_eq!(grants(&approved.json(), "officer")[0].1, "approved");
    let node = first.browser.get("/api/node").json();
    assert_eq!(node["withheld"], 0, "{node}");
}

#[test]
fn one_key_does_not_sign_for_another_person() {
    let Two { house: _house, first, second } = two();
    let wish = json!({ "role": "DRO", "area": "pk/sindh", "reason": "district officer" });
    let (granted, _) = first.act("POST", "/api/persons/officer/roles", &wish);
    let grant = grants(&granted.json(), "officer").remove(0).0;
    let path = format!("/api/persons/officer/roles/{grant}/approve");
    // The first person, or whoever keeps the node, has the second's password and session, but not their key.
    let stolen = Holder { browser: second.browser.clone(), key: SigningKey::from_seed([41; 32]) };
    let mut answer = stolen.browser.post(&path, &json!({}));
    for _ in 0..3 {
        assert_eq!(answer.status, 428, "{}", answer.text());
        let signed = signed(&answer, &stolen.key);
        let headers = [("content-type", "application/json"), ("x-pehra-signed", signed.as_str())];
        answer = stolen.browser.send("POST", &path, &headers, b"{}");
    }
    assert_eq!(answer.status, 428, "no signature but the second's own will do");
    let persons = first.browser.get("/api/persons").json();
    assert_eq!(grants(&persons, "officer")[0].1, "granted");
}

#[test]
fn a_signature_for_one_act_is_none_for_another() {
    let Two { house: _house, first, .. } = two();
    let wish = |area: &str| json!({ "role": "DRO", "area": area, "reason": "district officer" });
    let path = "/api/persons/officer/roles";
    let asked = first.browser.post(path, &wish("pk/sindh"));
    let signature = signed(&asked, &first.key);
    let headers = [("content-type", "application/json"), ("x-pehra-signed", signature.as_str())];
    let other = wish("pk/punjab").to_string();
    let answer = first.browser.send("POST", path, &headers, other.as_bytes());
    assert_eq!(answer.status, 428, "the signature lies with the act that it was made for");
    let malformed = [("content-type", "application/json"), ("x-pehra-signed", "nonsense")];
    let answer = first.browser.send("POST", path, &malformed, other.as_bytes());
    assert_eq!((answer.status, answer.code().as_str()), (400, "malformed"));
}

#[test]
fn a_key_that_was_taken_back_signs_nothing_more() {
    let Two { house: _house, first, second } = two();
    let key = second.key.id().to_string();
    let wish = json!({ "key": key, "reason": "phone stolen", "believe_held": true });
    assert_eq!(second.browser.post("/api/trust/revocations", &wish).status, 403);
    let revoked = first.browser.post("/api/trust/revocations", &wish);
    assert_eq!(revoked.status, 200, "{}", revoked.text());
    let certificates = revoked.json()["certificates"].clone();
    let of = |certificate: &&Value| certificate["key"] == key.as_str();
    let shown = certificates.as_array().unwrap().iter().find(of).unwrap().clone();
    assert_eq!(shown["stands"], false);
    assert_eq!(shown["revoked"][0]["reason"], "phone stolen");
    let wish = json!({ "role": "DRO", "area": "pk/sindh", "reason": "district officer" });
    let (granted, _) = first.act("POST", "/api/persons/officer/roles", &wish);
    let grant = grants(&granted.json(), "officer").remove(0).0;
    let path = format!("/api/persons/officer/roles/{grant}/approve");
    let refused = second.browser.post(&path, &json!({}));
    assert_eq!((refused.status, refused.code().as_str()), (409, "own-key-needed"));
}

#[test]
fn a_request_is_drawn_as_a_code_that_reads_like_its_text() {
    let Two { house, first, .. } = two();
    let asked = first.browser.get("/api/trust/device-request").json();
    assert_eq!(asked["key"], house.node.info().device.as_str());
    let drawn = first.browser.post("/api/trust/code", &json!({ "text": asked["text"] })).json();
    assert!(drawn["svg"].as_str().unwrap().contains("<svg"));
    let code = drawn["code"].as_str().unwrap();
    let again = first.browser.post("/api/trust/code", &json!({ "text": code })).json();
    assert_eq!(again["code"], drawn["code"]);
    let chain = first.browser.get(&format!("/api/trust/certificates/{}", first.key.id())).json();
    let drawn = first.browser.post("/api/trust/code", &json!({ "text": chain["text"] }));
    assert_eq!(drawn.status, 200, "{}", drawn.text());
    let taken = first.browser.post("/api/trust/statements", &json!({ "text": chain["text"] }));
    assert_eq!(taken.json()["new"], 0, "what is known already is taken in once");
}
