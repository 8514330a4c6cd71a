use super::{spoken::Tongue, *};
use crate::{
    Command, Noun, State, authorise, decide,
    incident::{Code, Deed, Event, Level, Matter, On, Record},
    testing::{
        all_roles, apply, at, context, day, early, east, fold, late, machine, rules, stamp, unit,
        units,
    },
};

fn minute(number: i64) -> UnixMs {
    UnixMs(early().0 + number * 60_000)
}

fn report(declared: Declaration, toll: Option<Toll>) -> Methane {
    Methane { declared, ..day::a_methane(0, toll) }
}

fn tell(minutes: i64, methane: Methane) -> Command {
    day::act(day::on(1, minute(minutes)), Deed::Tell { methane: Box::new(methane) })
}

fn with_an_incident() -> State {
    let mut state = crate::testing::opened();
    let first = day::reported(day::report(1, Code::IedPst, minute(0)));
    apply(&mut state, &context(1, "CTRL-D", late()), 1, &first).unwrap();
    state
}

fn told(state: &mut State, minutes: i64, methane: Methane) -> Result<(), RefusalCode> {
    let who = context(1, "CTRL-D", late());
    apply(state, &who, 1, &tell(minutes, methane)).map(drop).map_err(|refusal| refusal.code)
}

fn record(state: &State) -> &Record {
    state.incidents.get(&day::key(1)).unwrap()
}

#[test]
fn every_revision_stands_and_the_last_one_is_read() {
    let mut state = with_an_incident();
    assert_eq!(record(&state).declaration(), Standing::Undeclared);
    told(&mut state, 1, report(Declaration::None, None)).unwrap();
    assert_eq!((record(&state).declaration(), record(&state).is_major()), (Standing::Below, false));
    told(&mut state, 3, report(Declaration::Major, None)).unwrap();
    let later =
        Methane { place: "the mill behind it".to_owned(), ..report(Declaration::Major, None) };
    told(&mut state, 9, later).unwrap();
    let record = record(&state);
    assert_eq!(record.methanes().len(), 3);
    let last = record.methane().unwrap();
    assert_eq!((last.at, last.methane.place.as_str()), (minute(9), "the mill behind it"));
    assert_eq!((record.is_major(), record.major_since()), (true, Some(minute(3))));
}

#[test]
fn casualties_are_one_history_whoever_counts_them() {
    let mut state = with_an_incident();
    let killed = |state: &State| -> Vec<u32> {
        record(state).tolls().iter().map(|(toll, _)| toll.killed_min).collect()
    };
    let counted = day::act(day::on(1, minute(2)), Deed::CountToll { toll: day::a_toll(12) });
    apply(&mut state, &context(1, "CTRL-D", late()), 1, &counted).unwrap();
    told(&mut state, 4, report(Declaration::Major, Some(day::a_toll(14)))).unwrap();
    let counted = day::act(day::on(1, minute(6)), Deed::CountToll { toll: day::a_toll(16) });
    apply(&mut state, &context(1, "CTRL-D", late()), 1, &counted).unwrap();
    told(&mut state, 8, report(Declaration::Major, None)).unwrap();
    assert_eq!(killed(&state), [12, 14, 16]);
    let record = record(&state);
    let of = |report: &Told<'_>| report.toll.map(|(toll, revision)| (toll.killed_min, revision));
    let read: Vec<_> = record.methanes().iter().map(of).collect();
    assert_eq!(
        read,
        [Some((14, 2)), Some((16, 3))],
        "each report reads what stood when it was given"
    );
    assert_eq!(record.methane().as_ref().and_then(of), Some((16, 3)));
    assert_eq!(record.toll().map(|toll| toll.killed_min), Some(16));
    let backward = Toll { killed_min: 9, killed_max: 3, ..day::a_toll(1) };
    let refused = told(&mut state, 9, report(Declaration::Major, Some(backward)));
    assert_eq!(refused, Err(RefusalCode::TollBackward));
}

#[test]
fn what_was_declared_ends_by_standing_it_down() {
    let mut state = with_an_incident();
    let mut say = |declared| told(&mut state, 1, report(declared, None));
    assert_eq!(say(Declaration::StoodDown), Err(RefusalCode::DeclarationForbids));
    say(Declaration::Standby).unwrap();
    say(Declaration::Major).unwrap();
    assert_eq!(say(Declaration::Standby), Err(RefusalCode::DeclarationForbids));
    assert_eq!(say(Declaration::None), Err(RefusalCode::DeclarationForbids));
    say(Declaration::StoodDown).unwrap();
    say(Declaration::None).unwrap();
}

#[test]
fn declared_apart_it_is_handled_as_major_and_shown_as_a_conflict() {
    let mut state = with_an_incident();
    told(&mut state, 1, report(Declaration::Major, None)).unwrap();
    let who = context(2, "CTRL-P", late());
    let again = decide(&state, &who, &tell(5, report(Declaration::Major, None))).unwrap();
    let down = decide(&state, &who, &tell(6, report(Declaration::StoodDown, None))).unwrap();
    let mut other = state.clone();
    for (device, decided) in [(8, again.clone()), (9, down.clone())] {
        fold(&mut state, &who, device, decided);
    }
    for (device, decided) in [(9, down), (8, again)] {
        fold(&mut other, &who, device, decided);
    }
    assert_eq!(state.incidents, other.incidents, "nodes that met late end equal");
    assert_eq!(
        (record(&state).declaration(), record(&state).is_major()),
        (Standing::Disputed, true)
    );
    assert_eq!(record(&state).major_since(), Some(minute(1)));
    let conflict = state.conflicts().into_iter().find(|one| one.noun == Noun::Incident).unwrap();
    assert!(conflict.subject.ends_with("declaration"), "{}", conflict.subject);
    told(&mut state, 7, report(Declaration::StoodDown, None)).unwrap();
    assert_eq!(record(&state).declaration(), Standing::StoodDown);
    assert_eq!(state.conflicts(), []);
}

#[test]
fn a_complaint_about_guards_is_never_called_over_the_net() {
    let event = |matter, code| {
        let on = On { matter, ..day::on(1, minute(1)) };
        let methane = Box::new(Methane { code, ..report(Declaration::Major, None) });
        crate::Event::Incident(Event::MethaneReported { on, methane })
    };
    let refused = |event: crate::Event| content::check(&event).map_err(|it| it.code);
    assert_eq!(refused(event(Matter::Incident, Code::IedPst)), Ok(()));
    assert_eq!(refused(event(Matter::Complaint, Code::StfMis)), Err(RefusalCode::MatterDiffers));
    assert_eq!(refused(event(Matter::Incident, Code::StfMis)), Err(RefusalCode::MatterDiffers));
}

#[test]
fn each_thing_is_named_once_and_words_are_held_to_the_incidents_rules() {
    let mut state = with_an_incident();
    let one = |number| Strength { service: Service::Police, number };
    let twice = [
        Methane { suspected: vec![Hazard::Fire], ..report(Declaration::Major, None) },
        Methane { units: vec![unit(1), unit(1)], ..report(Declaration::Major, None) },
        Methane { present: vec![one(1), one(2)], ..report(Declaration::Major, None) },
        Methane { required: vec![one(0)], ..report(Declaration::Major, None) },
        Methane { required: vec![one(1_000)], ..report(Declaration::Major, None) },
    ];
    for wrong in twice {
        assert_eq!(told(&mut state, 1, wrong), Err(RefusalCode::MethaneTwice));
    }
    let words =
        |words: &str| Methane { kind: words.to_owned(), ..report(Declaration::Major, None) };
    let who = context(1, "CTRL-D", late());
    let (rules, standing) = (rules(), all_roles(&rules()));
    let act = |methane| crate::command::act(&rules, &standing, &state, &who, &tell(1, methane));
    let numbered = act(words("held 42101-1234567-1")).map_err(|refusal| refusal.code);
    assert_eq!(numbered, Err(RefusalCode::IdentityNumber));
    let nowhere = Methane { place: " ".to_owned(), ..report(Declaration::Major, None) };
    assert_eq!(act(nowhere).map_err(|refusal| refusal.code), Err(RefusalCode::TextEmpty));
    assert!(act(words("van at the gate")).is_ok());
}

#[test]
fn whoever_is_there_or_in_a_control_room_gives_it_and_nobody_else() {
    let state = with_an_incident();
    let (rules, standing) = (rules(), all_roles(&rules()));
    let may = |role: &str| {
        let methane = Box::new(report(Declaration::Major, None));
        let event =
            crate::Event::Incident(Event::MethaneReported { on: day::on(1, minute(1)), methane });
        let decided = crate::Decided { event, area: east(), supersedes: vec![at(1, 1)] };
        let entry = stamp(&context(2, role, late()), at(7, 1), decided);
        authorise::remote(&rules, &standing, &state, &entry).is_ok()
    };
    let givers: Vec<&str> = rules.permissions.roles().filter(|role| may(role)).collect();
    let expected = [
        "ARMY", "ARO", "CAF", "CTRL-D", "CTRL-N", "CTRL-P", "DRO", "PO", "POL-SP", "QRF", "RO",
        "SECTOR", "SHO", "STN-SEC",
    ];
    assert_eq!(givers, expected);
}

#[test]
fn what_is_over_is_reopened_before_it_becomes_larger() {
    let mut state = with_an_incident();
    for deed in [
        Deed::Acknowledge { by: Level::District },
        Deed::Close { outcome: crate::incident::Outcome::Noted },
    ] {
        let command = day::act(day::on(1, minute(1)), deed);
        apply(&mut state, &context(2, "CTRL-D", late()), 2, &command).unwrap();
    }
    let refused = told(&mut state, 2, report(Declaration::Major, None));
    assert_eq!(refused, Err(RefusalCode::IncidentStateForbids));
}

#[test]
fn what_dispatch_knows_of_the_units_is_told_apart_by_who_is_there() {
    let mut state = with_an_incident();
    assert_eq!(sent(&state.dispatch, &day::key(1)), Sent::default());
    let answered = day::act(day::on(1, minute(1)), Deed::Acknowledge { by: Level::District });
    machine::must(&mut state, 9, 1, &answered);
    for number in 0..6 {
        machine::must(&mut state, 9, 1, &units::duty(number, minute(0)));
    }
    for number in 0..2 {
        machine::must(&mut state, 9, 1, &units::send(number, 1, minute(2)));
    }
    machine::must(&mut state, 9, 1, &units::act(1, minute(5), dispatch::Deed::Arrive));
    let sent = sent(&state.dispatch, &day::key(1));
    assert_eq!((sent.there, sent.coming), (vec![unit(1)], vec![unit(0)]));
}

fn spoken(tongue: Tongue, methane: &Methane, toll: Option<&Toll>) -> Vec<String> {
    let incident = day::incident(7);
    let title = match tongue {
        Tongue::English => "Bomb at a polling station",
        Tongue::Urdu => "پولنگ سٹیشن پر بم",
    };
    let beside = spoken::Beside { incident: &incident, at: day::on_the_day(845), toll, title };
    spoken::text(tongue, methane, beside).into_iter().map(|line| line.text).collect()
}

#[test]
fn it_is_read_letter_by_letter_and_figure_by_figure() {
    let methane = Methane {
        point: Some(Point { lat_e7: 248_600_120, lon_e7: -670_100_000 }),
        ..report(Declaration::Major, None)
    };
    let toll = Toll { hurt_min: 3, ..day::a_toll(12) };
    assert_eq!(
        spoken(Tongue::English, &methane, Some(&toll)),
        [
            "Methane report. Incident India dash seven. Time one four zero five.",
            "Mike. Major incident: declared.",
            "Echo. Exact location: gate of the girls' school, position two four decimal eight six zero zero one north, six seven decimal zero one zero zero zero west.",
            "Tango. Type: India Echo Delta Papa Sierra Tango, Bomb at a polling station.",
            "Hotel. Hazards: fire, possible second device.",
            "Alfa. Access: in by canal road.",
            "November. Number of casualties: killed one two to one four, hurt three, by word of hospital.",
            "Echo. Emergency services: present police two, unit Uniform dash one. Required bomb disposal one.",
        ]
    );
    let urdu = spoken(Tongue::Urdu, &methane, Some(&toll));
    assert_eq!(urdu[1], "مائیک۔ بڑا واقعہ: اعلان ہو گیا۔");
    assert_eq!(urdu[6], "نومبر۔ جانی نقصان: جاں بحق ایک دو سے ایک چار، زخمی تین، بقول hospital۔");
    let heads: String = spoken::text(
        Tongue::Urdu,
        &methane,
        spoken::Beside { incident: &day::incident(7), at: minute(0), toll: None, title: "" },
    )
    .iter()
    .filter_map(|line| line.letter)
    .collect();
    assert_eq!(heads, "METHANE");
}

#[test]
fn what_is_not_known_is_said_to_be_not_known() {
    let bare = Methane {
        declared: Declaration::None,
        hazards: Vec::new(),
        suspected: Vec::new(),
        access: Access::default(),
        present: Vec::new(),
        units: Vec::new(),
        required: Vec::new(),
        ..report(Declaration::None, None)
    };
    let lines = spoken(Tongue::English, &bare, None);
    assert!(lines[0].starts_with("Ethane report."), "{}", lines[0]);
    assert_eq!(lines[1], "Mike. Major incident: not declared.");
    assert_eq!(lines[4], "Hotel. Hazards: none seen.");
    assert_eq!(lines[5], "Alfa. Access: not known.");
    assert_eq!(lines[6], "November. Number of casualties: not known.");
    assert_eq!(lines[7], "Echo. Emergency services: present none. Required none.");
}

#[test]
fn every_word_of_the_form_is_spoken_in_both_languages() {
    let urdu_only = |words: &str| words.chars().any(|c| ('\u{0600}'..='\u{06ff}').contains(&c));
    for hazard in Hazard::ALL {
        assert!(hazard.word(Tongue::English).is_ascii());
        assert!(urdu_only(hazard.word(Tongue::Urdu)), "{}", hazard.name());
    }
    for service in Service::ALL {
        assert!(service.word(Tongue::English).is_ascii());
        assert!(urdu_only(service.word(Tongue::Urdu)), "{}", service.name());
    }
    let letters: std::collections::BTreeSet<_> =
        ('A'..='Z').map(|letter| word::letter(Tongue::Urdu, letter)).collect();
    assert_eq!(letters.len(), 26);
}
