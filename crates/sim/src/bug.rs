//! Bugs that are planted on purpose, in the simulated node. Every one must be noticed.

macro_rules! bugs {
    ($($name:ident: $text:literal,)+) => {
        /// One planted bug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Bug {
            $(#[doc = $text] $name,)+
        }

        impl Bug {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// What the node does wrong.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

bugs! {
    AnswerBeforeSync: "answers before the disk has the entry",
    FullDiskUnnoticed: "answers although the disk was full",
    LastRecordForgotten: "forgets the last record at every start",
    FirstRecordForgotten: "forgets the first record at every start",
    ForksForgotten: "forgets at a start which logs are forked",
    StatementsForgotten: "forgets at a start who was certified and revoked since the beginning",
    RotUnnoticed: "does not look whether what it reads from the disk is what it wrote",
    OldEpochAfterRestore: "goes on in the old epoch after a restored backup",
    SameEpochTwice: "draws the same epoch for every restore",
    PlaceFromMemory: "counts places by itself and not from what it holds",
    EpochForgotten: "forgets at a start that a restore opened another epoch",
    UnlinkedEntry: "does not point back to the entry before",
    SignaturesUnchecked: "believes entries without looking at signatures",
    OtherElectionTaken: "believes entries of another election",
    StrangersTaken: "believes devices that nobody enrolled",
    ForkDropped: "drops what contradicts it and says nothing",
    ForkOverwrites: "puts what contradicts it in the place of what it held",
    ForkOffByOne: "marks a fork one place too late",
    ForkedStillClean: "lets entries after a fork take effect",
    ForksUntold: "tells no other node of forks",
    ForkBeginsWhereFound: "never looks where a fork began, and believes nobody who did",
    ForkProofUnchecked: "believes any claim of a fork",
    RevocationIgnored: "lets entries of revoked devices take effect",
    RevocationOneLate: "believes one entry too many of a revoked device",
    RevocationOneEarly: "disbelieves the last good entry of a revoked device",
    RevocationDeletes: "deletes the entries of revoked devices",
    RevocationOfAnybody: "lets anybody revoke anybody",
    CertificateOfAnybody: "lets anybody certify anybody",
    ExpiryIgnored: "lets a certificate hold for ever",
    AreaIgnored: "lets a device act in every area",
    RoleIgnored: "lets a device act in every role",
    ClockAheadDropped: "drops entries whose clock runs ahead",
    HeadsUncompared: "compares how long logs are and not what stands at their end",
    LaterEpochsUntold: "compares first epochs alone",
    StatementsUntold: "tells no other node of certificates and revocations",
    ScopeIgnored: "sends everybody everything",
    PayloadsLeak: "sends payloads that the peer may not read",
    ScopeUnasked: "takes what it may not hold",
    KnownCountsAgain: "lets an entry that comes twice take effect twice",
    WitnessForgets: "forgets at a start which trees it has witnessed",
    WitnessUnproven: "witnesses a tree that does not grow out of the one before",
    TreeForkUnseen: "says nothing of a node that signs two histories of its tree",
    ReceiptUnchecked: "believes any proof that an entry was received in time",
    OneWitnessEnough: "believes a single witness",
    LateWitnessEnough: "believes witnesses who signed after a theft",
    WitnessesScoped: "tells only those whose area it is who is a witness",
    OfficesScoped: "tells only those whose area it is which offices enrol",
    TakenAwayScoped: "tells only those whose area it is that an office or a witness was taken away",
    OneCertificateTold: "tells of a device with two areas only the certificate of the peer's",
    ProvenOnce: "proves what it saw before a theft when the revocation comes and never again",
    DeletionKeptOnDisk: "deletes in memory and leaves the disk as it was",
    DeletedComesBack: "takes a deleted payload again when a peer brings it",
    DeletionOfAnybody: "lets anybody delete anything",
    DeletionOfNeighbour: "deletes what stands after the named place, too",
    DeletionByPlace: "deletes all that stands at a named place, though the order reaches one side of a fork alone",
    DeletionLeavesProofs: "deletes in the logs and leaves the copy that a fork's proof carries",
    AsksNever: "answers who dials it and does not ask in its turn",
    OrderOfArrival: "lets the last to arrive win",
}
