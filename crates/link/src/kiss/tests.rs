use super::*;
use proptest::prelude::*;

fn data(port: u8, bytes: &[u8]) -> Received {
    Received::Data { port, bytes: bytes.to_vec() }
}

#[test]
fn the_examples_of_the_protocol() {
    assert_eq!(data_frame(0, b"TEST"), [0xc0, 0, b'T', b'E', b'S', b'T', 0xc0]);
    assert_eq!(data_frame(5, b"Hi"), [0xc0, 0x50, b'H', b'i', 0xc0]);
    assert_eq!(data_frame(0, &[0xc0, 0xdb]), [0xc0, 0, 0xdb, 0xdc, 0xdb, 0xdd, 0xc0]);
}

#[test]
fn a_false_escape_spoils_its_frame_only() {
    let mut deframer = Deframer::default();
    let got = deframer.feed(&[0xc0, 0, 1, 0xdb, 7, 9, 0xc0, 0, 2, 0xc0]);
    assert_eq!(got, [Received::Broken, data(0, &[2])]);
    let got = deframer.feed(&[0, 3, 0xdb, 0xc0, 0, 4, 0xc0]);
    assert_eq!(got, [Received::Broken, data(0, &[4])], "an escape at the end");
}

#[test]
fn an_endless_frame_takes_bounded_memory_and_the_next_one_is_read() {
    let mut deframer = Deframer::default();
    for _ in 0..1_000 {
        assert!(deframer.feed(&[1; 1_000]).is_empty());
    }
    assert!(deframer.frame.len() <= FRAME_BYTES_MAX);
    assert_eq!(deframer.feed(&[FEND, 0, 9, FEND]), [Received::Broken, data(0, &[9])]);
}

#[test]
fn settings_of_a_modem_are_not_taken_for_data() {
    let got = Deframer::default().feed(&[0xc0, 0x11, 50, 0xc0]);
    assert_eq!(got, [Received::Other { port: 1, command: 1 }]);
}

proptest! {
    #[test]
    fn frames_come_back_in_whatever_pieces(
        frames in proptest::collection::vec((0u8..16, proptest::collection::vec(any::<u8>(), 0..300)), 1..6),
        piece in 1usize..50,
    ) {
        let stream: Vec<u8> = frames.iter().flat_map(|(port, bytes)| data_frame(*port, bytes)).collect();
        let mut deframer = Deframer::default();
        let got: Vec<Received> = stream.chunks(piece).flat_map(|piece| deframer.feed(piece)).collect();
        let sent: Vec<Received> = frames.iter().map(|(port, bytes)| data(*port, bytes)).collect();
        prop_assert_eq!(got, sent);
    }

    #[test]
    fn after_any_noise_the_next_frame_is_read(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut deframer = Deframer::default();
        deframer.feed(&noise);
        let got = deframer.feed(&data_frame(3, b"clear"));
        prop_assert_eq!(got.last(), Some(&data(3, b"clear")));
    }
}
