use super::*;
use proptest::prelude::*;

const SMALL: Limits = Limits {
    bytes_max: 1_000,
    parcels_max: 50,
    device_bytes_max: 600,
    device_parcels_max: 30,
    in_flight_max: 8,
    answer_ms: 1_000,
};

fn parcel(source: u8, priority: Priority, content: &[u8]) -> Parcel {
    let source = DeviceId([source; 16]);
    Parcel { source, priority, expires_ms: 1_000_000, content: content.to_vec() }
}

fn numbered(source: u8, priority: Priority, number: u32, bytes: usize) -> Parcel {
    let mut content = vec![source];
    content.extend(number.to_be_bytes());
    content.resize(bytes.max(5), 0);
    parcel(source, priority, &content)
}

fn queue(limits: Limits) -> Queue {
    Queue::new(limits, 7)
}

fn taken(queue: &mut Queue, parcel: Parcel, now_ms: u64) -> bool {
    matches!(queue.offer(parcel, now_ms), Offered::Queued { .. })
}

/// Sends everything, each answered at once.
fn drain(queue: &mut Queue, now_ms: u64) -> Vec<Parcel> {
    let mut sent = Vec::new();
    while let Some((parcel, _)) = queue.next(now_ms) {
        queue.arrived(&parcel.name(), now_ms).unwrap();
        sent.push(parcel);
    }
    sent
}

#[test]
fn what_threatens_life_goes_first_whenever_it_came() {
    let mut queue = queue(SMALL);
    for priority in Priority::ALL.into_iter().rev() {
        assert!(taken(&mut queue, parcel(1, priority, format!("{priority:?}").as_bytes()), 0));
    }
    let order: Vec<Priority> = drain(&mut queue, 1).iter().map(|it| it.priority).collect();
    assert_eq!(order, Priority::ALL);
}

#[test]
fn a_device_that_calls_everything_urgent_stops_nothing_for_ever() {
    let mut queue = queue(Limits {
        device_parcels_max: 100,
        bytes_max: 100_000,
        parcels_max: 500,
        device_bytes_max: 50_000,
        ..SMALL
    });
    taken(&mut queue, parcel(1, Priority::Bulk, b"photograph"), 0);
    for number in 0..100 {
        taken(&mut queue, numbered(9, Priority::Life, number, 5), 0);
    }
    let at = drain(&mut queue, 1).iter().position(|it| it.priority == Priority::Bulk).unwrap();
    assert_eq!(at, usize::try_from(FLOOR).unwrap() - 1);
}

#[test]
fn a_flood_of_one_device_delays_another_by_one_parcel() {
    let mut queue = queue(Limits {
        parcels_max: 5_000,
        device_parcels_max: 4_000,
        bytes_max: 1 << 20,
        device_bytes_max: 1 << 19,
        ..SMALL
    });
    for number in 0..3_000 {
        assert!(taken(&mut queue, numbered(9, Priority::Urgent, number, 100), 0));
    }
    for _ in 0..500 {
        let (sent, _) = queue.next(0).unwrap();
        queue.arrived(&sent.name(), 0).unwrap();
    }
    taken(&mut queue, parcel(1, Priority::Urgent, &[1; 100]), 5);
    let order = drain(&mut queue, 5);
    let at = order.iter().position(|it| it.source.0[0] == 1).unwrap();
    assert!(at <= 1, "{at} parcels of the flood went before");
}

#[test]
fn a_full_share_or_path_pushes_back_and_only_lesser_things_give_way() {
    let mut queue = queue(SMALL);
    for number in 0..6 {
        assert!(taken(&mut queue, numbered(1, Priority::Routine, number, 100), 0));
    }
    let more = queue.offer(numbered(1, Priority::Life, 99, 100), 0);
    assert!(
        matches!(more, Offered::Refused(Refused::Share { retry_ms: 1_500..=2_500 })),
        "{more:?}"
    );
    for number in 0..4 {
        assert!(taken(&mut queue, numbered(2, Priority::Bulk, number, 100), 0));
    }
    let equal = queue.offer(numbered(3, Priority::Bulk, 0, 100), 0);
    assert!(matches!(equal, Offered::Refused(Refused::Full { .. })), "{equal:?}");
    let Offered::Queued { gave_way } = queue.offer(numbered(3, Priority::Life, 1, 150), 0) else {
        panic!("life finds room")
    };
    assert_eq!(
        gave_way,
        [numbered(2, Priority::Bulk, 3, 100), numbered(2, Priority::Bulk, 2, 100)]
    );
    assert_eq!(queue.bytes(), 950);
}

#[test]
fn what_is_on_its_way_does_not_give_way() {
    let mut queue = queue(Limits { bytes_max: 100, ..SMALL });
    taken(&mut queue, parcel(1, Priority::Bulk, &[1; 100]), 0);
    queue.next(0).unwrap();
    let refused = queue.offer(parcel(2, Priority::Life, &[2; 50]), 0);
    assert!(matches!(refused, Offered::Refused(Refused::Full { .. })));
}

#[test]
fn without_an_answer_a_parcel_comes_again_ever_later_and_never_at_the_same_time_as_others() {
    let mut waits = BTreeSet::new();
    for seed in 0..50 {
        let mut queue = Queue::new(SMALL, seed);
        taken(&mut queue, Parcel { expires_ms: u64::MAX, ..parcel(1, Priority::Life, b"fire") }, 0);
        let mut now_ms = 0;
        for attempt in 0..12u32 {
            let (_, attempts) = queue.next(now_ms).unwrap();
            assert_eq!(attempts, attempt);
            let silent_ms = queue.wake_ms().unwrap();
            assert_eq!(silent_ms, now_ms + SMALL.answer_ms);
            assert!(queue.next(silent_ms).is_none());
            let again_ms = queue.wake_ms().unwrap();
            let doubled = (RETRY_MS << attempt).min(RETRY_MS_MAX);
            let wait = again_ms - silent_ms;
            assert!((doubled * 3 / 4..=doubled * 5 / 4).contains(&wait), "{wait} of {doubled}");
            waits.insert(wait);
            assert!(queue.next(again_ms - 1).is_none());
            now_ms = again_ms;
        }
    }
    assert!(waits.len() > 590, "{} of 600 waits differ", waits.len());
}

#[test]
fn when_the_path_is_back_all_goes_at_once_in_the_order_of_importance() {
    let mut queue = queue(SMALL);
    for (number, priority) in (0u32..).zip([Priority::Bulk, Priority::Routine, Priority::Life]) {
        taken(&mut queue, numbered(1, priority, number, 5), 0);
    }
    while let Some((sent, _)) = queue.next(0) {
        queue.failed(&sent.name(), 0);
    }
    assert!(queue.next(1).is_none());
    queue.path_is_back();
    let order: Vec<Priority> = drain(&mut queue, 1).iter().map(|it| it.priority).collect();
    assert_eq!(order, [Priority::Life, Priority::Routine, Priority::Bulk]);
}

#[test]
fn what_is_past_its_end_is_handed_back_and_not_sent() {
    let mut queue = queue(SMALL);
    let short = Parcel { expires_ms: 10, ..parcel(1, Priority::Life, b"now or never") };
    taken(&mut queue, short.clone(), 0);
    taken(&mut queue, parcel(1, Priority::Bulk, b"later"), 0);
    assert!(queue.expire(9).is_empty());
    assert_eq!(queue.expire(10), std::slice::from_ref(&short));
    assert_eq!(queue.offer(short, 15), Offered::Refused(Refused::Expired(5)));
    assert_eq!(drain(&mut queue, 11).len(), 1);
}

#[test]
fn the_same_parcel_twice_is_one_and_takes_the_higher_class() {
    let mut queue = queue(SMALL);
    taken(&mut queue, parcel(1, Priority::Routine, b"first"), 0);
    taken(&mut queue, parcel(1, Priority::Bulk, b"shots fired"), 0);
    let again = Parcel { expires_ms: 2_000_000, ..parcel(1, Priority::Life, b"shots fired") };
    assert_eq!(queue.offer(again.clone(), 1), Offered::Known);
    assert_eq!(drain(&mut queue, 2), [again, parcel(1, Priority::Routine, b"first")]);
}

#[test]
fn a_receiver_that_never_answers_holds_a_bounded_number_of_parcels_in_flight() {
    let mut queue = queue(SMALL);
    for number in 0..30 {
        taken(&mut queue, numbered(1, Priority::Routine, number, 10), 0);
    }
    let sent = std::iter::from_fn(|| queue.next(0)).count();
    assert_eq!(sent, SMALL.in_flight_max);
    let depth = queue.depths()[2];
    assert_eq!((depth.parcels, depth.bytes, depth.oldest_ms), (30, 300, Some(0)));
}

#[test]
fn a_device_that_left_nothing_behind_is_forgotten() {
    let mut queue = queue(SMALL);
    for source in 0..200 {
        taken(&mut queue, parcel(source, Priority::Routine, &[source; 8]), 0);
        drain(&mut queue, 0);
    }
    assert!(queue.shares.len() <= 1, "{} devices remembered", queue.shares.len());
}

#[derive(Clone, Debug)]
enum Step {
    Offer { source: u8, class: usize, number: u32, bytes: usize, life_ms: u64 },
    Send { answer: u8 },
    Wait { ms: u64 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let offer = (0u8..4, 0usize..4, 0u32..40, 5usize..200, 1u64..20_000).prop_map(
        |(source, class, number, bytes, life_ms)| Step::Offer {
            source,
            class,
            number,
            bytes,
            life_ms,
        },
    );
    let send = (0u8..3).prop_map(|answer| Step::Send { answer });
    let wait = (0u64..5_000).prop_map(|ms| Step::Wait { ms });
    proptest::collection::vec(prop_oneof![3 => offer, 3 => send, 1 => wait], 1..200)
}

/// Counted by a simple list beside the queue: what went in and what came out, by whichever door.
fn account(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut queue = queue(SMALL);
    let mut inside: BTreeMap<Hash, Parcel> = BTreeMap::new();
    let mut now_ms = 0;
    for step in steps {
        match step {
            Step::Offer { source, class, number, bytes, life_ms } => {
                let priority = Priority::ALL[class];
                let parcel = Parcel {
                    expires_ms: now_ms + life_ms,
                    ..numbered(source, priority, number, bytes)
                };
                match queue.offer(parcel.clone(), now_ms) {
                    Offered::Queued { gave_way } => {
                        for victim in gave_way {
                            prop_assert!(victim.priority > priority);
                            prop_assert!(inside.remove(&victim.name()).is_some());
                        }
                        prop_assert!(inside.insert(parcel.name(), parcel).is_none());
                    }
                    Offered::Known => prop_assert!(inside.contains_key(&parcel.name())),
                    Offered::Refused(_) => prop_assert!(!inside.contains_key(&parcel.name())),
                }
            }
            Step::Send { answer } => {
                let Some((parcel, _)) = queue.next(now_ms) else { continue };
                prop_assert!(inside.contains_key(&parcel.name()));
                match answer {
                    0 => {
                        queue.arrived(&parcel.name(), now_ms).unwrap();
                        inside.remove(&parcel.name());
                    }
                    1 => queue.failed(&parcel.name(), now_ms),
                    _ => {}
                }
            }
            Step::Wait { ms } => {
                now_ms += ms;
                for expired in queue.expire(now_ms) {
                    prop_assert!(expired.expires_ms <= now_ms);
                    prop_assert!(inside.remove(&expired.name()).is_some());
                }
            }
        }
        let bytes: u64 = inside.values().map(|it| u64::try_from(it.content.len()).unwrap()).sum();
        prop_assert_eq!(queue.bytes(), bytes);
        prop_assert!(bytes <= SMALL.bytes_max && inside.len() <= SMALL.parcels_max);
        prop_assert!(queue.in_flight <= SMALL.in_flight_max);
        prop_assert_eq!(
            queue.depths().iter().map(|depth| depth.parcels).sum::<usize>(),
            inside.len()
        );
    }
    let last_ms = now_ms + 100_000;
    let left: BTreeSet<Hash> = queue.expire(last_ms).iter().map(Parcel::name).collect();
    prop_assert_eq!(left, inside.keys().copied().collect::<BTreeSet<Hash>>());
    prop_assert!(queue.waiting.is_empty() && queue.timed.is_empty() && queue.in_flight == 0);
    Ok(())
}

proptest! {
    #[test]
    fn every_parcel_is_sent_or_handed_back_and_no_limit_is_passed(steps in steps()) {
        account(steps)?;
    }

    /// Within a class, two devices that both wait get bytes within one parcel of each other.
    #[test]
    fn devices_that_wait_get_equal_bytes(sizes in proptest::collection::vec(5usize..60, 24)) {
        let limits = Limits { bytes_max: 1 << 20, device_bytes_max: 1 << 19, ..SMALL };
        let mut queue = queue(limits);
        for (number, bytes) in (0u32..).zip(&sizes) {
            let source = if number < 12 { 1 } else { 2 };
            prop_assert!(taken(&mut queue, numbered(source, Priority::Routine, number, *bytes), 0));
        }
        let mut sent = [0u64; 3];
        let mut left = [0, 12, 12];
        while left[1] > 0 && left[2] > 0 {
            let (parcel, _) = queue.next(0).unwrap();
            queue.arrived(&parcel.name(), 0).unwrap();
            let source = usize::from(parcel.source.0[0]);
            sent[source] += u64::try_from(parcel.content.len()).unwrap() + 64;
            left[source] -= 1;
            prop_assert!(sent[1].abs_diff(sent[2]) <= 60 + 64, "{:?}", sent);
        }
    }
}
