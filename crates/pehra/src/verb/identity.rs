//! Who is at the keyboard: key files, tokens and passphrases that a command line names.

use crate::node::{Held, Node, NodeError, OpenOptions, Secret};
use anyhow::{Context, bail, ensure};
use clap::Args;
use pehra_domain::PersonId;
use pehra_ledger::signer::Signer;
use pehra_seal::{credential::Credential, keyfile::KeyFile};
use std::{
    collections::VecDeque,
    io::IsTerminal,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

const KEY_VARIABLE: &str = "PEHRA_PASSPHRASE";
const NODE_VARIABLE: &str = "PEHRA_NODE_PASSPHRASE";

/// Keys with which a command acts. Without any the node itself attests.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Identity {
    /// Your key file: what you do is then signed by you. Its passphrase is asked for, or read from --passphrase-file or
    /// PEHRA_PASSPHRASE. Some trust commands take several.
    #[arg(long = "key", global = true, value_name = "FILE", help_heading = "Keys")]
    keys: Vec<PathBuf>,
    /// Your key on a hardware token: the maker's PKCS#11 library, the token's label and the key's label. The PIN is asked
    /// for like a passphrase.
    #[arg(
        long,
        global = true,
        value_name = "LIBRARY:TOKEN:KEY",
        requires = "act_as",
        help_heading = "Keys"
    )]
    token: Option<String>,
    /// Whose key the token holds.
    #[arg(long = "as", id = "act_as", global = true, value_name = "PERSON", help_heading = "Keys")]
    person: Option<String>,
    /// Passphrases of key files, one a line, in the order in which they are needed; /dev/fd/3 reads descriptor 3.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Keys")]
    passphrase_file: Option<PathBuf>,
    /// The passphrase of this node's own key, if it lies under one; otherwise PEHRA_NODE_PASSPHRASE or the terminal.
    #[arg(long, global = true, value_name = "FILE", help_heading = "Keys")]
    node_passphrase_file: Option<PathBuf>,
}

struct Given {
    identity: Identity,
    lines: Mutex<Option<VecDeque<Secret>>>,
}

/// Set once, before the verb runs: who types is the same for the whole process.
static GIVEN: OnceLock<Given> = OnceLock::new();

fn given() -> &'static Given {
    GIVEN.get_or_init(|| Given { identity: Identity::default(), lines: Mutex::new(None) })
}

/// Keeps who is at the keyboard for the rest of the process.
pub(super) fn give(identity: &Identity) {
    let identity = identity.clone();
    GIVEN.get_or_init(|| Given { identity, lines: Mutex::new(None) });
}

/// A key file that was opened, with the name that it says in the clear.
pub(super) struct Opened {
    pub(super) name: String,
    pub(super) credential: Credential,
}

impl Opened {
    /// The person and their key, as a node takes it in hand.
    pub(super) fn held(&self) -> anyhow::Result<(PersonId, Held)> {
        let person = PersonId::try_new(self.name.as_str())
            .with_context(|| format!("`{}` on the key is no person's id", self.name))?;
        let mark = Some(self.credential.mark_key().clone());
        Ok((person, Held { signer: Arc::new(self.credential.signing()), mark }))
    }
}

/// Whether a key file was given.
pub(super) fn has_key() -> bool {
    !given().identity.keys.is_empty()
}

/// Opens the node of a folder and puts the given key into its hand.
pub(super) fn open(data: &Path, options: &OpenOptions) -> anyhow::Result<Node> {
    let node = open_node(data, options)?;
    if let Some((person, held)) = holder()? {
        node.hold(person, held);
    }
    Ok(node)
}

/// Opens the node of a folder; the keys given serve another purpose.
pub(super) fn open_node(data: &Path, options: &OpenOptions) -> anyhow::Result<Node> {
    let node = match Node::open(data, options) {
        Err(NodeError::KeyLocked) => {
            let passphrase = Some(node_passphrase()?);
            Node::open(data, &OpenOptions { passphrase, ..options.clone() })?
        }
        other => other?,
    };
    super::printer::head(&node);
    Ok(node)
}

/// What is tried first without a passphrase and again with it, when it proves needed.
pub(super) fn with_node_passphrase<T>(
    mut work: impl FnMut(Option<&Secret>) -> Result<T, NodeError>,
) -> anyhow::Result<T> {
    match work(None) {
        Err(NodeError::KeyLocked) => Ok(work(Some(&node_passphrase()?))?),
        other => Ok(other?),
    }
}

fn node_passphrase() -> anyhow::Result<Secret> {
    if let Some(file) = &given().identity.node_passphrase_file {
        let lines = read_lines(file)?;
        return lines.into_iter().next().with_context(|| format!("{} is empty", file.display()));
    }
    from_variable(NODE_VARIABLE).map_or_else(
        || prompt("passphrase of this node's key", NODE_VARIABLE, "--node-passphrase-file"),
        Ok,
    )
}

/// The passphrase under which a node's key is put: PEHRA_NODE_PASSPHRASE opens what is, so the new one comes from the
/// key files' sources.
pub(super) fn new_node_passphrase() -> anyhow::Result<Secret> {
    new_passphrase("passphrase of this node's key")
}

/// The person who acts, and their key.
pub(super) fn holder() -> anyhow::Result<Option<(PersonId, Held)>> {
    let identity = &given().identity;
    ensure!(
        identity.keys.len() + usize::from(identity.token.is_some()) <= 1,
        "one person acts at a time: give one --key or one --token"
    );
    if let Some(file) = identity.keys.first() {
        return open_key(file)?.held().map(Some);
    }
    let Some((name, signer)) = token()? else { return Ok(None) };
    let held = Held { signer: Arc::from(signer), mark: None };
    let person = PersonId::try_new(name.as_str())
        .with_context(|| format!("`{name}` on the key is no person's id"))?;
    Ok(Some((person, held)))
}

/// Every key that was given, ready to sign.
pub(super) fn signers() -> anyhow::Result<Vec<Box<dyn Signer + Send + Sync>>> {
    let mut all: Vec<Box<dyn Signer + Send + Sync>> = Vec::new();
    for file in &given().identity.keys {
        all.push(Box::new(open_key(file)?.credential.signing()));
    }
    all.extend(token()?.map(|(_, signer)| signer));
    Ok(all)
}

/// The only key file that was given, opened.
pub(super) fn only_key() -> anyhow::Result<Opened> {
    match &given().identity.keys[..] {
        [file] => open_key(file),
        [] => bail!("name your key file with --key"),
        [_, ..] => bail!("this takes one --key"),
    }
}

/// The token that was given, with whose it is.
pub(super) fn token() -> anyhow::Result<Option<(String, Box<dyn Signer + Send + Sync>)>> {
    let identity = &given().identity;
    let Some(text) = &identity.token else { return Ok(None) };
    let parts: Vec<&str> = text.rsplitn(3, ':').collect();
    let [key, token, library] = parts[..] else {
        bail!("`{text}` is no token: write LIBRARY:TOKEN:KEY");
    };
    let module = pehra_token::Module::open(Path::new(library))?;
    let pin = passphrase(&format!("PIN of the token {token}"))?;
    let pin = pehra_token::Pin::new(pin.text().to_owned());
    let opened = module.key(token, key, &pin)?;
    Ok(Some((identity.person.clone().unwrap_or_default(), Box::new(opened))))
}

/// Reads a key file and opens it with its passphrase.
pub(super) fn open_key(file: &Path) -> anyhow::Result<Opened> {
    let locked = KeyFile::from_text(&read_text(file)?)
        .with_context(|| format!("{} is no key file", file.display()))?;
    let passphrase = passphrase(&format!("passphrase of {} ({})", locked.name(), file.display()))?;
    let credential =
        locked.open(passphrase.text()).with_context(|| format!("{}", file.display()))?;
    Ok(Opened { name: locked.name().to_owned(), credential })
}

/// A passphrase that exists already.
pub(super) fn passphrase(what: &str) -> anyhow::Result<Secret> {
    if let Some(line) = next_line(what)? {
        return Ok(line);
    }
    from_variable(KEY_VARIABLE).map_or_else(|| prompt(what, KEY_VARIABLE, "--passphrase-file"), Ok)
}

/// A passphrase that is being set: typed twice on a terminal.
pub(super) fn new_passphrase(what: &str) -> anyhow::Result<Secret> {
    let first = passphrase(&format!("new {what}"))?;
    let typed = given().identity.passphrase_file.is_none() && std::env::var(KEY_VARIABLE).is_err();
    if typed {
        let again = prompt(&format!("new {what}, again"), KEY_VARIABLE, "--passphrase-file")?;
        ensure!(first.text() == again.text(), "the two passphrases differ: begin again");
    }
    Ok(first)
}

fn next_line(what: &str) -> anyhow::Result<Option<Secret>> {
    let Some(file) = &given().identity.passphrase_file else { return Ok(None) };
    let mut lines = given().lines.lock().unwrap_or_else(PoisonError::into_inner);
    if lines.is_none() {
        *lines = Some(read_lines(file)?);
    }
    let line = lines.as_mut().and_then(VecDeque::pop_front);
    line.map(Some).with_context(|| format!("{} has no line left for the {what}", file.display()))
}

fn read_lines(file: &Path) -> anyhow::Result<VecDeque<Secret>> {
    let text = Secret::new(read_text(file)?);
    Ok(text.text().lines().map(|line| Secret::new(line.to_owned())).collect())
}

fn from_variable(name: &str) -> Option<Secret> {
    std::env::var(name).ok().map(Secret::new)
}

fn prompt(what: &str, variable: &str, option: &str) -> anyhow::Result<Secret> {
    if !std::io::stdin().is_terminal() {
        bail!("the {what} is needed: type it on a terminal, or give {option} or {variable}");
    }
    let typed = rpassword::prompt_password(format!("{what}: "));
    typed.map(Secret::new).context("the terminal could not be read")
}

/// Reads a text that people carry.
pub(super) fn read_text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}
