// The record of the made-up case as stories.
import type { FakeState } from '../fake'
import type { RecordEntry } from '../types'

const PAST: [hours: number, kind: string, by: number, story: string][] = [
  [1.2, 'document.drafted', 1, 'Drafted GDPR notice to the supervisory authority'], [3.5, 'note.added', 0, 'Noted: the printer in the north office explains the failed logons on DC01'], [5.1, 'event.promoted', 0, 'Promoted “svc-backup logs on to FS01 from TICKET-PC3” with 2 rows'],
  [6.4, 'task.done', 2, 'Closed task: spare switch for the quay delivered'], [11, 'role.granted', 0, 'Gave Jonas Lindqvist the role Operations Section Chief'], [18.7, 'evidence.added', 0, 'Took in 13 items from J. Lindqvist, IT: Suspected intrusion on FS01'], [22.2, 'trigger.declared', 1, 'Declared: became aware of a significant incident. Ticketing was down on two lines for over an hour.'],
  [27, 'source.assumed', 0, 'Assumed that auth.log of WEB01 is in Europe/Helsinki'], [33, 'note.added', 2, 'Noted: FS01 clock checked against the NTP server, 0.2 s'], [50, 'decision.made', 0, 'Declared severity high: data of passengers left the network'], [52, 'role.granted', 0, 'Gave Maya Okafor the role Legal counsel'],
  [59.6, 'trigger.declared', 1, 'Declared: became aware. The file list of the passenger share was compared with the transfer.'], [60.9, 'person.admitted', 0, 'Admitted Maya Okafor and Jonas Lindqvist'], [61, 'case.created', 0, 'Created the case Harbor Lights as an exercise and became Incident Commander'],
]
const WHO = [['Ana Ruiz', 'Incident Commander', 'a3f109bc'], ['Maya Okafor', 'Legal counsel', '77d041ee'], ['Jonas Lindqvist', 'Operations Section Chief', '1c9e88f0']] as const

export function recordOf(s: FakeState): RecordEntry[] {
  const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
  const entry = (i: number, at: string, kind: string, story: string, name: string, role: string, author: string): RecordEntry => ({
    id: `${(0x9f2c41d0 + i * 7919).toString(16)}b6e5a3388d1`, kind, story, author, author_name: name, role, seq: i + 1, recorded: at, withheld: false, body: JSON.stringify({ salt: 'q83v', story, rows: [] }), line: JSON.stringify({ payloadType: 'application/vnd.adjutant.entry+json', payload: '…', signatures: [{ keyid: author, sig: '…' }] }),
  })
  const past = PAST.map(([h, kind, by, story], i) => { const w = WHO[by] ?? WHO[0]; return entry(PAST.length - i, iso(s.base - h * 3600e3), kind, story, w[0], w[1], w[2]) })
  const fresh = [...s.stories].reverse().map((x, i) => entry(200 + s.stories.length - i, x.at, x.kind, x.story, x.by, x.role, 'a3f109bc'))
  return [...fresh, ...past]
}
