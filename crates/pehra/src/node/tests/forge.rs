//! Whoever keeps a node has its key, its disk and every signature that was ever made there. They still cannot be a
//! second person: every way that we could think of is tried here, and each is kept, shown and without effect.

use super::*;
use pehra_domain::{StationId, risk::RiskClass};
use pehra_ledger::{
    Cosignature, Hash,
    certificate::Certificate,
    genesis::Genesis,
    header::{Extra, entry_hash},
    statement::{ACTOR, SECOND_PERSON, Said, second_person},
};
use pehra_ops::official_class::{self, ClassRecord};
use pehra_store::Receipt;

const PLANNER: &str = "planner";
const SECOND: &str = "second";
const HOUR_MS: u64 = 3_600_000;

fn person(name: &str) -> PersonId {
    PersonId::try_new(name).unwrap()
}

/// An election with a root of its own, two nodes in it, and two persons with keys since just now.
struct Ground {
    /// Where the proposal is made and at last approved.
    node: Node,
    /// Somebody else's node, which judges what it is told.
    observer: Node,
    root: SigningKey,
    planner: SigningKey,
    second: SigningKey,
    since_ms: u64,
    _dirs: [tempfile::TempDir; 2],
}

impl Ground {
    fn new() -> Self {
        let root = SigningKey::from_seed([1; 32]);
        let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
        let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let [node, observer] = [0, 1].map(|n: usize| {
            join(dirs[n].path(), &genesis).unwrap();
            open(&dirs[n])
        });
        node.first_account(PLANNER, "a planner", &["POL-SP"]).unwrap();
        node.first_account(SECOND, "a second person", &["PEC"]).unwrap();
        // A key holds from a later moment than what was done before it.
        let before = now();
        while now() == before {
            std::hint::spin_loop();
        }
        let ground = Self {
            node,
            observer,
            root,
            planner: SigningKey::from_seed([41; 32]),
            second: SigningKey::from_seed([42; 32]),
            since_ms: ledger_ms(now()),
            _dirs: dirs,
        };
        let said = [
            ground.certificate(Subject::DEVICE, "desk", &ground.node.inner.key, &["PEC", "POL-SP"]),
            ground.certificate(Subject::PERSON, PLANNER, &ground.planner, &["POL-SP"]),
            ground.certificate(Subject::PERSON, SECOND, &ground.second, &["PEC"]),
        ];
        for one in [&ground.node, &ground.observer] {
            one.learn(said.to_vec()).unwrap();
        }
        ground
    }

    fn body(
        &self,
        subject: Subject,
        name: &str,
        key: &SigningKey,
        roles: &[&str],
    ) -> CertificateBody {
        CertificateBody {
            election: self.node.ledger_election(),
            subject,
            key: key.public(),
            name: name.to_owned(),
            area: "pk".to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            // Devices are enrolled long before.
            not_before_ms: if subject == Subject::DEVICE { 0 } else { self.since_ms },
            not_after_ms: ledger_ms(now()) + HOUR_MS,
            sealing: None,
        }
    }

    fn certificate(&self, subject: Subject, name: &str, key: &SigningKey, roles: &[&str]) -> Said {
        let body = self.body(subject, name, key, roles);
        Said::Certificate(Certificate::sign(body, &[&self.root]).unwrap())
    }

    /// Everything on the node's record goes to the observer.
    fn deliver(&self) {
        let mut all = Vec::new();
        let mut visit = |stored: pehra_store::Stored| {
            all.push(stored.entry.encode());
            ControlFlow::Continue(())
        };
        self.node.reader().entries_received(Receipt(0), &mut visit).unwrap();
        self.observer.receive(&all).unwrap();
    }

    fn propose(&self) -> (EventRef, Entry) {
        let command = Command::OfficialClass(official_class::Command::Propose {
            area: AreaId::nation(),
            record: ClassRecord {
                station: StationId::try_new("NA-200-1").unwrap(),
                constituency: None,
                class: RiskClass::Most,
                source: "letter of the authority".to_owned(),
                as_of: Date(29_900),
                reason: "to see".to_owned(),
            },
        });
        let actor = self.node.acting(&person(PLANNER), "class.propose").unwrap();
        keys::act_with_key(&self.node, &actor, &command, &self.planner);
        let proposal = *self.node.ops(keys::pending).first().unwrap();
        let stored = self.node.reader().entry(convert::place(proposal)).unwrap().unwrap();
        (proposal, stored.entry)
    }
}

/// A device that the administrator has and that is certified like any other.
struct Admin {
    key: SigningKey,
    next: Next,
    election: [u8; 16],
}

/// What the administrator puts into an entry.
struct Forged {
    clock_ms: u64,
    extras: Vec<Extra>,
    signers: Vec<SigningKey>,
}

impl Admin {
    fn entry(&mut self, kind: u32, body: &[u8], forged: Forged) -> Entry {
        let mut cosigners: Vec<_> = forged.signers.iter().map(|key| key.id()).collect();
        cosigners.sort_unstable();
        let draft = Draft {
            election: self.election,
            clock: Hlc { ms: forged.clock_ms, counter: 0 },
            clock_quality: ClockQuality::UNKNOWN,
            area: "pk".to_owned(),
            kind,
            person: if kind < 100 { String::new() } else { SECOND.to_owned() },
            role: if kind < 100 { String::new() } else { "PEC".to_owned() },
            causes: Vec::new(),
            cosigners,
            extras: forged.extras,
            payload: Payload::try_new([9; 32], body).unwrap(),
        };
        let header = draft.header(self.key.id(), self.next).encode().unwrap();
        let signed =
            |key: &SigningKey| Cosignature::sign(key, ACTOR, &entry_hash(&header)).unwrap();
        let signed = forged.signers.iter().map(signed).collect();
        let entry = Entry::seal_with(&self.key, &draft, self.next, signed).unwrap();
        self.next = Next { epoch: self.next.epoch, seq: self.next.seq + 1, previous: entry.hash() };
        entry
    }
}

fn sign_second(key: &SigningKey, over: &Hash) -> Extra {
    second_person(&Cosignature::sign(key, SECOND_PERSON, over).unwrap())
}

/// What an administrator may put under an approval in the second person's name.
fn tries(ground: &Ground, first: &Entry, vouched: &Entry) -> Vec<(&'static str, Forged)> {
    let server = || SigningKey::from_seed([7; 32]);
    let made_up = || SigningKey::from_seed([99; 32]);
    let planner = || SigningKey::from_seed([41; 32]);
    let over = first.hash();
    // The planner's signature over the proposal was made for another part.
    let replayed = second_person(&Cosignature {
        part: SECOND_PERSON.to_owned(),
        ..first.cosignatures()[0].clone()
    });
    let (late, early) = (ledger_ms(now()), ground.since_ms - HOUR_MS);
    let by = |clock_ms: u64, extras: Vec<Extra>, signers: Vec<SigningKey>| Forged {
        clock_ms,
        extras,
        signers,
    };
    let second = sign_second(&ground.second, &vouched.hash());
    vec![
        ("the device alone", by(late, vec![], vec![])),
        ("the device as the person", by(late, vec![sign_second(&server(), &over)], vec![server()])),
        (
            "a key that only the server vouches for",
            by(late, vec![sign_second(&made_up(), &over)], vec![made_up()]),
        ),
        ("the first person's key", by(late, vec![sign_second(&planner(), &over)], vec![planner()])),
        ("the first person's signature again", by(late, vec![replayed], vec![planner()])),
        ("the second's key over another entry", by(late, vec![second], vec![])),
        ("a clock set back before there were keys", by(early, vec![], vec![])),
        ("both at once", by(early, vec![sign_second(&made_up(), &over)], vec![made_up()])),
    ]
}

#[test]
fn whoever_keeps_a_server_cannot_forge_a_second_signature() {
    let ground = Ground::new();
    let (proposal, first) = ground.propose();
    ground.deliver();
    let pending = || ground.observer.ops(keys::pending);
    assert_eq!(pending(), [proposal], "{:?}", ground.observer.withheld());

    let mut admin = Admin {
        key: SigningKey::from_seed([7; 32]),
        next: Next::FIRST,
        election: ground.node.ledger_election(),
    };
    let enrolled = ground.certificate(Subject::DEVICE, "server", &admin.key, &["PEC", "POL-SP"]);
    ground.observer.learn(vec![enrolled]).unwrap();
    let approval = Event::OfficialClass(official_class::Event::Approved {
        proposal,
        proposed_by: person(PLANNER),
        second: None,
        poll_date: Some(Date(30_000)),
    });
    let (kind, body) = (approval.kind(), approval.encode());
    let now_ms = ledger_ms(now());
    let made_up = SigningKey::from_seed([99; 32]);
    let own =
        Certificate::sign(ground.body(Subject::PERSON, SECOND, &made_up, &["PEC"]), &[&admin.key]);
    let own = Said::Certificate(own.unwrap());
    let vouched = admin.entry(
        own.kind(),
        &own.body(),
        Forged { clock_ms: now_ms, extras: Vec::new(), signers: Vec::new() },
    );
    assert_eq!(
        ground.observer.receive(&[vouched.encode()]).unwrap().verdicts,
        [Verdict::Effective],
        "anybody may say that a key is the second's; nobody believes it"
    );
    let tries = tries(&ground, &first, &vouched);
    let count = ground.observer.withheld().len() + tries.len();
    for (what, forged) in tries {
        let entry = admin.entry(kind, &body, forged);
        let verdicts = ground.observer.receive(&[entry.encode()]).unwrap().verdicts;
        assert!(matches!(verdicts[..], [Verdict::WithoutEffect(_)]), "{what}: {verdicts:?}");
        assert_eq!(pending(), [proposal], "{what}");
    }
    assert_eq!(ground.observer.withheld().len(), count, "every attempt is on record");

    let second = ground.node.acting(&person(SECOND), "class.approve").unwrap();
    let approve =
        Command::OfficialClass(official_class::Command::Approve { proposal, second: None });
    keys::act_with_key(&ground.node, &second, &approve, &ground.second);
    ground.deliver();
    assert!(pending().is_empty(), "the second person's own key does it");
    assert_eq!(ground.observer.withheld().len(), count);
}

#[test]
fn a_fresh_device_cannot_go_back_to_the_days_before_the_keys() {
    let ground = Ground::new();
    let (proposal, _) = ground.propose();
    ground.deliver();
    let mut admin = Admin {
        key: SigningKey::from_seed([8; 32]),
        next: Next::FIRST,
        election: ground.node.ledger_election(),
    };
    // The certificate reaches back far enough, and nothing in the device's log tells the true time.
    let body = ground.body(Subject::DEVICE, "server", &admin.key, &["PEC"]);
    let enrolled = Certificate::sign(body, &[&ground.root]).unwrap();
    ground.observer.learn(vec![Said::Certificate(enrolled)]).unwrap();
    let approval = Event::OfficialClass(official_class::Event::Approved {
        proposal,
        proposed_by: person(PLANNER),
        second: None,
        poll_date: Some(Date(30_000)),
    });
    let clock_ms = ground.since_ms - 1;
    let forged = Forged { clock_ms, extras: Vec::new(), signers: Vec::new() };
    let entry = admin.entry(approval.kind(), &approval.encode(), forged);
    let verdicts = ground.observer.receive(&[entry.encode()]).unwrap().verdicts;
    assert!(matches!(verdicts[..], [Verdict::WithoutEffect(_)]), "{verdicts:?}");
    assert_eq!(ground.observer.ops(keys::pending), [proposal]);
}
