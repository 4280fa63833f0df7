// Who has an item, by which transfers, what holds it, and whether it is still what was taken in: read out of the custody
// of the whole case, for one item or for a line above all of them.
import type { Custody, EvidenceItem, Explained, Hold, LastCheck, Mismatch, Tombstone, Transfer } from '../api/types'
import { count, plural } from './words'

export interface ItemCustody {
  custodian: string
  transfers: Transfer[]         // oldest first
  offered: Transfer | null      // waits for its receiver
  holds: Hold[]                 // that stand
  released: Hold[]
  mismatch: Mismatch | null     // not explained yet
  explained: Explained[]
  tombstone: Tombstone | null
}

export function holdsOn(sha256: string, holds: readonly Hold[]): Hold[] {
  return holds.filter((h) => h.items.length === 0 || h.items.includes(sha256))
}

export function custodyOf(item: Pick<EvidenceItem, 'sha256' | 'custodian'>, c: Custody): ItemCustody {
  const transfers = c.transfers.filter((t) => t.items.includes(item.sha256)).sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const holds = holdsOn(item.sha256, c.holds)
  return {
    custodian: c.custodians[item.sha256] || item.custodian, transfers, offered: transfers.find((t) => t.state === 'offered') ?? null,
    holds: holds.filter((h) => h.released === null), released: holds.filter((h) => h.released !== null),
    mismatch: c.mismatches.find((m) => m.sha256 === item.sha256) ?? null, explained: c.explained.filter((x) => x.sha256 === item.sha256),
    tombstone: c.tombstones.find((t) => t.sha256 === item.sha256 && !t.awaits) ?? c.tombstones.find((t) => t.sha256 === item.sha256) ?? null,
  }
}

export const TRANSFER_WORD: Record<Transfer['state'], string> = { offered: 'offered, not taken over yet', taken: 'taken over', refused: 'refused', outside: 'handed over, receipt on paper' }

/** What the newest check of all evidence found, without more than it checked. */
export function checkWords(c: LastCheck): string {
  if (c.altered === 0 && c.absent === 0) return `${plural(c.items, 'item')} hashed again, all as taken in`
  const parts = [`${count(c.same)} of ${plural(c.items, 'item')} as taken in`]
  if (c.altered > 0) parts.push(`${count(c.altered)} altered`)
  if (c.absent > 0) parts.push(`${count(c.absent)} not at hand, so not compared`)
  return parts.join(', ')
}

/** What a handover still needs, in words. */
export function handoverMissing(h: { items: readonly string[]; to: string; receiver: string; purpose: string; place: string; condition: string }): string[] {
  const out: string[] = []
  if (h.items.length === 0) out.push('at least one item')
  if (h.to === '' && h.receiver.trim() === '') out.push('who receives it')
  if (h.purpose.trim() === '') out.push('what for')
  if (h.place.trim() === '') out.push('where')
  if (h.condition.trim() === '') out.push('the condition')
  return out
}

/** One item to a name: rows of the same bytes under several paths are one item in custody. */
export function distinct(items: readonly EvidenceItem[]): EvidenceItem[] {
  const seen = new Set<string>()
  return items.filter((i) => i.sha256 !== '' && !seen.has(i.sha256) && seen.add(i.sha256))
}
