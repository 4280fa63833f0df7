// What waits for a person, in words: how each kind of task is called, what its button says, and who may do it.
import type { ToDo } from '../api/types'
import { listing } from './words'

/** `dialog`: done in a dialog right here; else the button leads to where it is done. */
export const TASK_KINDS: Record<ToDo['kind'], { word: string; verb: string; dialog: boolean }> = {
  review: { word: 'Review', verb: 'Review…', dialog: true },
  cosign: { word: 'Second signature', verb: 'Sign as second person…', dialog: true },
  conflict: { word: 'Conflict', verb: 'Settle', dialog: false },
  admit: { word: 'Set aside', verb: 'Admit…', dialog: true },
  custody: { word: 'Custody', verb: 'Go to it', dialog: false },
  mismatch: { word: 'Altered evidence', verb: 'Explain', dialog: false },
  expiring: { word: 'Ends soon', verb: 'Look', dialog: false },
  'no-holder': { word: 'Nobody holds it', verb: 'Give a role', dialog: false },
  witness: { word: 'No witness', verb: 'Go to it', dialog: false },
}

/** "You may, and so may Maya Okafor": names first, the roles when nobody holds one. */
export function mayWords(t: Pick<ToDo, 'may' | 'mine' | 'roles'>, me = ''): string {
  const others = t.may.filter((n) => n !== me)
  if (t.mine) return t.may.length <= 1 ? 'Yours to do.' : `You may, as may others: ${listing(others, 3)}.`
  if (t.may.length > 0) return `May do it: ${listing(t.may, 3)}.`
  return t.roles.length > 0 ? `Nobody here may; it takes ${listing(t.roles.map((r) => r.title), 3)}.` : 'Nobody here may do it.'
}
