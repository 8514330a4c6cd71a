//! Devices that decide apart, and commands for them to decide. For tests alone.

pub(crate) mod alerts;
pub(crate) mod campaigns;
pub(crate) mod communities;
pub(crate) mod custody;
pub(crate) mod day;
pub(crate) mod desk;
pub(crate) mod draws;
pub(crate) mod findings;
pub(crate) mod kit;
pub(crate) mod lessons;
pub(crate) mod machine;
pub(crate) mod patrols;
pub(crate) mod plans;
pub(crate) mod reports;
pub(crate) mod units;

use crate::{
    Actor, Command, Context, Decided, EventRef, Hash32, Keys, Noun, Refusal, Rules, Stamped,
    Standing, State,
    authorise::{self, Holding},
    dataset, decide, deletion, election, lock, official_class, order, parameter, person, poll,
    readiness, risk_override, survey,
};
use pehra_domain::{
    AreaId, BuildingId, ConstituencyId, Date, PersonId, StationId, UnitId, UnixMs,
    force::StaffKind,
    override_record::OverrideCode,
    poll::PollKey,
    risk::{Factor, RiskClass},
    role::Role,
    survey::SurveySubject,
};
use std::collections::{BTreeMap, BTreeSet};

/// Six numbers from which one step of a story is made.
pub(crate) type Step = [u8; 6];

pub(crate) const POLL_DAY: &str = "2024-02-08";

pub(crate) fn rules() -> Rules {
    Rules::parse(
        include_str!("../../../data/permissions.csv"),
        include_str!("../../../data/separation_of_duties.csv"),
    )
    .unwrap()
}

pub(crate) fn area(text: &str) -> AreaId {
    AreaId::try_new(text).unwrap()
}
pub(crate) fn east() -> AreaId {
    area("pk/sindh/karachi-east")
}
pub(crate) fn person(number: u8) -> PersonId {
    PersonId::try_new(format!("desk-{number}")).unwrap()
}
pub(crate) fn role(code: &str) -> Role {
    Role::try_new(code).unwrap()
}
pub(crate) fn station(number: u8) -> StationId {
    StationId::try_new(format!("NA-40-{number}")).unwrap()
}
pub(crate) fn building(number: u8) -> BuildingId {
    BuildingId::try_new(format!("B-NA-40-{number}")).unwrap()
}
pub(crate) fn unit(number: u8) -> UnitId {
    UnitId::try_new(format!("U-{number}")).unwrap()
}
pub(crate) fn constituency(number: u8) -> ConstituencyId {
    ConstituencyId::try_new(format!("NA-{number}")).unwrap()
}
pub(crate) fn date(text: &str) -> Date {
    Date::parse(text).unwrap()
}
pub(crate) fn hash(number: u8) -> Hash32 {
    Hash32([number; 32])
}
pub(crate) fn at(device: u8, seq: u64) -> EventRef {
    EventRef { device: [device; 16], epoch: 1, seq }
}

/// A month before the poll.
pub(crate) fn early() -> UnixMs {
    date("2024-01-08").midnight_pkt()
}
/// Two days before the poll.
pub(crate) fn late() -> UnixMs {
    date("2024-02-06").midnight_pkt()
}

pub(crate) fn context(number: u8, code: &str, moment: UnixMs) -> Context {
    Context {
        actor: Actor { person: person(number), role: role(code), area: AreaId::nation() },
        at: moment,
        day: moment,
        cosigners: Vec::new(),
        attested_by_node: true,
        keys: Keys::default(),
    }
}

/// Every role of the table, everywhere and for ever: what a certificate says when a test is not about rights.
pub(crate) fn all_roles(rules: &Rules) -> Standing {
    let far = UnixMs(i64::MAX);
    let holding = |code: &str| Holding {
        role: role(code),
        area: AreaId::nation(),
        from: UnixMs(i64::MIN),
        until: far,
    };
    Standing { holdings: rules.permissions.roles().map(holding).collect() }
}

pub(crate) fn the_election(nature: election::Nature) -> election::Election {
    let id = match nature {
        election::Nature::Real => "pk-2024",
        election::Nature::Exercise => "EX-pk-2024",
        election::Nature::Synthetic => "SYN-pk-2024",
    };
    election::Election {
        id: id.to_owned(),
        name: "General election".to_owned(),
        date: date(POLL_DAY),
        nature,
    }
}

pub(crate) fn open_election() -> Command {
    Command::Election(election::Command::Open {
        area: AreaId::nation(),
        election: the_election(election::Nature::Real),
    })
}

/// Folds decided events as the entries of one device.
pub(crate) fn fold(
    state: &mut State,
    who: &Context,
    device: u8,
    decided: Vec<Decided>,
) -> Vec<Stamped> {
    let mut folded = Vec::new();
    for one in decided {
        let seq = state.folded_up_to([device; 16], 1).unwrap_or(0) + 1;
        let stamped = stamp(who, at(device, seq), one);
        state.evolve(&stamped);
        folded.push(stamped);
    }
    folded
}

pub(crate) fn stamp(who: &Context, at: EventRef, decided: Decided) -> Stamped {
    Stamped {
        at,
        clock_ms: who.at,
        actor: who.actor.clone(),
        area: decided.area,
        cosigners: who.cosigners.clone(),
        attested_by_node: who.attested_by_node,
        keys: who.keys.clone(),
        supersedes: decided.supersedes,
        event: decided.event,
    }
}

/// Decides and folds; the refusal if there is one.
pub(crate) fn apply(
    state: &mut State,
    who: &Context,
    device: u8,
    command: &Command,
) -> Result<Vec<Stamped>, Refusal> {
    let decided = decide(state, who, command)?;
    Ok(fold(state, who, device, decided))
}

/// A state in which the election is open.
pub(crate) fn opened() -> State {
    let mut state = State::default();
    apply(&mut state, &context(0, "ECP-NAT", early()), 200, &open_election()).unwrap();
    state
}

/// One of the devices of a story.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device {
    pub(crate) state: State,
    /// Everything it has received or written, in that order.
    pub(crate) log: Vec<Stamped>,
    pub(crate) known: BTreeSet<EventRef>,
    pub(crate) withheld: BTreeSet<EventRef>,
}

impl Device {
    pub(crate) fn take(&mut self, rules: &Rules, certificate: &Standing, stamped: &Stamped) {
        if !self.known.insert(stamped.at) {
            return;
        }
        self.log.push(stamped.clone());
        if authorise::remote(rules, certificate, &self.state, stamped).is_ok() {
            self.state.evolve(stamped);
        } else {
            self.withheld.insert(stamped.at);
        }
    }
}

/// Several devices that decide apart and exchange now and then.
pub(crate) struct World {
    pub(crate) rules: Rules,
    pub(crate) certificate: Standing,
    pub(crate) devices: Vec<Device>,
    pub(crate) all: Vec<Stamped>,
}

impl World {
    pub(crate) fn play(noun: Noun, steps: &[Step]) -> Self {
        let rules = rules();
        let certificate = all_roles(&rules);
        let mut world =
            Self { rules, certificate, devices: vec![Device::default(); 3], all: vec![] };
        if noun != Noun::Election {
            let who = context(0, "ECP-NAT", early());
            let decided = decide(&State::default(), &who, &open_election()).unwrap();
            for one in decided {
                world.append(0, &who, one);
            }
            world.sync(0, 1, 9);
            world.sync(0, 2, 9);
        }
        if noun == Noun::Draw {
            world.begin_draw(steps);
        }
        for step in steps {
            world.step(noun, *step);
        }
        world
    }

    /// Four in five stories of a draw begin when it has come some way: a story is too short for all of it.
    fn begin_draw(&mut self, steps: &[Step]) {
        let far = usize::from(steps.first().map_or(0, |step| step[5] % 5));
        let before = far.checked_sub(1).map(draws::prelude).unwrap_or_default();
        for (who, command) in &before {
            for one in decide(&self.devices[0].state, who, command).unwrap() {
                self.append(0, who, one);
            }
        }
        self.sync(0, 1, usize::MAX);
        self.sync(0, 2, usize::MAX);
    }

    fn step(&mut self, noun: Noun, step: Step) {
        let [device, op, x, y, ..] = step;
        let device = usize::from(device) % self.devices.len();
        if op % 4 == 0 {
            let from = usize::from(x) % self.devices.len();
            return self.sync(from, device, usize::from(y) % 6 + 1);
        }
        let moment = if op % 8 < 4 { early() } else { late() };
        let command = command(noun, &self.devices[device].state, step);
        let own = day::own_role(&command).filter(|_| x % 16 != 7).map(str::to_owned);
        let code = own.unwrap_or_else(|| self.role_for(command.permission(), x));
        let who = context(step[5] % 4, &code, moment);
        let Ok(decided) = decide(&self.devices[device].state, &who, &command) else { return };
        for mut one in decided {
            // A device that lies now and then: another person, another area, than it should be.
            let mut who = who.clone();
            if op % 16 == 13 {
                who.actor.person = person(y % 4);
            }
            if op % 32 == 15 {
                one.area = area("pk/sindh");
            }
            self.append(device, &who, one);
        }
    }

    /// Mostly a role that holds the permission; now and then the trainer, who holds none of these.
    fn role_for(&self, permission: &str, number: u8) -> String {
        let holds = |code: &&str| self.rules.permissions.allows(&role(code), permission);
        match pick(self.rules.permissions.roles().filter(holds), number) {
            Some(code) if number % 16 != 7 => code.to_owned(),
            Some(_) | None => "TRAINER".to_owned(),
        }
    }

    fn append(&mut self, device: usize, who: &Context, decided: Decided) {
        let number = u8::try_from(device).unwrap() + 1;
        let seq = self.all.iter().filter(|other| other.at.device == [number; 16]).count() + 1;
        let stamped = stamp(who, at(number, u64::try_from(seq).unwrap()), decided);
        assert!(stamped.supersedes.len() <= crate::stamp::SUPERSEDES_MAX);
        self.devices[device].take(&self.rules, &self.certificate, &stamped);
        self.all.push(stamped);
    }

    fn sync(&mut self, from: usize, to: usize, count: usize) {
        let missing: Vec<Stamped> = self.devices[from]
            .log
            .iter()
            .filter(|entry| !self.devices[to].known.contains(&entry.at))
            .take(count)
            .cloned()
            .collect();
        for entry in missing {
            self.devices[to].take(&self.rules, &self.certificate, &entry);
        }
    }

    /// Delivers everything to a new device, in an order drawn from `dice` that keeps each device's order and the
    /// superseding references.
    pub(crate) fn deliver(&self, dice: &mut pehra_domain::seed::Seed) -> Device {
        let mut device = Device::default();
        self.deliver_missing(&mut device, dice);
        device
    }

    pub(crate) fn deliver_missing(&self, device: &mut Device, dice: &mut pehra_domain::seed::Seed) {
        loop {
            let ready: Vec<&Stamped> = self
                .all
                .iter()
                .filter(|entry| !device.known.contains(&entry.at))
                .filter(|entry| self.is_ready(entry, &device.known))
                .collect();
            let count = u64::try_from(ready.len()).unwrap();
            let Some(next) = ready.get(usize::try_from(dice.below(count)).unwrap()) else { break };
            device.take(&self.rules, &self.certificate, next);
        }
        assert_eq!(device.known.len(), self.all.len(), "a cycle among the references");
    }

    fn is_ready(&self, entry: &Stamped, known: &BTreeSet<EventRef>) -> bool {
        let EventRef { device, epoch, seq } = entry.at;
        let before = EventRef { device, epoch, seq: seq - 1 };
        (seq == 1 || known.contains(&before))
            && entry.supersedes.iter().all(|elder| known.contains(elder))
    }
}

fn pick<T: Clone>(from: impl Iterator<Item = T>, number: u8) -> Option<T> {
    let all: Vec<T> = from.collect();
    let place = usize::from(number).checked_rem(all.len())?;
    all.get(place).cloned()
}

/// A command of a noun, over few subjects so that devices meet.
pub(crate) fn command(noun: Noun, state: &State, step: Step) -> Command {
    let [_, _, which, a, b, c] = step;
    let nowhere = at(99, 1);
    match noun {
        Noun::Election => election_command(state, which, a),
        Noun::Person => person_command(state, which, (a, b, c), nowhere),
        Noun::Dataset => dataset_command(which, a, b),
        Noun::Parameter => parameter_command(which, a, b),
        Noun::OfficialClass => {
            let refs = state.official_classes.proposals().map(|(at, _)| at);
            class_command(which, (a, b, c), pick(refs, a).unwrap_or(nowhere))
        }
        Noun::RiskOverride => {
            let refs = state.risk_overrides.all().map(|(at, _)| at);
            override_command(which, (a, b), pick(refs, a).unwrap_or(nowhere))
        }
        Noun::Plan => {
            let refs = state.plans.all().map(|(at, ..)| at);
            plans::command(which, (a, b), pick(refs, a).unwrap_or(nowhere))
        }
        Noun::Lock => lock_command(which, (a, b, c)),
        Noun::Poll => poll_command(which, (a, b, c)),
        Noun::Survey => survey_command((a, b, c), which),
        Noun::CheckIn => day::check_in_command(state, which, (a, b, c)),
        Noun::Incident => day::incident_command(state, which, (a, b, c)),
        Noun::Suspension => day::suspension_command(state, which, (a, b, c)),
        Noun::Custody => custody::command(state, which, (a, b, c)),
        Noun::Equipment => kit::command(state, which, (a, b, c)),
        Noun::Deletion => {
            let refs = state.deletions.all().map(|(at, ..)| at);
            let standing = state.deletions.standing_all().map(|(at, ..)| at);
            let standing = pick(standing, c).unwrap_or(nowhere);
            deletion_command(which, (a, b), (pick(refs, c).unwrap_or(nowhere), standing))
        }
        Noun::Intelligence => desk::command(state, which, (a, b, c), step[5]),
        Noun::Report => reports::command(state, which, (a, b, c)),
        Noun::Draw => draws::command(state, which, (a, b, c), step[5]),
        Noun::Dispatch => units::command(state, which, (a, b, c)),
        Noun::Readiness => readiness_command(state, which, (a, b)),
        Noun::Patrol => patrols::command(state, which, (a, b)),
        Noun::Training => lessons::command(state, which, (a, b, c)),
        Noun::Alert => alerts::command(state, which, (a, b)),
        Noun::Finding => findings::command(state, which, (a, b, c)),
        Noun::Campaign => campaigns::command(state, which, (a, b, c)),
        Noun::Community => communities::command(state, which, (a, b, c)),
        Noun::Order => {
            let refs = state.orders.all().map(|(at, ..)| at);
            order_command(which, (a, b), pick(refs, c).unwrap_or(nowhere))
        }
    }
}

fn election_command(state: &State, which: u8, a: u8) -> Command {
    let natures = [election::Nature::Real, election::Nature::Synthetic];
    let mut election = the_election(natures[usize::from(a) % 2]);
    if which.is_multiple_of(2) {
        return Command::Election(election::Command::Open { area: AreaId::nation(), election });
    }
    let sides = state.elections.register().heads().map(|(_, head)| head.value.clone());
    election = pick(sides, a).unwrap_or(election);
    let reason = "agreed by telephone".to_owned();
    Command::Election(election::Command::Settle { area: AreaId::nation(), election, reason })
}

pub(crate) fn scope(code: &str, area: AreaId) -> person::RoleScope {
    let expires = date("2024-02-20").midnight_pkt();
    person::RoleScope { role: role(code), area, expires }
}

fn person_command(state: &State, which: u8, (a, b, c): (u8, u8, u8), nowhere: EventRef) -> Command {
    let grant = pick(state.persons.grants().map(|(at, _)| at), b).unwrap_or(nowhere);
    let (subject, reason) = (person(a % 4), "duty roster".to_owned());
    let display_name = format!("Desk {}", c % 2);
    Command::Person(match which % 7 {
        0 => person::Command::FirstAccount {
            area: east(),
            person: subject,
            display_name,
            roles: vec![scope("SECOFF", AreaId::nation())],
        },
        1 => person::Command::OpenAccount { area: east(), person: subject, display_name },
        2 => person::Command::CloseAccount { area: east(), person: subject, reason },
        3 => person::Command::GrantRole { person: subject, scope: scope("DRO", east()), reason },
        4 => person::Command::ApproveRole { grant },
        5 => person::Command::RefuseRole { grant, reason },
        _ => person::Command::RevokeRole { grant, reason },
    })
}

pub(crate) fn a_dataset(number: u8) -> dataset::Dataset {
    dataset::Dataset {
        schema: 1,
        manifest: hash(number),
        source_name: "stations.csv".to_owned(),
        source_sha256: hash(number.wrapping_add(100)),
        counts: BTreeMap::from([("rows".to_owned(), u64::from(number) * 1_000)]),
        nature: election::Nature::Real,
    }
}

pub(crate) fn a_key(number: u8) -> dataset::DatasetKey {
    let kind = dataset::DatasetKind::ALL[usize::from(number) % 11];
    dataset::DatasetKey { kind, area: east(), name: "list".to_owned() }
}

fn dataset_command(which: u8, a: u8, b: u8) -> Command {
    let key = a_key(a % 2);
    Command::Dataset(if which.is_multiple_of(4) {
        dataset::Command::Withdraw { key, reason: "wrong file".to_owned() }
    } else {
        dataset::Command::Commit { key, dataset: a_dataset(b % 3), based_on: None }
    })
}

fn parameter_command(which: u8, a: u8, b: u8) -> Command {
    let area = if a.is_multiple_of(2) { AreaId::nation() } else { east() };
    let key = parameter::ParameterKey { area, key: "risk.weight.T1".to_owned() };
    let reason = "commission's letter".to_owned();
    Command::Parameter(if which.is_multiple_of(4) {
        parameter::Command::Clear { key, reason }
    } else {
        let value = parameter::Value::Whole(i64::from(b % 3));
        let parameter = parameter::Parameter { value, source: "letter 12".to_owned() };
        parameter::Command::Set { key, parameter, reason }
    })
}

pub(crate) fn a_class(number: u8, class: RiskClass, as_of: &str) -> official_class::ClassRecord {
    official_class::ClassRecord {
        station: station(number),
        constituency: Some(constituency(40)),
        class,
        source: "district police office".to_owned(),
        as_of: date(as_of),
        reason: "incident nearby".to_owned(),
    }
}

fn class_command(which: u8, (a, b, c): (u8, u8, u8), proposal: EventRef) -> Command {
    Command::OfficialClass(match which % 4 {
        0 | 1 => {
            let class = RiskClass::ALL[usize::from(b) % 3];
            let as_of = if c % 2 == 0 { "2024-01-05" } else { "2024-01-06" };
            official_class::Command::Propose { area: east(), record: a_class(a % 2, class, as_of) }
        }
        2 => {
            let second = (b % 2 == 0).then(|| person(c % 4));
            official_class::Command::Approve { proposal, second }
        }
        _ => official_class::Command::Reject { proposal, reason: "no ground".to_owned() },
    })
}

pub(crate) fn an_override(number: u8, code: Option<OverrideCode>) -> risk_override::RiskOverride {
    risk_override::RiskOverride {
        station: station(number),
        code,
        at_least: RiskClass::Most,
        reason: "graded threat".to_owned(),
        expires: date("2024-02-07").midnight_pkt(),
    }
}

fn override_command(which: u8, (a, b): (u8, u8), raised: EventRef) -> Command {
    let codes = [None, Some(OverrideCode::O1), Some(OverrideCode::O2), Some(OverrideCode::O3)];
    Command::RiskOverride(if which.is_multiple_of(2) {
        let raised = an_override(a % 3, codes[usize::from(b) % 4]);
        risk_override::Command::Raise { area: east(), raised }
    } else {
        risk_override::Command::Withdraw { raised, reason: "threat passed".to_owned() }
    })
}

pub(crate) fn a_lock(unit_number: u8, building_number: u8) -> lock::LockKey {
    lock::LockKey { unit: unit(unit_number), building: building(building_number) }
}

pub(crate) fn pin(key: lock::LockKey, count: u32, strength: u32) -> Command {
    Command::Lock(lock::Command::Pin {
        area: east(),
        key,
        kind: StaffKind::PoliceMan,
        count,
        strength,
        reason: "known to the school".to_owned(),
    })
}

fn lock_command(which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let (key, reason) = (a_lock(a % 2, b % 3), "planner's choice".to_owned());
    match which % 4 {
        0 => Command::Lock(lock::Command::Exclude { area: east(), key, reason }),
        1 => Command::Lock(lock::Command::Release { area: east(), key, reason }),
        _ => pin(key, u32::from(c % 8), 10),
    }
}

pub(crate) fn a_poll(number: u8, day: &str) -> PollKey {
    PollKey { constituency: constituency(number), station: None, date: date(day) }
}

pub(crate) fn an_order() -> poll::Order {
    poll::Order {
        authority: "Election Commission".to_owned(),
        instrument: "F.8(1)/2024".to_owned(),
        dated: date("2024-01-31"),
        copy: Some(hash(9)),
    }
}

fn poll_command(which: u8, (a, b, c): (u8, u8, u8)) -> Command {
    let days = ["2024-02-08", "2024-02-15", "2024-02-19"];
    let poll = a_poll(40 + a % 2, days[usize::from(b) % 3]);
    let (area, order) = (east(), an_order());
    let on = date(days[usize::from(c) % 3]);
    let to = (c % 5 != 0).then_some(on);
    Command::Poll(match which % 6 {
        0 | 1 => poll::Command::Schedule { area, poll, order },
        2 => poll::Command::Postpone { area, poll, to, order },
        3 => poll::Command::Adjourn { area, poll, to, order },
        4 => poll::Command::Repeat { area, poll, on, order },
        _ => poll::Command::Hold { area, poll, order },
    })
}

pub(crate) fn a_form(number: u8, answers: &[(&str, u16)]) -> survey::Form {
    let answer = |(question, centi): &(&str, u16)| survey::Answer {
        question: (*question).to_owned(),
        centi: *centi,
        factor: Some(Factor::V1),
        note: String::new(),
    };
    survey::Form {
        subject: SurveySubject::Building(building(number)),
        on: date("2024-01-20"),
        surveyor_role: "SHO".to_owned(),
        answers: answers.iter().map(answer).collect(),
        photographs: vec![survey::Photograph { sha256: hash(number), view: survey::View::Gate }],
    }
}

fn survey_command((a, b, c): (u8, u8, u8), which: u8) -> Command {
    let score = u16::from(c % 4) * 100;
    let form = match which % 3 {
        0 => a_form(a % 2, &[("walls", score), ("gates", u16::from(b % 3) * 50)]),
        1 => a_form(a % 2, &[("walls", score)]),
        _ => a_form(a % 2, &[("gates", score)]),
    };
    Command::Survey(survey::Command::Record { area: east(), form })
}

pub(crate) fn an_order_to(roles: &[&str]) -> order::Order {
    order::Order {
        to: roles.iter().map(|code| role(code)).collect(),
        priority: order::Priority::Urgent,
        text: "Hold the convoy at the bridge".to_owned(),
        read_by: date("2024-02-07").midnight_pkt(),
        runner: "rider 7".to_owned(),
        charge: None,
    }
}

fn order_command(which: u8, (a, b): (u8, u8), order: EventRef) -> Command {
    let roles: &[&str] = if a.is_multiple_of(2) {
        &["COMMS", "CTRL-D", "CTRL-N", "CTRL-P", "ECP-NAT"]
    } else {
        &["COMMS", "CTRL-N"]
    };
    let area = if b.is_multiple_of(3) { area("pk/sindh") } else { east() };
    Command::Order(match which % 8 {
        0..=2 => order::Command::Give { area, order: an_order_to(roles) },
        3 | 4 => order::Command::Read { area, order },
        5 | 6 => order::Command::Act { area, order, note: "held".to_owned() },
        _ => order::Command::Withdraw { order, reason: "road open".to_owned() },
    })
}

pub(crate) fn a_place(number: u8) -> EventRef {
    EventRef { device: [7; 16], epoch: 0, seq: u64::from(number) }
}

fn deletion_command(
    which: u8,
    (a, b): (u8, u8),
    (order, standing): (EventRef, EventRef),
) -> Command {
    let area = if b.is_multiple_of(3) { area("pk/sindh") } else { east() };
    Command::Deletion(match which % 8 {
        4 => deletion::Command::Stand {
            area,
            instrument: "contacts".to_owned(),
            reason: "thirty days".to_owned(),
        },
        5 => deletion::Command::ApproveStanding { standing },
        6 if a.is_multiple_of(4) => {
            deletion::Command::EndStanding { standing, reason: "no desk".to_owned() }
        }
        6 | 7 => deletion::Command::Due { area, standing, places: vec![a_place(a % 4)] },
        0 | 1 => deletion::Command::Order {
            area,
            places: vec![a_place(a % 4), a_place(b % 4)],
            ground: if a % 5 == 0 { deletion::Ground::Rule } else { deletion::Ground::Court },
            instrument: "W.P. 12/2024".to_owned(),
            reason: "names a witness".to_owned(),
        },
        _ => deletion::Command::Approve { order },
    })
}

/// Whole, dark, every path; with so many failures.
pub(crate) fn a_drill(failures: u8) -> readiness::Drill {
    let path = |name: &str| readiness::Measured {
        path: name.to_owned(),
        asked: 40,
        answered: 39,
        slowest_s: 60,
    };
    let failure = |number| readiness::Failure {
        key: format!("failure-{number}"),
        text: "two calls unheard".to_owned(),
    };
    readiness::Drill {
        name: "EX-1".to_owned(),
        full: true,
        dark: true,
        stations: 12,
        paths: vec![path("vhf"), path("courier")],
        failures: (0..failures).map(failure).collect(),
        trace: hash(9),
        played: true,
    }
}

fn readiness_command(state: &State, which: u8, (a, b): (u8, u8)) -> Command {
    let area = if b.is_multiple_of(3) { area("pk/sindh") } else { east() };
    let reason = "a courier stands by".to_owned();
    let drill = state.readiness.drill(&area).map(|(at, ..)| at);
    let stop = state.readiness.stops(&area).next().map(|(at, ..)| at);
    let failure = format!("failure-{}", a % 3);
    Command::Readiness(match (which % 8, drill, stop) {
        (2 | 3, Some(drill), _) => readiness::Command::Mend { drill, failure, how: reason },
        (4 | 5, Some(drill), _) => readiness::Command::Waive { drill, failure, reason },
        (6, _, _) => readiness::Command::Stop { area, reason },
        (7, _, Some(stop)) => readiness::Command::Lift { stop, reason },
        _ => readiness::Command::Record { area, drill: a_drill(a % 3) },
    })
}
