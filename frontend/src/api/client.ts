// The one gateway to the program: every action of the window is listed here and nothing else fetches.
// Each call has a time-out, since a call into a program that hangs must end in a sentence, not in a wait.
import type {
  ActPreview, Answer, ApiError, Authority, Board, Card, CaseView, Checkpoint, Clocks, Conflict, Copies, CopyOrder, CopyPlan, Custody, Decision, DecisionPreview, DetectReport, EntryDetail, EvidenceItem, Examined, ExtractOrder, ExtractPlan, Facet, Finding, Format, BlindSpot, Group, Histogram, ImportOrder, ImportPlan, IntakeLimits,
  Job, KeptMapping, Lanes, MappingPreview, MergePreview, ModelStatus, Paper, PaperDetail, PaperTemplate, People, PromotedEvent, ReasonCode, Recommendation, RecordPage, RowDetail, SetAside, Signed, SlipLine, Slot, Start,
  TimelinePage, ToDo, Verdict, Verification, Witness, Axes, Then,
} from './types'

/** What a failed call throws: the program's own sentence, hint and code, or one about the connection. */
export class CallError extends Error implements ApiError {
  code: string
  sentence: string
  hint: string
  about?: string
  constructor(e: ApiError) {
    super(e.sentence)
    this.code = e.code
    this.sentence = e.sentence
    this.hint = e.hint
    this.about = e.about
  }
}

export type Method = 'GET' | 'POST' | 'PUT'
/** Carries one call; the tests and the fake mode put another one in. */
export type Transport = (method: Method, path: string, body: unknown, signal: AbortSignal) => Promise<{ status: number; json: () => Promise<unknown>; bytes: () => Promise<ArrayBuffer> }>

const overHttp: Transport = async (method, path, body, signal) => {
  const answer = await fetch(`/api/${path}`, {
    method, signal,
    headers: body === undefined ? undefined : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  return { status: answer.status, json: () => answer.json() as Promise<unknown>, bytes: () => answer.arrayBuffer() }
}

let transport: Transport = overHttp
export function setTransport(t: Transport): void {
  transport = t
}

/** Ordinary calls; opening and signing derive keys on purpose slowly; work that takes longer is a job. */
const SECONDS = 30
const SLOW_SECONDS = 120

async function raw(method: Method, path: string, body?: unknown, seconds = SECONDS) {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), seconds * 1000)
  try {
    const answer = await transport(method, path, body, stop.signal)
    if (answer.status >= 400) throw new CallError(await errorOf(answer))
    return answer
  } catch (e) {
    if (e instanceof CallError) throw e
    if (stop.signal.aborted) {
      throw new CallError({ code: 'window.timeout', sentence: `The program did not answer within ${seconds} seconds.`, hint: 'Nothing was lost. Try again; if it stays like this, restart the program and open the case again.' })
    }
    throw new CallError({ code: 'window.unreachable', sentence: 'The window cannot reach the program.', hint: 'Nothing was lost. Close the window and start it again.' })
  } finally {
    clearTimeout(timer)
  }
}

async function errorOf(answer: { status: number; json: () => Promise<unknown> }): Promise<ApiError> {
  try {
    const e = ((await answer.json()) as { error?: ApiError }).error
    if (e?.sentence) return e
  } catch { /* not JSON: fall through to our own words */ }
  return { code: `window.status-${answer.status}`, sentence: 'The program refused this without saying why.', hint: 'Try again; the code helps whoever looks into it.' }
}

async function call<T>(method: Method, path: string, body?: unknown, seconds?: number): Promise<T> {
  return (await (await raw(method, path, body, seconds)).json()) as T
}

type Params = Record<string, string | number | boolean | undefined>
function search(params: Params): string {
  const s = new URLSearchParams()
  for (const [k, v] of Object.entries(params)) if (v !== undefined && v !== '') s.set(k, String(v))
  const text = s.toString()
  return text ? `?${text}` : ''
}

export interface Create { dir: string; name: string; person: string; passphrase: string; mode: 'live' | 'exercise'; tlp: string; zone: string; organisation: string }
export interface AddEvidence { paths: string[]; keep: 'auto' | 'sealed' | 'referenced'; zone: string; why: string; custodian: string; source: string; year?: number; mapping?: string; acquired?: string; acquired_zone?: string; lane?: string; track?: string; basis?: string }
export interface ReadAgain { sha256: string; format: string; zone: string; year: number; columns: Record<string, string>; mapping: string; basis: string }
/** A file to come by its path, or an item in custody by its hash; `mapping` '' asks for a proposal. */
export interface MappingAsk { path: string; sha256: string; mapping: string }
export interface SlotChange { do: 'add' | 'recipient' | 'remove' | 'replace' | 'confirm'; passphrase?: string; recipient?: string; number?: number; old?: string }
export interface PageAsk { q: string; offset: number; limit: number; desc?: boolean; from?: string; columns?: string }
export type PreviewAsk = { recommendation: string; outcome: string; instead?: string } | { subject: 'severity'; level: string }
export interface SignAsk { shown: string; recommendation?: string; level?: string; outcome?: string; instead?: string; reason_code: string; reason: string }

const id = encodeURIComponent

export const api = {
  start: () => call<Start>('GET', 'start'),
  case: () => call<CaseView>('GET', 'case'),
  caseCreate: (c: Create) => call<CaseView>('POST', 'case/create', c, SLOW_SECONDS),
  caseOpen: (c: { dir: string; passphrase: string; person?: string; key_passphrase?: string }) => call<CaseView>('POST', 'case/open', c, SLOW_SECONDS),
  caseDemo: (c: { dir: string; passphrase: string }) => call<Job>('POST', 'case/demo', c, SLOW_SECONDS),
  caseClose: () => call<unknown>('POST', 'case/close', {}),
  caseRole: (role: string) => call<CaseView>('POST', 'case/role', { role }),
  caseLock: () => call<unknown>('POST', 'case/lock', {}),
  board: () => call<Board>('GET', 'board'),
  evidence: () => call<{ items: EvidenceItem[] }>('GET', 'evidence'),
  evidenceAdd: (e: AddEvidence) => call<{ job: string }>('POST', 'evidence/add', e),
  evidenceExamine: (paths: string[]) => call<{ files: Examined[]; more: number }>('POST', 'evidence/examine', { paths }, SLOW_SECONDS),
  evidenceUndo: (items: string[], why: string) => call<ActPreview>('POST', 'evidence/undo', { items, why }),
  evidenceAgain: (r: ReadAgain) => call<{ job: string }>('POST', 'evidence/again', r),
  evidenceFormats: () => call<{ formats: Format[] }>('GET', 'evidence/formats'),
  evidenceMappings: () => call<{ mappings: KeptMapping[] }>('GET', 'evidence/mappings'),
  evidenceMapping: (name: string, mapping: string) => call<ActPreview>('POST', 'evidence/mapping', { name, mapping }),
  mappingPreview: (m: MappingAsk) => call<MappingPreview>('POST', 'evidence/mapping/preview', m),
  evidenceLimits: () => call<IntakeLimits>('GET', 'evidence/limits'),
  evidenceLimitsSet: (limits: Record<string, number>, why: string) => call<ActPreview>('POST', 'evidence/limits', { limits, why }),
  jobs: () => call<{ jobs: Job[] }>('GET', 'jobs'),
  jobCancel: (job: string) => call<unknown>('POST', `jobs/${id(job)}/cancel`, {}),
  timeline: (p: PageAsk) => call<TimelinePage>('GET', `timeline${search({ ...p })}`),
  histogram: (q: string, buckets: number) => call<Histogram>('GET', `timeline/histogram${search({ q, buckets })}`),
  facet: (q: string, field: string, n: number) => call<Facet>('GET', `timeline/facet${search({ q, field, n })}`),
  fields: () => call<{ fields: { name: string; count: number }[] }>('GET', 'timeline/fields'),
  row: (row: string) => call<RowDetail>('GET', `timeline/row${search({ id: row })}`),
  tag: (rows: string[], tag: string, remove: boolean) => call<unknown>('POST', 'timeline/tag', { rows, tag, remove }),
  note: (about: string, text: string) => call<unknown>('POST', 'timeline/note', { about, text }),
  promote: (rows: string[], title: string, text: string) => call<unknown>('POST', 'timeline/promote', { rows, title, text }),
  promoted: () => call<{ events: PromotedEvent[] }>('GET', 'timeline/promoted'),
  findings: () => call<{ findings: Finding[]; report: DetectReport; blind_spots: BlindSpot[] }>('GET', 'findings'),
  detectRun: () => call<{ job: string }>('POST', 'detect/run', {}),
  triage: () => call<{ groups: Group[] }>('GET', 'triage'),
  verdict: (v: { group: string; verdict: Verdict; reason_code: string; reason: string }) => call<Group>('POST', 'triage/verdict', v),
  recommendations: () => call<{ recommendations: Recommendation[] }>('GET', 'recommendations'),
  reasons: () => call<{ reasons: ReasonCode[] }>('GET', 'decision/reasons'),
  preview: (p: PreviewAsk) => call<DecisionPreview>('POST', 'decision/preview', p),
  sign: (s: SignAsk) => call<Decision>('POST', 'decision/sign', s, SLOW_SECONDS),
  decisions: () => call<{ decisions: Decision[] }>('GET', 'decisions'),
  clocks: () => call<Clocks>('GET', 'clocks'),
  declare: (d: { anchor: string; at: string; tz: string; basis: string }) => call<Clocks>('POST', 'clocks/declare', d),
  submitted: (s: { clock: string; at: string; proof: string }) => call<Clocks>('POST', 'clocks/submitted', s),
  documents: () => call<{ documents: Paper[]; templates: PaperTemplate[] }>('GET', 'documents'),
  documentDraft: (template: string, slots: Record<string, string>) => call<PaperDetail>('POST', 'documents/draft', { template, slots }),
  document: (d: string) => call<PaperDetail>('GET', `documents/${id(d)}`),
  documentSlots: (d: string, slots: Record<string, string>) => call<PaperDetail>('POST', `documents/${id(d)}/slots`, { slots }),
  documentPdf: async (d: string) => (await raw('GET', `documents/${id(d)}/pdf`)).bytes(),
  documentSave: (d: string, path: string) => call<{ path: string }>('POST', `documents/${id(d)}/save`, { path }),
  documentApprove: (d: string, shown: string) => call<PaperDetail>('POST', `documents/${id(d)}/approve`, { shown }, SLOW_SECONDS),
  documentRelease: (d: string, r: { channel: string; to: string }) => call<ActPreview>('POST', `documents/${id(d)}/release`, r),
  record: (p: { kind: string; author: string; offset: number; limit: number }) => call<RecordPage>('GET', `record${search(p)}`),
  entry: (entry: string) => call<EntryDetail>('GET', `record/entry${search({ id: entry })}`),
  recordVerify: () => call<Verification>('POST', 'record/verify', {}, SLOW_SECONDS),
  /** The case as it was known at a time (with a person: what they knew by then), or when an entry was signed. */
  replay: (m: { at: string; person: string } | { entry: string }) => call<Then>('GET', `replay${search(m)}`),
  replayAxes: () => call<Axes>('GET', 'replay/axes'),
  people: () => call<People>('GET', 'people'),
  peopleAdd: (name: string, passphrase: string) => call<People>('POST', 'people/add', { name, passphrase }, SLOW_SECONDS),
  peopleRole: (person: string, role: string) => call<unknown>('POST', 'people/role', { person, role }),
  peopleAdmit: (a: { card?: string; person?: string; fingerprint?: string }) => call<ActPreview>('POST', 'people/admit', a),
  peopleGrant: (g: { person: string; role: string; from?: string; to?: string; scope?: string }) => call<ActPreview>('POST', 'people/grant', g),
  peopleEnd: (e: { person: string; role: string; why: string }) => call<ActPreview>('POST', 'people/end', e),
  peopleDelegate: (d: { person: string; role: string; only: string[]; to: string; why: string }) => call<ActPreview>('POST', 'people/delegate', d),
  peopleSuccession: (role: string, order: string[]) => call<ActPreview>('POST', 'people/succession', { role, order }),
  peopleAssume: (role: string, why: string) => call<ActPreview>('POST', 'people/assume', { role, why }),
  peopleGlass: (g: { role: string; why: string; hours: number }) => call<ActPreview>('POST', 'people/glass', g),
  peopleReview: (r: { entry: string; outcome: 'upheld' | 'not-upheld'; why: string }) => call<ActPreview>('POST', 'people/review', r),
  peopleRevoke: (r: { person: string; key: string; why: string }) => call<ActPreview>('POST', 'people/revoke', r),
  authority: () => call<Authority>('GET', 'authority'),
  authoritySet: (r: { of: string; roles: string[]; two_person: boolean; why: string }) => call<ActPreview>('POST', 'authority/set', r),
  cardRead: (path: string) => call<Card>('POST', 'keys/card/read', { path }),
  cardExport: (path: string) => call<Card>('POST', 'keys/card/export', { path }),
  keyPassphrase: (old: string, next: string) => call<Card>('POST', 'keys/passphrase', { old, new: next }, SLOW_SECONDS),
  slots: () => call<{ slots: Slot[] }>('GET', 'slots'),
  slotsPreview: (c: SlotChange) => call<ActPreview>('POST', 'slots/preview', c),
  slotsChange: (c: SlotChange, shown: string) => call<Signed>('POST', 'slots/change', { ...c, shown }, SLOW_SECONDS),
  recordAdmit: (entry: string, why: string) => call<ActPreview>('POST', 'record/admit', { entry, why }),
  todo: () => call<{ items: ToDo[] }>('GET', 'todo'),
  personSwitch: (person: string, passphrase: string) => call<CaseView>('POST', 'person/switch', { person, passphrase }, SLOW_SECONDS),
  custody: () => call<Custody>('GET', 'custody'),
  custodyGive: (c: { items: string[]; to: string; receiver: string; organisation: string; purpose: string; place: string; seal: string; condition: string }) => call<ActPreview>('POST', 'custody/give', c),
  custodyTake: (c: { transfer: string; accepted: boolean; condition: string; place: string }) => call<ActPreview>('POST', 'custody/take', c),
  custodyExplain: (sha256: string, text: string) => call<ActPreview>('POST', 'custody/explain', { sha256, text }),
  custodyPurge: (sha256: string, why: string) => call<ActPreview>('POST', 'custody/purge', { sha256, why }),
  holdPlace: (h: { matter: string; why: string; items: string[] }) => call<ActPreview>('POST', 'hold/place', h),
  holdRelease: (hold: string, why: string) => call<ActPreview>('POST', 'hold/release', { hold, why }),
  lanes: () => call<Lanes>('GET', 'lanes'),
  laneOpen: (l: { name: string; matter: string; direction: string; members: string[] }) => call<ActPreview>('POST', 'lanes/open', l),
  laneMembers: (lane: string, members: string[], why: string) => call<ActPreview>('POST', 'lanes/members', { lane, members, why }),
  laneNote: (n: { lane: string; track: string; about: string; text: string }) => call<ActPreview>('POST', 'lanes/note', n),
  laneMark: (m: { of: string; ref: string; lane: string; track: string; basis: string }) => call<ActPreview>('POST', 'lanes/mark', m),
  laneLift: (of: string, ref: string, why: string) => call<ActPreview>('POST', 'lanes/lift', { of, ref, why }),
  laneShare: (lane: string, entry: string, to: string) => call<ActPreview>('POST', 'lanes/share', { lane, entry, to }),
  laneModel: (lane: string, on: boolean, why: string) => call<ActPreview>('POST', 'lanes/model', { lane, on, why }),
  evidenceVerify: () => call<{ job: string }>('POST', 'evidence/verify', {}),
  checkpoint: (path: string) => call<Signed>('POST', 'record/checkpoint', { path }, SLOW_SECONDS),
  witnesses: () => call<{ witnesses: Witness[]; checkpoints: Checkpoint[] }>('GET', 'record/witnesses'),
  witnessPaper: (w: { head: string; by: string; text: string }) => call<ActPreview>('POST', 'record/witness', w),
  witnessNote: (note: string, card: string) => call<ActPreview>('POST', 'record/witness/note', { note, card }),
  timestampRequest: (path: string) => call<{ path: string; head_code: string }>('POST', 'record/timestamp/request', { path }),
  timestampAdd: (path: string, ca: string) => call<ActPreview>('POST', 'record/timestamp', { path, ca }),
  slip: (s: { path: string; file: string; courier: string; receiver: string }) => call<{ path: string }>('POST', 'record/slip', s),
  slipCompare: (code: string, file: string) => call<{ equal: boolean; lines: SlipLine[] }>('POST', 'record/slip/compare', { code, file }),
  copies: () => call<Copies>('GET', 'copies'),
  copyEstimate: (o: CopyOrder) => call<CopyPlan>('POST', 'copies/estimate', o, SLOW_SECONDS),
  copyExport: (o: CopyOrder) => call<{ job: string }>('POST', 'copies/export', o, SLOW_SECONDS),
  extractPropose: (o: ExtractOrder) => call<ExtractPlan>('POST', 'copies/extract/propose', o, SLOW_SECONDS),
  extract: (o: ExtractOrder) => call<{ out: string; entry: string }>('POST', 'copies/extract', o, SLOW_SECONDS),
  importPreview: (o: ImportOrder) => call<ImportPlan>('POST', 'copies/import/preview', o, SLOW_SECONDS),
  importCopy: (o: ImportOrder) => call<{ job: string }>('POST', 'copies/import', o, SLOW_SECONDS),
  mergePreview: (path: string, passphrase: string) => call<MergePreview>('POST', 'merge/preview', { path, passphrase }, SLOW_SECONDS),
  merge: (m: { path: string; passphrase: string; shown: string; keep_going: boolean }) => call<{ job: string }>('POST', 'merge', m, SLOW_SECONDS),
  conflicts: () => call<{ conflicts: Conflict[] }>('GET', 'conflicts'),
  conflictPropose: (c: { field: string; chosen: string; reason_code: string; reason: string }) => call<ActPreview>('POST', 'conflicts/propose', c),
  refused: () => call<{ refused: SetAside[] }>('GET', 'refused'),
  receipt: (transfer: string, path: string) => call<{ path: string }>('POST', 'custody/receipt', { transfer, path }),
  actSign: (shown: string) => call<Signed>('POST', 'act/sign', { shown }, SLOW_SECONDS),
  actSecond: (entry: string) => call<ActPreview>('POST', 'act/second', { entry }),
  actCosign: (c: { entry: string; person: string; role: string; passphrase: string }) => call<Signed>('POST', 'act/cosign', c, SLOW_SECONDS),
  ask: (question: string) => call<Answer>('POST', 'ask', { question }),
  model: () => call<ModelStatus>('GET', 'model'),
  modelSet: (on: boolean) => call<ModelStatus>('POST', 'model', { on }),
  modelCheck: () => call<Job>('POST', 'model/check', {}),
  draft: (key: string) => call<{ text: string }>('GET', `drafts/${id(key)}`),
  draftPut: (key: string, text: string) => call<unknown>('PUT', `drafts/${id(key)}`, { text }),
}
