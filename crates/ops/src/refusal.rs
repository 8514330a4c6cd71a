//! Why something may not be done: a closed set of codes, each with a sentence in English and in Urdu.
//!
//! A refusal is an answer, not an error. The sentence says what is wrong and what to do; `detail` names the thing.

mod text;

/// A refusal: the code for the screen to translate, and what it is about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} [{detail}]", code.english())]
pub struct Refusal {
    pub code: RefusalCode,
    /// The thing refused: an id, a permission, a number. May be empty. Never holds the text that was refused.
    pub detail: String,
}

impl Refusal {
    #[must_use]
    #[expect(clippy::needless_pass_by_value, reason = "callers pass what they have at hand")]
    pub fn of(code: RefusalCode, detail: impl ToString) -> Self {
        Self { code, detail: detail.to_string() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Every reason there is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RefusalCode { $($(#[$doc])* $name),+ }

        impl RefusalCode {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stable name, for example `same-person-twice`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

codes! {
    /// The role does not hold the permission.
    RoleLacksPermission = "role-lacks-permission",
    /// The person does not hold the role here and now.
    RoleNotHeld = "role-not-held",
    /// The role was held and has run out.
    RoleExpired = "role-expired",
    /// The role is held, but not for this area.
    OutsideArea = "outside-area",
    /// The entry's area is not the area of the thing it acts on.
    AreaMismatch = "area-mismatch",
    /// No row of the permission table knows this permission.
    PermissionUnknown = "permission-unknown",
    /// Two acts that must be two persons' were one person's.
    SamePersonTwice = "same-person-twice",
    /// A row of the separation table forbids one person both duties.
    DutiesSeparated = "duties-separated",
    /// The act names another second person than the one who acted.
    SecondPersonDiffers = "second-person-differs",
    /// The act needs a second person and names none.
    SecondPersonNeeded = "second-person-needed",
    /// Persons have keys of their own, and the acting person's key did not sign.
    OwnKeyNeeded = "own-key-needed",
    /// The first person's act was attested by their node, not signed by their key.
    FirstKeyMissing = "first-key-missing",
    /// The second person's key did not sign the header of what they approve.
    SecondKeyMissing = "second-key-missing",
    /// The device's certificate does not cover the act: other nodes would give it no effect.
    DeviceNotCovered = "device-not-covered",
    /// No first account may be made any more.
    AlreadyBootstrapped = "already-bootstrapped",
    TextEmpty = "text-empty",
    TextTooLong = "text-too-long",
    /// A national identity number stands in the text; it is not echoed.
    IdentityNumber = "identity-number",
    /// An id or an area is not well formed.
    NameMalformed = "name-malformed",
    /// The event refers to something that this node has not received.
    NotKnown = "not-known",
    /// Nodes decided apart; settle the conflict first.
    Disputed = "disputed",
    ElectionNotOpen = "election-not-open",
    ElectionAlreadyOpen = "election-already-open",
    NothingToSettle = "nothing-to-settle",
    /// Real, exercise and synthetic data never mix.
    NatureMixed = "nature-mixed",
    AccountExists = "account-exists",
    AccountNotOpen = "account-not-open",
    RoleUnknown = "role-unknown",
    GrantNotPending = "grant-not-pending",
    GrantNotInForce = "grant-not-in-force",
    ExpiryInPast = "expiry-in-past",
    /// Roles end fifteen days after the poll at the latest.
    ExpiryTooLate = "expiry-too-late",
    DatasetUnknown = "dataset-unknown",
    /// The data changed since the person looked at it.
    BasedOnOlder = "based-on-older",
    ParameterUnset = "parameter-unset",
    ClassNotProposed = "class-not-proposed",
    /// Within ten days before the poll only the commission, with a second person.
    ClassChangeLate = "class-change-late",
    OverrideNotInForce = "override-not-in-force",
    OverrideTooWeak = "override-too-weak",
    PlanUnknown = "plan-unknown",
    PlanNotProposed = "plan-not-proposed",
    PlanNotApproved = "plan-not-approved",
    PlanClosed = "plan-closed",
    LockUnknown = "lock-unknown",
    BeyondStrength = "beyond-strength",
    CountZero = "count-zero",
    PollUnknown = "poll-unknown",
    PollExists = "poll-exists",
    PollStateForbids = "poll-state-forbids",
    DateNotLater = "date-not-later",
    InstrumentMissing = "instrument-missing",
    SurveyEmpty = "survey-empty",
    QuestionTwice = "question-twice",
    ScoreOutOfRange = "score-out-of-range",
    PhotographOfDistrict = "photograph-of-district",
    CheckInsEmpty = "check-ins-empty",
    CheckInsTooMany = "check-ins-too-many",
    CheckInTwice = "check-in-twice",
    CheckInUnknown = "check-in-unknown",
    /// In one's own name only one's own check-ins.
    SenderDiffers = "sender-differs",
    /// In a real election nothing is reported from the future.
    TimeAhead = "time-ahead",
    IncidentUnknown = "incident-unknown",
    IncidentExists = "incident-exists",
    IncidentStateForbids = "incident-state-forbids",
    /// A complaint about security staff is no other incident, and the other way round.
    MatterDiffers = "matter-differs",
    LevelAnswered = "level-answered",
    LevelDiffers = "level-differs",
    MergeImpossible = "merge-impossible",
    SourcesTooFew = "sources-too-few",
    UnitsMissing = "units-missing",
    TollBackward = "toll-backward",
    /// A report in the fixed order names a hazard, a unit or a service twice, or a number that is none.
    MethaneTwice = "methane-twice",
    /// What was declared is stood down; what was not declared cannot be.
    DeclarationForbids = "declaration-forbids",
    SuspensionUnknown = "suspension-unknown",
    StatementUnknown = "statement-unknown",
    ServicesMissing = "services-missing",
    FindingUnknown = "finding-unknown",
    /// A finding that is closed or dropped, or not yet said to be done.
    FindingStateForbids = "finding-state-forbids",
    /// Only its owner says that an action is done.
    FindingNotYours = "finding-not-yours",
    FindingDueFar = "finding-due-far",
    CampaignUnknown = "campaign-unknown",
    CampaignStateForbids = "campaign-state-forbids",
    /// A draft or a measure that does not hold together.
    CampaignMalformed = "campaign-malformed",
    /// A party, a candidate, a person, an accusation, a call to vote one way, or somebody's number.
    CampaignNotNeutral = "campaign-not-neutral",
    /// Two native readers have signed no language of it.
    CampaignUnsigned = "campaign-unsigned",
    /// A reader holds a fault against the text.
    CampaignFaulted = "campaign-faulted",
    /// A correction rests on something that was verified.
    CampaignFactUnknown = "campaign-fact-unknown",
    CommunityUnknown = "community-unknown",
    CommunityDissolved = "community-dissolved",
    /// Seats, briefings or shifts that do not hold together.
    CommunityMalformed = "community-malformed",
    VolunteerNotVetted = "volunteer-not-vetted",
    /// On two shifts of the same hours.
    VolunteerTwiceAtOnce = "volunteer-twice-at-once",
    /// What comes back is about places and things.
    CommunityNamesSomebody = "community-names-somebody",
    /// An order names between one and sixteen roles, each once.
    OrderToNobody = "order-to-nobody",
    /// Only those to whom an order goes read it and act on it.
    OrderNotAddressed = "order-not-addressed",
    OrderWithdrawn = "order-withdrawn",
    ItemUnknown = "item-unknown",
    ItemExists = "item-exists",
    ItemStateForbids = "item-state-forbids",
    ItemsMissing = "items-missing",
    ItemsTooMany = "items-too-many",
    ItemTwice = "item-twice",
    /// The items came by more ways than one entry can name.
    ItemsTooApart = "items-too-apart",
    SerialsBackward = "serials-backward",
    OfferClosed = "offer-closed",
    OfferNotYours = "offer-not-yours",
    /// The step is another role's, or has no such part.
    StepNotYours = "step-not-yours",
    WitnessDiffers = "witness-differs",
    FormCodeWrong = "form-code-wrong",
    ExceptionUnknown = "exception-unknown",
    /// One person deletes by a rule only when the shortest rule has run out.
    DeletionEarly = "deletion-early",
    /// A deletion names between one and 256 places, each once.
    DeletionMalformed = "deletion-malformed",
    /// Nodes delete by themselves only by a standing order that two persons signed and nobody ended.
    StandingNotInForce = "standing-not-in-force",
    /// The owner of a measure is one of those to whom its order goes.
    OwnerNotAddressed = "owner-not-addressed",
    /// A measure is confirmed before the warning's window opens.
    MeasureTooLate = "measure-too-late",
    /// A root's name has no small letters and one digit at least, so that it is nobody's name.
    RootMalformed = "root-malformed",
    WindowBackward = "window-backward",
    /// The text of a report comes sealed, and within its limit.
    TextNotSealed = "text-not-sealed",
    /// No desk is known to which the text could be sealed, or it was sealed to others.
    TextSealedElsewhere = "text-sealed-elsewhere",
    PlaceTooWide = "place-too-wide",
    ReportNotGraded = "report-not-graded",
    ReportNotSanitised = "report-not-sanitised",
    ReportWithdrawn = "report-withdrawn",
    ReportExpired = "report-expired",
    ReportsMissing = "reports-missing",
    /// The person was not admitted to the compartment, or no longer is.
    CompartmentClosed = "compartment-closed",
    /// Nobody needs to be admitted to what is open.
    CompartmentOpen = "compartment-open",
    WatchUnknown = "watch-unknown",
    TaskClosed = "task-closed",
    EquipmentUnknown = "equipment-unknown",
    EquipmentStateForbids = "equipment-state-forbids",
    /// Between one and a thousand and twenty-four pieces, each once.
    EquipmentItems = "equipment-items",
    CountsContradict = "counts-contradict",
    MaskMalformed = "mask-malformed",
    MaskUnconfirmed = "mask-unconfirmed",
    FrameUnknown = "frame-unknown",
    /// A report that speaks of those who guard comes sealed.
    ComplaintInClear = "complaint-in-clear",
    /// A number or an address that leads to a person stands in the text; it is not echoed.
    ContactInText = "contact-in-text",
    /// The answer to a complaint is a word of the list.
    NoteOnComplaint = "note-on-complaint",
    TimeTooFine = "time-too-fine",
    PlaceTooFine = "place-too-fine",
    ReceiptTaken = "receipt-taken",
    ReportStateForbids = "report-state-forbids",
    /// Three to sixteen parties, each once; a share for each of the others.
    DrawMalformed = "draw-malformed",
    /// A draw of the area stands: nobody brings a second input.
    DrawStands = "draw-stands",
    NotAParty = "not-a-party",
    /// Nobody has published the key to which a party's shares are sealed.
    PartyWithoutKey = "party-without-key",
    StageNotNext = "stage-not-next",
    /// Two persons have not opened the stage.
    StageNotOpen = "stage-not-open",
    CommittedAlready = "committed-already",
    /// A secret shown before all have committed could still be answered.
    CommitmentsMissing = "commitments-missing",
    DrawStateForbids = "draw-state-forbids",
    UnitUnknown = "unit-unknown",
    UnitStateForbids = "unit-state-forbids",
    /// The crew is on its feet for longer than it may be sent anywhere.
    CrewUnrested = "crew-unrested",
    RestTooShort = "rest-too-short",
    /// A duty has a crew of at least one, who were on their feet before it began and not after.
    DutyMalformed = "duty-malformed",
    /// Fewer units than the floor would stay behind: a second person has to sign.
    ReserveBelowFloor = "reserve-below-floor",
    /// What a sending says of the units that stay behind contradicts itself.
    ReserveMalformed = "reserve-malformed",
    /// Only a unit that is at the same incident takes over there.
    ReliefElsewhere = "relief-elsewhere",
    /// A drill says each path and failure once, and no more was answered than asked.
    DrillMalformed = "drill-malformed",
    /// A schedule with no team, one named twice, nothing sealed, or an hour on another day.
    PatrolMalformed = "patrol-malformed",
    /// One schedule stands for an area and a day.
    PatrolStands = "patrol-stands",
    /// Nobody shows a schedule before its hour.
    PatrolTooEarly = "patrol-too-early",
    /// A withdrawn schedule stays sealed.
    PatrolWithdrawn = "patrol-withdrawn",
    /// A plan of reserves with no base, one named twice, times that are none, or another hash than its own.
    BasingMalformed = "basing-malformed",
    /// A list, test, certificate or forecast that does not hold together.
    TrainingMalformed = "training-malformed",
    /// Nobody signs for themselves, and no trainer sits on his own course.
    TrainingOwnRecord = "training-own-record",
    /// Nothing is recorded before its day, and no test before its course.
    TrainingAhead = "training-ahead",
    /// Somebody is not on the list that the act is about.
    TrainingNotAttended = "training-not-attended",
    /// What a certificate rests on is of another module, area or course.
    TrainingOtherCourse = "training-other-course",
    TrainingHoursShort = "training-hours-short",
    TrainingQuizFailed = "training-quiz-failed",
    TrainingPracticalFailed = "training-practical-failed",
    /// Another entry stands in the place of what the act names.
    TrainingCorrected = "training-corrected",
    /// The same certificate was taken back.
    TrainingWithdrawn = "training-withdrawn",
    /// A message that breaks the standard or a limit: signs, outline, or whom it is for.
    AlertMalformed = "alert-malformed",
    AlertStateForbids = "alert-state-forbids",
    /// An alert ends, and in good time.
    AlertExpires = "alert-expires",
    /// What was told to some is not told to everybody, and nobody releases another scope than was written.
    AlertNotPublic = "alert-not-public",
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn is_arabic_script(c: char) -> bool {
        ('\u{0600}'..='\u{06ff}').contains(&c)
    }

    #[test]
    fn every_refusal_speaks_english_and_urdu() {
        for code in RefusalCode::ALL {
            let (english, urdu) = (code.english(), code.urdu());
            assert!(english.len() > 20 && english.ends_with('.'), "{code:?}: {english}");
            assert!(english.is_ascii(), "{code:?}: {english}");
            assert!(urdu.ends_with('۔'), "{code:?}: {urdu}");
            let letters = urdu.chars().filter(|c| c.is_alphabetic());
            let foreign: String = letters.filter(|c| !is_arabic_script(*c)).collect();
            assert_eq!(foreign, "", "{code:?}: {urdu}");
            assert!(urdu.split_whitespace().count() >= 4, "{code:?}: {urdu}");
        }
    }

    #[test]
    fn no_two_refusals_share_a_name_or_a_sentence() {
        let count = RefusalCode::ALL.len();
        let names: BTreeSet<_> = RefusalCode::ALL.iter().map(|code| code.code()).collect();
        let english: BTreeSet<_> = RefusalCode::ALL.iter().map(|code| code.english()).collect();
        let urdu: BTreeSet<_> = RefusalCode::ALL.iter().map(|code| code.urdu()).collect();
        assert_eq!((names.len(), english.len(), urdu.len()), (count, count, count));
    }
}
