use super::{
    audience::{Setting, Understood, parse_audiences, parse_channels},
    question::{Cut, Prepared, Question, Tables},
    *,
};
use pehra_domain::{
    AreaId, Point,
    campaign::{Channel, Language},
    gazetteer::District,
};
use proptest::prelude::*;
use std::ops::ControlFlow;

const AUDIENCE: &str = include_str!("../../../../data/audience.csv");
const CHANNELS: &str = include_str!("../../../../data/channels.csv");
const UNDERSTOOD: &str = include_str!("../../../../data/understood.csv");

fn solved(input: &Input, effort: Effort) -> Chosen {
    choose(input, effort, &mut |_| ControlFlow::Continue(())).unwrap()
}

const WHOLE: Effort = Effort { nodes: 20_000, gap_ppm: 0 };

/// The most people that any choice within the budget reaches: by trying them all.
fn brute(input: &Input) -> f64 {
    let count = input.offers.len();
    let mut best = 0.0_f64;
    for chosen in 0_u32..1 << count {
        let taken: Vec<u32> =
            (0..u32::try_from(count).unwrap()).filter(|offer| chosen >> offer & 1 == 1).collect();
        let cost: u64 = taken.iter().map(|at| input.offers[*at as usize].cost_rs).sum();
        if cost > input.budget_rs {
            continue;
        }
        let mut people = 0.0;
        for (group, people_here) in input.people.iter().enumerate() {
            let mut missed = 1.0;
            for at in &taken {
                for (of, share) in &input.offers[*at as usize].reach {
                    if *of as usize == group {
                        missed *= 1.0 - f64::from(*share) / 1e6;
                    }
                }
            }
            people += f64::from(*people_here) * (1.0 - missed);
        }
        best = best.max(people);
    }
    best
}

fn market() -> impl Strategy<Value = Input> {
    let people = prop::collection::vec(prop_oneof![Just(0_u32), 1_u32..60_000], 1..6);
    people.prop_flat_map(|people| {
        let groups = people.len();
        let share = prop_oneof![Just(0_u32), 1_u32..900_000, Just(SHARE_MAX)];
        let offer =
            (1_u64..2_000, prop::collection::vec(share, groups)).prop_map(|(cost_rs, shares)| {
                Offer {
                    cost_rs,
                    reach: (0_u32..).zip(shares).filter(|(_, share)| *share > 0).collect(),
                }
            });
        let offers = prop::collection::vec(offer, 0..10);
        (Just(people), offers, 0_u64..6_000).prop_map(|(people, offers, budget_rs)| Input {
            people,
            offers,
            budget_rs,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn searched_to_the_end_it_is_what_trying_everything_finds(input in market()) {
        let best = brute(&input);
        let found = solved(&input, WHOLE);
        let reached = found.certificate.reached as f64;
        prop_assert!(reached <= best + 1.0, "{reached} of {best}");
        prop_assert!(reached + 1.0 >= best.floor(), "{reached} of {best}");
        prop_assert!(found.certificate.bound as f64 + 1e-6 >= best, "{:?} of {best}", found.certificate);
        prop_assert!(found.certificate.bound <= found.certificate.reached + 2, "{:?}", found.certificate);
        prop_assert!(found.certificate.cost_rs <= input.budget_rs);
    }

    #[test]
    fn the_bound_of_the_first_look_lies_above_every_choice(input in market()) {
        let best = brute(&input);
        let found = solved(&input, Effort { nodes: 1, gap_ppm: 0 });
        prop_assert!(found.certificate.bound as f64 + 1e-6 >= best, "{:?} of {best}", found.certificate);
        prop_assert!(found.certificate.reached as f64 <= best + 1e-6);
        // Half of what is left after one part in e would be the worst that greed and the best single offer can do.
        prop_assert!(found.certificate.reached as f64 + 1.0 >= 0.31 * best, "{:?} of {best}", found.certificate);
    }

    #[test]
    fn whatever_the_overlap_the_reach_lies_between_its_two_ends(input in market()) {
        let found = solved(&input, Effort::default()).certificate;
        prop_assert!(found.reached_at_least <= found.reached + 1);
        prop_assert!(found.reached <= found.reached_at_most + 1);
        let people: u64 = input.people.iter().map(|it| u64::from(*it)).sum();
        prop_assert!(found.reached_at_most <= people && found.bound <= people + 1);
    }
}

#[test]
fn two_channels_of_one_district_reach_fewer_people_than_they_count_apart() {
    let half = |cost_rs| Offer { cost_rs, reach: vec![(0, 500_000)] };
    let input = Input { people: vec![1_000], offers: vec![half(5), half(5)], budget_rs: 10 };
    let found = solved(&input, WHOLE).certificate;
    let told = (found.reached_at_least, found.reached, found.reached_at_most);
    assert_eq!(told, (500, 750, 1_000));
}

#[test]
fn numbers_out_of_range_are_refused_by_name() {
    let good = Offer { cost_rs: 5, reach: vec![(0, 10)] };
    let refused = |offer: Offer| {
        let input = Input { people: vec![9], offers: vec![good.clone(), offer], budget_rs: 9 };
        choose(&input, WHOLE, &mut |_| ControlFlow::Continue(())).unwrap_err()
    };
    assert_eq!(refused(Offer { cost_rs: 0, ..good.clone() }), CampaignError::Free(1));
    for reach in [vec![(1, 10)], vec![(0, 1), (0, 2)], vec![(0, 999_001)]] {
        assert_eq!(refused(Offer { cost_rs: 1, reach }), CampaignError::Reach(1));
    }
    let stopped = choose(&Input::default(), WHOLE, &mut |_| ControlFlow::Break(()));
    assert!(matches!(stopped, Err(CampaignError::Cancelled(_))));
}

fn tables() -> Tables {
    let district = |path: &str, name: &str| District {
        area: AreaId::try_new(path).unwrap(),
        name: name.to_owned(),
        province: String::new(),
        name_ur: String::new(),
        province_ur: String::new(),
        division: String::new(),
        adults: 400_000,
        adult_men: 210_000,
        adult_women: 190_000,
        adult_urban: 120_000,
        centre: Point { lat_e7: 0, lon_e7: 0 },
        area_km2: 1,
    };
    Tables {
        districts: vec![
            district("pk/sindh/thatta", "Thatta"),
            district("pk/khyber-pakhtunkhwa/swat", "Swat"),
        ],
        audiences: parse_audiences(AUDIENCE).unwrap(),
        channels: parse_channels(CHANNELS).unwrap(),
        understood: Understood::parse(UNDERSTOOD).unwrap(),
    }
}

fn question(cut: Cut) -> Question {
    Question {
        area: AreaId::nation(),
        cut,
        languages: Language::ALL.into(),
        channels: Channel::ALL.into(),
        budget_rs: 3_000_000,
    }
}

#[test]
fn the_tables_of_the_house_are_whole() {
    let tables = tables();
    assert_eq!(tables.channels.len(), Channel::ALL.len());
    assert_eq!(tables.audiences.len(), 272);
    let swat = &tables.audiences[&("Swat".to_owned(), Setting::Country)];
    assert!(swat.speaks[&Language::Pashto] > 800, "{swat:?}");
    assert_eq!(tables.understood.share(Language::Pashto, Some(Language::Pashto)), 1_000);
    assert_eq!(tables.understood.share(Language::Sindhi, Some(Language::Pashto)), 0);
}

#[test]
fn nobody_is_lost_between_the_groups_of_a_district() {
    let prepared = Prepared::of(&tables(), &question(Cut::Nowhere));
    let of = |end: &str| -> u64 {
        let here = prepared.groups.iter().filter(|it| it.district.as_str().ends_with(end));
        here.map(|it| u64::from(it.people)).sum()
    };
    for end in ["thatta", "swat"] {
        // Four parts are rounded down.
        assert!((399_996..=400_000).contains(&of(end)), "{end}: {}", of(end));
    }
}

#[test]
fn what_a_cut_silences_is_not_planned_where_it_falls() {
    let tables = tables();
    let swat = AreaId::try_new("pk/khyber-pakhtunkhwa/swat").unwrap();
    let prepared = Prepared::of(&tables, &question(Cut::In(vec![swat.clone()])));
    let has = |channel: Channel, area: &AreaId| {
        prepared.labels.iter().any(|it| it.channel == channel && it.area == *area)
    };
    let thatta = AreaId::try_new("pk/sindh/thatta").unwrap();
    assert!(has(Channel::Sms, &thatta) && !has(Channel::Sms, &swat));
    assert!(has(Channel::Radio, &swat) && has(Channel::Web, &swat));
    let chosen = solved(&prepared.input, Effort::default());
    let told = prepared.told(&chosen);
    assert!(told.all.uncut + 1e-6 >= told.all.reached);
    assert_eq!(told.all.whole().0, chosen.certificate.reached);
    let cost: u64 = told.districts.values().map(|row| row.cost_rs).sum();
    assert_eq!(cost + told.national_rs, chosen.certificate.cost_rs);
    assert!(told.certificate.gap_ppm < 50_000, "{:?}", told.certificate);
}

#[test]
fn a_language_that_nobody_signed_is_in_no_offer() {
    let languages = [Language::Urdu, Language::English].into();
    let asked = Question { languages, ..question(Cut::Everywhere) };
    let prepared = Prepared::of(&tables(), &asked);
    assert!(!prepared.labels.is_empty());
    for label in &prepared.labels {
        assert!(matches!(label.language, Language::Urdu | Language::English), "{label:?}");
    }
}

#[test]
fn the_same_question_has_the_same_answer() {
    let prepared = Prepared::of(&tables(), &question(Cut::Everywhere));
    let once = solved(&prepared.input, Effort::default());
    assert_eq!(once, solved(&prepared.input, Effort::default()));
    let rich = Input { budget_rs: 1_000_000_000, ..prepared.input.clone() };
    let all = solved(&rich, Effort::default());
    let left = all.certificate.bound - all.certificate.reached;
    assert!(left <= 2, "what everything together reaches is known: {:?}", all.certificate);
}

#[test]
fn a_table_that_is_wrong_says_where() {
    let wrong = parse_channels("channel,\nradio,district\n").unwrap_err();
    assert_eq!((wrong.line, wrong.what), (2, "twelve cells are needed"));
    let wrong = parse_audiences("x\n").unwrap_err();
    assert_eq!(wrong.what, "the header is missing");
    let header = "message,speaks,share,basis\n";
    for row in ["ur,ur,1000,assumed", "xx,ur,1,assumed", "ur,sd,1001,assumed", "ur,sd,1,"] {
        assert_eq!(Understood::parse(&format!("{header}{row}\n")).unwrap_err().line, 2, "{row}");
    }
}
