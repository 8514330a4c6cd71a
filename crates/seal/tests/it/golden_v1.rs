//! The first formats' samples: made once, kept in `fixtures/seal/v1`, opened for ever.

use pehra_ledger::{DeviceId, Hash};
use pehra_seal::chance::Chance;
use pehra_seal::compartment::{Binding, CompartmentId, ContentKey, Regrant, Sealed};
use pehra_seal::credential::{Credential, MarkKey, Watch};
use pehra_seal::file;
use pehra_seal::hybrid::OpeningKey;
use pehra_seal::keyfile::KeyFile;
use pehra_seal::keyring::{KeyRing, LockedRing, Unlock};
use pehra_seal::passphrase::Cost;
use pehra_seal::release::{Contribution, Custodian, Deposit};
use std::error::Error;

type Done<T> = Result<T, Box<dyn Error>>;

pub(crate) const TEXT: &str = "told to few: پولنگ اسٹیشن ۲۴";
pub(crate) const OWN: &str = "golden passphrase, not a secret";
pub(crate) const GIVEN: &str = "golden words under duress";
pub(crate) const MACHINE: [u8; 32] = *b"golden machine, not a secret ...";
pub(crate) const PHOTOGRAPH: &[u8] = b"golden photograph";

pub(crate) const BINDING: Binding = Binding {
    election: *b"golden-election1",
    author: DeviceId(*b"golden device id"),
    kind: 90,
    compartment: CompartmentId(*b"golden compartm."),
};

fn chance(of: &str) -> Chance {
    Chance::from_bytes(Hash::of(of.as_bytes()).0)
}

pub(crate) fn holder(of: &str) -> OpeningKey {
    OpeningKey::from_secret(Hash::of(of.as_bytes()).0)
}

pub(crate) fn credential(of: &str) -> Credential {
    let seed = Hash::of(of.as_bytes()).0;
    Credential::from_parts(seed, holder(of), MarkKey::from_bytes(seed))
}

fn custodian(name: &str) -> Custodian {
    Custodian { name: name.to_owned(), key: holder(name).public() }
}

fn bytes_of_the_secret(key: &ContentKey) -> Vec<u8> {
    key.bytes().to_vec()
}

/// Name and bytes of every sample.
pub(crate) fn files() -> Done<Vec<(&'static str, Vec<u8>)>> {
    let readers = [holder("first").public(), holder("second").public()];
    let sealed = Sealed::seal(&BINDING, &readers, TEXT.as_bytes(), chance("sealed"))?;
    let key = sealed.open(&BINDING, &holder("first"), &[])?.key;
    let later = [holder("later").public()];
    let regrant: Regrant = sealed.regrant(&BINDING, &key, &later, chance("regrant"))?;
    let (own, given) = (credential("own"), credential("given"));
    let duress = Some((&given, GIVEN));
    let keyfile = KeyFile::write("golden", Cost::LEAST, (&own, OWN), duress, chance("keyfile"))?;
    let locks =
        [Unlock::Machine(&MACHINE), Unlock::Passphrase { passphrase: OWN, cost: Cost::LEAST }];
    let (ring, locked): (KeyRing, LockedRing) = KeyRing::found(&locks, chance("ring"))?;
    let value = ring.seal("device", TEXT.as_bytes(), chance("value"))?;
    let custodians = ["first", "second", "third"].map(custodian);
    let deposit =
        Deposit::lodge(BINDING.election, "golden", &own, 2, &custodians, chance("deposit"))?;
    let contribution: Contribution =
        deposit.contribute(&holder("second"), holder("receiver").public(), chance("hand"))?;
    let (file_key, file) = file::seal(PHOTOGRAPH, chance("file"))?;
    Ok(vec![
        ("sealed", sealed.encode()),
        ("regrant", regrant.encode()),
        ("keyfile", keyfile.to_text().into_bytes()),
        ("watch", Watch::over("golden", &own, Some(&given)).encode().to_vec()),
        ("ring", locked.encode()),
        ("ring-value", value),
        ("deposit", deposit.encode()),
        ("contribution", contribution.encode()),
        ("file", file),
        ("file-key", bytes_of_the_secret(&file_key)),
    ])
}
