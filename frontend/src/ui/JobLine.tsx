// One running job inside a dialog: what it does now, how far it is.
import type { Job } from '../api/types'
import { bytes, count } from '../domain/words'
import { Inert } from './Inert'

export function JobLine({ job: j }: { job: Job }) {
  const part = j.total > 0 ? Math.min(1, j.done / j.total) : 0
  const amount = (n: number) => (j.unit === 'bytes' || j.unit === 'B' ? bytes(n) : `${count(n)} ${j.unit}`.trim())
  return (
    <div className="job-line">
      <div className="spread"><span className="wrap"><Inert text={j.message || j.title} /></span>{j.total > 0 && <span className="quiet num nowrap">{amount(j.done)} of {amount(j.total)}</span>}</div>
      <span className="job-bar job-bar-wide" role="progressbar" aria-label={j.title} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(part * 100)}><span style={{ width: `${part * 100}%` }} /></span>
    </div>
  )
}
