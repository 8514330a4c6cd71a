//! A day of shutdown with a thousand nodes: every node has its own key, store and roster, they speak TLS, districts are
//! processes, each in a network namespace of its own where the machine allows it. The uplinks are cut in the morning,
//! some come back for an hour, whole districts lose their power (kill -9) and come up again; in the evening all are
//! restored. Then every deed that was acknowledged must have taken effect everywhere it belongs, once.
//!
//! `cargo run --release -p pehra-lan --example shutdown_day [-- NODES [DISTRICTS [SECONDS PER HOUR [SEED]]]]`: 1,000 nodes in
//! 20 districts and 4 s unless said otherwise. `cargo xtask shutdown` runs it.
#![expect(clippy::print_stdout, reason = "the figures are the output")]

mod cable;
mod home;
mod site;

use cable::Cable;
use home::{Home, Who};
use pehra_lan::watch::Watch;
use site::pace;
use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    time::{Duration, Instant},
};

type Done<T> = Result<T, Box<dyn Error>>;

/// Hours of the day at which the uplinks go and come back.
const CUT: u64 = 4;
const RESTORED: u64 = 20;
const HOURS: u64 = 24;
const PATIENCE: Duration = Duration::from_secs(600);

/// The size of the day.
struct Day {
    nodes: u16,
    districts: u16,
    hour: Duration,
    chance: Chance,
}

/// Steele, Lea and Flood's mixer: the same plan from the same seed.
struct Chance(u64);

impl Chance {
    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.draw().is_multiple_of(times)
    }
}

/// One district's process.
struct Site {
    district: u16,
    stations: u16,
    folder: PathBuf,
    running: Option<(Child, ChildStdin)>,
}

/// What a district's process says.
enum Heard {
    Deed(u64),
    Report(u16, String),
}

fn main() -> Done<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "site") {
        return site::run(words.get(1..).unwrap_or_default());
    }
    let number = |at: usize, usual: u64| words.get(at).map_or(Ok(usual), |word| word.parse());
    let day = Day {
        nodes: number(0, 1_000)?.try_into()?,
        districts: number(1, 20)?.try_into()?,
        hour: Duration::from_secs(number(2, 4)?),
        chance: Chance(number(3, 1)?),
    };
    let cable = Cable::lay(day.districts);
    println!(
        "{} nodes in {} districts, {}; load {}",
        day.nodes,
        day.districts,
        if cable.is_some() {
            "each district in a network namespace of its own"
        } else {
            "on loopback (no network namespaces here: they need root)"
        },
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
    live(day, cable.as_ref())
}

fn live(mut day: Day, cable: Option<&Cable>) -> Done<()> {
    let dir = tempfile::tempdir()?;
    let nation: Vec<Home> = (0..2)
        .map(|station| {
            let who = Who { district: 0, station };
            Home::open(&dir.path().join(format!("nation-{station}")), who)
        })
        .collect::<Result<_, _>>()?;
    let [first, second] = &nation[..] else { return Err("two nodes stand for the nation".into()) };
    let at: SocketAddr = cable.map_or("127.0.0.1:0", |_| "10.84.0.1:0").parse()?;
    let pace = pace(day.hour);
    let one = Watch::begin(Box::new(first.clone()), Some(at), &[], false, pace)?;
    let address = one.address().ok_or("no address")?;
    let two = Watch::begin(Box::new(second.clone()), None, &[address], false, pace)?;
    let (tell, heard) = channel();
    let mut sites = sites(&day, dir.path());
    let began = Instant::now();
    for site in &mut sites {
        site.start(address, cable, day.hour, &tell)?;
    }
    let mut acknowledged = BTreeSet::new();
    let (mut cuts, mut kills, mut backlog) = (0, 0, None);
    for hour in 0..HOURS {
        for site in &mut sites {
            if site.running.is_none() {
                site.start(address, cable, day.hour, &tell)?;
            } else if (CUT..RESTORED).contains(&hour) && day.chance.once_in(20) {
                kills += 1;
                site.kill();
                continue;
            }
            let joined = !(CUT..RESTORED).contains(&hour) || day.chance.once_in(10);
            cuts += u32::from(!joined);
            site.join(joined, cable)?;
            site.say(&format!("hour {hour}"))?;
        }
        for (station, home) in (0..).zip(&nation) {
            let deed = site::deed(0, station, hour);
            home.act(deed)?;
            acknowledged.insert(deed);
        }
        one.news();
        two.news();
        if hour == RESTORED {
            listen(&heard, &mut acknowledged);
            backlog = Some((Instant::now(), acknowledged.clone()));
        }
        pass(day.hour, &nation, &mut backlog);
        listen(&heard, &mut acknowledged);
    }
    println!(
        "the day is over after {:.0} s: {cuts} district-hours without uplink, {kills} districts killed without warning, \
         {} deeds acknowledged, of which the nation has {}",
        began.elapsed().as_secs_f64(),
        acknowledged.len(),
        first.deeds()
    );
    for site in &mut sites {
        if site.running.is_none() {
            site.start(address, cable, day.hour, &tell)?;
            site.join(true, cable)?;
        }
    }
    let arrived = restored(&nation, &heard, &mut acknowledged)?;
    let reports = reports(&mut sites, &heard, &mut acknowledged)?;
    judge(&nation, &acknowledged, &reports, sites.len() + 1)?;
    println!("everything arrived {:.1} s after the last hour", arrived.as_secs_f64());
    sites.iter_mut().for_each(Site::kill);
    Ok(())
}

/// An hour passes; when what was done without uplinks has arrived, it is said how long that took.
fn pass(hour: Duration, nation: &[Home], backlog: &mut Option<(Instant, BTreeSet<u64>)>) {
    let began = Instant::now();
    while began.elapsed() < hour {
        std::thread::sleep(Duration::from_millis(100));
        let Some((restored, deeds)) = backlog.as_ref() else { continue };
        let all_here = |home: &Home| {
            let effects = home.effects();
            deeds.iter().all(|deed| effects.contains_key(deed))
        };
        if nation.iter().all(all_here) {
            let seconds = restored.elapsed().as_secs_f64();
            println!(
                "{} deeds done before the uplinks came back are with the nation {seconds:.1} s after",
                deeds.len()
            );
            *backlog = None;
        }
    }
}

/// Waits until all that was acknowledged is at every node of the nation.
fn restored(
    nation: &[Home],
    heard: &Receiver<Heard>,
    acknowledged: &mut BTreeSet<u64>,
) -> Done<Duration> {
    let restored = Instant::now();
    let all_here = |home: &Home, all: &BTreeSet<u64>| {
        let effects = home.effects();
        all.iter().all(|deed| effects.contains_key(deed))
    };
    while !nation.iter().all(|home| all_here(home, acknowledged)) {
        if restored.elapsed() > PATIENCE {
            return Err(missing(nation, acknowledged).into());
        }
        std::thread::sleep(Duration::from_millis(200));
        listen(heard, acknowledged);
    }
    Ok(restored.elapsed())
}

/// What every district says of itself, once its stations hold all that the nation did.
fn reports(
    sites: &mut [Site],
    heard: &Receiver<Heard>,
    acknowledged: &mut BTreeSet<u64>,
) -> Done<BTreeMap<u16, String>> {
    let mut reports = BTreeMap::new();
    for site in sites.iter_mut() {
        site.say(&format!("report {}", 2 * HOURS))?;
    }
    while reports.len() < sites.len() {
        match heard.recv_timeout(PATIENCE)? {
            Heard::Deed(deed) => drop(acknowledged.insert(deed)),
            Heard::Report(district, line) => drop(reports.insert(district, line)),
        }
    }
    Ok(reports)
}

fn missing(nation: &[Home], acknowledged: &BTreeSet<u64>) -> String {
    let effects: Vec<_> = nation.iter().map(Home::effects).collect();
    let missing =
        acknowledged.iter().filter(|deed| !effects.iter().all(|it| it.contains_key(deed)));
    let missing = missing.count();
    format!("{missing} of {} acknowledged deeds did not arrive", acknowledged.len())
}

/// Everything arrived, nothing took effect twice, and every node says so of itself.
fn judge(
    nation: &[Home],
    acknowledged: &BTreeSet<u64>,
    reports: &BTreeMap<u16, String>,
    processes: usize,
) -> Done<()> {
    let mut twice = 0;
    let mut beyond = BTreeSet::new();
    for home in nation {
        let effects = home.effects();
        twice += effects.values().filter(|count| **count != 1).count();
        beyond.extend(effects.into_keys().filter(|deed| !acknowledged.contains(deed)));
    }
    let mut nodes = nation.len();
    for (district, line) in reports {
        let words: Vec<usize> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let [held, duplicates, stations, whole] = words[..] else { return Err("a report".into()) };
        let own = acknowledged.iter().filter(|deed| site::district_of(**deed) == *district);
        if held < own.count() {
            return Err(format!("district {district} holds {held} deeds of its own").into());
        }
        if whole != stations {
            return Err(format!("district {district}: {whole} of {stations} are whole").into());
        }
        twice += duplicates;
        nodes += stations;
    }
    let heads: Vec<_> = nation.iter().map(Home::heads).collect::<Result<_, _>>()?;
    if heads.windows(2).any(|pair| pair.first() != pair.last()) {
        return Err("the two nodes of the nation hold different logs".into());
    }
    if twice > 0 {
        return Err(format!("{twice} deeds took effect twice").into());
    }
    println!(
        "{} of {} acknowledged deeds took effect at both nodes of the nation, each once; {} more were on a disk before the \
         power went and arrived too; {nodes} nodes in {processes} processes report themselves whole; 0 twice, 0 lost",
        acknowledged.len(),
        acknowledged.len(),
        beyond.len()
    );
    Ok(())
}

fn listen(heard: &Receiver<Heard>, acknowledged: &mut BTreeSet<u64>) {
    for one in heard.try_iter() {
        if let Heard::Deed(deed) = one {
            acknowledged.insert(deed);
        }
    }
}

fn sites(day: &Day, dir: &Path) -> Vec<Site> {
    let below = day.nodes.saturating_sub(2);
    (1..=day.districts)
        .map(|district| {
            let more = u16::from(below % day.districts >= district);
            let stations = below / day.districts + more;
            let folder = dir.join(format!("district-{district}"));
            Site { district, stations, folder, running: None }
        })
        .collect()
}

impl Site {
    fn start(
        &mut self,
        nation: SocketAddr,
        cable: Option<&Cable>,
        hour: Duration,
        tell: &Sender<Heard>,
    ) -> Done<()> {
        let program = std::env::current_exe()?;
        let mut command = match cable {
            Some(cable) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", &cable.space(self.district)]).arg(program);
                command
            }
            None => Command::new(program),
        };
        let seconds = hour.as_secs().to_string();
        let (district, stations) = (self.district.to_string(), self.stations.to_string());
        command.args(["site", &district, &stations, &nation.to_string(), &seconds]);
        command.arg(&self.folder).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
        let input = child.stdin.take().ok_or("no input")?;
        let (tell, number) = (tell.clone(), self.district);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let deed = line.strip_prefix("deed ").and_then(|deed| deed.parse().ok());
                let report = line.strip_prefix("report ").map(str::to_owned);
                let told = match (deed, report) {
                    (Some(deed), _) => tell.send(Heard::Deed(deed)),
                    (None, Some(report)) => tell.send(Heard::Report(number, report)),
                    (None, None) => Ok(()),
                };
                if told.is_err() {
                    return;
                }
            }
        });
        self.running = Some((child, input));
        Ok(())
    }

    fn say(&mut self, line: &str) -> Done<()> {
        if let Some((_, input)) = &mut self.running {
            writeln!(input, "{line}")?;
        }
        Ok(())
    }

    /// Plugs the uplink in, or pulls it.
    fn join(&mut self, joined: bool, cable: Option<&Cable>) -> Done<()> {
        match cable {
            Some(cable) => cable.plug(self.district, joined),
            None => self.say(if joined { "join" } else { "cut" }),
        }
    }

    fn kill(&mut self) {
        if let Some((mut child, _)) = self.running.take() {
            let _gone = child.kill();
            let _gone = child.wait();
        }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.kill();
    }
}
