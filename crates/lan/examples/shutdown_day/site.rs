//! One district: its office, which speaks with the nation, and its stations, which speak with the office.

use crate::home::{Home, Who};
use pehra_lan::{
    admission::Limits,
    frame::Patience,
    watch::{Pace, Watch},
};
use std::{
    error::Error,
    io::Write,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};

type Done<T> = Result<T, Box<dyn Error>>;

/// Deeds of one node in one hour at most.
const DEEDS: u64 = 2;

/// A deed's number says who did it and when, so that no restart does one again.
pub(crate) fn deed(district: u16, station: u16, hour: u64) -> u64 {
    u64::from(district) << 40 | u64::from(station) << 24 | hour << 8
}

pub(crate) fn district_of(deed: u64) -> u16 {
    u16::try_from(deed >> 40 & 0xffff).unwrap_or(u16::MAX)
}

/// How eagerly nodes speak, when an hour takes so long.
pub(crate) fn pace(hour: Duration) -> Pace {
    let limits =
        Limits { connections: 4_000, per_address: 4_000, per_device: 10_000, ..Limits::default() };
    Pace {
        soon: hour / 4,
        calm: hour * 2,
        late: hour,
        dial: Duration::from_secs(2),
        patience: Patience { begin: Duration::from_secs(20), whole: Duration::from_secs(20) },
        limits,
    }
}

struct District {
    office: Home,
    stations: Vec<(Home, Watch)>,
    door: Watch,
    uplink: Option<Watch>,
    nation: SocketAddr,
    pace: Pace,
}

/// Lives as a district's process, as told on the standard input.
pub(crate) fn run(words: &[String]) -> Done<()> {
    let [district, stations, nation, seconds, folder] = words else { return Err("a site".into()) };
    let (district, stations): (u16, u16) = (district.parse()?, stations.parse()?);
    let (nation, folder): (SocketAddr, &Path) = (nation.parse()?, folder.as_ref());
    let pace = pace(Duration::from_secs(seconds.parse()?));
    let office = Home::open(&folder.join("office"), Who { district, station: 0 })?;
    let at = Some("127.0.0.1:0".parse()?);
    let door = Watch::begin(Box::new(office.clone()), at, &[], false, pace)?;
    let address = door.address().ok_or("no address")?;
    let mut homes = Vec::new();
    for station in 1..stations {
        let home = Home::open(&folder.join(station.to_string()), Who { district, station })?;
        let watch = Watch::begin(Box::new(home.clone()), None, &[address], false, pace)?;
        homes.push((home, watch));
    }
    let mut district = District { office, stations: homes, door, uplink: None, nation, pace };
    district.join(true)?;
    for line in std::io::stdin().lines() {
        let line = line?;
        let (word, number) = line.split_once(' ').unwrap_or((&line, "0"));
        match word {
            "hour" => district.hour(number.parse()?)?,
            "join" => district.join(true)?,
            "cut" => district.join(false)?,
            "report" => district.report(number.parse()?)?,
            _ => return Err(format!("what is {word}?").into()),
        }
    }
    Ok(())
}

impl District {
    fn join(&mut self, joined: bool) -> Done<()> {
        if !joined {
            self.uplink = None;
        } else if self.uplink.is_none() {
            let (house, peers) = (Box::new(self.office.clone()), [self.nation]);
            self.uplink = Some(Watch::begin(house, None, &peers, false, self.pace)?);
        }
        Ok(())
    }

    /// Everybody acts; what is on the disk is acknowledged.
    fn hour(&self, hour: u64) -> Done<()> {
        let mut out = std::io::stdout().lock();
        let all = std::iter::once((&self.office, &self.door));
        let all = all.chain(self.stations.iter().map(|(home, watch)| (home, watch)));
        for (home, watch) in all {
            let who = home.who;
            for nth in 0..u64::from(who.station.wrapping_add(u16::try_from(hour)?)) % (DEEDS + 1) {
                let deed = deed(who.district, who.station, hour) | nth;
                home.act(deed)?;
                writeln!(out, "deed {deed}")?;
                out.flush()?;
            }
            watch.news();
        }
        if let Some(uplink) = &self.uplink {
            uplink.news();
        }
        Ok(())
    }

    /// Waits until every station holds what the nation did, and says how everything stands.
    fn report(&self, of_nation: usize) -> Done<()> {
        let whole = |home: &&(Home, Watch)| {
            let effects = home.0.effects();
            effects.keys().filter(|deed| district_of(**deed) == 0).count() >= of_nation
        };
        let began = Instant::now();
        let mut count = 0;
        while count < self.stations.len() && began.elapsed() < Duration::from_secs(300) {
            std::thread::sleep(Duration::from_millis(200));
            self.door.news();
            count = self.stations.iter().filter(whole).count();
        }
        let own = self.office.effects();
        let duplicates = self
            .stations
            .iter()
            .map(|(home, _)| home.effects())
            .chain([own.clone()])
            .flat_map(std::collections::BTreeMap::into_values)
            .filter(|effects| *effects != 1)
            .count();
        let of_nation_here = own.keys().filter(|deed| district_of(**deed) == 0).count();
        let mine = own.len() - of_nation_here;
        let office = usize::from(of_nation_here >= of_nation);
        println!("report {mine} {duplicates} {} {}", self.stations.len() + 1, count + office);
        Ok(())
    }
}
