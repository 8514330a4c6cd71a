//! Packet radio with Debian's `direwolf` at both ends: one turns our frames into sound, another turns the sound back.
//! Between them is a pipe instead of a sound card, and a fading channel.

use pehra::link::{Carrier, radio::Radio, send_object};
use pehra_ledger::{ClockQuality, DeviceId, Draft, Entry, Hlc, Payload, SigningKey, draft::Next};
use pehra_link::{
    broadcast::Broadcast,
    fountain::{Binding, Limits, Progress, Receiver},
    mac::ChannelKey,
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
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut heard = String::new();
        while !heard.contains("Ready to accept KISS TCP client application 0") {
            let before = heard.len();
            lines.read_line(&mut heard).unwrap();
            assert!(heard.len() > before, "direwolf ended: {heard}");
        }
        // What it says later must be read, or it would stop at a full pipe.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Self { child, port }
    }

    fn radio(&self, call_sign: &str) -> Radio {
        Radio::over_tcp(&format!("127.0.0.1:{}", self.port), call_sign).unwrap()
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
