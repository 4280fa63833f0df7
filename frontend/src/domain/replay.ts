// Walking through what was known: the moment as a place of the board, the stops of the slider, and where a key leads.
import type { Axes, Then } from '../api/types'
import type { Place } from './nav'
import { plural } from './words'

/** null: now. A time, or an entry and then what its author knew when they signed it. */
export type Moment = { at: string; person: string } | { entry: string } | null

const TIME = '@'

/** The board's place holds the moment, so that back and forward, and a restart, lead to it. */
export function momentOf(place: Place): Moment {
  if (place.stage !== 'board' || !place.id) return null
  return place.id.startsWith(TIME) ? { at: place.id.slice(1), person: place.query ?? '' } : { entry: place.id }
}

export function placeOf(m: Moment): Place {
  if (m === null) return { stage: 'board' }
  if ('entry' in m) return { stage: 'board', id: m.entry }
  return { stage: 'board', id: TIME + m.at, ...(m.person ? { query: m.person } : {}) }
}

/** Every moment at which something marked was recorded, ascending, each once; the beginning and now are stops too. */
export function stopsOf(a: Pick<Axes, 'from' | 'to' | 'now' | 'marks'>): string[] {
  const all = [a.from, ...a.marks.map((m) => m.recorded), a.to].filter((t) => !Number.isNaN(Date.parse(t)))
  const byTime = new Map(all.map((t) => [Date.parse(t), t] as const))
  return [...byTime].sort(([x], [y]) => x - y).map(([, t]) => t)
}

const HOUR = 3600_000

/** Where a key leads from here; null is now. `undefined`: not a key of the slider. */
export function step(key: string, at: string | null, stops: readonly string[]): string | null | undefined {
  const first = stops[0]
  const last = stops[stops.length - 1]
  if (first === undefined || last === undefined) return undefined
  const t = at === null ? Infinity : Date.parse(at)
  const bounded = (ms: number) => (ms >= Date.parse(last) ? null : ms <= Date.parse(first) ? first : new Date(ms).toISOString())
  switch (key) {
    case 'ArrowLeft': case 'ArrowDown': return (at === null ? stops[stops.length - 2] ?? first : stops.filter((s) => Date.parse(s) < t).at(-1)) ?? first
    case 'ArrowRight': case 'ArrowUp': {
      const next = stops.find((s) => Date.parse(s) > t)
      return next === undefined || next === last ? null : next
    }
    case 'PageUp': return bounded((at === null ? Date.parse(last) : t) - HOUR)
    case 'PageDown': return at === null ? null : bounded(t + HOUR)
    case 'Home': return first
    case 'End': return null
    default: return undefined
  }
}

/** Share of the axis at a moment, from 0 to 1. An axis without length shows everything at its end. */
export function share(at: string, from: string, to: string): number {
  const [t, a, b] = [Date.parse(at), Date.parse(from), Date.parse(to)]
  if (Number.isNaN(t) || !(b > a)) return 1
  return Math.max(0, Math.min(1, (t - a) / (b - a)))
}

/** The inverse: the moment at a share of the axis; null at its very end, which is now. */
export function atShare(x: number, from: string, to: string): string | null {
  if (x >= 0.995) return null
  const [a, b] = [Date.parse(from), Date.parse(to)]
  return new Date(a + Math.max(0, x) * (b - a)).toISOString()
}

/** Marks that fall together on the axis are drawn once, with their number. */
export function gathered<T>(marks: readonly T[], where: (m: T) => number, apart = 0.006): { x: number; marks: T[] }[] {
  const out: { x: number; marks: T[] }[] = []
  for (const m of [...marks].sort((a, b) => where(a) - where(b))) {
    const last = out[out.length - 1]
    if (last && where(m) - last.x < apart) last.marks.push(m)
    else out.push({ x: where(m), marks: [m] })
  }
  return out
}

export function laterWords(t: Pick<Then, 'later'>): string {
  return t.later.entries === 0 ? 'Nothing came later.' : `${plural(t.later.entries, 'entry', 'entries')} came later.`
}
