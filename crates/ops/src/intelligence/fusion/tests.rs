use super::{super::*, *};
use crate::testing::{at, desk::grade};
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;

fn voice(number: u8, root: usize, code: &str, hours: i64) -> Voice {
    Voice {
        report: at(number, 1),
        root,
        grade: grade(code),
        horizon: Horizon::Imminent,
        age_ms: hours * HOUR,
    }
}

/// The figures of the domain reference, in ten-thousandths.
#[test]
fn the_golden_vectors_come_out() {
    let flood: Vec<Voice> = (0..20).map(|at| voice(at, usize::from(at), "F6", 0)).collect();
    let cases: [(&str, Vec<Voice>, u32, u8); 7] = [
        ("one B2", vec![voice(1, 1, "B2", 0)], 583, 1),
        ("one root three times", (1..4).map(|n| voice(n, 1, "B2", 0)).collect(), 583, 1),
        ("two roots", (1..3).map(|n| voice(n, n.into(), "B2", 0)).collect(), 1_579, 2),
        ("twenty F6", flood, 200, 0),
        ("A1", vec![voice(1, 1, "A1", 0)], 1_404, 2),
        ("A1 denied by B5", vec![voice(1, 1, "A1", 0), voice(2, 2, "B5", 0)], 587, 1),
        ("B2 48 hours old", vec![voice(1, 1, "B2", 48)], 343, 1),
    ];
    for (name, voices, posterior, level) in cases {
        let fused = fuse(PRIOR_E4, &voices);
        assert_eq!((fused.posterior_e4, fused.level), (posterior, level), "{name}");
    }
}

#[expect(clippy::print_stdout, reason = "says that it was skipped")]
#[expect(clippy::disallowed_methods, reason = "a test may read the figures it is held to")]
#[test]
fn the_vectors_are_those_of_the_reference() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/domain/golden_vectors.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("shared data absent: skipped");
        return;
    };
    let (_, fusion) = text.split_once("\"fusion\"").unwrap();
    let (fusion, _) = fusion.split_once("\"comms\"").unwrap();
    let values = |key: &str| -> Vec<&str> {
        let mark = format!("\"{key}\": ");
        let after = fusion.split(mark.as_str()).skip(1);
        after.map(|rest| rest.split(['\n', ',', '}']).next().unwrap().trim_matches('"')).collect()
    };
    let expected = ["0.0583", "0.0583", "0.1579", "0.02", "0.1404", "0.0587", "0.0343"];
    assert_eq!(values("posterior"), expected);
    assert!(values("prior").iter().all(|prior| *prior == "0.02"));
    assert_eq!(values("root").len(), 1 + 3 + 2 + 20 + 1 + 2 + 1);
}

#[test]
fn what_contradicts_is_said_in_both_languages() {
    let fused = fuse(PRIOR_E4, &[voice(1, 1, "A1", 0), voice(2, 2, "B5", 0), voice(3, 3, "F6", 0)]);
    assert!(fused.is_contradicted());
    let parts: Vec<Part> = fused.reasons.iter().map(|reason| reason.part).collect();
    assert_eq!(parts, [Part::Supports, Part::Contradicts, Part::NoWeight]);
    assert_eq!(
        fused.english(),
        "3 reports from 3 roots: 2.0 % before, 5.9 % now, level 1 of 4; 1 carried no weight by its grade; the roots \
         contradict each other."
    );
    let latin = fused.urdu().chars().any(|c| c.is_ascii_alphabetic());
    assert!(!latin, "{}", fused.urdu());
}

#[test]
fn an_old_plan_fades_slower_than_an_old_alarm() {
    let two_days = 48 * HOUR;
    let fresh = weight(grade("B2"), Horizon::Imminent, 0);
    let halves = |horizon| weight(grade("B2"), horizon, two_days) / fresh;
    assert!((halves(Horizon::Imminent) - 0.5).abs() < 1e-12);
    assert!(halves(Horizon::Planning) > 0.8 && halves(Horizon::Capability) > 0.95);
    assert!(weight(grade("B2"), Horizon::Imminent, -two_days) <= fresh, "the future adds nothing");
}

fn any_voice() -> impl Strategy<Value = (u8, usize, usize, usize, i64)> {
    (any::<u8>(), 0..4_usize, 0..6_usize, 0..6_usize, 0..200_i64)
}

proptest! {
    #[test]
    fn no_order_and_no_echo_changes_the_sum(
        told in prop::collection::vec(any_voice(), 1..12),
        echoes in 1..5_u8,
    ) {
        let voices: Vec<Voice> = (0..).zip(&told).map(|(place, (_, root, source, item, hours))| Voice {
            report: at(1, place),
            root: *root,
            grade: Grade { source: Reliability::ALL[*source], item: Credibility::ALL[*item] },
            horizon: Horizon::Imminent,
            age_ms: hours * HOUR,
        }).collect();
        let once = fuse(PRIOR_E4, &voices);
        let mut turned = voices.clone();
        turned.reverse();
        prop_assert_eq!(&fuse(PRIOR_E4, &turned), &once);
        let mut louder = voices.clone();
        for echo in 0..u64::from(echoes) {
            let first = voices[0].clone();
            louder.push(Voice { report: at(2, echo), ..first });
        }
        let louder = fuse(PRIOR_E4, &louder);
        prop_assert_eq!((louder.posterior_e4, louder.roots), (once.posterior_e4, once.roots));
        prop_assert_eq!(once.reasons.len(), voices.len());
        prop_assert!(once.posterior_e4 <= 10_000);
    }
}
