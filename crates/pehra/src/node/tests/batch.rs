use super::*;
use pehra_domain::{IncidentId, StationId, role::Role};
use pehra_ops::{
    Actor,
    check_in::{self, Code, Counts, Item, Rung, Subject, Word},
    incident::{self, Deed, Level, Matter, On, Place, Source, Terrain},
    person,
};

fn actor(role: &str) -> Actor {
    let person = PersonId::try_new("desk").unwrap();
    Actor { person, role: Role::try_new(role).unwrap(), area: AreaId::nation() }
}

/// A desk that holds two roles everywhere.
fn open_desk(node: &Node) {
    let scope = |role: &str| person::RoleScope {
        role: Role::try_new(role).unwrap(),
        area: AreaId::nation(),
        expires: UnixMs(node.now().0 + 86_400_000),
    };
    let account = person::Command::FirstAccount {
        area: AreaId::nation(),
        person: PersonId::try_new("desk").unwrap(),
        display_name: "Desk".to_owned(),
        roles: vec![scope("CTRL-D"), scope("OBS")],
    };
    node.execute(&actor("CTRL-D"), Command::Person(account)).unwrap();
}

fn district() -> AreaId {
    AreaId::try_new("pk/sindh/karachi-east").unwrap()
}

fn heard(node: &Node, from: u32, count: u32) -> Command {
    let item = |number: u32| Item {
        subject: Subject::Station(StationId::try_new(format!("NA-40-{number}")).unwrap()),
        code: Code::A8,
        at: node.now(),
        word: Word::Well,
        counts: Counts::default(),
        rung: Rung::Radio,
        note: String::new(),
    };
    let items = (from..from + count).map(item).collect();
    Command::CheckIn(check_in::Command::Hear { area: district(), items })
}

fn report(node: &Node, name: &str) -> Command {
    Command::Incident(incident::Command::Report {
        area: district(),
        report: incident::Report {
            incident: IncidentId::try_new(name).unwrap(),
            code: incident::Code::ArmPst,
            severity: incident::Severity::Five,
            at: node.now(),
            place: Place {
                subject: None,
                point: None,
                terrain: Terrain::Rural,
                words: "by the bridge".to_owned(),
            },
            source: Source::Desk,
            text: "shots heard".to_owned(),
        },
    })
}

fn act(node: &Node, name: &str, deed: Deed) -> Command {
    let incident = IncidentId::try_new(name).unwrap();
    let on = On { incident, matter: Matter::Incident, at: node.now(), note: String::new() };
    Command::Incident(incident::Command::Act { area: district(), on, deed })
}

#[test]
fn a_batch_is_kept_whole_and_its_refusals_keep_nobody_back() {
    let dir = tempfile::tempdir().unwrap();
    let node = open(&dir);
    open_desk(&node);
    let desk = actor("CTRL-D");
    let before = node.info().entries;
    let commands = vec![
        (desk.clone(), heard(&node, 0, 60)),
        (actor("OBS"), heard(&node, 100, 5)),
        (desk.clone(), report(&node, "I-1")),
        (desk.clone(), heard(&node, 60, 60)),
        (desk.clone(), act(&node, "I-1", Deed::Acknowledge { by: Level::District })),
        (desk.clone(), act(&node, "I-2", Deed::Contain)),
        (desk.clone(), act(&node, "I-1", Deed::Contain)),
    ];
    let done = node.execute_batch(&commands).unwrap();
    let outcome: Vec<Result<usize, RefusalCode>> = done
        .into_iter()
        .map(|done| done.map(|entries| entries.len()).map_err(|refusal| refusal.code))
        .collect();
    assert_eq!(
        outcome,
        [
            Ok(1),
            Err(RefusalCode::RoleLacksPermission),
            Ok(1),
            Ok(1),
            Ok(1),
            Err(RefusalCode::IncidentUnknown),
            Ok(1),
        ]
    );
    assert_eq!(node.info().entries, before + 5);
    node.ops(|state| {
        assert_eq!(state.check_ins.count(), 120);
        let (_, record) = state.incidents.all().next().unwrap();
        assert_eq!(record.phase(), incident::Phase::Contained);
        assert_eq!(state.conflicts(), []);
    });
    let folded = node.ops(|state| state.encode());
    drop(node);
    let node = open(&dir);
    assert_eq!(node.ops(|state| state.encode()), folded, "the same after reopening");
    let report = node.verify(&mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!((report.damages, report.unsigned), (0, 0));
}
