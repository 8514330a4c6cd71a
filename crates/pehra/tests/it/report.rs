//! Reports by citizens: from the public door to those who may read them, and to nobody else.

use crate::{
    client::{Answer, Browser},
    command::{done, pehra},
    house::House,
};
use pehra::{
    node::{Node, OpenOptions},
    public::intake,
};
use pehra_domain::AreaId;
use pehra_exchange::form::FORM_BYTES_MAX;
use pehra_ledger::{DeviceId, hash::unhex};
use pehra_ops::{Command, report};
use pehra_seal::{
    compartment::{Binding, CompartmentId, OpenError, Sealed},
    hybrid::OpeningKey,
};
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
    sync::{Arc, Mutex},
};

const EAST: &str = "pk/sindh/karachi-east";
const STORY: &str =
    "گیٹ پر کھڑے سپاہی نے مجھے واپس بھیج دیا <b>\u{202e}اور کہا</b> کہ عورتیں نہیں آ سکتیں";
/// What is left of it: letters that turn the direction of others are taken out.
const KEPT: &str = "گیٹ پر کھڑے سپاہی نے مجھے واپس بھیج دیا <b>اور کہا</b> کہ عورتیں نہیں آ سکتیں";
const CONTACT: &str = "ask for the teacher at the blue door 0300-7654321";

fn encoded(fields: &[(&str, &str)]) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    let word = |word: &str| word.bytes().map(byte).collect::<String>();
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", word(name), word(value))).collect();
    pairs.join("&")
}

fn post(house: &House, path: &str, fields: &[(&str, &str)]) -> Answer {
    raw(house, path, encoded(fields).as_bytes())
}

fn raw(house: &House, path: &str, body: &[u8]) -> Answer {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    Browser::new(house.public).send("POST", path, &kind, body)
}

fn complaint() -> Vec<(&'static str, &'static str)> {
    vec![
        ("d", EAST),
        ("p", "NA-11-2"),
        ("t", "turned-away"),
        ("g", "1"),
        ("w", "0"),
        ("x", STORY),
        ("c", CONTACT),
    ]
}

fn code_in(page: &str) -> String {
    let (_, rest) = page.split_once("<strong class=code>").unwrap_or_else(|| panic!("{page}"));
    rest.split_once("</strong>").unwrap().0.to_owned()
}

fn name_key(browser: &Browser, key: &OpeningKey, area: &str) {
    let hex: String = key.public().0.iter().map(|byte| format!("{byte:02x}")).collect();
    let answer = browser.post("/api/reports/readers", &json!({ "key": hex, "area": area }));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn open(sealed: &Value, key: &OpeningKey) -> Result<Vec<u8>, OpenError> {
    let bytes = |field: &str| unhex(sealed[field].as_str().unwrap()).unwrap();
    let array = |field: &str| <[u8; 16]>::try_from(bytes(field)).unwrap();
    let binding = Binding {
        election: array("election"),
        author: DeviceId(array("author")),
        kind: u32::try_from(sealed["kind"].as_u64().unwrap()).unwrap(),
        compartment: CompartmentId(array("compartment")),
    };
    let body = Sealed::decode(&bytes("body")).unwrap();
    body.open(&binding, key, &[]).map(|opened| opened.plaintext.to_vec())
}

fn rows(browser: &Browser) -> Vec<Value> {
    browser.get("/api/reports").json()["reports"].as_array().unwrap().clone()
}

#[test]
fn a_woman_turned_away_reports_the_guard_and_no_commander_learns_of_it() {
    let house = House::planned();
    let first = house.first();
    let desk = house.person(&first, "desk", &["PUBDESK"], "pk/sindh");
    let officer = house.person(&first, "officer", &["DRO"], EAST);
    let monitor = house.person(&first, "monitor", &["ECP-MON"], "pk");
    let commander = house.person(&first, "commander", &["POL-SP"], EAST);
    let control = house.person(&first, "control", &["CTRL-D"], EAST);

    let shut = post(&house, "/ur/report", &complaint());
    assert_eq!(shut.status, 503, "nobody could read it: it is not kept");
    assert_eq!(house.node.ops(|state| state.reports.all().count()), 0);
    assert!(shut.text().contains("111-327-000"));

    let keys = [1_u8, 2, 3].map(|seed| OpeningKey::from_secret([seed; 32]));
    name_key(&desk, &keys[0], "pk/sindh");
    name_key(&monitor, &keys[1], "pk");
    name_key(&officer, &keys[2], EAST);
    assert_eq!(desk.get("/api/reports").json()["without_key"], json!([]));

    let taken = post(&house, "/ur/report", &complaint());
    assert_eq!(taken.status, 200, "{}", taken.text());
    assert!(!taken.headers.contains_key("set-cookie"));
    assert!(taken.headers["content-security-policy"].starts_with("default-src 'none'"));
    let code = code_in(&taken.text());

    for (reader, key) in [(&desk, &keys[0]), (&monitor, &keys[1]), (&officer, &keys[2])] {
        is_read_by(reader, key);
    }
    let id = rows(&desk)[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/reports/{id}");
    nothing_is_seen_by(&commander, &control, &id);
    is_answered_from_the_list(&desk, &officer, &path);
    assert!(!control.get("/api/day").text().contains("turned away at a gate"));
    her_code_tells_the_answer(&house, &code);
    contact_is_the_desks(&house, (&desk, &keys[0]), (&officer, &keys[1]), &path);
    key_is_ended(&house, (&desk, &keys[0]), (&monitor, &keys[1]));
}

/// What one of the three readers finds, and opens with their own key.
fn is_read_by(reader: &Browser, key: &OpeningKey) {
    let all = rows(reader);
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0]["complaint"], &all[0]["text"]), (&json!(true), &Value::Null));
    assert_eq!(all[0]["station"], Value::Null, "the place is coarse");
    assert_eq!(all[0]["hour_ms"].as_i64().unwrap() % 3_600_000, 0);
    let detail = reader.get(&format!("/api/reports/{}", all[0]["id"].as_str().unwrap()));
    let opened: Value =
        serde_json::from_slice(&open(&detail.json()["sealed"], key).unwrap()).unwrap();
    assert_eq!(opened, json!({ "text": KEPT, "station": "NA-11-2" }));
}

/// Commander and control room: nothing, anywhere.
fn nothing_is_seen_by(commander: &Browser, control: &Browser, id: &str) {
    let path = format!("/api/reports/{id}");
    assert_eq!(commander.get("/api/reports").code(), "role-lacks-permission");
    assert_eq!(commander.get(&path).code(), "role-lacks-permission");
    assert_eq!(rows(control), Vec::<Value>::new());
    assert_eq!(control.get(&path).status, 404);
    assert_eq!(control.post(&path, &json!({ "act": "close" })).status, 404);
    for page in ["/api/record", "/api/conflicts", "/api/withheld", "/api/day", "/api/node"] {
        let seen = commander.get(page).text();
        let traces = ["report.", "\"kind\":202", "\"kind\":2030", id];
        assert!(!traces.iter().any(|trace| seen.contains(trace)), "{page}: {seen}");
    }
}

/// Triage, an answer from the list, and nothing closed before it.
fn is_answered_from_the_list(desk: &Browser, officer: &Browser, path: &str) {
    assert_eq!(desk.post(path, &json!({ "act": "close" })).code(), "report-state-forbids");
    let triage = json!({ "act": "triage", "urgency": "urgent" });
    assert_eq!(desk.post(path, &triage).status, 200);
    let noted = json!({ "act": "answer", "answer": "passed", "note": "he was moved" });
    assert_eq!(officer.post(path, &noted).code(), "note-on-complaint");
    let answer = json!({ "act": "answer", "answer": "passed" });
    assert_eq!(officer.post(path, &answer).status, 200);
    let made = json!({ "code": "STF.MIS", "text": "A voter was turned away at a gate" });
    let merged = officer.post(&format!("{path}/incident"), &made);
    assert_eq!(merged.status, 200, "{}", merged.text());
    assert!(merged.json()["report"]["merged_into"].is_string());
    assert_eq!(desk.post(path, &json!({ "act": "close" })).status, 200);
}

fn her_code_tells_the_answer(house: &House, code: &str) {
    let fate = post(house, "/ur/follow", &[("k", code)]);
    assert!(fate.text().contains("معاملہ ذمہ دار افسران کے سامنے ہے"), "{}", fate.text());
    assert!(!fate.text().contains("سپاہی"), "nothing of what was told");
    let urdu: String = code.chars().map(in_urdu).collect();
    assert_eq!(post(house, "/en/follow", &[("k", &urdu)]).status, 200);
}

/// How she can be reached is the public desk's alone, with a reason that stays on record.
fn contact_is_the_desks(
    house: &House,
    (desk, own): (&Browser, &OpeningKey),
    (officer, other): (&Browser, &OpeningKey),
    path: &str,
) {
    let reason = json!({ "reason": "to ask at which booth" });
    assert_eq!(officer.post(&format!("{path}/contact"), &reason).code(), "role-lacks-permission");
    assert_eq!(
        desk.post(&format!("{path}/contact"), &json!({ "reason": " " })).code(),
        "text-empty"
    );
    let contact = desk.post(&format!("{path}/contact"), &reason).json();
    assert_eq!(open(&contact, own).unwrap(), CONTACT.as_bytes());
    assert!(matches!(open(&contact, other), Err(OpenError::NotARecipient { .. })));
    let readings = house.node.ops(|state| {
        let (_, record, ..) = state.reports.all().next().unwrap();
        record
            .contact_readings()
            .map(|(mark, why)| (mark.person.to_string(), why.to_owned()))
            .collect::<Vec<_>>()
    });
    assert_eq!(readings, [("desk".to_owned(), "to ask at which booth".to_owned())]);
}

/// A key that was ended gets nothing more.
fn key_is_ended(
    house: &House,
    (desk, own): (&Browser, &OpeningKey),
    (monitor, other): (&Browser, &OpeningKey),
) {
    let mine = desk.get("/api/reports").json()["readers"].as_array().unwrap().clone();
    let mine = mine.iter().find(|one| one["mine"] == json!(true)).unwrap()["id"].clone();
    let end = format!("/api/reports/readers/{}/end", mine.as_str().unwrap());
    assert_eq!(desk.post(&end, &json!({})).status, 200);
    let again = complaint().into_iter().filter(|(name, _)| *name != "c").collect::<Vec<_>>();
    assert_eq!(post(house, "/en/report", &again).status, 200);
    let newest = rows(monitor).into_iter().find(|one| one["phase"] == "received").unwrap();
    let sealed = monitor.get(&format!("/api/reports/{}", newest["id"].as_str().unwrap())).json();
    assert!(open(&sealed["sealed"], own).is_err());
    assert!(open(&sealed["sealed"], other).is_ok());
}

fn in_urdu(c: char) -> char {
    c.to_digit(10).and_then(|digit| char::from_u32(0x06f0 + digit)).unwrap_or(c)
}

#[test]
fn what_speaks_of_no_guard_reaches_the_control_room_and_an_operator_writes_it_down_as_well() {
    let house = House::planned();
    let first = house.first();
    let desk = house.person(&first, "desk", &["PUBDESK"], "pk");
    let control = house.person(&first, "control", &["CTRL-D"], EAST);
    let far = house.person(&first, "far", &["CTRL-D"], "pk/balochistan/quetta");
    let fields =
        [("d", EAST), ("p", "NA-11-2"), ("t", "closed"), ("w", "2"), ("x", "The gate is locked")];
    let code = code_in(&post(&house, "/en/report", &fields).text());
    let heard = json!({
        "door": "helpline", "area": EAST, "topic": "closed", "place": "NA-11-2", "hours_ago": 1,
        "language": "ps", "text": "دروازه بنده ده",
    });
    let told = desk.post("/api/reports", &heard);
    assert_eq!(told.status, 200, "{}", told.text());
    assert_eq!(told.json()["sealed"], json!(false));

    let seen = rows(&control);
    assert_eq!((seen.len(), rows(&far).len()), (2, 0));
    assert!(
        seen.iter().any(|one| one["text"] == "The gate is locked" && one["station"] == "NA-11-2")
    );
    assert!(seen.iter().all(|one| one["alike"] == 1), "each may be the other: a person decides");
    let id = seen.iter().find(|one| one["door"] == "page").unwrap()["id"].as_str().unwrap();
    let path = format!("/api/reports/{id}");
    let answer =
        json!({ "act": "answer", "answer": "acted", "note": "It has been open since nine" });
    assert_eq!(control.post(&path, &answer).status, 200);
    let fate = post(&house, "/en/follow", &[("k", &code)]).text();
    assert!(fate.contains("It has been open since nine"), "{fate}");
    let wrong =
        json!({ "door": "page", "area": EAST, "topic": "closed", "language": "ur", "text": "a" });
    assert_eq!(desk.post("/api/reports", &wrong).code(), "value-refused");
    let named = json!({ "door": "slip", "area": EAST, "topic": "closed", "language": "ur", "text": "42101-1234567-1" });
    assert_eq!(desk.post("/api/reports", &named).code(), "contact-in-text");
    let guards =
        json!({ "door": "desk", "area": EAST, "topic": "guards", "language": "ur", "text": "a" });
    assert_eq!(desk.post("/api/reports", &guards).code(), "no-reading-key");
}

#[test]
fn hostile_forms_are_turned_away_and_nothing_of_a_visitor_becomes_part_of_the_page() {
    let house = House::planned();
    let long = vec![b'a'; FORM_BYTES_MAX + 1];
    assert_eq!(raw(&house, "/en/report", &long).status, 413);
    let deep = format!("x={}", "[".repeat(100_000));
    assert_eq!(raw(&house, "/en/report", deep.as_bytes()).status, 413);
    for broken in [&b"x=%4"[..], b"x=%zz", b"x=%ff%fe", &b"a=1&".repeat(40)] {
        assert_eq!(raw(&house, "/en/report", broken).status, 400);
    }
    let script = "<script>alert(1)</script>'\"><img src=x onerror=alert(2)></textarea>";
    let page = post(
        &house,
        "/en/report",
        &[("d", script), ("p", script), ("t", script), ("x", script), ("c", script)],
    );
    assert_eq!(page.status, 422);
    assert!(!page.text().contains("<script") && !page.text().contains("<img"), "{}", page.text());
    assert!(page.text().contains("&lt;script&gt;"), "what was typed is still there");
    let searched =
        Browser::new(house.public).get(&format!("/en/station?d={EAST}&q=%3Cscript%3E%22"));
    assert!(!searched.text().contains("<script"), "{}", searched.text());

    assert_eq!(post(&house, "/en/follow", &[("k", "1234")]).status, 422);
    assert_eq!(post(&house, "/en/follow", &[("k", "0000 0000 0000 0000")]).status, 404);
    for path in ["/xx/", "/api/session", "/api/reports", "/en/../api/node", "/index.html"] {
        assert_eq!(Browser::new(house.public).get(path).status, 404, "{path}");
    }
    assert_eq!(Browser::new(house.public).send("PUT", "/en/report", &[], b"").status, 405);
}

#[test]
fn what_leads_to_a_person_and_what_turns_letters_is_not_kept() {
    let house = House::planned();
    let fields = |text| [("d", EAST), ("t", "closed"), ("x", text)];
    let numbered = post(&house, "/en/report", &fields("I am 42101-1234567-1, call 0300-1234567"));
    assert_eq!(numbered.status, 422);
    assert!(numbered.text().contains("•••••-•••••••-•"), "{}", numbered.text());
    assert!(!numbered.text().contains("1234567"));
    let endless = "ا".repeat(5_000);
    assert_eq!(post(&house, "/en/report", &fields(&endless)).status, 422);
    assert_eq!(post(&house, "/en/report", &fields("  \u{202e}\u{0}  ")).status, 422);
    let turned = post(&house, "/en/report", &fields("gate \u{202e}dekcol\u{2066} is\u{0} shut"));
    assert_eq!(turned.status, 200);
    let kept = house.node.ops(|state| {
        let (_, _, report, _) = state.reports.all().next().unwrap();
        report.text.clone()
    });
    assert_eq!(kept, report::Text::Plain("gate dekcol is shut".to_owned()));
}

#[test]
fn every_public_page_is_small_whole_and_without_anything_that_runs_or_comes_from_elsewhere() {
    let house = House::planned();
    let pages = ["", "station", "report", "follow", "today"];
    for tongue in ["en", "ur"] {
        for page in pages {
            let query = if page == "station" || page == "today" {
                format!("?d={EAST}&q=school")
            } else {
                String::new()
            };
            let answer = Browser::new(house.public).get(&format!("/{tongue}/{page}{query}"));
            assert_eq!(answer.status, 200, "{page}");
            let text = answer.text();
            assert!(text.len() <= 30_000, "{tongue}/{page}: {} bytes", text.len());
            for never in
                ["<script", "<link", "<img", "src=", "http:", "https:", "onclick", "cookie="]
            {
                assert!(!text.contains(never), "{tongue}/{page} holds {never}");
            }
            assert!(!answer.headers.contains_key("set-cookie"));
            assert_eq!(answer.headers["cache-control"], "no-store");
        }
    }
    let found = Browser::new(house.public).get(&format!("/en/station?d={EAST}&q=school")).text();
    assert!(found.contains("School 2") && !found.contains("School 0"), "{found}");
}

#[test]
fn a_flood_from_one_district_leaves_every_other_open() {
    let house = House::planned();
    let fields = |area| [("d", area), ("t", "crowd"), ("x", "the queue does not move")];
    let mut taken = 0;
    let shut = loop {
        let answer = post(&house, "/en/report", &fields(EAST));
        if answer.status != 200 {
            break answer;
        }
        taken += 1;
        assert!(taken < 500, "no flood is held up");
    };
    assert_eq!(shut.status, 429, "{}", shut.text());
    assert!(shut.text().contains("the queue does not move"), "the words are not lost");
    assert!(taken >= 60, "{taken}");
    assert_eq!(post(&house, "/en/report", &fields("pk/sindh/tharparkar")).status, 200);
}

fn message(house: &House, query: &str) -> Answer {
    Browser::new(house.public_sms).get(&format!("/?{query}"))
}

/// The text as the gateway writes it into an address.
fn in_query(text: &str) -> String {
    encoded(&[("text", text)])
}

#[test]
fn a_message_is_taken_by_place_and_answered_with_a_code_that_asks_for_the_answer() {
    let house = House::planned();
    let first = house.first();
    let desk = house.person(&first, "desk", &["PUBDESK"], "pk");
    let taken = message(&house, &in_query("NA-11 the gate is locked, call 0300-1234567"));
    assert!(taken.text().starts_with("Received. Your code: "), "{}", taken.text());
    let code: String = taken.text().chars().filter(char::is_ascii_digit).collect();
    let seen = rows(&desk);
    let at = (&seen[0]["door"], &seen[0]["area"], &seen[0]["constituency"]);
    assert_eq!(at, (&json!("sms"), &json!(EAST), &json!("NA-11")));
    assert_eq!(
        seen[0]["text"], "the gate is locked, call ••••-•••••••",
        "nobody can be asked again"
    );

    let path = format!("/api/reports/{}", seen[0]["id"].as_str().unwrap());
    let answer = json!({ "act": "answer", "answer": "acted" });
    assert_eq!(desk.post(&path, &answer).status, 200);
    let fate = message(&house, &in_query(&code));
    assert_eq!(fate.text(), "Something was done about it.");

    // Urdu as UCS-2, a district by its name; without a reading key nothing of a guard is kept.
    let urdu = "کوئٹہ: سپاہی نے روکا";
    let wide: Vec<String> =
        urdu.encode_utf16().flat_map(u16::to_be_bytes).map(|byte| format!("%{byte:02X}")).collect();
    let shut = message(&house, &format!("coding=2&text={}", wide.concat()));
    assert_eq!(shut.headers["x-kannel-coding"], "2");
    assert!(shut.text().starts_with("کچھ محفوظ نہیں ہوا"), "{}", shut.text());
    name_key(&desk, &OpeningKey::from_secret([4; 32]), "pk");
    let kept = message(&house, &format!("coding=2&text={}", wide.concat()));
    assert!(kept.text().starts_with("اطلاع مل گئی"), "{}", kept.text());
    let newest = rows(&desk).into_iter().find(|one| one["complaint"] == json!(true)).unwrap();
    assert_eq!(newest["area"], "pk/balochistan/quetta");

    for nothing in ["", "hello", "NA-999 x", "%00%00"] {
        let words = message(&house, &in_query(nothing)).text();
        assert!(words.starts_with("Nothing was kept."), "{nothing}: {words}");
    }
    assert_eq!(message(&house, "coding=0").status, 400);
    assert_eq!(rows(&desk).len(), 2);
}

#[test]
fn a_message_comes_and_goes_through_a_gateway_that_never_tells_who_wrote() {
    let house = House::planned();
    let folder = tempfile::tempdir().unwrap();
    let url = format!("http://{}/?text=%b&coding=%c", house.public_sms);
    let answer = "accept-x-kannel-headers = true\nmax-messages = 3\nconcatenation = true";
    let kannel = crate::sms::Kannel::serving(folder.path(), &url, answer);
    let centre = kannel.centre(&["Quetta دروازہ بند ہے".to_owned()]);
    // The answer in Urdu reaches the telephone as UCS-2, in two parts; its first word in the centre's spelling of bytes.
    let back = centre.await_word("<13013 100 ");
    assert!(back.contains("%06'%067%06D%06'%069"), "{back}");
    let kept = house.node.ops(|state| {
        let (_, _, report, mark) = state.reports.all().next().unwrap();
        (report.door, report.text.clone(), mark.area.to_string())
    });
    let text = report::Text::Plain("دروازہ بند ہے".to_owned());
    assert_eq!(kept, (report::Door::Sms, text, "pk/balochistan/quetta".to_owned()));
}

/// The program with its public door, and every line it says.
struct Program {
    child: Child,
    public: String,
    said: Arc<Mutex<String>>,
}

impl Program {
    fn start(data: &Path) -> Self {
        let words = ["run", "--listen", "127.0.0.1:0", "--public", "127.0.0.1:0"];
        let mut command = pehra(data, &words);
        command.env("RUST_LOG", "trace").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let kept = said.clone();
        let mut errors = child.stderr.take().unwrap();
        std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(count @ 1..) = errors.read(&mut bytes) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let public = loop {
            let line = lines.next().unwrap().unwrap();
            if let Some(address) = line.strip_prefix("public http://") {
                break address.to_owned();
            }
        };
        Self { child, public, said }
    }

    /// Posts a form as a browser would, and answers the page and the address that it was sent from.
    fn post(&self, path: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.public).unwrap();
        let own = stream.local_addr().unwrap().to_string();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {}\r\nuser-agent: Reporters-Telephone/7\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
            self.public,
            body.len()
        )
        .unwrap();
        let mut page = String::new();
        stream.read_to_string(&mut page).unwrap();
        (page, own)
    }
}

fn holds(file: &Path, words: &str) -> bool {
    let bytes = std::fs::read(file).unwrap();
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

fn files(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[test]
fn no_file_of_the_node_no_backup_and_no_log_reveals_who_told_what() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    std::fs::create_dir(&data).unwrap();
    let node = Node::open(&data, &OpenOptions::default()).unwrap();
    let desk = node.first_account("desk", "Public desk", &["PUBDESK"]).unwrap();
    let actor = node.acting(&desk, pehra_ops::permission::REPORT_READER).unwrap();
    let key = OpeningKey::from_secret([9; 32]);
    let name = report::Command::NameReader { area: AreaId::nation(), key: key.public().0 };
    node.execute(&actor, Command::Report(name)).unwrap();
    drop(node);

    let mut program = Program::start(&data);
    let (page, address) = program.post("/ur/report", &encoded(&complaint()));
    let code = code_in(&page);
    let plain =
        [("d", EAST), ("t", "closed"), ("x", "An ordinary word about a gate"), ("c", CONTACT)];
    let (page, other) = program.post("/en/report", &encoded(&plain));
    let second = code_in(&page);
    program.post("/ur/follow", &encoded(&[("k", &code)]));
    let backup = folder.path().join("backup.pehra");
    done(&data, &["run", "backup", backup.to_str().unwrap()]);
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    let log = folder.path().join("log");
    std::fs::write(&log, &*program.said.lock().unwrap()).unwrap();

    let mut all = Vec::new();
    files(folder.path(), &mut all);
    assert!(all.len() >= 3, "{all:?}");
    let finds = |words: &str| all.iter().filter(|file| holds(file, words)).collect::<Vec<_>>();
    assert!(
        !finds("An ordinary word about a gate").is_empty(),
        "the search finds what is in the clear"
    );
    let bare = |code: &str| code.replace(' ', "");
    for words in [
        KEPT,
        STORY,
        "سپاہی",
        "NA-11-2",
        CONTACT,
        "7654321",
        "blue door",
        &code,
        &bare(&code),
        &second,
        &bare(&second),
        &address,
        &other,
        "Reporters-Telephone",
    ] {
        assert_eq!(finds(words), Vec::<&std::path::PathBuf>::new(), "{words}");
    }

    // And yet the desk reads it, out of the backup as well.
    let restored = folder.path().join("restored");
    done(&restored, &["run", "restore", backup.to_str().unwrap()]);
    let node = Node::open(&restored, &OpenOptions::default()).unwrap();
    assert_eq!(node.ops(|state| state.reports.all().count()), 2);
    assert_eq!(intake::readers(&node, &AreaId::nation(), &["PUBDESK"]).len(), 1);
}

#[test]
fn contacts_go_by_themselves_when_two_persons_have_signed_for_it_once() {
    let house = House::planned();
    let first = house.first();
    let desk = house.person(&first, "desk", &["PUBDESK"], "pk/sindh");
    let officer = house.person(&first, "officer", &["PEC"], "pk");
    let second = house.person(&first, "other", &["ECP-NAT"], "pk");
    let (key, mine) = (OpeningKey::from_secret([5; 32]), OpeningKey::from_secret([6; 32]));
    name_key(&desk, &key, "pk/sindh");
    name_key(&house.person(&first, "ro", &["DRO"], EAST), &mine, EAST);
    assert_eq!(post(&house, "/ur/report", &complaint()).status, 200);
    assert_eq!(officer.get("/api/reports/contacts").json().as_array().unwrap().len(), 1);
    // The poll of the sample is long over: the contact is due, and stays until somebody may delete it.
    assert_eq!(house.node.delete_due().unwrap(), 0);
    let wish = json!({ "instrument": "contacts, D+30", "reason": "promised on the form" });
    let said = officer.post("/api/deletions/standing", &wish).json();
    let row = &said["standing"][0];
    assert_eq!((&row["in_force"], &row["may_approve"]), (&false.into(), &false.into()), "{said}");
    assert_eq!(house.node.delete_due().unwrap(), 0, "one person's word is none");
    let path = format!("/api/deletions/standing/{}", row["id"].as_str().unwrap());
    let own = officer.post(&format!("{path}/approve"), &json!({}));
    assert_eq!(own.code(), "same-person-twice");
    let done = second.post(&format!("{path}/approve"), &json!({})).json();
    assert_eq!(done["standing"][0]["in_force"], true, "{done}");
    let deleted = &done["deletions"][0];
    assert_eq!(
        (&deleted["ground"], &deleted["ordered"]["person"]),
        (&"standing".into(), &"console".into())
    );
    assert_eq!(deleted["done"][0]["gone"], 1);
    assert_eq!(officer.get("/api/reports/contacts").json(), json!([]));
    let report = format!("/api/reports/{}", rows(&desk)[0]["id"].as_str().unwrap());
    assert_eq!(desk.get(&report).status, 200, "the report stays");
    let asked = desk.post(&format!("{report}/contact"), &json!({ "reason": "to ask again" }));
    assert_ne!(asked.status, 200, "{}", asked.text());
    // The next contact goes without anybody; after the end of it none goes.
    assert_eq!(post(&house, "/en/report", &complaint()).status, 200);
    assert_eq!(house.node.delete_due().unwrap(), 1);
    assert_eq!(house.node.delete_due().unwrap(), 0, "once");
    let end = json!({ "reason": "a court keeps them" });
    assert_eq!(second.post(&format!("{path}/end"), &end).status, 200);
    assert_eq!(post(&house, "/en/report", &complaint()).status, 200);
    assert_eq!(house.node.delete_due().unwrap(), 0);
}
