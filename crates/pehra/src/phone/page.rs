//! What a phone sees that has not installed the authority yet: over plain HTTP, one page that hands it out and says which
//! digits to compare with those in the room. Nothing secret passes here, and whoever alters it on the way alters the digits.

use super::{door::Door, routes::set_headers};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, header},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse, Response},
    routing::get,
};

const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; \
    frame-ancestors 'none'";
/// Where the certificate is fetched.
const CERTIFICATE: &str = "/pehra-authority.crt";
const STYLE: &str = "body{font:1.05rem/1.55 system-ui,sans-serif;margin:0 auto;max-width:34rem;padding:1rem;color:#15202b;background:#f6f8fa}\
    h1{font-size:1.25rem}h2{font-size:1.05rem;margin:1.4rem 0 .3rem}section{border-top:1px solid #cfd8e0}\
    code{display:block;font:1rem/1.7 ui-monospace,monospace;direction:ltr;text-align:left;overflow-wrap:anywhere;background:#fff;border:1px solid #76889a;border-radius:6px;padding:.6rem}\
    a.b{display:block;margin:.6rem 0;padding:.8rem;border-radius:6px;text-align:center;background:#0b57a4;color:#fff;text-decoration:none;font-weight:650}\
    li{margin:.35rem 0}@media(prefers-color-scheme:dark){body{background:#0f161e;color:#e9f0f6}code{background:#0b1117}a.b{background:#8fc4f5;color:#0b1117}}";

pub(super) fn router(door: &Door) -> Router {
    Router::new()
        .route(CERTIFICATE, get(certificate))
        .fallback(page)
        .layer(from_fn(outer))
        .with_state(door.clone())
}

async fn outer(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    set_headers(response.headers_mut(), POLICY);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn certificate(State(door): State<Door>) -> Response {
    let bytes = door.authority().certificate().to_vec();
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-x509-ca-cert"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"pehra-authority.crt\""),
    );
    response
}

async fn page(State(door): State<Door>, headers: HeaderMap) -> Html<String> {
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Only what an address or a name is made of goes into the page.
    let host: String = host
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || ".:-[]".contains(*letter))
        .take(80)
        .collect();
    let print = door.authority().fingerprint();
    Html(format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\">\
         <title>Pehra</title><style>{STYLE}</style></head><body>\
         <main><div lang=ur dir=rtl><h1>پہرہ: اس فون کو دفتر سے ملائیں</h1><ol>\
         <li>نیچے کے ہندسے دفتر کی سکرین کے ہندسوں سے ملائیں۔ ایک بھی مختلف ہو تو رک جائیں اور دفتر کو بتائیں۔</li>\
         <li>سرٹیفکیٹ ڈاؤن لوڈ کریں اور فون کی ترتیبات میں \"CA certificate\" کے طور پر نصب کریں۔</li>\
         <li>پھر محفوظ صفحہ کھولیں۔</li></ol></div>\
         <div lang=en dir=ltr><h1>Pehra: connect this phone to the office</h1><ol>\
         <li>Compare the digits below with those on the office's screen. If one differs, stop and tell the office.</li>\
         <li>Download the certificate and install it in the phone's settings as a \"CA certificate\" \
         (iPhone: then switch it on under General, About, Certificate Trust Settings).</li>\
         <li>Then open the secure page.</li></ol></div>\
         <section><h2>SHA-256</h2><code data-fingerprint>{print}</code>\
         <a class=b href=\"{CERTIFICATE}\"><span lang=ur dir=rtl>سرٹیفکیٹ ڈاؤن لوڈ کریں</span> · Download the certificate</a>\
         <a class=b href=\"https://{host}/phone\"><span lang=ur dir=rtl>محفوظ صفحہ کھولیں</span> · Open the secure page</a>\
         <p lang=ur dir=rtl>یہ سرٹیفکیٹ صرف دفتر کے نجی پتوں کے لیے ہے؛ کسی اور ویب سائٹ کے لیے نہیں۔</p>\
         <p lang=en>This authority can vouch for private addresses of an office alone, for no other site.</p></section>\
         </main></body></html>"
    ))
}
