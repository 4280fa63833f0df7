// Copies that left this laptop and copies that came in, and what keeps the past from being rewritten: checkpoints, and
// heads that somebody else holds.
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconCircleCheck, IconCircleDashed, IconPrinter, IconScan, IconSignature } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { useWitnesses } from '../api/queries'
import type { Checkpoint, CopyOut, Witness } from '../api/types'
import { count, listing, plural } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Inert } from '../ui/Inert'
import { Empty, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { CompareSlipDialog, SlipDialog } from './SlipDialogs'
import { CheckpointDialog, HeldSlipDialog, CosignedDialog, StampDialog, StampRequestDialog } from './WitnessDialogs'

type Doing = 'checkpoint' | 'held' | 'cosigned' | 'stamp-request' | 'stamp' | 'slip' | 'compare'

export function CopiesView({ onExport }: { onExport: () => void }) {
  const [doing, setDoing] = useState<Doing | null>(null)
  const close = () => setDoing(null)
  return (
    <div className="stage-body scroll rec-parts" tabIndex={0} role="region" aria-label="Copies and witnesses">
      <div className="rec-cols2">
        <Travels onExport={onExport} onDo={setDoing} />
        <Witnessed onDo={setDoing} />
      </div>
      {doing === 'checkpoint' && <CheckpointDialog onClose={close} />}
      {doing === 'held' && <HeldSlipDialog onClose={close} />}
      {doing === 'cosigned' && <CosignedDialog onClose={close} />}
      {doing === 'stamp-request' && <StampRequestDialog onClose={close} />}
      {doing === 'stamp' && <StampDialog onClose={close} />}
      {doing === 'slip' && <SlipDialog onClose={close} />}
      {doing === 'compare' && <CompareSlipDialog onClose={close} />}
    </div>
  )
}

function Travels({ onExport, onDo }: { onExport: () => void; onDo: (d: Doing) => void }) {
  const copies = useQuery({ queryKey: ['copies'], queryFn: api.copies })
  return (
    <section aria-label="Copies">
      <div className="part-head">
        <h2 className="block-title">Copies</h2>
        <Button variant="default" leftSection={<IconPrinter size={15} />} onClick={() => onDo('slip')}>Courier slip…</Button>
        <Button variant="default" leftSection={<IconScan size={15} />} onClick={() => onDo('compare')}>Compare a slip…</Button>
      </div>
      <p className="quiet rec-lead">A copy that travels goes with a slip on paper. Whoever receives it types the code and sees whether it is the copy that left.</p>
      <Loaded query={copies} what="copies" lines={5}>
        {(d) => (
          <>
            <h3 className="label">Left</h3>
            {d.exports.length === 0 ? <p className="quiet">No copy has left. <button type="button" className="link" onClick={onExport}>Export one…</button></p> : <ul className="lines">{d.exports.map((x) => <li key={x.entry}><OutLine x={x} /></li>)}</ul>}
            <h3 className="label">Came in</h3>
            {d.merges.length === 0 ? <p className="quiet">No other copy was joined with this one by a signed merge. A merge in which only one side had news signs nothing.</p> : <ul className="lines">{d.merges.map((x) => <li key={x.entry} className="witness"><div className="spread"><span><b><Inert text={x.by} /></b> took in the newest entries of {plural(x.keys, 'key')}</span><Time iso={x.at} form="short" /></div></li>)}</ul>}
          </>
        )}
      </Loaded>
    </section>
  )
}

const FORM: Record<CopyOut['form'], string> = { plain: 'plain folder', parcel: 'encrypted parcel', extract: 'extract' }

function OutLine({ x }: { x: CopyOut }) {
  const held = [plural(x.entries, 'entry', 'entries'), x.evidence > 0 && plural(x.evidence, 'evidence item'), x.withheld > 0 && `${count(x.withheld)} without words`].filter(Boolean).join(', ')
  return (
    <div className="witness">
      <div className="spread"><span>To <b><Inert text={x.to || 'nobody named'} /></b> <span className="witness-how">{FORM[x.form]}</span></span><Time iso={x.at} form="short" /></div>
      <div className="small num">{held}{x.recipients.length > 0 && <>; opens for <Inert text={listing(x.recipients, 3)} /></>}</div>
      <div className="small">Head <Copy value={x.head_code} label="head code" short={false} /></div>
      <p className="quiet small">Exported by <Inert text={x.by} /></p>
    </div>
  )
}

const HOW: Record<Witness['how'], string> = { paper: 'slip on paper', cosignature: 'cosigned checkpoint', timestamp: 'time stamp' }

function Witnessed({ onDo }: { onDo: (d: Doing) => void }) {
  const witnesses = useWitnesses()
  const { caseView } = useShell()
  return (
    <section aria-label="Witnesses and checkpoints">
      <div className="part-head">
        <h2 className="block-title">Witnesses and checkpoints</h2>
        <Button leftSection={<IconSignature size={15} />} onClick={() => onDo('checkpoint')}>Sign a checkpoint…</Button>
        <Menu position="bottom-end" width={300}>
          <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={13} />}>Take in</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onDo('held')}>A slip that somebody holds…</Menu.Item>
            <Menu.Item onClick={() => onDo('cosigned')}>A cosigned checkpoint…</Menu.Item>
            <Menu.Divider />
            <Menu.Item onClick={() => onDo('stamp-request')}>Ask for a time stamp…</Menu.Item>
            <Menu.Item onClick={() => onDo('stamp')}>A time stamp that came back…</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <p className="quiet rec-lead">The owner of this laptop could make a whole new past. What shows it is a head that somebody else holds. A witness says that a head existed by then, not that what it covers is true.</p>
      <p className="small">Head now <span className="mono">{caseView.head.slice(0, 20)}</span></p>
      <Loaded query={witnesses} what="witnesses" lines={6}>
        {(d) => (
          <>
            <h3 className="label">Witnesses</h3>
            {d.witnesses.length === 0 ? <Empty title="Nobody else holds a head yet">Print a courier slip for somebody outside the room, or let a second laptop cosign a checkpoint.</Empty> : <ul className="lines">{d.witnesses.map((w) => <li key={w.id}><WitnessLine w={w} /></li>)}</ul>}
            <h3 className="label">Checkpoints</h3>
            {d.checkpoints.length === 0 ? <p className="quiet">No checkpoint was signed. One says how many entries of yours there are, and their root.</p> : <ul className="lines">{d.checkpoints.map((c) => <li key={c.id}><CheckpointLine c={c} /></li>)}</ul>}
          </>
        )}
      </Loaded>
    </section>
  )
}

function WitnessLine({ w }: { w: Witness }) {
  return (
    <div className="witness">
      <div className="spread"><span><b><Inert text={w.by} /></b> <span className="witness-how">{HOW[w.how]}</span></span><Time iso={w.at} form="short" /></div>
      <div className="small">Head <Copy value={w.head_code} label="head code" short={false} /></div>
      {w.text && <p className="wrap small"><Inert text={w.text} /></p>}
      <p className="quiet small">{w.how === 'paper' ? <>The slip was seen by <Inert text={w.entered_by} />, who entered this; the program has not seen it.</> : <>Checked by the program; entered by <Inert text={w.entered_by} />.</>}</p>
    </div>
  )
}

function CheckpointLine({ c }: { c: Checkpoint }) {
  return (
    <div className="witness">
      <div className="spread"><span><b className="num">{plural(c.size, 'entry', 'entries')}</b> of <Inert text={c.by} /></span><Time iso={c.at} form="short" /></div>
      <div className="row small">{c.witnessed ? <><IconCircleCheck size={14} className="good" aria-hidden="true" />cosigned by a witness</> : <><IconCircleDashed size={14} className="quiet" aria-hidden="true" /><span className="quiet">no witness has cosigned it</span></>}</div>
      <div className="mono tiny quiet">key {c.key}</div>
    </div>
  )
}
