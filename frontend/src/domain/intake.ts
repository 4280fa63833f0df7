// What a batch of evidence still needs from a person before it is taken in, what the answers mean, and which jobs are imports.
import type { EvidenceItem, Examined, ItemStatus, Job } from '../api/types'
import { STATUS_WORD } from './receipt'
import { offsetMinutes, parseWall, zoneKnown } from './time'
import { count, listing, plural } from './words'

export const EXAMINED_WORD: Record<Examined['state'], string> = {
  read: 'Can be read', archive: 'Archive, opened at import', image: 'Image, kept and not read', 'no-parser': 'Kept, no parser', known: 'Looks already taken in', refused: 'Refused',
}

/** What stands under the state where the program says nothing more. */
export const EXAMINED_NOTE: Partial<Record<Examined['state'], string>> = { known: 'Same path, size and time; its hash decides', image: 'Registered with its hash' }

export function examinedTone(s: Examined['state']): 'good' | 'plain' | 'bad' {
  return s === 'refused' ? 'bad' : s === 'read' || s === 'archive' ? 'good' : 'plain'
}

export const NEED_WORD: Record<Examined['needs'][number], string> = { zone: 'zone', year: 'year', columns: 'columns' }

export interface Needs { zone: number; year: number; columns: string[]; archives: number }

export function needsOf(files: readonly Examined[]): Needs {
  return {
    zone: files.filter((f) => f.needs.includes('zone')).length, year: files.filter((f) => f.needs.includes('year')).length,
    columns: files.filter((f) => f.needs.includes('columns')).map((f) => f.path), archives: files.filter((f) => f.state === 'archive').length,
  }
}

/** "12 files: 8 can be read, 3 kept without a parser, 1 already in the case". */
export function examinedWords(files: readonly Examined[], more: number): string {
  const n = (s: Examined['state']) => files.filter((f) => f.state === s).length
  const parts = [
    n('read') > 0 && `${count(n('read'))} can be read`, n('archive') > 0 && plural(n('archive'), 'archive'), n('image') > 0 && plural(n('image'), 'image'),
    n('no-parser') > 0 && `${count(n('no-parser'))} without a parser`, n('known') > 0 && `${count(n('known'))} that ${n('known') === 1 ? 'looks' : 'look'} taken in already`, n('refused') > 0 && `${count(n('refused'))} refused`,
  ].filter(Boolean)
  const looked = `${plural(files.length, 'file')} looked at: ${parts.join(', ')}`
  return more > 0 ? `${looked}; ${count(more)} more were not looked at, and are taken in too` : looked
}

const SAMPLE = '09:00'
const clock = (iso: string) => iso.slice(11, 16)

/** What the answered zone does to a time that states none, in winter and in summer where they differ. */
export function zoneWords(zone: string, year: number): string {
  if (zone === '') return 'Times without a zone are read as UTC, marked as assumed by default.'
  if (!zoneKnown(zone)) return 'This zone is not known.'
  const winter = parseWall(`${year}-01-15 ${SAMPLE}`, zone) ?? ''
  const summer = parseWall(`${year}-07-15 ${SAMPLE}`, zone) ?? ''
  if (zone === 'UTC') return `${SAMPLE} stays ${SAMPLE} UTC. Your name stands under it.`
  const shift = winter && summer && offsetMinutes(Date.parse(winter), zone) === offsetMinutes(Date.parse(summer), zone) ? `${clock(winter)} UTC` : `${clock(winter)} UTC in January and ${clock(summer)} UTC in July`
  return `${SAMPLE} becomes ${shift}. Your name stands under it.`
}

export interface Acquired { acquired?: string; acquired_zone?: string }

/** The time of acquisition with its zone; empty when nothing was typed, null when it is no time. */
export function acquiredOf(at: string, zone: string): Acquired | null {
  if (at.trim() === '') return {}
  const instant = parseWall(at, zone)
  return instant === null ? null : { acquired: instant, acquired_zone: zone }
}

/** The year that was typed: 0 for none, null for something that is none. */
export function yearOf(text: string): number | null {
  if (text.trim() === '') return 0
  const n = Number(text)
  return /^\d{4}$/.test(text.trim()) && n >= 1970 && n <= 2200 ? n : null
}

/** What the custody record will not say, so that nobody finds out later. */
export function unsaid(a: { custodian: string; source: string; why: string; acquired: string }): string[] {
  return [a.custodian.trim() === '' && 'who had it', a.source.trim() === '' && 'where from', a.why.trim() === '' && 'why', a.acquired.trim() === '' && 'when it was acquired'].filter((x): x is string => x !== false)
}

/** Jobs that fill the timeline. A job carries no kind on the wire; its title is the program's own and begins so. */
export const isImport = (j: Pick<Job, 'title'>) => /^(Taking in |Reading evidence again)/.test(j.title)

export const since = (items: readonly EvidenceItem[], started: string) => items.filter((i) => Math.floor(Date.parse(i.taken) / 1000) >= Math.floor(Date.parse(started) / 1000))

/** What a batch gave, counted: "12 items: 9 read completely, 2 read in part, 1 no parser". */
export function batchWords(items: readonly EvidenceItem[]): string {
  const by = new Map<ItemStatus, number>()
  for (const i of items) by.set(i.status, (by.get(i.status) ?? 0) + 1)
  const parts = (Object.keys(STATUS_WORD) as ItemStatus[]).filter((s) => by.has(s)).map((s) => `${count(by.get(s) ?? 0)} ${STATUS_WORD[s].toLowerCase()}`)
  return parts.length === 0 ? 'no receipt yet' : `${plural(items.length, 'receipt')}: ${listing(parts, 8)}`
}

export type State = 'all' | 'attention' | 'undone' | 'absent' | ItemStatus

export const STATE_WORD: Record<State, string> = { all: 'All', attention: 'Need a look', undone: 'Import undone', absent: 'Something expected is absent', ...STATUS_WORD }

const ATTENTION: ItemStatus[] = ['partial', 'failed', 'quarantined']

export function inState(i: EvidenceItem, s: State): boolean {
  if (s === 'all') return true
  if (s === 'undone') return Boolean(i.undone)
  if (s === 'absent') return (i.absent ?? []).length > 0
  return s === 'attention' ? ATTENTION.includes(i.status) : i.status === s && !i.undone
}

/** The states that some item is in, with how many. */
export function states(items: readonly EvidenceItem[]): { state: State; count: number }[] {
  return (Object.keys(STATE_WORD) as State[]).map((state) => ({ state, count: items.filter((i) => inState(i, state)).length })).filter((s) => s.count > 0)
}

/** Items whose import can be undone: some receipt of theirs counts. */
export function undoable(items: readonly EvidenceItem[]): EvidenceItem[] {
  return items.filter((i) => i.sha256 !== '' && !i.undone && i.status !== 'behind-wall')
}
