//! Folds a nation's training and asks who passed what: `cargo run --release -p pehra-ops --example training_fold -- 517000 4 40`
//! (people, modules each, people to a course). Lists, quizzes, practical tests and certificates, each course an entry of each.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "measuring is what this example is for"
)]

use pehra_domain::{AreaId, Date, PersonId, UnixMs, id::IdError, role::Role};
use pehra_ops::{
    Actor, Event, EventRef, Hash32, Keys, Stamped, State,
    training::{Certificate, Event as Training, Held, Practical, Quiz, Roll, Standard, Taken},
};
use std::{error::Error, time::Instant};

const STANDARD: Standard =
    Standard { hours: 2, percent: 75, questions: 8, practical: true, months: 12 };
const ON: Date = Date(19_732);

struct Log {
    state: State,
    actor: Actor,
    seq: u64,
    bytes: u64,
}

impl Log {
    fn put(&mut self, area: &AreaId, event: Training) -> EventRef {
        self.seq += 1;
        let at = EventRef { device: [1; 16], epoch: 0, seq: self.seq };
        let event = Event::Training(event);
        self.bytes += event.encode().len() as u64;
        self.state.evolve(&Stamped {
            at,
            clock_ms: UnixMs(1_704_870_000_000),
            actor: self.actor.clone(),
            area: area.clone(),
            cosigners: Vec::new(),
            attested_by_node: true,
            keys: Keys::default(),
            supersedes: Vec::new(),
            event,
        });
        at
    }

    fn course(
        &mut self,
        area: &AreaId,
        name: String,
        module: u8,
        people: &[PersonId],
    ) -> Result<(), IdError> {
        let trainer = PersonId::try_new("T-1")?;
        let present = Roll::of(people);
        let held = Held {
            course: name,
            module,
            on: ON,
            venue: "HALL-1".to_owned(),
            hours: 2,
            trainer: trainer.clone(),
            present: present.clone(),
            taken: Taken::List,
            sheet: None,
        };
        let list = self.put(area, Training::Held(held));
        let right = vec![7; people.len()];
        let (bank, sat) = (Hash32([2; 32]), present.clone());
        let quiz = Quiz { bank, seed: 7, asked: 8, examiner: trainer.clone(), sat, right, on: ON };
        let quiz = self.put(area, Training::Examined { course: list, quiz });
        let practical = Practical {
            test: "observed drill".to_owned(),
            examiner: trainer,
            passed: present.clone(),
            failed: Roll::default(),
            on: ON,
        };
        let practical = self.put(area, Training::Practised { course: list, practical });
        let certificate = Certificate {
            module,
            standard: STANDARD,
            lists: vec![list],
            quiz: Some(quiz),
            practical: Some(practical),
            people: present,
            until: STANDARD.validity().until(ON),
        };
        self.put(area, Training::Certified(certificate));
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut given = std::env::args().skip(1);
    let mut next = |usual: u32| given.next().map_or(Ok(usual), |text| text.parse::<u32>());
    let (people, modules, seats) = (next(517_000)?, next(4)?, next(40)?);
    let actor = Actor {
        person: PersonId::try_new("desk")?,
        role: Role::try_new("TRAINER")?,
        area: AreaId::nation(),
    };
    let mut log = Log { state: State::default(), actor, seq: 0, bytes: 0 };
    let everybody: Vec<PersonId> =
        (0..people).map(|n| PersonId::try_new(format!("P-{n:07}"))).collect::<Result<_, _>>()?;
    let begun = Instant::now();
    for (class, there) in everybody.chunks(seats.max(1) as usize).enumerate() {
        let area = AreaId::try_new(format!("pk/sindh/district-{}", class % 136))?;
        for module in 1..=u8::try_from(modules.min(13))? {
            log.course(&area, format!("class {class} M{module}"), module, there)?;
        }
    }
    let folded = begun.elapsed();
    let begun = Instant::now();
    let passed = log.state.trainings.passed(ON, &|_| Some(STANDARD));
    let certificates: usize = passed.values().map(|modules| modules.numbers().count()).sum();
    let (holders, counted) = (passed.len(), begun.elapsed());
    let begun = Instant::now();
    let one = log.state.trainings.modules_of("P-0000041", ON, &|_| Some(STANDARD));
    println!(
        "{} entries of {} bytes: {people} people in {modules} modules each made and folded in {folded:?}; \
         {certificates} certificates of {holders} people counted in {counted:?}; one person ({} modules) in {:?}",
        log.seq,
        log.bytes,
        one.numbers().count(),
        begun.elapsed()
    );
    if let Some(line) = memory() {
        println!("{line}");
    }
    Ok(())
}

/// The most memory this process had, where the system tells.
fn memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find(|line| line.starts_with("VmHWM")).map(str::to_owned)
}
