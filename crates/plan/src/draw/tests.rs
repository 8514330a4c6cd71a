use super::*;
use pehra_domain::{ConstituencyId, member::Grade, progress::Step, risk::RiskClass};
use proptest::prelude::*;
use std::ops::ControlFlow;

fn member(number: usize, home: &str, modules: &[u8], grade: u8) -> Member {
    let seats = home.split_whitespace().map(|seat| ConstituencyId::try_new(seat).unwrap());
    Member {
        number: PersonId::try_new(format!("S{number:04}")).unwrap(),
        unit: UnitId::try_new("U1").unwrap(),
        kind: StaffKind::PoliceMan,
        grade: Grade(grade),
        home: seats.collect(),
        modules: Modules::of(modules),
        excluded: String::new(),
    }
}

fn detachment(building: &str, count: u32, class: RiskClass, seats: &str) -> Detachment {
    let seats = seats.split_whitespace().map(|seat| ConstituencyId::try_new(seat).unwrap());
    Detachment {
        unit: UnitId::try_new("U1").unwrap(),
        kind: StaffKind::PoliceMan,
        building: BuildingId::try_new(building).unwrap(),
        count,
        class,
        contests: seats.collect(),
        leads: false,
    }
}

fn go_on(_: Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn drawn(input: &Input, seeds: [[u8; 32]; 3], threads: usize) -> Vec<Line> {
    let mut draw = Draw::try_new(input).unwrap();
    for (stage, seed) in Stage::ALL.into_iter().zip(seeds) {
        draw.draw(stage, &seed, threads, &mut go_on).unwrap();
    }
    draw.roster()
}

fn seed_of(number: u64, part: u8) -> [u8; 32] {
    let mut seed = [part; 32];
    seed[..8].copy_from_slice(&number.to_be_bytes());
    seed
}

fn buildings(lines: &[Line]) -> Vec<String> {
    let place = |line: &Line| match &line.lot {
        Lot::Posted { building, .. } => building.as_str().to_owned(),
        Lot::Spare => "spare".to_owned(),
        Lot::Excluded { .. }
        | Lot::Untrained { .. }
        | Lot::NotCalled
        | Lot::Called
        | Lot::Holds { .. } => "-".to_owned(),
    };
    lines.iter().map(place).collect()
}

/// How many valid rosters there are, by trying all of them.
fn count_valid(input: &Input, spares: usize) -> usize {
    let mut places: Vec<Option<&Detachment>> = Vec::new();
    for one in &input.detachments {
        places.extend((0..one.count).map(|_| Some(one)));
    }
    let rest = input.people.len() - places.len();
    places.extend((0..rest).map(|_| None));
    // None stands for spares and home alike; they are told apart below.
    let mut seen = BTreeSet::new();
    permute(&mut places.clone(), 0, &mut |order| {
        let fit = order.iter().zip(&input.people).all(|(place, person)| {
            place.is_none_or(|one| !person.home.iter().any(|seat| one.contests.contains(seat)))
        });
        if fit {
            let names: Vec<&str> =
                order.iter().map(|place| place.map_or("-", |one| one.building.as_str())).collect();
            seen.insert(names.join(" "));
        }
    });
    seen.len() * binomial(rest, spares)
}

fn binomial(of: usize, take: usize) -> usize {
    (0..take).fold(1, |product, step| product * (of - step) / (step + 1))
}

fn permute<'a, 'b>(
    list: &mut Vec<Option<&'a Detachment>>,
    from: usize,
    see: &mut dyn FnMut(&[Option<&'a Detachment>]),
) where
    'a: 'b,
{
    if from == list.len() {
        see(list);
        return;
    }
    for at in from..list.len() {
        list.swap(from, at);
        permute(list, from + 1, see);
        list.swap(from, at);
    }
}

/// Draws many times and compares how often each roster came with an even distribution.
fn assert_even(input: &Input, spares: usize, draws: u64) {
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for number in 0..draws {
        let seeds = [seed_of(number, 1), seed_of(number, 2), seed_of(number, 3)];
        *seen.entry(buildings(&drawn(input, seeds, 1)).join(" ")).or_default() += 1;
    }
    let valid = count_valid(input, spares);
    assert_eq!(seen.len(), valid, "every valid roster must come up, and no other");
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let (expected, freedom) = (draws as f64 / valid as f64, (valid - 1) as f64);
    assert!(expected > 8.0, "too few draws to judge: {expected} a roster");
    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    let chi: f64 =
        seen.values().map(|&n| (n as f64 - expected) * (n as f64 - expected) / expected).sum();
    // Wilson and Hilferty: chi-square with `freedom` degrees exceeds this once in ten thousand.
    let step = 2.0 / (9.0 * freedom);
    let root = 1.0 - step + 3.719 * libm::sqrt(step);
    let limit = freedom * root * root * root;
    assert!(chi < limit, "chi-square {chi} with {freedom} degrees, at most {limit}");
}

fn plain(count: usize, homes: &[&str]) -> Vec<Member> {
    (0..count).map(|n| member(n, homes.get(n).copied().unwrap_or(""), &[1, 2], 1)).collect()
}

#[test]
fn without_rules_every_roster_is_equally_likely() {
    let input = Input {
        people: plain(5, &[]),
        detachments: vec![
            detachment("B1", 2, RiskClass::Normal, "NA-1"),
            detachment("B2", 1, RiskClass::Normal, "NA-1"),
        ],
        demands: Demands::default(),
    };
    assert_even(&input, 1, 6_000);
}

#[test]
fn with_homes_every_valid_roster_is_equally_likely() {
    let input = Input {
        people: plain(6, &["NA-1", "NA-1", "NA-2", "NA-2 PK-3", "PK-3", ""]),
        detachments: vec![
            detachment("B1", 2, RiskClass::Normal, "NA-1 PK-3"),
            detachment("B2", 2, RiskClass::Normal, "NA-2"),
            detachment("B3", 1, RiskClass::Normal, "NA-3"),
        ],
        demands: Demands::default(),
    };
    assert_even(&input, 1, 8_000);
}

/// Three people, three places, each barred from one: two arrangements, which only a circle of three joins.
#[test]
fn arrangements_that_no_exchange_of_two_joins_are_equally_likely_too() {
    let input = Input {
        people: plain(3, &["NA-1", "NA-2", "NA-3"]),
        detachments: vec![
            detachment("B1", 1, RiskClass::Normal, "NA-1"),
            detachment("B2", 1, RiskClass::Normal, "NA-2"),
            detachment("B3", 1, RiskClass::Normal, "NA-3"),
        ],
        demands: Demands::default(),
    };
    assert_even(&input, 0, 3_000);
}

/// Each of four people fits two of four places, in a ring: two arrangements, four places apart.
#[test]
fn arrangements_that_only_a_circle_of_all_joins_are_equally_likely_too() {
    let input = Input {
        people: plain(4, &["NA-1 NA-2", "NA-2 NA-3", "NA-3 NA-4", "NA-4 NA-1"]),
        detachments: (1..5)
            .map(|n| detachment(&format!("B{n}"), 1, RiskClass::Normal, &format!("NA-{n}")))
            .collect(),
        demands: Demands::default(),
    };
    assert_even(&input, 0, 3_000);
}

#[test]
fn a_stage_never_contradicts_the_one_before_and_hides_the_next() {
    let input = nation(40, 6);
    let mut draw = Draw::try_new(&input).unwrap();
    draw.draw(Stage::Pool, &[1; 32], 2, &mut go_on).unwrap();
    let pool = draw.roster();
    assert!(
        pool.iter()
            .all(|line| !matches!(line.lot, Lot::Holds { .. } | Lot::Posted { .. } | Lot::Spare))
    );
    draw.draw(Stage::Posts, &[2; 32], 2, &mut go_on).unwrap();
    let posts = draw.roster();
    assert!(posts.iter().all(|line| !matches!(line.lot, Lot::Posted { .. } | Lot::Called)));
    draw.draw(Stage::Stations, &[3; 32], 2, &mut go_on).unwrap();
    let last = draw.roster();
    for ((pool, posts), last) in pool.iter().zip(&posts).zip(&last) {
        let called = matches!(pool.lot, Lot::Called);
        assert_eq!(called, matches!(posts.lot, Lot::Holds { .. } | Lot::Spare), "{posts:?}");
        match (&posts.lot, &last.lot) {
            (Lot::Holds { post }, Lot::Posted { post: same, .. }) => assert_eq!(post, same),
            (before, after) => assert_eq!(before, after),
        }
    }
    assert_eq!(
        draw.draw(Stage::Posts, &[2; 32], 2, &mut go_on),
        Err(DrawError::Order { asked: Stage::Posts, next: None })
    );
}

/// Units with people of several homes, trainings and grades.
fn nation(people: usize, units: usize) -> Input {
    let mut input = Input::default();
    for unit in 0..units {
        let name = UnitId::try_new(format!("U{unit}")).unwrap();
        for n in 0..people {
            let home = ["NA-1", "NA-2 PK-2", "NA-3", "", ""][(n * 7 + unit) % 5];
            let modules: &[u8] = [&[1, 2][..], &[1, 2, 6], &[1, 2, 6, 7], &[1, 2, 7], &[1]][n % 5];
            let grade = u8::try_from(n % 4).unwrap();
            let mut one = member(unit * 10_000 + n, home, modules, grade);
            one.unit = name.clone();
            if n % 17 == 3 {
                one.excluded = "on leave".to_owned();
            }
            input.people.push(one);
        }
        for b in 0..6 {
            let class = RiskClass::ALL[b % 3];
            let seats = ["NA-1 PK-1", "NA-2 PK-2", "NA-3"][(b + unit) % 3];
            let mut one = detachment(&format!("B{unit}-{b}"), 4, class, seats);
            one.unit = name.clone();
            one.leads = true;
            input.detachments.push(one);
        }
    }
    input
}

fn assert_keeps_rules(input: &Input, lines: &[Line]) {
    let people: BTreeMap<&PersonId, &Member> =
        input.people.iter().map(|one| (&one.number, one)).collect();
    let mut filled: BTreeMap<(&UnitId, &BuildingId), u32> = BTreeMap::new();
    for line in lines {
        let person = people[&line.number];
        let Lot::Posted { post, building } = &line.lot else { continue };
        assert!(person.excluded.is_empty(), "{line:?}");
        assert!(person.modules.includes(input.demands.modules(*post)), "{line:?}");
        assert!(person.grade >= input.demands.grade_least(*post), "{line:?}");
        let there = input
            .detachments
            .iter()
            .find(|one| {
                one.building == *building && one.unit == person.unit && one.kind == person.kind
            })
            .unwrap();
        assert!(!person.home.iter().any(|seat| there.contests.contains(seat)), "{line:?}");
        *filled.entry((&there.unit, &there.building)).or_default() += 1;
    }
    let draw = Draw::try_new(input).unwrap();
    for vacancy in draw.vacancies() {
        let one = &input.detachments[vacancy.detachment as usize];
        *filled.entry((&one.unit, &one.building)).or_default() += 1;
    }
    for one in &input.detachments {
        assert_eq!(filled.get(&(&one.unit, &one.building)).copied().unwrap_or(0), one.count);
    }
}

#[test]
fn rows_in_another_order_and_more_threads_give_the_same_roster() {
    let input = nation(40, 7);
    let seeds = [[1; 32], [2; 32], [3; 32]];
    let first = drawn(&input, seeds, 1);
    assert_keeps_rules(&input, &first);
    let mut other = input.clone();
    other.people.reverse();
    other.detachments.rotate_left(5);
    assert_eq!(drawn(&other, seeds, 3), first);
    assert_eq!(other.hash(), input.hash());
    assert_ne!(drawn(&input, [[1; 32], [2; 32], [4; 32]], 1), first);
}

#[test]
fn whoever_is_left_out_is_named_with_the_reason() {
    let input = nation(40, 1);
    let lines = drawn(&input, [[0; 32]; 3], 1);
    for (line, one) in lines.iter().zip(&input.people) {
        if !one.excluded.is_empty() {
            assert_eq!(line.lot, Lot::Excluded { why: "on leave".to_owned() });
        } else if one.modules == Modules::of(&[1]) {
            assert_eq!(line.lot, Lot::Untrained { lacks: vec![2] });
        }
    }
}

#[test]
fn posts_that_nobody_may_hold_are_vacant_with_the_reason_that_can_be_mended() {
    let mut input = Input {
        people: plain(3, &["NA-1", "NA-1", "NA-1"]),
        detachments: vec![
            detachment("B1", 1, RiskClass::Normal, "NA-1"),
            detachment("B2", 1, RiskClass::Most, "NA-2"),
        ],
        demands: Demands::default(),
    };
    let reasons = |input: &Input| -> Vec<VacancyReason> {
        Draw::try_new(input).unwrap().vacancies().map(|one| one.reason).collect()
    };
    assert_eq!(reasons(&input), [VacancyReason::Untrained, VacancyReason::AtHome]);
    input.people[0].modules = Modules::of(&[1, 2, 7]);
    assert_eq!(reasons(&input), [VacancyReason::AtHome]);
    input.detachments[1].leads = true;
    input.people[0].modules = Modules::of(&[1, 2, 6, 7]);
    assert_eq!(reasons(&input), [VacancyReason::Junior, VacancyReason::AtHome]);
    input.people.clear();
    assert_eq!(reasons(&input), [VacancyReason::NobodyLeft, VacancyReason::NobodyLeft]);
}

#[test]
fn the_same_person_or_posting_twice_is_refused() {
    let mut input = nation(5, 1);
    input.people.push(input.people[2].clone());
    let twice = input.people[2].number.clone();
    assert_eq!(Draw::try_new(&input).err(), Some(DrawError::DoubleNumber(twice)));
    input.people.pop();
    input.detachments.push(input.detachments[0].clone());
    assert!(matches!(Draw::try_new(&input), Err(DrawError::DoubleDetachment { .. })));
}

#[test]
fn a_replacement_is_drawn_among_the_spares_who_may_hold_the_post() {
    let mut input = nation(60, 1);
    input.demands.spare_permille = 400;
    let mut draw = Draw::try_new(&input).unwrap();
    for stage in Stage::ALL {
        draw.draw(stage, &[8; 32], 1, &mut go_on).unwrap();
    }
    let before = draw.roster();
    let out = before.iter().find(|line| matches!(line.lot, Lot::Posted { .. })).unwrap().clone();
    let stands_in = draw.replace(&out.number, &[8; 32]).unwrap().expect("there are spares");
    let after = draw.roster();
    assert_keeps_rules(&input, &after);
    let line = |lines: &[Line], number: &PersonId| {
        lines.iter().find(|line| line.number == *number).unwrap().clone()
    };
    assert_eq!(line(&before, &stands_in).lot, Lot::Spare);
    assert_eq!(line(&after, &stands_in).lot, out.lot);
    assert_eq!(draw.replace(&out.number, &[8; 32]), Err(DrawError::Replaced(out.number.clone())));
    let nobody = PersonId::try_new("nobody").unwrap();
    assert_eq!(draw.replace(&nobody, &[8; 32]), Err(DrawError::NotPosted(nobody)));
}

#[test]
fn the_first_line_that_differs_is_found() {
    let input = nation(20, 2);
    let lines = drawn(&input, [[0; 32]; 3], 1);
    assert_eq!(first_difference(&lines, &lines), None);
    let mut bent = lines.clone();
    bent[7].lot = Lot::NotCalled;
    let expected = (Some(&lines[7]), Some(&bent[7]));
    assert_eq!(first_difference(&lines, &bent), Some(expected));
    assert_eq!(first_difference(&lines, &lines[..39]), Some((Some(&lines[39]), None)));
    assert_ne!(roster_hash(&bent), roster_hash(&lines));
}

/// The most posts of the input that can be held at once, weighed by class first: tried out one subset at a time.
fn best_by_hand(input: &Input) -> Vec<usize> {
    let mut by_class = vec![0; 3];
    let mut posts: Vec<(Post, &Detachment)> = Vec::new();
    for one in &input.detachments {
        posts.extend(one.posts().map(|post| (post, one)));
    }
    let mut best: Option<Vec<usize>> = None;
    for subset in 0_u32..1 << posts.len() {
        let chosen: Vec<&(Post, &Detachment)> = posts
            .iter()
            .enumerate()
            .filter_map(|(at, post)| (subset >> at & 1 == 1).then_some(post))
            .collect();
        if !can_hold(input, &chosen, &mut vec![false; input.people.len()]) {
            continue;
        }
        let count = |class| chosen.iter().filter(|(post, _)| post.class == class).count();
        let value =
            vec![count(RiskClass::Most), count(RiskClass::Sensitive), count(RiskClass::Normal)];
        best = best.max(Some(value));
    }
    by_class.clone_from(&best.unwrap_or(by_class.clone()));
    by_class
}

fn can_hold(input: &Input, posts: &[&(Post, &Detachment)], taken: &mut Vec<bool>) -> bool {
    let Some((first, rest)) = posts.split_first() else { return true };
    let (post, there) = **first;
    for at in 0..input.people.len() {
        let person = &input.people[at];
        let fits = !taken[at]
            && person.modules.includes(input.demands.modules(post))
            && person.grade >= input.demands.grade_least(post)
            && !person.home.iter().any(|seat| there.contests.contains(seat));
        if fits {
            taken[at] = true;
            if can_hold(input, rest, taken) {
                return true;
            }
            taken[at] = false;
        }
    }
    false
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn as_many_posts_are_filled_as_can_be_the_most_sensitive_first(
        people in prop::collection::vec((0_usize..4, 0_usize..4, 1_u8..4), 0..7),
        places in prop::collection::vec((1_u32..3, 0_usize..3, 0_usize..3, any::<bool>()), 1..4),
    ) {
        let homes = ["", "NA-1", "NA-2", "NA-3"];
        let trained: [&[u8]; 4] = [&[1, 2], &[1, 2, 7], &[1, 2, 6], &[1, 2, 6, 7]];
        let input = Input {
            people: people
                .iter()
                .enumerate()
                .map(|(n, &(home, modules, grade))| member(n, homes[home], trained[modules], grade))
                .collect(),
            detachments: places
                .iter()
                .enumerate()
                .map(|(n, &(count, class, seat, leads))| Detachment {
                    leads,
                    ..detachment(&format!("B{n}"), count, RiskClass::ALL[class], homes[seat + 1])
                })
                .collect(),
            demands: Demands::default(),
        };
        let lines = drawn(&input, [[3; 32]; 3], 1);
        assert_keeps_rules(&input, &lines);
        let count = |class| lines.iter().filter(|line| {
            matches!(&line.lot, Lot::Posted { post, .. } if post.class == class)
        }).count();
        let got = vec![count(RiskClass::Most), count(RiskClass::Sensitive), count(RiskClass::Normal)];
        prop_assert_eq!(got, best_by_hand(&input));
    }
}
