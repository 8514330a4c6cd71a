//! What an answer says when it is not the one that was asked for: a closed set of codes, each with a status and a
//! sentence in English and in Urdu. Refusals of the operations keep their own codes and texts.

use crate::http::sign::SignView;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// The body of every answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Fault {
    pub code: String,
    pub text_en: String,
    pub text_ur: String,
    /// The field or thing it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What the person's own key must sign before the same request goes through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign: Option<Box<SignView>>,
}

/// An answer that is not a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    pub fault: Fault,
    pub retry_after_s: Option<u32>,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $status:ident, $en:literal, $ur:literal;)+) => {
        /// Every reason of the server's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($name),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            #[must_use]
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            #[must_use]
            pub fn english(self) -> &'static str {
                match self { $(Self::$name => $en),+ }
            }

            #[must_use]
            pub fn urdu(self) -> &'static str {
                match self { $(Self::$name => $ur),+ }
            }
        }
    };
}

codes! {
    NotFound = "not-found", NOT_FOUND,
        "There is no such thing here. It may have been replaced; reload the page.",
        "یہاں ایسی کوئی چیز نہیں۔ ممکن ہے بدل دی گئی ہو؛ صفحہ دوبارہ کھولیں۔";
    BundleUnusable = "bundle-unusable", UNPROCESSABLE_ENTITY,
        "The bundle cannot be made or used. Check to whom it goes, and that they are enrolled here.",
        "بنڈل بنایا یا استعمال نہیں کیا جا سکتا۔ دیکھیں کہ یہ کس کے نام ہے اور کیا وہ یہاں درج ہے۔";
    NotDeletable = "not-deletable", UNPROCESSABLE_ENTITY,
        "What stands in this entry cannot be deleted: it is not here, or everything else rests on it.",
        "اس اندراج کا مواد حذف نہیں ہو سکتا: یا تو وہ یہاں نہیں، یا باقی سب اسی پر قائم ہے۔";
    SignedOut = "signed-out", UNAUTHORIZED,
        "You are not signed in, or your session has ended. Sign in again.",
        "آپ داخل نہیں ہیں یا آپ کا وقت ختم ہو گیا ہے۔ دوبارہ داخل ہوں۔";
    CredentialsWrong = "credentials-wrong", UNAUTHORIZED,
        "Name or password is wrong. Check both and try again.",
        "نام یا پاس ورڈ غلط ہے۔ دونوں دیکھ کر دوبارہ کوشش کریں۔";
    PasswordWrong = "password-wrong", FORBIDDEN,
        "The password as it is now was not given rightly; nothing was changed. Type it again.",
        "موجودہ پاس ورڈ درست نہیں دیا گیا؛ کچھ نہیں بدلا۔ اسے دوبارہ لکھیں۔";
    TooManyTries = "too-many-tries", TOO_MANY_REQUESTS,
        "Too many wrong passwords. Wait the time shown and try again.",
        "بہت بار غلط پاس ورڈ دیا گیا۔ دکھائے گئے وقت تک انتظار کر کے دوبارہ کوشش کریں۔";
    TooBusy = "too-busy", SERVICE_UNAVAILABLE,
        "The node is busy with too many requests of this kind. Try again in a moment.",
        "نوڈ اس قسم کی بہت سی درخواستوں میں مصروف ہے۔ ذرا بعد دوبارہ کوشش کریں۔";
    Closing = "closing", SERVICE_UNAVAILABLE,
        "The node is being stopped, and the question was not worked out. Ask again when it runs.",
        "نوڈ بند ہو رہا ہے اس لیے سوال کا جواب نہیں نکالا گیا۔ جب وہ چلے تو دوبارہ پوچھیں۔";
    CsrfMissing = "csrf-missing", FORBIDDEN,
        "The request does not come from an open page of this node. Reload the page and repeat.",
        "درخواست اس نوڈ کے کھلے صفحے سے نہیں آئی۔ صفحہ دوبارہ کھول کر دہرائیں۔";
    OriginForeign = "origin-foreign", FORBIDDEN,
        "The request comes from another site and was not carried out.",
        "درخواست کسی اور سائٹ سے آئی ہے اس لیے پوری نہیں کی گئی۔";
    HostUnknown = "host-unknown", MISDIRECTED_REQUEST,
        "This node does not answer to that host name. Use its address, or start it with the name allowed.",
        "یہ نوڈ اس نام پر جواب نہیں دیتا۔ اس کا پتا استعمال کریں یا نوڈ کو اس نام کی اجازت کے ساتھ چلائیں۔";
    RoleLacksPermission = "role-lacks-permission", FORBIDDEN,
        "None of your roles allows this. Ask who grants the roles.",
        "آپ کا کوئی کردار اس کی اجازت نہیں دیتا۔ کردار دینے والے سے پوچھیں۔";
    OutsideArea = "outside-area", FORBIDDEN,
        "Your role does not reach this area. Ask whoever holds the role there.",
        "آپ کا کردار اس علاقے تک نہیں پہنچتا۔ وہاں کے ذمہ دار سے رجوع کریں۔";
    Unsigned = "unsigned", PRECONDITION_REQUIRED,
        "This act needs your own key. Open the page on the device that holds it, or unlock it, and repeat.",
        "اس کام کے لیے آپ کی ذاتی کلید درکار ہے۔ جس آلے میں کلید ہے اس پر صفحہ کھول کر یہ کام دہرائیں۔";
    OfficeKeyClosed = "office-key-closed", CONFLICT,
        "The enrolment office's key is not open on this node. Open it with its file and passphrase, then repeat.",
        "اندراج کے دفتر کی کلید اس نوڈ پر کھلی نہیں۔ اسے فائل اور پاس فریز سے کھولیں، پھر دہرائیں۔";
    Malformed = "malformed", BAD_REQUEST,
        "The request cannot be read. Correct the named part and send it again.",
        "درخواست پڑھی نہیں جا سکتی۔ بتایا گیا حصہ درست کر کے دوبارہ بھیجیں۔";
    TooLarge = "too-large", PAYLOAD_TOO_LARGE,
        "The file or request is larger than this node accepts. Split the file, or import it with the command line.",
        "فائل یا درخواست اس نوڈ کی حد سے بڑی ہے۔ فائل تقسیم کریں یا کمانڈ لائن سے درآمد کریں۔";
    PictureBroken = "picture-broken", UNPROCESSABLE_ENTITY,
        "What arrived is no picture: one byte of brightness is needed for each pixel, in whole rows. Choose a photograph and send it again.",
        "جو پہنچا وہ تصویر نہیں: ہر نقطے کے لیے روشنی کا ایک بائٹ اور پوری قطاریں درکار ہیں۔ تصویر چن کر دوبارہ بھیجیں۔";
    NothingRead = "no-code", UNPROCESSABLE_ENTITY,
        "No code of Pehra can be read in the picture. Take it again from nearer, sharp, with the whole code and the white around it.",
        "تصویر میں پہرہ کا کوئی کوڈ پڑھا نہیں جا سکا۔ قریب سے، صاف، اور پورے کوڈ اور اس کے گرد سفیدی کے ساتھ دوبارہ تصویر لیں۔";
    UploadBroken = "upload-broken", BAD_REQUEST,
        "The file did not arrive whole; nothing was kept. Send it again.",
        "فائل پوری نہیں پہنچی؛ کچھ محفوظ نہیں ہوا۔ دوبارہ بھیجیں۔";
    DiskFull = "disk-full", INSUFFICIENT_STORAGE,
        "The disk is full or cannot be written; nothing was kept. Free some space and repeat.",
        "ڈسک بھری ہے یا اس پر لکھا نہیں جا سکتا؛ کچھ محفوظ نہیں ہوا۔ جگہ خالی کر کے دہرائیں۔";
    NotReady = "not-ready", CONFLICT,
        "What this needs is not there yet. Import stations first, then assess, then allocate.",
        "اس کے لیے درکار چیز ابھی موجود نہیں۔ پہلے اسٹیشن درآمد کریں، پھر جانچ، پھر تعیناتی۔";
    NoTypesetter = "no-typesetter", CONFLICT,
        "The typesetter pehra-print is not beside this program, so nothing can be printed here. Take it from the release's archive, or build it with `cargo xtask print`, and lay it beside pehra.",
        "اس پروگرام کے ساتھ صفحہ بندی کا پروگرام موجود نہیں، اس لیے یہاں کچھ چھاپا نہیں جا سکتا۔ اسے اجرا کے ذخیرے سے لیں یا بنائیں، اور پہرہ کے پروگرام کے ساتھ رکھیں۔";
    NoReadingKey = "no-reading-key", CONFLICT,
        "Nobody who may read this has named a key for this area, so it was not kept. Let the public desk make its reading key first.",
        "اس علاقے کے لیے کسی مجاز قاری کی کلید موجود نہیں، اس لیے کچھ محفوظ نہیں ہوا۔ پہلے عوامی ڈیسک اپنی کلید بنائے۔";
    NoDrill = "no-drill", CONFLICT,
        "No day is lived beside this room, or it has ended. Begin one with `pehra run drill`.",
        "اس کمرے کے ساتھ کوئی مشقی دن نہیں چل رہا، یا وہ ختم ہو چکا۔ کمانڈ لائن سے نیا دن شروع کریں۔";
    DrillImpossible = "drill-impossible", UNPROCESSABLE_ENTITY,
        "This cannot happen on this day; nothing was changed. The reason stands beside.",
        "یہ اس دن ہو نہیں سکتا؛ کچھ نہیں بدلا۔ وجہ ساتھ لکھی ہے۔";
    SealedToOthers = "sealed-to-others", FORBIDDEN,
        "Nothing in this schedule is sealed to this node. Until its hour its teams and the duty officer open it, each at their own node.",
        "اس فہرست میں کچھ بھی اس نوڈ کے لیے بند نہیں کیا گیا۔ اپنے وقت تک اسے صرف اس کی ٹیمیں اور ڈیوٹی افسر اپنے اپنے نوڈ پر کھولتے ہیں۔";
    StillSealed = "still-sealed", CONFLICT,
        "This schedule was not shown yet. From its hour on the duty officer shows it to everybody.",
        "یہ فہرست ابھی دکھائی نہیں گئی۔ اس کے وقت کے بعد ڈیوٹی افسر اسے سب کو دکھاتا ہے۔";
    WrongStep = "wrong-step", CONFLICT,
        "The import is not at this step. Follow the order: columns, check, sign.",
        "درآمد اس مرحلے پر نہیں ہے۔ ترتیب یہ ہے: کالم، جانچ، دستخط۔";
    JobRunning = "job-running", CONFLICT,
        "Work of this kind is already running. Wait for it or cancel it.",
        "اس قسم کا کام پہلے سے چل رہا ہے۔ اس کے ختم ہونے کا انتظار کریں یا اسے روکیں۔";
    SetupOver = "setup-over", CONFLICT,
        "This node has its first account already. Sign in.",
        "اس نوڈ کا پہلا کھاتہ بن چکا ہے۔ داخل ہوں۔";
    SetupTokenWrong = "setup-token-wrong", FORBIDDEN,
        "The one-time link is wrong or used up. Take the link that the program printed at its last start.",
        "ایک بار کا ربط غلط ہے یا استعمال ہو چکا۔ پروگرام نے آخری بار چلتے وقت جو ربط دکھایا وہ لیں۔";
    PasswordTooShort = "password-too-short", UNPROCESSABLE_ENTITY,
        "The password is too short. Use at least twelve characters, best several words.",
        "پاس ورڈ بہت چھوٹا ہے۔ کم از کم بارہ حروف لکھیں، بہتر ہے کئی لفظ۔";
    PasswordTooLong = "password-too-long", UNPROCESSABLE_ENTITY,
        "The password is too long. Use at most 256 bytes.",
        "پاس ورڈ بہت لمبا ہے۔ زیادہ سے زیادہ ۲۵۶ بائٹ لکھیں۔";
    PasswordTooPlain = "password-too-plain", UNPROCESSABLE_ENTITY,
        "The password repeats itself or contains the account's name. Choose other words.",
        "پاس ورڈ میں تکرار ہے یا کھاتے کا نام ہے۔ دوسرے لفظ چنیں۔";
    ValueRefused = "value-refused", UNPROCESSABLE_ENTITY,
        "A value is outside what is allowed. Correct the named field.",
        "ایک قدر اجازت کی حد سے باہر ہے۔ بتایا گیا خانہ درست کریں۔";
    FileUnreadable = "file-unreadable", UNPROCESSABLE_ENTITY,
        "The file cannot be read as the kind that was named. Check the kind, the format and the encoding.",
        "فائل بتائی گئی قسم کے طور پر پڑھی نہیں جا سکتی۔ قسم، شکل اور انکوڈنگ دیکھیں۔";
    PhotographRefused = "photograph-refused", UNPROCESSABLE_ENTITY,
        "The photograph cannot be taken in. Send a whole JPEG picture of at least 64 pixels a side.",
        "تصویر قبول نہیں ہو سکی۔ مکمل جے پیگ تصویر بھیجیں جس کا ہر رخ کم از کم ۶۴ پکسل ہو۔";
    ReadOnly = "read-only", SERVICE_UNAVAILABLE,
        "The node cannot write to its ledger now; nothing was changed. Look at the disk and the program's log.",
        "نوڈ اس وقت اپنی کتاب میں نہیں لکھ سکتا؛ کچھ نہیں بدلا۔ ڈسک اور پروگرام کا لاگ دیکھیں۔";
    Internal = "internal", INTERNAL_SERVER_ERROR,
        "A fault in the program stopped this. Nothing was changed. Keep the program's log and report it.",
        "پروگرام کی خرابی نے اسے روک دیا۔ کچھ نہیں بدلا۔ پروگرام کا لاگ سنبھال کر اطلاع دیں۔";
}

impl Problem {
    #[must_use]
    pub fn of(code: Code) -> Self {
        Self {
            status: code.status(),
            fault: Fault {
                code: code.code().to_owned(),
                text_en: code.english().to_owned(),
                text_ur: code.urdu().to_owned(),
                field: None,
                sign: None,
            },
            retry_after_s: None,
        }
    }

    /// About one field or thing.
    #[must_use]
    pub fn about(code: Code, field: impl Into<String>) -> Self {
        let mut problem = Self::of(code);
        problem.fault.field = Some(field.into());
        problem
    }

    #[must_use]
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::about(Code::NotFound, what)
    }

    /// A field holds what is not taken.
    #[must_use]
    pub fn refused(field: impl Into<String>) -> Self {
        Self::about(Code::ValueRefused, field)
    }

    /// A fault of the program: the cause goes to the log, not to the screen.
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::of(Code::Internal)
    }

    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(u32::try_from(seconds).unwrap_or(u32::MAX));
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.fault)).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<crate::auth::password::PasswordError> for Problem {
    fn from(error: crate::auth::password::PasswordError) -> Self {
        use crate::auth::password::PasswordError;
        let code = match error {
            PasswordError::TooShort => Code::PasswordTooShort,
            PasswordError::TooLong => Code::PasswordTooLong,
            PasswordError::TooPlain => Code::PasswordTooPlain,
            PasswordError::Hash => Code::Internal,
        };
        Self::about(code, "password")
    }
}

impl From<crate::job::StartError> for Problem {
    fn from(error: crate::job::StartError) -> Self {
        use crate::job::StartError;
        match error {
            StartError::Busy(label) => Self::about(Code::JobRunning, label),
            StartError::NoThread => Self::of(Code::TooBusy),
        }
    }
}

impl From<pehra_domain::id::IdError> for Problem {
    fn from(error: pehra_domain::id::IdError) -> Self {
        Self::about(Code::Malformed, error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_problem_speaks_english_and_urdu_and_says_what_to_do() {
        for code in Code::ALL {
            let (english, urdu) = (code.english(), code.urdu());
            assert!(
                english.is_ascii() && english.ends_with('.') && english.len() > 30,
                "{english}"
            );
            assert!(urdu.ends_with('۔') && urdu.split_whitespace().count() >= 6, "{urdu}");
            assert!(!urdu.contains(|c: char| c.is_ascii_alphabetic()), "{urdu}");
            assert!(code.status().is_client_error() || code.status().is_server_error());
        }
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
