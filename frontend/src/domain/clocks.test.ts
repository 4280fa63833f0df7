import { describe, expect, it } from 'vitest'
import type { Clock } from '../api/types'
import { leftText, sortClocks, urgency } from './clocks'

const now = Date.parse('2026-03-05T12:00:00Z')
const at = (hours: number) => new Date(now + hours * 3600e3).toISOString()
const clock = (id: string, part: Partial<Clock>): Clock => ({
  id, regime: '', regime_name: id, jurisdiction: '', stage: '', stage_name: '', strict: null, extended: null, precision: '', trigger: null, citation: '', edition: '', text: '', recipient: '', status: '', state: 'running', content: [], ...part,
})

describe('clocks', () => {
  it('sort by what a person must look at first', () => {
    const list = [
      clock('done', { state: 'submitted', strict: at(1) }), clock('later', { strict: at(40) }), clock('waits', { state: 'waiting' }), clock('soon', { strict: at(2) }),
      clock('asap', { state: 'as-soon-as-possible' }), clock('gone', { strict: at(-1) }), clock('missed', { state: 'missed', strict: at(-30) }),
    ]
    expect(sortClocks(list, now).map((c) => c.id)).toEqual(['missed', 'gone', 'asap', 'soon', 'later', 'waits', 'done'])
  })
  it('keep the same order for the same time left', () => {
    expect(sortClocks([clock('b', { strict: at(2) }), clock('a', { strict: at(2) })], now).map((c) => c.id)).toEqual(['a', 'b'])
  })
  it('grow louder as they run out', () => {
    expect([30, 20, 3, -1].map((h) => urgency(clock('x', { strict: at(h) }), now))).toEqual(['plain', 'bold', 'filled', 'missed'])
    expect(urgency(clock('x', { state: 'submitted', strict: at(-1) }), now)).toBe('settled')
  })
  it('plan by the strict reading', () => {
    expect(leftText(clock('x', { strict: at(11 + 1 / 3), extended: at(40) }), now)).toBe('11 h 20 m left')
    expect(leftText(clock('x', { strict: at(-3) }), now)).toBe('missed 3 h ago')
    expect(leftText(clock('x', { state: 'waiting' }), now)).toBe('waits for its trigger')
  })
})
