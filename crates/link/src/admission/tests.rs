use super::*;
use proptest::prelude::*;

fn door() -> Admission<u32> {
    Admission::new(Limits::NODE)
}

#[test]
fn two_hundred_and_forty_sessions_in_two_seconds_harm_nobody() {
    let mut door = door();
    let mut let_in = 0;
    let mut others = 0;
    for number in 0..240u32 {
        let now_ms = u64::from(number) * 2_000 / 240;
        let_in += usize::from(door.open(&9, now_ms).is_ok());
        // Beside it, a different honest device comes at every tenth of a second.
        if number % 12 == 0 {
            assert!(door.open(&(1_000 + number), now_ms).is_ok(), "{number}");
            others += 1;
        }
    }
    assert_eq!((let_in, others), (4, 20));
    assert_eq!(door.sessions(), 24);
}

#[test]
fn who_closes_and_opens_in_haste_is_slowed_to_its_allowance() {
    let mut door = door();
    let mut let_in = 0;
    for now_ms in (0..60_000).step_by(10) {
        if let Ok(admitted) = door.open(&9, now_ms) {
            door.close(admitted.session);
            let_in += 1;
        }
    }
    assert_eq!(let_in, 8 + 29);
    let Err(Refused::TooQuick { retry_ms }) = door.open(&9, 60_000 - 5) else {
        panic!("too quick")
    };
    assert!(door.open(&9, 60_000 - 5 + retry_ms).is_ok());
}

#[test]
fn a_silent_peer_loses_its_session_and_a_talking_one_keeps_it() {
    let mut door = door();
    let silent = door.open(&1, 0).unwrap().session;
    let talking = door.open(&2, 0).unwrap().session;
    for now_ms in (0..90_000).step_by(1_000) {
        door.moved(talking, 1, now_ms);
        door.moved(silent, 0, now_ms);
        let closed = door.tick(now_ms);
        assert_eq!(closed, if now_ms == 30_000 { vec![(silent, Closed::Silent)] } else { vec![] });
    }
}

#[test]
fn a_slow_peer_stays_while_there_is_room_and_gives_way_when_there_is_none() {
    let mut door = door();
    let slow = door.open(&0, 0).unwrap().session;
    for peer in 1..256 {
        let session = door.open(&peer, 0).unwrap().session;
        door.moved(session, 1_000_000, 1);
    }
    door.moved(slow, 10, 9_000);
    assert!(door.tick(10_000).is_empty());
    assert_eq!(door.open(&999, 10_000).unwrap().closed, Some((slow, Closed::Slow)));
    let full = door.open(&998, 10_000);
    assert!(matches!(full, Err(Refused::Full { .. })), "{full:?}");
}

#[test]
fn a_peer_without_a_place_gets_one_from_whoever_has_most() {
    let mut door = door();
    let mut last = SessionId(0);
    for peer in 0..64 {
        for _ in 0..4 {
            last = door.open(&peer, 0).unwrap().session;
        }
    }
    assert_eq!(door.open(&99, 1).unwrap().closed, Some((last, Closed::Shared)));
    assert_eq!(door.sessions(), 256);
}

#[test]
fn strangers_without_end_take_bounded_memory_and_rested_ones_are_forgotten() {
    let mut door = Admission::new(Limits { peers_max: 100, ..Limits::NODE });
    for peer in 0..100u32 {
        let session = door.open(&peer, 0).unwrap().session;
        door.close(session);
    }
    assert!(matches!(door.open(&500, 10), Err(Refused::Full { .. })));
    assert!(door.open(&500, 16_000).is_ok());
    assert_eq!(door.peers.len(), 1);
}

proptest! {
    /// Whatever others do, a peer that asks once in a while and holds nothing is let in, as long as fewer peers than
    /// places are about.
    #[test]
    fn an_honest_peer_is_let_in_whatever_others_do(
        acts in proptest::collection::vec((0u32..20, 0u8..3, 0u64..200), 1..600),
    ) {
        let limits = Limits { sessions_max: 21, ..Limits::NODE };
        let mut door = Admission::new(limits);
        let mut open: Vec<SessionId> = Vec::new();
        let mut now_ms = 0;
        for (peer, act, ms) in acts {
            now_ms += ms;
            match act {
                0 => door.moved(SessionId(u64::from(peer)), 10, now_ms),
                1 if !open.is_empty() => door.close(open.swap_remove(usize::try_from(peer).unwrap() % open.len())),
                _ => open.extend(door.open(&peer, now_ms).map(|it| it.session)),
            }
            prop_assert!(door.sessions() <= limits.sessions_max);
            let held = door.sessions.values().filter(|it| it.peer == peer).count();
            prop_assert!(held <= limits.peer_sessions_max);
            prop_assert_eq!(door.peers.get(&peer).map_or(0, |it| it.open), held);
        }
        let admitted = door.open(&1_000, now_ms);
        prop_assert!(admitted.is_ok(), "{:?}", admitted);
    }
}
