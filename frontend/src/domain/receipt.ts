// Reading a receipt: how the bar is cut and what it says in words. Every record read is in one of the parts.
import type { EvidenceItem, ItemStatus } from '../api/types'
import { count, fileName, plural } from './words'

export interface ReceiptParts { parsed: number; skipped: number; failed: number; read: number }

/** Failed is what was read but neither parsed nor skipped with a reason. */
export function receiptParts(i: Pick<EvidenceItem, 'read' | 'parsed' | 'skipped'>): ReceiptParts {
  const skipped = i.skipped.reduce((n, s) => n + s.count, 0)
  return { parsed: i.parsed, skipped, failed: Math.max(0, i.read - i.parsed - skipped), read: Math.max(i.read, i.parsed + skipped) }
}

export const STATUS_WORD: Record<ItemStatus, string> = {
  ok: 'Read completely', empty: 'Proved empty', partial: 'Read in part', failed: 'Could not be read', 'no-parser': 'No parser', duplicate: 'Duplicate', quarantined: 'Quarantined', 'behind-wall': 'Behind the wall of a lane',
}

/** How much a person should care: nothing, look, act. */
export function statusTone(s: ItemStatus): 'good' | 'plain' | 'warn' | 'bad' {
  if (s === 'ok' || s === 'empty') return 'good'
  if (s === 'failed' || s === 'quarantined') return 'bad'
  return s === 'partial' ? 'warn' : 'plain'
}

export function receiptWords(i: EvidenceItem): string {
  if (i.undone) return 'its rows were taken out of the timeline'
  if (i.status === 'duplicate') return `the same bytes as ${i.duplicate_of ? fileName(i.duplicate_of) : 'an item above'}`
  if (i.status === 'no-parser') return 'kept and hashed; no parser reads this format yet'
  if (i.status === 'quarantined') return 'refused and set aside; the note says why'
  if (i.status === 'behind-wall') return 'nothing but its hash is told to whoever is not in the lane'
  if (i.status === 'empty') return 'the format proves that it holds no record'
  const p = receiptParts(i)
  const parts = [`${count(p.parsed)} of ${plural(p.read, 'record')}`]
  if (p.skipped > 0) parts.push(`${count(p.skipped)} skipped`)
  if (p.failed > 0) parts.push(`${count(p.failed)} failed`)
  if (i.warnings > 0) parts.push(plural(i.warnings, 'warning'))
  return parts.join(', ')
}

const line = (i: EvidenceItem) => `${i.path}\u0000${i.sha256}`

/** One line an item and path, with its newest receipt: the wire tells every receipt. What was undone of a twin stays with
    the twin while the bytes count under another name. */
export function newest(items: readonly EvidenceItem[]): EvidenceItem[] {
  const last = new Map<string, EvidenceItem>()
  for (const i of items) {
    const known = last.get(line(i))
    if (!known || Date.parse(i.taken) >= Date.parse(known.taken)) last.set(line(i), i)
  }
  const counts = new Set(items.filter((i) => i.sha256 !== '' && i.status !== 'duplicate' && !i.undone).map((i) => i.sha256))
  return [...last.values()].map((i) => (i.undone && i.status === 'duplicate' && counts.has(i.sha256) ? { ...i, undone: undefined } : i))
}

/** The receipts of the same item and path before this one, newest first. */
export function earlier(items: readonly EvidenceItem[], of: EvidenceItem): EvidenceItem[] {
  return items.filter((i) => line(i) === line(of) && Date.parse(i.taken) <= Date.parse(of.taken) && !same(i, of)).reverse()
}

const same = (a: EvidenceItem, b: EvidenceItem) => a.taken === b.taken && a.status === b.status && a.format === b.format && a.parsed === b.parsed && a.undone === b.undone

export interface Totals { items: number; records: number; attention: number; sealed: number }

export function totals(items: readonly EvidenceItem[]): Totals {
  return {
    items: items.length,
    records: items.reduce((n, i) => n + (i.undone ? 0 : i.parsed), 0),
    attention: items.filter((i) => ['partial', 'failed', 'quarantined'].includes(i.status)).length,
    sealed: items.filter((i) => i.sealed === 'sealed').length,
  }
}
