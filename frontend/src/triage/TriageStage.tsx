// Triage: the queue of groups at the left, one group at the right with why, rows and a suggested verdict. A person
// gives the verdict; going against the suggestion takes a reason.
import { Button, Tabs } from '@mantine/core'
import { IconPlayerPlay, IconRadar2 } from '@tabler/icons-react'
import { useMemo, useState } from 'react'
import { api } from '../api/client'
import { useAct, useFindings, useTriage } from '../api/queries'
import type { Group, Verdict } from '../api/types'
import { nextOpen, orderQueue } from '../domain/queue'
import { VERDICTS, verdictWord } from '../domain/severity'
import { count } from '../domain/words'
import { useHotkeys } from '../ui/hotkeys'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded } from '../ui/States'
import { useShell } from '../ui/shell'
import { DetectReportView } from './DetectReportView'
import { GroupDetail } from './GroupDetail'
import { Queue } from './Queue'
import { VerdictDialog } from './VerdictDialog'
import './triage.css'

export function TriageStage() {
  const triage = useTriage()
  const findings = useFindings()
  const { say } = useShell()
  const run = useAct(() => api.detectRun(), { onSuccess: () => say('Detection runs; the queue refreshes when it is done.'), onError: (e) => say(e.sentence, { bad: true }) })
  const groups = useMemo(() => orderQueue(triage.data?.groups ?? []), [triage.data])
  const open = groups.filter((g) => !g.verdict).length
  return (
    <>
      <StageHead title="Findings" counts={triage.data && groups.length > 0 && <Left open={open} all={groups.length} />}>
        <Button variant="default" leftSection={<IconPlayerPlay size={14} />} loading={run.isPending} onClick={() => run.mutate(undefined)}>Run detection</Button>
      </StageHead>
      <Tabs defaultValue="queue" keepMounted={false} className="triage-tabs">
        <Tabs.List>
          <Tabs.Tab value="queue">Triage</Tabs.Tab>
          <Tabs.Tab value="coverage">What did not run</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="queue" className="triage-panel">
          <Loaded query={triage} what="the queue" lines={12}>
            {() => (groups.length === 0 ? (
              <Empty icon={<IconRadar2 size={34} stroke={1.3} />} title="No findings">
                {findings.data?.report.ran ? 'The rules that ran matched no row. Look at what did not run before you conclude anything from that.' : 'Detection has not run on this evidence yet.'}
              </Empty>
            ) : <Work groups={groups} />)}
          </Loaded>
        </Tabs.Panel>
        <Tabs.Panel value="coverage" className="triage-panel triage-scroll scroll"><Loaded query={findings} what="the detection report">{(f) => <DetectReportView report={f.report} spots={f.blind_spots} />}</Loaded></Tabs.Panel>
      </Tabs>
    </>
  )
}

function Left({ open, all }: { open: number; all: number }) {
  return (
    <span className="row">
      <span>{open === 0 ? 'All groups have a verdict' : <><b>{count(open)}</b> of {count(all)} wait for a verdict</>}</span>
      <span className="queue-bar" aria-hidden="true"><span style={{ width: `${((all - open) / all) * 100}%` }} /></span>
    </span>
  )
}

function Work({ groups }: { groups: Group[] }) {
  const { place, amendPlace, say } = useShell()
  const [overriding, setOverriding] = useState<Verdict | 'ask' | null>(null)
  const current = groups.find((g) => g.id === place.id) ?? groups.find((g) => !g.verdict) ?? groups[0]
  const show = (g: Group | undefined) => { if (g) amendPlace({ stage: 'triage', id: g.id }) }
  const give = useAct((v: { group: string; verdict: Verdict }) => api.verdict({ ...v, reason_code: '', reason: '' }), {
    onSuccess: (g) => { say(`${verdictWord(g.verdict?.verdict ?? 'unknown')}: signed by ${g.verdict?.by ?? 'you'}.`); if (current) show(nextOpen(groups, current.id)) },
    onError: (e) => say(`${e.sentence} ${e.hint}`, { bad: true }),
  })
  if (!current) return null
  const verdict = (v: Verdict) => {
    if (v === current.suggested) give.mutate({ group: current.id, verdict: v })
    else setOverriding(v)
  }
  const index = groups.indexOf(current)
  const keys: Record<string, () => void> = {
    o: () => setOverriding('ask'), n: () => show(nextOpen(groups, current.id)),
    j: () => show(groups[Math.min(groups.length - 1, index + 1)]), k: () => show(groups[Math.max(0, index - 1)]),
  }
  VERDICTS.forEach((v, i) => { keys[String(i + 1)] = () => verdict(v.verdict) })
  return (
    <div className="triage">
      <TriageKeys keys={keys} />
      <Queue groups={groups} current={current} onPick={show} />
      <GroupDetail key={current.id} group={current} busy={give.isPending} onVerdict={verdict} onOverride={() => setOverriding('ask')} onNext={() => show(nextOpen(groups, current.id))} />
      {overriding && <VerdictDialog key={`verdict ${current.id}`} group={current} start={overriding === 'ask' ? null : overriding} onClose={(done) => { setOverriding(null); if (done) show(nextOpen(groups, current.id)) }} />}
    </div>
  )
}

function TriageKeys({ keys }: { keys: Record<string, () => void> }) {
  useHotkeys(keys)
  return null
}
