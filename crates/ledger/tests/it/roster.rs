//! Who had the right to what.

use crate::sample::ELECTION;
use pehra_ledger::certificate::{
    Body, Certificate, CertificateBody, LastAccepted, NotWritable, Revocation, RevocationBody,
    Subject,
};
use pehra_ledger::roster::{Act, Root, Roster, RosterRefusal, Standing};
use pehra_ledger::{Hash, Place, SigningKey};
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
