// Columns of the grid: the ones every row has, and any ECS field a person adds. Each knows which field a filter on it means.
import type { Row } from '../api/types'
import { term } from '../domain/query'

export interface Column { key: string; title: string; field: string; width: number; mono: boolean; of: (r: Row) => string }

/** A source is the dataset where the parser names one, else the file: each is asked for in its own field. */
export function clauseOf(c: Column, value: string, exclude: boolean): string {
  if (c.key !== 'source' || !/\.(csv|log|txt|jsonl?|evtx)$/i.test(value)) return term(c.field, value, exclude)
  return `${exclude ? 'NOT ' : ''}adjutant.path:*${value.replace(/[^\p{L}\p{N}._]/gu, '\\$&')}`
}

const BASE: Column[] = [
  { key: 'host', title: 'Host', field: 'host.name', width: 88, mono: false, of: (r) => r.host },
  { key: 'user', title: 'User', field: 'user.name', width: 96, mono: false, of: (r) => r.user },
  { key: 'code', title: 'Code', field: 'event.code', width: 54, mono: true, of: (r) => r.code },
  { key: 'message', title: 'Message', field: 'message', width: 420, mono: true, of: (r) => r.message },
  { key: 'action', title: 'Action', field: 'event.action', width: 128, mono: false, of: (r) => r.action },
  { key: 'source', title: 'Source', field: 'event.dataset', width: 150, mono: false, of: (r) => r.source },
]

export const TIME_WIDTH = 216
export const MARKS_WIDTH = 62
export const MIN_WIDTH = 44
export const DEFAULT_KEYS: readonly string[] = BASE.map((c) => c.key)

/** Columns for stored keys: base ones by key, others as extra fields with values asked from the program. */
export function columnsOf(keys: readonly string[], widths: Record<string, number>): Column[] {
  return keys.map((key) => {
    const base = BASE.find((c) => c.key === key) ?? { key, title: key, field: key, width: 150, mono: true, of: (r: Row) => r.values[key] ?? '' }
    return { ...base, width: Math.max(MIN_WIDTH, widths[key] ?? base.width) }
  })
}

export const BASE_COLUMNS: readonly Column[] = BASE

/** Extra fields that the page must carry, as the API wants them. */
export function extraFields(keys: readonly string[]): string {
  return keys.filter((k) => !DEFAULT_KEYS.includes(k)).join(',')
}

/** The message takes what is left over, wherever it stands; without it the last column does. */
export function template(columns: readonly Column[]): string {
  const wide = (columns.find((c) => c.key === 'message') ?? columns[columns.length - 1])?.key
  return [`${TIME_WIDTH}px`, `${MARKS_WIDTH}px`, ...columns.map((c) => (c.key === wide ? `minmax(${c.width}px, 1fr)` : `${c.width}px`))].join(' ')
}

export function totalWidth(columns: readonly Column[]): number {
  return TIME_WIDTH + MARKS_WIDTH + columns.reduce((n, c) => n + c.width, 0)
}
