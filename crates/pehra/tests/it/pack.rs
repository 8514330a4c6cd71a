//! The story of a pack: printed whole, left as it is while nothing changed, re-printed where something did, stopped, gone on
//! with, and its pages checked by a stranger. Needs the typesetter, which `cargo xtask print` builds; the gate does.
#![expect(clippy::print_stdout, reason = "a skipped story says so")]

mod room;

use crate::{command, house::House};
use pehra::work::{
    self, WorkError,
    dispatch::RoadsKept,
    pack::{Kind, Manifest, Options, Report, Start, run},
};
use pehra_domain::{AreaId, PersonId, sheet::Language};
use std::{
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

/// Where the house builds it; none: the story says that it is skipped.
pub(crate) fn typesetter() -> Option<PathBuf> {
    let own = std::env::current_exe().unwrap();
    let target = own.ancestors().nth(3).unwrap();
    let program = target.join("print").join("release").join("pehra-print");
    if program.is_file() {
        return Some(program);
    }
    println!("skipped: the typesetter is not built (cargo xtask print)");
    None
}

fn options(folder: &Path, program: PathBuf) -> Options {
    Options {
        area: AreaId::nation(),
        folder: folder.to_owned(),
        kinds: vec![Kind::PostingOrder, Kind::CheckInCard, Kind::CallSigns, Kind::Poster],
        languages: Language::ALL.to_vec(),
        only: Vec::new(),
        plan: None,
        draw: None,
        convoys: None,
        teams: 2,
        press: Start { program: Some(program), hands: 2, memory_mb: 600 },
    }
}

fn print(house: &House, options: &Options) -> Report {
    let mut go_on = |_| ControlFlow::Continue(());
    let report = run(&house.node, options, &RoadsKept::default(), &mut go_on).unwrap();
    assert_eq!(report.failed, Vec::<String>::new());
    report
}

fn documents(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// More posts at women's stations: their orders change, those of the places that lose people to them, and nothing else.
pub(crate) fn more_women(house: &House) {
    let person = PersonId::try_new(house.node.operator().unwrap().person.as_str()).unwrap();
    for class in ["normal", "sensitive", "most"] {
        let key = format!("norms.PK-2024-SINDH.{class}.women.inner");
        house.node.set_parameter(&person, &key, 5.0, "a test", "to see").unwrap();
    }
    let actor = house.node.operator().unwrap();
    let mut go_on = |_| ControlFlow::Continue(());
    let kept = RoadsKept::default();
    let solve = work::allocate::Options { seed: 2, ..work::allocate::Options::default() };
    work::allocate::run(&house.node, &actor, &solve, &kept, &mut go_on, &mut |_| {}).unwrap();
}

#[test]
fn a_pack_is_printed_once_and_then_only_where_the_plan_changed() {
    let Some(program) = typesetter() else { return };
    let house = House::planned();
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), program);
    // Six orders, six cards, a list of call signs for each of three districts, one poster.
    let first = print(&house, &options);
    assert_eq!((first.sheets, first.printed, first.kept), (16, 32, 0));
    assert!(first.pages >= 32 && first.tables > 0 && !first.adopted);
    for document in
        documents(folder.path()).iter().filter(|it| it.extension().is_some_and(|end| end == "pdf"))
    {
        assert!(fs::read(document).unwrap().starts_with(b"%PDF"));
    }
    let again = print(&house, &options);
    assert_eq!((again.printed, again.kept), (0, 32));
    // A document that was lost or scribbled on is printed anew, under its version.
    let one = folder.path().join("ur/posting-order/order-B-3.pdf");
    let whole = fs::read(&one).unwrap();
    fs::write(&one, b"scribble").unwrap();
    let mended = print(&house, &options);
    assert_eq!((mended.printed, mended.kept, mended.changed.len()), (1, 31, 0));
    assert_eq!(fs::read(&one).unwrap(), whole);
    more_women(&house);
    let changed = print(&house, &options);
    let has = |name: &str| changed.changed.iter().any(|it| it == name);
    assert!(has("order-B-1") && has("order-B-4") && !has("order-B-0"), "{:?}", changed.changed);
    assert!(changed.changed.iter().all(|name| name.starts_with("order-")));
    let many = changed.changed.len() as u64;
    // Those orders and the change sheet, in two languages.
    assert_eq!((changed.printed, changed.kept), (2 * many + 2, 32 - 2 * many));
    assert!(folder.path().join("ur/changes.pdf").is_file());
    let manifest = Manifest::read(folder.path()).unwrap().unwrap();
    let version = |name: &str| manifest.sheets[name].version;
    assert_eq!((version("order-B-1"), version("order-B-0"), version("poster")), (2, 1, 1));
    assert_ne!(manifest.sheets["order-B-1"].plan, manifest.sheets["order-B-0"].plan);
    let rows =
        fs::read_to_string(folder.path().join("tables/ur/tharparkar/posting-order-posts.csv"));
    assert!(rows.unwrap().contains("order-B-4"));
    let mut go_on = |_| ControlFlow::Continue(());
    let elsewhere = Options { area: AreaId::try_new("pk/sindh").unwrap(), ..options };
    let refused =
        run(&house.node, &elsewhere, &RoadsKept::default(), &mut go_on).unwrap_err().to_string();
    assert!(refused.contains("give another folder"), "{refused}");
}

#[test]
fn a_stranger_checks_a_page_with_what_lies_in_the_pack() {
    let Some(program) = typesetter() else { return };
    let house = House::planned();
    let folder = tempfile::tempdir().unwrap();
    let only = Options {
        only: vec!["NA-10-1".to_owned()],
        kinds: vec![Kind::PostingOrder],
        ..options(folder.path(), program)
    };
    assert_eq!(print(&house, &only).sheets, 1);
    let manifest = Manifest::read(folder.path()).unwrap().unwrap();
    let code = &manifest.sheets["order-B-1"].code;
    let elsewhere = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let (root, record) = (path("election.txt"), path("record.txt"));
    let check = ["prove", "page", code, "--root", &root, "--proof", &record, "--json"];
    let told = command::done(elsewhere.path(), &check).json();
    let says = told["says"].as_str().unwrap();
    assert!(says.starts_with("Posting order order-B-1, version 1, "), "{says}");
    assert_eq!(told["sheet_sha256"], manifest.sheets["order-B-1"].sheet.as_str());
    assert_eq!(told["doubts"].as_array().unwrap().len(), 0);
    let forged = code.replace(['A', 'B'], "C");
    assert_ne!(
        command::run(elsewhere.path(), &["prove", "page", &forged, "--root", &root]).code,
        Some(0)
    );
}

#[test]
fn a_run_that_is_stopped_leaves_whole_documents_and_goes_on_from_them() {
    let Some(program) = typesetter() else { return };
    let house = House::planned();
    let folder = tempfile::tempdir().unwrap();
    let options = options(folder.path(), program);
    let mut answered = 0;
    let mut stop_in_the_middle = |step: pehra_domain::progress::Step| {
        if step.stage == "print" {
            answered = answered.max(step.done);
        }
        if answered >= 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let stopped = run(&house.node, &options, &RoadsKept::default(), &mut stop_in_the_middle);
    assert!(matches!(stopped, Err(WorkError::Cancelled(_))), "{stopped:?}");
    let manifest = Manifest::read(folder.path()).unwrap().unwrap();
    let kept: usize = manifest.sheets.values().map(|it| it.documents.len()).sum();
    assert!((5..32).contains(&kept), "{kept}");
    let rest = print(&house, &options);
    assert_eq!((rest.kept, rest.printed + rest.kept), (kept as u64, 32));
    // What a stopped run had printed anew already still stands on the next run's change sheet.
    more_women(&house);
    let mut stop_at_once_after_the_first = |step: pehra_domain::progress::Step| {
        if step.stage == "print" && step.done >= 1 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    assert!(
        run(&house.node, &options, &RoadsKept::default(), &mut stop_at_once_after_the_first)
            .is_err()
    );
    let pending = Manifest::read(folder.path()).unwrap().unwrap().pending;
    assert!(!pending.is_empty());
    let told = print(&house, &options);
    assert!(pending.keys().all(|name| told.changed.contains(name)), "{pending:?} {told:?}");
    let manifest = Manifest::read(folder.path()).unwrap().unwrap();
    assert_eq!((manifest.pending.len(), manifest.changes.len()), (0, told.changed.len()));
}

#[cfg(unix)]
#[test]
fn a_typesetter_that_is_none_is_told() {
    let house = House::planned();
    let folder = tempfile::tempdir().unwrap();
    let mut go_on = |_| ControlFlow::Continue(());
    for program in ["/bin/false", "/no/such/program"] {
        let options = options(folder.path(), PathBuf::from(program));
        let refused =
            run(&house.node, &options, &RoadsKept::default(), &mut go_on).unwrap_err().to_string();
        assert!(refused.contains("ended early") || refused.contains("does not start"), "{refused}");
    }
    let sector = AreaId::try_new("pk/sindh/tharparkar/s09").unwrap();
    let options = Options { area: sector, ..options(folder.path(), PathBuf::from("/bin/false")) };
    assert!(
        run(&house.node, &options, &RoadsKept::default(), &mut go_on)
            .unwrap_err()
            .to_string()
            .contains("sectors")
    );
}
