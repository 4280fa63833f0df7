// Imports under way: what is read now, how fast, how long still, and how to stop it; afterwards what the batch gave.
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconPlayerStop, IconX } from '@tabler/icons-react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { EvidenceItem, Job } from '../api/types'
import { batchWords, since } from '../domain/intake'
import { Inert } from '../ui/Inert'
import { useShell } from '../ui/shell'
import { jobWords } from '../domain/jobs'

export function Batches({ jobs, items, onDismiss }: { jobs: readonly Job[]; items: readonly EvidenceItem[]; onDismiss: (job: string) => void }) {
  if (jobs.length === 0) return null
  return <ul className="batches" aria-label="Imports">{jobs.map((j) => <li key={j.id}>{j.state === 'running' ? <Running job={j} items={items} /> : <Ended job={j} items={items} onDismiss={() => onDismiss(j.id)} />}</li>)}</ul>
}

function Running({ job: j, items }: { job: Job; items: readonly EvidenceItem[] }) {
  const { say } = useShell()
  const cancel = useAct(() => api.jobCancel(j.id), { onError: (e) => say(e.sentence, { bad: true }) })
  const part = j.total > 0 ? Math.min(1, j.done / j.total) : 0
  const come = since(items, j.started)
  return (
    <div className="batch">
      <div className="grow">
        <div className="row"><b className="clip"><Inert text={j.title} /></b>{j.message && <span className="mono small quiet clip"><Inert text={j.message} /></span>}</div>
        <span className="job-bar job-bar-wide" role="progressbar" aria-label={j.title} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)}><span style={{ width: `${part * 100}%` }} /></span>
        <div className="spread small quiet num"><span>{jobWords(j)}</span>{come.length > 0 && <span>{batchWords(come)}</span>}</div>
      </div>
      <Button variant="default" size="compact-sm" leftSection={<IconPlayerStop size={13} />} loading={cancel.isPending} onClick={() => cancel.mutate(undefined)} aria-label={`Cancel ${j.title}`}>Cancel</Button>
    </div>
  )
}

function Ended({ job: j, items, onDismiss }: { job: Job; items: readonly EvidenceItem[]; onDismiss: () => void }) {
  const come = since(items, j.started)
  return (
    <div className="batch" data-state={j.state}>
      {j.state === 'done' ? <IconCheck size={16} className="good" aria-hidden="true" /> : <IconAlertTriangle size={16} className="bad" aria-hidden="true" />}
      <div className="grow num">
        <b><Inert text={j.title} /></b>{' '}
        <span className="wrap">{j.state === 'done' ? 'done' : jobWords(j)}{come.length > 0 && <span className="quiet">; {batchWords(come)}</span>}</span>
      </div>
      <button type="button" className="icon-btn" aria-label={`Put away ${j.title}`} title="Put away" onClick={onDismiss}><IconX size={14} /></button>
    </div>
  )
}
