//! Areas with what is missing there, and lists of committees.

use super::{
    PAGE, PAGE_MAX,
    look::{CommunityCounts, CommunityRow, Look, Viewer, day_of, looks},
};
use crate::{
    http::{
        problem::{Fault, Problem},
        reply,
        room::Room,
        sight::{areas_to_name, areas_with},
        table::need,
        who::{Access, area_asked},
    },
    node::Node,
};
use axum::{
    Json,
    extract::{Query, State},
};
use pehra_domain::Date;
use pehra_ops::{
    community::{Duty, Kind, Matter, Topic},
    permission as row,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityArea {
    pub area: String,
    /// As the list of districts has it; empty where it has none.
    pub name: String,
    pub name_ur: String,
    /// By the census; none of an area that is no district.
    pub adults: Option<u32>,
    /// Without those that have ended.
    pub committees: usize,
    pub ended: usize,
    pub counts: CommunityCounts,
    /// Committees of which somebody did not hear what everybody hears.
    pub unbriefed: usize,
    /// Committees without a rota of the day, or with two.
    pub without_rota: usize,
    /// Committees whose rota leaves a duty to nobody while stations are open.
    pub gaps: usize,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityLog {
    /// Today where polls are held.
    pub today: String,
    pub poll: String,
    /// The day of the rotas that are counted.
    pub day: String,
    /// Minutes of a day between which stations are open.
    pub opens: u16,
    pub closes: u16,
    /// Everything within reach.
    pub whole: CommunityArea,
    /// Every district within reach, those without a committee too, and other areas that have one.
    pub areas: Vec<CommunityArea>,
    /// Areas for which whoever asks may form one.
    pub may_form: Vec<String>,
    /// Whoever asks sees numbers somewhere.
    pub numbers: bool,
    pub kinds: Vec<&'static str>,
    pub duties: Vec<&'static str>,
    pub topics: Vec<&'static str>,
    pub matters: Vec<&'static str>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CommunityPage {
    pub total: usize,
    pub rows: Vec<CommunityRow>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Day {
    /// Of the rotas; the poll's unless given.
    pub day: Option<String>,
}

fn empty(area: String) -> CommunityArea {
    CommunityArea {
        area,
        name: String::new(),
        name_ur: String::new(),
        adults: None,
        committees: 0,
        ended: 0,
        counts: CommunityCounts::default(),
        unbriefed: 0,
        without_rota: 0,
        gaps: 0,
    }
}

impl CommunityArea {
    fn add(&mut self, one: &Look<'_>, rota: &str) {
        if !one.is_open() {
            self.ended += 1;
            return;
        }
        self.committees += 1;
        let (sum, more) = (&mut self.counts, one.counts());
        sum.seats += more.seats;
        sum.enlisted += more.enlisted;
        sum.passed += more.passed;
        sum.waiting += more.waiting;
        sum.refused += more.refused;
        sum.disputed += more.disputed;
        sum.unbriefed += more.unbriefed;
        self.unbriefed += usize::from(one.is_unbriefed());
        self.without_rota += usize::from(matches!(rota, "none" | "disputed"));
        self.gaps += usize::from(rota == "gaps");
    }
}

fn log(node: &Node, access: &Access, day: Date) -> CommunityLog {
    let viewer = Viewer::of(node, access);
    let mut areas: BTreeMap<String, CommunityArea> = BTreeMap::new();
    for district in node.gazetteer().districts.iter().filter(|it| viewer.reaches(&it.area)) {
        let known = CommunityArea {
            name: district.name.clone(),
            name_ur: district.name_ur.clone(),
            adults: Some(district.adults),
            ..empty(district.area.to_string())
        };
        areas.insert(known.area.clone(), known);
    }
    let widest = viewer.access.holdings.iter().map(|one| &one.area).min_by_key(|it| it.depth());
    let mut whole = empty(widest.map(ToString::to_string).unwrap_or_default());
    whole.adults = Some(areas.values().filter_map(|it| it.adults).fold(0, u32::saturating_add));
    node.ops(|state| {
        for one in looks(state, &viewer, None) {
            let rota = one.rota_word(day, viewer.hours);
            let area = one.mark.area.to_string();
            areas.entry(area.clone()).or_insert_with(|| empty(area)).add(&one, rota);
            whole.add(&one, rota);
        }
    });
    CommunityLog {
        today: Date::of_pkt(node.now()).to_string(),
        poll: node.poll_date().to_string(),
        day: day.to_string(),
        opens: viewer.hours.0,
        closes: viewer.hours.1,
        whole,
        areas: areas.into_values().collect(),
        may_form: areas_to_name(node, &viewer.access, row::COMMUNITY_FORM),
        numbers: !areas_with(node, &viewer.access.holdings, need::COMMUNITY_NUMBERS).is_empty(),
        kinds: Kind::ALL.iter().map(|one| one.word()).collect(),
        duties: Duty::ALL.iter().map(|one| one.word()).collect(),
        topics: Topic::ALL.iter().map(|one| one.word()).collect(),
        matters: Matter::ALL.iter().map(|one| one.word()).collect(),
    }
}

/// Every district within reach with its committees and what is missing there.
#[utoipa::path(get, path = "/api/community", tag = "community", params(Day),
    responses((status = 200, body = CommunityLog), (status = 422, body = Fault)))]
pub async fn list(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<Day>,
) -> Result<Json<CommunityLog>, Problem> {
    let day = day_of(room.node(), asked.day.as_deref())?;
    reply::blocking(move || Ok(log(room.node(), &access, day))).await
}

/// What is wanting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CommunityShow {
    #[default]
    Open,
    /// Somebody waits for a vetting, or was vetted apart.
    Unvetted,
    Unbriefed,
    /// No rota of the day, two, or one that leaves a duty to nobody.
    Gaps,
    /// Feedback without an answer.
    Unanswered,
    Ended,
}

impl CommunityShow {
    fn fits(self, one: &Look<'_>, day: Date, hours: (u16, u16)) -> bool {
        let open = one.is_open();
        match self {
            Self::Open => open,
            Self::Ended => !open,
            Self::Unvetted => {
                let counts = one.counts();
                open && counts.waiting + counts.disputed > 0
            }
            Self::Unbriefed => open && one.is_unbriefed(),
            Self::Gaps => open && matches!(one.rota_word(day, hours), "none" | "disputed" | "gaps"),
            Self::Unanswered => open && one.unanswered() > 0,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    pub area: Option<String>,
    /// Of the rotas; the poll's unless given.
    pub day: Option<String>,
    #[param(inline)]
    pub show: Option<CommunityShow>,
    /// Part of the place's name.
    pub find: Option<String>,
    #[serde(default)]
    pub offset: usize,
    /// At most 1,000.
    pub limit: Option<usize>,
}

/// Committees within reach, by area and place: counts alone.
#[utoipa::path(get, path = "/api/community/committees", tag = "community", params(Which),
    responses((status = 200, body = CommunityPage), (status = 422, body = Fault)))]
pub async fn committees(
    State(room): State<Room>,
    access: Access,
    Query(asked): Query<Which>,
) -> Result<Json<CommunityPage>, Problem> {
    let day = day_of(room.node(), asked.day.as_deref())?;
    let area = area_asked(asked.area.as_deref())?;
    let (show, find) = (asked.show.unwrap_or_default(), asked.find.unwrap_or_default());
    let find = find.trim().to_lowercase();
    let limit = asked.limit.unwrap_or(PAGE).min(PAGE_MAX);
    reply::blocking(move || {
        let viewer = Viewer::of(room.node(), &access);
        Ok(room.node().ops(|state| {
            let mut all = looks(state, &viewer, area.as_ref());
            all.retain(|one| {
                one.committee.place.to_lowercase().contains(&find)
                    && show.fits(one, day, viewer.hours)
            });
            let page = all.iter().skip(asked.offset).take(limit);
            CommunityPage {
                total: all.len(),
                rows: page.map(|one| one.row(&viewer, day)).collect(),
            }
        }))
    })
    .await
}
