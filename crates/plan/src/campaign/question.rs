//! From tables and a question to groups and offers, and from what was chosen to what is told.

use super::{
    Certificate, Chosen, Input, Offer, SHARE_MAX,
    audience::{Audience, Audiences, Means, Setting, Understood},
    shares,
};
use pehra_domain::{
    AreaId,
    campaign::{Channel, Language},
    gazetteer::District,
};
use std::collections::{BTreeMap, BTreeSet};

/// Where mobile networks are expected to be off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cut {
    Nowhere,
    Everywhere,
    In(Vec<AreaId>),
}

impl Cut {
    #[must_use]
    pub fn reaches(&self, district: &AreaId) -> bool {
        match self {
            Self::Nowhere => false,
            Self::Everywhere => true,
            Self::In(areas) => areas.iter().any(|area| area.contains(district)),
        }
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    pub area: AreaId,
    pub cut: Cut,
    /// Those whose texts native readers have signed. What is in another language stays blocked.
    pub languages: BTreeSet<Language>,
    pub channels: BTreeSet<Channel>,
    pub budget_rs: u64,
}

/// The tables.
#[derive(Clone, Debug)]
pub struct Tables {
    pub districts: Vec<District>,
    pub audiences: Audiences,
    pub channels: Vec<Means>,
    pub understood: Understood,
}

/// People who are alike: of one district, sex and setting, with one language at home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub district: AreaId,
    pub setting: Setting,
    pub woman: bool,
    /// None for any language that no campaign speaks.
    pub speaks: Option<Language>,
    pub people: u32,
}

/// What an offer of the input is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub channel: Channel,
    pub language: Language,
    /// The district, or the area that was asked about.
    pub area: AreaId,
    /// People it would reach alone, after the cut.
    pub alone: u64,
}

/// A question in numbers.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub groups: Vec<Group>,
    pub labels: Vec<Label>,
    /// After the cut: what is planned by.
    pub input: Input,
    /// The same offers as if nothing were cut.
    pub uncut: Input,
}

impl Prepared {
    #[must_use]
    pub fn of(tables: &Tables, question: &Question) -> Self {
        let groups = groups(tables, &question.area);
        let people: Vec<u32> = groups.iter().map(|group| group.people).collect();
        let empty = Input { people, offers: Vec::new(), budget_rs: question.budget_rs };
        let mut prepared = Self { groups, labels: Vec::new(), input: empty.clone(), uncut: empty };
        let mut by_district: BTreeMap<AreaId, Vec<u32>> = BTreeMap::new();
        for (at, group) in (0_u32..).zip(&prepared.groups) {
            by_district.entry(group.district.clone()).or_default().push(at);
        }
        let all: Vec<u32> = by_district.values().flatten().copied().collect();
        for means in tables.channels.iter().filter(|it| question.channels.contains(&it.channel)) {
            for language in means.languages.iter().filter(|it| question.languages.contains(it)) {
                let key = (means, *language);
                if means.national {
                    prepared.add(tables, question, key, (&question.area, &all));
                    continue;
                }
                for (district, groups) in &by_district {
                    prepared.add(tables, question, key, (district, groups));
                }
            }
        }
        prepared
    }

    /// One offer, unless it would reach nobody after the cut.
    fn add(
        &mut self,
        tables: &Tables,
        question: &Question,
        (means, language): (&Means, Language),
        (area, groups): (&AreaId, &[u32]),
    ) {
        let (mut kept, mut whole) = (Vec::new(), Vec::new());
        let (mut alone, mut paid) = (0_u64, 0_u64);
        for at in groups {
            let Some(group) = self.groups.get(*at as usize) else { continue };
            let Some(audience) = audience(tables, group) else { continue };
            let understood = tables.understood.share(language, group.speaks);
            // Thousandths of thousandths of thousandths, in millionths.
            let share = u64::from(audience.hears(means.hears))
                * u64::from(means.reach(group.setting, group.woman))
                * u64::from(understood)
                / 1_000;
            let survives =
                if question.cut.reaches(&group.district) { means.survives } else { 1_000 };
            let capped = |share: u64| u32::try_from(share).unwrap_or(SHARE_MAX).min(SHARE_MAX);
            let (before, after) = (capped(share), capped(share * u64::from(survives) / 1_000));
            if before > 0 {
                whole.push((*at, before));
                paid += u64::from(group.people) * u64::from(before);
            }
            if after > 0 {
                kept.push((*at, after));
                alone += u64::from(group.people) * u64::from(after);
            }
        }
        if alone < 1_000_000 {
            return;
        }
        let cost_rs = means.fixed_rs + means.per_1000_rs * (paid / 1_000_000) / 1_000;
        self.labels.push(Label {
            channel: means.channel,
            language,
            area: area.clone(),
            alone: alone / 1_000_000,
        });
        self.input.offers.push(Offer { cost_rs, reach: kept });
        self.uncut.offers.push(Offer { cost_rs, reach: whole });
    }

    /// How many people the chosen offers reach, district by district and language by language.
    #[must_use]
    pub fn told(&self, chosen: &Chosen) -> Told {
        let after = shares(&self.input, &chosen.offers);
        let before = shares(&self.uncut, &chosen.offers);
        let mut told = Told { certificate: chosen.certificate, ..Told::default() };
        let mut cost_by_district: BTreeMap<AreaId, u64> = BTreeMap::new();
        for at in &chosen.offers {
            let at = *at as usize;
            if let (Some(label), Some(offer)) = (self.labels.get(at), self.input.offers.get(at)) {
                *cost_by_district.entry(label.area.clone()).or_default() += offer.cost_rs;
            }
        }
        for ((group, after), before) in self.groups.iter().zip(&after).zip(&before) {
            let people = f64::from(group.people);
            let row = Part {
                people: u64::from(group.people),
                reached: people * after[0],
                uncut: people * before[0],
            };
            told.all.add(row);
            told.districts.entry(group.district.clone()).or_default().part.add(row);
            told.languages.entry(group.speaks).or_default().add(row);
            if group.woman {
                told.women.add(row);
            }
        }
        for (area, cost_rs) in cost_by_district {
            if let Some(row) = told.districts.get_mut(&area) {
                row.cost_rs = cost_rs;
            } else {
                told.national_rs += cost_rs;
            }
        }
        told
    }
}

/// People, and how many of them are reached.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    pub people: u64,
    /// After the cut.
    pub reached: f64,
    /// If nothing were cut.
    pub uncut: f64,
}

impl Part {
    fn add(&mut self, other: Self) {
        self.people += other.people;
        self.reached += other.reached;
        self.uncut += other.uncut;
    }

    /// Whole people.
    #[must_use]
    pub fn whole(&self) -> (u64, u64) {
        (super::whole(self.reached), super::whole(self.uncut))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DistrictRow {
    pub part: Part,
    /// Of offers in the district alone.
    pub cost_rs: u64,
}

/// What a choice is worth, told by district and by language.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Told {
    pub certificate: Certificate,
    pub all: Part,
    pub women: Part,
    pub districts: BTreeMap<AreaId, DistrictRow>,
    /// By what is spoken at home.
    pub languages: BTreeMap<Option<Language>, Part>,
    pub national_rs: u64,
}

fn audience<'a>(tables: &'a Tables, group: &Group) -> Option<&'a Audience> {
    let district = tables.districts.iter().find(|it| it.area == group.district)?;
    tables.audiences.get(&(district.name.clone(), group.setting))
}

/// Adults parted by district, setting, sex and language. Where a district's adults by sex or setting are not known, half of
/// them are taken as women, and half as townspeople.
fn groups(tables: &Tables, area: &AreaId) -> Vec<Group> {
    let mut groups = Vec::new();
    for district in tables.districts.iter().filter(|it| area.contains(&it.area)) {
        let adults = u64::from(district.adults);
        let or_half = |part: u32, known: bool| if known { u64::from(part) } else { adults / 2 };
        let by_sex = district.adult_men + district.adult_women > 0;
        let women = or_half(district.adult_women, by_sex).min(adults);
        let urban = or_half(district.adult_urban, by_sex).min(adults);
        for (setting, part) in [(Setting::Town, urban), (Setting::Country, adults - urban)] {
            let key = (district.name.clone(), setting);
            let Some(audience) = tables.audiences.get(&key) else { continue };
            for (woman, of_sex) in [(false, adults - women), (true, women)] {
                let here = part * of_sex / adults.max(1);
                let mut rest = here;
                let mut add = |speaks, people: u64| {
                    let people = u32::try_from(people).unwrap_or(u32::MAX);
                    if people > 0 {
                        let district = district.area.clone();
                        groups.push(Group { district, setting, woman, speaks, people });
                    }
                };
                for (language, share) in &audience.speaks {
                    let people = here * u64::from(*share) / 1_000;
                    rest -= people;
                    add(Some(*language), people);
                }
                add(None, rest);
            }
        }
    }
    groups
}
