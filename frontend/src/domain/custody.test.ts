import { describe, expect, it } from 'vitest'
import { evidenceItems } from '../api/fake/evidence'
import { newCustody } from '../api/fake/custody'
import { checkWords, custodyOf, distinct, handoverMissing, holdsOn } from './custody'

const BASE = Date.parse('2026-03-04T12:00:00Z')
const items = evidenceItems(BASE)
const item = (end: string) => { const i = items.find((x) => x.path.endsWith(end)); if (!i) throw new Error(end); return i }

describe('custody of an item', () => {
  it('goes through its hands in the order in which it did', () => {
    const c = custodyOf(item('FS01.zip'), newCustody(BASE))
    expect(c.transfers.map((t) => [t.state, t.receiver])).toEqual([['taken', 'Ana Ruiz'], ['outside', 'Sgt. P. Aalto']])
    expect(c.custodian).toBe('Sgt. P. Aalto')
    expect(c.offered).toBeNull()
    expect(c.holds.map((h) => h.matter)).toEqual(['Claim of the passengers, file 12-204'])
    expect(c.released.map((h) => h.id)).toEqual(['hold1b2c3d4e'])
  })

  it('stays with whoever had it while a transfer is only offered', () => {
    const c = custodyOf(item('access.log'), newCustody(BASE))
    expect(c.custodian).toBe('J. Lindqvist, IT')
    expect(c.offered?.receiver).toBe('Ana Ruiz')
  })

  it('shows the tombstone in force rather than one that awaits a second person', () => {
    const custody = newCustody(BASE)
    const i = item('System.evtx')
    const stone = { entry: 'a', sha256: i.sha256, why: 'w', by: 'b', at: '2026-03-04T11:00:00Z' }
    custody.tombstones = [{ ...stone, awaits: true }]
    expect(custodyOf(i, custody).tombstone?.awaits).toBe(true)
    custody.tombstones = [{ ...stone, awaits: true }, { ...stone, entry: 'b', awaits: false }]
    expect(custodyOf(i, custody).tombstone?.entry).toBe('b')
  })

  it('a hold without items is on every item', () => {
    const hold = { id: 'h', matter: 'm', why: 'w', items: [], by: 'b', at: '', released: null }
    expect(holdsOn('anything', [hold])).toHaveLength(1)
    expect(holdsOn('anything', [{ ...hold, items: ['other'] }])).toHaveLength(0)
  })
})

it('a check says no more than it compared', () => {
  const last = { at: '', by: '', items: 12, same: 12, altered: 0, absent: 0 }
  expect(checkWords(last)).toBe('12 items hashed again, all as taken in')
  expect(checkWords({ ...last, same: 9, altered: 1, absent: 2 })).toBe('9 of 12 items as taken in, 1 altered, 2 not at hand, so not compared')
  expect(checkWords({ ...last, same: 11, absent: 1 })).toBe('11 of 12 items as taken in, 1 not at hand, so not compared')
})

it('the same bytes under two paths are one item in custody, and what has no hash is none', () => {
  const i = item('System.evtx')
  expect(distinct([i, { ...i, path: '/elsewhere' }, { ...i, sha256: '' }]).map((x) => x.path)).toEqual([i.path])
})

it('a handover names what it still needs', () => {
  expect(handoverMissing({ items: [], to: '', receiver: ' ', purpose: '', place: '', condition: '' })).toEqual(['at least one item', 'who receives it', 'what for', 'where', 'the condition'])
  expect(handoverMissing({ items: ['a'], to: 'p2', receiver: '', purpose: 'x', place: 'y', condition: 'z' })).toEqual([])
})
