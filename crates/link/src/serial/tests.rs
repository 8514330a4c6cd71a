use super::*;
use proptest::prelude::*;

fn content_of(got: &[Received]) -> Vec<Vec<u8>> {
    got.iter()
        .filter_map(|it| match it {
            Received::Content(bytes) => Some(bytes.clone()),
            Received::Noise { .. } => None,
        })
        .collect()
}

#[test]
fn the_published_stuffing() {
    // Cheshire and Baker, 1999: a code byte counts up to the next zero; 255 counts 254 bytes without one.
    assert_eq!(unstuff(&[3, 0x11, 0x22, 2, 0x33]), Some(vec![0x11, 0x22, 0, 0x33]));
    assert_eq!(unstuff(&[1, 1]), Some(vec![0]));
    let mut long = vec![255];
    long.extend([7; 254]);
    assert_eq!(unstuff(&long), Some(vec![7; 254]));
    assert_eq!(unstuff(&[5, 1]), None, "cut short");
    assert_eq!(unstuff(&[0]), None);
}

#[test]
fn lengths_around_a_full_run_come_back() {
    for length in [1, 249, 250, 251, 252, 253, 254, 255, 256, 507, 508, 509, CONTENT_BYTES_MAX] {
        for byte in [0, 1, 255] {
            let content = vec![byte; length];
            let frame = frame(&content).unwrap();
            assert!(frame.len() <= STUFFED_BYTES_MAX + 2, "{length}");
            assert_eq!(Deframer::default().feed(&frame), [Received::Content(content)]);
        }
    }
    assert_eq!(frame(&[]), Err(ContentSize(0)));
    assert_eq!(frame(&[1; CONTENT_BYTES_MAX + 1]), Err(ContentSize(CONTENT_BYTES_MAX + 1)));
}

#[test]
fn every_flipped_bit_is_noticed_and_the_next_frame_is_read() {
    let first = frame(b"presiding officer arrived, 0347 h").unwrap();
    let second = frame(b"convoy left").unwrap();
    for at in 0..first.len() {
        for bit in 0..8 {
            let mut spoilt = first.clone();
            spoilt[at] ^= 1 << bit;
            let mut deframer = Deframer::default();
            let mut got = deframer.feed(&spoilt);
            got.extend(deframer.feed(&second));
            let contents = content_of(&got);
            let whole_survived = at == 0 || at == first.len() - 1;
            assert!(
                contents == [b"convoy left".to_vec()] || (whole_survived && contents.len() == 2),
                "byte {at} bit {bit}: {contents:?}"
            );
        }
    }
}

#[test]
fn a_line_that_never_rests_takes_bounded_memory() {
    let mut deframer = Deframer::default();
    for _ in 0..100 {
        assert!(deframer.feed(&[0x55; 10_000]).is_empty());
    }
    assert!(deframer.stuffed.len() <= STUFFED_BYTES_MAX);
    assert_eq!(deframer.feed(&[0]), [Received::Noise { bytes: 1_000_000 }]);
}

proptest! {
    #[test]
    fn frames_come_back_in_whatever_pieces(
        contents in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..700), 1..5),
        piece in 1usize..60,
    ) {
        let stream: Vec<u8> = contents.iter().flat_map(|content| frame(content).unwrap()).collect();
        let mut deframer = Deframer::default();
        let got: Vec<Received> = stream.chunks(piece).flat_map(|piece| deframer.feed(piece)).collect();
        prop_assert_eq!(content_of(&got), contents);
    }

    #[test]
    fn any_bytes_leave_the_line_in_step(noise in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut deframer = Deframer::default();
        deframer.feed(&noise);
        let got = deframer.feed(&frame(b"clear").unwrap());
        prop_assert_eq!(got.last(), Some(&Received::Content(b"clear".to_vec())));
    }
}
