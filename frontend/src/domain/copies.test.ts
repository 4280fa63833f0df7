import { expect, it } from 'vitest'
import type { SlipLine } from '../api/types'
import { newCopies } from '../api/fake/copies'
import { copyOrder, exportMissing, extractOrder, planWords, stayWords, type ExportWords } from './export'
import { reasonOutcome, recordView, slipWords } from './copies'
import { besideCase, datedNote } from './slug'

it('a place of the record leads to a part, an entry to where it is settled', () => {
  const { conflicts, refused } = newCopies(0)
  expect(recordView(undefined, conflicts, refused)).toBe('story')
  expect(recordView('copies', conflicts, refused)).toBe('copies')
  expect(recordView('confl1b2c3d4e', conflicts, refused)).toBe('conflicts')
  expect(recordView('aside0a1b2c3d', conflicts, refused)).toBe('conflicts')
  expect(recordView('9f2c41d0', conflicts, refused)).toBe('story')
})

it('reason codes follow the field in conflict', () => {
  expect([reasonOutcome('severity'), reasonOutcome('verdict g-1'), reasonOutcome('source 4b')]).toEqual(['severity', 'verdict', 'override'])
})

it('a slip says what is equal, what differs and what was not compared', () => {
  const line = (what: string, state: SlipLine['state']): SlipLine => ({ what, paper: '', here: '', state })
  expect(slipWords(true, [line('case', 'equal'), line('head', 'equal'), line('file', 'equal')])).toBe('As on the slip: case, head and file.')
  expect(slipWords(true, [line('case', 'equal'), line('head', 'equal'), line('file', 'not compared')])).toBe('As on the slip: case and head. Not compared: file.')
  expect(slipWords(false, [line('case', 'equal'), line('head', 'differs')])).toBe('Not the copy that this slip was made for: head differs.')
  expect(slipWords(true, [line('file', 'not compared')])).toBe('Nothing could be compared.')
})

const W: ExportWords = { form: 'plain', out: '/usb/copy', to: 'Court', lock: 'people', people: ['p2'], keys: 'age1abc\n\n /usb/w.card ', evidence: '', referenced: false, papers: '', lanes: [], kinds: ['note.made'], documents: [], reason: 'asked for' }

it('what was typed for another form does not leave', () => {
  expect(copyOrder(W, 'secret words of mine')).toMatchObject({ form: 'plain', recipients: [], passphrase: '' })
  expect(copyOrder({ ...W, form: 'parcel' }, 'secret words of mine')).toMatchObject({ form: 'parcel', recipients: ['p2', 'age1abc', '/usb/w.card'], passphrase: '' })
  expect(copyOrder({ ...W, form: 'parcel', lock: 'passphrase' }, 'secret words of mine', 'ab')).toMatchObject({ recipients: [], passphrase: 'secret words of mine', shown: 'ab' })
  expect(extractOrder(W)).toMatchObject({ kinds: ['note.made'], reason: 'asked for', against: [] })
})

it('says what a copy still needs', () => {
  expect(exportMissing(W, '', '')).toEqual([])
  expect(exportMissing({ ...W, to: ' ', out: '' }, '', '')).toEqual(['a place', 'who gets it'])
  expect(exportMissing({ ...W, form: 'parcel', people: [], keys: ' ' }, '', '')).toEqual(['somebody who can open it'])
  expect(exportMissing({ ...W, form: 'parcel', lock: 'passphrase' }, 'abc', 'abc')).toEqual(['a stronger passphrase'])
  expect(exportMissing({ ...W, form: 'parcel', lock: 'passphrase' }, 'quiet lantern orbit mustard', 'x')).toEqual(['the passphrase twice the same'])
  expect(exportMissing({ ...W, form: 'extract', kinds: [], reason: '' }, '', '')).toEqual(['what for', 'what it shows'])
})

it('counts what leaves and what stays out', () => {
  const item = (here: boolean) => ({ sha256: 'a', path: 'p', bytes: 1, here, why: '' })
  const p = { form: 'parcel' as const, out: '', head_code: '', entries: 1204, withheld: 2, evidence: 1, files: 31, bytes: 4_400_000_000, items: [item(true), item(false)], papers: [], verifiers: [], recipients: [], lanes: [], notes: [], resumes: false, act: { shown: '', sentence: '', consequences: [], signs_as: { person: '', role: '', role_title: '' }, refused: null, second: [] } }
  expect(planWords(p)).toBe('1,204 entries, 1 evidence item, 31 files, at most 4.1 GiB')
  expect(stayWords(p)).toBe('2 entries go without words, 1 of 2 evidence items named without its bytes')
})

it('files about a case lie beside it, and a checkpoint never meets the one before', () => {
  expect(besideCase('/cases/harbor.case', 'Harbor Lights', 'slip.pdf')).toBe('/cases/harbor-lights-slip.pdf')
  expect(besideCase('C:\\cases\\harbor.case\\', 'Harbor', 'slip.pdf')).toBe('C:\\cases\\harbor-slip.pdf')
  expect(datedNote(new Date('2026-03-04T12:05:09.123Z'))).toBe('checkpoint-20260304120509.note')
})
