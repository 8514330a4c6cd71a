mod ground;
mod small;

use super::marginal::marginals;
use super::*;
use crate::facts::{self, Facts};
use pehra_domain::{force::Tier, progress::Step, survey::SurveySubject};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::OnceLock,
};

const FIGURES: &str = include_str!("../../../../data/ge2024.csv");
const SEATS: &str = include_str!("../../../../data/seats.csv");
const ROOMS: &str = include_str!("../../../../data/rooms.csv");
const DISTRICTS: &str = include_str!("../../../../data/districts.csv");
const TOWNS: &str = include_str!("../../../../data/towns.csv");

fn pakistan() -> (Facts, Gazetteer) {
    let facts = Facts::parse(FIGURES, SEATS, ROOMS).unwrap();
    (facts, facts::gazetteer(DISTRICTS, TOWNS).unwrap())
}

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// One nation for all tests that only look.
fn nation() -> &'static Nation {
    static NATION: OnceLock<Nation> = OnceLock::new();
    NATION.get_or_init(|| {
        let (facts, gazetteer) = pakistan();
        generate(&facts, &gazetteer, 2024, &mut go_on).unwrap()
    })
}

fn sha(value: &impl Encode<()>) -> String {
    let bytes = minicbor::to_vec(value).unwrap();
    Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what a reader of a failure needs")]
fn every_promised_figure_is_kept_to_the_last_unit() {
    let (facts, _) = pakistan();
    let table = marginals(&facts, nation());
    for row in &table {
        println!(
            "{:<36} {:<18} {:>12} {:>12} {}",
            row.area,
            row.measure.code(),
            row.promised,
            row.drawn,
            if row.promised == row.drawn { "=" } else { "DIFFERS" }
        );
    }
    assert!(table.iter().all(|row| row.promised == row.drawn));
    assert!(table.len() >= 75, "{} figures", table.len());
}

#[test]
fn the_promised_table_says_what_the_issue_says() {
    let (facts, _) = pakistan();
    let figure = |area: &str, measure| facts.figure(area, measure).unwrap();
    assert_eq!(figure("nation", Measure::Stations), 90_675);
    assert_eq!(figure("nation", Measure::StationsMen), 25_320);
    assert_eq!(figure("nation", Measure::StationsWomen), 23_952);
    assert_eq!(figure("nation", Measure::StationsCombined), 41_403);
    assert_eq!(figure("nation", Measure::Booths), 276_398);
    assert_eq!(figure("nation", Measure::Voters), 128_585_760);
    assert_eq!(facts.by_area(Measure::Police).values().sum::<u64>(), 465_736);
    let troops = figure("nation", Measure::ArmyCafQrf) + figure("nation", Measure::ArmyCafStatic);
    assert_eq!(troops, 130_882);
    let class = |measure| facts.by_area(measure).values().sum::<u64>();
    // Lahore's own rows lie inside its province's.
    assert_eq!(class(Measure::ClassNormal), 44_610 + 50);
    assert_eq!(class(Measure::ClassSensitive), 27_628 + 3_540);
    assert_eq!(class(Measure::ClassMost), 18_437 + 813);
}

#[test]
fn every_id_is_marked_and_named_once() {
    let nation = nation();
    let mut ids: Vec<&str> = nation.stations.iter().map(|station| station.id.as_str()).collect();
    ids.extend(nation.buildings.iter().chain(&nation.places).map(|place| place.id.as_str()));
    ids.extend(nation.units.iter().map(|unit| unit.id.as_str()));
    ids.extend(nation.incidents.iter().map(|incident| incident.id.as_str()));
    assert!(ids.iter().all(|id| id.starts_with(MARK)));
    let count = ids.len();
    assert_eq!(ids.into_iter().collect::<BTreeSet<_>>().len(), count);
}

#[test]
fn no_class_stands_beside_a_name_that_is_not_marked_as_invented() {
    for station in &nation().stations {
        assert!(station.name.starts_with("SYN "), "{}", station.name);
        assert!(station.official.iter().all(|class| class.source.starts_with("SYN:")));
    }
    assert!(nation().incidents.iter().all(|incident| incident.source.starts_with("SYN:")));
}

#[test]
fn a_men_only_station_has_nothing_for_women_and_the_other_way_round() {
    for station in &nation().stations {
        let (men, women) = match station.kind {
            StationKind::Men => (true, false),
            StationKind::Women => (false, true),
            StationKind::Combined => (true, true),
        };
        for (serves, voters, booths) in [
            (men, station.voters.men, station.booths.men),
            (women, station.voters.women, station.booths.women),
        ] {
            assert_eq!(serves, voters > 0, "{}", station.id);
            assert_eq!(serves, booths > 0, "{}", station.id);
        }
    }
}

#[test]
fn stations_and_booths_are_of_a_size_that_a_day_can_serve() {
    let mut per_booth = Vec::new();
    for station in &nation().stations {
        let voters = station.voters.total();
        assert!((250..=3_600).contains(&voters), "{} has {voters} voters", station.id);
        per_booth.push(voters / station.booths.total());
    }
    per_booth.sort_unstable();
    let at = |share: usize| per_booth[per_booth.len() * share / 100];
    assert!((430..=500).contains(&at(50)), "median {}", at(50));
    assert!(at(1) > 200 && at(99) < 900, "1 % {} 99 % {}", at(1), at(99));
}

#[test]
fn every_station_stands_in_its_building_and_votes_for_one_seat_of_each_assembly() {
    let nation = nation();
    let mut stations = nation.stations.iter();
    for building in &nation.buildings {
        assert!((1..=6).contains(&building.stations.len()), "{}", building.id);
        for id in &building.stations {
            let station = stations.next().unwrap();
            assert_eq!(&station.id, id);
            assert_eq!(station.building, building.id);
            assert_eq!(station.point, building.point);
            assert_eq!(station.district, building.district);
            assert_eq!(station.contests[0].assembly, Assembly::National);
            // Islamabad elects no provincial assembly.
            let capital = station.district.as_str() == "pk/islamabad-capital-territory/islamabad";
            assert_eq!(station.contests.len(), if capital { 1 } else { 2 });
            assert!(station.contests[1..].iter().all(|it| it.assembly == Assembly::Provincial));
        }
    }
    assert!(stations.next().is_none());
    assert!(nation.places.iter().all(|place| place.stations.is_empty()));
    assert_eq!(nation.places.len(), 859 + 136);
}

#[test]
fn seats_are_of_comparable_size_and_lie_in_their_own_districts() {
    let nation = nation();
    let mut districts: BTreeMap<&str, BTreeSet<&AreaId>> = BTreeMap::new();
    let mut counted: BTreeMap<&str, (u32, BySex)> = BTreeMap::new();
    for station in &nation.stations {
        for contest in &station.contests {
            let seat = contest.constituency.as_str();
            districts.entry(seat).or_default().insert(&station.district);
            let (stations, voters) = counted.entry(seat).or_default();
            *stations += 1;
            voters.men += contest.voters.men;
            voters.women += contest.voters.women;
            assert_eq!(contest.station_no, stations.to_string());
        }
    }
    for seat in &nation.constituencies {
        let range = match seat.assembly {
            Assembly::National => 150..=700,
            Assembly::Provincial => 40..=330,
        };
        assert!(range.contains(&seat.stations), "{} has {} stations", seat.id, seat.stations);
        assert_eq!(counted[seat.id.as_str()], (seat.stations, seat.voters));
        let own: BTreeSet<&AreaId> = seat.districts.iter().collect();
        assert!(districts[seat.id.as_str()].is_subset(&own), "{}", seat.id);
    }
    let postponed: Vec<&str> =
        nation.polls.iter().map(|poll| poll.key.constituency.as_str()).collect();
    assert_eq!(postponed, ["NA-8", "PK-22", "PK-91", "PP-266"]);
}

#[test]
fn forces_come_in_many_units_with_some_women_and_a_reserve() {
    let units = &nation().units;
    assert!(units.len() >= 2_000, "{}", units.len());
    for unit in units {
        assert!(unit.men + unit.women > 0 && unit.reserve <= unit.men + unit.women, "{}", unit.id);
    }
    let police = || units.iter().filter(|unit| unit.tier == Tier::Police);
    let women: u32 = police().map(|unit| unit.women).sum();
    let people: u32 = police().map(|unit| unit.men + unit.women).sum();
    let permille = women * 1_000 / people;
    // Between the least of the published shares (Balochistan, 5) and the greatest (Lahore, 133).
    assert!((5..=133).contains(&permille), "{permille}");
    let lahore: u32 = police()
        .filter(|unit| unit.district.name() == "lahore")
        .map(|unit| unit.women * 1_000 / (unit.men + unit.women))
        .max()
        .unwrap();
    assert!((130..=136).contains(&lahore), "{lahore}");
    for tier in [Tier::Army, Tier::CivilArmedForces] {
        assert!(units.iter().any(|unit| unit.tier == tier && unit.window.is_some()));
    }
}

#[test]
fn history_keeps_the_published_january_and_ends_on_the_eve() {
    let incidents = &nation().incidents;
    assert!(incidents.iter().all(|incident| incident.date < POLL_DAY));
    assert!(incidents.windows(2).all(|pair| pair[0].date <= pair[1].date));
    let january: Vec<&IncidentRecord> =
        incidents.iter().filter(|it| (19_723..19_754).contains(&it.date.0)).collect();
    let mut by_province: BTreeMap<&str, u32> = BTreeMap::new();
    for incident in &january {
        *by_province.entry(&incident.province).or_default() += 1;
    }
    // picss.net: Balochistan 33, Khyber Pakhtunkhwa 30 and the merged districts 24, Sindh 4, Punjab 1, Islamabad 1.
    assert_eq!(by_province["Balochistan"], 33);
    assert_eq!(by_province["Khyber Pakhtunkhwa"], 54);
    assert_eq!(by_province["Sindh"], 4);
    assert_eq!(january.len(), 93);
    assert_eq!(january.iter().filter(|incident| incident.on_election).count(), 21);
    for incident in incidents {
        assert!(incident.deaths_low <= incident.deaths_best);
        assert!(incident.deaths_best <= incident.deaths_high);
        assert!((1..=3).contains(&incident.place_precision));
    }
}

#[test]
fn surveys_answer_real_questions_and_leave_gaps() {
    let nation = nation();
    let mut visited = BTreeSet::new();
    for answer in &nation.surveys {
        let question = pehra_plan::survey_form::question(&answer.question).unwrap();
        assert_eq!(answer.factor, question.feeds);
        assert!(question.choices.iter().any(|choice| choice.centi == answer.centi));
        assert!(answer.on < POLL_DAY);
        if let SurveySubject::Building(building) = &answer.subject {
            visited.insert(building);
        }
    }
    let permille = visited.len() * 1_000 / nation.buildings.len();
    assert!((200..=500).contains(&permille), "{permille}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (facts, gazetteer) = pakistan();
    let again = generate(&facts, &gazetteer, 2024, &mut go_on).unwrap();
    assert_eq!(sha(nation()), sha(&again));
    let other = generate(&facts, &gazetteer, 2025, &mut go_on).unwrap();
    assert_ne!(sha(nation()), sha(&other));
    assert!(marginals(&facts, &other).iter().all(|row| row.promised == row.drawn));
}

#[test]
fn the_bytes_are_the_same_on_every_machine() {
    let nation = nation();
    // Changes with the tables in `data/` and with the generator, and with nothing else.
    assert_eq!(
        sha(&(&nation.stations, &nation.buildings, &nation.units, &nation.incidents)),
        "fa8461bdd3443f71a28f9a55813684db0db8a50f87c00ab8f2a9385993be9e61"
    );
}

#[test]
fn it_can_be_stopped_at_every_stage() {
    let (facts, gazetteer) = pakistan();
    let mut steps = 0;
    let mut count = |_: Step| {
        steps += 1;
        ControlFlow::Continue(())
    };
    generate(&facts, &gazetteer, 1, &mut count).unwrap();
    assert_eq!(steps, 9);
    for last in 0..3 {
        let mut told = 0;
        let mut stop = |_: Step| {
            told += 1;
            if told > last { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let error = generate(&facts, &gazetteer, 1, &mut stop).unwrap_err();
        assert_eq!(error, NationError::Cancelled(Cancelled));
    }
}

#[test]
fn what_is_wrong_with_the_facts_is_said_by_name() {
    let (facts, gazetteer) = pakistan();
    let fails = |change: &dyn Fn(&mut Facts)| {
        let mut facts = facts.clone();
        change(&mut facts);
        generate(&facts, &gazetteer, 1, &mut go_on).unwrap_err().to_string()
    };
    let missing = fails(&|facts| {
        facts.figures.retain(|it| !(it.area == "Sindh" && it.measure == Measure::Booths));
    });
    assert_eq!(missing, "ge2024.csv has no row for \"Sindh\" with measure booths");
    let too_many = fails(&|facts| {
        for figure in &mut facts.figures {
            if figure.area == "Balochistan" && figure.measure == Measure::ClassMost {
                figure.value += 1;
            }
        }
    });
    assert!(too_many.contains("classes do not sum"), "{too_many}");
    let homeless = fails(&|facts| facts.rooms.retain(|room| room.district != "Quetta"));
    assert!(homeless.contains("\"Quetta\""), "{homeless}");
    let seatless = fails(&|facts| {
        facts.seats.retain(|range| !range.districts.iter().any(|name| name == "Quetta"));
    });
    assert!(seatless.contains("\"Quetta\" 0 National Assembly"), "{seatless}");
    let unknown = fails(&|facts| facts.rooms[0].district = "Atlantis".to_owned());
    assert!(unknown.contains("\"Atlantis\""), "{unknown}");
}

#[test]
fn the_list_to_import_has_a_row_for_every_contest() {
    let nation = nation();
    let text = csv::stations(nation, &pakistan().1);
    let contests: usize = nation.stations.iter().map(|station| station.contests.len()).sum();
    assert_eq!(text.lines().count(), contests + 1);
    let table = crate::table::Table::open("list", &text, &["name", "male_voters", "female_voters"]);
    let table = table.unwrap();
    let mut voters = 0_u64;
    for row in table.rows() {
        assert!(table.text(&row, "name").starts_with("SYN "));
        if table.text(&row, "assembly") == "NA" {
            voters += table.value::<u64>(&row, "male_voters").unwrap();
            voters += table.value::<u64>(&row, "female_voters").unwrap();
        }
    }
    assert_eq!(voters, 128_585_760);
}

#[test]
fn the_forces_to_import_are_those_of_the_nation() {
    let nation = nation();
    let text = csv::forces(nation);
    let columns = ["id", "men", "women", "reserve", "from", "until"];
    let table = crate::table::Table::open("forces", &text, &columns).unwrap();
    let (mut rows, mut people, mut called) = (0, 0_u64, 0);
    for row in table.rows() {
        rows += 1;
        assert!(table.text(&row, "id").starts_with("SYN-"));
        people += table.value::<u64>(&row, "men").unwrap();
        people += table.value::<u64>(&row, "women").unwrap();
        let window = (table.text(&row, "from"), table.text(&row, "until"));
        if window != ("", "") {
            assert_eq!(window, ("2024-02-05 00:00", "2024-02-11 00:00"));
            called += 1;
        }
    }
    assert_eq!(rows, nation.units.len());
    let all: u64 = nation.units.iter().map(|unit| u64::from(unit.men + unit.women)).sum();
    assert_eq!(people, all);
    assert_eq!(called, nation.units.iter().filter(|unit| unit.window.is_some()).count());
    assert!(called > 0);
}
