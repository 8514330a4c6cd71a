use super::*;
use proptest::prelude::*;

/// A file of `length` bytes in which no two chunks are equal.
fn file(length: usize) -> Vec<u8> {
    let low = |number: usize| u8::try_from(number % 251).unwrap();
    (0..length).map(|at| low(at) ^ low(at / CHUNK_BYTES)).collect()
}

fn chunk<'a>(bytes: &'a [u8], manifest: &BlobManifest, index: u32) -> &'a [u8] {
    let place = manifest.place(index).unwrap();
    &bytes[usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap()]
}

fn begin(manifest: &BlobManifest) -> Reception {
    Reception::begin(manifest.name(), &manifest.encode()).unwrap()
}

#[test]
fn a_photograph_of_two_chunks_and_a_bit_has_three() {
    let bytes = file(2 * CHUNK_BYTES + 1);
    let manifest = BlobManifest::of(&bytes).unwrap();
    assert_eq!((manifest.chunks(), manifest.length()), (3, 131_073));
    assert_eq!(manifest.place(2), Ok(131_072..131_073));
    let missing = BlobError::NoSuchChunk { index: 3, chunks: 3 };
    assert_eq!(manifest.place(3), Err(missing));
}

#[test]
fn a_files_name_never_changes() {
    // Computed from the format's page by another program.
    let bytes = file(2 * CHUNK_BYTES + 1);
    let name = BlobManifest::of(&bytes).unwrap().name();
    assert_eq!(
        name.to_string(),
        "94edd9e50b83f911069212cf0e283148f807c59df1c31180fb064291363bd328"
    );
}

#[test]
fn an_empty_file_is_whole_at_once() {
    let manifest = BlobManifest::of(&[]).unwrap();
    let reception = begin(&manifest);
    assert!(reception.is_whole() && reception.want(10).is_empty());
    let again = Reception::resume(manifest.name(), &manifest.encode(), &reception.progress());
    assert_eq!(again, Ok(reception));
}

#[test]
fn wrong_bytes_are_refused_and_their_chunk_named() {
    let bytes = file(3 * CHUNK_BYTES);
    let manifest = BlobManifest::of(&bytes).unwrap();
    let mut reception = begin(&manifest);
    let swapped = reception.accept(1, chunk(&bytes, &manifest, 2));
    assert_eq!(swapped, Err(BlobError::WrongChunk { index: 1 }));
    let short = reception.accept(1, &bytes[..10]);
    assert_eq!(short, Err(BlobError::Length { index: 1, expected: CHUNK_BYTES, got: 10 }));
    let said = BlobError::WrongChunk { index: 1 }.to_string();
    assert!(said.starts_with("chunk 1 does not have the hash"), "{said}");
    assert_eq!(reception.arrived(), 0);
}

#[test]
fn a_manifest_is_believed_by_its_name_alone() {
    let (one, other) = (BlobManifest::of(b"a").unwrap(), BlobManifest::of(b"b").unwrap());
    let error = Reception::begin(one.name(), &other.encode());
    assert_eq!(error, Err(BlobError::OtherManifest { asked: one.name() }));
    let progress = begin(&other).progress();
    let error = Reception::resume(one.name(), &one.encode(), &progress);
    assert_eq!(error, Err(BlobError::OtherFile));
}

#[test]
fn a_record_that_claims_chunks_beyond_the_end_is_refused() {
    let manifest = BlobManifest::of(&file(3 * CHUNK_BYTES)).unwrap();
    let progress = begin(&manifest).progress();
    for (byte, fits) in [(0b111, true), (0b1000, false), (0x80, false)] {
        let mut claimed = progress.clone();
        *claimed.last_mut().unwrap() = byte;
        let read = Reception::resume(manifest.name(), &manifest.encode(), &claimed);
        assert_eq!(read.is_ok(), fits, "{byte:#b}");
    }
}

#[test]
fn a_chunk_lost_on_disk_is_asked_for_again() {
    let bytes = file(2 * CHUNK_BYTES);
    let manifest = BlobManifest::of(&bytes).unwrap();
    let mut reception = begin(&manifest);
    for index in 0..2 {
        reception.accept(index, chunk(&bytes, &manifest, index)).unwrap();
    }
    assert!(reception.is_whole());
    reception.forget(1);
    reception.forget(7);
    assert_eq!(reception.want(10).chunks().collect::<Vec<_>>(), [1]);
}

#[test]
fn a_file_over_the_limit_is_refused_while_it_is_read() {
    let mut reader = BlobReader { length: BLOB_BYTES_MAX - 1, ..BlobReader::default() };
    assert_eq!(reader.push(&[0]), Ok(()));
    assert_eq!(reader.push(&[0]), Err(BlobError::TooLong(BLOB_BYTES_MAX + 1)));
}

#[test]
fn the_largest_manifest_stays_within_its_limit() {
    let chunks = vec![Hash::of(b"x"); CHUNKS_MAX];
    let manifest = BlobManifest { length: BLOB_BYTES_MAX, chunks };
    let bytes = manifest.encode();
    assert!(bytes.len() <= MANIFEST_BYTES_MAX, "{}", bytes.len());
    assert_eq!(BlobManifest::decode(&bytes), Ok(manifest));
}

#[test]
fn a_request_is_bounded_and_says_what_is_next() {
    let manifest = BlobManifest { length: BLOB_BYTES_MAX, chunks: vec![Hash::ZERO; CHUNKS_MAX] };
    let mut reception = begin(&manifest);
    assert_eq!(reception.want(100).chunks().collect::<Vec<_>>(), (0..100).collect::<Vec<_>>());
    (0..16_384).filter(|index| index % 2 == 0).for_each(|index| reception.set(index, true));
    let want = reception.want(1000);
    assert_eq!(want.chunks().count(), STRETCHES_MAX);
    assert_eq!(Want::decode(&want.encode()), Ok(want));
}

#[test]
fn a_request_with_overlapping_or_endless_stretches_is_refused() {
    for stretches in [
        [(0_u64, 2_u64), (1, 2)],
        [(0, 2), (2, 1)],
        [(5, 1), (0, 1)],
        [(0, 0), (5, 1)],
        [(0, 1), (16_384, 1)],
        [(0, 1), (4_294_967_295, 16_384)],
    ] {
        let mut w = Writer::default();
        w.array(3).uint(1_u8).bytes(&[0; 32]).array(2);
        for (start, count) in stretches {
            w.array(2).uint(start).uint(count);
        }
        assert!(Want::decode(&w.finish()).is_err(), "{stretches:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn pieces_of_any_size_give_one_manifest(
        length in 0_usize..200_000,
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6),
    ) {
        let bytes = file(length);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(length + 1)).collect();
        cuts.sort_unstable();
        let mut reader = BlobReader::default();
        let mut from = 0;
        for cut in cuts.into_iter().chain([length]) {
            reader.push(&bytes[from..cut]).unwrap();
            from = cut;
        }
        let manifest = reader.finish();
        prop_assert_eq!(&manifest, &BlobManifest::of(&bytes).unwrap());
        prop_assert_eq!(BlobManifest::decode(&manifest.encode()), Ok(manifest));
    }

    #[test]
    fn any_order_with_repeats_damage_and_breaks_ends_whole(
        length in 1_usize..600_000,
        order in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<prop::sample::Index>()), 0..60),
    ) {
        let bytes = file(length);
        let manifest = BlobManifest::of(&bytes).unwrap();
        let mut reception = begin(&manifest);
        let mut kept = vec![0; length];
        for (index, fate, at) in order {
            let index = u32::try_from(index.index(usize::try_from(manifest.chunks()).unwrap())).unwrap();
            let good = chunk(&bytes, &manifest, index);
            match fate {
                0 => {
                    let mut damaged = good.to_vec();
                    let at = at.index(damaged.len());
                    damaged[at] ^= 1;
                    let refused = reception.accept(index, &damaged);
                    prop_assert_eq!(refused, Err(BlobError::WrongChunk { index }));
                }
                1 => {
                    let progress = reception.progress();
                    let again = Reception::resume(manifest.name(), &manifest.encode(), &progress);
                    prop_assert_eq!(&again, &Ok(reception));
                    reception = again.unwrap();
                }
                _ => {
                    let known = reception.holds(index);
                    let arrival = reception.accept(index, good).unwrap();
                    prop_assert_eq!(arrival == Arrival::Known, known);
                    let place = manifest.place(index).unwrap();
                    kept[usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap()]
                        .copy_from_slice(good);
                }
            }
        }
        while !reception.is_whole() {
            let want = Want::decode(&reception.want(3).encode()).unwrap();
            prop_assert!(!want.is_empty());
            for index in want.chunks() {
                let bytes = chunk(&bytes, &manifest, index).to_vec();
                let part = Part { file: want.file, index, bytes };
                let part = Part::decode(&part.encode()).unwrap();
                prop_assert_eq!(reception.accept(part.index, &part.bytes), Ok(Arrival::New));
                let place = manifest.place(index).unwrap();
                kept[usize::try_from(place.start).unwrap()..usize::try_from(place.end).unwrap()]
                    .copy_from_slice(&part.bytes);
            }
        }
        prop_assert_eq!(kept, bytes);
        prop_assert!(reception.want(10).is_empty());
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes: Vec<u8>) {
        if let Ok(read) = BlobManifest::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
        if let Ok(read) = Want::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
        if let Ok(read) = Part::decode(&bytes) {
            prop_assert_eq!(read.encode(), &bytes[..]);
        }
        let manifest = BlobManifest::of(b"x").unwrap();
        prop_assert!(Reception::resume(manifest.name(), &manifest.encode(), &bytes).is_err());
    }

    #[test]
    fn a_changed_byte_is_another_file_or_none(at: prop::sample::Index, flip in 1_u8..) {
        let manifest = BlobManifest::of(&file(200_000)).unwrap();
        let mut bytes = manifest.encode();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        prop_assert!(Reception::begin(manifest.name(), &bytes).is_err());
        if let Ok(read) = BlobManifest::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
