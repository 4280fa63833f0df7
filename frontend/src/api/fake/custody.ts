// Custody of the made-up case: one transfer that waits for Ana Ruiz, one that was taken over, one that left on paper, a
// hold, and what signing each act changes.
import type { Method } from '../client'
import type { ActPreview, Custody, EvidenceItem, Transfer } from '../types'
import type { FakeState } from '../fake'
import { propose } from './acts'
import { evidenceItems, sha } from './evidence'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
const USB = '/media/usb/collect/'

export function newCustody(base: number): Custody {
  const at = (h: number) => iso(base - h * 3600e3)
  const of = (...names: string[]) => names.map((n) => sha(USB + n))
  const transfer = (t: Partial<Transfer> & { id: string; items: string[] }): Transfer => ({ state: 'taken', giver: 'Jonas Lindqvist', giver_role: 'Operations Section Chief', receiver: 'Ana Ruiz', organisation: '', purpose: 'Memory analysis', place: 'Server room, north quay', seal: '', condition: 'sealed, seal unbroken', at: at(2), answer: '', answer_at: null, mine: false, ...t })
  return {
    transfers: [
      transfer({ id: 'trans0a1b2c3d', state: 'offered', items: of('web01/access.log', 'web01/auth.log', 'web01/error.log'), seal: 'HL-0412', mine: true }),
      transfer({ id: 'trans1b2c3d4e', state: 'outside', items: of('FS01.zip'), giver: 'Ana Ruiz', giver_role: 'Incident Commander', receiver: 'Sgt. P. Aalto', organisation: 'Police of Finland', purpose: 'Criminal complaint 5500/R/412', place: 'Harbour office, room 2', seal: 'HL-0409', at: at(20) }),
      transfer({ id: 'trans2c3d4e5f', items: of('FS01.zip', 'FS01.zip!Security.evtx', 'FS01.zip!System.evtx'), at: at(44), answer: 'as given, seal HL-0401 unbroken', answer_at: at(43.5), seal: 'HL-0401' }),
    ],
    custodians: { ...Object.fromEntries(of('FS01.zip!Security.evtx', 'FS01.zip!System.evtx').map((s) => [s, 'Ana Ruiz'])), ...Object.fromEntries(of('FS01.zip').map((s) => [s, 'Sgt. P. Aalto'])) },
    purged: [], tombstones: [],
    holds: [
      { id: 'hold0a1b2c3d', matter: 'Claim of the passengers, file 12-204', why: 'Letter of the insurer of 3 March: keep what shows the transfer from FS01.', items: of('FS01.zip', 'FS01.zip!Security.evtx'), by: 'Maya Okafor', at: at(30), released: null },
      { id: 'hold1b2c3d4e', matter: 'Works council, access to mailboxes', why: 'Until the council has answered.', items: [], by: 'Maya Okafor', at: at(52), released: 'Maya Okafor: The council agreed on 3 March.' },
    ],
    mismatches: [], explained: [],
    last_check: { at: at(3), by: 'Ana Ruiz', items: 13, same: 12, altered: 0, absent: 1 },
  }
}

/** The case after somebody wrote to the file that lies outside; for the screens of a mismatch. */
export function alter(s: FakeState): void {
  const item = evidenceItems(s.base).find((i) => i.sealed === 'referenced')
  if (!item) return
  s.custody.mismatches = [{ sha256: item.sha256, path: item.path, found_at: iso(s.base - 600e3), found_by: 'Ana Ruiz' }]
  s.custody.last_check = { at: iso(s.base - 600e3), by: 'Ana Ruiz', items: 13, same: 12, altered: 1, absent: 0 }
}

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies come from our own client */
export function custodyRoute(s: FakeState, method: Method, path: string, body: any): unknown {
  const me = s.case.person
  const c = s.custody
  const counsel = me.acting === 'legal-counsel' ? null : 'Only Legal counsel may do this.'
  const item = (hash: string): EvidenceItem | undefined => evidenceItems(s.base).find((i) => i.sha256 === hash)
  const n = (list: string[]) => (list.length === 1 ? '1 evidence item' : `${list.length} evidence items`)
  const say = (kind: string, sentence: string, consequences: string[], apply: (entry: string) => void, more: Partial<{ refused: string | null; second: ActPreview['second'] }> = {}) => propose(s, { kind, sentence, consequences, apply, ...more })
  switch (`${method} ${path}`) {
    case 'GET custody': return { ...c, transfers: c.transfers.map((t) => ({ ...t, mine: t.state === 'offered' && t.receiver === me.name })) }
    case 'POST custody/give': {
      const to = s.people.find((p) => p.id === body.to)
      const receiver = to?.name ?? body.receiver
      return say('custody.given', `${me.name} handed ${n(body.items)} to ${receiver}${body.organisation ? `, ${body.organisation}` : ''} for ${body.purpose}, at ${body.place}; condition: ${body.condition}.`,
        to ? [`${to.name} has to take over with their own signature, or refuse.`, 'Until then you stay custodian in the record.'] : ['The receipt can be printed; an outside receiver signs it on paper.', 'The record shows the receiver as custodian from now on.'],
        (entry) => {
          c.transfers = [{ id: entry, state: to ? 'offered' : 'outside', items: body.items, giver: me.name, giver_role: me.acting_title, receiver, organisation: body.organisation, purpose: body.purpose, place: body.place, seal: body.seal, condition: body.condition, at: iso(Date.now()), answer: '', answer_at: null, mine: false }, ...c.transfers]
          if (!to) for (const x of body.items) c.custodians[x] = receiver
        })
    }
    case 'POST custody/take': {
      const t = c.transfers.find((x) => x.id === body.transfer)
      return say('custody.taken', `${me.name} ${body.accepted ? 'took over' : 'refused'} ${n(t?.items ?? [])} from ${t?.giver ?? ''}: ${body.condition}.`, [body.accepted ? 'You are custodian of these items from now on.' : `${t?.giver ?? ''} stays custodian of these items.`], () => {
        if (!t) return
        Object.assign(t, { state: body.accepted ? 'taken' : 'refused', answer: body.condition, answer_at: iso(Date.now()) })
        if (body.accepted) for (const x of t.items) c.custodians[x] = me.name
        s.todo = s.todo.filter((x) => x.entry !== t.id)
      })
    }
    case 'POST custody/explain': return say('mismatch.explained', `${me.name} explained why ${item(body.sha256)?.path ?? ''} is not what was taken in: ${body.text}`, ['Copies of the case may leave again; your explanation goes with them.', 'The item itself stays as it is.'], () => {
      c.mismatches = c.mismatches.filter((m) => m.sha256 !== body.sha256)
      c.explained = [...c.explained, { sha256: body.sha256, text: body.text, by: me.name, at: iso(Date.now()) }]
    })
    case 'POST custody/purge': {
      const path = item(body.sha256)?.path ?? ''
      const { roles } = s.matrix.find((r) => r.kind === 'evidence.purged') ?? { roles: [] }
      return say('evidence.purged', `${me.name} deleted the sealed bytes of ${path}: ${body.why.replace(/\.$/, '')}.`, [`The sealed bytes of ${path} and its rows are deleted from this laptop. This cannot be undone.`, 'Its hash, its receipts, and the text of rows that decisions cite stay in the record.', 'Copies on other laptops are not touched; they delete it when they merge this case.'], (entry) => {
        c.purged = [...c.purged, body.sha256]
        c.tombstones = [...c.tombstones.filter((t) => t.sha256 !== body.sha256), { entry, sha256: body.sha256, why: body.why, by: me.name, at: iso(Date.now()), awaits: false }]
      }, { second: roles })
    }
    case 'POST hold/place': return say('hold.placed', `${me.name} placed a legal hold on ${body.items.length === 0 ? 'the whole case' : n(body.items)} for ${body.matter}: ${body.why.replace(/\.$/, '')}.`, ['The case and its evidence cannot be deleted with this program until the hold is released.', 'It does not keep anybody from deleting the folder by other means.'],
      (entry) => { c.holds = [{ id: entry, matter: body.matter, why: body.why, items: body.items, by: me.name, at: iso(Date.now()), released: null }, ...c.holds] }, { refused: counsel })
    case 'POST hold/release': return say('hold.released', `${me.name} released a legal hold: ${body.why}.`, ['What the hold kept can be deleted again, unless another hold stands.'], () => { c.holds = c.holds.map((h) => (h.id === body.hold ? { ...h, released: `${me.name}: ${body.why}` } : h)) }, { refused: counsel })
    case 'POST custody/receipt': return { path: body.path }
    case 'POST evidence/verify': {
      const id = `j-${s.jobs.length + 1}`
      s.jobs.unshift({ id, title: 'Hashing all evidence again', state: 'done', done: 13, total: 13, unit: 'items', rate: 0, remaining_seconds: null, message: '13 items, all as taken in', started: iso(Date.now()), ended: iso(Date.now()) })
      c.last_check = { at: iso(Date.now()), by: me.name, items: 13, same: 13, altered: 0, absent: 0 }
      return { job: id }
    }
  }
  return undefined
}
