// Accept, change or reject one recommendation, with the reason and what follows. Nothing is signed but what was shown.
import { Radio, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { useDraftOf } from '../api/useDraft'
import type { Recommendation } from '../api/types'
import { missing, type Outcome } from '../domain/reason'
import { useShell } from '../ui/shell'
import { CosignDialog } from './CosignDialog'
import { ReasonFields } from './ReasonFields'
import { SignDialog } from './SignDialog'

interface Words { outcome: Outcome; instead: string; code: string; reason: string }

export const draftKey = (r: Recommendation) => `decision.${r.id}`

export function RecommendationDialog({ recommendation: r, start, onClose }: { recommendation: Recommendation; start: Outcome; onClose: () => void }) {
  const { say, caseView } = useShell()
  const [second, setSecond] = useState('')
  const [stored, change, draft] = useDraftOf<Words & { touched: boolean }>(draftKey(r), { outcome: start, instead: '', code: '', reason: '', touched: false })
  // The button that opened the dialog says the outcome, until the person chose another one in it.
  const w = stored.touched ? stored : { ...stored, outcome: start }
  const set = (part: Partial<Words>) => change({ ...w, ...part, touched: true })
  const instead = useDeferredValue(w.instead)
  const preview = useQuery({
    queryKey: ['preview', r.id, w.outcome, instead],
    queryFn: () => api.preview({ recommendation: r.id, outcome: w.outcome, instead: w.outcome === 'override' ? instead : undefined }),
    placeholderData: (old) => old, staleTime: 0,
  })
  const p = preview.data
  const act = useAct(() => api.sign({ shown: p?.shown ?? '', recommendation: r.id, outcome: w.outcome, instead: w.outcome === 'override' ? w.instead.trim() : '', reason_code: w.code, reason: w.reason.trim() }), {
    onSuccess: (d) => { draft.clear(); if (d.awaits) { setSecond(d.id); return } say(`Signed by ${d.by}, ${d.role_title}.`); onClose() },
  })
  if (second) return <CosignDialog entry={second} onClose={onClose} />
  return (
    <SignDialog
      title={w.outcome === 'accept' ? 'Accept the recommendation' : w.outcome === 'override' ? 'Decide otherwise' : 'Reject the recommendation'}
      recommended={p?.recommended ?? null} consequences={p && !preview.isPlaceholderData ? p.consequences : null}
      signsAs={p?.signs_as ?? { person: caseView.person.name, role_title: caseView.person.acting_title }} refused={p?.refused ?? null}
      missing={missing(w)} error={act.error ?? preview.error} pending={act.isPending} draft={draft.state}
      verb={w.outcome === 'accept' ? 'Sign acceptance' : w.outcome === 'override' ? 'Sign override' : 'Sign rejection'} onSign={() => act.mutate(undefined)} onClose={onClose}
    >
      <Radio.Group value={w.outcome} onChange={(v) => set({ outcome: v as Outcome })} aria-label="Outcome" className="outcomes">
        <Radio value="accept" data-autofocus={w.outcome !== 'override' || undefined} label="Accept as recommended" />
        <Radio value="override" label="Change: decide something else instead" />
        <Radio value="reject" label="Reject: do none of it" />
      </Radio.Group>
      {w.outcome === 'override' && (
        <TextInput label="What you decide instead" withAsterisk data-autofocus placeholder="Say what is to be done, on what" value={w.instead} onChange={(e) => set({ instead: e.currentTarget.value })} autoComplete="off" />
      )}
      <ReasonFields outcome={w.outcome} code={w.code} reason={w.reason} onChange={set} optional={w.outcome === 'accept'} />
    </SignDialog>
  )
}
