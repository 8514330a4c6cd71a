//! One conversation over one connection: greetings, then the dialling side asks until both hold the same, then the other.

use crate::{
    House,
    admission::TurnedAway,
    frame::{self, FrameError, Kind, Patience},
    greeting::{Greeting, GreetingError},
    tls::{self, Identity},
};
use pehra_ledger::{
    DeviceId, LogsUnreadable,
    canonical::CanonicalError,
    sync::{
        answerer::{Answerer, Tally},
        asker::{Asker, Broken, Outcome, Step},
        message::{Ask, Numbered, Reply},
        scope::{NotEntitled, Scope},
    },
};
use rustls::{ClientConnection, ServerConnection, StreamOwned, pki_types::ServerName};
use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::Arc,
    time::{Duration, Instant},
};

/// A stream's own reads return after so long, so that patience is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// A peer that does not read for so long is left.
const WRITE_PATIENCE: Duration = Duration::from_secs(15);
/// How long a peer that is turned away may take to hear why.
const LINGER: Duration = Duration::from_secs(1);
/// Questions of one side in one conversation at most.
const QUESTIONS_MAX: u32 = 1 << 20;

/// Why a conversation ended without an outcome.
#[derive(Debug, thiserror::Error)]
pub enum TalkError {
    #[error(transparent)]
    Frame(#[from] FrameError),
    #[error("the handshake failed: {0}")]
    Handshake(#[from] rustls::Error),
    #[error("the peer shows no ledger key")]
    NoKey,
    #[error("the peer is this node itself")]
    Mirror,
    #[error(transparent)]
    Greeting(#[from] GreetingError),
    #[error("the peer belongs to another election")]
    OtherElection,
    #[error("{0} is not served: {1}")]
    NotServed(DeviceId, NotEntitled),
    #[error("this node may hold nothing: {0}")]
    NotEnrolled(NotEntitled),
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
    #[error(transparent)]
    Broken(#[from] Broken),
    #[error(transparent)]
    Here(#[from] LogsUnreadable),
    #[error("the peer's message is not in its canonical form: {0}")]
    Form(#[from] CanonicalError),
    #[error("the peer spoke out of turn")]
    OutOfTurn,
    #[error("the peer ends the conversation: {0}")]
    Farewell(String),
    #[error("the peer asks without end")]
    Endless,
}

impl From<io::Error> for TalkError {
    fn from(cause: io::Error) -> Self {
        FrameError::from(cause).into()
    }
}

/// What a conversation brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub peer: DeviceId,
    /// How the side that dialled found it.
    pub outcome: Outcome,
    pub taken: Tally,
    pub given: u64,
}

/// A stream of either role.
trait Line: Read + Write {}
impl<T: Read + Write> Line for T {}

fn patient(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(LOOK_AGAIN))?;
    stream.set_write_timeout(Some(WRITE_PATIENCE))
}

/// Dials: greets, asks, then answers.
///
/// # Errors
/// [`TalkError`].
pub fn dial(
    stream: TcpStream,
    house: &dyn House,
    identity: &Identity,
    patience: Patience,
) -> Result<Report, TalkError> {
    patient(&stream)?;
    // The name plays no part: the peer is known by its key. A reserved one, RFC 6761.
    let name = ServerName::try_from("node.invalid").map_err(|_fixed| TalkError::NoKey)?;
    let connection = ClientConnection::new(Arc::clone(&identity.client), name)?;
    let mut stream = StreamOwned::new(connection, stream);
    greet(&mut stream, house)?;
    let greeting = hear_greeting(&mut stream, house, patience)?;
    let peer = tls::peer_key(stream.conn.peer_certificates()).ok_or(TalkError::NoKey)?.id();
    let scope = admit(house, peer, &greeting, identity)?;
    let (outcome, mut taken, given) = ask(&mut stream, house, &scope, patience)?;
    let theirs = answer(&mut stream, house, &scope, patience)?;
    add(&mut taken, &theirs);
    let _gone = farewell(&mut stream, "");
    Ok(Report { peer, outcome, taken, given })
}

/// Receives: greets, answers, then asks. `name` is told who it is before anything is answered.
///
/// # Errors
/// [`TalkError`].
pub fn receive(
    stream: TcpStream,
    house: &dyn House,
    identity: &Identity,
    patience: Patience,
    name: &mut dyn FnMut(DeviceId) -> Result<(), TurnedAway>,
) -> Result<Report, TalkError> {
    patient(&stream)?;
    let connection = ServerConnection::new(Arc::clone(&identity.server))?;
    let mut stream = StreamOwned::new(connection, stream);
    let heard = hear_greeting(&mut stream, house, patience);
    let peer = tls::peer_key(stream.conn.peer_certificates()).ok_or(TalkError::NoKey);
    let ended = heard.and_then(|greeting| {
        let peer = peer?.id();
        name(peer)?;
        greet(&mut stream, house)?;
        let scope = admit(house, peer, &greeting, identity)?;
        let mut taken = answer(&mut stream, house, &scope, patience)?;
        let (outcome, more, given) = ask(&mut stream, house, &scope, patience)?;
        add(&mut taken, &more);
        Ok(Report { peer, outcome, taken, given })
    });
    if let Err(why) = &ended {
        let _gone = farewell(&mut stream, &why.to_string());
        stream.conn.send_close_notify();
        let _gone = stream.flush();
        linger(&mut stream);
    }
    ended
}

/// Reads what still comes for a while: closing over unread bytes would take the last sentence away from the peer.
fn linger(stream: &mut dyn Read) {
    let until = Instant::now() + LINGER;
    let mut rest = [0; 4_096];
    while Instant::now() < until {
        match stream.read(&mut rest) {
            Ok(0) => return,
            Ok(_) => {}
            Err(cause) if cause.kind() == io::ErrorKind::WouldBlock => {}
            Err(_gone) => return,
        }
    }
}

fn add(to: &mut Tally, more: &Tally) {
    to.statements += more.statements;
    to.entries += more.entries;
    to.forks += more.forks;
    to.objects += more.objects;
    to.known += more.known;
    to.outside += more.outside;
    to.refused += more.refused;
}

fn greet(stream: &mut dyn Line, house: &dyn House) -> Result<(), TalkError> {
    let greeting = Greeting { election: house.election(), credentials: house.credentials() };
    Ok(frame::write(stream, Kind::Greeting, &greeting.encode())?)
}

fn farewell(stream: &mut dyn Line, why: &str) -> Result<(), FrameError> {
    frame::write(stream, Kind::Farewell, why.as_bytes())
}

fn hear(stream: &mut dyn Line, kind: Kind, patience: Patience) -> Result<Vec<u8>, TalkError> {
    let (heard, body) = frame::read(stream, patience)?;
    if heard == Kind::Farewell {
        let why: String = String::from_utf8_lossy(&body).chars().take(200).collect();
        return Err(TalkError::Farewell(why));
    }
    if heard == kind { Ok(body) } else { Err(TalkError::OutOfTurn) }
}

fn hear_greeting(
    stream: &mut dyn Line,
    house: &dyn House,
    patience: Patience,
) -> Result<Greeting, TalkError> {
    let greeting = Greeting::decode(&hear(stream, Kind::Greeting, patience)?)?;
    if greeting.election != house.election() {
        return Err(TalkError::OtherElection);
    }
    Ok(greeting)
}

/// Whether the peer may ask anything, by the roster and by what it shows.
fn admit(
    house: &dyn House,
    peer: DeviceId,
    greeting: &Greeting,
    identity: &Identity,
) -> Result<Scope, TalkError> {
    if peer == identity.device {
        return Err(TalkError::Mirror);
    }
    if house.entitlement(peer).is_err() {
        house.learn(greeting.credentials.clone());
    }
    let theirs = house.entitlement(peer).map_err(|why| TalkError::NotServed(peer, why))?;
    let mine = house.entitlement(identity.device).map_err(TalkError::NotEnrolled)?;
    Ok(Scope { mine, theirs })
}

fn ask(
    stream: &mut dyn Line,
    house: &dyn House,
    scope: &Scope,
    patience: Patience,
) -> Result<(Outcome, Tally, u64), TalkError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|cause| LogsUnreadable(cause.to_string()))?;
    let mut asker = Asker::new(scope.clone(), seed);
    let mut desk = house.desk()?;
    let mut question = asker.begin(&*desk)?;
    loop {
        frame::write(stream, Kind::Ask, &Numbered::<Ask>::encode(&question))?;
        let reply = Numbered::<Reply>::decode(&hear(stream, Kind::Reply, patience)?)?;
        match asker.hear(reply, &mut *desk)? {
            Step::Say(next) => question = next,
            // Nothing is lost on a stream: an answer to another question is none.
            Step::Pass => return Err(TalkError::OutOfTurn),
            Step::Over(outcome) => return Ok((outcome, asker.taken, asker.given)),
        }
    }
}

fn answer(
    stream: &mut dyn Line,
    house: &dyn House,
    scope: &Scope,
    patience: Patience,
) -> Result<Tally, TalkError> {
    let mut answerer = Answerer::new(scope.clone());
    let mut desk = house.desk()?;
    for _ in 0..QUESTIONS_MAX {
        let question = Numbered::<Ask>::decode(&hear(stream, Kind::Ask, patience)?)?;
        let Some(reply) = answerer.answer(question, &mut *desk)? else {
            return Err(TalkError::OutOfTurn);
        };
        frame::write(stream, Kind::Reply, &reply.encode())?;
        if reply.body == Reply::Ended {
            return Ok(answerer.taken);
        }
    }
    Err(TalkError::Endless)
}
