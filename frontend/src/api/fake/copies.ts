// Copies, conflicts and witnesses of the made-up case. What a merge would bring depends on the path that is named: one
// with "damaged", "fork", "ahead" or "same" in it is such a copy.
import type { Method } from '../client'
import type { Checkpoint, Conflict, ConflictAnswer, CopyIn, CopyOrder, CopyOut, CopyPlan, ExtractPlan, ImportPlan, MergePreview, SetAside, SlipLine, Witness } from '../types'
import type { FakeState } from '../fake'
import { propose } from './acts'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
export const HEAD_CODE = 'QK7M-2RTX-9DPA-V4WE-6HNB'
/** Of a copy just made: the entry about it goes along, so it is another head. */
const COPY_CODE = '8MZR-40TD-VX2P-1KQC-6YHB'

export interface FakeCopies { exports: CopyOut[]; merges: CopyIn[]; conflicts: Conflict[]; refused: SetAside[]; witnesses: Witness[]; checkpoints: Checkpoint[] }

const answer = (a: Partial<ConflictAnswer> & { entry: string }): ConflictAnswer => ({ name: 'Ana Ruiz', role: 'Incident Commander', recorded: '', says: '', shown: false, knew: [], ...a })

export function newCopies(base: number): FakeCopies {
  const at = (h: number) => iso(base - h * 3600e3)
  return {
    exports: [
      { entry: 'exp1', at: at(9), by: 'Ana Ruiz', form: 'parcel', to: 'Maya Okafor, counsel', head_code: '19CD-4K7Z-0PQM-XW2A-TT5V', entries: 96, withheld: 2, evidence: 11, recipients: ['Maya Okafor (77D04-1EE0B)'] },
      { entry: 'exp0', at: at(21), by: 'Ana Ruiz', form: 'plain', to: 'Police of Finland', head_code: '77AB-QX20-MMZ3-8TDE-R41C', entries: 61, withheld: 2, evidence: 0, recipients: [] },
    ],
    merges: [{ entry: 'mer0', at: at(17), by: 'Ana Ruiz', keys: 2 }],
    conflicts: [{
      field: 'source 4b', title: 'zone, year and columns of web01/auth.log', answers: [
        answer({ entry: 'confl0a1b2c3d', says: 'Ana Ruiz answered that auth.log of WEB01 is in Europe/Helsinki: the server stands in the harbour office.', recorded: at(27), knew: [{ name: 'Jonas Lindqvist', up_to: at(31) }] }),
        answer({ entry: 'confl1b2c3d4e', name: 'Jonas Lindqvist', role: 'Operations Section Chief', says: 'Jonas Lindqvist answered that auth.log of WEB01 is in UTC: the image was installed by the provider, and rsyslog writes UTC there.', recorded: at(26.4), shown: true, knew: [{ name: 'Ana Ruiz', up_to: at(31) }] }),
      ],
    }],
    refused: [
      { entry: 'aside0a1b2c3d', kind: 'note.made', name: 'Jonas Lindqvist', recorded: at(24), code: 'key-revoked', why: 'signed with a key that was revoked', story: 'Jonas Lindqvist noted that the spare switch is in room 4.', admissible: true },
      { entry: 'aside1b2c3d4e', kind: 'trigger.declared', name: 'Jonas Lindqvist', recorded: at(25), code: 'authority', why: 'the Operations Section Chief may not declare a trigger', story: 'Jonas Lindqvist declared that the team became aware on 3 March at 21:40.', admissible: false },
    ],
    witnesses: [
      { id: 'wit1', how: 'cosignature', by: 'Registry of the district court', at: at(18), head: '77ab'.repeat(16), head_code: '77AB-QX20-MMZ3-8TDE-R41C', text: '', entered_by: 'Ana Ruiz' },
      { id: 'wit0', how: 'paper', by: 'H. Nyman, port authority', at: at(40), head: '19cd'.repeat(16), head_code: '19CD-4K7Z-0PQM-XW2A-TT5V', text: 'Signed at departure; lies in the safe of the harbour office.', entered_by: 'Maya Okafor' },
    ],
    checkpoints: [
      { id: 'chk1', by: 'Ana Ruiz', key: 'A3F10-9BC5E-772D4-091AA', size: 71, at: at(4), witnessed: false },
      { id: 'chk0', by: 'Ana Ruiz', key: 'A3F10-9BC5E-772D4-091AA', size: 58, at: at(19), witnessed: true },
    ],
  }
}

function mergePreview(s: FakeState, path: string): MergePreview {
  const at = (h: number) => iso(s.base - h * 3600e3)
  const file = path.split(/[\\/]/).pop() ?? path
  const is = (word: string) => file.includes(word)
  const me = s.case.person
  const p: MergePreview = {
    from: file, kind: file.endsWith('.case') ? 'case' : file.endsWith('.parcel') ? 'parcel' : 'bundle', signs: !is('ahead') && !is('same'), fast_forward: is('ahead'), nothing: is('same'), blocked: is('damaged'),
    entries: 31, kinds: [{ id: 'row.tagged', name: 'row.tagged', count: 14 }, { id: 'note.made', name: 'note.made', count: 7 }, { id: 'event.promoted', name: 'event.promoted', count: 4 }, { id: 'evidence.received', name: 'evidence.received', count: 2 }, { id: 'evidence.imported', name: 'evidence.imported', count: 2 }, { id: 'severity.declared', name: 'severity.declared', count: 1 }, { id: 'person.admitted', name: 'person.admitted', count: 1 }],
    authors: [{ id: '1c9e', name: 'Jonas Lindqvist', count: 24 }, { id: 'b4c2', name: 'Ines Halvorsen', count: 7 }],
    stories: [
      { entry: 'n1', kind: 'severity.declared', name: 'Ines Halvorsen', recorded: at(9), story: 'Ines Halvorsen declared the severity critical: the provider says that passport scans were in the share.' },
      { entry: 'n2', kind: 'evidence.received', name: 'Jonas Lindqvist', recorded: at(8.4), story: 'Jonas Lindqvist took in memory.raw from FS01, 8.0 GiB, sealed.' },
      { entry: 'n3', kind: 'event.promoted', name: 'Jonas Lindqvist', recorded: at(8), story: 'Jonas Lindqvist promoted “rclone.exe is gone from FS01” with 3 rows.' },
      { entry: 'n4', kind: 'note.made', name: 'Ines Halvorsen', recorded: at(7.1), story: 'Ines Halvorsen noted: the provider answers to the duty number only, ask for Mr Berg.' },
      { entry: 'n5', kind: 'row.tagged', name: 'Jonas Lindqvist', recorded: at(6.9), story: 'Jonas Lindqvist put “staging” on 212 rows.' },
    ],
    bodies: 0, withheld: 2, lacking: 18, people: [{ id: 'p9', name: 'Tomas Virtanen', key: '5RX0C-8E2MK-HQ7VD-T13ZB', new: true }],
    evidence: [{ sha256: 'e1'.repeat(32), path: 'FS01/memory.raw', bytes: 8_589_934_592, state: 'comes' }, { sha256: 'e2'.repeat(32), path: 'provider/flows.jsonl', bytes: 61_203_004, state: 'elsewhere' }], evidence_new: 2, evidence_bytes: 8_589_934_592, evidence_away: 1, rows: 2,
    set_aside: [{ entry: 'sa1', kind: 'document.approved', name: 'Ines Halvorsen', recorded: at(6.5), code: 'authority', why: 'a notice is approved by Legal counsel', story: 'Ines Halvorsen approved the GDPR notice to the supervisory authority.', admissible: false }],
    conflicts: [{ field: 'severity', title: 'severity of the incident', answers: [
      answer({ entry: 'sev0a1b2c3d', says: 'Ana Ruiz declared the severity high: data of passengers left the network.', recorded: at(10), knew: [{ name: 'Ines Halvorsen', up_to: at(12) }] }),
      answer({ entry: 'sev1b2c3d4e', name: 'Ines Halvorsen', role: 'Incident Commander', says: 'Ines Halvorsen declared the severity critical: the provider says that passport scans were in the share.', recorded: at(9), shown: true, knew: [{ name: 'Ana Ruiz', up_to: at(12) }] }),
    ] }],
    settled: 0, equivocations: [], gaps: [], clocks: [], problems: [], problem_count: 0, head_code: HEAD_CODE,
    act: { shown: '5e'.repeat(32), sentence: `${me.name} took in another copy of the case, with the newest entries of 3 keys.`, consequences: ['Both copies have something new: your signature says which state of the other copy was taken in.', '1 conflict will need a person to settle it; until then the later answer is shown.', 'The other copy is not changed.'], signs_as: { person: me.name, role: me.acting, role_title: me.acting_title }, refused: null, second: [] },
  }
  if (is('same')) Object.assign(p, { entries: 0, kinds: [], authors: [], stories: [], withheld: 0, people: [], evidence: [], evidence_new: 0, evidence_bytes: 0, evidence_away: 0, rows: 0, set_aside: [], conflicts: [] })
  if (is('ahead')) Object.assign(p, { lacking: 0, set_aside: [], conflicts: [] })
  if (is('damaged')) Object.assign(p, { problem_count: 2, problems: [{ code: 'signature', text: 'The signature of entry 214 of Jonas Lindqvist does not match its bytes.', entry: '9f2c41d07b6e5a33' }, { code: 'gap', text: 'Entry 215 of Jonas Lindqvist is named by a later one and is not in the copy.', entry: '9f2c41d07b6e5a34' }] })
  if (is('fork')) p.equivocations = [{ code: 'equivocation', text: 'Jonas Lindqvist signed two different entries under number 207.', entry: '9f2c41d07b6e5a35' }]
  return p
}

function copyPlan(s: FakeState, o: CopyOrder): CopyPlan {
  const me = s.case.person
  const all = (o.evidence || (o.form === 'parcel' ? 'all' : 'none')) === 'all'
  const item = (path: string, bytes: number, sealed = true) => ({ sha256: path.padEnd(64, '0'), path, bytes, here: all && (sealed || o.referenced), why: all && (sealed || o.referenced) ? '' : sealed ? 'left out, as you chose' : 'not sealed: it lies where it lay' })
  const items = [item('/media/usb/collect/FS01.zip', 88_214_003), item('/media/usb/collect/DC01/Security.evtx', 68_222_976), item('/media/usb/collect/cloud/audit.jsonl', 4_920_112_004, false)]
  const here = items.filter((i) => i.here)
  return {
    form: o.form, out: o.out, head_code: HEAD_CODE, entries: 118 + s.stories.length, withheld: 3, evidence: here.length, files: 31 + here.length, bytes: 2_400_000 + here.reduce((n, i) => n + i.bytes, 0), items,
    papers: o.papers === 'none' ? [] : [{ document: 'd-2', title: 'Situation report 4', file: 'papers/sitrep-4.pdf', left: '' }, { document: 'd-1', title: 'GDPR notice to the supervisory authority', file: '', left: o.papers === 'all' ? '' : 'not approved' }],
    verifiers: ['caseverify-linux-amd64', 'caseverify-windows-amd64.exe'], recipients: o.recipients.map((r) => s.people.find((p) => p.id === r)?.name ?? r), lanes: o.lanes, resumes: false,
    notes: o.recipients.some((r) => r.startsWith('age1')) ? ['One of the keys is one that the case knows nothing of.'] : [],
    act: {
      shown: '7c'.repeat(32), sentence: `${me.name} exported a copy with ${118 + s.stories.length} entries to ${o.to}.`, signs_as: { person: me.name, role: me.acting, role_title: me.acting_title }, refused: null, second: [],
      consequences: [o.form === 'plain' ? 'The folder is not encrypted: whoever has it can read it.' : o.passphrase ? 'The file opens with its passphrase. Hand the passphrase over by another way.' : 'The file opens with a key of whoever you named.', '3 entries go without words; the privilege log in the copy says on what ground.', 'The record says that this copy left, with its head. Hand the head over by another way, so that the receiver can compare.'],
    },
  }
}

const normal = (code: string) => code.toUpperCase().replace(/[^0-9A-Z]/g, '')

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies come from our own client */
export function copiesRoute(s: FakeState, method: Method, path: string, body: any, query: URLSearchParams): unknown {
  const c = s.copies
  const me = s.case.person
  const head = { head: s.case.head.padEnd(64, '0'), head_code: HEAD_CODE }
  const witness = (how: Witness['how'], by: string, text: string) => (entry: string) => { c.witnesses = [{ id: entry, how, by, at: iso(Date.now()), ...head, text, entered_by: me.name }, ...c.witnesses] }
  switch (`${method} ${path}`) {
    case 'GET conflicts': return { conflicts: c.conflicts }
    case 'GET refused': return { refused: c.refused }
    case 'GET record/entry': {
      const id = query.get('id') ?? ''
      const a = s.awaiting.find((x) => x.entry === id)
      const past = s.standing.get(id)
      return { entry: id, awaits: a?.roles ?? [], cosigned: null, ground: null, corrections: [], ...past }
    }
    case 'POST conflicts/propose': {
      const of = c.conflicts.find((x) => x.field === body.field)
      const a = of?.answers.find((x) => x.entry === body.chosen)
      return propose(s, {
        kind: 'conflict.resolved', sentence: `${me.name} settled the ${of?.title ?? ''} for the answer of ${a?.name ?? ''}: ${body.reason}`, consequences: ['Both histories stay in the record; from here on this answer counts.', 'The other laptops learn of it with the next copy.'],
        apply: () => { c.conflicts = c.conflicts.filter((x) => x.field !== body.field); s.todo = s.todo.filter((t) => t.kind !== 'conflict' || !of?.answers.some((x) => x.entry === t.entry)) },
      })
    }
    case 'POST merge/preview': return mergePreview(s, body.path)
    case 'POST merge': {
      const p = mergePreview(s, body.path)
      const id = `j-${s.jobs.length + 1}`
      c.conflicts = [...p.conflicts.filter((x) => !c.conflicts.some((y) => y.field === x.field)), ...c.conflicts]
      s.jobs.unshift({ id, title: 'Merging another copy', state: 'done', done: 1, total: 1, unit: '', rate: 0, remaining_seconds: null, message: `Took in ${p.entries} entries and ${p.evidence_new - p.evidence_away} evidence item from ${p.from}.${p.conflicts.length ? ` ${p.conflicts.length} conflict for a person to settle.` : ''}`, started: iso(Date.now()), ended: iso(Date.now()) })
      if (p.signs) s.stories.push({ at: iso(Date.now()), kind: 'merge.received', story: p.act.sentence, by: me.name, role: me.acting_title })
      return { job: id }
    }
    case 'GET copies': return { exports: c.exports, merges: c.merges }
    case 'POST copies/estimate': return copyPlan(s, body)
    case 'POST copies/export': {
      const p = copyPlan(s, body)
      const id = `j-${s.jobs.length + 1}`
      s.jobs.unshift({ id, title: 'Making a copy of the case', state: 'done', done: p.bytes, total: p.bytes, unit: 'bytes', rate: 0, remaining_seconds: null, message: '', started: iso(Date.now()), ended: iso(Date.now()) })
      s.stories.push({ at: iso(Date.now()), kind: 'bundle.exported', story: p.act.sentence, by: me.name, role: me.acting_title })
      c.exports = [{ entry: `exp${s.stories.length}`, at: iso(Date.now()), by: me.name, form: p.form, to: body.to, head_code: COPY_CODE, entries: p.entries, withheld: p.withheld, evidence: p.evidence, recipients: p.recipients }, ...c.exports]
      return { job: id }
    }
    case 'POST copies/extract/propose': return { out: body.out, chosen: 6, shown_entries: 14, withheld: 1, papers: body.documents.length > 0 ? ['papers/sitrep-4.pdf'] : [], notes: [], needs_checkpoint: c.checkpoints.length < 3, act: { ...copyPlan(s, { ...body, form: 'plain', recipients: [] }).act, sentence: `${me.name} made an extract with 6 entries for ${body.to}: ${body.reason}.`, consequences: ['It proves that these entries stand in the record. It does not show what else there is.'] } } satisfies ExtractPlan
    case 'POST copies/extract': return { out: body.out, entry: 'e0' }
    case 'POST copies/import/preview': return { from: String(body.path).split('/').pop() ?? '', kind: String(body.path).endsWith('.parcel') ? 'parcel' : 'bundle', case: 'c0ffee', name: 'Harbor Lights', mode: 'exercise', tlp: 'AMBER', opened: iso(s.base - 61 * 3600e3), opened_by: 'Ana Ruiz', opener_key: 'A3F10-9BC5E-772D4-091AA', entries: 118, withheld: 3, evidence: 2, bytes: 156_436_979, elsewhere: 1, head_code: HEAD_CODE, blocked: String(body.path).includes('damaged'), problems: String(body.path).includes('damaged') ? [{ code: 'signature', text: 'The signature of entry 214 of Jonas Lindqvist does not match its bytes.' }] : [], problem_count: String(body.path).includes('damaged') ? 1 : 0 } satisfies ImportPlan
    case 'POST copies/import': { s.case.open = true; s.jobs.unshift({ id: 'j-import', title: 'Making a case of the copy', state: 'done', done: 1, total: 1, unit: '', rate: 0, remaining_seconds: null, message: '', started: iso(Date.now()), ended: iso(Date.now()) }); return { job: 'j-import' } }
    case 'GET record/witnesses': return { witnesses: c.witnesses, checkpoints: c.checkpoints }
    case 'POST record/checkpoint': {
      const story = `${me.name} signed a checkpoint over ${72 + s.stories.length} entries of theirs.`
      s.stories.push({ at: iso(Date.now()), kind: 'checkpoint.made', story, by: me.name, role: me.acting_title })
      c.checkpoints = [{ id: `chk${s.stories.length}n`, by: me.name, key: 'A3F10-9BC5E-772D4-091AA', size: 71 + s.stories.length, at: iso(Date.now()), witnessed: false }, ...c.checkpoints]
      return { entry: `e${s.stories.length}`, kind: 'checkpoint.made', story, awaits: [] }
    }
    case 'POST record/witness': return propose(s, { kind: 'witness.received', sentence: `${me.name} entered that ${body.by} holds the head ${body.head || HEAD_CODE} on paper.`, consequences: ['From now on nobody can rewrite what this head covers without the slip contradicting it.', 'The program has not seen the slip: this entry says that you have.'], apply: witness('paper', body.by, body.text) })
    case 'POST record/witness/note': return propose(s, { kind: 'witness.received', sentence: `${me.name} entered that Tomas Virtanen cosigned a checkpoint of ${me.name} over 71 entries.`, consequences: ['Whoever checks this record sees that these entries stood when it was cosigned.'], apply: (entry) => { witness('cosignature', 'Tomas Virtanen', '')(entry); c.checkpoints = c.checkpoints.map((k, i) => (i === 0 ? { ...k, witnessed: true } : k)) } })
    case 'POST record/timestamp/request': return { path: body.path, head_code: HEAD_CODE }
    case 'POST record/timestamp': return propose(s, { kind: 'witness.received', sentence: `${me.name} entered a time stamp of TSA Nord for the head ${HEAD_CODE}.`, consequences: [body.ca ? 'The stamp is signed by an authority whose certificates you named.' : 'No certificates were named: the program does not vouch for who stamped it.'], apply: witness('timestamp', 'TSA Nord', '') })
    case 'POST record/slip': return { path: body.path }
    case 'POST record/slip/compare': {
      const same = [HEAD_CODE, COPY_CODE].some((head) => normal(body.code) === normal(head))
      const lines: SlipLine[] = [
        { what: 'case', paper: same ? 'c0ffee' : '', here: 'c0ffee', state: same ? 'equal' : 'not compared' }, { what: 'head', paper: body.code, here: HEAD_CODE, state: same ? 'equal' : 'differs' },
        { what: 'file', paper: '', here: body.file ? '5X8Q-0WNE' : '', state: 'not compared' },
      ]
      return { equal: same, lines }
    }
  }
  return undefined
}
