// Settling a conflict: choose one answer, say why, sign. Half-typed words stay as a draft.
import { Radio } from '@mantine/core'
import { api } from '../api/client'
import type { Conflict } from '../api/types'
import { useDraftOf } from '../api/useDraft'
import { ActDialog } from '../decision/ActDialog'
import { ReasonFields } from '../decision/ReasonFields'
import { reasonOutcome } from '../domain/copies'
import { missing } from '../domain/reason'
import { inert } from '../domain/inert'
import { Inert } from '../ui/Inert'
import { OriginLabel } from '../ui/Origin'

interface Words { chosen: string; code: string; reason: string }

export function ResolveDialog({ conflict: c, start, onClose }: { conflict: Conflict; start: string; onClose: () => void }) {
  const [w, change, draft] = useDraftOf<Words>(`conflict.${c.field}`, { chosen: '', code: '', reason: '' })
  const chosen = c.answers.some((a) => a.entry === w.chosen) ? w.chosen : start
  const needs = missing({ outcome: 'override', instead: 'chosen', code: w.code, reason: w.reason })
  return (
    <ActDialog
      title="Settle a conflict" verb="Sign the answer" size={760} ask={[c.field, chosen, w.code, w.reason]} missing={needs}
      lead={<>About: {inert(c.title)}. Both histories stay in the record; from your signature on one answer counts, on every laptop that learns of it.</>}
      preview={() => api.conflictPropose({ field: c.field, chosen, reason_code: w.code, reason: w.reason.trim() })}
      onSigned={() => draft.clear()} onClose={onClose}
    >
      <Radio.Group label="Which answer counts" value={chosen} onChange={(v) => change({ chosen: v })} withAsterisk>
        <div className="choices">
          {c.answers.map((a) => (
            <Radio key={a.entry} value={a.entry} label={<span className="choice"><span className="wrap"><Inert text={a.says} /></span><OriginLabel origin={{ kind: 'person', name: a.name, role: a.role, at: a.recorded }} /></span>} />
          ))}
        </div>
      </Radio.Group>
      <ReasonFields outcome={reasonOutcome(c.field)} code={w.code} reason={w.reason} onChange={(x) => change(x)} />
    </ActDialog>
  )
}
