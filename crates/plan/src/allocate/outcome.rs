//! From a solved flow to a plan: postings, needs, shortfalls with reason and price, and the certificate.

use super::{
    AllocateInput,
    model::{Model, Sink, index, kind_index},
    rule::{Bar, leader},
    settle::Held,
};
use crate::{
    flow::{Problem, Solution, bound_of, loads},
    reserve::road::Known,
};
use pehra_domain::{
    force::{StaffKind, Tier},
    plan::{BuildingNeed, Certificate, Plan, Posting, Relaxation, Shortfall, ShortfallReason},
};
use std::collections::{BTreeMap, BTreeSet};

/// Name and version of the engine; a change that can change a plan's bytes changes it.
pub(super) const ENGINE: &str = "pehra unit-price flow 5";

/// What is proposed where policewomen are missing from a minimum.
const MITIGATION: &str = "Send the sector's mobile women's team, one to a sector, before the poll opens; \
                          until it is there no woman is searched by a man.";

/// Who stands where, and the problem that it answers.
pub(super) struct Answer<'a> {
    pub(super) problem: &'a Problem,
    pub(super) solution: &'a Solution,
}

/// Per building and kind: need, posted, missing, highest price.
#[derive(Clone, Copy, Default)]
struct Line {
    need: u32,
    posted: u32,
    price: i64,
    reason: Option<ShortfallReason>,
}

pub(super) fn plan(input: &AllocateInput, model: &Model, solved: &Answer<'_>, held: &Held) -> Plan {
    let (problem, solution) = (solved.problem, solved.solution);
    let mut posted: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    let mut received = vec![0_u32; model.sinks.len()];
    for flow in &solution.flows {
        // Sinks behind those of the model are reserves.
        let Some(received) = received.get_mut(flow.sink as usize) else { continue };
        *received += flow.count;
        *posted
            .entry((model.first_of(flow.source), model.sinks[flow.sink as usize].site))
            .or_default() += flow.count;
    }
    let mut pinned_cost = 0_i64;
    for pin in &model.pins {
        let site = model.sinks[pin.sink as usize].site;
        *posted.entry((model.first_of(pin.source), site)).or_default() += pin.count;
        let source = &model.sources[pin.source as usize];
        let way = model.way_cost(source, &model.sites[site as usize]) + pin.penalty;
        pinned_cost += i64::from(way) * i64::from(pin.count);
    }
    let shortages = Shortages::of(model, solved, held);
    let prices = problem.node_prices(&solution.prices);
    let mut lines: BTreeMap<(u32, StaffKind), Line> = BTreeMap::new();
    for (number, sink) in model.sinks.iter().enumerate() {
        let line = lines.entry((sink.site, sink.post.counted_as())).or_default();
        let got = received[number] + sink.pinned;
        line.need += sink.need;
        line.posted += got;
        if got < sink.need {
            line.price =
                line.price.max(price_of_one_more(problem, number, received[number], &prices));
            line.reason = line.reason.or(Some(shortages.reason(model, sink)));
        }
    }
    let mut plan = Plan {
        certificate: certificate(input, model, solved, held, (pinned_cost, &posted)),
        postings: postings(model, &posted),
        shortfalls: Vec::new(),
        needs: Vec::with_capacity(lines.len()),
    };
    for ((site, kind), line) in lines {
        let building = model.sites[site as usize].id.clone();
        let woman = kind == StaffKind::PoliceWoman;
        plan.needs.push(BuildingNeed {
            building: building.clone(),
            kind,
            need: line.need,
            minimum: if woman { line.need } else { 0 },
            posted: line.posted,
        });
        let missing = line.need - line.posted;
        let Some(reason) = line.reason else { continue };
        plan.shortfalls.push(Shortfall {
            building,
            kind,
            missing,
            minimum_missing: if woman { missing } else { 0 },
            reason,
            shadow_price: line.price,
            mitigation: if woman { MITIGATION.to_owned() } else { String::new() },
        });
    }
    add_capped(model, &mut plan);
    plan.certificate.relaxations = relaxations(&plan, substitutes(model, solved));
    let bent = &mut plan.certificate.relaxations;
    bent.extend(home_unknown(model));
    bent.extend(held.relaxations());
    if input.rules.leaders {
        let leaderless = leader::relaxation(input, &plan, &held.without_leader);
        plan.certificate.relaxations.extend(leaderless);
    }
    plan
}

/// How many of the ways that people take were measured by road, and how many were estimated.
fn by_road(model: &Model, posted: &BTreeMap<(u32, u32), u32>) -> Option<String> {
    let roads = model.roads.as_ref()?;
    let mut ways: BTreeMap<Known, (u64, u64)> = BTreeMap::new();
    for (&(source, site), &count) in posted {
        let (source, site) = (&model.sources[source as usize], &model.sites[site as usize]);
        let (all, people) = ways.entry(model.by_road(source, site)).or_default();
        *all += 1;
        *people += u64::from(count);
    }
    let of = |known: fn(&Known) -> bool| {
        let some = ways.iter().filter(|(key, _)| known(key)).map(|(_, &count)| count);
        some.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
    };
    let (measured, driven) = of(|known| matches!(known, Known::Seconds(_)));
    let (beyond, longer) = of(|known| *known == Known::Beyond);
    let (off_road, estimated) = of(|known| *known == Known::OffRoad);
    let mut text = format!(
        "{measured} ways of {driven} people were measured by road; {off_road} ways of {estimated} people are \
         estimated, because the unit or the place is far from every road of the map"
    );
    if beyond > 0 {
        let minutes = roads.limit_s() / 60;
        text += &format!(
            "; {beyond} ways of {longer} people take longer than {minutes} minutes by road, or none leads there, and are estimated"
        );
    }
    text += ". A minute by road counts as what one drives in it at the terrain's mean speed.";
    Some(text)
}

/// Units whose people nobody listed: the rule on homes says nothing of them.
fn home_unknown(model: &Model) -> Option<Relaxation> {
    let count = u64::from(model.home_unknown);
    (count > 0).then(|| Relaxation {
        rule: "home_constituency".to_owned(),
        count,
        text: format!(
            "{count} people belong to units whose homes nobody listed; nothing keeps them from being posted at home."
        ),
    })
}

/// What one more person standing at the place would save: a person who serves there becomes free for elsewhere,
/// or, where nobody serves, the dearest empty post is filled.
fn price_of_one_more(problem: &Problem, sink: usize, received: u32, prices: &[i64]) -> i64 {
    let unmet = problem.demand(sink) - received;
    let empty = problem.price_of_missing(sink, unmet).unwrap_or(0);
    if received == 0 {
        return empty;
    }
    bound_of(problem, sink, prices).unwrap_or(empty).max(empty)
}

fn postings(model: &Model, posted: &BTreeMap<(u32, u32), u32>) -> Vec<Posting> {
    let mut postings: Vec<(u32, u32, Posting)> = posted
        .iter()
        .map(|(&(source, site), &count)| {
            let (source, at) = (&model.sources[source as usize], &model.sites[site as usize]);
            let posting = Posting {
                unit: model.units[source.unit as usize].clone(),
                building: at.id.clone(),
                kind: source.kind,
                count,
                distance_m: model.distance_m(source, at),
                origin: model.origin(source, at),
            };
            (source.unit, site, posting)
        })
        .collect();
    postings.sort_unstable_by_key(|(unit, site, posting)| (*unit, *site, posting.kind));
    postings.into_iter().map(|(_, _, posting)| posting).collect()
}

/// Posts that the norm asks for and a cap forbids: listed beside the need, which is what may be posted.
fn add_capped(model: &Model, plan: &mut Plan) {
    for site in &model.sites {
        let (police, fixed) = site.due.capped;
        let military = match site.selected {
            Some(Tier::Army) => StaffKind::Army,
            Some(Tier::Police | Tier::CivilArmedForces) | None => StaffKind::CivilArmedForces,
        };
        for (kind, missing) in [(StaffKind::PoliceMan, police), (military, fixed)] {
            if missing > 0 {
                plan.shortfalls.push(Shortfall {
                    building: site.id.clone(),
                    kind,
                    missing,
                    minimum_missing: 0,
                    reason: ShortfallReason::Capped,
                    shadow_price: 0,
                    mitigation: String::new(),
                });
            }
        }
    }
    plan.shortfalls
        .sort_by(|a, b| (&a.building, a.kind, a.reason).cmp(&(&b.building, b.kind, b.reason)));
}

/// Who is left over, to tell why posts stay empty.
struct Shortages<'a> {
    vacated: &'a BTreeSet<(u32, u32)>,
    /// Sources with people left, by kind.
    idle: [Vec<u32>; 4],
    /// Whether anybody of the kind could be posted at all.
    any: [bool; 4],
    /// Whether a lock took units of the kind away.
    locked: [bool; 4],
}

impl<'a> Shortages<'a> {
    fn of(model: &Model, solved: &Answer<'_>, held: &'a Held) -> Self {
        let mut out = Self {
            vacated: &held.vacated,
            idle: [Vec::new(), Vec::new(), Vec::new(), Vec::new()],
            any: [false; 4],
            locked: [false; 4],
        };
        let load = loads(solved.problem, &solved.solution.flows);
        for (number, source) in model.sources.iter().enumerate() {
            let kind = kind_index(source.kind);
            if load[number] < source.free {
                out.idle[kind].push(index(number));
            }
            out.any[kind] |= source.strength > 0;
            out.locked[kind] |= model.excluded_units.contains(&source.unit);
        }
        out
    }

    fn reason(&self, model: &Model, sink: &Sink) -> ShortfallReason {
        let kinds: Vec<usize> = sink
            .post
            .fillers(&model.weights)
            .into_iter()
            .map(|(kind, _)| kind_index(kind))
            .collect();
        let mut bars = BTreeSet::new();
        for &kind in &kinds {
            for &source in &self.idle[kind] {
                let source = &model.sources[source as usize];
                match model.bar(sink.site, source) {
                    None if self.vacated.contains(&(sink.site, source.unit)) => {
                        bars.insert(Bar::Seatless)
                    }
                    None => return ShortfallReason::TooFar,
                    Some(bar) => bars.insert(bar),
                };
            }
        }
        // What somebody could change by hand is told before what nobody can.
        match bars.first() {
            Some(Bar::Excluded) => return ShortfallReason::Locked,
            Some(Bar::Seatless) => return ShortfallReason::Together,
            Some(Bar::TooLong) => return ShortfallReason::TooLong,
            Some(Bar::AtHome) => return ShortfallReason::AtHome,
            None => {}
        }
        if kinds.iter().any(|&kind| self.any[kind]) {
            return ShortfallReason::NobodyLeft;
        }
        if kinds.iter().any(|&kind| self.locked[kind]) {
            return ShortfallReason::Locked;
        }
        ShortfallReason::NoSuchUnit
    }
}

fn certificate(
    input: &AllocateInput,
    model: &Model,
    solved: &Answer<'_>,
    held: &Held,
    (by_hand, posted): (i64, &BTreeMap<(u32, u32), u32>),
) -> Certificate {
    Certificate {
        input_hash: input.hash(),
        seed: input.seed,
        engine: ENGINE.to_owned(),
        objective: solved.solution.objective + by_hand,
        dual_bound: held.dual_bound + by_hand,
        relaxations: Vec::new(),
        notes: notes(input, model, solved, (by_hand, posted)),
    }
}

fn notes(
    input: &AllocateInput,
    model: &Model,
    solved: &Answer<'_>,
    (pinned_cost, posted): (i64, &BTreeMap<(u32, u32), u32>),
) -> Vec<String> {
    let [plain, hill, mountain] = input.distance.detour_permille;
    let [normal, sensitive, most] = input.weights.missing;
    let mut notes = vec![
        format!(
            "Distances are estimated: great circle times {plain}, {hill} or {mountain} thousandths in plain, hills \
             or mountains."
        ),
        format!(
            "One unit of the objective is one person travelling 100 m. A missing person costs {normal}, \
             {sensitive} or {most} by class, {} times that in the dearer half of a place's posts and in a women's \
             minimum.",
            input.weights.dearer_half
        ),
        format!(
            "Another district counts {} units more, another province {} more, a higher tier in place of a lower \
             one {}, a woman at a post that a man could fill {}.",
            input.weights.other_district,
            input.weights.other_province,
            input.weights.substitute,
            input.weights.woman_at_open_post
        ),
        if model.dearest_way() < i64::from(normal) {
            "No post stays empty while anybody who may fill it is idle: the longest journey costs less than the \
             cheapest missing person."
                .to_owned()
        } else {
            "A post may stay empty although somebody who may fill it is idle: the longest journey costs more than \
             the cheapest missing person."
                .to_owned()
        },
        format!(
            "The bound holds for every pair of unit and place: {} ways were kept, all others priced and found no \
             better.",
            solved.problem.arc_count()
        ),
    ];
    notes.extend(by_road(model, posted));
    notes.extend(input.rules.notes(input.roads.is_some()));
    if model.not_listed > 0 {
        notes.push(format!(
            "{} people on the units' strength are not on the list of those who may be drawn and were not posted.",
            model.not_listed
        ));
    }
    if pinned_cost > 0 {
        notes.push(format!("People pinned by hand travel {pinned_cost} units of the objective."));
    }
    if model.other_days > 0 {
        notes.push(format!(
            "{} places are guarded on other days than the poll and are not in this plan.",
            model.other_days
        ));
    }
    if model.out_of_window > 0 {
        notes.push(format!(
            "{} people are not available from the opening of the poll to its end and were not posted.",
            model.out_of_window
        ));
    }
    notes
}

fn relaxations(plan: &Plan, substitutes: u64) -> Vec<Relaxation> {
    let mut out = Vec::new();
    let women: u64 = plan.shortfalls.iter().map(|s| u64::from(s.minimum_missing)).sum();
    if women > 0 {
        out.push(Relaxation {
            rule: "women_minimum".to_owned(),
            count: women,
            text: format!("{women} posts of women's minima are not filled. {MITIGATION}"),
        });
    }
    let capped: u64 = plan
        .shortfalls
        .iter()
        .filter(|s| s.reason == ShortfallReason::Capped)
        .map(|s| u64::from(s.missing))
        .sum();
    if capped > 0 {
        out.push(Relaxation {
            rule: "visible_armed_max".to_owned(),
            count: capped,
            text: format!(
                "{capped} posts that the norm asks for are not posted: they would be above the cap on visible \
                 armed presence."
            ),
        });
    }
    if substitutes > 0 {
        out.push(Relaxation {
            rule: "tier_order".to_owned(),
            count: substitutes,
            text: format!("{substitutes} people stand in posts of a lower tier."),
        });
    }
    out
}

/// Civil armed forces or army in posts of a lower tier.
fn substitutes(model: &Model, solved: &Answer<'_>) -> u64 {
    let higher = |source: u32, sink: u32| {
        let post = model.sinks.get(sink as usize).map(|sink| sink.post);
        post.is_some_and(|post| {
            model.sources[source as usize].kind.tier() > post.counted_as().tier()
        })
    };
    let flows = solved.solution.flows.iter().map(|flow| (flow.source, flow.sink, flow.count));
    let pins = model.pins.iter().map(|pin| (pin.source, pin.sink, pin.count));
    flows
        .chain(pins)
        .filter(|&(source, sink, _)| higher(source, sink))
        .map(|(_, _, count)| u64::from(count))
        .sum()
}
