// Blind spots laid out as a strip: one line a host and source, one cell a day. Pure layout; the program decides what is missing.
import type { BlindSpot } from '../api/types'

export interface StripLine { host: string; source: string; cells: boolean[]; texts: string[] }
export interface Strip { days: string[]; lines: StripLine[]; undated: BlindSpot[] }

const DAY_MS = 86_400_000
/** Wider than this and cells would be thinner than a pointer; the list below the strip still has everything. */
const MAX_DAYS = 62

export function blindStrip(spots: readonly BlindSpot[]): Strip {
  const dated = spots.filter((s) => s.from !== null && s.to !== null)
  const undated = spots.filter((s) => s.from === null || s.to === null)
  if (dated.length === 0) return { days: [], lines: [], undated }
  const day = (iso: string) => Math.floor(Date.parse(iso) / DAY_MS)
  const first = Math.min(...dated.map((s) => day(s.from ?? '')))
  const last = Math.max(...dated.map((s) => day(s.to ?? '')))
  const n = Math.min(MAX_DAYS, last - first + 1)
  const days = Array.from({ length: n }, (_, i) => new Date((first + i) * DAY_MS).toISOString().slice(0, 10))
  const lines = new Map<string, StripLine>()
  for (const s of dated) {
    const key = `${s.host}\u0000${s.source}`
    const line = lines.get(key) ?? { host: s.host, source: s.source, cells: Array.from({ length: n }, () => false), texts: [] }
    for (let d = day(s.from ?? ''); d <= day(s.to ?? '') && d - first < n; d++) line.cells[d - first] = true
    line.texts.push(s.text)
    lines.set(key, line)
  }
  const sorted = [...lines.values()].sort((a, b) => (a.host + a.source < b.host + b.source ? -1 : 1))
  return { days, lines: sorted, undated }
}
