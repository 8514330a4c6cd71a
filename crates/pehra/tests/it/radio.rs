//! Packet radio with Debian's `direwolf` at both ends: one turns our frames into sound, another turns the sound back.
//! Between them is a pipe instead of a sound card, and a fading channel.

use crate::house::House;
use pehra::link::{Carrier, listen::listen as listen_for, radio::Radio, send_object};
use pehra_ledger::certificate::{CertificateBody, Subject};
use pehra_ledger::{ClockQuality, DeviceId, Draft, Entry, Hlc, Payload, SigningKey, draft::Next};
use pehra_link::{
    broadcast::Broadcast,
    fountain::{Binding, Limits, Progress, Receiver},
    mac::ChannelKey,
    path::{Carrier as Kind, Way},
    thin::{Freshness, Thin, ThinKinds},
};
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
    entry_of(key, ELECTION, NOON_MS, body)
}

fn entry_of(key: &SigningKey, election: [u8; 16], at_ms: u64, body: &[u8]) -> Entry {
    let draft = Draft {
        election,
        clock: Hlc { ms: at_ms, counter: 0 },
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
    let channel = |device: &DeviceId| ChannelKey::of_device(&[5; 32], &ELECTION, device);
    let signed = entry(&key, b"NA-120/17 opened, 3 present");
    let thin = Thin::of_entry(&signed, &kinds).unwrap();
    let frame = thin.encode(&channel(&key.id()), &ELECTION, 8).unwrap();
    assert!(frame.len() <= 60);
    out.send(&frame).unwrap();
    listen(&mut inward, |heard| {
        let own = |_| [(key.id(), channel(&key.id()))];
        let got = Thin::decode(heard, &ELECTION, own, &kinds, Freshness::DAY, NOON_MS).unwrap();
        assert_eq!(got.differs_from(&signed), None);
        got == thin
    });
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

/// A device that the room enrolled and shares a secret with.
fn enrolled(house: &House, seed: u8) -> SigningKey {
    let key = SigningKey::from_seed([seed; 32]);
    let body = CertificateBody {
        election: house.node.ledger_election(),
        subject: Subject::DEVICE,
        key: key.public(),
        name: format!("phone {seed}"),
        area: "pk".to_owned(),
        roles: vec!["PO".to_owned()],
        not_before_ms: 0,
        not_after_ms: u64::MAX >> 12,
        sealing: None,
    };
    house.node.enrol(house.node.certify(body).unwrap()).unwrap();
    house.node.set_channel(key.id(), Some([seed; 32])).unwrap();
    key
}

#[test]
fn the_room_shows_what_it_heard_as_unsigned_until_the_entry_comes_and_alarms_when_it_lies() {
    let air = air(0);
    let mut out = air.sender.radio("AP2LHR-7");
    let house = House::empty();
    let (election, at_ms) = (house.node.ledger_election(), house.node.now().0.unsigned_abs());
    house.node.set_thin_kinds(&[120]).unwrap();
    let (honest, liar) = (enrolled(&house, 21), enrolled(&house, 22));
    let modem = format!("127.0.0.1:{}", air.receiver.port);
    let open = move || Ok(Box::new(Radio::over_tcp(&modem, "AP2LHR")?) as Box<_>);
    let way = Way { area: "pk".to_owned(), carrier: Kind::Radio, due_every_ms: None };
    listen_for(house.node.clone(), "radio".to_owned(), way, open);
    air.receiver.await_caller();

    let kinds = ThinKinds::of(&[120]);
    for (key, seed, body) in [(&honest, 21, b"opened"), (&liar, 22, b"closed")] {
        let channel = ChannelKey::of_device(&[seed; 32], &election, &key.id());
        let thin = Thin::of_entry(&entry_of(key, election, at_ms, body), &kinds).unwrap();
        out.send(&thin.encode(&channel, &election, 8).unwrap()).unwrap();
    }
    let browser = house.first();
    let shown = loop {
        let shown = browser.get("/api/attested").json();
        if shown["unsigned"].as_array().unwrap().len() == 2 {
            break shown;
        }
    };
    assert_eq!(shown["alarms"].as_array().unwrap().len(), 0);
    let bodies: Vec<_> =
        shown["unsigned"].as_array().unwrap().iter().map(|it| it["body"].clone()).collect();
    assert!(bodies.contains(&"6f70656e6564".into()), "{shown}");
    let paths = browser.get("/api/paths").json();
    assert_eq!(paths["paths"][0]["state"], "up", "{paths}");
    assert!(paths["paths"][0]["heard_ms"].as_u64().unwrap() >= at_ms);

    // What was signed: one says the same as its frame, the other does not.
    let signed = [
        entry_of(&honest, election, at_ms, b"opened"),
        entry_of(&liar, election, at_ms, b"opened"),
    ];
    house.node.receive(&signed.map(|entry| entry.encode())).unwrap();
    let settled = browser.get("/api/attested").json();
    assert_eq!(settled["unsigned"].as_array().unwrap().len(), 0, "{settled}");
    assert_eq!(settled["alarms"].as_array().unwrap().len(), 1, "{settled}");
    assert_eq!(settled["alarms"][0]["kind"], "content-differs");
    assert_eq!(settled["alarms"][0]["device"], liar.id().to_string());
}
