import { describe, expect, it } from 'vitest'
import { fakeTransport, newFakeState } from '../api/fake'
import type { MergePreview } from '../api/types'
import { authorsWords, evidenceWords, mergeMood, moodWords } from './merge'

const of = async (path: string): Promise<MergePreview> => {
  const answer = await fakeTransport(newFakeState(Date.parse('2026-03-04T12:00:00Z'), true, 50))('POST', 'merge/preview', { path, passphrase: '' }, new AbortController().signal)
  return (await answer.json()) as MergePreview
}

describe('what a copy would bring', () => {
  it('signs when both went on, follows when one did, and has nothing when none did', async () => {
    expect(mergeMood(await of('/usb/harbor-lights.case'))).toBe('signs')
    expect(mergeMood(await of('/usb/ahead.parcel'))).toBe('follows')
    expect(mergeMood(await of('/usb/same.case'))).toBe('nothing')
  })

  it('is refused for damage and for two versions of one entry, with their number', async () => {
    expect(moodWords(await of('/usb/damaged-bundle'))).toBe('This copy is not sound: 2 things in it are wrong. Nothing comes in as it stands.')
    expect(moodWords(await of('/usb/fork-bundle'))).toBe('This copy is not sound: 1 thing in it is wrong. Nothing comes in as it stands.')
  })

  it('is not for somebody who may not sign it, unless nothing is signed', async () => {
    const p = await of('/usb/harbor-lights.case')
    p.act.refused = 'no'
    expect(mergeMood(p)).toBe('not-allowed')
    expect(mergeMood({ ...p, signs: false })).toBe('follows')
  })

  it('counts people over their keys, the most first', () => {
    expect(authorsWords({ authors: [{ id: 'k1', name: 'B', count: 2 }, { id: 'k2', name: 'A', count: 3 }, { id: 'k3', name: 'B', count: 1_200 }] })).toBe('1,202 by B and 3 by A')
  })

  it('says which evidence comes and which does not', async () => {
    expect(evidenceWords(await of('/usb/harbor-lights.case'))).toBe('1 item comes along, 8.0 GiB · 1 stays elsewhere · rows will be made again for 2 items')
    expect(evidenceWords({ evidence_new: 0, evidence_bytes: 0, evidence_away: 0, rows: 1 })).toBe('rows will be made again for 1 item')
  })
})
