// People, roles, keys and the matrix of the made-up case: what each dialog proposes and what signing it changes.
import type { Method } from '../client'
import type { ActPreview, HeldRole, PersonInCase, RoleHeld } from '../types'
import type { FakeState } from '../fake'
import { cosign, propose, signAct, todo } from './acts'
import { ROLE } from './people'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
const TITLES = new Map(Object.values(ROLE).map((r) => [r.role, r.title]))
const NEWCOMER = { id: 'p9', name: 'Tomas Virtanen', fingerprint: '5RX0C-8E2MK-HQ7VD-T13ZB', made: '2026-03-03T09:12:00Z' }

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies come from our own client */
export function peopleRoute(s: FakeState, method: Method, path: string, body: any): unknown {
  const me = s.case.person
  if (typeof body?.why === 'string') body = { ...body, why: body.why.replace(/\.$/, '') }
  const person = (id: string) => s.people.find((p) => p.id === id)
  const name = (id: string) => person(id)?.name ?? id
  const title = (role: string) => TITLES.get(role) ?? role
  const commander = me.acting === 'incident-commander' ? null : `Only the Incident Commander may do this; you act as ${me.acting_title || 'nobody'}.`
  const say = (kind: string, sentence: string, consequences: string[], apply: () => void, more: { refused?: string | null; second?: RoleHeld[] } = {}): ActPreview => propose(s, { kind, sentence, consequences, apply, refused: commander, ...more })
  const give = (p: PersonInCase | undefined, r: Partial<HeldRole> & { role: string }) => {
    if (!p) return
    const h: HeldRole = { title: title(r.role), from: iso(Date.now()), granted_by: me.name, basis: '', until: null, kinds: [], scope: '', words: `own, given by ${me.name}`, entry: `r${s.stories.length}`, ...r }
    p.roles = [...p.roles, h]
    if (p.id === me.id) me.roles = rolesOf(p)
  }
  switch (`${method} ${path}`) {
    case 'GET people': return { people: s.people, successions: s.successions }
    case 'POST people/add': s.people.push({ id: `p${s.people.length + 5}`, name: body.name, fingerprint: 'W8T3V-0MZQ4-92KDA-XE7PC', here: true, known: false, keys: [{ key: 'f0'.repeat(32), fingerprint: 'W8T3V-0MZQ4-92KDA-XE7PC', here: true, admitted: false, revoked: '' }], roles: [], other: [] }); return { people: s.people, successions: s.successions }
    case 'POST people/admit': {
      const who = body.card ? NEWCOMER : person(body.person)
      return say('person.admitted', `${me.name} admitted ${who?.name ?? ''} to the case with the key ${who?.fingerprint ?? ''}.`, [body.fingerprint ? 'You said that you compared the code with them.' : 'The code was not compared yet. Whoever changed the card on its way would sign as them.', 'They may read and note. A role has to be given separately.'], () => {
        if (!who) return
        const known = person(who.id)
        if (known) { known.known = true; known.keys.forEach((k) => { k.admitted = true }) }
        else s.people.push({ id: who.id, name: who.name, fingerprint: who.fingerprint, here: false, known: true, keys: [{ key: '5c'.repeat(32), fingerprint: who.fingerprint, here: false, admitted: true, revoked: '' }], roles: [], other: [] })
      })
    }
    case 'POST people/grant': return say('role.granted', `${me.name} gave ${name(body.person)} the role ${title(body.role)}${body.to ? ` until ${body.to}` : ''}.`, [`${name(body.person)} may sign as ${title(body.role)}.`], () => give(person(body.person), { role: body.role, until: body.to ? iso(Date.now() + 8 * 3600e3) : null }))
    case 'POST people/end': return say('role.ended', `${me.name} ended the role ${title(body.role)} of ${name(body.person)}: ${body.why}.`, ['What was signed in it stays. What is signed in it elsewhere, unseen by you, is set aside when it arrives.'], () => { const p = person(body.person); if (p) p.roles = p.roles.filter((r) => r.role !== body.role) }, { refused: null })
    case 'POST people/delegate': return say('role.delegated', `${me.name} lent ${name(body.person)} the role ${title(body.role)} until ${body.to}${body.only.length ? ` for ${body.only.join(', ')}` : ''}: ${body.why}.`, ['You keep the role yourself.', 'What is lent cannot be lent on, and ends by itself.'],
      () => give(person(body.person), { role: body.role, basis: 'delegation', until: iso(Date.now() + 8 * 3600e3), kinds: body.only, words: `lent by ${me.name}` }), { refused: null })
    case 'POST people/succession': return say('succession.set', `${me.name} set who follows as ${title(body.role)}: ${body.order.map(name).join(', then ') || 'nobody'}.`, ['Whoever stands in the order may take the role when nobody before them can be reached.'], () => { s.successions = [...s.successions.filter((x) => x.role !== body.role), ...(body.order.length ? [{ role: body.role, title: title(body.role), order: body.order.map((id: string) => ({ id, name: name(id) })) }] : [])] })
    case 'POST people/assume': return say('role.assumed', `${me.name} took over the role ${title(body.role)} by succession: ${body.why}.`, ['Ana Ruiz counts as not reached and keeps the role.'], () => give(person(me.id), { role: body.role, basis: 'succession' }), { refused: null })
    case 'POST people/glass': return say('glass.broken', `${me.name} broke the glass and took the role ${title(body.role)} for ${body.hours} h: ${body.why}.`, ['It ends by itself. It waits for a review by the Incident Commander or Legal counsel, never by you.', 'Everything you sign in it names this entry.'], () => give(person(me.id), { role: body.role, basis: 'break-glass', until: iso(Date.now() + body.hours * 3600e3), words: 'taken by break-glass' }), { refused: null })
    case 'POST people/review': return say('glass.reviewed', `${me.name} reviewed the break-glass of Ines Halvorsen: ${body.outcome === 'upheld' ? 'upheld' : 'not upheld'}. ${body.why}`, ['What was signed under it stays in force either way; the review stands beside it.'], () => { s.todo = s.todo.filter((t) => t.entry !== body.entry) }, { refused: me.name === 'Ines Halvorsen' ? 'Nobody reviews their own break-glass.' : null })
    case 'POST people/revoke': return say('key.revoked', `${me.name} revoked a key of ${name(body.person)}: ${body.why}.`, ['What it signed elsewhere and nobody here has seen is set aside when it arrives.'], () => { const k = person(body.person)?.keys.find((x) => x.key === body.key); if (k) k.revoked = `by ${me.name}: ${body.why}` })
    case 'POST record/admit': return say('entry.admitted', `${me.name} admitted an entry that had been set aside: ${body.why}.`, ['It counts from its own place in the record.'], () => { s.todo = s.todo.filter((t) => t.entry !== body.entry); s.copies.refused = s.copies.refused.filter((r) => r.entry !== body.entry) })
    case 'GET authority': return { rows: s.matrix, roles: Object.values(ROLE), break_glass: [ROLE.ic, ROLE.ops, ROLE.plan, ROLE.pio, ROLE.lia] }
    case 'POST authority/set': {
      const [kind = '', cls = ''] = String(body.of).split('/')
      return say('authority.changed', `${me.name} changed who may sign ${body.of}: ${body.roles.map(title).join(', ')}${body.two_person ? ', two persons' : ''}. ${body.why}`, [body.two_person ? 'From now on it is in force when two persons have signed.' : 'One signature is enough from now on.'], () => {
        s.matrix = s.matrix.map((r) => (r.kind === kind && r.class === cls ? { ...r, members: false, roles: body.roles.map((x: string) => ({ role: x, title: title(x) })), two_person: body.two_person, why: body.why, changed_by: me.name, changed_at: iso(Date.now()) } : r))
      })
    }
    case 'GET todo': return { items: todo(s) }
    case 'POST keys/card/read': return { ...NEWCOMER, card: 'card', path: '' }
    case 'POST keys/card/export': return { id: me.id, name: me.name, fingerprint: person(me.id)?.fingerprint ?? '', made: '2026-03-01T08:00:00Z', card: '', path: body.path }
    case 'POST keys/passphrase': return { id: me.id, name: me.name, fingerprint: person(me.id)?.fingerprint ?? '', made: '2026-03-01T08:00:00Z', card: '', path: '' }
    case 'GET slots': return { slots: s.slots }
    case 'POST slots/preview': return propose(s, { kind: 'slots.changed', sentence: `${me.name} changed what opens the case on this laptop.`, consequences: body.do === 'remove' || body.do === 'replace' ? ['Copies of the folder from before still open with the old way.'] : ['Whoever has it reads the whole case. To sign they also need a person’s key.'],
      apply: () => { s.slots = body.do === 'remove' ? s.slots.filter((x) => x.number !== body.number) : body.do === 'add' || body.do === 'recipient' ? [...s.slots, { number: s.slots.length + 1, kind: body.do === 'add' ? 'passphrase' : 'recipient', recipient: body.recipient ?? '' }] : s.slots } })
    case 'POST slots/change': case 'POST act/sign': return signAct(s, body.shown)
    case 'POST act/second': return propose(s, { kind: 'act.cosigned', sentence: `${me.name} signed as second person: ${s.awaiting.find((a) => a.entry === body.entry)?.sentence ?? ''}`, consequences: ['With this it is in force.'], apply: () => { const at = s.awaiting.findIndex((a) => a.entry === body.entry); s.awaiting.splice(at, 1)[0]?.apply(body.entry) } })
    case 'POST act/cosign': return cosign(s, body.entry, name(body.person))
  }
  return undefined
}

/** Roles as the strip shows them: the ground and the end stand where the role is not one's own. */
export function rolesOf(p: PersonInCase): RoleHeld[] {
  return p.roles.map((r) => ({ role: r.role, title: r.title, basis: r.basis === 'delegation' ? `by delegation of ${r.granted_by}` : r.basis === 'break-glass' ? 'by break-glass' : undefined, until: r.until ?? undefined }))
}
