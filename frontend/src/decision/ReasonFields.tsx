// Reason code and text. The text counts what a reader would count; the example is greyed and never sent.
import { Select, Textarea } from '@mantine/core'
import { useReasons } from '../api/queries'
import { codesFor, MIN_REASON, reasonLength } from '../domain/reason'

interface Props { outcome: string; code: string; reason: string; onChange: (c: { code?: string; reason?: string }) => void; optional?: boolean }

export function ReasonFields({ outcome, code, reason, onChange, optional = false }: Props) {
  const { data } = useReasons()
  const codes = codesFor(data?.reasons ?? [], outcome)
  const chosen = codes.find((c) => c.code === code)
  const n = reasonLength(reason)
  return (
    <div className="col form-gap">
      <Select
        label="Reason code" placeholder={optional ? 'Not needed when you follow the recommendation' : 'Choose what fits best'} data={codes.map((c) => ({ value: c.code, label: c.words }))}
        value={code || null} onChange={(v) => onChange({ code: v ?? '' })} withAsterisk={!optional} clearable={optional}
      />
      <div>
        <Textarea
          label="Reason" withAsterisk={!optional} placeholder={chosen?.example ? `For example: ${chosen.example}` : 'What you know that the recommendation does not'}
          value={reason} onChange={(e) => onChange({ reason: e.currentTarget.value })} autosize minRows={3} maxRows={9} aria-describedby="reason-count"
        />
        <div id="reason-count" className="spread small quiet reason-count">
          <span>A reader in a year should understand it without you.</span>
          <span className="num nowrap" data-enough={n >= MIN_REASON}>{n} of at least {optional && n === 0 ? 0 : MIN_REASON} characters</span>
        </div>
      </div>
    </div>
  )
}
