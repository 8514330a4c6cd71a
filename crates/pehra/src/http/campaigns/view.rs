//! Campaigns as somebody sees them.

use crate::{
    facts,
    http::{mark::MarkView, room::Room, sight::areas_to_name, who::Access},
    node::Node,
};
use axum::{Json, extract::State};
use pehra_domain::{
    AreaId, Date,
    campaign::{Channel, Language},
};
use pehra_ops::{
    EventRef,
    campaign::{Draft, Fact, LanguageState, Phase, READERS, Record, Topic, neutral},
    incident::Matter,
    permission as row,
    stamp::Mark,
};
use serde::Serialize;

/// One language of a campaign.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignLanguage {
    /// `ur`, `sd`, `ps`, `pa`, `bal`, `skr` or `en`.
    pub language: &'static str,
    /// `missing`, `unsigned`, `faulty`, `disputed`, `signed` or `out`. Blocked is all but `out`.
    pub standing: &'static str,
    /// Who signed the text as it stands; two are needed.
    pub readers: Vec<MarkView>,
    pub readers_needed: usize,
    /// Several where it was written apart; none where nobody wrote.
    pub texts: Vec<String>,
    /// What a reader holds against it.
    pub fault: String,
    /// Rules of neutrality that the text would break today: another version of the table may have let it pass.
    pub breaks: Vec<&'static str>,
    /// Whoever asks may do this about it: `write`, `sign`, `fault`.
    pub acts: Vec<&'static str>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignChannel {
    pub channel: &'static str,
    /// Thousandths of its reach that are left while mobile networks are off.
    pub survives: u32,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignMeasured {
    pub channel: &'static str,
    pub area: String,
    pub reached: u64,
    pub spent_rs: u64,
    pub on: String,
    pub how: String,
    pub by: MarkView,
}

/// Somebody's word about where it stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignWord {
    /// `approved`, `refused` or `stopped`.
    pub word: &'static str,
    pub note: String,
    pub by: MarkView,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignRow {
    /// Names it when something is done about it.
    pub id: String,
    pub area: String,
    pub topic: &'static str,
    pub name: String,
    /// `drafted`, `read`, `approved`, `running`, `over`, `measured`, `refused`, `stopped` or `disputed`.
    pub phase: &'static str,
    pub channels: Vec<CampaignChannel>,
    pub from: String,
    pub until: String,
    pub reach_planned: u64,
    pub cost_rs: u64,
    /// What a correction rests on; empty for everything else.
    pub fact: String,
    /// Whether that is still known; true of everything else.
    pub grounded: bool,
    pub by: MarkView,
    pub words: Vec<CampaignWord>,
    pub languages: Vec<CampaignLanguage>,
    pub measures: Vec<CampaignMeasured>,
    /// The latest word of each channel and place, added up: whom two channels reached counts twice.
    pub reached: u64,
    pub spent_rs: u64,
    /// Whoever asks may do this about it: `approve`, `refuse`, `stop`, `measure`.
    pub acts: Vec<&'static str>,
}

/// What a correction may rest on: no words of it, and nobody's name.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignFact {
    /// As the draft names it.
    pub fact: String,
    /// The incident's code or the report's topic.
    pub kind: String,
    pub area: String,
    /// `verified` or `false`.
    pub finding: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CampaignLog {
    /// What runs first, then what waits for somebody, then the rest; the newest first within each.
    pub campaigns: Vec<CampaignRow>,
    /// Areas for which whoever asks may draft.
    pub areas: Vec<String>,
    pub facts: Vec<CampaignFact>,
    /// All there are, with what survives a cut.
    pub channels: Vec<CampaignChannel>,
    pub languages: Vec<&'static str>,
    pub topics: Vec<&'static str>,
}

fn urgency(phase: &str) -> u8 {
    ["running", "disputed", "drafted", "read", "approved", "over"]
        .iter()
        .position(|one| *one == phase)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

/// What somebody may do.
struct Asked<'a> {
    node: &'a Node,
    access: &'a Access,
    today: Date,
    reads: bool,
    survives: Vec<(Channel, u32)>,
}

impl Asked<'_> {
    fn may(&self, area: &AreaId, permission: &str) -> bool {
        self.access.holds(self.node, area, permission)
    }

    fn is(&self, mark: &Mark) -> bool {
        mark.person == self.access.person
    }

    fn channel(&self, channel: Channel) -> CampaignChannel {
        let survives = self.survives.iter().find(|(one, _)| *one == channel);
        CampaignChannel { channel: channel.word(), survives: survives.map_or(0, |(_, it)| *it) }
    }

    fn language(&self, record: &Record, mark: &Mark, language: Language) -> CampaignLanguage {
        let standing = record.language(language);
        let readers = record.readers(language);
        let open = matches!(
            record.phase(self.today),
            Phase::Drafted | Phase::Read | Phase::Approved | Phase::Running
        );
        let texts: Vec<(&str, &Mark)> = record.texts(language).collect();
        let mut acts = Vec::new();
        if open && self.may(&mark.area, row::CAMPAIGN_EDIT) {
            acts.push("write");
        }
        let written = !matches!(standing, LanguageState::Missing | LanguageState::Disputed);
        let own = texts.iter().any(|(_, by)| self.is(by));
        if open && self.reads && written && standing != LanguageState::Faulty {
            if !own && !readers.iter().any(|reader| self.is(reader)) {
                acts.push("sign");
            }
            acts.push("fault");
        }
        let breaks = texts.iter().flat_map(|(text, _)| neutral::breaks(text));
        CampaignLanguage {
            language: language.code(),
            standing: standing.name(),
            readers: readers.into_iter().map(MarkView::of).collect(),
            readers_needed: READERS,
            fault: record.fault(language).map_or_else(String::new, |(note, _)| note.to_owned()),
            breaks: breaks.map(neutral::Kind::word).collect(),
            texts: texts.into_iter().map(|(text, _)| text.to_owned()).collect(),
            acts,
        }
    }

    fn acts(&self, phase: Phase, record: &Record, mark: &Mark) -> Vec<&'static str> {
        let mut acts = Vec::new();
        let area = &mark.area;
        if self.may(area, row::CAMPAIGN_APPROVE) {
            let waiting = Language::ALL.into_iter().any(|one| {
                let by_me = record.texts(one).any(|(_, by)| self.is(by));
                record.language(one) == LanguageState::Signed && !by_me
            });
            let open =
                matches!(phase, Phase::Read | Phase::Approved | Phase::Running | Phase::Disputed);
            acts.extend((open && waiting && !self.is(mark)).then_some("approve"));
            let draft = matches!(phase, Phase::Drafted | Phase::Read | Phase::Disputed);
            acts.extend(draft.then_some("refuse"));
        }
        let out = matches!(phase, Phase::Approved | Phase::Running | Phase::Disputed);
        acts.extend((out && self.may(area, row::CAMPAIGN_STOP)).then_some("stop"));
        let begun =
            matches!(phase, Phase::Running | Phase::Over | Phase::Measured | Phase::Stopped);
        acts.extend((begun && self.may(area, row::CAMPAIGN_MEASURE)).then_some("measure"));
        acts
    }

    fn row(
        &self,
        state: &pehra_ops::State,
        (at, draft, mark, record): (EventRef, &Draft, &Mark, &Record),
    ) -> CampaignRow {
        let phase = record.phase(self.today);
        let (reached, spent_rs) = record.measured();
        let measures = record.measures().into_iter().map(|(measure, by)| CampaignMeasured {
            channel: measure.channel.word(),
            area: by.area.to_string(),
            reached: measure.reached,
            spent_rs: measure.spent_rs,
            on: measure.on.to_string(),
            how: measure.how.clone(),
            by: MarkView::of(by),
        });
        let words = record.words().map(|(word, by, note)| CampaignWord {
            word,
            note: note.to_owned(),
            by: MarkView::of(by),
        });
        CampaignRow {
            id: at.to_string(),
            area: mark.area.to_string(),
            topic: draft.topic.word(),
            name: draft.name.clone(),
            phase: phase.name(),
            channels: draft.channels.iter().map(|one| self.channel(*one)).collect(),
            from: draft.from.to_string(),
            until: draft.until.to_string(),
            reach_planned: draft.reach_planned,
            cost_rs: draft.cost_rs,
            fact: draft.fact.as_ref().map(fact_word).unwrap_or_default(),
            grounded: record.is_grounded(state),
            by: MarkView::of(mark),
            words: words.collect(),
            languages: Language::ALL
                .into_iter()
                .map(|language| self.language(record, mark, language))
                .collect(),
            measures: measures.collect(),
            reached,
            spent_rs,
            acts: self.acts(phase, record, mark),
        }
    }
}

fn fact_word(fact: &Fact) -> String {
    match fact {
        Fact::Incident(key) => format!("incident {} {}", key.area, key.incident),
        Fact::Report(at) => format!("report {at}"),
    }
}

impl CampaignLog {
    /// What somebody sees.
    #[must_use]
    pub fn of(node: &Node, access: &Access) -> Self {
        let table = &node.rules().permissions;
        let channels = facts::channels().unwrap_or_default();
        let asked = Asked {
            node,
            access,
            today: Date::of_pkt(node.now()),
            reads: access.holdings.iter().any(|it| table.allows(&it.role, row::CAMPAIGN_READ)),
            survives: channels.iter().map(|it| (it.channel, it.survives)).collect(),
        };
        let areas = areas_to_name(node, access, row::CAMPAIGN_EDIT);
        node.ops(|state| {
            let seen = state.campaigns.all().filter(|(_, _, mark, _)| access.concerns(&mark.area));
            let mut campaigns: Vec<CampaignRow> = seen.map(|one| asked.row(state, one)).collect();
            campaigns.sort_by_key(|it| (urgency(it.phase), std::cmp::Reverse(it.by.at_ms)));
            Self {
                campaigns,
                facts: if areas.is_empty() { Vec::new() } else { known(state, access) },
                areas,
                channels: Channel::ALL.into_iter().map(|one| asked.channel(one)).collect(),
                languages: Language::ALL.map(Language::code).into(),
                topics: Topic::ALL.map(Topic::word).into(),
            }
        })
    }
}

/// Incidents and reports within reach of which somebody found out whether they are true.
fn known(state: &pehra_ops::State, access: &Access) -> Vec<CampaignFact> {
    let incidents = state.incidents.all().filter(|(key, _)| key.matter == Matter::Incident);
    let incidents = incidents.filter_map(|(key, record)| {
        let fact = Fact::Incident(key.clone());
        fact.is_known(state).then(|| CampaignFact {
            fact: fact_word(&fact),
            kind: record.class().map_or_else(String::new, |(code, _)| code.name().to_owned()),
            area: key.area.to_string(),
            finding: record.finding_phase().to_lowercase(),
        })
    });
    let reports = state.reports.all().filter_map(|(at, record, report, mark)| {
        let fact = Fact::Report(at);
        fact.is_known(state).then(|| CampaignFact {
            fact: fact_word(&fact),
            kind: report.topic.name().to_owned(),
            area: mark.area.to_string(),
            finding: record.finding_phase().to_lowercase(),
        })
    });
    let within = |one: &CampaignFact| {
        AreaId::try_new(one.area.as_str()).is_ok_and(|area| access.reaches(&area))
    };
    incidents.chain(reports).filter(within).collect()
}

/// Campaigns that concern whoever asks, with where each language stands.
#[utoipa::path(get, path = "/api/campaigns", tag = "campaigns", responses((status = 200, body = CampaignLog)))]
pub async fn list(State(room): State<Room>, access: Access) -> Json<CampaignLog> {
    Json(CampaignLog::of(room.node(), &access))
}
