//! The observer's screen: what was changed about classes, where material stands, which services were suspended, what two
//! persons released in an emergency, and how lots were drawn. It shows and gives away proofs; nothing is done here.

use crate::{
    http::{
        mark::DoneBy,
        problem::{Fault, Problem},
        record::{ProofView, proven},
        reply,
        room::Room,
        view::{area_name, area_name_ur},
        who::Access,
    },
    node::Node,
    work::{
        court::{Register, Subject, files},
        tar::archive,
    },
};
use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use pehra_domain::{AreaId, UnixMs};
use pehra_ops::{
    EventRef, State as Ops, custody,
    draw::{On, Stage},
    official_class::Phase,
    stamp::Mark,
};
use serde::Serialize;

/// Of each register the newest are listed.
const ROWS_MAX: usize = 200;
/// Entries of one file: more are taken by area, or by the command line.
const ENTRIES_MAX: usize = 5_000;

/// One act with its entry.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedAct {
    pub what: &'static str,
    pub by: DoneBy,
    /// Device, log epoch and number.
    pub entry: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedArea {
    pub area: String,
    pub name: String,
    pub name_ur: Option<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedClass {
    pub at: ObservedArea,
    pub station: String,
    /// `normal`, `sensitive` or `most`.
    pub class: &'static str,
    /// `proposed`, `approved`, `rejected` or `disputed`.
    pub phase: &'static str,
    pub as_of: String,
    pub source: String,
    pub reason: String,
    pub acts: Vec<ObservedAct>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedStatement {
    pub word: &'static str,
    pub at_ms: Option<i64>,
    pub detail: String,
    pub source: String,
    pub act: ObservedAct,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedSuspension {
    pub at: ObservedArea,
    pub name: String,
    pub services: Vec<&'static str>,
    pub phase: &'static str,
    pub countersigned: bool,
    pub statements: Vec<ObservedStatement>,
    /// Statements that were taken back.
    pub struck: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedRelease {
    pub at: ObservedArea,
    pub items: Vec<String>,
    /// The role that could not act.
    pub absent: String,
    pub reason: String,
    /// `proposed`, or `approved` by a second person.
    pub phase: &'static str,
    pub acts: Vec<ObservedAct>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedStage {
    /// `pool`, `posts` or `stations`.
    pub stage: &'static str,
    pub phase: &'static str,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObservedDraw {
    pub at: ObservedArea,
    pub title: String,
    /// The hash of what is drawn from.
    pub input: String,
    pub people: u32,
    pub posts: u32,
    pub parties: Vec<String>,
    pub stages: Vec<ObservedStage>,
    pub withdrawn: bool,
    pub act: ObservedAct,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ObserverView {
    pub now_ms: i64,
    /// The newest first, as in every list here.
    pub classes: Vec<ObservedClass>,
    pub suspensions: Vec<ObservedSuspension>,
    pub releases: Vec<ObservedRelease>,
    pub draws: Vec<ObservedDraw>,
}

/// The five registers within reach.
#[utoipa::path(get, path = "/api/observer", tag = "observer",
    responses((status = 200, body = ObserverView), (status = 403, body = Fault)))]
pub async fn list(State(room): State<Room>, access: Access) -> Result<Json<ObserverView>, Problem> {
    reply::blocking(move || {
        let node = room.node();
        let now = node.day_now();
        Ok(node.ops(|state| {
            let seen = Seen { node, state, access: &access };
            ObserverView {
                now_ms: now.0,
                classes: seen.classes(),
                suspensions: seen.suspensions(),
                releases: seen.releases(),
                draws: seen.draws(),
            }
        }))
    })
    .await
}

struct Seen<'a> {
    node: &'a Node,
    state: &'a Ops,
    access: &'a Access,
}

impl Seen<'_> {
    fn area(&self, area: &AreaId) -> ObservedArea {
        let gazetteer = self.node.gazetteer();
        ObservedArea {
            name: area_name(gazetteer, area),
            name_ur: area_name_ur(gazetteer, area),
            area: area.to_string(),
        }
    }

    fn classes(&self) -> Vec<ObservedClass> {
        let row = |(at, proposal): (EventRef, &pehra_ops::official_class::Proposal)| {
            let (record, mark) = proposal.proposed.as_ref()?;
            if !self.access.reaches(&mark.area) {
                return None;
            }
            let phase = match self.state.official_classes.phase(at) {
                Phase::Unknown | Phase::Proposed => "proposed",
                Phase::Approved => "approved",
                Phase::Rejected => "rejected",
                Phase::Disputed => "disputed",
            };
            let mut acts = vec![act("proposed", mark, mark.clock_ms, at)];
            let answers = proposal.answer.heads().filter(|(head, _)| *head != at);
            acts.extend(
                answers.map(|(head, it)| act(it.value.name(), &it.mark, it.mark.clock_ms, head)),
            );
            Some(ObservedClass {
                at: self.area(&mark.area),
                station: record.station.to_string(),
                class: record.class.word(),
                phase,
                as_of: record.as_of.to_string(),
                source: record.source.clone(),
                reason: record.reason.clone(),
                acts,
            })
        };
        newest(self.state.official_classes.proposals().filter_map(row), |row| {
            row.acts.last().map_or(0, |act| act.by.at_ms)
        })
    }

    fn suspensions(&self) -> Vec<ObservedSuspension> {
        let concerned =
            self.state.suspensions.all().filter(|(area, ..)| self.access.concerns(area));
        let row = |(area, name, record): (
            &AreaId,
            &pehra_domain::SuspensionId,
            &pehra_ops::suspension::Record,
        )| {
            let statement =
                |(at, stated): (EventRef, &pehra_ops::suspension::Stated)| ObservedStatement {
                    word: stated.statement.word(),
                    at_ms: stated.statement.at().map(|at| at.0),
                    detail: stated.statement.detail(),
                    source: stated.source.clone(),
                    act: act("stated", &stated.mark, stated.mark.clock_ms, at),
                };
            ObservedSuspension {
                at: self.area(area),
                name: name.to_string(),
                services: record
                    .services()
                    .into_iter()
                    .map(pehra_ops::suspension::Service::name)
                    .collect(),
                phase: record.phase().name(),
                countersigned: record.is_countersigned(),
                statements: record.standing().map(statement).collect(),
                struck: record.struck().count(),
            }
        };
        newest(concerned.map(row), |row| {
            row.statements.iter().map(|one| one.act.by.at_ms).max().unwrap_or_default()
        })
    }

    fn releases(&self) -> Vec<ObservedRelease> {
        let row = |(at, act_of, approvals): custody::Released<'_>| {
            let custody::Event::ReleaseProposed(release) = &act_of.event else { return None };
            if !self.access.reaches(&act_of.mark.area) {
                return None;
            }
            let mut acts = vec![act("proposed", &act_of.mark, release.at, at)];
            acts.extend(
                approvals.iter().map(|(at, one)| act("approved", &one.mark, one.at(), *at)),
            );
            Some(ObservedRelease {
                at: self.area(&act_of.mark.area),
                items: release.items.iter().map(ToString::to_string).collect(),
                absent: release.absent.as_str().to_owned(),
                reason: release.reason.clone(),
                phase: if approvals.is_empty() { "proposed" } else { "approved" },
                acts,
            })
        };
        newest(self.state.custody.all_releases().into_iter().filter_map(row), |row| {
            row.acts.last().map_or(0, |act| act.by.at_ms)
        })
    }

    fn draws(&self) -> Vec<ObservedDraw> {
        let concerned =
            self.state.draws.all().filter(|(.., mark)| self.access.concerns(&mark.area));
        let row = |(at, record, opening, mark): (
            EventRef,
            &pehra_ops::draw::Record,
            &pehra_ops::draw::Opening,
            &Mark,
        )| {
            let stage = |stage: Stage| ObservedStage {
                stage: stage.name(),
                phase: self.state.draws.phase(On { draw: at, stage }).name(),
            };
            ObservedDraw {
                at: self.area(&mark.area),
                title: opening.title.clone(),
                input: opening.input.to_string(),
                people: opening.people,
                posts: opening.posts,
                parties: opening.parties.iter().map(|party| party.name.clone()).collect(),
                stages: Stage::ALL.iter().copied().map(stage).collect(),
                withdrawn: record.withdrawn().is_some(),
                act: act("opened", mark, mark.clock_ms, at),
            }
        };
        newest(concerned.map(row), |row| row.act.by.at_ms)
    }
}

fn act(what: &'static str, mark: &Mark, at: UnixMs, entry: EventRef) -> ObservedAct {
    ObservedAct { what, by: DoneBy::at(mark, at), entry: entry.to_string() }
}

fn newest<T>(rows: impl Iterator<Item = T>, when: impl Fn(&T) -> i64) -> Vec<T> {
    let mut rows: Vec<T> = rows.collect();
    rows.sort_by_key(|row| std::cmp::Reverse(when(row)));
    rows.truncate(ROWS_MAX);
    rows
}

/// The proof of one entry of a register. Where no checkpoint covers it yet this node signs one.
#[utoipa::path(post, path = "/api/observer/proof/{device}/{epoch}/{seq}", tag = "observer",
    params(("device" = String, Path), ("epoch" = String, Path), ("seq" = String, Path)),
    responses((status = 200, body = ProofView), (status = 403, body = Fault), (status = 404, body = Fault)))]
pub async fn prove(
    State(room): State<Room>,
    access: Access,
    Path((device, epoch, seq)): Path<(String, String, String)>,
) -> Result<Json<ProofView>, Problem> {
    let text = format!("{device}/{epoch}/{seq}");
    proven(room, access, text, |sight, entry| {
        let header = entry.header();
        let area = AreaId::try_new(header.area.as_str());
        Register::of(header.kind).is_some() && area.is_ok_and(|area| sight.concerns(&area))
    })
    .await
}

/// A register within reach as a folder in one file (`tar`): every entry with its proof, which `pehra prove verify` checks
/// with the founding file alone. Where no checkpoint covers it yet this node signs one.
#[utoipa::path(post, path = "/api/observer/{register}/bundle", tag = "observer",
    params(("register" = String, Path)),
    responses((status = 200, content_type = "application/x-tar", body = Vec<u8>),
        (status = 404, body = Fault), (status = 413, body = Fault)))]
pub async fn bundle(
    State(room): State<Room>,
    access: Access,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let register = Register::named(&name).ok_or_else(|| Problem::not_found(&name))?;
    let node = room.node().clone();
    let made = tokio::task::spawn_blocking(move || {
        let areas = access.holdings.iter().map(|one| one.area.clone()).collect();
        let subject = Subject::Register(register, areas);
        let (files, _) = files(&node, &subject, Some(ENTRIES_MAX))?;
        let at_s = u64::try_from(node.now().0 / 1000).unwrap_or_default();
        archive(&format!("pehra-{}", register.name()), at_s, &files).map_err(Problem::internal)
    });
    let bytes = made.await.map_err(Problem::internal)??;
    Ok(reply::file(&format!("pehra-{name}.tar"), "application/x-tar", bytes))
}
