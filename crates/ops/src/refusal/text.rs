//! The one table of sentences.

mod awareness;
mod desks;

use super::RefusalCode;
use desks::{equipment, intelligence, reports, training, units};

impl RefusalCode {
    /// What is wrong and what to do, in English.
    #[must_use]
    pub fn english(self) -> &'static str {
        sentences(self).0
    }

    /// The same in Urdu.
    #[must_use]
    pub fn urdu(self) -> &'static str {
        sentences(self).1
    }
}

fn sentences(code: RefusalCode) -> (&'static str, &'static str) {
    rights(code)
        .or_else(|| content(code))
        .or_else(|| election_and_accounts(code))
        .or_else(|| data_and_classes(code))
        .or_else(|| plans(code))
        .or_else(|| day(code))
        .or_else(|| major(code))
        .or_else(|| register(code))
        .or_else(|| orders(code))
        .or_else(|| findings(code))
        .or_else(|| awareness::sentences(code))
        .or_else(|| custody(code))
        .or_else(|| intelligence(code))
        .or_else(|| equipment(code))
        .or_else(|| reports(code))
        .or_else(|| units(code))
        .or_else(|| training(code))
        .unwrap_or_default()
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn rights(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::RoleLacksPermission => (
            "Your role does not allow this act. Ask somebody whose role does.",
            "آپ کے عہدے کو اس کام کی اجازت نہیں۔ کسی مجاز اہلکار سے رجوع کریں۔",
        ),
        R::RoleNotHeld => (
            "This person does not hold the role they act in. Check the account's roles.",
            "یہ شخص جس عہدے سے کام کر رہا ہے وہ اس کے پاس نہیں۔ اکاؤنٹ کے عہدے دیکھیں۔",
        ),
        R::RoleExpired => (
            "The role was held but its time has run out. Ask for a new grant.",
            "اس عہدے کی مدت ختم ہو چکی ہے۔ نئی تقرری کی درخواست کریں۔",
        ),
        R::OutsideArea => (
            "This lies outside the area for which you hold the role. Ask the office in charge of that area.",
            "یہ معاملہ آپ کے علاقے سے باہر ہے۔ متعلقہ علاقے کے دفتر سے رجوع کریں۔",
        ),
        R::AreaMismatch => (
            "The entry names another area than the thing it acts on. Repeat the act from the right area.",
            "اندراج کا علاقہ اس چیز کے علاقے سے مختلف ہے۔ درست علاقے سے دوبارہ عمل کریں۔",
        ),
        R::PermissionUnknown => (
            "The permission table has no row for this act, so nobody may do it. Complete the table.",
            "اجازت ناموں کی فہرست میں اس کام کا اندراج نہیں، اس لیے کوئی اسے نہیں کر سکتا۔ فہرست مکمل کریں۔",
        ),
        R::SamePersonTwice => (
            "This act needs two different persons. Ask a colleague to complete it.",
            "اس کام کے لیے دو مختلف افراد ضروری ہیں۔ اسے کسی ساتھی سے مکمل کروائیں۔",
        ),
        R::DutiesSeparated => (
            "One person may not carry out both of these duties. Another person must do this one.",
            "ایک ہی شخص یہ دونوں ذمہ داریاں ادا نہیں کر سکتا۔ یہ کام کوئی دوسرا شخص کرے۔",
        ),
        R::SecondPersonDiffers => (
            "The act names another person than the one who took the first step. Reload and repeat.",
            "پہلا قدم اٹھانے والے کا نام اندراج سے نہیں ملتا۔ صفحہ تازہ کر کے دوبارہ کوشش کریں۔",
        ),
        R::SecondPersonNeeded => (
            "This act needs a second person who is named in it. Name the colleague who confirms it.",
            "اس کام میں دوسرے شخص کا نام ضروری ہے۔ تصدیق کرنے والے ساتھی کا نام درج کریں۔",
        ),
        R::OwnKeyNeeded => (
            "Persons sign with keys of their own in this election. Unlock yours and repeat the act.",
            "اس انتخاب میں ہر شخص اپنی ذاتی کلید سے دستخط کرتا ہے۔ اپنی کلید کھول کر یہ کام دہرائیں۔",
        ),
        R::DeviceNotCovered => (
            "This device is not enrolled for this area and role, so no other office would accept the act. Enrol it first.",
            "یہ آلہ اس علاقے اور عہدے کے لیے درج نہیں، اس لیے کوئی دفتر یہ عمل قبول نہیں کرے گا۔ پہلے اسے درج کرائیں۔",
        ),
        R::FirstKeyMissing => (
            "The first person's own key did not sign. Let them propose it again with their key.",
            "پہلے شخص کی ذاتی کلید کے دستخط موجود نہیں۔ ان سے کہیں کہ اپنی کلید سے دوبارہ پیش کریں۔",
        ),
        R::SecondKeyMissing => (
            "The second person's key did not sign what the first one signed. Approve it again.",
            "دوسرے شخص کی کلید نے پہلے شخص کے اندراج پر دستخط نہیں کیے۔ دوبارہ منظوری دیں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn content(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::TextEmpty => (
            "A required text is empty. Write it and try again.",
            "ایک ضروری تحریر خالی ہے۔ اسے لکھ کر دوبارہ کوشش کریں۔",
        ),
        R::TextTooLong => (
            "A text is longer than allowed. Shorten it.",
            "تحریر مقررہ حد سے لمبی ہے۔ اسے مختصر کریں۔",
        ),
        R::IdentityNumber => (
            "The text contains a national identity number, which is never stored here. Remove it.",
            "تحریر میں شناختی کارڈ نمبر ہے، جو یہاں کبھی محفوظ نہیں کیا جاتا۔ اسے نکال دیں۔",
        ),
        R::NameMalformed => (
            "A name or an area is not well formed. Correct it and try again.",
            "کوئی نام یا علاقہ درست شکل میں نہیں۔ اسے درست کر کے دوبارہ کوشش کریں۔",
        ),
        R::NotKnown => (
            "This node has not received the thing referred to. Synchronise first.",
            "جس چیز کا حوالہ دیا گیا ہے وہ اس مرکز تک نہیں پہنچی۔ پہلے ریکارڈ ہم آہنگ کریں۔",
        ),
        R::Disputed => (
            "Two offices decided this differently while apart. Settle the conflict first.",
            "رابطہ نہ ہونے کے دوران دو دفاتر نے مختلف فیصلے کیے۔ پہلے یہ تضاد دور کریں۔",
        ),
        R::BasedOnOlder => (
            "The data changed after you looked at it. Look at the difference and confirm again.",
            "آپ کے دیکھنے کے بعد معلومات بدل گئی ہیں۔ فرق دیکھ کر دوبارہ تصدیق کریں۔",
        ),
        R::CountZero => (
            "The number must be at least one. Enter how many.",
            "تعداد کم از کم ایک ہونی چاہیے۔ درست تعداد درج کریں۔",
        ),
        R::DateNotLater => (
            "The new date must be later than the old one. Correct the date.",
            "نئی تاریخ پرانی تاریخ کے بعد کی ہونی چاہیے۔ تاریخ درست کریں۔",
        ),
        R::InstrumentMissing => (
            "The authority and the number of its order are required. Enter both from the order.",
            "حکم دینے والے ادارے کا نام اور حکم نامے کا نمبر ضروری ہیں۔ دونوں حکم نامے سے درج کریں۔",
        ),
        R::SurveyEmpty => (
            "The survey has no answer and no photograph. Answer at least one question.",
            "جائزے میں نہ کوئی جواب ہے نہ تصویر۔ کم از کم ایک سوال کا جواب دیں۔",
        ),
        R::QuestionTwice => (
            "One question is answered twice in the same form. Keep one answer.",
            "ایک ہی فارم میں ایک سوال کا جواب دو بار دیا گیا ہے۔ صرف ایک جواب رکھیں۔",
        ),
        R::ScoreOutOfRange => (
            "A score must lie between 0.00 and 4.00. Correct it.",
            "نمبر صفر اور چار کے درمیان ہونا چاہیے۔ اسے درست کریں۔",
        ),
        R::PhotographOfDistrict => (
            "Photographs belong to a building, not to a district checklist. Attach them to the building's form.",
            "تصاویر عمارت کے فارم کے ساتھ ہوتی ہیں، ضلعی فہرست کے ساتھ نہیں۔ انہیں عمارت کے فارم میں لگائیں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn election_and_accounts(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::AlreadyBootstrapped => (
            "The first accounts of this node exist already. Further accounts are opened by their holders.",
            "اس مرکز کے ابتدائی اکاؤنٹ پہلے سے موجود ہیں۔ مزید اکاؤنٹ انہی کے ذریعے کھولے جاتے ہیں۔",
        ),
        R::ElectionNotOpen => (
            "No election is open on this node. Open one first.",
            "اس مرکز پر کوئی انتخاب شروع نہیں کیا گیا۔ پہلے انتخاب کا اندراج کریں۔",
        ),
        R::ElectionAlreadyOpen => (
            "An election is already open on this node. Use another data folder for another election.",
            "اس مرکز پر ایک انتخاب پہلے سے درج ہے۔ دوسرے انتخاب کے لیے الگ فولڈر استعمال کریں۔",
        ),
        R::NothingToSettle => (
            "There is no conflict to settle, or the value chosen is not one of its sides.",
            "یا تو کوئی تضاد موجود نہیں، یا منتخب کردہ بات اس کے فریقوں میں شامل نہیں۔",
        ),
        R::NatureMixed => (
            "Real, exercise and synthetic data must never mix. Use the data folder of the right election.",
            "اصل، مشقی اور فرضی معلومات کبھی آپس میں نہیں ملائی جاتیں۔ درست انتخاب کا فولڈر استعمال کریں۔",
        ),
        R::AccountExists => (
            "An account with this name exists already. Choose another name.",
            "اس نام کا اکاؤنٹ پہلے سے موجود ہے۔ کوئی اور نام منتخب کریں۔",
        ),
        R::AccountNotOpen => (
            "There is no open account with this name. Open the account first.",
            "اس نام کا کوئی کھلا اکاؤنٹ موجود نہیں۔ پہلے اکاؤنٹ کھولیں۔",
        ),
        R::RoleUnknown => (
            "The permission table does not know this role. Use one of its role codes.",
            "اجازت ناموں کی فہرست میں یہ عہدہ شامل نہیں۔ فہرست میں درج کوئی عہدہ استعمال کریں۔",
        ),
        R::GrantNotPending => (
            "This grant of a role does not wait for approval. Reload the list of grants.",
            "یہ تقرری منظوری کی منتظر نہیں۔ تقرریوں کی فہرست تازہ کریں۔",
        ),
        R::GrantNotInForce => (
            "This grant of a role is not in force, so it cannot be revoked.",
            "یہ تقرری نافذ نہیں، اس لیے واپس نہیں لی جا سکتی۔",
        ),
        R::ExpiryInPast => (
            "The end of validity lies in the past. Choose a later moment.",
            "اختتامِ مدت گزر چکا ہے۔ بعد کا کوئی وقت منتخب کریں۔",
        ),
        R::ExpiryTooLate => (
            "A role ends fifteen days after the poll at the latest. Choose an earlier end.",
            "عہدے کی مدت پولنگ کے پندرہ دن بعد تک ہی ہو سکتی ہے۔ اس سے پہلے کی تاریخ منتخب کریں۔",
        ),
        R::PollUnknown => (
            "No such poll is on record. Schedule it first.",
            "ایسی کوئی پولنگ ریکارڈ پر نہیں۔ پہلے اس کا اندراج کریں۔",
        ),
        R::PollExists => (
            "This poll is on record already. Record what happened to it instead.",
            "یہ پولنگ پہلے سے ریکارڈ پر ہے۔ اس کے ساتھ جو ہوا اس کا اندراج کریں۔",
        ),
        R::PollStateForbids => (
            "In the poll's present state this cannot be recorded. Check what was recorded before.",
            "پولنگ کی موجودہ حالت میں یہ اندراج ممکن نہیں۔ پہلے کے اندراجات دیکھیں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn data_and_classes(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::DatasetUnknown => (
            "No such data is on record here. Import it first.",
            "ایسی معلومات یہاں ریکارڈ پر نہیں۔ پہلے انہیں درآمد کریں۔",
        ),
        R::ParameterUnset => (
            "This parameter has no value of its own to be cleared.",
            "اس پیمانے کی کوئی اپنی قدر مقرر نہیں جسے ہٹایا جا سکے۔",
        ),
        R::ClassNotProposed => (
            "No proposal of a class waits here for an answer. Reload the list of proposals.",
            "درجہ بندی کی کوئی تجویز یہاں جواب کی منتظر نہیں۔ تجاویز کی فہرست تازہ کریں۔",
        ),
        R::ClassChangeLate => (
            "Within ten days before the poll a class changes only by the commission with a second person named.",
            "پولنگ سے پہلے کے دس دنوں میں درجہ صرف کمیشن، دوسرے شخص کے نام کے ساتھ، بدل سکتا ہے۔",
        ),
        R::OverrideNotInForce => (
            "This override is not in force, so there is nothing to withdraw.",
            "یہ خصوصی فیصلہ نافذ نہیں، اس لیے واپس لینے کو کچھ نہیں۔",
        ),
        R::OverrideTooWeak => (
            "An override only raises a class: to at least what its rule demands, never to normal.",
            "خصوصی فیصلہ درجہ صرف بڑھا سکتا ہے، اصول کی کم از کم حد تک؛ عام درجے تک نہیں گھٹا سکتا۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn plans(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::PlanUnknown => (
            "No such plan is on record here. Propose it first.",
            "ایسا کوئی منصوبہ یہاں ریکارڈ پر نہیں۔ پہلے اسے تجویز کریں۔",
        ),
        R::PlanNotProposed => (
            "The plan does not wait for approval. Look at its present state.",
            "یہ منصوبہ منظوری کا منتظر نہیں۔ اس کی موجودہ حالت دیکھیں۔",
        ),
        R::PlanNotApproved => (
            "A plan is adopted only after another person has approved it.",
            "منصوبہ تبھی نافذ ہوتا ہے جب کوئی دوسرا شخص اس کی منظوری دے چکا ہو۔",
        ),
        R::PlanClosed => (
            "The plan was rejected or withdrawn and stays so. Propose a new one.",
            "یہ منصوبہ مسترد یا واپس ہو چکا ہے اور ایسا ہی رہے گا۔ نیا منصوبہ تجویز کریں۔",
        ),
        R::LockUnknown => (
            "No such lock is set, so there is nothing to release.",
            "ایسی کوئی پابندی نہیں لگائی گئی، اس لیے ہٹانے کو کچھ نہیں۔",
        ),
        R::BeyondStrength => (
            "The unit does not have so many people of this kind left. Lower the number or release another lock.",
            "یونٹ کے پاس اس قسم کی اتنی نفری باقی نہیں۔ تعداد کم کریں یا کوئی دوسری پابندی ہٹائیں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn findings(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::FindingUnknown => (
            "This finding, action or aim is not on record here. Look at the list, or wait until its entry has arrived.",
            "یہ خامی، اقدام یا مقصد یہاں ریکارڈ پر نہیں۔ فہرست دیکھیں، یا اس کا اندراج پہنچنے تک انتظار کریں۔",
        ),
        R::FindingStateForbids => (
            "The finding does not stand where this step begins: it is closed, dropped, disputed, or nobody has said that it is done. Look at it again.",
            "خامی اس مرحلے پر نہیں جہاں سے یہ قدم شروع ہوتا ہے: وہ بند، ختم یا متنازع ہے، یا کسی نے اسے مکمل نہیں بتایا۔ اسے دوبارہ دیکھیں۔",
        ),
        R::FindingNotYours => (
            "Only whoever holds the owner's role where the finding is says that it is done. Ask its owner, or have somebody else charged.",
            "صرف وہی اسے مکمل بتا سکتا ہے جس کے پاس اس علاقے میں ذمہ دار کا عہدہ ہو۔ ذمہ دار سے کہیں، یا ذمہ داری کسی اور کو دلوائیں۔",
        ),
        R::FindingDueFar => (
            "The day is more than a week ago or more than six years ahead. Give the day by which it has to be done.",
            "یہ تاریخ ایک ہفتے سے زیادہ پرانی یا چھ سال سے زیادہ آگے ہے۔ وہ دن دیں جس تک کام ہونا چاہیے۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn orders(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::OrderToNobody => (
            "An order goes to between one and sixteen roles, each named once. Choose its addressees.",
            "حکم ایک سے سولہ عہدوں کے نام ہوتا ہے، ہر عہدہ ایک بار۔ وصول کنندگان منتخب کریں۔",
        ),
        R::PatrolMalformed => (
            "The patrol schedule does not hold together: name each team once, seal something to each, and set its hour on its day or the eve.",
            "گشت کا شیڈول درست نہیں: ہر ٹیم ایک بار لکھیں، ہر ایک کے لیے کچھ سربمہر کریں، اور وقت اسی دن یا اس سے پہلے کی شام رکھیں۔",
        ),
        R::PatrolStands => (
            "A sealed patrol schedule stands for this area and day. Withdraw it with a reason before sealing another.",
            "اس علاقے اور دن کے لیے گشت کا سربمہر شیڈول موجود ہے۔ دوسرا سربمہر کرنے سے پہلے اسے وجہ کے ساتھ واپس لیں۔",
        ),
        R::PatrolTooEarly => (
            "The hour of this patrol schedule has not come. Until then only its teams and the duty officer open it.",
            "گشت کے اس شیڈول کا وقت ابھی نہیں آیا۔ تب تک صرف اس کی ٹیمیں اور ڈیوٹی افسر اسے کھول سکتے ہیں۔",
        ),
        R::PatrolWithdrawn => (
            "This patrol schedule was withdrawn and stays sealed. Seal another for the day.",
            "گشت کا یہ شیڈول واپس لیا جا چکا ہے اور سربمہر رہے گا۔ اس دن کے لیے دوسرا سربمہر کریں۔",
        ),
        R::BasingMalformed => (
            "The plan of reserves does not hold together: name each base once with at least one team, keep times within a day, and sign the bound and hash that were computed.",
            "ریزرو کا منصوبہ درست نہیں: ہر اڈہ ایک بار اور کم از کم ایک ٹیم کے ساتھ لکھیں، اوقات ایک دن کے اندر رکھیں، اور وہی حد اور ہیش دستخط کریں جو نکالے گئے تھے۔",
        ),
        R::AlertMalformed => (
            "The alert does not hold together: plain words in both languages, a headline of about 160 letters at most, outlines of at least three corners, and exactly those addressees that its scope asks for.",
            "انتباہ درست نہیں: دونوں زبانوں میں سادہ الفاظ، سرخی تقریباً ایک سو ساٹھ حروف تک، خاکہ کم از کم تین کونوں کا، اور صرف وہی مخاطب لکھیں جو اس کے دائرے کو چاہیے۔",
        ),
        R::AlertStateForbids => (
            "The alert is not in a state in which this can be done: only a draft is released or thrown away, and only what holds is updated or cancelled.",
            "انتباہ ایسی حالت میں نہیں کہ یہ کام ہو سکے: صرف مسودہ جاری یا رد ہوتا ہے، اور صرف نافذ انتباہ بدلا یا منسوخ کیا جاتا ہے۔",
        ),
        R::AlertExpires => (
            "An alert ends after its release and within three days. Set another end, or write an update for what lasts longer.",
            "انتباہ جاری ہونے کے بعد اور تین دن کے اندر ختم ہوتا ہے۔ دوسرا وقت مقرر کریں، یا زیادہ دیر کے لیے نیا پیغام لکھیں۔",
        ),
        R::AlertNotPublic => (
            "This cannot be told to everybody: a complaint never is, a warning under conditions goes to some, and nobody releases another scope than was written.",
            "یہ سب کو نہیں بتایا جا سکتا: شکایت کبھی نہیں، مشروط انتباہ صرف چند کو، اور جو دائرہ لکھا گیا تھا اس کے سوا کوئی دوسرا جاری نہیں ہوتا۔",
        ),
        R::DrillMalformed => (
            "The drill's measures contradict each other: name each path and each failure once, answers at most what was asked.",
            "مشق کی پیمائش میں تضاد ہے: ہر راستہ اور ہر خرابی ایک بار لکھیں، جوابات پوچھے گئے سے زیادہ نہ ہوں۔",
        ),
        R::OrderNotAddressed => (
            "This order does not go to your role in your area. Only its addressees answer it.",
            "یہ حکم آپ کے علاقے میں آپ کے عہدے کے نام نہیں۔ جواب صرف وصول کنندگان دیتے ہیں۔",
        ),
        R::OrderWithdrawn => (
            "This order was withdrawn, so nobody has to answer it any more.",
            "یہ حکم واپس لیا جا چکا ہے، اب اس کا جواب دینا ضروری نہیں۔",
        ),
        R::DeletionEarly => (
            "No retention rule runs out before the thirty-first day after the poll. Until then a court's order and a second person are needed.",
            "پولنگ کے بعد تیس دن پورے ہونے سے پہلے کوئی مدتِ حفاظت ختم نہیں ہوتی۔ تب تک عدالتی حکم اور دوسرے شخص کی منظوری درکار ہے۔",
        ),
        R::StandingNotInForce => (
            "No standing order of two persons is in force for this. Propose one and let another person approve it, or order the deletion yourself.",
            "اس کے لیے دو افراد کا کوئی مستقل حکم نافذ نہیں۔ نیا حکم تجویز کر کے دوسرے شخص سے منظور کروائیں، یا حذف کا حکم خود دیں۔",
        ),
        R::DeletionMalformed => (
            "A deletion names between 1 and 256 places, each once. Make several of a longer list.",
            "ایک حذف میں ایک سے دو سو چھپن اندراج ہر ایک ایک بار لکھے جاتے ہیں۔ لمبی فہرست کو کئی حصوں میں بانٹیں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn day(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::CheckInsEmpty => (
            "The message holds no check-in. Enter at least one.",
            "اس پیغام میں کوئی حاضری نہیں۔ کم از کم ایک درج کریں۔",
        ),
        R::CheckInsTooMany => (
            "One entry holds at most 1,024 check-ins. Send the rest in another one.",
            "ایک اندراج میں زیادہ سے زیادہ ۱۰۲۴ حاضریاں آ سکتی ہیں۔ باقی دوسرے اندراج میں بھیجیں۔",
        ),
        R::CheckInTwice => (
            "One check-in stands twice in the same entry. Keep the one that is right.",
            "ایک ہی حاضری اس اندراج میں دو بار لکھی ہے۔ درست والی رہنے دیں۔",
        ),
        R::CheckInUnknown => (
            "No such check-in is on record here, or it was taken back already.",
            "ایسی کوئی حاضری یہاں ریکارڈ پر نہیں، یا وہ پہلے ہی واپس لی جا چکی ہے۔",
        ),
        R::SenderDiffers => (
            "This check-in is another officer's to send. A desk that heard it enters it as heard.",
            "یہ حاضری کسی دوسرے اہلکار کی ذمہ داری ہے۔ جس دفتر نے سنی ہو وہ اسے سنی ہوئی کے طور پر درج کرے۔",
        ),
        R::TimeAhead => (
            "The time given lies in the future. Set the clock, or correct the time.",
            "دیا گیا وقت ابھی نہیں آیا۔ گھڑی ٹھیک کریں یا وقت درست کریں۔",
        ),
        R::IncidentUnknown => (
            "No such incident is on record here. Report it first, or wait until it arrives.",
            "ایسا کوئی واقعہ یہاں ریکارڈ پر نہیں۔ پہلے اطلاع درج کریں یا اس کے پہنچنے کا انتظار کریں۔",
        ),
        R::IncidentExists => (
            "An incident of this name is on record already. Act on it instead of reporting it again.",
            "اس نام کا واقعہ پہلے سے ریکارڈ پر ہے۔ دوبارہ اطلاع دینے کے بجائے اسی پر کارروائی کریں۔",
        ),
        R::IncidentStateForbids => (
            "The incident is not in a state in which this can be done. Look at its last steps.",
            "واقعہ ایسی حالت میں نہیں کہ یہ کام ہو سکے۔ اس کے آخری اقدامات دیکھیں۔",
        ),
        R::MatterDiffers => (
            "A complaint about security staff and any other incident are kept apart. Report it under its own code.",
            "سکیورٹی عملے کے خلاف شکایت اور دوسرے واقعات الگ رکھے جاتے ہیں۔ اسے اس کے اپنے کوڈ سے درج کریں۔",
        ),
        R::LevelAnswered => (
            "This level has answered, or nobody stands above it: it cannot be passed over.",
            "یہ سطح جواب دے چکی ہے یا اس کے اوپر کوئی نہیں، اس لیے اسے چھوڑ کر آگے نہیں جایا جا سکتا۔",
        ),
        R::LevelDiffers => (
            "Your role does not answer for this level. Answer for your own.",
            "آپ کا عہدہ اس سطح کی طرف سے جواب نہیں دیتا۔ اپنی سطح کی طرف سے جواب دیں۔",
        ),
        R::MergeImpossible => (
            "These two cannot become one: they are one already, or they lie in different areas.",
            "یہ دونوں ایک نہیں کیے جا سکتے، کیونکہ وہ پہلے ہی ایک ہیں یا مختلف علاقوں میں ہیں۔",
        ),
        R::SourcesTooFew => (
            "Verified needs two independent sources, or one official on the scene. Say which of the two it is.",
            "تصدیق کے لیے دو آزاد ذرائع یا موقع پر موجود ایک اہلکار ضروری ہے۔ بتائیں کہ دونوں میں سے کون سا ہے۔",
        ),
        R::UnitsMissing => (
            "Name at least one unit to send, and at most sixteen.",
            "بھیجنے کے لیے کم از کم ایک اور زیادہ سے زیادہ سولہ دستوں کے نام دیں۔",
        ),
        R::TollBackward => (
            "The lower number of a toll may not be above the higher one.",
            "جانی نقصان کی کم سے کم تعداد زیادہ سے زیادہ تعداد سے بڑی نہیں ہو سکتی۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn major(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::MethaneTwice => (
            "Name each hazard, unit and service once, and each service with a number from 1 to 999.",
            "ہر خطرہ، دستہ اور ادارہ ایک ہی بار لکھیں، اور ہر ادارے کے ساتھ 1 سے 999 تک کی تعداد دیں۔",
        ),
        R::DeclarationForbids => (
            "What was declared is ended by standing it down, and only what was declared can be stood down.",
            "جس کا اعلان ہو چکا ہو وہ صرف اعلان ختم کرنے سے ختم ہوتا ہے، اور ختم وہی ہو سکتا ہے جس کا اعلان ہوا ہو۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn register(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::SuspensionUnknown => (
            "No such suspension is in the register here. Open its record first.",
            "ایسی کوئی بندش یہاں رجسٹر میں نہیں۔ پہلے اس کا ریکارڈ کھولیں۔",
        ),
        R::StatementUnknown => (
            "No such statement stands in this record, or it was taken back already.",
            "اس ریکارڈ میں ایسا کوئی بیان قائم نہیں، یا وہ پہلے ہی واپس لیا جا چکا ہے۔",
        ),
        R::ServicesMissing => (
            "Name at least one service that is suspended: voice, SMS, data, broadband or a platform.",
            "کم از کم ایک بند سروس کا نام دیں: کال، ایس ایم ایس، ڈیٹا، براڈبینڈ یا پلیٹ فارم۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
fn custody(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::ItemUnknown => (
            "No item of this name is on record in this area. Check the label, or register it first.",
            "اس نام کی کوئی چیز اس علاقے کے ریکارڈ میں نہیں۔ لیبل دیکھیں یا پہلے اندراج کریں۔",
        ),
        R::ItemExists => (
            "An item of this name is on record already. Two things never share a label.",
            "اس نام کی چیز پہلے سے ریکارڈ پر ہے۔ دو چیزوں کا ایک لیبل نہیں ہوتا۔",
        ),
        R::ItemStateForbids => (
            "Where the item stands now does not allow this act. Look at its history.",
            "یہ چیز اس وقت جس حالت میں ہے اس میں یہ کام ممکن نہیں۔ اس کی تاریخ دیکھیں۔",
        ),
        R::ItemsMissing => (
            "The act names no item. Name at least one.",
            "اس کام میں کسی چیز کا نام نہیں۔ کم از کم ایک چیز لکھیں۔",
        ),
        R::ItemsTooMany => (
            "The act names too many items or numbers at once. Give it in parts.",
            "ایک ساتھ بہت زیادہ چیزیں یا نمبر دیے گئے۔ حصوں میں دیں۔",
        ),
        R::ItemTwice => (
            "The same item or number stands twice in one act. Name it once.",
            "ایک ہی چیز یا نمبر دو بار لکھا گیا ہے۔ ایک بار لکھیں۔",
        ),
        R::ItemsTooApart => (
            "These items came here by too many different acts. Hand them over in smaller groups.",
            "یہ چیزیں بہت سے الگ الگ مراحل سے آئی ہیں۔ چھوٹے گروہوں میں حوالے کریں۔",
        ),
        R::SerialsBackward => (
            "The first number is higher than the last. Correct the range of numbers.",
            "پہلا نمبر آخری نمبر سے بڑا ہے۔ نمبروں کی حد درست کریں۔",
        ),
        R::OfferClosed => (
            "This hand-over is not open any more: it was received, declined or recalled.",
            "یہ حوالگی اب کھلی نہیں: وصول، رد یا واپس ہو چکی ہے۔",
        ),
        R::OfferNotYours => (
            "Only whoever offered the items takes the offer back.",
            "پیشکش صرف وہی واپس لے سکتا ہے جس نے چیزیں پیش کی تھیں۔",
        ),
        R::StepNotYours => (
            "This step is not your role's, or the hand-over has another step. Guards only witness.",
            "یہ مرحلہ آپ کے عہدے کا نہیں یا حوالگی کا مرحلہ اور ہے۔ محافظ صرف گواہ ہیں۔",
        ),
        R::WitnessDiffers => (
            "You witness in your own capacity alone: guards as guards, observers as observers.",
            "گواہی صرف اپنی حیثیت میں دی جاتی ہے: محافظ بطور محافظ، مبصر بطور مبصر۔",
        ),
        R::FormCodeWrong => (
            "The code on the form is not the one of this station, contest and image. Read it again.",
            "فارم کا کوڈ اس پولنگ سٹیشن، حلقے اور تصویر کا نہیں۔ دوبارہ پڑھیں۔",
        ),
        R::ExceptionUnknown => (
            "No such exception stands at this moment. Refresh the list.",
            "اس وقت ایسا کوئی استثنا موجود نہیں۔ فہرست تازہ کریں۔",
        ),
        _ => return None,
    })
}
