// Counsel marks what belongs to a lane, from the inspector of an item, an entry or a paper. Nobody else sees the menu.
import { Menu, SegmentedControl, Select } from '@mantine/core'
import { IconDotsVertical, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useLanes } from '../api/queries'
import type { LaneMark } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { MARK_OF, TRACK } from '../domain/lane'
import { WhyField, whyMissing } from '../settings/fields'
import { useShell } from '../ui/shell'
import { LiftDialog } from './LaneDialogs'

export interface MarkTarget { of: LaneMark['of']; ref: string; title: string }

export function MarkMenu({ target }: { target: MarkTarget }) {
  const { caseView, go } = useShell()
  const counsel = caseView.person.acting === 'legal-counsel'
  const lanes = useLanes(counsel)
  const [marking, setMarking] = useState(false)
  const [lifting, setLifting] = useState<LaneMark | null>(null)
  if (!counsel || !lanes.data) return null
  const mine = lanes.data.marks.filter((m) => m.of === target.of && m.ref === target.ref)
  const open = lanes.data.lanes.length > 0
  return (
    <>
      <Menu position="bottom-end" width={250} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target><button type="button" className="icon-btn" aria-label={`Privilege of this ${MARK_OF[target.of]}`} title="Privilege">{mine.length > 0 ? <IconLock size={15} /> : <IconDotsVertical size={15} />}</button></Menu.Target>
        <Menu.Dropdown>
          {open ? <Menu.Item onClick={() => setMarking(true)}>Mark for a lane…</Menu.Item> : <Menu.Item onClick={() => go({ stage: 'lane' })}>Open a lane first</Menu.Item>}
          {mine.map((m) => <Menu.Item key={m.entry} onClick={() => setLifting(m)}>Lift the mark for {lanes.data.lanes.find((l) => l.id === m.lane)?.name ?? 'a lane'}…</Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      {marking && <MarkDialog target={target} onClose={() => setMarking(false)} />}
      {lifting && <LiftDialog mark={lifting} onClose={() => setLifting(null)} />}
    </>
  )
}

function MarkDialog({ target, onClose }: { target: MarkTarget; onClose: () => void }) {
  const lanes = useLanes()
  const all = lanes.data?.lanes ?? []
  const [lane, setLane] = useState(all.length === 1 ? all[0]?.id ?? '' : '')
  const [track, setTrack] = useState<'fact' | 'advice'>('advice')
  const [basis, setBasis] = useState('')
  return (
    <ActDialog
      title={`Mark this ${MARK_OF[target.of]}`} verb="Sign the mark" ask={[lane, track, basis]} preview={() => api.laneMark({ of: target.of, ref: target.ref, lane, track, basis: basis.trim() })}
      missing={[...(lane ? [] : ['the lane']), ...(whyMissing(basis).length ? ['the basis'] : [])]} onClose={onClose}
    >
      <Select label="Lane" withAsterisk data={all.map((l) => ({ value: l.id, label: l.name }))} value={lane || null} onChange={(v) => setLane(v ?? '')} />
      <div className="col">
        <SegmentedControl aria-label="Track" value={track} onChange={(v) => setTrack(v as 'fact' | 'advice')} data={[{ value: 'advice', label: 'Advice' }, { value: 'fact', label: 'Facts' }]} className="self-start" />
        <span className="quiet small">{TRACK[track].says}</span>
      </div>
      <WhyField label="On what basis" value={basis} onChange={setBasis} placeholder="Prepared at counsel’s direction, to advise on duties to passengers" autoFocus />
    </ActDialog>
  )
}
