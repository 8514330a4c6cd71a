//! The account of a day that was lived: its figures are counted again from the entries themselves, two runs give the same
//! bytes, and the public edition holds nothing that it must not.

use crate::{
    client::Browser,
    command::done,
    drill::{attack_of, begin, deeds_in_secret, exercise, options, until},
    house::House,
};
use pehra::{
    drill::{Closely, Phase, file::Wish},
    node::{Node, backup, restore},
    work::{
        self,
        after_action::{Account, Edition, Figure, Fonts, Language, Options, account, html},
    },
};
use pehra_domain::{AreaId, PersonId, SuspensionId, UnixMs};
use pehra_ops::{
    Event,
    check_in::{Code, Item, Word},
    custody::{self, Step},
    event::Decoded,
    incident::{self, Matter},
    suspension::{self, Service, Statement},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    path::Path,
};

const QUETTA: &str = "pk/balochistan/quetta";
const BASE: &str = "barracks behind the mill";
pub(crate) const SECRET: &str = "the sergeant struck a man at the gate";

/// A day lived to its end in an assessed and planned house, with a suspension, a unit, a complaint and a stop order.
pub(crate) fn lived() -> (House, Browser) {
    lived_as(Closely::Nowhere, &[])
}

/// The same, with more that happens, and lived so closely.
fn lived_as(closely: Closely, more: &[Wish]) -> (House, Browser) {
    let (house, stage) = exercise();
    let actor = house.node.operator().unwrap();
    let go_on = &mut |_| ControlFlow::Continue(());
    let wish = work::assess::Options { seed: 1, draws: 20, ..work::assess::Options::default() };
    work::assess::run(&house.node, &actor, wish, go_on).unwrap();
    let first = house.first();
    let mut whole = options();
    whole.full = true;
    whole.closely = closely;
    whole.events = vec![attack_of(Some("09:30"))];
    whole.events.extend_from_slice(more);
    let drill = begin(&house, &stage, &whole);
    until(&drill, "over", |status| status.phase == Phase::Over);
    let control = house.person(&first, "control", &["CTRL-D"], QUETTA);
    let unit = json!({ "unit": "QRF-NIGHT-7", "kind": "quick-reaction", "crew": 14, "base": BASE,
        "lat": 30.2, "lon": 67.0, "vehicle": "LEA-4711", "ready_minutes": 2 });
    let wish = json!({ "area": QUETTA, "units": [unit] });
    assert_eq!(control.post("/api/dispatch/duty", &wish).status, 200);
    let officer = house.person(&first, "returning-officer", &["RO"], QUETTA);
    let wish = json!({ "code": "STF.MIS", "area": QUETTA, "text": SECRET, "source": "desk" });
    assert_eq!(officer.post("/api/day/incidents", &wish).status, 200);
    house.person(&first, "national-desk", &["CTRL-N"], "pk");
    let wish = json!({ "area": "pk/sindh", "reason": "no seals have come" });
    let commission = house.person(&first, "commission-desk", &["ECP-NAT"], "pk");
    let stopped = commission.post("/api/readiness/stops", &wish);
    assert_eq!(stopped.status, 200, "{}", stopped.text());
    suspend(&house.node);
    (house, first)
}

fn suspend(node: &Node) {
    let person = PersonId::try_new("national-desk").unwrap();
    let actor = node.acting(&person, "suspension.record").unwrap();
    let (area, at) = (AreaId::nation(), |minute: i64| {
        UnixMs(node.poll_date().midnight_pkt().0 + minute * 60_000)
    });
    let suspension = SuspensionId::try_new("2024-02-08-cellular").unwrap();
    let name = || (area.clone(), suspension.clone());
    let (services, opened) = (vec![Service::Voice, Service::Data], at(345));
    let ((of, id), source) = (name(), "probe");
    let open = suspension::Command::Open { area: of, suspension: id, services, at: opened };
    node.execute(&actor, pehra_ops::Command::Suspension(open)).unwrap();
    for statement in [
        Statement::Ordered(at(339)),
        Statement::EffectiveObserved(at(480)),
        Statement::RestoredObserved { at: at(1_200), partly: false },
        Statement::LegalBasisClaimed("section 54(2)".to_owned()),
    ] {
        let ((area, suspension), source) = (name(), source.to_owned());
        let state = suspension::Command::State { area, suspension, statement, source };
        node.execute(&actor, pehra_ops::Command::Suspension(state)).unwrap();
    }
}

fn told(node: &Node, edition: Edition) -> Account {
    let (area, as_of) = (AreaId::nation(), None);
    account(node, &Options { area, edition, as_of }).unwrap()
}

pub(crate) fn events(node: &Node) -> Vec<Event> {
    let leaf = node.leaf(None, usize::MAX, &|_| true).unwrap();
    assert_eq!(leaf.before, None, "all of it");
    let decoded = |stored: &pehra_store::Stored| {
        let kind = stored.entry.header().kind;
        match Event::decode(kind, stored.entry.payload()?.body()) {
            Ok(Decoded::Known(event)) => Some(event),
            Ok(Decoded::Unknown) | Err(_) => None,
        }
    };
    leaf.entries.iter().filter_map(decoded).collect()
}

fn figure<'a>(account: &'a Account, id: &str) -> &'a Figure {
    account.figures.iter().find(|it| it.id == id).unwrap()
}

fn share(account: &Account, id: &str, part: &str) -> (u64, u64) {
    let value = figure(account, id).values.iter().find(|it| it.part == part);
    let value = value.unwrap_or_else(|| panic!("{id} has no {part}: {:?}", figure(account, id)));
    (value.numerator.unwrap(), value.denominator.unwrap())
}

fn count(account: &Account, id: &str, part: &str) -> u64 {
    let value = figure(account, id).values.iter().find(|it| it.part == part).unwrap();
    value.count.unwrap()
}

#[test]
fn the_figures_of_a_lived_day_are_those_that_the_entries_give_when_they_are_counted_again() {
    let (house, _first) = lived_as(Closely::Usual, &deeds_in_secret());
    let told = told(&house.node, Edition::Internal);
    let events = events(&house.node);
    let items: Vec<&Item> = events
        .iter()
        .filter_map(|event| if let Event::CheckIn(it) = event { Some(it.items()) } else { None })
        .flatten()
        .collect();
    let minute = |minute: i64| house.node.poll_date().midnight_pkt().0 + minute * 60_000;
    let mut opened: BTreeMap<&str, i64> = BTreeMap::new();
    for item in items.iter().filter(|it| it.code == Code::A7 && it.word == Word::Well) {
        let at = opened.entry(item.subject.name()).or_insert(item.at.0);
        *at = (*at).min(item.at.0);
    }
    let in_time = opened.values().filter(|at| **at <= minute(495)).count() as u64;
    assert_eq!(share(&told, "K01", "all"), (in_time, 6));
    assert!(in_time > 0, "a day on which nobody opened proves nothing");
    let lost: i64 = opened.values().map(|at| (at - minute(480)).max(0) / 60_000).sum();
    assert_eq!(count(&told, "K02", "all"), u64::try_from(lost).unwrap());
    let all = items.len() as u64;
    for rung in ["radio", "fixed", "courier", "in-person", "cellular", "satellite"] {
        let of = items.iter().filter(|it| it.rung.name() == rung).count() as u64;
        assert_eq!(share(&told, "K19", &format!("rung:{rung}")), (of, all));
    }
    let (due, in_time) = due_and_heard(&items, &minute, told.as_of_ms);
    assert_eq!(share(&told, "K03", "all"), (in_time, due));
    let received: BTreeSet<&str> = items
        .iter()
        .filter(|it| it.code == Code::A17 && it.at.0 <= minute(34 * 60))
        .map(|it| it.subject.name())
        .collect();
    assert_eq!(share(&told, "K14", "receipt"), (received.len() as u64, 6));
    incidents_again(&told, &events);
    guards_again(&told, &items);
    material_again(&told, &events);
    let minutes: u64 = count(&told, "K20", "minutes");
    let found = suspended_minutes(&events, told.as_of_ms);
    assert!(found > 600, "the day's own loss of service: {found}");
    assert_eq!(minutes, 720 + found);
    let by_hand = told.suspensions.iter().find(|it| it.id == "2024-02-08-cellular").unwrap();
    assert_eq!(by_hand.cost.cellular, {
        let within = |it: &&&Item| minute(480) <= it.at.0 && it.at.0 <= minute(1_200);
        items.iter().filter(within).filter(|it| it.rung.name() == "cellular").count() as u64
    });
    let hours: u64 = told.hours.iter().map(|hour| hour.check_ins).sum();
    assert_eq!(hours, all, "every check-in stands in one hour");
    assert_eq!(figure(&told, "K21").reason_code, Some("other-clock"), "an exercise");
    assert_eq!(share(&told, "K09", &format!("area:{QUETTA}")), (1, 1));
    assert_eq!(figure(&told, "K25").values[0].denominator, Some(1));
    let stops = told.readiness.iter().find(|it| it.area == "pk/sindh").unwrap();
    assert_eq!((stops.phase, stops.stops, stops.stops_lifted), ("stopped", 1, 0));
}

/// Searchers at women's booths, from the presiding officers' own words; every station of the list has such a booth.
fn guards_again(told: &Account, items: &[&Item]) {
    let ready: Vec<&&Item> = items.iter().filter(|it| it.code == Code::A6).collect();
    let said = ready.iter().filter(|it| it.counts.first.is_some()).count();
    assert!(said >= 4, "they say how many guards they count: {said}");
    let with = ready.iter().filter(|it| it.counts.second.is_some_and(|count| count > 0));
    let with: BTreeSet<&str> = with.map(|it| it.subject.name()).collect();
    assert_eq!(share(told, "K06", "all"), (with.len() as u64, 6));
    assert_eq!(figure(told, "K05").reason_code, Some("no-presence"), "no plan says who was due");
}

/// Minutes from what was observed first to the last restoration, of the record that the day's own desks opened.
fn suspended_minutes(events: &[Event], as_of: i64) -> u64 {
    let said = events.iter().filter_map(|event| {
        let Event::Suspension(suspension::Event::Stated { suspension, statement, .. }) = event
        else {
            return None;
        };
        (suspension.as_str() == "EX-LOSS-1").then_some(statement)
    });
    let said: Vec<&Statement> = said.collect();
    let of = |find: &dyn Fn(&Statement) -> Option<i64>| said.iter().find_map(|it| find(it));
    let from = of(&|it| if let Statement::EffectiveObserved(at) = it { Some(at.0) } else { None });
    let until = of(&|it| {
        let Statement::RestoredObserved { at, partly: false } = it else { return None };
        Some(at.0)
    });
    u64::try_from((until.unwrap_or(as_of).min(as_of) - from.unwrap()) / 60_000).unwrap()
}

/// Bags, forms and what does not add up, from the acts alone.
fn material_again(told: &Account, events: &[Event]) {
    let acts =
        || events.iter().filter_map(|it| if let Event::Custody(it) = it { Some(it) } else { None });
    let receipts =
        acts().filter(|it| matches!(it, custody::Event::Received(it) if it.step == Step::C13));
    let received = receipts.count() as u64;
    assert_eq!(received, 6);
    assert_eq!(share(told, "K14", "hand-over"), (received, 6));
    assert_eq!(count(told, "K12", "step:C13"), received);
    let mut own = BTreeMap::new();
    for act in acts() {
        if let custody::Event::Counted(it) = act {
            own.insert((it.station.clone(), it.contest.clone()), it.sheets[0].code.clone());
        }
    }
    let (mut looked, mut other) = (0, 0);
    for act in acts() {
        if let custody::Event::FormRead(it) = act {
            looked += 1;
            let code = &own[&(it.station.clone(), it.contest.clone())];
            other += u64::from(it.codes[0].1 != *code);
        }
    }
    assert_eq!(other, 1, "one form was exchanged");
    assert!(looked >= 4 && looked == own.len() as u64, "where the poll stood still nobody counted");
    assert_eq!(share(told, "K16", "all"), (looked - other, looked));
    assert_eq!(count(told, "K13", "open:X17"), other);
    assert!(count(told, "K13", "open:X03") >= 1, "a swapped seal was read");
    assert!(figure(told, "K15").reason_code.is_none());
}

/// Check-ins due, and those heard before their amber mark: from the table and the items alone.
fn due_and_heard(items: &[&Item], minute: &dyn Fn(i64) -> i64, as_of: i64) -> (u64, u64) {
    const DAYS: &str = include_str!("../../../../data/checkins.csv");
    const AFTER: &str = include_str!("../../../../data/checkins_after.csv");
    let stations: BTreeSet<&str> = items.iter().map(|it| it.subject.name()).collect();
    assert_eq!(stations.len(), 6);
    let (mut due_all, mut heard_all) = (0, 0);
    for station in stations {
        let said = |code: &str| -> Vec<i64> {
            let own = items.iter().filter(|it| it.subject.name() == station);
            own.filter(|it| it.code.name() == code).map(|it| it.at.0).collect()
        };
        for line in DAYS.lines().skip(1) {
            let cells: Vec<&str> = line.splitn(7, ',').collect();
            let after = AFTER.lines().skip(1).map(|it| it.split(',').collect::<Vec<_>>());
            let follows = after.clone().find(|it| it[0] == cells[0]);
            let due = match (follows, cells[2]) {
                (Some(follows), _) => {
                    let Some(last) = said(follows[1]).into_iter().max() else { continue };
                    last + follows[2].parse::<i64>().unwrap() * 60_000
                }
                (None, "") => continue,
                (None, time) => {
                    let (hour, of) = time.split_once(':').unwrap();
                    let of_day = hour.parse::<i64>().unwrap() * 60 + of.parse::<i64>().unwrap();
                    minute(cells[1].parse::<i64>().unwrap() * 1_440 + of_day)
                }
            };
            let amber = due + cells[4].parse::<i64>().unwrap() * 60_000;
            if amber <= as_of {
                due_all += 1;
                heard_all += u64::from(said(cells[0]).iter().any(|at| *at <= amber));
            }
        }
    }
    (due_all, heard_all)
}

/// Incidents, answers and tolls once more, from the entries.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these say something of it")]
fn incidents_again(told: &Account, events: &[Event]) {
    let mut reported: BTreeMap<&str, &incident::Report> = BTreeMap::new();
    let (mut answered, mut arrived) = (BTreeMap::new(), BTreeMap::new());
    let mut tolls: BTreeMap<&str, Vec<(i64, u32)>> = BTreeMap::new();
    let mut out: BTreeSet<&str> = BTreeSet::new();
    for event in events {
        let Event::Incident(event) = event else { continue };
        if let incident::Event::Reported(report) = event {
            let known = reported.entry(report.incident.as_str()).or_insert(report);
            if report.at < known.at {
                *known = report;
            }
        }
        let Some(on) = event.on() else { continue };
        let id = on.incident.as_str();
        let first = |map: &mut BTreeMap<_, i64>| {
            let at = map.entry(id).or_insert(on.at.0);
            *at = (*at).min(on.at.0);
        };
        match event {
            incident::Event::Acknowledged { .. } => first(&mut answered),
            incident::Event::Arrived { .. } => first(&mut arrived),
            incident::Event::TollCounted { toll, .. } => {
                tolls.entry(id).or_default().push((on.at.0, toll.killed_max));
            }
            incident::Event::Judged { finding: incident::Finding::False, .. }
            | incident::Event::Merged { .. } => {
                out.insert(id);
            }
            _ => {}
        }
    }
    reported.retain(|id, it| it.code.matter() == Matter::Incident && !out.contains(id));
    assert_eq!(told.incidents.len(), reported.len());
    let attacks =
        reported.values().filter(|it| ["ARM", "GRE", "IED", "CAN"].contains(&it.code.family()));
    assert_eq!(count(told, "K27", "attacks"), attacks.count() as u64);
    let mut killed = 0;
    for (id, revisions) in &mut tolls {
        revisions.sort_unstable();
        killed += reported.get(id).map_or(0, |_| revisions.last().unwrap().1);
    }
    let value = figure(told, "K27").values.iter().find(|it| it.part == "killed").unwrap();
    assert_eq!(value.high, Some(i64::from(killed)));
    assert!(killed >= 2, "the attack that was asked for");
    let mut attacks = told.incidents.iter().filter(|it| it.code == "ARM.PST");
    let revised = attacks.find(|it| it.tolls.last().is_some_and(|toll| toll.hurt == [5, 5]));
    let tolls: Vec<[u32; 2]> = revised.unwrap().tolls.iter().map(|toll| toll.killed).collect();
    assert_eq!(tolls.len(), 2, "the later toll stands beside the earlier one");
    assert_eq!(tolls[1], [2, 2]);
    for one in &told.incidents {
        let id = one.inside.as_ref().unwrap().incident.as_str();
        let after = |map: &BTreeMap<&str, i64>| {
            map.get(id).map(|at| u64::try_from((at - reported[id].at.0).max(0) / 1_000).unwrap())
        };
        assert_eq!(one.acknowledged_after_s, after(&answered), "{id}");
        assert_eq!(one.arrived_after_s, after(&arrived), "{id}");
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let list = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        (name, std::fs::read(entry.path()).unwrap())
    };
    list.map(read).collect()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only these say something of it")]
#[test]
fn two_runs_give_the_same_bytes_and_the_public_edition_keeps_what_must_not_be_told() {
    let (house, first) = lived();
    let folder = tempfile::tempdir().unwrap();
    let (copy, data) = (folder.path().join("copy"), folder.path().join("node"));
    backup(house.node.dir(), &copy, &mut |_| ControlFlow::Continue(())).unwrap();
    restore(&copy, &data).unwrap();
    let report = |name: &str, edition: &str| {
        let out = folder.path().join(name);
        done(&data, &["prove", "report", "--edition", edition, "--out", out.to_str().unwrap()]);
        files(&out)
    };
    let (one, two) = (report("one", "public"), report("two", "public"));
    let names: Vec<&str> = one.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["after-action-public-en.html", "after-action-public-ur.html", "after-action-public.json"]
    );
    assert_eq!(one, two, "two runs");
    let inside = report("inside", "internal");
    assert_eq!(inside, report("again", "internal"), "two runs of the internal edition");

    let here = told(&house.node, Edition::Public);
    let twin: Value = serde_json::from_slice(&one["after-action-public.json"]).unwrap();
    assert_eq!(twin["figures"], serde_json::to_value(&here.figures).unwrap());
    assert_eq!(twin["figures"].as_array().unwrap().len(), 32);

    // Everybody who ever signed, every unit, and all that anybody wrote about an incident.
    let leaf = house.node.leaf(None, usize::MAX, &|_| true).unwrap();
    let mut hidden: BTreeSet<String> =
        leaf.entries.iter().map(|stored| stored.entry.header().person.clone()).collect();
    // "first" and "second" are words of the language, too.
    hidden.retain(|name| !name.is_empty() && name.contains(['-', '.']) || name == "control");
    hidden.remove("control");
    assert!(hidden.iter().any(|name| name.starts_with("desk-")), "{hidden:?}");
    for event in events(&house.node) {
        let Event::Incident(event) = event else { continue };
        match event {
            incident::Event::Reported(report) => {
                hidden.insert(report.text.clone());
            }
            incident::Event::Assigned { units, .. } => {
                hidden.extend(units.iter().map(ToString::to_string));
            }
            _ => {}
        }
    }
    // Whose figure a toll is may be a common word: there is no place for it.
    for one in twin["incidents"].as_array().unwrap() {
        assert!(one.get("inside").is_none(), "{one}");
        assert!(one["tolls"].as_array().unwrap().iter().all(|toll| toll.get("source").is_none()));
    }
    hidden.extend(["QRF-NIGHT-7", "LEA-4711", BASE, "no seals have come"].map(str::to_owned));
    let internal: String =
        inside.values().map(|bytes| String::from_utf8(bytes.clone()).unwrap()).collect();
    // Who wrote, graded, weighed and released what services know is named inside neither.
    let (of_services, others): (BTreeSet<&String>, BTreeSet<&String>) =
        hidden.iter().partition(|text| text.starts_with("sim-"));
    assert!(!of_services.is_empty() && !of_services.iter().any(|name| internal.contains(*name)));
    let known = others.iter().filter(|text| internal.contains(text.as_str())).count();
    assert!(known * 2 > others.len(), "a search that could not find is no search: {known}");
    for (name, bytes) in &one {
        let text = String::from_utf8(bytes.clone()).unwrap();
        for secret in &hidden {
            assert!(!text.contains(secret.as_str()), "{name} holds {secret:?}");
        }
    }
    // A complaint about those who guard is told in no edition.
    assert!(!internal.contains(SECRET) && !internal.contains("STF.MIS"));
    let withheld = |account: &Account| -> Vec<String> {
        account.figures.iter().filter(|it| it.withheld).map(|it| it.id.clone()).collect()
    };
    assert_eq!(withheld(&here), ["K09", "K10", "K22", "K23", "K25"]);
    assert!(withheld(&told(&house.node, Edition::Internal)).is_empty());
    drop(first);
}

#[test]
fn the_page_stands_alone_in_both_directions_of_script() {
    let (house, _first) = lived();
    let account = told(&house.node, Edition::Internal);
    let fonts = Fonts { regular: Some(b"letters".to_vec()), bold: None };
    for (language, direction) in [(Language::En, "ltr"), (Language::Ur, "rtl")] {
        let page = html(&account, language, &fonts);
        assert!(page.starts_with("<!doctype html>"), "{page}");
        assert!(page.contains(&format!("dir=\"{direction}\"")));
        let carried = page.matches("url(data:font/woff2;base64,bGV0dGVycw==)").count();
        assert_eq!(carried, usize::from(language == Language::Ur), "a page carries its letters");
        let page = page.replace("url(data:", "");
        for foreign in ["<script", "http://", "https://", "src=", "url(", "@import", "<link"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("EXERCISE"), "every page of an exercise says so");
        for number in 1..=32 {
            assert!(page.contains(&format!("K{number:02}")), "K{number:02}");
        }
        let opened = page.matches("<table>").count();
        assert_eq!(opened, page.matches("</table>").count());
        assert_eq!(page.matches("<td>").count(), page.matches("</td>").count());
    }
    let urdu = html(&account, Language::Ur, &Fonts::default());
    for word in ["کارروائی کے بعد کی رپورٹ", "بتیس اعداد", "درج نہیں", "داخلی اشاعت"]
    {
        assert!(urdu.contains(word), "{word}");
    }
}

#[test]
fn of_a_record_without_a_day_there_is_no_account() {
    let house = House::planned();
    let (area, as_of) = (AreaId::nation(), None);
    let options = Options { area, edition: Edition::Public, as_of };
    let error = account(&house.node, &options).unwrap_err().to_string();
    assert!(error.contains("no account to give"), "{error}");
    // Of a moment that is named there is one, and it says that nothing was recorded.
    let at = UnixMs(house.node.poll_date().midnight_pkt().0 + 20 * 3_600_000);
    let told = account(&house.node, &Options { as_of: Some(at), ..options }).unwrap();
    assert_eq!(figure(&told, "K01").reason_code, Some("no-check-ins"));
    assert_eq!(told.as_of_ms, at.0);
}
