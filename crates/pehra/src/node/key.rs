//! This device's own key: plain or under a passphrase, and what happens to the log when it is replaced.

use super::{NodeError, random, trust::load_genesis};
use pehra_ledger::{DeviceId, Place, SigningKey};
use pehra_seal::{
    chance::Chance,
    keyring::{KeyRing, KeyRingError, LockedRing, Unlock},
    passphrase::Cost,
};
use pehra_store::{Reader, Store};
use std::{collections::BTreeMap, path::Path};
use zeroize::Zeroizing;

const KEY_SECRET: &str = "device-key";
/// The key of the authority that vouches for this node's pages towards phones.
pub(super) const AUTHORITY_SECRET: &str = "phone-authority";
const RING_SECRET: &str = "ring";
const FORMER_SETTING: &str = "former-keys";

/// A passphrase as it was typed. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Keys that this node had before, each with the last place of every log that it wrote under them. What stands there
/// was authorised when it was written; what somebody signs with such a key later is judged like any other device's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Former(BTreeMap<(DeviceId, u32), u64>);

impl Former {
    /// Whether this node wrote a place itself, under an earlier key.
    pub(super) fn wrote(&self, place: Place) -> bool {
        self.0.get(&(place.device, place.epoch)).is_some_and(|&last| place.seq <= last)
    }

    pub(super) fn load(store: &Store) -> Result<Self, NodeError> {
        let text = store.setting(FORMER_SETTING)?.unwrap_or_default();
        let read = |line: &str| {
            let mut parts = line.split(' ');
            let device: [u8; 16] = pehra_ledger::hash::unhex(parts.next()?)?.try_into().ok()?;
            let epoch = parts.next()?.parse().ok()?;
            Some(((DeviceId(device), epoch), parts.next()?.parse().ok()?))
        };
        Ok(Self(text.lines().filter_map(read).collect()))
    }

    fn to_text(&self) -> String {
        let line = |((device, epoch), last): (&(DeviceId, u32), &u64)| {
            format!("{device} {epoch} {last}\n")
        };
        self.0.iter().map(line).collect()
    }
}

/// The device's key, made at the first opening, and the ring under which it lies, if it lies under one.
pub(super) fn load(
    store: &mut Store,
    given: Option<&Secret>,
) -> Result<(SigningKey, Option<KeyRing>), NodeError> {
    if let Some(ring) = open_ring(store, given)? {
        // A lock that was interrupted may have left the plain key behind.
        if store.secret(KEY_SECRET)?.is_some() {
            store.set_secret(KEY_SECRET, None)?;
            store.empty_log()?;
        }
        let sealed = store.secret(&ring.blind_name(KEY_SECRET))?.ok_or(NodeError::KeyDamaged)?;
        return Ok((key_of(&ring.unseal(KEY_SECRET, &sealed)?)?, Some(ring)));
    }
    if let Some(bytes) = store.secret(KEY_SECRET)? {
        return Ok((key_of(&Zeroizing::new(bytes))?, None));
    }
    let seed = Zeroizing::new(random::<32>()?);
    store.set_secret(KEY_SECRET, Some(&*seed))?;
    Ok((SigningKey::from_seed(*seed), None))
}

/// Another secret that lies where the device's key lies.
pub(super) fn kept(
    store: &Store,
    ring: Option<&KeyRing>,
    name: &str,
) -> Result<Option<Zeroizing<Vec<u8>>>, NodeError> {
    let Some(ring) = ring else { return Ok(store.secret(name)?.map(Zeroizing::new)) };
    let sealed = store.secret(&ring.blind_name(name))?;
    Ok(sealed.map(|sealed| ring.unseal(name, &sealed)).transpose()?)
}

/// Keeps such a secret, or forgets it.
pub(super) fn keep(
    store: &mut Store,
    ring: Option<&KeyRing>,
    name: &str,
    value: Option<&[u8]>,
) -> Result<(), NodeError> {
    let Some(ring) = ring else { return Ok(store.set_secret(name, value)?) };
    let seal = |value| Ok::<_, NodeError>(ring.seal(name, value, Chance::from_bytes(random()?))?);
    let sealed = value.map(seal).transpose()?;
    Ok(store.set_secret(&ring.blind_name(name), sealed.as_deref())?)
}

fn key_of(seed: &[u8]) -> Result<SigningKey, NodeError> {
    let seed = <[u8; 32]>::try_from(seed).map_err(|_wrong| NodeError::KeyDamaged)?;
    Ok(SigningKey::from_seed(seed))
}

/// Whether the key lies under a passphrase.
pub(super) fn is_locked(reader: &Reader) -> Result<bool, NodeError> {
    Ok(reader.secret(RING_SECRET)?.is_some())
}

fn open_ring(store: &Store, given: Option<&Secret>) -> Result<Option<KeyRing>, NodeError> {
    let Some(bytes) = store.secret(RING_SECRET)? else { return Ok(None) };
    let locked = LockedRing::decode(&bytes).map_err(KeyRingError::from)?;
    let passphrase = given.ok_or(NodeError::KeyLocked)?.text();
    Ok(Some(locked.open(&Unlock::Passphrase { passphrase, cost: Cost::USUAL })?))
}

/// Puts the key of a folder under a passphrase, or under another one. The folder's room must be closed.
///
/// # Errors
/// [`NodeError::KeyLocked`] without the passphrase that holds; [`NodeError::Ring`] for a wrong or too short one.
pub fn lock(dir: &Path, given: Option<&Secret>, new: &Secret) -> Result<(), NodeError> {
    let mut store = open_there(dir)?;
    let (key, before) = load(&mut store, given)?;
    let authority = kept(&store, before.as_ref(), AUTHORITY_SECRET)?;
    let lock = Unlock::Passphrase { passphrase: new.text(), cost: Cost::USUAL };
    // A new ring, not the old one under a new lock: whoever kept the old lock and its passphrase has nothing.
    let (ring, locked) = KeyRing::found(&[lock], Chance::from_bytes(random()?))?;
    let seed = Zeroizing::new(key.seed());
    let sealed = ring.seal(KEY_SECRET, &*seed, Chance::from_bytes(random()?))?;
    store.set_secret(&ring.blind_name(KEY_SECRET), Some(&sealed))?;
    store.set_secret(RING_SECRET, Some(&locked.encode()))?;
    store.set_secret(KEY_SECRET, None)?;
    keep(&mut store, before.as_ref(), AUTHORITY_SECRET, None)?;
    keep(&mut store, Some(&ring), AUTHORITY_SECRET, authority.as_ref().map(|it| it.as_slice()))?;
    if let Some(before) = before {
        store.set_secret(&before.blind_name(KEY_SECRET), None)?;
    }
    Ok(store.empty_log()?)
}

/// Takes the passphrase off the key of a folder: from then on the file alone opens the node.
///
/// # Errors
/// As [`lock`].
pub fn unlock(dir: &Path, given: Option<&Secret>) -> Result<(), NodeError> {
    let mut store = open_there(dir)?;
    let (key, Some(ring)) = load(&mut store, given)? else { return Ok(()) };
    let authority = kept(&store, Some(&ring), AUTHORITY_SECRET)?;
    let seed = Zeroizing::new(key.seed());
    store.set_secret(KEY_SECRET, Some(&*seed))?;
    keep(&mut store, Some(&ring), AUTHORITY_SECRET, None)?;
    keep(&mut store, None, AUTHORITY_SECRET, authority.as_ref().map(|it| it.as_slice()))?;
    store.set_secret(RING_SECRET, None)?;
    store.set_secret(&ring.blind_name(KEY_SECRET), None)?;
    Ok(store.empty_log()?)
}

/// Gives a folder another key: a fresh one, or one that was certified for such a day. What it wrote stays its own;
/// the new key begins a log of its own and must be enrolled. The folder's room must be closed.
///
/// # Errors
/// [`NodeError::StandsAlone`] where the key is the root itself: everything rests on it.
pub fn replace(
    dir: &Path,
    given: Option<&Secret>,
    new: Option<[u8; 32]>,
) -> Result<DeviceId, NodeError> {
    let mut store = open_there(dir)?;
    if load_genesis(&store)?.is_none() {
        return Err(NodeError::StandsAlone);
    }
    let (before, ring) = load(&mut store, given)?;
    let before = before.id();
    let seed = Zeroizing::new(match new {
        Some(seed) => seed,
        None => random()?,
    });
    let id = SigningKey::from_seed(*seed).id();
    if id == before {
        return Ok(id);
    }
    let mut former = Former::load(&store)?;
    for head in store.heads()?.iter().filter(|head| head.place.device == before) {
        former.0.insert((before, head.place.epoch), head.place.seq);
    }
    store.set_setting(FORMER_SETTING, Some(&former.to_text()))?;
    keep(&mut store, ring.as_ref(), KEY_SECRET, Some(&*seed))?;
    // Whoever has the old machine could show phones a page in this node's name.
    keep(&mut store, ring.as_ref(), AUTHORITY_SECRET, None)?;
    store.empty_log()?;
    Ok(id)
}

fn open_there(dir: &Path) -> Result<Store, NodeError> {
    if dir.join(pehra_store::open::FILE).exists() {
        Ok(Store::open(dir)?)
    } else {
        Err(NodeError::NoNode(dir.to_owned()))
    }
}
