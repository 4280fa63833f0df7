// Acts of the made-up case: proposed with the sentence of the record, signed by the hash that was shown, and held back
// until a second person signs where the matrix asks for two.
import type { ActPreview, RoleHeld, Signed, ToDo } from '../types'
import type { FakeState } from '../fake'

export interface FakeAct { kind: string; sentence: string; consequences?: string[]; second?: RoleHeld[]; refused?: string | null; apply?: (entry: string) => void }
export interface FakeAwaiting { entry: string; kind: string; sentence: string; by: string; roles: RoleHeld[]; apply: (entry: string) => void }

export function propose(s: FakeState, act: FakeAct): ActPreview {
  const shown = `${act.kind} ${s.prepared.size}`.padEnd(64, '0')
  s.prepared.set(shown, act)
  return {
    shown, sentence: act.sentence, consequences: act.consequences ?? [], refused: act.refused ?? null, second: act.second ?? [],
    signs_as: { person: s.case.person.name, role: s.case.person.acting, role_title: s.case.person.acting_title },
  }
}

function entryOf(s: FakeState): string {
  return `e${s.stories.length}`.padEnd(12, '7')
}

export function signAct(s: FakeState, shown: string): Signed {
  const act = s.prepared.get(shown)
  const entry = entryOf(s)
  if (!act) return { entry, kind: '', story: '', awaits: [] }
  tellAct(s, act.kind, act.sentence)
  const second = act.second ?? []
  if (second.length === 0) act.apply?.(entry)
  else s.awaiting.push({ entry, kind: act.kind, sentence: act.sentence, by: s.case.person.id, roles: second, apply: act.apply ?? (() => undefined) })
  return { entry, kind: act.kind, story: act.sentence, awaits: second }
}

/** The second signature: by somebody who unlocks a key for it, or by the person at the keyboard. */
export function cosign(s: FakeState, entry: string, by: string): Signed {
  const at = s.awaiting.findIndex((a) => a.entry === entry)
  const a = s.awaiting[at]
  if (!a) return { entry, kind: 'act.cosigned', story: '', awaits: [] }
  s.awaiting.splice(at, 1)
  a.apply(entry)
  tellAct(s, 'act.cosigned', `${by} signed as second person: ${a.sentence}`)
  return { entry: entryOf(s), kind: 'act.cosigned', story: a.sentence, awaits: [] }
}

export function tellAct(s: FakeState, kind: string, story: string): void {
  s.stories.push({ at: new Date().toISOString(), kind, story, by: s.case.person.name, role: s.case.person.acting_title })
}

/** What waits for whom, from the acts that await and from what the made-up past left open. */
export function todo(s: FakeState): ToDo[] {
  const holders = (roles: RoleHeld[], not: string) => s.people.filter((p) => p.id !== not && p.roles.some((h) => (h.basis === '' || h.basis === 'succession') && roles.some((r) => r.role === h.role)))
  const seconds = s.awaiting.map((a): ToDo => {
    const may = holders(a.roles, a.by)
    return { kind: 'cosign', text: `Not in force until a second person signs: ${a.sentence}`, roles: a.roles, may: may.map((p) => p.name), mine: may.some((p) => p.id === s.case.person.id), entry: a.entry, link: { stage: 'record', id: a.entry }, due: null }
  })
  return [...s.todo.map((t) => ({ ...t, mine: t.may.includes(s.case.person.name) })), ...seconds]
}
