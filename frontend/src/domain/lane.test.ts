import { expect, it } from 'vitest'
import type { Lane } from '../api/types'
import { keysWords, laneOf, seesPrivilege } from './lane'

const lane = (id: string, mine: boolean): Lane => ({ id, name: id, matter: '', direction: '', members: [], mine, model: false, by: '', at: '', words: [] })

it('opens the lane that was left, else one’s own', () => {
  const all = [lane('a', false), lane('b', true)]
  expect(laneOf(all, 'a')?.id).toBe('a')
  expect(laneOf(all, undefined)?.id).toBe('b')
  expect(laneOf([lane('a', false)], 'gone')?.id).toBe('a')
  expect(laneOf([], 'a')).toBeUndefined()
})

it('shows privilege to counsel and to members, not to others', () => {
  expect(seesPrivilege([{ role: 'legal-counsel' }], [])).toBe(true)
  expect(seesPrivilege([{ role: 'responder' }], [lane('a', true)])).toBe(true)
  expect(seesPrivilege([{ role: 'incident-commander' }], [lane('a', false)])).toBe(false)
  expect(keysWords(1)).toBe('1 key')
})
