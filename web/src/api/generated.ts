// Written by `npm run types` from crates/pehra/openapi.json; not by hand.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The entry that was made. */
        ActView: {
            /** @description None when what was asked for is so already. */
            id?: string | null;
        };
        /** @description What is done about an incident. */
        ActWish: {
            /**
             * @description `acknowledge`, `judge`, `assign`, `depart`, `arrive`, `contain`, `close`, `reopen`, `reclassify`, `toll`, `merge`,
             *     `part` or `bypass`.
             */
            act: string;
            area: string;
            /** @description `two-sources`, `official-on-scene` or `desk`. */
            basis?: string | null;
            code?: string | null;
            complaint?: boolean;
            /** @description `verified`, `unverified` or `false`. */
            finding?: string | null;
            into?: string | null;
            /** @description The level that did not answer. */
            level?: string | null;
            note?: string;
            /** @description `contained`, `nothing-found`, `handed-over` or `noted`. */
            outcome?: string | null;
            /** Format: int32 */
            severity?: number | null;
            /** @description Killed at least and at most, hurt at least and at most. */
            toll?: number[] | null;
            /** @description Whose figure the toll is. */
            toll_source?: string | null;
            units?: string[];
        };
        /** @description One addressee. Every time is Unix milliseconds; `None` where a stage was not reached. */
        AddressedView: {
            /** Format: int64 */
            acted_ms?: number | null;
            area: string;
            /**
             * Format: int64
             * @description Until when they have time: it runs from delivery.
             */
            due_ms: number;
            /** @description Nobody read it in its time. */
            hand: boolean;
            /** @description It is not there and no line that leads there carries: the runner must go. */
            not_reachable: boolean;
            /** @description None while nobody is known to hold the role there. */
            person?: string | null;
            /** @description By what they can be reached: `here`, `open`, `dark` or `unknown`. */
            reach: string;
            /** Format: int64 */
            read_ms?: number | null;
            /** Format: int64 */
            received_ms?: number | null;
            role: string;
            /** Format: int64 */
            sent_ms?: number | null;
        };
        /** @description Roles that an order may name, and areas for which whoever asks may give one. */
        Addressees: {
            areas: string[];
            roles: string[];
        };
        AdmissionRow: {
            admitted_by: string;
            area: string;
            compartment: string;
            id: string;
            person: string;
            reason: string;
            /** Format: int64 */
            until_ms: number;
        };
        /** @description Age and source, as every answer with figures carries them. */
        Age: {
            /** Format: int64 */
            as_of_ms: number;
            source: string;
        };
        /** @description What an exercise is for. */
        AimRow: {
            area: string;
            by: components["schemas"]["MarkView"];
            /** @description Names it when it is judged. */
            id: string;
            text: string;
            /** @description `open`, `met`, `missed` or `disputed`. */
            verdict: string;
        };
        AimWish: {
            area: string;
            text: string;
        };
        /**
         * @description Why a frame and its entry need a person.
         * @enum {string}
         */
        AlarmKind: "kind-differs" | "time-differs" | "content-differs" | "contradicted" | "overdue" | "revoked";
        /** @description A word that its signed entry contradicts, whose entry stays away, or whose device was revoked. */
        AlarmView: {
            /** Format: int64 */
            at_ms: number;
            device: string;
            kind: components["schemas"]["AlarmKind"];
            name: string;
            /** Format: int64 */
            seq: number;
        };
        /** @description What is done about an alert. */
        AlertAct: {
            /** @description `release`, `discard` or `cancel`. */
            act: string;
            /** @description What a cancellation says, in both languages. */
            english?: string;
            /** @description Why it is thrown away. */
            reason?: string;
            urdu?: string;
        };
        /**
         * @description Something that whoever asks may do now.
         * @enum {string}
         */
        AlertActView: "release" | "discard" | "update" | "cancel";
        AlertCircle: {
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            /** Format: int32 */
            radius_m: number;
        };
        /** @description What was said when it was thrown away or taken back. */
        AlertEnd: {
            by: components["schemas"]["DoneBy"];
            english: string;
            /** @description The cancellation's own message; none for a draft that was thrown away. */
            message?: string | null;
            urdu: string;
        };
        /** @description What is drawn on a partner's map. */
        AlertOutline: {
            /** @description `area`: as this node knows it; `circle`; `none`: its name alone. */
            kind: string;
            /**
             * Format: int32
             * @description Ten-millionths of a degree.
             */
            lat_e7?: number | null;
            /** Format: int32 */
            lon_e7?: number | null;
            /** Format: int32 */
            radius_m?: number | null;
        };
        AlertRow: {
            acts: components["schemas"]["AlertActView"][];
            circles: components["schemas"]["AlertCircle"][];
            /**
             * Format: int32
             * @description Corners of the polygons that go out, and circles.
             */
            corners: number;
            drafted: components["schemas"]["DoneBy"];
            ended?: components["schemas"]["AlertEnd"] | null;
            /** @description Where whoever asks fetches the signed file; none before it is out. */
            file?: string | null;
            id: string;
            /** @description Where everybody reads it; none where it is not for everybody, or not out. */
            link?: string | null;
            /** @description Another person has to release it: whoever asks wrote it. */
            own: boolean;
            /** @description `drafted`, `discarded`, `released`, `updated`, `expired`, `cancelled` or `disputed`. */
            phase: string;
            released?: components["schemas"]["DoneBy"] | null;
            /** @description Released updates of it. */
            updates: string[];
            /** @description As it was written; `outline` says how it is drawn. */
            written: components["schemas"]["AlertWish"];
        };
        /** @description An alert as it is written. */
        AlertWish: {
            /** @description Offices, where it is Private. */
            addresses?: string[];
            area: string;
            /** @description Words of the protocol: `Security`, `Avoid`, `Immediate`, `Severe`, `Observed`, `Public`. */
            category: string;
            certainty: string;
            english: components["schemas"]["AlertWords"];
            /** Format: int64 */
            expires_ms: number;
            /** @description The alert that this one takes the place of. */
            follows?: string | null;
            /** @description What made somebody write it: an incident of the same area, or a warning. It does not go out. */
            incident?: string | null;
            /** Format: int64 */
            onset_ms?: number | null;
            outline: components["schemas"]["AlertOutline"];
            response: string;
            /** @description For whom, where it is Restricted. */
            restriction?: string;
            scope: string;
            severity: string;
            urdu: components["schemas"]["AlertWords"];
            urgency: string;
            warning?: string | null;
        };
        /** @description What one language says. */
        AlertWords: {
            description: string;
            event: string;
            headline: string;
            instruction?: string;
            /** @description The office that speaks; no person. */
            office: string;
            place: string;
        };
        AlertsView: {
            /** @description What waits for a second person first, then the newest. */
            alerts: components["schemas"]["AlertRow"][];
            /** @description Areas for which whoever asks may write one, their own first. */
            drafts: string[];
            /** @description Where partners find the feed. */
            feed: string;
            /** Format: int64 */
            now_ms: number;
            /** @description What every message of this election is: `Actual`, `Exercise` or `Test`. */
            status?: string | null;
            /** @description Drafts that whoever asks may release. */
            waiting: number;
        };
        /** @description An entry that answers this one. */
        AnswerView: {
            /** @description It stands in this one's stead. */
            replaces: boolean;
            row: components["schemas"]["RecordRow"];
        };
        ApproveWish: {
            /** @description A third person who agrees: needed within ten days before the poll. */
            second?: string | null;
        };
        /** @description The mode of an area: what was observed of its public paths, never what was announced. */
        AreaMode: {
            area: string;
            /** @description `normal`, `shutdown` or `returning`. */
            mode: string;
            /** Format: int64 */
            since_ms?: number | null;
        };
        /** @description One area: courses lie in it or below. */
        AreaStatus: {
            area: string;
            /**
             * Format: int64
             * @description Different people on any list.
             */
            attended: number;
            /** @description Certificates that count, M1 first. */
            by_module: number[];
            /**
             * Format: int64
             * @description Different people with any certificate that counts on the day of the poll.
             */
            certified: number;
            /** Format: int64 */
            courses: number;
            /**
             * Format: int64
             * @description Courses of which two lists differ.
             */
            disputed: number;
            /** Format: int64 */
            expected?: number | null;
            /**
             * Format: int64
             * @description Expected ready by today, and by the day of the poll, if the timetable is kept.
             */
            expected_today?: number | null;
            /** @description People who lack each module, M1 first, as the forecast counted. */
            lacking: number[];
            /**
             * Format: int64
             * @description Of them lack nothing, as the forecast counted.
             */
            ready?: number | null;
            /**
             * Format: int64
             * @description People with a task in the plan, by the forecast.
             */
            tasked?: number | null;
            /**
             * Format: int64
             * @description People who passed and wait for somebody to certify them.
             */
            waiting: number;
        };
        AreaSummary: {
            area: string;
            /** Format: int64 */
            completeness_pct: number;
            /** Format: int64 */
            disagreements: number;
            /** Format: int64 */
            mean_centi: number;
            /** Format: int64 */
            most: number;
            name: string;
            name_ur?: string | null;
            /** Format: int64 */
            normal: number;
            province: string;
            /** Format: int64 */
            provisional: number;
            /** Format: int64 */
            sensitive: number;
            /** Format: int64 */
            stations: number;
        };
        AreaView: {
            alarms: components["schemas"]["SilenceView"][];
            counts: components["schemas"]["CountsView"];
            /**
             * Format: int64
             * @description The newest word of any station there.
             */
            heard_ms?: number | null;
            /**
             * Format: int32
             * @description As in the points' district column.
             */
            index: number;
        };
        AskAnswer: {
            note?: string;
            /** @description Signs it; otherwise declines it, and the note says why. */
            sign: boolean;
        };
        /** @description A wish to go below the floor. */
        AskView: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            by: string;
            /** Format: int32 */
            floor: number;
            goal: components["schemas"]["GoalView"];
            id: string;
            /** @description Units that would stay behind, and how many should. */
            kept: string[];
            /** @description Whoever asks may sign it: another person, whose role signs. */
            may_sign: boolean;
            note: string;
            /** @description `asked`, `approved`, `declined` or `disputed`. */
            phase: string;
            role: string;
            unit: string;
        };
        AssessWish: {
            /**
             * Format: int32
             * @description At most 10,000; 500 when not given.
             */
            draws?: number | null;
            /** @description Sign thresholds that fit the sizes of the authority's classes first. */
            fit?: boolean | null;
            /** Format: int64 */
            seed?: number | null;
        };
        AssessmentSummary: {
            /** Format: int64 */
            as_of_ms: number;
            /** Format: int64 */
            completeness_pct: number;
            /** Format: int64 */
            disagreements: number;
            districts: components["schemas"]["AreaSummary"][];
            /** Format: int32 */
            draws: number;
            /** @description Computed classes. */
            national: components["schemas"]["ClassCount"];
            /** @description Official classes. */
            official: components["schemas"]["ClassCount"];
            provinces: components["schemas"]["AreaSummary"][];
            /** Format: int64 */
            provisional: number;
            /** Format: int64 */
            seed: number;
            source: string;
            /**
             * Format: int64
             * @description Stations within reach that are assessed.
             */
            stations: number;
            /**
             * Format: int64
             * @description Stations within reach that came after the assessment.
             */
            unassessed: number;
        };
        /** @description Scores in hundredths. */
        AssessmentView: {
            /** Format: int64 */
            as_of_ms: number;
            class: components["schemas"]["ClassWord"];
            /** @description Probability of normal, sensitive, most in thousandths. */
            class_permille: number[];
            /** Format: int32 */
            completeness_pct: number;
            disagrees: boolean;
            /** @description The class by which forces are due: the official one where there is one. */
            force_class: components["schemas"]["ClassWord"];
            /** Format: int32 */
            inherent_centi: number;
            official?: components["schemas"]["ClassWord"] | null;
            overrides: components["schemas"]["OverrideView"][];
            /** Format: int32 */
            p10_centi: number;
            /** Format: int32 */
            p50_centi: number;
            /** Format: int32 */
            p90_centi: number;
            provisional: boolean;
            /** Format: int32 */
            residual_centi?: number | null;
            source: string;
        };
        AttendWish: {
            area: string;
            /** @description Made from venue, day and module unless given. */
            course?: string | null;
            /**
             * Format: int32
             * @description The module's hours unless given.
             */
            hours?: number | null;
            /** Format: int32 */
            module: number;
            /** @description Service numbers as they were typed, pasted or scanned: parted by spaces, commas or lines. */
            numbers: string;
            on: string;
            /** @description `list`, `code` or `phone`. */
            taken: string;
            trainer: string;
            venue: string;
        };
        AttestedView: {
            alarms: components["schemas"]["AlarmView"][];
            unsigned: components["schemas"]["UnsignedView"][];
        };
        BacktestWish: {
            /**
             * Format: int32
             * @description At most 10,000.
             */
            bootstraps?: number | null;
            /** Format: int32 */
            days_after?: number | null;
            /** Format: int32 */
            days_before?: number | null;
            /**
             * Format: int32
             * @description Location precision 1 (exact) to 6 (country); events coarser than this are left out.
             */
            place_precision_max?: number | null;
            /** @description `2013-05-11`: the poll whose window is scored; the model knows only what came before the window. */
            poll?: string | null;
            /** Format: int64 */
            seed?: number | null;
            top_districts?: number | null;
        };
        /** @description A backup of this node. */
        BackupRow: {
            /** Format: int64 */
            at_ms: number;
            /** @description False when it is no longer where it was made: moved, or destroyed. */
            is_there: boolean;
            path: string;
        };
        /** @description A signature beside the author's. */
        BesideView: {
            holds: boolean;
            key: string;
            name: string;
            /** @description `actor`, `second-person`, or a newer part. */
            part: string;
            stands: boolean;
        };
        Board: {
            /** @description The gravest first. */
            areas: components["schemas"]["BoardRow"][];
            /** Format: int64 */
            now_ms: number;
            /** @description Hand-overs without effect: one signature, or one person for two. */
            refused: components["schemas"]["RefusedView"][];
        };
        /** @description Counts of one area. */
        BoardRow: {
            area: string;
            /** @description Stations whose bags the returning officer does not have yet. */
            awaited: number;
            items: number;
            /** @description Open exceptions by severity, 1 to 5. */
            open: number[];
            /** @description Items by where they stand: `held`, `offered`, `moving`, `late` … */
            phases: {
                [key: string]: number;
            };
            stations: number;
        };
        BranchWish: {
            /** @description None: from now. */
            at?: string | null;
            events: components["schemas"]["DrillWish"][];
        };
        BuildingPage: components["schemas"]["Age"] & {
            rows: components["schemas"]["PlanBuilding"][];
            total: number;
        };
        /** @description To whom a bundle goes: addresses as `pehra link address` writes them, names or ids of the roster. */
        BundleWish: {
            to: string[];
        };
        /** @description Whose answer is awaited on one side. */
        CallView: {
            answered?: string | null;
            /** Format: int64 */
            answered_ms?: number | null;
            level: string;
            /** @description Levels that did not answer in time. */
            passed: string[];
            /** Format: int64 */
            since_ms: number;
            /**
             * Format: int64
             * @description When the level above is asked; none at the top or once answered.
             */
            until_ms?: number | null;
        };
        /** @description Where a camera is. The password goes in and never comes out. */
        CameraWish: {
            area: string;
            equipment: string;
            password?: string;
            /** @description `rtsp://HOST:PORT/PATH`, without a password; empty forgets the camera's address. */
            url: string;
            user?: string;
        };
        CampaignChannel: {
            channel: string;
            /**
             * Format: int32
             * @description Thousandths of its reach that are left while mobile networks are off.
             */
            survives: number;
        };
        CampaignDraft: {
            area: string;
            /** @description `radio`, `poster` and so on, each once. */
            channels: string[];
            /** Format: int64 */
            cost_rs?: number;
            /** @description Of a correction: `incident AREA ID` or `report ID`, as the list of facts names it. */
            fact?: string;
            /** @description `2024-02-01`. */
            from: string;
            name: string;
            /** Format: int64 */
            reach_planned?: number;
            /** @description By language's code. */
            texts: {
                [key: string]: string;
            };
            /** @description `safety`, `station`, `guards`, `help`, `reporting` or `correction`. */
            topic: string;
            until: string;
        };
        /** @description What a correction may rest on: no words of it, and nobody's name. */
        CampaignFact: {
            area: string;
            /** @description As the draft names it. */
            fact: string;
            /** @description `verified` or `false`. */
            finding: string;
            /** @description The incident's code or the report's topic. */
            kind: string;
        };
        /** @description One language of a campaign. */
        CampaignLanguage: {
            /** @description Whoever asks may do this about it: `write`, `sign`, `fault`. */
            acts: string[];
            /** @description Rules of neutrality that the text would break today: another version of the table may have let it pass. */
            breaks: string[];
            /** @description What a reader holds against it. */
            fault: string;
            /** @description `ur`, `sd`, `ps`, `pa`, `bal`, `skr` or `en`. */
            language: string;
            /** @description Who signed the text as it stands; two are needed. */
            readers: components["schemas"]["MarkView"][];
            readers_needed: number;
            /** @description `missing`, `unsigned`, `faulty`, `disputed`, `signed` or `out`. Blocked is all but `out`. */
            standing: string;
            /** @description Several where it was written apart; none where nobody wrote. */
            texts: string[];
        };
        CampaignLog: {
            /** @description Areas for which whoever asks may draft. */
            areas: string[];
            /** @description What runs first, then what waits for somebody, then the rest; the newest first within each. */
            campaigns: components["schemas"]["CampaignRow"][];
            /** @description All there are, with what survives a cut. */
            channels: components["schemas"]["CampaignChannel"][];
            facts: components["schemas"]["CampaignFact"][];
            languages: string[];
            topics: string[];
        };
        CampaignMeasure: {
            /** @description The campaign's own area when it is empty. */
            area?: string;
            channel: string;
            /** @description How it is known. */
            how: string;
            /** @description `2024-02-05`. */
            on: string;
            /** Format: int64 */
            reached: number;
            /** Format: int64 */
            spent_rs: number;
        };
        CampaignMeasured: {
            area: string;
            by: components["schemas"]["MarkView"];
            channel: string;
            how: string;
            on: string;
            /** Format: int64 */
            reached: number;
            /** Format: int64 */
            spent_rs: number;
        };
        CampaignNote: {
            note?: string;
        };
        CampaignPlan: {
            /** Format: int64 */
            adults: number;
            /**
             * Format: int64
             * @description No choice within the budget reaches more.
             */
            bound: number;
            /** Format: int64 */
            budget_rs: number;
            channels: components["schemas"]["CampaignUse"][];
            /** Format: int64 */
            cost_rs: number;
            /**
             * Format: int64
             * @description In millionths of the bound.
             */
            gap_ppm: number;
            languages: components["schemas"]["CampaignSpoken"][];
            /**
             * Format: int64
             * @description Audiences of a group taken as independent.
             */
            reached: number;
            /**
             * Format: int64
             * @description If every audience of a group lay inside the largest, and if no two met.
             */
            reached_at_least: number;
            /** Format: int64 */
            reached_at_most: number;
            /** Format: int64 */
            reached_without_cut: number;
            /** Format: int64 */
            women: number;
            /** Format: int64 */
            women_reached: number;
        };
        CampaignRow: {
            /** @description Whoever asks may do this about it: `approve`, `refuse`, `stop`, `measure`. */
            acts: string[];
            area: string;
            by: components["schemas"]["MarkView"];
            channels: components["schemas"]["CampaignChannel"][];
            /** Format: int64 */
            cost_rs: number;
            /** @description What a correction rests on; empty for everything else. */
            fact: string;
            from: string;
            /** @description Whether that is still known; true of everything else. */
            grounded: boolean;
            /** @description Names it when something is done about it. */
            id: string;
            languages: components["schemas"]["CampaignLanguage"][];
            measures: components["schemas"]["CampaignMeasured"][];
            name: string;
            /** @description `drafted`, `read`, `approved`, `running`, `over`, `measured`, `refused`, `stopped` or `disputed`. */
            phase: string;
            /** Format: int64 */
            reach_planned: number;
            /**
             * Format: int64
             * @description The latest word of each channel and place, added up: whom two channels reached counts twice.
             */
            reached: number;
            /** Format: int64 */
            spent_rs: number;
            topic: string;
            until: string;
            words: components["schemas"]["CampaignWord"][];
        };
        /** @description People who speak a language at home. */
        CampaignSpoken: {
            /** Format: int64 */
            adults: number;
            /** @description Two native readers have signed no text in it, or it was not asked for. */
            blocked: boolean;
            /** @description A code, or `other`. */
            language: string;
            /** Format: int64 */
            reached: number;
            /** Format: int64 */
            reached_without_cut: number;
        };
        CampaignText: {
            text: string;
        };
        CampaignUse: {
            channel: string;
            /** Format: int64 */
            cost_rs: number;
            /** Format: int64 */
            offers: number;
        };
        /** @description Somebody's word about where it stands. */
        CampaignWord: {
            by: components["schemas"]["MarkView"];
            note: string;
            /** @description `approved`, `refused` or `stopped`. */
            word: string;
        };
        CertificateView: {
            /** Format: int64 */
            dual_bound: number;
            engine: string;
            /** Format: int64 */
            gap: number;
            input_hash: string;
            notes: string[];
            /** Format: int64 */
            objective: number;
            relaxations: components["schemas"]["RelaxationView"][];
            /** Format: int64 */
            seed: number;
        };
        CertificateWish: {
            number: string;
            reason: string;
        };
        /** @description A key that somebody vouched for. */
        CertifiedView: {
            area: string;
            /**
             * Format: int64
             * @description Entries of a device that are held here, and the first place that two signed histories claim.
             */
            entries: number;
            /** Format: int64 */
            forked_at?: number | null;
            /** @description Names of those who issued it; `root` for the root's keys. */
            issued_by: string[];
            /** @description The key's id, 32 hexadecimal digits. */
            key: string;
            name: string;
            /** Format: int64 */
            not_after_ms: number;
            /** Format: int64 */
            not_before_ms: number;
            own_device: boolean;
            revoked: components["schemas"]["RevocationView"][];
            roles: string[];
            /** @description Whether the root stands behind it and nobody took it back. */
            stands: boolean;
            /** @description `device`, `person`, `office` or the code of a newer sort. */
            subject: string;
        };
        CertifyWish: {
            area: string;
            /** Format: int64 */
            not_after_ms: number;
            /** @description The request as text, or the id of a key whose request waits here. */
            request: string;
            roles: string[];
        };
        ChargeAction: {
            /** @description `2024-03-01`. */
            due: string;
            /** @description The code of a role that answers. */
            owner: string;
            text: string;
        };
        /** @description What meets a warning: who owns it, and until when they say that it is done. */
        ChargeWish: {
            /** Format: int64 */
            confirm_by_ms: number;
            /** @description `harden`, `reroute`, `delay`, `reinforce`. */
            measure: string;
            /** @description One of those to whom the order goes. */
            owner: string;
            /** @description The warning's id. */
            warning: string;
        };
        /** @description One row of the schedule. */
        CheckInKind: {
            /** Format: int32 */
            amber_min: number;
            code: string;
            /** Format: int32 */
            red_min: number;
            sender: string;
            what: string;
        };
        /** @description One check-in as a desk heard it or an officer says it. */
        CheckInWish: {
            /**
             * Format: int64
             * @description Now, unless another moment is given.
             */
            at_ms?: number | null;
            /** @description `A7`. */
            code: string;
            counts?: (number | null)[];
            note?: string;
            /** @description `radio`, `fixed`, `courier`, `in-person`, `cellular` or `satellite`. */
            rung: string;
            station: string;
            /** @description False: trouble. */
            well: boolean;
        };
        CheckInsDone: {
            /** @description Signed entries; fewer than districts when everything was on record already. */
            entries: number;
        };
        CheckInsWish: {
            items: components["schemas"]["CheckInWish"][];
        };
        /** @description What a person decides before a file is checked; every part may be left out. */
        CheckWish: {
            /**
             * @description The file is the complete list of the constituencies (or of the districts and tiers) that it names: what it
             *     does not name there is removed.
             */
            complete?: boolean;
            /** @description Pairs that are one station: the National Assembly's key, then the provincial one. */
            joined?: [
                string,
                string
            ][];
        };
        ChoiceView: {
            /**
             * Format: int32
             * @description Hundredths of points, 0 (no concern) to 400 (extreme).
             */
            centi: number;
            en: string;
            key: string;
            ur: string;
        };
        /** @description One check-in as it was heard. */
        ClaimView: {
            /** Format: int64 */
            at_ms: number;
            by: string;
            code: string;
            /** @description What the three numbers are follows from the code. */
            counts: (number | null)[];
            disputed: boolean;
            /** @description Device, log epoch and number of the entry. */
            entry: string;
            note: string;
            role: string;
            rung: string;
            struck: boolean;
            word: string;
        };
        ClassAgain: {
            /** Format: int32 */
            module: number;
            /** Format: int32 */
            percent: number;
        };
        ClassAnswers: {
            /** @description Raised hands for each answer of each situation, as shown. */
            hands: number[][];
        };
        /** @description Where a situation is drawn from. */
        ClassCase: {
            district: string;
            /** @description `RC16`. */
            id: string;
            /** @description The press report. */
            source: string;
        };
        ClassCount: {
            /** Format: int64 */
            most: number;
            /** Format: int64 */
            normal: number;
            /** Format: int64 */
            sensitive: number;
        };
        ClassLine: {
            /** Format: int32 */
            all: number;
            hands: number[];
            id: string;
            /** @description More hands went up for another answer than for the right one. */
            misled: boolean;
            /** Format: int32 */
            module: number;
            /**
             * Format: int32
             * @description None where nobody raised a hand.
             */
            percent?: number | null;
            /** Format: int32 */
            right: number;
        };
        ClassSheet: {
            /** @description Modules to be heard again, the weakest first. */
            again: components["schemas"]["ClassAgain"][];
            /** Format: int32 */
            all: number;
            /**
             * Format: int32
             * @description Below this share of right hands a module is.
             */
            enough_percent: number;
            lines: components["schemas"]["ClassLine"][];
            mark: string;
            /** Format: int32 */
            percent: number;
            /** Format: int32 */
            right: number;
        };
        ClassSituation: {
            case?: components["schemas"]["ClassCase"] | null;
            id: string;
            /** Format: int32 */
            module: number;
            options: components["schemas"]["TrainerText"][];
            /** @description What the class talks about. */
            points: components["schemas"]["TrainerText"][];
            question: components["schemas"]["TrainerText"];
            /** @description Which option is right, from 0; shown when hands were counted. */
            right: number;
            /** @description `R1` to `R9`. */
            rules: string[];
            scene: components["schemas"]["TrainerText"];
            why: components["schemas"]["TrainerText"];
        };
        ClassView: {
            mark: string;
            situations: components["schemas"]["ClassSituation"][];
        };
        /**
         * @description `normal`, `sensitive`, `most`.
         * @enum {string}
         */
        ClassWord: "normal" | "sensitive" | "most";
        /** @description The clock by which the day goes: the wall's, or an exercise's own. */
        ClockView: {
            /** Format: int64 */
            now_ms: number;
            /** @description An exercise set it. */
            own: boolean;
            /**
             * Format: int32
             * @description Thousandths of the wall's pace; 1,000 unless an exercise set another.
             */
            pace_milli: number;
        };
        CodeCount: {
            code: string;
            /** Format: int64 */
            count: number;
            severity: string;
            text_en: string;
            text_ur: string;
        };
        /** @description A code for another device's camera. */
        CodeView: {
            /** @description What the code says: it can be pasted like the text. */
            code: string;
            /** @description The drawing. */
            svg: string;
        };
        CodeWish: {
            /** @description A request or statements as text. */
            text: string;
        };
        CodesSeen: {
            brought?: components["schemas"]["Imported"] | null;
            /** Format: int32 */
            held: number;
            /** Format: int32 */
            needed: number;
            /** @description What is on its way. */
            object?: string | null;
            /**
             * Format: int32
             * @description Codes that are none of this program's, or are not believed.
             */
            refused: number;
            whole: boolean;
        };
        CodesShown: {
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int32
             * @description A camera needs about so many codes, whichever.
             */
            codes: number;
            /** Format: int64 */
            entries: number;
            /** @description Names what is shown. */
            object: string;
            to: string[];
        };
        /** @description Texts of codes that a camera saw. */
        CodesWish: {
            texts: string[];
        };
        ColumnView: {
            /** @description A meaning's key; `drop` for what must not be kept; none when unknown. */
            guess?: string | null;
            header: string;
            index: number;
            /** @description What it is taken for now. */
            meaning?: string | null;
            sample: string[];
        };
        ColumnWish: {
            index: number;
            /** @description None: not read. */
            meaning?: string | null;
        };
        CommsBand: {
            band: string;
            /** Format: int32 */
            channels_needed_at_least: number;
            /** Format: int32 */
            channels_used: number;
            /** Format: int64 */
            nets: number;
            /**
             * Format: int32
             * @description Nets that share a channel with a neighbour.
             */
            sharing: number;
        };
        CommsDistrict: {
            area: string;
            /** Format: int64 */
            cut_off: number;
            /**
             * Format: int64
             * @description Stations that even the whole plan leaves dark.
             */
            dark_planned: number;
            /** Format: int32 */
            longest_loop_min: number;
            /** Format: int64 */
            most_sensitive: number;
            name: string;
            name_ur?: string | null;
            /**
             * Format: int64
             * @description Stations that keep no proved rung while the cut lasts.
             */
            no_path: number;
            /** Format: int64 */
            relays: number;
            /**
             * Format: int64
             * @description One round of all sectors with the district, in seconds.
             */
            round_s: number;
            /** Format: int64 */
            sectors: number;
            /** Format: int64 */
            stations: number;
        };
        CommsHour: {
            /** @description Age of the picture in seconds by class: median and 95th percentile. */
            age_p50_s: number[];
            age_p95_s: number[];
            /** @description Stations with no, one, two, three or more rungs that fail for different reasons. */
            by_rungs: number[];
            /** @description Stations without any, by class: normal, sensitive, most sensitive. */
            dark: number[];
            /** Format: int32 */
            minute: number;
        };
        /** @description What a check-in asks of the nets. */
        CommsLoad: {
            /** Format: int32 */
            at_minute?: number | null;
            code: string;
            /** Format: int64 */
            district_worst_min: number;
            /**
             * Format: int32
             * @description Sector channels that cannot hear all their stations before amber.
             */
            late_channels: number;
            /** Format: int64 */
            messages: number;
            /** Format: int64 */
            sector_median_min: number;
            /** Format: int64 */
            sector_worst_min: number;
        };
        CommsLoop: {
            /** @description Some of its ways are not measured on roads. */
            estimated: boolean;
            /** Format: int32 */
            minutes: number;
            /** @description Points in the order of the visit, in degrees. */
            stops: number[][];
        };
        CommsNet: {
            bearer: string;
            /**
             * Format: int32
             * @description From 1, within its band.
             */
            channel: number;
            /** Format: int32 */
            hops: number;
            /**
             * Format: int32
             * @description From 1.
             */
            number: number;
            /** @description The sector's post, in degrees. */
            post: number[];
            relay: boolean;
            /** Format: int64 */
            round_s: number;
            /** Format: int32 */
            stations: number;
            terminal: boolean;
            /**
             * Format: int32
             * @description The net whose post repeats for it.
             */
            through?: number | null;
        };
        /** @description What must have left before the services go. */
        CommsOrder: {
            /** Format: int32 */
            before_minute: number;
            /** Format: int64 */
            stations: number;
            /** @description channel_cards, silence_rule, first_courier or last_resort. */
            what: string;
        };
        /** @description One district in full: its nets, loops, and every station's rungs. */
        CommsPlan: (components["schemas"]["Age"] | null) & {
            area: string;
            /** @description Bearers that at least one station has or could have: the columns of the matrix. */
            bearers: string[];
            /** @description Where the district's control room sits, in degrees. */
            control: number[];
            loops: components["schemas"]["CommsLoop"][];
            name: string;
            nets: components["schemas"]["CommsNet"][];
            stations: components["schemas"]["CommsStation"][];
        };
        /** @description One row of the matrix. */
        CommsStation: {
            call_sign: string;
            class: string;
            /** @description What would give it a proved path, the cheapest first; empty when it has one. */
            fixes: string[];
            id: string;
            /** Format: int32 */
            left_planned: number;
            /**
             * Format: int32
             * @description Rungs that are left while the cut lasts, one for each cause.
             */
            left_proved: number;
            /** Format: int32 */
            loop_minutes: number;
            name: string;
            /** Format: int32 */
            net: number;
            place: number[];
            /** @description By column: none, gone (with the cut), failed, untested, expired or proved. */
            rungs: string[];
        };
        /** @description The country, or what of it is within reach. */
        Communications: (components["schemas"]["Age"] | null) & {
            bands: components["schemas"]["CommsBand"][];
            check_ins: components["schemas"]["CommsLoad"][];
            /** Format: int64 */
            courier_loops: number;
            /**
             * Format: int64
             * @description Sectors that no relay reaches and that have no terminal.
             */
            cut_off: number;
            districts: components["schemas"]["CommsDistrict"][];
            /**
             * Format: int32
             * @description Minutes from midnight of the polling day.
             */
            from_minute: number;
            /**
             * Format: int64
             * @description Loops of which some ways are not measured on roads.
             */
            loops_estimated: number;
            /** Format: int64 */
            loops_over_two_hours: number;
            notice: string;
            orders: components["schemas"]["CommsOrder"][];
            planned: components["schemas"]["CommsHour"][];
            /** @description Only what tests proved, and everything that the plan foresees, hour by hour. */
            proved: components["schemas"]["CommsHour"][];
            /** Format: int64 */
            relays: number;
            /** Format: int64 */
            relays_at_least: number;
            /** Format: int64 */
            sectors: number;
            /** Format: int64 */
            sectors_at_least: number;
            services: string[];
            /** Format: int64 */
            stations: number;
            /** Format: int64 */
            terminals_bound: number;
            /**
             * Format: int64
             * @description Of the whole country's plan, whatever is within reach: placed, weight served, and the most that any placing serves.
             */
            terminals_placed: number;
            /** Format: int64 */
            terminals_served: number;
            /** Format: int32 */
            until_minute: number;
        };
        CommunityAnswer: {
            text: string;
            /** @description The feedback that is answered. */
            told: string;
        };
        CommunityArea: {
            /**
             * Format: int32
             * @description By the census; none of an area that is no district.
             */
            adults?: number | null;
            area: string;
            /** @description Without those that have ended. */
            committees: number;
            counts: components["schemas"]["CommunityCounts"];
            ended: number;
            /** @description Committees whose rota leaves a duty to nobody while stations are open. */
            gaps: number;
            /** @description As the list of districts has it; empty where it has none. */
            name: string;
            name_ur: string;
            /** @description Committees of which somebody did not hear what everybody hears. */
            unbriefed: number;
            /** @description Committees without a rota of the day, or with two. */
            without_rota: number;
        };
        CommunityBrief: {
            /** Format: int32 */
            attended: number;
            /** @description `2024-02-01`. */
            on: string;
            /** @description `neutrality`, `limits`, `emergency`, `access` or `messages`. */
            topic: string;
        };
        CommunityBriefing: {
            /** Format: int32 */
            attended: number;
            by: components["schemas"]["MarkView"];
            on: string;
            topic: string;
        };
        /** @description Volunteers of one or many committees, counted. */
        CommunityCounts: {
            /** @description Vetted apart, with two results: they serve nowhere. */
            disputed: number;
            /** @description On the roster, whatever became of it, without those released. */
            enlisted: number;
            passed: number;
            refused: number;
            /** @description How many are to stand at once. */
            seats: number;
            /** @description Who passed and for whom no seat was kept at a briefing that everybody hears: so many at least. */
            unbriefed: number;
            /** @description Nobody has vetted them. */
            waiting: number;
        };
        CommunityDetail: {
            /** @description The newest first. */
            briefings: components["schemas"]["CommunityBriefing"][];
            day: string;
            /** @description Days of which there is a rota. */
            days: string[];
            /** @description Why it ended; several when it was said apart. */
            endings: components["schemas"]["CommunityWord"][];
            /** @description The newest first; for whoever sees numbers or tells. */
            feedback: components["schemas"]["CommunityFeedback"][];
            /** @description Whoever asks enlists, vets or leads here: numbers are shown. */
            numbers: boolean;
            /** @description Of the day: several when they were written apart; for whoever sees numbers. */
            rotas: components["schemas"]["CommunityRota"][];
            row: components["schemas"]["CommunityRow"];
            /** @description Seats that nobody fills while stations are open; empty while two rotas differ. */
            short: components["schemas"]["CommunityShort"][];
        };
        CommunityEnding: {
            reason: string;
        };
        CommunityEnlist: {
            duty: string;
            /** @description Of the committee's own paper. */
            number: string;
        };
        CommunityFeedback: {
            answers: components["schemas"]["CommunityWord"][];
            by: components["schemas"]["MarkView"];
            /** @description Names it when it is answered. */
            id: string;
            matter: string;
            text: string;
        };
        CommunityLog: {
            /** @description Every district within reach, those without a committee too, and other areas that have one. */
            areas: components["schemas"]["CommunityArea"][];
            /** Format: int32 */
            closes: number;
            /** @description The day of the rotas that are counted. */
            day: string;
            duties: string[];
            kinds: string[];
            matters: string[];
            /** @description Areas for which whoever asks may form one. */
            may_form: string[];
            /** @description Whoever asks sees numbers somewhere. */
            numbers: boolean;
            /**
             * Format: int32
             * @description Minutes of a day between which stations are open.
             */
            opens: number;
            poll: string;
            /** @description Today where polls are held. */
            today: string;
            topics: string[];
            /** @description Everything within reach. */
            whole: components["schemas"]["CommunityArea"];
        };
        CommunityNumber: {
            number: string;
        };
        CommunityPage: {
            rows: components["schemas"]["CommunityRow"][];
            total: number;
        };
        /** @description A day's rota, in place of the one that stood. */
        CommunityPlan: {
            /** @description `2024-02-08`. */
            day: string;
            shifts: components["schemas"]["CommunityShift"][];
        };
        CommunityRoster: {
            rows: components["schemas"]["CommunityVolunteer"][];
            total: number;
        };
        CommunityRota: {
            by: components["schemas"]["MarkView"];
            /** @description Numbers on it that may not serve any more. */
            fallen: string[];
            shifts: components["schemas"]["CommunityShift"][];
        };
        CommunityRotaPage: {
            day: string;
            /** @description By area, place and hour. */
            rows: components["schemas"]["CommunityRotaRow"][];
            total: number;
        };
        /** @description A shift of a committee, or that it has none. */
        CommunityRotaRow: {
            area: string;
            committee: string;
            /**
             * Format: int32
             * @description Minutes after midnight.
             */
            from: number;
            kind: string;
            place: string;
            /** @description Where they stand. */
            post: string;
            /** @description `planned`; `none` and `disputed` have no shift. */
            state: string;
            /** Format: int32 */
            until: number;
            volunteers: components["schemas"]["CommunityStanding"][];
        };
        CommunityRow: {
            /** @description Whoever asks may do this: `enlist`, `release`, `vet`, `brief`, `plan`, `answer`, `tell`, `dissolve`. */
            acts: string[];
            area: string;
            by: components["schemas"]["MarkView"];
            counts: components["schemas"]["CommunityCounts"];
            ended: boolean;
            feedback: number;
            /** @description Names it when something is done about it. */
            id: string;
            kind: string;
            place: string;
            /** @description The day's: `none`, `disputed`, `gaps`, `short` or `whole`; `ended` of a committee that has. */
            rota: string;
            seats: components["schemas"]["CommunitySeats"][];
            /** @description What everybody hears and nobody was told yet. */
            topics_missing: string[];
            /** @description Feedback that nobody answered. */
            unanswered: number;
        };
        /** @description Seats of one duty, and who of them may serve. */
        CommunitySeats: {
            duty: string;
            enlisted: number;
            passed: number;
            /** Format: int32 */
            seats: number;
        };
        /** @description Some hours at a place. */
        CommunityShift: {
            /**
             * Format: int32
             * @description Minutes after midnight.
             */
            from: number;
            place: string;
            /** Format: int32 */
            until: number;
            volunteers: string[];
        };
        /** @description Minutes in which fewer stand at a duty than it has seats. */
        CommunityShort: {
            duty: string;
            /** Format: int32 */
            from: number;
            /** Format: int32 */
            seats: number;
            standing: number;
            /** Format: int32 */
            until: number;
        };
        /** @description Somebody on a shift. */
        CommunityStanding: {
            /** @description None of a number that the committee does not have any more. */
            duty?: string | null;
            number: string;
            /** @description Passed, and nothing else was said since. */
            serves: boolean;
        };
        CommunityTell: {
            /** @description `way`, `light`, `queue`, `access`, `water`, `mood` or `rumour`. */
            matter: string;
            text: string;
        };
        CommunityVet: {
            number: string;
            /** @description `2024-02-01`. */
            on: string;
            /** @description The result alone. */
            passed: boolean;
        };
        /** @description A volunteer: a number of the committee's own paper, never a name. */
        CommunityVolunteer: {
            duty: string;
            number: string;
            /** @description `enlisted`, `passed`, `refused` or `disputed`. */
            phase: string;
            /** @description Two who had not heard each other enlisted the number. */
            twice: boolean;
            vetted_by?: components["schemas"]["MarkView"] | null;
            /** @description The day of the vetting; why is not kept. */
            vetted_on?: string | null;
        };
        /** @description A committee, as somebody forms it. */
        CommunityWish: {
            area: string;
            /** @description `peace`, `health`, `teachers`, `elders` or `scouts`. */
            kind: string;
            place: string;
            /** @description How many stand at once, by duty: `queue`, `help`, `women`, `traffic`, `care`, `runner`. */
            seats: {
                [key: string]: number;
            };
        };
        CommunityWord: {
            by: components["schemas"]["MarkView"];
            text: string;
        };
        Comparison: {
            a: string;
            b: string;
            /**
             * Format: int64
             * @description Objectives: lower is better.
             */
            cost_a: number;
            /** Format: int64 */
            cost_b: number;
            /**
             * Format: int64
             * @description People who stand elsewhere, or nowhere, in the second plan.
             */
            moved_people: number;
            /** @description Postings that differ. */
            moves: number;
            /** @description Districts whose unmet posts differ. */
            per_district: components["schemas"]["DistrictChange"][];
            /** @description The largest differences. */
            sample: components["schemas"]["MoveView"][];
        };
        ConflictSide: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            /** @description The node signed for the person, who has no key of their own yet. */
            attested_by_node: boolean;
            detail: string;
            /** @description Device, log epoch and number of the entry. */
            entry: string;
            note: string;
            person: string;
            role: string;
            /** @description What was done, as a stable word: `adopted`, `withdrawn`, `pinned`. */
            word: string;
        };
        ConflictView: {
            /** @description `decided-apart` or `beyond-strength`. */
            kind: string;
            /** @description `plan`, `lock`, `parameter`, … */
            noun: string;
            sides: components["schemas"]["ConflictSide"][];
            subject: string;
        };
        /** @description Why the reporter has to be reached. */
        ContactWish: {
            reason: string;
        };
        ContestView: {
            /** @description `national` or `provincial`. */
            assembly: string;
            constituency: string;
            station_no: string;
        };
        ContributionView: {
            /** Format: int64 */
            at_ms: number;
            custodian: string;
            /** @description Signed by the custodian's own key, behind which the root stands. */
            own_key: boolean;
        };
        /** @description A way over another building when a leg is closed. */
        ConvoyAlternate: {
            /** Format: int32 */
            distance_m: number;
            estimated: boolean;
            /** Format: int32 */
            time_s: number;
            via: string;
        };
        /** @description A bag of the custody register that belongs to a station. */
        ConvoyBag: {
            item: string;
            /** @description Seals that were on it when it was registered; none for whoever may not read them or is to read them blind. */
            seals: string[];
            station: string;
        };
        /** @description A convoy at a building. */
        ConvoyCall: {
            /**
             * Format: int32
             * @description Expected, and passed once in twenty trips: after it the convoy is overdue.
             */
            arrive_s: number;
            /**
             * Format: int32
             * @description Its bags in the seat's numbering.
             */
            bag_from: number;
            /** Format: int32 */
            bag_until: number;
            /** Format: int32 */
            bags: number;
            building: string;
            class: components["schemas"]["ClassWord"];
            /**
             * Format: double
             * @description None where this node does not know the building any more.
             */
            lat?: number | null;
            /** Format: int32 */
            leave_s: number;
            /** Format: double */
            lon?: number | null;
            name: string;
            /** Format: int32 */
            overdue_s: number;
            /** Format: int32 */
            people: number;
            registered: components["schemas"]["ConvoyBag"][];
            stations: string[];
        };
        /** @description A team that is promised to two convoys. */
        ConvoyClash: {
            /** Format: int32 */
            first: number;
            /** Format: int32 */
            from_s: number;
            /** Format: int32 */
            second: number;
            /** Format: int32 */
            team: number;
            /** Format: int32 */
            until_s: number;
        };
        ConvoyDetail: {
            area: string;
            area_name: string;
            area_name_ur?: string | null;
            /** Format: int32 */
            counter_s: number;
            /** Format: int32 */
            counters: number;
            /**
             * Format: int32
             * @description Fewest counters with which nine of ten stations wait at most half an hour; none: not even the most are enough.
             */
            counters_needed?: number | null;
            estimated: boolean;
            eve: components["schemas"]["ConvoyPlanView"];
            /** @description Empty unless it was asked for. */
            improvements: components["schemas"]["ConvoyImprovement"][];
            meetings: components["schemas"]["ConvoyMeeting"][];
            narrows: components["schemas"]["ConvoyNarrow"][];
            night: components["schemas"]["ConvoyPlanView"];
            office_basis: string;
            /** Format: double */
            office_lat: number;
            /** Format: double */
            office_lon: number;
            outcome: components["schemas"]["ConvoyNight"];
            pairs: components["schemas"]["ConvoyPair"][];
            press?: components["schemas"]["ConvoyPress"] | null;
            seat: string;
            /**
             * Format: int32
             * @description District store to returning office, one way; none: no store in the list.
             */
            supply_leg_s?: number | null;
        };
        /** @description What stands against a plan. */
        ConvoyFindingView: {
            code: string;
            text_en: string;
            text_ur: string;
        };
        /** @description A leg that holds up stations. */
        ConvoyHeavyLeg: {
            /** @description None: the returning office. */
            from?: string | null;
            /**
             * Format: double
             * @description Hours that stations aboard spend on it, all together.
             */
            station_hours: number;
            to?: string | null;
        };
        /** @description A change of means, what it brings and what it takes. */
        ConvoyImprovement: {
            /** Format: int32 */
            by_outer_permille: number;
            /** Format: int32 */
            by_provisional_permille: number;
            /** Format: int32 */
            escorts_more: number;
            /** Format: int64 */
            escorts_out_s: number;
            /** Format: int32 */
            hours_earlier: number;
            /** Format: int32 */
            receipt_p50_s: number;
            /** Format: int32 */
            receipt_p95_s: number;
            /** Format: int32 */
            teams_more: number;
            /** Format: int64 */
            vehicles_out_s: number;
        };
        /** @description A leg of the strip. */
        ConvoyLeg: {
            alternate?: components["schemas"]["ConvoyAlternate"] | null;
            /**
             * Format: int32
             * @description Course at its start, degrees from north.
             */
            course_deg: number;
            /** Format: int32 */
            distance_m: number;
            estimated: boolean;
            /** Format: int32 */
            time_s: number;
            /** @description None: the returning office. */
            to?: string | null;
        };
        ConvoyList: {
            /** @description A road map was taken in: convoys drive on it where it knows the places. */
            has_roads: boolean;
            knows: string[];
            narrows: components["schemas"]["ConvoyNarrow"][];
            /** Format: int64 */
            now_ms: number;
            /** @description Where whoever asks may plan, and where they may know routes and times: these areas and everything below. */
            plans: string[];
            rows: components["schemas"]["ConvoyRow"][];
            /** @description All seats within reach, planned or not; empty when only what is new was asked for. */
            seats: components["schemas"]["ConvoySeat"][];
        };
        /** @description Another convoy at the same narrow place within five minutes. */
        ConvoyMeeting: {
            /** Format: int32 */
            at_s: number;
            /** Format: int32 */
            convoy: number;
            direction: string;
            /** @description The other convoy's seat and number; none where whoever asks may not know it. */
            other?: string | null;
            /** Format: int32 */
            other_convoy?: number | null;
            place: string;
        };
        /** @description A bridge, pass or gate where two convoys may not meet. */
        ConvoyNarrow: {
            /** Format: double */
            lat: number;
            /** Format: double */
            lon: number;
            name: string;
            /**
             * Format: int32
             * @description 1 to 50,000.
             */
            radius_m: number;
        };
        /** @description The return night over all its simulated runs. */
        ConvoyNight: {
            arrival: components["schemas"]["ConvoySpread"];
            /** Format: int32 */
            by_outer_permille: number;
            /** Format: int32 */
            by_provisional_permille: number;
            /**
             * @description What the time from closing to receipt goes into, in thousandths: counting, waiting for the convoy, other stations,
             *     the road, the desk.
             */
            causes_permille: number[];
            /** Format: int32 */
            curve_from_s: number;
            /** Format: int32 */
            curve_step_s: number;
            desk_wait: components["schemas"]["ConvoySpread"];
            heavy_legs: components["schemas"]["ConvoyHeavyLeg"][];
            last: components["schemas"]["ConvoySpread"];
            /** Format: int32 */
            outer_s: number;
            /**
             * Format: int32
             * @description 02:00 and 10:00, and from when on the curve counts, in steps of half an hour.
             */
            provisional_s: number;
            receipt: components["schemas"]["ConvoySpread"];
            received_permille: number[];
            /** Format: int32 */
            runs: number;
            /** Format: int32 */
            stations: number;
        };
        /** @description One trip to both offices, or two. */
        ConvoyPair: {
            /** @description None: there is no way between the offices, so two trips. */
            one_trip?: boolean | null;
            /** Format: int64 */
            one_trip_s: number;
            other: string;
            /** Format: int32 */
            shared_stations: number;
            /** Format: int64 */
            two_trips_s: number;
        };
        /** @description What a convoy meets on the quickest road from its nearest station to the returning officer. */
        ConvoyPassing: {
            /** @description The convoy's `id`. */
            convoy: string;
            /** Format: int32 */
            drive_s: number;
            /** @description It comes within a kilometre: another way is asked for. */
            meets_it: boolean;
            /**
             * Format: int32
             * @description How near that road comes to the incident.
             */
            passes_m: number;
            round?: components["schemas"]["DetourView"] | null;
        };
        /** @description One direction. */
        ConvoyPlanView: {
            /** Format: int64 */
            bound?: number | null;
            /** Format: int32 */
            close_s: number;
            convoys: components["schemas"]["ConvoyView"][];
            double_booked: components["schemas"]["ConvoyClash"][];
            /**
             * Format: int32
             * @description How many near-best plans this one was drawn from.
             */
            drawn_from: number;
            /** Format: int64 */
            escorts_out_s: number;
            findings: components["schemas"]["ConvoyFindingView"][];
            /** Format: int64 */
            objective: number;
            /** Format: int32 */
            open_s: number;
            /** @description Buildings that no convoy reaches. */
            unserved: string[];
            /** Format: int64 */
            vehicles_out_s: number;
        };
        /** @description How the ballot papers of a seat's district come from their press. */
        ConvoyPress: {
            /** @description That it prints for this district is assumed. */
            assumed: boolean;
            by_air: boolean;
            /**
             * Format: int32
             * @description By road from the press, even where it is flown; none: there is no road.
             */
            distance_m?: number | null;
            /** Format: int32 */
            done_days_before?: number | null;
            /** Format: int32 */
            done_s?: number | null;
            estimated: boolean;
            /** Format: int64 */
            kilograms: number;
            /** @description After the last day of work. */
            late: boolean;
            /**
             * Format: int32
             * @description The first departure and the last hand-over: days before polling day, and seconds of that day. None: nothing brings it.
             */
            leave_days_before?: number | null;
            /** Format: int32 */
            leave_s?: number | null;
            name: string;
            /**
             * Format: int64
             * @description The district's: all its contests, with the spare ones.
             */
            papers: number;
            /** Format: int32 */
            time_s?: number | null;
            /** @description Otherwise to a returning office. */
            to_store: boolean;
            town: string;
            /**
             * Format: int32
             * @description Lorries or flights.
             */
            vehicles: number;
        };
        /** @description A seat whose convoys are planned. */
        ConvoyRow: {
            area: string;
            area_name: string;
            area_name_ur?: string | null;
            by: string;
            /** Format: int32 */
            by_outer_permille: number;
            /**
             * Format: int32
             * @description Stations received by 02:00 and by 10:00, in thousandths.
             */
            by_provisional_permille: number;
            /**
             * Format: int32
             * @description Counters of the reception desk; false: not even so many are enough.
             */
            counters: number;
            counters_enough: boolean;
            /** @description Any leg is an estimate and no road. */
            estimated: boolean;
            eve: components["schemas"]["ConvoySum"];
            /** Format: int32 */
            last_p95_s: number;
            /** Format: int64 */
            made_ms: number;
            night: components["schemas"]["ConvoySum"];
            /** @description Stations, classes or roads are not those that it was planned on. */
            outdated: boolean;
            /**
             * Format: int32
             * @description Receipt at the desk, seconds from midnight of the polling day: of half of the stations, of 95 in a hundred, and of the
             *     last one in 95 of a hundred nights.
             */
            receipt_p50_s: number;
            /** Format: int32 */
            receipt_p95_s: number;
            seat: string;
            /** Format: int32 */
            stations: number;
        };
        /** @description A seat, planned or not. */
        ConvoySeat: {
            area: string;
            area_name: string;
            area_name_ur?: string | null;
            seat: string;
            /** Format: int32 */
            stations: number;
        };
        /** @description Three shares of a distribution, seconds from midnight. */
        ConvoySpread: {
            /** Format: int32 */
            p50_s: number;
            /** Format: int32 */
            p90_s: number;
            /** Format: int32 */
            p95_s: number;
        };
        /** @description One direction of a seat. */
        ConvoySum: {
            /** Format: int64 */
            bound?: number | null;
            /** Format: int32 */
            convoys: number;
            /**
             * Format: int32
             * @description Teams that are promised to two convoys at once.
             */
            double_booked: number;
            /** Format: int32 */
            findings: number;
            /**
             * Format: int32
             * @description How far the plan is above its bound at the most, in thousandths of the bound.
             */
            gap_permille?: number | null;
            /**
             * Format: int64
             * @description Risk-weighted travel seconds, each convoy at its worth; no set of tours costs less than the bound. None: no bound.
             */
            objective: number;
            /**
             * Format: int32
             * @description Vehicles with their crews that are on the road at once.
             */
            teams: number;
            /**
             * Format: int32
             * @description Buildings that no convoy reaches.
             */
            unserved: number;
            /**
             * Format: int64
             * @description All convoys together.
             */
            vehicles_out_s: number;
        };
        /** @description Who and what rides in one vehicle. */
        ConvoyVehicle: {
            /** Format: int32 */
            bags: number;
            commander: boolean;
            /** Format: int32 */
            escorts: number;
            /** Format: int32 */
            staff: number;
        };
        ConvoyView: {
            calls: components["schemas"]["ConvoyCall"][];
            commander_apart: boolean;
            /** Format: int32 */
            depart_s: number;
            /** Format: int64 */
            distance_m: number;
            /** Format: int32 */
            escorts: number;
            estimated: boolean;
            home?: components["schemas"]["ConvoySpread"] | null;
            /**
             * Format: int32
             * @description Back at the office as planned; at night also over all simulated nights.
             */
            home_s: number;
            /** @description One more than calls: the last leads home. */
            legs: components["schemas"]["ConvoyLeg"][];
            /** Format: int32 */
            number: number;
            /** Format: int32 */
            team: number;
            /**
             * Format: int32
             * @description The team's first, second … trip.
             */
            trip: number;
            vehicles: components["schemas"]["ConvoyVehicle"][];
        };
        /** @description What is planned. */
        ConvoyWish: {
            /** @description All seats most of whose buildings lie here. */
            area: string;
            /**
             * Format: int32
             * @description Search effort in thousandths of the proposed one, 10 to 100,000.
             */
            effort_permille?: number | null;
            /** @description Say also what more teams and an earlier start would bring, and their price; it takes seven times as long. */
            improve?: boolean;
            /** @description Bridges, passes and gates where two convoys may not meet; those of the last run unless given. */
            narrows?: components["schemas"]["ConvoyNarrow"][] | null;
            /**
             * Format: int32
             * @description Nights that are simulated for each seat, 1 to 10,000; a thousand unless said otherwise.
             */
            runs?: number | null;
            /** @description This seat alone. */
            seat?: string | null;
        };
        /** @description One copy of a form, and what becomes of it. */
        CopyView: {
            /** @description `wall`, `packet`, `image` … */
            copy: string;
            /** @description `survives`, `lost`, `gone` or `absent`. */
            fate: string;
        };
        /** @description Counts of attempts since the poll opened; never of persons. */
        CountWish: {
            /** Format: int32 */
            attempts: number;
            /** Format: int32 */
            down_minutes: number;
            equipment: string;
            /** Format: int32 */
            failed: number;
            /** Format: int32 */
            fallback: number;
            /** Format: int32 */
            verified: number;
        };
        /** @description Somebody's sums: of a district, or of all districts within reach. */
        CountsView: {
            /** Format: int32 */
            closed: number;
            /** Format: int32 */
            disputed: number;
            /** Format: int32 */
            opened: number;
            /** @description By class (normal, sensitive, most), then by stage: waiting, heard, due, amber, red, district, dark. */
            stages: number[][];
            /** Format: int32 */
            trouble: number;
        };
        CourseDetail: {
            people: components["schemas"]["CoursePerson"][];
            row: components["schemas"]["TrainingCourseRow"];
        };
        /** @description Somebody of a course. */
        CoursePerson: {
            /** Format: int32 */
            asked?: number | null;
            /** @description The certificate's entry. */
            certificate?: string | null;
            number: string;
            /** @description `absent`, `attended`, `passed`, `disputed`, `withdrawn`, `doubted`, `run-out`, `certified`. */
            phase: string;
            /** @description Of the latest practical test. */
            practical?: boolean | null;
            /**
             * Format: int32
             * @description Right answers of the latest quiz.
             */
            right?: number | null;
        };
        /** @description Who did something, when, in which words. */
        CourseRow: {
            /** Format: int64 */
            at_ms: number;
            detail: string;
            person: string;
            role: string;
            /** @description `graded`, `opened`, `fed-back`. */
            word: string;
            words: string;
        };
        /** @description When this room received what. */
        CourseView: {
            /** @description `wall`, `day` or `bounds`. */
            basis: string;
            /** Format: int64 */
            bin_ms: number;
            /** Format: int64 */
            entries: number;
            /**
             * Format: int64
             * @description Where the first bin begins, in the day's time.
             */
            from_ms: number;
            /** @description How many of them speak of a moment at least one bin earlier. */
            late: number[];
            /** @description Entries received in each bin. */
            received: number[];
            /**
             * Format: int64
             * @description The last reception.
             */
            until_ms: number;
        };
        Coverage: {
            /** @description Something was answered after the last assessment: it counts from the next one on. */
            newer_than_assessment: boolean;
            rows: components["schemas"]["CoverageRow"][];
        };
        /** @description One district's forms. */
        CoverageRow: {
            area: string;
            /** Format: int32 */
            buildings: number;
            /** @description The day of the newest line of the district's checklist. */
            checklist_on?: string | null;
            /**
             * Format: int32
             * @description Buildings and districts with answers that contradict each other.
             */
            disputed: number;
            name: string;
            name_ur?: string | null;
            /**
             * Format: int32
             * @description Buildings of which at least one line is answered.
             */
            seen: number;
        };
        CustodyActWish: {
            act: components["schemas"]["CustodyDeed"];
            /** @description The district whose items they are. */
            area: string;
            /** Format: int64 */
            at_ms?: number | null;
        };
        CustodyAreaView: {
            area: string;
            /** @description Open ones first, the gravest first. */
            exceptions: components["schemas"]["ExceptionView"][];
            /** Format: int64 */
            now_ms: number;
            offers: components["schemas"]["HandOverView"][];
            releases: components["schemas"]["ReleaseView"][];
            timers: components["schemas"]["TimerView"][];
        };
        /** @description One act. `at_ms` is now, to the minute, unless another moment is given. */
        CustodyDeed: {
            /** @enum {string} */
            deed: "register";
            items: components["schemas"]["NewItemWish"][];
        } | {
            /** @enum {string} */
            deed: "issue-seals";
            seals: components["schemas"]["SerialsWish"];
            station?: string | null;
        } | {
            /** @enum {string} */
            deed: "offer";
            /** Format: int64 */
            due_ms?: number | null;
            items: string[];
            photographs?: string[];
            place?: string;
            step: string;
            to: string;
        } | {
            /** Format: int32 */
            clocks_apart_s?: number;
            /** @enum {string} */
            deed: "receive";
            missing?: string[];
            offer: string;
            photographs?: string[];
            place?: string;
            read: components["schemas"]["ReadingWish"][];
        } | {
            /** @enum {string} */
            deed: "decline";
            offer: string;
            reason: string;
        } | {
            /** @enum {string} */
            deed: "recall";
            offer: string;
            reason: string;
        } | {
            /** @enum {string} */
            deed: "depart";
            /** Format: int64 */
            due_ms?: number | null;
            items: string[];
            step: string;
            vehicle?: string;
        } | {
            /** @enum {string} */
            deed: "arrive";
            items: string[];
            road?: components["schemas"]["RoadWish"] | null;
            step: string;
            vehicle?: string;
        } | {
            /** @enum {string} */
            deed: "record";
            found?: components["schemas"]["ReadingWish"][];
            items: string[];
            note?: string;
            reference?: string;
            sealed?: components["schemas"]["ReadingWish"][];
            step: string;
            /** Format: int32 */
            used?: number | null;
        } | {
            /** @enum {string} */
            deed: "split";
            parts: string[];
            reason: string;
            whole: string;
        } | {
            /** @enum {string} */
            deed: "join";
            parts: string[];
            reason: string;
            whole: string;
        } | {
            agrees: boolean;
            /** @enum {string} */
            deed: "witness";
            entry: string;
            note?: string;
            witness: string;
        } | {
            absent: string;
            /** @enum {string} */
            deed: "propose";
            items: string[];
            reason: string;
        } | {
            /** @enum {string} */
            deed: "approve";
            read: components["schemas"]["ReadingWish"][];
            release: string;
        } | {
            /** @enum {string} */
            deed: "destroy";
            items: string[];
            method: string;
            order: string;
        } | {
            /** Format: int32 */
            agents: number;
            contest: string;
            /** Format: int32 */
            copies: number;
            /** @enum {string} */
            deed: "count";
            posted: boolean;
            sheets?: components["schemas"]["SheetWish"][];
            station: string;
            totals: components["schemas"]["TotalsWish"];
            unsigned_reason?: string;
        } | {
            codes?: components["schemas"]["FormCodeWish"][];
            contest: string;
            /** @enum {string} */
            deed: "read-form";
            desk: string;
            station: string;
            totals: components["schemas"]["TotalsWish"];
        } | {
            contest: string;
            /** @enum {string} */
            deed: "compare";
            desk: string;
            /** @description The other person's word, which this one signs too. */
            first?: string | null;
            form: string;
            same: boolean;
            station: string;
        } | {
            contest: string;
            copy: string;
            /** @enum {string} */
            deed: "see-copy";
            note?: string;
            station: string;
            there: boolean;
        } | {
            /** @enum {string} */
            deed: "take";
            exception: string;
        } | {
            /** @enum {string} */
            deed: "resolve";
            exception: string;
            note: string;
            outcome: string;
        };
        CustodyDone: {
            /** @description Codes to be written on the papers that were signed. */
            codes: string[];
            entries: string[];
            /** @description What stands open about the items that were touched. */
            exceptions: components["schemas"]["ExceptionView"][];
        };
        /** @description One act on an item. */
        CustodyStepView: {
            by: components["schemas"]["DoneBy"];
            /** @description Names the entry: `pehra prove event` gives its proof. */
            entry: string;
            /** @description `custody.received`. */
            kind: string;
            /** @description The entry whose header this one signs too: the giver's. */
            over?: string | null;
            photographs: number;
            place: string;
            /** @description Seals that were put on or read; empty while whoever asks has yet to read them. */
            seals: string[];
            step?: string | null;
            /** @description Witnesses: `guard +`, `observer −`. */
            witnesses: string[];
        };
        /** @description One list that the node holds. */
        DataView: {
            /** Format: int64 */
            as_of_ms: number;
            counts: Record<string, never>;
            kind: string;
            name: string;
            signed_by: string;
            source_file: string;
        };
        /** @description A device's word that a deletion is carried out. */
        DeletionAnswer: {
            /** Format: int64 */
            at_ms: number;
            device: string;
            /**
             * Format: int32
             * @description Payloads that were there and are gone.
             */
            gone: number;
        };
        /** @description A device that has not answered. */
        DeletionOwed: {
            device: string;
            name: string;
        };
        DeletionRow: {
            approved?: components["schemas"]["MarkView"] | null;
            area: string;
            /** @description Backups that were made before and are still there. */
            backups: number;
            /** @description Who emptied the national bus of it. */
            bus: components["schemas"]["DeletionAnswer"][];
            /** @description This node speaks with a bus, and nobody has said that it is empty of it. */
            bus_owing: boolean;
            done: components["schemas"]["DeletionAnswer"][];
            /** @description `rule` or `court`. */
            ground: string;
            /** @description Names the deletion when it is approved. */
            id: string;
            /** @description False while a second person has not approved it. */
            in_force: boolean;
            /** @description Which rule, or the court and the number of its order. */
            instrument: string;
            /** @description Whoever asks may be the second person; false at the command line. */
            may_approve: boolean;
            ordered: components["schemas"]["MarkView"];
            /** @description Enrolled devices that have not answered: they may still hold it. */
            owing: components["schemas"]["DeletionOwed"][];
            places: string[];
            reason: string;
        };
        DeletionWish: {
            ground: components["schemas"]["GroundWord"];
            /** @description Which rule, or the court and the number of its order. */
            instrument: string;
            /** @description Places of the entries, `device/epoch/number`. */
            places: string[];
            /** @description For the record, where it stays for ever. */
            reason: string;
        };
        DeletionsView: {
            backups: components["schemas"]["BackupRow"][];
            /** @description Sealed bundles for others that wait here: what is in them cannot be read on this node. */
            carried: number;
            /** @description The newest first. */
            deletions: components["schemas"]["DeletionRow"][];
            not_reached: components["schemas"]["NotReached"][];
            reached: string[];
            /** @description The newest first. */
            standing: components["schemas"]["StandingRow"][];
        };
        /** @description A credential that custodians can release together. */
        DepositView: {
            contributions: components["schemas"]["ContributionView"][];
            custodians: string[];
            /** Format: int64 */
            lodged_at_ms: number;
            /** @description Whose credential it is. */
            name: string;
            released: components["schemas"]["ReleasedView"][];
            /** Format: int32 */
            threshold: number;
        };
        /** @description An act at the desk. */
        DeskAct: {
            /** @enum {string} */
            act: "tie";
            reason: string;
            report: string;
            root: string;
        } | {
            /** @enum {string} */
            act: "grade";
            grade: string;
            note?: string;
            report: string;
        } | {
            /** @enum {string} */
            act: "sanitise";
            report: string;
            text: string;
        } | {
            /** @enum {string} */
            act: "release";
            report: string;
            to: string[];
        } | {
            /** @enum {string} */
            act: "withdraw";
            reason: string;
            report: string;
        } | {
            /** @enum {string} */
            act: "feed-back";
            feedback: string;
            note?: string;
            report: string;
        } | {
            /** @enum {string} */
            act: "assess";
            area: string;
            reports: string[];
            /** Format: int64 */
            until_ms: number;
            words: string;
        } | {
            /** @enum {string} */
            act: "watch";
            area: string;
            incidents?: boolean;
            name: string;
            /** @description None: the whole area. One: a circle. Three and more: corners. */
            points?: number[][];
            /** Format: int32 */
            radius_m?: number;
            threats?: string[];
            /** Format: int64 */
            until_ms: number;
        } | {
            /** @enum {string} */
            act: "unwatch";
            area: string;
            reason: string;
            watch: string;
        } | {
            /** @enum {string} */
            act: "notice";
            area: string;
            note?: string;
            watch: string;
            what: string;
        } | {
            /** @enum {string} */
            act: "ask";
            /** Format: int64 */
            answer_by_ms: number;
            area: string;
            question: string;
            service: string;
        } | {
            /** @enum {string} */
            act: "close-task";
            note?: string;
            outcome: string;
            task: string;
        } | {
            /** @enum {string} */
            act: "admit";
            area: string;
            compartment: string;
            person: string;
            reason: string;
            /** Format: int64 */
            until_ms: number;
        } | {
            /** @enum {string} */
            act: "exclude";
            admission: string;
            reason: string;
        };
        DeskView: {
            admissions: components["schemas"]["AdmissionRow"][];
            admits: string[];
            asks: string[];
            hands: components["schemas"]["HandRow"][];
            hands_up: number;
            matters: components["schemas"]["MatterRow"][];
            /** Format: int64 */
            now_ms: number;
            /** @description The newest first. */
            reports: components["schemas"]["ReportRow"][];
            tasks: components["schemas"]["TaskRow"][];
            /** @description Roles to which a warning can be released. */
            warned: string[];
            watches: components["schemas"]["WatchRow"][];
            watches_in: string[];
            /** @description Areas where whoever asks may write, and what else may be done there. */
            writes: string[];
        };
        DetourView: {
            /** Format: int32 */
            drive_s: number;
            /** Format: int32 */
            length_m: number;
            /** @description A station on it, where it lies farthest from the way that it replaces. */
            via?: string | null;
            via_name?: string | null;
        };
        /** @description One act. */
        DeviceAct: {
            /** @enum {string} */
            act: "list";
            items: components["schemas"]["ListingWish"][];
        } | {
            /** @enum {string} */
            act: "install";
            items: components["schemas"]["InstallWish"][];
        } | {
            /** @enum {string} */
            act: "test";
            items: components["schemas"]["TestWish"][];
        } | {
            /** @enum {string} */
            act: "fault";
            equipment: string;
            note: string;
        } | {
            /** @enum {string} */
            act: "repair";
            equipment: string;
            note?: string;
        } | {
            /** @enum {string} */
            act: "withdraw";
            items: string[];
            reason: string;
        } | {
            /** @enum {string} */
            act: "count";
            items: components["schemas"]["CountWish"][];
        } | {
            /** @enum {string} */
            act: "draw-mask";
            equipment: string;
            polygons: number[][][];
            view: string;
        } | {
            /** @enum {string} */
            act: "confirm-mask";
            mask: string;
        } | {
            /** @enum {string} */
            act: "give-task";
            alarm?: string;
            equipment: string[];
            /** Format: int32 */
            minutes: number;
            note?: string;
            owner: string;
            work: string;
        } | {
            /** @enum {string} */
            act: "close-task";
            note?: string;
            task: string;
        } | {
            /** @enum {string} */
            act: "order-export";
            frames: string[];
            instrument: string;
            reason: string;
        } | {
            /** @enum {string} */
            act: "approve-export";
            export: string;
        };
        DeviceActWish: components["schemas"]["DeviceAct"] & {
            area: string;
            /**
             * Format: int64
             * @description When it was done, if not now.
             */
            at_ms?: number | null;
        };
        /** @description One cause, however much it darkens. */
        DeviceAlarm: {
            about: string;
            area: string;
            /** @description `feeder`, `line`, `place`, `area` or `single`. */
            cause: string;
            count: number;
            health: string;
            /** @description The same on every node. */
            id: string;
            kinds: {
                [key: string]: number;
            };
            members: string[];
            /** @description Those at most sensitive stations; the first of them. */
            named: string[];
            of: number;
            /** Format: int32 */
            severity: number;
            /** Format: int64 */
            since_ms: number;
        };
        DeviceArea: {
            alarms: components["schemas"]["DeviceAlarm"][];
            area: string;
            /**
             * Format: int64
             * @description Camera-minutes up at most sensitive stations, of a thousand due since five o'clock of the polling day; none before.
             */
            camera_uptime?: number | null;
            cover: components["schemas"]["DeviceCover"][];
            /** @description Whoever asks may begin or end it. */
            may_watch: boolean;
            /** Format: int64 */
            unseen_minutes: number;
            /** @description Attempts, verified, failed, on paper, minutes down: of all verification devices together. */
            verification: number[];
            /** @description Who stands for the watch on this node; none when nobody listens here. */
            watched_by?: string | null;
        };
        /** @description A camera on the wall. */
        DeviceCamera: {
            area: string;
            class?: string | null;
            equipment: string;
            /** @description What was seen of it last; none when nothing ever was. */
            health?: string | null;
            /** @description `none`, `drawn` or `confirmed`. */
            mask: string;
            /** @description The drawn mask that waits for a second person. */
            mask_entry?: string | null;
            phase: string;
            place: string;
            /** Format: int64 */
            since_ms?: number | null;
            /**
             * Format: int64
             * @description When the still was taken that this node has; none when there is none, or whoever asks may not see it.
             */
            still_ms?: number | null;
            view?: string | null;
        };
        /** @description One kind of equipment in one area. */
        DeviceCover: {
            /** Format: int32 */
            due: number;
            /** Format: int32 */
            faulty: number;
            kind: string;
            /** Format: int32 */
            listed: number;
            /** @description Most sensitive stations with less than is due; the first of them. */
            most_lacking: string[];
            most_lacking_count: number;
            /** Format: int32 */
            serving: number;
            /** Format: int32 */
            stations_covered: number;
            /** Format: int32 */
            stations_due: number;
        };
        /** @description Pictures that are to leave the house. */
        DeviceExport: {
            approved_by?: string | null;
            area: string;
            frames: string[];
            id: string;
            instrument: string;
            ordered_by: string;
            reason: string;
        };
        /** @description A kept picture, by the hash of its file. */
        DeviceFrame: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            equipment: string;
            health: string;
            sha256: string;
        };
        DeviceTask: {
            alarm: string;
            area: string;
            closed_by?: string | null;
            /** Format: int64 */
            due_ms: number;
            equipment: string[];
            id: string;
            note: string;
            overdue: boolean;
            owner: string;
            work: string;
        };
        DevicesView: {
            areas: components["schemas"]["DeviceArea"][];
            cameras: components["schemas"]["DeviceCamera"][];
            /** @description How many cameras there are; only the first are on the wall, the gravest first. */
            cameras_of: number;
            exports: components["schemas"]["DeviceExport"][];
            /** @description The newest first. */
            frames: components["schemas"]["DeviceFrame"][];
            /** Format: int64 */
            now_ms: number;
            tasks: components["schemas"]["DeviceTask"][];
        };
        DiffRow: {
            id: string;
            /** @description `added`, `removed`, or the fields that differ. */
            what: string;
        };
        DiffView: {
            /** Format: int64 */
            added: number;
            /** Format: int64 */
            changed: number;
            /** Format: int64 */
            removed: number;
            sample: components["schemas"]["DiffRow"][];
            /** Format: int64 */
            unchanged: number;
        };
        /** @description One area with its reserve. */
        DispatchArea: {
            area: string;
            /** Format: int32 */
            floor: number;
            /** @description Somebody set it; otherwise it is the proposed share of those on duty. */
            floor_is_set: boolean;
            /**
             * Format: int32
             * @description Units that wait at their bases with crews that may be sent.
             */
            free: number;
            /** Format: int32 */
            on_duty: number;
        };
        /** @description A unit that could go. */
        DispatchOffer: {
            base: string;
            /** @description `road` or `estimated`. */
            basis: string;
            /** Format: int32 */
            crew: number;
            from: number[];
            /**
             * Format: int64
             * @description When it told that it is there; none: its base.
             */
            from_ms?: number | null;
            /** @description Fewer than the floor would stay behind: a second person has to sign. */
            needs_signature: boolean;
            phase: string;
            /** Format: int32 */
            ready_s: number;
            /** Format: int32 */
            travel_s: number;
            /**
             * Format: int32
             * @description Stations that no free unit would reach in time while it is away.
             */
            uncovered: number;
            unit: string;
            vehicle: string;
        };
        /** @description Who could go to an incident, the soonest first, and what passes it. */
        DispatchSuggestion: {
            /** @description Polling material on its way within five kilometres of the straight line that its record gives. */
            convoys: components["schemas"]["NearConvoy"][];
            /** Format: int32 */
            floor: number;
            floor_is_set: boolean;
            /** Format: int32 */
            free: number;
            /** @description Units that go there or are there already, of whatever area. */
            going: components["schemas"]["GoingView"][];
            /** Format: int64 */
            now_ms: number;
            offers: components["schemas"]["DispatchOffer"][];
            /** Format: int32 */
            on_duty: number;
            /** @description Of these, by the node's road map, what the quickest road meets; empty without a map. */
            passings: components["schemas"]["ConvoyPassing"][];
            point: number[];
        };
        DispatchView: {
            areas: components["schemas"]["DispatchArea"][];
            /** @description The newest first; answered ones of the last day too. */
            asks: components["schemas"]["AskView"][];
            /** @description The gravest and longest first. */
            late: components["schemas"]["LateView"][];
            /** Format: int64 */
            now_ms: number;
            units: components["schemas"]["UnitView"][];
        };
        DistrictChange: {
            area: string;
            /** Format: int64 */
            missing_a: number;
            /** Format: int64 */
            missing_b: number;
            name: string;
        };
        /** @description A person's act, and whether the person's own key is under it. */
        DoneBy: {
            /** Format: int64 */
            at_ms: number;
            /** @description The node signed in the person's place. */
            attested_by_node: boolean;
            person: string;
            role: string;
        };
        /** @description What is done about a draw. */
        DrawAct: {
            /** @description `join`, `propose`, `open`, `commit`, `reveal`, `show-share`, `recover`, `draw`, `replace` or `withdraw`. */
            act: string;
            /** @description The service number of whoever fell out. */
            number?: string | null;
            /** @description The party whose share is shown or whose secret is put together. */
            party?: string | null;
            /** @description The proposal that is opened. */
            proposal?: string | null;
            /** @description Why the draw is withdrawn. */
            reason?: string | null;
            /** @description `pool`, `posts` or `stations`. */
            stage?: string | null;
        };
        /** @description Something that whoever asks may do now. */
        DrawActView: {
            act: string;
            /** @description Whose share is shown or whose secret is put together. */
            party?: string | null;
            proposal?: string | null;
            stage?: string | null;
        };
        /** @description The draw as it is now, and who stands in if somebody was replaced. */
        DrawDone: {
            draw: components["schemas"]["DrawView"];
            /** @description Who stands in for whoever fell out; nothing when no spare may hold the post. */
            stands_in?: string | null;
        };
        /** @description A party, and the person who speaks for it. */
        DrawPartyView: {
            /** @description Its key is published. */
            joined: boolean;
            name: string;
            /** @description Whoever asks speaks for it. */
            own: boolean;
            person: string;
        };
        DrawView: {
            acts: components["schemas"]["DrawActView"][];
            area: string;
            id: string;
            /** @description The hash of what is drawn from. */
            input: string;
            /** @description People and posts lie on this node. */
            is_here: boolean;
            /** @description Whoever asks may look people up. */
            may_look: boolean;
            opened: components["schemas"]["DoneBy"];
            parties: components["schemas"]["DrawPartyView"][];
            /** Format: int32 */
            people: number;
            /** Format: int32 */
            posts: number;
            replacements: number;
            stages: components["schemas"]["StageView"][];
            title: string;
            withdrawn?: components["schemas"]["DoneBy"] | null;
            withdrawn_why?: string | null;
        };
        DrawsView: {
            /** @description The newest first. */
            draws: components["schemas"]["DrawView"][];
        };
        /** @description What a person did in this room, beside what the room knew then. */
        DrillDecision: {
            act: string;
            area: string;
            /**
             * Format: int64
             * @description The day's time; none before the clock began.
             */
            at_ms?: number | null;
            knew?: components["schemas"]["DrillKnew"] | null;
            person: string;
            role: string;
        };
        /** @description The whole evaluation. */
        DrillEvaluation: {
            decisions: components["schemas"]["DrillDecision"][];
            election: string;
            expected: components["schemas"]["DrillExpected"][];
            findings: components["schemas"]["DrillFinding"][];
            /**
             * Format: int64
             * @description Median seconds from an incident to its first report.
             */
            heard_after_s?: number | null;
            /** Format: int32 */
            in_time: number;
            injected: string[];
            /** Format: int32 */
            late: number;
            /** @description Stands on every page. */
            mark: string;
            /** Format: int32 */
            missing: number;
            /** Format: int32 */
            never_heard: number;
            objectives: components["schemas"]["DrillObjective"][];
            /** Format: int32 */
            open: number;
            /**
             * Format: int32
             * @description Of the acts of people, not of simulated desks.
             */
            players_in_time: number;
            /** Format: int32 */
            players_late: number;
            seen: components["schemas"]["DrillSeen"][];
            status: components["schemas"]["DrillStatus"];
            /** Format: int32 */
            unwarned: number;
            warned: components["schemas"]["DrillWarned"][];
            /** Format: int32 */
            warned_after: number;
            /**
             * Format: int32
             * @description Of roots of services: what was warned of before it happened, too late, and not at all.
             */
            warned_before: number;
        };
        /** @description What was to be done about one incident, and when it was. */
        DrillExpected: {
            area: string;
            /** @description Who did it; a desk that is simulated is named so. */
            by?: string | null;
            code: string;
            /** Format: int64 */
            done_ms?: number | null;
            /** Format: int64 */
            due_ms: number;
            incident: string;
            /** Format: int32 */
            severity: number;
            simulated: boolean;
            /** @description `in-time`, `late`, `missing` or `open`. */
            verdict: string;
            /** @description `acknowledge`, `dispatch` or `arrive`. */
            what: string;
        };
        /** @description What was found, and who mends it until when: empty where nobody is charged yet. */
        DrillFinding: {
            action: string;
            /** @description `2024-03-01`. */
            due: string;
            owner: string;
            /** @description As on the page of findings: `found`, `charged`, `overdue`, `finished`, `closed`, `disputed`. */
            phase: string;
            text: string;
        };
        /** @description What the room knew at a moment. */
        DrillKnew: {
            /** Format: int64 */
            at_ms: number;
            /** Format: int64 */
            check_ins: number;
            /** Format: int32 */
            grave_open: number;
            /** Format: int32 */
            incidents: number;
            /** Format: int32 */
            lag_s: number;
            /** Format: int32 */
            open: number;
            /** Format: int32 */
            unacknowledged: number;
        };
        /** @description What a day measured of an area, as a file that the real election takes in. It names no one. */
        DrillMeasured: {
            area: string;
            /** @description Without the cellular network for the whole polling. */
            dark: boolean;
            /** @description The exercise: `EX-KARACHI-1`. */
            exercise: string;
            failures: components["schemas"]["MeasuredFailure"][];
            /** @description From the eve to the last bag. */
            full: boolean;
            /** @description Stands on everything that an exercise gives out. */
            mark: string;
            paths: components["schemas"]["MeasuredPath"][];
            /** @description People held the desk; otherwise it was simulated. */
            played: boolean;
            scenario: string;
            /** Format: int64 */
            seed: number;
            /** Format: int32 */
            stations: number;
            /** @description SHA-256 of everything that happened in the area, as 64 hexadecimal digits. */
            trace: string;
        };
        /** @description What the exercise is for. */
        DrillObjective: {
            text: string;
            /** @description `open`, `met`, `missed` or `disputed`, by the director's judgement. */
            verdict: string;
        };
        /**
         * @description What the day does just now.
         * @enum {string}
         */
        DrillPhase: "catching-up" | "running" | "paused" | "over" | "stopped" | "failed";
        /** @description What truly happened and what the room saw of it. */
        DrillSeen: {
            area: string;
            code: string;
            /**
             * Format: int64
             * @description When the district's desk heard of it; none: never.
             */
            heard_ms?: number | null;
            /** Format: int64 */
            occurred_ms: number;
            /** Format: int32 */
            severity: number;
            unanswered: boolean;
        };
        /**
         * @description How good the people are who are not there. Delays are proposed, not measured; an exercise that measures its own
         *     people replaces them.
         * @enum {string}
         */
        DrillSkill: "novice" | "trained" | "expert";
        /** @description How the day stands, as it was last told. */
        DrillStatus: {
            /**
             * Format: int32
             * @description Share of one core that the day takes, in thousandths, over the last ten seconds of the clock on the wall.
             */
            busy_permille: number;
            /** @description Districts whose material goes on record piece by piece. */
            closely: string[];
            /**
             * Format: int64
             * @description Stations in them.
             */
            closely_stations: number;
            /**
             * Format: int64
             * @description Check-ins and acts that the desks entered.
             */
            entered: number;
            /** Format: int64 */
            entries: number;
            fault?: string | null;
            first_refusal?: string | null;
            full: boolean;
            /**
             * Format: int32
             * @description Seconds of the day by which the record stands behind the clock.
             */
            lag_s: number;
            /** Format: int32 */
            lag_s_max: number;
            /**
             * Format: int64
             * @description The same on the world's clock, Unix milliseconds.
             */
            now_ms: number;
            /**
             * Format: int32
             * @description The day's time in seconds from midnight of the polling day; the eve is negative.
             */
            now_s: number;
            /**
             * Format: int64
             * @description Acts that simulated operators have still to do.
             */
            operators_waiting: number;
            /** Format: int32 */
            pace: number;
            /**
             * Format: int64
             * @description Happenings of the last second that was lived, by the clock on the wall.
             */
            per_second: number;
            phase: components["schemas"]["DrillPhase"];
            players: string[];
            /**
             * Format: int64
             * @description What a desk wanted to enter and could not, with the first reason.
             */
            refused: number;
            scenario: string;
            /** Format: int64 */
            seed: number;
            skill: components["schemas"]["DrillSkill"];
            tally: components["schemas"]["DrillTally"];
            /** Format: int32 */
            until_s: number;
        };
        /** @description Counts of one day. Every figure counts what truly happened, whether the room heard of it or not. */
        DrillTally: {
            /**
             * Format: int64
             * @description Received after 02:00 of the next day.
             */
            bags_late: number;
            /** Format: int64 */
            bags_received: number;
            /** Format: int64 */
            check_ins: number;
            /** Format: int64 */
            check_ins_lost: number;
            /**
             * Format: int64
             * @description Stations that were dark at least once.
             */
            dark_stations: number;
            /** Format: int64 */
            destroyed: number;
            /**
             * Format: int64
             * @description Districts that found a service gone.
             */
            districts_cut: number;
            /**
             * Format: int64
             * @description Of severity 4 and 5.
             */
            grave: number;
            /** Format: int64 */
            happenings: number;
            /** Format: int64 */
            incidents: number;
            /** Format: int64 */
            injured: number;
            /** Format: int64 */
            killed: number;
            /** Format: int64 */
            opened: number;
            /**
             * Format: int64
             * @description Opened more than a quarter of an hour late.
             */
            opened_late: number;
            /** Format: int64 */
            reports: number;
            /** Format: int64 */
            snatched: number;
            /** Format: int64 */
            teams_sent: number;
            /** Format: int64 */
            unanswered: number;
        };
        /** @description The day beside the room. */
        DrillView: {
            injected: components["schemas"]["Injected"][];
            status?: components["schemas"]["DrillStatus"] | null;
        };
        /** @description One root: echoes count once. */
        DrillWarned: {
            area: string;
            /** @description A code of the taxonomy. */
            code: string;
            /** Format: int64 */
            confirmed_ms?: number | null;
            /** Format: int64 */
            from_ms: number;
            /** Format: int32 */
            graded: number;
            /** Format: int64 */
            heard_ms: number;
            /**
             * Format: int64
             * @description When what it spoke of happened: the same kind, in the district, within the window.
             */
            occurred_ms?: number | null;
            /** Format: int64 */
            ordered_ms?: number | null;
            /**
             * Format: int32
             * @description What the root alone stands at by its grades, in ten-thousandths.
             */
            posterior_e4: number;
            /**
             * Format: int64
             * @description When somebody was warned; of what people released, within the minute in which the room's knowledge is noted.
             */
            released_ms?: number | null;
            /**
             * Format: int32
             * @description Reports of the root, however many services passed it on, and how many of them were graded.
             */
            reports: number;
            root: string;
            /** Format: int64 */
            until_ms: number;
            /**
             * @description `before`: warned before it happened; `after`: too late; `unwarned`: it happened and nobody was warned; `nothing`:
             *     the window passed and nothing happened; `open`: it has not passed yet.
             */
            verdict: string;
        };
        /** @description Something that shall happen, in words. What is not needed by its kind stays away. */
        DrillWish: {
            /** @description `09:30`, `D-1 21:00`, `D+1 02:00`; none: now. */
            at?: string | null;
            /** Format: int32 */
            count?: number;
            /** @description A district's area, for what happens at no station. */
            district?: string | null;
            /** Format: int32 */
            injured?: number;
            /** Format: int32 */
            killed?: number;
            /** @description `incident`, `citizen`, `tip`, `outage`, `not-open`, `snatch`, `burn`, `tamper` or `guards-leave`. */
            kind: string;
            /**
             * Format: int32
             * @description How long it lasts, or the poll stands still.
             */
            minutes?: number;
            /** @description What the director calls it. */
            name?: string;
            /** Format: int32 */
            severity?: number | null;
            /** @description A station's id. */
            station?: string | null;
            /** @description A code of the incidents' taxonomy: `ARM.PST`. */
            trouble?: string | null;
            /**
             * @description A word of its kind's list: a service, a cause, a deed in secret, `true`, `mistaken` or `malicious`. Of a tip the name
             *     of its root, whatever it is: tips of one name are echoes of each other.
             */
            word?: string | null;
        };
        /** @description A contact on record. */
        DueContact: {
            area: string;
            /** @description The day from which it may be deleted by rule; nothing while no day of poll is known. */
            due?: string | null;
            /** @description The entry that holds it. */
            entry: string;
        };
        /** @description A crew as it goes on duty. */
        DutyWish: {
            base: string;
            /** Format: int32 */
            crew: number;
            /** @description `quick-reaction`, `patrol` or `reserve`. */
            kind: string;
            /** Format: double */
            lat: number;
            /** Format: double */
            lon: number;
            /** Format: int32 */
            ready_minutes: number;
            /**
             * Format: int64
             * @description Since when the crew is on its feet, if not now.
             */
            since_ms?: number | null;
            unit: string;
            vehicle?: string;
        };
        ElectionView: {
            date: string;
            id: string;
            /** @description `real`, `exercise` or `synthetic`. */
            kind: string;
            name: string;
        };
        EndWish: {
            /** @description In the words of whoever ends it. */
            reason: string;
        };
        ExceptionView: {
            contest?: string | null;
            /** @description Numbers that contradict each other; empty for whoever still has to read them. */
            detail: string;
            /** @description The entries that show it. */
            evidence: string[];
            /** @description The same on every node. */
            id: string;
            item?: string | null;
            /** @description The role whose matter it is until somebody takes it. */
            owner: string;
            /** @description Whoever asks is one of those whose acts show it, and does not resolve it. */
            party: boolean;
            resolved?: components["schemas"]["ResolvedView"] | null;
            /** @description `X03`. */
            rule: string;
            /** Format: int32 */
            severity: number;
            /** Format: int64 */
            since_ms: number;
            station?: string | null;
            taken?: components["schemas"]["DoneBy"] | null;
        };
        FactorNow: {
            /** Format: int32 */
            centi: number;
            factor: string;
        };
        FactorView: {
            /** @description `observed`, `district`, `province`, `nation`, `prior`. */
            basis: string;
            /**
             * Format: int32
             * @description 0 to 400.
             */
            centi: number;
            /** Format: int32 */
            confidence_pct: number;
            /** Format: int32 */
            contribution_centi: number;
            factor: string;
            name_en: string;
            name_ur: string;
            source_en: string;
            source_ur: string;
        };
        FactorWish: {
            /**
             * Format: int32
             * @description 0 (none) to 400 (extreme).
             */
            centi: number;
            /** @description `T1` … `C5`. */
            factor: string;
        };
        /** @description The body of every answer that is not a success. */
        Fault: {
            code: string;
            /** @description The field or thing it is about. */
            field?: string | null;
            sign?: components["schemas"]["SignView"] | null;
            text_en: string;
            text_ur: string;
        };
        /** @description Everything published about one measure of one area. */
        FigureGroup: {
            area: string;
            /** @description The values do not say the same. */
            disputed: boolean;
            measure: string;
            values: components["schemas"]["FigureValue"][];
        };
        FigureValue: {
            as_of?: string | null;
            note: string;
            /**
             * Format: int64
             * @description Its reading as a whole number, if it has one.
             */
            number?: number | null;
            source: string;
            /** @description As published. */
            value: string;
        };
        Figures: (components["schemas"]["Age"] | null) & {
            disputed: number;
            groups: components["schemas"]["FigureGroup"][];
        };
        /** @description Who mends it, how, and until when. */
        FindingAction: {
            /** @description `2024-03-01`. */
            due: string;
            /** @description The code of a role. */
            owner: string;
            text: string;
        };
        FindingEntry: {
            action?: components["schemas"]["FindingAction"] | null;
            /** @description Whoever asks may do this about it: `charge`, `finish`, `return`, `close`, `drop`. */
            acts: string[];
            area: string;
            by: components["schemas"]["MarkView"];
            /** @description Names it when something is done about it. */
            id: string;
            /** @description `found`, `charged`, `overdue`, `finished`, `closed`, `dropped` or `disputed`. */
            phase: string;
            /** @description `observed`, `exercise`, or the code of the account's figure that missed its target: `K07`. */
            source: string;
            text: string;
            /** @description Several where it was decided apart. */
            words: components["schemas"]["FindingWord"][];
        };
        FindingLog: {
            /** @description In the order in which they were set. */
            aims: components["schemas"]["AimRow"][];
            /** @description Areas for which whoever asks may record one. */
            areas: string[];
            /** @description What is overdue first, then what waits for somebody, then the rest; the newest first within each. */
            findings: components["schemas"]["FindingEntry"][];
            /** @description Whoever asks may set and judge the aims of an exercise. */
            may_aim: boolean;
            /** @description About which something is still to be done. */
            open: number;
            overdue: number;
            /** @description Roles that may own an action. */
            owners: string[];
        };
        FindingNote: {
            note?: string;
        };
        FindingPage: {
            codes: components["schemas"]["CodeCount"][];
            rows: components["schemas"]["FindingRow"][];
            /** @description Findings that the filter lets through; of very many only the first are listed row by row. */
            total: number;
        };
        FindingRow: {
            code: string;
            column: string;
            now: string;
            /**
             * Format: int32
             * @description Line of the file, the header being line 1; 0 means the file as a whole.
             */
            row: number;
            severity: string;
            text_en: string;
            text_ur: string;
            was: string;
        };
        FindingWish: {
            area: string;
            /** @description `exercise`, or the code of a figure; by the eye of whoever signs when it is empty. */
            source?: string;
            text: string;
        };
        /** @description Somebody's word about where it stands. */
        FindingWord: {
            by: components["schemas"]["MarkView"];
            note: string;
            /** @description `charged`, `finished`, `closed` or `dropped`. */
            word: string;
        };
        FloorWish: {
            area: string;
            reason: string;
            /** Format: int32 */
            teams: number;
        };
        /** @description Two signed entries that cannot both be true, side by side. */
        ForkView: {
            /** Format: int64 */
            found_ms: number;
            held: components["schemas"]["SideView"];
            key: string;
            /** @description Who signed both, as the roster calls them. */
            name: string;
            other: components["schemas"]["SideView"];
            /** @description The first place that is not believed. */
            place: string;
        };
        FormCodeWish: {
            code: string;
            form: string;
        };
        FormView: {
            line_en: string;
            line_ur: string;
            questions: components["schemas"]["QuestionView"][];
            title_en: string;
            title_ur: string;
        };
        /** @description A filled form: of a building or of a district. */
        FormWish: {
            answers: components["schemas"]["Ticked"][];
            building?: string | null;
            district?: string | null;
            /** @description Role of who looked, if another than who sends it; never a name. */
            looked?: string;
            /** @description The day on which somebody looked: `2024-01-20`. */
            on: string;
        };
        Forms: {
            building: components["schemas"]["FormView"];
            district: components["schemas"]["FormView"];
            parts: components["schemas"]["PartView"][];
            /** @description Longest photograph, in bytes. */
            photograph_bytes_max: number;
        };
        FoundedView: {
            election: string;
            /** @description Eight groups of five digits, to be read aloud and compared. */
            fingerprint: string;
            keys: number;
            threshold: number;
        };
        /** @description The day within somebody's reach: whole, or what differs from the frame before. */
        Frame: {
            areas: components["schemas"]["AreaView"][];
            clock: components["schemas"]["ClockView"];
            exercise: boolean;
            incidents: components["schemas"]["IncidentView"][];
            /** @description All that is late about units; none where that did not change. */
            late?: components["schemas"]["UnitLateView"][] | null;
            poll: string;
            /**
             * @description Base 64. Whole: a byte a station, in the order of the map's points: stage of the ladder in the low three bits,
             *     then 8 trouble, 16 opened, 32 closed, 64 open incident, 128 disputed. Otherwise, for each station that differs, its
             *     position in four bytes (little endian) and its byte.
             */
            status: string;
            suspensions: components["schemas"]["SuspensionView"][];
            totals: components["schemas"]["CountsView"];
            /** Format: int64 */
            version: number;
            whole: boolean;
        };
        GoalView: {
            area: string;
            incident: string;
        };
        /** @description A unit that goes to an incident or is there. */
        GoingView: {
            phase: string;
            unit: string;
        };
        GrantView: {
            area: string;
            /** Format: int64 */
            expires_ms: number;
            /** @description Names the grant when it is approved. */
            grant: string;
            granted_by: string;
            role: string;
            /** @description `first`, `granted` (waits for approval), `approved`, `refused`, `revoked`, `disputed`. */
            state: string;
        };
        GrantWish: {
            area: string;
            /**
             * Format: int64
             * @description At most fifteen days after the poll; that, when it is not given.
             */
            expires_ms?: number | null;
            reason: string;
            role: string;
        };
        /**
         * @description Why something is to be deleted.
         * @enum {string}
         */
        GroundWord: "rule" | "court";
        HandOverView: {
            /** Format: int64 */
            due_ms?: number | null;
            from: components["schemas"]["DoneBy"];
            /** @description Names the hand-over when it is answered. */
            id: string;
            items: components["schemas"]["Offered"][];
            /** @description It waits for whoever asks. */
            own: boolean;
            place: string;
            step: string;
            to: string;
        };
        HandRow: {
            area: string;
            /** @description `report` or `incident`. */
            kind: string;
            /** Format: int64 */
            since_ms: number;
            threat?: string | null;
            up: boolean;
            watch: string;
            /** @description Names the report or the incident. */
            what: string;
        };
        /** @description Bundles to and from one device, on sticks or by other hands. */
        HandsView: {
            device: string;
            /** Format: int64 */
            in_ms?: number | null;
            /** Format: int64 */
            out_ms?: number | null;
            /**
             * Format: int32
             * @description Bundles of whose arrival nothing is known, and since when the oldest is on its way.
             */
            outstanding: number;
            /** Format: int64 */
            outstanding_since_ms?: number | null;
            /** Format: int64 */
            receipt_ms?: number | null;
        };
        /** @description What the helpline's operator or the desk writes down. */
        HeardReport: {
            about_guards?: boolean;
            /** @description The district. */
            area: string;
            /** @description Only if the caller wants to be called back. */
            contact?: string;
            /** @description `helpline`, `desk` or `slip`. */
            door: string;
            /**
             * Format: int32
             * @description How many hours ago it happened; nothing if the caller does not say.
             */
            hours_ago?: number | null;
            /** @description `ur`, `en`, `sd`, `ps`, `pa`, `bal` or `skr`. */
            language: string;
            /** @description `NA-40-15`, `NA-40` or nothing. */
            place?: string;
            text: string;
            /** @description `closed`, `turned-away`, `women`, `violence`, `guards`, `access`, `material`, `crowd`, `rumour` or `other`. */
            topic: string;
        };
        HeardWish: {
            area: string;
            /** @description Labels of what was heard just now. */
            equipment: string[];
        };
        Hit: {
            id: string;
            /** @description `station`, `building`, `unit`, `district`, `town`. */
            kind: string;
            /** Format: int32 */
            lat_e7?: number | null;
            /** Format: int32 */
            lon_e7?: number | null;
            /** @description What tells it from others of the same name. */
            sub: string;
            text: string;
        };
        ImportView: {
            /** Format: int64 */
            bytes: number;
            columns: components["schemas"]["ColumnView"][];
            delimiter?: string | null;
            diff?: components["schemas"]["DiffView"] | null;
            encoding?: string | null;
            error?: components["schemas"]["Fault"] | null;
            /** @description `csv`, `xlsx` or `geojson`. */
            format: string;
            /** Format: int32 */
            header_row: number;
            id: string;
            job?: string | null;
            kind: string;
            meanings: components["schemas"]["MeaningView"][];
            /** @description Required meanings that no column has. */
            missing: string[];
            name: string;
            preview: string[][];
            sha256: string;
            state: components["schemas"]["Step"];
            summary?: components["schemas"]["SummaryView"] | null;
        };
        /** @description What a file brought. */
        Imported: {
            /** @description Bundles for others: kept, to go along with the next file. */
            carried: string[];
            /** Format: int64 */
            chunks: number;
            /** @description Everything that is wrong with the file, in words. */
            damage: string[];
            /** Format: int64 */
            entries_known: number;
            /** Format: int64 */
            entries_new: number;
            first_reason?: string | null;
            forks: string[];
            /** @description Bundles that were sealed to this node. */
            opened: string[];
            /** @description Bundles of this node that arrived, by their receivers' word: bundle, sound pieces, all pieces. */
            receipts: [
                string,
                number,
                number
            ][];
            /** Format: int64 */
            refused: number;
            /** Format: int64 */
            statements_new: number;
            /**
             * Format: int64
             * @description New entries that are kept without effect, with the first reason.
             */
            without_effect: number;
        };
        IncidentDetail: {
            calls: components["schemas"]["CallView"][];
            /** @description Others that may be the same; only a person merges. */
            duplicates: string[];
            incident: components["schemas"]["IncidentView"];
            methane?: components["schemas"]["MethaneDetail"] | null;
            offers: components["schemas"]["OfferView"][];
            steps: components["schemas"]["StepView"][];
            /** @description Tolls as they were stated, oldest first: moment, killed and hurt from at least to at most, source. */
            tolls: components["schemas"]["TollStep"][];
        };
        /** @description One kind of incident. */
        IncidentKind: {
            /** Format: int32 */
            acknowledge_min: number;
            /** @description Urban, rural, remote. */
            arrive_min?: number[] | null;
            code: string;
            complaint: boolean;
            /** Format: int32 */
            dispatch_min: number;
            first_actions: string;
            first_actions_ur: string;
            lead: string;
            /** Format: int32 */
            severity: number;
            title_en: string;
            title_ur: string;
        };
        /** @description The incident that is made of a report. */
        IncidentOfReport: {
            /** @description `ARM.PST`; of a complaint one of the codes for those who guard. */
            code: string;
            /** Format: int32 */
            severity?: number | null;
            /** @description The desk's own words: of a sealed report they say no more than everybody who sees incidents may know. */
            text: string;
        };
        IncidentView: {
            area: string;
            /**
             * @description The level of the security chain whose answer is awaited: `sector`, `district`, `province`, `nation`; none once
             *     somebody answered.
             */
            asked?: string | null;
            /** Format: int64 */
            at_ms: number;
            /**
             * Format: int32
             * @description 0 normal, 1 sensitive, 2 most sensitive.
             */
            class?: number | null;
            code: string;
            complaint: boolean;
            /** @description `undeclared`, `below`, `standby`, `major`, `stood-down` or `disputed`. */
            declaration: string;
            /** @description `verified`, `unverified` or `false`. */
            finding?: string | null;
            id: string;
            /** Format: int64 */
            last_ms: number;
            /**
             * Format: int32
             * @description Ten-millionths of a degree.
             */
            lat_e7?: number | null;
            /** Format: int32 */
            lon_e7?: number | null;
            /**
             * Format: int64
             * @description Since when it is a major incident.
             */
            major_ms?: number | null;
            merged_into?: string | null;
            methane?: components["schemas"]["MethaneView"] | null;
            /**
             * Format: int32
             * @description So many levels did not answer in their time.
             */
            passed: number;
            /** @description `reported`, `acknowledged`, `assigned`, `en-route`, `on-scene`, `contained`, `closed`, `reopened`, `disputed`. */
            phase: string;
            /** Format: int32 */
            severity: number;
            /** @description `on-scene`, `desk`, `public` or `derived`. */
            source: string;
            station?: string | null;
            target?: components["schemas"]["TargetView"] | null;
            text: string;
            toll?: components["schemas"]["TollView"] | null;
            units: string[];
            words: string;
        };
        Injected: {
            /** Format: int64 */
            at_ms: number;
            name: string;
        };
        InstallWish: {
            equipment: string;
            place: components["schemas"]["PlaceWish"];
        };
        ItemRow: {
            contest?: string | null;
            /** @description Who answers for it: of what lies in another item, who has that. */
            holder: string;
            item: string;
            kind: string;
            /** @description `held`, `offered`, `late` … */
            phase: string;
            station?: string | null;
            within?: string | null;
        };
        ItemView: {
            /** @description Seal numbers are kept from whoever asks until they have read them. */
            blind: boolean;
            exceptions: components["schemas"]["ExceptionView"][];
            history: components["schemas"]["CustodyStepView"][];
            inside: string[];
            row: components["schemas"]["ItemRow"];
        };
        Items: {
            items: components["schemas"]["ItemRow"][];
            /** @description How many there are; only the first are named. */
            of: number;
        };
        /** @description A job as a screen sees it. */
        Job: {
            bound?: components["schemas"]["JobBound"] | null;
            /** @description Who started it. */
            by: string;
            /** Format: int64 */
            done: number;
            /** Format: int64 */
            ended_ms?: number | null;
            error?: components["schemas"]["JobFault"] | null;
            id: string;
            kind: components["schemas"]["JobKind"];
            label: string;
            result?: Record<string, never> | null;
            stage: string;
            /** Format: int64 */
            started_ms: number;
            state: components["schemas"]["JobState"];
            /**
             * Format: int64
             * @description 0 when unknown.
             */
            total: number;
        };
        /**
         * @description How good the best plan is so far: exact integers of the objective. What is to be small lies above its bound, what is to
         *     be large below it; the gap is what lies between.
         */
        JobBound: {
            /** Format: int64 */
            dual_bound: number;
            /** Format: int64 */
            gap: number;
            /** Format: int64 */
            objective: number;
        };
        /** @description What went wrong, in both languages. */
        JobFault: {
            code: string;
            text_en: string;
            text_ur: string;
        };
        /** @enum {string} */
        JobKind: "generate" | "import" | "assess" | "allocate" | "backtest" | "reserves" | "convoys" | "pack" | "patrol" | "drill" | "branch";
        /** @enum {string} */
        JobState: "running" | "done" | "cancelled" | "failed";
        /** @description Totals of one kind of staff within the asker's reach. `supply` and `unused` count the reserve as unavailable. */
        KindTotal: {
            kind: components["schemas"]["StaffWord"];
            /** Format: int64 */
            minimum_missing: number;
            /** Format: int64 */
            missing: number;
            /** Format: int64 */
            need: number;
            /** Format: int64 */
            posted: number;
            /** Format: int64 */
            supply: number;
            /** Format: int64 */
            unused: number;
        };
        /** @description A kind of file and the columns that it can have. */
        KindView: {
            kind: string;
            meanings: components["schemas"]["MeaningView"][];
        };
        /**
         * @description `men`, `women`, `combined`.
         * @enum {string}
         */
        KindWord: "men" | "women" | "combined";
        LastView: {
            /** Format: int64 */
            at_ms: number;
            note: string;
            person: string;
            what: string;
        };
        /** @description Something that is late. */
        LateView: {
            area: string;
            /** Format: int64 */
            due_ms: number;
            id: string;
            incident?: string | null;
            /** Format: int32 */
            severity: number;
            unit: string;
            /** @description `departure`, `arrival`, `rest` or `answer`. */
            what: string;
        };
        /** @description One entry that came later. */
        LaterRow: {
            area: string;
            area_name: string;
            area_name_ur?: string | null;
            /** @description Device, log epoch and number of the entry. */
            entry: string;
            /**
             * Format: int64
             * @description The earliest moment that it speaks of; none where it speaks of none.
             */
            happened_ms?: number | null;
            /**
             * Format: int32
             * @description The number in the header.
             */
            kind: number;
            /**
             * Format: int64
             * @description When it came, in the day's time.
             */
            received_ms: number;
            role: string;
            /**
             * Format: int32
             * @description How many things it says.
             */
            sayings: number;
            /**
             * Format: int64
             * @description When its writer's clock says that it was signed.
             */
            written_ms: number;
        };
        /** @description What came later about a moment. */
        LaterView: {
            /** Format: int64 */
            at_ms: number;
            /**
             * Format: int64
             * @description Entries within reach that speak of that moment or an earlier one and were received after it.
             */
            entries: number;
            /** @description The first of them, in the order of reception. */
            first: components["schemas"]["LaterRow"][];
            /** Format: int64 */
            receipt: number;
        };
        Learned: {
            /** @description How many statements were new here. */
            new: number;
        };
        LiftLock: {
            reason?: string;
        };
        LiftWish: {
            reason: string;
        };
        /** @description What became of a line. */
        LineEntered: {
            /** @description The entry that bears it: device, log epoch and number. None: it was not entered. */
            entry?: string | null;
            fault?: components["schemas"]["LineFault"] | null;
            /** @description The incident's name. */
            incident?: string | null;
            read: components["schemas"]["LineRead"];
        };
        /** @description What is said of a line that cannot be entered: what was heard, and what to ask. */
        LineFault: {
            code: string;
            text_en: string;
            text_ur: string;
        };
        LineHeard: {
            /**
             * Format: int64
             * @description When it was entered, by the day's clock. Given again with the same moment it is the same line.
             */
            at_ms: number;
            line: string;
        };
        /** @description One line, as it would be entered. */
        LineRead: {
            area: string;
            call_sign: string;
            code: string;
            counts: (number | null)[];
            /** @description `early`: it falls due an hour from now or later. `said`: the same is on record already. */
            doubt?: string | null;
            fault?: components["schemas"]["LineFault"] | null;
            /** @description `check-in`, `incident`, `net` or `fault`. */
            kind: string;
            /** @description What an incident's code means. */
            means_en: string;
            means_ur: string;
            name: string;
            note: string;
            /**
             * Format: int32
             * @description Of the net that is to be opened.
             */
            sector?: number | null;
            /**
             * Format: int32
             * @description Of an incident.
             */
            severity?: number | null;
            /** @description None: the sector's post. */
            station?: string | null;
            well: boolean;
        };
        /** @description A check-in that was entered wrongly. */
        LineStruck: {
            code: string;
            /** @description Device, log epoch and number of the entry. */
            entry: string;
            /** @description The call sign of a sector's post, where no station is named. */
            post?: string | null;
            reason: string;
            station?: string | null;
        };
        LinesHeard: {
            district: string;
            lines: components["schemas"]["LineHeard"][];
            /** @description `radio`, `fixed`, `courier`, `in-person`, `cellular` or `satellite`. */
            rung: string;
            /** Format: int32 */
            sector: number;
        };
        /** @description The open net, and lines as they were typed. */
        LinesRead: {
            district: string;
            lines: string[];
            /** Format: int32 */
            sector: number;
        };
        ListingWish: {
            equipment: string;
            /** @description The line of the power company that feeds it. */
            feeder?: string;
            /** @description `camera`, `verification`, `radio`, `tracker`, `generator` or `hub`. */
            kind: string;
            /** @description The hub or line over which it is heard. */
            line?: string;
            owner?: string;
            place: components["schemas"]["PlaceWish"];
            serial?: string;
        };
        LockView: {
            /** Format: int64 */
            at_ms: number;
            building: string;
            building_name: string;
            by: string;
            /** Format: int32 */
            count?: number | null;
            exclude: boolean;
            /** @description Names the lock when it is lifted. */
            id: string;
            kind?: components["schemas"]["StaffWord"] | null;
            unit: string;
        };
        LockWish: {
            building: string;
            /** Format: int32 */
            count?: number | null;
            /** @description Nobody of the unit stands there. */
            exclude?: boolean;
            kind?: components["schemas"]["StaffWord"] | null;
            reason: string;
            unit: string;
        };
        MapDistrict: {
            area: string;
            /** @description Normal, sensitive, most: the classes by which forces are due. */
            classes: number[];
            /** @description Convex hull of its stations: `[lat_e7, lon_e7]`, counter-clockwise, not closed. */
            hull: number[][];
            /**
             * Format: int32
             * @description As in the points' district column.
             */
            index: number;
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            name: string;
            name_ur?: string | null;
            province: string;
            /** Format: int32 */
            stations: number;
        };
        MapTown: {
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            name: string;
            name_ur: string;
            /** Format: int32 */
            population: number;
        };
        MappingWish: {
            columns: components["schemas"]["ColumnWish"][];
        };
        /** @description A person's act. */
        MarkView: {
            /** Format: int64 */
            at_ms: number;
            person: string;
            role: string;
        };
        /** @description Reports that may be about one thing, and what they say together. It proposes; a person signs. */
        MatterRow: {
            area: string;
            contradicted: boolean;
            english: string;
            /** Format: int32 */
            level: number;
            /** @description Whoever asks may sign it. */
            may_sign: boolean;
            /** Format: int32 */
            posterior_e4: number;
            /** Format: int32 */
            prior_e4: number;
            reasons: components["schemas"]["ReasonRow"][];
            reports: string[];
            /** Format: int32 */
            roots: number;
            signed?: components["schemas"]["SignedRow"] | null;
            threat: string;
            urdu: string;
        };
        MeaningView: {
            en: string;
            key: string;
            required: boolean;
            ur: string;
        };
        /** @description An order that meets a warning. */
        MeasureRow: {
            /** Format: int64 */
            confirm_by_ms: number;
            /** Format: int64 */
            confirmed_ms?: number | null;
            given_by: string;
            measure: string;
            order: string;
            /** @description Whoever asks can say that it is done. */
            own: boolean;
            owner: string;
            text: string;
        };
        MeasuredFailure: {
            key: string;
            text: string;
        };
        MeasuredPath: {
            /** Format: int32 */
            answered: number;
            /**
             * Format: int32
             * @description Messages that were given to it; none: it was not drilled.
             */
            asked: number;
            path: string;
            /** Format: int32 */
            slowest_s: number;
        };
        MendWish: {
            /** @description Of the drill in which it failed. */
            failure: string;
            how: string;
        };
        /** @description All reports, the text of the last one, and what the next one could begin with. */
        MethaneDetail: {
            /** @description The room's units that are on their way. */
            coming: string[];
            draft: components["schemas"]["MethaneWish"];
            /** @description Newest first. */
            reports: components["schemas"]["MethaneView"][];
            spoken: components["schemas"]["SpokenLine"][];
        };
        /** @description A report for an incident of an area. */
        MethaneGiven: {
            area: string;
            note?: string;
            report: components["schemas"]["MethaneWish"];
        };
        /** @description One report as it stands in the record. */
        MethaneView: {
            /** Format: int64 */
            at_ms: number;
            code: string;
            /** @description `none`, `standby`, `major` or `stood-down`. */
            declared: string;
            entry: string;
            hazard_words: string;
            hazards: string[];
            kind: string;
            /**
             * Format: int32
             * @description Ten-millionths of a degree.
             */
            lat_e7?: number | null;
            /** Format: int32 */
            lon_e7?: number | null;
            meeting: string;
            place: string;
            present: components["schemas"]["StrengthView"][];
            required: components["schemas"]["StrengthView"][];
            required_words: string;
            role: string;
            suspected: string[];
            toll?: components["schemas"]["TollView"] | null;
            units: string[];
            way_in: string;
            way_out: string;
        };
        /** @description What a report says, as it is typed; with what the record knows already it is offered for typing. */
        MethaneWish: {
            /** @description `IED.PST`. */
            code: string;
            /** @description `none`, `standby`, `major` or `stood-down`. */
            declared: string;
            hazard_words?: string;
            /**
             * @description `fire`, `collapse`, `device`, `second-device`, `gunfire`, `crowd`, `gas`, `electricity`, `fuel`, `chemical`, `flood`,
             *     `slide` or `traffic`.
             */
            hazards?: string[];
            kind?: string;
            /** Format: double */
            lat?: number | null;
            /** Format: double */
            lon?: number | null;
            meeting?: string;
            place: string;
            present?: components["schemas"]["StrengthView"][];
            required?: components["schemas"]["StrengthView"][];
            required_words?: string;
            /** @description Those that may be there. */
            suspected?: string[];
            /** @description Killed at least and at most, hurt at least and at most. The toll that stands, said again, is no revision. */
            toll?: number[] | null;
            toll_source?: string;
            /** @description The room's own units that are there. */
            units?: string[];
            way_in?: string;
            way_out?: string;
        };
        More: {
            /** Format: int32 */
            added: number;
            district: string;
            /**
             * @description False: the plan was solved before this start of the program, or solving it again took too long; the answer
             *     is then read from the listed shortfalls and is the least that the people would change.
             */
            exact: boolean;
            kind: components["schemas"]["StaffWord"];
            /** Format: int64 */
            missing_after: number;
            /** Format: int64 */
            missing_before: number;
            /**
             * Format: int64
             * @description Unmet posts that would be filled, in the whole plan.
             */
            removes: number;
            sentence_en: string;
            sentence_ur: string;
            /**
             * Format: int32
             * @description Of them posted by the new plan.
             */
            used: number;
        };
        MoveView: {
            building: string;
            kind: components["schemas"]["StaffWord"];
            /** Format: int32 */
            now: number;
            unit: string;
            /** Format: int32 */
            was: number;
        };
        /** @description Polling material on its way while the window is open. */
        NearConvoy: {
            area: string;
            /** Format: int32 */
            distance_m: number;
            /** Format: int64 */
            due_ms?: number | null;
            /** Format: int64 */
            from_ms: number;
            /** @description The act by which it set out. */
            id: string;
            /** Format: int32 */
            items: number;
            /** @description From its nearest station to the returning office, straight: the road it takes is not on record. */
            points: number[][];
            stations: string[];
            /** @description Number plate or call sign; may be empty. */
            vehicle: string;
        };
        NearIncident: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            code: string;
            /** Format: int32 */
            distance_m: number;
            id: string;
            point: number[];
            /** Format: int32 */
            severity: number;
        };
        /** @description A route, an office, a store, a rally: whatever is protected besides stations. */
        NearPlace: {
            /** Format: int32 */
            distance_m: number;
            /**
             * Format: int64
             * @description When it is used; none: always.
             */
            from_ms?: number | null;
            id: string;
            /**
             * @description `returning-office`, `store`, `distribution-point`, `press`, `route`, `candidate-office`, `rally`, `procession`,
             *     `polling-stations`.
             */
            kind: string;
            name: string;
            /** @description A spot or a way. */
            points: number[][];
            /** Format: int64 */
            until_ms?: number | null;
        };
        /** @description Another report that points there while the window is open, of any threat. */
        NearReport: {
            /** Format: int32 */
            distance_m: number;
            /** Format: int64 */
            from_ms: number;
            id: string;
            threat: string;
            /** Format: int64 */
            until_ms: number;
        };
        NearStation: {
            area: string;
            /** Format: int32 */
            distance_m: number;
            name: string;
            point: number[];
            station: string;
        };
        NearView: {
            convoys: components["schemas"]["NearConvoy"][];
            incidents: components["schemas"]["NearIncident"][];
            /** Format: int64 */
            now_ms: number;
            places: components["schemas"]["NearPlace"][];
            /** @description Where was looked: the report's points, or its station's. */
            points: number[][];
            /** Format: int32 */
            radius_m: number;
            reports: components["schemas"]["NearReport"][];
            station_count: number;
            /** @description The nearest first. */
            stations: components["schemas"]["NearStation"][];
            /**
             * Format: int64
             * @description When the list of stations was signed; none without one.
             */
            stations_as_of_ms?: number | null;
            /** @description Names of watched areas into which it falls. */
            watches: string[];
            /** Format: int32 */
            within_m: number;
        };
        NetAnswers: {
            entered: components["schemas"]["NetEntered"][];
        };
        /** @description A code that is said or chosen. */
        NetCode: {
            code: string;
            title: components["schemas"]["TrainerText"];
        };
        NetDistrict: {
            area: string;
            name: string;
            name_ur?: string | null;
            /**
             * Format: int32
             * @description As it is said on the air.
             */
            number: number;
        };
        NetEntered: {
            /**
             * Format: int32
             * @description How often "say again" was asked.
             */
            asked: number;
            /** @description As it was typed; empty: the message was let go. */
            line: string;
            /** @description Its place in the lesson, from 0. */
            message: number;
            /** Format: int32 */
            took_ms: number;
        };
        NetLine: {
            /** Format: int32 */
            asked: number;
            message: number;
            /** Format: int32 */
            points: number;
            /** Format: int32 */
            took_ms: number;
            /** @description What was wrong with the first sending: `none`, `noise`, `stranger` or `unfit`. */
            trap: string;
            /** @description `right`, `guessed`, `call-sign`, `code`, `trouble`, `figures`, `unreadable` or `missed`. */
            verdict: string;
            /** @description The shortest line that says it. */
            wanted: string;
        };
        NetMember: {
            call_sign: string;
            /** Format: int32 */
            place: number;
            station: string;
        };
        NetMessage: {
            /** @description What is said when somebody asks for it again. */
            again: components["schemas"]["TrainerText"];
            /** Format: int64 */
            at_ms: number;
            first: components["schemas"]["TrainerText"];
        };
        /** @description A net and who is expected on it. */
        NetRoll: {
            district: string;
            /** @description Within reach. */
            districts: components["schemas"]["NetDistrict"][];
            may_report: boolean;
            may_strike: boolean;
            members: components["schemas"]["RollMember"][];
            /** @description `D012 S03`. */
            net: string;
            /** Format: int64 */
            now_ms: number;
            /** Format: int32 */
            number: number;
            /** Format: int32 */
            pace_milli: number;
            /** @description The sector's own post. */
            post: components["schemas"]["RollMember"];
            /** Format: int32 */
            sector: number;
            sectors: number[];
        };
        NetSheet: {
            /** Format: int32 */
            asked: number;
            /**
             * Format: int32
             * @description Asked although all was understandable.
             */
            asked_needlessly: number;
            /**
             * Format: int32
             * @description Of the right ones, within the target.
             */
            in_time: number;
            lines: components["schemas"]["NetLine"][];
            mark: string;
            /** Format: int32 */
            median_ms?: number | null;
            /** Format: int32 */
            missed: number;
            /**
             * Format: int32
             * @description Entered although it could not be understood.
             */
            not_asked: number;
            /** Format: int32 */
            right: number;
            /**
             * Format: int32
             * @description Of a hundred.
             */
            score: number;
            /** Format: int32 */
            wrong: number;
        };
        NetView: {
            district: string;
            /** Format: int64 */
            from_ms: number;
            /** @description Codes of incidents, for what is told in words. */
            incidents: components["schemas"]["NetCode"][];
            mark: string;
            members: components["schemas"]["NetMember"][];
            messages: components["schemas"]["NetMessage"][];
            /** @description `D012 S03`. */
            net: string;
            /** Format: int32 */
            target_ms: number;
        };
        NewItemWish: {
            contest?: string | null;
            item: string;
            /** @description `bag`, `box`, `tamper-bag` … */
            kind: string;
            seals?: string[];
            serials?: components["schemas"]["SerialsWish"] | null;
            station?: string | null;
            within?: string | null;
        };
        /** @description A node. Every time is Unix milliseconds; `None` where nothing came. */
        NodeRow: {
            area: string;
            /** @description The device's id. */
            device: string;
            /**
             * Format: int64
             * @description Entries of its that are held here.
             */
            entries: number;
            /**
             * Format: int32
             * @description The area's place: a district's centre, the middle of a province's, the capital for the nation.
             */
            lat_e7?: number | null;
            /** Format: int32 */
            lon_e7?: number | null;
            /** @description `own`, `witness`, `vouched` (the root stands behind it), `revoked`, `forked`. */
            marks: string[];
            name: string;
            /** @description Names of the paths that lead to it from here. */
            paths: string[];
            /** Format: int64 */
            received_ms?: number | null;
            roles: string[];
            /**
             * Format: int64
             * @description What the clock of its newest entry says, and when that entry came here.
             */
            said_ms?: number | null;
            /** @description Entries of its that are kept without effect. */
            withheld: number;
        };
        NodeView: {
            conflicts: number;
            data: components["schemas"]["DataView"][];
            demo: boolean;
            device: string;
            election?: components["schemas"]["ElectionView"] | null;
            /** Format: int64 */
            entries: number;
            /** Format: int32 */
            epoch: number;
            /** @description The election is an exercise, fixed at its founding: nothing here is or becomes real. */
            exercise: boolean;
            node_name: string;
            /** Format: int64 */
            now_ms: number;
            ready: components["schemas"]["Ready"];
            version: string;
            /** @description To stand on every screen and export while the data are not real. */
            watermark?: string | null;
            withheld: number;
        };
        NodesView: {
            ends: components["schemas"]["PathEnd"][];
            /** @description Nodes that did not fit. */
            more: number;
            /** @description This one first, then those with paths, those in trouble, and the longest silent. */
            nodes: components["schemas"]["NodeRow"][];
            /** Format: int64 */
            now_ms: number;
        };
        /** @description What a deletion never reaches, and what to do about it. */
        NotReached: {
            en: string;
            name: string;
            ur: string;
        };
        NoteView: {
            en: string;
            ur: string;
        };
        /** @description One act with its entry. */
        ObservedAct: {
            by: components["schemas"]["DoneBy"];
            /** @description Device, log epoch and number. */
            entry: string;
            what: string;
        };
        ObservedArea: {
            area: string;
            name: string;
            name_ur?: string | null;
        };
        ObservedClass: {
            acts: components["schemas"]["ObservedAct"][];
            as_of: string;
            at: components["schemas"]["ObservedArea"];
            /** @description `normal`, `sensitive` or `most`. */
            class: string;
            /** @description `proposed`, `approved`, `rejected` or `disputed`. */
            phase: string;
            reason: string;
            source: string;
            station: string;
        };
        ObservedDraw: {
            act: components["schemas"]["ObservedAct"];
            at: components["schemas"]["ObservedArea"];
            /** @description The hash of what is drawn from. */
            input: string;
            parties: string[];
            /** Format: int32 */
            people: number;
            /** Format: int32 */
            posts: number;
            stages: components["schemas"]["ObservedStage"][];
            title: string;
            withdrawn: boolean;
        };
        ObservedRelease: {
            /** @description The role that could not act. */
            absent: string;
            acts: components["schemas"]["ObservedAct"][];
            at: components["schemas"]["ObservedArea"];
            items: string[];
            /** @description `proposed`, or `approved` by a second person. */
            phase: string;
            reason: string;
        };
        ObservedStage: {
            phase: string;
            /** @description `pool`, `posts` or `stations`. */
            stage: string;
        };
        ObservedStatement: {
            act: components["schemas"]["ObservedAct"];
            /** Format: int64 */
            at_ms?: number | null;
            detail: string;
            source: string;
            word: string;
        };
        ObservedSuspension: {
            at: components["schemas"]["ObservedArea"];
            countersigned: boolean;
            name: string;
            phase: string;
            services: string[];
            statements: components["schemas"]["ObservedStatement"][];
            /** @description Statements that were taken back. */
            struck: number;
        };
        ObserverView: {
            /** @description The newest first, as in every list here. */
            classes: components["schemas"]["ObservedClass"][];
            draws: components["schemas"]["ObservedDraw"][];
            /** Format: int64 */
            now_ms: number;
            releases: components["schemas"]["ObservedRelease"][];
            suspensions: components["schemas"]["ObservedSuspension"][];
        };
        /** @description Somebody who could go. */
        OfferView: {
            /**
             * Format: int32
             * @description Open incidents to which it is assigned.
             */
            busy: number;
            /**
             * Format: int32
             * @description As the crow flies from the unit's base.
             */
            distance_m: number;
            name: string;
            /** Format: int32 */
            people: number;
            unit: string;
        };
        /** @description An item in a hand-over. No seal: they are read blind. */
        Offered: {
            item: string;
            kind: string;
            /** @description It had a seal when it was last recorded: its number has to be read. */
            sealed: boolean;
            station?: string | null;
        };
        OfficeWish: {
            /** @description The office's key file, as text. */
            file: string;
            passphrase: string;
        };
        OfficialView: {
            approved_by?: string | null;
            /** @description `2024-02-08`; none when the source has no date. */
            as_of?: string | null;
            class: components["schemas"]["ClassWord"];
            source: string;
        };
        OfficialWish: {
            /** @description `2024-02-08` */
            as_of: string;
            class: components["schemas"]["ClassWord"];
            reason?: string;
            /** @description The authority and its paper. */
            source: string;
        };
        OnDutyWish: {
            area: string;
            /** @description At most 200. */
            units: components["schemas"]["DutyWish"][];
        };
        OpenWish: {
            name: string;
            /** @description To be handed over by word of mouth and changed at first use. */
            password: string;
            person: string;
        };
        /** @description What was opened by this node's key. */
        OpenedView: {
            ways: components["schemas"]["WayView"][];
            /** @description All teams: the duty officer's. */
            whole: boolean;
        };
        OrderAnswer: {
            note?: string;
        };
        OrderEnd: {
            reason: string;
        };
        /** @description What somebody wrote when they acted on it, or withdrew it. */
        OrderNote: {
            /** Format: int64 */
            at_ms: number;
            person: string;
            role: string;
            text: string;
        };
        OrderRow: {
            addressees: components["schemas"]["AddressedView"][];
            area: string;
            given_by: string;
            /** Format: int64 */
            given_ms: number;
            given_role: string;
            /** @description Names the order when it is answered. */
            id: string;
            notes: components["schemas"]["OrderNote"][];
            /** @description It goes to whoever asks, who has not said yet that it is done. */
            open: boolean;
            priority: components["schemas"]["PriorityWord"];
            /** Format: int64 */
            read_by_ms: number;
            /** @description Who carries it by hand where no line does; may be empty. */
            runner: string;
            text: string;
            to: string[];
            /** @description It goes to whoever asks, who has not read it yet. */
            unread: boolean;
            withdrawn?: components["schemas"]["OrderNote"] | null;
        };
        OrderWish: {
            area: string;
            charge?: components["schemas"]["ChargeWish"] | null;
            /**
             * Format: int32
             * @description Whoever got it has so long to read it.
             */
            minutes: number;
            priority: components["schemas"]["PriorityWord"];
            runner?: string;
            text: string;
            /** @description Codes of roles. */
            to: string[];
        };
        OrdersView: {
            /** @description Hands that are up in all of them. */
            hands: number;
            /** Format: int64 */
            now_ms: number;
            /** @description The newest first. */
            orders: components["schemas"]["OrderRow"][];
            /** @description Orders to whoever asks that they have not read. */
            unread: number;
        };
        /**
         * @description Whence a unit comes, seen from the building.
         * @enum {string}
         */
        OriginWord: "own_district" | "own_province" | "outside";
        OverrideView: {
            /** @description `O1`, `O2`, `O3`; `hand` when none of the rules covers it. */
            code: string;
            /** Format: int64 */
            expires_ms: number;
            reason: string;
            signed_by: string;
        };
        OverrideWish: {
            /**
             * @description `O1`: current threat graded B2 or better. `O2`: fatal attack in the last two polls. `O3`: no working rung of
             *     communication and quick reaction over 45 minutes away.
             */
            code: string;
            /** Format: int64 */
            expires_ms: number;
            reason: string;
        };
        /** @description What the key must sign to prove that its holder asks. */
        OwnKeyDraft: {
            /** @description The wish's canonical bytes, hexadecimal. */
            body: string;
            /** @description The exact bytes to sign, hexadecimal. */
            to_sign: string;
        };
        OwnKeyRequest: {
            body: string;
            /** @description 128 hexadecimal digits. */
            signature: string;
        };
        OwnKeyWish: {
            /** @description The public key that this browser holds: 64 hexadecimal digits. */
            key: string;
        };
        PaceWish: {
            /** @description As fast as the machine can. */
            full?: boolean | null;
            /** @description A later moment: `09:30`, `D+1 02:00`. */
            jump?: string | null;
            /**
             * Format: int32
             * @description Seconds of the day in one of the wall, 1 to 600.
             */
            pace?: number | null;
            /** @description Goes on, or stands still. */
            running?: boolean | null;
        };
        PackArea: {
            area: string;
            name: string;
            name_ur?: string | null;
        };
        /**
         * @description What became of a sheet since paper was given out.
         * @enum {string}
         */
        PackChange: "new" | "changed" | "withdrawn";
        /** @description One document. */
        PackDocument: {
            /** Format: int64 */
            bytes: number;
            /** Format: int32 */
            pages: number;
        };
        /**
         * @description What can be printed.
         * @enum {string}
         */
        PackKind: "posting-order" | "check-in-card" | "sector" | "district" | "call-signs" | "seal-sheet" | "returning-office" | "convoy" | "reserve" | "communications" | "incident-form" | "poster" | "summary" | "record";
        /** @description The sheets of one kind that are out. */
        PackKindRow: {
            /** Format: int64 */
            bytes: number;
            /**
             * Format: int32
             * @description Sheets that the last change sheet names.
             */
            changed: number;
            /**
             * Format: int32
             * @description Documents that lie here.
             */
            documents_en: number;
            /** Format: int32 */
            documents_ur: number;
            kind: string;
            /** @description Another plan counts since it was printed, or its last run did not come to its end. */
            outdated: boolean;
            /** Format: int64 */
            pages: number;
            /** Format: int32 */
            sheets: number;
        };
        /** @description What can be printed of an area. */
        PackKinds: {
            /**
             * Format: int32
             * @description Steps of an area's path: 1 nation, 2 province, 3 district, 4 sector.
             */
            depth: number;
            kinds: components["schemas"]["PackKind"][];
        };
        PackList: {
            /** @description A plan of reserves is in force; without it no reserve orders are printed here. */
            has_reserves: boolean;
            kinds: components["schemas"]["PackKinds"][];
            packs: components["schemas"]["PackRow"][];
            plan?: components["schemas"]["PackPlan"] | null;
            printer: components["schemas"]["PackPrinter"];
            /** @description Areas that whoever asks may have printed, with stations in them. */
            prints: components["schemas"]["PackArea"][];
        };
        /** @description The plan that would be printed now. */
        PackPlan: {
            adopted: boolean;
            label: string;
        };
        /** @description The typesetter beside this program. */
        PackPrinter: {
            found: boolean;
            /** @description Where it was looked for. */
            places: string[];
        };
        /** @description An area's pack as its last run left it. */
        PackRow: {
            adopted: boolean;
            area: string;
            area_name: string;
            area_name_ur?: string | null;
            /** Format: int64 */
            at_ms: number;
            by: string;
            /** Format: int64 */
            bytes: number;
            /** Format: int32 */
            changed: number;
            failed: string[];
            /** Format: int64 */
            kept: number;
            kinds: components["schemas"]["PackKindRow"][];
            /**
             * Format: int64
             * @description Documents printed by the last run, and those that it left because nothing on them had changed.
             */
            printed: number;
            state: components["schemas"]["PackState"];
            /** Format: int32 */
            withdrawn: number;
        };
        PackSheet: {
            change?: components["schemas"]["PackChange"] | null;
            en?: components["schemas"]["PackDocument"] | null;
            kind: string;
            name: string;
            ur?: components["schemas"]["PackDocument"] | null;
            /**
             * Format: int32
             * @description 0: the plan does not have it any more.
             */
            version: number;
        };
        PackSheetPage: {
            /** @description By name, a hundred at most. */
            rows: components["schemas"]["PackSheet"][];
            /** @description How many there are in all. */
            total: number;
        };
        /**
         * @description How far what lies here can be trusted to be the plan; the first that holds.
         * @enum {string}
         */
        PackState: "cleared" | "unfinished" | "outdated" | "whole";
        /** @description What is to be printed. */
        PackWish: {
            /** @description The nation, a province, a district, or a sector of one: `pk/punjab/lahore/s03`. */
            area: string;
            /** @description All that belong to the area when none is named; `reserve` only while a plan of reserves is in force. */
            kinds?: components["schemas"]["PackKind"][];
            /** @description Both when none is named. */
            languages?: string[];
        };
        /** @description One of the two rows. */
        PairSide: {
            id: string;
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            /** Format: int32 */
            men: number;
            name: string;
            /** Format: int32 */
            source_row?: number | null;
            /** Format: int32 */
            women: number;
        };
        /** @description Two rows that may be one station. */
        PairView: {
            /**
             * Format: int32
             * @description Metres between the two given points; none when one has none.
             */
            distance_m?: number | null;
            national: components["schemas"]["PairSide"];
            provincial: components["schemas"]["PairSide"];
            /** @description `several-fit`, `points-apart`, `voters-differ`. */
            reason: string;
            reason_en: string;
            reason_ur: string;
        };
        Pairs: {
            rows: components["schemas"]["PairView"][];
            total: number;
        };
        ParameterRow: {
            /**
             * Format: int64
             * @description None while nobody changed it.
             */
            as_of_ms?: number | null;
            /** @description Set apart, with different values: the default holds until it is settled. */
            conflict: boolean;
            /** Format: double */
            default: number;
            /** @description `weights`, `thresholds`, `exponents`, `travel`, `kernel`, `norms`, `rules`, `patrols`. */
            group: string;
            /** @description `risk.weight.T1`, `norms.PK-2024-SINDH.most.women.inner`. */
            key: string;
            signed_by?: string | null;
            source: string;
            /** @description What the value counts in; empty when it is a bare number. */
            unit: string;
            /** Format: double */
            value: number;
        };
        ParameterWish: {
            reason: string;
            /** @description Who says so: a law, a paper, an order, with its date. */
            source: string;
            /** Format: double */
            value: number;
        };
        /** @description A part of a building that a photograph may show. */
        PartView: {
            en: string;
            key: string;
            ur: string;
        };
        PasswordWish: {
            new: string;
            /** @description The password as it is now. */
            old: string;
        };
        /** @description Where a path leads that ends at no known node: a radio, a bus, a stick for an area. */
        PathEnd: {
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            path: string;
        };
        /** @description A path. Every time is Unix milliseconds of this node; `None` where nothing was observed. */
        PathRow: {
            area: string;
            /** @description `internet`, `sms`, `lan`, `radio`, `serial`, `screen` or `stick`. */
            carrier: string;
            /** Format: int64 */
            delivered_ms?: number | null;
            /** Format: int32 */
            failures: number;
            hands?: components["schemas"]["HandsView"] | null;
            /** Format: int64 */
            heard_ms?: number | null;
            name: string;
            queue: components["schemas"]["QueueView"][];
            /**
             * Format: int64
             * @description When the queue was counted.
             */
            queue_ms?: number | null;
            /** Format: int64 */
            since_ms?: number | null;
            /** @description `unknown`, `up`, `doubtful` or `lost`. */
            state: string;
        };
        PathsView: {
            areas: components["schemas"]["AreaMode"][];
            /** Format: int64 */
            now_ms: number;
            paths: components["schemas"]["PathRow"][];
        };
        PatrolCoverage: {
            area: string;
            /** @description Bases from which teams go out; 0 for single posts. */
            bases: number;
            /** Format: double */
            bound: number;
            /** @description Buildings that the plan is over. */
            buildings: number;
            /** @description Those that some drawn day visits. */
            covered: number;
            /** @description Whoever plans with it plans over the list of stations that is current now. */
            current: boolean;
            id: string;
            /**
             * Format: int32
             * @description Teams that would change nothing.
             */
            idle: number;
            /**
             * Format: double
             * @description What the dearest attack costs under this plan, in points of risk; under any plan at least `bound`; without teams.
             */
            level: number;
            /** @description What the payoffs say. */
            payoffs_en: string;
            payoffs_ur: string;
            /** @description The most often looked at first. */
            rows: components["schemas"]["PatrolCoverageRow"][];
            /** Format: int32 */
            teams: number;
            tours?: components["schemas"]["ToursView"] | null;
            /** Format: double */
            without: number;
        };
        /** @description One building as the plan has it. */
        PatrolCoverageRow: {
            building: string;
            district: string;
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            name: string;
            /**
             * Format: int32
             * @description On so many of 1,000 drawn days a team is there.
             */
            permille: number;
            /**
             * Format: double
             * @description What an attack there costs without a team, in points of risk.
             */
            stake: number;
            why_en: string;
            why_ur: string;
        };
        PatrolShown: {
            /** @description With it anybody draws the day again. */
            seed: string;
            ways: components["schemas"]["WayView"][];
        };
        /** @description One module of somebody. */
        PersonModule: {
            area: string;
            certificate?: string | null;
            course: string;
            /** @description The course's list. */
            id: string;
            /** Format: int32 */
            module: number;
            phase: string;
            /** @description The last day on which it counts; none for this election. */
            until?: string | null;
        };
        PersonTraining: {
            /** @description Those that count on the day of the poll. */
            counts: number[];
            modules: components["schemas"]["PersonModule"][];
            number: string;
        };
        PersonView: {
            name: string;
            person: string;
            roles: components["schemas"]["GrantView"][];
            /** @description `open`, `closed` or `disputed`. */
            state: string;
        };
        /** @description Where a phone finds its page. */
        PhoneDoorView: {
            /** @description To be typed, or read from the code: there the authority is handed out. */
            address: string;
            /** @description The same as a code for a camera. */
            svg: string;
        };
        /** @description A place in a log with eight bytes of the entry's hash. */
        PhoneHead: {
            device: string;
            /** Format: int32 */
            epoch: number;
            hash8: string;
            /** Format: int64 */
            seq: number;
        };
        /** @description What everybody who opens the page may know. */
        PhoneHello: {
            authority: string;
            device: string;
            election: string;
            /** @description The ledger's name of the election: 32 hexadecimal digits. */
            election_hex: string;
            exercise?: string | null;
            kinds: components["schemas"]["PhoneKind"][];
            node: string;
            /** Format: int64 */
            now_ms: number;
            /** @description To be signed by whoever wants to be told what concerns them. */
            number: string;
            /**
             * Format: int64
             * @description Midnight in Pakistan of the polling day.
             */
            poll_ms: number;
            /** @description The keys on which everything rests, and how many of them must sign. */
            root: string[];
            schedule: components["schemas"]["PhoneSchedule"][];
            threshold: number;
        };
        /** @description A thing that the phone's holder has, and the acts that say so. */
        PhoneItem: {
            heads: components["schemas"]["PhoneHead"][];
            item: string;
            kind: string;
            phase: string;
        };
        /** @description A kind of incident. */
        PhoneKind: {
            /** @description `ARM.PST`. */
            code: string;
            first_en: string;
            first_ur: string;
            /** @description As the act writes it. */
            number: number;
            /** Format: int32 */
            severity: number;
            title_en: string;
            title_ur: string;
        };
        /** @description What is offered to the holder's role and waits to be received. It names no seal. */
        PhoneOffer: {
            at: components["schemas"]["PhoneHead"];
            /** Format: int64 */
            at_ms: number;
            /** @description The whole hash: the receiver's key signs over it. */
            hash: string;
            items: string[];
            person: string;
            role: string;
            step: string;
        };
        PhoneOrder: {
            acted: boolean;
            area: string;
            at: components["schemas"]["PhoneHead"];
            /** Format: int64 */
            given_ms: number;
            given_role: string;
            priority: string;
            read: boolean;
            /** Format: int64 */
            read_by_ms: number;
            text: string;
        };
        /** @description What concerns one phone. */
        PhoneOwn: {
            area: string;
            /** @description The phone's certificates and those behind them, as text. */
            certificates: string;
            head?: components["schemas"]["PhoneHead"] | null;
            items: components["schemas"]["PhoneItem"][];
            name: string;
            /** Format: int64 */
            now_ms: number;
            offers: components["schemas"]["PhoneOffer"][];
            orders: components["schemas"]["PhoneOrder"][];
            reports: components["schemas"]["PhoneReport"][];
            /** @description What this phone signs from now on has no effect. */
            revoked: boolean;
            roles: string[];
            said: components["schemas"]["PhoneSaid"][];
            station?: components["schemas"]["PhoneStation"] | null;
            /** Format: int64 */
            until_ms: number;
            /** @description Entries of this phone that have no effect, and why. */
            without_effect: components["schemas"]["PhoneVerdict"][];
        };
        PhoneReport: {
            id: string;
            /** @description How far help has come: `reported`, `acknowledged`, … */
            phase: string;
        };
        PhoneSaid: {
            /** Format: int64 */
            at_ms: number;
            code: string;
        };
        /** @description A row of the schedule. */
        PhoneSchedule: {
            /** @description Or so many minutes after another check-in. */
            after?: string | null;
            /** Format: int32 */
            after_minutes?: number | null;
            /** Format: int32 */
            amber_minutes: number;
            /**
             * Format: int32
             * @description Minutes from midnight (in Pakistan) of the polling day.
             */
            at_minute?: number | null;
            code: string;
            /** Format: int32 */
            red_minutes: number;
            /** @description The role whose word it is. */
            role: string;
        };
        PhoneStation: {
            id: string;
            name: string;
        };
        PhoneTaken: {
            damaged: number;
            entries: components["schemas"]["PhoneVerdict"][];
            /** Format: int64 */
            now_ms: number;
        };
        /** @description What became of one entry. */
        PhoneVerdict: {
            /** @description `effective`, `without-effect`, `waits`, `known`, `refused` or `forked`. */
            is: string;
            /** @description Device, epoch and number; none for what is no entry. */
            place?: string | null;
            why_en: string;
            why_ur: string;
        };
        PhoneWish: {
            device: string;
            /** Format: int32 */
            epoch?: number;
            number: string;
            /** @description Incidents that this phone reported. */
            reports?: string[];
            /** @description Over the number and the device, by the phone's own key. */
            signature: string;
        };
        PhonesView: {
            /** @description None where the node was started without `--phones`. */
            doors: components["schemas"]["PhoneDoorView"][];
            /** @description SHA-256 of the authority's certificate, as phones show it. */
            fingerprint?: string | null;
        };
        PlaceRow: {
            estimated: boolean;
            id: string;
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lines: number;
            /** Format: int32 */
            lon_e7: number;
            name: string;
            /** @description The day of the newest answered line. */
            seen_on?: string | null;
            /**
             * Format: int32
             * @description Stations in it; none for offices, stores and other places.
             */
            stations: number;
        };
        PlaceWish: {
            /** @description `station`, `office`, `vehicle` or `store`. */
            kind: string;
            name: string;
        };
        /**
         * @description Where a position comes from.
         * @enum {string}
         */
        PlaceWord: "given" | "repaired" | "estimated";
        Places: {
            area: string;
            name: string;
            name_ur?: string | null;
            rows: components["schemas"]["PlaceRow"][];
        };
        PlanBuilding: {
            building: string;
            class?: components["schemas"]["ClassWord"] | null;
            district: string;
            /** Format: int64 */
            missing: number;
            name: string;
            /** Format: int64 */
            need: number;
            per_kind: components["schemas"]["PostView"][];
            /** Format: int64 */
            posted: number;
            postings: components["schemas"]["PostingView"][];
            shortfalls: components["schemas"]["ShortfallView"][];
            stations: number;
        };
        PlanDetail: components["schemas"]["PlanRow"] & components["schemas"]["Age"] & {
            /** @description It was solved since this node was started, and another may go on from it. */
            at_hand: boolean;
            certificate: components["schemas"]["CertificateView"];
            totals: components["schemas"]["KindTotal"][];
        };
        PlanDistrict: {
            area: string;
            buildings: number;
            name: string;
            name_ur?: string | null;
            per_kind: components["schemas"]["KindTotal"][];
            province: string;
            shadow: components["schemas"]["ShadowView"][];
            /**
             * Format: int32
             * @description People with a task, and those of them whom the signed forecast of training expects untrained on the day; none
             *     where nothing was forecast.
             */
            tasked?: number | null;
            /** Format: int32 */
            untrained?: number | null;
            worst_class_missing?: components["schemas"]["ClassWord"] | null;
        };
        PlanRow: {
            by: string;
            /** @description The plan that the map and the stations show: the adopted one, else the newest. */
            current: boolean;
            /** Format: int64 */
            dual_bound: number;
            /**
             * Format: int64
             * @description Objective minus bound: how far from the best possible it can be.
             */
            gap: number;
            id: string;
            label: string;
            /** Format: int64 */
            made_ms: number;
            /** Format: int64 */
            missing: number;
            /** Format: int64 */
            objective: number;
            /** @description It was made for an older list of stations. */
            outdated: boolean;
            /**
             * Format: int64
             * @description Within the asker's reach.
             */
            posted: number;
            /** @description Who proposed it, once it is proposed: another person approves. */
            proposed_by?: string | null;
            status: components["schemas"]["StatusWord"];
        };
        PlanUnit: {
            buildings: components["schemas"]["UnitPosting"][];
            district: string;
            /** Format: int32 */
            men: number;
            name: string;
            /** Format: int64 */
            posted: number;
            /** Format: int32 */
            reserve: number;
            /** @description `police`, `civil_armed_forces`, `army`. */
            tier: string;
            unit: string;
            /** Format: int32 */
            women: number;
        };
        /** @description What is planned, and what is drawn from it. */
        PlanWish: {
            area: string;
            /**
             * Format: int32
             * @description How much of an attack's cost a team at the place takes away, in thousandths: another than the signed parameter.
             */
            takes_permille?: number | null;
            /**
             * Format: int32
             * @description How many buildings can be looked at in one day; with tours how many teams go out.
             */
            teams: number;
            tours?: components["schemas"]["ToursView"] | null;
        };
        PlayersWish: {
            /** @description Areas in which people play; elsewhere operators are simulated. */
            areas?: string[] | null;
            skill?: components["schemas"]["DrillSkill"] | null;
        };
        /** @description How far the record had come. */
        PositionView: {
            /**
             * Format: int64
             * @description The day's moment that is shown.
             */
            at_ms: number;
            /**
             * @description By which clock moments of reception were kept: `wall`, `day` (the exercise's own) or `bounds` (not kept: not before
             *     the latest hour of which anything received until then speaks).
             */
            basis: string;
            /**
             * Format: int64
             * @description The content of so many was deleted since: the picture is without them.
             */
            deleted: number;
            /** Format: int64 */
            entries: number;
            /**
             * Format: int64
             * @description When the last entry came that is in the picture; none before all.
             */
            last_ms?: number | null;
            /**
             * Format: int64
             * @description Of so many in the record today.
             */
            of: number;
            /** Format: int64 */
            receipt: number;
        };
        /** @description Of the whole building: posts are shared by its stations. */
        PostView: {
            kind: components["schemas"]["StaffWord"];
            /** Format: int32 */
            minimum: number;
            /** Format: int32 */
            need: number;
            /** Format: int32 */
            posted: number;
        };
        PostingView: {
            /** Format: int32 */
            count: number;
            /** Format: int32 */
            distance_m: number;
            /** @description Distances are estimated, not measured along roads. */
            estimated: boolean;
            kind: components["schemas"]["StaffWord"];
            origin: components["schemas"]["OriginWord"];
            unit: string;
            unit_name: string;
        };
        PracticalWish: {
            examiner?: string | null;
            failed: string;
            on: string;
            /** @description Service numbers, parted as in a list. */
            passed: string;
        };
        /**
         * @description What goes first when a path is narrow.
         * @enum {string}
         */
        PriorityWord: "life" | "urgent" | "routine";
        /** @description The proof of one entry, and what this node knows besides. */
        ProofView: {
            after?: string | null;
            answers: components["schemas"]["AnswerView"][];
            /** @description A person acted and no key of their own signed. */
            attested_by_node: boolean;
            /** @description The places before and after it in its device's log, where this node holds them. */
            before?: string | null;
            beside: components["schemas"]["BesideView"][];
            /** @description The lines of its codes. */
            codes: string[];
            /** @description The device signed two histories, and this entry stands at or behind the fork. */
            forked: boolean;
            /** @description The election's founding file, with which alone it is checked. */
            founding: string;
            /** @description Witnesses that a proof needs. */
            needed: number;
            /**
             * Format: int64
             * @description Number of the entry among those that this node received, from 1.
             */
            received: number;
            row: components["schemas"]["RecordRow"];
            /** @description By all that this node knows now, revocations too: `good` or what is missing. */
            standing: string;
            /** @description The proof as text, as `pehra prove event` prints it. */
            text: string;
            /** @description Why it has no effect here, in both languages. */
            withheld_en?: string | null;
            withheld_ur?: string | null;
        };
        /** @description A class that somebody proposed and nobody has approved yet. */
        ProposalView: {
            as_of: string;
            class: components["schemas"]["ClassWord"];
            /** @description Names the proposal when it is approved. */
            proposal: string;
            proposed_by: string;
            reason: string;
            source: string;
        };
        /** @description Entries of one device that are kept and have no effect, for one reason. */
        QuarantineView: {
            entries: number;
            /** @description The first of them, and when it was written. */
            first: string;
            /** Format: int64 */
            first_ms: number;
            key: string;
            /** @description As the roster calls the device; empty when nobody vouches for it. */
            name: string;
            reason_en: string;
            reason_ur: string;
        };
        QuestionView: {
            choices: components["schemas"]["ChoiceView"][];
            en: string;
            /** @description The factor that it feeds; none: for discussion and planning only. */
            feeds?: string | null;
            key: string;
            ur: string;
        };
        /** @description What waits for a path in one class. */
        QueueView: {
            /** Format: int64 */
            bytes: number;
            /** @description `life`, `urgent`, `routine` or `bulk`. */
            class: string;
            /** Format: int64 */
            oldest_ms?: number | null;
            parcels: number;
        };
        QuizWish: {
            /** @description A line for each candidate: service number, a space, letters. */
            answers: string;
            examiner?: string | null;
            on: string;
            /**
             * Format: int64
             * @description The number that the papers were drawn from.
             */
            seed: number;
        };
        ReadWish: {
            /** @description Why the full text is read: it is signed before anything is shown. */
            reason: string;
        };
        /** @description A key to which reports are sealed. */
        ReaderView: {
            area: string;
            id: string;
            key: string;
            mine: boolean;
            person: string;
            role: string;
            /** Format: int64 */
            since_ms: number;
        };
        /** @description What was said to a failure or a stop. */
        ReadinessAnswer: {
            by: components["schemas"]["MarkView"];
            text: string;
            /** @description Accepted as it is; otherwise mended. */
            waived: boolean;
        };
        ReadinessDetail: {
            drill?: components["schemas"]["ReadinessDrill"] | null;
            row: components["schemas"]["ReadinessRow"];
            stops: components["schemas"]["StopRow"][];
        };
        /** @description The drill that counts. */
        ReadinessDrill: {
            by: components["schemas"]["MarkView"];
            dark: boolean;
            exercise: string;
            failures: components["schemas"]["ReadinessFailure"][];
            full: boolean;
            /** @description Names it when a failure is answered. */
            id: string;
            paths: components["schemas"]["MeasuredPath"][];
            played: boolean;
            /** Format: int32 */
            stations: number;
            trace: string;
        };
        ReadinessFailure: {
            answer?: components["schemas"]["ReadinessAnswer"] | null;
            key: string;
            text: string;
        };
        ReadinessRow: {
            area: string;
            /**
             * Format: int64
             * @description When its last drill was recorded.
             */
            drilled_ms?: number | null;
            /** @description Failures that are neither mended nor waived. */
            open: number;
            /** @description `untried`, `short`, `blocked`, `ready` or `stopped`. */
            phase: string;
            /** @description Stop orders that hold here. */
            stops: number;
            waived: number;
        };
        ReadinessView: {
            /** @description Every district within reach, and every other area that was drilled or stopped; the worst first. */
            areas: components["schemas"]["ReadinessRow"][];
        };
        /** @description A key whose private half lies with whoever asks. */
        ReadingKeyWish: {
            /** @description The area for which it reads. */
            area: string;
            /** @description X25519, 64 hexadecimal digits. */
            key: string;
        };
        /** @description Seals of one item, as they were read or put on. */
        ReadingWish: {
            item: string;
            seals: string[];
        };
        Ready: {
            assessment: boolean;
            plan: boolean;
            stations: boolean;
        };
        Reason: {
            /** @description In the planner's words. */
            reason?: string;
        };
        ReasonRow: {
            grade: string;
            /** @description `supports`, `contradicts`, `echo`, `no-weight`. */
            part: string;
            report: string;
            /**
             * Format: int32
             * @description Equal numbers are one root.
             */
            root: number;
            /** Format: int64 */
            weight_milli: number;
        };
        /** @description One of the four reasons that move the score most, up or down. */
        ReasonView: {
            /**
             * Format: int32
             * @description Hundredths of score points against the reference of 1; negative: it holds the score down.
             */
            contribution_centi: number;
            factor: string;
            sentence_en: string;
            sentence_ur: string;
        };
        /** @description The code that the operator says to the caller; it is kept nowhere. */
        ReceiptView: {
            code: string;
            sealed: boolean;
        };
        RecordPage: {
            /**
             * Format: int64
             * @description Where to read on; none at the record's beginning.
             */
            before?: number | null;
            /** @description The newest first. */
            entries: components["schemas"]["RecordRow"][];
        };
        /** @description One entry, as its header states it. */
        RecordRow: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            /** @description `here`, `absent` or `deleted`. */
            content: string;
            /** @description What people call the device; none without a certificate. */
            device?: string | null;
            /**
             * Format: int32
             * @description The number in the header, and its name where this version knows it.
             */
            kind: number;
            person: string;
            /** @description `device/epoch/number`: what `pehra prove event` takes. */
            place: string;
            /** Format: int64 */
            received_ms: number;
            role: string;
            /** @description Kept and shown, without effect. */
            withheld: boolean;
            word?: string | null;
        };
        /** @description An entry that broke the rule of two and is kept without effect. */
        RefusedView: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            entry: string;
            person: string;
            rule: string;
            text_en: string;
            text_ur: string;
        };
        RejectWish: {
            reason: string;
        };
        RelaxationView: {
            /** Format: int64 */
            count: number;
            rule: string;
            text: string;
        };
        ReleaseView: {
            absent: string;
            by: components["schemas"]["DoneBy"];
            id: string;
            items: string[];
            /** @description Somebody else has to sign: whoever asks may. */
            may_approve: boolean;
            reason: string;
        };
        ReleasedView: {
            /** Format: int64 */
            at_ms: number;
            custodians: string[];
            own_key: boolean;
            /** @description To whom. */
            person: string;
            reason: string;
        };
        /** @description The day as this room knew it at a moment. */
        ReplayView: {
            frame: components["schemas"]["Frame"];
            /** Format: int64 */
            number: number;
            position: components["schemas"]["PositionView"];
        };
        /** @description What is done about a report. */
        ReportAct: {
            /** @description `triage`, `judge`, `merge`, `part`, `answer` or `close`. */
            act: string;
            /** @description `passed`, `acted`, `not-confirmed`, `more-needed` or `explained`. */
            answer?: string | null;
            /** @description `two-sources`, `official-on-scene` or `desk`. */
            basis?: string | null;
            /** @description `verified`, `unverified` or `false`. */
            finding?: string | null;
            /** @description The incident into which it is merged. */
            into?: string | null;
            note?: string;
            /** @description `life`, `urgent` or `routine`. */
            urgency?: string | null;
        };
        ReportAnswer: {
            /** @description `passed`, `acted`, `not-confirmed`, `more-needed` or `explained`. */
            answer: string;
            /** Format: int64 */
            at_ms: number;
            note: string;
            person: string;
        };
        ReportDetail: {
            /** @description Other reports that may tell the same. */
            duplicates: string[];
            /** @description Incidents that it may be of. */
            incidents: string[];
            may_handle: boolean;
            may_open_contact: boolean;
            report: components["schemas"]["ToldRow"];
            sealed?: components["schemas"]["SealedView"] | null;
        };
        /** @description One report, without its text. */
        ReportRow: {
            area: string;
            caveats: string[];
            compartment: string;
            /** @description Grades, readings and feedback, oldest first. */
            course: components["schemas"]["CourseRow"][];
            /** Format: int64 */
            expires_ms: number;
            /** Format: int64 */
            from_ms: number;
            /** @description `B2`. */
            grade?: string | null;
            handling: string;
            horizon: string;
            id: string;
            /** @description What whoever asks may do with it now: `grade`, `tie`, `sanitise`, `release`, `withdraw`, `open`, `feed-back`. */
            may: string[];
            /** Format: int64 */
            obtained_ms: number;
            /** @description Whoever asks wrote it. */
            own: boolean;
            phase: string;
            place?: string | null;
            /** @description Latitude and longitude in ten-millionths of a degree: none, a spot or a route. */
            points: number[][];
            /** Format: int32 */
            radius_m: number;
            released_to: string[];
            /** @description Names of its root; several while that is in dispute. */
            roots: string[];
            sanitised?: string | null;
            service: string;
            source: string;
            target: string;
            task?: string | null;
            threat: string;
            /** Format: int64 */
            until_ms: number;
            /** @description The one of these that it waits for: `grade`, `sanitise`, `release`. */
            waits?: string | null;
            written_by: string;
            /** Format: int64 */
            written_ms: number;
        };
        /** @description A report as it is typed. */
        ReportWish: {
            /** @description The district, where no station is named. */
            area?: string | null;
            /**
             * Format: int64
             * @description Now, unless another moment is given.
             */
            at_ms?: number | null;
            /** @description `ARM.PST`. */
            code: string;
            /** Format: double */
            lat?: number | null;
            /** Format: double */
            lon?: number | null;
            /**
             * Format: int32
             * @description Where nothing else is said, the code's own.
             */
            severity?: number | null;
            /** @description `on-scene`, `desk` or `public`. */
            source: string;
            station?: string | null;
            text: string;
            words?: string;
        };
        /** @description Names an incident. */
        Reported: {
            area: string;
            complaint: boolean;
            id: string;
        };
        ReportsView: {
            /** Format: int64 */
            now_ms: number;
            /** @description The areas for which whoever asks may have a reading key. */
            own_areas: string[];
            /** @description Districts for which whoever asks may write a report down. */
            places: string[];
            readers: components["schemas"]["ReaderView"][];
            /** @description Those that wait first, by when their answer is owed; then the newest. */
            reports: components["schemas"]["ToldRow"][];
            /**
             * Format: int64
             * @description Reports that found the door shut since the node was opened.
             */
            turned_away: number;
            /** @description Roles that read complaints and have no key within reach. */
            without_key: string[];
        };
        /** @description Somebody asks to be enrolled. */
        RequestView: {
            area: string;
            key: string;
            name: string;
            /** Format: int64 */
            not_after_ms: number;
            roles: string[];
            subject: string;
            /** @description The request as text, to be carried to whoever may grant it. */
            text: string;
        };
        /** @description A base within the asker's reach. */
        ReserveBase: {
            /** Format: int32 */
            alone: number;
            area: string;
            area_name: string;
            area_name_ur?: string | null;
            /** Format: double */
            lat: number;
            /** Format: double */
            lon: number;
            name: string;
            /**
             * Format: int32
             * @description Stations of which it is the nearest, and such as no other team reaches in time.
             */
            nearest: number;
            /**
             * Format: int32
             * @description Teams there.
             */
            teams: number;
            unit: string;
        };
        /** @description A class within the asker's reach. */
        ReserveClass: {
            class: components["schemas"]["ClassWord"];
            /**
             * Format: int32
             * @description Nearest teams whose time is estimated.
             */
            estimated: number;
            /**
             * Format: int32
             * @description Within the guarantee, and how long the worst one waits (none: some have no way at all).
             */
            guaranteed: number;
            /**
             * Format: int32
             * @description In time by one team, and by two.
             */
            reached: number;
            /** Format: int32 */
            stations: number;
            /** Format: int32 */
            twice: number;
            /** Format: int32 */
            worst_s?: number | null;
        };
        ReserveComparison: {
            classes_a: components["schemas"]["ReserveClass"][];
            classes_b: components["schemas"]["ReserveClass"][];
            /** Format: int32 */
            gain: number;
            /**
             * Format: int32
             * @description Stations that lose, and that gain, all help in time from the first to the second.
             */
            lose: number;
            /** @description Bases of one alone. */
            only_a: components["schemas"]["ReserveBase"][];
            only_b: components["schemas"]["ReserveBase"][];
            /** Format: int32 */
            shared: number;
        };
        ReserveDetail: components["schemas"]["ReserveRow"] & {
            base_list: components["schemas"]["ReserveBase"][];
            classes: components["schemas"]["ReserveClass"][];
            has_roads: boolean;
            input_hash: string;
            /** @description Units, stations, classes or roads are not those that it was chosen on: what stands here is of today's. */
            outdated: boolean;
            targets: components["schemas"]["ReserveTargets"];
        };
        ReserveIf: {
            /**
             * @description Lines that no way may cross: latitude and longitude of both ends, in degrees.
             * @default []
             */
            blocks: number[][];
            /**
             * @description Units whose places are lost.
             * @default []
             */
            lose: string[];
            /**
             * Format: int32
             * @description Teams that come in addition.
             * @default 0
             */
            more: number;
        };
        ReserveIfAnswer: {
            /** @description Where the teams that came in addition are based. */
            added: components["schemas"]["ReserveBase"][];
            classes: components["schemas"]["ReserveClass"][];
            /** Format: int32 */
            gain: number;
            gained_points: number[];
            /**
             * Format: int32
             * @description Stations that lose, and that gain, all help in time.
             */
            lose: number;
            /** @description The first of those that lose it, most sensitive first. */
            lost: components["schemas"]["ReserveLost"][];
            /** @description All of them as numbers of the map's points. */
            lost_points: number[];
            /** Format: int32 */
            teams: number;
            /** Format: int64 */
            took_ms: number;
        };
        ReserveList: {
            /** @description A road map was taken in: times are measured where both ends touch a road. */
            has_roads: boolean;
            /**
             * Format: int32
             * @description Places at which teams can be kept.
             */
            places: number;
            /** @description Newest first. */
            plans: components["schemas"]["ReserveRow"][];
            targets: components["schemas"]["ReserveTargets"];
        };
        /** @description A station that loses all help in time. */
        ReserveLost: {
            area_name: string;
            area_name_ur?: string | null;
            class: components["schemas"]["ClassWord"];
            estimated: boolean;
            /** Format: int32 */
            now_s?: number | null;
            station: string;
            /**
             * Format: int32
             * @description To the nearest team before, and afterwards; none: no way at all.
             */
            was_s?: number | null;
        };
        /** @description A basing, signed or not. */
        ReserveRow: {
            /** Format: int32 */
            bases: number;
            /** Format: int64 */
            bound: number;
            by: string;
            /**
             * Format: int32
             * @description Stations whose nearest team's time was measured along roads, and such as it was estimated for.
             */
            by_road: number;
            /** Format: int32 */
            estimated: number;
            /** Format: int64 */
            gap: number;
            /** @description It can be proposed: this node chose it and still has it. */
            here: boolean;
            id: string;
            /** @description It is the plan that counts. */
            in_force: boolean;
            label: string;
            /** Format: int64 */
            made_ms: number;
            /**
             * Format: int64
             * @description What it is worth, and what no choice of so many bases is worth more than.
             */
            objective: number;
            /** @description Who proposed it, once it is proposed: another person approves. */
            proposed_by?: string | null;
            status: components["schemas"]["StatusWord"];
            /** @description Somebody stopped the search: it is the best until then. Known of basings chosen since this node's start. */
            stopped: boolean;
            /** Format: int32 */
            teams: number;
        };
        /** @description What in time means, in seconds. */
        ReserveTargets: {
            /**
             * Format: int32
             * @description What a second team in time is worth, in hundredths of the first.
             */
            backup_percent: number;
            /** @description By class: nobody should wait longer. */
            guarantee_s: number[];
            /** @description By class (normal, sensitive, most sensitive) and terrain (plain, hill, mountain). */
            target_s: number[][];
            /** @description What reaching a station in time is worth, by class. */
            weight: number[];
        };
        ReserveWish: {
            label?: string | null;
            /**
             * Format: int32
             * @description Most teams at one base; one unless said otherwise.
             */
            per_base?: number | null;
            /** Format: int32 */
            teams: number;
        };
        ResolvedView: {
            by: components["schemas"]["DoneBy"];
            note: string;
            outcome: string;
        };
        RevocationView: {
            /** Format: int64 */
            at_ms: number;
            reason: string;
        };
        RevokeWish: {
            /** @description Believe what this node holds of the device up to now; otherwise nothing of it is believed. */
            believe_held: boolean;
            key: string;
            reason: string;
        };
        RoadWish: {
            /** Format: int32 */
            driven_m: number;
            /** Format: int32 */
            halt_minutes: number;
            /** Format: int32 */
            off_m: number;
            /** Format: int32 */
            planned_m: number;
        };
        RoleView: {
            area: string;
            /** Format: int64 */
            expires_ms?: number | null;
            role: string;
        };
        /** @description Somebody on a net. */
        RollMember: {
            call_sign: string;
            /** @description What is awaited: missing longest, or due within half an hour. */
            code?: string | null;
            /** Format: int64 */
            due_ms?: number | null;
            /** Format: int64 */
            heard_ms?: number | null;
            name: string;
            /**
             * Format: int64
             * @description When the next rung of the ladder is reached without a word.
             */
            next_ms?: number | null;
            /** Format: int32 */
            place: number;
            /** @description On the ladder: `waiting`, `heard`, `due`, `amber`, `red`, `district`, `dark`. */
            stage: string;
            station: string;
            /** @description The last word was trouble. */
            trouble: boolean;
        };
        /** @description Somebody of the roster. */
        RosterLine: {
            building?: string | null;
            building_name?: string | null;
            /** @description `normal`, `sensitive` or `most`; empty without a post. */
            class: string;
            /** @description `in charge`, `searcher` or `guard`; empty without a post. */
            duty: string;
            /** @description Somebody stands in for this one. */
            fell_out: boolean;
            /** @description Whose post this was before they fell out. */
            for_whom?: string | null;
            /** @description `police-man`, `police-woman`, `civil-armed-forces` or `army`. */
            kind: string;
            /** @description `excluded`, `untrained`, `not-called`, `called`, `spare`, `holds` or `posted`. */
            lot: string;
            number: string;
            unit: string;
            /** @description Why somebody is not in the lot: what the list says, or the modules that are missing. */
            why: string;
        };
        RosterView: {
            /** @description Lines that were found and belong to another area. */
            elsewhere: number;
            lines: components["schemas"]["RosterLine"][];
            /** @description The last stage that is drawn. */
            stage: string;
        };
        /** @description One thing that a frame says. */
        SaidView: {
            /** Format: int64 */
            at_ms: number;
            /** @description The check-in's code or the incident's: `A7`, `ARM.PST`. */
            code: string;
            note: string;
            /**
             * Format: int32
             * @description An incident's severity; for a check-in 1 where it reports trouble.
             */
            severity: number;
            /** @description A station, a sector's or a convoy's name. */
            subject?: string | null;
        };
        /** @description What is done about a schedule. */
        ScheduleAct: {
            /** @description `show` or `withdraw`. */
            act: string;
            /** @description Why it is withdrawn. */
            reason?: string | null;
        };
        /**
         * @description Something that whoever asks may do now. That this node's key opens it, only opening it says.
         * @enum {string}
         */
        ScheduleActView: "open" | "show" | "check" | "withdraw";
        /** @description A schedule as its entry has it in the clear. */
        ScheduleRow: {
            acts: components["schemas"]["ScheduleActView"][];
            area: string;
            /** @description `2024-02-08`. */
            day: string;
            /**
             * Format: int64
             * @description Its hour.
             */
            from_ms: number;
            id: string;
            /** @description `sealed`, `shown`, `disputed` or `withdrawn`. */
            phase: string;
            sealed: components["schemas"]["DoneBy"];
            /** @description Teams on the list; as many stay at their base as the lot decided. */
            teams: number;
            tours?: components["schemas"]["ToursView"] | null;
            withdrawn?: components["schemas"]["DoneBy"] | null;
            withdrawn_why?: string | null;
        };
        ScheduleView: {
            /** Format: int32 */
            asked_teams: number;
            /** @description Hash of all that the draw follows from besides its seed. */
            input: string;
            /** @description Names of the teams, in the list's order. */
            names: string[];
            /** @description What the payoffs say, under which it was drawn. */
            payoffs_en: string;
            payoffs_ur: string;
            /** @description Hash over seed, input and ways. */
            promise: string;
            row: components["schemas"]["ScheduleRow"];
            shown?: components["schemas"]["PatrolShown"] | null;
        };
        SchedulesView: {
            /** Format: int64 */
            now_ms: number;
            /** @description The latest day first. */
            schedules: components["schemas"]["ScheduleRow"][];
            /** @description Where whoever asks may plan and draw: these areas and everything below. */
            seals: string[];
        };
        SealWish: components["schemas"]["PlanWish"] & {
            /** @description Teams whose key is not looked up among the enrolled. */
            cards?: components["schemas"]["TeamCard"][];
            /** @description `2024-02-08`. */
            day: string;
            /** @description The hour of that day from which on it may be shown, Pakistan time: `06:00`. */
            from: string;
        };
        /** @description Sealed words, and all that they are bound to: what opens them needs each of these. */
        SealedView: {
            author: string;
            /** @description Hexadecimal, as everything here. */
            body: string;
            compartment: string;
            election: string;
            /** Format: int32 */
            kind: number;
        };
        /** @description One answer as it stands. */
        SeenView: {
            /** Format: int32 */
            centi: number;
            /** @description The ticked answer; none when the score is none of the form's. */
            choice?: string | null;
            /** @description Role of who looked. */
            looked: string;
            note: string;
            on: string;
            question: string;
            /** @description Who signed it; none: it came with the imported list. */
            signed_by?: string | null;
        };
        /** @description Where a unit is sent. */
        SendWish: {
            /** @description The unit's area. */
            area: string;
            /** @description Asks for the second person's signature instead of sending. */
            ask?: boolean;
            /** @description The incident's district, if another. */
            goal_area?: string | null;
            incident: string;
            note?: string;
            unit: string;
        };
        SerialsWish: {
            /** Format: int64 */
            first: number;
            /** Format: int64 */
            last: number;
            prefix?: string;
        };
        /** @description Who is signed in, and what they may do. */
        SessionView: {
            /** @description The widest area that one of the roles reaches; empty without a role. */
            area: string;
            /** @description To be sent back as `x-pehra-csrf` with everything that changes something. */
            csrf: string;
            /** Format: int64 */
            expires_ms: number;
            name: string;
            permissions: string[];
            person: string;
            roles: components["schemas"]["RoleView"][];
        };
        SetUp: {
            name: string;
            password: string;
            person: string;
            /** @description From the link that the program printed. */
            token: string;
        };
        /** @description What the screens need to know before anybody is signed in. */
        SetupState: {
            demo: boolean;
            /** @description Said before anybody signs in: nobody mistakes an exercise for the day. */
            exercise: boolean;
            /** @description There is no account yet: the printed link opens the first one. */
            first_start: boolean;
            synthetic: boolean;
        };
        SexCount: {
            /** Format: int32 */
            men: number;
            /** Format: int32 */
            women: number;
        };
        /** @description What 100 more people of a kind would do at the plan's prices: an upper bound, since prices fall as posts fill. */
        ShadowView: {
            kind: components["schemas"]["StaffWord"];
            /**
             * Format: int64
             * @description Unmet posts removed by 100 more people: all of them go to the dearest posts first.
             */
            per_hundred: number;
            /**
             * Format: int64
             * @description Highest price of one more person here, in units of the objective.
             */
            price_max: number;
        };
        /** @description One question as a candidate sees it: nothing says which answer is right. */
        Sheet: {
            /** @description English and Urdu, A first. */
            answers: string[][];
            question_en: string;
            question_ur: string;
        };
        SheetWish: {
            /** @description `F45` or `F46`. */
            form: string;
            /** @description SHA-256 of the image before it was sealed. */
            image: string;
            /** @description SHA-256 of the sealed bytes. */
            sealed: string;
        };
        ShortfallView: {
            kind: components["schemas"]["StaffWord"];
            /** Format: int32 */
            minimum_missing: number;
            /** Format: int32 */
            missing: number;
            mitigation: string;
            /** @description `nobody_left`, `too_far`, `capped`, `locked`, `no_such_unit`, `at_home`, `too_long`, `together`. */
            reason: string;
            reason_en: string;
            reason_ur: string;
            /**
             * Format: int64
             * @description Objective units gained by one more person here.
             */
            shadow_price: number;
        };
        ShownView: {
            /** @description The picture's bytes are on this node. */
            here: boolean;
            part: string;
            sha256: string;
        };
        /** @description One side of a fork, as its header states it. */
        SideView: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            hash: string;
            /** Format: int32 */
            kind: number;
            person: string;
            role: string;
        };
        SignIn: {
            password: string;
            person: string;
        };
        /** @description One header to be signed: `label ‖ SHA-256(header label ‖ header) ‖ part`. */
        SignPartView: {
            /** @description Canonical bytes, hexadecimal. */
            header: string;
            part: string;
            /** @description What the header's payload hash stands for, hexadecimal. */
            payload?: string | null;
        };
        /** @description What the person's key must sign. */
        SignView: {
            draft: string;
            /** @description The id of the key that must sign. */
            key: string;
            parts: components["schemas"]["SignPartView"][];
        };
        Signatures: {
            /** @description In the order of the parts, 128 hexadecimal digits each. */
            signatures: string[];
        };
        /** @description What a person signed about a matter. */
        SignedRow: {
            /** Format: int64 */
            at_ms: number;
            /** Format: int32 */
            level: number;
            /** @description The reports or the sum are others now. */
            outdated: boolean;
            person: string;
            /** Format: int32 */
            posterior_e4: number;
            /** Format: int32 */
            roots: number;
            /** Format: int64 */
            until_ms: number;
            words: string;
        };
        /** @description Silence that somebody must look at, computed. */
        SilenceView: {
            area: string;
            code: string;
            /** Format: int32 */
            count: number;
            /** Format: int64 */
            due_ms: number;
            /** @description The same on every node. */
            id: string;
            /** Format: int32 */
            most: number;
            /** @description The most sensitive ones, at most twenty; the station of a single alarm. */
            named: string[];
            /** Format: int32 */
            of: number;
            /** Format: int32 */
            severity: number;
            stage: string;
        };
        /** @description Text messages of this node. */
        SmsView: {
            /** @description To whom everything goes. */
            number?: string | null;
            running: boolean;
            /**
             * Format: int64
             * @description Since it was last turned on or off.
             */
            since_ms?: number | null;
            /** @description What keeps it from serving, in the words of what was asked. */
            trouble?: string | null;
            /** @description `kannel` or `modem`; none where the node was started without either. */
            way?: string | null;
        };
        SmsWish: {
            running: boolean;
        };
        SolveWish: {
            /**
             * @description The plan to go on from, so that whoever can stay does: seconds in place of a minute. Where it is not at hand, or other
             *     units, places or weights came, the plan is made from nothing.
             */
            from?: string | null;
            label?: string | null;
            /** Format: int64 */
            seed?: number | null;
        };
        /** @description One line for the radio. */
        SpokenLine: {
            en: string;
            /** @description `M`, `E`, `T`, `H`, `A`, `N`, `E`; empty for the line that opens. */
            letter: string;
            ur: string;
        };
        /**
         * @description What is counted and posted.
         * @enum {string}
         */
        StaffWord: "police_man" | "police_woman" | "civil_armed_forces" | "army";
        /** @description How far a party is in a stage. */
        StagePartyView: {
            /** @description What it committed to. */
            digest?: string | null;
            name: string;
            /** @description So many are needed. */
            shares_needed: number;
            /** @description Others that have shown their share of its secret. */
            shares_shown: number;
            /** @description It showed something other than it committed to. */
            showed_another: boolean;
            /**
             * @description `silent`, `disputed` (it committed to two things), `committed`, `shown` (the secret is there and is the one
             *     committed to) or `recovered` (the others put it together).
             */
            state: string;
        };
        StageView: {
            opened?: components["schemas"]["DoneBy"] | null;
            /** @description Secrets that were shown over other commitments than those that stand. */
            over_others: number;
            parties: components["schemas"]["StagePartyView"][];
            /** @description `waiting`, `proposed`, `committing`, `revealing`, `known`, `drawn`, `disputed` or `withdrawn`. */
            phase: string;
            proposed?: components["schemas"]["DoneBy"] | null;
            /** @description The roster's hash. */
            roster?: string | null;
            seed?: string | null;
            /** @description `pool`, `posts` or `stations`. */
            stage: string;
            /** @description What its commitments are about. */
            subject?: string | null;
            /** @description Whom the stage waits for: names of parties, `proposer`, `second` or `drawer`. */
            waits: string[];
        };
        /** @description Why contacts no longer go by themselves. */
        StandingEnd: {
            reason: string;
        };
        /** @description What nodes delete by themselves when the rule of thirty days has run out: how reporters can be reached. */
        StandingRow: {
            approved?: components["schemas"]["MarkView"] | null;
            area: string;
            ended?: components["schemas"]["MarkView"] | null;
            /** @description Why it was ended. */
            ended_reason?: string | null;
            /** @description The first day on which nodes act by it; none while no day of poll is on record. */
            first_day?: string | null;
            /** @description Names it when it is approved or ended. */
            id: string;
            in_force: boolean;
            /** @description Which rule. */
            instrument: string;
            /** @description Whoever asks may be the second person; false at the command line. */
            may_approve: boolean;
            proposed: components["schemas"]["MarkView"];
            reason: string;
        };
        /** @description What is to go by itself. */
        StandingWish: {
            /** @description Which rule. */
            instrument: string;
            /** @description For the record, where it stays for ever. */
            reason: string;
        };
        StatementsText: {
            /** @description One or more certificates and revocations as text. */
            text: string;
        };
        StatementsView: {
            text: string;
        };
        /** @description A station on the day. */
        StationDay: {
            claims: components["schemas"]["ClaimView"][];
            district: string;
            district_name: string;
            district_name_ur?: string | null;
            /** Format: int64 */
            due_ms?: number | null;
            /** Format: int64 */
            heard_ms?: number | null;
            id: string;
            missing?: string | null;
            name: string;
            /**
             * Format: int64
             * @description When the next rung of the ladder is reached without a word.
             */
            next_ms?: number | null;
            stage: string;
        };
        StationDetail: components["schemas"]["Age"] & {
            assessment?: components["schemas"]["AssessmentView"] | null;
            booths: components["schemas"]["SexCount"];
            building: string;
            contests: components["schemas"]["ContestView"][];
            district: string;
            district_name: string;
            id: string;
            kind: components["schemas"]["KindWord"];
            /** Format: int32 */
            lat_e7: number;
            /** Format: int32 */
            lon_e7: number;
            name: string;
            /** @description As the list gave them, and as approved on this node since. */
            official: components["schemas"]["OfficialView"][];
            place_basis: components["schemas"]["PlaceWord"];
            /**
             * Format: int32
             * @description Number of its point on the asker's map.
             */
            point_index?: number | null;
            postings: components["schemas"]["PostingView"][];
            posts: components["schemas"]["PostView"][];
            /** @description Classes that wait for a second person's approval. */
            proposals: components["schemas"]["ProposalView"][];
            province: string;
            voters: components["schemas"]["SexCount"];
        };
        StationPage: components["schemas"]["Age"] & {
            rows: components["schemas"]["StationRow"][];
            total: number;
        };
        StationRow: {
            class?: components["schemas"]["ClassWord"] | null;
            /** Format: int32 */
            completeness_pct?: number | null;
            disagrees: boolean;
            district: string;
            id: string;
            /** Format: int32 */
            inherent_centi?: number | null;
            kind: components["schemas"]["KindWord"];
            name: string;
            official?: components["schemas"]["ClassWord"] | null;
            /** Format: int32 */
            p10_centi?: number | null;
            /** Format: int32 */
            p90_centi?: number | null;
            place_basis: components["schemas"]["PlaceWord"];
            provisional: boolean;
        };
        StationSurvival: {
            bags_left: string[];
            bags_lost: string[];
            contest: string;
            copies: components["schemas"]["CopyView"][];
            left: number;
            station: string;
        };
        /**
         * @description Where a plan stands.
         * @enum {string}
         */
        StatusWord: "draft" | "proposed" | "approved" | "rejected" | "adopted" | "superseded" | "withdrawn" | "disputed";
        /**
         * @description Where an import stands.
         * @enum {string}
         */
        Step: "columns" | "checking" | "checked" | "signing" | "signed" | "failed";
        /** @description One line of the history. */
        StepView: {
            /** Format: int64 */
            at_ms: number;
            /** @description The node signed for the person, who has no key of their own yet. */
            attested_by_node: boolean;
            detail: string;
            entry: string;
            note: string;
            person: string;
            role: string;
            /** @description `incident.acknowledged`. */
            what: string;
        };
        StixFinding: {
            code: string;
            /**
             * Format: int32
             * @description The object's place in the bundle, from 1; 0 is the bundle.
             */
            row: number;
            /** @description A sentence that says what and where. */
            text: string;
        };
        StixView: {
            findings: components["schemas"]["StixFinding"][];
            tips: components["schemas"]["TipRow"][];
        };
        StopRow: {
            /** @description It holds for everything below. */
            area: string;
            by: components["schemas"]["MarkView"];
            /** @description Names it when it is lifted. */
            id: string;
            reason: string;
        };
        StopView: {
            building: string;
            district: string;
            /**
             * Format: int32
             * @description Ten-millionths of a degree; none where this node does not know the building.
             */
            lat_e7?: number | null;
            /** Format: int32 */
            lon_e7?: number | null;
            name: string;
        };
        StopWish: {
            area: string;
            reason: string;
        };
        /** @description So many teams or vehicles of a service. */
        StrengthView: {
            /** Format: int32 */
            number: number;
            /**
             * @description `police`, `rescue`, `fire-brigade`, `ambulance`, `bomb-disposal`, `counter-terrorism`, `civil-armed-forces`,
             *     `army`, `civil-defence`, `hospital`, `utility` or `women-police`.
             */
            service: string;
        };
        /** @description Everything that is known of one building or district. */
        SubjectView: {
            /** @description By question; several of one question contradict each other or differ in age, the newest first. */
            answers: components["schemas"]["SeenView"][];
            building?: string | null;
            /** @description Answers that were given apart and differ. */
            disputed: string[];
            district?: string | null;
            name: string;
            photographs: components["schemas"]["ShownView"][];
        };
        SummaryView: {
            /** Format: int64 */
            accepted: number;
            /** Format: int64 */
            booths: number;
            /** Format: int64 */
            buildings: number;
            findings: Record<string, never>;
            /** Format: int64 */
            quarantined: number;
            /** Format: int64 */
            repaired: number;
            /** Format: int64 */
            rows: number;
            /** Format: int64 */
            stations: number;
            /**
             * Format: int64
             * @description Units, events, figures, outlines, answers or places.
             */
            values: number;
            /** Format: int64 */
            voters: number;
        };
        SurvivalView: {
            /** @description Results on record in all. */
            of: number;
            /** @description Stations of which something would burn, the least of what is left first. */
            stations: components["schemas"]["StationSurvival"][];
        };
        SuspensionView: {
            area: string;
            countersigned: boolean;
            /** Format: int64 */
            effective_ms?: number | null;
            name: string;
            /** Format: int64 */
            ordered_ms?: number | null;
            /** @description `open`, `announced`, `ordered`, `in-effect`, `partly-restored`, `restored`, `disputed`. */
            phase: string;
            /** Format: int64 */
            restored_ms?: number | null;
            services: string[];
        };
        TablesView: {
            check_ins: components["schemas"]["CheckInKind"][];
            /** @description Of a report in the fixed order. */
            hazards: components["schemas"]["WordView"][];
            incidents: components["schemas"]["IncidentKind"][];
            services: components["schemas"]["WordView"][];
        };
        TargetView: {
            /** Format: int64 */
            by_ms: number;
            /** @description `acknowledge`, `dispatch` or `arrive`. */
            what: string;
        };
        TaskRow: {
            /** Format: int64 */
            answer_by_ms: number;
            answers: number;
            area: string;
            asked_by: string;
            id: string;
            /** @description Whoever asks may answer it with a report. */
            may_answer: boolean;
            may_close: boolean;
            note: string;
            outcome?: string | null;
            phase: string;
            question: string;
            service: string;
        };
        /** @description A team's card, from which its key is taken. */
        TeamCard: {
            /** @description The card as text. */
            card: string;
            /** @description The team's name, or its base's. */
            team: string;
        };
        TestWish: {
            equipment: string;
            note?: string;
            passed: boolean;
        };
        TextView: {
            text: string;
        };
        /** @description One ticked line. */
        Ticked: {
            /** @description `a` to `e`; empty: not seen. */
            choice: string;
            /** @description About the place, never about a person. */
            note?: string;
            /** @description Key of the question, as printed beside the line. */
            question: string;
        };
        /** @description The last hours in bins of ten minutes. */
        TimelineView: {
            /** Format: int64 */
            bin_ms: number;
            /** @description Check-ins due by the schedule's hours, at all stations within reach. */
            due: number[];
            /** Format: int64 */
            from_ms: number;
            /** @description Check-ins said. */
            heard: number[];
            /** @description Incidents reported: severity 1 and 2, 3, 4 and 5. */
            incidents: number[][];
            /** Format: int64 */
            now_ms: number;
        };
        TimerView: {
            /** Format: int64 */
            by_ms: number;
            id: string;
            item?: string | null;
            over: boolean;
            station?: string | null;
            /** @description Stations awaited, of how many; for the marks of the law. */
            waiting?: [
                number,
                number
            ] | null;
            /** @description `bag`, `convoy`, `receipt`, `provisional` or `outer`. */
            what: string;
        };
        /** @description What one object of a bundle says. */
        TipRow: {
            /**
             * Format: int32
             * @description 0 to 100: a proposal for the grade, which a person gives.
             */
            confidence?: number | null;
            /** Format: int64 */
            created_ms: number;
            /** Format: int64 */
            from_ms: number;
            id: string;
            /** @description `report`, `indicator`, `sighting`, `note`. */
            kind: string;
            points: number[][];
            /** Format: int32 */
            radius_m: number;
            text: string;
            /** Format: int64 */
            until_ms?: number | null;
        };
        /** @description A report as it is typed. Its text is sealed before anything is kept. */
        TipWish: {
            area: string;
            caveats?: string[];
            compartment: string;
            convoy?: string | null;
            /** Format: int64 */
            expires_ms: number;
            /** Format: int64 */
            from_ms: number;
            handling: string;
            horizon: string;
            /** Format: int64 */
            obtained_ms: number;
            /** @description Latitude and longitude in ten-millionths of a degree: none, a spot or a route. */
            points?: number[][];
            /** Format: int32 */
            radius_m?: number;
            /** @description Capital letters, digits and hyphens, one digit at least: never a person's name. */
            root: string;
            service: string;
            source: string;
            station?: string | null;
            target: string;
            task?: string | null;
            text: string;
            threat: string;
            /** Format: int64 */
            until_ms: number;
        };
        /** @description One report in the queue. */
        ToldRow: {
            /** @description Others that may tell the same. */
            alike: number;
            answers: components["schemas"]["ReportAnswer"][];
            area: string;
            /** @description About those who guard: sealed, and unknown to every control room. */
            complaint: boolean;
            constituency?: string | null;
            door: string;
            /**
             * Format: int64
             * @description When an answer is owed; nothing once there is one.
             */
            due_ms?: number | null;
            finding: string;
            has_contact: boolean;
            /**
             * Format: int64
             * @description The hour in which it happened.
             */
            hour_ms?: number | null;
            id: string;
            language: string;
            merged_into?: string | null;
            phase: string;
            /** Format: int64 */
            received_ms: number;
            station?: string | null;
            /** @description Nothing where it is sealed. */
            text?: string | null;
            topic: string;
            urgency?: string | null;
        };
        TollStep: {
            /** Format: int64 */
            at_ms: number;
            hurt: number[];
            killed: number[];
            source: string;
        };
        TollView: {
            hurt: number[];
            killed: number[];
            /**
             * Format: int32
             * @description How often it was stated, this time included.
             */
            revisions: number;
            source: string;
        };
        /** @description Totals of papers. There is no field for a candidate. */
        TotalsWish: {
            /** Format: int32 */
            in_box: number;
            /** Format: int32 */
            issued: number;
            /** Format: int32 */
            received: number;
            /** Format: int32 */
            registered: number;
            /** Format: int32 */
            rejected: number;
            /** Format: int32 */
            roll_marks: number;
            /** Format: int32 */
            spoilt: number;
            /** Format: int32 */
            unaccounted: number;
            /** Format: int32 */
            unissued: number;
            /** Format: int32 */
            valid: number;
            /** Format: int32 */
            women?: number | null;
        };
        /** @description How tours are cut. */
        ToursView: {
            /**
             * Format: int32
             * @description How long a team is out, 1 to 18.
             */
            shift_hours: number;
            /**
             * Format: int32
             * @description How long it stays at a building, 5 to 240.
             */
            stay_minutes: number;
        };
        TrainerText: {
            en: string;
            ur: string;
        };
        /** @description One course of which a list stands. */
        TrainingCourseRow: {
            area: string;
            by: components["schemas"]["MarkView"];
            certified: number;
            course: string;
            /** @description Two lists differ. */
            disputed: boolean;
            /** Format: int32 */
            hours: number;
            /** @description The entry of the list that stands; of two that differ the first. */
            id: string;
            /** Format: int32 */
            module: number;
            /** @description `2024-01-09`. */
            on: string;
            present: number;
            /** @description `list`, `code` or `phone`. */
            taken: string;
            trainer: string;
            venue: string;
            /** @description Passed, and not certified yet. */
            waiting: number;
        };
        TrainingModuleView: {
            /** Format: int32 */
            hours: number;
            /** Format: int32 */
            number: number;
            /** Format: int32 */
            percent: number;
            /** @description The practical test in English and Urdu. */
            practical?: string[] | null;
            /** Format: int32 */
            questions: number;
            title: string;
        };
        TrainingView: {
            /** @description The asked area whole, then those below it. */
            areas: components["schemas"]["AreaStatus"][];
            /** @description The newest first; more are there than are told when `courses_left` is above 0. */
            courses: components["schemas"]["TrainingCourseRow"][];
            courses_left: number;
            /** Format: int64 */
            forecast_ms?: number | null;
            modules: components["schemas"]["TrainingModuleView"][];
            /** @description The plan of the signed forecast. */
            plan?: string | null;
            /** @description The day for which certificates must count. */
            poll: string;
            /** @description Today where polls are held. */
            today: string;
        };
        /** @description Whom this node believes. */
        TrustView: {
            certificates: components["schemas"]["CertifiedView"][];
            deposits: components["schemas"]["DepositView"][];
            /** @description This node's own key. */
            device: string;
            /** @description Names the roster; two nodes that show the same know the same. */
            digest: string;
            forks: components["schemas"]["ForkView"][];
            founded?: components["schemas"]["FoundedView"] | null;
            /** @description The device's key lies under a passphrase. */
            locked: boolean;
            /** @description Certificates and revocations can be signed here: the node is its own root, or an office's key is open. */
            office?: string | null;
            /** @description Logs of which something is kept without effect, each with its reason. */
            quarantined: components["schemas"]["QuarantineView"][];
            requests: components["schemas"]["RequestView"][];
            /** Format: int64 */
            statements: number;
        };
        UnitActWish: components["schemas"]["UnitDeed"] & {
            area: string;
            note?: string;
            unit: string;
        };
        /** @description What is done with a unit. */
        UnitDeed: {
            /** @enum {string} */
            act: "depart";
        } | {
            /** @enum {string} */
            act: "arrive";
        } | {
            /** @enum {string} */
            act: "contain";
        } | {
            /** @enum {string} */
            act: "release";
        } | {
            /** @enum {string} */
            act: "hand-over";
            to: string;
        } | {
            /** @enum {string} */
            act: "ready";
        } | {
            /** @enum {string} */
            act: "rest";
        } | {
            /** @enum {string} */
            act: "take-out";
        } | {
            /** @enum {string} */
            act: "go-off-duty";
        } | {
            /** @enum {string} */
            act: "place";
            /** Format: double */
            lat: number;
            /** Format: double */
            lon: number;
        };
        /** @description Something that is late about a unit, computed. */
        UnitLateView: {
            area: string;
            /** Format: int64 */
            due_ms: number;
            /** @description The same on every node. */
            id: string;
            incident?: string | null;
            /** Format: int32 */
            severity: number;
            unit: string;
            /** @description `departure`, `arrival`, `rest` or `answer`. */
            what: string;
        };
        UnitPage: components["schemas"]["Age"] & {
            rows: components["schemas"]["PlanUnit"][];
            total: number;
        };
        UnitPosting: {
            building: string;
            /** Format: int32 */
            count: number;
            /** Format: int32 */
            distance_m: number;
            kind: components["schemas"]["StaffWord"];
            name: string;
        };
        UnitView: {
            area: string;
            /** Format: int64 */
            arrive_by_ms?: number | null;
            base: string;
            base_point: number[];
            /** @description `road` or `estimated`. */
            basis?: string | null;
            /** Format: int32 */
            crew: number;
            /** @description The incidents to which it goes: two where nodes sent it apart. */
            goals: components["schemas"]["GoalView"][];
            /** @description `quick-reaction`, `patrol` or `reserve`. */
            kind: string;
            last?: components["schemas"]["LastView"] | null;
            /** Format: int64 */
            leave_by_ms?: number | null;
            phase: string;
            /** @description Where it said that it is, on duty only; the last place alone. */
            point?: number[] | null;
            /** Format: int64 */
            point_ms?: number | null;
            /** Format: int32 */
            ready_minutes: number;
            /** Format: int64 */
            resting_ms?: number | null;
            /**
             * Format: int64
             * @description Since when the crew is on its feet, and until when it may be sent.
             */
            since_ms: number;
            /** Format: int64 */
            told_ms?: number | null;
            /** Format: int32 */
            travel_s?: number | null;
            unit: string;
            /** Format: int64 */
            until_ms: number;
            vehicle: string;
        };
        /** @description A word that was heard and is not signed yet: show it as "attested, unsigned" and nothing more. */
        UnsignedView: {
            device: string;
            /** Format: int64 */
            heard_ms: number;
            /**
             * Format: int32
             * @description Number of the act's kind.
             */
            kind: number;
            /** @description As its certificate says. */
            name: string;
            /** @description Empty for a form that this version cannot read. */
            said: components["schemas"]["SaidView"][];
            /**
             * Format: int64
             * @description The clock of the device, whole seconds.
             */
            said_ms: number;
            /** Format: int64 */
            seq: number;
        };
        VerdictWish: {
            met: boolean;
            note?: string;
        };
        WaiveWish: {
            failure: string;
            /** @description Why it is accepted as it is; it stands beside the name of whoever says so. */
            reason: string;
        };
        WarningRow: {
            area: string;
            /** Format: int64 */
            from_ms: number;
            hand: boolean;
            /** @description What an order names. */
            id: string;
            /** @description Whoever asks may order something against it. */
            may_order: boolean;
            measures: components["schemas"]["MeasureRow"][];
            place?: string | null;
            points: number[][];
            /** Format: int32 */
            radius_m: number;
            /** Format: int64 */
            released_ms: number;
            /** @description `unanswered`, `ordered`, `confirmed`, `late`, `passed`. */
            standing: string;
            target: string;
            text: string;
            threat: string;
            to: string[];
            /** Format: int64 */
            until_ms: number;
        };
        WarningsView: {
            hands: number;
            /** Format: int64 */
            now_ms: number;
            /** @description The one whose window opens first at the head. */
            warnings: components["schemas"]["WarningRow"][];
        };
        WatchAct: {
            /**
             * Format: int32
             * @description Since the item was shown.
             */
            after_ms: number;
            /** @description `give`, `ask`, `join` or `note`. */
            deed: string;
            /** @description To whom something is given. */
            whom?: string | null;
        };
        WatchAnswers: {
            done: components["schemas"]["WatchDone"][];
        };
        WatchDone: {
            acts: components["schemas"]["WatchAct"][];
            item: number;
        };
        /** @description One thing that the room hears. */
        WatchItem: {
            /** Format: int32 */
            acknowledge_s: number;
            /** Format: int64 */
            at_ms: number;
            /** @description Who says so, by role. */
            by?: string | null;
            /** @description How a citizen reached the desk. */
            channel?: string | null;
            class?: string | null;
            code: string;
            /** @description `B3`. */
            grade?: string | null;
            /** @description `reported`, `citizen`, `silence`, `toll` or `tip`. */
            kind: string;
            /** @description The check-in that is missing. */
            missing?: string | null;
            /** Format: int32 */
            severity: number;
            subject: string;
            title: components["schemas"]["TrainerText"];
            /** @description Killed and hurt, each from at least to at most. */
            toll?: number[] | null;
        };
        WatchLine: {
            /** @description What the taxonomy has done first. */
            first_actions: components["schemas"]["TrainerText"];
            item: number;
            /** Format: int32 */
            points: number;
            /** @description What a caller's word was worth: `true`, `mistaken` or `malicious`. */
            truth?: string | null;
            /** @description `right`, `late`, `part`, `wrong` or `missed`. */
            verdict: string;
            wanted: components["schemas"]["WatchWanted"][];
            /** @description `taxonomy`, `verify-first`, `one-incident`, `past-the-accused`, `next-rung`, `revision`, `to-the-desk` or `one-root`. */
            why: string;
            wrong: components["schemas"]["WatchWrong"][];
        };
        WatchRow: {
            area: string;
            incidents: boolean;
            name: string;
            points: number[][];
            /** Format: int32 */
            radius_m: number;
            set_by: string;
            /** @description `area`, `circle`, `polygon`. */
            shape: string;
            threats: string[];
            /** Format: int64 */
            until_ms: number;
        };
        WatchSheet: {
            /** Format: int32 */
            late: number;
            lines: components["schemas"]["WatchLine"][];
            mark: string;
            /**
             * Format: int32
             * @description Until the first act.
             */
            median_ms?: number | null;
            /** Format: int32 */
            missed: number;
            /** Format: int32 */
            part: number;
            /** Format: int32 */
            right: number;
            /**
             * Format: int32
             * @description Of a hundred.
             */
            score: number;
            /** Format: int32 */
            wrong: number;
        };
        WatchView: {
            district: string;
            /** Format: int64 */
            from_ms: number;
            items: components["schemas"]["WatchItem"][];
            mark: string;
            /** @description To whom something may be given. */
            whom: string[];
        };
        /** @description One thing that was to be done. */
        WatchWanted: {
            deed: string;
            /** Format: int32 */
            done_ms?: number | null;
            /** Format: int32 */
            due_s: number;
            in_time: boolean;
            /** @description One of these is enough. */
            whom: string[];
        };
        WatchWish: {
            area: string;
            on: boolean;
        };
        /** @description What should have been left undone. */
        WatchWrong: {
            deed: string;
            whom?: string | null;
        };
        WayView: {
            base?: components["schemas"]["StopView"] | null;
            /** @description In their order; none where the team stays. */
            stops: components["schemas"]["StopView"][];
            team: string;
        };
        /** @description The score that a station would have; nothing is signed or kept. */
        WhatIf: {
            /** Format: int64 */
            as_of_ms: number;
            /** Format: int32 */
            before_centi: number;
            before_class: components["schemas"]["ClassWord"];
            /** Format: int32 */
            c_centi: number;
            class: components["schemas"]["ClassWord"];
            /** @description All factors after the change. */
            factors: components["schemas"]["FactorNow"][];
            /** Format: int32 */
            score_centi: number;
            source: string;
            /** Format: int32 */
            t_centi: number;
            /** Format: int32 */
            v_centi: number;
        };
        WhatIfWish: {
            changes: components["schemas"]["FactorWish"][];
        };
        /** @description Why a station has its class. Contributions are exact and do not sum to the score: the index multiplies its parts. */
        Why: {
            /** Format: int64 */
            as_of_ms: number;
            /** Format: int32 */
            c_centi: number;
            factors: components["schemas"]["FactorView"][];
            headline_en: string;
            headline_ur: string;
            /** @description Overrides, what is not known, and where the official class differs. */
            notes: components["schemas"]["NoteView"][];
            reasons: components["schemas"]["ReasonView"][];
            /** Format: int32 */
            score_centi: number;
            source: string;
            /**
             * Format: int32
             * @description Threat, vulnerability, consequence.
             */
            t_centi: number;
            /** Format: int32 */
            v_centi: number;
        };
        /** @description An entry that is kept and shown and has no effect. */
        WithheldView: {
            area: string;
            /** Format: int64 */
            at_ms: number;
            entry: string;
            /**
             * Format: int32
             * @description Number of the entry's kind; this version may not know it.
             */
            kind: number;
            person: string;
            role: string;
            text_en: string;
            text_ur: string;
        };
        /** @description A word of a closed list, as it is said. */
        WordView: {
            name: string;
            title_en: string;
            title_ur: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
