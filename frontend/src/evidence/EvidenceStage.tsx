// Taking in evidence: where it is dropped, what each import gave as a receipt, who has it, and where we cannot see.
import { Button, Menu, SegmentedControl, TextInput } from '@mantine/core'
import { IconArchive, IconChevronDown, IconPlus, IconSearch, IconUpload } from '@tabler/icons-react'
import { useEffect, useMemo, useState } from 'react'
import { native } from '../api/native'
import { useBoard, useCustody, useEvidence, useJobs } from '../api/queries'
import type { EvidenceItem, Mismatch } from '../api/types'
import { distinct } from '../domain/custody'
import { inState, isImport, states, STATE_WORD, undoable, type State } from '../domain/intake'
import { newest, totals } from '../domain/receipt'
import { count, plural } from '../domain/words'
import { BlindSpots } from '../ui/BlindSpots'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded } from '../ui/States'
import { useShell } from '../ui/shell'
import { AddEvidenceDialog } from './AddEvidenceDialog'
import { Batches } from './Batch'
import { CaseHold, CheckLine, Mismatches, useCheckAll } from './Check'
import { CustodyView } from './CustodyView'
import { EvidenceTable } from './EvidenceTable'
import { ExplainDialog, HandoverDialog, HoldDialog } from './CustodyDialogs'
import { UndoDialog } from './ImportDialogs'
import './evidence.css'

type View = 'items' | 'custody' | 'blind'

export function EvidenceStage() {
  const jobs = useJobs()
  const [started, setStarted] = useState<string[]>([])
  const running = jobs.some((j) => j.state === 'running' && isImport(j))
  const evidence = useEvidence(running)
  const custody = useCustody()
  const { place, amendPlace, inspect } = useShell()
  const [adding, setAdding] = useState<string[] | null>(null)
  const [find, setFind] = useState('')
  const [state, setState] = useState<State>('all')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [doing, setDoing] = useState<'give' | 'hold' | 'undo' | null>(null)
  const [explain, setExplain] = useState<Mismatch | null>(null)
  const check = useCheckAll()
  useEffect(() => native.onDrop((paths) => setAdding(paths)), [])
  const items = useMemo(() => newest(evidence.data?.items ?? []), [evidence.data])
  const c = custody.data
  const view = viewOf(place.id, c?.transfers.map((t) => t.id) ?? [])
  // A link to an item (from the list of what waits) opens it, once.
  useEffect(() => {
    const item = place.id && /^[0-9a-f]{64}$/.test(place.id) ? items.find((i) => i.sha256 === place.id) : undefined
    if (item) { inspect({ kind: 'item', item }); amendPlace({ stage: 'evidence' }) }
  }, [place.id, items, inspect, amendPlace])
  const t = totals(items)
  const shown = useMemo(() => {
    const f = find.trim().toLowerCase()
    return items.filter((i) => inState(i, state) && (f === '' || `${i.path} ${i.format} ${i.status} ${i.sha256} ${c?.custodians[i.sha256] ?? i.custodian}`.toLowerCase().includes(f)))
  }, [items, find, state, c])
  const chosen = distinct(items.filter((i) => selected.has(i.sha256)))
  const waiting = c?.transfers.filter((x) => x.mine).length ?? 0
  const choose = async () => {
    const paths = native.canChoose() ? await native.chooseFiles('Add evidence') : []
    if (paths.length > 0 || !native.canChoose()) setAdding(paths)
  }
  return (
    <>
      <StageHead
        title="Evidence"
        counts={evidence.data && items.length > 0 && <>{plural(t.items, 'item')} · {plural(t.records, 'record')} parsed · {t.attention > 0 ? <b>{count(t.attention)} {t.attention === 1 ? 'needs' : 'need'} a look</b> : 'none needs a look'} · {count(t.sealed)} sealed{chosen.length > 0 && <> · <b>{count(chosen.length)} selected</b></>}</>}
      >
        <SegmentedControl
          aria-label="View" value={view} onChange={(v) => amendPlace(v === 'items' ? { stage: 'evidence' } : { stage: 'evidence', id: v })}
          data={[{ value: 'items', label: 'Items' }, { value: 'custody', label: <span className="seg">Custody{waiting > 0 && <span className="seg-count num" aria-label={`${waiting} for you`}>{waiting}</span>}</span> }, { value: 'blind', label: 'Blind spots' }]}
        />
        <Menu position="bottom-end" width={260}>
          <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={13} />} disabled={items.length === 0}>{chosen.length > 0 ? plural(chosen.length, 'item') : 'All items'}</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{chosen.length > 0 ? `The ${plural(chosen.length, 'selected item')}` : 'Every item of the case'}</Menu.Label>
            <Menu.Item onClick={() => setDoing('give')}>Hand over…</Menu.Item>
            <Menu.Item onClick={() => setDoing('hold')}>Place a legal hold…</Menu.Item>
            {undoable(chosen).length > 0 && <Menu.Item onClick={() => setDoing('undo')}>Undo {undoable(chosen).length === 1 ? 'the import' : 'the imports'}…</Menu.Item>}
            {chosen.length > 0 && <Menu.Item onClick={() => setSelected(new Set())}>Clear the selection</Menu.Item>}
            <Menu.Divider />
            <Menu.Item onClick={() => check.mutate(undefined)}>Hash all evidence again</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Button leftSection={<IconPlus size={15} />} onClick={() => void choose()}>Add evidence</Button>
      </StageHead>
      {c && c.mismatches.length > 0 && <Mismatches list={c.mismatches} onExplain={setExplain} />}
      {view === 'blind' && <Blind />}
      {view === 'custody' && <CustodyView items={items} at={place.id} check={check} />}
      {view === 'items' && (
        <div className="stage-body evidence">
          <Drop onChoose={() => void choose()} small={items.length > 0}>
            {items.length > 6 && <TextInput leftSection={<IconSearch size={14} />} placeholder="Path, format, status, hash, custodian" aria-label="Find an item" value={find} onChange={(e) => setFind(e.currentTarget.value)} w={260} />}
          </Drop>
          <Batches jobs={jobs.filter((j) => isImport(j) && (j.state === 'running' || started.includes(j.id)))} items={items} onDismiss={(id) => setStarted(started.filter((x) => x !== id))} />
          {items.length > 0 && <CheckLine custody={custody} check={check} />}
          {items.length > 6 && <StateChips items={items} state={state} onState={setState} />}
          {c && <CaseHold holds={c.holds} />}
          <Loaded query={evidence} what="the evidence" lines={10}>
            {() => (items.length === 0 ? (
              <Empty icon={<IconArchive size={34} stroke={1.3} />} title="No evidence yet">
                Add files, folders or archives. Originals are opened read-only and never written; each import leaves a receipt that says what was read, what was skipped and why.
              </Empty>
            ) : <EvidenceTable items={shown} custody={c} filtered={find.trim() !== '' || state !== 'all'} selected={selected} onSelect={setSelected} />)}
          </Loaded>
        </div>
      )}
      <AddEvidenceDialog paths={adding} onClose={() => setAdding(null)} onStarted={(job) => setStarted((all) => [...all, job])} />
      {doing === 'give' && <HandoverDialog items={chosen.length > 0 ? chosen : distinct(items)} all={chosen.length === 0} onClose={() => setDoing(null)} onDone={() => setSelected(new Set())} />}
      {doing === 'hold' && <HoldDialog items={chosen} onClose={() => setDoing(null)} />}
      {doing === 'undo' && <UndoDialog items={undoable(chosen)} onClose={() => setDoing(null)} onDone={() => setSelected(new Set())} />}
      {explain && <ExplainDialog mismatch={explain} onClose={() => setExplain(null)} />}
    </>
  )
}

/** How the receipts stand, and a way to see only some of them. A choice that no item fits any more stays, with its zero. */
function StateChips({ items, state, onState }: { items: EvidenceItem[]; state: State; onState: (s: State) => void }) {
  const all = states(items)
  return (
    <div className="state-chips" role="group" aria-label="Show only">
      {all.filter((s) => s.state !== 'attention' || s.count > 1 || state === 'attention').map((s) => <button key={s.state} type="button" className="chip chip-btn" aria-pressed={state === s.state} onClick={() => onState(state === s.state ? 'all' : s.state)}>{STATE_WORD[s.state]} <span className="num quiet">{count(s.count)}</span></button>)}
      {!all.some((s) => s.state === state) && <button type="button" className="chip chip-btn" aria-pressed onClick={() => onState('all')}>{STATE_WORD[state]} <span className="num quiet">0</span></button>}
    </div>
  )
}

function viewOf(id: string | undefined, transfers: readonly string[]): View {
  if (id === 'blind' || id === 'custody') return id
  return id !== undefined && transfers.includes(id) ? 'custody' : 'items'
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
        <span>Drop files, folders or archives here, or <button type="button" className="link" onClick={onChoose}>name them</button></span>
        <span className="quiet small">Logs, exports and collector outputs, also inside zip, tar, gz, xz, zst and 7z; anything else is kept with its hash</span>
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

