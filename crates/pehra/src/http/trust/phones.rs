//! What somebody in the room reads to a phone that is to be enrolled: where its page is, and which digits it must show.

use crate::{
    http::{
        problem::{Fault, Problem},
        reply::blocking,
        room::Room,
    },
    phone::authority::covers,
};
use axum::{Json, extract::State};
use serde::Serialize;
use std::net::{IpAddr, SocketAddr};

/// Addresses that are shown: a machine has one network or two.
const ADDRESSES_MAX: usize = 4;

/// Where a phone finds its page.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhoneDoorView {
    /// To be typed, or read from the code: there the authority is handed out.
    pub address: String,
    /// The same as a code for a camera.
    pub svg: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PhonesView {
    /// None where the node was started without `--phones`.
    pub doors: Vec<PhoneDoorView>,
    /// SHA-256 of the authority's certificate, as phones show it.
    pub fingerprint: Option<String>,
}

/// Where phones find their page, and what they must show before they are believed.
#[utoipa::path(get, path = "/api/trust/phones", tag = "trust",
    responses((status = 200, body = PhonesView), (status = 401, body = Fault)))]
pub async fn phones(State(room): State<Room>) -> Result<Json<PhonesView>, Problem> {
    blocking(move || {
        let Some(listen) = room.config().phones else {
            return Ok(PhonesView { doors: Vec::new(), fingerprint: None });
        };
        let mut doors = Vec::new();
        for ip in addresses(listen.ip()) {
            let address = format!("http://{}/", SocketAddr::new(ip, listen.port()));
            let drawn = qrcode::QrCode::new(&address).map_err(Problem::internal)?;
            let svg = drawn
                .render::<qrcode::render::svg::Color<'_>>()
                .min_dimensions(220, 220)
                .quiet_zone(true)
                .build();
            doors.push(PhoneDoorView { address, svg });
        }
        let fingerprint = Some(room.node().phone_authority()?.fingerprint());
        Ok(PhonesView { doors, fingerprint })
    })
    .await
}

/// The addresses of this machine at which phones would believe it; the older protocol first.
fn addresses(listen: IpAddr) -> Vec<IpAddr> {
    if !listen.is_unspecified() {
        return vec![listen];
    }
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let mut own: Vec<IpAddr> =
        all.iter().map(if_addrs::Interface::ip).filter(|it| covers(*it)).collect();
    own.sort_unstable();
    own.dedup();
    own.truncate(ADDRESSES_MAX);
    own
}
