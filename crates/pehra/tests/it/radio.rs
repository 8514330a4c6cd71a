//! Packet radio with Debian's `direwolf` at both ends: one turns our frames into sound, another turns the sound back.
//! Between them is a pipe instead of a sound card, and a fading channel.

use crate::{client::Browser, house::House};
use pehra::link::{
    Carrier,
    listen::{Thin as Outward, listen as listen_for},
    radio::Radio,
    send_object,
};
use pehra::node::{Node, OpenOptions, join, replace};
use pehra_domain::{AreaId, Date, PersonId, StationId, role::Role};
use pehra_ledger::certificate::{CertificateBody, LastAccepted, Revocation, RevocationBody};
use pehra_ledger::{
    ClockQuality, DeviceId, Draft, Entry, Hlc, Payload, Place, SigningKey, draft::Next,
    genesis::Genesis, request::Grant, statement::Said,
};
use pehra_link::{
    broadcast::Broadcast,
    fountain::{Binding, Limits, Progress, Receiver},
    mac::{ChannelKey, Ends},
    path::{Carrier as Kind, Way},
    thin::{Freshness, Thin, ThinKinds},
};
use pehra_ops::{
    Actor,
    check_in::{self, Code, Counts, Item, Rung, Subject, Word},
};
use pehra_store::Receipt;
use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

const ELECTION: [u8; 16] = [7; 16];
const NOON_MS: u64 = 1_770_000_000_000;
/// Samples of 16 bits a second.
const RATE: usize = 44_100;
const LONG: Duration = Duration::from_secs(60);

/// One modem program; it ends with its owner.
struct Modem {
    child: Child,
    port: u16,
    said: std::sync::mpsc::Receiver<String>,
}

impl Modem {
    fn start(folder: &Path, name: &str, sound: &str, more: &str) -> Self {
        let port =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let settings = folder.join(format!("{name}.conf"));
        let text = format!(
            "ADEVICE stdin {sound}\nARATE {RATE}\nCHANNEL 0\nMYCALL AP2XX\nMODEM 1200\nTXDELAY 10\nTXTAIL 10\nSLOTTIME 0\n\
             PERSIST 255\nAGWPORT 0\nKISSPORT {port}\n{more}"
        );
        std::fs::write(&settings, text).unwrap();
        let alsa = format!("/usr/share/alsa/alsa.conf:{}", folder.join("sound.conf").display());
        let mut child = Command::new("direwolf")
            .args(["-t", "0", "-q", "hd", "-c"])
            .arg(&settings)
            .env("ALSA_CONFIG_PATH", alsa)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("direwolf cannot be started ({error}): `apt-get install -y direwolf`")
            });
        let lines = BufReader::new(child.stdout.take().unwrap());
        let (tell, said) = std::sync::mpsc::channel();
        // What it says must be read to the end, or it would stop at a full pipe.
        std::thread::spawn(move || {
            for line in lines.split(b'\n').map_while(Result::ok) {
                let _nobody_asks_any_more = tell.send(String::from_utf8_lossy(&line).into_owned());
            }
        });
        let modem = Self { child, port, said };
        modem.await_word("Ready to accept KISS TCP client application 0");
        modem
    }

    fn await_word(&self, word: &str) {
        let mut heard = String::new();
        while !heard.contains(word) {
            let line = self.said.recv_timeout(LONG);
            heard.push_str(
                &line.unwrap_or_else(|_silent| panic!("no {word:?} from direwolf: {heard}")),
            );
        }
    }

    /// What it hears before it has taken a caller in, it tells nobody.
    fn await_caller(&self) {
        self.await_word("Attached to KISS TCP client application");
    }

    fn radio(&self, call_sign: &str) -> Radio {
        let radio = Radio::over_tcp(&format!("127.0.0.1:{}", self.port), call_sign).unwrap();
        self.await_caller();
        radio
    }
}

impl Drop for Modem {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Sound in pieces of a twentieth of a second; every `fade`th second is silent for a third of its length.
fn channel(mut from: File, mut to: impl Write, fade: usize) {
    let mut piece = vec![0; RATE / 20 * 2];
    for number in 0.. {
        let mut filled = 0;
        while filled < piece.len() {
            match from.read(&mut piece[filled..]) {
                Ok(0) | Err(_) => return,
                Ok(count) => filled += count,
            }
        }
        if fade > 0 && number / 20 % fade == fade - 1 && number % 20 < 7 {
            piece.fill(0);
        }
        if to.write_all(&piece).is_err() {
            return;
        }
    }
}

/// A transmitter and a receiver with a channel between them.
struct Air {
    sender: Modem,
    receiver: Modem,
    _folder: tempfile::TempDir,
}

fn air(fade: usize) -> Air {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("air");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let sound = format!(
        "pcm.air {{\n type file\n slave.pcm \"null\"\n file \"{}\"\n format \"raw\"\n}}\n",
        pipe.display()
    );
    std::fs::write(folder.path().join("sound.conf"), sound).unwrap();
    let mut receiver = Modem::start(folder.path(), "receiver", "null", "");
    let speaker = receiver.child.stdin.take().unwrap();
    let from = pipe.clone();
    // Open for both, so that the sound does not end when a transmitter closes it between two frames.
    let from = File::options().read(true).write(true).open(from).unwrap();
    std::thread::spawn(move || channel(from, speaker, fade));
    let sender = Modem::start(folder.path(), "sender", "air", "");
    Air { sender, receiver, _folder: folder }
}

fn entry(key: &SigningKey, body: &[u8]) -> Entry {
    let draft = Draft {
        election: ELECTION,
        clock: Hlc { ms: NOON_MS, counter: 0 },
        clock_quality: ClockQuality::UNKNOWN,
        area: "PK-PB-LHR".to_owned(),
        kind: 120,
        person: "p-17".to_owned(),
        role: "PO".to_owned(),
        causes: Vec::new(),
        cosigners: Vec::new(),
        extras: Vec::new(),
        payload: Payload::try_new([9; 32], body).unwrap(),
    };
    Entry::seal(key, &draft, Next::FIRST).unwrap()
}

/// Frames until `enough` says so.
fn listen(radio: &mut Radio, mut enough: impl FnMut(&[u8]) -> bool) {
    loop {
        let heard = radio.hear(LONG).unwrap();
        assert!(!heard.is_empty(), "nothing more was heard");
        if heard.iter().any(|frame| enough(frame)) {
            return;
        }
    }
}

#[test]
fn a_check_in_of_sixty_bytes_is_heard_over_the_air_and_attested() {
    let air = air(0);
    let (mut out, mut inward) = (air.sender.radio("AP2LHR-7"), air.receiver.radio("AP2LHR"));
    let key = SigningKey::from_seed([3; 32]);
    let kinds = ThinKinds::of(&[120]);
    let desk = DeviceId([8; 16]);
    let channel = |device: &DeviceId| {
        let (device, device_sealing, desk_sealing) = (*device, [1; 32], [2; 32]);
        let ends = Ends { device, device_sealing, epoch_low: 0, desk, desk_sealing };
        ChannelKey::between(&[5; 32], &ELECTION, &ends)
    };
    let signed = entry(&key, b"NA-120/17 opened, 3 present");
    let thin = Thin::of_entry(&signed, &kinds).unwrap();
    let frame = thin.encode(&channel(&key.id()), &ELECTION, 8).unwrap();
    assert!(frame.len() <= 60);
    // As a room says it: nobody answers, so it is said once more.
    let heard = (0..2).find_map(|_| {
        out.send(&frame).unwrap();
        inward.hear(LONG).unwrap().pop()
    });
    let own = |_, _| [(key.id(), channel(&key.id()))];
    let heard = heard.expect("nothing was heard of either");
    let got = Thin::decode(&heard, &ELECTION, own, &kinds, Freshness::DAY, NOON_MS).unwrap();
    assert_eq!(got.differs_from(&signed, &kinds), None);
    assert_eq!(got, thin);
}

#[test]
fn an_order_reaches_every_listener_over_a_fading_channel_that_answers_nothing() {
    let air = air(3);
    let (mut out, mut inward) = (air.sender.radio("AP2LHR-7"), air.receiver.radio("AP2LHR"));
    let key = SigningKey::from_seed([3; 32]);
    let content = b"All reserves of Lahore to building 1204; leave by the canal road. ".repeat(25);
    let order =
        Broadcast::sign(&key, ELECTION, "PK-PB-LHR", content, NOON_MS, NOON_MS + 1).unwrap();
    let binding = || Binding::Keyed(ChannelKey::of_broadcast(&[4; 32], &ELECTION));
    // Shorter frames than the modem takes: on a channel that fades, long ones rarely come through.
    let sender = order.sender(100, binding()).unwrap();
    let needed = sender.symbols();
    send_object(&mut out, &sender, 0..3 * needed).unwrap();
    let mut receiver = Receiver::new(binding(), Limits::NODE);
    let (mut heard, mut last) = (0u32, 0);
    let mut got = None;
    listen(&mut inward, |frame| {
        heard += 1;
        last = u32::from_be_bytes([0, frame[12], frame[13], frame[14]]);
        if let Progress::Done { object, .. } = receiver.receive(frame).unwrap() {
            got = Some(object);
        }
        got.is_some()
    });
    let (opened, signers) = Broadcast::open(&got.unwrap(), &ELECTION, NOON_MS).unwrap();
    assert_eq!(opened, order);
    assert_eq!(signers, [key.public()]);
    assert!(heard <= last, "the channel lost nothing: {heard} heard of {} sent", last + 1);
}

/// A station, its sector and its district: each enrolled by its own request, nothing else agreed between them.
struct Chain {
    station: Node,
    sector: House,
    district: House,
    root: SigningKey,
    _folders: [tempfile::TempDir; 3],
}

const AREA: &str = "pk/punjab/lahore";
const STATION_SEED: [u8; 32] = [21; 32];

impl Chain {
    fn enrolled() -> Self {
        let root = SigningKey::from_seed([9; 32]);
        let genesis = Genesis::try_new("TEST-1", vec![root.public()], 1).unwrap();
        let folders = [(); 3].map(|()| tempfile::tempdir().unwrap());
        let options = OpenOptions::of("TEST-1", "a test", Date(30_000));
        let area = AreaId::try_new(AREA).unwrap();
        let roles = ["PO", "SECTOR", "CTRL-D", "PEC", "SYSADMIN"].map(str::to_owned);
        let mut said = Vec::new();
        for folder in &folders {
            join(folder.path(), &genesis).unwrap();
        }
        drop(Node::open(folders[0].path(), &options).unwrap());
        // A key that the story knows, as a thief would.
        replace(folders[0].path(), None, Some(STATION_SEED)).unwrap();
        let nodes = folders.each_ref().map(|folder| Node::open(folder.path(), &options).unwrap());
        for (node, name) in nodes.iter().zip(["station", "sector", "district"]) {
            let request = node.request(name, &area, &roles).unwrap();
            let CertificateBody { area, roles, .. } = request.body.0.clone();
            let grant = Grant { area, roles, not_before_ms: 0, not_after_ms: u64::MAX >> 12 };
            said.push(Said::Certificate(grant.sign(&request, &[&root]).unwrap()));
        }
        for node in &nodes {
            node.learn(said.clone()).unwrap();
        }
        let [station, sector, district] = nodes;
        station.first_account("presiding", "Presiding officer", &["PO"]).unwrap();
        let (sector, district) = (House::on(sector), House::on(district));
        Self { station, sector, district, root, _folders: folders }
    }

    /// The station's officer says a code about a station.
    fn says(&self, code: Code, station: &str) -> Place {
        let area = AreaId::try_new(AREA).unwrap();
        let actor = Actor {
            person: PersonId::try_new("presiding").unwrap(),
            role: Role::try_new("PO").unwrap(),
            area: area.clone(),
        };
        let item = Item {
            subject: Subject::Station(StationId::try_new(station).unwrap()),
            code,
            at: self.station.now(),
            word: Word::Well,
            counts: Counts::default(),
            rung: Rung::Radio,
            note: String::new(),
        };
        let command = check_in::Command::Send { area, items: vec![item] };
        self.station.execute(&actor, pehra_ops::Command::CheckIn(command)).unwrap();
        self.heads().last().unwrap().place
    }

    fn heads(&self) -> Vec<pehra_ledger::Head> {
        let own = self.station.public_key().id();
        let heads = self.station.heads().unwrap().into_iter();
        heads.filter(|head| head.place.device == own).collect()
    }

    /// The station's log up to an entry, and in its place one with the station's key that says something else.
    fn lies_about(&self, entry: &Entry, body: &[u8]) -> Vec<Vec<u8>> {
        let header = entry.header();
        let draft = Draft {
            election: header.election,
            clock: header.clock,
            clock_quality: header.clock_quality,
            area: header.area.clone(),
            kind: header.kind,
            person: header.person.clone(),
            role: header.role.clone(),
            causes: Vec::new(),
            cosigners: Vec::new(),
            extras: header.extras.clone(),
            payload: Payload::try_new([9; 32], body).unwrap(),
        };
        let Place { epoch, seq, .. } = header.place;
        let next = Next { epoch, seq, previous: header.previous };
        let other = Entry::seal(&SigningKey::from_seed(STATION_SEED), &draft, next).unwrap();
        let all = self.station.sealed_after(0, 1_000).unwrap().into_iter();
        let mut log: Vec<Vec<u8>> =
            all.map(|one| one.bytes).filter(|bytes| *bytes != entry.encode()).collect();
        log.push(other.encode());
        log
    }

    /// A desk at a modem, which says nothing itself.
    fn listens(desk: &House, modem: &Modem, call_sign: &'static str) {
        let address = format!("127.0.0.1:{}", modem.port);
        let open = move || Ok(Box::new(Radio::over_tcp(&address, call_sign)?) as Box<_>);
        let way = Way { area: "pk".to_owned(), carrier: Kind::Radio, due_every_ms: None };
        listen_for(desk.node.clone(), "radio".to_owned(), way, None, open);
        modem.await_caller();
    }
}

/// Asks until the answer is as it should be.
fn await_answer(
    browser: &Browser,
    path: &str,
    holds: impl Fn(&serde_json::Value) -> bool,
) -> serde_json::Value {
    let until = std::time::Instant::now() + LONG;
    loop {
        let answer = browser.get(path).json();
        if holds(&answer) {
            return answer;
        }
        assert!(std::time::Instant::now() < until, "it never came to this: {answer}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

fn count(answer: &serde_json::Value, what: &str) -> usize {
    answer[what].as_array().unwrap().len()
}

#[test]
fn two_desks_hear_a_station_they_only_know_by_its_certificate_until_it_signs_lies_or_is_revoked() {
    let air = air(0);
    let chain = Chain::enrolled();
    Chain::listens(&chain.sector, &air.receiver, "AP2SEC");
    Chain::listens(&chain.district, &air.receiver, "AP2LHR");
    let browsers = [chain.sector.first(), chain.district.first()];
    // The room at the station: what its officer enters goes out by itself, in one frame for both desks.
    let desks = ["sector", "district"].map(|name| chain.station.recipient(name).unwrap());
    let modem = format!("127.0.0.1:{}", air.sender.port);
    let open = move || Ok(Box::new(Radio::over_tcp(&modem, "AP2LHR-7")?) as Box<_>);
    let way = Way { area: "pk".to_owned(), carrier: Kind::Radio, due_every_ms: None };
    let thin = Outward::to(&chain.station, desks.to_vec());
    listen_for(chain.station.clone(), "radio".to_owned(), way, thin, open);
    air.sender.await_caller();

    let opened = chain.says(Code::A7, "NA-120-17");
    for browser in &browsers {
        let shown = await_answer(browser, "/api/attested", |it| count(it, "unsigned") == 1);
        let word = &shown["unsigned"][0];
        assert_eq!((&word["name"], &word["seq"]), (&"station".into(), &opened.seq.into()));
        assert_eq!(word["said"][0]["code"], "A7", "{shown}");
        assert_eq!(word["said"][0]["subject"], "NA-120-17");
        assert_eq!(count(&shown, "alarms"), 0);
        let paths = browser.get("/api/paths").json();
        let radio = paths["paths"].as_array().unwrap().iter().find(|it| it["name"] == "radio");
        assert_eq!(radio.unwrap()["state"], "up", "{paths}");
    }

    // The signed entry reaches the district alone.
    let signed: Vec<Vec<u8>> =
        chain.station.sealed_after(0, 1_000).unwrap().into_iter().map(|one| one.bytes).collect();
    chain.district.node.receive(&signed).unwrap();
    await_answer(&browsers[1], "/api/attested", |it| count(it, "unsigned") == 0);

    // Revoked: what the sector still waits for is believed, what is said from now on is an alarm and nothing more.
    let last = chain.heads().into_iter().map(|head| LastAccepted {
        epoch: head.place.epoch,
        seq: head.place.seq,
        hash: head.hash,
    });
    let body = RevocationBody {
        election: chain.station.ledger_election(),
        key: chain.station.public_key().id(),
        last: last.collect(),
        at_ms: chain.station.now().0.unsigned_abs(),
        reason: "lost at noon".to_owned(),
        witnessed_before_ms: None,
    };
    let revocation = Said::Revocation(Revocation::sign(body, &[&chain.root]).unwrap());
    for desk in [&chain.sector, &chain.district] {
        desk.node.learn(vec![revocation.clone()]).unwrap();
    }
    let closed = chain.says(Code::A12, "NA-120-17");
    for (browser, waiting) in browsers.iter().zip([1, 0]) {
        let shown = await_answer(browser, "/api/attested", |it| count(it, "alarms") == 1);
        assert_eq!(shown["alarms"][0]["kind"], "revoked", "{shown}");
        assert_eq!(shown["alarms"][0]["seq"], closed.seq);
        assert_eq!(count(&shown, "unsigned"), waiting, "{shown}");
    }
}

#[test]
fn a_frame_that_its_signed_entry_contradicts_is_an_alarm() {
    let air = air(0);
    let mut out = air.sender.radio("AP2LHR-7");
    let chain = Chain::enrolled();
    Chain::listens(&chain.sector, &air.receiver, "AP2SEC");
    let place = chain.says(Code::A7, "NA-120-17");
    let (entries, _) = chain.station.thin_entries(Receipt(0)).unwrap();
    let lie = entries.into_iter().find(|it| it.header().place == place).unwrap();
    // A second device with the same key: what the room of the thief sends is what the owner never signed.
    let desks = [chain.station.recipient("sector").unwrap()];
    let frame = chain.station.thin_frames(&lie, &desks).unwrap().remove(0);
    out.send(&frame).unwrap();
    let browser = chain.sector.first();
    await_answer(&browser, "/api/attested", |it| count(it, "unsigned") == 1);
    let other = chain.lies_about(&lie, b"something else");
    chain.sector.node.receive(&other).unwrap();
    let settled = await_answer(&browser, "/api/attested", |it| count(it, "unsigned") == 0);
    assert_eq!(count(&settled, "alarms"), 1, "{settled}");
    assert_eq!(settled["alarms"][0]["kind"], "content-differs");
    assert_eq!(settled["alarms"][0]["name"], "station");
}
