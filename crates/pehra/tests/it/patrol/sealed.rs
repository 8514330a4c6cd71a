//! A sealed schedule between nodes: who opens it before its hour, that nobody else's file holds a word of it, and that
//! anybody finds out afterwards whether it is the one that was promised.

use crate::{
    command::{done, run},
    sample,
};
use pehra::{
    node::{Node, NodeError, OpenOptions, join},
    work::{
        self, WorkError,
        patrol::{self, Checked, Opened, Wish},
    },
};
use pehra_domain::{AreaId, Date};
use pehra_ledger::{
    SigningKey,
    certificate::{Certificate, CertificateBody, Subject},
    genesis::Genesis,
    statement::Said,
};
use pehra_ops::{
    Command, EventRef, RefusalCode,
    patrol::{Command as Act, Part, Schedule, Shown, Terms, Tours, Way},
    permission as row,
};
use pehra_seal::hybrid::{OpeningKey, SealingPublic};
use std::{
    collections::BTreeMap,
    fs,
    ops::ControlFlow,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Who plans, the control room, and somebody else with a node. A team of Quetta has a key and no node.
const NODES: [(&str, &[&str]); 3] =
    [("planner", &["PEC"]), ("duty", &["CTRL-D", "PEC"]), ("other", &["PEC"])];
const TEAM_KEY: [u8; 32] = [41; 32];

fn options() -> OpenOptions {
    OpenOptions::of("TEST-1", "a test", Date(30_000))
}

pub(super) struct Offices {
    folder: TempDir,
}

impl Offices {
    fn enrolled() -> Self {
        Self::of(&NODES)
    }

    pub(super) fn of(nodes: &[(&str, &[&str])]) -> Self {
        let offices = Self { folder: tempfile::tempdir().unwrap() };
        let root = SigningKey::from_seed([9; 32]);
        let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
        let mut all = Vec::new();
        let mut enrol = |name: &str, roles: &[&str], key, opening: SealingPublic, election| {
            let mut roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            roles.sort();
            let body = CertificateBody {
                election,
                subject: Subject::DEVICE,
                key,
                name: name.to_owned(),
                area: "pk".to_owned(),
                roles,
                not_before_ms: 0,
                not_after_ms: u64::MAX >> 12,
                sealing: Some(opening.0),
            };
            all.push(Said::Certificate(Certificate::sign(body, &[&root]).unwrap()));
        };
        for (name, roles) in nodes {
            join(&offices.data(name), &genesis).unwrap();
            let node = offices.node(name);
            let opening = node.sealing_public();
            enrol(name, roles, node.public_key(), opening, node.ledger_election());
            fs::write(offices.path(&format!("{name}.address")), node.address().unwrap()).unwrap();
        }
        let election = offices.node("planner").ledger_election();
        let device = SigningKey::from_seed([43; 32]).public();
        enrol("U-quetta", &["QRF"], device, OpeningKey::from_secret(TEAM_KEY).public(), election);
        for (name, _) in nodes {
            offices.node(name).learn(all.clone()).unwrap();
        }
        offices
    }

    fn data(&self, name: &str) -> PathBuf {
        self.path(&format!("{name}-data"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn node(&self, name: &str) -> Node {
        Node::open(&self.data(name), &options()).unwrap()
    }

    /// Carries what one node holds to another by a stick.
    pub(super) fn carry(&self, from: &str, to: &str) {
        let (address, out) =
            (self.path(&format!("{to}.address")), self.path(&format!("{from}-{to}.stick")));
        let (address, out) = (address.to_str().unwrap(), out.to_str().unwrap());
        done(&self.data(from), &["link", "export", "--to", address, out]);
        done(&self.data(to), &["link", "import", out]);
    }
}

pub(super) fn go_on(_: pehra_domain::progress::Step) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(super) fn assessed(node: &Node) {
    sample::fill(node);
    let options = work::assess::Options { seed: 1, draws: 20, ..work::assess::Options::default() };
    work::assess::run(node, &node.operator().unwrap(), options, &mut go_on).unwrap();
}

pub(super) fn today(node: &Node) -> Date {
    Date::of_pkt(node.now())
}

/// Tours of three teams over the nation's six buildings; the hour is the day's first.
fn wish(node: &Node, day: Date) -> Wish {
    let tours = Some(Tours { shift_hours: 8, stay_minutes: 20 });
    Wish {
        area: AreaId::nation(),
        day,
        from: day.midnight_pkt(),
        terms: patrol::terms(node, 3, None, tours),
        keys: BTreeMap::new(),
    }
}

pub(super) fn seal(node: &Node, day: Date, without_key: &[&str]) -> EventRef {
    let actor = node.console(row::PATROL_SEAL).unwrap();
    let sealed = patrol::seal(node, &actor, &wish(node, day), &mut go_on).unwrap();
    assert_eq!((sealed.teams, &sealed.duty[..]), (3, &["duty".to_owned()][..]));
    assert_eq!(sealed.without_key, without_key);
    sealed.schedule
}

fn shown(opened: Opened) -> Shown {
    let Opened::Whole(shown) = opened else { panic!("a part where the whole should open") };
    shown
}

/// All that betrays what was drawn: the seed, raw and as digits, and each team's way as it is written.
pub(super) fn words(shown: &Shown) -> Vec<Vec<u8>> {
    let hex: String = shown.seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut words = vec![shown.seed.to_vec(), hex.into_bytes()];
    for way in shown.ways.iter().filter(|way| way.stops.len() > 1) {
        let stops: Vec<&str> = way.stops.iter().map(|stop| stop.as_str()).collect();
        words.push(stops.join(",").into_bytes());
        words.push(stops.join(" · ").into_bytes());
        words.push(serde_json::to_string(&stops).unwrap().into_bytes());
        let cbor =
            |stop: &&str| [&[0x60 | u8::try_from(stop.len()).unwrap()], stop.as_bytes()].concat();
        words.push(stops.iter().flat_map(cbor).collect());
    }
    assert!(words.len() > 2, "a tour of two buildings at least");
    words
}

/// The files below a path, each with the words that it holds.
fn holding(path: &Path, words: &[Vec<u8>]) -> Vec<PathBuf> {
    if path.is_dir() {
        let files = fs::read_dir(path).unwrap().map(|file| file.unwrap().path());
        return files.flat_map(|file| holding(&file, words)).collect();
    }
    let bytes = fs::read(path).unwrap();
    let says = words.iter().any(|word| bytes.windows(word.len()).any(|part| part == word));
    if says { vec![path.to_owned()] } else { Vec::new() }
}

fn nothing_is_for(opened: Result<Opened, WorkError>) {
    let Err(error) = opened else { panic!("it opened") };
    assert!(
        error.to_string().contains("nothing in this schedule is sealed to this key"),
        "{error}"
    );
}

#[test]
fn before_its_hour_nobodys_file_holds_a_word_and_afterwards_everybody_checks_it() {
    let offices = Offices::enrolled();
    let (now, later) = {
        let planner = offices.node("planner");
        assessed(&planner);
        let day = today(&planner);
        let without_key = ["U-karachi-east/1", "U-tharparkar/1"];
        let seal = |day| seal(&planner, day, &without_key);
        let (now, later) = (seal(day), seal(day.plus_days(1)));
        nothing_is_for(patrol::open(&planner, later, None));
        (now, later)
    };
    for to in ["duty", "other"] {
        offices.carry("planner", to);
    }
    done(&offices.data("other"), &["run", "backup", offices.path("copy").to_str().unwrap()]);
    let (of_now, of_later) = {
        let duty = offices.node("duty");
        let of_later = shown(patrol::open(&duty, later, None).unwrap());
        let actor = duty.console(row::PATROL_SHOW).unwrap();
        let Err(WorkError::Node(NodeError::Refused(early))) = patrol::show(&duty, &actor, later)
        else {
            panic!("shown before its hour")
        };
        assert_eq!(early.code, RefusalCode::PatrolTooEarly);
        // Not by hand either.
        let command = Act::Show { schedule: later, shown: of_later.clone() };
        let by_hand = duty.execute(&actor, Command::Patrol(command));
        assert!(
            matches!(by_hand, Err(NodeError::Refused(it)) if it.code == RefusalCode::PatrolTooEarly)
        );
        (shown(patrol::open(&duty, now, None).unwrap()), of_later)
    };
    {
        let other = offices.node("other");
        nothing_is_for(patrol::open(&other, later, None));
        nothing_is_for(patrol::open(&other, later, Some(&OpeningKey::from_secret([42; 32]))));
        let team = OpeningKey::from_secret(TEAM_KEY);
        let Opened::Ways(own) = patrol::open(&other, later, Some(&team)).unwrap() else {
            panic!("the whole opened for a team")
        };
        let of_team: Vec<_> =
            of_later.ways.iter().filter(|way| way.team == "U-quetta/1").cloned().collect();
        assert_eq!(own, of_team, "its own way and no other");
    }
    // Every node's folder with all its files, the stick and the backup; the duty officer's own, too.
    let folder = offices.folder.path();
    let secret = [words(&of_now), words(&of_later)].concat();
    assert_eq!(holding(folder, &secret), Vec::<PathBuf>::new());

    {
        let duty = offices.node("duty");
        let actor = duty.console(row::PATROL_SHOW).unwrap();
        assert_eq!(patrol::show(&duty, &actor, now).unwrap(), of_now);
    }
    // In so small a country the lot may give two days the same ways: of tomorrow's the seed is looked for.
    assert_eq!(holding(folder, &words(&of_later)[..2]), Vec::<PathBuf>::new());
    assert!(
        !holding(&offices.data("duty"), &words(&of_now)).is_empty(),
        "the search finds what is there"
    );
    for to in ["planner", "other"] {
        offices.carry("duty", to);
    }
    let checked = |name: &str| patrol::check(&offices.node(name), now, &mut go_on).unwrap();
    // The stick brought the lists as well, so that whoever has it draws the day again.
    for name in ["planner", "other"] {
        assert_eq!(checked(name), again(Some(true)));
    }
}

/// What a check finds where the promise was kept, by the engine of now.
fn again(drawn_again: Option<bool>) -> Checked {
    Checked { kept: true, drawn_again, planned_by: 1, plans_by: 1 }
}

#[test]
fn a_schedule_of_another_version_of_the_engine_is_said_to_be_one_and_not_to_differ() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let at = {
        let node = Node::open(&data, &OpenOptions::default()).unwrap();
        assessed(&node);
        let actor = node.console(row::PATROL_SEAL).unwrap();
        let asked = wish(&node, today(&node));
        let (area, day) = (asked.area, asked.day);
        let terms = Terms { engine: Some(9), ..asked.terms };
        let world = node.world();
        let ground = patrol::Ground::of(&node, &world, (&area, &terms)).unwrap();
        let input = ground.input(&area, &terms);
        let old = ground.input(&area, &Terms { engine: None, ..terms.clone() });
        let now = ground.input(&area, &Terms { engine: Some(1), ..terms.clone() });
        assert!(input != now && now != old && input != old, "the input names the version");
        let stops = vec![ground.places[0].building.id.clone()];
        let ways = vec![Way { team: "team-1".to_owned(), stops }];
        let shown = Shown { seed: [7; 32], ways };
        let promise = patrol::promise(&area, (day, input), &shown);
        let parts = vec![Part { team: "team-1".to_owned(), sealed: vec![1; 64] }];
        let whole = vec![2; 64];
        let schedule = Schedule { day, from: asked.from, terms, input, promise, parts, whole };
        let command = Act::Seal { area, schedule };
        let at = node.execute(&actor, Command::Patrol(command)).unwrap()[0];
        let show = node.console(row::PATROL_SHOW).unwrap();
        node.execute(&show, Command::Patrol(Act::Show { schedule: at, shown })).unwrap();
        let found = patrol::check(&node, at, &mut go_on).unwrap();
        assert_eq!(found, Checked { planned_by: 9, ..again(None) });
        at.to_string()
    };
    let told = done(&data, &["plan", "patrol", "check", &at]).out;
    assert!(told.contains("what was shown is what was promised"), "{told}");
    assert!(
        told.contains("planned by version 9 of the engine, this program plans version 1"),
        "{told}"
    );
}

#[test]
fn what_is_shown_instead_of_what_was_promised_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let (at, day) = {
        let node = Node::open(&data, &OpenOptions::default()).unwrap();
        assessed(&node);
        let day = today(&node);
        let actor = node.console(row::PATROL_SEAL).unwrap();
        let at = patrol::seal(&node, &actor, &wish(&node, day), &mut go_on).unwrap().schedule;
        let mut bent = shown(patrol::open(&node, at, None).unwrap());
        let [first, second, ..] = &mut bent.ways[..] else { panic!() };
        std::mem::swap(&mut first.stops, &mut second.stops);
        let actor = node.console(row::PATROL_SHOW).unwrap();
        let command = Act::Show { schedule: at, shown: bent };
        node.execute(&actor, Command::Patrol(command)).unwrap();
        (at.to_string(), day)
    };
    let found = run(&data, &["plan", "patrol", "check", &at]);
    assert_eq!(found.code, Some(1), "{}", found.out);
    assert!(found.err.contains("is not what was promised"), "{}", found.err);

    // A schedule that keeps its promise, of other figures than the rule gives, is found out by drawing again.
    done(&data, &["plan", "patrol", "withdraw", &at, "--reason", "wrongly shown"]);
    let node = Node::open(&data, &OpenOptions::default()).unwrap();
    let actor = node.console(row::PATROL_SEAL).unwrap();
    let other = patrol::seal(&node, &actor, &wish(&node, day), &mut go_on).unwrap().schedule;
    let show = node.console(row::PATROL_SHOW).unwrap();
    patrol::show(&node, &show, other).unwrap();
    let checked = patrol::check(&node, other, &mut go_on).unwrap();
    assert_eq!(checked, again(Some(true)));
    // Once the assessment is another one, this node cannot say any more, and says so.
    let options = work::assess::Options { seed: 2, draws: 30, ..work::assess::Options::default() };
    let actor = node.operator().unwrap();
    node.set_parameter(&actor.person, "risk.weight.T1", 0.9, "a test", "another model").unwrap();
    work::assess::run(&node, &actor, options, &mut go_on).unwrap();
    let checked = patrol::check(&node, other, &mut go_on).unwrap();
    assert_eq!(checked, again(None));
}

#[test]
fn by_the_command_line_a_team_opens_its_way_with_its_key_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let tomorrow = {
        let node = Node::open(&data, &OpenOptions::default()).unwrap();
        assessed(&node);
        today(&node).plus_days(1).to_string()
    };
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("line"), "seven quiet stones by the river\n").unwrap();
    for name in ["team", "stranger"] {
        let key = path(&format!("{name}.key"));
        let words =
            ["run", "trust", "new-key", &key, "--name", name, "--passphrase-file", &path("line")];
        fs::write(path(&format!("{name}.card")), done(&data, &words).out).unwrap();
    }
    let team = format!("U-quetta={}", path("team.card"));
    let seal = [
        "plan", "patrol", "seal", "--tours", "--teams", "3", "--day", &tomorrow, "--from", "05:30",
        "--team", &team,
    ];
    let said = done(&data, &seal);
    assert!(said.out.contains("3 teams of pk"), "{}", said.out);
    assert!(said.out.contains("2 teams have no key here"), "{}", said.out);
    assert!(!said.out.contains("B-"), "nothing of what was drawn is printed: {}", said.out);
    let status = done(&data, &["plan", "patrol", "status", "--json"]).json();
    assert_eq!((&status[0]["phase"], &status[0]["teams"]), (&"sealed".into(), &3.into()));
    let again = run(&data, &seal);
    assert_eq!(again.code, Some(3), "{}", again.err);
    assert!(again.err.contains("stands for this area and day"), "{}", again.err);

    let open = |key: &str| {
        let (key, line) = (path(key), path("line"));
        run(&data, &["plan", "patrol", "open", "--team-key", &key, "--passphrase-file", &line])
    };
    let own = open("team.key");
    assert_eq!(own.code, Some(0), "{}", own.err);
    assert!(own.out.lines().all(|line| line.starts_with("U-quetta/1 · ")), "{}", own.out);
    let stranger = open("stranger.key");
    assert_eq!((stranger.code, stranger.out.as_str()), (Some(1), ""));
    let duty = done(&data, &["plan", "patrol", "open"]);
    assert!(
        duty.out.contains(own.out.trim()) && duty.out.contains("U-tharparkar/1 · "),
        "{}",
        duty.out
    );
    let early = run(&data, &["plan", "patrol", "show"]);
    assert_eq!(early.code, Some(3));
    assert!(early.err.contains("hour of this patrol schedule has not come"), "{}", early.err);
    let unsaid = run(&data, &["plan", "patrol", "check"]);
    assert!(unsaid.err.contains("nothing was shown"), "{}", unsaid.err);
    let gone = done(&data, &["plan", "patrol", "withdraw", "--reason", "a vehicle broke down"]);
    assert!(gone.out.contains("withdrawn"), "{}", gone.out);
    let teamless = run(&data, &["plan", "patrol"]);
    assert!(teamless.err.contains("--teams N"), "{}", teamless.err);
}
