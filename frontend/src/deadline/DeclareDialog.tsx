// Declaring a trigger: what happened in the duty's sense, when, and on what basis. A person's act with their name under it.
import { Button, Modal, Radio, TextInput, Textarea } from '@mantine/core'
import { useState, type KeyboardEvent } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { useDraftOf } from '../api/useDraft'
import type { Anchor, Clock } from '../api/types'
import { MIN_REASON, reasonLength } from '../domain/reason'
import { fullTime, parseWall, wallText } from '../domain/time'
import { listing } from '../domain/words'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'
import { ZoneSelect } from '../ui/ZoneSelect'

/** The duties by name that this case runs and this trigger starts; ids only for those it does not run. */
function starts(a: Anchor, clocks: Clock[]): string {
  const names = [...new Set(clocks.filter((c) => a.regimes.includes(c.regime)).map((c) => c.regime_name))]
  return listing(names.length > 0 ? names : a.regimes, 3)
}

export function DeclareDialog({ anchors, clocks, onClose }: { anchors: Anchor[]; clocks: Clock[]; onClose: () => void }) {
  const { caseView, say } = useShell()
  const [opened] = useState(() => new Date().toISOString())
  const caseZone = caseView.zone || 'UTC'
  const [w, change, draft] = useDraftOf('clocks.declare', { anchor: anchors[0]?.id ?? '', at: '', tz: caseZone, basis: '' })
  const at = parseWall(w.at, w.tz)
  const enough = reasonLength(w.basis) >= MIN_REASON
  const ready = at !== null && enough && w.anchor !== ''
  const act = useAct(() => api.declare({ anchor: w.anchor, at: at ?? '', tz: w.tz, basis: w.basis.trim() }), {
    onSuccess: () => { draft.clear(); say('The trigger is signed; its clocks run.'); onClose() },
  })
  const key = (e: KeyboardEvent) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && ready) { e.preventDefault(); act.mutate(undefined) } }
  return (
    <Modal opened onClose={onClose} title="Declare a trigger" size={680}>
      <div className="col form-gap" onKeyDown={key}>
        <Radio.Group label="What is declared" value={w.anchor} onChange={(anchor) => change({ anchor })} className="anchors">
          {anchors.map((a) => (
            <Radio key={a.id} value={a.id} label={<span className="anchor"><b>{a.title}</b><span className="quiet">{a.words}</span><span className="quiet small">starts: {starts(a, clocks)}</span></span>} />
          ))}
        </Radio.Group>
        <div className="form-two">
          <TextInput
            label="When" description="As the clock on the wall showed it" placeholder={wallText(opened, w.tz)} value={w.at} onChange={(e) => change({ at: e.currentTarget.value })} autoComplete="off"
            error={w.at !== '' && at === null ? 'Year-month-day hour:minute, for example 2026-03-04 09:15' : undefined}
          />
          <ZoneSelect label="Zone" description={at ? fullTime(at, 'utc', 'UTC') : 'of that clock'} value={w.tz} onChange={(tz) => change({ tz })} />
        </div>
        <div>
          <Textarea label="On what basis" placeholder="Who told whom, what was on the table, why this moment and not an earlier one" value={w.basis} onChange={(e) => change({ basis: e.currentTarget.value })} autosize minRows={3} maxRows={8} />
          <div className="spread small quiet reason-count"><span>{draft.state === 'failed' ? 'The draft could not be kept.' : 'Kept as a draft until you sign.'}</span><span className="num" data-enough={enough}>{reasonLength(w.basis)} of at least {MIN_REASON} characters</span></div>
        </div>
        {act.error && <Failed error={act.error} inline />}
        <div className="sign-foot declare-foot">
          <div className="said said-person sign-block"><span className="strong">{caseView.person.name}</span><span className="quiet">{caseView.person.acting_title || 'no role'}</span></div>
          <span className="grow quiet small">Clocks are computed from this. Whether anything is owed stays counsel’s judgement.</span>
          <Button variant="default" onClick={onClose}>Close</Button>
          <Button disabled={!ready} loading={act.isPending} onClick={() => act.mutate(undefined)} title="Ctrl+Enter">Sign trigger</Button>
        </div>
      </div>
    </Modal>
  )
}
