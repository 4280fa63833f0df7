// Lanes of the made-up case. Words are open to whoever they are sealed to, as in the program.
import type { Method } from '../client'
import type { FakeState } from '../fake'
import type { Lane, LaneMark, Lanes } from '../types'
import { propose } from './acts'

export interface FakeLanes { lanes: (Omit<Lane, 'mine' | 'words'> & { words: { entry: string; at: string; by: string; track: 'fact' | 'advice'; to: string[]; text: string }[] })[]; marks: LaneMark[] }

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

export function newLanes(base: number): FakeLanes {
  return {
    lanes: [{
      id: 'lane-1', name: 'Notification advice', matter: 'HL-2026-014', direction: 'The board of the ferry line asked counsel on 3 March to advise on its duties to passengers and authorities.', members: ['Maya Okafor', 'Ines Halvorsen'], model: false, by: 'Maya Okafor', at: iso(base - 40 * 3600e3),
      words: [
        { entry: 'w1', at: iso(base - 30 * 3600e3), by: 'Maya Okafor', track: 'advice', to: ['Maya Okafor', 'Ines Halvorsen'], text: 'The clock of Art. 33 runs from the comparison of the file lists, not from the first alert.\nPlease keep the wording “some 8,200” until the deduplication is signed.' },
        { entry: 'w2', at: iso(base - 6 * 3600e3), by: 'Ines Halvorsen', track: 'fact', to: ['Maya Okafor', 'Ines Halvorsen'], text: 'The deduplication removed 1,140 double bookings.' },
      ],
    }],
    marks: [{ entry: 'm1', of: 'evidence', ref: 'c1d2'.repeat(16), title: '/media/usb/collect/TICKET-PC3/mail-m.keller.pst', lane: 'lane-1', track: 'advice', basis: 'Collected at counsel’s direction; holds letters to the works council.', by: 'Maya Okafor', at: iso(base - 20 * 3600e3) }],
  }
}

function lanesView(s: FakeState): Lanes {
  const me = s.case.person.name
  const lanes = s.lanes.lanes.map((l): Lane => ({
    ...l, mine: l.members.includes(me), words: l.words.map((w) => {
      const open = w.to.includes(me)
      return { entry: w.entry, recorded: w.at, author: w.by, track: w.track, keys: w.to.length, to: w.to, open, about: '', text: open ? w.text : '', why: open ? '' : 'Not sealed to your key.' }
    }),
  }))
  return {
    lanes, marks: s.lanes.marks.map((m) => ({ ...m, title: lanes.find((l) => l.id === m.lane)?.mine ? m.title : '' })), limit: 'Only sealed words are encrypted to the members. What is marked is hidden by this program from everybody else, and left out of copies, papers and what a model reads; it lies in the case in plain, and whoever has the passphrase of the case and another program can read it.',
    log: [...s.lanes.lanes.flatMap((l) => l.words.map((w) => ({ entry: w.entry, kind: 'words.sealed', recorded: w.at, author: w.by, lane: l.name, matter: l.matter, track: w.track, basis: 'sealed words', recipients: w.to }))), ...s.lanes.marks.map((m) => ({ entry: m.entry, kind: 'evidence.received', recorded: m.at, author: m.by, lane: s.lanes.lanes.find((l) => l.id === m.lane)?.name ?? '', matter: '', track: m.track, basis: m.basis, recipients: [] }))],
  }
}

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies come from our own client */
export function laneRoute(s: FakeState, method: Method, path: string, body: any): unknown {
  const me = s.case.person
  const names = (ids: string[]) => ids.map((id) => s.people.find((p) => p.id === id)?.name ?? id)
  const lane = s.lanes.lanes.find((l) => l.id === body?.lane)
  const counsel = me.acting === 'legal-counsel' ? null : 'Only Legal counsel may do this.'
  switch (`${method} ${path}`) {
    case 'GET lanes': return lanesView(s)
    case 'POST lanes/open': return propose(s, { kind: 'lane.opened', sentence: `${me.name} opened the lane “${body.name}”, at this direction: ${body.direction}`, refused: counsel, consequences: ['Name, matter, direction and members stand in the record in plain.', 'The program records at whose direction this is done. It does not say that anything is privileged.'], apply: (entry) => { s.lanes.lanes.push({ id: `lane-${entry}`, name: body.name, matter: body.matter, direction: body.direction, members: names(body.members), model: false, by: me.name, at: iso(Date.now()), words: [] }) } })
    case 'POST lanes/members': return propose(s, { kind: 'lane.changed', sentence: `${me.name} set the members of “${lane?.name ?? ''}”: ${names(body.members).join(', ')}.`, refused: counsel, apply: () => { if (lane) lane.members = names(body.members) } })
    case 'POST lanes/note': return propose(s, { kind: 'words.sealed', sentence: `${me.name} wrote into the lane “${lane?.name ?? ''}”, sealed for ${lane?.members.length ?? 0} keys.`, consequences: [`Words: ${body.text}`, `Sealed to ${lane?.members.join(', ') ?? ''} and to nobody else; no passphrase of the case opens it.`], apply: (entry) => { lane?.words.push({ entry, at: iso(Date.now()), by: me.name, track: body.track, to: [...lane.members], text: body.text }) } })
    case 'POST lanes/mark': return propose(s, { kind: 'privilege.marked', sentence: `${me.name} marked ${body.of} for the lane “${lane?.name ?? ''}”: ${body.basis}`, refused: counsel, consequences: ['Seen from now on by the members, and nobody else in this program.'], apply: (entry) => { s.lanes.marks.push({ entry, of: body.of, ref: body.ref, title: body.ref, lane: body.lane, track: body.track, basis: body.basis, by: me.name, at: iso(Date.now()) }) } })
    case 'POST lanes/lift': return propose(s, { kind: 'privilege.lifted', sentence: `${me.name} lifted a mark: ${body.why}`, refused: counsel, consequences: ['Everybody who reads the case sees it again. What somebody saw by then cannot be taken back.'], apply: () => { s.lanes.marks = s.lanes.marks.filter((m) => m.ref !== body.ref) } })
    case 'POST lanes/share': return propose(s, { kind: 'words.sealed', sentence: `${me.name} passed words on to ${names([body.to])[0] ?? ''}.`, refused: counsel, apply: () => { lane?.words.find((w) => w.entry === body.entry)?.to.push(names([body.to])[0] ?? '') } })
    case 'POST lanes/model': return propose(s, { kind: 'model.switched', sentence: `${me.name} ${body.on ? 'opened' : 'closed'} the lane “${lane?.name ?? ''}” ${body.on ? 'to' : 'for'} the model.`, refused: counsel, apply: () => { if (lane) lane.model = body.on } })
  }
  return undefined
}
