use super::*;
use crate::mac::Ends;
use crate::sample::{CHECK_IN, ELECTION, NOON_MS, entry, key};
use proptest::prelude::*;

const SHARED: [u8; 32] = [3; 32];

fn channel_of(device: DeviceId, desk: u8, epoch_low: u16) -> ChannelKey {
    let (device_sealing, desk_sealing) = ([1; 32], [2; 32]);
    let ends = Ends { device, device_sealing, epoch_low, desk: DeviceId([desk; 16]), desk_sealing };
    ChannelKey::between(&SHARED, &ELECTION, &ends)
}

/// The key that the sample's desk shares with a device.
fn channel(device: DeviceId) -> ChannelKey {
    channel_of(device, 7, 0)
}

fn devices() -> Vec<(DeviceId, ChannelKey)> {
    (1..=5).map(|n| (key(n).id(), channel(key(n).id()))).collect()
}

fn kinds() -> ThinKinds {
    ThinKinds::of(&[CHECK_IN])
}

fn hear(frame: &[u8], now_ms: u64) -> Result<Thin, ThinRefused> {
    Thin::decode(frame, &ELECTION, |_, _| devices(), &kinds(), Freshness::DAY, now_ms)
}

fn sample(body: &[u8]) -> (Entry, Vec<u8>) {
    let entry = entry(&key(2), CHECK_IN, body);
    let thin = Thin::of_entry(&entry, &kinds()).unwrap();
    let frame = thin.encode(&channel(key(2).id()), &ELECTION, 8).unwrap();
    (entry, frame)
}

#[test]
fn a_frame_says_what_its_entry_says() {
    let (entry, frame) = sample(b"station 17 opened");
    let heard = hear(&frame, NOON_MS).unwrap();
    assert_eq!(heard, Thin::of_entry(&entry, &kinds()).unwrap());
    assert_eq!(heard.differs_from(&entry, &kinds()), None);
    assert_eq!(heard.differs_from(&entry.withheld(), &kinds()), None, "as far as it goes");
}

#[test]
fn sixty_bytes_carry_thirty_nine_of_text_and_not_one_more() {
    let thin =
        |bytes| Thin::of_entry(&entry(&key(2), CHECK_IN, &vec![b'x'; bytes]), &kinds()).unwrap();
    let encode = |bytes| thin(bytes).encode(&channel(key(2).id()), &ELECTION, 8);
    assert_eq!(encode(39).unwrap().len(), FRAME_BYTES_MAX);
    assert_eq!(encode(40), Err(NotThin::TooLong(61)));
    assert_eq!(thin(31).encode(&channel(key(2).id()), &ELECTION, 16).unwrap().len(), 60);
    assert_eq!(thin(1).encode(&channel(key(2).id()), &ELECTION, 9), Err(NotThin::Tag(9)));
}

#[test]
fn one_frame_is_checked_by_two_desks_and_by_no_third() {
    let (device, body) = (key(2).id(), [b'x'; 31]);
    let thin = Thin::of_entry(&entry(&key(2), CHECK_IN, &body), &kinds()).unwrap();
    let [sector, district, third] = [7, 8, 9].map(|desk| channel_of(device, desk, 0));
    let frame = thin.encode_for_two([&sector, &district], &ELECTION).unwrap();
    assert_eq!(frame.len(), FRAME_BYTES_MAX);
    let at = |desk: &ChannelKey| {
        let own = |_, _| [(device, desk.clone())];
        Thin::decode(&frame, &ELECTION, own, &kinds(), Freshness::DAY, NOON_MS)
    };
    assert_eq!(at(&sector), Ok(thin.clone()));
    assert_eq!(at(&district), Ok(thin.clone()));
    assert_eq!(at(&third), Err(ThinRefused::Forged));
    let longer = Thin { body: vec![b'x'; 32], ..thin };
    assert_eq!(longer.encode_for_two([&sector, &district], &ELECTION), Err(NotThin::TooLong(61)));
}

#[test]
fn a_receiver_is_told_the_epoch_before_it_derives_a_key() {
    let device = key(2).id();
    let thin = Thin::of_entry(&entry(&key(2), CHECK_IN, b"opened"), &kinds()).unwrap();
    let thin = Thin { epoch_low: 0x1207, ..thin };
    let frame = thin.encode(&channel_of(device, 7, 0x1207), &ELECTION, 8).unwrap();
    let own = |_, epoch_low| [(device, channel_of(device, 7, epoch_low))];
    let heard = Thin::decode(&frame, &ELECTION, own, &kinds(), Freshness::DAY, NOON_MS);
    assert_eq!(heard, Ok(thin));
}

#[test]
fn a_short_form_is_what_travels_and_what_is_compared() {
    let first = |_: u32, body: &[u8], _: u32| body.first().map(|byte| vec![*byte]);
    let kinds = ThinKinds::shortened(&[CHECK_IN], first);
    let signed = entry(&key(2), CHECK_IN, b"opened");
    let thin = Thin::of_entry(&signed, &kinds).unwrap();
    assert_eq!(thin.body, b"o");
    assert_eq!(thin.differs_from(&signed, &kinds), None);
    let other = entry(&key(2), CHECK_IN, b"closed");
    assert_eq!(thin.differs_from(&other, &kinds), Some(Difference::Body));
    let nothing = entry(&key(2), CHECK_IN, b"");
    assert_eq!(Thin::of_entry(&nothing, &kinds), Err(NotThin::NoShortForm(CHECK_IN)));
}

#[test]
fn a_hand_over_of_custody_never_travels_unsigned() {
    let handover = entry(&key(2), 200, b"bag 4");
    assert_eq!(Thin::of_entry(&handover, &kinds()), Err(NotThin::Kind(200)));
    // And one who sends it nevertheless is not believed.
    let lax = ThinKinds::of(&[200]);
    let frame = Thin::of_entry(&handover, &lax)
        .unwrap()
        .encode(&channel(key(2).id()), &ELECTION, 8)
        .unwrap();
    assert_eq!(hear(&frame, NOON_MS), Err(ThinRefused::Kind(200)));
}

#[test]
fn every_changed_bit_is_refused() {
    let (_, frame) = sample(b"opened");
    for at in 0..frame.len() * 8 {
        let mut changed = frame.clone();
        changed[at / 8] ^= 1 << (at % 8);
        assert!(hear(&changed, NOON_MS).is_err(), "bit {at}");
    }
    for bytes in 0..frame.len() {
        assert!(hear(&frame[..bytes], NOON_MS).is_err(), "cut to {bytes}");
    }
}

#[test]
fn a_key_speaks_for_its_own_device_and_election_only() {
    let (entry, _) = sample(b"opened");
    let thin = Thin::of_entry(&entry, &kinds()).unwrap();
    let in_other_name = thin.encode(&channel(key(3).id()), &ELECTION, 8).unwrap();
    assert_eq!(hear(&in_other_name, NOON_MS), Err(ThinRefused::Forged));
    let other_election = thin.encode(&channel(key(2).id()), &[8; 16], 8).unwrap();
    assert_eq!(hear(&other_election, NOON_MS), Err(ThinRefused::Forged));
}

#[test]
fn devices_that_share_four_bytes_are_told_apart_by_their_tags() {
    let mut twin = key(2).id();
    twin.0[15] ^= 1;
    let both = |_, _| vec![(twin, channel(twin)), (key(2).id(), channel(key(2).id()))];
    let (_, frame) = sample(b"opened");
    let heard = Thin::decode(&frame, &ELECTION, both, &kinds(), Freshness::DAY, NOON_MS).unwrap();
    assert_eq!(heard.device, key(2).id());
}

#[test]
fn yesterdays_and_tomorrows_frames_are_not_believed() {
    let (_, frame) = sample(b"opened");
    let noon_s = NOON_MS / 1_000;
    let at = |s: u64| hear(&frame, s * 1_000);
    assert!(at(noon_s + 36 * 3_600).is_ok());
    assert_eq!(at(noon_s + 36 * 3_600 + 1), Err(ThinRefused::Stale(129_601)));
    assert!(at(noon_s - 300).is_ok());
    assert_eq!(at(noon_s - 301), Err(ThinRefused::Ahead(301)));
}

#[test]
fn each_contradiction_is_named() {
    let (signed, frame) = sample(b"opened");
    let heard = hear(&frame, NOON_MS).unwrap();
    assert_eq!(
        heard.differs_from(&entry(&key(2), CHECK_IN, b"closed"), &kinds()),
        Some(Difference::Body)
    );
    assert_eq!(
        heard.differs_from(&entry(&key(2), 121, b"opened"), &kinds()),
        Some(Difference::Kind)
    );
    let late = Thin { time_s: heard.time_s + 1, ..heard };
    assert_eq!(late.differs_from(&signed, &kinds()), Some(Difference::Time));
}

proptest! {
    #[test]
    fn frames_come_back(
        epoch_low in any::<u16>(),
        seq in 0u64..(1 << 53),
        body in proptest::collection::vec(any::<u8>(), 0..30),
    ) {
        let time_s = u32::try_from(NOON_MS / 1_000).unwrap();
        let thin = Thin { device: key(4).id(), epoch_low, seq, time_s, kind: CHECK_IN, body };
        let frame = thin.encode(&channel(key(4).id()), &ELECTION, 8).unwrap();
        prop_assert!(frame.len() <= FRAME_BYTES_MAX);
        prop_assert_eq!(hear(&frame, NOON_MS), Ok(thin));
    }

    #[test]
    fn any_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        prop_assert!(hear(&bytes, NOON_MS).is_err());
    }
}
