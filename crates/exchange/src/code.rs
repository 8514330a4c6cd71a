//! The closed list of things an import can find: code, severity, and a sentence in English and in Urdu.
//!
//! `{row}`, `{column}`, `{was}` and `{now}` in a sentence are filled from the finding.

use pehra_domain::finding::Finding;
use pehra_domain::severity::Severity;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident $code:literal $severity:ident $english:literal $urdu:literal;)+) => {
        /// What an import can find. The text of a code never changes once released.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $variant),+
        }

        impl Code {
            /// Every code, in order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as it stands in files and on the wire.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity),+ }
            }

            /// The English sentence with its places.
            #[must_use]
            pub fn english(self) -> &'static str {
                match self { $(Self::$variant => $english),+ }
            }

            /// The Urdu sentence with its places.
            #[must_use]
            pub fn urdu(self) -> &'static str {
                match self { $(Self::$variant => $urdu),+ }
            }
        }
    };
}

codes! {
    /// No coordinate given: planned at an estimate.
    CoordinateMissing "coordinate-missing" Warning
        "No coordinate is given; the place is planned at {now}. Ask for the position of this place."
        "مقام درج نہیں؛ منصوبہ {now} پر بنے گا۔ اس جگہ کا درست مقام معلوم کریں۔";
    CoordinateInvalid "coordinate-invalid" Warning
        "The coordinate “{was}” cannot be read; the place is planned at {now}. Correct it in the file."
        "مقام “{was}” پڑھا نہیں جا سکا؛ منصوبہ {now} پر بنے گا۔ فائل میں درست کریں۔";
    CoordinateDecimalComma "coordinate-decimal-comma" Warning
        "The coordinate “{was}” has a comma for a decimal point; read as {now}."
        "مقام “{was}” میں اعشاریہ کی جگہ کوما ہے؛ {now} پڑھا گیا۔";
    CoordinateDegreesMinutes "coordinate-degrees-minutes" Note
        "The coordinate “{was}” is in degrees, minutes and seconds; read as {now}."
        "مقام “{was}” درجے، منٹ اور سیکنڈ میں ہے؛ {now} پڑھا گیا۔";
    CoordinateSwapped "coordinate-swapped" Warning
        "Latitude and longitude stand in each other's place ({was}); read as {now}."
        "عرض بلد اور طول بلد آپس میں بدلے ہوئے ہیں ({was})؛ {now} پڑھا گیا۔";
    CoordinateOutOfArea "coordinate-out-of-area" Warning
        "The point {was} lies outside the area it belongs to; planned at {now}. Correct it in the file."
        "نقطہ {was} اپنے علاقے سے باہر ہے؛ منصوبہ {now} پر بنے گا۔ فائل میں درست کریں۔";
    CoordinateFar "coordinate-far" Warning
        "The point {was} is more than 100 km and three times the usual distance from the middle of its constituency; planned at {now}."
        "نقطہ {was} حلقے کے وسط سے 100 کلومیٹر اور معمول کے تین گنا سے زیادہ دور ہے؛ منصوبہ {now} پر بنے گا۔";
    CoordinateShared "coordinate-shared" Warning
        "The point {was} carries more stations than one building can hold ({now}); it is probably a stand-in for a village or union council."
        "نقطہ {was} پر ایک عمارت کی گنجائش سے زیادہ اسٹیشن ہیں ({now})؛ غالباً یہ گاؤں یا یونین کونسل کا فرضی نقطہ ہے۔";
    CoordinateContradicted "coordinate-contradicted" Warning
        "The rows of this one station give different points ({was}); {now} is used. Ask for the right one."
        "اس ایک اسٹیشن کی سطریں مختلف نقاط بتاتی ہیں ({was})؛ {now} استعمال ہوا۔ درست نقطہ معلوم کریں۔";
    CoordinateFromTwin "coordinate-from-twin" Note
        "No usable coordinate here; taken from the other row of the same station: {now}."
        "یہاں قابلِ استعمال مقام نہیں؛ اسی اسٹیشن کی دوسری سطر سے لیا گیا: {now}۔";
    DuplicateStation "duplicate-station" Error
        "This constituency and station number ({was}) stand in another row too; {now}."
        "یہ حلقہ اور اسٹیشن نمبر ({was}) ایک اور سطر میں بھی ہے؛ {now}۔";
    DuplicateDiffers "duplicate-differs" Error
        "Two different stations bear the number {was}; both are kept, this one as {now}. Give one of them its own number."
        "دو مختلف اسٹیشنوں کا نمبر {was} ہے؛ دونوں رکھے گئے، یہ {now} کے نام سے۔ ایک کو الگ نمبر دیں۔";
    SumMismatch "sum-mismatch" Warning
        "The total in {column} is {was}, but men and women add up to {now}; the parts are used."
        "{column} کا میزان {was} ہے مگر مرد و خواتین کا مجموعہ {now}؛ اجزا استعمال ہوئے۔";
    SplitUnknown "split-unknown" Warning
        "Only a total ({was}) is given in {column}; it is split by the kind of station: {now}."
        "{column} میں صرف میزان ({was}) ہے؛ اسٹیشن کی قسم کے مطابق تقسیم کیا گیا: {now}۔";
    KindUnknown "kind-unknown" Warning
        "Nothing says whether this station is for men, women or both ({was}); planned as {now}."
        "یہ اسٹیشن مردانہ، زنانہ یا مشترکہ ہے، معلوم نہیں ({was})؛ {now} سمجھا گیا۔";
    KindContradicted "kind-contradicted" Warning
        "Name, kind, booths and voters disagree ({was}); taken as {now}. Check the station."
        "نام، قسم، بوتھ اور ووٹر آپس میں متفق نہیں ({was})؛ {now} لیا گیا۔ اسٹیشن دیکھیں۔";
    NameEmpty "name-empty" Warning
        "The station has no name; shown as {now}."
        "اسٹیشن کا نام نہیں؛ {now} دکھایا جائے گا۔";
    TextGarbled "text-garbled" Warning
        "The text “{was}” is damaged; kept as “{now}”."
        "متن “{was}” خراب ہے؛ “{now}” رکھا گیا۔";
    NumberInvalid "number-invalid" Warning
        "“{was}” in {column} is not a number that can stand there; {now} is used. Correct it in the file."
        "{column} میں “{was}” درست عدد نہیں؛ {now} استعمال ہوا۔ فائل میں درست کریں۔";
    NumberImplausible "number-implausible" Warning
        "{was} in {column} is more than a station can have; it is kept. Check it."
        "{column} میں {was} ایک اسٹیشن کے لیے بہت زیادہ ہے؛ رکھا گیا۔ جانچ کریں۔";
    StixTooLarge "stix-too-large" Error
        "The bundle is too large, too deep or holds too much; the rest of it was not read. Ask for several smaller ones."
        "بنڈل بہت بڑا یا بہت گہرا ہے؛ باقی حصہ نہیں پڑھا گیا۔ کئی چھوٹے بنڈل منگوائیں۔";
    StixNotBundle "stix-not-bundle" Error
        "This is no bundle of STIX 2.1. Ask for a JSON file of that kind."
        "یہ STIX 2.1 کا بنڈل نہیں۔ اسی قسم کی JSON فائل منگوائیں۔";
    StixInvalid "stix-invalid" Error
        "Object {row} ({column}) breaks a rule of STIX 2.1: {was}. It is left out; tell its sender."
        "شے {row} ({column}) STIX 2.1 کے اصول کے خلاف ہے: {was}۔ چھوڑ دی گئی؛ بھیجنے والے کو بتائیں۔";
    StixNotCarried "stix-not-carried" Note
        "Object {row} ({column}) is of a kind that is not taken over."
        "شے {row} ({column}) ایسی قسم کی ہے جو نہیں لی جاتی۔";
    StixPerson "stix-person" Warning
        "Object {row} ({column}) names a person or a group; it is refused and nothing of it is kept."
        "شے {row} ({column}) کسی شخص یا گروہ کا نام لیتی ہے؛ رد کی گئی اور اس کا کچھ محفوظ نہیں۔";
    StixReference "stix-reference" Note
        "Object {row} refers under {column} to something that is not in the bundle or was left out."
        "شے {row} {column} میں ایسی چیز کا حوالہ دیتی ہے جو بنڈل میں نہیں یا چھوڑ دی گئی۔";
    IdentityNumber "identity-number" Error
        "A national identity number stands in this cell. The row is set aside and nothing of it is kept; remove the number from the file."
        "اس خانے میں قومی شناختی نمبر ہے۔ سطر الگ کر دی گئی اور اس کا کچھ محفوظ نہیں؛ فائل سے نمبر ہٹا دیں۔";
    PartyOrVotesColumn "party-or-votes-column" Warning
        "The column “{column}” is about candidates, parties or votes; it is dropped and never stored."
        "کالم “{column}” امیدواروں، جماعتوں یا ووٹوں سے متعلق ہے؛ چھوڑ دیا گیا، کبھی محفوظ نہیں ہوتا۔";
    PersonColumn "person-column" Warning
        "The column “{column}” names persons; it is dropped and never stored."
        "کالم “{column}” میں افراد کے نام ہیں؛ چھوڑ دیا گیا، کبھی محفوظ نہیں ہوتا۔";
    ContestMerged "contest-merged" Note
        "The same station as {was} in the National Assembly's list; one station with two contests."
        "قومی اسمبلی کی فہرست کا {was} اور یہ ایک ہی اسٹیشن ہیں؛ ایک اسٹیشن، دو مقابلے۔";
    ContestAmbiguous "contest-ambiguous" Warning
        "May be the same station as {was}, but not surely; both are kept apart until somebody decides."
        "شاید {was} والا ہی اسٹیشن ہے مگر یقینی نہیں؛ فیصلہ ہونے تک دونوں الگ رکھے گئے۔";
    ProvinceUnknown "province-unknown" Warning
        "“{was}” is no known province; {now}. Name it in the mapping file."
        "“{was}” کوئی معلوم صوبہ نہیں؛ {now}۔ میپنگ فائل میں نام دیں۔";
    KeyMissing "key-missing" Error
        "Constituency or station number is missing or unreadable ({was}); the row is set aside."
        "حلقہ یا اسٹیشن نمبر موجود نہیں یا پڑھا نہیں جاتا ({was})؛ سطر الگ کر دی گئی۔";
    DistrictUnknown "district-unknown" Warning
        "The district “{was}” is not among the known ones; kept as {now}."
        "ضلع “{was}” معلوم اضلاع میں نہیں؛ {now} رکھا گیا۔";
    ClassUnknown "class-unknown" Warning
        "“{was}” is no known sensitivity class; {now}."
        "“{was}” کوئی معلوم درجہ حساسیت نہیں؛ {now}۔";
    ColumnUnknown "column-unknown" Note
        "The column “{column}” has no known meaning and is not read. Set it in the mapping file if it matters."
        "کالم “{column}” کا مطلب معلوم نہیں، نہیں پڑھا گیا۔ ضروری ہو تو میپنگ فائل میں بتائیں۔";
    RowShort "row-short" Warning
        "The row has fewer cells than the header ({was}); the missing ones are read as empty."
        "سطر میں خانے سرنامے سے کم ہیں ({was})؛ باقی خالی سمجھے گئے۔";
    RowLong "row-long" Warning
        "The row has more cells than the header ({was}); the extra ones are not read."
        "سطر میں خانے سرنامے سے زیادہ ہیں ({was})؛ زائد نہیں پڑھے گئے۔";
    RowCut "row-cut" Error
        "The file ends in the middle of this row; it is set aside. Get the whole file again."
        "فائل اس سطر کے بیچ میں ختم ہو گئی؛ سطر الگ کر دی گئی۔ مکمل فائل دوبارہ لیں۔";
    FileEndOpen "file-end-open" Note
        "The last line has no line end. Check that the file is complete."
        "آخری سطر کا اختتام نہیں۔ دیکھیں کہ فائل مکمل ہے۔";
    QuoteUnclosed "quote-unclosed" Error
        "A quotation mark is opened here and never closed; the row is set aside."
        "یہاں واوین کھلا اور بند نہیں ہوا؛ سطر الگ کر دی گئی۔";
    CellTooLong "cell-too-long" Error
        "A cell of this row is longer than {now} bytes; the row is set aside."
        "اس سطر کا ایک خانہ {now} بائٹ سے لمبا ہے؛ سطر الگ کر دی گئی۔";
    NulByte "nul-byte" Warning
        "The row holds zero bytes, which are no text; they are removed."
        "سطر میں صفر بائٹ ہیں جو متن نہیں؛ نکال دیے گئے۔";
    FindingsCut "findings-cut" Warning
        "There are more findings than are kept in detail ({now}); the counts are complete."
        "نتائج تفصیل کی حد ({now}) سے زیادہ ہیں؛ گنتی مکمل ہے۔";
    TierUnknown "tier-unknown" Error
        "“{was}” is no tier (police, civil armed forces, army); the row is set aside."
        "“{was}” کوئی درجہ نہیں (پولیس، سول مسلح افواج، فوج)؛ سطر الگ کر دی گئی۔";
    IdDuplicate "id-duplicate" Error
        "The name {was} stands in an earlier row too; this row is set aside."
        "نام {was} پہلے کی سطر میں بھی ہے؛ یہ سطر الگ کر دی گئی۔";
    IdInvalid "id-invalid" Error
        "The name in {column} is missing or cannot be used; the row is set aside."
        "{column} میں نام موجود نہیں یا قابلِ استعمال نہیں؛ سطر الگ کر دی گئی۔";
    DateInvalid "date-invalid" Error
        "“{was}” in {column} is no date or time that can be read; {now}."
        "{column} میں “{was}” پڑھی جانے والی تاریخ یا وقت نہیں؛ {now}۔";
    EventDuplicate "event-duplicate" Note
        "The same event as {was}; it is counted once."
        "یہ واقعہ {was} ہی ہے؛ ایک بار گنا گیا۔";
    PlaceVague "place-vague" Note
        "The place is known only as {was}; the event counts for that area, not for a point."
        "جگہ صرف {was} کی حد تک معلوم ہے؛ واقعہ اس علاقے کا شمار ہوگا، نقطے کا نہیں۔";
    EventPeaceful "event-peaceful" Note
        "An event of the kind “{was}” is no violence; it is left out of the threat."
        "“{was}” قسم کا واقعہ تشدد نہیں؛ خطرے کے حساب سے باہر رکھا گیا۔";
    PlaceUnknown "place-unknown" Error
        "Neither a point nor a known district is given ({was}); the row is set aside."
        "نہ نقطہ درج ہے نہ معلوم ضلع ({was})؛ سطر الگ کر دی گئی۔";
    NormIncomplete "norm-incomplete" Error
        "The profile {was} has no line for {now}. Add it to the file."
        "پروفائل {was} میں {now} کی سطر نہیں۔ فائل میں شامل کریں۔";
    FigureDisputed "figure-disputed" Warning
        "Sources differ: {was}. All are kept and shown as disputed."
        "ذرائع میں اختلاف ہے: {was}۔ سب رکھے گئے اور متنازع دکھائے جائیں گے۔";
    FigureUnread "figure-unread" Note
        "“{was}” is kept as published; it has no single reading as a number."
        "“{was}” جیسا شائع ہوا ویسا رکھا گیا؛ اس کی ایک عددی قراءت نہیں۔";
    SourceMissing "source-missing" Warning
        "The figure has no source; it is kept as “{now}”."
        "عدد کا ماخذ نہیں؛ “{now}” کے طور پر رکھا گیا۔";
    RingOpen "ring-open" Warning
        "A ring of {was} is not closed; it is closed with a straight line."
        "{was} کی حد بند نہیں؛ سیدھی لکیر سے بند کی گئی۔";
    RingBroken "ring-broken" Error
        "A ring of {was} has too few usable points; it is set aside."
        "{was} کی حد کے قابلِ استعمال نقاط بہت کم ہیں؛ الگ کر دی گئی۔";
    RingCrossing "ring-crossing" Warning
        "A ring of {was} crosses itself {now}; inside and outside are decided by the even-odd rule."
        "{was} کی حد خود کو {now} کاٹتی ہے؛ اندر باہر کا فیصلہ جفت طاق قاعدے سے ہوگا۔";
    GeometryUnknown "geometry-unknown" Error
        "The shape “{was}” is no polygon; it is set aside."
        "شکل “{was}” کثیرالاضلاع نہیں؛ الگ کر دی گئی۔";
    SubjectUnknown "subject-unknown" Error
        "“{was}” names no building or district; the row is set aside."
        "“{was}” کسی عمارت یا ضلعے کا نام نہیں؛ سطر الگ کر دی گئی۔";
    ScoreInvalid "score-invalid" Error
        "“{was}” is no score from 0 to 4; the row is set aside."
        "“{was}” صفر سے چار تک کا نمبر نہیں؛ سطر الگ کر دی گئی۔";
    PlaceKindUnknown "place-kind-unknown" Error
        "“{was}” is no known kind of protected place; the row is set aside."
        "“{was}” محفوظ جگہ کی کوئی معلوم قسم نہیں؛ سطر الگ کر دی گئی۔";
    WindowMissing "window-missing" Error
        "A place of this kind needs a time from and until; the row is set aside."
        "اس قسم کی جگہ کے لیے آغاز اور اختتام کا وقت ضروری ہے؛ سطر الگ کر دی گئی۔";
    SexUnknown "sex-unknown" Error
        "“{was}” in {column} says neither man nor woman; the row is set aside."
        "{column} میں “{was}” سے مرد یا عورت معلوم نہیں ہوتا؛ سطر الگ کر دی گئی۔";
    RankUnknown "rank-unknown" Warning
        "“{was}” is no known rank; this person is not drawn to lead. Write a rank or a grade from 1 to 9."
        "“{was}” کوئی معلوم عہدہ نہیں؛ اس شخص کو انچارج نہیں بنایا جائے گا۔ عہدہ یا 1 تا 9 درجہ لکھیں۔";
    PresenceUnknown "presence-unknown" Warning
        "“{was}” in {column} says neither present nor absent; the person counts as absent. Tick or leave empty."
        "{column} میں “{was}” سے حاضر یا غیر حاضر معلوم نہیں؛ شخص غیر حاضر شمار ہوا۔ نشان لگائیں یا خالی چھوڑیں۔";
    ModuleUnknown "module-unknown" Warning
        "“{was}” is no training module (M1 to M13); it does not count as passed."
        "“{was}” کوئی تربیتی حصہ (M1 تا M13) نہیں؛ پاس شدہ شمار نہیں ہوا۔";
    RoadFileUnknown "road-file-unknown" Error
        "This is no road map as OpenStreetMap publishes it. Give a file that ends in .osm.pbf."
        "یہ اوپن سٹریٹ میپ کا شائع کردہ سڑکوں کا نقشہ نہیں۔ ‎.osm.pbf والی فائل دیں۔";
    RoadFileCut "road-file-cut" Error
        "The map ends in the middle of a block, after {was} bytes; nothing of it is used, since half a map hides roads. Get the whole file again."
        "نقشہ {was} بائٹ کے بعد ایک حصے کے بیچ میں ختم ہو گیا؛ آدھا نقشہ سڑکیں چھپاتا ہے، اس لیے کچھ استعمال نہیں ہوا۔ مکمل فائل دوبارہ لیں۔";
    RoadFileBroken "road-file-broken" Error
        "The map is damaged at byte {now} ({was}); nothing of it is used. Get the file again."
        "نقشہ بائٹ {now} پر خراب ہے ({was})؛ کچھ استعمال نہیں ہوا۔ فائل دوبارہ لیں۔";
    RoadFileBomb "road-file-bomb" Error
        "A block at byte {was} is larger than the {now} bytes that the format allows; nothing of the file is used."
        "بائٹ {was} پر ایک حصہ مقررہ حد {now} بائٹ سے بڑا ہے؛ فائل کا کچھ استعمال نہیں ہوا۔";
    RoadFileUnsupported "road-file-unsupported" Error
        "The map needs something that this program cannot read: {was}. Get the usual file of the same area."
        "نقشے کو ایسی چیز درکار ہے جو یہ پروگرام نہیں پڑھ سکتا: {was}۔ اسی علاقے کی عام فائل لیں۔";
    RoadsNone "roads-none" Error
        "There is no road for vehicles in this file."
        "اس فائل میں گاڑیوں کی کوئی سڑک نہیں۔";
    RoadPointMissing "road-point-missing" Warning
        "Way {was} goes over {now} points that the file does not have; it ends before them. Usual at the edge of an extract."
        "راستہ {was} ایسے {now} نقاط سے گزرتا ہے جو فائل میں نہیں؛ ان سے پہلے ختم کیا گیا۔ نقشے کے کنارے پر عام بات ہے۔";
    RoadTooShort "road-too-short" Note
        "{was} roads have fewer than two points and are left out."
        "{was} سڑکوں کے نقاط دو سے کم ہیں؛ چھوڑ دی گئیں۔";
    RoadLimitUnread "road-limit-unread" Note
        "{was} roads have a speed limit that cannot be read; the usual speed of their class is used."
        "{was} سڑکوں کی حدِ رفتار پڑھی نہیں جاتی؛ ان کے درجے کی عام رفتار لی گئی۔";
    RoadTurnConditional "road-turn-conditional" Note
        "{was} turn rules hold at some hours or under some conditions only and are not applied."
        "موڑ کے {was} قواعد صرف بعض اوقات یا شرائط پر لاگو ہیں؛ نہیں لگائے گئے۔";
    RoadTurnUnread "road-turn-unread" Note
        "The turn rule {was} does not name one road in, one point and one road out of this map; it is not applied."
        "موڑ کا قاعدہ {was} اس نقشے کی ایک آنے والی سڑک، ایک نقطہ اور ایک جانے والی سڑک نہیں بتاتا؛ نہیں لگایا گیا۔";
    RoadIslands "road-islands" Warning
        "{was} groups of roads are not connected with the rest of the map ({now} junctions); places there are reached by links of boat or air, or not at all."
        "سڑکوں کے {was} مجموعے باقی نقشے سے جڑے نہیں ({now} چوراہے)؛ وہاں صرف کشتی یا ہوائی رابطے سے پہنچا جا سکتا ہے، ورنہ نہیں۔";
    RoadLinkInvalid "road-link-invalid" Error
        "The link in this row cannot be used: {was}; the row is set aside."
        "اس سطر کا رابطہ استعمال نہیں ہو سکتا: {was}؛ سطر الگ کر دی گئی۔";
}

impl Code {
    /// The code of that name, if there is one.
    #[must_use]
    pub fn from_code(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.code() == text)
    }
}

/// Fills a sentence's places from a finding; for another language than the stored English one.
#[must_use]
pub fn fill(template: &str, finding: &Finding) -> String {
    let mut out = String::with_capacity(template.len() + finding.was.len() + finding.now.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((key, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match key {
            "row" => out.push_str(&finding.row.to_string()),
            "column" => out.push_str(&finding.column),
            "was" => out.push_str(&finding.was),
            "now" => out.push_str(&finding.now),
            other => out.push_str(other),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_one_name_and_a_sentence_in_both_languages() {
        let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.code()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            let kebab = code.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            assert!(kebab, "{}", code.code());
            assert_eq!(Code::from_code(code.code()), Some(*code));
            assert!(code.english().ends_with('.'), "{}", code.code());
            assert!(code.urdu().ends_with('۔'), "{}", code.code());
            let urdu = code.urdu().chars().any(|c| ('\u{600}'..='\u{6ff}').contains(&c));
            assert!(urdu && code.urdu() != code.english(), "{}", code.code());
            for place in ["{was}", "{now}", "{column}"] {
                assert_eq!(
                    code.english().contains(place),
                    code.urdu().contains(place),
                    "{} {place}",
                    code.code()
                );
            }
        }
    }

    #[test]
    fn the_codes_the_issue_names_are_all_there() {
        for name in [
            "coordinate-missing",
            "coordinate-decimal-comma",
            "coordinate-swapped",
            "coordinate-out-of-area",
            "coordinate-far",
            "coordinate-shared",
            "duplicate-station",
            "sum-mismatch",
            "kind-unknown",
            "name-empty",
            "text-garbled",
            "number-invalid",
            "identity-number",
            "party-or-votes-column",
            "contest-merged",
            "contest-ambiguous",
            "event-duplicate",
        ] {
            assert!(Code::from_code(name).is_some(), "{name}");
        }
    }

    #[test]
    fn an_identity_number_has_no_place_for_its_value() {
        assert!(!Code::IdentityNumber.english().contains('{'));
        assert!(!Code::IdentityNumber.urdu().contains('{'));
    }
}
