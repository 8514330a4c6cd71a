//! A loss of service as those who keep the register of suspensions write it down: one record, opened when a second district
//! says the same, the first word of it as what was observed, and every district's own as a probe beside it. Who ordered it
//! is in no entry: nobody has told them.

use super::convert::{Entered, Matter};
use crate::drill::material::Thread;
use pehra_domain::{AreaId, SuspensionId, exercise::EXERCISE_MARK};
use pehra_drill::day::{Happening, Plan, Second, Service as Lost, What};
use pehra_ops::{
    Command,
    suspension::{self, Service, Statement},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Districts that must say the same before a loss is more than an outage.
const DISTRICTS: usize = 2;

/// Follows what districts find gone and find back.
pub struct Network {
    plan: Arc<Plan>,
    area: AreaId,
    /// The desk that keeps the register, by its place behind the districts'.
    desk: u32,
    /// Who misses what since when.
    gone: BTreeMap<(Service, u32), Second>,
    /// Services of the open record; none while there is none.
    open: BTreeSet<Service>,
    partly: bool,
    number: u32,
}

impl Network {
    #[must_use]
    pub fn new(plan: Arc<Plan>) -> Self {
        let desk = u32::try_from(plan.districts.len()).unwrap_or(u32::MAX);
        let area = common(&plan);
        let (gone, open) = (BTreeMap::new(), BTreeSet::new());
        Self { plan, area, desk, gone, open, partly: false, number: 0 }
    }

    /// The area that the register is about: the narrowest that holds every district of the plan.
    #[must_use]
    pub fn area(&self) -> &AreaId {
        &self.area
    }

    /// What is entered of one happening.
    pub fn note(&mut self, happening: &Happening) -> Vec<Entered> {
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "the rest of what happens is no word of a network"
        )]
        let commands = match &happening.what {
            What::SuspensionObserved { district, service } => {
                self.lost(*district, *service, happening.at)
            }
            What::RestorationObserved { district, service } => {
                self.back(*district, *service, happening.at)
            }
            _ => return Vec::new(),
        };
        let entered = |command| {
            let thread = Thread::Register(self.number);
            let what = Matter::Said(thread, Box::new(Command::Suspension(command)));
            Entered { district: self.desk, role: "COMMS", what }
        };
        commands.into_iter().map(entered).collect()
    }

    fn lost(&mut self, district: u32, service: Lost, at: Second) -> Vec<suspension::Command> {
        let Some(service) = register(service) else { return Vec::new() };
        if self.gone.insert((service, district), at).is_some() {
            return Vec::new();
        }
        let mut said = Vec::new();
        if !self.open.contains(&service) {
            let needed = DISTRICTS.min(self.plan.districts.len()).max(1);
            let mut missing: Vec<(Second, u32)> = self.missing(service).collect();
            if missing.len() < needed {
                return Vec::new();
            }
            missing.sort_unstable();
            let is_first = self.open.is_empty();
            if is_first {
                self.number += 1;
                self.partly = false;
            }
            self.open.insert(service);
            let since = missing.first().map_or(at, |(at, _)| *at);
            let Some(suspension) = self.id() else { return Vec::new() };
            let (area, services, at) = (self.area.clone(), vec![service], self.ms(since));
            said.push(suspension::Command::Open { area, suspension, services, at });
            if is_first {
                let by = missing.first().map_or(district, |(_, by)| *by);
                said.extend(self.state(Statement::EffectiveObserved(at), by));
            }
            said.extend(
                missing.into_iter().filter_map(|(at, by)| self.probe(service, by, at, false)),
            );
            return said;
        }
        said.extend(self.probe(service, district, at, false));
        said
    }

    fn back(&mut self, district: u32, service: Lost, at: Second) -> Vec<suspension::Command> {
        let Some(service) = register(service) else { return Vec::new() };
        if self.gone.remove(&(service, district)).is_none() || !self.open.contains(&service) {
            return Vec::new();
        }
        let mut said: Vec<_> = self.probe(service, district, at, true).into_iter().collect();
        let is_over = !self.gone.keys().any(|(service, _)| self.open.contains(service));
        if is_over || !self.partly {
            let statement = Statement::RestoredObserved { at: self.ms(at), partly: !is_over };
            said.extend(self.state(statement, district));
            self.partly = true;
        }
        if is_over {
            self.open.clear();
        }
        said
    }

    fn missing(&self, service: Service) -> impl Iterator<Item = (Second, u32)> {
        self.gone.iter().filter(move |((it, _), _)| *it == service).map(|((_, by), at)| (*at, *by))
    }

    fn probe(
        &self,
        service: Service,
        district: u32,
        at: Second,
        reached: bool,
    ) -> Option<suspension::Command> {
        let path = format!("{} · {}", service.name(), self.name(district)?);
        self.state(Statement::Probe { at: self.ms(at), path, reached }, district)
    }

    fn state(&self, statement: Statement, by: u32) -> Option<suspension::Command> {
        let (area, suspension) = (self.area.clone(), self.id()?);
        let source = format!("{EXERCISE_MARK} · {}", self.name(by)?);
        Some(suspension::Command::State { area, suspension, statement, source })
    }

    fn name(&self, district: u32) -> Option<&str> {
        self.plan.districts.get(district as usize).map(|it| it.area.as_str())
    }

    fn id(&self) -> Option<SuspensionId> {
        SuspensionId::try_new(format!("EX-LOSS-{}", self.number)).ok()
    }

    fn ms(&self, at: Second) -> pehra_domain::UnixMs {
        at.unix_ms(self.plan.day)
    }
}

/// The register's word for a service; none for what is no matter of it.
fn register(service: Lost) -> Option<Service> {
    match service {
        Lost::Voice => Some(Service::Voice),
        Lost::Sms => Some(Service::Sms),
        Lost::Data => Some(Service::Data),
        Lost::Broadband => Some(Service::Broadband),
        Lost::Exchange | Lost::Mast | Lost::Power => None,
    }
}

/// The narrowest area that holds every district.
fn common(plan: &Plan) -> AreaId {
    let holds_all = |area: &AreaId| plan.districts.iter().all(|it| area.contains(&it.area));
    let first = plan.districts.first().map(|it| it.area.clone());
    std::iter::successors(first, AreaId::parent).find(holds_all).unwrap_or_else(AreaId::nation)
}
