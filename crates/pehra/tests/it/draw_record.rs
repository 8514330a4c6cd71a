//! A draw as entries: parties at their browsers, two persons who open a stage, a stranger who draws it again, and who
//! may see service numbers.

use crate::{
    client::Browser,
    draw::{go_on, opening},
    house::House,
};
use pehra::work::{
    self,
    draw::{Folder, entries},
};
use pehra_domain::{AreaId, PersonId};
use pehra_ops::{EventRef, draw::Stage, permission};
use serde_json::{Value, json};

const PARTIES: [(&str, &str); 3] =
    [("police", "officer"), ("commission", "commissioner"), ("observers", "observer")];

/// A node with a plan, its people at their browsers, and a draw that was begun.
struct Story {
    house: House,
    first: Browser,
    proposer: Browser,
    second: Browser,
    parties: Vec<(&'static str, Browser)>,
    draw: EventRef,
}

fn persons() -> entries::Persons {
    PARTIES.map(|(name, person)| (name.to_owned(), PersonId::try_new(person).unwrap())).to_vec()
}

impl Story {
    fn begun() -> Self {
        let house = House::planned();
        let first = house.first();
        let roles = [["POL-SP"], ["ECP-MON"], ["OBS"]];
        let parties = PARTIES
            .iter()
            .zip(roles)
            .map(|((name, person), roles)| (*name, house.person(&first, person, &roles, "pk")));
        let parties: Vec<_> = parties.collect();
        let proposer = house.person(&first, "proposer", &["PEC"], "pk");
        let second = house.person(&first, "approver", &["PEC"], "pk");
        let actor =
            house.node.acting(&PersonId::try_new("proposer").unwrap(), permission::DRAW_OPEN);
        let draw =
            entries::begin(&house.node, &actor.unwrap(), &AreaId::nation(), opening(), persons());
        Self { draw: draw.unwrap(), house, first, proposer, second, parties }
    }

    fn path(&self) -> String {
        format!("/api/draws/{}", self.draw)
    }

    fn must(&self, who: &Browser, wish: &Value) -> Value {
        let done = who.post(&self.path(), wish);
        assert_eq!(done.status, 200, "{wish}: {}", done.text());
        done.json()["draw"].clone()
    }

    fn refused(&self, who: &Browser, wish: &Value) -> String {
        let done = who.post(&self.path(), wish);
        assert_ne!(done.status, 200, "{wish}");
        done.code()
    }

    fn seen(&self, who: &Browser) -> Value {
        who.get("/api/draws").json()["draws"][0].clone()
    }

    fn acts(&self, who: &Browser) -> Vec<String> {
        let draw = self.seen(who);
        let acts = draw["acts"].as_array().unwrap().iter();
        acts.map(|act| act["act"].as_str().unwrap().to_owned()).collect()
    }

    fn join_all(&self) {
        for (_, party) in &self.parties {
            self.must(party, &json!({ "act": "join" }));
        }
    }

    fn open(&self, stage: &str) {
        let draw = self.must(&self.proposer, &json!({ "act": "propose", "stage": stage }));
        let own = draw["acts"].as_array().unwrap();
        assert!(!own.iter().any(|act| act["act"] == "open"), "nobody opens their own proposal");
        let draw = self.seen(&self.second);
        let acts = draw["acts"].as_array().unwrap();
        let open = acts.iter().find(|act| act["act"] == "open").unwrap();
        let wish = json!({ "act": "open", "proposal": open["proposal"] });
        assert_eq!(self.refused(&self.proposer, &wish), "same-person-twice");
        self.must(&self.second, &wish);
    }

    fn commit_all(&self, stage: &str) {
        for (_, party) in &self.parties {
            self.must(party, &json!({ "act": "commit", "stage": stage }));
        }
    }

    fn draw_stage(&self, stage: &str) {
        self.open(stage);
        self.commit_all(stage);
        for (_, party) in &self.parties {
            self.must(party, &json!({ "act": "reveal", "stage": stage }));
        }
        let drawn = self.must(&self.proposer, &json!({ "act": "draw", "stage": stage }));
        let at = Stage::ALL.iter().position(|one| one.name() == stage).unwrap();
        assert_eq!(drawn["stages"][at]["phase"], "drawn");
    }
}

#[test]
fn a_draw_goes_from_its_hash_to_a_roster_that_a_stranger_draws_again() {
    let story = Story::begun();
    story.join_all();
    // Nothing is done by one alone, before its time, or by somebody else.
    let police = &story.parties[0].1;
    assert_eq!(
        story.refused(police, &json!({ "act": "commit", "stage": "pool" })),
        "stage-not-open"
    );
    assert_eq!(
        story.refused(police, &json!({ "act": "propose", "stage": "posts" })),
        "stage-not-next"
    );
    story.open("pool");
    assert_eq!(story.acts(police), ["commit"]);
    story.must(police, &json!({ "act": "commit", "stage": "pool" }));
    assert_eq!(story.seen(police)["stages"][0]["waits"], json!(["commission", "observers"]));
    let early = story.refused(police, &json!({ "act": "reveal", "stage": "pool" }));
    assert_eq!(early, "commitments-missing");
    let actor =
        story.house.node.acting(&PersonId::try_new("proposer").unwrap(), permission::DRAW_OPEN);
    let mut other = opening();
    other.people.pop();
    let second =
        entries::begin(&story.house.node, &actor.unwrap(), &AreaId::nation(), other, persons());
    assert!(second.unwrap_err().to_string().contains("draw stands"), "a second input");
    story.commit_all("pool");
    for (_, party) in &story.parties {
        story.must(party, &json!({ "act": "reveal", "stage": "pool" }));
    }
    story.must(&story.proposer, &json!({ "act": "draw", "stage": "pool" }));
    story.draw_stage("posts");
    story.draw_stage("stations");

    // Somebody falls out on the day; the record holds no service number of theirs.
    let found = story.proposer.get(&format!("{}/roster?station=NA-10-1", story.path()));
    assert_eq!(found.status, 200, "{}", found.text());
    let posted = found.json()["lines"].clone();
    assert_eq!(posted[0]["lot"], "posted");
    // Not every kind of staff has a spare in every draw: whoever falls out is one who has.
    let mut posted = posted.as_array().unwrap().iter();
    let (place, out, stands_in) = posted
        .find_map(|one| {
            let out = one["number"].as_str().unwrap().to_owned();
            let wish = json!({ "act": "replace", "number": out });
            let done = story.proposer.post(&story.path(), &wish);
            assert_eq!(done.status, 200, "{}", done.text());
            let stands_in = done.json()["stands_in"].as_str()?.to_owned();
            Some((one["building"].clone(), out, stands_in))
        })
        .expect("three in ten are spares");
    let line = |number: &str| {
        let found = story.proposer.get(&format!("{}/roster?number={number}", story.path()));
        found.json()["lines"][0].clone()
    };
    assert_eq!(line(&out)["fell_out"], true);
    assert_eq!(line(&stands_in)["for_whom"], out.as_str());
    assert_eq!(line(&stands_in)["building"], place);
    let listed = story.second.get("/api/draws").text();
    assert!(!listed.contains(&out) && !listed.contains(&stands_in));

    // The published folder is what `prove draw` has always checked.
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("published");
    entries::export(&story.house.node, story.draw, &folder, &mut go_on).unwrap();
    let published = Folder::open(&folder).unwrap();
    let checked = work::draw::prove(&published, 1, &mut go_on).unwrap();
    assert_eq!(checked.difference, None);
    assert_eq!((checked.stages.len(), checked.replacements, checked.people), (3, 1, 90));
}

#[test]
fn a_withheld_secret_is_put_together_from_sealed_shares() {
    let story = Story::begun();
    story.join_all();
    story.open("pool");
    story.commit_all("pool");
    let [police, commission, _] = [0, 1, 2].map(|at| &story.parties[at].1);
    for party in [police, commission] {
        story.must(party, &json!({ "act": "reveal", "stage": "pool" }));
    }
    assert_eq!(story.seen(police)["stages"][0]["waits"], json!(["observers"]));
    let recover = json!({ "act": "recover", "stage": "pool", "party": "observers" });
    assert_eq!(story.refused(police, &recover), "value-refused", "one share is not enough");
    let show = json!({ "act": "show-share", "stage": "pool", "party": "observers" });
    story.must(police, &show);
    assert_eq!(story.refused(police, &recover), "value-refused");
    story.must(commission, &show);
    let drawn = story.must(police, &recover);
    assert_eq!(drawn["stages"][0]["parties"][2]["state"], "recovered");
    story.must(&story.proposer, &json!({ "act": "draw", "stage": "pool" }));
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("published");
    let published = entries::export(&story.house.node, story.draw, &folder, &mut go_on).unwrap();
    assert_eq!(published.note(pehra_plan::draw::Stage::Pool).unwrap().recovered, ["observers"]);
    assert_eq!(work::draw::prove(&published, 1, &mut go_on).unwrap().difference, None);
}

#[test]
fn service_numbers_reach_only_those_who_may_see_them() {
    let story = Story::begun();
    story.join_all();
    for stage in Stage::ALL {
        story.draw_stage(stage.name());
    }
    let by = |who: &Browser, query: &str| who.get(&format!("{}/roster?{query}", story.path()));
    let all = by(&story.proposer, "station=NA-10-1").json();
    let district = all["lines"].as_array().unwrap();
    assert!(!district.is_empty());
    let number = district[0]["number"].as_str().unwrap();
    // A party that may not see numbers speaks in the draw and sees none.
    let observer = &story.parties[2].1;
    assert_eq!(by(observer, "station=NA-10-1").status, 403);
    assert_eq!(observer.get("/api/draws").status, 200);
    // Whoever answers for another district sees that there are some, and not who.
    let elsewhere = story.house.person(&story.first, "elsewhere", &["DRO"], "pk/sindh/tharparkar");
    let seen = by(&elsewhere, &format!("number={number}"));
    assert_eq!(seen.status, 200, "{}", seen.text());
    assert_eq!(
        (seen.json()["lines"].clone(), seen.json()["elsewhere"].clone()),
        (json!([]), json!(1))
    );
    let nobody = story.house.person(&story.first, "trainer", &["TRAINER"], "pk");
    assert_eq!(nobody.get("/api/draws").status, 403);
    assert_eq!(by(&story.proposer, "station=NA-1-999999").status, 422);
    assert_eq!(by(&story.proposer, "number=x&station=y").status, 422);
}

#[test]
fn people_and_posts_come_to_another_node_only_as_they_were_signed() {
    let story = Story::begun();
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("brought");
    entries::export(&story.house.node, story.draw, &folder, &mut go_on).unwrap();
    assert_eq!(entries::take(&story.house.node, &folder, &mut go_on).unwrap(), story.draw);
    let people = folder.join("people.csv");
    let text = std::fs::read_to_string(&people).unwrap();
    std::fs::write(&people, text.replacen("NA-10", "", 1)).unwrap();
    let refused = entries::take(&story.house.node, &folder, &mut go_on).unwrap_err().to_string();
    assert!(refused.contains("the input was changed"), "{refused}");
    // A roster that somebody touched is not read from.
    story.join_all();
    story.draw_stage("pool");
    let input = story.seen(&story.second)["input"].as_str().unwrap().to_owned();
    let roster = story.house.node.dir().join("draws").join(input).join("roster-pool.csv");
    let text = std::fs::read_to_string(&roster).unwrap();
    std::fs::write(&roster, text.replacen(",called,", ",spare,", 1)).unwrap();
    let look = entries::Look::Number(PersonId::try_new("quetta-01").unwrap());
    let refused = entries::look(
        &story.house.node,
        &entries::RosterKept::default(),
        (story.draw, &look),
        &mut go_on,
    )
    .unwrap_err();
    assert!(refused.to_string().contains("not the roster that was signed"), "{refused}");
}
