//! The live stream: what changed, as it happens. `Last-Event-ID` resumes.

use crate::{
    http::{
        problem::{Code, Problem},
        room::{Room, StreamPlace},
        sight::areas_with,
        table::need,
        who::{Signed, holdings},
    },
    live::{Subscription, Told},
};
use axum::{
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use pehra_domain::PersonId;
use pehra_ops::permission;
use std::{convert::Infallible, time::Duration};
use tokio::sync::watch;

/// So often a silent stream says that it lives, and whether its session still does is looked at.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Deltas as server-sent events. `event: delta` carries `{seq, topic, …}`; `event: reset` means that deltas were
/// missed and everything should be fetched again; `event: hello` opens the stream and carries the number to resume from.
#[utoipa::path(get, path = "/api/live", tag = "live",
    params(("last-event-id" = Option<String>, Header, description = "Number of the last delta seen")),
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 503, body = crate::http::problem::Fault)))]
pub async fn live(
    State(room): State<Room>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let place = room.take_stream().ok_or_else(|| Problem::of(Code::TooBusy).retry_after(5))?;
    let seen = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse().ok());
    let subscription = room.node().live().subscribe(seen);
    let hello = seen.is_none().then(|| room.node().live().newest());
    let reader = Reader {
        closing: room.closing(),
        room,
        token: signed.token,
        person: signed.session.person,
        subscription,
        hello,
        _place: place,
    };
    Ok(answer(events(reader)))
}

/// Server-sent events on their way out.
pub(super) fn answer(
    events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static,
) -> Response {
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
    // Proxies on the way must not collect the events.
    response.headers_mut().insert("x-accel-buffering", axum::http::HeaderValue::from_static("no"));
    response
}

struct Reader {
    room: Room,
    token: String,
    person: PersonId,
    subscription: Subscription,
    closing: watch::Receiver<bool>,
    hello: Option<u64>,
    _place: StreamPlace,
}

fn events(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok(event), reader))
    })
}

impl Reader {
    /// The next event; none when the stream should end: signed out, session over, room closing.
    async fn next(&mut self) -> Option<Event> {
        if let Some(newest) = self.hello.take() {
            return Some(
                Event::default()
                    .event("hello")
                    .id(newest.to_string())
                    .data(format!("{{\"seq\":{newest}}}")),
            );
        }
        loop {
            if *self.closing.borrow() || !self.session_holds() {
                return None;
            }
            tokio::select! {
                told = self.subscription.next() => match told {
                    Some(Told::Delta(delta)) if !self.hears(delta.topic) => {}
                    told => return told.map(event),
                },
                _ = self.closing.changed() => {}
                () = tokio::time::sleep(HEARTBEAT) => {}
            }
        }
    }

    /// That something is done at the intelligence desk is itself for the desk alone; what goes out is told to those who
    /// may be warned. That something is done about committees is for those who may look at them.
    fn hears(&self, topic: &str) -> bool {
        let needed: &[&str] = match topic {
            "intelligence" => &[permission::INTEL_READ_FULL, permission::INTEL_WATCH],
            "warning" => &[
                permission::INTEL_READ_SANITISED,
                permission::INTEL_WRITE,
                permission::INTEL_READ_FULL,
            ],
            "community" => need::COMMUNITY,
            _ => return true,
        };
        let node = self.room.node();
        !areas_with(node, &holdings(node, &self.person, node.now()), needed).is_empty()
    }

    fn session_holds(&self) -> bool {
        self.room.sessions().find(&self.token, self.room.node().now(), false).is_some()
    }
}

fn event(told: Told) -> Event {
    match told {
        Told::Delta(delta) => {
            Event::default().event("delta").id(delta.seq.to_string()).data(&delta.json)
        }
        Told::Reset { seq } => {
            Event::default().event("reset").id(seq.to_string()).data(format!("{{\"seq\":{seq}}}"))
        }
    }
}
