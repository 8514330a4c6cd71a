use super::*;
use crate::{day::tests::ground, trainer::tell::NOISE};

fn made(seed: u64, level: u8, count: usize) -> Lesson {
    let wish = Wish { seed, level: Level::try_new(level).unwrap(), count };
    let plan = ground::few();
    let mut signs = Signs::new();
    for (sector, net) in (1..).zip(&plan.sectors) {
        signs.extend((1..).zip(&net.stations).map(|(place, &at)| (at, (12, sector, place))));
    }
    lesson(&plan, ground::usual(seed), &signs, wish).unwrap()
}

fn perfect(lesson: &Lesson, took_ms: u32) -> Vec<Entered> {
    let all = lesson.messages.iter().enumerate();
    all.map(|(message, it)| Entered {
        message,
        line: Line::Said(it.answer),
        asked: u32::from(it.trap != Trap::None),
        took_ms,
    })
    .collect()
}

#[test]
fn one_seed_gives_one_lesson_and_another_seed_another() {
    let first = made(7, 2, 20);
    assert_eq!(first, made(7, 2, 20));
    assert_ne!(first, made(8, 2, 20));
    assert_eq!(first.messages.len(), 20);
    assert!(first.members.len() >= MEMBERS_MIN);
    assert!(first.messages.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let texts = first.messages.iter().flat_map(|it| [&it.first, &it.again]);
    for text in texts.flat_map(|it| [&it.en, &it.ur]) {
        assert!(!text.contains('{'), "{text}");
    }
}

#[test]
fn lessons_have_incidents_and_every_trap_and_harder_ones_have_more() {
    let (mut traps, mut told, mut harder) = (BTreeSet::new(), 0, 0);
    for seed in 1..=4 {
        let (easy, hard) = (made(seed, 1, 40), made(seed, 3, 40));
        let trapped = |of: &Lesson| of.messages.iter().filter(|it| it.trap != Trap::None).count();
        harder += usize::from(trapped(&hard) > trapped(&easy));
        traps.extend(hard.messages.iter().map(|it| it.trap.word()));
        told +=
            hard.messages.iter().filter(|it| matches!(it.answer, Answer::Incident { .. })).count();
        for message in hard.messages.iter().filter(|it| it.trap != Trap::None) {
            assert_ne!(message.first, message.again);
            let lost = message.first.en.contains(NOISE);
            assert_eq!(lost, message.trap == Trap::Noise, "{message:?}");
        }
    }
    assert_eq!(traps.into_iter().collect::<Vec<_>>(), ["noise", "none", "stranger", "unfit"]);
    assert!(told >= 8 && harder >= 3, "{told} {harder}");
}

#[test]
fn whoever_enters_all_of_it_in_time_has_the_whole_score_and_slowness_costs() {
    let lesson = made(7, 3, 20);
    let quick = judge(&lesson, &perfect(&lesson, 2_000));
    assert_eq!((quick.score, quick.right, quick.in_time, quick.wrong), (100, 20, 20, 0));
    assert_eq!((quick.asked_needlessly, quick.not_asked, quick.median_ms), (0, 0, Some(2_000)));
    assert!(quick.asked > 0);
    assert_eq!(judge(&lesson, &perfect(&lesson, 5_000)).score, 80);
    assert_eq!(judge(&lesson, &perfect(&lesson, 9_000)).score, 60);
    assert_eq!(judge(&lesson, &[]).score, 0);
}

#[test]
fn each_way_to_be_wrong_has_its_name() {
    let lesson = made(7, 1, 20);
    let plain = |it: &&Entered| {
        let message = &lesson.messages[it.message];
        matches!(message.answer, Answer::CheckIn { figures: [Some(_), ..], .. })
            && message.trap == Trap::None
    };
    let entered = perfect(&lesson, 1_000);
    let right = *entered.iter().find(plain).unwrap();
    let Line::Said(Answer::CheckIn { sign, code, trouble, figures }) = right.line else {
        panic!("a check-in was wanted")
    };
    let of = |line: Line| judge(&lesson, &[Entered { line, ..right }]).lines[0].verdict;
    let line =
        |sign, code, trouble, figures| Line::Said(Answer::CheckIn { sign, code, trouble, figures });
    assert_eq!(of(right.line), Verdict::Right);
    assert_eq!(of(line((1, 1, 99), code, trouble, figures)), Verdict::CallSign);
    assert_eq!(of(line(sign, Code::BAG, trouble, figures)), Verdict::Code);
    assert_eq!(of(line(sign, code, !trouble, figures)), Verdict::Trouble);
    assert_eq!(of(line(sign, code, trouble, [None; 3])), Verdict::Figures);
    let incident = |sign| Line::Said(Answer::Incident { sign, trouble: Trouble::ArmPst });
    assert_eq!(of(incident(sign)), Verdict::Code);
    assert_eq!(of(incident((1, 1, 99))), Verdict::CallSign);
    assert_eq!(of(Line::Unreadable), Verdict::Unreadable);
    assert_eq!(of(Line::Nothing), Verdict::Missed);
    let twice = judge(&lesson, &[right, Entered { line: Line::Nothing, ..right }]);
    assert_eq!((twice.lines.len(), twice.right), (1, 1), "as it was entered first");
    let needless = judge(&lesson, &[Entered { asked: 2, ..right }]);
    assert_eq!((needless.asked_needlessly, needless.score), (2, 80));
}

#[test]
fn a_guess_at_what_could_not_be_heard_is_no_right_entry() {
    let lesson = made(7, 3, 40);
    let trapped = perfect(&lesson, 1_000).into_iter().find(|it| it.asked > 0).unwrap();
    let sheet = judge(&lesson, &[Entered { asked: 0, ..trapped }]);
    assert_eq!((sheet.lines[0].verdict, sheet.wrong, sheet.not_asked), (Verdict::Guessed, 1, 1));
}

#[test]
fn every_incident_that_is_told_has_its_sentence() {
    let sentences = Sentences::shipped().unwrap();
    for trouble in TOLD {
        assert!(sentences.has(trouble.word()), "{}", trouble.word());
    }
}
