use super::*;
use crate::sample::{ELECTION, NOON_MS, key};
use proptest::prelude::*;

fn draft(number: u8, pieces: usize) -> Draft {
    Draft {
        election: ELECTION,
        bundle: BundleId([number; 16]),
        to: vec![key(3).id(), key(2).id(), key(3).id()],
        made_ms: NOON_MS,
        letter: vec![number; 300],
        pieces: (0..pieces).map(|at| vec![u8::try_from(at).unwrap(); 500 + at]).collect(),
    }
}

fn file(number: u8, pieces: usize) -> Vec<u8> {
    draft(number, pieces).close(&key(1)).unwrap()
}

#[test]
fn a_whole_bundle_is_read_and_says_who_sent_it_to_whom() {
    let file = file(1, 4);
    let reading = read(&file);
    assert!(reading.damage.is_empty());
    let bundle = &reading.bundles[0];
    assert_eq!(bundle.ticket.issuers().collect::<Vec<_>>(), [key(1).public()]);
    let mut to = vec![key(2).id(), key(3).id()];
    to.sort_unstable();
    assert_eq!(bundle.ticket.body.to, to);
    assert_eq!(
        bundle.pieces.values().map(|it| it.to_vec()).collect::<Vec<_>>(),
        draft(1, 4).pieces
    );
}

#[test]
fn a_copy_is_the_same_file_and_a_copy_of_a_damaged_one_carries_what_is_sound() {
    let file = file(1, 4);
    assert_eq!(read(&file).bundles[0].copy().unwrap(), file);
    let cut = &file[..file.len() * 2 / 3];
    let copy = read(cut).bundles[0].copy().unwrap();
    assert_eq!(read(&copy).bundles, read(cut).bundles);
}

#[test]
fn bundles_of_many_senders_stand_one_behind_the_other() {
    let both = [file(1, 2), file(2, 3)].concat();
    let reading = read(&both);
    assert!(reading.damage.is_empty());
    let pieces: Vec<usize> = reading.bundles.iter().map(|it| it.pieces.len()).collect();
    assert_eq!(pieces, [2, 3]);
}

#[test]
fn a_cut_file_keeps_what_came_before_and_names_what_is_missing() {
    let file = file(1, 4);
    let blocks = HEAD_BYTES + CHECK_BYTES;
    let tail = read(&file).bundles[0].ticket.encode().len() + 4 * 32 + 300 + 3 * blocks;
    let cut = &file[..file.len() - tail - 10];
    let reading = read(cut);
    assert_eq!(reading.bundles[0].pieces.keys().copied().collect::<Vec<_>>(), [0, 1, 2]);
    let bundle = BundleId([1; 16]);
    assert_eq!(reading.damage[1], Damage::Missing { bundle, index: 3, of: 4 });
    assert!(matches!(reading.damage[0], Damage::Bytes { to, .. } if to == cut.len()));
}

#[test]
fn a_file_whose_beginning_is_gone_is_read_by_its_end() {
    let file = file(1, 4);
    let from = file.windows(4).position(|it| it == [2; 4]).unwrap();
    let reading = read(&file[from..]);
    assert_eq!(reading.bundles[0].pieces.keys().copied().collect::<Vec<_>>(), [3]);
    assert_eq!(reading.damage.len(), 1 + 3);
}

#[test]
fn every_changed_byte_is_named_and_costs_one_block_at_most() {
    let file = file(1, 3);
    for at in 0..file.len() {
        let mut changed = file.clone();
        changed[at] ^= 0x11;
        let reading = read(&changed);
        assert!(!reading.damage.is_empty(), "byte {at}");
        let whole = draft(1, 3).pieces;
        let bundle = &reading.bundles[0];
        assert!(bundle.pieces.len() >= 2, "byte {at}");
        for (index, piece) in &bundle.pieces {
            assert_eq!(*piece, whole[usize::try_from(*index).unwrap()], "byte {at}");
        }
    }
}

#[test]
fn a_hand_that_mends_the_checksum_is_found_by_the_signed_list() {
    let bundle = BundleId([1; 16]);
    let mut forged = Vec::new();
    push_block(&mut forged, PIECE, bundle, 1, b"what the courier would rather deliver").unwrap();
    let honest = file(1, 3);
    let both = [forged.clone(), honest.clone()].concat();
    assert_eq!(
        read(&both),
        Reading { damage: vec![], ..read(&honest) },
        "the honest one is there too"
    );
    // Cut out the honest piece 1.
    let mut without = honest;
    let from = without.windows(4).position(|it| it == [1, 1, 1, 1]).unwrap();
    assert!(from > 0);
    let piece = (0..without.len())
        .find(|at| block_at(&without, *at).is_some_and(|it| it.sort == PIECE && it.index == 1))
        .unwrap();
    let end = block_at(&without, piece).unwrap().end;
    without.splice(piece..end, forged);
    let reading = read(&without);
    assert_eq!(reading.damage, [Damage::Altered { bundle, index: 1, of: 3 }]);
    assert_eq!(reading.bundles[0].pieces.len(), 2);
}

#[test]
fn a_ticket_that_does_not_hold_opens_nothing() {
    let mut lies = draft(1, 1);
    lies.bundle = BundleId([9; 16]);
    let other = lies.close(&key(5)).unwrap();
    // The ticket of one bundle on the blocks of another.
    let mut mixed = other.clone();
    let ticket = block_at(&file(1, 1), 0).unwrap();
    let honest = file(1, 1)[ticket.content].to_vec();
    mixed.clear();
    push_block(&mut mixed, TICKET, BundleId([9; 16]), 0, &honest).unwrap();
    assert_eq!(read(&mixed).damage, [Damage::NoTicket { bundle: BundleId([9; 16]) }]);
    assert!(read(&mixed).bundles.is_empty());
}

#[test]
fn what_cannot_be_read_back_is_not_written() {
    let nobody = Draft { to: vec![], ..draft(1, 1) };
    assert!(nobody.close(&key(1)).is_err());
    let crowd = Draft { to: (0..65).map(|n| DeviceId([n; 16])).collect(), ..draft(1, 1) };
    assert!(crowd.close(&key(1)).is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).bundles.is_empty());
        prop_assert_eq!(read(&bytes).damage.is_empty(), bytes.is_empty());
    }

    #[test]
    fn scratches_never_bring_a_piece_that_was_not_signed(
        scratches in proptest::collection::vec((0usize..4_000, 1usize..300, any::<u8>()), 1..6),
    ) {
        let mut file = file(1, 6);
        for (at, length, byte) in scratches {
            let (at, end) = (at.min(file.len()), (at + length).min(file.len()));
            file[at..end].fill(byte);
        }
        let whole = draft(1, 6).pieces;
        for bundle in read(&file).bundles {
            for (index, piece) in bundle.pieces {
                prop_assert_eq!(piece, &whole[usize::try_from(index).unwrap()][..]);
            }
        }
    }
}
