// Going against the suggested verdict: the same dialog as any override, with the group's factors and rows.
import { Radio } from '@mantine/core'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { useDraftOf } from '../api/useDraft'
import type { Group, Verdict } from '../api/types'
import { missing } from '../domain/reason'
import { VERDICTS, verdictWord } from '../domain/severity'
import { plural } from '../domain/words'
import { ReasonFields } from '../decision/ReasonFields'
import { SignDialog } from '../decision/SignDialog'
import { useShell } from '../ui/shell'

export function VerdictDialog({ group: g, start, onClose }: { group: Group; start: Verdict | null; onClose: (done: boolean) => void }) {
  const { caseView, say } = useShell()
  const [stored, change, draft] = useDraftOf<{ verdict: Verdict | ''; code: string; reason: string }>(`verdict.${g.id}`, { verdict: '', code: '', reason: '' })
  const w = { ...stored, verdict: stored.verdict || start || ('' as const) }
  const given = w.verdict || g.suggested
  const act = useAct(() => api.verdict({ group: g.id, verdict: given, reason_code: w.code, reason: w.reason.trim() }), {
    onSuccess: () => { draft.clear(); say(`${verdictWord(given)}: signed by ${caseView.person.name}.`); onClose(true) },
  })
  const agrees = w.verdict === g.suggested
  const consequences = w.verdict === '' ? [] : [
    `The group “${g.title}” leaves the queue as ${verdictWord(w.verdict).toLowerCase()}; a later verdict can supersede this one.`,
    `Its ${plural(g.rows.length, 'row')} stay in the timeline.`,
  ]
  return (
    <SignDialog
      title={agrees ? 'Verdict' : 'Override the suggested verdict'} recommendedTitle="Suggested"
      recommended={{ text: `${verdictWord(g.suggested)}: ${g.title}`, by: { kind: 'computed', name: 'triage', version: `score ${g.score.toFixed(1)}` }, why: g.suggested_why, factors: g.factors, rows: g.rows }}
      consequences={consequences} signsAs={{ person: caseView.person.name, role_title: caseView.person.acting_title }}
      refused={caseView.person.acting ? null : 'You hold no role in this case, so you cannot sign a verdict.'}
      missing={[...(w.verdict === '' ? ['a verdict'] : []), ...missing({ outcome: agrees ? 'accept' : 'verdict', instead: '', code: w.code, reason: w.reason })]} error={act.error} pending={act.isPending} draft={draft.state}
      verb={agrees ? 'Sign verdict' : 'Sign override'} onSign={() => act.mutate(undefined)} onClose={() => onClose(false)}
    >
      <Radio.Group value={w.verdict} onChange={(v) => change({ verdict: v as Verdict })} aria-label="Verdict" className="outcomes">
        {VERDICTS.map((v, i) => <Radio key={v.verdict} data-autofocus={i === 0 || undefined} value={v.verdict} label={<><b>{v.word}</b> <span className="quiet">{v.says}{v.verdict === g.suggested ? ' (suggested)' : ''}</span></>} />)}
      </Radio.Group>
      <ReasonFields outcome="verdict" code={w.code} reason={w.reason} onChange={change} optional={agrees} />
    </SignDialog>
  )
}
