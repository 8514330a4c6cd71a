use super::*;
use crate::{
    Decided, Event, EventRef,
    check_in::{
        Code, Rung, Word,
        late::{Stage, standing},
    },
    incident,
    testing::{
        area, constituency, context, date, day, day::on_the_day, east, fold, lessons, opened,
        station,
    },
};
use pehra_domain::{
    Point,
    booth::BySex,
    contest::{Assembly, Contest},
    station::{DistrictBasis, PlaceBasis, StationKind},
};
use proptest::prelude::*;

mod material;
mod response;

const KPIS: &str = include_str!("../../../../data/kpis.csv");

fn schedule() -> Schedule {
    let hours = include_str!("../../../../data/checkins.csv");
    let after = include_str!("../../../../data/checkins_after.csv");
    Schedule::parse(hours, after).unwrap()
}

fn taxonomy() -> Taxonomy {
    Taxonomy::parse(include_str!("../../../../data/incidents.csv")).unwrap()
}

fn listed(number: u8) -> Station {
    let voters = BySex { men: 600, women: 500 };
    let booths = BySex { men: 2, women: 2 };
    Station {
        id: station(number),
        name: format!("School {number}"),
        kind: StationKind::Combined,
        district: east(),
        district_basis: DistrictBasis::Column,
        point: Point::try_from_degrees(24.9, 67.1).unwrap(),
        place_basis: PlaceBasis::Given,
        building: crate::testing::building(number),
        contests: vec![Contest {
            assembly: Assembly::National,
            constituency: constituency(40),
            station_no: number.to_string(),
            voters,
            booths,
            source_row: 2,
        }],
        booths,
        voters,
        official: Vec::new(),
    }
}

/// A state and the list that goes with it.
struct Case {
    state: State,
    list: Vec<Station>,
    classes: Vec<RiskClass>,
    exercise: bool,
    as_of: UnixMs,
}

impl Case {
    /// So many stations, the first of them most sensitive; the account is of noon of the day after.
    fn of(stations: u8) -> Self {
        let mut classes = vec![RiskClass::Normal; usize::from(stations)];
        if let Some(first) = classes.first_mut() {
            *first = RiskClass::Most;
        }
        let list = (0..stations).map(listed).collect();
        Self { state: opened(), list, classes, exercise: false, as_of: on_the_day(36 * 60) }
    }

    fn put(&mut self, event: Event) -> EventRef {
        self.put_in(east(), event)
    }

    fn put_in(&mut self, area: AreaId, event: Event) -> EventRef {
        let who = context(1, "SECTOR", on_the_day(600));
        let decided = Decided { event, area, supersedes: Vec::new() };
        fold(&mut self.state, &who, 1, vec![decided]).first().unwrap().at
    }

    fn hear(&mut self, number: u8, code: Code, minute: i64) {
        self.say(number, code, minute, Word::Well, Rung::Radio);
    }

    fn say(&mut self, number: u8, code: Code, minute: i64, word: Word, rung: Rung) {
        let item =
            crate::check_in::Item { word, rung, ..day::item(number, code, on_the_day(minute)) };
        self.put(Event::CheckIn(crate::check_in::Event::Heard(vec![item])));
    }

    fn all(&self) -> Vec<Indicator> {
        self.with(|_| {})
    }

    fn with(&self, change: impl FnOnce(&mut Grounds<'_>)) -> Vec<Indicator> {
        let (schedule, taxonomy, nation) = (schedule(), taxonomy(), AreaId::nation());
        let sites = self.list.iter().zip(&self.classes);
        let mut grounds = Grounds {
            state: &self.state,
            area: &nation,
            poll: date("2024-02-08"),
            as_of: self.as_of,
            exercise: self.exercise,
            sites: sites.map(|(station, class)| Site { station, class: *class }).collect(),
            schedule: &schedule,
            taxonomy: &taxonomy,
            planned: None,
            ledger: Ledger::default(),
            capture: None,
        };
        change(&mut grounds);
        indicators(&grounds, &Material::of(&grounds))
    }

    fn one(&self, kpi: u8) -> Indicator {
        self.all().into_iter().find(|one| one.kpi == Kpi(kpi)).unwrap()
    }
}

fn share(of: u64, all: u64) -> Option<Measure> {
    Some(Measure::Share { of, all })
}

fn count(count: u64) -> Option<Measure> {
    Some(Measure::Count(count))
}

#[expect(clippy::needless_pass_by_value, reason = "cases read better so")]
fn found(one: &Indicator, part: Part) -> Option<Measure> {
    one.find(&part).copied()
}

#[test]
fn the_shipped_table_names_all_thirty_two_in_both_languages() {
    let table = Table::parse(KPIS).unwrap();
    assert_eq!(table.lines().len(), COUNT);
    assert!(table.lines().iter().all(|line| line.name.en != line.name.ur));
    let cut: String = KPIS.lines().take(20).map(|line| format!("{line}\n")).collect();
    assert_eq!(Table::parse(&cut), Err(TableError::Order(19)));
    assert_eq!(Table::parse(&KPIS.replacen("K02", "K03", 1)), Err(TableError::Order(3)));
    assert_eq!(Table::parse(&KPIS.replacen(",trend,", ",,", 1)), Err(TableError::Text(3)));
    assert_eq!(Table::parse(&KPIS.replacen("trend,", "", 1)), Err(TableError::Fields(3)));
}

#[test]
fn of_a_day_without_a_record_every_figure_is_in_its_place_and_none_is_made_up() {
    let all = Case::of(3).all();
    let numbers: Vec<u8> = all.iter().map(|one| one.kpi.0).collect();
    assert_eq!(numbers, (1..=32).collect::<Vec<u8>>());
    let given: Vec<u8> =
        all.iter().filter(|one| one.reason.is_none()).map(|one| one.kpi.0).collect();
    // A count of acts on record is nought where there are none; whatever is measured says why it cannot be.
    assert_eq!(given, [28, 30, 32]);
    let of_rows = all.iter().filter(|one| one.reason.is_some());
    assert!(of_rows.clone().all(|one| one.rows.is_empty() && one.met.is_none()));
    let nothing = Case::of(0).all();
    assert!(nothing.iter().take(4).all(|one| one.reason == Some(Reason::NoStations)));
}

#[test]
fn openings_are_counted_by_the_quarter_hour_and_the_minutes_add_up() {
    // The minutes of each station's opening words; opened by 08:15; minutes lost; without a word.
    type Said<'a> = (&'a [(u8, i64)], u64, u64, u64);
    let cases: [Said<'_>; 6] = [
        (&[(0, 480), (1, 480), (2, 480)], 3, 0, 0),
        (&[(0, 470), (1, 495), (2, 496)], 2, 31, 0),
        (&[(0, 540)], 0, 60, 2),
        // The earliest word counts, in whatever order they came.
        (&[(0, 500), (0, 490), (1, 480)], 2, 10, 1),
        // Whoever opened after the end lost the whole day, not more.
        (&[(0, 1_100)], 0, 540, 2),
        // What was said after the moment of the account was not said yet.
        (&[(0, 36 * 60 + 1), (1, 480)], 1, 0, 2),
    ];
    for (said, opened, lost, unsaid) in cases {
        let mut case = Case::of(3);
        for (number, minute) in said {
            case.hear(*number, Code::A7, *minute);
        }
        let (open, minutes) = (case.one(1), case.one(2));
        assert_eq!(found(&open, Part::All), share(opened, 3), "{said:?}");
        assert_eq!(found(&open, Part::Unsaid), count(unsaid), "{said:?}");
        assert_eq!(found(&minutes, Part::All), Some(Measure::Minutes(lost)), "{said:?}");
        assert_eq!(open.met, Some(opened == 3), "{said:?}");
    }
    let mut case = Case::of(1);
    case.say(0, Code::A7, 480, Word::Trouble, Rung::Radio);
    assert_eq!(found(&case.one(1), Part::All), share(0, 1), "not open is not opened");
    assert_eq!(found(&case.one(1), Part::Class(RiskClass::Most)), share(0, 1));
}

#[test]
fn a_check_in_counts_until_its_amber_mark_and_what_follows_an_event_only_after_it() {
    let mut case = Case::of(1);
    // Due at 08:00, amber ten minutes later.
    case.as_of = on_the_day(480 + 9);
    case.hear(0, Code::A4, 330);
    let due = |case: &Case| match found(&case.one(3), Part::All) {
        Some(Measure::Share { of, all }) => (of, all),
        other => panic!("{other:?}"),
    };
    let before = due(&case);
    case.as_of = on_the_day(490);
    let after = due(&case);
    assert_eq!((after.0, after.1), (before.0, before.1 + 1), "A7 was missed a minute ago");
    case.hear(0, Code::A7, 491);
    case.as_of = on_the_day(600);
    let late = due(&case);
    case.hear(0, Code::A7, 489);
    assert_eq!(due(&case), (late.0 + 1, late.1), "the earlier word was in time");
    // A14 is due three hours after the count began, and not at all before anybody says that it did.
    case.as_of = on_the_day(24 * 60);
    let silent = due(&case);
    case.hear(0, Code::A13, 1_020);
    let begun = due(&case);
    assert_eq!(begun.1, silent.1 + 1, "A13 was due all along, A14 is due now");
}

/// Whether the ladder of the day ever said dark, looked at minute by minute.
fn was_dark(day: Option<&Day>, until: i64) -> bool {
    let (schedule, poll) = (schedule(), date("2024-02-08"));
    (-24 * 60..=until)
        .any(|minute| standing(&schedule, poll, day, 0, on_the_day(minute)).stage == Stage::Dark)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn dark_is_what_the_ladder_of_the_day_once_called_dark(
        said in proptest::collection::vec((0_usize..17, -600_i64..1_900), 0..14),
    ) {
        let mut case = Case::of(1);
        for (code, minute) in said {
            case.hear(0, Code::ALL[code], minute);
        }
        let day = case.state.check_ins.area(&east()).and_then(|it| it.day(&day::subject(0)));
        let until = 36 * 60;
        let found = dark_at(&schedule(), date("2024-02-08"), day, on_the_day(until));
        // What follows another check-in is due after its last word; the ladder knew an earlier one. Such days are left out.
        let twice = Code::ALL.iter().any(|code| {
            day.into_iter().flat_map(Day::standing).filter(|it| it.code == *code).count() > 1
        });
        prop_assume!(!twice);
        prop_assert_eq!(found.is_some(), was_dark(day, until));
    }
}

#[test]
fn a_station_that_was_silent_is_dark_and_its_class_is_told() {
    let mut case = Case::of(2);
    for code in Code::ALL {
        let row = schedule().row(*code).map(|row| row.due);
        if let Some(crate::check_in::schedule::Due::At(minute)) = row {
            case.hear(1, *code, i64::from(minute));
        }
    }
    case.as_of = on_the_day(17 * 60 + 5);
    let one = case.one(4);
    assert_eq!(found(&one, Part::All), share(1, 2));
    assert_eq!(found(&one, Part::Class(RiskClass::Most)), share(1, 1));
    assert_eq!(one.met, Some(false));
}

#[test]
fn rungs_are_shares_of_all_that_was_heard() {
    let mut case = Case::of(2);
    case.say(0, Code::A7, 480, Word::Well, Rung::Courier);
    case.say(1, Code::A7, 480, Word::Well, Rung::Radio);
    case.say(1, Code::A8, 600, Word::Well, Rung::Radio);
    let one = case.one(19);
    assert_eq!(found(&one, Part::Rung(Rung::Radio)), share(2, 3));
    assert_eq!(found(&one, Part::Rung(Rung::Courier)), share(1, 3));
    assert_eq!(found(&one, Part::Rung(Rung::Cellular)), share(0, 3));
    assert_eq!(one.newest, Some(on_the_day(600)));
}

#[test]
fn percentiles_are_nearest_ranks() {
    let cases: [(&[u64], usize, Option<u64>); 7] = [
        (&[], 90, None),
        (&[5], 50, Some(5)),
        (&[1, 2, 3, 4], 50, Some(2)),
        (&[1, 2, 3, 4], 90, Some(4)),
        (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 90, Some(9)),
        (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 90, Some(10)),
        (&[1, 2], 0, Some(1)),
    ];
    for (values, of_100, expected) in cases {
        assert_eq!(percentile(values, of_100), expected, "{values:?} {of_100}");
    }
}

#[test]
fn a_plan_is_shown_as_planned_and_never_as_present() {
    let planned =
        Planned { by_class: [(10, 9), (0, 0), (8, 8)], women: (4, 3), at: on_the_day(-600) };
    let all = Case::of(2).with(|grounds| grounds.planned = Some(planned));
    let [five, six] = [&all[4], &all[5]];
    assert_eq!(found(five, Part::Planned), share(17, 18));
    assert_eq!(found(five, Part::PlannedClass(RiskClass::Most)), share(8, 8));
    assert_eq!(found(six, Part::Planned), share(3, 4));
    for one in [five, six] {
        assert_eq!((one.reason, one.met), (Some(Reason::NoPresence), None));
    }
}

#[test]
fn guards_are_present_as_the_stations_counted_them_against_what_was_due() {
    let mut case = Case::of(4);
    let mut ready = |number: u8, minute: i64, counts: [Option<u16>; 2]| {
        let [first, second] = counts;
        let item = crate::check_in::Item {
            counts: crate::check_in::Counts { first, second, third: None },
            ..day::item(number, Code::A6, on_the_day(minute))
        };
        case.put(Event::CheckIn(crate::check_in::Event::Heard(vec![item])));
    };
    ready(0, 440, [Some(3), Some(1)]);
    ready(0, 450, [Some(6), Some(2)]);
    ready(1, 450, [Some(4), Some(0)]);
    ready(2, 455, [None, None]);
    let by_class = [(10, 9), (0, 0), (8, 8)];
    let planned = Planned { by_class, women: (4, 3), at: on_the_day(-600) };
    let all = case.with(|grounds| grounds.planned = Some(planned));
    let [five, six] = [&all[4], &all[5]];
    assert_eq!(found(five, Part::All), share(10, 18), "the later word of the first stands");
    assert_eq!(found(five, Part::Class(RiskClass::Most)), share(6, 8));
    assert_eq!(found(five, Part::Class(RiskClass::Normal)), share(4, 10));
    assert_eq!(found(five, Part::Unsaid), count(2));
    assert_eq!(found(five, Part::Planned), share(17, 18), "and beside it what was planned");
    assert_eq!(found(six, Part::All), share(1, 4));
    assert_eq!(found(six, Part::Unsaid), count(2));
    for one in [five, six] {
        assert_eq!((one.reason, one.met), (None, Some(false)));
        assert_eq!(one.newest, Some(on_the_day(450)));
    }
    // Without a plan nobody knows how many were due; the women's booths are the list's own.
    let all = case.all();
    assert_eq!(all[4].reason, Some(Reason::NoPresence));
    assert_eq!(found(&all[5], Part::All), share(1, 4));
    // Before anybody spoke nothing is known.
    case.as_of = on_the_day(400);
    assert_eq!(case.all()[5].reason, Some(Reason::NoPresence));
}

#[test]
fn the_model_is_held_against_its_target_only_where_enough_was_hit() {
    let capture = Capture {
        stations: 100,
        top: 20,
        hit: 40,
        captured: 30,
        capture: [750, 600, 900],
        lift: [3_750, 3_000, 4_500],
        too_small: false,
    };
    let of = |capture: Capture| {
        let all = Case::of(1).with(|grounds| grounds.capture = Some(capture));
        all.into_iter().find(|one| one.kpi == Kpi(31)).unwrap()
    };
    assert_eq!(of(capture).met, Some(true));
    assert_eq!(found(&of(capture), Part::All), share(30, 40));
    assert_eq!(of(Capture { lift: [2_999, 0, 0], ..capture }).met, Some(false));
    let few = of(Capture { too_small: true, ..capture });
    assert_eq!((few.met, few.caveats.as_slice()), (None, [Caveat::TooFew].as_slice()));
    assert_eq!(of(Capture { hit: 0, ..capture }).reason, Some(Reason::NoHits));
}

#[test]
fn forks_are_counted_and_lags_are_told_where_the_clocks_are_the_same() {
    let change = |grounds: &mut Grounds<'_>| {
        grounds.ledger = Ledger {
            entries: 9,
            forks: 1,
            withheld: 2,
            lags_ms: (1..=20).map(|minute| minute * 60_000).collect(),
        };
    };
    let case = Case::of(1);
    let all = case.with(change);
    assert_eq!(all[31].met, Some(false));
    assert_eq!(found(&all[31], Part::Withheld), count(2));
    let spread = Measure::Spread { count: 20, p50_s: 600, p90_s: 1_140 };
    assert_eq!((found(&all[20], Part::All), all[20].met), (Some(spread), Some(true)));
    let case = Case { exercise: true, ..case };
    assert_eq!(case.with(change)[20].reason, Some(Reason::OtherClock));
}

#[test]
fn only_what_lies_in_the_area_counts() {
    let mut case = Case::of(1);
    let other = area("pk/punjab/lahore");
    let report = day::report(9, incident::Code::ArmPst, on_the_day(500));
    case.put_in(other, Event::Incident(incident::Event::Reported(report)));
    assert_eq!(found(&case.one(27), Part::Attacks), count(1));
    let karachi = area("pk/sindh");
    let (schedule, taxonomy) = (schedule(), taxonomy());
    let grounds = Grounds {
        state: &case.state,
        area: &karachi,
        poll: date("2024-02-08"),
        as_of: case.as_of,
        exercise: false,
        sites: Vec::new(),
        schedule: &schedule,
        taxonomy: &taxonomy,
        planned: None,
        ledger: Ledger::default(),
        capture: None,
    };
    let all = indicators(&grounds, &Material::of(&grounds));
    assert_eq!(all[26].reason, Some(Reason::NoIncidents));
}

#[test]
fn whoever_holds_law_and_drill_is_counted_beside_the_posts_of_the_plan() {
    use crate::training::{Certificate, Event as T, Held, Standard};
    let mut case = Case::of(2);
    assert_eq!(case.one(26).reason, Some(Reason::NoTraining));
    let standard = Standard { hours: 2, percent: 0, questions: 0, practical: false, months: 0 };
    for (module, people) in [(1, [1, 2]), (2, [2, 3])] {
        let held = Held { module, ..lessons::held(module, &people) };
        let list = case.put(Event::Training(T::Held(held)));
        let certificate = Certificate {
            module,
            standard,
            lists: vec![list],
            quiz: None,
            practical: None,
            people: lessons::roll(&people),
            until: None,
        };
        case.put(Event::Training(T::Certified(certificate)));
    }
    let planned = Planned { by_class: [(3, 2), (0, 0), (0, 0)], women: (0, 0), at: on_the_day(0) };
    let told = case.with(|grounds| grounds.planned = Some(planned)).swap_remove(25);
    assert_eq!(found(&told, Part::All), share(1, 2), "one holds both, two are posted");
    assert_eq!(told.met, Some(false));
    assert_eq!(found(&case.one(26), Part::All), count(1), "without a plan only the number");
}

#[test]
fn the_moment_of_an_account_is_the_newest_that_anything_speaks_of() {
    let mut case = Case::of(2);
    assert_eq!(newest(&case.state, &AreaId::nation()), None);
    case.hear(0, Code::A7, 480);
    case.hear(1, Code::A12, 1_020);
    case.hear(1, Code::A8, 600);
    assert_eq!(newest(&case.state, &AreaId::nation()), Some(on_the_day(1_020)));
    assert_eq!(newest(&case.state, &area("pk/punjab")), None);
    let report = day::report(9, incident::Code::ArmPst, on_the_day(1_100));
    case.put(Event::Incident(incident::Event::Reported(report)));
    assert_eq!(newest(&case.state, &east()), Some(on_the_day(1_100)));
}
