// Long work, on one line until one looks: what runs, how far, how fast, how long still, and how to stop it.
import { IconCheck, IconChevronDown, IconChevronUp, IconPlayerStop, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, useJobs } from '../api/queries'
import type { Job } from '../api/types'
import { jobWords } from '../domain/jobs'
import { plural } from '../domain/words'
import { Inert } from './Inert'
import { useShell } from './shell'
import { Time } from './Time'

export function JobsDrawer() {
  const jobs = useJobs()
  const [open, setOpen] = useState(false)
  const running = jobs.filter((j) => j.state === 'running')
  const failed = jobs.filter((j) => j.state === 'failed')
  const first = running[0]
  return (
    <footer className="drawer" data-open={open}>
      <div className="drawer-line">
        <button type="button" className="drawer-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <IconChevronDown size={14} aria-hidden="true" /> : <IconChevronUp size={14} aria-hidden="true" />}
          <span className="strong">Jobs</span>
          {first ? (
            <>
              <span className="clip"><Inert text={first.title} /></span>
              <Bar job={first} />
              <span className="quiet num clip">{jobWords(first)}</span>
            </>
          ) : <span className="quiet">{failed.length > 0 ? `${plural(failed.length, 'job')} failed` : jobs.length > 0 ? `none running, ${plural(jobs.length, 'job')} finished` : 'none running'}</span>}
          {running.length > 1 && <span className="quiet">and {plural(running.length - 1, 'more')}</span>}
        </button>
        {first && <Cancel job={first} />}
      </div>
      {open && (
        <ul className="drawer-list scroll" tabIndex={0} aria-label="Jobs">
          {jobs.length === 0 && <li className="quiet drawer-none">Imports, detection runs and model checks appear here with their progress. They never block the window.</li>}
          {jobs.map((j) => (
            <li key={j.id} className="job">
              <span className={`job-state job-${j.state}`}>{j.state === 'done' ? <IconCheck size={14} aria-hidden="true" /> : j.state === 'running' ? '…' : <IconX size={14} aria-hidden="true" />}<span>{j.state}</span></span>
              <span className="clip job-title"><Inert text={j.title} /></span>
              {j.state === 'running' ? <Bar job={j} /> : <span />}
              <span className="quiet num clip" title={jobWords(j)}><Inert text={jobWords(j)} /></span>
              <span className="quiet"><Time iso={j.ended ?? j.started} form="short" /></span>
              {j.state === 'running' ? <Cancel job={j} /> : <span />}
            </li>
          ))}
        </ul>
      )}
    </footer>
  )
}

function Bar({ job }: { job: Job }) {
  const part = job.total > 0 ? Math.min(1, job.done / job.total) : 0
  return (
    <span className="job-bar" role="progressbar" aria-label={job.title} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)}>
      <span style={{ width: `${part * 100}%` }} />
    </span>
  )
}

function Cancel({ job }: { job: Job }) {
  const { say } = useShell()
  const cancel = useAct(() => api.jobCancel(job.id), { onError: (e) => say(e.sentence, { bad: true }) })
  return <button type="button" className="icon-btn" title="Cancel" aria-label={`Cancel ${job.title}`} onClick={() => cancel.mutate(undefined)}><IconPlayerStop size={14} /></button>
}
