//! The promise that an old ledger opens for ever. These files are never written again.

use crate::golden_v1 as v1;
use pehra_ledger::certificate::{Certificate, Revocation};
use pehra_ledger::log::LogBook;
use pehra_ledger::manifest::Manifest;
use pehra_ledger::{Entry, Flags, Hash, Ingested, Intake};

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../../fixtures/ledgers/v1/", $name, ".bin")).as_slice()
    };
}

const FILES: [(&str, &[u8]); 7] = [
    ("entry_plain", golden!("entry_plain")),
    ("entry_cosigned", golden!("entry_cosigned")),
    ("entry_withheld", golden!("entry_withheld")),
    ("entry_new_epoch", golden!("entry_new_epoch")),
    ("certificate", golden!("certificate")),
    ("revocation", golden!("revocation")),
    ("manifest", golden!("manifest")),
];

/// SHA-256 of each file, so that nobody can replace a file and its writer together unseen.
const SUMS: &str = include_str!("../../../../fixtures/ledgers/v1/SHA256SUMS");

#[test]
fn the_golden_files_are_the_ones_that_were_released() {
    for (name, bytes) in FILES {
        let line = format!("{}  {name}.bin", Hash::of(bytes));
        assert!(SUMS.lines().any(|have| have == line), "{line}");
    }
    assert_eq!(SUMS.lines().count(), FILES.len());
}

#[test]
fn the_first_formats_log_is_taken_in_entry_by_entry() {
    let mut book = LogBook::default();
    book.know(v1::author().public());
    let mut seen = Vec::new();
    for (name, bytes) in FILES.into_iter().take(4) {
        let taken = Intake::new(&book, v1::ELECTION, 1_707_350_400_000).ingest(bytes).unwrap();
        let Ingested::Accepted(entry, flags) = taken else { panic!("{name}: {taken:?}") };
        assert_eq!(entry.encode(), bytes, "{name}");
        let payload_absent = name == "entry_withheld";
        assert_eq!(flags, Flags { payload_absent, ..Flags::default() }, "{name}");
        seen.push((*entry).clone());
        book.append(*entry);
    }
    let text =
        |entry: &Entry| entry.payload().map(|p| String::from_utf8_lossy(p.body()).into_owned());
    assert_eq!(text(&seen[0]).as_deref(), Some("پہرہ: station open"));
    assert_eq!(seen[1].cosignatures()[0].part, "second-person");
    assert_eq!(seen[1].header().extra(7), Some(&b"a field of a later version"[..]));
    assert_eq!(text(&seen[2]), None);
    assert_eq!((seen[3].header().place.epoch, seen[3].header().place.seq), (0x1a_bcde, 0));
    assert_eq!(seen[3].header().previous, seen[2].hash());
}

#[test]
fn the_first_formats_statements_and_manifest_open() {
    let certificate = Certificate::decode(FILES[4].1).unwrap();
    assert!(certificate.holds());
    assert_eq!(certificate.body.name, "Sukkur control room");
    let revocation = Revocation::decode(FILES[5].1).unwrap();
    assert!(revocation.holds());
    assert_eq!(revocation.body.reason, "lost with the vehicle");
    let manifest = Manifest::decode(FILES[6].1).unwrap();
    assert_eq!((manifest.rows(), manifest.chunks().len()), (70_314, 3));
}

#[test]
fn today_s_writer_still_writes_the_first_format_byte_for_byte() {
    let written = v1::files().unwrap();
    assert_eq!(written.len(), FILES.len());
    for ((name, bytes), (kept_name, kept)) in written.iter().zip(FILES) {
        assert_eq!((*name, bytes.as_slice()), (kept_name, kept));
    }
}

/// For readers in other languages: the page that checks proofs in a browser is tested against the same file.
#[test]
fn the_proofs_for_other_readers_are_what_this_code_makes_and_says() {
    let file = include_str!("../../../../fixtures/proofs/v1/vectors.tsv");
    assert!(file == crate::proof_vectors::text().unwrap(), "made anew, the file differs");
    let bent = file.lines().find_map(|line| line.strip_prefix("bent\tsound\t")).unwrap();
    assert!(bent.len() > 2_000 && !bent.contains('!'), "no turned bit passes");
    for letter in ["C", "T", "H", "E", "K", "F", "A", "P", "L", "W"] {
        let whole = file.lines().any(|line| line.ends_with(&format!("\t{letter}")));
        assert!(whole || bent.contains(letter), "{letter}: a refusal that no case shows");
    }
}
