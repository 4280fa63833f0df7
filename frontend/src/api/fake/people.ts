// Fictional people, their keys and roles, who may do what, facts and narrative of the made-up case.
import type { Board, HeldRole, MatrixRow, Narrative, PersonInCase, RoleHeld, ToDo } from '../types'
import type { FakeTimeline } from './timeline'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

const held = (role: string, title: string, from: string, by: string, more: Partial<HeldRole> = {}): HeldRole =>
  ({ role, title, from, granted_by: by, basis: '', until: null, kinds: [], scope: '', words: `own, given by ${by || 'the opening of the case'}`, entry: `${role.slice(0, 4)}${from.length}0a1b2c`, ...more })

export function PEOPLE(base: number): PersonInCase[] {
  const from = iso(base - 60 * 3600e3)
  const key = (n: string, fingerprint: string, here: boolean, revoked = '') => ({ key: n.repeat(64).slice(0, 64), fingerprint, here, admitted: true, revoked })
  return [
    { id: 'p1', name: 'Ana Ruiz', fingerprint: 'A3F10-9BC5E-772D4-091AA', here: true, known: true, keys: [key('a3f1', 'A3F10-9BC5E-772D4-091AA', true)], other: [],
      roles: [held('incident-commander', 'Incident Commander', from, ''), held('responder', 'Responder', from, 'Ana Ruiz')] },
    { id: 'p2', name: 'Maya Okafor', fingerprint: '77D04-1EE0B-1C9F6-3E205', here: true, known: true, keys: [key('77d0', '77D04-1EE0B-1C9F6-3E205', true)], other: [],
      roles: [held('legal-counsel', 'Legal counsel', iso(base - 52 * 3600e3), 'Ana Ruiz')] },
    { id: 'p3', name: 'Jonas Lindqvist', fingerprint: '1C9E8-8F0D3-A477B-20E5F', here: false, known: true,
      keys: [key('1c9e', '1C9E8-8F0D3-A477B-20E5F', false), key('9ab0', '9AB0K-72TXM-41QWE-0PD5C', false, 'by Ana Ruiz on 3 Mar 2026 18:20 UTC: laptop left on the ferry')],
      roles: [held('operations-section-chief', 'Operations Section Chief', iso(base - 49 * 3600e3), 'Ana Ruiz')], other: [held('responder', 'Responder', iso(base - 58 * 3600e3), 'Ana Ruiz', { until: iso(base - 49 * 3600e3), words: 'own, given by Ana Ruiz; ended by Ana Ruiz: became Operations Section Chief' })] },
    { id: 'p4', name: 'Ines Halvorsen', fingerprint: 'K4Q2Z-P0R81-V6MTB-9D3HS', here: true, known: true, keys: [key('b4c2', 'K4Q2Z-P0R81-V6MTB-9D3HS', true)], other: [],
      roles: [held('incident-commander', 'Incident Commander', iso(base - 3 * 3600e3), 'Ana Ruiz', { basis: 'delegation', until: iso(base + 5 * 3600e3), kinds: ['decision.made', 'severity.declared'], words: 'lent by Ana Ruiz' }),
        held('planning-section-chief', 'Planning Section Chief', iso(base - 40 * 3600e3), 'Ana Ruiz'),
        held('liaison-officer', 'Liaison Officer', iso(base - 2 * 3600e3), 'Ines Halvorsen', { basis: 'break-glass', until: iso(base + 2 * 3600e3), words: 'taken by break-glass' })] },
  ]
}

export const ROLE = {
  ic: { role: 'incident-commander', title: 'Incident Commander' }, ops: { role: 'operations-section-chief', title: 'Operations Section Chief' }, plan: { role: 'planning-section-chief', title: 'Planning Section Chief' },
  log: { role: 'logistics-section-chief', title: 'Logistics Section Chief' }, fin: { role: 'finance-administration-section-chief', title: 'Finance/Administration Section Chief' }, lia: { role: 'liaison-officer', title: 'Liaison Officer' },
  pio: { role: 'public-information-officer', title: 'Public Information Officer' }, saf: { role: 'safety-officer', title: 'Safety Officer' }, doc: { role: 'documentation-unit-leader', title: 'Documentation Unit Leader' },
  law: { role: 'legal-counsel', title: 'Legal counsel' }, res: { role: 'responder', title: 'Responder' },
} satisfies Record<string, RoleHeld>

export function matrix(base: number): MatrixRow[] {
  const row = (kind: string, roles: RoleHeld[], more: Partial<MatrixRow> = {}): MatrixRow => ({ kind, class: '', members: roles.length === 0, roles, two_person: false, can_two: false, core: false, why: 'as ICS has it', changed_by: '', changed_at: null, ...more })
  const { ic, ops, plan, log, fin, lia, pio, saf, doc, law, res } = ROLE
  const takers = [res, ops, plan, doc, ic]
  return [
    row('person.admitted', [ic], { core: true, why: 'who is in the room is the commander’s to say' }), row('role.granted', [ic], { core: true }), row('role.ended', [ic], { core: true }), row('role.delegated', [], { core: true, why: 'whoever holds the role in their own right' }), row('authority.changed', [ic], { core: true }), row('glass.reviewed', [ic, law], { can_two: true }),
    row('evidence.received', takers), row('evidence.imported', takers), row('custody.given', [...takers, log, law]), row('evidence.purged', [ic, law], { can_two: true, two_person: true, why: 'deleting is final', changed_by: 'Ana Ruiz', changed_at: iso(base - 44 * 3600e3) }), row('mismatch.explained', [ic, ops, doc, law], { can_two: true }),
    row('row.tagged', []), row('note.made', []), row('event.promoted', [res, ops, plan, doc, law, ic]), row('verdict.given', [res, ops, plan, ic], { can_two: true }),
    row('severity.declared', [ic], { can_two: true, two_person: true, why: 'the port authority asks for two names', changed_by: 'Ana Ruiz', changed_at: iso(base - 41 * 3600e3) }), row('decision.made', [ic, ops, plan, log, fin, lia, pio, saf, law], { can_two: true, why: 'command and general staff, and counsel' }),
    row('trigger.declared', [ic, law], { can_two: true }), row('trigger.submitted', [ic, law, lia], { can_two: true }),
    row('document.drafted', []), row('document.approved', [ic], { class: 'report', can_two: true }), row('document.approved', [pio], { class: 'message', can_two: true }), row('document.approved', [law], { class: 'notice', can_two: true }), row('document.released', [law, ic, lia], { class: 'notice', can_two: true }),
    row('hold.placed', [law]), row('hold.released', [law], { can_two: true }), row('lane.opened', [law]), row('privilege.marked', [law]), row('privilege.lifted', [law], { can_two: true }),
    row('model.switched', [ic, ops, plan, law], { can_two: true }), row('checkpoint.made', []), row('witness.received', []),
  ]
}

export function openTasks(base: number): ToDo[] {
  const { ic, law } = ROLE
  return [
    { kind: 'review', text: 'Ines Halvorsen took the role Liaison Officer in an emergency on 4 Mar 2026 07:10 UTC and signed 2 acts under it; it waits for a review.', roles: [ic, law], may: ['Ana Ruiz', 'Maya Okafor'], mine: true, entry: 'glass0a1b2c3d', link: { stage: 'record', id: 'glass0a1b2c3d' }, due: null },
    { kind: 'admit', text: 'Set aside, because signed with a key that was revoked. If it is to count it has to be admitted: Jonas Lindqvist noted that the spare switch is in room 4.', roles: [ic], may: ['Ana Ruiz'], mine: true, entry: 'aside0a1b2c3d', link: { stage: 'record', id: 'aside0a1b2c3d' }, due: null },
    { kind: 'custody', text: 'Jonas Lindqvist offers you 3 evidence items: take over or refuse.', roles: [], may: ['Ana Ruiz'], mine: true, entry: 'trans0a1b2c3d', link: { stage: 'evidence', id: 'trans0a1b2c3d' }, due: null },
    { kind: 'conflict', text: 'Two answers to the zone of auth.log on WEB01: Europe/Helsinki and UTC.', roles: [ic, ROLE.ops], may: ['Ana Ruiz', 'Jonas Lindqvist'], mine: true, entry: 'confl0a1b2c3d', link: { stage: 'record', id: 'confl0a1b2c3d' }, due: null },
    { kind: 'expiring', text: 'The role Incident Commander that Ana Ruiz lent to Ines Halvorsen ends soon.', roles: [ic], may: ['Ana Ruiz'], mine: true, entry: 'lent00a1b2c3', link: { stage: 'record', id: 'lent00a1b2c3' }, due: iso(base + 90 * 60e3) },
  ]
}
export function facts(base: number): Board['facts'] {
  return [
    { label: 'First sign on', value: 'TICKET-PC3, invoice_4471.iso opened', origin: { kind: 'evidence', name: 'Security.evtx' } },
    { label: 'Account misused', value: 'svc-backup', origin: { kind: 'evidence', name: 'Security.evtx' } },
    { label: 'Data that left', value: 'About 11.4 GiB from FS01 to 203.0.113.77', origin: { kind: 'rule', name: 'adj-exfil-rclone', version: 'own 1' } },
    { label: 'People affected', value: 'Some 8,200 passengers with names and passport numbers', origin: { kind: 'person', name: 'Maya Okafor', role: 'Legal counsel', at: iso(base - 20 * 3600e3) } },
  ]
}

export function narrative(t: FakeTimeline): Narrative {
  const k = (key: string) => t.keyRow(key)
  return {
    by: { kind: 'rule', name: 'narrative', version: 'extractive 1' },
    sentences: [
      { text: 'On TICKET-PC3, m.keller opened invoice_4471.iso, and a process was started from it two seconds later.', rows: [k('iso'), k('run')], checked: true },
      { text: 'svc-backup logged on to FS01 over the network from 10.20.4.31, for the first time in the collected period.', rows: [k('logon')], checked: true },
      { text: 'rclone.exe ran on FS01 and the firewall counted 11.4 GiB to 203.0.113.77.', rows: [k('rclone'), k('fw')], checked: true },
      { text: 'The Security log of FS01 was cleared afterwards.', rows: [k('clear')], checked: true },
    ],
    other: {
      by: { kind: 'model', name: 'SmolLM2', version: '135M', checked: '2 of 4 sentences checked' }, note: 'Shown for comparison. This model was found unfit.',
      sentences: [
        { text: 'An attacker opened a file on TICKET-PC3.', rows: [k('iso')], checked: true },
        { text: 'The attacker then used svc-backup on FS01.', rows: [k('logon')], checked: true },
        { text: 'Data of 114 GiB was sent to 203.0.113.7.', rows: [k('fw')], checked: false, failed: 'the cited row holds 203.0.113.77' },
        { text: 'All servers were encrypted.', rows: [], checked: false, failed: 'cites no row' },
      ],
    },
  }
}
