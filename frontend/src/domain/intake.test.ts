import { describe, expect, it } from 'vitest'
import { evidenceItems } from '../api/fake/evidence'
import type { Examined } from '../api/types'
import { acquiredOf, batchWords, examinedWords, inState, isImport, needsOf, since, states, undoable, unsaid, yearOf, zoneWords } from './intake'
import { earlier, newest, totals } from './receipt'

const file = (state: Examined['state'], needs: Examined['needs'] = []): Examined => ({ path: `/x/${state}`, bytes: 1, kind: '', format: '', state, note: '', needs })

describe('intake', () => {
  it('counts what files are and what they need', () => {
    const files = [file('read', ['zone', 'columns']), file('read', ['year', 'zone']), file('archive'), file('image'), file('no-parser'), file('known'), file('refused')]
    expect(examinedWords(files, 0)).toBe('7 files looked at: 2 can be read, 1 archive, 1 image, 1 without a parser, 1 that looks taken in already, 1 refused')
    expect(examinedWords([file('read')], 1200)).toBe('1 file looked at: 1 can be read; 1,200 more were not looked at, and are taken in too')
    expect(needsOf(files)).toEqual({ zone: 2, year: 1, columns: ['/x/read'], archives: 1 })
  })
  it('says what a zone does to times, in both halves of the year', () => {
    expect(zoneWords('Europe/Helsinki', 2026)).toBe('09:00 becomes 07:00 UTC in January and 06:00 UTC in July. Your name stands under it.')
    expect(zoneWords('Asia/Tokyo', 2026)).toBe('09:00 becomes 00:00 UTC. Your name stands under it.')
    expect(zoneWords('UTC', 2026)).toBe('09:00 stays 09:00 UTC. Your name stands under it.')
    expect(zoneWords('', 2026)).toBe('Times without a zone are read as UTC, marked as assumed by default.')
    expect(zoneWords('Mars/Olympus', 2026)).toBe('This zone is not known.')
  })
  it('reads the time of acquisition and the year, or says that they are none', () => {
    expect(acquiredOf('2026-03-04 09:15', 'Europe/Helsinki')).toEqual({ acquired: '2026-03-04T07:15:00Z', acquired_zone: 'Europe/Helsinki' })
    expect(acquiredOf(' ', 'UTC')).toEqual({})
    expect(acquiredOf('yesterday', 'UTC')).toBeNull()
    expect(['', '2026', '26', '1969', '2201', 'x'].map(yearOf)).toEqual([0, 2026, null, null, null, null])
    expect(unsaid({ custodian: '', source: 'FS01', why: ' ', acquired: '2026-03-04 09:15' })).toEqual(['who had it', 'why'])
  })
  it('counts states so that each item is in one of them, and undone ones apart', () => {
    const items = evidenceItems(Date.now())
    const n = Object.fromEntries(states(items).map((s) => [s.state, s.count]))
    expect(n).toEqual({ all: 13, attention: 3, absent: 1, ok: 7, empty: 1, partial: 1, failed: 1, 'no-parser': 1, duplicate: 1, quarantined: 1 })
    const undone = items.map((i, k) => (k === 2 ? { ...i, undone: 'undone by Ana Ruiz' } : i))
    expect(Object.fromEntries(states(undone).map((s) => [s.state, s.count]))).toMatchObject({ undone: 1, ok: 6 })
    expect(totals(items).records - totals(undone).records).toBe(4_077)
    expect(undoable(undone)).toHaveLength(12)
    expect(inState(items[0]!, 'absent')).toBe(true)
  })
  it('tells the receipts of a batch by the second it began in', () => {
    const items = evidenceItems(Date.parse('2026-03-04T12:00:00Z'))
    const began = items[0]!.taken
    expect(since(items, began.replace('Z', '.900Z'))).toHaveLength(13)
    expect(since(items, '2026-03-04T12:00:00Z')).toHaveLength(0)
    expect(batchWords(items)).toBe('13 receipts: 7 read completely, 1 proved empty, 1 read in part, 1 could not be read, 1 no parser, 1 duplicate and 1 quarantined')
    expect(batchWords([])).toBe('no receipt yet')
  })
  it('shows an item once, by its newest receipt, and keeps the earlier ones', () => {
    const [first] = evidenceItems(0)
    const a = { ...first!, taken: '2026-03-04T10:00:00Z', undone: 'undone by Ana Ruiz' }
    const twin = { ...a, path: '/b', status: 'duplicate' as const, parsed: 0 }
    const again = { ...first!, taken: '2026-03-04T11:00:00Z' }
    const all = [a, twin, again]
    expect(newest(all)).toEqual([again, { ...twin, undone: undefined }])
    expect(newest([a, twin]).map((i) => Boolean(i.undone))).toEqual([true, true])
    expect(earlier(all, again)).toEqual([a])
    expect(earlier(all, a)).toEqual([])
    // Recorded within one second: the later in the record is the newer.
    const soon = { ...again, taken: a.taken }
    expect(newest([a, soon])).toEqual([soon])
    expect(earlier([a, soon], soon)).toEqual([a])
  })
  it('knows imports among the jobs', () => {
    expect(['Taking in a.evtx', 'Reading evidence again', 'Hashing all evidence again', 'Detection, 14 rules'].map((title) => isImport({ title }))).toEqual([true, true, false, false])
  })
})
