//! The proof of one event, from the node that has it to a stranger who has the founding file.

use crate::command::{done, run};
use std::{fs, path::Path};

fn list(dir: &Path) -> String {
    let mut text =
        "Province,Constituency,PS No,Name of Polling Station,Male Voters,Female Voters\n"
            .to_owned();
    for n in 1..=20 {
        text.push_str(&format!("Sindh,NA-200,{n},Primary School {n},500,400\n"));
    }
    let path = dir.join("list.csv");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_stranger_checks_an_event_with_the_public_root_alone() {
    let dir = tempfile::tempdir().unwrap();
    let (data, elsewhere) = (dir.path().join("node"), dir.path().join("stranger"));
    done(&data, &["plan", "import", "stations", &list(dir.path())]);
    let root = dir.path().join("root.txt");
    fs::write(&root, done(&data, &["prove", "root"]).out).unwrap();
    let root = root.to_str().unwrap();
    let report = done(&data, &["prove", "checkpoint"]).out;
    let origin = report.lines().next().unwrap();
    let device = origin.split('/').nth(2).unwrap();
    let (svg, png) = (dir.path().join("proof.svg"), dir.path().join("proof.png"));
    let id = format!("{device}/0/2");
    let arguments = ["prove", "event", &id, "--qr", "--svg", svg.to_str().unwrap(), "--png"];
    let said = done(&data, &[&arguments[..], &[png.to_str().unwrap()]].concat());
    assert!(fs::read(&png).unwrap().starts_with(b"\x89PNG"));
    assert!(fs::read_to_string(&svg).unwrap().starts_with("<svg"));
    let text: String = said
        .out
        .lines()
        .filter(|line| !line.contains('\u{1b}'))
        .map(|it| format!("{it}\n"))
        .collect();
    let proof = dir.path().join("proof.txt");
    fs::write(&proof, &text).unwrap();
    let proof = proof.to_str().unwrap();
    let check = ["prove", "check", proof, "--root", root, "--witnesses", "0", "--json"];
    let proven = done(&elsewhere, &check).json();
    assert_eq!(proven["place"], id.as_str());
    assert_eq!(proven["doubts"].as_array().unwrap().len(), 0, "{proven}");
    assert!(!elsewhere.exists(), "a check needs no folder");
    // Two witnesses are asked for unless the reader says otherwise, and nobody signed yet.
    let said = run(&elsewhere, &["prove", "check", proof, "--root", root]);
    assert_eq!(said.code, Some(1));
    assert!(said.out.contains("0 of 2 witnesses"), "{}", said.out);
    // One letter changed is noticed, with or without the check sum of the text.
    let bent = text.replacen("\n0", "\n1", 1);
    fs::write(proof, &bent).unwrap();
    let said = run(&elsewhere, &check);
    assert_eq!(said.code, Some(1), "{bent}");
    assert!(
        run(&data, &["prove", "event", &format!("{device}/0/999")]).err.contains("nothing is kept")
    );
}

#[test]
fn the_tree_is_written_as_tiles_that_agree_with_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let (data, out) = (dir.path().join("node"), dir.path().join("tiles"));
    done(&data, &["plan", "import", "stations", &list(dir.path())]);
    done(&data, &["prove", "tiles", out.to_str().unwrap()]);
    let note = fs::read_to_string(out.join("checkpoint")).unwrap();
    let size: usize = note.lines().nth(1).unwrap().parse().unwrap();
    let leaves = fs::read(out.join(format!("tile/0/000.p/{size}"))).unwrap();
    let bundle = fs::read(out.join(format!("tile/entries/000.p/{size}"))).unwrap();
    assert_eq!((leaves.len(), bundle.len()), (32 * size, 34 * size));
    let mut edge = pehra_ledger::tree::Edge::default();
    for (leaf, record) in leaves.chunks(32).zip(bundle.chunks(34)) {
        let hash = pehra_ledger::tree::leaf_hash(&record[2..]);
        assert_eq!(hash.0, *leaf);
        edge.push(hash);
    }
    let root = pehra_ledger::base64::encode(&edge.root().0);
    assert_eq!(note.lines().nth(2), Some(root.as_str()));
}
