// What a person has to settle after copies were joined: fields with two answers, and entries that were set aside.
import { Button } from '@mantine/core'
import { IconChecks } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import type { Conflict, SetAside } from '../api/types'
import { count } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Empty, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { AdmitDialog } from './AdmitDialog'
import { ConflictPair } from './ConflictPair'
import { ResolveDialog } from './ResolveDialog'

interface Props { conflicts: UseQueryResult<{ conflicts: Conflict[] }>; refused: UseQueryResult<{ refused: SetAside[] }>; at?: string }

export function ConflictsView({ conflicts, refused, at }: Props) {
  const [settle, setSettle] = useState<{ conflict: Conflict; start: string } | null>(null)
  const [admit, setAdmit] = useState<SetAside | null>(null)
  const none = conflicts.data?.conflicts.length === 0 && refused.data?.refused.length === 0
  return (
    <div className="stage-body scroll rec-parts" tabIndex={0} role="region" aria-label="Conflicts and entries set aside">
      {none ? (
        <Empty icon={<IconChecks size={34} stroke={1.3} />} title="Nothing to settle">Conflicts appear here after a merge, when two people set the same thing without having seen each other. Entries that authority refuses appear here too: they are kept, without effect.</Empty>
      ) : (
        <>
          <section aria-label="Conflicts">
            <h2 className="block-title">Conflicts{conflicts.data && <span className="quiet num">{count(conflicts.data.conflicts.length)}</span>}</h2>
            <Loaded query={conflicts} what="conflicts" lines={6}>
              {(d) => (d.conflicts.length === 0 ? <p className="quiet">No field has two answers.</p> : (
                <>
                  <p className="quiet rec-lead">People set these without having seen each other. Nothing is lost: choose the answer that counts, and say why.</p>
                  {d.conflicts.map((c) => <ConflictPair key={c.field} conflict={c} current={c.answers.some((a) => a.entry === at)} onChoose={(start) => setSettle({ conflict: c, start })} />)}
                </>
              ))}
            </Loaded>
          </section>
          <section aria-label="Set aside">
            <h2 className="block-title">Set aside{refused.data && <span className="quiet num">{count(refused.data.refused.length)}</span>}</h2>
            <Loaded query={refused} what="what is set aside" lines={4}>
              {(d) => (d.refused.length === 0 ? <p className="quiet">Every entry counts.</p> : (
                <>
                  <p className="quiet rec-lead">Kept in the record, signed and readable, but without effect: whoever signed had no authority for it as far as the record shows.</p>
                  <ul className="lines">{d.refused.map((r) => <li key={r.entry}><Aside r={r} current={r.entry === at} onAdmit={() => setAdmit(r)} /></li>)}</ul>
                </>
              ))}
            </Loaded>
          </section>
        </>
      )}
      {settle && <ResolveDialog conflict={settle.conflict} start={settle.start} onClose={() => setSettle(null)} />}
      {admit && (
        <AdmitDialog entry={admit.entry} onClose={() => setAdmit(null)} lead={<>Admit it when you know that it is theirs and right. It then counts from its own place in the record.</>}>
          <Aside r={admit} />
        </AdmitDialog>
      )}
    </div>
  )
}

export function Aside({ r, current = false, onAdmit }: { r: SetAside; current?: boolean; onAdmit?: () => void }) {
  return (
    <div className="aside-line" data-current={current}>
      <span className="entry-time mono"><Time iso={r.recorded || null} form="short" /></span>
      <div className="grow">
        <p className="wrap aside-story"><Inert text={r.story || `${r.name} signed a ${r.kind} entry.`} /></p>
        <p className="small"><span className="entry-refused">Set aside</span> <Inert text={r.why} /> <span className="mono tiny quiet">{r.code}</span></p>
      </div>
      <span className="small"><b><Inert text={r.name} /></b></span>
      {onAdmit && (r.admissible ? <Button variant="default" size="compact-sm" onClick={onAdmit}>Admit…</Button> : <span className="quiet small aside-no" title="It can be signed again by somebody who may, or it is wrong for good.">cannot be admitted</span>)}
    </div>
  )
}
