//! Text messages through modems that speak AT commands. There is none to be had as a program, so two are written here,
//! strictly, from 3GPP TS 27.005, 27.007 and 23.040, on pseudo-terminals, with a network between them. What keeps them
//! honest: the other one serves Debian's Kannel, which drives it with its own AT commands and writes and reads its own units.

use crate::{
    client::Browser,
    house::House,
    sms::{Program, await_port, free, loopback},
};
use pehra::link::{
    Carrier, CarrierError,
    modem::{Fault, Modem, ModemError},
    sms::{Gateway, Sms},
    switch::{Switch, Way},
};
use pehra::node::{Node, OpenOptions};
use pehra_link::fountain::{Binding, Limits, Progress, Receiver, Sender};
use serial2::SerialPort;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    os::fd::AsRawFd,
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

const LONG: Duration = Duration::from_secs(60);
const HERE: &str = "923001110001";
const THERE: &str = "923002220002";

/// What a card and its network are like; the story changes it while the modem runs.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fault of its own")]
struct Conditions {
    pin: bool,
    registered: bool,
    /// Places on the card.
    places: usize,
    /// The next messages are refused with this code.
    refuse: Option<u16>,
    /// Answers nothing at all.
    dead: bool,
    /// Knows no `AT+CNMI`: it must be asked.
    tells: bool,
}

impl Conditions {
    fn good() -> Self {
        Self { pin: false, registered: true, places: 20, refuse: None, dead: false, tells: true }
    }
}

#[derive(Default)]
struct Card {
    /// By place: whether it was read, and the unit as it came.
    messages: BTreeMap<usize, (bool, String)>,
    sent: usize,
    /// Commands that were answered.
    obeyed: usize,
}

/// One modem's ends that the story sees.
#[derive(Clone)]
struct Set {
    conditions: Arc<Mutex<Conditions>>,
    card: Arc<Mutex<Card>>,
    port: PathBuf,
}

impl Set {
    fn change(&self, change: impl FnOnce(&mut Conditions)) {
        change(&mut self.conditions.lock().unwrap());
    }

    fn open(&self, to: &str) -> Result<Modem, CarrierError> {
        Modem::open(&self.port, 115_200, to)
    }

    fn messages(&self) -> usize {
        self.card.lock().unwrap().messages.len()
    }

    /// Puts a message on the card as the network does.
    fn receives(&self, unit: String) -> bool {
        let places = self.conditions.lock().unwrap().places;
        let mut card = self.card.lock().unwrap();
        let Some(place) = (1..=places).find(|at| !card.messages.contains_key(at)) else {
            return false;
        };
        card.messages.insert(place, (false, unit));
        true
    }
}

/// A network of two numbers.
#[derive(Clone, Default)]
struct Network(Arc<Mutex<BTreeMap<String, Set>>>);

impl Network {
    /// Takes a unit to be sent and makes the one that comes in of it: TS 23.040 §9.2.2.
    fn carry(&self, from: &str, unit: &[u8]) -> Result<(), u16> {
        let malformed = 304;
        let (&sort, rest) = unit.split_first().ok_or(malformed)?;
        let (&_reference, rest) = rest.split_first().ok_or(malformed)?;
        let [digits, _kind, rest @ ..] = rest else { return Err(malformed) };
        let address = usize::from(*digits).div_ceil(2);
        let (number, rest) = rest.split_at_checked(address).ok_or(malformed)?;
        let [protocol, alphabet, rest @ ..] = rest else { return Err(malformed) };
        let validity = match sort >> 3 & 3 {
            0 => 0,
            2 => 1,
            _ => 7,
        };
        let data = rest.get(validity..).ok_or(malformed)?;
        let (&length, text) = data.split_first().ok_or(malformed)?;
        let octets = if alphabet & 0x0c == 0 {
            (usize::from(length) * 7).div_ceil(8)
        } else {
            usize::from(length)
        };
        if sort & 3 != 1 || text.len() != octets || octets > 140 {
            return Err(malformed);
        }
        let to: String = number
            .iter()
            .flat_map(|byte| [byte & 15, byte >> 4])
            .take(usize::from(*digits))
            .map(|digit| char::from_digit(u32::from(digit), 10).unwrap_or('?'))
            .collect();
        let mut coming = vec![0x00, 0x04 | sort & 0x40];
        coming.push(u8::try_from(from.len()).unwrap());
        coming.push(0x91);
        let digits: Vec<u8> = from.bytes().map(|byte| byte - b'0').collect();
        coming.extend(digits.chunks(2).map(|two| two[0] | two.get(1).copied().unwrap_or(15) << 4));
        coming.extend([*protocol, *alphabet]);
        coming.extend([0x42, 0x20, 0x80, 0x21, 0x00, 0x00, 0x40]);
        coming.extend(data);
        let hex = coming.iter().map(|byte| format!("{byte:02X}")).collect();
        let sets = self.0.lock().unwrap();
        let Some(set) = sets.get(&to) else { return Err(1) };
        // A full card: the centre keeps it; here it is lost, and the sender is not told.
        let _kept = set.receives(hex);
        Ok(())
    }

    /// Switches a modem on.
    fn modem(&self, number: &'static str) -> Set {
        let (outer, inner) = SerialPort::pair().unwrap();
        let port = std::fs::read_link(format!("/proc/self/fd/{}", inner.as_raw_fd())).unwrap();
        let set = Set {
            conditions: Arc::new(Mutex::new(Conditions::good())),
            card: Arc::default(),
            port,
        };
        self.0.lock().unwrap().insert(number.to_owned(), set.clone());
        let (network, own) = (self.clone(), set.clone());
        std::thread::spawn(move || {
            // The inner end stays open, or the outer one would end with each caller.
            let _kept = inner;
            let mut line =
                Line { port: outer, set: own, network, number, settings: Settings::new() };
            line.serve();
        });
        set
    }
}

#[derive(Clone, Debug)]
struct Settings {
    echo: bool,
    codes: bool,
    units: bool,
    /// 0: tells nothing; 1: that a message lies on the card; 2: the message itself.
    tells: u8,
    /// Places on the card that were told.
    told: BTreeSet<usize>,
}

impl Settings {
    fn new() -> Self {
        Self { echo: true, codes: false, units: false, tells: 0, told: BTreeSet::new() }
    }
}

/// The modem's own end of the line.
struct Line {
    port: SerialPort,
    set: Set,
    network: Network,
    number: &'static str,
    settings: Settings,
}

type Said = Result<Vec<String>, Refusal>;

enum Refusal {
    Plain,
    Cms(u16),
    Cme(u16),
}

impl Line {
    fn serve(&mut self) {
        self.port.set_read_timeout(Duration::from_millis(20)).unwrap();
        let mut command = Vec::new();
        loop {
            let mut byte = [0];
            match self.port.read(&mut byte) {
                Ok(0) => return,
                Ok(_) => {}
                Err(error) if error.kind() == std::io::ErrorKind::TimedOut => {
                    self.tell();
                    continue;
                }
                Err(_) => return,
            }
            if self.set.conditions.lock().unwrap().dead {
                continue;
            }
            match byte[0] {
                // Outside of a message it means nothing.
                0x1b => command.clear(),
                b'\r' => {
                    let text = String::from_utf8_lossy(&command).trim().to_owned();
                    command.clear();
                    if self.settings.echo {
                        self.say(&format!("{text}\r"));
                    }
                    if !text.is_empty() {
                        self.obey(&text);
                    }
                }
                // A line end behind the return: some programs send both.
                b'\n' if command.is_empty() => {}
                byte => command.push(byte),
            }
        }
    }

    fn say(&self, text: &str) {
        let _the_other_end_is_gone = self.port.write_all(text.as_bytes());
    }

    /// Says unasked what came, as it was told to.
    fn tell(&mut self) {
        if self.settings.tells == 0 || self.set.conditions.lock().unwrap().dead {
            return;
        }
        let mut card = self.set.card.lock().unwrap();
        let new: Vec<usize> =
            card.messages.iter().filter(|(_, (read, _))| !read).map(|(at, _)| *at).collect();
        if self.settings.tells == 2 {
            for at in new {
                if let Some((_, unit)) = card.messages.remove(&at) {
                    self.say(&format!("\r\n+CMT: ,{}\r\n{unit}\r\n", octets(&unit)));
                }
            }
            return;
        }
        for at in new {
            if self.settings.told.insert(at) {
                self.say(&format!("\r\n+CMTI: \"SM\",{at}\r\n"));
            }
        }
    }

    fn obey(&mut self, command: &str) {
        let upper = command.to_uppercase();
        let said = match upper.strip_prefix("AT") {
            None => Err(Refusal::Plain),
            Some("+CMGS") => Err(Refusal::Plain),
            Some(rest) => match rest.strip_prefix("+CMGS=") {
                Some(length) => self.send(length),
                None => self.answer(rest),
            },
        };
        match said {
            Ok(lines) => {
                for line in lines {
                    self.say(&format!("\r\n{line}\r\n"));
                }
                self.say("\r\nOK\r\n");
            }
            Err(Refusal::Cms(code)) => self.say(&format!("\r\n+CMS ERROR: {code}\r\n")),
            Err(Refusal::Cme(code)) if self.settings.codes => {
                self.say(&format!("\r\n+CME ERROR: {code}\r\n"));
            }
            Err(Refusal::Plain | Refusal::Cme(_)) => self.say("\r\nERROR\r\n"),
        }
        self.set.card.lock().unwrap().obeyed += 1;
    }

    fn answer(&mut self, rest: &str) -> Said {
        let conditions = self.set.conditions.lock().unwrap().clone();
        let nothing = Ok(Vec::new());
        if let Some(place) = rest.strip_prefix("+CMGD=") {
            let place = place.split(',').next().and_then(|it| it.parse().ok());
            let place: usize = place.ok_or(Refusal::Cms(302))?;
            let gone = self.set.card.lock().unwrap().messages.remove(&place);
            self.settings.told.remove(&place);
            return gone.map(|_| Vec::new()).ok_or(Refusal::Cms(321));
        }
        if let Some(settings) = rest.strip_prefix("+CNMI=") {
            let wanted = settings.split(',').nth(1).unwrap_or("0").parse().unwrap_or(0);
            if !conditions.tells || wanted > 2 {
                return Err(Refusal::Plain);
            }
            self.settings.tells = wanted;
            return nothing;
        }
        match rest {
            "" | "&F" | "Z" | "H" | "+CSMS=0" | "+CNMA" | "+IFC=2,2" => nothing,
            "+CSMS=?" => Ok(vec!["+CSMS: (0)".to_owned()]),
            "E0" => {
                self.settings.echo = false;
                nothing
            }
            "E1" => {
                self.settings.echo = true;
                nothing
            }
            "I" | "I1" => Ok(vec!["Test modem of two numbers".to_owned()]),
            "+CGMI" => Ok(vec!["Pehra test".to_owned()]),
            "+CMEE=0" | "+CMEE=1" => {
                self.settings.codes = rest.ends_with('1');
                nothing
            }
            "+CPIN?" if conditions.pin => Ok(vec!["+CPIN: SIM PIN".to_owned()]),
            "+CPIN?" => Ok(vec!["+CPIN: READY".to_owned()]),
            _ if conditions.pin => Err(Refusal::Cme(11)),
            "+CMGF=0" => {
                self.settings.units = true;
                nothing
            }
            "+CREG?" => Ok(vec![format!("+CREG: 0,{}", if conditions.registered { 1 } else { 2 })]),
            "+CSQ" => Ok(vec!["+CSQ: 21,0".to_owned()]),
            "+CSMS?" => Ok(vec!["+CSMS: 0,1,1,1".to_owned()]),
            "+CMGL=4" if self.settings.units => Ok(self.list()),
            "+CMGL=4" => Err(Refusal::Cms(305)),
            "+CPMS?" => {
                let used = self.set.card.lock().unwrap().messages.len();
                let one = format!("\"SM\",{used},{}", conditions.places);
                Ok(vec![format!("+CPMS: {one},{one},{one}")])
            }
            _ => Err(Refusal::Plain),
        }
    }

    fn list(&self) -> Vec<String> {
        let mut card = self.set.card.lock().unwrap();
        let told = |(at, (read, unit)): (&usize, &mut (bool, String))| {
            let state = u8::from(*read);
            *read = true;
            format!("+CMGL: {at},{state},,{}\r\n{unit}", octets(unit))
        };
        card.messages.iter_mut().map(told).collect()
    }

    /// Prompts, and takes the unit up to its end.
    fn send(&mut self, length: &str) -> Said {
        if !self.settings.units {
            return Err(Refusal::Cms(305));
        }
        let length: usize = length.trim().parse().map_err(|_no_number| Refusal::Cms(304))?;
        self.say("\r\n> ");
        let (mut hex, began) = (Vec::new(), Instant::now());
        loop {
            let mut byte = [0];
            match self.port.read(&mut byte) {
                Ok(1) => {}
                _ if began.elapsed() > LONG => return Err(Refusal::Cms(500)),
                _ => continue,
            }
            match byte[0] {
                0x1a => break,
                0x1b => return Ok(Vec::new()),
                byte => hex.push(byte),
            }
        }
        let conditions = self.set.conditions.lock().unwrap().clone();
        if let Some(code) = conditions.refuse {
            return Err(Refusal::Cms(code));
        }
        if !conditions.registered {
            return Err(Refusal::Cms(331));
        }
        let hex = String::from_utf8_lossy(&hex).trim().to_owned();
        let bytes = pehra_ledger::hash::unhex(&hex).ok_or(Refusal::Cms(304))?;
        let centre = usize::from(*bytes.first().ok_or(Refusal::Cms(304))?);
        let unit = bytes.get(1 + centre..).ok_or(Refusal::Cms(304))?;
        if unit.len() != length {
            return Err(Refusal::Cms(304));
        }
        self.network.carry(self.number, unit).map_err(Refusal::Cms)?;
        let mut card = self.set.card.lock().unwrap();
        card.sent += 1;
        Ok(vec![format!("+CMGS: {}", card.sent % 256)])
    }
}

/// The length that goes before a unit: without the centre's address.
fn octets(hex: &str) -> usize {
    let centre = usize::from_str_radix(hex.get(..2).unwrap(), 16).unwrap();
    hex.len() / 2 - 1 - centre
}

fn refused(answer: Result<impl Sized, CarrierError>) -> ModemError {
    let Err(CarrierError::Modem(error)) = answer else {
        panic!("the modem served, or its line broke")
    };
    error
}

fn two() -> (Set, Set) {
    let network = Network::default();
    (network.modem(HERE), network.modem(THERE))
}

#[test]
fn a_file_goes_from_modem_to_modem_and_leaves_both_cards_empty() {
    let (here, there) = two();
    let (mut out, mut inward) = (here.open(THERE).unwrap(), there.open(HERE).unwrap());
    let object: Vec<u8> = (0..900u32).map(|n| n.to_le_bytes()[0].wrapping_mul(37)).collect();
    let sender = Sender::try_new(&object, out.frame_bytes(), Binding::Open).unwrap();
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    let mut got = None;
    for number in 0..sender.symbols() + 3 {
        out.send(&sender.frame(number)).unwrap();
        for frame in inward.hear(Duration::from_millis(500)).unwrap() {
            if let Progress::Done { object, .. } = receiver.receive(&frame).unwrap() {
                got = Some(object);
            }
        }
    }
    assert!(got.unwrap() == object);
    while !inward.hear(Duration::from_millis(200)).unwrap().is_empty() {}
    assert_eq!((here.messages(), there.messages()), (0, 0));
    assert_eq!(out.serves().unwrap(), Some(true));
}

#[test]
fn a_modem_that_tells_nothing_is_asked() {
    let (here, there) = two();
    there.change(|it| it.tells = false);
    let (mut out, mut inward) = (here.open(THERE).unwrap(), there.open(HERE).unwrap());
    assert!(inward.hear(Duration::from_millis(50)).unwrap().is_empty());
    out.send(b"opened").unwrap();
    let heard = loop {
        let heard = inward.hear(LONG).unwrap();
        if !heard.is_empty() {
            break heard;
        }
    };
    assert_eq!(heard, [b"opened".to_vec()]);
}

#[test]
fn a_person_text_stays_on_the_card_and_a_card_full_of_them_is_named() {
    let (here, there) = two();
    there.change(|it| it.places = 3);
    let (mut out, mut inward) = (here.open(THERE).unwrap(), there.open(HERE).unwrap());
    // "hellohello" from another telephone.
    let person = "00040B912398001111F100004220802100004".to_owned() + "00AE8329BFD4697D9EC37";
    assert!(there.receives(person.clone()) && there.receives(person.clone()));
    out.send(b"opened").unwrap();
    assert_eq!(inward.hear(LONG).unwrap(), [b"opened".to_vec()]);
    assert_eq!(there.messages(), 2, "the frame went, the words of people stay");
    assert!(there.receives(person));
    let full = loop {
        match inward.hear(Duration::from_millis(300)) {
            Ok(frames) => assert!(frames.is_empty()),
            Err(CarrierError::Modem(error)) => break error,
            Err(other) => panic!("{other}"),
        }
    };
    assert_eq!(full, ModemError::CardFull(3));
}

#[test]
fn what_keeps_a_modem_from_serving_is_named() {
    let (here, _there) = two();
    here.change(|it| it.pin = true);
    assert_eq!(refused(here.open(THERE)), ModemError::Locked("SIM PIN".to_owned()));
    here.change(|it| (it.pin, it.registered) = (false, false));
    assert_eq!(refused(here.open(THERE)), ModemError::NoNetwork);
    here.change(|it| it.registered = true);
    let mut modem = here.open(THERE).unwrap();
    here.change(|it| it.registered = false);
    assert_eq!(modem.serves().unwrap(), Some(false));
    let fault =
        |code| ModemError::Refused { asked: "AT+CMGS=19".to_owned(), fault: Fault::Message(code) };
    assert_eq!(refused(modem.send(b"abc")), fault(331));
    here.change(|it| (it.registered, it.refuse) = (true, Some(322)));
    assert_eq!(refused(modem.send(b"abc")), fault(322));
    assert_eq!(
        fault(322).to_string(),
        "the modem refused AT+CMGS=19: CMS ERROR 322 (the memory is full)"
    );
    here.change(|it| it.refuse = None);
    modem.send(b"abc").unwrap();
    let nobody = here.open("923009999999").unwrap().send(b"abc");
    assert!(matches!(refused(nobody), ModemError::Refused { fault: Fault::Message(1), .. }));
    assert!(matches!(refused(here.open("0300-1234")), ModemError::Message(_)));
    here.change(|it| it.dead = true);
    assert_eq!(refused(here.open(THERE)), ModemError::Silent("AT".to_owned()));
}

#[test]
fn an_answer_that_was_left_on_the_line_is_not_taken_for_ours() {
    let (here, _there) = two();
    let before = SerialPort::open(&here.port, 115_200).unwrap();
    before.write_all(b"ATE0\rAT+CSQ\r").unwrap();
    let until = Instant::now() + LONG;
    while here.card.lock().unwrap().obeyed < 2 {
        assert!(Instant::now() < until, "the modem obeys nothing");
        std::thread::park_timeout(Duration::from_millis(5));
    }
    // Its answers lie in the port for whoever reads next.
    drop(before);
    assert_eq!(here.open(THERE).unwrap().serves().unwrap(), Some(true));
}

fn await_answer(
    browser: &Browser,
    path: &str,
    holds: impl Fn(&serde_json::Value) -> bool,
) -> serde_json::Value {
    let until = Instant::now() + LONG;
    loop {
        let answer = browser.get(path).json();
        if holds(&answer) {
            return answer;
        }
        assert!(Instant::now() < until, "it never came to this: {answer}");
        std::thread::park_timeout(Duration::from_millis(100));
    }
}

#[test]
fn the_room_turns_text_messages_on_and_off_and_says_what_keeps_them() {
    let (here, there) = two();
    let folder = tempfile::tempdir().unwrap();
    let node = Node::open(folder.path(), &OpenOptions::default()).unwrap();
    let way: Way = format!("modem:{}?number={THERE}", here.port.display()).parse().unwrap();
    let switch = Switch::new(node.clone(), way, Vec::new());
    let house = House::on_with(node, |config| config.sms = Some(switch));
    let first = house.first();
    let sms = first.get("/api/sms").json();
    assert_eq!((&sms["way"], &sms["running"]), (&"modem".into(), &false.into()), "{sms}");
    let turn = |browser: &Browser, running: bool| {
        browser.post("/api/sms", &serde_json::json!({ "running": running })).status
    };
    let stranger = house.person(&first, "observer", &["OBS"], "pk");
    assert_eq!(turn(&stranger, true), 403);
    assert_eq!(turn(&first, true), 200);
    let path = |answer: &serde_json::Value| {
        answer["paths"].as_array().unwrap().iter().find(|it| it["name"] == "sms").cloned()
    };
    let state = |answer: &serde_json::Value| path(answer).map(|it| it["state"].clone());
    await_answer(&first, "/api/paths", |it| state(it) == Some("up".into()));

    // What comes in by message is heard by the node: an order to everybody, in frames.
    let root = pehra_ledger::SigningKey::from_seed([9; 32]);
    let election = house.node.ledger_election();
    let order = pehra_link::broadcast::Broadcast::sign(
        &root,
        election,
        "pk",
        b"stand by".to_vec(),
        0,
        u64::MAX >> 12,
    )
    .unwrap();
    let mut out = there.open(HERE).unwrap();
    let sender = order.sender(out.frame_bytes(), Binding::Open).unwrap();
    out.send(&sender.frame(0)).unwrap();
    let before = there.card.lock().unwrap().sent;
    let until = Instant::now() + LONG;
    while here.messages() > 0 {
        assert!(Instant::now() < until, "nobody took it from the card");
        std::thread::park_timeout(Duration::from_millis(50));
    }
    assert_eq!(before, 1);

    assert_eq!(turn(&first, false), 200);
    let off = first.get("/api/paths").json();
    assert_eq!(path(&off), None, "what is off says nothing of the network");
    here.change(|it| it.registered = false);
    assert_eq!(turn(&first, true), 200);
    let sms = await_answer(&first, "/api/sms", |it| !it["trouble"].is_null());
    assert_eq!(sms["trouble"], "the modem finds no network");
    let cut = await_answer(&first, "/api/paths", |it| state(it) == Some("lost".into()));
    assert_eq!(cut["areas"][0]["mode"], "shutdown", "{cut}");
    here.change(|it| it.registered = true);
    let back = await_answer(&first, "/api/paths", |it| state(it) == Some("up".into()));
    assert_eq!(back["areas"][0]["mode"], "returning", "{back}");
    assert_eq!(turn(&first, false), 200);
}

/// Debian's Kannel with a modem of its own, and our door for what it receives.
struct Kannel {
    _box: Program,
    _sms: Program,
    send_port: u16,
}

impl Kannel {
    fn start(folder: &Path, modem: &Path, door: SocketAddr) -> Self {
        let [admin, boxes, send_port] = std::array::from_fn(|_| free());
        let settings = folder.join("kannel.conf");
        let text = format!(
            "group = core\nadmin-port = {admin}\nsmsbox-port = {boxes}\nadmin-password = x\nbox-allow-ip = 127.0.0.1\n\n\
             group = smsc\nsmsc = at\nsmsc-id = MODEM\nmodemtype = plain\ndevice = {}\nspeed = 115200\nmy-number = {THERE}\n\n\
             group = modems\nid = plain\nname = \"plain\"\ninit-string = \"AT+CNMI=1,2,0,0,0\"\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {send_port}\nglobal-sender = {THERE}\n\n\
             group = sendsms-user\nusername = pehra\npassword = secret\nmax-messages = 10\n\n\
             group = sms-service\nkeyword = default\nget-url = \"http://{door}/?from=%p&text=%b\"\n\
             accept-x-kannel-headers = false\nmax-messages = 0\n",
            modem.display()
        );
        std::fs::write(&settings, text).unwrap();
        let started = |program: &str| {
            Program::start(
                Command::new(program).args(["-v", "0"]).arg(&settings).current_dir(folder),
                "kannel",
            )
        };
        let first = started("bearerbox");
        await_port(boxes);
        let second = started("smsbox");
        await_port(send_port);
        Self { _box: first, _sms: second, send_port }
    }
}

#[test]
fn another_program_with_a_modem_of_its_own_reads_our_units_and_we_read_its() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = two();
    let nowhere = Gateway {
        address: loopback(1),
        user: "pehra".to_owned(),
        password: "secret".to_owned(),
        number: HERE.to_owned(),
    };
    let mut door = Sms::open(nowhere.clone(), loopback(0)).unwrap();
    let kannel = Kannel::start(folder.path(), &there.port, door.door().unwrap());
    let mut modem = here.open(THERE).unwrap();

    let frame: Vec<u8> = (0..118).map(|n: u8| n.wrapping_mul(73)).collect();
    modem.send(&frame).unwrap();
    assert_eq!(door.hear(LONG).unwrap(), std::slice::from_ref(&frame), "ours, read by Kannel");

    let gateway = Gateway { address: loopback(kannel.send_port), ..nowhere };
    let mut out = Sms::open(gateway, loopback(0)).unwrap();
    for number in [1, 2] {
        let frame: Vec<u8> = (0..100).map(|n: u8| n ^ number).collect();
        out.send(&frame).unwrap();
        assert_eq!(modem.hear(LONG).unwrap(), [frame], "Kannel's, read by ours");
    }
}
