import { describe, expect, it } from 'vitest'
import type { Group } from '../api/types'
import { blindStrip } from './blindspots'
import { hexLines } from './hex'
import { brushRange, bucketAt, heights, ticks } from './histogram'
import { KEY_CARD, STAGE_KEYS } from './keys'
import { amend, back, forward, goTo, goToStage, homeOf, readHistory, startAt } from './nav'
import { looksLikeQuestion, matchCommands } from './palette'
import { nextOpen, orderQueue } from './queue'
import { missing, reasonLength } from './reason'
import { receiptParts, receiptWords } from './receipt'
import { joinPath, slug } from './slug'
import { strength } from './strength'
import { bytes, listing, plural } from './words'

describe('nav', () => {
  it('never loses a filter on the way back and forward', () => {
    let h = startAt({ stage: 'board' })
    h = goTo(h, { stage: 'timeline', query: 'a' })
    h = goTo(h, { stage: 'timeline', query: 'a AND b' })
    h = goToStage(h, 'triage')
    h = amend(h, { stage: 'triage', id: 'g2' })
    h = back(h)
    expect(h.here).toEqual({ stage: 'timeline', query: 'a AND b' })
    h = back(h)
    expect(h.here.query).toBe('a')
    h = forward(forward(h))
    expect(h.here).toEqual({ stage: 'triage', id: 'g2' })
    expect(goToStage(h, 'timeline').here.query).toBe('a AND b')
  })
  it('reads back what it stored and nothing odd', () => {
    const h = goTo(startAt({ stage: 'board' }), { stage: 'record' })
    expect(readHistory(JSON.stringify(h))?.here.stage).toBe('record')
    expect(readHistory('{"here":{"stage":"nowhere"},"past":[]}')).toBeNull()
    expect(readHistory('')).toBeNull()
    // The past is left by going to the board; it is reached again by going back.
    const then = goTo(startAt({ stage: 'board' }), { stage: 'board', id: '@2026-03-04T09:00:00Z' })
    const away = goToStage(then, 'record')
    expect(goToStage(away, 'board').here).toEqual({ stage: 'board' })
    expect(back(away).here.id).toBe('@2026-03-04T09:00:00Z')
    expect(readHistory(JSON.stringify(then))?.here).toEqual({ stage: 'board' })
  })
  it('opens on the home of the role', () => {
    expect(['responder', 'incident-commander', 'legal-counsel'].map(homeOf)).toEqual(['timeline', 'board', 'deadline'])
  })
})

describe('reason', () => {
  const base = { outcome: 'override' as const, instead: 'Block the address', code: 'x', reason: 'Ferry 07:40 boards until 08:15.' }
  it('counts what a reader would count', () => {
    expect(reasonLength('  a    b  ')).toBe(3)
    expect(reasonLength('x'.repeat(5) + ' '.repeat(60))).toBe(5)
  })
  it('names what is missing', () => {
    expect(missing(base)).toEqual([])
    expect(missing({ ...base, instead: ' ', code: '', reason: 'too short' })).toEqual(['what you decide instead', 'a reason code', '11 more characters of reason'])
    expect(missing({ outcome: 'accept', instead: '', code: '', reason: '' })).toEqual([])
  })
})

describe('queue', () => {
  const g = (id: string, score: number, done = false) => ({ id, score, verdict: done ? {} : null }) as unknown as Group
  it('puts what waits first and finds the next one round the end', () => {
    const q = orderQueue([g('a', 5, true), g('b', 9), g('c', 12)])
    expect(q.map((x) => x.id)).toEqual(['c', 'b', 'a'])
    expect(nextOpen(q, 'b')?.id).toBe('c')
    expect(nextOpen([g('a', 1)], 'a')).toBeUndefined()
  })
})

describe('histogram', () => {
  const h = { from: '2026-03-04T00:00:00Z', to: '2026-03-04T04:00:00Z', bucket_seconds: 3600, counts: [1, 0, 400, 4] }
  it('brushes whole buckets in either direction', () => {
    expect(brushRange(h, 2, 1)).toEqual({ from: '2026-03-04T01:00:00Z', to: '2026-03-04T03:00:00Z' })
  })
  it('shows a single row beside a burst and nothing for none', () => {
    const [one, none, burst] = heights(h.counts)
    expect(one).toBeGreaterThan(0.04)
    expect(none).toBe(0)
    expect(burst).toBe(1)
  })
  it('finds the bucket under the pointer and round ticks', () => {
    expect([bucketAt(-3, 100, 4), bucketAt(99, 100, 4), bucketAt(250, 100, 4)]).toEqual([0, 3, 3])
    expect(ticks(Date.parse(h.from), Date.parse(h.to), 4).map((t) => new Date(t.at).getUTCHours())).toEqual([0, 1, 2, 3])
  })
})

describe('receipt', () => {
  it('accounts for every record read', () => {
    const p = receiptParts({ read: 100, parsed: 90, skipped: [{ reason: 'x', count: 7 }] })
    expect(p).toEqual({ parsed: 90, skipped: 7, failed: 3, read: 100 })
    expect(receiptWords({ status: 'partial', read: 100, parsed: 90, skipped: [{ reason: 'x', count: 7 }], warnings: 1 } as never)).toBe('90 of 100 records, 7 skipped, 3 failed, 1 warning')
  })
})

describe('small ones', () => {
  it('strength grows with words, not with tricks', () => {
    expect(strength('Password123!').level).toBeLessThanOrEqual(2)
    expect(strength('aaaaaaaaaaaaaaaaaaaa').level).toBe(1)
    expect(strength('quiet lantern orbit mustard').level).toBe(3)
    expect(strength('quiet lantern orbit mustard pelican').level).toBe(4)
  })
  it('palette matches word starts', () => {
    const c = [{ id: '1', title: 'Timeline', group: 'Go to' }, { id: '2', title: 'Times in UTC', group: 'View' }, { id: '3', title: 'Board', group: 'Go to' }]
    expect(matchCommands(c, 'tim').map((x) => x.id)).toEqual(['1', '2'])
    expect(matchCommands(c, 'utc ti').map((x) => x.id)).toEqual(['2'])
    expect(looksLikeQuestion('what is overdue')).toBe(true)
    expect(looksLikeQuestion('board')).toBe(false)
  })
  it('folder names are safe everywhere', () => {
    expect(slug('Harbor Lights: Nord/Süd')).toBe('harbor-lights-nord-sud')
    expect(slug('CON')).toBe('case-con')
    expect(slug('///')).toBe('case')
    expect(joinPath('C:\\cases\\', 'a.case')).toBe('C:\\cases\\a.case')
  })
  it('words', () => {
    expect(plural(1, 'row')).toBe('1 row')
    expect(plural(42_409, 'row')).toBe('42,409 rows')
    expect(listing(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more')
    expect(bytes(20_971_520)).toBe('20 MiB')
  })
  it('hex keeps the offset of the file', () => {
    expect(hexLines('48690a', 0x110200)[0]).toEqual({ offset: '00110200', hex: '48 69 0a', text: 'Hi·' })
  })
  it('blind strip fills the days between', () => {
    const s = blindStrip([{ host: 'FS01', source: 'Security', from: '2026-03-03T10:00:00Z', to: '2026-03-05T01:00:00Z', text: 't' }, { host: 'DC02', source: 'all', from: null, to: null, text: 'u' }])
    expect(s.days).toEqual(['2026-03-03', '2026-03-04', '2026-03-05'])
    expect(s.lines[0]?.cells).toEqual([true, true, true])
    expect(s.undated).toHaveLength(1)
  })
  it('the card names every stage key once', () => {
    const shown = KEY_CARD.find((g) => g.title === 'Go to')?.lines.map((l) => l.keys[1])
    expect(shown?.sort()).toEqual(Object.keys(STAGE_KEYS).sort())
  })
})
