// What a merge would bring, in the words of its preview: whether it may go on, and what each part of it says.
import type { MergePreview } from '../api/types'
import { bytes, count, listing, plural } from './words'

/** `refused`: the copy is damaged or contradicts itself; `nothing`: it has nothing new; else it signs or follows. */
export type MergeMood = 'refused' | 'nothing' | 'not-allowed' | 'signs' | 'follows'

export function mergeMood(p: MergePreview): MergeMood {
  if (p.blocked || p.equivocations.length > 0) return 'refused'
  if (p.nothing) return 'nothing'
  if (p.signs && p.act.refused) return 'not-allowed'
  return p.signs ? 'signs' : 'follows'
}

export const COPY_KIND: Record<MergePreview['kind'], string> = { case: 'case folder', bundle: 'plain bundle', parcel: 'encrypted parcel' }

export function moodWords(p: MergePreview): string {
  switch (mergeMood(p)) {
    case 'refused': {
      const n = p.problem_count + p.equivocations.length
      return `This copy is not sound: ${plural(n, 'thing')} in it ${n === 1 ? 'is' : 'are'} wrong. Nothing comes in as it stands.`
    }
    case 'nothing': return 'This copy has nothing that is not here already.'
    case 'not-allowed': return 'You may not merge this in the role you act in.'
    case 'signs': return 'Both copies went on apart. Merging joins them; your signature says which state of the other one came in.'
    case 'follows': return 'Only the other copy went on. Merging takes its entries in and signs nothing.'
  }
}

/** "24 by Bea Holm, 7 by Jonas Lindqvist": one line, the most first. */
export function authorsWords(p: Pick<MergePreview, 'authors'>): string {
  const by = new Map<string, number>()
  for (const a of p.authors) by.set(a.name, (by.get(a.name) ?? 0) + a.count)
  return listing([...by].sort((a, b) => b[1] - a[1]).map(([name, n]) => `${count(n)} by ${name}`), 4)
}

/** The sizes of what comes and what does not, for the heading of the evidence. */
export function evidenceWords(p: Pick<MergePreview, 'evidence_new' | 'evidence_bytes' | 'evidence_away' | 'rows'>): string {
  const comes = p.evidence_new - p.evidence_away
  const parts: string[] = []
  if (comes > 0) parts.push(`${plural(comes, 'item')} ${comes === 1 ? 'comes' : 'come'} along, ${bytes(p.evidence_bytes)}`)
  if (p.evidence_away > 0) parts.push(`${count(p.evidence_away)} ${p.evidence_away === 1 ? 'stays' : 'stay'} elsewhere`)
  if (p.rows > 0) parts.push(`rows will be made again for ${plural(p.rows, 'item')}`)
  return parts.join(' · ')
}
