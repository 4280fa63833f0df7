// When a decision may be signed. The program checks all of it again; this keeps the button honest.
import type { ReasonCode } from '../api/types'

export const MIN_REASON = 20

export type Outcome = 'accept' | 'override' | 'reject'

export interface Choice { outcome: Outcome | 'severity' | 'verdict'; instead: string; code: string; reason: string }

/** Characters a reader would count: outer blanks and runs of blanks do not pad a reason. */
export function reasonLength(text: string): number {
  return [...text.trim().replace(/\s+/g, ' ')].length
}

/** What is still missing before the signature, in words; empty when nothing is. */
export function missing(choice: Choice): string[] {
  const out: string[] = []
  const needsReason = choice.outcome !== 'accept'
  if (choice.outcome === 'override' && choice.instead.trim() === '') out.push('what you decide instead')
  if (needsReason && choice.code === '') out.push('a reason code')
  const n = reasonLength(choice.reason)
  if (needsReason && n < MIN_REASON) out.push(`${MIN_REASON - n} more ${MIN_REASON - n === 1 ? 'character' : 'characters'} of reason`)
  return out
}

/** Codes that fit an outcome; all of them when the program lists none for it. */
export function codesFor(codes: readonly ReasonCode[], outcome: string): ReasonCode[] {
  const fit = codes.filter((c) => c.outcomes.includes(outcome))
  return fit.length > 0 ? fit : [...codes]
}
