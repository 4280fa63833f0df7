// The wire types of /api, mirrored by app/view in Go (one test there compares the field names).
// Times are RFC 3339 strings in UTC, hashes lower-case hex, ids strings. null means "not known".

export interface ApiError { code: string; sentence: string; hint: string; about?: string }

export type Severity = 'informational' | 'low' | 'medium' | 'high' | 'critical'
export type Verdict = 'true-positive' | 'suspicious' | 'benign' | 'false-positive' | 'unknown'
/** Who says so: the product's one visual language. */
export type OriginKind = 'evidence' | 'rule' | 'model' | 'person' | 'computed'
export interface Origin { kind: OriginKind; name: string; version?: string; role?: string; at?: string; checked?: string }

export interface RecentCase { path: string; name: string; mode: 'live' | 'exercise'; opened: string }
export interface Person { id: string; name: string; fingerprint: string; default: boolean }
export interface Start { version: string; recent: RecentCase[]; persons: Person[]; home: string; sample: boolean; propose: string }

/** `basis` and `until` stand where the role is not held in one's own right: "by delegation of Ada Lind", "by break-glass". */
export interface RoleHeld { role: string; title: string; basis?: string; until?: string }
export interface CaseView {
  open: boolean
  id: string; name: string; dir: string; mode: 'live' | 'exercise'; tlp: string; zone: string; created: string
  severity: { level: Severity; by: string; role: string; at: string } | null
  severity_awaits?: { level: Severity; by: string; role: string; at: string } // declared, not in force until a second person signs
  clock: { title: string; stage: string; deadline: string; missed: boolean } | null
  open_decisions: number
  model: { state: 'off' | 'on' | 'absent' | 'unfit' | 'starting' | 'failed'; text: string }
  isolation: { state: 'isolated' | 'loopback' | 'unknown'; text: string }
  person: { id: string; name: string; roles: RoleHeld[]; acting: string; acting_title: string }
  head: string; entries: number; verified: string | null
  problems: Problem[]      // damage found at opening; mended or not
}
export interface Problem { code: string; text: string; entry?: string; mended?: boolean }

export interface Board {
  since: string                                   // last visit
  changed: { at: string; text: string; origin: Origin; link?: Link }[]
  open_decisions: { id: string; title: string; severity: Severity; link: Link }[]
  clocks: Clock[]
  facts: { label: string; value: string; origin: Origin }[]
  blind_spots: BlindSpot[]
  narrative: Narrative
  todo: ToDo[]
}
export interface Link { stage: 'board' | 'settings' | 'evidence' | 'timeline' | 'triage' | 'decision' | 'deadline' | 'document' | 'record'; id?: string; query?: string }
export interface BlindSpot { host: string; source: string; from: string | null; to: string | null; text: string }
export interface Sentence { text: string; rows: string[]; checked: boolean; failed?: string }
export interface Narrative { by: Origin; sentences: Sentence[]; other?: { by: Origin; sentences: Sentence[]; note: string } }

export interface EvidenceItem {
  path: string; format: string; parser_version?: string; status: ItemStatus; sha256: string; bytes: number
  read: number; parsed: number; skipped: { reason: string; count: number }[]; warnings: number
  first: string | null; last: string | null; duplicate_of?: string; note?: string
  sealed: 'sealed' | 'referenced' | 'none'; custodian: string; taken: string; taken_by: string; why: string; zone: string; zone_by: string
  skew_seconds?: number
  warning_list?: { offset: number; text: string }[]
  undone?: string                                 // who took the rows of this import out of the timeline, when and why
  absent?: string[]                               // what such an item is expected to hold and did not
  lane?: string                                   // it stands behind the wall of this lane: nothing but its hash is told
  elsewhere?: boolean                             // sealed in another copy of the case; its bytes are not here ("source not here")
}
export interface Format { name: string; version: string }
export interface KeptMapping { name: string; mapping: string; by: string; at: string }
/** What a file would be, told from its head; nothing is taken in by looking. `needs`: what only a person can answer. */
export interface Examined { path: string; bytes: number; kind: string; format: string; state: 'read' | 'archive' | 'image' | 'no-parser' | 'known' | 'refused'; note: string; needs: ('zone' | 'year' | 'columns')[] }
/** A way to write times that fits a column, with what its first values would mean. */
export interface TimeForm { form: string; words: string; readings: string[]; ambiguous: boolean; yearless: boolean }
export interface MappedColumn { name: string; kind: 'time' | 'number' | 'address' | 'text'; field: string; forms: TimeForm[] }
/** What a mapping makes of the first rows. `mapping` is complete and in its one form; `problem`: why it cannot be used as it stands. */
export interface MappingPreview { mapping: string; columns: MappedColumn[]; rows: string[][]; consequence: string; problem: string }
export interface Limit { name: string; value: number; usual: number; least: number; most: number; unit: string; why: string }
/** The bounds of taking in evidence. `by` is empty while the program's own count. */
export interface IntakeLimits { limits: Limit[]; by: string; at: string | null; why: string }
export type ItemStatus = 'ok' | 'empty' | 'partial' | 'failed' | 'no-parser' | 'duplicate' | 'quarantined' | 'behind-wall'
export interface Job {
  id: string; title: string; state: 'running' | 'done' | 'failed' | 'cancelled'; done: number; total: number; unit: string
  rate: number; remaining_seconds: number | null; message: string; error?: ApiError; started: string; ended: string | null
}

export interface Row {
  id: string; event_id: string; at: string | null; time_kind: string; original: string; zone: string; assumed: string
  host: string; user: string; source: string; action: string; message: string; code: string
  tags: string[]; notes: number; promoted: boolean; findings: { title: string; severity: Severity }[]
  values: Record<string, string>                  // the extra columns that were asked for
}
export interface TimelinePage { total: number; offset: number; rows: Row[]; query: string; partial: boolean; ms: number }
export interface Histogram { from: string; to: string; bucket_seconds: number; counts: number[]; undated: number; query: string }
export interface Facet { field: string; values: { value: string; count: number }[]; distinct: number; missing: number }
export interface RowDetail {
  row: Row
  fields: { name: string; values: string[]; kind: 'string' | 'number' | 'bool' }[]
  times: { meaning: string; at: string; original: string; zone: string; assumed: string }[]
  evidence: { path: string; sha256: string; parser: string; locator: string; present: boolean }
  raw: { text: string; hex: string; offset: number; length: number; truncated: boolean } | null
  notes: { id: string; by: string; role: string; at: string; text: string }[]
  json: string
}
export interface PromotedEvent { id: string; title: string; text: string; at: string | null; rows: string[]; by: string; role: string; recorded: string }

export interface Finding {
  id: string; title: string; severity: Severity; rule: { id: string; title: string; level: string; author: string; hash: string; pack: string }
  matched: { field: string; value: string }[]; rows: string[]; techniques: string[]; host: string; user: string; first: string | null; last: string | null; text: string; kind: string
}
export interface DetectReport { ran: string | null; pack: string; loaded: number; matched: number; not_applicable: number; unmapped: { rule: string; field: string }[]; failed: { rule: string; reason: string }[] }

export interface Group {
  id: string; title: string; severity: Severity; score: number; factors: Factor[]; suggested: Verdict; suggested_why: string
  count: number; hosts: string[]; users: string[]; techniques: string[]; first: string | null; last: string | null; rows: string[]; findings: Finding[]
  verdict: { verdict: Verdict; by: string; role: string; at: string; reason_code: string; reason: string } | null
}
/** A signed bar: weight × value adds to the score; words say what it means. */
export interface Factor { name: string; weight: number; value: number; words: string }

export interface Recommendation {
  id: string; action: string; title: string; why: string; rule: string; rule_version: string; severity: Severity; group: string; target: string
  rows: string[]; changes: string[]; risks: string[]; may_decide: RoleHeld[]; can_decide: boolean
  decision: Decision | null                       // in force
  awaiting?: Decision                             // signed by one person, not in force until a second signs
}
export interface Decision {
  id: string; outcome: 'accept' | 'override' | 'reject'; action: string; instead?: string; by: string; role: string; role_title: string; at: string
  reason_code: string; reason: string; recommended: string; recommended_by: Origin; rows: string[]; subject: 'recommendation' | 'severity' | 'verdict'
  awaits?: boolean                                // not in force until a second person signs
}
export interface ReasonCode { code: string; words: string; example: string; outcomes: string[] }
export interface DecisionPreview {
  shown: string                                   // hash that the signature will cover
  recommended: { text: string; by: Origin; why: string; factors: Factor[]; rows: Row[] }
  consequences: string[]
  signs_as: { person: string; role: string; role_title: string }
  refused: string | null                          // why this person may not sign this
}

export interface Clock {
  id: string; regime: string; regime_name: string; jurisdiction: string; stage: string; stage_name: string
  strict: string | null; extended: string | null; extended_basis?: string; precision: string
  trigger: { anchor: string; at: string; tz: string; by: string; role: string; recorded: string; basis: string } | null
  citation: string; edition: string; text: string; recipient: string; status: string
  state: 'running' | 'missed' | 'submitted' | 'waiting' | 'as-soon-as-possible'
  content: string[]; note?: string
}
export interface Anchor { id: string; title: string; words: string; regimes: string[] }
export interface Clocks { now: string; computed_aid: string; clocks: Clock[]; anchors: Anchor[]; clock_note: string | null }

export interface Paper {
  id: string; template: string; title: string; state: 'drafted' | 'gate-failed' | 'approved' | 'voided' | 'awaiting' | 'behind-wall' | 'elsewhere'; drafted: string; drafted_by: string
  as_of: string; hash: string; approved: { by: string; role: string; at: string; hash: string } | null; awaits: { by: string; role: string; at: string; hash: string } | null; needs_role: string; needs_role_title: string; can_approve: boolean; pages: number
}
export interface PaperDetail {
  paper: Paper
  sections: { title: string; clauses: { number: string; text: string; rows: string[]; origin: Origin; failed?: string; slot?: string }[] }[]
  checks: { ok: boolean; text: string }[]
  slots: { name: string; label: string; value: string; hint: string; required: boolean }[]
  shown: string
}
export interface PaperTemplate { id: string; title: string; words: string; needs_role_title: string }

export interface RecordEntry { id: string; kind: string; story: string; author: string; author_name: string; role: string; seq: number; recorded: string; refused?: string; awaits?: boolean; withheld: boolean; lane?: string; body: string; line: string }
export interface RecordPage { total: number; offset: number; entries: RecordEntry[]; kinds: { kind: string; count: number }[]; authors: { id: string; name: string; count: number }[] }
export interface Verification { verdict: 'good' | 'damaged' | 'incomplete' | 'equivocation'; anchored: boolean; entries: number; authors: number; head: string; head_code: string; problems: Problem[]; at: string }

/** The case as it was known at a moment: GET replay?at=…|entry=…[&person=…]. Everything in it is as of then, `later` is what came after. */
export interface Then {
  at: string
  of: RecordEntry | null                          // the entry asked about; the state is without it
  person: PersonThen | null                       // whose knowledge it is; null: what somebody knew
  head: string; head_code: string; entries: number; entries_now: number
  severity: { level: Severity; by: string; role: string; at: string } | null
  verdicts: VerdictCount[]; decisions: DecisionThen[]; triggers: TriggerThen[]; clocks: Clock[]; documents: DocumentThen[]; people: PersonThen[]
  evidence: number; notes: number; promoted: number; conflicts: number; set_aside: number
  later: Later
}
export interface VerdictCount { verdict: Verdict; count: number }
export interface DecisionThen { id: string; recommendation: string; outcome: 'accept' | 'override' | 'reject'; recommended: string; instead: string; target: string; reason: string; by: string; role: string; at: string; awaits: boolean }
export interface TriggerThen { id: string; anchor: string; at: string; tz: string; basis: string; by: string; recorded: string; awaits: boolean }
export interface DocumentThen { id: string; title: string; class: 'report' | 'message' | 'notice'; state: 'draft' | 'approved' | 'released'; at: string }
export interface PersonThen { id: string; name: string; roles: string[] }
export interface Later { entries: number; kinds: { kind: string; count: number }[]; facts: LaterFact[]; left: number }
/** `learned`: knowledge (evidence, promoted events, verdicts, corrections), else a decision. `happened`: when what it tells of happened. */
export interface LaterFact { id: string; kind: string; story: string; by: string; recorded: string; happened: string | null; learned: boolean }
/** The two times of a case, for the slider: when it was recorded (hours, marks) and when it happened. */
export interface Axes { from: string; to: string; now: string; hours: HourTick[]; marks: AxisMark[]; happened: AxisMark[]; left: number; evidence_first: string | null; evidence_last: string | null }
export interface HourTick { hour: string; entries: number }
export interface AxisMark { at: string; recorded: string; id: string; kind: string; text: string; by: string }

/** What another entry says about one. */
export interface EntryWord { entry: string; name: string; at: string; text: string }
/** How an entry stands now; `ground` null: the role was the author's own. */
export interface EntryDetail { entry: string; awaits: RoleHeld[]; cosigned: EntryWord | null; ground: EntryWord | null; corrections: EntryWord[] }

/** What a person is about to sign, as the record will tell it. `second`: another person in one of these roles signs too. */
export interface ActPreview { shown: string; sentence: string; consequences: string[]; signs_as: { person: string; role: string; role_title: string }; refused: string | null; second: RoleHeld[] }
/** An act that stands in the record. `awaits`: not in force until somebody in one of these roles has signed too. */
export interface Signed { entry: string; kind: string; story: string; awaits: RoleHeld[] }

export interface Transfer { id: string; state: 'offered' | 'taken' | 'refused' | 'outside'; items: string[]; giver: string; giver_role: string; receiver: string; organisation: string; purpose: string; place: string; seal: string; condition: string; at: string; answer: string; answer_at: string | null; mine: boolean }
export interface Hold { id: string; matter: string; why: string; items: string[]; by: string; at: string; released: string | null }
export interface Mismatch { sha256: string; path: string; found_at: string; found_by: string }
export interface LastCheck { at: string; by: string; items: number; same: number; altered: number; absent: number }
/** Where an item's bytes were deleted. `awaits`: one of two persons has signed, and nothing is deleted yet. */
export interface Tombstone { entry: string; sha256: string; why: string; by: string; at: string; awaits: boolean }
export interface Explained { sha256: string; text: string; by: string; at: string }
export interface Custody { transfers: Transfer[]; custodians: Record<string, string>; purged: string[]; tombstones: Tombstone[]; holds: Hold[]; mismatches: Mismatch[]; explained: Explained[]; last_check: LastCheck | null }

/** text and about are there when open; else why says why the words stay closed. */
export interface LaneWord { entry: string; recorded: string; author: string; track: 'fact' | 'advice'; keys: number; to: string[]; open: boolean; about: string; text: string; why: string }
export interface Lane { id: string; name: string; matter: string; direction: string; members: string[]; mine: boolean; model: boolean; by: string; at: string; words: LaneWord[] }
/** A mark that stands. title is empty when it stands behind a wall. */
export interface LaneMark { entry: string; of: 'entry' | 'evidence' | 'document'; ref: string; title: string; lane: string; track: 'fact' | 'advice'; basis: string; by: string; at: string }
export interface PrivilegeLine { entry: string; kind: string; recorded: string; author: string; lane: string; matter: string; track: 'fact' | 'advice'; basis: string; recipients: string[] }
export interface Lanes { lanes: Lane[]; marks: LaneMark[]; log: PrivilegeLine[]; limit: string }

export interface Witness { id: string; how: 'paper' | 'cosignature' | 'timestamp'; by: string; at: string; head: string; head_code: string; text: string; entered_by: string }
export interface Checkpoint { id: string; by: string; key: string; size: number; at: string; witnessed: boolean }
export interface SlipLine { what: string; paper: string; here: string; state: 'equal' | 'differs' | 'not compared' }

/** A field that people set without having seen each other; the answer `shown` stands until a person settles it. */
export interface ConflictAnswer { entry: string; name: string; role: string; recorded: string; says: string; shown: boolean; knew: ConflictKnew[] }
/** How far somebody had seen another author when they signed; `up_to` null: nothing of theirs. */
export interface ConflictKnew { name: string; up_to: string | null }
export interface Conflict { field: string; title: string; answers: ConflictAnswer[] }
/** An entry that authority refuses: kept, without effect. `admissible`: an authority holder may take it in. */
export interface SetAside { entry: string; kind: string; name: string; recorded: string; code: string; why: string; story: string; admissible: boolean }
export interface MergeCount { id: string; name: string; count: number }
export interface MergeStory { entry: string; kind: string; name: string; recorded: string; story: string }
export interface MergePerson { id: string; name: string; key: string; new: boolean }
export interface MergeItem { sha256: string; path: string; bytes: number; state: 'comes' | 'elsewhere' }
/** An item of evidence that a copy names; `why` its bytes stay out, '' when they go along. */
export interface CopyItem { sha256: string; path: string; bytes: number; here: boolean; why: string }
export interface CopyPaper { document: string; title: string; file: string; left: string }
/** What a copy would hold. `act.shown` goes back with the order to export; `bytes` of a parcel is at most. */
export interface CopyPlan {
  form: 'plain' | 'parcel'; out: string; head_code: string; entries: number; withheld: number; evidence: number; files: number; bytes: number
  items: CopyItem[]; papers: CopyPaper[]; verifiers: string[]; recipients: string[]; lanes: string[]; notes: string[]; resumes: boolean; act: ActPreview
}
/** `evidence` '' is all in a parcel and none in a plain folder; `items` names single ones; `papers` '' is approved. */
export interface CopyOrder {
  out: string; form: 'plain' | 'parcel'; recipients: string[]; passphrase: string; to: string; lanes: string[]
  evidence: '' | 'all' | 'none'; items: string[]; referenced: boolean; papers: '' | 'approved' | 'all' | 'none'; verifiers: string; shown: string
}
/** What an extract would show. With `needs_checkpoint` a checkpoint of one's own is signed first (record/checkpoint). */
export interface ExtractPlan { out: string; chosen: number; shown_entries: number; withheld: number; papers: string[]; notes: string[]; needs_checkpoint: boolean; act: ActPreview }
export interface ExtractOrder { out: string; entries: string[]; kinds: string[]; documents: string[]; to: string; reason: string; against: string[]; lanes: string[]; shown: string }
/** What a copy holds from which a case can be made. */
export interface ImportPlan {
  from: string; kind: 'bundle' | 'parcel'; case: string; name: string; mode: string; tlp: string; opened: string; opened_by: string; opener_key: string
  entries: number; withheld: number; evidence: number; bytes: number; elsewhere: number; head_code: string; blocked: boolean; problems: Problem[]; problem_count: number
}
export interface ImportOrder { path: string; passphrase: string; identity: string; person: string; key_passphrase: string; dir: string; new_passphrase: string; keep_going: boolean }
export interface CopyOut { entry: string; at: string; by: string; form: 'plain' | 'parcel' | 'extract'; to: string; head_code: string; entries: number; withheld: number; evidence: number; recipients: string[] }
export interface CopyIn { entry: string; at: string; by: string; keys: number }
/** What left the case and what was taken in, newest first. */
export interface Copies { exports: CopyOut[]; merges: CopyIn[] }

/** What merging a copy would bring. `act.shown` goes back with the order to merge; with `signs` false nothing is signed. */
export interface MergePreview {
  from: string; kind: 'case' | 'bundle' | 'parcel'; signs: boolean; fast_forward: boolean; nothing: boolean; blocked: boolean
  entries: number; kinds: MergeCount[]; authors: MergeCount[]; stories: MergeStory[]; bodies: number; withheld: number; lacking: number
  people: MergePerson[]; evidence: MergeItem[]; evidence_new: number; evidence_bytes: number; evidence_away: number; rows: number
  set_aside: SetAside[]; conflicts: Conflict[]; settled: number
  equivocations: Problem[]; gaps: Problem[]; clocks: Problem[]; problems: Problem[]; problem_count: number; head_code: string; act: ActPreview
}

export interface Answer { by: Origin; kind: 'query' | 'status' | 'none'; query?: string; total?: number; text: string; cites: { text: string; link: Link }[]; suggestions: string[] }
export interface ModelStatus { state: CaseView['model']['state']; name: string; digest: string; text: string; variant: string; version: string; functions: { id: string; title: string; on: boolean; twin: string; score: string; why: string }[] }
/** One way in which a person holds, held or will hold a role. `words` says all of it in a line. */
export interface HeldRole { role: string; title: string; from: string; granted_by: string; basis: '' | 'succession' | 'delegation' | 'break-glass'; until: string | null; kinds: string[]; scope: string; words: string; entry: string }
/** A key of a person, one for each of their devices. `revoked`: by whom, when and why; '' while it signs. */
export interface HeldKey { key: string; fingerprint: string; here: boolean; admitted: boolean; revoked: string }
/** `roles` are held now; `other` ended or have not begun; `known`: to the case. */
export interface PersonInCase { id: string; name: string; fingerprint: string; roles: HeldRole[]; other: HeldRole[]; keys: HeldKey[]; known: boolean; here: boolean }
export interface Succession { role: string; title: string; order: { id: string; name: string }[] }
export interface People { people: PersonInCase[]; successions: Succession[] }
/** A row of the authority matrix as it counts now. `core`: fixed, and cannot be lent; `can_two`: two persons can be asked for. */
export interface MatrixRow { kind: string; class: string; members: boolean; roles: RoleHeld[]; two_person: boolean; can_two: boolean; core: boolean; why: string; changed_by: string; changed_at: string | null }
export interface Authority { rows: MatrixRow[]; roles: RoleHeld[]; break_glass: RoleHeld[] }
/** Something that waits for a person. `may`: who may do it now, by name; `mine`: the person at the keyboard may. */
export interface ToDo { kind: 'review' | 'cosign' | 'conflict' | 'admit' | 'custody' | 'mismatch' | 'expiring' | 'no-holder' | 'witness'; text: string; roles: RoleHeld[]; may: string[]; mine: boolean; entry: string; link: Link; due: string | null }
/** A person's key as it is handed over. `card` is the text of one that was read, `path` where one was written. */
export interface Card { id: string; name: string; fingerprint: string; made: string; card: string; path: string }
/** One way in which the folder of the case opens. */
export interface Slot { number: number; kind: 'passphrase' | 'recipient'; recipient: string }
