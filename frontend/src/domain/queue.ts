// The order of the triage queue: what has no verdict first, highest score first, so that the list shrinks at the top.
import type { Group } from '../api/types'

export function orderQueue(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => Number(a.verdict !== null) - Number(b.verdict !== null) || b.score - a.score || (a.id < b.id ? -1 : 1))
}

/** The next group without a verdict after this one, from the top again at the end; undefined when none is left. */
export function nextOpen(groups: readonly Group[], id: string): Group | undefined {
  const at = groups.findIndex((g) => g.id === id)
  const rest = [...groups.slice(at + 1), ...groups.slice(0, Math.max(0, at))]
  return rest.find((g) => g.verdict === null && g.id !== id)
}
