//! Words of services on a lived day: written, graded, weighed, released and met, each by another person; and left to whoever
//! plays.

use crate::{
    drill::{begin, exercise, options, until},
    house::House,
};
use pehra::drill::{Drill, Options, file::Wish, operator::Skill, tip::Tips};
use pehra_domain::{PersonId, exercise::EXERCISE_MARK, role::Role};
use pehra_drill::day::Second;
use pehra_ops::{
    EventRef, State,
    intelligence::{Compartment, Record, warning},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, ops::ControlFlow, sync::Arc};

fn word_of(root: &str, at: &str, minutes: i32) -> Wish {
    Wish {
        at: Some(at.to_owned()),
        kind: "tip".to_owned(),
        station: Some("NA-11-2".to_owned()),
        trouble: Some("ARM.PST".to_owned()),
        word: Some(root.to_owned()),
        minutes,
        ..Wish::default()
    }
}

/// Three services pass one root on in the eve, about the school that is attacked at 09:30.
pub(crate) fn echoes() -> [Wish; 3] {
    ["D-1 20:00", "D-1 20:40", "D-1 21:30"].map(|at| word_of("one caller", at, 15 * 60))
}

/// Who wrote a report.
pub(crate) fn writers(house: &House) -> BTreeSet<PersonId> {
    let writer = |(_, record): (_, &Record)| record.written().unwrap().1.person.clone();
    house.node.ops(|state| state.intelligence.all().map(writer).collect())
}

/// The reports of the root about the school.
fn of_the_school(state: &State) -> Vec<(EventRef, &Record)> {
    let is_ours = |record: &Record| {
        // What the scenario names has a number far above all that chance brings.
        let root = record.written().unwrap().0.root.strip_prefix("EX-R").unwrap();
        root.parse::<u64>().unwrap() > 2_000_000_000
    };
    let mut all: Vec<_> = state.intelligence.all().filter(|(_, record)| is_ours(record)).collect();
    all.sort_by_key(|(_, record)| record.written().unwrap().0.obtained);
    all
}

pub(crate) fn was_graded_once_and_met(house: &House, drill: &Drill) {
    let reports = house.node.ops(|state| {
        let all = of_the_school(state);
        let roots: BTreeSet<&str> =
            all.iter().map(|(_, it)| it.written().unwrap().0.root.as_str()).collect();
        assert_eq!((all.len(), roots.len()), (3, 1), "three services, one root");
        let mut services = BTreeSet::new();
        for (_, record) in &all {
            let (told, writer) = record.written().unwrap();
            services.insert(told.service);
            let (_, grade, _, grader) = record.grades().next().unwrap();
            assert_eq!(grade.to_string(), "B2");
            assert_ne!(writer.person, grader.person);
            let (_, _, reader) = record.readers().next().unwrap();
            assert_eq!(reader.person, grader.person, "read before it was graded");
            if told.compartment != Compartment::Open {
                assert!(!told.caveats.is_empty(), "handled under conditions");
            }
        }
        assert_eq!(services.len(), 3);
        let (first, record) = all[0];
        let sums: Vec<_> = state.intelligence.assessments().collect();
        let sum = sums.iter().find(|(_, one, _)| one.reports.contains(&first)).unwrap().1;
        assert_eq!((sum.reports.len(), sum.roots), (3, 1), "echoes are one voice");
        assert!((560..=583).contains(&sum.posterior_e4), "{}", sum.posterior_e4);
        let (release, to, _, manager) = record.released().unwrap();
        let to: Vec<&str> = to.iter().map(Role::as_str).collect();
        assert_eq!(to, ["CTRL-D", "SHO", "SECTOR"]);
        let earlier: BTreeSet<&PersonId> = record
            .grades()
            .map(|(.., mark)| &mark.person)
            .chain(record.sanitisers().map(|mark| &mark.person))
            .chain([&record.written().unwrap().1.person, &manager.person])
            .collect();
        assert_eq!(earlier.len(), 4, "four persons: {earlier:?}");
        assert!(all[1..].iter().all(|(_, echo)| echo.released().is_none()), "warned once");
        let before = Second::on(0, 6, 0).unix_ms(house.node.poll_date());
        let warnings = warning::warnings(state, before);
        let warning = warnings.iter().find(|one| one.release == release).unwrap();
        assert_eq!(warning.standing.code(), "confirmed", "the station house met it");
        let charge = warning.measures[0].charge;
        assert_eq!((charge.owner.as_str(), charge.measure.code()), ("SHO", "harden"));
        assert!(warning.measures[0].mark.person.as_str().starts_with("chief-"));
        warning_texts_name_nobody(warnings.iter().map(|one| one.text));
        state.intelligence.all().map(|(at, _)| at).collect::<Vec<_>>()
    });
    for report in reports {
        let text = house.node.open_report(report).unwrap();
        warning_texts_name_nobody([text.as_str()].into_iter());
    }
    let evaluation = drill.evaluate().unwrap();
    let row = evaluation.warned.iter().find(|row| row.code == "ARM.PST" && row.reports == 3);
    let row = row.unwrap();
    assert_eq!((row.verdict.as_str(), row.graded), ("before", 3), "{row:?}");
    assert!(row.heard_ms < row.released_ms.unwrap(), "{row:?}");
    assert!(row.released_ms < row.ordered_ms && row.ordered_ms < row.confirmed_ms, "{row:?}");
    assert!(row.confirmed_ms < row.occurred_ms, "{row:?}");
    let is_false = |row: &&pehra::drill::warned::Warned| row.root.starts_with("EX-R100000");
    let mut never = evaluation.warned.iter().filter(is_false).peekable();
    assert!(never.peek().is_some() && never.all(|row| row.verdict == "nothing"), "false words");
    let page = pehra::drill::report::html(&evaluation, "ur");
    assert!(page.contains(&row.root) && page.contains("پہلے خبردار کیا"), "the hot wash says so");
}

/// Every word is of a closed list: a service, a kind of the taxonomy, a place of the plan, a time.
fn warning_texts_name_nobody<'a>(texts: impl Iterator<Item = &'a str>) {
    let kinds = pehra::day::taxonomy().unwrap().kinds();
    let services: Vec<&str> =
        pehra_ops::intelligence::Service::ALL.iter().map(|it| it.code()).collect();
    let known = |piece: &str| {
        let is_time = piece.starts_with('D') && piece.contains(" – D");
        let is_place = piece.starts_with("pk/");
        let is_kind = kinds.iter().any(|it| it.title == piece || it.title_ur == piece);
        is_time || is_place || is_kind || services.contains(&piece)
    };
    for text in texts {
        let rest = text.strip_prefix(EXERCISE_MARK).unwrap_or_else(|| panic!("unmarked: {text}"));
        for piece in rest.split(" · ").filter(|piece| !piece.is_empty()) {
            assert!(known(piece), "{piece} in {text}");
        }
    }
}

#[test]
fn where_people_hold_the_desk_they_grade_and_meet_and_the_rest_is_done_for_them() {
    let (house, stage) = exercise();
    let chief = house.first();
    let area = "pk/sindh/karachi-east";
    let analyst = house.person(&chief, "analyst", &["INTEL-AN"], area);
    let desk = house.person(&chief, "karachi", &["CTRL-D"], area);
    let mut wishes = options();
    wishes.events = vec![word_of("a caller", "05:40", 20 * 60)];
    let drill = begin(&house, &stage, &Options { skill: Skill::Expert, paused: true, ..wishes });
    let set = chief.json("PUT", "/api/drill/players", &json!({ "areas": ["pk/sindh"] }));
    assert_eq!(set.status, 200, "{}", set.text());
    drill.run(true);
    until(&drill, "08:00", |status| status.now_s >= Second::on(0, 8, 0).0);
    drill.run(false);
    let mine = |view: &Value| {
        let rows = view["reports"].as_array().unwrap().clone();
        let station = json!("NA-11-2");
        rows.into_iter().find(|row| row["place"] == station).unwrap()
    };
    let row = mine(&analyst.get("/api/intelligence").json());
    assert_eq!((&row["phase"], &row["waits"]), (&json!("written"), &json!("grade")), "{row}");
    let id = row["id"].as_str().unwrap().to_owned();
    let act = |wish: Value| {
        let done = analyst.post("/api/intelligence/acts", &wish);
        assert_eq!(done.status, 200, "by the day's time it holds: {}", done.text());
    };
    act(json!({ "act": "grade", "report": id, "grade": "B2" }));
    act(json!({ "act": "sanitise", "report": id, "text": "Search the school before it opens" }));
    drill.run(true);
    let released = || {
        house.node.ops(|state| {
            let all = of_the_school(state);
            all[0].1.released().map(|(.., mark)| mark.person.to_string())
        })
    };
    until(&drill, "released", |_| released().is_some());
    drill.run(false);
    assert_eq!(released().as_deref(), Some("sim-manager"), "nobody in the room holds that role");
    let warned = desk.get("/api/intelligence/warnings").json();
    let all = warned["warnings"].as_array().unwrap();
    let standing = &all
        .iter()
        .find(|one| one["text"] == "Search the school before it opens")
        .unwrap()["standing"];
    assert_eq!(standing, "unanswered", "the desk is played: {warned}");
    let given = house.node.ops(|state| {
        let all = state.orders.all().filter(|(_, _, mark, _)| mark.area.as_str() == area);
        all.count()
    });
    assert_eq!(given, 0, "nobody orders for whoever plays");
}

#[test]
fn the_same_seed_gives_the_same_acts_about_words_on_any_number_of_threads() {
    let (house, _stage) = exercise();
    let mut whole = options();
    whole.events = echoes().to_vec();
    let acts = |threads: usize, step_s: i32, seed: u64| {
        let go_on = &mut |_| ControlFlow::Continue(());
        let mut day = Drill::alone(&house.node, &whole, go_on).unwrap().with_threads(threads);
        let mut tips = Tips::new(Arc::clone(day.plan()), seed, Skill::Trained);
        let mut all = Vec::new();
        while !day.is_over() {
            let until = day.now().plus(step_s);
            day.advance(until, &mut |happening| drop(tips.note(&happening)));
            let taken = tips.take_until(until, &|_, _| false, &|_| true);
            all.extend(taken.iter().map(|it| format!("{it:?}")));
        }
        all
    };
    let alone = acts(1, 300, 7);
    assert!(alone.len() >= 3 + 3 + 3 + 5, "{}", alone.len());
    assert_eq!(alone, acts(3, 60, 7), "neither threads nor the pace change them");
    assert_ne!(alone, acts(1, 300, 8), "another seed, other delays");
}
