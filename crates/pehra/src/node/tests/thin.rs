//! Who is believed in sixty bytes: devices by their certificates alone, until they are revoked.

use super::*;
use crate::node::{
    bundle::Recipient,
    carriers::{AlarmKind, Frame},
};
use pehra_domain::{StationId, role::Role};
use pehra_ledger::{
    certificate::{LastAccepted, Revocation, RevocationBody},
    genesis::Genesis,
    request::Grant,
    statement::Said,
};
use pehra_link::attest::Heard;
use pehra_ops::{
    Actor,
    check_in::{self, Code, Counts, Item, Rung, Subject as Whom, Word},
};
use pehra_store::Receipt;

const AREA: &str = "pk/punjab/lahore";

fn root() -> SigningKey {
    SigningKey::from_seed([77; 32])
}

struct Members {
    dirs: Vec<tempfile::TempDir>,
    nodes: Vec<Node>,
}

/// A station, its sector's desk and its district's, each enrolled by its own request and knowing the others.
fn members() -> Members {
    let dirs: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let genesis = Genesis::try_new("TEST-1", vec![root().public()], 1).unwrap();
    dirs.iter().for_each(|dir| join(dir.path(), &genesis).unwrap());
    let nodes: Vec<Node> = dirs.iter().map(open).collect();
    let names = ["station", "sector", "district"];
    let said: Vec<Said> =
        nodes.iter().zip(names).map(|(node, name)| enrolled(node, name, u64::MAX >> 12)).collect();
    for node in &nodes {
        node.learn(said.clone()).unwrap();
    }
    nodes[0].first_account("presiding", "Presiding officer", &["PO"]).unwrap();
    Members { dirs, nodes }
}

fn enrolled(node: &Node, name: &str, until_ms: u64) -> Said {
    let roles = ["PO", "SECTOR", "CTRL-D", "PEC", "SYSADMIN"].map(str::to_owned);
    let request = node.request(name, &AreaId::try_new(AREA).unwrap(), &roles).unwrap();
    let wish = request.body.0.clone();
    let grant =
        Grant { area: wish.area, roles: wish.roles, not_before_ms: 0, not_after_ms: until_ms };
    Said::Certificate(grant.sign(&request, &[&root()]).unwrap())
}

fn says(node: &Node, station: &str) -> Entry {
    let before = node.newest();
    let area = AreaId::try_new(AREA).unwrap();
    let actor = Actor {
        person: PersonId::try_new("presiding").unwrap(),
        role: Role::try_new("PO").unwrap(),
        area: area.clone(),
    };
    let item = Item {
        subject: Whom::Station(StationId::try_new(station).unwrap()),
        code: Code::A7,
        at: node.now(),
        word: Word::Well,
        counts: Counts::default(),
        rung: Rung::Radio,
        note: String::new(),
    };
    let command = check_in::Command::Send { area, items: vec![item] };
    node.execute(&actor, Command::CheckIn(command)).unwrap();
    let (mut entries, _) = node.thin_entries(before).unwrap();
    assert_eq!(entries.len(), 1);
    entries.remove(0)
}

fn desks(node: &Node, names: &[&str]) -> Vec<Recipient> {
    names.iter().map(|name| node.recipient(name).unwrap()).collect()
}

fn frame(node: &Node, entry: &Entry) -> Vec<u8> {
    let mut frames = node.thin_frames(entry, &desks(node, &["sector", "district"])).unwrap();
    assert_eq!(frames.len(), 1, "one frame for both");
    frames.remove(0)
}

fn hears(desk: &Node, frame: &[u8]) -> Frame {
    desk.hear_frame("radio", frame).unwrap()
}

fn alarms(desk: &Node) -> Vec<AlarmKind> {
    desk.attested().unwrap().1.into_iter().map(|alarm| alarm.kind).collect()
}

fn revocation(node: &Node, last: Vec<LastAccepted>, witnessed_before_ms: Option<u64>) -> Said {
    let body = RevocationBody {
        election: node.ledger_election(),
        key: node.public_key().id(),
        last,
        at_ms: ledger_ms(now()),
        reason: "lost".to_owned(),
        witnessed_before_ms,
    };
    Said::Revocation(Revocation::sign(body, &[&root()]).unwrap())
}

#[test]
fn both_desks_believe_a_station_by_its_certificate_and_nobody_else_does() {
    let Members { nodes, .. } = members();
    let [station, sector, district] = &nodes[..] else { unreachable!() };
    let entry = says(station, "NA-120-17");
    let frame = frame(station, &entry);
    assert!(frame.len() <= pehra_link::thin::FRAME_BYTES_MAX);
    for desk in [sector, district] {
        assert_eq!(hears(desk, &frame), Frame::Thin(Heard::Attested));
        let (unsigned, alarms) = desk.attested().unwrap();
        let [one] = &unsigned[..] else { panic!("{unsigned:?}") };
        assert_eq!((one.name.as_str(), &one.areas[..]), ("station", &[AREA.to_owned()][..]));
        let Some(Event::CheckIn(said)) = &one.event else { panic!("{one:?}") };
        assert_eq!(said.items()[0].code, Code::A7);
        assert_eq!(Event::CheckIn(said.clone()).encode(), entry.payload().unwrap().body());
        assert!(alarms.is_empty());
    }
    // The sender is no desk of this frame, and knows no secret of two others.
    assert!(matches!(hears(station, &frame), Frame::Refused(_)));
    district.receive(&sealed(station)).unwrap();
    assert!(district.attested().unwrap().0.is_empty(), "settled by its entry");
    assert_eq!(sector.attested().unwrap().0.len(), 1);
}

fn sealed(node: &Node) -> Vec<Vec<u8>> {
    node.sealed_after(0, 1_000).unwrap().into_iter().map(|one| one.bytes).collect()
}

#[test]
fn long_words_go_to_each_desk_in_a_frame_of_its_own() {
    let Members { nodes, .. } = members();
    let [station, sector, district] = &nodes[..] else { unreachable!() };
    let entry = says(station, "NA-120-17-GIRLS-HIGH-SCHOOL");
    let frames = station.thin_frames(&entry, &desks(station, &["sector", "district"])).unwrap();
    assert_eq!(frames.len(), 2);
    assert_eq!(hears(sector, &frames[0]), Frame::Thin(Heard::Attested));
    assert!(matches!(hears(sector, &frames[1]), Frame::Refused(_)), "the other desk's");
    assert_eq!(hears(district, &frames[1]), Frame::Thin(Heard::Attested));
}

#[test]
fn a_revoked_device_is_believed_up_to_its_last_entry_and_alarms_beyond() {
    let Members { nodes, .. } = members();
    let [station, sector, district] = &nodes[..] else { unreachable!() };
    let (before, after) = (says(station, "NA-120-17"), says(station, "NA-120-18"));
    let later = says(station, "NA-120-19");
    let [first, second, third] = [&before, &after, &later].map(|entry| frame(station, entry));
    assert_eq!(hears(sector, &first), Frame::Thin(Heard::Attested));
    assert_eq!(hears(sector, &second), Frame::Thin(Heard::Attested));
    let place = before.header().place;
    let last = LastAccepted { epoch: place.epoch, seq: place.seq, hash: before.hash() };
    let said = revocation(station, vec![last], None);
    for desk in [sector, district] {
        desk.learn(vec![said.clone()]).unwrap();
    }
    // What waited at the sector when the word came: only what is still believed goes on waiting.
    let (unsigned, _) = sector.attested().unwrap();
    assert_eq!(unsigned.iter().map(|one| one.said.seq).collect::<Vec<_>>(), [place.seq]);
    assert_eq!(alarms(sector), [AlarmKind::Revoked]);
    // What is heard afterwards is told, and counts for nothing.
    assert_eq!(hears(district, &first), Frame::Thin(Heard::Attested));
    assert!(matches!(hears(district, &third), Frame::Refused(_)));
    assert!(matches!(hears(district, &third), Frame::Refused(_)));
    assert_eq!(district.attested().unwrap().0.len(), 1);
    assert_eq!(alarms(district), [AlarmKind::Revoked], "once, however often it is said");
}

#[test]
fn nothing_of_a_stolen_device_is_believed_over_the_air() {
    let Members { nodes, .. } = members();
    let [station, sector, _] = &nodes[..] else { unreachable!() };
    let entry = says(station, "NA-120-17");
    let place = entry.header().place;
    let last = LastAccepted { epoch: place.epoch, seq: place.seq, hash: entry.hash() };
    sector.learn(vec![revocation(station, vec![last], Some(u64::MAX >> 12))]).unwrap();
    assert!(matches!(hears(sector, &frame(station, &entry)), Frame::Refused(_)));
    assert_eq!(alarms(sector), [AlarmKind::Revoked]);
}

#[test]
fn a_device_that_goes_on_with_another_key_speaks_under_another_secret() {
    let Members { dirs, mut nodes } = members();
    let before = nodes[0].public_key();
    drop(nodes.remove(0));
    replace(dirs[0].path(), None, Some([55; 32])).unwrap();
    let station = open(&dirs[0]);
    assert_ne!(station.public_key(), before);
    let entry = says_after_enrolment(&station, &nodes, "spare");
    let frame = frame(&station, &entry);
    for desk in &nodes {
        assert_eq!(hears(desk, &frame), Frame::Thin(Heard::Attested));
        assert_eq!(desk.attested().unwrap().0[0].name, "spare");
    }
    // The frame with the old device's name on it, or with one bit of another key, is nobody's.
    let mut other = frame;
    other[1..5].copy_from_slice(&before.id().0[..4]);
    assert!(matches!(hears(&nodes[0], &other), Frame::Refused(_)));
}

fn says_after_enrolment(station: &Node, others: &[Node], name: &str) -> Entry {
    let said = enrolled(station, name, u64::MAX >> 12);
    for node in others.iter().chain([station]) {
        node.learn(vec![said.clone()]).unwrap();
    }
    says(station, "NA-120-17")
}

#[test]
fn a_certificate_without_a_key_or_beyond_its_time_is_no_secret() {
    let Members { dirs, nodes } = members();
    let [_, sector, _] = &nodes[..] else { unreachable!() };
    let genesis = Genesis::try_new("TEST-1", vec![root().public()], 1).unwrap();
    let dir = tempfile::tempdir().unwrap();
    join(dir.path(), &genesis).unwrap();
    let old = open(&dir);
    old.learn(nodes[1].roster(|roster| roster.statements().collect())).unwrap();
    let Said::Certificate(mut certificate) = enrolled(&old, "old", ledger_ms(now()) - 60_000)
    else {
        unreachable!()
    };
    let expired = Said::Certificate(certificate.clone());
    certificate.body.sealing = None;
    let bare = pehra_ledger::certificate::Certificate::sign(certificate.body, &[&root()]).unwrap();
    old.first_account("presiding", "Presiding officer", &["PO"]).unwrap();
    // The device itself believes that it may speak.
    old.learn(vec![enrolled(&old, "old", u64::MAX >> 12)]).unwrap();
    let frame = frame(&old, &says(&old, "NA-120-17"));
    sector.learn(vec![Said::Certificate(bare)]).unwrap();
    let Frame::Refused(why) = hears(sector, &frame) else { panic!("believed without a key") };
    assert_eq!(why, "no device of this district made this frame's tag");
    sector.learn(vec![expired]).unwrap();
    let Frame::Refused(why) = hears(sector, &frame) else { panic!("believed after its time") };
    assert!(why.contains("no certificate of"), "{why}");
    assert!(alarms(sector).is_empty());
    drop(dirs);
}

#[test]
fn what_may_not_be_said_aloud_leaves_no_frame() {
    let Members { nodes, .. } = members();
    let station = &nodes[0];
    assert_eq!(station.thin_entries(Receipt(0)).unwrap().0.len(), 0, "accounts travel signed");
}

#[test]
fn what_is_attested_and_unsigned_outlasts_a_restart_and_is_settled_after_it() {
    let Members { dirs, mut nodes } = members();
    let district = nodes.remove(2);
    let [station, _] = &nodes[..] else { unreachable!() };
    let entries = ["NA-120-17", "NA-120-18"].map(|name| says(station, name));
    for entry in &entries {
        assert_eq!(hears(&district, &frame(station, entry)), Frame::Thin(Heard::Attested));
    }
    let before = district.attested().unwrap().0;
    assert_eq!(before.len(), 2);
    drop(district);
    let district = open(&dirs[2]);
    assert_eq!(district.attested().unwrap().0, before, "said as it was heard, and when");
    let again = hears(&district, &frame(station, &entries[0]));
    assert_eq!(again, Frame::Thin(Heard::Again), "a replay is still one");
    // The entries come while the district is asked nothing, and it stops before it looks.
    district.receive(&sealed(station)).unwrap();
    drop(district);
    let district = open(&dirs[2]);
    assert_eq!(district.attested().unwrap(), (Vec::new(), Vec::new()));
    assert!(kept(&district).is_empty(), "nothing is kept of what its entry has borne out");
}

fn kept(node: &Node) -> Vec<String> {
    let all = node.writer().store.settings().unwrap();
    all.into_keys().filter(|name| name.starts_with("thin-frame/")).collect()
}

#[test]
fn a_device_that_was_revoked_meanwhile_is_not_believed_again_after_a_restart() {
    let Members { dirs, mut nodes } = members();
    let district = nodes.remove(2);
    let station = &nodes[0];
    hears(&district, &frame(station, &says(station, "NA-120-17")));
    assert_eq!(kept(&district).len(), 1);
    district.learn(vec![revocation(station, Vec::new(), None)]).unwrap();
    drop(district);
    let district = open(&dirs[2]);
    assert!(district.attested().unwrap().0.is_empty());
    assert_eq!(alarms(&district), [AlarmKind::Revoked]);
    assert!(kept(&district).is_empty());
}
