import { expect, it } from 'vitest'
import { atShare, gathered, laterWords, momentOf, placeOf, share, step, stopsOf } from './replay'

const mark = (recorded: string) => ({ at: recorded, recorded, id: recorded, kind: 'decision.made', text: '', by: '' })
const T = (h: number, m = 0) => `2026-03-04T${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}:00Z`
const stops = stopsOf({ from: T(8), to: T(14), now: T(15), marks: [mark(T(11, 30)), mark(T(9)), mark(T(9))] })

it('has each moment once, in order', () => expect(stops).toEqual([T(8), T(9), T(11, 30), T(14)]))

it('goes entry by entry, and past the last one to now', () => {
  expect(step('ArrowLeft', null, stops)).toBe(T(11, 30))
  expect(step('ArrowLeft', T(11, 30), stops)).toBe(T(9))
  expect(step('ArrowLeft', T(8), stops)).toBe(T(8))
  expect(step('ArrowRight', T(9), stops)).toBe(T(11, 30))
  expect(step('ArrowRight', T(11, 30), stops)).toBeNull()
  expect(step('ArrowRight', null, stops)).toBeNull()
})

it('goes by the hour, to the beginning and to now', () => {
  expect(step('PageUp', T(11, 30), stops)).toBe('2026-03-04T10:30:00.000Z')
  expect(step('PageUp', T(8, 30), stops)).toBe(T(8))
  expect(step('PageDown', T(13, 30), stops)).toBeNull()
  expect(step('PageDown', null, stops)).toBeNull()
  expect(step('Home', null, stops)).toBe(T(8))
  expect(step('End', T(9), stops)).toBeNull()
  expect(step('x', T(9), stops)).toBeUndefined()
  expect(step('Home', null, [])).toBeUndefined()
})

it('keeps a moment in the place and reads it back', () => {
  for (const m of [null, { at: T(9), person: '' }, { at: T(9), person: 'p2' }, { entry: 'abcdef012345' }]) expect(momentOf(placeOf(m))).toEqual(m)
  expect(momentOf({ stage: 'record', id: 'abc' })).toBeNull()
})

it('finds places on the axis and back', () => {
  expect(share(T(11), T(8), T(14))).toBe(0.5)
  expect(share(T(7), T(8), T(14))).toBe(0)
  expect(share(T(8), T(8), T(8))).toBe(1)
  expect(atShare(0.5, T(8), T(14))).toBe('2026-03-04T11:00:00.000Z')
  expect(atShare(1, T(8), T(14))).toBeNull()
})

it('gathers marks that fall together and loses none', () => {
  const g = gathered([0.5, 0.1, 0.502, 0.9], (x) => x)
  expect(g.map((x) => x.marks.length)).toEqual([1, 2, 1])
})

it('says what came later', () => {
  const later = (entries: number) => ({ later: { entries, kinds: [], facts: [], left: 0 } })
  expect(laterWords(later(12))).toBe('12 entries came later.')
  expect(laterWords(later(1))).toBe('1 entry came later.')
  expect(laterWords(later(0))).toBe('Nothing came later.')
})
