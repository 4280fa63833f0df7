// Small judgements about roles that keep the dialogs honest. The program checks all of it again when it proposes an act.
import type { HeldRole, MatrixRow, PersonInCase, RoleHeld } from '../api/types'

/** Deleting is final, so the program lends it to nobody (`own` in the matrix). */
const NEVER_LENT = ['evidence.purged']

/** The kinds that lending a role can be limited to: what the role may sign and not everybody may anyhow. */
export function lendable(rows: readonly MatrixRow[], role: string): string[] {
  return [...new Set(rows.filter((r) => !r.core && !r.members && !NEVER_LENT.includes(r.kind) && r.roles.some((x) => x.role === role)).map((r) => r.kind))]
}

/** Roles in one's own right: lent and taken ones cannot be lent on. */
export function ownRoles(roles: readonly RoleHeld[]): RoleHeld[] {
  return roles.filter((r, i) => !r.basis && roles.findIndex((x) => x.role === r.role && !x.basis) === i)
}

/** "given by Ana Ruiz", "lent by Ana Ruiz": the ground of a role without its times. */
export function groundWords(r: Pick<HeldRole, 'basis' | 'granted_by'>): string {
  switch (r.basis) {
    case 'delegation': return `lent by ${r.granted_by}`
    case 'break-glass': return 'taken by break-glass'
    case 'succession': return 'taken over by succession'
    default: return r.granted_by ? `given by ${r.granted_by}` : 'from the opening of the case'
  }
}

/** Whether a person has a key that may sign; all may be revoked while the roles stand. */
export function maySign(p: Pick<PersonInCase, 'keys'>): boolean {
  return p.keys.some((k) => k.admitted && k.revoked === '')
}

/** Who took a role in an emergency that still counts. */
export function brokenGlass(people: readonly PersonInCase[]): { person: PersonInCase; role: HeldRole }[] {
  return people.filter(maySign).flatMap((person) => person.roles.filter((r) => r.basis === 'break-glass').map((role) => ({ person, role })))
}

/** Who counts as not reached when somebody takes over a role: its holders, and who stands before them in the order. */
export function countedAbsent(people: readonly PersonInCase[], order: readonly { id: string; name: string }[], role: string, me: string): string[] {
  const holders = people.filter((p) => p.id !== me && p.roles.some((r) => r.role === role && (r.basis === '' || r.basis === 'succession')))
  const at = order.findIndex((p) => p.id === me)
  const before = at > 0 ? order.slice(0, at) : []
  return [...new Set([...holders.map((p) => p.name), ...before.map((p) => p.name)])]
}

/** Moves the item at `from` by `by` places, within the list. */
export function moved<T>(list: readonly T[], from: number, by: number): T[] {
  const to = Math.max(0, Math.min(list.length - 1, from + by))
  const out = [...list]
  const [x] = out.splice(from, 1)
  if (x !== undefined) out.splice(to, 0, x)
  return out
}

export const MAX_GLASS_HOURS = 12

/** Hours as typed; null when they are none, or more than a break-glass may last. */
export function glassHours(text: string): number | null {
  const n = Number(text.trim().replace(',', '.'))
  return text.trim() !== '' && Number.isFinite(n) && n > 0 && n <= MAX_GLASS_HOURS ? n : null
}
