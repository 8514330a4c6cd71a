use super::*;
use pehra_domain::{ConstituencyId, force::HomeCount};

fn seat(number: u64) -> ConstituencyId {
    ConstituencyId::try_new(format!("NA-{number}")).unwrap()
}

fn row(unit: &str, kind: StaffKind, home: Vec<ConstituencyId>, people: (u32, u32)) -> HomeCount {
    let (count, leaders) = people;
    HomeCount { unit: unit_id(unit), kind, home, count, leaders, most_sensitive: true }
}

fn found(input: &AllocateInput, plan: &Plan, rule: &str) -> u64 {
    audit(input, plan).iter().find(|row| row.rule == rule).map_or(0, |row| row.people)
}

fn reason(plan: &Plan) -> String {
    let bent = plan.certificate.relaxations.iter().find(|bent| bent.rule == "leader");
    bent.map(|bent| bent.text.clone()).unwrap_or_default()
}

#[test]
fn a_leader_comes_where_nobody_may_lead_and_two_change_places_if_teams_ask_for_it() {
    // leaders of the near unit and of the far one, least team → places without before and after, people exchanged
    let table = [
        ((0, 4), 0, 1, 0, 1),
        ((0, 4), 2, 1, 0, 2),
        ((0, 1), 0, 1, 1, 0),
        ((0, 2), 0, 1, 0, 1),
        ((1, 1), 0, 0, 0, 0),
        ((0, 0), 0, 2, 2, 0),
    ];
    for ((near, far), people_min, before, after, exchanged) in table {
        let mut input = two_places(4, 4);
        let man = StaffKind::PoliceMan;
        input.homes =
            vec![row("u-1", man, Vec::new(), (4, near)), row("u-2", man, Vec::new(), (4, far))];
        input.rules.teams = Some(Teams { people_min, women_min: 0 });
        let free = allocate(&input, 1, &mut go_on).unwrap();
        input.rules.leaders = true;
        let case = format!("{near} {far} {people_min}");
        assert_eq!(found(&input, &free, "leader"), before, "{case}");
        let plan = allocate(&input, 1, &mut go_on).unwrap();
        assert_eq!((found(&input, &plan, "leader"), bent(&plan, "leader")), (after, after));
        assert_eq!(bent(&plan, "team_size"), 0, "{case}");
        let away = teams(&plan, false).get(&("u-2", "B-1")).copied().unwrap_or(0);
        assert_eq!(away, exchanged, "{case}");
        // 10 km there and 10 km back, at the plain's detour.
        let ways = plan.certificate.objective - free.certificate.objective;
        assert_eq!(ways > 0, exchanged > 0, "{case}");
    }
}

#[test]
fn why_a_place_has_nobody_who_may_lead_is_told() {
    let man = StaffKind::PoliceMan;
    let mut input = two_places(4, 4);
    input.stations[0].contests = vec![seat(1)];
    input.rules = Rules { leaders: true, ..Rules::NONE };
    let ask = |input: &AllocateInput| reason(&allocate(input, 1, &mut go_on).unwrap());
    input.homes = vec![row("u-1", man, vec![], (4, 0)), row("u-2", man, vec![], (4, 1))];
    assert!(ask(&input).contains("1: all leaders of the tier lead elsewhere"));
    // Two leaders, both at home where they would be needed.
    input.homes[1] = row("u-2", man, vec![seat(1)], (4, 2));
    assert!(ask(&input).contains("1: no leader of the tier who is left may go there"));
    input.homes[1] = row("u-2", man, vec![], (4, 2));
    assert_eq!(ask(&input), "");
    let pin = Lock::Pin { unit: unit_id("u-1"), building: building_id("B-1"), kind: man, count: 4 };
    input.locks = vec![pin];
    assert!(ask(&input).contains("1: everybody there was pinned by hand"));
    input.locks.clear();
    // Two hundred people of each are too many to be parted by two.
    input.rules.seats = Some(Seats { walk_m: 5_000, trips: 0 });
    assert!(ask(&input).contains("1: every exchange would break another rule"));
}

#[test]
fn a_leader_is_trained_where_training_is_asked_for() {
    let man = StaffKind::PoliceMan;
    let mut input = one(RiskClass::Most, StationKind::Men);
    input.units = vec![unit("u-1", Tier::Police, "pk/sindh/a", 1.0, (40, 0))];
    input.homes = vec![
        HomeCount { most_sensitive: false, ..row("u-1", man, vec![], (20, 5)) },
        row("u-1", man, vec![], (20, 0)),
    ];
    input.rules = Rules { leaders: true, ..Rules::NONE };
    for (training, without) in [(false, 0), (true, 1)] {
        input.rules.training = training;
        let plan = allocate(&input, 1, &mut go_on).unwrap();
        assert_eq!(bent(&plan, "leader"), without);
        assert_eq!(found(&input, &plan, "leader"), without);
    }
}

/// A small country with homes, training, reserve, seats, a pin and an exclusion, and every rule but leaders.
fn country(seed: u64) -> AllocateInput {
    let mut chance = Seed::new(seed);
    let mut below = |most: u64| u32::try_from(chance.below(most)).unwrap();
    let mut input = empty();
    for number in 0..8 + below(10) {
        let name = format!("B-{number:02}");
        input.buildings.push(building(&name, "pk/sindh/a", f64::from(below(60))));
        let class = RiskClass::ALL[below(3) as usize];
        let kind = [StationKind::Men, StationKind::Women, StationKind::Combined][below(3) as usize];
        let mut duty = station(&format!("S-{number:02}"), &name, class, kind);
        duty.contests = vec![seat(u64::from(below(3)))];
        input.stations.push(duty);
    }
    for number in 0..3 + below(4) {
        let name = format!("U-{number}");
        let (km, men, women, seats) = (below(60), below(40), below(12), below(60));
        let police = unit(&name, Tier::Police, "pk/sindh/a", f64::from(km), (men, women));
        input.units.push(Unit { seats, reserve: below(3), ..police });
        for (kind, people) in [(StaffKind::PoliceMan, men), (StaffKind::PoliceWoman, women)] {
            let home = below(people.into()).min(people);
            for (home, count) in [(vec![seat(below(3).into())], home), (vec![], people - home)] {
                let leaders = if below(2) == 0 { 0 } else { below(4).min(count) };
                let trained = below(3) > 0;
                input.homes.push(HomeCount {
                    most_sensitive: trained,
                    ..row(&name, kind, home, (count, leaders))
                });
            }
        }
    }
    input.homes.retain(|row| row.count > 0);
    if let [first, .., last] = &input.units[..]
        && first.men > 4
    {
        input.locks.push(Lock::Pin {
            unit: first.id.clone(),
            building: building_id("B-00"),
            kind: StaffKind::PoliceMan,
            count: 1,
        });
        let (unit, building) = (last.id.clone(), Some(building_id("B-01")));
        input.locks.push(Lock::Exclude { unit, building });
    }
    input.rules = Rules {
        home: true,
        training: true,
        travel_s_max: Some(3_600),
        teams: Some(Teams::PROPOSED),
        seats: Some(Seats { walk_m: 5_000, trips: 1 }),
        ..Rules::NONE
    };
    input
}

#[test]
fn leaders_are_moved_under_every_rule_and_no_other_rule_suffers() {
    let (mut before, mut after, mut moved) = (0, 0, 0);
    for seed in 0..200 {
        let mut input = country(seed);
        let Ok(still) = allocate(&input, 1, &mut go_on) else { continue };
        input.rules.leaders = true;
        let plan = allocate(&input, 2, &mut go_on).unwrap();
        let stood: BTreeMap<_, _> =
            audit(&input, &still).into_iter().map(|row| (row.rule, row.people)).collect();
        for row in audit(&input, &plan) {
            assert!(row.people <= stood[row.rule], "seed {seed}: {}", row.rule);
            let named = ["team_size", "vehicle_seats", "leader"].contains(&row.rule);
            assert_eq!(row.people, if named { bent(&plan, row.rule) } else { 0 }, "seed {seed}");
        }
        assert_eq!(missing(&plan), missing(&still), "seed {seed}");
        let gained = stood["leader"] - bent(&plan, "leader");
        let dearer = plan.certificate.objective - still.certificate.objective;
        assert!(dearer <= 40_000 * i64::try_from(gained).unwrap(), "seed {seed}: {dearer}");
        assert!(gained > 0 || plan.postings == still.postings, "seed {seed}");
        // The reasons add up to the places.
        let text = reason(&plan);
        let told: u64 = text
            .split(['(', ';'])
            .skip(1)
            .filter_map(|part| part.trim().split(':').next()?.parse::<u64>().ok())
            .sum();
        assert_eq!(told, bent(&plan, "leader"), "seed {seed}: {text}");
        before += stood["leader"];
        after += bent(&plan, "leader");
        moved += u32::from(gained > 0);
    }
    assert!(moved >= 20 && after < before, "{before} places without, {after} after, {moved} moved");
}

#[test]
fn moving_leaders_ends_where_listing_every_plan_ends_in_most_small_countries() {
    let (mut equal, mut moved) = (0, 0);
    for seed in 0..200 {
        let mut chance = Seed::new(1_000 + seed);
        let mut input = three_places(&mut chance);
        let leaders = [0, 1, 2].map(|_| u32::try_from(chance.below(3)).unwrap());
        for (unit, leaders) in input.units.iter().zip(leaders) {
            let people = (unit.men, leaders.min(unit.men));
            input.homes.push(row(unit.id.as_str(), StaffKind::PoliceMan, vec![], people));
        }
        input.homes.retain(|row| row.count > 0);
        input.rules.teams = Some(Teams { people_min: 2, women_min: 0 });
        let still = allocate(&input, 1, &mut go_on).unwrap();
        input.rules.leaders = true;
        let plan = allocate(&input, 1, &mut go_on).unwrap();
        let broken = i64::try_from(bent(&plan, "team_size") + bent(&plan, "leader")).unwrap();
        let ours = plan.certificate.objective + 40_000 * broken;
        let least = by_brute_force(&input, Some(leaders));
        assert!(ours >= least, "seed {seed}: {ours} {least}");
        equal += u32::from(ours == least);
        moved += u32::from(plan.postings != still.postings);
    }
    assert!(equal >= 120 && moved >= 12, "{equal} of 200 are the best, {moved} were moved");
}
