//! The draw's story: parties who do not trust each other make a seed, and a stranger draws it again.

use crate::house::House;
use pehra::work::{
    self,
    draw::{Folder, Opening},
};
use pehra_domain::{
    ConstituencyId, PersonId, UnitId,
    duty::Demands,
    force::StaffKind,
    member::{Grade, Member, Modules},
};
use pehra_plan::draw::Stage;
use std::{fs, ops::ControlFlow, path::Path};

const PARTIES: [(&str, u8); 3] = [("police", 1), ("commission", 2), ("observers", 3)];

fn people() -> Vec<Member> {
    let mut all = Vec::new();
    for unit in ["quetta", "karachi-east", "tharparkar"] {
        for n in 0..30 {
            let home = (n % 3 == 0)
                .then(|| ConstituencyId::try_new(format!("NA-{}", 10 + n % 4)).unwrap());
            let woman = n >= 24;
            all.push(Member {
                number: PersonId::try_new(format!("{unit}-{n:02}")).unwrap(),
                unit: UnitId::try_new(format!("U-{unit}")).unwrap(),
                kind: if woman { StaffKind::PoliceWoman } else { StaffKind::PoliceMan },
                grade: Grade(1 + n % 3),
                home: home.into_iter().collect(),
                modules: Modules::of(&[1, 2, 4, 6, 7]),
                excluded: String::new(),
            });
        }
    }
    all
}

pub(crate) fn opening() -> Opening {
    Opening {
        title: "Three districts".to_owned(),
        plan: None,
        people: people(),
        parties: PARTIES.map(|(party, _)| party.to_owned()).to_vec(),
        demands: Demands { spare_permille: 300, ..Demands::default() },
    }
}

pub(crate) fn go_on(_: pehra_domain::progress::Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn secret(stage: Stage, party: u8) -> [u8; 32] {
    [party * 16 + u8::try_from(stage.word().len()).unwrap(); 32]
}

fn commit(
    folder: &Folder,
    party: &str,
    secret: &[u8; 32],
) -> Result<(Stage, Vec<work::draw::Given>), work::WorkError> {
    // Any chance does: it hides the secret, and is no part of the seed.
    work::draw::commit(folder, party, secret, &mut || [party.len().to_be_bytes()[7]; 32])
}

fn draw_all(folder: &Folder) {
    for stage in Stage::ALL {
        for (party, number) in PARTIES {
            let (told, given) = commit(folder, party, &secret(stage, number)).unwrap();
            assert_eq!((told, given.len()), (stage, 2));
        }
        for (party, number) in PARTIES {
            assert_eq!(work::draw::reveal(folder, party, &secret(stage, number)).unwrap(), stage);
        }
        assert_eq!(work::draw::run(folder, 2, &mut go_on).unwrap().stage, stage);
    }
}

fn drawn(path: &Path) -> Folder {
    let house = House::planned();
    let (folder, _) = work::draw::open(&house.node, path, opening()).unwrap();
    draw_all(&folder);
    folder
}

#[test]
fn a_stranger_with_the_folder_alone_draws_the_same() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("draw");
    let folder = drawn(&path);
    let roster = fs::read_to_string(folder.roster_path(Stage::Stations)).unwrap();
    let posted = roster.lines().find(|line| line.contains(",posted,")).expect("somebody is posted");
    let out = PersonId::try_new(posted.split(',').next().unwrap()).unwrap();
    let stands_in = work::draw::replace(&folder, &out, 1, &mut go_on).unwrap();
    assert!(stands_in.is_some(), "three in ten are spares");
    // The stranger has the files and nothing else.
    let folder = Folder::open(&path).unwrap();
    let checked = work::draw::prove(&folder, 1, &mut go_on).unwrap();
    assert_eq!(checked.difference, None);
    assert_eq!((checked.stages.len(), checked.replacements, checked.people), (3, 1, 90));
    let input = folder.input(&mut go_on).unwrap();
    let contests = |building: &str| {
        let there = input.detachments.iter().find(|one| one.building.as_str() == building);
        there.unwrap().contests.clone()
    };
    for line in roster.lines().filter(|line| line.contains(",posted,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let one = input.people.iter().find(|one| one.number.as_str() == cells[0]).unwrap();
        assert!(!one.home.iter().any(|seat| contests(cells[6]).contains(seat)), "at home: {line}");
    }
}

#[test]
fn a_bent_roster_a_bent_input_and_a_bent_replacement_are_each_named() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("draw");
    let folder = drawn(&path);
    let file = folder.roster_path(Stage::Stations);
    let honest = fs::read_to_string(&file).unwrap();

    // Two people exchange their posts.
    let lines: Vec<&str> = honest.lines().collect();
    let posted: Vec<usize> =
        (0..lines.len()).filter(|&at| lines[at].contains(",posted,")).collect();
    let (one, other) = (posted[0], posted[posted.len() - 1]);
    let name = |at: usize| lines[at].split(',').next().unwrap();
    let mut bent: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    bent[one] = lines[other].replacen(name(other), name(one), 1);
    bent[other] = lines[one].replacen(name(one), name(other), 1);
    fs::write(&file, bent.join("\r\n") + "\r\n").unwrap();
    let found = work::draw::prove(&folder, 1, &mut go_on).unwrap().difference.unwrap();
    assert_eq!(found.stage, "stations");
    assert!(found.at.ends_with(&format!("line {}", one + 1)), "{found:?}");
    assert!(
        found.published.starts_with(name(one)) && found.drawn.starts_with(name(one)),
        "{found:?}"
    );

    // The last line is cut off.
    let cut = honest.lines().take(lines.len() - 1).collect::<Vec<_>>().join("\r\n") + "\r\n";
    fs::write(&file, cut).unwrap();
    let found = work::draw::prove(&folder, 1, &mut go_on).unwrap().difference.unwrap();
    assert_eq!(found.published, "no such line");
    fs::write(&file, &honest).unwrap();

    // Somebody says that a friend was drawn to stand in.
    let out = name(posted[0]);
    let friend =
        honest.lines().find(|line| line.contains(",spare,")).unwrap().split(',').next().unwrap();
    let out_id = PersonId::try_new(out).unwrap();
    let right = work::draw::replace(&folder, &out_id, 1, &mut go_on).unwrap().unwrap();
    let wrong = if right.as_str() == friend { "quetta-29" } else { friend };
    let text = format!("[[replaced]]\nout = \"{out}\"\nstands_in = \"{wrong}\"\n");
    fs::write(path.join("replaced.toml"), text).unwrap();
    let found = work::draw::prove(&folder, 1, &mut go_on).unwrap().difference.unwrap();
    assert_eq!((found.stage, found.drawn), ("replacement", right.to_string()));
    fs::remove_file(path.join("replaced.toml")).unwrap();

    // A home is taken out of the list after the parties committed.
    let people = path.join("people.csv");
    let text = fs::read_to_string(&people).unwrap();
    fs::write(&people, text.replacen("NA-10", "", 1)).unwrap();
    let refused = work::draw::prove(&folder, 1, &mut go_on).unwrap_err().to_string();
    assert!(refused.contains("the input was changed"), "{refused}");
}

#[test]
fn nobody_can_answer_a_secret_skip_one_or_change_their_mind() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("draw");
    let (folder, _) = work::draw::open(&house.node, &path, opening()).unwrap();
    let refused = |result: Result<Stage, work::WorkError>| result.unwrap_err().to_string();
    let early = refused(work::draw::reveal(&folder, "police", &[1; 32]));
    assert!(early.contains("must commit first"), "{early}");
    for (party, number) in PARTIES {
        commit(&folder, party, &[number; 32]).unwrap();
    }
    let again = refused(commit(&folder, "police", &[9; 32]).map(|(stage, _)| stage));
    assert!(again.contains("already"), "{again}");
    let stranger = refused(commit(&folder, "a passer-by", &[9; 32]).map(|(stage, _)| stage));
    assert!(stranger.contains("police, commission, observers"), "{stranger}");
    let other = refused(work::draw::reveal(&folder, "police", &[9; 32]));
    assert!(other.contains("not the one committed to"), "{other}");
    work::draw::reveal(&folder, "police", &[1; 32]).unwrap();
    work::draw::reveal(&folder, "commission", &[2; 32]).unwrap();
    let withheld = work::draw::run(&folder, 1, &mut go_on).unwrap_err().to_string();
    assert!(withheld.contains("the secret of observers is missing"), "{withheld}");
    assert!(
        !folder.roster_path(Stage::Pool).exists(),
        "nothing is published before all have spoken"
    );
    let twice = work::draw::open(&house.node, &path, opening()).unwrap_err().to_string();
    assert!(twice.contains("not empty"), "{twice}");
    let alone = Opening { parties: vec!["police".to_owned()], ..opening() };
    let few = work::draw::open(&house.node, &place.path().join("two"), alone).unwrap_err();
    assert!(few.to_string().contains("3 to 16 parties"), "{few}");
    assert!(matches!(
        work::nation::people(&house.node),
        Err(work::WorkError::Input(text)) if text.contains("imagined nation only")
    ));
}

#[test]
fn a_withheld_secret_is_put_together_by_the_others_and_never_skipped() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("draw");
    let (folder, _) = work::draw::open(&house.node, &path, opening()).unwrap();
    let mut given = Vec::new();
    for (party, number) in PARTIES {
        given.extend(commit(&folder, party, &secret(Stage::Pool, number)).unwrap().1);
    }
    for (party, number) in PARTIES.iter().take(2) {
        work::draw::reveal(&folder, party, &secret(Stage::Pool, *number)).unwrap();
    }
    let of_observers: Vec<_> =
        given.iter().filter(|one| one.from == "observers").cloned().collect();
    let refused = |shares: &[work::draw::Given]| {
        work::draw::recover(&folder, "observers", shares).unwrap_err().to_string()
    };
    // One other party alone learns nothing, and no share can be made up or taken from elsewhere.
    let alone = refused(&of_observers[..1]);
    assert!(alone.contains("1 shares are given and 2 are needed"), "{alone}");
    let mut bent = of_observers.clone();
    bent[0].share.bytes[0] ^= 1;
    assert!(refused(&bent).contains("is not the one that observers gave out"));
    let of_police: Vec<_> = given.iter().filter(|one| one.from == "police").cloned().collect();
    assert!(refused(&of_police).contains("is not the one that observers gave out"));
    assert_eq!(work::draw::recover(&folder, "observers", &of_observers).unwrap(), Stage::Pool);
    let note = folder.note(Stage::Pool).unwrap();
    assert_eq!(note.recovered, ["observers"]);
    assert!(refused(&of_observers).contains("known already"));
    let drawn = work::draw::run(&folder, 1, &mut go_on).unwrap();

    // The same roster as if the observers had shown it.
    let other = place.path().join("shown");
    let (shown, _) = work::draw::open(&house.node, &other, opening()).unwrap();
    for (party, number) in PARTIES {
        commit(&shown, party, &secret(Stage::Pool, number)).unwrap();
    }
    for (party, number) in PARTIES {
        work::draw::reveal(&shown, party, &secret(Stage::Pool, number)).unwrap();
    }
    assert_eq!(work::draw::run(&shown, 1, &mut go_on).unwrap().hash, drawn.hash);
    assert_eq!(work::draw::prove(&folder, 1, &mut go_on).unwrap().difference, None);
}

#[test]
fn shares_of_something_else_than_was_committed_to_name_their_party() {
    let house = House::planned();
    let place = tempfile::tempdir().unwrap();
    let (folder, _) = work::draw::open(&house.node, &place.path().join("draw"), opening()).unwrap();
    let mut given = Vec::new();
    for (party, number) in PARTIES {
        given.extend(commit(&folder, party, &secret(Stage::Pool, number)).unwrap().1);
    }
    // The observers publish a commitment to another secret than the one whose shares they gave out.
    let file = place.path().join("draw").join("pool.toml");
    let text = fs::read_to_string(&file).unwrap();
    let note = folder.note(Stage::Pool).unwrap();
    let old = &note.commitments.iter().find(|one| one.party == "observers").unwrap().digest;
    let other = [0x5a_u8; 32];
    let hex = |bytes: &[u8; 32]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    fs::write(&file, text.replace(&hex(old), &hex(&other))).unwrap();
    let shares: Vec<_> = given.into_iter().filter(|one| one.from == "observers").collect();
    let refused = work::draw::recover(&folder, "observers", &shares).unwrap_err().to_string();
    assert!(refused.contains("observers gave out shares of something other"), "{refused}");
}
