//! The sentences of the desks: intelligence, equipment, citizens' reports, draws, units and training.

use crate::refusal::RefusalCode;

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
pub(super) fn intelligence(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::OwnerNotAddressed => (
            "The owner of the measure is not among those to whom the order goes. Add the role or name another owner.",
            "اقدام کا ذمہ دار عہدہ حکم کے مخاطبین میں شامل نہیں۔ اسے شامل کریں یا کوئی اور ذمہ دار مقرر کریں۔",
        ),
        R::MeasureTooLate => (
            "The measure would be confirmed after the warning's window opens. Set an earlier deadline.",
            "اقدام کی تصدیق خطرے کا وقت شروع ہونے کے بعد ہوگی۔ اس سے پہلے کی مہلت مقرر کریں۔",
        ),
        R::RootMalformed => (
            "A root is named by capital letters, digits and hyphens, with one digit at least, and never by a person's name.",
            "ماخذ کا نشان بڑے حروف، ہندسوں اور خط پر مشتمل ہو، کم از کم ایک ہندسہ ہو، اور کسی شخص کا نام نہ ہو۔",
        ),
        R::WindowBackward => (
            "The window ends before it begins. Correct its two times.",
            "خطرے کا وقت شروع ہونے سے پہلے ختم ہو رہا ہے۔ دونوں اوقات درست کریں۔",
        ),
        R::TextNotSealed => (
            "The report's text is not sealed, or too long to be sealed. Shorten it and write it again at the desk.",
            "اطلاع کا متن مہر بند نہیں یا بہت طویل ہے۔ اسے مختصر کر کے ڈیسک پر دوبارہ لکھیں۔",
        ),
        R::TextSealedElsewhere => (
            "No intelligence desk that this node knows can read this text. Ask for the desk of the area to be enrolled.",
            "اس مرکز کو معلوم کوئی انٹیلی جنس ڈیسک یہ متن نہیں پڑھ سکتا۔ علاقے کے ڈیسک کا اندراج کروائیں۔",
        ),
        R::PlaceTooWide => (
            "The place has too many points or is too wide. Name the area instead, or draw it with fewer corners.",
            "جگہ کے نقاط بہت زیادہ ہیں یا رقبہ بہت وسیع ہے۔ علاقے کا نام دیں یا کم کونوں سے خاکہ بنائیں۔",
        ),
        R::ReportNotGraded => (
            "The report has no grade yet. Another person than its writer grades it first.",
            "اس اطلاع کی درجہ بندی ابھی نہیں ہوئی۔ پہلے لکھنے والے کے علاوہ کوئی دوسرا شخص درجہ دے۔",
        ),
        R::ReportNotSanitised => (
            "No agreed text has been prepared that may go out. Sanitise the report first.",
            "باہر بھیجنے کے لیے کوئی متفقہ متن تیار نہیں۔ پہلے اطلاع کا محفوظ متن تیار کریں۔",
        ),
        R::ReportWithdrawn => (
            "The report was withdrawn and nothing more can be done with it. Write a new one.",
            "یہ اطلاع واپس لی جا چکی ہے، اس پر مزید کارروائی نہیں ہو سکتی۔ نئی اطلاع لکھیں۔",
        ),
        R::ReportExpired => (
            "The report has expired. Ask its service whether it still holds and write a new one.",
            "اس اطلاع کی مدت ختم ہو چکی ہے۔ متعلقہ ادارے سے تصدیق کر کے نئی اطلاع لکھیں۔",
        ),
        R::ReportsMissing => (
            "An assessment names between one and sixty-four reports, each once. Correct the list.",
            "جائزے میں ایک سے چونسٹھ تک اطلاعات ہوں، ہر ایک صرف ایک بار۔ فہرست درست کریں۔",
        ),
        R::CompartmentClosed => (
            "You are not admitted to this compartment. Ask the intelligence manager, who records why.",
            "آپ کو اس محدود خانے تک رسائی نہیں۔ انٹیلی جنس منتظم سے رجوع کریں، جو وجہ درج کرے گا۔",
        ),
        R::CompartmentOpen => (
            "This compartment is open to the whole desk, so nobody is admitted to it one by one.",
            "یہ خانہ پورے ڈیسک کے لیے کھلا ہے، اس میں کسی کو الگ سے شامل نہیں کیا جاتا۔",
        ),
        R::WatchUnknown => (
            "No area is watched under this name. Look at the list of watched areas.",
            "اس نام سے کسی علاقے کی نگرانی نہیں ہو رہی۔ زیرِ نگرانی علاقوں کی فہرست دیکھیں۔",
        ),
        R::TaskClosed => (
            "This question has been closed already. Ask a new one if more must be known.",
            "یہ سوال پہلے ہی بند ہو چکا ہے۔ مزید معلومات درکار ہوں تو نیا سوال کریں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
pub(super) fn equipment(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::EquipmentUnknown => (
            "No equipment of this name is on the list of this area. Enter it in the inventory first.",
            "اس علاقے کی فہرست میں اس نام کا کوئی سامان نہیں۔ پہلے اسے فہرست میں درج کریں۔",
        ),
        R::EquipmentStateForbids => (
            "The equipment is not in a state that allows this: it was withdrawn, or nothing is broken. Look at its history.",
            "سامان کی موجودہ حالت میں یہ ممکن نہیں: یا وہ واپس لیا جا چکا ہے یا خراب نہیں۔ اس کا ریکارڈ دیکھیں۔",
        ),
        R::EquipmentItems => (
            "One entry holds between one and 1,024 pieces, each once. Divide the list or remove the repetitions.",
            "ایک اندراج میں ایک سے ایک ہزار چوبیس تک چیزیں، ہر ایک صرف ایک بار آتی ہے۔ فہرست تقسیم کریں یا تکرار نکالیں۔",
        ),
        R::CountsContradict => (
            "More attempts ended than were made. Read the counts from the device again.",
            "نتیجہ پانے والی کوششیں کل کوششوں سے زیادہ ہیں۔ آلے سے گنتی دوبارہ پڑھیں۔",
        ),
        R::MaskMalformed => (
            "A mask has at least one polygon of three corners inside the picture, and at most 64 corners in all. Draw it again.",
            "نقاب میں تصویر کے اندر کم از کم تین کونوں کی ایک شکل اور کل زیادہ سے زیادہ چونسٹھ کونے ہوتے ہیں۔ دوبارہ کھینچیں۔",
        ),
        R::MaskUnconfirmed => (
            "No picture of this camera is kept before a second person has confirmed its mask. Ask the returning or presiding officer.",
            "دوسرے شخص کی توثیق سے پہلے اس کیمرے کی کوئی تصویر محفوظ نہیں کی جاتی۔ ریٹرننگ یا پریزائیڈنگ افسر سے رجوع کریں۔",
        ),
        R::FrameUnknown => (
            "No such picture is on record in this area. Choose from the pictures that were kept here.",
            "اس علاقے کے ریکارڈ میں ایسی کوئی تصویر نہیں۔ یہاں محفوظ تصاویر میں سے انتخاب کریں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
pub(super) fn reports(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::ComplaintInClear => (
            "A report that speaks of those who guard is kept sealed only. Send it through the public page or the public desk.",
            "حفاظتی عملے سے متعلق شکایت صرف مہر بند محفوظ ہوتی ہے۔ اسے عوامی صفحے یا عوامی ڈیسک سے بھیجیں۔",
        ),
        R::ContactInText => (
            "A telephone number or an address stands in the text. Take it out; it belongs into its own field, which is sealed.",
            "متن میں فون نمبر یا پتا درج ہے۔ اسے نکال دیں؛ اس کی جگہ الگ مہر بند خانہ ہے۔",
        ),
        R::NoteOnComplaint => (
            "The answer to a complaint is chosen from the list and has no note, because it stands in the clear.",
            "شکایت کا جواب صرف فہرست سے چنا جاتا ہے اور اس کے ساتھ تحریر نہیں ہوتی، کیونکہ وہ کھلا رہتا ہے۔",
        ),
        R::TimeTooFine => (
            "The time of a report is a whole hour, so that it leads to nobody. Round it down.",
            "اطلاع کا وقت صرف پورے گھنٹے میں درج ہوتا ہے تاکہ کسی کی شناخت نہ ہو۔ گھنٹہ لکھیں۔",
        ),
        R::PlaceTooFine => (
            "The station of a complaint stands in its sealed text alone. Leave it out here.",
            "شکایت کا پولنگ سٹیشن صرف مہر بند متن میں لکھا جاتا ہے۔ یہاں نہ لکھیں۔",
        ),
        R::ReceiptTaken => (
            "This receipt code belongs to another report. Send the report again to get a new one.",
            "یہ رسید نمبر کسی اور اطلاع کا ہے۔ نیا نمبر لینے کے لیے اطلاع دوبارہ بھیجیں۔",
        ),
        R::ReportStateForbids => (
            "The report is not in a state in which this can be done. Look at how far it has come.",
            "اطلاع اس مرحلے میں نہیں کہ یہ کارروائی ہو سکے۔ دیکھیں کہ وہ کس مرحلے پر ہے۔",
        ),
        R::DrawMalformed => (
            "A draw has 3 to 16 parties, each with one name and one person of its own, and a share for each of the others.",
            "قرعہ اندازی میں تین سے سولہ فریق ہوتے ہیں، ہر ایک کا اپنا نام اور اپنا شخص، اور باقی ہر فریق کے لیے ایک حصہ۔",
        ),
        R::DrawStands => (
            "A draw stands for this area already, over another input. Withdraw it first; the record keeps both.",
            "اس علاقے کی ایک قرعہ اندازی پہلے سے قائم ہے جس کی فہرست دوسری ہے۔ پہلے اسے واپس لیں؛ ریکارڈ میں دونوں رہیں گی۔",
        ),
        R::NotAParty => (
            "Only the person named for a party speaks for it, and about the other parties alone.",
            "فریق کی طرف سے صرف اس کا نامزد شخص بولتا ہے، اور صرف دوسرے فریقوں کے بارے میں۔",
        ),
        R::PartyWithoutKey => (
            "A party has not joined yet: its shares could not be sealed. Ask every party to join first.",
            "ایک فریق ابھی شامل نہیں ہوا، اس کے حصے مہر بند نہیں ہو سکتے۔ پہلے ہر فریق شامل ہو۔",
        ),
        R::StageNotNext => (
            "This stage is not the next one. The stages are pool, posts and stations, each once the one before is drawn.",
            "یہ مرحلہ ابھی باری پر نہیں۔ ترتیب یہ ہے: بلائے گئے، ذمہ داریاں، اسٹیشن؛ ہر مرحلہ پچھلے کے بعد۔",
        ),
        R::StageNotOpen => (
            "Two persons have not opened this stage. One proposes it, another signs.",
            "یہ مرحلہ دو اشخاص نے نہیں کھولا۔ ایک تجویز کرتا ہے، دوسرا دستخط کرتا ہے۔",
        ),
        R::CommittedAlready => (
            "Your party has committed to another secret for this stage. Nobody changes their mind in a draw.",
            "آپ کا فریق اس مرحلے کے لیے کسی اور راز کا پابند ہو چکا ہے۔ قرعہ میں ارادہ بدلا نہیں جاتا۔",
        ),
        R::CommitmentsMissing => (
            "Not every party has committed. A secret shown now could still be answered; wait for all of them.",
            "ابھی سب فریق پابند نہیں ہوئے۔ اب دکھایا گیا راز جواب کا موقع دے گا؛ سب کا انتظار کریں۔",
        ),
        R::DrawStateForbids => (
            "The draw is not in a state in which this can be done. Look at what waits for whom.",
            "قرعہ اندازی اس مرحلے میں نہیں کہ یہ ہو سکے۔ دیکھیں کہ کس کا انتظار ہے۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
pub(super) fn units(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::UnitUnknown => (
            "No unit of this name is on duty in this area. Put it on duty first.",
            "اس نام کا کوئی دستہ اس علاقے میں ڈیوٹی پر نہیں۔ پہلے اسے ڈیوٹی پر درج کریں۔",
        ),
        R::UnitStateForbids => (
            "The unit is at another stage than this act needs. Look at how far it is.",
            "دستہ اس مرحلے میں نہیں جس میں یہ کام ہو سکے۔ اس کی موجودہ حالت دیکھیں۔",
        ),
        R::CrewUnrested => (
            "This crew has been on its feet for 18 hours and is not sent any more. Choose another unit or relieve the crew.",
            "یہ عملہ اٹھارہ گھنٹے سے ڈیوٹی پر ہے اور اب نہیں بھیجا جاتا۔ دوسرا دستہ چنیں یا عملہ بدلیں۔",
        ),
        R::RestTooShort => (
            "The rest was shorter than six hours, so the crew does not count as fresh. Let it rest longer.",
            "آرام چھ گھنٹے سے کم تھا، اس لیے عملہ تازہ دم شمار نہیں ہوتا۔ اسے مزید آرام دیں۔",
        ),
        R::DutyMalformed => (
            "The crew or the time since when it is on its feet cannot be. Correct both.",
            "عملے کی تعداد یا ڈیوٹی شروع ہونے کا وقت درست نہیں۔ دونوں درست کریں۔",
        ),
        R::ReserveBelowFloor => (
            "Fewer units than the reserve floor would stay behind. Ask for a second signature.",
            "محفوظ دستوں کی کم از کم تعداد باقی نہیں رہے گی۔ دوسرے افسر کے دستخط لیں۔",
        ),
        R::ReserveMalformed => (
            "What the act says of the reserve contradicts the record. Reload and repeat it.",
            "محفوظ دستوں کے بارے میں اندراج ریکارڈ سے نہیں ملتا۔ صفحہ تازہ کر کے دوبارہ کریں۔",
        ),
        R::ReliefElsewhere => (
            "Only another unit that is at the same incident can take over there. Choose one that has arrived.",
            "صرف وہی دوسرا دستہ جگہ سنبھال سکتا ہے جو اسی واقعے پر موجود ہو۔ پہنچا ہوا دستہ چنیں۔",
        ),
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
pub(super) fn training(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::TrainingMalformed => (
            "The training record does not hold together: service numbers in order, each once, modules M1 to M13, no more right answers than questions. Correct it.",
            "تربیت کا اندراج درست نہیں: سروس نمبر ترتیب سے اور ایک ایک بار، تربیتی حصہ ایک سے تیرہ تک، اور درست جواب سوالوں سے زیادہ نہ ہوں۔ اسے درست کریں۔",
        ),
        R::TrainingOwnRecord => (
            "Nobody signs for themselves: a trainer does not stand on the list of the course, and whoever signs is not on it. Let another person sign.",
            "کوئی اپنے لیے دستخط نہیں کرتا: استاد اپنے کورس کی فہرست میں نہیں ہوتا اور دستخط کرنے والا بھی نہیں۔ کسی اور سے دستخط کرائیں۔",
        ),
        R::TrainingAhead => (
            "A course or test is recorded once it was held, and a test is not before its course. Check the date.",
            "کورس یا امتحان ہو جانے کے بعد درج ہوتا ہے اور امتحان کورس سے پہلے نہیں ہوتا۔ تاریخ دیکھیں۔",
        ),
        R::TrainingNotAttended => (
            "This service number does not stand on the list that the act is about. Correct the attendance first.",
            "یہ سروس نمبر اس فہرست میں نہیں جس کا یہ اندراج ہے۔ پہلے حاضری درست کریں۔",
        ),
        R::TrainingOtherCourse => (
            "What the certificate rests on belongs to another module, area or course. Name lists and tests of the same one.",
            "سند جس پر قائم ہے وہ کسی اور تربیتی حصے، علاقے یا کورس کا ہے۔ اسی کی حاضری اور امتحان لکھیں۔",
        ),
        R::TrainingHoursShort => (
            "This person was not there for the hours of the module. Nobody is certified before that.",
            "یہ شخص تربیتی حصے کے پورے گھنٹے حاضر نہیں رہا۔ اس سے پہلے سند نہیں دی جاتی۔",
        ),
        R::TrainingQuizFailed => (
            "This person has not reached the pass mark in a quiz of enough questions. Repeat the quiz.",
            "اس شخص نے مطلوبہ سوالوں کے امتحان میں کامیابی کے نمبر نہیں لیے۔ امتحان دوبارہ لیں۔",
        ),
        R::TrainingPracticalFailed => (
            "This person has not passed the practical test of the module. Repeat the test.",
            "اس شخص نے تربیتی حصے کا عملی امتحان پاس نہیں کیا۔ امتحان دوبارہ لیں۔",
        ),
        R::TrainingCorrected => (
            "Another entry stands in the place of this list or test. Refresh, and use the one that stands.",
            "اس فہرست یا امتحان کی جگہ اب دوسرا اندراج ہے۔ تازہ کریں اور جو قائم ہے اسے استعمال کریں۔",
        ),
        R::TrainingWithdrawn => (
            "This certificate was taken back. A new one needs a course or test held since.",
            "یہ سند واپس لی جا چکی ہے۔ نئی سند کے لیے نیا کورس یا امتحان ضروری ہے۔",
        ),
        _ => return None,
    })
}
