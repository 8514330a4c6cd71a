//! Sentences about campaigns and committees.

use super::RefusalCode;

#[expect(clippy::wildcard_enum_match_arm, reason = "a part of the table; a test proves it whole")]
pub(super) fn sentences(code: RefusalCode) -> Option<(&'static str, &'static str)> {
    use RefusalCode as R;
    Some(match code {
        R::CampaignUnknown => (
            "This node does not know the campaign, or it says nothing in this language: wait for the next exchange, or write the text first.",
            "یہ نوڈ اس مہم کو نہیں جانتا یا اس زبان میں متن نہیں: اگلے تبادلے کا انتظار کریں یا پہلے متن لکھیں۔",
        ),
        R::CampaignStateForbids => (
            "The campaign does not stand where this can be done: look at its page for what may follow.",
            "مہم اس مرحلے میں نہیں جہاں یہ ہو سکے: اس کے صفحے پر دیکھیں کہ آگے کیا ممکن ہے۔",
        ),
        R::CampaignMalformed => (
            "The campaign does not hold together: channels and languages each once, a window of at most 120 days that is not over, and a fact for a correction and for nothing else.",
            "مہم درست نہیں: ہر ذریعہ اور زبان ایک بار، مدت زیادہ سے زیادہ ایک سو بیس دن اور ختم نہ ہوئی ہو، اور تصدیق شدہ بات صرف تصحیح کے لیے۔",
        ),
        R::CampaignNotNeutral => (
            "The text is not neutral: it names a party, a candidate, a person or somebody's number, accuses somebody, or asks to vote one way. Write it without that.",
            "متن غیر جانبدار نہیں: اس میں جماعت، امیدوار، شخص یا کسی کا نمبر، الزام یا کسی ایک طرف ووٹ کی دعوت ہے۔ اس کے بغیر لکھیں۔",
        ),
        R::CampaignUnsigned => (
            "Two native readers have signed no language of this campaign that you did not write yourself: nothing can be let out.",
            "اس مہم کی کسی ایسی زبان پر دو اہل زبان کے دستخط نہیں جو آپ نے خود نہ لکھی ہو: کچھ جاری نہیں ہو سکتا۔",
        ),
        R::CampaignFaulted => (
            "A native reader holds a fault against this text: write it anew, then it can be signed.",
            "ایک اہل زبان نے اس متن میں غلطی بتائی ہے: اسے نئے سرے سے لکھیں، پھر دستخط ہو سکیں گے۔",
        ),
        R::CampaignFactUnknown => (
            "A correction rests on an incident or a report that was judged true or false, and nobody has judged this one, or it is in dispute.",
            "تصحیح کی بنیاد وہ واقعہ یا اطلاع ہے جسے درست یا غلط قرار دیا گیا ہو، اور اس کا فیصلہ نہیں ہوا یا متنازع ہے۔",
        ),
        R::CommunityUnknown => (
            "This node does not know the committee, or the number stands on no list of it: wait for the next exchange, or enlist it first.",
            "یہ نوڈ اس کمیٹی کو نہیں جانتا یا یہ نمبر اس کی فہرست میں نہیں: اگلے تبادلے کا انتظار کریں یا پہلے نمبر درج کریں۔",
        ),
        R::CommunityDissolved => (
            "The committee was dissolved: form another one.",
            "یہ کمیٹی ختم کر دی گئی ہے: نئی کمیٹی بنائیں۔",
        ),
        R::CommunityMalformed => (
            "The committee, briefing or rota does not hold together: seats for each duty once, somebody at a briefing, shifts that end after they begin.",
            "کمیٹی، بریفنگ یا ڈیوٹی فہرست درست نہیں: ہر کام کی نشستیں ایک بار، بریفنگ میں کوئی حاضر ہو، اور ہر شفٹ شروع کے بعد ختم ہو۔",
        ),
        R::VolunteerNotVetted => (
            "Only volunteers who passed the vetting stand on a rota: let another person vet this number first.",
            "ڈیوٹی فہرست میں صرف وہ رضاکار آتے ہیں جو جانچ میں کامیاب ہوں: پہلے کوئی دوسرا شخص اس نمبر کی جانچ کرے۔",
        ),
        R::VolunteerTwiceAtOnce => (
            "The number stands on two shifts of the same hours: nobody is in two places at once. Take it from one of them.",
            "یہ نمبر ایک ہی وقت کی دو شفٹوں میں ہے: کوئی شخص ایک وقت میں دو جگہ نہیں ہو سکتا۔ اسے ایک شفٹ سے نکالیں۔",
        ),
        R::CommunityNamesSomebody => (
            "The text names or accuses somebody, or leads to somebody: write of places and things alone. What people do is told to the public desk.",
            "متن میں کسی کا نام، الزام یا پتا ہے: صرف جگہوں اور چیزوں کے بارے میں لکھیں۔ لوگوں کے بارے میں بات عوامی ڈیسک کو بتائی جاتی ہے۔",
        ),
        _ => return None,
    })
}
