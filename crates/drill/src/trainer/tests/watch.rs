use super::*;
use crate::{
    day::{Path, tests::ground},
    trainer::Level,
};

fn made(seed: u64, level: u8) -> Lesson {
    let wish = Wish { seed, level: Level::try_new(level).unwrap(), count: 14 };
    lesson(&ground::few(), ground::usual(seed), wish).unwrap()
}

fn kinds() -> Kinds {
    let kind = |minutes, lead, up_to| Kind::read(minutes, true, lead, up_to).unwrap();
    Trouble::ALL
        .iter()
        .map(|trouble| {
            let minutes = if trouble.severity() == 5 { (1, 2) } else { (5, 10) };
            let (lead, up_to) = if trouble.severity() == 5 {
                ("Police + QRF", "national")
            } else {
                ("Police", "district")
            };
            (*trouble, kind(minutes, lead, up_to))
        })
        .collect()
}

/// Everything that is wanted, at once.
fn perfect(lesson: &Lesson, kinds: &Kinds, after_ms: u32) -> Vec<Done> {
    let all = lesson.items.iter().enumerate();
    all.map(|(item, it)| {
        let (_, wanted, _) = wanted(it, kinds);
        let act = |one: &Wanted| Act {
            deed: one.deed,
            whom: one.whom.first().copied().filter(|_| one.deed == Deed::Give),
            after_ms,
        };
        Done { item, acts: wanted.iter().map(act).collect() }
    })
    .collect()
}

#[test]
fn one_seed_gives_one_watch_with_every_sort_of_word() {
    let first = made(7, 2);
    assert_eq!(first, made(7, 2));
    assert_ne!(first, made(8, 2));
    assert!(first.items.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let mut sorts = BTreeSet::new();
    for seed in 1..=3 {
        let lesson = made(seed, 3);
        assert!((8..=14).contains(&lesson.items.len()), "{}", lesson.items.len());
        sorts.extend(lesson.items.iter().map(|it| it.heard.word()));
        for (at, item) in lesson.items.iter().enumerate() {
            assert!(item.same_as.is_none_or(|same| same < at), "{item:?}");
        }
    }
    for sort in ["reported", "citizen", "tip", "toll"] {
        assert!(sorts.contains(sort), "{sort}: {sorts:?}");
    }
}

#[test]
fn whoever_does_all_that_is_wanted_in_time_has_the_whole_score_and_late_half_of_it() {
    let (lesson, kinds) = (made(7, 3), kinds());
    let quick = judge(&lesson, &kinds, &perfect(&lesson, &kinds, 30_000));
    assert_eq!(
        (quick.score, quick.right, quick.wrong),
        (100, u32::try_from(lesson.items.len()).unwrap(), 0)
    );
    let slow = judge(&lesson, &kinds, &perfect(&lesson, &kinds, 3_600_000));
    assert_eq!((slow.score, slow.late), (50, quick.right));
    let nothing: Vec<Done> =
        (0..lesson.items.len()).map(|item| Done { item, acts: Vec::new() }).collect();
    let nothing = judge(&lesson, &kinds, &nothing);
    assert_eq!((nothing.score, nothing.missed), (0, quick.right));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table of cases, written out")]
fn what_must_be_left_undone_costs_and_is_named() {
    let kinds = kinds();
    let item = |heard, trouble: Trouble| Item {
        at: Second(0),
        heard,
        trouble,
        severity: trouble.severity(),
        subject: String::new(),
        class: None,
        same_as: None,
        truth: None,
    };
    let caller = Heard::Citizen { channel: Channel::Sms };
    let reported = Heard::Reported { by: Role::StationGuard };
    let act = |deed, whom| Act { deed, whom, after_ms: 10_000 };
    let give = |whom| act(Deed::Give, Some(whom));
    for (item, acts, verdict, why) in [
        // One voice sends no team, a patrol may look.
        (item(caller, Trouble::IedPst), vec![give(Whom::Qrf)], "wrong", Why::VerifyFirst),
        (
            item(caller, Trouble::IedPst),
            vec![act(Deed::Ask, None), give(Whom::Police)],
            "right",
            Why::VerifyFirst,
        ),
        (
            item(caller, Trouble::IedPst),
            vec![act(Deed::Ask, None), give(Whom::Qrf)],
            "part",
            Why::VerifyFirst,
        ),
        // A complaint goes past the accused's commanders.
        (
            item(caller, Trouble::StfMis),
            vec![give(Whom::DistrictReturning), give(Whom::Monitor)],
            "right",
            Why::PastTheAccused,
        ),
        (item(caller, Trouble::StfMis), vec![give(Whom::Police)], "wrong", Why::PastTheAccused),
        // A tip sends nobody.
        (
            item(Heard::Tip { source: 2, credibility: 3 }, Trouble::ArmPst),
            vec![give(Whom::Desk)],
            "right",
            Why::ToTheDesk,
        ),
        (
            item(Heard::Tip { source: 2, credibility: 3 }, Trouble::ArmPst),
            vec![give(Whom::Qrf)],
            "wrong",
            Why::ToTheDesk,
        ),
        // Who is told at once.
        (
            item(reported, Trouble::ArmPst),
            vec![give(Whom::Qrf), give(Whom::Nation)],
            "right",
            Why::Taxonomy,
        ),
        (item(reported, Trouble::ArmPst), vec![give(Whom::Qrf)], "part", Why::Taxonomy),
        (
            item(reported, Trouble::PubCla),
            vec![give(Whom::Police), give(Whom::Nation)],
            "part",
            Why::Taxonomy,
        ),
        (
            item(Heard::Silence { code: Code::OPEN }, Trouble::ComChk),
            vec![act(Deed::Ask, None)],
            "right",
            Why::NextRung,
        ),
        (
            item(Heard::Silence { code: Code::OPEN }, Trouble::ComChk),
            vec![give(Whom::Car)],
            "right",
            Why::NextRung,
        ),
        (
            item(Heard::Silence { code: Code::OPEN }, Trouble::ComChk),
            vec![give(Whom::Qrf)],
            "wrong",
            Why::NextRung,
        ),
    ] {
        let lesson = Lesson { from: Second(0), items: vec![item.clone()] };
        let sheet = judge(&lesson, &kinds, &[Done { item: 0, acts: acts.clone() }]);
        assert_eq!(
            (sheet.lines[0].verdict, sheet.lines[0].why),
            (verdict, why),
            "{item:?} {acts:?}"
        );
    }
}

#[test]
fn a_lead_that_nobody_knows_is_no_kind() {
    assert_eq!(Kind::read((1, 2), true, "Police + Wizard", "national"), None);
    let desk = Kind::read((2, 5), true, "National desk", "national").unwrap();
    assert_eq!((desk.leads, desk.up), (vec![Whom::Nation], None), "nobody tells itself");
}

#[test]
fn a_citizen_who_tells_of_an_incident_is_one_voice_and_a_guard_is_an_officials_word() {
    let told = |incident: u32, by: Role| Happening {
        at: Second(0),
        number: 0,
        district: Some(0),
        what: What::IncidentReported {
            incident,
            trouble: Trouble::IedPst,
            severity: 5,
            place: Place::District(0),
            by,
            path: Path::FixedLine,
            occurred_at: Second(0),
        },
    };
    let all = [told(1, Role::Citizen), told(2, Role::StationGuard)];
    let items = gather(&ground::few(), &all, 10);
    let heard: Vec<(Heard, Option<Truth>)> = items.iter().map(|it| (it.heard, it.truth)).collect();
    let caller = Heard::Citizen { channel: Channel::Telephone };
    let guard = Heard::Reported { by: Role::StationGuard };
    assert_eq!(heard, [(caller, Some(Truth::True)), (guard, None)]);
    let kinds = kinds();
    let sent = |item| Done {
        item,
        acts: vec![Act { deed: Deed::Give, whom: Some(Whom::Qrf), after_ms: 10_000 }],
    };
    let sheet = judge(&Lesson { from: Second(0), items }, &kinds, &[sent(0), sent(1)]);
    let lines = sheet.lines.iter().map(|it| (it.why, it.wrong.len()));
    assert_eq!(lines.collect::<Vec<_>>(), [(Why::VerifyFirst, 1), (Why::Taxonomy, 0)]);
}
