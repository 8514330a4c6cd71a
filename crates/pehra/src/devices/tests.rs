use super::*;

fn at(seconds: i64) -> UnixMs {
    UnixMs(1_707_370_000_000 + seconds * 1_000)
}

#[test]
fn nothing_is_said_of_what_was_never_heard() {
    assert_eq!(Seen::default().now(Kind::Camera, at(0)), None);
}

#[test]
fn silence_begins_when_it_was_heard_last() {
    let seen = Seen { heard: Some(at(0)), ..Seen::default() };
    assert_eq!(seen.now(Kind::Camera, at(180)), Some((Health::Live, at(0))));
    assert_eq!(seen.now(Kind::Camera, at(181)), Some((Health::Silent, at(0))));
}

#[test]
fn one_look_may_fail_and_two_are_silence() {
    let heard = Some(at(0));
    let once = Seen { heard, failed: Some((at(60), 1)), ..Seen::default() };
    assert_eq!(once.now(Kind::Camera, at(61)), Some((Health::Live, at(0))));
    let twice = Seen { heard, failed: Some((at(60), 2)), ..Seen::default() };
    assert_eq!(twice.now(Kind::Camera, at(90)), Some((Health::Silent, at(0))));
    let never = Seen { failed: Some((at(60), 2)), ..Seen::default() };
    assert_eq!(never.now(Kind::Camera, at(90)), Some((Health::Silent, at(60))));
}

#[test]
fn what_a_look_said_stands_since_it_was_first_said() {
    let seen =
        Seen { heard: Some(at(60)), said: Some((Health::Covered, at(5))), ..Seen::default() };
    assert_eq!(seen.now(Kind::Camera, at(61)), Some((Health::Covered, at(5))));
}
