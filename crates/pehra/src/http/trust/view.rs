//! What the screens and the command line are shown of the roster.

use crate::node::{Node, NodeError, Noted};
use pehra_ledger::{
    Header,
    armour::Piece,
    certificate::{Certificate, Revocation, Subject},
    fork::SignedHeader,
    request::{self, Request},
    roster::Roster,
    statement::Said,
};
use serde::Serialize;

/// A key that somebody vouched for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CertifiedView {
    /// The key's id, 32 hexadecimal digits.
    pub key: String,
    /// `device`, `person`, `office` or the code of a newer sort.
    pub subject: String,
    pub name: String,
    pub area: String,
    pub roles: Vec<String>,
    pub not_before_ms: u64,
    pub not_after_ms: u64,
    /// Names of those who issued it; `root` for the root's keys.
    pub issued_by: Vec<String>,
    /// Whether the root stands behind it and nobody took it back.
    pub stands: bool,
    pub revoked: Vec<RevocationView>,
    /// Entries of a device that are held here, and the first place that two signed histories claim.
    pub entries: u64,
    pub forked_at: Option<u64>,
    pub own_device: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RevocationView {
    pub at_ms: u64,
    pub reason: String,
}

/// Whom this node believes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrustView {
    /// This node's own key.
    pub device: String,
    /// None: the node stands alone and is its own root, so nothing here proves anything against whoever runs it.
    pub founded: Option<FoundedView>,
    pub statements: u64,
    /// Names the roster; two nodes that show the same know the same.
    pub digest: String,
    pub certificates: Vec<CertifiedView>,
    pub requests: Vec<RequestView>,
    pub forks: Vec<ForkView>,
    /// Logs of which something is kept without effect, each with its reason.
    pub quarantined: Vec<QuarantineView>,
    pub deposits: Vec<DepositView>,
    /// The device's key lies under a passphrase.
    pub locked: bool,
    /// Certificates and revocations can be signed here: the node is its own root, or an office's key is open.
    pub office: Option<String>,
}

/// Two signed entries that cannot both be true, side by side.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ForkView {
    /// Who signed both, as the roster calls them.
    pub name: String,
    pub key: String,
    /// The first place that is not believed.
    pub place: String,
    pub found_ms: u64,
    pub held: SideView,
    pub other: SideView,
}

/// Entries of one device that are kept and have no effect, for one reason.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuarantineView {
    pub key: String,
    /// As the roster calls the device; empty when nobody vouches for it.
    pub name: String,
    pub entries: usize,
    /// The first of them, and when it was written.
    pub first: String,
    pub first_ms: i64,
    pub reason_en: String,
    pub reason_ur: String,
}

/// One side of a fork, as its header states it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SideView {
    pub hash: String,
    pub person: String,
    pub role: String,
    pub area: String,
    pub kind: u32,
    pub at_ms: u64,
}

/// A credential that custodians can release together.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DepositView {
    /// Whose credential it is.
    pub name: String,
    pub threshold: u8,
    pub custodians: Vec<String>,
    pub lodged_at_ms: u64,
    pub contributions: Vec<ContributionView>,
    pub released: Vec<ReleasedView>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ContributionView {
    pub custodian: String,
    pub at_ms: u64,
    /// Signed by the custodian's own key, behind which the root stands.
    pub own_key: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReleasedView {
    pub custodians: Vec<String>,
    pub reason: String,
    /// To whom.
    pub person: String,
    pub at_ms: u64,
    pub own_key: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FoundedView {
    pub election: String,
    pub keys: usize,
    pub threshold: usize,
    /// Eight groups of five digits, to be read aloud and compared.
    pub fingerprint: String,
}

/// Somebody asks to be enrolled.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RequestView {
    pub key: String,
    pub subject: String,
    pub name: String,
    pub area: String,
    pub roles: Vec<String>,
    pub not_after_ms: u64,
    /// The request as text, to be carried to whoever may grant it.
    pub text: String,
}

/// Everything at once.
///
/// # Errors
/// [`NodeError::Store`] when the database could not be read.
pub fn view(node: &Node) -> Result<TrustView, NodeError> {
    let epoch = node.roster_epoch();
    let heads = node.heads()?;
    let own = node.public_key().id();
    let certificates = node.roster(|roster| {
        let all = roster.statements().filter_map(|said| match said {
            Said::Certificate(certificate) => Some(certificate),
            Said::Revocation(_) | Said::Receipt(_) => None,
        });
        all.map(|certificate| {
            let id = certificate.body.key.id();
            let mut shown = certificate_view(roster, &certificate);
            let held = heads.iter().filter(|head| head.place.device == id);
            shown.entries = held.clone().map(|head| head.place.seq + 1).sum();
            shown.forked_at = held.filter_map(|head| head.forked_at).min();
            shown.own_device = id == own;
            shown
        })
        .collect()
    });
    Ok(TrustView {
        device: own.to_string(),
        founded: node.genesis().map(|genesis| FoundedView {
            election: genesis.election.clone(),
            keys: genesis.root().keys.len(),
            threshold: genesis.root().threshold,
            fingerprint: genesis.fingerprint(),
        }),
        statements: epoch.statements,
        digest: epoch.digest.to_string(),
        certificates,
        requests: node.requests().iter().map(request_view).collect(),
        forks: forks(node)?,
        quarantined: quarantined(node),
        deposits: deposits(node),
        locked: node.is_locked()?,
        office: node.office_name(),
    })
}

fn quarantined(node: &Node) -> Vec<QuarantineView> {
    let mut all: Vec<QuarantineView> = Vec::new();
    for one in node.withheld() {
        let key = one.place.device.to_string();
        let same = |it: &&mut QuarantineView| it.key == key && it.reason_en == one.reason_en;
        if let Some(known) = all.iter_mut().find(same) {
            known.entries += 1;
            continue;
        }
        all.push(QuarantineView {
            key,
            name: node.device_name(one.place.device).unwrap_or_default(),
            entries: 1,
            first: one.place.to_string(),
            first_ms: one.at.0,
            reason_en: one.reason_en,
            reason_ur: one.reason_ur,
        });
    }
    all.sort_by_key(|one| std::cmp::Reverse(one.entries));
    all
}

fn forks(node: &Node) -> Result<Vec<ForkView>, NodeError> {
    let side = |signed: &SignedHeader| {
        let header = Header::decode(&signed.header_bytes).ok()?;
        let (person, role, area) = (header.person, header.role, header.area);
        let (kind, at_ms) = (header.kind, header.clock.ms);
        let hash = signed.hash().to_string();
        Some((header.place, SideView { hash, person, role, area, kind, at_ms }))
    };
    let fork = |one: pehra_store::reader::StoredFork| {
        let ((place, held), (_, other)) = (side(&one.proof.held)?, side(&one.proof.other)?);
        let name = node.roster(|roster| {
            roster.certificates(place.device).next().map(|it| it.body.name.clone())
        });
        Some(ForkView {
            name: name.unwrap_or_default(),
            key: place.device.to_string(),
            place: place.to_string(),
            found_ms: one.found_ms,
            held,
            other,
        })
    };
    Ok(node.forks()?.into_iter().filter_map(fork).collect())
}

fn deposits(node: &Node) -> Vec<DepositView> {
    let contribution = |(custodian, noted): (String, Noted)| ContributionView {
        // Whoever merely carried the part here does not count as its giver.
        own_key: noted.own_key && noted.person == custodian,
        custodian,
        at_ms: noted.at_ms,
    };
    let all = node.deposits().into_iter().map(|one| DepositView {
        name: one.name,
        threshold: one.threshold,
        custodians: one.custodians,
        lodged_at_ms: one.by.at_ms,
        contributions: one.contributions.into_iter().map(contribution).collect(),
        released: one
            .released
            .into_iter()
            .map(|(released, noted)| ReleasedView {
                custodians: released.custodians,
                reason: released.reason,
                person: noted.person,
                at_ms: noted.at_ms,
                own_key: noted.own_key,
            })
            .collect(),
    });
    all.collect()
}

fn certificate_view(roster: &Roster, certificate: &Certificate) -> CertifiedView {
    let body = &certificate.body;
    let revoked = |revocation: &Revocation| RevocationView {
        at_ms: revocation.body.at_ms,
        reason: revocation.body.reason.clone(),
    };
    CertifiedView {
        key: body.key.id().to_string(),
        subject: subject(body.subject),
        name: body.name.clone(),
        area: body.area.clone(),
        roles: body.roles.clone(),
        not_before_ms: body.not_before_ms,
        not_after_ms: body.not_after_ms,
        issued_by: issuers(roster, certificate),
        stands: roster.stands(certificate),
        revoked: roster.revoked(body.key.id()).map(revoked).collect(),
        entries: 0,
        forked_at: None,
        own_device: false,
    }
}

fn issuers(roster: &Roster, certificate: &Certificate) -> Vec<String> {
    let name = |key: pehra_ledger::PublicKey| {
        if roster.root().keys.contains(&key) {
            return "root".to_owned();
        }
        let office = roster.certificates(key.id()).next();
        office.map_or_else(|| key.id().to_string(), |office| office.body.name.clone())
    };
    let mut all: Vec<String> = certificate.issuers().map(name).collect();
    all.dedup();
    all
}

fn subject(subject: Subject) -> String {
    match subject {
        Subject::DEVICE => "device".to_owned(),
        Subject::PERSON => "person".to_owned(),
        Subject::ENROLMENT => "office".to_owned(),
        Subject(other) => other.to_string(),
    }
}

/// A request as it is shown.
#[must_use]
pub fn request_view(request: &Request) -> RequestView {
    let body = &request.body.0;
    let remark = format!("{} {}", subject(body.subject), body.name);
    RequestView {
        key: body.key.id().to_string(),
        subject: subject(body.subject),
        name: body.name.clone(),
        area: body.area.clone(),
        roles: body.roles.clone(),
        not_after_ms: body.not_after_ms,
        text: Piece::new(request::PIECE, request.encode()).to_text(&remark),
    }
}

/// What a witnessed receipt is called where it travels as text.
const RECEIPT_PIECE: &str = "receipt-1";

/// A statement as people carry it.
#[must_use]
pub fn statement_text(said: &Said) -> String {
    match said {
        Said::Certificate(certificate) => {
            let body = &certificate.body;
            let remark = format!("{} {} {}", subject(body.subject), body.name, body.area);
            Piece::new(request::CERTIFICATE_PIECE, said.body()).to_text(&remark)
        }
        Said::Revocation(revocation) => {
            let remark = format!("{} {}", revocation.body.key, revocation.body.reason);
            Piece::new(request::REVOCATION_PIECE, said.body()).to_text(&remark)
        }
        Said::Receipt(_) => Piece::new(RECEIPT_PIECE, said.body()).to_text(""),
    }
}
