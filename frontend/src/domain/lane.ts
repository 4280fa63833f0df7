// Words and small judgements about privilege. The program records circumstances; it never says that anything is privileged.
import type { Lane } from '../api/types'
import { plural } from './words'

export const TRACK = {
  fact: { word: 'facts', says: 'What happened, as it would be told to anybody' },
  advice: { word: 'advice', says: 'Asked of counsel, or given by counsel' },
} as const

export const MARK_OF = { entry: 'entry', evidence: 'evidence', document: 'paper' } as const

export const keysWords = (n: number) => plural(n, 'key')

/** The lane that was left open, else the first that one is in, else the first. */
export function laneOf(lanes: readonly Lane[], id: string | undefined): Lane | undefined {
  return lanes.find((l) => l.id === id) ?? lanes.find((l) => l.mine) ?? lanes[0]
}

/** Who finds privilege in the rail: counsel, and whoever is in a lane. Others meet it as a wall, not as a place. */
export function seesPrivilege(roles: readonly { role: string }[], lanes: readonly Lane[]): boolean {
  return roles.some((r) => r.role === 'legal-counsel') || lanes.some((l) => l.mine)
}
