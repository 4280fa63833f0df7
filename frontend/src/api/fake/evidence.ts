// Items and blind spots of the made-up case, what files to come would be, and a table for the mapping wizard.
import type { Method } from '../client'
import type { BlindSpot, EvidenceItem, Examined, IntakeLimits, KeptMapping, MappedColumn, MappingPreview, TimeForm } from '../types'
import type { FakeState } from '../fake'
import { propose, tellAct } from './acts'
import { bytes } from '../../domain/words'
import { readMapping, writeMapping } from '../../domain/mapping'
import { parseWall } from '../../domain/time'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
export const sha = (seed: string) => Array.from({ length: 64 }, (_, i) => ((seed.charCodeAt(i % seed.length) * 7 + i * 13) % 16).toString(16)).join('')

export function evidenceItems(base: number): EvidenceItem[] {
  const first = iso(base - 80 * 3600e3)
  const last = iso(base - 62 * 3600e3)
  const item = (path: string, format: string, part: Partial<EvidenceItem>): EvidenceItem => ({
    path, format, status: 'ok', sha256: sha(path), bytes: 21_000_000, read: 0, parsed: 0, skipped: [], warnings: 0, first, last, sealed: 'sealed', custodian: 'J. Lindqvist, IT', taken: iso(base - 58 * 3600e3), taken_by: 'Ana Ruiz', parser_version: format === 'unknown' || format === 'zip' ? undefined : '2',
    why: 'Suspected intrusion on FS01', zone: '', zone_by: '', ...part,
  })
  return [
    item('/media/usb/collect/FS01.zip', 'zip', { read: 3, parsed: 3, bytes: 88_214_003, absent: ['Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx: no Sysmon log in this collection', 'Windows/Prefetch: not collected'] }),
    item('/media/usb/collect/FS01.zip!Security.evtx', 'evtx', { read: 9_812, parsed: 9_790, skipped: [{ reason: 'record checksum does not match', count: 19 }], warnings: 3, status: 'partial', warning_list: [{ offset: 1_114_112, text: 'chunk 17: header checksum does not match; its records were read one by one' }, { offset: 1_180_022, text: 'record 4419: ends behind its chunk' }], note: 'The log was cleared once; event 1102 is the first record after it.' }),
    item('/media/usb/collect/FS01.zip!System.evtx', 'evtx', { read: 4_077, parsed: 4_077 }),
    item('/media/usb/collect/DC01/Security.evtx', 'evtx', { read: 15_204, parsed: 15_204, bytes: 68_222_976, skew_seconds: 0 }),
    item('/media/usb/collect/TICKET-PC3/Security.evtx', 'evtx', { read: 6_310, parsed: 6_310, skew_seconds: -137, zone_by: '' }),
    item('/media/usb/collect/TICKET-PC3/History', 'unknown', { status: 'no-parser', first: null, last: null, bytes: 262_144, note: 'SQLite 3 database' }),
    item('/media/usb/collect/web01/access.log', 'web-access', { read: 5_480, parsed: 5_471, skipped: [{ reason: 'line has no time', count: 9 }] }),
    item('/media/usb/collect/web01/auth.log', 'syslog', { read: 1_107, parsed: 1_107, zone: 'Europe/Helsinki', zone_by: 'Ana Ruiz' }),
    item('/media/usb/collect/edge-fw-export.csv', 'csv', { read: 420, parsed: 0, status: 'failed', first: null, last: null, note: 'No column could be read as a time. Name the time column and take it in again.' }),
    item('/media/usb/collect/cloud/audit.jsonl', 'jsonl', { read: 441, parsed: 441, sealed: 'referenced', bytes: 4_920_112_004 }),
    item('/media/usb/collect/web01/error.log', 'web-access', { status: 'empty', first: null, last: null, bytes: 0 }),
    item('/media/usb/collect/copy-of-System.evtx', 'evtx', { status: 'duplicate', duplicate_of: '/media/usb/collect/FS01.zip!System.evtx' }),
    item('/media/usb/collect/odd.zip!../../etc/cron.d/x', 'unknown', { status: 'quarantined', sealed: 'none', first: null, last: null, note: 'The name leaves the archive.' }),
  ]
}

export function blindSpots(base: number): BlindSpot[] {
  const at = (h: number) => iso(base - h * 3600e3)
  return [
    { host: 'FS01', source: 'Security', from: at(96), to: at(63), text: 'Security.evtx of FS01 was cleared; what stood in it before is missing.' },
    { host: 'TICKET-PC3', source: 'Sysmon', from: at(150), to: at(60), text: 'Sysmon is not in the collection of TICKET-PC3, so process command lines are missing for the whole period.' },
    { host: 'WEB01', source: 'auth.log', from: at(126), to: at(102), text: 'auth.log of WEB01 has no line for 24 hours, though it writes every ten minutes otherwise.' },
    { host: 'DC02', source: 'all', from: null, to: null, text: 'DC02 is named in 212 rows and nothing was collected from it.' },
  ]
}

export interface FakeIntake { undone: Map<string, string>; mappings: KeptMapping[]; limits: IntakeLimits; orders: { path: string; body: Record<string, unknown> }[] }

const GIB = 2 ** 30
const PROXY = '{"v":1,"name":"Quay proxy","shape":"table","delimiter":";","header":true,"times":[{"column":"Zeit","form":"dmy","meaning":"occurred"}],"zone":"Europe/Helsinki","fields":{"Benutzer":"user.name"}}'

export function newIntake(base: number): FakeIntake {
  return {
    undone: new Map(), orders: [], mappings: [{ name: 'Quay proxy', mapping: PROXY, by: 'Jonas Lindqvist', at: iso(base - 9 * 3600e3) }],
    limits: {
      by: 'Ana Ruiz', at: iso(base - 40 * 3600e3), why: 'The image of the file server unpacks to 400 GiB.',
      limits: [
        { name: 'max_depth', value: 5, usual: 5, least: 0, most: 32, unit: 'archives inside archives', why: 'real ones have two levels, endless ones exist' },
        { name: 'max_members', value: 100_000, usual: 100_000, least: 1, most: 10_000_000, unit: 'members of one archive', why: 'a directory of more would fill the memory' },
        { name: 'max_ratio', value: 250, usual: 250, least: 10, most: 100_000, unit: 'times the packed size', why: 'logs reach 30, runs of zeros 100, bombs 1,000' },
        { name: 'ratio_free_bytes', value: GIB / 32, usual: GIB / 32, least: 0, most: 2 ** 40, unit: 'bytes', why: 'below this size the ratio does not matter' },
        { name: 'max_archive_bytes', value: 512 * GIB, usual: 256 * GIB, least: 2 ** 20, most: 2 ** 50, unit: 'bytes', why: 'unpacked size of all members of one archive, nested ones included' },
        { name: 'max_files', value: 2_000_000, usual: 2_000_000, least: 1, most: 100_000_000, unit: 'files of one import', why: 'the list of them is held in memory' },
        { name: 'seal_below', value: 4 * GIB, usual: 4 * GIB, least: 0, most: 2 ** 50, unit: 'bytes', why: 'smaller items are copied into the case, larger ones referenced, unless a person says otherwise' },
      ],
    },
  }
}

const STICK: Examined[] = [
  { path: '/media/usb/second/KAPE-TICKET-PC4.zip', bytes: 412_008_113, kind: 'ZIP archive', format: 'zip', state: 'archive', note: 'A KAPE collection by its folders.', needs: [] },
  { path: '/media/usb/second/Security.evtx', bytes: 20_975_616, kind: 'Windows event log', format: 'evtx', state: 'read', note: '', needs: [] },
  { path: '/media/usb/second/door-system.csv', bytes: 61_204, kind: 'table, 5 columns', format: 'csv', state: 'read', note: 'No column is named as a time.', needs: ['zone', 'columns'] },
  { path: '/media/usb/second/messages', bytes: 1_882_110, kind: 'syslog without a year', format: 'syslog', state: 'read', note: '', needs: ['zone', 'year'] },
  { path: '/media/usb/second/mem.lime', bytes: 17_179_869_184, kind: 'memory image', format: '', state: 'image', note: 'Kept with its hash; images are not read.', needs: [] },
  { path: '/media/usb/second/System.evtx', bytes: 1_118_208, kind: 'Windows event log', format: 'evtx', state: 'known', note: '', needs: [] },
  { path: '/media/usb/second/notes.docx', bytes: 30_411, kind: 'Office document', format: '', state: 'no-parser', note: '', needs: [] },
  { path: '/media/usb/second/lnk', bytes: 0, kind: 'symbolic link', format: '', state: 'refused', note: 'A link is not followed.', needs: [] },
]

const DOORS = ['North quay', 'Server room', 'Ticket hall', 'Gate 4']
const PEOPLE = ['m.keller', 'svc-doors', 'adm-lars', 'a.ruiz']
const doorRows = Array.from({ length: 50 }, (_, i) => [`${String(1 + (i % 4)).padStart(2, '0')}/03/2026 ${String(6 + (i % 15)).padStart(2, '0')}:${String((i * 7) % 60).padStart(2, '0')}`, DOORS[i % 4] ?? '', PEOPLE[(i * 3) % 4] ?? '', `10.40.${i % 3}.${10 + i}`, String(200 + i)])

function doorPreview(text: string): MappingPreview {
  const proposed = writeMapping({ v: 1, name: '', shape: 'table', delimiter: ',', skip: 0, header: true, no_quotes: false, times: [{ column: 'Date/Time', clock: '', zone_column: '', utc: false, form: 'auto', meaning: 'occurred' }], zone: '', year: 0, fields: { Badge: 'user.name', Reader: 'source.ip' }, constants: {} })
  const m = readMapping(text || proposed)
  if (!m) return { mapping: text, columns: [], rows: [], consequence: '', problem: 'This is no mapping.' }
  const zone = m.zone || 'Europe/Helsinki'
  const read = (order: 'dmy' | 'mdy') => doorRows.slice(0, 3).map((r) => {
    const [d = '', c = ''] = (r[0] ?? '').split(' ')
    const [x = '', y = '', z = ''] = d.split('/')
    return `${r[0] ?? ''} → ${(parseWall(order === 'dmy' ? `${z}-${y}-${x} ${c}` : `${z}-${x}-${y} ${c}`, zone) ?? '').replace('T', ' ').replace(':00Z', ' UTC')}`
  })
  const forms: TimeForm[] = [{ form: 'auto', words: 'as the text shows', readings: [], ambiguous: true, yearless: false }, { form: 'dmy', words: 'day, month, year, time', readings: read('dmy'), ambiguous: true, yearless: false }, { form: 'mdy', words: 'month, day, year, time', readings: read('mdy'), ambiguous: true, yearless: false }]
  const column = (name: string, kind: MappedColumn['kind'], of: TimeForm[] = []): MappedColumn => ({ name, kind, field: m.fields[name] ?? '', forms: of })
  const form = m.times.find((t) => t.column === 'Date/Time')?.form
  return {
    mapping: text || proposed, rows: m.delimiter === ',' ? doorRows : doorRows.map((r) => [r.join(',')]), problem: '',
    columns: m.delimiter === ',' ? [column('Date/Time', 'time', forms), column('Door', 'text'), column('Badge', 'text'), column('Reader', 'address'), column('Nr', 'number')] : [column('Date/Time,Door,Badge,Reader,Nr', 'text')],
    consequence: form === 'dmy' || form === 'mdy' ? `Times without a zone are read in ${zone}: ${read(form)[0] ?? ''}` : 'No time can be read yet: the order of day and month is not known.',
  }
}

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies come from our own client */
export function evidenceRoute(s: FakeState, method: Method, path: string, body: any): unknown {
  const me = s.case.person
  const n = s.intake
  const items = () => evidenceItems(s.base).map((i) => (n.undone.has(i.sha256) ? { ...i, undone: n.undone.get(i.sha256) } : i))
  const job = (title: string, message: string) => {
    const id = `j-${s.jobs.length + 1}`
    s.jobs.unshift({ id, title, state: 'done', done: 1, total: 1, unit: 'files', rate: 0, remaining_seconds: null, message, started: iso(Date.now()), ended: iso(Date.now()) })
    n.orders.push({ path, body })
    return { job: id }
  }
  switch (`${method} ${path}`) {
    case 'GET evidence': return { items: items() }
    case 'POST evidence/examine': return { files: body.paths.flatMap((p: string) => (p.endsWith('second') ? STICK : [STICK.find((f) => f.path === p) ?? { path: p, bytes: 88_214_003, kind: 'ZIP archive', format: 'zip', state: 'archive', note: '', needs: [] }])), more: 0 }
    case 'POST evidence/add':
      tellAct(s, 'evidence.received', `Took in ${body.paths.length} path(s): ${body.why}`)
      return job(`Taking in ${body.paths[0]}`, '1 file, 42,409 records')
    case 'POST evidence/again':
      n.undone.delete(body.sha256)
      return job('Reading evidence again', '')
    case 'POST evidence/undo': {
      const of = items().filter((i) => body.items.includes(i.sha256))
      const rows = of.reduce((sum, i) => sum + i.parsed, 0)
      return propose(s, {
        kind: 'import.undone', sentence: `${me.name} undid the import of ${of.map((i) => i.path.split('/').pop()).join(', ')}: ${String(body.why).replace(/\.$/, '')}.`,
        consequences: [`${rows} events leave the timeline; findings and counts are worked out again without them.`, 'The evidence stays in custody with its hash. It can be imported again at any time.'],
        apply: () => { for (const i of of) n.undone.set(i.sha256, `undone by ${me.name} on 4 Mar 2026 11:20 UTC: ${body.why}`) },
      })
    }
    case 'GET evidence/formats': return { formats: ['csv', 'evtx', 'jsonl', 'syslog', 'web-access'].map((name) => ({ name, version: '2' })) }
    case 'GET evidence/mappings': return { mappings: n.mappings }
    case 'POST evidence/mapping': return propose(s, {
      kind: 'mapping.saved', sentence: `${me.name} kept the mapping “${body.name}” for files of this case.`, consequences: ['It is offered for other files of this case. It changes nothing of what was imported.'],
      apply: () => { n.mappings = [...n.mappings.filter((m) => m.name !== body.name), { name: body.name, mapping: body.mapping, by: me.name, at: iso(Date.now()) }] },
    })
    case 'POST evidence/mapping/preview': return doorPreview(body.mapping)
    case 'GET evidence/limits': return n.limits
    case 'POST evidence/limits': {
      const moved = Object.entries(body.limits as Record<string, number>).map(([k, v]) => `${k} ${n.limits.limits.find((l) => l.name === k)?.unit === 'bytes' ? bytes(v) : v}`)
      return propose(s, {
        kind: 'limits.set', sentence: `${me.name} set the limits of taking in evidence${moved.length > 0 ? ` (${moved.join(', ')})` : ' to the usual ones'}: ${String(body.why).replace(/\.$/, '')}.`, consequences: ['They count from the next import on.'],
        apply: () => { n.limits = { by: me.name, at: iso(Date.now()), why: body.why, limits: n.limits.limits.map((l) => ({ ...l, value: body.limits[l.name] ?? l.usual })) } },
      })
    }
  }
  return undefined
}
