// Papers of the made-up case, and a small real PDF for the page at the right.
import type { Origin, Paper, PaperDetail, PaperTemplate } from '../types'

const iso = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z/, 'Z')

export const TEMPLATES: PaperTemplate[] = [
  { id: 'sitrep', title: 'Situation report', words: 'What is known, decided and open, for the command group', needs_role_title: 'Incident Commander' },
  { id: 'staff-message', title: 'Message to staff', words: 'What staff should know and do now', needs_role_title: 'Public Information Officer' },
  { id: 'gdpr-notice', title: 'GDPR notice', words: 'Art. 33 notice to the supervisory authority', needs_role_title: 'Legal counsel' },
]

const rule: Origin = { kind: 'rule', name: 'template gdpr-notice', version: '1' }

export function paperDetail(template: string, id: string, base: number, values: Record<string, string>): PaperDetail {
  const t = TEMPLATES.find((x) => x.id === template) ?? (TEMPLATES[0] as PaperTemplate)
  const slots = [
    { name: 'authority', label: 'Authority', value: values.authority ?? 'Office of the Data Protection Ombudsman', hint: 'As it stands on the letterhead', required: true },
    { name: 'contact', label: 'Data protection officer', value: values.contact ?? '', hint: 'Name, telephone, mail', required: true },
    { name: 'consequences', label: 'Likely consequences', value: values.consequences ?? 'Passport numbers and names of passengers may be misused for identity fraud; no payment data was on the share.', hint: 'In plain words, for people who know nothing of computers', required: true },
  ]
  const gap = slots.filter((s) => s.required && s.value.trim() === '')
  const ok = gap.length === 0
  const hash = `${id}-${Object.values(values).join('').length.toString(16).padStart(4, '0')}9e01c7`
  const paper: Paper = {
    id, template: t.id, title: t.id === 'gdpr-notice' ? 'Notice of a personal data breach' : t.title, state: ok ? 'drafted' : 'gate-failed', drafted: iso(base - 4000e3), drafted_by: 'Maya Okafor', as_of: '9f2c41d07b6e5a33', hash, approved: null, awaits: null, needs_role: 'legal-counsel', needs_role_title: t.needs_role_title, can_approve: t.id !== 'staff-message', pages: 2,
  }
  return {
    paper, slots, shown: `3b7e${hash}`,
    checks: [{ ok: true, text: 'Every cited row exists and holds the values named' }, { ok: true, text: 'Absence is worded from the coverage' }, ...gap.map((s) => ({ ok: false, text: `“${s.label}” is not filled in` })), { ok: true, text: 'No sentence of a model without a check' }],
    sections: [
      { title: '1  Nature of the breach', clauses: [{ number: '1.1', text: 'On the file server FS01, data of passengers was read by a person without authority and copied out of the network.', rows: ['k-rclone', 'k-fw'], origin: rule }, { number: '1.2', text: 'About 8,200 people are concerned: passengers of the past two seasons, with name, date of birth and passport number.', rows: [], origin: { kind: 'person', name: 'Maya Okafor', role: 'Legal counsel', at: iso(base - 20 * 3600e3) } }, { number: '1.3', text: 'All servers of the company were reached.', rows: [], origin: { kind: 'model', name: 'SmolLM2', checked: '0 of 1 sentences checked' }, failed: 'cites no row' }] },
      { title: '2  Contact', clauses: [{ number: '2.1', text: slots[1]?.value || 'Not filled in yet.', rows: [], origin: rule, slot: 'contact' }] },
      { title: '3  Likely consequences', clauses: [{ number: '3.1', text: slots[2]?.value ?? '', rows: [], origin: { kind: 'person', name: 'Maya Okafor', role: 'Legal counsel' }, slot: 'consequences' }] },
      { title: '4  Measures', clauses: [{ number: '4.1', text: 'The account svc-backup was disabled and the receiving address blocked at the edge.', rows: ['k-logon'], origin: rule }] },
    ],
  }
}

/** One page of plain text as PDF 1.4, written by hand; enough for pdf.js to have something true to draw. */
export function fakePdf(d: PaperDetail): ArrayBuffer {
  const esc = (t: string) => t.replace(/[^\x20-\x7e]/g, '-').replace(/[\\()]/g, '\\$&')
  const out: string[] = [`BT /F2 11 Tf 72 770 Td (Harbor Lights Ferries) Tj ET`, `0.6 w 72 760 m 523 760 l S`, `BT /F1 19 Tf 72 716 Td (${esc(d.paper.title)}) Tj ET`]
  if (!d.paper.approved) out.push('0.72 g BT /F2 92 Tf 0.707 0.707 -0.707 0.707 175 300 Tm (DRAFT) Tj ET 0 g')
  let y = 684
  const line = (font: string, size: number, x: number, text: string) => { out.push(`BT /${font} ${size} Tf ${x} ${y} Td (${esc(text)}) Tj ET`); y -= size * 1.5 }
  for (const s of d.sections) {
    y -= 8
    line('F2', 11, 72, s.title)
    for (const c of s.clauses.filter((x) => !x.failed)) {
      const words = c.text.split(' ')
      let row = `${c.number}  `
      for (const w of words) {
        if (row.length + w.length > 82) { line('F3', 10.5, 72, row); row = '      ' }
        row += `${w} `
      }
      line('F3', 10.5, 72, row)
      y -= 4
    }
  }
  out.push(`0.35 g BT /F2 8 Tf 72 52 Td (EXERCISE - fictional signers   head ${d.paper.as_of}   page 1 of 1) Tj ET`)
  const stream = out.join('\n')
  const font = (n: string) => `<< /Type /Font /Subtype /Type1 /BaseFont /${n} /Encoding /WinAnsiEncoding >>`
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [3 0 R] /Count 1 >>', '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R /F3 7 0 R >> >> >>', `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`, font('Times-Bold'), font('Helvetica'), font('Times-Roman')]
  let pdf = '%PDF-1.4\n'
  const at = objects.map((o, i) => { const p = pdf.length; pdf += `${i + 1} 0 obj\n${o}\nendobj\n`; return p })
  const xref = pdf.length
  pdf += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${at.map((p) => `${String(p).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${xref}\n%%EOF`
  return new TextEncoder().encode(pdf).buffer as ArrayBuffer
}
