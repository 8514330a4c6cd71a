//! What a node does for the phones of its area: it vouches for its own page, takes in what they carry, and says what of it
//! is here.

use super::{Node, NodeError, Received, Verdict, convert, key, now};
use crate::phone::authority::Authority;
use pehra_domain::{AreaId, Date, PersonId, StationId, role::Role};
use pehra_ledger::{
    DeviceId, Entry, EntryRef, Place, PublicKey, certificate::Subject, statement::Said,
};
use pehra_link::{
    bundle::record::{Record, unpack},
    parcel,
};
use pehra_ops::EventRef;
use std::{net::IpAddr, sync::PoisonError};

/// Largest parcel: what one phone says on its day, many times over.
pub const PARCEL_BYTES_MAX: usize = 256 * 1024;
/// Records in one parcel.
pub const PARCEL_RECORDS_MAX: usize = 512;
/// Between the person and the station in a phone's certificate.
pub const AT: char = '@';

/// A phone that is enrolled here, by its certificates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    pub device: DeviceId,
    pub key: PublicKey,
    pub name: String,
    pub person: PersonId,
    /// None where the phone belongs to no station.
    pub station: Option<StationId>,
    pub area: AreaId,
    pub roles: Vec<Role>,
    pub until_ms: u64,
    /// What it signs is kept and has no effect.
    pub revoked: bool,
}

/// What became of a parcel: a place and a verdict for each entry, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parcel {
    pub entries: Vec<(Option<Place>, Verdict)>,
    /// Certificates and revocations that were new here.
    pub statements: usize,
    /// Records that could not be read.
    pub damaged: usize,
}

impl Node {
    /// The authority that vouches for this node's page; made when it is first asked for, and kept where the node's key is.
    ///
    /// # Errors
    /// [`NodeError`] when the disk failed or what is kept there is damaged.
    pub fn phone_authority(&self) -> Result<Authority, NodeError> {
        let mut writer = self.writer();
        let ring = self.inner.ring.as_ref();
        let name = self.authority_name();
        if let Some(kept) = key::kept(&writer.store, ring, key::AUTHORITY_SECRET)? {
            return Ok(Authority::decode(&name, &kept)?);
        }
        let made = Authority::found(&name, self.today())?;
        key::keep(&mut writer.store, ring, key::AUTHORITY_SECRET, Some(&made.encode()))?;
        Ok(made)
    }

    /// Two offices of one name are told apart by their devices.
    fn authority_name(&self) -> String {
        let device = self.device().to_string();
        format!("{} {}", self.inner.name, device.chars().take(8).collect::<String>())
    }

    /// Names under which a phone may call this node: the one that it announces on a cable, and one that an office's own
    /// name server may give it.
    #[must_use]
    pub fn phone_names(&self) -> Vec<String> {
        let home: String = self.inner.name.chars().filter(char::is_ascii_alphanumeric).collect();
        let announced = format!("pehra-{}.local", self.device());
        let given = (!home.is_empty()).then(|| format!("{}.home.arpa", home.to_lowercase()));
        std::iter::once(announced).chain(given).collect()
    }

    /// What people call this node.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.inner.name
    }

    /// The day on this node's own clock.
    #[must_use]
    pub fn today(&self) -> Date {
        Date(i32::try_from(now().0.div_euclid(86_400_000)).unwrap_or(i32::MAX))
    }

    /// The keys on which everything rests here, and how many of them must sign.
    #[must_use]
    pub fn root_keys(&self) -> (Vec<PublicKey>, usize) {
        self.roster(|roster| (roster.root().keys.clone(), roster.root().threshold))
    }

    /// The phone behind a device, by the certificate that holds longest.
    #[must_use]
    pub fn phone(&self, device: DeviceId) -> Option<Phone> {
        self.roster(|roster| {
            let chained = roster.certificates(device).filter(|_| roster.is_chained(device));
            let devices = chained.filter(|it| it.body.subject == Subject::DEVICE);
            let body = &devices.max_by_key(|it| it.body.not_after_ms)?.body;
            let (person, station) = body.name.split_once(AT).unwrap_or((&body.name, ""));
            Some(Phone {
                device,
                key: body.key,
                name: body.name.clone(),
                person: PersonId::try_new(person).ok()?,
                station: StationId::try_new(station).ok(),
                area: AreaId::try_new(body.area.as_str()).ok()?,
                roles: body
                    .roles
                    .iter()
                    .filter_map(|role| Role::try_new(role.as_str()).ok())
                    .collect(),
                until_ms: body.not_after_ms,
                revoked: roster.revoked(device).next().is_some(),
            })
        })
    }

    /// The last entry of a device's log that is held here.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn log_head(&self, device: DeviceId, epoch: u32) -> Result<Option<EntryRef>, NodeError> {
        let head = self.reader().log_head(device, epoch)?;
        Ok(head.map(|head| EntryRef { place: head.place, hash8: head.hash.short() }))
    }

    /// How an act that is held here is referred to.
    ///
    /// # Errors
    /// [`NodeError`] when the disk cannot be read.
    pub fn reference(&self, at: EventRef) -> Result<Option<EntryRef>, NodeError> {
        let stored = self.reader().entry(convert::place(at))?;
        Ok(stored.map(|stored| stored.entry.reference()))
    }

    /// Takes a parcel of records in: entries, and the certificates of whoever wrote them. Whoever is nobody here may not
    /// fill the roster: only what the root stands behind stays.
    ///
    /// # Errors
    /// [`NodeError`] when this node's disk failed.
    pub fn take_parcel(&self, parcel: &[u8]) -> Result<Parcel, NodeError> {
        let Some(records) = parcel::open(parcel) else {
            return Ok(Parcel { damaged: 1, ..Parcel::default() });
        };
        let (records, unreadable) = unpack(records);
        let mut taken = Parcel { damaged: unreadable.len(), ..Parcel::default() };
        let (mut statements, mut entries) = (Vec::new(), Vec::new());
        for record in records.into_iter().take(PARCEL_RECORDS_MAX) {
            match record {
                Record::Statement { kind, body } => statements.extend(Said::decode(kind, &body)),
                Record::Entry(bytes) => entries.push(bytes),
                Record::Manifest(_)
                | Record::Chunk(_)
                | Record::Heads(_)
                | Record::Datasets(_)
                | Record::Seen { .. } => taken.damaged += 1,
            }
        }
        let standing = self.only_standing(statements);
        if !standing.is_empty() {
            taken.statements = self.learn(standing)?;
        }
        if !entries.is_empty() {
            let Received { verdicts } = self.receive(&entries)?;
            let places = entries
                .iter()
                .map(|bytes| Entry::decode(bytes).ok().map(|entry| entry.header().place));
            taken.entries = places.zip(verdicts).collect();
        }
        Ok(taken)
    }

    /// Those certificates that lead to the root, judged together.
    pub(crate) fn only_standing(&self, statements: Vec<Said>) -> Vec<Said> {
        if statements.is_empty() {
            return statements;
        }
        self.roster(|roster| {
            let mut trial = roster.clone();
            for said in &statements {
                let _refused = trial.take(said.clone());
            }
            let stands = |said: &Said| match said {
                Said::Certificate(certificate) => trial.is_chained(certificate.body.key.id()),
                Said::Revocation(_) | Said::Receipt(_) => false,
            };
            statements.into_iter().filter(stands).collect()
        })
    }

    /// What a device wrote that has no effect here, each with the reason.
    #[must_use]
    pub fn without_effect_of(&self, device: DeviceId) -> Vec<super::Withheld> {
        let fold = self.inner.fold.read().unwrap_or_else(PoisonError::into_inner);
        fold.withheld.iter().filter(|one| one.place.device == device).cloned().collect()
    }
}

/// Whether a phone's browser would believe this node at an address.
#[must_use]
pub fn may_serve(address: IpAddr) -> bool {
    address.is_unspecified() || crate::phone::authority::covers(address)
}
