//! Who had the right to what.

use crate::sample::ELECTION;
use pehra_ledger::certificate::{
    Body, Certificate, CertificateBody, LastAccepted, NotWritable, Revocation, RevocationBody,
    Subject,
};
use pehra_ledger::roster::{Act, Root, Roster, RosterRefusal, Standing};
use pehra_ledger::statement::{self, LateCosignature, NotSaid, Said};
use pehra_ledger::{Cosignature, Hash, Place, SigningKey};
use proptest::prelude::*;

const DAY_MS: u64 = 86_400_000;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed([seed; 32])
}

fn body(subject: Subject, key: &SigningKey, area: &str, roles: &[&str]) -> CertificateBody {
    CertificateBody {
        election: ELECTION,
        subject,
        key: key.public(),
        name: "test".to_owned(),
        area: area.to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        not_before_ms: DAY_MS,
        not_after_ms: 10 * DAY_MS,
        sealing: None,
    }
}

fn certificate(body: CertificateBody, issuers: &[&SigningKey]) -> Certificate {
    Certificate::sign(body, issuers).unwrap()
}

fn revocation(target: &SigningKey, last: Vec<LastAccepted>, issuers: &[&SigningKey]) -> Revocation {
    let body = RevocationBody {
        election: ELECTION,
        key: target.id(),
        last,
        at_ms: 5 * DAY_MS,
        reason: "stolen".to_owned(),
        witnessed_before_ms: None,
    };
    Revocation::sign(body, issuers).unwrap()
}

/// Root of two in three; province 10 and district 11 enrol; device 20 and person 30 act in Sukkur.
struct World {
    root: [SigningKey; 3],
    province: SigningKey,
    district: SigningKey,
    device: SigningKey,
    person: SigningKey,
}

impl World {
    fn new() -> Self {
        let root = [key(1), key(2), key(3)];
        Self { root, province: key(10), district: key(11), device: key(20), person: key(30) }
    }

    fn statements(&self) -> Vec<Certificate> {
        let [one, two, _] = &self.root;
        let office = |key, area| body(Subject::ENROLMENT, key, area, &[]);
        vec![
            certificate(office(&self.province, "pk/sindh"), &[one, two]),
            certificate(office(&self.district, "pk/sindh/sukkur"), &[&self.province]),
            certificate(
                body(Subject::DEVICE, &self.device, "pk/sindh/sukkur", &["DRO", "POL-SP"]),
                &[&self.district],
            ),
            certificate(
                body(Subject::PERSON, &self.person, "pk/sindh/sukkur", &["RO"]),
                &[&self.district],
            ),
        ]
    }

    fn roster(&self) -> Roster {
        let keys = self.root.iter().map(SigningKey::public).collect();
        let mut roster = Roster::new(ELECTION, Root { keys, threshold: 2 });
        self.statements().into_iter().for_each(|one| roster.certify(one).unwrap());
        roster
    }

    fn act(&self) -> Act<'static> {
        let place = Place { device: self.device.id(), epoch: 0, seq: 50 };
        let hash = Hash::of(b"entry 50");
        Act { place, hash, area: "pk/sindh/sukkur", role: "DRO", at_ms: 3 * DAY_MS }
    }
}

#[test]
fn a_standing_is_kept_as_a_number_that_reads_back() {
    for (standing, code) in Standing::ALL.into_iter().zip([1, 2, 3, 4, 5, 6, 7, 0]) {
        assert_eq!((standing.code(), Standing::of_code(code)), (code, Some(standing)));
    }
    assert_eq!(Standing::of_code(8), None);
    assert!(Standing::ALL.is_sorted());
}

#[test]
fn a_chain_to_the_root_gives_good_standing_within_area_role_and_time() {
    let world = World::new();
    let roster = world.roster();
    let act = world.act();
    assert_eq!(roster.standing(&act), Standing::Good);
    assert_eq!(roster.standing(&Act { area: "pk/sindh/sukkur/ps-24", ..act }), Standing::Good);
    assert_eq!(roster.standing(&Act { area: "pk/sindh", ..act }), Standing::OutsideArea);
    assert_eq!(roster.standing(&Act { area: "pk/sindh/sukkur-two", ..act }), Standing::OutsideArea);
    assert_eq!(roster.standing(&Act { role: "RO", ..act }), Standing::RoleNotHeld);
    assert_eq!(roster.standing(&Act { role: "", ..act }), Standing::Good);
    for (at_ms, standing) in [
        (DAY_MS - 1, Standing::OutsideTime),
        (DAY_MS, Standing::Good),
        (10 * DAY_MS, Standing::Good),
        (10 * DAY_MS + 1, Standing::OutsideTime),
    ] {
        assert_eq!(roster.standing(&Act { at_ms, ..act }), standing);
    }
    let stranger = Place { device: key(99).id(), ..act.place };
    assert_eq!(roster.standing(&Act { place: stranger, ..act }), Standing::NoCertificate);
}

#[test]
fn a_persons_key_is_not_a_devices_and_the_other_way_round() {
    let world = World::new();
    let roster = world.roster();
    let act = Act { role: "RO", ..world.act() };
    assert_eq!(roster.cosigner_standing(world.person.id(), &act), Standing::Good);
    assert_eq!(roster.cosigner_standing(world.device.id(), &act), Standing::NoCertificate);
    let as_device = Place { device: world.person.id(), ..act.place };
    assert_eq!(roster.standing(&Act { place: as_device, ..act }), Standing::NoCertificate);
}

#[test]
fn one_root_key_alone_is_not_the_root() {
    let world = World::new();
    let [one, two, three] = &world.root;
    let act = world.act();
    for (issuers, standing) in [
        (vec![one], Standing::NotChained),
        (vec![one, three], Standing::Good),
        (vec![one, two, three], Standing::Good),
        (vec![one, &world.device], Standing::NotChained),
    ] {
        let keys = world.root.iter().map(SigningKey::public).collect();
        let mut roster = Roster::new(ELECTION, Root { keys, threshold: 2 });
        let device = body(Subject::DEVICE, &world.device, "pk", &["DRO"]);
        roster.certify(certificate(device, &issuers)).unwrap();
        assert_eq!(roster.standing(&act), standing);
    }
}

#[test]
fn an_office_issues_only_within_its_area_and_time_and_no_device_issues() {
    let world = World::new();
    let act = |device: &SigningKey| {
        let place = Place { device: device.id(), epoch: 0, seq: 0 };
        Act { place, ..world.act() }
    };
    let fresh = key(40);
    let mut beyond = body(Subject::DEVICE, &fresh, "pk/sindh/sukkur", &["DRO"]);
    beyond.not_after_ms += 1;
    let bodies = [
        (
            body(Subject::DEVICE, &fresh, "pk/sindh/sukkur", &["DRO"]),
            &world.district,
            Standing::Good,
        ),
        (
            body(Subject::DEVICE, &fresh, "pk/sindh", &["DRO"]),
            &world.district,
            Standing::NotChained,
        ),
        (beyond, &world.district, Standing::NotChained),
        (
            body(Subject::DEVICE, &fresh, "pk/sindh/sukkur", &["DRO"]),
            &world.device,
            Standing::NotChained,
        ),
        (body(Subject::DEVICE, &fresh, "pk/sindh/sukkur", &["DRO"]), &fresh, Standing::NotChained),
    ];
    for (body, issuer, standing) in bodies {
        let mut roster = world.roster();
        roster.certify(certificate(body, &[issuer])).unwrap();
        assert_eq!(roster.standing(&act(&fresh)), standing);
    }
}

#[test]
fn a_revocation_leaves_what_it_names_and_nothing_else() {
    let world = World::new();
    let hash = Hash::of(b"entry 50");
    let last = vec![LastAccepted { epoch: 0, seq: 50, hash }];
    let mut roster = world.roster();
    roster.revoke(revocation(&world.device, last, &[&world.district])).unwrap();
    let act = world.act();
    let at = |epoch, seq, hash| {
        let place = Place { epoch, seq, ..act.place };
        roster.standing(&Act { place, hash, ..act })
    };
    assert_eq!(at(0, 49, Hash::of(b"entry 49")), Standing::Good);
    assert_eq!(at(0, 50, hash), Standing::Good);
    assert_eq!(at(0, 50, Hash::of(b"another entry 50")), Standing::Revoked);
    assert_eq!(at(0, 51, Hash::of(b"entry 51")), Standing::Revoked);
    assert_eq!(at(1, 0, Hash::of(b"a new epoch")), Standing::Revoked);
}

#[test]
fn only_those_above_a_key_or_the_key_itself_revoke_it() {
    let world = World::new();
    let [one, two, _] = &world.root;
    let stranger = key(77);
    for (issuers, standing) in [
        (vec![&stranger], Standing::Good),
        (vec![&world.person], Standing::Good),
        (vec![one], Standing::Good),
        (vec![one, two], Standing::Revoked),
        (vec![&world.province], Standing::Revoked),
        (vec![&world.device], Standing::Revoked),
    ] {
        let mut roster = world.roster();
        roster.revoke(revocation(&world.device, Vec::new(), &issuers)).unwrap();
        assert_eq!(roster.standing(&world.act()), standing, "{issuers:?}");
    }
    let mut roster = world.roster();
    roster.revoke(revocation(&world.district, Vec::new(), &[&world.province])).unwrap();
    assert_eq!(roster.standing(&world.act()), Standing::IssuerRevoked);
    let mut roster = world.roster();
    roster.revoke(revocation(&world.person, Vec::new(), &[&world.district])).unwrap();
    let act = Act { role: "RO", ..world.act() };
    assert_eq!(roster.cosigner_standing(world.person.id(), &act), Standing::Revoked);
}

#[test]
fn offices_that_certify_each_other_in_circles_are_not_chained() {
    let world = World::new();
    let mut roster = world.roster();
    let ring: Vec<_> = (50..60).map(key).collect();
    for (n, office) in ring.iter().enumerate() {
        for (m, issuer) in ring.iter().enumerate() {
            if n != m {
                let office = body(Subject::ENROLMENT, office, "pk", &[]);
                roster.certify(certificate(office, &[issuer])).unwrap();
            }
        }
    }
    let device = key(61);
    let in_ring = body(Subject::DEVICE, &device, "pk", &["DRO"]);
    roster.certify(certificate(in_ring, &[&ring[0]])).unwrap();
    let place = Place { device: device.id(), epoch: 0, seq: 0 };
    assert_eq!(roster.standing(&Act { place, ..world.act() }), Standing::NotChained);
    assert_eq!(roster.standing(&world.act()), Standing::Good);
}

#[test]
fn a_changed_statement_is_refused() {
    let world = World::new();
    let statement = &world.statements()[2];
    let bytes = statement.encode();
    assert_eq!(&Certificate::decode(&bytes).unwrap(), statement);
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let believed =
            Certificate::decode(&flipped).is_ok_and(|read| world.roster().certify(read).is_ok());
        assert!(!believed, "bit {bit}");
    }
    let mut foreign = statement.body.clone();
    foreign.election = [0; 16];
    let refused = world.roster().certify(certificate(foreign, &[&world.district]));
    assert_eq!(refused, Err(RosterRefusal::OtherElection));
    let unsorted = body(Subject::DEVICE, &world.device, "pk", &["b", "a"]);
    assert_eq!(Certificate::sign(unsorted, &[&world.district]), Err(NotWritable));
    let none: &[&SigningKey] = &[];
    assert_eq!(Certificate::sign(statement.body.clone(), none), Err(NotWritable));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_in_which_statements_arrive_changes_no_answer(
        order in Just((0..6_usize).collect::<Vec<_>>()).prop_shuffle(),
        seq in 40_u64..60,
    ) {
        let world = World::new();
        let last = vec![LastAccepted { epoch: 0, seq: 50, hash: Hash::of(b"entry 50") }];
        let certificates = world.statements();
        let revocations = [
            revocation(&world.device, last, &[&world.district]),
            revocation(&world.person, Vec::new(), &[&world.person]),
        ];
        let build = |order: &[usize]| {
            let keys = world.root.iter().map(SigningKey::public).collect();
            let mut roster = Roster::new(ELECTION, Root { keys, threshold: 2 });
            for &n in order {
                match certificates.get(n) {
                    Some(one) => roster.certify(one.clone()).unwrap(),
                    None => roster.revoke(revocations[n - 4].clone()).unwrap(),
                }
            }
            let place = Place { seq, ..world.act().place };
            let act = Act { place, ..world.act() };
            (roster.standing(&act), roster.cosigner_standing(world.person.id(), &act))
        };
        prop_assert_eq!(build(&order), build(&[0, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn bytes_from_anywhere_never_panic(bytes: Vec<u8>) {
        for read in [Certificate::decode(&bytes).map(|s| s.encode()), Revocation::decode(&bytes).map(|s| s.encode())]
            .into_iter()
            .flatten()
        {
            prop_assert_eq!(&read, &bytes);
        }
        let _ = CertificateBody::decode(&bytes);
        let _ = RevocationBody::decode(&bytes);
    }
}

#[test]
fn a_strangers_signature_under_the_same_body_takes_nothing_away() {
    let world = World::new();
    let mut roster = world.roster();
    let genuine = world.statements().into_iter().nth(2).unwrap();
    let forged = certificate(genuine.body.clone(), &[&key(99)]);
    assert_eq!(forged.hash(), genuine.hash());
    roster.certify(forged.clone()).unwrap();
    assert_eq!(roster.standing(&world.act()), Standing::Good);
    let mut other_order = Roster::new(ELECTION, roster.root().clone());
    other_order.certify(forged).unwrap();
    world.statements().into_iter().for_each(|one| other_order.certify(one).unwrap());
    assert_eq!(other_order.standing(&world.act()), Standing::Good);
    assert_eq!(other_order.epoch(), roster.epoch());
}

fn said(world: &World) -> Vec<Said> {
    world.statements().into_iter().map(Said::Certificate).collect()
}

#[test]
fn a_statement_is_read_back_from_the_entry_that_carries_it() {
    let world = World::new();
    for one in said(&world) {
        let again = Said::decode(one.kind(), &one.body()).unwrap();
        assert_eq!(again, one);
        assert_eq!(again.subject(), one.subject());
    }
    assert_eq!(Said::decode(7, b""), Err(NotSaid::OtherKind(7)));
    assert!(matches!(Said::decode(statement::REVOCATION, b"\x80"), Err(NotSaid::Canonical(_))));
}

#[test]
fn a_certificate_with_a_sealing_key_is_another_format_and_reads_back() {
    let world = World::new();
    let plain = body(Subject::PERSON, &world.person, "pk/sindh", &["RO"]);
    let sealing = CertificateBody { sealing: Some([9; 32]), ..plain.clone() };
    assert_eq!(CertificateBody::decode(&sealing.encode()), Ok(sealing.clone()));
    assert_eq!(CertificateBody::decode(&plain.encode()), Ok(plain.clone()));
    let mut mixed = sealing.encode();
    if let Some(version) = mixed.get_mut(1) {
        *version = 1;
    }
    assert!(CertificateBody::decode(&mixed).is_err());
}

#[test]
fn two_rosters_of_equal_statements_name_one_epoch_in_whatever_order_they_came() {
    let world = World::new();
    let empty = || Roster::new(ELECTION, world.roster().root().clone());
    let (mut there, mut back) = (empty(), empty());
    for one in said(&world) {
        assert_eq!(there.take(one.clone()), Ok(true));
        assert_eq!(there.take(one), Ok(false));
    }
    for one in said(&world).into_iter().rev() {
        back.take(one).unwrap();
    }
    assert_eq!(there.epoch(), back.epoch());
    assert_eq!(there.epoch().statements, 4);
    let lost = revocation(&world.device, Vec::new(), &[&world.district]);
    back.take(Said::Revocation(lost)).unwrap();
    assert_ne!(there.epoch(), back.epoch());
    assert_eq!(back.statements().count(), 5);
}

#[test]
fn a_person_with_a_key_stays_a_person_with_a_key_after_losing_it() {
    let world = World::new();
    let mut roster = world.roster();
    assert!(!roster.person_has_key("test", DAY_MS - 1));
    assert!(roster.person_has_key("test", DAY_MS));
    assert!(!roster.person_has_key("another", DAY_MS));
    assert_eq!(roster.keys_since("pk/sindh/sukkur/rohri"), Some(DAY_MS));
    assert_eq!(roster.keys_since("pk/sindh"), None, "a district's word does not bind the province");
    assert!(roster.person_owes_key("test", "pk/sindh/sukkur", DAY_MS));
    assert!(!roster.person_owes_key("test", "pk/sindh", DAY_MS));
    roster.revoke(revocation(&world.person, Vec::new(), &[&world.district])).unwrap();
    assert!(roster.person_has_key("test", 20 * DAY_MS));
    assert!(roster.person("test").all(|one| !roster.stands(one)));
    assert_eq!(roster.revoked(world.person.id()).count(), 1);
    let stranger = key(77);
    let forged = body(Subject::PERSON, &stranger, "pk/sindh", &["RO"]);
    roster
        .certify(certificate(CertificateBody { name: "x".into(), ..forged }, &[&stranger]))
        .unwrap();
    assert!(!roster.person_has_key("x", 5 * DAY_MS));
}

#[test]
fn a_second_persons_signature_in_a_header_counts_for_its_entry_alone() {
    let world = World::new();
    let (over, other) = (Hash::of(b"proposal"), Hash::of(b"another"));
    let second = Cosignature::sign(&world.person, statement::SECOND_PERSON, &over).unwrap();
    let extra = statement::second_person(&second);
    assert_eq!(statement::second_person_over(&extra.value, &over), Some(second.clone()));
    assert_eq!(statement::second_person_over(&extra.value, &other), None);
    let actor = Cosignature::sign(&world.person, statement::ACTOR, &over).unwrap();
    let passed_off = statement::second_person(&actor);
    assert_eq!(statement::second_person_over(&passed_off.value, &over), None);
    assert_eq!(statement::second_person_over(&[0; 95], &over), None);
    let place = Place { device: world.device.id(), epoch: 1, seq: 9 };
    let late = LateCosignature { place, entry: over, cosignature: second };
    assert_eq!(LateCosignature::decode(&late.encode()), Ok(late));
}
