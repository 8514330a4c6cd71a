//! The JSON body of a request. What cannot be read is answered like every other refusal: with a code and two texts.

use crate::http::problem::{Code, Problem};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
};
use serde::de::DeserializeOwned;

/// What was sent; an empty body counts as `{}`, for requests of which every part may be left out.
pub struct Given<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        // Other kinds can be sent by a form on any site, without asking this node first.
        let is_json = kind.is_some_and(|kind| {
            kind.split(';').next().unwrap_or_default().trim() == "application/json"
        });
        let bytes = match Bytes::from_request(request, state).await {
            Ok(bytes) => bytes,
            Err(rejection) => {
                let large = rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE;
                return Err(Problem::of(if large { Code::TooLarge } else { Code::Malformed }));
            }
        };
        let text: &[u8] = match (bytes.is_empty(), is_json) {
            (true, _) => b"{}",
            (false, true) => &bytes,
            (false, false) => {
                return Err(Problem::about(Code::Malformed, "content-type: application/json"));
            }
        };
        serde_json::from_slice(text)
            .map(Self)
            .map_err(|error| Problem::about(Code::Malformed, error.to_string()))
    }
}
