//! Prepares two offices of one election in a folder, for stories in the browser: `two_offices FOLDER`. One has done
//! something that the other has not heard of; each knows that the other is enrolled.

use pehra::node::{CONSOLE, Node, OpenOptions, join};
use pehra_domain::{Date, PersonId};
use pehra_ledger::{
    SigningKey,
    certificate::{Certificate, CertificateBody, Subject},
    genesis::Genesis,
    statement::Said,
};
use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "two-offices".to_owned()));
    let options = OpenOptions::of("TEST-1", "a test", Date(30_000));
    let root = SigningKey::from_seed([9; 32]);
    let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1)?;
    let mut statements = Vec::new();
    for name in ["lahore", "quetta"] {
        let dir = folder.join(name);
        std::fs::create_dir_all(&dir)?;
        join(&dir, &genesis)?;
        let node = Node::open(&dir, &options)?;
        let body = CertificateBody {
            election: node.ledger_election(),
            subject: Subject::DEVICE,
            key: node.public_key(),
            name: name.to_owned(),
            area: "pk".to_owned(),
            roles: vec!["ECP-NAT".to_owned(), "PEC".to_owned()],
            not_before_ms: 0,
            not_after_ms: u64::MAX >> 12,
            sealing: None,
        };
        statements.push(Said::Certificate(Certificate::sign(body, &[&root])?));
    }
    for name in ["lahore", "quetta"] {
        let node = Node::open(&folder.join(name), &options)?;
        node.learn(statements.clone())?;
        if name == "lahore" {
            act(&node)?;
        }
    }
    Ok(())
}

fn act(node: &Node) -> anyhow::Result<()> {
    let person = PersonId::try_new(CONSOLE)?;
    node.set_parameter(&person, "risk.weight.T1", 0.5, "a test", "to see")?;
    Ok(())
}
