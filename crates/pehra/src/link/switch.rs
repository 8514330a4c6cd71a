//! The room's switch for text messages: which gateway or modem there is, whether it runs, what keeps it from running.

use super::{
    Carrier, CarrierError,
    listen::{Control, Thin, listen_until},
    modem::Modem,
    query_value,
    sms::{Gateway, Sms},
};
use crate::node::{Node, bundle::Recipient};
use pehra_link::path::{Carrier as Kind, Way as PathWay};
use std::{
    net::{Ipv4Addr, SocketAddr, ToSocketAddrs},
    path::PathBuf,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
};

/// The path's name in the room.
pub const PATH: &str = "sms";
const BAUD: u32 = 115_200;
/// The password of a gateway, where it does not stand in the command line for everybody to see.
pub const PASSWORD_VARIABLE: &str = "PEHRA_SMS_PASSWORD";

/// How text messages leave and come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A gateway that speaks HTTP as Kannel does, and the door at which it calls.
    Kannel { gateway: Gateway, door: SocketAddr },
    /// A modem at a serial port.
    Modem { port: PathBuf, baud: u32, number: String },
}

/// Why a way is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoWay {
    #[error(
        "write `kannel://USER:PASSWORD@HOST:PORT/NUMBER?door=ADDRESS:PORT` or `modem:/dev/PORT?number=NUMBER&baud=N`"
    )]
    Form,
    #[error("the gateway {0} has no address")]
    Host(String),
    #[error("the gateway's password is missing: write USER:PASSWORD, or set {PASSWORD_VARIABLE}")]
    Password,
    #[error("{0} is no number to which messages are sent")]
    Number(String),
}

impl FromStr for Way {
    type Err = NoWay;

    fn from_str(text: &str) -> Result<Self, NoWay> {
        let (before, query) = text.split_once('?').unwrap_or((text, ""));
        let value = |name: &str| query_value(query, name);
        let way = if let Some(port) = before.strip_prefix("modem:") {
            let baud =
                value("baud").map_or(Ok(BAUD), |it| it.parse()).map_err(|_nan| NoWay::Form)?;
            let number = value("number").ok_or(NoWay::Form)?.to_owned();
            Self::Modem { port: PathBuf::from(port), baud, number }
        } else {
            let rest = before.strip_prefix("kannel://").ok_or(NoWay::Form)?;
            let (who, rest) = rest.split_once('@').ok_or(NoWay::Form)?;
            let (host, number) = rest.split_once('/').ok_or(NoWay::Form)?;
            let (user, password) = match who.split_once(':') {
                Some((user, password)) => (user, password.to_owned()),
                None => (who, std::env::var(PASSWORD_VARIABLE).map_err(|_unset| NoWay::Password)?),
            };
            let address = host.to_socket_addrs().ok().and_then(|mut all| all.next());
            let address = address.ok_or_else(|| NoWay::Host(host.to_owned()))?;
            let door = match value("door") {
                Some(door) => door.parse().map_err(|_no_address| NoWay::Form)?,
                None => SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            };
            let (user, number) = (user.to_owned(), number.to_owned());
            Self::Kannel { gateway: Gateway { address, user, password, number }, door }
        };
        let number = way.number();
        if pehra_link::pdu::submit(number, "").is_err() {
            return Err(NoWay::Number(number.to_owned()));
        }
        Ok(way)
    }
}

impl Way {
    /// `kannel` or `modem`.
    #[must_use]
    pub fn sort(&self) -> &'static str {
        match self {
            Self::Kannel { .. } => "kannel",
            Self::Modem { .. } => "modem",
        }
    }

    /// To whom everything goes.
    #[must_use]
    pub fn number(&self) -> &str {
        match self {
            Self::Kannel { gateway, .. } => &gateway.number,
            Self::Modem { number, .. } => number,
        }
    }

    fn open(&self) -> Result<Box<dyn Carrier + Send>, CarrierError> {
        Ok(match self {
            Self::Kannel { gateway, door } => Box::new(Sms::open(gateway.clone(), *door)?),
            Self::Modem { port, baud, number } => Box::new(Modem::open(port, *baud, number)?),
        })
    }
}

/// The switch; cloning is cheap.
#[derive(Clone)]
pub struct Switch(Arc<Inner>);

struct Inner {
    node: Node,
    way: Way,
    desks: Vec<Recipient>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    running: Option<(Control, JoinHandle<()>)>,
    /// What was turned off and may still have its hand on the port.
    ending: Option<JoinHandle<()>>,
    since_ms: Option<i64>,
}

/// How the switch stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub running: bool,
    /// Since it was last turned on or off.
    pub since_ms: Option<i64>,
    /// What keeps it from serving.
    pub trouble: Option<String>,
}

impl std::fmt::Debug for Switch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Switch({})", self.0.way.sort())
    }
}

impl Switch {
    /// Off.
    #[must_use]
    pub fn new(node: Node, way: Way, desks: Vec<Recipient>) -> Self {
        Self(Arc::new(Inner { node, way, desks, state: Mutex::default() }))
    }

    #[must_use]
    pub fn way(&self) -> &Way {
        &self.0.way
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Turns it on; nothing happens where it is on already.
    pub fn start(&self) {
        let mut state = self.state();
        if state.running.is_some() {
            return;
        }
        let Inner { node, way, desks, .. } = &*self.0;
        let control = Control::default();
        let thin = Thin::to(node, desks.clone());
        let path = PathWay { area: node.home(), carrier: Kind::Sms, due_every_ms: None };
        let way = way.clone();
        // Two readers on one port would take each other's answers.
        let before = Mutex::new(state.ending.take());
        let open = move || {
            let ending = before.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(Err(_)) = ending.map(JoinHandle::join) {
                tracing::error!("what listened for text messages before ended in a fault");
            }
            way.open()
        };
        let name = PATH.to_owned();
        let listening = listen_until(control.clone(), node.clone(), name, path, thin, open);
        (state.running, state.since_ms) = (Some((control, listening)), Some(node.now().0));
        drop(state);
        self.tell("on");
    }

    /// Turns it off. What was observed of the path is forgotten: a path that nobody tries says nothing of the network.
    pub fn stop(&self) {
        let mut state = self.state();
        let Some((control, listening)) = state.running.take() else { return };
        (state.ending, state.since_ms) = (Some(listening), Some(self.0.node.now().0));
        control.stop();
        drop(state);
        self.0.node.unwatch_path(PATH);
        self.tell("off");
    }

    fn tell(&self, what: &str) {
        tracing::info!(way = self.0.way.sort(), what, "text messages");
        self.0.node.live().publish("carrier", serde_json::json!({}));
    }

    #[must_use]
    pub fn standing(&self) -> Standing {
        let state = self.state();
        Standing {
            running: state.running.is_some(),
            since_ms: state.since_ms,
            trouble: state.running.as_ref().and_then(|(control, _)| control.trouble()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_read_and_what_is_none_says_why() {
        let modem = "modem:/dev/ttyUSB0?number=+923001234567".parse();
        assert_eq!(
            modem,
            Ok(Way::Modem {
                port: PathBuf::from("/dev/ttyUSB0"),
                baud: BAUD,
                number: "+923001234567".to_owned()
            })
        );
        let way: Way = "kannel://pehra:secret@127.0.0.1:13013/923001234567?door=127.0.0.1:8090"
            .parse()
            .unwrap();
        let Way::Kannel { gateway, door } = &way else { panic!("{way:?}") };
        assert_eq!((gateway.user.as_str(), gateway.password.as_str()), ("pehra", "secret"));
        assert_eq!(*door, SocketAddr::from((Ipv4Addr::LOCALHOST, 8090)));
        assert_eq!((way.sort(), way.number()), ("kannel", "923001234567"));
        let why = |text: &str| text.parse::<Way>().unwrap_err();
        assert_eq!(why("modem:/dev/ttyUSB0"), NoWay::Form);
        assert_eq!(why("modem:/dev/ttyUSB0?number=12&baud=9600"), NoWay::Number("12".to_owned()));
        assert_eq!(why("modem:/dev/ttyUSB0?number=1234&baud=fast"), NoWay::Form);
        assert_eq!(why("smpp://x"), NoWay::Form);
        assert_eq!(why("kannel://u:p@nowhere/1234"), NoWay::Host("nowhere".to_owned()));
    }
}
