//! A token in software stands where one of hardware would: the same module interface, the same bytes.
//!
//! The module finds its tokens through its environment, so the story runs in a process of its own.

use pehra_ledger::certificate::{Certificate, CertificateBody, Subject};
use pehra_ledger::signer::{Signer, SignerError, cosign, state};
use pehra_ledger::{Cosignature, Hash};
use pehra_token::{Module, Pin, Token, TokenError};
use std::path::{Path, PathBuf};
use std::process::Command;

const STORY: &str = "PEHRA_TOKEN_STORY";
/// Where Debian's `softhsm2` puts its module.
const MODULES: [&str; 2] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"];

fn module() -> Option<&'static Path> {
    MODULES.iter().map(Path::new).find(|path| path.exists())
}

fn pin() -> Pin {
    Pin::new("4711".to_owned())
}

#[test]
fn a_persons_key_on_a_token_signs_what_the_ledger_believes() {
    if module().is_none() {
        #[expect(clippy::print_stdout, reason = "a skipped test says so")]
        {
            println!("softhsm2 absent: skipped");
        }
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let settings = folder.path().join("softhsm2.conf");
    std::fs::write(&settings, format!("directories.tokendir = {}\n", tokens.display())).unwrap();
    let made = Command::new("softhsm2-util")
        .args(["--init-token", "--free", "--label", "officer", "--so-pin", "12345678"])
        .args(["--pin", "4711"])
        .env("SOFTHSM2_CONF", &settings)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let told = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_story", "--nocapture"])
        .env("SOFTHSM2_CONF", &settings)
        .env(STORY, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&told.stdout);
    assert!(told.status.success(), "{said}{}", String::from_utf8_lossy(&told.stderr));
    assert!(said.contains("the story is told"), "{said}");
}

/// Runs within the process above; anywhere else there is no token to tell of.
#[test]
fn the_story() {
    let Some(path) = module().filter(|_| std::env::var_os(STORY).is_some()) else { return };
    let module = Module::open(path).unwrap();
    assert_eq!(module.tokens().unwrap(), ["officer"]);
    refusals(&module);
    let token = module.generate("officer", "personal", &pin()).unwrap();
    signs(&token);
    let again = module.generate("officer", "personal", &pin()).unwrap_err();
    assert!(matches!(again, TokenError::KeyExists(_)), "{again}");
    let public = token.public();
    drop(token);
    // Plugged in again: the same key.
    let token = Module::open(path).unwrap().key("officer", "personal", &pin()).unwrap();
    assert_eq!(token.public(), public);
    signs(&token);
    #[expect(clippy::print_stdout, reason = "the process that asked for the story waits for this")]
    {
        println!("the story is told");
    }
}

#[cfg(test)]
fn refusals(module: &Module) {
    let absent = module.key("nobody", "personal", &pin()).unwrap_err();
    assert!(matches!(absent, TokenError::NoToken(_)), "{absent}");
    let wrong = module.key("officer", "personal", &Pin::new("4712".to_owned())).unwrap_err();
    assert!(matches!(wrong, TokenError::WrongPin), "{wrong}");
    let none = module.key("officer", "personal", &pin()).unwrap_err();
    assert!(matches!(none, TokenError::NoKey(_)), "{none}");
    let nowhere = Module::open(&PathBuf::from("no-such-module.so")).unwrap_err();
    assert!(matches!(nowhere, TokenError::Module { .. }), "{nowhere}");
}

#[cfg(test)]
fn signs(token: &Token) {
    let entry = Hash::of(b"entry");
    let cosignature: Cosignature = cosign(token, "actor", &entry).unwrap();
    assert!(cosignature.holds(&entry));
    assert!(!cosignature.holds(&Hash::of(b"another entry")));
    assert_eq!(cosignature.key, token.public());
    assert_eq!(cosign(token, "", &entry), Err(SignerError::Part));
    let body = CertificateBody {
        election: [1; 16],
        subject: Subject::DEVICE,
        key: token.public(),
        name: "room".to_owned(),
        area: "PK/sindh".to_owned(),
        roles: vec!["DRO".to_owned()],
        not_before_ms: 0,
        not_after_ms: 1,
        sealing: None,
    };
    let certificate: Certificate = state(body, &[token]).unwrap();
    assert!(Certificate::decode(&certificate.encode()).unwrap().holds());
}
