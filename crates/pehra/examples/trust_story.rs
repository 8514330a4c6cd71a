//! Prepares what a bad week leaves behind, for stories in the browser: `trust_story FOLDER`. A district's desk whose
//! record two neighbours witness; a telephone whose folder was put back to yesterday and went on under the same epoch; a
//! telephone that acts beyond its certificate; a stolen one, taken back; and a credential in deposit, released by two.

use pehra::node::{CONSOLE, Held, Node, OpenOptions, WITNESS_ROLE, join};
use pehra_domain::{Date, PersonId};
use pehra_ledger::{
    PublicKey, SigningKey,
    certificate::{Certificate, CertificateBody, RevocationBody, Subject},
    genesis::Genesis,
    statement::Said,
};
use pehra_seal::{
    chance::Chance,
    credential::Credential,
    hybrid::OpeningKey,
    release::{Contribution, Custodian, Deposit, Released},
};
use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

const ELECTION: &str = "TEST-1";
const DESK: &str = "sukkur";
const WITNESSES: [&str; 2] = ["ghotki", "khairpur"];
const RESTORED: &str = "restored-phone";
const NARROW: &str = "narrow-phone";
const STOLEN: &str = "stolen-phone";
const FOREVER_MS: u64 = 2_000_000_000_000;

fn options() -> OpenOptions {
    OpenOptions::of(ELECTION, "a test", Date(30_000))
}

struct Ground {
    folder: PathBuf,
    roots: Vec<SigningKey>,
    statements: Vec<Said>,
}

impl Ground {
    fn new(folder: PathBuf) -> anyhow::Result<Self> {
        let roots: Vec<_> = (1..=3).map(|seed| SigningKey::from_seed([seed; 32])).collect();
        let public = roots.iter().map(SigningKey::public).collect();
        let genesis = Genesis::try_new(ELECTION, public, 2)?;
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("founding.txt"), genesis.to_text())?;
        let names = [DESK, WITNESSES[0], WITNESSES[1], RESTORED, NARROW, STOLEN];
        for name in names {
            fs::create_dir_all(folder.join(name))?;
            join(&folder.join(name), &genesis)?;
        }
        Ok(Self { folder, roots, statements: Vec::new() })
    }

    fn open(&self, name: &str) -> anyhow::Result<Node> {
        Ok(Node::open(&self.folder.join(name), &options())?)
    }

    fn certify(
        &mut self,
        subject: Subject,
        key: PublicKey,
        name: &str,
        (area, roles): (&str, &[&str]),
    ) -> anyhow::Result<()> {
        let body = CertificateBody {
            election: pehra_ledger::genesis::election_name(ELECTION),
            subject,
            key,
            name: name.to_owned(),
            area: area.to_owned(),
            roles: roles.iter().map(|&role| role.to_owned()).collect(),
            not_before_ms: 0,
            not_after_ms: FOREVER_MS,
            sealing: None,
        };
        let signed = Certificate::sign(body, &self.roots.iter().take(2).collect::<Vec<_>>())?;
        self.statements.push(Said::Certificate(signed));
        Ok(())
    }

    /// Everything that one node holds, to another.
    fn carry(&self, from: &str, to: &str) -> anyhow::Result<()> {
        let mut all = Vec::new();
        let giver = self.open(from)?;
        giver.entries(pehra_store::Receipt(0), &mut |stored| {
            all.push(stored.entry.encode());
            ControlFlow::Continue(())
        })?;
        drop(giver);
        self.open(to)?.receive(&all)?;
        Ok(())
    }
}

fn act(node: &Node, key: &str, value: f64) -> anyhow::Result<()> {
    node.set_parameter(&PersonId::try_new(CONSOLE)?, key, value, "a test", "to see")?;
    Ok(())
}

/// The bytes of a node's database, put back into the very same file: no copy that a program could notice.
fn put_back(folder: &Path, bytes: &BTreeMap<PathBuf, Vec<u8>>) -> anyhow::Result<()> {
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        match bytes.get(&path) {
            Some(bytes) => {
                fs::File::options().write(true).truncate(true).open(&path)?.write_all(bytes)?
            }
            None if path.is_file() => fs::remove_file(&path)?,
            None => {}
        }
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut all = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.is_file() {
            all.insert(path.clone(), fs::read(path)?);
        }
    }
    Ok(all)
}

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "trust-story".to_owned());
    let mut ground = Ground::new(PathBuf::from(folder))?;
    let holdings: [(&str, &str, &[&str]); 6] = [
        (DESK, "pk", &["ECP-NAT", "PEC"]),
        (WITNESSES[0], "pk/sindh/ghotki", &[WITNESS_ROLE]),
        (WITNESSES[1], "pk/sindh/khairpur", &[WITNESS_ROLE]),
        (RESTORED, "pk", &["PEC"]),
        (NARROW, "pk/sindh", &["PEC"]),
        (STOLEN, "pk", &["PEC"]),
    ];
    for (name, area, roles) in holdings {
        let key = ground.open(name)?.public_key();
        ground.certify(Subject::DEVICE, key, name, (area, roles))?;
    }
    for name in ["deputy", "commissioner", "judge"] {
        ground.certify(Subject::PERSON, person(name).public(), name, ("pk", &["PEC"]))?;
    }
    for (name, ..) in holdings {
        ground.open(name)?.learn(ground.statements.clone())?;
    }
    act(&ground.open(DESK)?, "risk.weight.T1", 0.5)?;
    fork(&ground)?;
    beyond(&ground)?;
    taken_back(&ground)?;
    released(&ground.open(DESK)?)?;
    // The neighbours see what the desk holds, and sign.
    ground.open(DESK)?.checkpoint()?;
    for witness in WITNESSES {
        ground.carry(DESK, witness)?;
        ground.carry(witness, DESK)?;
    }
    Ok(())
}

fn person(name: &str) -> SigningKey {
    let seed = pehra_ledger::Hash::of(name.as_bytes());
    SigningKey::from_seed(seed.0)
}

/// The telephone acts, is put back to the state before, and acts otherwise at the same place of its log.
fn fork(ground: &Ground) -> anyhow::Result<()> {
    let folder = ground.folder.join(RESTORED);
    act(&ground.open(RESTORED)?, "risk.weight.T2", 0.5)?;
    ground.carry(RESTORED, DESK)?;
    let before = files(&folder)?;
    act(&ground.open(RESTORED)?, "risk.weight.T3", 0.5)?;
    ground.carry(RESTORED, DESK)?;
    put_back(&folder, &before)?;
    act(&ground.open(RESTORED)?, "risk.weight.T3", 0.9)?;
    ground.carry(RESTORED, DESK)?;
    let forks = ground.open(DESK)?.forks()?.len();
    anyhow::ensure!(forks == 1, "{forks} forks instead of one: a copy was noticed");
    Ok(())
}

/// A device of one province acts for the nation: kept, shown, without effect.
fn beyond(ground: &Ground) -> anyhow::Result<()> {
    let node = ground.open(NARROW)?;
    let key = node.public_key();
    drop(node);
    // Its own folder believes more than the root gave it.
    let wide = CertificateBody {
        election: pehra_ledger::genesis::election_name(ELECTION),
        subject: Subject::DEVICE,
        key,
        name: NARROW.to_owned(),
        area: "pk".to_owned(),
        roles: vec!["PEC".to_owned()],
        not_before_ms: 0,
        not_after_ms: FOREVER_MS,
        sealing: None,
    };
    let wide = Certificate::sign(wide, &ground.roots.iter().take(2).collect::<Vec<_>>())?;
    ground.open(NARROW)?.learn(vec![Said::Certificate(wide)])?;
    let mut all = Vec::new();
    let node = ground.open(NARROW)?;
    act(&node, "risk.weight.T4", 0.5)?;
    node.entries(pehra_store::Receipt(0), &mut |stored| {
        // The wider certificate stays where it is: the desk hears of the act alone.
        if stored.entry.header().kind >= pehra_ledger::statement::OWN_KINDS_END {
            all.push(stored.entry.encode());
        }
        ControlFlow::Continue(())
    })?;
    drop(node);
    ground.open(DESK)?.receive(&all)?;
    Ok(())
}

/// A telephone acts, is stolen, and is taken back; what it writes later is quarantined.
fn taken_back(ground: &Ground) -> anyhow::Result<()> {
    act(&ground.open(STOLEN)?, "risk.weight.T5", 0.5)?;
    ground.carry(STOLEN, DESK)?;
    let key = ground.open(STOLEN)?.public_key().id();
    let desk = ground.open(DESK)?;
    let body = RevocationBody {
        election: desk.ledger_election(),
        key,
        last: desk.believed(key)?,
        at_ms: u64::try_from(desk.now().0)?,
        reason: "stolen from a bus".to_owned(),
        witnessed_before_ms: None,
    };
    let roots: Vec<_> = ground.roots.iter().take(2).collect();
    desk.revoke(pehra_ledger::certificate::Revocation::sign(body, &roots)?)?;
    drop(desk);
    act(&ground.open(STOLEN)?, "risk.weight.T6", 0.9)?;
    ground.carry(STOLEN, DESK)
}

/// The officer of NA-220 is in hospital: two of three custodians release the credential to the deputy.
fn released(node: &Node) -> anyhow::Result<()> {
    let held = |name: &str| -> anyhow::Result<(PersonId, Held)> {
        Ok((PersonId::try_new(name)?, Held::from(person(name))))
    };
    let opening = |n: u8| OpeningKey::from_secret([n; 32]);
    let custodians: Vec<Custodian> = [(1, "commissioner"), (2, "judge"), (3, "registrar")]
        .into_iter()
        .map(|(n, name)| Custodian { name: name.to_owned(), key: opening(n).public() })
        .collect();
    let credential = Credential::generate(Chance::from_bytes([7; 32]));
    let election = node.ledger_election();
    let deposit = Deposit::lodge(
        election,
        "ro-na-220",
        &credential,
        2,
        &custodians,
        Chance::from_bytes([5; 32]),
    )?;
    node.note_deposit(&deposit, &held("deputy")?)?;
    let deputy = opening(9);
    let mut parts: Vec<Contribution> = Vec::new();
    for (n, name) in [(1, "commissioner"), (2, "judge")] {
        let part =
            deposit.contribute(&opening(n), deputy.public(), Chance::from_bytes([n + 20; 32]))?;
        node.note_contribution(&part, &held(name)?)?;
        parts.push(part);
    }
    deposit.release(&parts, &deputy)?;
    let released = Released {
        deposit: deposit.hash(),
        name: "ro-na-220".to_owned(),
        custodians: vec!["commissioner".to_owned(), "judge".to_owned()],
        reason: "in hospital".to_owned(),
    };
    node.note_release(&deposit, &parts, &released, &held("deputy")?)?;
    Ok(())
}
