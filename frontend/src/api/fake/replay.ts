// What was known when, in the made-up case: its stories up to a moment, and what happened before anybody knew.
import type { FakeState } from '../fake'
import type { Axes, LaterFact, RecordEntry, Then } from '../types'
import { recordOf } from './record'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
const LEARNED = ['evidence.received', 'event.promoted', 'note.made', 'verdict.given', 'source.assumed']
const DECIDED = ['decision.made', 'trigger.declared', 'severity.declared', 'document.drafted', 'document.approved']

export function fakeAxes(s: FakeState): Axes {
  const all = recordOf(s)
  const times = all.map((e) => Date.parse(e.recorded))
  const [from, to] = [Math.min(...times), Math.max(...times)]
  const hours = new Map<number, number>()
  for (const t of times) hours.set(Math.floor(t / 3600e3), (hours.get(Math.floor(t / 3600e3)) ?? 0) + 1)
  return {
    from: iso(from), to: iso(to), now: iso(Date.now()), left: 0, evidence_first: iso(s.base - 90 * 3600e3), evidence_last: iso(s.base - 50 * 3600e3),
    hours: [...hours].sort(([a], [b]) => a - b).map(([h, entries]) => ({ hour: iso(h * 3600e3), entries })),
    marks: all.filter((e) => [...LEARNED, ...DECIDED].includes(e.kind)).map((e) => ({ at: e.recorded, recorded: e.recorded, id: e.id, kind: e.kind, text: e.story, by: e.author_name })),
    happened: s.timeline.promoted.filter((p) => p.at).map((p) => ({ at: p.at ?? '', recorded: p.recorded, id: p.id, kind: 'event.promoted', text: p.title, by: p.by })).sort((a, b) => (a.at < b.at ? -1 : 1)),
  }
}

export function fakeThen(s: FakeState, q: URLSearchParams): Then {
  const all = recordOf(s)
  const pinned = q.get('entry')
  const decision = s.decisions.find((d) => d.id === pinned)
  const found = all.find((e) => e.id === pinned)
  const of: RecordEntry | null = found ?? (decision ? { ...(all[0] as RecordEntry), id: decision.id, kind: 'decision.made', story: `${decision.by} decided on “${decision.recommended}”.`, author_name: decision.by, recorded: decision.at } : null)
  const at = of?.recorded ?? q.get('at') ?? iso(s.base)
  const before = all.filter((e) => e.recorded < at || (!of && e.recorded === at))
  const after = all.filter((e) => !before.includes(e) && e.id !== of?.id && !(decision && Math.abs(Date.parse(e.recorded) - Date.parse(at)) < 1500))
  const facts = after.filter((e) => [...LEARNED, ...DECIDED].includes(e.kind)).map((e): LaterFact => ({ id: e.id, kind: e.kind, story: e.story, by: e.author_name, recorded: e.recorded, happened: e.kind === 'event.promoted' ? iso(s.base - 70 * 3600e3) : null, learned: LEARNED.includes(e.kind) })).reverse()
  const seen = s.decisions.filter((d) => d.at < at)
  const started = s.clocks.filter((c) => c.trigger && c.trigger.recorded <= at)
  const person = s.people.find((p) => p.id === q.get('person'))
  return {
    at, of, person: person ? { id: person.id, name: person.name, roles: person.roles.map((r) => r.title) } : null, head: '5d'.repeat(32), head_code: 'M4QZ7-0TW2K-98RHB-EJ6CX', entries: before.length + 104, entries_now: all.length + 104,
    severity: at > (s.case.severity?.at ?? '') ? s.case.severity : null, verdicts: [{ verdict: 'true-positive', count: 1 }, { verdict: 'benign', count: 1 }],
    decisions: seen.map((d) => ({ id: d.id, recommendation: d.id, outcome: d.outcome, recommended: d.recommended, instead: d.instead ?? '', target: '', reason: d.reason, by: d.by, role: d.role_title, at: d.at, awaits: d.awaits === true })),
    triggers: started.slice(0, 2).flatMap((c) => (c.trigger ? [{ id: c.id, anchor: c.trigger.anchor, at: c.trigger.at, tz: c.trigger.tz, basis: c.trigger.basis, by: c.trigger.by, recorded: c.trigger.recorded, awaits: false }] : [])),
    clocks: started, documents: s.papers.filter((p) => p.paper.drafted <= at).map((p) => ({ id: p.paper.id, title: p.paper.title, class: 'report', state: 'draft', at: p.paper.drafted })),
    people: s.people.map((p) => ({ id: p.id, name: p.name, roles: p.roles.filter((r) => r.from <= at).map((r) => r.title) })),
    evidence: 13, notes: before.filter((e) => e.kind === 'note.made').length, promoted: s.timeline.promoted.filter((p) => p.recorded <= at).length, conflicts: 0, set_aside: 1,
    later: { entries: after.length, kinds: [], facts, left: 0 },
  }
}
