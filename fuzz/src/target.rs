//! One function for each decoder: it must take any bytes, and what it accepts must come out as it went in.

use pehra_exchange::form::{Form, value};
use pehra_ledger::{
    Cosignature, DeviceId, Entry, Hash, Header, Payload, Place, PublicKey,
    armour::Piece,
    blob::{BlobManifest, Part, Want},
    certificate::{Certificate, Revocation},
    genesis::Genesis,
    manifest::Manifest,
    request::Request,
    statement::{CERTIFICATE, LateCosignature, REVOCATION, Said},
    sync::{
        message::{Ask, Numbered, Reply},
        pack,
    },
};
use pehra_link::{
    ax25::Ui,
    broadcast::Broadcast,
    bundle::{self, record},
    compact,
    fountain::{Binding, Limits, Progress, Receiver},
    kiss,
    mac::{ChannelKey, Ends},
    receipt::Receipt,
    screen, serial, sms,
    thin::{Freshness, SORT_TWO, Thin, ThinKinds},
};
use pehra_ops::report::{receipt, word};
use pehra_seal::{
    compartment::{Regrant, Sealed},
    credential::Watch,
    keyfile::KeyFile,
    keyring::LockedRing,
    release::{Contribution, Deposit, Released},
};

/// A decoder's name and what is asked of it.
pub(crate) type Target = (&'static str, fn(&[u8]));

/// Every decoder of the ledger, of the thin channels and of what is sealed.
pub(crate) const TARGETS: &[Target] = &[
    ("entry", entry),
    ("header", header),
    ("cosignatures", cosignatures),
    ("payload", payload),
    ("certificate", certificate),
    ("revocation", revocation),
    ("request", request),
    ("statement", statement),
    ("late_cosignature", late_cosignature),
    ("genesis", genesis),
    ("armour", armour),
    ("manifest", manifest),
    ("blob_manifest", blob_manifest),
    ("blob_want", blob_want),
    ("blob_part", blob_part),
    ("sync_ask", sync_ask),
    ("sync_reply", sync_reply),
    ("sync_pack", sync_pack),
    ("thin", thin),
    ("thin_word", thin_word),
    ("compact_entry", compact_entry),
    ("ax25", ax25),
    ("kiss", kiss_stream),
    ("serial", serial_stream),
    ("fountain", fountain),
    ("broadcast", broadcast),
    ("bundle", bundle_file),
    ("records", records),
    ("receipt", receipt),
    ("screen", screen_text),
    ("sms", sms_text),
    ("sealed", sealed_body),
    ("regrant", regrant),
    ("watch", watch),
    ("keyfile", keyfile),
    ("ring", ring),
    ("deposit", deposit),
    ("contribution", contribution),
    ("released", released),
    ("form", form),
    ("report_words", report_words),
];

fn same<T, E>(bytes: &[u8], read: Result<T, E>, write: impl FnOnce(&T) -> Vec<u8>) {
    if let Ok(value) = read {
        assert_eq!(write(&value), bytes, "accepted another spelling");
    }
}

fn entry(bytes: &[u8]) {
    same(bytes, Entry::decode(bytes), Entry::encode);
}

fn header(bytes: &[u8]) {
    if let Ok(header) = Header::decode(bytes) {
        assert_eq!(header.encode().as_deref(), Ok(bytes));
    }
}

fn cosignatures(bytes: &[u8]) {
    same(bytes, Cosignature::decode_all(bytes), |all| Cosignature::encode_all(all));
}

fn payload(bytes: &[u8]) {
    same(bytes, Payload::from_bytes(bytes.to_vec()), |payload| payload.bytes().to_vec());
}

fn certificate(bytes: &[u8]) {
    let read = Certificate::decode(bytes);
    if let Ok(certificate) = &read {
        let _any_answer = certificate.holds();
    }
    same(bytes, read, Certificate::encode);
}

fn revocation(bytes: &[u8]) {
    same(bytes, Revocation::decode(bytes), Revocation::encode);
}

fn request(bytes: &[u8]) {
    same(bytes, Request::decode(bytes), Request::encode);
}

fn statement(bytes: &[u8]) {
    for kind in [CERTIFICATE, REVOCATION, 77] {
        same(bytes, Said::decode(kind, bytes), Said::body);
    }
}

fn late_cosignature(bytes: &[u8]) {
    same(bytes, LateCosignature::decode(bytes), LateCosignature::encode);
}

fn genesis(bytes: &[u8]) {
    same(bytes, Genesis::decode(bytes), Genesis::encode);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _any_answer = Genesis::from_text(text);
    }
}

fn armour(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for piece in Piece::all(text).unwrap_or_default() {
        assert_eq!(Piece::all(&piece.to_text("")), Ok(vec![piece]));
    }
}

fn manifest(bytes: &[u8]) {
    same(bytes, Manifest::decode(bytes), Manifest::encode);
}

fn blob_manifest(bytes: &[u8]) {
    same(bytes, BlobManifest::decode(bytes), BlobManifest::encode);
}

fn blob_want(bytes: &[u8]) {
    same(bytes, Want::decode(bytes), Want::encode);
}

fn blob_part(bytes: &[u8]) {
    same(bytes, Part::decode(bytes), Part::encode);
}

fn sync_ask(bytes: &[u8]) {
    same(bytes, Numbered::<Ask>::decode(bytes), Numbered::<Ask>::encode);
}

fn sync_reply(bytes: &[u8]) {
    same(bytes, Numbered::<Reply>::decode(bytes), Numbered::<Reply>::encode);
}

fn sync_pack(bytes: &[u8]) {
    let Some((count, packed)) = bytes.split_first() else { return };
    if let Ok(numbers) = pack::unpack(packed, usize::from(*count)) {
        let again = pack::pack(numbers.iter().copied());
        assert_eq!(pack::unpack(&again, numbers.len()).ok(), Some(numbers));
    }
}

fn thin(bytes: &[u8]) {
    let (device, device_sealing) = (DeviceId([3; 16]), [4; 32]);
    let (desk, desk_sealing) = (DeviceId([5; 16]), [6; 32]);
    let of = |epoch_low| {
        let ends = Ends { device, device_sealing, epoch_low, desk, desk_sealing };
        ChannelKey::between(&[1; 32], &[2; 16], &ends)
    };
    let own = |_, epoch_low| [(device, of(epoch_low))];
    let kinds = ThinKinds::of(&[1, 120]);
    let Ok(thin) = Thin::decode(bytes, &[2; 16], own, &kinds, Freshness::DAY, u64::MAX >> 20)
    else {
        return;
    };
    let key = of(thin.epoch_low);
    if bytes.first() == Some(&SORT_TWO) {
        // One of the two tags is another desk's.
        let again = thin.encode_for_two([&key, &key], &[2; 16]).unwrap_or_default();
        assert_eq!(again.get(..again.len() - 16), bytes.get(..bytes.len() - 16));
        return;
    }
    let again = [8, 12, 16].map(|tag| thin.encode(&key, &[2; 16], tag));
    assert!(again.iter().any(|frame| frame.as_deref() == Ok(bytes)));
}

/// Kind, second, short form.
fn thin_word(bytes: &[u8]) {
    let Some(([kind, second @ ..], short)) = bytes.split_first_chunk::<5>() else { return };
    let kinds = pehra_ops::thin::KINDS;
    let Some(kind) = kinds.get(usize::from(*kind) % kinds.len()).copied() else { return };
    let time_s = u32::from_be_bytes(*second);
    if let Some(event) = pehra_ops::thin::lengthen(kind, short, time_s) {
        let again = pehra_ops::thin::shorten(kind, &event.encode(), time_s);
        assert_eq!(again.as_deref(), Some(short));
    }
}

/// An end that knows every key and every word.
struct Everything;

impl compact::Shared for Everything {
    fn election(&self) -> [u8; 16] {
        [7; 16]
    }
    fn keys(&self, prefix: [u8; 4]) -> Vec<PublicKey> {
        vec![PublicKey([prefix[0]; 32]); usize::from(prefix[1] % 12)]
    }
    fn entry_hash(&self, _: &Place) -> Option<Hash> {
        Some(Hash([9; 32]))
    }
    fn word(&self, number: u32) -> Option<String> {
        Some(number.to_string())
    }
    fn number(&self, word: &str) -> Option<u32> {
        word.parse().ok()
    }
}

fn compact_entry(bytes: &[u8]) {
    if let Ok(entry) = compact::decode(bytes, &Everything) {
        assert_eq!(Entry::decode(&entry.encode()), Ok(entry));
    }
}

fn ax25(bytes: &[u8]) {
    if let Ok(frame) = Ui::decode(bytes) {
        assert_eq!(frame.encode().map(|bytes| Ui::decode(&bytes)), Ok(Ok(frame)));
    }
}

fn kiss_stream(bytes: &[u8]) {
    let whole = kiss::Deframer::default().feed(bytes);
    let mut in_pieces = kiss::Deframer::default();
    let pieces: Vec<_> = bytes.chunks(3).flat_map(|piece| in_pieces.feed(piece)).collect();
    assert_eq!(whole, pieces);
}

fn serial_stream(bytes: &[u8]) {
    let whole = serial::Deframer::default().feed(bytes);
    let mut in_pieces = serial::Deframer::default();
    let pieces: Vec<_> = bytes.chunks(5).flat_map(|piece| in_pieces.feed(piece)).collect();
    assert_eq!(whole, pieces);
}

/// Frames of a stated size, one behind the other; memory stays within its limit.
fn fountain(bytes: &[u8]) {
    let limits = Limits { objects_max: 4, object_bytes_max: 4_096 };
    let mut receiver = Receiver::new(Binding::Open, limits);
    let size = usize::from(bytes.first().copied().unwrap_or(0)).max(40);
    for frame in bytes.get(1..).unwrap_or_default().chunks(size) {
        if let Ok(Progress::Done { id, object }) = receiver.receive(frame) {
            assert_eq!(pehra_link::fountain::ObjectId::of(&object), id);
        }
        assert!(receiver.waiting().count() <= 4);
    }
}

fn broadcast(bytes: &[u8]) {
    if let Ok((broadcast, _)) = Broadcast::open(bytes, &[7; 16], 0) {
        assert_eq!(broadcast.object(), bytes);
    }
}

fn bundle_file(bytes: &[u8]) {
    let reading = bundle::read(bytes);
    for found in reading.bundles {
        assert!(found.ticket.holds());
        let copy = found.copy().unwrap_or_default();
        assert_eq!(bundle::read(&copy).bundles, vec![found]);
    }
}

fn records(bytes: &[u8]) {
    let (records, unreadable) = record::unpack(bytes);
    if unreadable.is_empty() {
        assert_eq!(record::pack(&records).concat(), bytes);
    }
}

fn receipt(bytes: &[u8]) {
    same(bytes, Receipt::decode(bytes), Receipt::encode);
}

fn screen_text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(Some(frame)) = screen::from_text(text) {
        assert_eq!(screen::to_text(&frame), text);
    }
}

fn sms_text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(Some(frame)) = sms::from_text(text) {
        let again = sms::to_text(&frame).unwrap_or_default();
        assert_eq!(sms::from_text(&again), Ok(Some(frame)));
    }
    if let Ok(split) = sms::split(text) {
        assert_eq!(split.parts.concat(), text);
    }
}

fn sealed_body(bytes: &[u8]) {
    same(bytes, Sealed::decode(bytes), Sealed::encode);
}

fn regrant(bytes: &[u8]) {
    same(bytes, Regrant::decode(bytes), Regrant::encode);
}

fn watch(bytes: &[u8]) {
    same(bytes, Watch::decode(bytes), |it| it.encode().to_vec());
}

fn keyfile(bytes: &[u8]) {
    same(bytes, KeyFile::decode(bytes), KeyFile::encode);
}

fn ring(bytes: &[u8]) {
    same(bytes, LockedRing::decode(bytes), LockedRing::encode);
}

fn deposit(bytes: &[u8]) {
    same(bytes, Deposit::decode(bytes), Deposit::encode);
}

fn contribution(bytes: &[u8]) {
    same(bytes, Contribution::decode(bytes), Contribution::encode);
}

fn released(bytes: &[u8]) {
    same(bytes, Released::decode(bytes), Released::encode);
}

/// A form that a citizen's browser sent, and the query of a gateway.
fn form(bytes: &[u8]) {
    if let Ok(form) = Form::decode(bytes) {
        assert_eq!(Form::decode(form.encode().as_bytes()), Ok(form), "not read as it was written");
    }
    if let Ok(query) = std::str::from_utf8(bytes) {
        let _any_bytes = value(query, "text");
    }
}

/// What is done to a citizen's words before they are kept: it settles, and nothing that leads to a person is left.
fn report_words(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let clean = word::clean(text);
    assert_eq!(word::clean(&clean), clean);
    let masked = word::mask(&clean);
    assert_eq!(word::mask(&masked), masked);
    let _either = word::names_guards(&clean);
    if let Some(code) = receipt::Receipt::parse(text) {
        assert_eq!(receipt::Receipt::parse(&code.grouped()), Some(code));
    }
}
