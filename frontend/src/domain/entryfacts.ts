// The body of an entry as facts that a person reads: names of fields in words, roles by title, times marked as times.
// Whatever this does not know stays under its own name: nothing of the body is left out but its salt.
import { roleTitle } from './says'
import { count, plural } from './words'

export interface EntryFact { label: string; text: string; form: 'text' | 'time' | 'hash' | 'lines' }

const LABELS: Record<string, string> = {
  sha256: 'SHA-256', body_sha256: 'Body', shown_sha256: 'What was shown', model_sha256: 'Content', evidence_sha256: 'Evidence', pack_hash: 'Rule pack', by_role: 'Acting as', role: 'Role', reason_code: 'Reason code', tz: 'Zone', at: 'At', from: 'From', to: 'To',
  why: 'Why', of: 'Of', ref: 'About', over: 'Between', duration_ms: 'Took (ms)', offset_seconds: 'Offset (s)', skew_seconds: 'Clock skew (s)', size: 'Entries covered', duplicate_of: 'Same as', as_of: 'As of', two_person: 'Two persons',
}
const WORDS: Record<string, string> = { true: 'yes', false: 'no' }
const MAX_LIST = 12

function labelOf(key: string): string {
  const words = LABELS[key] ?? key.replace(/_/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function isTime(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) && !Number.isNaN(Date.parse(text))
}

function one(key: string, value: unknown, names: ReadonlyMap<string, string>): EntryFact {
  const label = labelOf(key)
  if (typeof value === 'number') return { label, text: count(value), form: 'text' }
  if (typeof value === 'boolean') return { label, text: WORDS[String(value)] ?? '', form: 'text' }
  if (Array.isArray(value)) {
    if (value.every((x) => typeof x === 'string')) {
      const shown = value.map((x) => names.get(x) ?? (key === 'roles' ? roleTitle(x) : x))
      return { label, text: [...shown.slice(0, MAX_LIST), ...(shown.length > MAX_LIST ? [`and ${count(shown.length - MAX_LIST)} more`] : [])].join('\n'), form: 'lines' }
    }
    return { label, text: plural(value.length, 'item'), form: 'text' }
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([k, v]) => `${k}: ${typeof v === 'object' ? JSON.stringify(v) : String(v)}`)
    return { label, text: parts.join('\n'), form: 'lines' }
  }
  const text = String(value)
  if (key === 'role' || key === 'by_role') return { label, text: roleTitle(text), form: 'text' }
  if (names.has(text)) return { label, text: names.get(text) ?? text, form: 'text' }
  if (isTime(text)) return { label, text, form: 'time' }
  if (/^[0-9a-f]{32,}$/.test(text)) return { label, text, form: 'hash' }
  return { label, text, form: 'text' }
}

/** Facts of a body `{"salt":…,"data":{…}}` or of the data alone; empty when it is withheld or no object. `names`: people by id. */
export function entryFacts(body: string, names: ReadonlyMap<string, string> = new Map()): EntryFact[] {
  let data: unknown
  try { data = JSON.parse(body) } catch { return [] }
  if (typeof data !== 'object' || data === null) return []
  const inner = (data as { data?: unknown }).data
  const fields = typeof inner === 'object' && inner !== null && 'salt' in data ? inner : data
  return Object.entries(fields as Record<string, unknown>)
    .filter(([k, v]) => k !== 'salt' && v !== '' && v !== null && !(Array.isArray(v) && v.length === 0))
    .map(([k, v]) => one(k, v, names))
}
