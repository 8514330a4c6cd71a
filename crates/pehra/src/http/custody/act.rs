//! What is done with polling material: one route, one act, each with its own row of the permission table.

use super::{open_about, view::ExceptionView};
use crate::http::{
    given::Given,
    persons::execute,
    problem::{Fault, Problem},
    room::Room,
    who::Access,
};
use axum::{Json, extract::State};
use pehra_domain::{AreaId, ConstituencyId, ItemId, StationId, UnixMs, role::Role};
use pehra_ops::{
    Actor, Command, EventRef, Hash32, Refusal, RefusalCode,
    custody::{
        self, Compared, Copy, CopySeen, Counted, Desk, Ending, FormKind, FormRead, Issue, Kind,
        NewItem, Note, Offer, Outcome, Parting, Passage, Reading, Receipt, Release, Road, Serials,
        Sheet, Step, Totals, Witness, form, step::Part,
    },
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct SerialsWish {
    #[serde(default)]
    pub prefix: String,
    pub first: u64,
    pub last: u64,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct NewItemWish {
    pub item: String,
    /// `bag`, `box`, `tamper-bag` …
    pub kind: String,
    pub station: Option<String>,
    pub contest: Option<String>,
    pub within: Option<String>,
    pub serials: Option<SerialsWish>,
    #[serde(default)]
    pub seals: Vec<String>,
}

/// Seals of one item, as they were read or put on.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct ReadingWish {
    pub item: String,
    pub seals: Vec<String>,
}

#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
pub struct RoadWish {
    pub off_m: u32,
    pub planned_m: u32,
    pub driven_m: u32,
    pub halt_minutes: u16,
}

/// Totals of papers. There is no field for a candidate.
#[derive(Clone, Copy, Debug, Deserialize, utoipa::ToSchema)]
pub struct TotalsWish {
    pub registered: u32,
    pub received: u32,
    pub issued: u32,
    pub unissued: u32,
    pub in_box: u32,
    pub spoilt: u32,
    pub unaccounted: u32,
    pub valid: u32,
    pub rejected: u32,
    pub roll_marks: u32,
    pub women: Option<u32>,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct SheetWish {
    /// `F45` or `F46`.
    pub form: String,
    /// SHA-256 of the image before it was sealed.
    pub image: String,
    /// SHA-256 of the sealed bytes.
    pub sealed: String,
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct FormCodeWish {
    pub form: String,
    pub code: String,
}

/// One act. `at_ms` is now, to the minute, unless another moment is given.
#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
#[serde(tag = "deed", rename_all = "kebab-case")]
pub enum CustodyDeed {
    Register {
        items: Vec<NewItemWish>,
    },
    IssueSeals {
        seals: SerialsWish,
        station: Option<String>,
    },
    Offer {
        step: String,
        items: Vec<String>,
        to: String,
        due_ms: Option<i64>,
        #[serde(default)]
        place: String,
        #[serde(default)]
        photographs: Vec<String>,
    },
    Receive {
        offer: String,
        read: Vec<ReadingWish>,
        #[serde(default)]
        missing: Vec<String>,
        #[serde(default)]
        clocks_apart_s: u32,
        #[serde(default)]
        place: String,
        #[serde(default)]
        photographs: Vec<String>,
    },
    Decline {
        offer: String,
        reason: String,
    },
    Recall {
        offer: String,
        reason: String,
    },
    Depart {
        step: String,
        items: Vec<String>,
        #[serde(default)]
        vehicle: String,
        due_ms: Option<i64>,
    },
    Arrive {
        step: String,
        items: Vec<String>,
        #[serde(default)]
        vehicle: String,
        road: Option<RoadWish>,
    },
    Record {
        step: String,
        items: Vec<String>,
        #[serde(default)]
        found: Vec<ReadingWish>,
        #[serde(default)]
        sealed: Vec<ReadingWish>,
        used: Option<u32>,
        #[serde(default)]
        reference: String,
        #[serde(default)]
        note: String,
    },
    Split {
        whole: String,
        parts: Vec<String>,
        reason: String,
    },
    Join {
        whole: String,
        parts: Vec<String>,
        reason: String,
    },
    Witness {
        entry: String,
        witness: String,
        agrees: bool,
        #[serde(default)]
        note: String,
    },
    Propose {
        items: Vec<String>,
        absent: String,
        reason: String,
    },
    Approve {
        release: String,
        read: Vec<ReadingWish>,
    },
    Destroy {
        items: Vec<String>,
        order: String,
        method: String,
    },
    Count {
        station: String,
        contest: String,
        totals: TotalsWish,
        #[serde(default)]
        sheets: Vec<SheetWish>,
        agents: u16,
        #[serde(default)]
        unsigned_reason: String,
        posted: bool,
        copies: u16,
    },
    ReadForm {
        station: String,
        contest: String,
        desk: String,
        totals: TotalsWish,
        #[serde(default)]
        codes: Vec<FormCodeWish>,
    },
    Compare {
        station: String,
        contest: String,
        form: String,
        desk: String,
        same: bool,
        /// The other person's word, which this one signs too.
        first: Option<String>,
    },
    SeeCopy {
        station: String,
        contest: String,
        copy: String,
        there: bool,
        #[serde(default)]
        note: String,
    },
    Take {
        exception: String,
    },
    Resolve {
        exception: String,
        outcome: String,
        note: String,
    },
}

#[derive(Clone, Debug, Deserialize, utoipa::ToSchema)]
pub struct CustodyActWish {
    /// The district whose items they are.
    pub area: String,
    pub at_ms: Option<i64>,
    pub act: CustodyDeed,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CustodyDone {
    pub entries: Vec<String>,
    /// Codes to be written on the papers that were signed.
    pub codes: Vec<String>,
    /// What stands open about the items that were touched.
    pub exceptions: Vec<ExceptionView>,
}

fn items(names: &[String]) -> Result<Vec<ItemId>, Problem> {
    Ok(names.iter().map(|name| ItemId::try_new(name.trim())).collect::<Result<_, _>>()?)
}

fn readings(all: Vec<ReadingWish>) -> Result<Vec<Reading>, Problem> {
    let one = |wish: ReadingWish| {
        // A scanner ends a number with a space or an end of line.
        let seals = wish.seals.iter().map(|seal| seal.trim().to_owned());
        let seals = seals.filter(|seal| !seal.is_empty()).collect();
        Ok(Reading { item: ItemId::try_new(wish.item.trim())?, seals })
    };
    all.into_iter().map(one).collect()
}

fn hashes(all: &[String]) -> Result<Vec<Hash32>, Problem> {
    all.iter()
        .map(|hex| Hash32::parse(hex.trim()).ok_or_else(|| Problem::refused("sha-256")))
        .collect()
}

fn entry(text: &str) -> Result<EventRef, Problem> {
    EventRef::parse(text.trim()).ok_or_else(|| Problem::not_found(text))
}

fn step(code: &str) -> Result<Step, Problem> {
    Step::parse(code).ok_or_else(|| Problem::refused("step"))
}

fn serials(wish: SerialsWish) -> Serials {
    Serials { prefix: wish.prefix, first: wish.first, last: wish.last }
}

fn totals(wish: TotalsWish) -> Totals {
    let TotalsWish {
        registered,
        received,
        issued,
        unissued,
        in_box,
        spoilt,
        unaccounted,
        valid,
        rejected,
        roll_marks,
        women,
    } = wish;
    Totals {
        registered,
        received,
        issued,
        unissued,
        in_box,
        spoilt,
        unaccounted,
        valid,
        rejected,
        roll_marks,
        women,
    }
}

fn new_item(wish: NewItemWish) -> Result<NewItem, Problem> {
    Ok(NewItem {
        item: ItemId::try_new(wish.item.trim())?,
        kind: Kind::parse(&wish.kind).ok_or_else(|| Problem::refused("kind"))?,
        station: wish.station.map(StationId::try_new).transpose()?,
        contest: wish.contest.map(ConstituencyId::try_new).transpose()?,
        within: wish.within.map(ItemId::try_new).transpose()?,
        serials: wish.serials.map(serials),
        seals: wish.seals,
    })
}

/// The command of a wish.
#[expect(clippy::too_many_lines, reason = "one arm an act, each as short as it can be")]
fn command(
    area: AreaId,
    at: UnixMs,
    act: CustodyDeed,
    room: &Room,
) -> Result<custody::Command, Problem> {
    use custody::Command as C;
    Ok(match act {
        CustodyDeed::Register { items } => C::Register {
            area,
            items: items.into_iter().map(new_item).collect::<Result<_, _>>()?,
            at,
        },
        CustodyDeed::IssueSeals { seals, station } => {
            let station = station.map(StationId::try_new).transpose()?;
            C::IssueSeals { area, issues: vec![Issue { seals: serials(seals), station }] }
        }
        CustodyDeed::Offer { step: code, items: names, to, due_ms, place, photographs } => {
            let (to, due) = (Role::try_new(to.trim())?, due_ms.map(UnixMs));
            let (step, items) = (step(&code)?, items(&names)?);
            let photographs = hashes(&photographs)?;
            C::Offer { area, offer: Offer { step, items, to, at, due, place, photographs } }
        }
        CustodyDeed::Receive { offer, read, missing, clocks_apart_s, place, photographs } => {
            let offer = entry(&offer)?;
            let step = room.node().ops(|ops| ops.custody.offer(offer).map(|(it, _)| it.step));
            let step = step.ok_or_else(|| Problem::not_found(offer.to_string()))?;
            let (read, missing) = (readings(read)?, items(&missing)?);
            let photographs = hashes(&photographs)?;
            C::Receive {
                receipt: Receipt {
                    offer,
                    step,
                    at,
                    read,
                    missing,
                    clocks_apart_s,
                    place,
                    photographs,
                },
            }
        }
        CustodyDeed::Decline { offer, reason } => C::Decline { offer: entry(&offer)?, at, reason },
        CustodyDeed::Recall { offer, reason } => C::Recall { offer: entry(&offer)?, at, reason },
        CustodyDeed::Depart { step: code, items: names, vehicle, due_ms } => {
            let (step, items, due) = (step(&code)?, items(&names)?, due_ms.map(UnixMs));
            C::Depart { area, passage: Passage { step, items, at, vehicle, due, road: None } }
        }
        CustodyDeed::Arrive { step: code, items: names, vehicle, road } => {
            let (step, items) = (step(&code)?, items(&names)?);
            let road = road.map(|it| Road {
                off_m: it.off_m,
                planned_m: it.planned_m,
                driven_m: it.driven_m,
                halt_minutes: it.halt_minutes,
            });
            C::Arrive { area, passage: Passage { step, items, at, vehicle, due: None, road } }
        }
        CustodyDeed::Record { step: code, items: names, found, sealed, used, reference, note } => {
            let (step, items) = (step(&code)?, items(&names)?);
            let (found, sealed) = (readings(found)?, readings(sealed)?);
            let (road, photographs) = (None, Vec::new());
            let note =
                Note { step, items, at, found, sealed, road, used, reference, photographs, note };
            C::Record { area, note }
        }
        CustodyDeed::Split { whole, parts, reason } => {
            let (whole, parts) = (ItemId::try_new(whole.trim())?, items(&parts)?);
            C::Split { area, parting: Parting { whole, parts, at, reason } }
        }
        CustodyDeed::Join { whole, parts, reason } => {
            let (whole, parts) = (ItemId::try_new(whole.trim())?, items(&parts)?);
            C::Join { area, parting: Parting { whole, parts, at, reason } }
        }
        CustodyDeed::Witness { entry: of, witness, agrees, note } => {
            let witness = Witness::parse(&witness).ok_or_else(|| Problem::refused("witness"))?;
            C::Witness { entry: entry(&of)?, at, witness, agrees, note }
        }
        CustodyDeed::Propose { items: names, absent, reason } => {
            let (items, absent) = (items(&names)?, Role::try_new(absent.trim())?);
            C::Propose { area, release: Release { items, absent, at, reason } }
        }
        CustodyDeed::Approve { release, read } => {
            C::Approve { release: entry(&release)?, at, read: readings(read)? }
        }
        CustodyDeed::Destroy { items: names, order, method } => {
            let (items, photographs) = (items(&names)?, Vec::new());
            C::Destroy { area, ending: Ending { items, at, order, method, photographs } }
        }
        CustodyDeed::Take { exception } => C::Take { area, exception, at },
        CustodyDeed::Resolve { exception, outcome, note } => {
            let outcome = Outcome::parse(&outcome).ok_or_else(|| Problem::refused("outcome"))?;
            C::Resolve { area, exception, at, outcome, note }
        }
        CustodyDeed::Count { .. }
        | CustodyDeed::ReadForm { .. }
        | CustodyDeed::Compare { .. }
        | CustodyDeed::SeeCopy { .. } => return form_command(area, at, act),
    })
}

fn form_kind(word: &str) -> Result<FormKind, Problem> {
    FormKind::parse(word).ok_or_else(|| Problem::refused("form"))
}

fn desk_of(word: &str) -> Result<Desk, Problem> {
    Desk::parse(word).ok_or_else(|| Problem::refused("desk"))
}

/// Acts about forms.
#[expect(clippy::wildcard_enum_match_arm, reason = "the second half of the list above")]
fn form_command(area: AreaId, at: UnixMs, act: CustodyDeed) -> Result<custody::Command, Problem> {
    use custody::Command as C;
    let named = |station: String, contest: String| -> Result<_, Problem> {
        Ok((StationId::try_new(station.trim())?, ConstituencyId::try_new(contest.trim())?))
    };
    Ok(match act {
        CustodyDeed::Count {
            station,
            contest,
            totals: papers,
            sheets,
            agents,
            unsigned_reason,
            posted,
            copies,
        } => {
            let (station, contest) = named(station, contest)?;
            let sheet = |wish: SheetWish| {
                let form = form_kind(&wish.form)?;
                let hash = |hex: &str| {
                    Hash32::parse(hex.trim()).ok_or_else(|| Problem::refused("sha-256"))
                };
                let image = hash(&wish.image)?;
                let code = form::code(&station, &contest, form, &image);
                Ok::<_, Problem>(Sheet { form, image, sealed: hash(&wish.sealed)?, code })
            };
            let sheets = sheets.into_iter().map(sheet).collect::<Result<_, _>>()?;
            let totals = totals(papers);
            let counted = Counted {
                station,
                contest,
                at,
                totals,
                sheets,
                agents,
                unsigned_reason,
                posted,
                copies,
            };
            C::Count { area, counted }
        }
        CustodyDeed::ReadForm { station, contest, desk, totals: papers, codes } => {
            let (station, contest) = named(station, contest)?;
            let code = |it: FormCodeWish| Ok::<_, Problem>((form_kind(&it.form)?, it.code));
            let codes = codes.into_iter().map(code).collect::<Result<_, _>>()?;
            let (desk, totals) = (desk_of(&desk)?, totals(papers));
            C::ReadForm { area, read: FormRead { station, contest, desk, at, totals, codes } }
        }
        CustodyDeed::Compare { station, contest, form, desk, same, first } => {
            let (station, contest) = named(station, contest)?;
            let (form, desk) = (form_kind(&form)?, desk_of(&desk)?);
            let first = first.as_deref().map(entry).transpose()?;
            C::Compare {
                area,
                compared: Compared { station, contest, form, desk, at, same, first },
            }
        }
        CustodyDeed::SeeCopy { station, contest, copy, there, note } => {
            let (station, contest) = named(station, contest)?;
            let copy = Copy::parse(&copy).ok_or_else(|| Problem::refused("copy"))?;
            C::SeeCopy { area, seen: CopySeen { station, contest, copy, at, there, note } }
        }
        _ => return Err(Problem::refused("deed")),
    })
}

/// The part of a step that a command is.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others are no part of a step")]
fn part(command: &custody::Command) -> Option<(Step, Part)> {
    use custody::Command as C;
    Some(match command {
        C::Offer { offer, .. } => (offer.step, Part::Give),
        C::Receive { receipt } => (receipt.step, Part::Receive),
        C::Depart { passage, .. } | C::Arrive { passage, .. } => (passage.step, Part::Keep),
        C::Record { note, .. } => (note.step, Part::Keep),
        C::Count { .. } => (Step::C10, Part::Keep),
        C::Destroy { .. } => (Step::C17, Part::Keep),
        _ => return None,
    })
}

/// The narrowest role that reaches the area, holds the permission and has this part of the step.
fn actor(
    room: &Room,
    access: &Access,
    area: &AreaId,
    command: &custody::Command,
) -> Result<Actor, Problem> {
    let permission = Command::Custody(command.clone()).permission();
    let own = part(command);
    let fits = |role: &Role| own.is_none_or(|(step, part)| step.allows(part, role.as_str()));
    access.actor_preferred(room.node(), area, permission, fits)
}

/// Does one act: registers, offers, receives, records, compares, resolves.
#[utoipa::path(post, path = "/api/custody/acts", tag = "custody", request_body = CustodyActWish,
    responses((status = 200, body = CustodyDone), (status = 403, body = Fault), (status = 409, body = Fault),
        (status = 422, body = Fault)))]
pub async fn act(
    State(room): State<Room>,
    access: Access,
    Given(wish): Given<CustodyActWish>,
) -> Result<Json<CustodyDone>, Problem> {
    let area = AreaId::try_new(wish.area.trim())?;
    let now = room.node().day_now();
    // Whole minutes: an act that a person's own key signs is given twice, and must be the same act.
    let at = wish.at_ms.map_or_else(|| UnixMs(now.0 / 60_000 * 60_000), UnixMs);
    let command = command(area.clone(), at, wish.act, &room)?;
    let codes = if let custody::Command::Count { counted, .. } = &command {
        counted.sheets.iter().map(|sheet| sheet.code.clone()).collect()
    } else {
        Vec::new()
    };
    let actor = actor(&room, &access, &area, &command)?;
    let command = Command::Custody(command);
    let known = room.node().ops(|ops| command.area(ops).cloned());
    if known.is_some_and(|other| other != area) {
        return Err(Refusal::of(RefusalCode::AreaMismatch, &area).into());
    }
    let entries = execute(&room, actor, command).await?;
    let (node, refs) = (room.node().clone(), entries.clone());
    let exceptions = tokio::task::spawn_blocking(move || {
        node.ops(|ops| {
            let touched: Vec<ItemId> =
                refs.iter().flat_map(|at| ops.custody.touched(*at)).collect();
            if touched.is_empty() {
                return Vec::new();
            }
            open_about(&ops.custody, &area, &touched, &access, now)
        })
    });
    let exceptions = exceptions.await.map_err(Problem::internal)?;
    let entries = entries.iter().map(ToString::to_string).collect();
    Ok(Json(CustodyDone { entries, codes, exceptions }))
}
