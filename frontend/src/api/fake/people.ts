// Fictional people, facts and narrative of the made-up case.
import type { Board, HeldRole, Narrative, PersonInCase } from '../types'
import type { FakeTimeline } from './timeline'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

function held(role: string, title: string, from: string, by: string): HeldRole {
  return { role, title, from, granted_by: by, basis: '', until: null, kinds: [], scope: '', words: by ? `own, given by ${by}` : 'own, as opener of the case', entry: '' }
}

function known(id: string, name: string, fingerprint: string, here: boolean, roles: HeldRole[]): PersonInCase {
  return { id, name, fingerprint, here, known: true, roles, other: [], keys: [{ key: fingerprint, fingerprint, here, admitted: true, revoked: '' }] }
}

export function PEOPLE(base: number): PersonInCase[] {
  const hours = (h: number) => iso(base - h * 3600e3)
  return [
    known('p1', 'Ana Ruiz', 'a3f1 09bc 5e77 2d40 91aa c8d2', true, [held('incident-commander', 'Incident Commander', hours(60), ''), held('responder', 'Responder', hours(60), 'Ana Ruiz')]),
    known('p2', 'Maya Okafor', '77d0 41ee 0b1c 9f63 e205 4ab8', true, [held('legal-counsel', 'Legal counsel', hours(52), 'Ana Ruiz')]),
    known('p3', 'Jonas Lindqvist', '1c9e 88f0 d3a4 77b2 0e5f 6d11', false, [held('operations-section-chief', 'Operations Section Chief', hours(49), 'Ana Ruiz')]),
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
