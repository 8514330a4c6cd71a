//! The day as a stream of frames, at most five a second. Each reader's frame holds what differs from the last one
//! that this reader was given: whoever reads slowly gets fewer and larger ones, and keeps nobody waiting.

use super::{
    frame::{self, Beside},
    picture, scope,
};
use crate::{
    day::Picture,
    http::{
        problem::{Code, Fault, Problem},
        room::{Room, StreamPlace},
        stream,
        who::{Access, Signed, holdings},
    },
};
use axum::{
    extract::State,
    response::{Response, sse::Event},
};
use futures_util::Stream;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::watch;

/// Five frames a second.
const FRAME_EVERY: Duration = Duration::from_millis(200);
/// A stream on which nothing differs says so often what time it is on the day.
const STILL_EVERY: u32 = 25;

/// Frames of the day as server-sent events: `event: frame`, first a whole one.
#[utoipa::path(get, path = "/api/day/live", tag = "day",
    responses((status = 200, content_type = "text/event-stream", body = String),
        (status = 409, body = Fault), (status = 503, body = Fault)))]
pub async fn live(
    State(room): State<Room>,
    access: Access,
    signed: Signed,
) -> Result<Response, Problem> {
    let place = room.take_stream().ok_or_else(|| Problem::of(Code::TooBusy).retry_after(5))?;
    picture(&room).await?;
    let reader = Reader {
        closing: room.closing(),
        room,
        access,
        token: signed.token,
        told: None,
        still: 0,
        _place: place,
    };
    Ok(stream::answer(events(reader)))
}

struct Reader {
    room: Room,
    access: Access,
    token: String,
    closing: watch::Receiver<bool>,
    told: Option<Arc<Picture>>,
    still: u32,
    _place: StreamPlace,
}

fn events(reader: Reader) -> impl Stream<Item = Result<Event, Infallible>> + Send {
    futures_util::stream::unfold(reader, |mut reader| async move {
        let event = reader.next().await?;
        Some((Ok(event), reader))
    })
}

impl Reader {
    /// The next frame; none when the stream should end: signed out, session over, room closing.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.told.is_some() {
                tokio::select! {
                    () = tokio::time::sleep(FRAME_EVERY) => {}
                    _ = self.closing.changed() => {}
                }
            }
            if *self.closing.borrow() || !self.session_holds() {
                return None;
            }
            let picture = picture(&self.room).await.ok()?;
            if let Some(event) = self.tell(&picture) {
                self.told = Some(picture);
                return Some(event);
            }
        }
    }

    fn tell(&mut self, picture: &Arc<Picture>) -> Option<Event> {
        let node = self.room.node().clone();
        let scope = scope(&self.room, &self.access, picture);
        let same_list = |told: &&Arc<Picture>| Arc::ptr_eq(&told.stations, &picture.stations);
        let frame = match self.told.as_ref().filter(same_list) {
            None => Some(frame::whole(picture, &scope, Beside::now(&node))),
            Some(told) if told.version == picture.version => {
                self.still += 1;
                return self.still.is_multiple_of(STILL_EVERY).then(|| still(&node));
            }
            Some(told) => frame::since(told, picture, &scope, Beside::now(&node)),
        }?;
        let json = serde_json::to_string(&frame).ok()?;
        Some(Event::default().event("frame").id(frame.version.to_string()).data(json))
    }

    /// Looked at anew with every frame: whoever lost the role sees nothing more.
    fn session_holds(&mut self) -> bool {
        let now = self.room.node().now();
        let Some(session) = self.room.sessions().find(&self.token, now, false) else {
            return false;
        };
        let table = &self.room.node().rules().permissions;
        let held = holdings(self.room.node(), &session.person, now);
        self.access.holdings = held
            .into_iter()
            .filter(|one| table.allows(&one.role, pehra_ops::permission::DAY_VIEW))
            .collect();
        !self.access.holdings.is_empty()
    }
}

fn still(node: &crate::node::Node) -> Event {
    let clock = super::clock_view(node.day_clock(), node.day_now().0);
    let json = serde_json::to_string(&clock).unwrap_or_default();
    Event::default().event("still").data(json)
}
