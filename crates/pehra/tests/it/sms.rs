//! Text messages through Debian's Kannel: its gateway, and the message centre that comes with it for tests.

use pehra::link::{
    Carrier,
    sms::{Gateway, Sms},
};
use pehra_link::{
    fountain::{Binding, Limits, Progress, Receiver, Sender},
    sms::to_text,
};
use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::Duration,
};

const CENTRE: &str = "/usr/lib/kannel/test/fakesmsc";
const LONG: Duration = Duration::from_secs(60);

/// A program that ends with its owner; what it says, line by line.
pub(crate) struct Program {
    child: Child,
    said: mpsc::Receiver<String>,
}

impl Program {
    pub(crate) fn start(command: &mut Command, package: &str) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{name} cannot be started ({error}): `apt-get install -y {package}`")
            });
        let (tell, said) = mpsc::channel();
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let also = tell.clone();
        std::thread::spawn(move || pass_on(out, &tell));
        std::thread::spawn(move || pass_on(err, &also));
        Self { child, said }
    }

    pub(crate) fn await_word(&self, word: &str) -> String {
        let mut heard = String::new();
        loop {
            let line = self.said.recv_timeout(LONG);
            let line = line.unwrap_or_else(|_silent| panic!("no {word:?}: {heard}"));
            if line.contains(word) {
                return line;
            }
            heard.push_str(&line);
            heard.push('\n');
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _status = self.child.wait();
    }
}

fn pass_on(from: impl std::io::Read, tell: &mpsc::Sender<String>) {
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let _nobody_asks_any_more = tell.send(String::from_utf8_lossy(&line).into_owned());
    }
}

pub(crate) fn free() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

pub(crate) fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// Waits until somebody listens.
pub(crate) fn await_port(port: u16) {
    let until = std::time::Instant::now() + LONG;
    while TcpStream::connect_timeout(&loopback(port), Duration::from_secs(1)).is_err() {
        assert!(std::time::Instant::now() < until, "nobody listens on {port}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// The gateway's two programs, between a message centre and our door.
pub(crate) struct Kannel {
    _box: Program,
    _sms: Program,
    centre_port: u16,
    send_port: u16,
}

impl Kannel {
    fn start(folder: &Path, door: SocketAddr) -> Self {
        let answer = "accept-x-kannel-headers = false\nmax-messages = 0";
        Self::serving(folder, &format!("http://{door}/?from=%p&text=%b"), answer)
    }

    /// A gateway that calls an address, and does with the answer what the settings say.
    pub(crate) fn serving(folder: &Path, url: &str, answer: &str) -> Self {
        let [admin, boxes, centre_port, send_port] = std::array::from_fn(|_| free());
        let settings = folder.join("kannel.conf");
        let text = format!(
            "group = core\nadmin-port = {admin}\nsmsbox-port = {boxes}\nadmin-password = x\nbox-allow-ip = 127.0.0.1\n\n\
             group = smsc\nsmsc = fake\nsmsc-id = FAKE\nport = {centre_port}\nconnect-allow-ip = 127.0.0.1\n\n\
             group = smsbox\nbearerbox-host = 127.0.0.1\nsendsms-port = {send_port}\nglobal-sender = 13013\n\n\
             group = sendsms-user\nusername = pehra\npassword = secret\nmax-messages = 10\n\n\
             group = sms-service\nkeyword = default\nget-url = \"{url}\"\n{answer}\n"
        );
        std::fs::write(&settings, text).unwrap();
        let started = |program: &str| {
            Program::start(
                Command::new(program).args(["-v", "1"]).arg(&settings).current_dir(folder),
                "kannel",
            )
        };
        let first = started("bearerbox");
        await_port(boxes);
        await_port(centre_port);
        let second = started("smsbox");
        await_port(send_port);
        Self { _box: first, _sms: second, centre_port, send_port }
    }

    /// A message centre that delivers `texts` and says what it was given.
    pub(crate) fn centre(&self, texts: &[String]) -> Program {
        let mut command = Command::new(CENTRE);
        command.args([
            "-H",
            "127.0.0.1",
            "-r",
            &self.centre_port.to_string(),
            "-i",
            "0.01",
            "-v",
            "0",
        ]);
        // It draws which of them to deliver, over and over.
        command.args(["-m", &(20 * texts.len()).to_string()]);
        command.args(texts.iter().map(|text| format!("100 200 text {text}")));
        Program::start(&mut command, "kannel-extras")
    }
}

#[test]
fn frames_go_out_and_come_in_as_text_messages_through_a_gateway() {
    let folder = tempfile::tempdir().unwrap();
    // The door is opened first, with a gateway that is known only later.
    let nowhere = Gateway {
        address: loopback(1),
        user: "pehra".to_owned(),
        password: "secret".to_owned(),
        number: "923001234567".to_owned(),
    };
    let mut inward = Sms::open(nowhere.clone(), loopback(0)).unwrap();
    let kannel = Kannel::start(folder.path(), inward.door().unwrap());

    let object: Vec<u8> = (0..700u32).map(|n| n.to_le_bytes()[0].wrapping_mul(91)).collect();
    let sender = Sender::try_new(&object, inward.frame_bytes(), Binding::Open).unwrap();
    let texts: Vec<String> =
        (2..sender.symbols() + 4).map(|number| to_text(&sender.frame(number)).unwrap()).collect();
    let centre = kannel.centre(&texts);
    let mut receiver = Receiver::new(Binding::Open, Limits::NODE);
    let got = loop {
        let frames = inward.hear(LONG).unwrap();
        assert!(!frames.is_empty(), "no message came in");
        if let Progress::Done { object, .. } = receiver.receive(&frames[0]).unwrap() {
            break object;
        }
    };
    assert!(got == object);

    let gateway = Gateway { address: loopback(kannel.send_port), ..nowhere };
    let mut outward = Sms::open(gateway.clone(), loopback(0)).unwrap();
    let frame = sender.frame(0);
    outward.send(&frame).unwrap();
    centre.await_word(&to_text(&frame).unwrap());
    let stranger = Gateway { password: "wrong".to_owned(), ..gateway };
    let refused = Sms::open(stranger, loopback(0)).unwrap().send(&frame).unwrap_err();
    assert!(refused.to_string().contains("the gateway refused it: 403"), "{refused}");
}
