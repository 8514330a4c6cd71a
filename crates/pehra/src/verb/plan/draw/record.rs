//! `pehra plan draw record`: the draw as signed entries of the ledger.

use super::read_people;
use crate::{
    auth::hex,
    node::Node,
    verb::printer::Printer,
    work::{
        self,
        draw::{Opening, entries},
    },
};
use anyhow::{Context, bail, ensure};
use clap::{Args, Subcommand, ValueEnum};
use pehra_domain::{AreaId, PersonId, duty::Demands};
use pehra_ops::{
    Command, EventRef,
    draw::{self as ops, On, Phase, Stage},
    permission as row,
};
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Record {
    #[command(subcommand)]
    step: Step,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StageWord {
    Pool,
    Posts,
    Stations,
}

impl StageWord {
    fn stage(self) -> Stage {
        match self {
            Self::Pool => Stage::Pool,
            Self::Posts => Stage::Posts,
            Self::Stations => Stage::Stations,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Step {
    /// Write people and a plan's posts down on this node and sign their hash. Nothing else can be drawn from afterwards.
    Begin {
        /// Who can be drawn: number, unit, tier, sex, rank, home, modules, excluded.
        #[arg(long, value_name = "FILE", required_unless_present = "imagined")]
        people: Option<PathBuf>,
        /// Imagined people for the demo's imagined nation.
        #[arg(long, conflicts_with = "people")]
        imagined: bool,
        /// The plan; the newest unless named.
        #[arg(long, value_name = "ID")]
        plan: Option<String>,
        /// A party and the account that speaks for it; three at least.
        #[arg(long, value_name = "NAME=PERSON")]
        party: Vec<String>,
        /// The area that the draw is for.
        #[arg(long, default_value = "pk")]
        area: String,
        #[arg(long, default_value = "")]
        title: String,
        /// Spares called besides those who are posted, in thousandths of them.
        #[arg(long, default_value_t = Demands::default().spare_permille)]
        spares: u32,
    },
    /// Publish this node's key as the one to which shares for your party are sealed.
    Join(Which),
    /// Propose to open the stage that comes next.
    Propose(Which),
    /// Open the stage that comes next, as the second person.
    Open(Which),
    /// Commit to a secret for your party, and deal its shares to the others.
    Commit(Which),
    /// Show your party's secret, once all have committed.
    Reveal(Which),
    /// Show the share of a withheld secret that was dealt to your party.
    ShowShare {
        #[command(flatten)]
        which: Which,
        /// The party that withholds its secret.
        #[arg(long)]
        party: String,
    },
    /// Put a withheld secret together from the shares that were shown.
    Recover {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        party: String,
    },
    /// Draw the stage that comes next, and sign what came out.
    Run(Which),
    /// Draw who stands in for somebody who fell out on the day, sealed to the parties.
    Replace {
        #[command(flatten)]
        which: Which,
        /// The service number of whoever fell out.
        number: String,
    },
    /// Withdraw the draw: it stays on record, and another can be begun.
    Withdraw {
        #[command(flatten)]
        which: Which,
        #[arg(long)]
        reason: String,
    },
    /// Say how every draw stands and what waits for whom.
    Status,
    /// Write the draw as the folder that is published: `pehra prove draw FOLDER` checks it.
    Export {
        #[command(flatten)]
        which: Which,
        folder: PathBuf,
    },
    /// Take people and posts that somebody brought in such a folder, if a draw on record is over them.
    Take { folder: PathBuf },
    /// Look somebody up: by service number, or by polling station.
    Who {
        #[command(flatten)]
        which: Which,
        #[arg(long, required_unless_present = "station")]
        number: Option<String>,
        #[arg(long, conflicts_with = "number")]
        station: Option<String>,
    },
}

#[derive(Debug, Args)]
struct Which {
    /// The draw, by the name that `status` shows; the only one that stands unless named.
    #[arg(long, value_name = "DRAW")]
    draw: Option<String>,
    /// The stage; the one that comes next unless named.
    #[arg(long)]
    stage: Option<StageWord>,
}

impl Which {
    fn draw(&self, node: &Node) -> anyhow::Result<EventRef> {
        if let Some(name) = &self.draw {
            return EventRef::parse(name).with_context(|| format!("`{name}` names no draw"));
        }
        let standing: Vec<EventRef> = node.ops(|state| {
            let all = state.draws.all();
            all.filter(|(_, record, ..)| record.stands()).map(|(at, ..)| at).collect()
        });
        match standing.as_slice() {
            [one] => Ok(*one),
            [] => bail!("no draw stands: begin one with `pehra plan draw record begin`"),
            [_, _, ..] => bail!("several draws stand: name one with --draw, as `status` shows it"),
        }
    }

    fn on(&self, node: &Node) -> anyhow::Result<On> {
        let draw = self.draw(node)?;
        let next = || node.ops(|state| state.draws.next(draw));
        let stage = self.stage.map(StageWord::stage).or_else(next);
        Ok(On { draw, stage: stage.context("all three stages of this draw are drawn")? })
    }
}

impl Record {
    pub(super) fn run(&self, data: &Path, printer: &mut Printer) -> anyhow::Result<()> {
        let node = crate::verb::open(data)?;
        match &self.step {
            Step::Begin { .. } => self.begin(&node, printer),
            Step::Status => {
                status(&node, printer);
                Ok(())
            }
            Step::Join(_)
            | Step::Commit(_)
            | Step::Reveal(_)
            | Step::ShowShare { .. }
            | Step::Recover { .. } => self.party(&node, printer),
            Step::Propose(_) | Step::Open(_) | Step::Run(_) | Step::Withdraw { .. } => {
                self.stage(&node, printer)
            }
            Step::Replace { which, number } => replace(&node, which, number, printer),
            Step::Export { .. } | Step::Take { .. } => self.folder(&node, printer),
            Step::Who { which, number, station } => {
                who(&node, which, number.as_deref(), station.as_deref(), printer)
            }
        }
    }

    /// What a party's own person does.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are not a party's")]
    fn party(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let actor = node.console(row::DRAW_PARTY)?;
        match &self.step {
            Step::Join(which) => entries::join(node, &actor, which.draw(node)?)?,
            Step::Commit(which) => entries::commit(node, &actor, which.on(node)?)?,
            Step::Reveal(which) => entries::reveal(node, &actor, which.on(node)?)?,
            Step::ShowShare { which, party } => {
                entries::show_share(node, &actor, which.on(node)?, party)?;
            }
            Step::Recover { which, party } => {
                entries::recover(node, &actor, which.on(node)?, party)?;
            }
            _ => {}
        }
        status(node, printer);
        Ok(())
    }

    /// What brings a draw from stage to stage, or to its end.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are about no stage")]
    fn stage(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        match &self.step {
            Step::Propose(which) => {
                let command = ops::Command::ProposeStage { on: which.on(node)? };
                node.execute(&node.console(row::DRAW_OPEN)?, Command::Draw(command))?;
            }
            Step::Open(which) => {
                let on = which.on(node)?;
                let proposal = node.ops(|state| state.draws.proposals(on).next().map(|(at, _)| at));
                let proposal = proposal.context("nobody has proposed to open this stage")?;
                let command = ops::Command::OpenStage { proposal };
                node.execute(&node.console(row::DRAW_APPROVE)?, Command::Draw(command))?;
            }
            Step::Run(which) => {
                let actor = node.console(row::DRAW_OPEN)?;
                let mut watch = |step| printer.step(&step);
                let drawn = entries::run(node, &actor, which.on(node)?, &mut watch)?;
                printer.line(&format!("seed {}", hex(&drawn.seed)));
                printer.line(&format!("roster {}", hex(&drawn.hash)));
            }
            Step::Withdraw { which, reason } => {
                let (draw, reason) = (which.draw(node)?, reason.trim().to_owned());
                let command = ops::Command::Withdraw { draw, reason };
                node.execute(&node.console(row::DRAW_APPROVE)?, Command::Draw(command))?;
            }
            _ => {}
        }
        status(node, printer);
        Ok(())
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "the others are about no folder")]
    fn folder(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        match &self.step {
            Step::Export { which, folder } => {
                may_look(node)?;
                let mut watch = |step| printer.step(&step);
                entries::export(node, which.draw(node)?, folder, &mut watch)?;
                printer.line(&format!("`pehra prove draw {}` checks it", folder.display()));
            }
            Step::Take { folder } => {
                let draw = entries::take(node, folder, &mut |step| printer.step(&step))?;
                printer.line(&format!("the people and posts of draw {draw} are on this node"));
            }
            _ => {}
        }
        Ok(())
    }

    fn begin(&self, node: &Node, printer: &mut Printer) -> anyhow::Result<()> {
        let Step::Begin { people, imagined, plan, party, area, title, spares } = &self.step else {
            return Ok(());
        };
        let people = match people {
            Some(file) => read_people(file, printer)?,
            None if *imagined => work::nation::people(node)?,
            None => bail!("name the list of people with --people FILE"),
        };
        let mut persons = entries::Persons::new();
        for one in party {
            let named = one.split_once('=');
            let (name, person) =
                named.with_context(|| format!("`{one}`: write --party police=ACCOUNT"))?;
            persons.push((name.trim().to_owned(), PersonId::try_new(person.trim())?));
        }
        let draft = Opening {
            title: title.clone(),
            plan: plan.clone(),
            people,
            parties: Vec::new(),
            demands: Demands { spare_permille: *spares, ..Demands::default() },
        };
        let actor = node.console(row::DRAW_OPEN)?;
        let area = AreaId::try_new(area.trim())?;
        let draw = entries::begin(node, &actor, &area, draft, persons)?;
        let input = node.ops(|state| Some(state.draws.get(draw)?.opening()?.0.input));
        printer.line(&format!("draw {draw}"));
        printer.line(&format!("input {}", input.map_or_else(String::new, |it| it.to_string())));
        printer.note("now every party joins, and then two persons open the first stage");
        Ok(())
    }
}

fn replace(node: &Node, which: &Which, number: &str, printer: &mut Printer) -> anyhow::Result<()> {
    let out =
        PersonId::try_new(number).with_context(|| format!("`{number}` is no service number"))?;
    let actor = node.console(row::DRAW_OPEN)?;
    let mut watch = |step| printer.step(&step);
    match entries::replace(node, &actor, which.draw(node)?, &out, &mut watch)? {
        Some(person) => printer.line(&format!("{person} stands in for {out}")),
        None => bail!(
            "no spare of the unit may hold the post of {out}: ask the sector for a mobile team"
        ),
    }
    Ok(())
}

/// Whether whoever sits here may see service numbers.
fn may_look(node: &Node) -> anyhow::Result<()> {
    let actor = node.console(row::ROSTER_VIEW)?;
    let may = node.rules().permissions.allows(&actor.role, row::ROSTER_VIEW);
    ensure!(may, "{} may not see service numbers", actor.person);
    Ok(())
}

fn who(
    node: &Node,
    which: &Which,
    number: Option<&str>,
    station: Option<&str>,
    printer: &mut Printer,
) -> anyhow::Result<()> {
    may_look(node)?;
    let look = match (number, station) {
        (Some(number), _) => entries::Look::Number(PersonId::try_new(number.trim())?),
        (None, Some(station)) => entries::Look::Station(station.trim().to_owned()),
        (None, None) => bail!("name a service number or a polling station"),
    };
    let draw = which.draw(node)?;
    let (stage, found) = {
        let kept = entries::RosterKept::default();
        entries::look(node, &kept, (draw, &look), &mut |step| printer.step(&step))?
    };
    printer.note(&format!("as drawn in stage {}", stage.name()));
    for one in found {
        let cells = work::draw::roster_row(&one.line).join("\t");
        let stands_in = one.for_whom.map_or_else(String::new, |out| format!("\tfor {out}"));
        printer.line(&format!("{cells}{stands_in}"));
    }
    Ok(())
}

fn status(node: &Node, printer: &mut Printer) {
    let lines = node.ops(|state| {
        let mut lines = Vec::new();
        for (draw, record, opening, by) in state.draws.all() {
            let stands = if record.stands() { "" } else { ", withdrawn" };
            lines.push(format!("draw {draw} {} ({}){stands}", opening.title, by.area));
            lines.push(format!("  input {}", opening.input));
            for (at, party) in opening.numbered() {
                let joined = if record.key(at).is_some() { "joined" } else { "has not joined" };
                lines.push(format!("  {} ({}) {joined}", party.name, party.person));
            }
            for stage in Stage::ALL {
                let phase = state.draws.phase(On { draw, stage: *stage });
                let missing = || {
                    let all = opening.numbered();
                    let silent = all.filter(|(at, _)| record.commitment(*stage, *at).is_none());
                    silent.map(|(_, party)| party.name.as_str()).collect::<Vec<_>>().join(", ")
                };
                let waits = if phase == Phase::Committing {
                    format!(": {} must commit", missing())
                } else {
                    String::new()
                };
                lines.push(format!("  {}: {}{waits}", stage.name(), phase.name()));
            }
        }
        lines
    });
    if lines.is_empty() {
        printer.note("no draw is on record");
    }
    for line in lines {
        printer.line(&line);
    }
}
