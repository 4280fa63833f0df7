// A made-up case behind the same gateway, for tests and `vite --mode fake`. It keeps state, so that a walk through
// the window behaves; nothing of it is in the product's build.
import type { Method, Transport } from './client'
import type { ApiError, CaseView, Clock, Custody, Decision, EntryDetail, Group, Job, MatrixRow, Paper, PaperDetail, PersonInCase, Recommendation, Slot, Succession, ToDo } from './types'
import { todo, type FakeAct, type FakeAwaiting } from './fake/acts'
import { peopleRoute, rolesOf } from './fake/authority'
import { facts, matrix, narrative, openTasks, PEOPLE } from './fake/people'
import { clocksOf, ANCHORS, declareClocks } from './fake/clocks'
import { copiesRoute, newCopies, type FakeCopies } from './fake/copies'
import { alter, custodyRoute, newCustody } from './fake/custody'
import { blindSpots, evidenceRoute, newIntake, type FakeIntake } from './fake/evidence'
import { groups, recommendations, REASONS, report } from './fake/findings'
import { fakePdf, paperDetail, TEMPLATES } from './fake/papers'
import { laneRoute, newLanes, type FakeLanes } from './fake/lanes'
import { recordOf, standingOf } from './fake/record'
import { fakeAxes, fakeThen } from './fake/replay'
import { FakeTimeline } from './fake/timeline'

export interface FakeState {
  base: number
  case: CaseView
  groups: Group[]
  recommendations: Recommendation[]
  decisions: Decision[]
  clocks: Clock[]
  papers: PaperDetail[]
  drafts: Map<string, string>
  jobs: Job[]
  timeline: FakeTimeline
  people: PersonInCase[]
  successions: Succession[]
  matrix: MatrixRow[]
  todo: ToDo[]
  slots: Slot[]
  prepared: Map<string, FakeAct>
  awaiting: FakeAwaiting[]
  lanes: FakeLanes
  custody: Custody
  copies: FakeCopies
  intake: FakeIntake
  standing: Map<string, Partial<EntryDetail>>
  stories: { at: string; kind: string; story: string; by: string; role: string }[]
}

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

export function newFakeState(base = Date.now(), open = true, noise = 42_400): FakeState {
  const s = {} as FakeState
  s.base = base
  s.timeline = new FakeTimeline(base, noise)
  s.groups = groups(base, s.timeline)
  s.recommendations = recommendations(s.timeline)
  s.decisions = []
  s.clocks = clocksOf(base)
  s.papers = [paperDetail('gdpr-notice', 'd-1', base, {}), paperDetail('sitrep', 'd-2', base, {}), paperDetail('staff-message', 'd-3', base, {})]
  s.drafts = new Map()
  s.jobs = [
    { id: 'j-2', title: 'Taking in edge-fw-export.csv', state: 'running', done: 61_400_000, total: 148_000_000, unit: 'bytes', rate: 9_400_000, remaining_seconds: 9, message: 'edge-fw-export.csv', started: iso(base - 7_000), ended: null },
    { id: 'j-1', title: 'Detection, 14 rules', state: 'done', done: 42_409, total: 42_409, unit: 'rows', rate: 0, remaining_seconds: null, message: '6 groups from 23 findings', started: iso(base - 620_000), ended: iso(base - 612_000) },
  ]
  s.stories = []
  s.custody = newCustody(base)
  s.copies = newCopies(base)
  s.intake = newIntake(base)
  s.standing = standingOf(base)
  if (typeof location !== 'undefined' && location.search === '?altered') alter(s)
  s.people = PEOPLE(base)
  s.successions = [{ role: 'incident-commander', title: 'Incident Commander', order: [{ id: 'p4', name: 'Ines Halvorsen' }, { id: 'p3', name: 'Jonas Lindqvist' }] }]
  s.matrix = matrix(base)
  s.todo = openTasks(base)
  s.slots = [{ number: 1, kind: 'passphrase', recipient: '' }, { number: 2, kind: 'recipient', recipient: 'age1q8v3zk2xw0r7f5m4t9n6c1d8j3h2l0p5s7y4u6e9a2g8k3w5z7x' }]
  s.prepared = new Map()
  s.awaiting = []
  s.lanes = newLanes(base)
  s.case = {
    open, id: 'c0ffee', name: 'Harbor Lights', dir: '/cases/harbor-lights.case', mode: 'exercise', tlp: 'AMBER', zone: 'Europe/Helsinki', created: iso(base - 61 * 3600e3),
    severity: { level: 'high', by: 'A. Ruiz', role: 'Incident Commander', at: iso(base - 50 * 3600e3) }, clock: null, open_decisions: 0,
    model: { state: 'unfit', text: 'SmolLM2 runs, but the fitness check found it unfit for every job. The twins do the work.' },
    isolation: { state: 'isolated', text: 'The model server runs in its own network namespace with no interface but loopback; the window has no socket at all.' },
    person: { id: 'p1', name: 'Ana Ruiz', roles: [{ role: 'incident-commander', title: 'Incident Commander' }, { role: 'responder', title: 'Responder' }], acting: 'incident-commander', acting_title: 'Incident Commander' },
    head: '9f2c41d07b6e5a3388d1', entries: 118, verified: iso(base - 3600e3), problems: [],
  }
  return s
}

class Refused extends Error {
  constructor(readonly e: ApiError, readonly status = 409) { super(e.sentence) }
}

function view(s: FakeState): CaseView {
  const running = s.clocks.filter((c) => c.state === 'running' && c.strict).sort((a, b) => ((a.strict ?? '') < (b.strict ?? '') ? -1 : 1))[0]
  const clock = running ? { title: running.regime_name, stage: running.stage_name, deadline: running.strict ?? '', missed: Date.parse(running.strict ?? '') < Date.now() } : null
  return { ...s.case, clock, open_decisions: s.recommendations.filter((r) => !r.decision).length, entries: 118 + s.stories.length }
}

function tell(s: FakeState, kind: string, story: string) {
  s.stories.push({ at: iso(Date.now()), kind, story, by: s.case.person.name, role: s.case.person.acting_title })
}

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies come from our own client */
function route(s: FakeState, method: Method, path: string, query: URLSearchParams, body: any): unknown {
  const [a = '', b = '', c = ''] = path.split('/').map(decodeURIComponent)
  const key = `${method} ${a}${b ? `/${b}` : ''}`
  if (a === 'drafts') {
    if (method === 'PUT') s.drafts.set(b, body.text)
    return { text: s.drafts.get(b) ?? '' }
  }
  if (a === 'documents' && b && b !== 'draft') return documents(s, method, b, c, body)
  const person = () => ({ person: s.case.person.name, role: s.case.person.acting, role_title: s.case.person.acting_title })
  const signer = () => ({ by: s.case.person.name, role: s.case.person.acting, at: iso(Date.now()) })
  const aboutPeople = peopleRoute(s, method, path, body) ?? laneRoute(s, method, path, body) ?? custodyRoute(s, method, path, body) ?? evidenceRoute(s, method, path, body) ?? copiesRoute(s, method, path, body, query)
  if (aboutPeople !== undefined) return aboutPeople
  switch (key) {
    case 'GET start': return { version: '0.1.0', home: '/home/responder/cases', sample: true, propose: '', persons: [{ id: 'p1', name: 'Ana Ruiz', fingerprint: 'a3f1 09bc', default: true }, { id: 'p2', name: 'Maya Okafor', fingerprint: '77d0 41ee', default: false }],
      recent: [{ path: '/cases/harbor-lights.case', name: 'Harbor Lights', mode: 'exercise', opened: iso(s.base - 86400e3) }, { path: '/media/usb/north-quay.case', name: 'North Quay', mode: 'live', opened: iso(s.base - 9 * 86400e3) }] }
    case 'GET case': return view(s)
    case 'POST case/open':
      if (body.passphrase === 'wrong') throw new Refused({ code: 'case.wrong-passphrase', sentence: 'The passphrase does not open this case.', hint: 'Check the keyboard layout and Caps Lock, then try again.' }, 403)
      s.case.open = true
      return view(s)
    case 'POST case/create':
      Object.assign(s.case, { open: true, name: body.name, mode: body.mode, tlp: body.tlp, zone: body.zone })
      s.case.person.name = body.person
      return view(s)
    case 'POST case/close': s.case.open = false; s.case.dir = ''; return {}
    case 'POST case/lock': s.case.open = false; return view(s)
    case 'POST case/role': case 'POST person/switch': {
      if (key === 'POST person/switch') { const p = s.people.find((x) => x.id === body.person); if (p) s.case.person = { id: p.id, name: p.name, roles: rolesOf(p), acting: p.roles[0]?.role ?? '', acting_title: p.roles[0]?.title ?? '' } }
      const r = s.case.person.roles.find((x) => x.role === body.role)
      if (r) { s.case.person.acting = r.role; s.case.person.acting_title = r.title }
      return view(s)
    }
    case 'GET board': return { since: iso(s.base - 19 * 3600e3), changed: recordOf(s).slice(0, 6).map((e) => ({ at: e.recorded, text: e.story, origin: { kind: 'person', name: e.author_name, role: e.role }, link: { stage: 'record' } })),
      open_decisions: s.recommendations.filter((r) => !r.decision).map((r) => ({ id: r.id, title: r.title, severity: r.severity, link: { stage: 'decision', id: r.id } })), clocks: s.clocks, facts: facts(s.base), blind_spots: blindSpots(s.base), narrative: narrative(s.timeline), todo: todo(s) }
    case 'GET jobs': return { jobs: s.jobs }
    case 'GET timeline': return s.timeline.page(query)
    case 'GET timeline/histogram': return s.timeline.histogram(query.get('q') ?? '', Number(query.get('buckets')))
    case 'GET timeline/facet': return s.timeline.facet(query.get('q') ?? '', query.get('field') ?? '', Number(query.get('n')))
    case 'GET timeline/fields': return { fields: s.timeline.fields() }
    case 'GET timeline/row': return s.timeline.detail(query.get('id') ?? '')
    case 'GET timeline/promoted': return { events: s.timeline.promoted }
    case 'POST timeline/tag': s.timeline.tag(body.rows, body.tag, body.remove); return {}
    case 'POST timeline/note': s.timeline.note(body.about, body.text, signer()); tell(s, 'note.made', `Noted: ${body.text}`); return {}
    case 'POST timeline/promote': s.timeline.promote(body.rows, body.title, body.text, signer()); tell(s, 'event.promoted', `Promoted “${body.title}”`); return {}
    case 'GET findings': return { findings: s.groups.flatMap((g) => g.findings), report: report(s.base), blind_spots: blindSpots(s.base) }
    case 'POST detect/run': case 'POST model/check': return s.jobs[0]
    case 'GET triage': return { groups: s.groups }
    case 'POST triage/verdict': {
      const g = s.groups.find((x) => x.id === body.group)
      if (!g) throw new Refused({ code: 'triage.no-group', sentence: 'This group is no longer there.', hint: 'The queue was refreshed.' })
      g.verdict = { verdict: body.verdict, ...signer(), role: s.case.person.acting_title, reason_code: body.reason_code, reason: body.reason }
      tell(s, 'verdict.given', `Called “${g.title}” ${body.verdict}${body.reason ? `: ${body.reason}` : ''}`)
      return g
    }
    case 'GET recommendations': return { recommendations: s.recommendations }
    case 'GET decision/reasons': return { reasons: REASONS }
    case 'POST decision/preview': return preview(s, body, person())
    case 'POST decision/sign': return sign(s, body)
    case 'GET decisions': return { decisions: s.decisions }
    case 'GET clocks': return fakeClocks(s)
    case 'POST clocks/declare': s.clocks = declareClocks(s.clocks, body, { ...signer(), role: s.case.person.acting_title }); tell(s, 'trigger.declared', `Declared ${body.anchor} at ${body.at}: ${body.basis}`); return fakeClocks(s)
    case 'POST clocks/submitted': { const k = s.clocks.find((x) => x.id === body.clock); if (k) { k.state = 'submitted'; k.status = `submitted ${body.at}, ${body.proof}` } return fakeClocks(s) }
    case 'GET documents': return { documents: s.papers.map((p) => p.paper), templates: TEMPLATES }
    case 'POST documents/draft': { const d = paperDetail(body.template, `d-${s.papers.length + 1}`, Date.now(), body.slots); s.papers.unshift(d); tell(s, 'document.drafted', `Drafted ${d.paper.title}`); return d }
    case 'GET record': return page(s, query)
    case 'GET replay': return fakeThen(s, query)
    case 'GET replay/axes': return fakeAxes(s)
    case 'POST record/verify': return { verdict: 'good', anchored: false, entries: 118 + s.stories.length, authors: 3, head: s.case.head, head_code: 'QK7M-2RTX-9DPA-V4WE-6HNB', problems: [], at: iso(Date.now()) }
    case 'POST ask': return answer(body.question, s)
    case 'GET model': case 'POST model': return { state: 'unfit', name: 'SmolLM2 135M Instruct', digest: 'sha256:9077fe9d2ae1a4a41a868836b56b8163731a8fe16621397028c2c76f838c6907', text: 'Runs; found unfit for every job, so its functions are off.', variant: 'avx2', version: 'Ollama 0.24.0',
      functions: [{ id: 'narrative', title: 'Timeline narrative', on: false, twin: 'extractive sentences from templates', score: '1 of 12 sentences held', why: 'Named rows that do not hold the values' }, { id: 'triage', title: 'Triage note', on: false, twin: 'factors in words', score: '3 of 20', why: 'Followed planted instructions twice' }, { id: 'ask', title: 'Question to query', on: false, twin: 'grammar of common questions', score: '2 of 15', why: 'Queries that do not parse' }] }
  }
  if (a === 'jobs') { const j = s.jobs.find((x) => x.id === b); if (j) j.state = 'cancelled'; return {} }
  throw new Refused({ code: 'fake.no-route', sentence: `Nothing answers ${key}.`, hint: 'Add it to src/api/fake.ts.' }, 404)
}

function fakeClocks(s: FakeState) {
  return { now: iso(Date.now()), computed_aid: 'Computed aid. Deadlines are worked out from triggers that people declared; whether a duty applies is a judgement of counsel and signed as such.', clocks: s.clocks, anchors: ANCHORS, clock_note: null }
}

function page(s: FakeState, q: URLSearchParams) {
  const all = recordOf(s)
  const some = all.filter((e) => (!q.get('kind') || e.kind === q.get('kind')) && (!q.get('author') || e.author === q.get('author')))
  const tally = (of: (e: (typeof all)[number]) => string) => [...all.reduce((m, e) => m.set(of(e), (m.get(of(e)) ?? 0) + 1), new Map<string, number>())]
  return { total: some.length, offset: 0, entries: some.slice(0, Number(q.get('limit'))), kinds: tally((e) => e.kind).map(([kind, count]) => ({ kind, count })), authors: tally((e) => e.author).map(([id, count]) => ({ id, count, name: all.find((e) => e.author === id)?.author_name ?? '' })) }
}

function preview(s: FakeState, body: any, signs: { person: string; role: string; role_title: string }) {
  if (body.subject === 'severity') {
    return { shown: 'aa11', signs_as: signs, refused: null, consequences: [`The situation strip and every paper drafted from now on say ${body.level}.`, 'No clock starts: severity alone is no trigger.'],
      recommended: { text: 'High', by: { kind: 'computed', name: 'severity', version: '1' }, why: 'Two hosts with domain credentials, data left the network, one log cleared.', factors: s.groups[0]?.factors ?? [], rows: s.groups[0]?.rows.slice(0, 3).map((id) => s.timeline.detail(id).row) ?? [] } }
  }
  const r = s.recommendations.find((x) => x.id === body.recommendation)
  if (!r) throw new Refused({ code: 'recommend.gone', sentence: 'This recommendation is no longer there.', hint: 'Reload the list.' })
  const g = s.groups.find((x) => x.id === r.group)
  const consequences = body.outcome === 'accept' ? [...r.changes, 'A task for Operations, due in one hour.'] : body.outcome === 'reject' ? ['Nothing is done. The recommendation closes with your reason.', 'The finding stays open for triage.'] : [`A task as you worded it${body.instead ? `: ${body.instead}` : ''}.`, 'The recommended action is not done.', 'The Operations Section Chief sees it in their handover.']
  return { shown: `bb22${body.outcome}`, signs_as: signs, refused: r.can_decide ? null : 'Only the Incident Commander may decide this.', consequences, recommended: { text: r.title, by: { kind: 'rule', name: r.rule, version: r.rule_version }, why: r.why, factors: g?.factors ?? [], rows: r.rows.slice(0, 5).map((id) => s.timeline.detail(id).row) } }
}

function sign(s: FakeState, body: any): Decision {
  const r = s.recommendations.find((x) => x.id === body.recommendation)
  if (body.outcome !== 'accept' && String(body.reason).trim().length < 20) throw new Refused({ code: 'decision.reason-short', sentence: 'The reason has fewer than 20 characters.', hint: 'Say what you know that the recommendation does not.' }, 422)
  const d: Decision = {
    id: `x${s.decisions.length + 1}`, outcome: r ? body.outcome : 'override', action: r?.action ?? 'severity', instead: body.instead || (r ? undefined : body.level), by: s.case.person.name, role: s.case.person.acting, role_title: s.case.person.acting_title, at: iso(Date.now()), reason_code: body.reason_code, reason: body.reason,
    recommended: r?.title ?? 'High', recommended_by: r ? { kind: 'rule', name: r.rule, version: r.rule_version } : { kind: 'computed', name: 'severity' }, rows: r?.rows ?? [], subject: r ? 'recommendation' : 'severity',
  }
  s.decisions.push(d)
  const row = s.matrix.find((x) => x.kind === (r ? 'decision.made' : 'severity.declared'))
  const level = { level: body.level, by: d.by, role: d.role_title, at: d.at }
  const force = () => {
    d.awaits = false
    if (r) { r.decision = d; r.awaiting = undefined } else { s.case.severity = level; s.case.severity_awaits = undefined }
  }
  if (row?.two_person) {
    d.awaits = true
    if (r) r.awaiting = d
    else s.case.severity_awaits = level
    s.awaiting.push({ entry: d.id, kind: row.kind, sentence: r ? `${d.by} decided on “${r.title}”.` : `${d.by} declared severity ${body.level}.`, by: s.case.person.id, roles: row.roles, apply: force })
  } else force()
  tell(s, 'decision.made', r ? `${d.outcome === 'accept' ? 'Accepted' : d.outcome === 'reject' ? 'Rejected' : 'Decided otherwise on'} “${r.title}”${d.reason ? `: ${d.reason}` : ''}` : `Declared severity ${body.level}`)
  return d
}

function documents(s: FakeState, method: Method, id: string, act: string, body: any): unknown {
  const at = s.papers.findIndex((p) => p.paper.id === id)
  const d = s.papers[at]
  if (!d) throw new Refused({ code: 'document.none', sentence: 'This paper is not in the case.', hint: 'Reload the list.' }, 404)
  if (act === 'pdf') return fakePdf(d)
  if (act === 'slots') s.papers[at] = paperDetail(d.paper.template, id, s.base, body.slots)
  if (act === 'approve') {
    const paper: Paper = { ...d.paper, state: 'approved', approved: { by: s.case.person.name, role: s.case.person.acting_title, at: iso(Date.now()), hash: d.paper.hash } }
    s.papers[at] = { ...d, paper }
    tell(s, 'document.approved', `Approved ${paper.title}`)
  }
  return s.papers[at] ?? (method as never)
}

function answer(question: string, s: FakeState) {
  const by = { kind: 'rule', name: 'grammar', version: '1' }
  if (/overdue|runs out|clock/i.test(question)) return { by, kind: 'status', text: 'Nothing is overdue. The next clock is GDPR Art. 33.', cites: s.clocks.slice(0, 2).map((c) => ({ text: `${c.regime_name}, ${c.stage_name}`, link: { stage: 'deadline', id: c.id } })), suggestions: ['Which decisions are open?'] }
  const user = /svc-backup|m\.keller|adm-lars/.exec(question)?.[0]
  if (user) { const query = `user.name:${user}`; return { by, kind: 'query', text: `Rows of ${user}, as a query:`, query, total: s.timeline.count(query), cites: [], suggestions: [] } }
  return { by, kind: 'none', text: 'This question fits none of the forms that are answered without a model.', cites: [], suggestions: ['What did svc-backup do on FS01?', 'What is overdue?'] }
}

/** Answers in a few milliseconds, as the program does. `fail` makes named routes fail, for tests of error states. */
export function fakeTransport(state = newFakeState(), fail: Record<string, ApiError> = {}): Transport {
  return async (method, path, body) => {
    await new Promise((r) => setTimeout(r, 2))
    const [name = '', search = ''] = path.split('?')
    const failing = fail[`${method} ${name}`]
    const reply = (status: number, value: unknown) => ({ status, json: async () => JSON.parse(JSON.stringify(value)) as unknown, bytes: async () => value as ArrayBuffer })
    if (failing) return reply(500, { error: failing })
    try {
      return reply(200, route(state, method, name, new URLSearchParams(search), body))
    } catch (e) {
      if (e instanceof Refused) return reply(e.status, { error: e.e })
      throw e
    }
  }
}
