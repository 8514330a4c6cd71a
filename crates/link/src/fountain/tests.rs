use super::*;
use proptest::prelude::*;

fn object(bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..bytes).map(|_| next()).collect()
}

fn keyed() -> Binding {
    Binding::Keyed(ChannelKey::of_broadcast(&[1; 32], &[2; 16]))
}

fn sender(object: &[u8], frame_bytes: usize, binding: Binding) -> Sender {
    Sender::try_new(object, frame_bytes, binding).unwrap()
}

/// Feeds frames of these numbers; the object once it is whole, and how many frames it took.
fn collect(
    sender: &Sender,
    receiver: &mut Receiver,
    numbers: impl Iterator<Item = u32>,
) -> Option<(Vec<u8>, u32)> {
    let mut fed = 0;
    for number in numbers {
        fed += 1;
        if let Progress::Done { object, .. } = receiver.receive(&sender.frame(number)).unwrap() {
            return Some((object, fed));
        }
    }
    None
}

#[test]
fn fifty_kilobytes_come_through_a_third_of_loss_with_hardly_a_frame_too_many() {
    let object = object(50_000);
    let sender = sender(&object, AX25, keyed());
    let mut receiver = Receiver::new(keyed(), Limits::NODE);
    let through = (0..u32::MAX).filter(|n| n.wrapping_mul(2_654_435_761) % 10 >= 3);
    let (got, fed) = collect(&sender, &mut receiver, through).unwrap();
    assert_eq!(got, object);
    assert!(fed <= sender.symbols() + 2, "{fed} frames for {}", sender.symbols());
    assert_eq!(receiver.held_bytes(), 0);
}

#[test]
fn repair_frames_alone_are_enough_and_every_frame_fits_its_carrier() {
    for frame_bytes in [QR_V20_M, QR_V40_L, AX25, SMS, FRAME_BYTES_MIN] {
        let object = object(3_000);
        let sender = sender(&object, frame_bytes, Binding::Open);
        assert!(sender.frame(0).len() <= frame_bytes && sender.frame(1 << 20).len() <= frame_bytes);
        let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
        let repairs = 100_000..200_000;
        assert_eq!(collect(&sender, &mut receiver, repairs).unwrap().0, object, "{frame_bytes}");
    }
}

#[test]
fn frames_of_people_without_the_key_are_dropped() {
    let object = object(500);
    let stranger = Binding::Keyed(ChannelKey::of_broadcast(&[1; 32], &[3; 16]));
    let mut receiver = Receiver::new(keyed(), Limits::NODE);
    let frame = sender(&object, AX25, stranger).frame(0);
    assert_eq!(receiver.receive(&frame), Err(FrameRefused::Tag));
    let open = sender(&object, AX25, Binding::Open).frame(0);
    assert!(matches!(
        receiver.receive(&open),
        Err(FrameRefused::Unreadable(FrameUnreadable::Unknown))
    ));
    assert_eq!(receiver.held_bytes(), 0);
}

#[test]
fn every_changed_bit_of_a_frame_is_noticed() {
    let sender = sender(&object(100), 64, Binding::Open);
    let frame = sender.frame(1);
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    for at in 0..frame.len() * 8 {
        let mut changed = frame.clone();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(receiver.receive(&changed).is_err(), "bit {at}");
    }
}

#[test]
fn a_spoilt_frame_with_a_good_tag_is_sought_and_left_out() {
    let object = object(4_000);
    let binding = Binding::Open;
    let sender = sender(&object, AX25, binding.clone());
    let mut lie = sender.frame(3);
    let body = lie.len() - OPEN_TAG_BYTES;
    lie[HEAD_BYTES] ^= 1;
    let tag = binding.tag(&lie[..body]);
    lie[body..].copy_from_slice(&tag);
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    assert!(receiver.receive(&lie).is_ok());
    let (got, _) = collect(&sender, &mut receiver, (0..40).filter(|n| *n != 3)).unwrap();
    assert_eq!(got, object);
}

#[test]
fn a_false_length_builds_its_own_heap_and_spoils_none() {
    let object = object(2_000);
    let binding = Binding::Open;
    let sender = sender(&object, AX25, binding.clone());
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    for number in 0..4 {
        let mut lie = sender.frame(number);
        let body = lie.len() - OPEN_TAG_BYTES;
        lie[11] ^= 0x40;
        let tag = binding.tag(&lie[..body]);
        lie[body..].copy_from_slice(&tag);
        receiver.receive(&lie).unwrap();
    }
    assert_eq!(collect(&sender, &mut receiver, 0..60).unwrap().0, object);
    assert_eq!(receiver.waiting().count(), 0, "the lies under this name are gone with it");
}

#[test]
fn an_object_is_given_out_once() {
    let sender = sender(&object(300), AX25, Binding::Open);
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    collect(&sender, &mut receiver, 0..9).unwrap();
    let again = receiver.receive(&sender.frame(7)).unwrap();
    assert_eq!(again, Progress::DoneBefore { id: sender.id() });
}

#[test]
fn more_objects_than_there_is_room_for_wait_outside_until_one_falls_silent() {
    let limits = Limits { objects_max: 2, object_bytes_max: 10_000 };
    let mut receiver = Receiver::new(Binding::Open, limits);
    let senders: Vec<Sender> =
        (0..3).map(|n| sender(&object(9_000 + n), AX25, Binding::Open)).collect();
    receiver.receive(&senders[0].frame(0)).unwrap();
    receiver.receive(&senders[1].frame(0)).unwrap();
    assert_eq!(receiver.receive(&senders[2].frame(0)), Err(FrameRefused::Full { objects: 2 }));
    for _ in 0..1_002 {
        receiver.receive(&senders[1].frame(0)).unwrap();
    }
    assert!(receiver.receive(&senders[2].frame(0)).is_ok(), "the silent one made room");
    let large = sender(&object(10_001), AX25, Binding::Open);
    assert_eq!(receiver.receive(&large.frame(0)), Err(FrameRefused::Size));
}

#[test]
fn what_cannot_be_sent_says_why() {
    let refused = |object: &[u8], frame| Sender::try_new(object, frame, Binding::Open).err();
    assert_eq!(refused(&[], AX25), Some(NotSendable::Object(0)));
    assert_eq!(refused(&[1], 39), Some(NotSendable::Frame(39)));
    assert!(matches!(refused(&object(600_000), FRAME_BYTES_MIN), Some(NotSendable::Symbols(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_object_comes_back_from_any_frames(
        bytes in 1usize..6_000,
        frame_bytes in FRAME_BYTES_MIN..700,
        offset in 0u32..1_000,
        stride in 1u32..7,
    ) {
        let object = object(bytes);
        let sender = sender(&object, frame_bytes, keyed());
        let mut receiver = Receiver::new(keyed(), Limits::NODE);
        let numbers = (0..2_000).map(|n| offset + n * stride);
        prop_assert_eq!(collect(&sender, &mut receiver, numbers).unwrap().0, object);
    }

    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Receiver::new(Binding::Open, Limits::NODE).receive(&bytes).is_err());
        prop_assert!(Receiver::new(keyed(), Limits::NODE).receive(&bytes).is_err());
    }
}
