// The parts of the Record stage and the places that lead to them. A place may name a part or an entry.
import type { Conflict, SetAside, SlipLine } from '../api/types'
import { listing } from './words'

export type RecordView = 'story' | 'conflicts' | 'copies'

/** Where a place of the stage leads: a part by its name, an entry to where it is settled, any other entry into the story. */
export function recordView(id: string | undefined, conflicts: readonly Conflict[], refused: readonly SetAside[]): RecordView {
  if (id === 'conflicts' || id === 'copies') return id
  if (!id) return 'story'
  return conflicts.some((c) => c.answers.some((a) => a.entry === id)) || refused.some((r) => r.entry === id) ? 'conflicts' : 'story'
}

/** Which reason codes fit the settling of a conflict, as the program judges it. */
export function reasonOutcome(field: string): 'severity' | 'verdict' | 'override' {
  const kind = field.split(' ')[0]
  return kind === 'severity' || kind === 'verdict' ? kind : 'override'
}

/** What comparing a slip showed, and no more than was compared. */
export function slipWords(equal: boolean, lines: readonly SlipLine[]): string {
  const differs = lines.filter((l) => l.state === 'differs').map((l) => l.what)
  if (differs.length > 0) return `Not the copy that this slip was made for: ${listing(differs)} ${differs.length === 1 ? 'differs' : 'differ'}.`
  const same = lines.filter((l) => l.state === 'equal').map((l) => l.what)
  if (same.length === 0) return 'Nothing could be compared.'
  const open = lines.filter((l) => l.state === 'not compared').map((l) => l.what)
  const head = `As on the slip: ${listing(same)}.`
  return equal && open.length === 0 ? head : `${head} Not compared: ${listing(open)}.`
}
