//! What is said and how it travels: the first path that is not known to be dead is tried; an attempt on a dead one costs
//! time and teaches. Air, lines and couriers are shared: whoever comes late waits.

use super::{Local, Next, bit, code_of};
use crate::day::{
    Cause, Code, Content, Device, Path, Role, Second, Service, Shared, What,
    chance::{On, Who, chance, happens, lognormal},
    plan::{Sector, narrow, travel_s},
};
use pehra_plan::communication::bearer::Bearer;

/// What a message is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum About {
    CheckIn { code: u8, content: Content },
    Incident { incident: u32 },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Message {
    pub(super) station: u32,
    pub(super) about: About,
    pub(super) made: Second,
    /// Since when it lies in a courier's box.
    pub(super) put: Second,
    pub(super) path: Path,
    pub(super) alive: bool,
}

/// Messages said, delivered and lost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) said: u64,
    pub(super) delivered: u64,
    pub(super) lost: u64,
}

/// In which order paths are tried: what people reach for first, then the ladder of the plan.
const LADDER: [(Path, Bearer); 9] = [
    (Path::CellularVoice, Bearer::CellularVoice),
    (Path::Uhf, Bearer::Uhf),
    (Path::Vhf, Bearer::Vhf),
    (Path::FixedLine, Bearer::FixedLine),
    (Path::Hf, Bearer::Hf),
    (Path::Fibre, Bearer::Fibre),
    (Path::Satellite, Bearer::Satellite),
    (Path::Runner, Bearer::Runner),
    (Path::Courier, Bearer::Courier),
];
/// The shortest errand of a sector's car.
const ERRAND_S: i32 = 300;

impl Local {
    fn seconds_of(w: &Shared, bearer: Bearer) -> i32 {
        super::signed(w.plan.message_s[bearer.index()])
    }

    fn sector_of(&self, w: &Shared, station: u32) -> u32 {
        self.listed(w, station).sector - w.plan.districts[self.district as usize].sectors.first
    }

    fn sector<'w>(&self, w: &'w Shared, sector: u32) -> &'w Sector {
        let first = w.plan.districts[self.district as usize].sectors.first;
        &w.plan.sectors[(first + sector) as usize]
    }

    /// The planned time of a check-in has come.
    pub(super) fn planned(&mut self, w: &Shared, station: u32, code: u8) {
        let figures = &w.scenario.parameters;
        let post = &mut self.posts[station as usize];
        post.due |= 1 << code;
        let red = w.checkins.get(usize::from(code) - 1).map_or(60, |it| it.red_minutes);
        self.after(super::signed(red) * 60, Next::Red { station, code });
        let mut luck = self.chance_of(w, station, On::Report, u32::from(code));
        if w.scenario.chance && happens(&mut luck, figures.report_forgotten_ppm) {
            return;
        }
        let late =
            lognormal(&mut luck, figures.report_late_median_s, figures.report_late_spread_permille);
        self.after(if w.scenario.chance { late } else { 0 }, Next::Made { station, code });
    }

    /// Says a planned check-in, if there is somebody to say it.
    pub(super) fn made(&mut self, w: &Shared, station: u32, code: u8) {
        if self.posts[station as usize].due & 1 << code == 0 {
            return;
        }
        let by_guard = matches!(code, 3 | 8..=11);
        let post = &self.posts[station as usize];
        let nobody = if by_guard { self.guards_at(w, station) == 0 } else { post.officer_out };
        let absent = !by_guard && code != 4 && post.phase == super::Phase::Bare;
        if nobody || absent {
            return;
        }
        let content = self.content(w, station, code);
        self.make(w, station, code_of(code), content);
    }

    /// A check-in is said and set on its way.
    pub(super) fn make(&mut self, w: &Shared, station: u32, code: Code, mut content: Content) {
        let global = self.station(w, station);
        let figures = &w.scenario.parameters;
        let mut luck = self.chance_of(w, station, On::Error, 100 + u32::from(code.number()));
        if let Content::Report { voted, .. } = &mut content
            && w.scenario.chance
            && happens(&mut luck, figures.report_misread_ppm)
        {
            std::mem::swap(&mut voted.men, &mut voted.women);
            self.say(What::Misread { station: global, code });
        }
        self.posts[station as usize].due |= 1 << code.number();
        let about = About::CheckIn { code: code.number(), content };
        let message = self.write(station, about);
        let office = matches!(code, Code::GATE | Code::RECEIPT);
        let path = if office { Some(Path::FixedLine) } else { self.choose(w, station) };
        self.say(What::CheckInMade { station: global, code, content, path });
        if office { self.send_from_office(w, message) } else { self.attempt(w, message) }
    }

    /// Puts a message into the books.
    pub(super) fn write(&mut self, station: u32, about: About) -> u32 {
        self.tally.said += 1;
        let message = Message {
            station,
            about,
            made: self.now,
            put: self.now,
            path: Path::ByHand,
            alive: true,
        };
        if let Some(at) = self.spare.pop() {
            self.messages[at as usize] = message;
            return at;
        }
        self.messages.push(message);
        narrow(self.messages.len() - 1)
    }

    /// The first path not known to be dead.
    pub(super) fn choose(&self, w: &Shared, station: u32) -> Option<Path> {
        let listed = self.listed(w, station);
        let dead = self.posts[station as usize].dead;
        LADDER
            .iter()
            .find(|(path, bearer)| {
                let foreseen = listed.planned.has(*bearer) || listed.proved.has(*bearer);
                let rides = *path != Path::Courier || listed.courier.is_some();
                foreseen && rides && dead & bit(*path) == 0
            })
            .map(|(path, _)| *path)
    }

    /// Whether a path really works here and now, and if not, why.
    pub(super) fn works(&self, w: &Shared, station: u32, path: Path) -> Result<(), Cause> {
        let up = |service: Service| {
            if self.down[service as usize] == 0 {
                Ok(())
            } else if self.ordered & 1 << (service as u8) != 0 {
                Err(Cause::Suspension)
            } else {
                Err(Cause::Outage)
            }
        };
        match path {
            Path::CellularVoice => up(Service::Voice),
            Path::CellularData => up(Service::Data),
            Path::Fibre => up(Service::Broadband),
            Path::FixedLine => {
                up(Service::Exchange)?;
                self.tried(w, station, Bearer::FixedLine)
            }
            Path::Hf => self.tried(w, station, Bearer::Hf),
            Path::Uhf | Path::Vhf => {
                let radio = 1 << (Device::Radio as u8);
                let post = self.sector(w, self.sector_of(w, station)).post;
                let first = w.plan.districts[self.district as usize].stations.first;
                let both = self.posts[station as usize].broken
                    | self.posts[(post - first) as usize].broken;
                if both & radio != 0 {
                    return Err(Cause::Battery);
                }
                let bearer = if path == Path::Uhf { Bearer::Uhf } else { Bearer::Vhf };
                self.tried(w, station, bearer)
            }
            Path::Courier => {
                let ride = self.ride_of(w, station);
                if ride.is_some_and(|ride| !self.rides[ride].failed) {
                    Ok(())
                } else {
                    Err(Cause::Breakdown)
                }
            }
            Path::Satellite | Path::Runner | Path::VhfBase | Path::SectorCar | Path::ByHand => {
                Ok(())
            }
        }
    }

    /// A path that a test proved works; of the others most do, and a place stays as it is.
    fn tried(&self, w: &Shared, station: u32, bearer: Bearer) -> Result<(), Cause> {
        let listed = self.listed(w, station);
        if !w.scenario.chance || listed.proved.has(bearer) {
            return Ok(());
        }
        let again = 200 + u32::try_from(bearer.index()).unwrap_or(0);
        let mut luck = self.chance_of(w, station, On::Device, again);
        let works = luck.below(1_000) < u64::from(w.scenario.parameters.unproved_works_permille);
        if works { Ok(()) } else { Err(Cause::Range) }
    }

    /// A4: whether the first and the second path of the ladder answer.
    pub(super) fn test(&mut self, w: &Shared, station: u32) -> Content {
        let listed = self.listed(w, station);
        let mut answers = LADDER
            .iter()
            .filter(|(path, bearer)| {
                listed.planned.has(*bearer) && (*path != Path::Courier || listed.courier.is_some())
            })
            .map(|(path, _)| self.works(w, station, *path).is_ok());
        let first = answers.next().unwrap_or(false);
        let second = answers.next().unwrap_or(false);
        Content::Test { first, second }
    }

    pub(super) fn attempt(&mut self, w: &Shared, message: u32) {
        let station = self.messages[message as usize].station;
        let global = self.station(w, station);
        let Some(path) = self.choose(w, station) else {
            self.posts[station as usize].waiting.push(message);
            let code = match self.messages[message as usize].about {
                About::CheckIn { code, .. } => Some(code_of(code)),
                About::Incident { .. } => None,
            };
            self.say(What::MessageWaits { station: global, code });
            return;
        };
        match self.works(w, station, path) {
            Ok(()) => self.carry(w, message, path),
            Err(cause) => {
                self.posts[station as usize].dead |= bit(path);
                self.say(What::PathFailed { station: global, path, cause });
                self.observe_loss(path, cause);
                self.after(w.scenario.parameters.attempt_s, Next::Try { message });
            }
        }
    }

    fn carry(&mut self, w: &Shared, message: u32, path: Path) {
        self.messages[message as usize].path = path;
        let station = self.messages[message as usize].station;
        let sector = self.sector_of(w, station);
        let direct = self.sector(w, sector).direct;
        match path {
            Path::Uhf | Path::Vhf => {
                let bearer = if path == Path::Uhf { Bearer::Uhf } else { Bearer::Vhf };
                let heard = self.speak(w, sector, Self::seconds_of(w, bearer));
                if direct {
                    self.at(heard, Next::Delivered { message });
                } else {
                    self.at(heard, Next::AtSector { message, sector });
                }
            }
            Path::CellularVoice if !direct => {
                let phone = &mut self.nets[sector as usize].phone;
                *phone = (*phone).max(self.now).plus(Self::seconds_of(w, Bearer::CellularVoice));
                let heard = *phone;
                self.at(heard, Next::AtSector { message, sector });
            }
            Path::CellularVoice | Path::FixedLine => {
                let at = self.line(w.scenario.parameters.desk_call_s);
                self.at(at, Next::Delivered { message });
            }
            Path::Hf => {
                self.hf = self.hf.max(self.now).plus(Self::seconds_of(w, Bearer::Hf));
                self.at(self.hf, Next::Delivered { message });
            }
            Path::Runner => {
                let seconds = self.errand(w, sector, station, w.scenario.parameters.runner_m_per_h);
                self.after(seconds, Next::AtSector { message, sector });
            }
            Path::Courier => {
                self.messages[message as usize].put = self.now;
                self.posts[station as usize].courier_bag.push(message);
            }
            Path::Fibre | Path::CellularData => self.after(5, Next::Delivered { message }),
            Path::Satellite | Path::VhfBase | Path::SectorCar | Path::ByHand => {
                self.after(60, Next::Delivered { message });
            }
        }
    }

    /// Takes the air of a sector's channel for so long, and with it the air of all who hear it.
    fn speak(&mut self, w: &Shared, sector: u32, seconds: i32) -> Second {
        let heard = self.air[sector as usize].max(self.now).plus(seconds);
        self.air[sector as usize] = heard;
        let first = w.plan.districts[self.district as usize].sectors.first;
        for &other in &self.sector(w, sector).hears {
            let air = &mut self.air[(other - first) as usize];
            *air = (*air).max(heard);
        }
        heard
    }

    /// The next free line of the control room, taken for so long.
    fn line(&mut self, seconds: i32) -> Second {
        let now = self.now;
        self.lines.iter_mut().min().map_or(now.plus(seconds), |line| {
            *line = (*line).max(now).plus(seconds);
            *line
        })
    }

    /// From the returning officer's desk: by line, by telephone, or by hand within the half hour.
    fn send_from_office(&mut self, w: &Shared, message: u32) {
        let reachable =
            self.down[Service::Exchange as usize] == 0 || self.down[Service::Voice as usize] == 0;
        if reachable {
            self.messages[message as usize].path = Path::FixedLine;
            let at = self.line(w.scenario.parameters.desk_call_s / 4);
            self.at(at, Next::Delivered { message });
        } else {
            self.after(1_800, Next::Delivered { message });
        }
    }

    pub(super) fn at_sector(&mut self, w: &Shared, message: u32, sector: u32) {
        let urgent = match self.messages[message as usize].about {
            About::CheckIn { .. } => false,
            About::Incident { incident } => self.incidents[incident as usize].severity >= 4,
        };
        let full = self.sector(w, sector).stations.len();
        let net = &mut self.nets[sector as usize];
        net.pending.push(message);
        if urgent || net.pending.len() >= full {
            self.sector_passes(w, sector);
        } else if !net.passing {
            net.passing = true;
            self.after(w.scenario.parameters.sector_wait_s, Next::SectorPasses { sector });
        }
    }

    /// The sector's officer passes on what has come in, in one message.
    pub(super) fn sector_passes(&mut self, w: &Shared, sector: u32) {
        let net = &mut self.nets[sector as usize];
        net.passing = false;
        if net.pending.is_empty() {
            return;
        }
        let pending = std::mem::take(&mut net.pending);
        let at = self.uplink(w, sector);
        for message in pending {
            self.at(at, Next::Delivered { message });
        }
    }

    /// When a message that a sector sends now has reached the control room.
    fn uplink(&mut self, w: &Shared, sector: u32) -> Second {
        let listed = self.sector(w, sector);
        let first = w.plan.districts[self.district as usize].stations.first;
        let post = listed.post - first;
        if self.down[Service::Voice as usize] == 0 {
            return self.line(Self::seconds_of(w, Bearer::CellularVoice));
        }
        if listed.hops > 0 && self.down[Service::Mast as usize] == 0 {
            let airtime = Self::seconds_of(w, Bearer::VhfBase) * super::signed(listed.hops);
            self.mast = self.mast.max(self.now).plus(airtime);
            return self.mast;
        }
        if listed.terminal {
            return self.now.plus(Self::seconds_of(w, Bearer::Satellite));
        }
        let line = self.listed(w, post).planned.has(Bearer::FixedLine);
        if line && self.works(w, post, Path::FixedLine).is_ok() {
            return self.line(w.scenario.parameters.desk_call_s);
        }
        let district = &w.plan.districts[self.district as usize];
        let from = w.plan.buildings[self.listed(w, post).building as usize].point;
        let drive = travel_s(from, district.control, district.terrain);
        self.now.plus(super::signed(drive).max(ERRAND_S))
    }

    pub(super) fn delivered(&mut self, w: &Shared, message: u32) {
        let said = self.messages[message as usize];
        if !said.alive {
            return;
        }
        self.messages[message as usize].alive = false;
        self.spare.push(message);
        self.tally.delivered += 1;
        let station = self.station(w, said.station);
        if let Some(since) = self.posts[said.station as usize].dark.take() {
            let silent_s = self.now.since(since);
            self.say(What::HeardAgain { station, silent_s });
        }
        match said.about {
            About::CheckIn { code, content } => {
                self.posts[said.station as usize].due &= !(1 << code);
                let (code, path, made_at) = (code_of(code), said.path, said.made);
                self.say(What::CheckInDelivered { station, code, content, path, made_at });
            }
            About::Incident { incident } => {
                self.reported(w, incident, Role::StationGuard, said.path);
            }
        }
    }

    /// The red mark: whoever has said nothing is visited by the sector's car.
    pub(super) fn red(&mut self, w: &Shared, station: u32, code: u8) {
        if self.posts[station as usize].due & 1 << code == 0 {
            return;
        }
        let dark = w.scenario.parameters.dark_after_red_s;
        self.after(dark, Next::Dark { station, code });
        let sector = self.sector_of(w, station);
        if self.sector(w, sector).direct || self.nets[sector as usize].aboard.contains(&station) {
            return;
        }
        let errand = self.errand(w, sector, station, w.scenario.parameters.car_speed_m_per_h);
        let net = &mut self.nets[sector as usize];
        net.aboard.push(station);
        net.car = net.car.max(self.now).plus(errand);
        let there = net.car;
        let first = w.plan.districts[self.district as usize].sectors.first;
        let global = self.station(w, station);
        self.say(What::CarSent { sector: first + sector, station: global });
        self.at(there, Next::CarAt { sector, station });
    }

    fn errand(&self, w: &Shared, sector: u32, station: u32, m_per_h: u32) -> i32 {
        let post = self.sector(w, sector).post;
        let of = |at: u32| w.plan.buildings[w.plan.stations[at as usize].building as usize].point;
        let terrain = w.plan.districts[self.district as usize].terrain;
        let here = self.station(w, station);
        let metres = crate::day::plan::road_m(of(post), of(here), terrain);
        let seconds = u64::from(metres) * 3_600 / u64::from(m_per_h.max(1));
        i32::try_from(seconds).unwrap_or(i32::MAX).max(ERRAND_S)
    }

    /// The car is at the door: it takes what waits there and asks for what was not said.
    pub(super) fn car_at(&mut self, w: &Shared, sector: u32, station: u32) {
        let errand = self.errand(w, sector, station, w.scenario.parameters.car_speed_m_per_h);
        let net = &mut self.nets[sector as usize];
        net.car = net.car.max(self.now).plus(errand);
        let back = net.car;
        self.ask(w, station);
        self.at(back, Next::CarBack { sector, station });
    }

    /// Reports that are due and not under way are made now, by whoever is there.
    fn ask(&mut self, w: &Shared, station: u32) {
        let mut silent = self.posts[station as usize].due;
        for message in self.messages.iter().filter(|it| it.alive && it.station == station) {
            if let About::CheckIn { code, .. } = message.about {
                silent &= !(1 << code);
            }
        }
        for code in 3..=12 {
            if silent & 1 << code != 0 {
                let content = self.content(w, station, code);
                let global = self.station(w, station);
                let message = self.write(station, About::CheckIn { code, content });
                let (code, path) = (code_of(code), Some(Path::SectorCar));
                self.say(What::CheckInMade { station: global, code, content, path });
                self.posts[station as usize].waiting.push(message);
            }
        }
    }

    pub(super) fn car_back(&mut self, w: &Shared, sector: u32, station: u32) {
        self.nets[sector as usize].aboard.retain(|&other| other != station);
        let mut carried = std::mem::take(&mut self.posts[station as usize].waiting);
        carried.append(&mut self.posts[station as usize].courier_bag);
        for message in carried {
            self.messages[message as usize].path = Path::SectorCar;
            self.at_sector(w, message, sector);
        }
        self.sector_passes(w, sector);
    }

    pub(super) fn goes_dark(&mut self, w: &Shared, station: u32, code: u8) {
        let post = &mut self.posts[station as usize];
        if post.due & 1 << code == 0 || post.dark.is_some() {
            return;
        }
        post.dark = Some(self.now);
        let station = self.station(w, station);
        self.say(What::Dark { station, code: code_of(code) });
    }

    fn ride_of(&self, w: &Shared, station: u32) -> Option<usize> {
        let first = w.plan.districts[self.district as usize].couriers.first;
        self.listed(w, station).courier.map(|courier| (courier - first) as usize)
    }

    pub(super) fn begin_couriers(&mut self, w: &Shared) {
        let first = Second(w.scenario.parameters.courier_first_s);
        for courier in 0..narrow(self.rides.len()) {
            self.at(first, Next::CourierOut { courier });
        }
    }

    fn courier_number(&self, w: &Shared, courier: u32) -> u32 {
        w.plan.districts[self.district as usize].couriers.first + courier
    }

    pub(super) fn courier_out(&mut self, w: &Shared, courier: u32) {
        let figures = &w.scenario.parameters;
        let global = self.courier_number(w, courier);
        let again = self.rides[courier as usize].loops;
        let mut luck = chance(w.scenario.seed, Who::Courier, global, On::Breakdown, again);
        let loop_s = super::signed(w.plan.couriers[global as usize].loop_s);
        let mut seconds = loop_s;
        let fails = w.scenario.chance && happens(&mut luck, figures.courier_fails_ppm);
        let ride = &mut self.rides[courier as usize];
        ride.out = true;
        ride.loops += 1;
        self.say(What::CourierDeparted { courier: global });
        if w.scenario.chance {
            seconds = lognormal(&mut luck, seconds, figures.leg_spread_permille);
        }
        if fails {
            let lost = lognormal(&mut luck, figures.breakdown_median_s, 600);
            self.say(What::CourierFailed { courier: global, cause: Cause::Breakdown });
            seconds = seconds.saturating_add(lost);
        }
        self.after(seconds, Next::CourierBack { courier });
        let next = self.now.plus(figures.courier_every_s.max(seconds));
        if next <= Second(figures.courier_last_s) {
            self.at(next, Next::CourierOut { courier });
        }
    }

    /// Home again with what lay ready when it passed.
    pub(super) fn courier_back(&mut self, w: &Shared, courier: u32) {
        let global = self.courier_number(w, courier);
        let listed = &w.plan.couriers[global as usize];
        let first = w.plan.districts[self.district as usize].stations.first;
        let stops = super::signed(narrow(listed.stops.len())) + 1;
        let start = self.now.plus(-super::signed(listed.loop_s));
        let mut carried = Vec::new();
        for (place, &stop) in (1_i32..).zip(&listed.stops) {
            let passed = start.plus(super::signed(listed.loop_s) / stops * place);
            let post = &mut self.posts[(stop - first) as usize];
            let messages = &self.messages;
            let ready = |message: &u32| messages[*message as usize].put <= passed;
            carried.extend(post.courier_bag.extract_if(.., |message| ready(message)));
            carried.extend(post.waiting.extract_if(.., |message| ready(message)));
        }
        self.rides[courier as usize].out = false;
        self.say(What::CourierReturned { courier: global, messages: narrow(carried.len()) });
        let sector = listed.sector;
        for message in carried {
            self.messages[message as usize].path = Path::Courier;
            match sector {
                Some(sector) => {
                    let local = sector - w.plan.districts[self.district as usize].sectors.first;
                    self.at_sector(w, message, local);
                }
                None => self.at(self.now, Next::Delivered { message }),
            }
        }
    }

    /// The person who carries the bag is also the network: what could not be sent comes along.
    pub(super) fn by_hand(&mut self, station: u32) {
        let post = &mut self.posts[station as usize];
        let mut carried = std::mem::take(&mut post.waiting);
        carried.append(&mut post.courier_bag);
        for message in carried {
            self.messages[message as usize].path = Path::ByHand;
            self.after(60, Next::Delivered { message });
        }
    }

    /// What waits at a station is tried again, because something works again.
    pub(super) fn retry(&mut self, w: &Shared, station: u32) {
        for message in std::mem::take(&mut self.posts[station as usize].waiting) {
            self.attempt(w, message);
        }
    }
}
