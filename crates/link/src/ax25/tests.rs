use super::*;
use proptest::prelude::*;

fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

#[test]
fn the_addresses_of_the_specification() {
    // AX.25 version 2.2, figure 3.5 (the frame without repeaters): to K8MMO, from WB4JFI.
    let frame = Ui {
        destination: address("K8MMO"),
        source: address("wb4jfi"),
        digipeaters: Vec::new(),
        info: b"x".to_vec(),
    };
    let bytes = frame.encode().unwrap();
    assert_eq!(bytes[..7], [0x96, 0x70, 0x9a, 0x9a, 0x9e, 0x40, 0xe0]);
    assert_eq!(bytes[7..14], [0xae, 0x84, 0x68, 0x94, 0x8c, 0x92, 0x61]);
    assert_eq!(bytes[14..], [0x03, 0xf0, b'x']);
    assert_eq!(Ui::decode(&bytes), Ok(frame));
}

#[test]
fn what_is_no_call_sign_is_refused() {
    for text in ["", "TOOLONG", "AP2-16", "AP2-", "AP2-1x", "AP 2", "AP2-+1", "ÄP2", "AP2-001"] {
        assert!(matches!(Address::parse(text), Err(Ax25Error::CallSign(_))), "{text:?}");
    }
    assert_eq!(address("ap2lhr-7").to_string(), "AP2LHR-7");
    assert_eq!(address("AP2").to_string(), "AP2");
}

#[test]
fn frames_of_other_protocols_are_not_ours() {
    let mut bytes = Ui {
        destination: address("A"),
        source: address("B"),
        digipeaters: Vec::new(),
        info: vec![1],
    }
    .encode()
    .unwrap();
    bytes[15] = 0xcf;
    assert_eq!(Ui::decode(&bytes), Err(Ax25Error::NotUi));
    bytes[15] = 0xf0;
    bytes[14] = 0x13;
    assert!(Ui::decode(&bytes).is_ok(), "with the poll bit");
    bytes[14] = 0x3f;
    assert_eq!(Ui::decode(&bytes), Err(Ax25Error::NotUi));
}

#[test]
fn sizes_and_relays_have_limits() {
    let frame = |info: usize, relays: usize| {
        let digipeaters = vec![(address("R"), false); relays];
        Ui { destination: address("A"), source: address("B"), digipeaters, info: vec![0; info] }
            .encode()
    };
    assert_eq!(frame(0, 0), Err(Ax25Error::Info(0)));
    assert_eq!(frame(257, 0), Err(Ax25Error::Info(257)));
    assert_eq!(frame(1, 9), Err(Ax25Error::Digipeaters));
    assert_eq!(Ui::decode(&frame(256, 8).unwrap()).unwrap().digipeaters.len(), 8);
}

fn addresses() -> impl Strategy<Value = Address> {
    ("[A-Z0-9]{1,6}", 0u8..16).prop_map(|(call, station)| Address { call, station })
}

proptest! {
    #[test]
    fn frames_come_back(
        destination in addresses(),
        source in addresses(),
        digipeaters in proptest::collection::vec((addresses(), any::<bool>()), 0..=8),
        info in proptest::collection::vec(any::<u8>(), 1..=256),
    ) {
        let frame = Ui { destination, source, digipeaters, info };
        prop_assert_eq!(Ui::decode(&frame.encode().unwrap()), Ok(frame));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
        if let Ok(frame) = Ui::decode(&bytes) {
            prop_assert_eq!(Ui::decode(&frame.encode().unwrap()), Ok(frame));
        }
    }
}
