use super::*;
use crate::fountain::{AX25, Limits, Progress, Receiver};
use crate::mac::ChannelKey;
use crate::sample::{ELECTION, NOON_MS, key};

fn order() -> Broadcast {
    let content = b"All reserves of Lahore to building 1204.".repeat(20);
    Broadcast::sign(&key(1), ELECTION, "PK-PB-LHR", content, NOON_MS, NOON_MS + 3_600_000).unwrap()
}

#[test]
fn an_order_flows_one_way_and_is_signed_once() {
    let order = order();
    let binding = || Binding::Keyed(ChannelKey::of_broadcast(&[4; 32], &ELECTION));
    let sender = order.sender(AX25, binding()).unwrap();
    let mut receiver = Receiver::new(binding(), Limits::NODE);
    // A listener who switched on late and hears every third frame.
    let object = (5_000..9_000).step_by(3).find_map(|number| {
        match receiver.receive(&sender.frame(number)) {
            Ok(Progress::Done { object, .. }) => Some(object),
            Ok(
                Progress::Waiting { .. } | Progress::DoneBefore { .. } | Progress::Spoilt { .. },
            )
            | Err(_) => None,
        }
    });
    let (got, signers) = Broadcast::open(&object.unwrap(), &ELECTION, NOON_MS).unwrap();
    assert_eq!(got, order);
    assert_eq!(signers, [key(1).public()]);
}

#[test]
fn every_changed_byte_is_refused() {
    let object = order().object();
    for at in 0..object.len() {
        let mut changed = object.clone();
        changed[at] ^= 0x20;
        assert!(Broadcast::open(&changed, &ELECTION, NOON_MS).is_err(), "byte {at}");
    }
    for bytes in 0..object.len() {
        assert!(Broadcast::open(&object[..bytes], &ELECTION, NOON_MS).is_err(), "cut to {bytes}");
    }
}

#[test]
fn an_order_of_another_election_or_of_yesterday_is_not_obeyed() {
    let object = order().object();
    assert_eq!(Broadcast::open(&object, &[8; 16], NOON_MS), Err(BroadcastRefused::Election));
    let late = NOON_MS + 3_600_001;
    assert_eq!(Broadcast::open(&object, &ELECTION, late), Err(BroadcastRefused::Expired(late - 1)));
}

#[test]
fn a_signature_does_not_move_to_another_content() {
    let mut other = order();
    other.content = b"Stand down.".to_vec();
    let refused = Broadcast::open(&other.object(), &ELECTION, NOON_MS);
    assert_eq!(refused, Err(BroadcastRefused::Content));
}

#[test]
fn an_area_that_cannot_be_read_back_is_not_signed() {
    let sign = |area: &str| Broadcast::sign(&key(1), ELECTION, area, vec![1], 0, 1);
    assert!(sign("").is_err() && sign(&"x".repeat(65)).is_err() && sign("a\u{7}b").is_err());
    assert!(sign("لاہور").is_ok());
}
