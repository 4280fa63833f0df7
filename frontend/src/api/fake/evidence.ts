// Items and blind spots of the made-up case.
import type { BlindSpot, EvidenceItem } from '../types'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')
export const sha = (seed: string) => Array.from({ length: 64 }, (_, i) => ((seed.charCodeAt(i % seed.length) * 7 + i * 13) % 16).toString(16)).join('')

export function evidenceItems(base: number): EvidenceItem[] {
  const first = iso(base - 80 * 3600e3)
  const last = iso(base - 62 * 3600e3)
  const item = (path: string, format: string, part: Partial<EvidenceItem>): EvidenceItem => ({
    path, format, status: 'ok', sha256: sha(path), bytes: 21_000_000, read: 0, parsed: 0, skipped: [], warnings: 0, first, last, sealed: 'sealed', custodian: 'J. Lindqvist, IT', taken: iso(base - 58 * 3600e3), taken_by: 'Ana Ruiz',
    why: 'Suspected intrusion on FS01', zone: '', zone_by: '', ...part,
  })
  return [
    item('/media/usb/collect/FS01.zip', 'zip', { read: 3, parsed: 3, bytes: 88_214_003 }),
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
