// Declaring how bad it is: a person's word, with a reason, against what the computation suggests.
import { Radio } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { useDraftOf } from '../api/useDraft'
import type { Severity as Level } from '../api/types'
import { missing } from '../domain/reason'
import { SEVERITIES } from '../domain/severity'
import { Severity } from '../ui/Severity'
import { useShell } from '../ui/shell'
import { CosignDialog } from './CosignDialog'
import { ReasonFields } from './ReasonFields'
import { SignDialog } from './SignDialog'

export function SeverityDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return opened ? <Open onClose={onClose} /> : null
}

function Open({ onClose }: { onClose: () => void }) {
  const { caseView, say } = useShell()
  const [second, setSecond] = useState('')
  const [w, change, draft] = useDraftOf<{ level: Level; code: string; reason: string }>('decision.severity', { level: caseView.severity?.level ?? 'medium', code: '', reason: '' })
  const preview = useQuery({ queryKey: ['preview', 'severity', w.level], queryFn: () => api.preview({ subject: 'severity', level: w.level }), placeholderData: (old) => old, staleTime: 0 })
  const p = preview.data
  const act = useAct(() => api.sign({ shown: p?.shown ?? '', level: w.level, reason_code: w.code, reason: w.reason.trim() }), {
    onSuccess: (d) => { draft.clear(); if (d.awaits) { setSecond(d.id); return } say(`Severity signed by ${d.by}, ${d.role_title}.`); onClose() },
  })
  if (second) return <CosignDialog entry={second} onClose={onClose} />
  return (
    <SignDialog
      title="Severity of the incident" recommended={p?.recommended ?? null} recommendedTitle="Suggested" consequences={p && !preview.isPlaceholderData ? p.consequences : null}
      signsAs={p?.signs_as ?? { person: caseView.person.name, role_title: caseView.person.acting_title }} refused={p?.refused ?? null}
      missing={missing({ outcome: 'severity', instead: '', code: w.code, reason: w.reason })} error={act.error ?? preview.error} pending={act.isPending} draft={draft.state}
      verb="Sign severity" onSign={() => act.mutate(undefined)} onClose={onClose}
    >
      <Radio.Group value={w.level} onChange={(v) => change({ level: v as Level })} aria-label="Severity" className="outcomes outcomes-row">
        {SEVERITIES.map((s) => <Radio key={s} data-autofocus={s === w.level || undefined} value={s} label={<Severity level={s} />} />)}
      </Radio.Group>
      <ReasonFields outcome="severity" code={w.code} reason={w.reason} onChange={change} />
    </SignDialog>
  )
}
