//! Opening a folder: the key, the rules, the folded state, and the first acts of a new node.

use super::{
    Inner, Node, NodeError, NodeInfo, Writer,
    fold::{Judge, Own},
    key::{self, Former, Secret},
    ledger_ms, load, now,
    sign::Desk,
};
use crate::{facts, job::Jobs, live::Live};
use pehra_domain::{AreaId, Date, PersonId, UnixMs, role::Role};
use pehra_ledger::{
    Clock,
    genesis::{self, Genesis},
    roster::{Root, Roster},
};
use pehra_ops::{
    Actor, Command, Rules,
    election::{self, Election, Nature},
    person::{self, RoleScope},
};
use pehra_store::{
    Batch, Store,
    search::{SearchChange, SearchRow},
};
use std::{
    path::Path,
    sync::{Arc, Mutex, RwLock, atomic::AtomicI64},
};

/// Who acts when somebody types a command on the node itself.
pub const CONSOLE: &str = "console";
/// The planner of a demo.
pub const DEMO_PERSON: &str = "demo";
/// The second person of a demo, who approves.
pub const DEMO_SECOND: &str = "demo-second";

pub(super) const ELECTION_SETTING: &str = "election";
/// First accounts of a new node hold for so long at the most; the rule for later ones is in ops.
const FIRST_ACCOUNT_DAYS: i64 = 400;
const DAY_MS: i64 = 86_400_000;

/// How a folder becomes a node when it is empty; has no effect on one that is not.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    pub election: Election,
    pub node_name: String,
    /// Opens the device's key, where it lies under a passphrase.
    pub passphrase: Option<Secret>,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self::of("PK-GE-2024", "General election of Pakistan, 8 February 2024", Date(19_761))
    }
}

impl OpenOptions {
    /// An election by its id, which fixes whether it is real.
    #[must_use]
    pub fn of(id: &str, name: &str, date: Date) -> Self {
        let (id, name, nature) = (id.to_owned(), name.to_owned(), Nature::of_id(id));
        Self {
            election: Election { id, name, date, nature },
            node_name: "node".to_owned(),
            passphrase: None,
        }
    }

    /// The demo's election: the day of 8 February 2024, everything in it generated.
    #[must_use]
    pub fn synthetic() -> Self {
        let election = Election {
            id: "SYN-PK-2024".to_owned(),
            name: "Synthetic nation after the general election of 8 February 2024".to_owned(),
            date: pehra_drill::nation::POLL_DAY,
            nature: Nature::Synthetic,
        };
        Self { election, node_name: "demo".to_owned(), passphrase: None }
    }
}

impl Node {
    /// Opens a folder, making it a node if it is empty.
    ///
    /// # Errors
    /// [`NodeError`] says what stands in the way: another process, a newer layout, damage, a full disk.
    pub fn open(dir: &Path, options: &OpenOptions) -> Result<Self, NodeError> {
        let rules = Rules::parse(facts::PERMISSIONS_CSV, facts::SEPARATION_CSV)
            .map_err(|error| NodeError::Table(error.to_string()))?;
        let gazetteer = facts::gazetteer().map_err(|error| NodeError::Table(error.to_string()))?;
        let mut store = Store::open(dir)?;
        let (key, ring) = key::load(&mut store, options.passphrase.as_ref())?;
        let former = Former::load(&store)?;
        let election_id = match store.setting(ELECTION_SETTING)? {
            Some(id) => id,
            None => options.election.id.clone(),
        };
        let election = genesis::election_name(&election_id);
        let joined = super::trust::load_genesis(&store)?;
        let alone = || Root { keys: vec![key.public()], threshold: 1 };
        let mut roster = Roster::new(election, joined.as_ref().map_or_else(alone, Genesis::root));
        super::trust::load_roster(&store, &mut roster)?;
        let held = |place| super::intake::held(&store, place);
        let own = Own { device: key.id(), former: &former };
        let judge = Judge { rules: &rules, roster: &roster, own, held: &held };
        let folded = load::fold(&store, &judge)?;
        let (reader, epoch) = (store.reader()?, store.epoch());
        let clock = Clock::resumed(folded.newest);
        let live = Live::new();
        let node = Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                name: store.setting("name")?.unwrap_or_else(|| options.node_name.clone()),
                key,
                ring,
                former,
                election_id,
                election,
                genesis: joined,
                epoch,
                rules,
                gazetteer,
                writer: Mutex::new(Writer { store, clock, roster }),
                reader: Mutex::new(reader),
                fold: RwLock::new(folded),
                world: RwLock::default(),
                desk: Desk::default(),
                carriers: Mutex::default(),
                payloads_from: AtomicI64::new(0),
                solved: Mutex::default(),
                jobs: Jobs::new(live.clone()),
                live,
                day: crate::day::Desk::default(),
                theatre: super::replay::Theatre::default(),
            }),
        };
        if node.ops(|state| state.election().is_none()) {
            node.begin(options)?;
        }
        node.reload_all()?;
        node.delete_again()?;
        node.carry_out()?;
        node.recall_frames()?;
        Ok(node)
    }

    /// The first acts of a node: who may act on it, and for which election.
    fn begin(&self, options: &OpenOptions) -> Result<(), NodeError> {
        let mut writer = self.writer();
        // Whoever joined a founding belongs to its election, whatever a command line says.
        let election = match writer.store.setting(ELECTION_SETTING)? {
            Some(id) if id != options.election.id => Election {
                nature: Nature::of_id(&id),
                name: id.clone(),
                id,
                date: options.election.date,
            },
            Some(_) | None => options.election.clone(),
        };
        writer.store.set_setting(ELECTION_SETTING, Some(&election.id))?;
        writer.store.set_setting("name", Some(&options.node_name))?;
        writer.store.commit(&Batch { search: self.known_places(), ..Batch::default() })?;
        drop(writer);
        let nation = AreaId::nation();
        if self.ops(|state| state.persons.may_bootstrap()) {
            self.first_account(CONSOLE, "Console of this node", &["PEC", "SYSADMIN"])?;
            if election.nature == Nature::Synthetic {
                self.first_account(
                    DEMO_PERSON,
                    "Demo planner",
                    &["PEC", "POL-SP", "DRO", "CTRL-D"],
                )?;
                self.first_account(DEMO_SECOND, "Demo second person", &["ECP-NAT"])?;
            }
        }
        let actor = self.console("election.open")?;
        let command = election::Command::Open { area: nation, election };
        self.execute(&actor, Command::Election(command))?;
        Ok(())
    }

    /// Districts and towns, which can be found before anything is imported.
    fn known_places(&self) -> Vec<SearchChange> {
        let gazetteer = self.gazetteer();
        let districts = gazetteer.districts.iter().map(|district| SearchRow {
            kind: "district".to_owned(),
            key: district.area.to_string(),
            area: district.area.to_string(),
            text: format!("{}, {}", district.name, district.province),
        });
        let towns = gazetteer.towns.iter().map(|town| SearchRow {
            kind: "town".to_owned(),
            key: town.name.clone(),
            area: AreaId::nation().to_string(),
            text: format!("{} {}", town.name, town.name_ur).trim().to_owned(),
        });
        vec![
            SearchChange::ReplaceKind("district".to_owned(), districts.collect()),
            SearchChange::ReplaceKind("town".to_owned(), towns.collect()),
        ]
    }

    /// An account that nobody granted; ops allows only the first few of a node.
    ///
    /// # Errors
    /// [`NodeError::Refused`] once the node has its first accounts.
    pub fn first_account(
        &self,
        person: &str,
        display_name: &str,
        roles: &[&str],
    ) -> Result<PersonId, NodeError> {
        let name = |text: &str| NodeError::Table(format!("`{text}` cannot name a person or role"));
        let person = PersonId::try_new(person).map_err(|_invalid| name(person))?;
        let nation = AreaId::nation();
        let expires = UnixMs(now().0 + FIRST_ACCOUNT_DAYS * DAY_MS);
        let expires = self.ops(|state| state.persons.latest_expiry(state, now(), expires));
        let mut scopes = Vec::with_capacity(roles.len());
        for role in roles {
            let role = Role::try_new(*role).map_err(|_invalid| name(role))?;
            scopes.push(RoleScope { role, area: nation.clone(), expires });
        }
        let role =
            scopes.first().map_or_else(|| Role::try_new("NODE"), |scope| Ok(scope.role.clone()));
        let role = role.map_err(|_invalid| name("NODE"))?;
        let actor = Actor { person: person.clone(), role, area: nation.clone() };
        let display_name = display_name.to_owned();
        let command = person::Command::FirstAccount {
            area: nation,
            person: person.clone(),
            display_name,
            roles: scopes,
        };
        self.execute(&actor, Command::Person(command))?;
        Ok(person)
    }

    /// What the room says about this node.
    #[must_use]
    pub fn info(&self) -> NodeInfo {
        let election = self.ops(|state| state.election().cloned());
        let demo = election.as_ref().is_some_and(|e| e.nature == Nature::Synthetic);
        // The reader's own connection: a long commit holds the writer's, and nobody who only looks waits for it.
        let entries = self.reader().entries_count().map_or(0, |(count, _)| count);
        NodeInfo {
            name: self.inner.name.clone(),
            device: self.inner.key.id().to_string(),
            epoch: self.inner.epoch,
            entries,
            version: env!("CARGO_PKG_VERSION"),
            election,
            demo,
        }
    }

    /// # Errors
    /// [`NodeError::NotADemo`] when this node holds anything but a synthetic election.
    pub fn must_be_synthetic(&self) -> Result<(), NodeError> {
        if self.info().demo { Ok(()) } else { Err(NodeError::NotADemo) }
    }
}

impl Node {
    /// A batch that is received now, by the wall's clock and by the day's own where an exercise has one.
    pub(super) fn batch(&self) -> Batch {
        let now = now();
        let day_ms = self.day_clock().map(|clock| clock.at(now).0);
        Batch { received_ms: ledger_ms(now), day_ms, ..Batch::default() }
    }
}

/// Wall time for a batch's receipt.
pub(super) fn received_ms() -> u64 {
    ledger_ms(now())
}
