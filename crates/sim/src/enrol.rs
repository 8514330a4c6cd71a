//! Who is enrolled by whom, and what each is given at the start: its own papers, and those of others that its area
//! concerns. What else everybody must know travels between nodes, as it does between real ones.

use crate::{
    fault::Fault,
    node::{ELECTION, SimNode},
    oracle::{Enrolled, Grant, Oracle, Revoked},
    world::{DAY_MS, NOW_MS, World},
};
use pehra_ledger::{
    SigningKey,
    certificate::{Certificate, CertificateBody, Revocation, RevocationBody, Subject},
    checkpoint::WITNESS,
    roster::{Root, contains},
    statement::Said,
};

/// What devices are enrolled for, and for which other area besides.
pub(crate) const PLACES: [(&str, &str, Option<&str>); 6] = [
    ("pk", "DRO", None),
    ("pk", "DRO", None),
    ("pk/sindh", "DRO", None),
    ("pk/sindh/sukkur", "DRO", None),
    ("pk/punjab/multan", "DRO", Some("pk/sindh/larkana")),
    ("pk", "RELAY", None),
];
/// Offices that enrol: the first is made by the root, the others by the first.
const OFFICES: [&str; 3] = ["pk", "pk/sindh", "pk/punjab"];

/// An office that enrols devices.
pub(crate) struct Office {
    pub key: SigningKey,
    area: &'static str,
    said: Said,
}

/// Which nodes witness the trees of others.
fn is_witness(at: usize) -> bool {
    matches!(at % PLACES.len(), 1..=3)
}

fn body(subject: Subject, key: &SigningKey, area: &str, roles: &[&str]) -> CertificateBody {
    CertificateBody {
        election: ELECTION,
        subject,
        key: key.public(),
        name: area.to_owned(),
        area: area.to_owned(),
        roles: roles.iter().map(|&role| role.to_owned()).collect(),
        not_before_ms: NOW_MS - 30 * DAY_MS,
        not_after_ms: NOW_MS + 30 * DAY_MS,
        sealing: None,
    }
}

fn signed(body: CertificateBody, issuer: &SigningKey) -> Option<Said> {
    Certificate::sign(body, &[issuer]).ok().map(Said::Certificate)
}

pub(crate) fn open_offices(root: &SigningKey, keys: [[u8; 32]; 3]) -> Vec<Office> {
    let mut offices: Vec<Office> = Vec::new();
    for (key, area) in keys.map(SigningKey::from_seed).into_iter().zip(OFFICES) {
        let issuer = offices.first().map_or(root, |nation| &nation.key);
        let said = signed(body(Subject::ENROLMENT, &key, area, &[]), issuer);
        offices.extend(said.map(|said| Office { key, area, said }));
    }
    offices
}

impl World {
    pub(crate) fn new_nodes(
        seeds: impl Iterator<Item = [u8; 32]>,
        root: &Root,
        bug: Option<crate::bug::Bug>,
    ) -> Vec<SimNode> {
        let memo = crate::memo::Memo::default();
        let places = PLACES.iter().cycle();
        let node = |(seed, (area, role, _)): ([u8; 32], &(&str, &str, Option<&str>))| {
            SimNode::new(seed, area, role, root, &memo, bug)
        };
        seeds.zip(places).map(node).collect()
    }

    pub(crate) fn enrol(&mut self) {
        let (enrolled, papers): (Vec<_>, Vec<_>) =
            (0..self.nodes.len()).map(|at| self.papers_of(at)).unzip();
        self.papers = papers;
        for (at, enrolled) in enrolled.into_iter().enumerate() {
            let late = self.faults.has(Fault::StaleRoster);
            let mut known = self.papers.get(at).cloned().unwrap_or_default();
            for (of, papers) in self.papers.iter().enumerate() {
                let concerned = papers.iter().filter(|said| match said {
                    Said::Certificate(it) => enrolled
                        .grants
                        .iter()
                        .any(|grant| Oracle::concerns(&grant.area, &it.body.area)),
                    Said::Revocation(_) | Said::Receipt(_) => false,
                });
                if of != at && (!late || self.chance.once_in(2)) {
                    known.extend(concerned.cloned());
                }
            }
            if let Some(node) = self.nodes.get_mut(at) {
                let _kept = node.learn(known);
                self.oracle.enrolled.insert(node.id(), enrolled);
            }
        }
    }

    /// The office that enrols for an area; none for the two that the root itself enrols.
    fn office_of(&self, at: usize, area: &str) -> Option<&Office> {
        self.offices.iter().rev().find(|it| at > 1 && contains(it.area, area))
    }

    /// What a device was enrolled for, and all that shows it: its certificates and those of its offices.
    fn papers_of(&self, at: usize) -> (Enrolled, Vec<Said>) {
        let (_, role, also) = PLACES.get(at % PLACES.len()).copied().unwrap_or_default();
        let mut enrolled = Enrolled {
            grants: Vec::new(),
            role: role.to_owned(),
            not_before_ms: NOW_MS - 30 * DAY_MS,
            not_after_ms: NOW_MS + 30 * DAY_MS,
            reads: role != "RELAY",
            witness: is_witness(at),
        };
        let mut papers = Vec::new();
        let Some(node) = self.nodes.get(at) else { return (enrolled, papers) };
        let roles: &[&str] = if is_witness(at) { &[role, WITNESS] } else { &[role] };
        for area in [Some(node.area.as_str()), also].into_iter().flatten() {
            let office = self.office_of(at, area);
            let issuer = office.map_or(&self.root, |it| &it.key);
            if office.is_some() {
                papers.extend(self.offices.first().map(|nation| nation.said.clone()));
                papers.extend(office.map(|it| it.said.clone()));
            }
            papers.extend(signed(body(Subject::DEVICE, &node.key, area, roles), issuer));
            let office = office.map(|it| it.key.id());
            enrolled.grants.push(Grant { area: area.to_owned(), office });
        }
        (enrolled, papers)
    }

    /// A node's certificates and those of its offices.
    pub(crate) fn papers(&self, node: &SimNode) -> Vec<Said> {
        let at = self.nodes.iter().position(|it| it.id() == node.id());
        at.and_then(|at| self.papers.get(at)).cloned().unwrap_or_default()
    }

    /// Takes an office of a province away, once in a story: all that it enrolled falls with it.
    pub(crate) fn close_office(&mut self) -> Option<()> {
        let which = 1 + self.chance.below(OFFICES.len() - 1);
        let gone = |it: &Office| self.oracle.revoked.contains_key(&it.key.id());
        if self.offices.iter().any(gone) {
            return None;
        }
        let (nation, office) = (self.offices.first()?, self.offices.get(which)?);
        let body = RevocationBody {
            election: ELECTION,
            key: office.key.id(),
            last: Vec::new(),
            at_ms: self.now_ms,
            reason: "its key was lost".to_owned(),
            witnessed_before_ms: None,
        };
        let (by_root, key) = (self.now_ms & 1 == 0, office.key.id());
        let issuer = if by_root { &self.root } else { &nation.key };
        let revocation = Revocation::sign(body, &[issuer]).ok()?;
        let papers = vec![nation.said.clone(), office.said.clone()];
        let revoked = Revoked { last: Vec::new(), witnessed_before_ms: None };
        self.oracle.revoked.entry(key).or_default().push(revoked);
        self.say_of(papers, revocation);
        Some(())
    }

    /// Nodes whose device was revoked, or every office of which was, talk to nobody and are held to nothing.
    #[must_use]
    pub fn is_served(&self, node: &SimNode) -> bool {
        !self.oracle.revoked.contains_key(&node.id())
            && self.oracle.standing_areas(node.id()).next().is_some()
    }
}
