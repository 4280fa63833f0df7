// Words for values that the wire carries as ids: who assumed a zone, roles, verdicts and levels in decisions.
import type { Decision } from '../api/types'
import { ROLES } from './roles'
import { SEVERITY_WORD, VERDICTS } from './severity'

/** "by a signed answer", "by default"; the wire says which of the two it was, not who. */
export function assumedWords(assumed: string): string {
  if (assumed === 'default') return 'assumed by default'
  if (assumed === 'answer' || /^[0-9a-f]{32,}$/.test(assumed)) return 'assumed by a signed answer'
  return `assumed by ${assumed}`
}

export function roleTitle(role: string): string {
  return ROLES.find((r) => r.role === role)?.title ?? role
}

/** A verdict or level in its words; any other text as it is. */
export function valueWords(text: string): string {
  return VERDICTS.find((v) => v.verdict === text)?.word ?? SEVERITY_WORD[text as keyof typeof SEVERITY_WORD] ?? text
}

const OUTCOME: Record<Decision['outcome'], string> = { accept: 'Accepted', override: 'Decided otherwise', reject: 'Rejected' }

/** What was decided, in one line. An accepted recommendation needs no second naming; it stands beside this. */
export function decidedWords(d: Decision): string {
  if (d.subject !== 'recommendation') return `${OUTCOME[d.outcome]}: ${valueWords(d.instead || d.action)}`
  return d.instead ? `${OUTCOME[d.outcome]}: ${d.instead}` : OUTCOME[d.outcome]
}

/** The name a host is called by, and the rest of it; an address stays whole. */
export function hostParts(host: string): [name: string, domain: string] {
  const dot = host.indexOf('.')
  return dot <= 0 || /^[\d.]+$/.test(host) || host.includes(':') ? [host, ''] : [host.slice(0, dot), host.slice(dot)]
}
