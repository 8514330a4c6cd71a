//! The stream of one election on the bus: made with three replicas, published to with acknowledgement, read by number.
//! JetStream's own interface is messages to `$JS.API` (docs.nats.io, "JetStream wire API").

use super::{
    BackboneError,
    wire::{Connection, Message, Servers},
};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Copies of the stream: one server may be lost without loss, and without pause.
const REPLICAS: u8 = 3;
/// How long the bus remembers the ids of what was published: longer than any catch-up.
const DUPLICATES_NS: u64 = 24 * 3_600 * 1_000_000_000;
/// Messages on their way without an acknowledgement.
const AHEAD: usize = 256;

/// One message for the bus.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub(super) subject: String,
    pub(super) id: String,
    pub(super) body: Vec<u8>,
}

/// What a stream says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StreamState {
    /// Another moment: another stream, whatever its name.
    pub(super) created: String,
    pub(super) last: u64,
    /// Made before deletions were carried out on the bus: nothing can be deleted from it.
    keeps_everything: bool,
}

/// The servers that hold the stream.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Holders {
    /// None while they elect one.
    pub(super) leader: Option<String>,
    #[serde(default)]
    pub(super) replicas: Vec<Replica>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Replica {
    pub(super) name: String,
    #[serde(default)]
    pub(super) offline: bool,
    /// It has everything that the leader has.
    #[serde(default)]
    pub(super) current: bool,
    /// Nanoseconds since the leader heard of it last.
    #[serde(default)]
    pub(super) active: u64,
}

impl Replica {
    /// Leaders hear of the others every second. One that was killed counts as there for a dozen more.
    const HEARD_NANOS: u64 = 3_000_000_000;

    fn follows(&self) -> bool {
        self.current && !self.offline && self.active <= Self::HEARD_NANOS
    }
}

impl Holders {
    /// Whether one leads and all the others have what it has.
    pub(super) fn are_whole(&self) -> bool {
        self.leader.is_some() && self.replicas.iter().all(Replica::follows)
    }
}

#[derive(Deserialize)]
struct Answer {
    error: Option<Fault>,
    cluster: Option<Holders>,
    created: Option<String>,
    state: Option<State>,
    stream: Option<String>,
    config: Option<Config>,
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    deny_delete: bool,
}

#[derive(Deserialize)]
struct Fault {
    code: u16,
    #[serde(default)]
    err_code: u32,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
struct State {
    last_seq: u64,
}

/// JetStream's "stream not found".
const NO_STREAM: u32 = 10_059;
/// JetStream's "no message found".
const NO_MESSAGE: u32 = 10_037;

pub(super) struct Bus {
    connection: Connection,
    stream: String,
    asked: u64,
}

impl Bus {
    /// Connects and makes sure that the election's stream is there.
    pub(super) fn open(
        servers: &Servers,
        nth: usize,
        election: [u8; 16],
    ) -> Result<(Self, StreamState), BackboneError> {
        let connection = servers.connect(nth)?;
        let name = crate::auth::hex(&election);
        let mut bus = Self { connection, stream: format!("PEHRA_{name}"), asked: 0 };
        let state = match bus.state() {
            Err(BackboneError::NoStream) => bus.make(&name)?,
            // The ledger fills another one.
            Ok(state) if state.keeps_everything => {
                bus.demand(&format!("$JS.API.STREAM.DELETE.{}", bus.stream), b"")?;
                bus.make(&name)?
            }
            other => other?,
        };
        Ok((bus, state))
    }

    fn make(&mut self, election: &str) -> Result<StreamState, BackboneError> {
        let config = json!({
            "name": self.stream, "subjects": [format!("pehra.{election}.>")], "num_replicas": REPLICAS,
            "storage": "file", "retention": "limits", "discard": "new",
            "duplicate_window": DUPLICATES_NS, "allow_direct": true, "deny_delete": false,
        });
        let subject = format!("$JS.API.STREAM.CREATE.{}", self.stream);
        let answer = self.ask(&subject, config.to_string().as_bytes())?;
        state_of(&answer)
    }

    pub(super) fn state(&mut self) -> Result<StreamState, BackboneError> {
        let subject = format!("$JS.API.STREAM.INFO.{}", self.stream);
        let answer = self.ask(&subject, b"")?;
        state_of(&answer)
    }

    pub(super) fn max_payload(&self) -> usize {
        self.connection.max_payload
    }

    fn ask(&mut self, subject: &str, body: &[u8]) -> Result<Message, BackboneError> {
        self.asked += 1;
        let reply = self.connection.reply(self.asked);
        self.connection.send(subject, &reply, None, body)?;
        loop {
            let message = self.connection.message()?;
            if self.connection.number_of(&message) == Some(self.asked) {
                return if message.status == 503 {
                    Err(BackboneError::NotReady)
                } else {
                    Ok(message)
                };
            }
        }
    }

    /// Publishes parcels, many on their way at a time. Once this returns, a majority of the servers has each of them;
    /// what the bus had already is no error.
    pub(super) fn publish(&mut self, parcels: &[Parcel]) -> Result<(), BackboneError> {
        let mut waiting: BTreeMap<u64, ()> = BTreeMap::new();
        for parcel in parcels {
            while waiting.len() >= AHEAD {
                self.acknowledgement(&mut waiting)?;
            }
            self.asked += 1;
            let reply = self.connection.reply(self.asked);
            self.connection.send(&parcel.subject, &reply, Some(&parcel.id), &parcel.body)?;
            waiting.insert(self.asked, ());
        }
        while !waiting.is_empty() {
            self.acknowledgement(&mut waiting)?;
        }
        Ok(())
    }

    fn acknowledgement(&mut self, waiting: &mut BTreeMap<u64, ()>) -> Result<(), BackboneError> {
        let message = self.connection.message()?;
        if message.status == 503 {
            return Err(BackboneError::NotReady);
        }
        let Some(number) = self.connection.number_of(&message) else { return Ok(()) };
        let answer = answered(&message)?;
        if answer.stream.as_deref() == Some(&*self.stream) {
            waiting.remove(&number);
        }
        Ok(())
    }

    /// Up to `count` messages from a number on, with their numbers; fewer at the end of the stream.
    pub(super) fn read(
        &mut self,
        from: u64,
        count: u32,
    ) -> Result<Vec<(u64, Vec<u8>)>, BackboneError> {
        let question = json!({ "seq": from, "batch": count }).to_string();
        self.direct(&question)
    }

    /// As [`Self::read`], of one subject.
    pub(super) fn read_under(
        &mut self,
        subject: &str,
        from: u64,
        count: u32,
    ) -> Result<Vec<(u64, Vec<u8>)>, BackboneError> {
        let question = json!({ "seq": from, "batch": count, "next_by_subj": subject }).to_string();
        self.direct(&question)
    }

    /// Deletes messages: every replica overwrites them with chance. What is gone already is no error.
    pub(super) fn delete(&mut self, numbers: &[u64]) -> Result<(), BackboneError> {
        let subject = format!("$JS.API.STREAM.MSG.DELETE.{}", self.stream);
        for number in numbers {
            let question = json!({ "seq": number, "no_erase": false }).to_string();
            match self.demand(&subject, question.as_bytes()) {
                Err(BackboneError::NoMessage) => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// Who holds the stream; none where one server holds it alone, without a log of what several agreed on.
    pub(super) fn holders(&mut self) -> Result<Option<Holders>, BackboneError> {
        let subject = format!("$JS.API.STREAM.INFO.{}", self.stream);
        let answer = answered(&self.ask(&subject, b"")?)?;
        Ok(answer.cluster.filter(|it| !it.replicas.is_empty()))
    }

    /// The leader hands over to another server, which cuts its log of what the servers agreed on.
    pub(super) fn hand_over(&mut self, to: &str) -> Result<(), BackboneError> {
        let subject = format!("$JS.API.STREAM.LEADER.STEPDOWN.{}", self.stream);
        let wish = json!({ "placement": { "preferred": to } }).to_string();
        self.demand(&subject, wish.as_bytes())
    }

    /// Asks for what is either done or refused.
    fn demand(&mut self, subject: &str, body: &[u8]) -> Result<(), BackboneError> {
        answered(&self.ask(subject, body)?).map(|_| ())
    }

    /// The last message under a subject.
    pub(super) fn last_under(&mut self, subject: &str) -> Result<Option<Vec<u8>>, BackboneError> {
        let question = json!({ "last_by_subj": subject }).to_string();
        self.asked += 1;
        let reply = self.connection.reply(self.asked);
        let api = format!("$JS.API.DIRECT.GET.{}", self.stream);
        self.connection.send(&api, &reply, None, question.as_bytes())?;
        loop {
            let message = self.connection.message()?;
            if self.connection.number_of(&message) == Some(self.asked) {
                return match message.status {
                    0 => Ok(Some(message.body)),
                    404 => Ok(None),
                    _ => Err(BackboneError::NotReady),
                };
            }
        }
    }

    fn direct(&mut self, question: &str) -> Result<Vec<(u64, Vec<u8>)>, BackboneError> {
        self.asked += 1;
        let reply = self.connection.reply(self.asked);
        let api = format!("$JS.API.DIRECT.GET.{}", self.stream);
        self.connection.send(&api, &reply, None, question.as_bytes())?;
        let mut found = Vec::new();
        loop {
            let message = self.connection.message()?;
            if self.connection.number_of(&message) != Some(self.asked) {
                continue;
            }
            match message.status {
                0 => {
                    let number = message.header("Nats-Sequence").and_then(|text| text.parse().ok());
                    found.push((number.ok_or(BackboneError::NotNats)?, message.body));
                }
                // End of the batch, or nothing there.
                204 | 404 => return Ok(found),
                _ => return Err(BackboneError::NotReady),
            }
        }
    }
}

fn answered(message: &Message) -> Result<Answer, BackboneError> {
    let mut answer: Answer =
        serde_json::from_slice(&message.body).map_err(|_json| BackboneError::NotNats)?;
    answer.error.take().map_or(Ok(answer), |fault| Err(fault.into()))
}

fn state_of(message: &Message) -> Result<StreamState, BackboneError> {
    let answer = answered(message)?;
    let (Some(created), Some(state)) = (answer.created, answer.state) else {
        return Err(BackboneError::NotNats);
    };
    let keeps_everything = answer.config.is_some_and(|config| config.deny_delete);
    Ok(StreamState { created, last: state.last_seq, keeps_everything })
}

impl From<Fault> for BackboneError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault { err_code: NO_STREAM, .. } => Self::NoStream,
            Fault { err_code: NO_MESSAGE, .. } => Self::NoMessage,
            Fault { code: 503, .. } => Self::NotReady,
            Fault { description, .. } => Self::Refused(description),
        }
    }
}
