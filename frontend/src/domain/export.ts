// A copy that leaves: what its form means, what is still needed before one can see what goes along, and the order that is
// sent. What was typed for another form is not sent.
import type { CopyOrder, CopyPlan, ExtractOrder } from '../api/types'
import { strength } from './strength'
import { bytes, count, plural } from './words'

export type ExportForm = 'plain' | 'parcel' | 'extract'
export interface ExportWords {
  form: ExportForm; out: string; to: string; lock: 'people' | 'passphrase'; people: string[]; keys: string; evidence: '' | 'all' | 'none'; referenced: boolean; papers: '' | 'approved' | 'all' | 'none'
  lanes: string[]; kinds: string[]; documents: string[]; reason: string
}

export const FORM_WORDS: Record<ExportForm, string> = {
  plain: 'A folder that anybody can read and check with the small verifier, without any secret. It is not encrypted: hand it over like the papers themselves.',
  parcel: 'One encrypted file for another laptop of this case, or for somebody with a key or a passphrase. It can be merged, or made a case of its own.',
  extract: 'Chosen entries and papers for somebody who may see a part only, with the proof that they stand in the record. An extract never shows that something is absent.',
}

export const EXPORT_ENDING: Record<ExportForm, string> = { plain: 'bundle', parcel: 'copy.parcel', extract: 'extract' }

const lines = (text: string) => text.split('\n').map((l) => l.trim()).filter(Boolean)

export function exportMissing(w: ExportWords, passphrase: string, again: string): string[] {
  const out: string[] = []
  if (w.out.trim() === '') out.push('a place')
  if (w.to.trim() === '') out.push('who gets it')
  if (w.form === 'parcel' && w.lock === 'people' && w.people.length + lines(w.keys).length === 0) out.push('somebody who can open it')
  if (w.form === 'parcel' && w.lock === 'passphrase') {
    if (strength(passphrase).level < 2) out.push('a stronger passphrase')
    else if (passphrase !== again) out.push('the passphrase twice the same')
  }
  if (w.form === 'extract') {
    if (w.reason.trim() === '') out.push('what for')
    if (w.kinds.length + w.documents.length === 0) out.push('what it shows')
  }
  return out
}

export function copyOrder(w: ExportWords, passphrase: string, shown = ''): CopyOrder {
  const locked = w.form === 'parcel'
  return {
    out: w.out.trim(), form: locked ? 'parcel' : 'plain', recipients: locked && w.lock === 'people' ? [...w.people, ...lines(w.keys)] : [], passphrase: locked && w.lock === 'passphrase' ? passphrase : '', to: w.to.trim(),
    lanes: w.lanes, evidence: w.evidence, items: [], referenced: w.referenced, papers: w.papers, verifiers: '', shown,
  }
}

export function extractOrder(w: ExportWords, shown = ''): ExtractOrder {
  return { out: w.out.trim(), entries: [], kinds: w.kinds, documents: w.documents, to: w.to.trim(), reason: w.reason.trim(), against: [], lanes: w.lanes, shown }
}

/** "1,204 entries, 12 evidence items, 31 files, at most 4.1 GiB". */
export function planWords(p: CopyPlan): string {
  return [plural(p.entries, 'entry', 'entries'), p.evidence > 0 ? plural(p.evidence, 'evidence item') : 'no evidence', plural(p.files, 'file'), `${p.form === 'parcel' ? 'at most ' : ''}${bytes(p.bytes)}`].join(', ')
}

export function stayWords(p: CopyPlan): string {
  const away = p.items.filter((i) => !i.here).length
  const parts: string[] = []
  if (p.withheld > 0) parts.push(`${plural(p.withheld, 'entry goes', 'entries go')} without words`)
  if (away > 0) parts.push(`${count(away)} of ${plural(p.items.length, 'evidence item')} named without ${away === 1 ? 'its' : 'their'} bytes`)
  return parts.join(', ')
}
