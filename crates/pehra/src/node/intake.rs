//! Entries of other devices: verified, authorised again, kept in any case, folded only if their signer had the right.

use super::{Node, NodeError, convert, load, open::received_ms, random};
use pehra_domain::{AreaId, UnixMs, role::Role};
use pehra_ledger::{
    Ingested, Intake, PublicKey,
    certificate::Certificate,
    entry::Entry,
    roster::{Act, Roster, Standing as DeviceStanding},
};
use pehra_ops::{Holding, Refusal, Rules, Stamped, Standing, State, authorise};
use pehra_store::{Batch, Store, batch::FoundFork};

const CERTIFICATE_SETTING: &str = "certificate:";

/// Why an entry has no effect here.
#[derive(Debug)]
pub(super) enum Reason {
    /// The device's certificate does not cover the act.
    Device(DeviceStanding),
    /// Rights, duties or content.
    Refused(Refusal),
    Unfolded(convert::Unfolded),
}

impl Reason {
    pub(super) fn english(&self) -> String {
        match self {
            Self::Device(standing) => device_english(*standing).to_owned(),
            Self::Refused(refusal) => refusal.to_string(),
            Self::Unfolded(unfolded) => unfolded.to_string(),
        }
    }

    pub(super) fn urdu(&self) -> String {
        match self {
            Self::Device(standing) => device_urdu(*standing).to_owned(),
            Self::Refused(refusal) => refusal.code.urdu().to_owned(),
            Self::Unfolded(_) => {
                "اس اندراج کا مواد یہاں پڑھا نہیں جا سکتا؛ یہ محفوظ ہے مگر بے اثر ہے۔".to_owned()
            }
        }
    }
}

fn device_english(standing: DeviceStanding) -> &'static str {
    match standing {
        DeviceStanding::NoCertificate => "the device has no certificate here",
        DeviceStanding::NotChained => {
            "nobody entitled to issue it stands behind the device's certificate"
        }
        DeviceStanding::IssuerRevoked => "the office that enrolled the device was revoked",
        DeviceStanding::Revoked => "the device was revoked before this act",
        DeviceStanding::OutsideTime => "the device's certificate did not hold at that time",
        DeviceStanding::OutsideArea => "the device's certificate does not cover that area",
        DeviceStanding::RoleNotHeld => "the device's certificate does not cover that role",
        DeviceStanding::Good => "the device's certificate covers the act",
    }
}

fn device_urdu(standing: DeviceStanding) -> &'static str {
    match standing {
        DeviceStanding::NoCertificate => "اس آلے کا کوئی سرٹیفکیٹ یہاں موجود نہیں۔",
        DeviceStanding::NotChained => "اس آلے کے سرٹیفکیٹ کے پیچھے کوئی مجاز دفتر نہیں۔",
        DeviceStanding::IssuerRevoked => "جس دفتر نے آلہ درج کیا تھا اس کا اختیار منسوخ ہے۔",
        DeviceStanding::Revoked => "یہ آلہ اس عمل سے پہلے منسوخ ہو چکا تھا۔",
        DeviceStanding::OutsideTime => "اس وقت آلے کا سرٹیفکیٹ نافذ نہیں تھا۔",
        DeviceStanding::OutsideArea => "آلے کا سرٹیفکیٹ اس علاقے کے لیے نہیں۔",
        DeviceStanding::RoleNotHeld => "آلے کا سرٹیفکیٹ اس عہدے کے لیے نہیں۔",
        DeviceStanding::Good => "آلے کا سرٹیفکیٹ درست ہے۔",
    }
}

/// What became of one entry that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Effective,
    /// Kept and shown.
    WithoutEffect(String),
    Known,
    /// Not kept.
    Refused(String),
    Forked(String),
}

/// What became of a delivery, entry by entry, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    pub verdicts: Vec<Verdict>,
}

/// Whether an entry that is signed and in place takes effect on this state.
pub(super) fn judge(
    entry: &Entry,
    rules: &Rules,
    roster: &Roster,
    state: &State,
    is_own: bool,
) -> Result<Stamped, Reason> {
    let stamped = convert::stamped(entry).map_err(Reason::Unfolded)?;
    if is_own {
        // It was authorised before it was sealed, by what was true then.
        return Ok(stamped);
    }
    let standing = roster.standing(&Act::of(entry.header(), entry.hash()));
    if standing != DeviceStanding::Good {
        return Err(Reason::Device(standing));
    }
    authorise::remote(rules, &certified(roster, entry), state, &stamped)
        .map_err(Reason::Refused)?;
    Ok(stamped)
}

/// What the device may act as, by its certificates alone: every node comes to the same answer.
fn certified(roster: &Roster, entry: &Entry) -> Standing {
    let device = entry.header().place.device;
    let moment = |ms: u64| UnixMs(i64::try_from(ms).unwrap_or(i64::MAX));
    let holdings = roster
        .certificates(device)
        .flat_map(|certificate| {
            let body = &certificate.body;
            body.roles.iter().filter_map(move |role| {
                Some(Holding {
                    role: Role::try_new(role.as_str()).ok()?,
                    area: AreaId::try_new(body.area.as_str()).ok()?,
                    from: moment(body.not_before_ms),
                    until: moment(body.not_after_ms.saturating_add(1)),
                })
            })
        })
        .collect();
    Standing { holdings }
}

/// Certificates that this node was given.
pub(super) fn load_roster(store: &Store, roster: &mut Roster) -> Result<(), NodeError> {
    for (name, value) in store.settings()? {
        if !name.starts_with(CERTIFICATE_SETTING) {
            continue;
        }
        let certificate = unhex(&value).and_then(|bytes| Certificate::decode(&bytes).ok());
        let taken = certificate.is_some_and(|certificate| roster.certify(certificate).is_ok());
        if !taken {
            tracing::warn!(%name, "a kept certificate does not hold and is left out");
        }
    }
    Ok(())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok()))
        .collect::<Option<_>>()?;
    digits.chunks(2).map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect()
}

impl Node {
    /// This node's own key, which is also the root of its roster until an election root exists.
    #[must_use]
    pub fn public_key(&self) -> PublicKey {
        self.inner.key.public()
    }

    /// Signs a certificate for a device with this node's key.
    ///
    /// # Errors
    /// [`NodeError::Table`] when the body breaks a limit of its format.
    pub fn certify(
        &self,
        body: pehra_ledger::certificate::CertificateBody,
    ) -> Result<Certificate, NodeError> {
        Certificate::sign(body, &[&self.inner.key])
            .map_err(|error| NodeError::Table(error.to_string()))
    }

    /// Takes a device's certificate into the roster.
    ///
    /// # Errors
    /// [`NodeError::Table`] when its signature does not hold, or what the disk said.
    pub fn enrol(&self, certificate: Certificate) -> Result<(), NodeError> {
        let mut writer = self.writer();
        let key = certificate.body.key;
        let name = format!("{CERTIFICATE_SETTING}{}", certificate.hash());
        let value = crate::work::allocate::hex(&certificate.encode());
        writer.roster.certify(certificate).map_err(|error| NodeError::Table(error.to_string()))?;
        let batch = Batch {
            devices: vec![key],
            settings: vec![(name, Some(value))],
            received_ms: received_ms(),
            ..Batch::default()
        };
        writer.store.commit(&batch)?;
        Ok(())
    }

    /// The ledger's name of this node's election.
    #[must_use]
    pub fn ledger_election(&self) -> [u8; 16] {
        self.inner.election
    }

    /// Takes entries of other devices in. What is signed and in place is kept, whether it has effect or not.
    ///
    /// # Errors
    /// [`NodeError`] when this node's disk failed; nothing was kept then.
    pub fn receive(&self, entries: &[Vec<u8>]) -> Result<Received, NodeError> {
        let mut writer = self.writer();
        let mut intake = Intake::new(&*writer.store, self.inner.election, received_ms());
        let ingested = intake
            .ingest_many(entries, random()?)
            .map_err(|unreadable| NodeError::Table(unreadable.to_string()))?;
        let mut batch = Batch { received_ms: received_ms(), ..Batch::default() };
        let mut received = Received::default();
        let mut state = self.ops(State::clone);
        let mut withheld = Vec::new();
        for one in ingested {
            let verdict = match one {
                Ingested::Known(entry) => {
                    batch.entries.push((*entry, 0));
                    Verdict::Known
                }
                Ingested::Refused(refusal) => Verdict::Refused(refusal.to_string()),
                Ingested::Forked(entry, proof, fork) => {
                    let place = fork.place.to_string();
                    batch.forks.push(FoundFork { entry: *entry, proof, fork });
                    Verdict::Forked(place)
                }
                Ingested::Accepted(entry, flags) => {
                    let judged = judge(&entry, self.rules(), &writer.roster, &state, false);
                    if !flags.clock_ahead {
                        writer.clock.observe(entry.header().clock, received_ms());
                    }
                    let (verdict, standing) = match judged {
                        Ok(stamped) => {
                            state.evolve(&stamped);
                            (Verdict::Effective, 0)
                        }
                        Err(reason) => {
                            withheld.push(load::withheld(&entry, &reason));
                            (Verdict::WithoutEffect(reason.english()), 1)
                        }
                    };
                    batch.entries.push((*entry, standing));
                    verdict
                }
            };
            received.verdicts.push(verdict);
        }
        writer.store.commit(&batch)?;
        *self.inner.state.write().unwrap_or_else(std::sync::PoisonError::into_inner) = state;
        self.inner
            .withheld
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .append(&mut withheld);
        drop(writer);
        self.live().publish("node", serde_json::json!({}));
        Ok(received)
    }
}
