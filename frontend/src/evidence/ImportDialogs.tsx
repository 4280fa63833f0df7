// What is done with an import afterwards: undoing it, and reading the same bytes again with other answers.
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type ReadAgain } from '../api/client'
import { useAct, useFormats, useJob } from '../api/queries'
import type { EvidenceItem } from '../api/types'
import { useDraftOf } from '../api/useDraft'
import { ActDialog } from '../decision/ActDialog'
import { yearOf, zoneWords } from '../domain/intake'
import { mappingWords, readMapping } from '../domain/mapping'
import { fileName, listing } from '../domain/words'
import { WhyField, whyMissing } from '../settings/fields'
import { Inert } from '../ui/Inert'
import { JobLine } from '../ui/JobLine'
import { Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { jobWords } from '../domain/jobs'
import { MappingSelect } from './MappingSelect'
import { MappingWizard } from './MappingWizard'
import { Named } from './CustodyDialogs'
import { ZoneOrNone } from './ZoneOrNone'

export function UndoDialog({ items, onClose, onDone }: { items: readonly EvidenceItem[]; onClose: () => void; onDone?: () => void }) {
  const [why, setWhy] = useState('')
  const shas = items.map((i) => i.sha256)
  return (
    <ActDialog
      title={items.length === 1 ? 'Undo an import' : 'Undo imports'} verb="Sign and undo" ask={[shas, why]} missing={whyMissing(why)} onClose={onClose} onSigned={onDone} preview={() => api.evidenceUndo(shas, why.trim())}
      lead="The rows leave the timeline. The evidence itself stays in custody and can be read again."
    >
      <Named items={items} all={false} />
      <WhyField value={why} onChange={setWhy} placeholder="Wrong zone, wrong machine, not of this case" autoFocus />
    </ActDialog>
  )
}

const TOLD = ' told'
const FORMAT_NONE = ' none'

export function AgainDialog({ item: i, wizard = false, onClose }: { item: EvidenceItem; wizard?: boolean; onClose: () => void }) {
  const [a, change, draft] = useDraftOf(`evidence.again.${i.sha256.slice(0, 16)}`, { format: '', zone: i.zone_by === 'default' ? '' : i.zone, year: '', mapping: '', basis: '' })
  const [mapping, setMapping] = useState(wizard)
  const formats = useFormats()
  const year = yearOf(a.year)
  const order = (): ReadAgain => ({ sha256: i.sha256, format: a.mapping ? '' : a.format, zone: a.zone, year: year ?? 0, columns: {}, mapping: a.mapping, basis: a.basis.trim() })
  const again = useAct(() => api.evidenceAgain(order()), { onSuccess: () => draft.clear() })
  const [opened] = useState(() => new Date().getUTCFullYear())
  if (again.data) return <Reading job={again.data.job} name={fileName(i.path)} onClose={onClose} />
  const needed = [...(a.basis.trim() === '' ? ['what the answers rest on'] : []), ...(year === null ? ['a year of four digits'] : [])]
  return (
    <Modal opened onClose={onClose} title={mapping ? 'Columns of a file' : 'Read again'} size={mapping ? 1280 : 680}>
      {mapping ? (
        <MappingWizard source={{ path: '', sha256: i.sha256 }} name={i.path} initial={a.mapping} verb="Read with this" onUse={(m) => { change({ mapping: m }); setMapping(false) }} onCancel={() => setMapping(false)} />
      ) : (
        <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); again.mutate(undefined) }}>
          <p className="quiet">The bytes of <span className="mono"><Inert text={fileName(i.path)} /></span> are read again from custody. Its new rows take the place of those that are there when they are whole; a new receipt is signed and the old one stays in the record.</p>
          <div className="form-two">
            <Select
              label="Format" description={a.mapping ? 'The mapping says it' : 'Told by the content unless you say'} value={a.mapping ? FORMAT_NONE : a.format || TOLD} disabled={a.mapping !== ''} allowDeselect={false} searchable nothingFoundMessage="No such format" maxDropdownHeight={240}
              data={[...(a.mapping ? [{ value: FORMAT_NONE, label: readMapping(a.mapping)?.shape === 'json' ? 'jsonl' : 'csv' }] : []), { value: TOLD, label: 'told by the content' }, ...(formats.data?.formats ?? []).map((f) => ({ value: f.name, label: `${f.name} (version ${f.version})` }))]}
              onChange={(v) => change({ format: v === TOLD || v === null ? '' : v })}
            />
            <TextInput label="Year of the first row" description="Only where times state none" value={a.year} onChange={(e) => change({ year: e.currentTarget.value })} placeholder="the file’s date decides" inputMode="numeric" autoComplete="off" error={year === null ? 'Four digits, for example 2026' : undefined} />
          </div>
          <ZoneOrNone label="Zone of times without one" description={zoneWords(a.zone, opened)} none="not known: read as UTC" value={a.zone} onChange={(zone) => change({ zone })} />
          <MappingSelect value={a.mapping} none="None" description={a.mapping ? <Inert text={mappingWords(a.mapping)} /> : 'For tables and JSON whose columns no format knows'} onChange={(m) => change({ mapping: m })} onOpen={() => setMapping(true)} />
          <TextInput label="What the answers rest on" withAsterisk description="They move times in the timeline, so their ground stands in the record" placeholder="The provider’s manual, a clock compared on the machine" value={a.basis} onChange={(e) => change({ basis: e.currentTarget.value })} autoComplete="off" data-autofocus />
          {again.error && <Failed error={again.error} inline />}
          <div className="dialog-foot">
            <span className="quiet small right-gap">{needed.length > 0 ? `Still needed: ${listing(needed)}.` : draft.state === 'failed' ? 'These words could not be kept.' : 'Signed with your name.'}</span>
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" disabled={needed.length > 0} loading={again.isPending}>Read again</Button>
          </div>
        </form>
      )}
    </Modal>
  )
}

function Reading({ job, name, onClose }: { job: string; name: string; onClose: () => void }) {
  const { say } = useShell()
  const j = useJob(job)
  const cancel = useAct(() => api.jobCancel(job), { onError: (e) => say(e.sentence, { bad: true }) })
  return (
    <Modal opened onClose={onClose} title="Read again" size={620}>
      <div className="col form-gap" aria-live="polite">
        {!j && <Loading what="the reading" lines={2} />}
        {j?.state === 'running' && <><JobLine job={j} /><p className="quiet num">{jobWords(j)}. It goes on when you close this.</p></>}
        {j?.state === 'cancelled' && <p>Cancelled. The rows that were there stay.</p>}
        {j?.state === 'failed' && j.error && <Failed error={j.error} inline />}
        {j?.state === 'done' && <p className="merge-done"><IconCheck size={18} aria-hidden="true" /><span className="wrap"><Inert text={name} /> was read again. Its new receipt stands beside this.</span></p>}
        <div className="dialog-foot">
          {j?.state === 'running' && <Button variant="default" onClick={() => cancel.mutate(undefined)}>Cancel the reading</Button>}
          <Button onClick={onClose}>{j?.state === 'running' ? 'Close' : 'Done'}</Button>
        </div>
      </div>
    </Modal>
  )
}
