// A mapping of a table or of JSON, as the wizard changes it. The program signs its bytes, so it is written in one form:
// members in a fixed order, absent when they say nothing, names sorted, no blanks (backend/parse/mapping).
import type { MappedColumn, TimeForm } from '../api/types'

export interface MappedTime { column: string; clock: string; zone_column: string; utc: boolean; form: string; meaning: string }
export interface Mapping {
  v: number; name: string; shape: 'table' | 'json'; delimiter: string; skip: number; header: boolean; no_quotes: boolean
  times: MappedTime[]; zone: string; year: number; fields: Record<string, string>; constants: Record<string, string>
}

const EMPTY: Mapping = { v: 1, name: '', shape: 'table', delimiter: ',', skip: 0, header: true, no_quotes: false, times: [], zone: '', year: 0, fields: {}, constants: {} }
const NO_TIME: MappedTime = { column: '', clock: '', zone_column: '', utc: false, form: 'auto', meaning: 'occurred' }

/** null when the text is no mapping. */
export function readMapping(text: string): Mapping | null {
  try {
    const m = JSON.parse(text) as Partial<Mapping>
    if (typeof m !== 'object' || m === null || (m.shape !== 'table' && m.shape !== 'json')) return null
    return { ...EMPTY, delimiter: '', header: false, ...m, times: (m.times ?? []).map((t) => ({ ...NO_TIME, ...t })) }
  } catch {
    return null
  }
}

/** Orders names as their UTF-8 bytes do, which UTF-16 does not beyond the first plane. */
function byBytes(a: string, b: string): number {
  const x = Array.from(a, (c) => c.codePointAt(0) ?? 0)
  const y = Array.from(b, (c) => c.codePointAt(0) ?? 0)
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return (x[i] ?? 0) - (y[i] ?? 0)
  return x.length - y.length
}

const LINE_ENDS: Record<string, string> = { '\u2028': '\\u2028', '\u2029': '\\u2029' }
const text = (s: string) => JSON.stringify(s).replace(/[\u2028\u2029]/g, (c) => LINE_ENDS[c] ?? c)
const names = (m: Record<string, string>) => `{${Object.keys(m).sort(byBytes).map((k) => `${text(k)}:${text(m[k] ?? '')}`).join(',')}}`
const object = (parts: [string, string | false][]) => `{${parts.filter((p): p is [string, string] => p[1] !== false).map(([k, v]) => `"${k}":${v}`).join(',')}}`
const said = (s: string) => s !== '' && text(s)
const filled = (m: Record<string, string>) => Object.keys(m).length > 0 && names(m)

export function writeMapping(m: Mapping): string {
  const times = m.times.map((t) => object([['column', text(t.column)], ['clock', said(t.clock)], ['zone_column', said(t.zone_column)], ['utc', t.utc && 'true'], ['form', text(t.form)], ['meaning', text(t.meaning)]]))
  return object([
    ['v', String(m.v)], ['name', said(m.name)], ['shape', text(m.shape)], ['delimiter', said(m.delimiter)], ['skip', m.skip !== 0 && String(m.skip)], ['header', m.header && 'true'], ['no_quotes', m.no_quotes && 'true'],
    ['times', times.length > 0 && `[${times.join(',')}]`], ['zone', said(m.zone)], ['year', m.year !== 0 && String(m.year)], ['fields', filled(m.fields)], ['constants', filled(m.constants)],
  ])
}

export const MEANINGS = [
  { value: 'occurred', label: 'it happened' }, { value: 'recorded', label: 'it was written down' }, { value: 'started', label: 'it began' }, { value: 'ended', label: 'it ended' },
  { value: 'created', label: 'the file was created' }, { value: 'modified', label: 'the file was modified' }, { value: 'accessed', label: 'the file was accessed' }, { value: 'changed', label: 'the record of the file changed' },
]

export const DELIMITERS = [{ value: ',', label: 'comma' }, { value: ';', label: 'semicolon' }, { value: '\t', label: 'tab' }, { value: '|', label: 'bar' }, { value: 'spaces', label: 'blanks and tabs' }]

/** Names of ECS that exports fill most often; any other dotted name can be typed. */
export const ECS_NAMES = [
  'message', 'event.action', 'event.category', 'event.code', 'event.outcome', 'event.severity', 'event.duration', 'event.provider', 'host.name', 'host.ip', 'user.name', 'user.id', 'user.domain', 'user.email', 'source.ip', 'source.port', 'source.bytes', 'source.user.name',
  'destination.ip', 'destination.port', 'destination.bytes', 'destination.domain', 'client.ip', 'server.ip', 'network.protocol', 'network.transport', 'network.bytes', 'process.name', 'process.pid', 'process.command_line', 'process.executable', 'process.parent.name',
  'file.path', 'file.name', 'file.size', 'file.hash.sha256', 'file.hash.md5', 'url.original', 'url.domain', 'http.request.method', 'http.response.status_code', 'user_agent.original', 'rule.name', 'log.level', 'service.name', 'observer.name', 'dns.question.name', 'registry.path',
]

/** The same rule as the program's: dotted words of ASCII, not the time itself, nothing of our own. */
export function isField(name: string): boolean {
  return /^[A-Za-z0-9_.-]{1,256}$/.test(name) && !name.startsWith('.') && !name.endsWith('.') && !name.includes('..') && !name.startsWith('adjutant.')
}

/** The form that a column's values fit without a doubt, else the first that fits at all. */
export function bestForm(c: MappedColumn): TimeForm | undefined {
  return c.forms.find((f) => !f.ambiguous) ?? c.forms[0]
}

export interface Doubt { column: string; kind: 'order' | 'year' | 'none'; text: string }

/** What a person still has to look at in the chosen time columns, worst first. */
export function doubts(m: Mapping, columns: readonly MappedColumn[]): Doubt[] {
  const out: Doubt[] = []
  if (m.times.length === 0) out.push({ column: '', kind: 'none', text: 'No column is a time. The rows come in undated, and stand in the timeline only when undated rows are asked for.' })
  for (const t of m.times) {
    const forms = columns.find((c) => c.name === t.column)?.forms ?? []
    const form = forms.find((f) => f.form === t.form)
    if (form?.ambiguous || (t.form === 'auto' && forms.some((f) => f.ambiguous))) out.push({ column: t.column, kind: 'order', text: `Day and month fit either way round in every row seen. ${t.form === 'auto' ? 'Say which comes first' : 'Your choice decides'}; the file does not.` })
    if (form?.yearless && m.year === 0) out.push({ column: t.column, kind: 'year', text: 'These times state no year. Say the year of the first row; without it the date of the file decides.' })
  }
  return out
}

export function withTime(m: Mapping, column: string, part: Partial<MappedTime> | null): Mapping {
  if (part === null) return { ...m, times: m.times.filter((t) => t.column !== column) }
  const known = m.times.some((t) => t.column === column)
  return { ...m, times: known ? m.times.map((t) => (t.column === column ? { ...t, ...part } : t)) : [...m.times, { ...NO_TIME, column, ...part }] }
}

/** The column's time goes to the front: the first that can be read in a row is the time of the event. */
export function firstTime(m: Mapping, column: string): Mapping {
  return { ...m, times: [...m.times.filter((t) => t.column === column), ...m.times.filter((t) => t.column !== column)] }
}

/** An empty name says nothing and is left out. */
export function withName(of: Record<string, string>, key: string, value: string): Record<string, string> {
  const rest = Object.fromEntries(Object.entries(of).filter(([k]) => k !== key))
  return value.trim() === '' ? rest : { ...rest, [key]: value.trim() }
}

/** A mapping in a line: "table, comma, times from Date and Seen, 4 columns named". */
export function mappingWords(text: string): string {
  const m = readMapping(text)
  if (!m) return 'not readable'
  const cut = m.shape === 'table' ? `table, ${DELIMITERS.find((d) => d.value === m.delimiter)?.label ?? m.delimiter}` : 'JSON'
  const times = m.times.length === 0 ? 'no time' : `time from ${m.times.map((t) => t.column).join(', ')}`
  return `${cut}; ${times}; ${Object.keys(m.fields).length} named`
}
