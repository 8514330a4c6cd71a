use super::*;
use crate::day::scenario::replay::{REPLAY_CSV, cases};

#[test]
fn every_situation_is_whole_in_both_languages_and_names_a_case_that_is_documented() {
    let all = shipped().unwrap();
    assert!(all.len() >= 24, "{}", all.len());
    let ids: BTreeSet<&str> = all.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids.len(), all.len(), "an id stands once");
    let known: BTreeSet<String> = cases(REPLAY_CSV).unwrap().into_iter().map(|it| it.id).collect();
    let drawn = all.iter().filter_map(|it| it.case.as_ref());
    let drawn: BTreeSet<&String> = drawn.collect();
    assert!(drawn.iter().all(|it| known.contains(*it)), "{drawn:?}");
    assert!(drawn.len() >= 10, "{drawn:?}");
    let ruled: BTreeSet<&String> = all.iter().flat_map(|it| &it.rules).collect();
    assert_eq!(ruled.len(), 9, "every rule of the codes is asked: {ruled:?}");
    let urdu = |text: &str| text.chars().any(|it| ('\u{600}'..='\u{6ff}').contains(&it));
    for one in &all {
        let texts = [&one.scene, &one.question, &one.why].into_iter();
        for text in texts.chain(&one.options).chain(&one.points) {
            assert!(urdu(&text.ur) && !urdu(&text.en), "{}: {text:?}", one.id);
        }
        // A class reads an answer from the back of the room.
        assert!(one.options.iter().all(|it| it.en.len() <= 110), "{}", one.id);
        assert!(one.scene.en.len() <= 260, "{}: {}", one.id, one.scene.en.len());
    }
}

#[test]
fn a_table_that_is_not_whole_is_refused_with_its_line() {
    let whole = "# T1 M1 RC16 R2\n: a | ا\n? b | ب\n+ c | ج\n- d | د\n- e | ہ\n* f | ف\n= g | گ\n";
    assert_eq!(parse(whole).unwrap().len(), 1);
    for (from, to, line) in [
        ("= g | گ\n", "", 8),
        ("- e | ہ\n", "", 8),
        ("# T1 M1", "# T1 M14", 1),
        ("R2", "R22", 1),
        (": a | ا", ": a", 2),
        (": a | ا", ": a |", 2),
        ("+ c | ج\n", "", 4),
        ("* f", "~ f", 7),
        ("- d | د", "+ d | د", 5),
    ] {
        assert_eq!(parse(&whole.replace(from, to)).unwrap_err().line, line, "{from} → {to}");
    }
}

#[test]
fn a_seed_gives_situations_and_orders_and_modules_choose_among_them() {
    let all = shipped().unwrap();
    let some = lesson(&all, 7, &BTreeSet::new(), 8);
    assert_eq!(some, lesson(&all, 7, &BTreeSet::new(), 8));
    assert_ne!(some, lesson(&all, 8, &BTreeSet::new(), 8));
    assert_eq!(some.len(), 8);
    assert!(some.iter().all(|it| it.order[it.right] == 0));
    let places: BTreeSet<usize> =
        lesson(&all, 7, &BTreeSet::new(), 99).iter().map(|it| it.right).collect();
    assert!(places.len() >= 3, "the right answer stands in every place: {places:?}");
    let first = lesson(&all, 7, &BTreeSet::from([1]), 99);
    assert!(!first.is_empty() && first.iter().all(|it| it.situation.module == 1));
}

#[test]
fn hands_are_counted_and_the_weakest_module_stands_first() {
    let all = shipped().unwrap();
    let asked = lesson(&all, 7, &BTreeSet::from([1, 2]), 99);
    let (mut hands, mut modules) = (Vec::new(), BTreeSet::new());
    for one in &asked {
        let mut raised = vec![0; one.order.len()];
        let other = usize::from(one.right == 0);
        // All are right about the first module, a quarter about the second.
        let right = if one.situation.module == 1 { 20 } else { 5 };
        (raised[one.right], raised[other]) = (right, 20 - right);
        hands.push(raised);
        modules.insert(one.situation.module);
    }
    let sheet = count(&asked, &hands);
    assert_eq!(modules.len(), 2);
    assert_eq!(sheet.again, [(2, 25)]);
    assert_eq!(sheet.all, 20 * u32::try_from(asked.len()).unwrap());
    for line in &sheet.lines {
        assert_eq!(line.misled, line.module == 2, "{line:?}");
    }
    let nobody = count(&asked, &[]);
    assert_eq!((nobody.all, nobody.percent, nobody.again.len()), (0, 0, 0));
    assert!(nobody.lines.iter().all(|it| it.percent.is_none()));
}
