// Where a person is, and the way back. A place is a stage with the thing looked at and the filter used there;
// the stack never loses a filter, and each stage remembers its own last place.
import type { Link } from '../api/types'

export type Stage = Link['stage'] | 'lane'
export interface Place { stage: Stage; id?: string; query?: string }
export interface History { past: Place[]; here: Place; ahead: Place[]; last: Partial<Record<Stage, Place>> }

/** More steps than anybody walks back, and small enough to store on each move. */
const MAX_STEPS = 100

export function startAt(here: Place): History {
  return { past: [], here, ahead: [], last: { [here.stage]: here } }
}

const same = (a: Place, b: Place) => a.stage === b.stage && a.id === b.id && (a.query ?? '') === (b.query ?? '')

/** Goes to a new place; what lay ahead is dropped, as in a browser. */
export function goTo(h: History, to: Place): History {
  if (same(h.here, to)) return h
  return { past: [...h.past, h.here].slice(-MAX_STEPS), here: to, ahead: [], last: { ...h.last, [to.stage]: to } }
}

/** Goes to a stage as it was left. The board is always now: whoever asks for it must not take the past for the present. */
export function goToStage(h: History, stage: Stage): History {
  return goTo(h, stage === 'board' ? { stage } : h.last[stage] ?? { stage })
}

/** Changes the present place without a step, for what is not worth a step back (a selection). */
export function amend(h: History, here: Place): History {
  return { ...h, here, last: { ...h.last, [here.stage]: here } }
}

export function back(h: History): History {
  const to = h.past[h.past.length - 1]
  if (!to) return h
  return { past: h.past.slice(0, -1), here: to, ahead: [h.here, ...h.ahead], last: { ...h.last, [to.stage]: to } }
}

export function forward(h: History): History {
  const to = h.ahead[0]
  if (!to) return h
  return { past: [...h.past, h.here], here: to, ahead: h.ahead.slice(1), last: { ...h.last, [to.stage]: to } }
}

/** Which stage a role opens on: the responder at the rows, the commander at the board, counsel at the clocks. */
export function homeOf(role: string): Stage {
  if (role === 'legal-counsel') return 'deadline'
  if (role === 'responder' || role === 'operations-section-chief') return 'timeline'
  return 'board'
}

const STAGES: readonly Stage[] = ['board', 'evidence', 'timeline', 'triage', 'decision', 'deadline', 'document', 'record', 'lane', 'settings']

/** Reads a stored history; anything odd gives null rather than a broken window. */
export function readHistory(text: string): History | null {
  try {
    const h = JSON.parse(text) as History
    const ok = (p: unknown): p is Place => typeof p === 'object' && p !== null && STAGES.includes((p as Place).stage)
    if (!ok(h.here) || !Array.isArray(h.past) || !h.past.every(ok)) return null
    const last = Object.fromEntries(Object.entries(h.last ?? {}).filter(([, p]) => ok(p)))
    return { here: h.here.stage === 'board' ? { stage: 'board' } : h.here, past: h.past, ahead: [], last }
  } catch {
    return null
  }
}
