// Taking in evidence: where it is dropped, what each import gave as a receipt, and where we cannot see.
import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconArchive, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { native } from '../api/native'
import { useBoard, useEvidence } from '../api/queries'
import { totals } from '../domain/receipt'
import { count, plural } from '../domain/words'
import { BlindSpots } from '../ui/BlindSpots'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded } from '../ui/States'
import { useShell } from '../ui/shell'
import { AddEvidenceDialog } from './AddEvidenceDialog'
import { EvidenceTable } from './EvidenceTable'
import './evidence.css'

type View = 'items' | 'blind'

export function EvidenceStage() {
  const evidence = useEvidence()
  const { place } = useShell()
  const [view, setView] = useState<View>(place.id === 'blind' ? 'blind' : 'items')
  const [adding, setAdding] = useState<string[] | null>(null)
  const [find, setFind] = useState('')
  useEffect(() => native.onDrop((paths) => setAdding(paths)), [])
  const items = useMemo(() => evidence.data?.items ?? [], [evidence.data])
  const t = totals(items)
  const shown = useMemo(() => {
    const f = find.trim().toLowerCase()
    return f === '' ? items : items.filter((i) => `${i.path} ${i.format} ${i.status} ${i.sha256} ${i.custodian}`.toLowerCase().includes(f))
  }, [items, find])
  const choose = async () => {
    const chosen = native.canChoose() ? await native.chooseFiles('Add evidence') : []
    if (chosen.length > 0 || !native.canChoose()) setAdding(chosen)
  }
  return (
    <>
      <StageHead
        title="Evidence"
        counts={evidence.data && items.length > 0 && <>{plural(t.items, 'item')} · {plural(t.records, 'record')} parsed · {t.attention > 0 ? <b>{count(t.attention)} need a look</b> : 'all read'} · {count(t.sealed)} sealed</>}
      >
        <SegmentedControl aria-label="View" value={view} onChange={(v) => setView(v as View)} data={[{ value: 'items', label: 'Items' }, { value: 'blind', label: 'Blind spots' }]} />
        <Button leftSection={<IconPlus size={15} />} onClick={() => void choose()}>Add evidence</Button>
      </StageHead>
      {view === 'blind' ? <Blind /> : (
        <div className="stage-body evidence">
          <Drop onChoose={() => void choose()} small={items.length > 0}>
            {items.length > 6 && <TextInput leftSection={<IconSearch size={14} />} placeholder="Path, format, status, hash" aria-label="Find an item" value={find} onChange={(e) => setFind(e.currentTarget.value)} w={260} />}
          </Drop>
          <Loaded query={evidence} what="the evidence" lines={10}>
            {() => (items.length === 0 ? (
              <Empty icon={<IconArchive size={34} stroke={1.3} />} title="No evidence yet">
                Add files, folders or zip archives. Originals are opened read-only and never written; each import leaves a receipt that says what was read, what was skipped and why.
              </Empty>
            ) : <EvidenceTable items={shown} filtered={find.trim() !== ''} />)}
          </Loaded>
        </div>
      )}
      <AddEvidenceDialog paths={adding} onClose={() => setAdding(null)} />
    </>
  )
}

function Drop({ onChoose, small, children }: { onChoose: () => void; small: boolean; children: React.ReactNode }) {
  const { say } = useShell()
  const [over, setOver] = useState(false)
  return (
    <div className="drop-bar">
      <div
        className="drop" data-small={small} data-over={over}
        onDragOver={(e) => { e.preventDefault(); setOver(true) }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault()
          setOver(false)
          if (!native.canDrop()) say('A browser does not tell where a dropped file lies. Type its path instead.', { bad: true })
        }}
      >
        <IconUpload size={18} stroke={1.6} aria-hidden="true" />
        <span>Drop files, folders or zip archives here, or <button type="button" className="link" onClick={onChoose}>name them</button></span>
        <span className="quiet small">EVTX, JSON lines, CSV, syslog and auth logs, web access logs; anything else is kept with its hash</span>
      </div>
      {children}
    </div>
  )
}

function Blind() {
  const board = useBoard()
  return (
    <div className="stage-body scroll pad" tabIndex={0} role="region" aria-label="Blind spots">
      <p className="quiet evidence-lead">Hosts and days that an expected source does not cover: it was cleared, not collected, or has a gap. What did not happen cannot be told from these.</p>
      <Loaded query={board} what="blind spots">{(b) => <BlindSpots spots={b.blind_spots} />}</Loaded>
    </div>
  )
}
