//! The table of cases, run through `decide` and `evolve`.

use super::super::*;
use crate::{
    Command as Any, Decided, State,
    custody::exception::exceptions,
    testing::{
        constituency, context,
        custody::{counted, item, note, offer, passage, receipt, totals},
        early, east, fold, opened, role, station,
    },
};
use pehra_domain::{ConstituencyId, ItemId, UnixMs};
use std::collections::{BTreeMap, BTreeSet};

const TABLE: &str = include_str!("../../../../../fixtures/custody/cases.csv");

fn minute(number: i64) -> UnixMs {
    UnixMs(early().0 - 86_400_000 + number * 60_000)
}

/// A story on its way.
struct Story {
    state: State,
    /// As it was before the last act.
    before: State,
    offer: Option<EventRef>,
    compared: Option<EventRef>,
    now: UnixMs,
}

/// The words of one act: what comes first, and `name=value`.
struct Words<'a> {
    plain: Vec<&'a str>,
    named: BTreeMap<&'a str, &'a str>,
}

impl<'a> Words<'a> {
    fn of(words: &[&'a str]) -> Self {
        let named = words.iter().filter_map(|word| word.split_once('=')).collect();
        let plain = words.iter().filter(|word| !word.contains('=')).copied().collect();
        Self { plain, named }
    }

    fn number(&self, name: &str, otherwise: u32) -> u32 {
        self.named.get(name).map_or(otherwise, |text| text.parse().unwrap())
    }

    fn items(&self) -> Vec<ItemId> {
        self.plain[0].split(',').map(item).collect()
    }

    fn step(&self, place: usize) -> Step {
        Step::parse(self.plain[place]).unwrap()
    }
}

fn seals(text: &str) -> Vec<String> {
    text.split('+').filter(|seal| !seal.is_empty()).map(str::to_owned).collect()
}

fn serials(text: &str) -> Serials {
    let (prefix, range) = text.split_once(':').unwrap();
    let (first, last) = range.split_once('-').unwrap();
    let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
    Serials { prefix: prefix.to_owned(), first, last }
}

fn form_totals(words: &Words<'_>) -> Totals {
    let base = totals(680);
    Totals {
        registered: words.number("registered", base.registered),
        received: words.number("received", base.received),
        issued: words.number("issued", base.issued),
        unissued: words.number("unissued", base.unissued),
        in_box: words.number("in_box", base.in_box),
        spoilt: words.number("spoilt", base.spoilt),
        unaccounted: words.number("unaccounted", base.unaccounted),
        valid: words.number("valid", base.valid),
        rejected: words.number("rejected", base.rejected),
        roll_marks: words.number("roll_marks", base.roll_marks),
        women: Some(words.number("women", 340)),
    }
}

fn a_count(words: &Words<'_>, at: UnixMs) -> Counted {
    let contest = ConstituencyId::try_new(words.plain[0]).unwrap();
    let mut counted = counted(form_totals(words), at);
    for sheet in &mut counted.sheets {
        sheet.code = form::code(&counted.station, &contest, sheet.form, &sheet.image);
    }
    let reason = words.named.get("reason").copied().unwrap_or_default().to_owned();
    Counted {
        contest,
        agents: u16::try_from(words.number("agents", 3)).unwrap(),
        unsigned_reason: reason,
        posted: words.number("posted", 1) == 1,
        copies: u16::try_from(words.number("copies", 3)).unwrap(),
        ..counted
    }
}

fn a_form_command(verb: &str, words: &Words<'_>, first: Option<EventRef>, at: UnixMs) -> Command {
    let (area, own) = (east(), a_count(words, at));
    let Counted { station, contest, .. } = own.clone();
    match verb {
        "count" => Command::Count { area, counted: own },
        "read" => {
            let code = words.named.get("code").copied().unwrap_or(own.sheets[0].code.as_str());
            let codes = vec![(FormKind::F45, code.to_lowercase())];
            let (desk, totals) = (Desk::Reception, form_totals(words));
            Command::ReadForm { area, read: FormRead { station, contest, desk, at, totals, codes } }
        }
        "see" => {
            let copy = Copy::parse(words.plain[1]).unwrap();
            let note = String::new();
            Command::SeeCopy {
                area,
                seen: CopySeen { station, contest, copy, at, there: true, note },
            }
        }
        "compare" | "confirm" => {
            let (form, desk) = (FormKind::F45, Desk::Reception);
            let first = first.filter(|_| verb == "confirm");
            let same = words.plain[1] == "same";
            let compared = Compared { station, contest, form, desk, at, same, first };
            Command::Compare { area, compared }
        }
        other => panic!("no such act: {other}"),
    }
}

fn a_note_command(verb: &str, words: &Words<'_>, at: UnixMs) -> Command {
    let area = east();
    match verb {
        "record" => {
            let own = |name: &str| {
                let text = words.named.get(name).copied();
                text.map(|text| Reading { item: item(words.plain[0]), seals: seals(text) })
            };
            let mut note = note(&words.items(), words.step(1), at);
            note.found = own("found").into_iter().collect();
            note.sealed = own("sealed").into_iter().collect();
            Command::Record { area, note }
        }
        _ => {
            let (whole, parts) = (item(words.plain[0]), vec![item(words.plain[1])]);
            let reason = "boat leg".to_owned();
            Command::Split { area, parting: Parting { whole, parts, at, reason } }
        }
    }
}

impl Story {
    fn command(&self, verb: &str, words: &Words<'_>, at: UnixMs) -> Command {
        let area = east();
        match verb {
            "register" => {
                let number = u8::try_from(words.number("station", 1)).unwrap();
                let named = |name: &str| words.named.get(name).copied();
                let new = NewItem {
                    item: item(words.plain[0]),
                    kind: named("kind").map_or(Kind::Bag, |word| Kind::parse(word).unwrap()),
                    station: Some(station(number)),
                    contest: Some(constituency(40)),
                    within: named("in").map(item),
                    serials: named("serials").map(serials),
                    seals: named("seals").map(seals).unwrap_or_default(),
                };
                Command::Register { area, items: vec![new], at }
            }
            "issue" => {
                let station = station(u8::try_from(words.number("station", 1)).unwrap());
                let issue = Issue { seals: serials(words.plain[0]), station: Some(station) };
                Command::IssueSeals { area, issues: vec![issue] }
            }
            "offer" => {
                let mut offer = offer(&words.items(), words.step(1), words.plain[2], at);
                offer.due = words.named.get("due").map(|due| minute(due.parse().unwrap()));
                offer.to = role(words.plain[2]);
                Command::Offer { area, offer }
            }
            "receive" => {
                let known = ["missing", "apart", "device"];
                let read = words.named.iter().filter(|(name, _)| !known.contains(name));
                let read =
                    read.map(|(name, text)| Reading { item: item(name), seals: seals(text) });
                let read = read.collect();
                let mut receipt = receipt(self.offer.unwrap(), words.step(0), read, at);
                receipt.missing =
                    words.named.get("missing").map(|it| item(it)).into_iter().collect();
                receipt.clocks_apart_s = words.number("apart", 0);
                Command::Receive { receipt }
            }
            "recall" => {
                let (offer, reason) = (self.offer.unwrap(), "wrong".to_owned());
                Command::Recall { offer, at, reason }
            }
            "depart" | "force" | "arrive" => {
                let mut passage = passage(&words.items(), words.plain[2], at);
                passage.step = words.step(1);
                passage.due = words.named.get("due").map(|due| minute(due.parse().unwrap()));
                let halt_minutes = u16::try_from(words.number("halt", 0)).unwrap();
                let (off_m, planned_m) = (words.number("off", 0), words.number("planned", 0));
                let driven_m = words.number("driven", 0);
                passage.road =
                    (verb == "arrive").then_some(Road { off_m, planned_m, driven_m, halt_minutes });
                if verb == "arrive" {
                    Command::Arrive { area, passage }
                } else {
                    Command::Depart { area, passage }
                }
            }
            "record" | "split" => a_note_command(verb, words, at),
            verb => a_form_command(verb, words, self.compared, at),
        }
    }

    fn act(&mut self, text: &str) {
        let all: Vec<&str> = text.split_whitespace().collect();
        let at = minute(all[0].parse().unwrap());
        if all[1] == "now" {
            self.now = at;
            return;
        }
        let apart = all[1].starts_with('~');
        let who = all[1].trim_start_matches('~');
        let people = [
            ("ro", "RO"),
            ("po", "PO"),
            ("aro", "ARO"),
            ("log", "LOG"),
            ("dro", "DRO"),
            ("po2", "PO"),
        ];
        let place = people.iter().position(|(name, _)| *name == who).unwrap();
        let number = u8::try_from(place).unwrap() + 1;
        let words = Words::of(&all[3..]);
        let who = context(number, people[place].1, early());
        let command = self.command(all[2], &words, at);
        let known = if apart { &self.before } else { &self.state };
        let decided = match (all[2], &command) {
            // What no node would decide, and another program may still sign.
            ("force", Command::Depart { area, passage }) => {
                let held = known.custody.item(area, &passage.items[0]).unwrap();
                let supersedes = known.custody.heads(held).into_iter().map(|(at, ..)| at).collect();
                let event = crate::Event::Custody(Event::Departed(passage.clone()));
                vec![Decided { event, area: area.clone(), supersedes }]
            }
            _ => crate::decide(known, &who, &Any::Custody(command))
                .unwrap_or_else(|refusal| panic!("{text}: {refusal}")),
        };
        let device = u8::try_from(words.number("device", u32::from(number))).unwrap();
        self.before = self.state.clone();
        let entry = fold(&mut self.state, &who, device, decided)[0].at;
        match all[2] {
            "offer" => self.offer = Some(entry),
            "compare" => self.compared = Some(entry),
            _ => {}
        }
    }
}

fn rows() -> Vec<[&'static str; 4]> {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            cells.try_into().unwrap_or_else(|_| panic!("{line}"))
        })
        .collect()
}

#[test]
fn every_case_of_the_table_raises_what_it_says_and_nothing_else() {
    for [rule, case, acts, expected] in rows() {
        let start = opened();
        let mut story = Story {
            before: start.clone(),
            state: start,
            offer: None,
            compared: None,
            now: minute(0),
        };
        for text in acts.split(';') {
            story.act(text);
        }
        let (area, custody) = (east(), &story.state.custody);
        let found = exceptions(custody, &area, story.now);
        let codes: BTreeSet<&str> = found.iter().map(|one| one.rule.code()).collect();
        let expected: BTreeSet<&str> = expected.split(',').filter(|code| *code != "-").collect();
        let told: Vec<_> = found.iter().map(|one| (&one.id, &one.detail)).collect();
        assert_eq!(codes, expected, "{rule} {case}: {told:?}");
        for one in &found {
            assert!(!one.evidence.is_empty(), "{}", one.id);
            assert!(one.id.len() <= crate::content::NAME_BYTES_MAX, "{}", one.id);
        }
    }
}

#[test]
fn every_rule_has_a_case_that_raises_it_and_one_that_does_not() {
    for rule in Rule::ALL {
        let of: Vec<_> = rows().into_iter().filter(|row| row[0] == rule.code()).collect();
        let raises = of.iter().filter(|row| row[3].split(',').any(|code| code == rule.code()));
        assert!(raises.count() > 0, "{} is never raised", rule.code());
        assert!(of.iter().any(|row| row[3] == "-"), "{} is always raised", rule.code());
    }
}
