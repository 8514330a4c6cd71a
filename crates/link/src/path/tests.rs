use super::*;
use proptest::prelude::*;

const AREA: &str = "PK-PB-LHR";
const MINUTE: u64 = 60_000;

fn way(carrier: Carrier, due_every_ms: Option<u64>) -> Way {
    Way { area: AREA.to_owned(), carrier, due_every_ms }
}

fn paths() -> Paths {
    let mut paths = Paths::default();
    paths.watch("uplink", way(Carrier::Internet, Some(MINUTE)), 0).unwrap();
    paths.watch("sms", way(Carrier::Sms, None), 0).unwrap();
    paths.watch("radio", way(Carrier::Radio, None), 0).unwrap();
    paths
}

fn state(paths: &Paths, name: &str, now_ms: u64) -> State {
    paths.views(now_ms).into_iter().find(|it| it.name == name).unwrap().state
}

#[test]
fn an_area_is_cut_when_every_public_path_is_lost_and_not_before() {
    let mut paths = paths();
    paths.observe("uplink", Event::Heard, 0);
    paths.observe("sms", Event::Delivered, 0);
    paths.observe("radio", Event::Heard, 0);
    assert_eq!(paths.mode(AREA), Mode::Normal);
    for at in 1..=3 {
        paths.observe("uplink", Event::Failed, at * 1_000);
    }
    assert_eq!(state(&paths, "uplink", 3_000), State::Lost);
    assert_eq!(paths.mode(AREA), Mode::Normal, "text messages still go");
    for at in 4..=6 {
        paths.observe("sms", Event::Failed, at * 1_000);
    }
    assert_eq!(paths.mode(AREA), Mode::Shutdown { since_ms: 4_000 });
    assert_eq!(state(&paths, "radio", 6_000), State::Up);
}

#[test]
fn a_lost_radio_alone_is_no_shutdown() {
    let mut paths = paths();
    paths.observe("uplink", Event::Heard, 0);
    for at in 1..=9 {
        paths.observe("radio", Event::Failed, at);
    }
    assert_eq!(state(&paths, "radio", 9), State::Lost);
    assert_eq!(paths.mode(AREA), Mode::Normal);
}

#[test]
fn silence_counts_only_where_words_are_due() {
    let mut paths = paths();
    paths.observe("uplink", Event::Heard, 0);
    paths.observe("radio", Event::Heard, 0);
    let changes = paths.tick(2 * MINUTE);
    assert_eq!(changes, [Change::Path { name: "uplink".to_owned(), state: State::Doubtful }]);
    let changes = paths.tick(3 * MINUTE);
    let lost = Change::Path { name: "uplink".to_owned(), state: State::Lost };
    let cut = Change::Area { area: AREA.to_owned(), mode: Mode::Shutdown { since_ms: MINUTE } };
    assert_eq!(changes, [lost, cut]);
    assert!(paths.tick(90 * MINUTE).is_empty(), "told once");
    assert_eq!(state(&paths, "radio", 90 * MINUTE), State::Up);
}

#[test]
fn a_message_of_long_ago_hides_no_shutdown_and_one_of_now_does() {
    let mut paths = paths();
    paths.observe("sms", Event::Heard, 0);
    for at in 1..=3 {
        paths.observe("uplink", Event::Failed, 20 * MINUTE + at);
    }
    assert_eq!(state(&paths, "sms", 20 * MINUTE + 3), State::Up, "as far as anybody knows");
    assert!(matches!(paths.mode(AREA), Mode::Shutdown { .. }));
    paths.observe("sms", Event::Heard, 21 * MINUTE);
    assert!(matches!(paths.mode(AREA), Mode::Shutdown { .. } | Mode::Returning { .. }));
    paths.observe("sms", Event::Heard, 22 * MINUTE + STEADY_MS);
    assert_eq!(paths.mode(AREA), Mode::Normal);
}

#[test]
fn what_is_switched_off_says_nothing_of_the_network() {
    let mut paths = paths();
    paths.observe("sms", Event::Heard, 0);
    for at in 1..=3 {
        paths.observe("uplink", Event::Failed, at);
    }
    assert_eq!(paths.mode(AREA), Mode::Normal);
    let changes = paths.forget("sms", 4);
    let mode = Mode::Shutdown { since_ms: 1 };
    assert_eq!(changes, [Change::Area { area: AREA.to_owned(), mode }]);
    assert!(paths.views(4).iter().all(|it| it.name != "sms"));
}

#[test]
fn hands_and_cables_make_no_shutdown_and_end_none() {
    let mut paths = paths();
    paths.watch("cable", way(Carrier::Serial, None), 0).unwrap();
    paths.watch("courier", way(Carrier::Stick, None), 0).unwrap();
    for at in 1..=3 {
        paths.observe("cable", Event::Failed, at);
        paths.observe("courier", Event::Failed, at);
    }
    assert_eq!(paths.mode(AREA), Mode::Unobserved);
    for at in 4..=6 {
        paths.observe("uplink", Event::Failed, at);
    }
    for minute in 1..=9 {
        paths.observe("courier", Event::Heard, minute * MINUTE);
        paths.observe("cable", Event::Delivered, minute * MINUTE);
    }
    assert_eq!(paths.mode(AREA), Mode::Shutdown { since_ms: 4 });
}

#[test]
fn one_message_that_gets_through_does_not_end_the_shutdown() {
    let mut paths = paths();
    for at in 0..3 {
        paths.observe("uplink", Event::Failed, at);
    }
    assert_eq!(paths.mode(AREA), Mode::Shutdown { since_ms: 0 });
    paths.observe("uplink", Event::Heard, 10 * MINUTE);
    assert_eq!(paths.mode(AREA), Mode::Returning { since_ms: 0 });
    paths.tick(10 * MINUTE + STEADY_MS - 1);
    assert_eq!(paths.mode(AREA), Mode::Returning { since_ms: 0 });
    for at in 1..=3 {
        paths.observe("uplink", Event::Failed, 11 * MINUTE + at);
    }
    assert_eq!(paths.mode(AREA), Mode::Shutdown { since_ms: 0 }, "it never ended");
    for minute in 20..=22 {
        paths.observe("uplink", Event::Heard, minute * MINUTE);
    }
    assert_eq!(paths.mode(AREA), Mode::Normal);
}

#[test]
fn a_path_that_was_never_tried_says_nothing() {
    let mut paths = Paths::default();
    paths.watch("sms", way(Carrier::Sms, None), 0).unwrap();
    assert!(paths.tick(u64::MAX).is_empty());
    assert_eq!(paths.mode(AREA), Mode::Unobserved);
    assert_eq!(state(&paths, "sms", u64::MAX), State::Unknown);
    assert!(paths.observe("nobody", Event::Failed, 1).is_empty());
}

#[test]
fn every_figure_has_its_age() {
    let mut paths = paths();
    paths.observe("uplink", Event::Heard, 5);
    paths.observe("uplink", Event::Delivered, 9);
    let depths = crate::queue::Queue::new(crate::queue::Limits::NODE, 1).depths();
    paths.queued("uplink", depths, 11);
    let view = paths.views(20).into_iter().find(|it| it.name == "uplink").unwrap();
    assert_eq!((view.heard_ms, view.delivered_ms, view.since_ms), (Some(5), Some(9), Some(5)));
    assert_eq!(view.queue, Some((depths, 11)));
}

#[test]
fn more_paths_than_there_is_room_for_are_refused() {
    let mut paths = Paths::default();
    for at in 0..PATHS_MAX {
        paths.watch(&at.to_string(), way(Carrier::Radio, None), 0).unwrap();
    }
    assert_eq!(paths.watch("one more", way(Carrier::Radio, None), 0), Err(TooManyPaths));
    assert!(paths.watch("7", way(Carrier::Lan, None), 0).is_ok());
}

proptest! {
    /// Shutdown mode is entered only in a moment at which every public path that was ever observed is lost, and left only
    /// after a steady while.
    #[test]
    fn the_mode_follows_what_was_observed(
        steps in proptest::collection::vec((0usize..3, 0usize..4, 0u64..50_000), 1..120),
    ) {
        let mut paths = paths();
        let names = ["uplink", "sms", "radio"];
        let events = [Event::Heard, Event::Delivered, Event::Failed, Event::Failed];
        let mut now_ms = 0;
        for (name, event, ms) in steps {
            now_ms += ms;
            let before = paths.mode(AREA);
            paths.observe(names[name], events[event], now_ms);
            let public: Vec<State> = paths
                .views(now_ms)
                .iter()
                .filter(|it| it.carrier.is_public() && it.state != State::Unknown)
                .filter(|it| {
                    let sign = it.heard_ms.max(it.delivered_ms);
                    let fresh = sign.is_some_and(|at| now_ms - at <= FRESH_MS);
                    fresh || it.state == State::Lost || it.carrier == Carrier::Internet
                })
                .map(|it| it.state)
                .collect();
            let all_lost = !public.is_empty() && public.iter().all(|state| *state == State::Lost);
            match (before, paths.mode(AREA)) {
                (_, Mode::Shutdown { since_ms }) => {
                    prop_assert!(since_ms <= now_ms);
                    let cut = matches!(before, Mode::Shutdown { .. } | Mode::Returning { .. });
                    prop_assert!(all_lost || cut);
                }
                (Mode::Shutdown { .. } | Mode::Returning { .. }, Mode::Normal) => {
                    let steady = paths.views(now_ms).into_iter().any(|it| {
                        it.carrier.is_public()
                            && it.state == State::Up
                            && it.since_ms.is_some_and(|since| now_ms - since >= STEADY_MS)
                    });
                    prop_assert!(steady);
                }
                (_, Mode::Normal | Mode::Unobserved | Mode::Returning { .. }) => prop_assert!(!all_lost),
            }
        }
    }
}
