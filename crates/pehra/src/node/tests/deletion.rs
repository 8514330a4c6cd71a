//! A deletion that is in force is carried out wherever it comes, answered, and nothing that comes later undoes it.

use super::{
    lan::{certificate, member, presence, until},
    *,
};
use pehra_domain::{BuildingId, survey::SurveySubject};
use pehra_ledger::{Hash, Place};
use pehra_ops::{
    Hash32,
    deletion::Ground,
    order,
    survey::{self, Answer, Form, Photograph, View},
};
use pehra_store::{PayloadState, Receipt};
use std::path::{Path, PathBuf};

mod forks;
mod outside;

const WORDS: &str = "unmistakable words of a deposition";

fn contains_bytes(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|it| it == words)
}

/// Whether any file of a folder, or one file, holds some bytes.
fn on_disk(path: &Path, words: &[u8]) -> bool {
    let files: Vec<PathBuf> = if path.is_dir() {
        std::fs::read_dir(path).unwrap().map(|file| file.unwrap().path()).collect()
    } else {
        vec![path.to_owned()]
    };
    files
        .iter()
        .filter(|it| it.is_file())
        .any(|it| contains_bytes(&std::fs::read(it).unwrap(), words))
}

fn says(node: &Node) -> bool {
    let mut found = false;
    let mut visit = |stored: pehra_store::Stored| {
        let body = stored.entry.payload().map(|payload| payload.body().to_vec());
        found |= body.is_some_and(|body| contains_bytes(&body, WORDS.as_bytes()));
        ControlFlow::Continue(())
    };
    node.entries(Receipt(0), &mut visit).unwrap();
    found || on_disk(node.dir(), WORDS.as_bytes())
}

fn write(node: &Node) -> Place {
    let actor = node.console("parameter.edit").unwrap();
    let command = parameter::Command::Set {
        key: key("risk.threshold.most"),
        parameter: Parameter { value: Value::Text("61".to_owned()), source: WORDS.to_owned() },
        reason: "to see".to_owned(),
    };
    convert::place(node.execute(&actor, Command::Parameter(command)).unwrap()[0])
}

fn state_of(node: &Node, place: Place) -> Option<PayloadState> {
    node.reader().entry(place).unwrap().map(|stored| stored.payload_state)
}

fn sealed(node: &Node) -> Vec<Vec<u8>> {
    node.sealed_after(0, 1_000).unwrap().into_iter().map(|one| one.bytes).collect()
}

fn most(node: &Node) -> f64 {
    node.risk_model().unwrap().thresholds.most
}

/// Nodes of one election that know each other, each with a second person beside the console.
fn nodes<const N: usize>() -> ([tempfile::TempDir; N], [Node; N]) {
    let dirs = [(); N].map(|()| tempfile::tempdir().unwrap());
    let nodes = dirs.each_ref().map(member);
    let all: Vec<_> = nodes.iter().map(|node| certificate(node, "pk")).collect();
    for node in &nodes {
        node.learn(all.clone()).unwrap();
        node.first_account("second", "Second person", &["PEC"]).unwrap();
    }
    (dirs, nodes)
}

fn order_by_court(node: &Node, places: &[Place]) -> EventRef {
    let actor = node.deleting_console().unwrap();
    node.order_deletion(&actor, places, Ground::Court, ("W.P. 12/2024", "names a witness")).unwrap()
}

fn second(node: &Node) -> pehra_ops::Actor {
    let person = PersonId::try_new("second").unwrap();
    node.acting(&person, "payload.delete_approve").unwrap()
}

/// A court's order and the second person's approval.
fn delete(node: &Node, places: &[Place]) -> EventRef {
    let order = order_by_court(node, places);
    node.approve_deletion(&second(node), order).unwrap();
    order
}

fn whole(node: &Node) {
    let report = node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.damages, report.unsigned), (0, 0), "{report:?}");
}

#[test]
fn a_deletion_empties_the_other_node_and_later_backups_and_is_answered() {
    let (dirs, [nation, other]) = nodes();
    let usual = most(&nation);
    let place = write(&nation);
    let hub = presence(&nation, &[]);
    let _near = presence(&other, &[hub.watch().address().unwrap()]);
    until("the other node holds the words", || says(&other) && most(&other) > 60.5);
    let safe = tempfile::tempdir().unwrap();
    let before = safe.path().join("before");
    backup(dirs[1].path(), &before, &mut |_| ControlFlow::Continue(())).unwrap();
    delete(&nation, &[place]);
    until("the first node hears that it was done", || {
        let all = nation.deletions();
        all.len() == 1 && all[0].done.len() == 2 && all[0].owing.is_empty()
    });
    assert_eq!(nation.deletions()[0].done.iter().map(|it| it.gone).collect::<Vec<_>>(), [1, 1]);
    assert_eq!(state_of(&other, place), Some(PayloadState::Deleted));
    assert!(on_disk(&before, WORDS.as_bytes()), "an old backup is not reached");
    assert_eq!(other.backups_made().iter().filter(|it| it.is_there).count(), 1, "and is listed");
    let after = safe.path().join("after");
    backup(dirs[1].path(), &after, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(!on_disk(&after, WORDS.as_bytes()));
    for node in [&nation, &other] {
        assert!(!says(node));
        assert!((most(node) - usual).abs() < 1e-9, "its effect is gone, too");
        whole(node);
    }
    assert_eq!(nation.ops(State::encode), other.ops(State::encode));
}

#[test]
fn a_court_s_order_deletes_nothing_before_a_second_person_approves_it() {
    let (_dirs, [nation, other]) = nodes();
    let place = write(&nation);
    let order = order_by_court(&nation, &[place]);
    assert!(says(&nation));
    let console = nation.deleting_console().unwrap();
    assert!(nation.approve_deletion(&console, order).is_err(), "nobody approves their own");
    other.receive(&sealed(&nation)).unwrap();
    assert!(says(&other) && !other.deletions()[0].in_force);
    nation.approve_deletion(&second(&nation), order).unwrap();
    assert!(!says(&nation));
    other.receive(&sealed(&nation)).unwrap();
    assert!(!says(&other) && other.deletions()[0].in_force);
}

#[test]
fn a_node_that_stays_silent_is_named() {
    let (_dirs, [nation, other]) = nodes();
    let place = write(&nation);
    delete(&nation, &[place]);
    let owing = &nation.deletions()[0].owing;
    assert_eq!(owing.iter().map(|it| it.0).collect::<Vec<_>>(), [other.public_key().id()]);
}

#[test]
fn words_that_arrive_after_their_deletion_never_reach_the_disk() {
    let (_dirs, [nation, other, late]) = nodes();
    let place = write(&other);
    let copy = sealed(&other);
    nation.receive(&copy).unwrap();
    delete(&nation, &[place]);
    // The deletion comes first, what it names after it, from somebody who has not heard of it.
    late.receive(&sealed(&nation)).unwrap();
    assert_eq!(state_of(&late, place), Some(PayloadState::Deleted));
    let bytes = std::fs::read(late.dir().join("pehra.db")).unwrap();
    assert!(!contains_bytes(&bytes, WORDS.as_bytes()));
    for _ in 0..2 {
        late.receive(&copy).unwrap();
        assert!(!says(&late));
    }
    // The other way round: an old copy again, on a node that had deleted it.
    nation.receive(&copy).unwrap();
    assert!(!says(&nation));
    whole(&late);
}

#[test]
fn a_log_that_comes_whole_after_the_deletion_of_a_part_of_it_leaves_that_part_at_the_door() {
    let (_dirs, [nation, other, late]) = nodes();
    let place = write(&other);
    let copy = sealed(&other);
    nation.receive(&copy).unwrap();
    delete(&nation, &[place]);
    let own: Vec<Vec<u8>> = sealed(&nation)
        .into_iter()
        .filter(|bytes| {
            Entry::decode(bytes).unwrap().header().place.device == nation.public_key().id()
        })
        .collect();
    late.receive(&own).unwrap();
    assert_eq!(state_of(&late, place), None, "its log is not here yet");
    late.receive(&copy).unwrap();
    assert_eq!(state_of(&late, place), Some(PayloadState::Deleted));
    assert!(!says(&late), "not for a moment, not in the write-ahead log");
    whole(&late);
}

#[test]
fn whoever_may_not_delete_deletes_nothing_of_others() {
    let (_dirs, [nation]) = nodes();
    let dir = tempfile::tempdir().unwrap();
    let district = member(&dir);
    let place = write(&nation);
    let enrolled = certificate(&district, "pk/sindh/sukkur");
    nation.learn(vec![enrolled.clone()]).unwrap();
    district.learn(vec![certificate(&nation, "pk"), enrolled]).unwrap();
    district.first_account("second", "Second person", &["PEC"]).unwrap();
    district.receive(&sealed(&nation)).unwrap();
    let actor = district.deleting_console().unwrap();
    let tried = district.order_deletion(&actor, &[place], Ground::Court, ("none", "to hide it"));
    assert!(matches!(tried, Err(NodeError::Refused(_))), "{tried:?}");
    // In its own area it may order, and names the nation's entry all the same.
    let order = pehra_ops::deletion::Command::Order {
        area: AreaId::try_new("pk/sindh/sukkur").unwrap(),
        places: vec![convert::event_ref(place)],
        ground: Ground::Court,
        instrument: "none".to_owned(),
        reason: "to hide it".to_owned(),
    };
    let order = district.execute(&actor, Command::Deletion(order)).unwrap()[0];
    district.approve_deletion(&second(&district), order).unwrap();
    assert_eq!(state_of(&district, place), Some(PayloadState::Here));
    nation.receive(&sealed(&district)).unwrap();
    assert!(nation.deletions()[0].in_force, "it stands, and reaches nothing above its area");
    assert_eq!(state_of(&nation, place), Some(PayloadState::Here));
}

#[test]
fn the_opening_and_the_record_of_a_deletion_cannot_be_deleted() {
    let (_dirs, [nation]) = nodes();
    let actor = nation.deleting_console().unwrap();
    let place = write(&nation);
    let deletion = delete(&nation, &[place]);
    for kept in [Place { seq: 1, ..place }, convert::place(deletion), place] {
        let tried = nation.order_deletion(&actor, &[kept], Ground::Court, ("none", "to hide it"));
        assert!(matches!(tried, Err(NodeError::NotDeletable(_))), "{kept}: {tried:?}");
    }
}

#[test]
fn a_backup_from_before_deletes_again_before_its_node_opens() {
    let (dirs, [nation]) = nodes();
    let place = write(&nation);
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("before");
    backup(dirs[0].path(), &file, &mut |_| ControlFlow::Continue(())).unwrap();
    delete(&nation, &[place]);
    drop(nation);
    let into = tempfile::tempdir().unwrap();
    restore(&file, into.path()).unwrap();
    assert!(on_disk(into.path(), WORDS.as_bytes()), "the backup has them");
    let again = Node::open(into.path(), &OpenOptions::default()).unwrap();
    assert!(!says(&again));
    assert_eq!(state_of(&again, place), Some(PayloadState::Deleted));
    whole(&again);
    // Without its file of deletions it deletes when it hears of it.
    let file_alone = to.path().join("alone");
    std::fs::rename(&file, &file_alone).unwrap();
    let into = tempfile::tempdir().unwrap();
    restore(&file_alone, into.path()).unwrap();
    assert!(says(&Node::open(into.path(), &OpenOptions::default()).unwrap()));
}

#[test]
fn a_file_of_deletions_that_nobody_entitled_signed_deletes_nothing() {
    let (dirs, [nation]) = nodes();
    let place = write(&nation);
    delete(&nation, &[place]);
    let (_other_dirs, [stranger]) = nodes();
    let place = write(&stranger);
    let dir = stranger.dir().to_owned();
    // Another election's folder keeps its own: the file's entries are of devices that are nobody here.
    let to = tempfile::tempdir().unwrap();
    let file = to.path().join("copy");
    backup(dirs[0].path(), &file, &mut |_| ControlFlow::Continue(())).unwrap();
    nation.tell_backups();
    std::fs::copy(to.path().join("copy.deletions"), dir.join("deletions.waiting")).unwrap();
    drop(stranger);
    let stranger = Node::open(&dir, &OpenOptions::default()).unwrap();
    assert_eq!(state_of(&stranger, place), Some(PayloadState::Here));
}

#[test]
fn what_remains_confirms_no_guess() {
    let (_dirs, [nation]) = nodes();
    let place = write(&nation);
    let payload = nation.reader().entry(place).unwrap().unwrap().entry.payload().unwrap().clone();
    let (salt, body) = (payload.bytes()[..32].to_vec(), payload.body().to_vec());
    assert!(on_disk(nation.dir(), &salt), "the test looks in vain");
    delete(&nation, &[place]);
    let stored = nation.reader().entry(place).unwrap().unwrap();
    assert!(stored.entry.payload().is_none());
    // The guess is right, letter for letter; nothing that is left says so.
    let guess = Hash::of(&body).0;
    let unsalted = Payload::try_new([0; 32], &body).unwrap().hash().0;
    for hash in [guess, unsalted] {
        assert!(!on_disk(nation.dir(), &hash));
        assert_ne!(stored.entry.header().payload_hash.0, hash);
    }
    assert!(!on_disk(nation.dir(), &salt), "without the salt no guess can be tried");
    whole(&nation);
}

fn survey(node: &Node, building: &str, bytes: &[u8]) -> Place {
    let sha256 = Hash32(Hash::of(bytes).0);
    let form = Form {
        subject: SurveySubject::Building(BuildingId::try_new(building).unwrap()),
        on: Date(19_700),
        surveyor_role: "SHO".to_owned(),
        answers: vec![Answer {
            question: "walls".to_owned(),
            centi: 100,
            factor: None,
            note: WORDS.to_owned(),
        }],
        photographs: vec![Photograph { sha256, view: View::Gate }],
    };
    let actor = node.console("survey.record").unwrap();
    let command = Command::Survey(survey::Command::Record { area: AreaId::nation(), form });
    let refs = node.execute_keeping(&actor, &command, vec![bytes.to_vec()]).unwrap();
    convert::place(refs[0])
}

#[test]
fn a_photograph_goes_with_the_last_entry_that_names_it() {
    let (_dirs, [nation]) = nodes();
    let (one, two) = (b"the face of a gate, one".repeat(40), b"another gate, two".repeat(40));
    let first = survey(&nation, "B1", &one);
    let shared = survey(&nation, "B2", &two);
    survey(&nation, "B3", &two);
    delete(&nation, &[first, shared]);
    assert!(!nation.has_photograph(Hash::of(&one).0) && !on_disk(nation.dir(), &one));
    assert!(nation.has_photograph(Hash::of(&two).0), "another survey names it");
}

#[test]
fn what_follows_from_a_deleted_act_stands_or_falls_on_every_node_alike() {
    let (_dirs, [nation, other]) = nodes();
    let actor = nation.console("order.give").unwrap();
    let order = order::Order {
        to: vec![actor.role.clone()],
        priority: order::Priority::Routine,
        text: WORDS.to_owned(),
        read_by: UnixMs(now().0 + 1_000_000),
        runner: String::new(),
        charge: None,
    };
    let give = order::Command::Give { area: AreaId::nation(), order };
    let given = nation.execute(&actor, Command::Order(give)).unwrap()[0];
    let act = order::Command::Act { area: AreaId::nation(), order: given, note: "held".to_owned() };
    nation.execute(&actor, Command::Order(act)).unwrap();
    other.receive(&sealed(&nation)).unwrap();
    delete(&nation, &[convert::place(given)]);
    other.receive(&sealed(&nation)).unwrap();
    nation.receive(&sealed(&other)).unwrap();
    assert!(!says(&nation) && !says(&other));
    assert_eq!(nation.ops(State::encode), other.ops(State::encode));
    let late = {
        let (dirs, [late]) = nodes::<1>();
        late.learn(vec![certificate(&nation, "pk"), certificate(&other, "pk")]).unwrap();
        late.receive(&sealed(&other)).unwrap();
        (late.deletions().len(), dirs)
    };
    assert_eq!(late.0, 1, "whoever comes last hears of it as well");
}
