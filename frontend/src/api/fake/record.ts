// The record of the made-up case as stories, with bodies of the shape that the program signs.
import type { FakeState } from '../fake'
import type { EntryDetail, RecordEntry } from '../types'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

const PAST: [hours: number, kind: string, by: number, story: string, data?: Record<string, unknown>][] = [
  [1.2, 'document.drafted', 1, 'Drafted GDPR notice to the supervisory authority'], [3.5, 'note.made', 0, 'Noted: the printer in the north office explains the failed logons on DC01'], [5.1, 'event.promoted', 0, 'Promoted “svc-backup logs on to FS01 from TICKET-PC3” with 2 rows'],
  [6.4, 'note.made', 2, 'Noted: spare switch for the quay delivered'], [9, 'bundle.exported', 0, 'Exported a copy with 96 entries to Maya Okafor, head 19CD-4K7Z-0PQM-XW2A-TT5V', { to: 'Maya Okafor', head: '19cd'.repeat(16), entries: 96, form: 'parcel', withheld: 2, evidence: 11, recipients: ['Maya Okafor'] }], [11, 'role.granted', 0, 'Gave Jonas Lindqvist the role Operations Section Chief'],
  [17, 'merge.received', 0, 'Took in another copy of the case, with the newest entries of 2 keys', { heads: { '1c9e': 'a07b', '77d0': 'c19f' } }], [18.7, 'evidence.received', 0, 'Took in 13 items from J. Lindqvist, IT: Suspected intrusion on FS01', { sha256: '4b'.repeat(32), path: '/media/usb/collect/FS01.zip', bytes: 88_214_003, kept: 'sealed', custodian: 'J. Lindqvist, IT', source: 'File server FS01', why: 'Suspected intrusion on FS01' }],
  [22.2, 'trigger.declared', 1, 'Declared: became aware of a significant incident. Ticketing was down on two lines for over an hour.'],
  [27, 'source.assumed', 0, 'Assumed that auth.log of WEB01 is in Europe/Helsinki'], [33, 'note.made', 2, 'Noted: FS01 clock checked against the NTP server, 0.2 s'], [50, 'severity.declared', 0, 'Declared severity high: data of passengers left the network', { level: 'high', suggested: 'high', suggested_by: { kind: 'computed', name: 'severity', version: '1' }, reason_code: 'new-facts', reason: 'The file list of the passenger share was compared with the transfer.', rows: [], role: 'incident-commander' }],
  [52, 'role.granted', 0, 'Gave Maya Okafor the role Legal counsel'],
  [59.6, 'trigger.declared', 1, 'Declared: became aware. The file list of the passenger share was compared with the transfer.'], [60.9, 'person.admitted', 0, 'Admitted Maya Okafor and Jonas Lindqvist'], [61, 'case.opened', 0, 'Created the case Harbor Lights as an exercise and became Incident Commander'],
]
const WHO = [['Ana Ruiz', 'Incident Commander', 'a3f109bc'], ['Maya Okafor', 'Legal counsel', '77d041ee'], ['Jonas Lindqvist', 'Operations Section Chief', '1c9e88f0']] as const
const idOf = (seq: number) => `${(0x9f2c41d0 + seq * 7919).toString(16)}b6e5a3388d1`

/** What later entries say about some of the past ones. */
export function standingOf(base: number): Map<string, Partial<EntryDetail>> {
  const at = (kind: string) => idOf(PAST.length - PAST.findIndex((p) => p[1] === kind))
  return new Map([
    [at('severity.declared'), { cosigned: { entry: 'cos0', name: 'Maya Okafor', at: iso(base - 49.5 * 3600e3), text: 'Legal counsel' } }],
    [at('trigger.declared'), { ground: { entry: 'del0', name: '', at: iso(base - 24 * 3600e3), text: 'The role was lent. Ana Ruiz lent Maya Okafor the role Incident Commander for declare a trigger.' } }],
    [at('note.made'), { corrections: [{ entry: 'cor0', name: 'Ana Ruiz', at: iso(base - 3 * 3600e3), text: 'It is the printer in the south office.' }] }],
  ])
}

export function recordOf(s: FakeState): RecordEntry[] {
  const entry = (seq: number, id: string, at: string, kind: string, story: string, name: string, role: string, author: string, data: Record<string, unknown>): RecordEntry => ({
    id, kind, story, author, author_name: name, role, seq, recorded: at, withheld: false, awaits: s.awaiting.some((a) => a.entry === id), body: JSON.stringify({ salt: '9c'.repeat(16), data }), line: JSON.stringify({ payloadType: 'application/vnd.adjutant.entry.v1+json', payload: '…', signatures: [{ keyid: author, sig: '…' }] }),
  })
  const past = PAST.map(([h, kind, by, story, data], i) => { const w = WHO[by] ?? WHO[0]; const n = PAST.length - i; return entry(n, idOf(n), iso(s.base - h * 3600e3), kind, story, w[0], w[1], w[2], data ?? { text: story }) })
  const fresh = s.stories.map((x, i) => entry(200 + i, `e${i}`.padEnd(12, '7'), x.at, x.kind, x.story, x.by, x.role, 'a3f109bc', { text: x.story })).reverse()
  return [...fresh, ...past]
}
