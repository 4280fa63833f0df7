// One clock: the provision itself, whose trigger it runs from and on what basis, what to report, and "submitted" with proof.
import { Button, Modal, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, useClocks } from '../api/queries'
import { useDraftOf } from '../api/useDraft'
import type { Clock } from '../api/types'
import { parseWall, wallText } from '../domain/time'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { OriginLabel, Said } from '../ui/Origin'
import { Empty, Failed, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { useNow } from '../ui/Strip'
import { ZoneSelect } from '../ui/ZoneSelect'
import { ClockLeft } from './ClockLine'

export function ClockInspector({ id }: { id: string }) {
  const clocks = useClocks()
  return (
    <Loaded query={clocks} what="the clock">
      {(all) => {
        const c = all.clocks.find((x) => x.id === id)
        return c ? <Body c={c} anchor={all.anchors.find((a) => a.id === c.trigger?.anchor)?.title ?? c.trigger?.anchor ?? ''} /> : <Empty title="No longer there">The trigger of this clock was superseded.</Empty>
      }}
    </Loaded>
  )
}

function Body({ c, anchor }: { c: Clock; anchor: string }) {
  const now = useNow()
  const { go } = useShell()
  const [submitting, setSubmitting] = useState(false)
  return (
    <>
      <InspectorFrame
        kind="Clock" title={<>{c.regime_name}<span className="quiet">, {c.stage_name}</span></>}
        what={(
          <Facts>
            <Fact label="Left"><ClockLeft clock={c} now={now} /></Fact>
            <Fact label="Strict"><Time iso={c.strict} /></Fact>
            <Fact label="Extended">{c.extended ? <Time iso={c.extended} /> : <span className="quiet">same</span>}{c.extended_basis && <div className="quiet">{c.extended_basis}</div>}</Fact>
            <Fact label="Precision">{c.precision}</Fact>
            <Fact label="To whom">{c.recipient}</Fact>
            <Fact label="Status">{c.status}</Fact>
          </Facts>
        )}
        who={(
          <>
            {c.trigger ? (
              <Said origin={{ kind: 'person', name: c.trigger.by, role: c.trigger.role, at: c.trigger.recorded }}>
                <p><b>{anchor}</b>: <Time iso={c.trigger.at} /> <span className="quiet">({c.trigger.tz})</span></p>
                <p className="wrap">“<Inert text={c.trigger.basis} />”</p>
              </Said>
            ) : <p className="quiet">Nobody has declared its trigger.</p>}
            <OriginLabel origin={{ kind: 'computed', name: c.regime, version: c.edition }} />
          </>
        )}
        why={(
          <>
            <p className="strong">{c.citation}</p>
            <blockquote className="provision">{c.text}</blockquote>
            <p className="quiet small">Edition {c.edition}. The wording that counts is the official one.</p>
            {c.note && <p className="wrap">{c.note}</p>}
          </>
        )}
        rowsTitle="What the report contains"
        rows={c.content.length > 0 ? <ul className="dash">{c.content.map((x) => <li key={x}>{x}</li>)}</ul> : undefined}
        can={(
          <>
            <Button variant="default" onClick={() => go({ stage: 'document' })}>Papers</Button>
            {c.state !== 'submitted' && c.trigger && <Button onClick={() => setSubmitting(true)}>Record as submitted…</Button>}
          </>
        )}
      />
      {submitting && <SubmittedDialog c={c} onClose={() => setSubmitting(false)} />}
    </>
  )
}

function SubmittedDialog({ c, onClose }: { c: Clock; onClose: () => void }) {
  const { caseView, say } = useShell()
  const [zone, setZone] = useState(caseView.zone || 'UTC')
  const [w, change, draft] = useDraftOf(`submitted.${c.id}`, { at: wallText(new Date().toISOString(), caseView.zone || 'UTC'), proof: '' })
  const at = parseWall(w.at, zone)
  const act = useAct(() => api.submitted({ clock: c.id, at: at ?? '', proof: w.proof.trim() }), { onSuccess: () => { draft.clear(); say('Recorded as submitted.'); onClose() } })
  return (
    <Modal opened onClose={onClose} title="Record as submitted" size={520}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); if (at && w.proof.trim()) act.mutate(undefined) }}>
        <p>{c.regime_name}, {c.stage_name}, to {c.recipient}.</p>
        <div className="form-two">
          <TextInput label="When" placeholder="2026-03-06 14:30" value={w.at} onChange={(e) => change({ at: e.currentTarget.value })} error={at === null ? 'Year-month-day hour:minute' : undefined} />
          <ZoneSelect label="Zone" value={zone} onChange={setZone} />
        </div>
        <TextInput label="Proof" description="Reference number, courier slip, mail id" value={w.proof} onChange={(e) => change({ proof: e.currentTarget.value })} data-autofocus autoComplete="off" />
        {act.error && <Failed error={act.error} inline />}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" disabled={at === null || w.proof.trim() === ''} loading={act.isPending}>Sign as {caseView.person.name}</Button></div>
      </form>
    </Modal>
  )
}
