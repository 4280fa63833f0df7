// The inputs that acts about people share: a reason with its count, an end with quick choices, persons and roles to choose.
import { Select, Textarea, TextInput } from '@mantine/core'
import { MIN_REASON, reasonLength } from '../domain/reason'
import type { PersonInCase } from '../api/types'

interface WhyProps { value: string; onChange: (v: string) => void; label?: string; least?: number; placeholder?: string; autoFocus?: boolean }

export function WhyField({ value, onChange, label = 'Why', least = 0, placeholder = 'For whoever reads the record in a year', autoFocus }: WhyProps) {
  const n = reasonLength(value)
  return (
    <div>
      <Textarea label={label} withAsterisk placeholder={placeholder} value={value} onChange={(e) => onChange(e.currentTarget.value)} autosize minRows={2} maxRows={6} data-autofocus={autoFocus || undefined} />
      {least > 0 && <div className="small quiet reason-count num"><span data-enough={n >= least}>{n} of at least {least} characters</span></div>}
    </div>
  )
}

/** What is still missing of a reason, in words. */
export function whyMissing(value: string, least = 0): string[] {
  const n = reasonLength(value)
  if (least === 0) return n === 0 ? ['why'] : []
  return n < least ? [`${least - n} more ${least - n === 1 ? 'character' : 'characters'} of why`] : []
}

export const LONG_WHY = MIN_REASON

const QUICK = ['+2h', '+8h', '+24h']

/** A moment as the program reads it: "+8h", or a date and time in the zone of the case. */
export function UntilField({ label, value, onChange, required = true, zone }: { label: string; value: string; onChange: (v: string) => void; required?: boolean; zone: string }) {
  return (
    <div className="until">
      <TextInput className="grow" label={label} withAsterisk={required} value={value} onChange={(e) => onChange(e.currentTarget.value)} placeholder={`+8h, or 2026-03-04 18:00 in ${zone || 'UTC'}`} autoComplete="off" />
      <span className="until-quick" role="group" aria-label={`${label}: quick choices`}>{QUICK.map((q) => <button key={q} type="button" className="chip chip-btn" aria-pressed={value === q} onClick={() => onChange(q)}>{q.slice(1).replace('h', ' h')}</button>)}</span>
    </div>
  )
}

export function PersonSelect({ people, value, onChange, label = 'Person', autoFocus, required = true }: { people: PersonInCase[]; value: string; onChange: (v: string) => void; label?: string; autoFocus?: boolean; required?: boolean }) {
  return <Select label={label} withAsterisk={required} data={people.map((p) => ({ value: p.id, label: p.name }))} value={value || null} onChange={(v) => onChange(v ?? '')} placeholder="Choose" allowDeselect={false} data-autofocus={autoFocus || undefined} />
}

/** A role held on two grounds stands once. */
export function RoleSelect({ roles, value, onChange, label = 'Role', autoFocus }: { roles: readonly { role: string; title: string }[]; value: string; onChange: (v: string) => void; label?: string; autoFocus?: boolean }) {
  return <Select label={label} withAsterisk data={roles.filter((r, i) => roles.findIndex((x) => x.role === r.role) === i).map((r) => ({ value: r.role, label: r.title }))} value={value || null} onChange={(v) => onChange(v ?? '')} placeholder="Choose" allowDeselect={false} maxDropdownHeight={320} data-autofocus={autoFocus || undefined} />
}
