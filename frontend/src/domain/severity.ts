// Severity and verdicts in words, marks and order; colour is added by styles/tokens.css and is never the only sign.
import type { Severity, Verdict } from '../api/types'

export const SEVERITIES: readonly Severity[] = ['informational', 'low', 'medium', 'high', 'critical']

export const SEVERITY_WORD: Record<Severity, string> = {
  informational: 'Informational', low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical',
}

/** How much of the mark is filled: ○ ◔ ◑ ◕ ●. */
export const SEVERITY_FILL: Record<Severity, number> = { informational: 0, low: 0.25, medium: 0.5, high: 0.75, critical: 1 }

export function bySeverity<T extends { severity: Severity }>(a: T, b: T): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity)
}

/** In the order of the keys 1 to 5. */
export const VERDICTS: readonly { verdict: Verdict; word: string; says: string }[] = [
  { verdict: 'true-positive', word: 'True positive', says: 'It happened and it matters' },
  { verdict: 'suspicious', word: 'Suspicious', says: 'Look further before deciding' },
  { verdict: 'benign', word: 'Benign', says: 'It happened and is allowed' },
  { verdict: 'false-positive', word: 'False positive', says: 'The rule was wrong' },
  { verdict: 'unknown', word: 'Unknown', says: 'Cannot be told from what is here' },
]

export function verdictWord(v: Verdict): string {
  return VERDICTS.find((x) => x.verdict === v)?.word ?? v
}
