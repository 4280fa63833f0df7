// What runs out next. Sorting and wording of reporting clocks; the deadlines themselves are computed by the program.
import type { Clock } from '../api/types'
import { untilText } from './time'

/** How loud a clock is: plain, then bold, then filled as it runs out; red only for missed. */
export type Urgency = 'settled' | 'plain' | 'bold' | 'filled' | 'missed'

const HOUR = 3600

/** Seconds until the strict deadline; null without one. Strict is what a careful person plans by. */
export function secondsLeft(clock: Clock, now: number): number | null {
  const at = clock.strict ?? clock.extended
  return at === null ? null : (Date.parse(at) - now) / 1000
}

export function urgency(clock: Clock, now: number): Urgency {
  if (clock.state === 'submitted' || clock.state === 'waiting') return 'settled'
  const left = secondsLeft(clock, now)
  if (clock.state === 'missed' || (left !== null && left < 0)) return 'missed'
  if (left === null) return 'bold'
  if (left <= 6 * HOUR) return 'filled'
  return left <= 24 * HOUR ? 'bold' : 'plain'
}

const ORDER: Record<Clock['state'], number> = { missed: 0, 'as-soon-as-possible': 1, running: 2, waiting: 3, submitted: 4 }

/** Missed first, then by time left, then what waits for a trigger, then what is done. Ties by id, so lists never jump. */
export function sortClocks(clocks: readonly Clock[], now: number): Clock[] {
  const rank = (c: Clock) => (c.state === 'running' && (secondsLeft(c, now) ?? 1) < 0 ? 0 : ORDER[c.state])
  return [...clocks].sort((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b)
    const left = (secondsLeft(a, now) ?? Infinity) - (secondsLeft(b, now) ?? Infinity)
    if (left !== 0 && !Number.isNaN(left)) return left
    return a.id < b.id ? -1 : 1
  })
}

/** "11 h 20 m left", "missed 3 h ago", "submitted", "waits for its trigger". */
export function leftText(clock: Clock, now: number): string {
  if (clock.state === 'submitted') return 'submitted'
  if (clock.state === 'waiting') return 'waits for its trigger'
  const left = secondsLeft(clock, now)
  if (left === null) return clock.state === 'missed' ? 'missed' : 'as soon as possible'
  return left < 0 ? `missed ${untilText(left)} ago` : `${untilText(left)} left`
}
