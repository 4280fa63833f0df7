// Reporting clocks, sorted by time left: strict and extended reading, whose trigger they run from, and what was
// submitted. A computed aid: whether anything is owed is counsel's judgement, and signed as such.
import { Button } from '@mantine/core'
import { IconAlarmPlus, IconClockHour4 } from '@tabler/icons-react'
import { useState } from 'react'
import { useClocks } from '../api/queries'
import type { Anchor, Clock, Clocks } from '../api/types'
import { sortClocks, urgency } from '../domain/clocks'
import { roleTitle } from '../domain/says'
import { plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { OriginLabel } from '../ui/Origin'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded, Partial } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { useNow } from '../ui/Strip'
import { ClockLeft } from './ClockLine'
import { DeclareDialog } from './DeclareDialog'
import './deadline.css'

export function ClocksStage() {
  const clocks = useClocks()
  const [declaring, setDeclaring] = useState(false)
  const now = useNow()
  const c = clocks.data
  const running = c?.clocks.filter((x) => x.state === 'running' || x.state === 'as-soon-as-possible').length ?? 0
  return (
    <>
      <StageHead title="Clocks" counts={c && <>{plural(running, 'clock')} running · <OriginLabel origin={{ kind: 'computed', name: 'deadlines' }} /></>}>
        <Button leftSection={<IconAlarmPlus size={15} />} onClick={() => setDeclaring(true)}>Declare a trigger</Button>
      </StageHead>
      {c?.clock_note && <Partial><Inert text={c.clock_note} /></Partial>}
      <div className="stage-body scroll read" tabIndex={0} role="region" aria-label="Clocks">
        <Loaded query={clocks} what="the clocks" lines={8}>
          {(data) => (data.clocks.length === 0 ? (
            <Empty icon={<IconClockHour4 size={34} stroke={1.3} />} title="No clock runs" action={<Button onClick={() => setDeclaring(true)}>Declare a trigger</Button>}>
              A clock starts when a person declares what it counts from, for example the moment of becoming aware of a personal data breach, and signs on what basis.
            </Empty>
          ) : <Table data={data} now={now} />)}
        </Loaded>
        {c && <p className="quiet small clocks-aid"><Inert text={c.computed_aid} /></p>}
      </div>
      {declaring && c && <DeclareDialog anchors={c.anchors} clocks={c.clocks} onClose={() => setDeclaring(false)} />}
    </>
  )
}

function Table({ data, now }: { data: Clocks; now: number }) {
  return (
    <table className="table clocks">
      <thead><tr><th>Time left</th><th>Duty</th><th>Strict reading</th><th>Extended reading</th><th>Counts from</th><th>To whom</th></tr></thead>
      <tbody>{sortClocks(data.clocks, now).map((c) => <Row key={c.id} c={c} now={now} anchors={data.anchors} />)}</tbody>
    </table>
  )
}

function Row({ c, now, anchors }: { c: Clock; now: number; anchors: Anchor[] }) {
  const { inspect, subject } = useShell()
  const open = () => inspect({ kind: 'clock', clock: c })
  return (
    <tr className="pick" data-current={subject?.kind === 'clock' && subject.clock.id === c.id} data-urgency={urgency(c, now)} onClick={open}>
      <td><ClockLeft clock={c} now={now} /></td>
      <td>
        <button type="button" className="ev-name" onClick={open}>{c.regime_name}</button>
        <div className="quiet">{c.stage_name}</div>
        <div className="quiet small clamp-1" title={c.citation}>{c.jurisdiction} · {c.citation}</div>
      </td>
      <td className="num"><Deadline iso={c.strict} /></td>
      <td className="num">{c.extended && c.extended !== c.strict ? <><Deadline iso={c.extended} />{c.extended_basis && <div className="quiet small clamp-2" title={c.extended_basis}>{c.extended_basis}</div>}</> : <span className="quiet">same</span>}</td>
      <td>
        {c.trigger ? (
          <div className="said said-person clock-trigger">
            <span>{anchors.find((a) => a.id === c.trigger?.anchor)?.title ?? c.trigger.anchor}</span>
            <span className="num"><Time iso={c.trigger.at} form="short" /></span>
            <span className="quiet small"><Inert text={c.trigger.by} />, {roleTitle(c.trigger.role)}</span>
          </div>
        ) : <span className="quiet">not declared</span>}
      </td>
      <td><div className="clamp-2" title={c.recipient}>{c.recipient}</div></td>
    </tr>
  )
}

function Deadline({ iso }: { iso: string | null }) {
  return iso ? <span className="strong"><Time iso={iso} form="short" /></span> : <span className="quiet">no fixed hour</span>
}
