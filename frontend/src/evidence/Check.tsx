// Whether the evidence is still what was taken in: the newest check of all of it, a new one as a job, and what stands
// unexplained.
import { Button } from '@mantine/core'
import { IconAlertOctagon, IconRefresh, IconScale, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react'
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query'
import { api, type CallError } from '../api/client'
import { useAct, useJob } from '../api/queries'
import type { Custody, Hold, Mismatch } from '../api/types'
import { checkWords } from '../domain/custody'
import { listing, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'

export type CheckAll = UseMutationResult<{ job: string }, CallError, undefined>

export function useCheckAll(): CheckAll {
  const { say } = useShell()
  return useAct<undefined, { job: string }>(() => api.evidenceVerify(), { onSuccess: () => say('All evidence is hashed again. The result is signed into the record.') })
}

export function CheckLine({ custody, check }: { custody: UseQueryResult<Custody>; check: CheckAll }) {
  const job = useJob(check.data?.job ?? '')
  const running = check.isPending || job?.state === 'running'
  const last = custody.data?.last_check
  const clean = last ? last.altered === 0 && last.absent === 0 : false
  return (
    <div className="check-line">
      {clean ? <IconShieldCheck size={16} className="good" aria-hidden="true" /> : <IconShieldQuestion size={16} className="quiet" aria-hidden="true" />}
      <span className="grow num">
        {custody.isPending ? <span className="quiet">Loading the last check…</span> : last ? <>{checkWords(last)}. <span className="quiet">Signed by <Inert text={last.by} />, <Time iso={last.at} form="short" /></span></> : <span className="quiet">Not hashed again since it was taken in.</span>}
        {check.error && <> <b className="bad">{check.error.sentence}</b></>}
        {job?.state === 'failed' && <> <b className="bad">{job.error?.sentence ?? 'The check failed.'}</b></>}
      </span>
      <Button variant="default" size="compact-sm" leftSection={<IconRefresh size={14} />} loading={running} onClick={() => check.mutate(undefined)}>Hash all again</Button>
      {custody.error && <Failed error={custody.error} inline retry={() => void custody.refetch()} />}
    </div>
  )
}

/** A hold on the whole case stands once above the items, not on each of them. */
export function CaseHold({ holds }: { holds: Hold[] }) {
  const whole = holds.filter((h) => h.items.length === 0 && h.released === null)
  if (whole.length === 0) return null
  return <p className="case-hold"><IconScale size={16} aria-hidden="true" /><span className="wrap">The whole case is on hold for <b><Inert text={listing(whole.map((h) => h.matter), 3)} /></b>. Nothing of it can be deleted with this program.</span></p>
}

export function Mismatches({ list, onExplain }: { list: Mismatch[]; onExplain: (m: Mismatch) => void }) {
  return (
    <div className="mismatch" role="alert">
      <IconAlertOctagon size={20} stroke={1.7} aria-hidden="true" />
      <div className="grow">
        <p className="strong">{plural(list.length, 'item')} {list.length === 1 ? 'is' : 'are'} not what was taken in. No copy of the case leaves until somebody explains it.</p>
        <ul>
          {list.map((m) => (
            <li key={m.sha256}>
              <span className="wrap grow"><span className="mono small"><Inert text={m.path} /></span> <span className="quiet small">found by <Inert text={m.found_by} />, <Time iso={m.found_at} form="short" /></span></span>
              <Button variant="default" size="compact-sm" onClick={() => onExplain(m)}>Explain…</Button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
