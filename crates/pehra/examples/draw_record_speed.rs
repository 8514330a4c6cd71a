//! A draw of the nation through signed entries, step by step, on one node: from the hash of what is drawn from, over commitments,
//! a secret that is withheld and put together, three stages, to looking somebody up and a stranger's check.
//! `cargo run --release -p pehra --example draw_record_speed [-- FOLDER [SEED]]`; a folder that holds a nation with a plan is
//! used as it is.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

#[path = "steps/mod.rs"]
mod steps;

use pehra::{
    node::{CONSOLE, DEMO_PERSON, DEMO_SECOND, Node, OpenOptions},
    work::{
        self,
        draw::{Folder, Opening, entries, prove},
    },
};
use pehra_domain::{
    AreaId, PersonId,
    duty::{Demands, Lot},
};
use pehra_ops::{
    Actor, Command, EventRef,
    draw::{self as ops, On, Stage},
    permission as row,
};
use std::path::PathBuf;
use steps::{Outcome, go_on, step};

/// A party, and the account that speaks for it.
const PARTIES: [(&str, &str); 3] =
    [("police", DEMO_PERSON), ("commission", DEMO_SECOND), ("observers", CONSOLE)];

/// A nation of true size with a plan, made unless it is there.
fn nation(node: &Node, seed: u64) -> Outcome<()> {
    steps::nation(node, seed)?;
    if node.world().plans.is_empty() {
        steps::posted(node, seed, "deployment", &work::dispatch::RoadsKept::default())?;
    }
    Ok(())
}

/// The node and the draw that is made on it.
struct Story<'n> {
    node: &'n Node,
    draw: EventRef,
    /// As the room keeps it between two questions.
    kept: entries::RosterKept,
}

impl Story<'_> {
    fn actor(&self, person: &str, permission: &str) -> Outcome<Actor> {
        Ok(self.node.acting(&PersonId::try_new(person)?, permission)?)
    }

    fn told(&self, person: &str, permission: &str, command: ops::Command) -> Outcome<()> {
        self.node.execute(&self.actor(person, permission)?, Command::Draw(command))?;
        Ok(())
    }

    fn opened(&self, on: On) -> Outcome<()> {
        self.told(CONSOLE, row::DRAW_OPEN, ops::Command::ProposeStage { on })?;
        let proposal = self.node.ops(|state| state.draws.proposals(on).next().map(|(at, _)| at));
        let proposal = proposal.ok_or("nothing was proposed")?;
        self.told(DEMO_SECOND, row::DRAW_APPROVE, ops::Command::OpenStage { proposal })
    }

    /// All parties commit and show; in the first stage the last withholds its secret, and the others put it together.
    fn secrets(&self, on: On) -> Outcome<()> {
        let party = |person| self.actor(person, row::DRAW_PARTY);
        for (_, person) in PARTIES {
            entries::commit(self.node, &party(person)?, on)?;
        }
        let [others @ .., (withheld, last)] = &PARTIES;
        for (_, person) in others {
            entries::reveal(self.node, &party(person)?, on)?;
        }
        if on.stage != Stage::Pool {
            entries::reveal(self.node, &party(last)?, on)?;
            return Ok(());
        }
        for (_, person) in others {
            entries::show_share(self.node, &party(person)?, on, withheld)?;
        }
        let (_, first) = PARTIES[0];
        entries::recover(self.node, &party(first)?, on, withheld)?;
        Ok(())
    }

    fn stage(&self, stage: Stage) -> Outcome<()> {
        let on = On { draw: self.draw, stage };
        let name = stage.name();
        step(&format!("{name}: opened by two"), || self.opened(on))?;
        step(&format!("{name}: commitments, secrets"), || self.secrets(on))?;
        let drawn = step(&format!("{name}: drawn and signed"), || {
            let actor = self.actor(CONSOLE, row::DRAW_OPEN)?;
            Ok(entries::run(self.node, &actor, on, &mut go_on)?)
        })?;
        println!("    a roster of {} lines", drawn.roster.len());
        Ok(())
    }

    fn look(&self, name: &str, look: &entries::Look) -> Outcome<Vec<entries::Found>> {
        step(name, || Ok(entries::look(self.node, &self.kept, (self.draw, look), &mut go_on)?.1))
    }
}

fn begun(node: &Node) -> Outcome<EventRef> {
    let people = step("people imagined", || Ok(work::nation::people(node)?))?;
    println!("    {} people", people.len());
    let mut persons = entries::Persons::new();
    for (name, person) in PARTIES {
        persons.push((name.to_owned(), PersonId::try_new(person)?));
    }
    let demands = Demands::default();
    let title = "the nation".to_owned();
    let draft = Opening { title, plan: None, people, parties: Vec::new(), demands };
    let actor = node.acting(&PersonId::try_new(CONSOLE)?, row::DRAW_OPEN)?;
    step("begun: written down, hash signed", || {
        Ok(entries::begin(node, &actor, &AreaId::nation(), draft, persons)?)
    })
}

fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let kept = words.next().map(PathBuf::from);
    let seed = words.next().map_or(Ok(2024), |text| text.parse())?;
    let own = std::env::temp_dir().join(format!("pehra-draw-{}", std::process::id()));
    let folder = kept.clone().unwrap_or_else(|| own.clone());
    let node = step("node opened", || Ok(Node::open(&folder, &OpenOptions::synthetic())?))?;
    nation(&node, seed)?;
    let draw = begun(&node)?;
    let story = Story { node: &node, draw, kept: entries::RosterKept::default() };
    step("three parties join", || {
        for (_, person) in PARTIES {
            entries::join(&node, &story.actor(person, row::DRAW_PARTY)?, story.draw)?;
        }
        Ok(())
    })?;
    for stage in Stage::ALL {
        story.stage(*stage)?;
    }
    let station = node
        .world()
        .stations
        .as_ref()
        .and_then(|table| Some(table.stations.first()?.id.to_string()));
    let station = entries::Look::Station(station.ok_or("there is no station")?);
    let found = story.look("looked up by station", &station)?;
    let posted = found.iter().find(|one| matches!(one.line.lot, Lot::Posted { .. }));
    let number = posted.map(|one| one.line.number.clone()).ok_or("nobody stands there")?;
    let by_number = entries::Look::Number(number.clone());
    story.look("looked up by service number", &by_number)?;
    story.look("the same again", &by_number)?;
    let stands_in = step("somebody replaced", || {
        let actor = story.actor(CONSOLE, row::DRAW_OPEN)?;
        Ok(entries::replace(&node, &actor, story.draw, &number, &mut go_on)?)
    })?;
    println!("    {}", if stands_in.is_some() { "a spare stands in" } else { "no spare may" });
    let found = story.look("looked up after that", &by_number)?;
    assert_eq!(found.iter().any(|one| one.fell_out), stands_in.is_some());
    let published = own.with_extension("published");
    step("published as a folder", || {
        Ok(entries::export(&node, story.draw, &published, &mut go_on)?)
    })?;
    let checked = step("proven by a stranger", || {
        Ok(prove(&Folder::open(&published)?, work::THREADS, &mut go_on)?)
    })?;
    println!("    {checked:?}");
    std::fs::remove_dir_all(&published)?;
    if kept.is_none() {
        drop(node);
        std::fs::remove_dir_all(&own)?;
    }
    Ok(())
}
