// Merging another copy of this case: name it, see what it would bring, then join. Nothing is changed by looking.
import { Button, Checkbox, Modal, PasswordInput, SegmentedControl } from '@mantine/core'
import { IconArrowMerge, IconCheck, IconSignature } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, useConflicts, useJob } from '../api/queries'
import type { MergePreview } from '../api/types'
import { native } from '../api/native'
import { mergeMood } from '../domain/merge'
import { plural } from '../domain/words'
import { PathField } from '../start/PathField'
import { Inert } from '../ui/Inert'
import { JobLine } from '../ui/JobLine'
import { Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { MergePreviewView } from './MergePreviewView'

export function MergeDialog({ onClose, onConflicts }: { onClose: () => void; onConflicts: () => void }) {
  const [what, setWhat] = useState<'folder' | 'file'>('folder')
  const [path, setPath] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const look = useAct(() => api.mergePreview(path.trim(), passphrase))
  const [job, setJob] = useState('')
  const p = look.data
  if (job) return <Running job={job} onClose={onClose} onConflicts={onConflicts} />
  if (p) return <Preview p={p} path={path.trim()} passphrase={passphrase} onBack={() => look.reset()} onJob={setJob} onClose={onClose} onAgain={() => look.mutate(undefined)} />
  return (
    <Modal opened onClose={onClose} title="Merge a copy of this case" size={620}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); look.mutate(undefined) }}>
        <p className="quiet">Another laptop’s copy, from a stick or a disk: its case folder, a plain bundle, or an encrypted parcel. Every signature in it is checked first. The copy itself is only read.</p>
        {native.canChoose() && <SegmentedControl aria-label="What the copy is" value={what} onChange={(v) => setWhat(v as 'folder' | 'file')} data={[{ value: 'folder', label: 'Folder' }, { value: 'file', label: 'Parcel file' }]} className="seg-start" />}
        <PathField label="Folder or file of the copy" value={path} onChange={setPath} choose={what} title="The copy to merge" placeholder="/media/usb/harbor-lights.case" autoFocus />
        <PasswordInput label="Passphrase" description="That of the copy’s folder, or of the parcel. A plain bundle needs none; a parcel for your key neither." value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="off" />
        {look.isPending && <Loading what="the copy" lines={3} />}
        {look.error && <Failed error={look.error} inline />}
        <div className="dialog-foot">
          <span className="quiet small grow">Nothing is changed by looking.</span>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" disabled={path.trim() === ''} loading={look.isPending}>See what it brings</Button>
        </div>
      </form>
    </Modal>
  )
}

interface PreviewProps { p: MergePreview; path: string; passphrase: string; onBack: () => void; onJob: (job: string) => void; onAgain: () => void; onClose: () => void }

function Preview({ p, path, passphrase, onBack, onJob, onAgain, onClose }: PreviewProps) {
  const [sound, setSound] = useState(false)
  const mood = mergeMood(p)
  const merge = useAct(() => api.merge({ path, passphrase, shown: p.act.shown, keep_going: sound }), { onSuccess: (d) => onJob(d.job) })
  const open = mood === 'signs' || mood === 'follows' || (mood === 'refused' && sound && !(p.signs && p.act.refused))
  const changed = merge.error?.code.includes('shown') ?? false
  return (
    <Modal opened onClose={onClose} title="What this copy would bring" size={980}>
      <MergePreviewView p={p} />
      {mood === 'refused' && (p.entries > 0 || p.evidence_new > 0) && (
        <Checkbox className="merge-sound" checked={sound} onChange={(e) => setSound(e.currentTarget.checked)} label={p.blocked ? 'I have read what is wrong. Take in only what is sound, and name what was left out.' : 'I have read what is wrong. Take both versions in: they stay named side by side for whoever checks the record.'} />
      )}
      {p.signs && p.act.refused && mood !== 'nothing' && <p className="sign-refused" role="alert"><Inert text={p.act.refused} /></p>}
      {merge.error && <Failed error={merge.error} inline retry={changed ? onAgain : undefined} />}
      <div className="dialog-foot">
        <span className="grow small quiet">{p.signs ? <Inert text={`${p.act.signs_as.person}, ${p.act.signs_as.role_title || 'no role'}`} /> : 'The other copy is not changed.'}</span>
        <Button variant="default" onClick={onBack}>Another copy</Button>
        <Button variant="default" onClick={onClose}>{open ? 'Cancel' : 'Close'}</Button>
        {open && <Button leftSection={p.signs ? <IconSignature size={15} /> : <IconArrowMerge size={15} />} loading={merge.isPending} onClick={() => merge.mutate(undefined)}>{p.signs ? 'Sign and merge' : 'Merge'}</Button>}
      </div>
    </Modal>
  )
}

function Running({ job, onClose, onConflicts }: { job: string; onClose: () => void; onConflicts: () => void }) {
  const { stage } = useShell()
  const j = useJob(job)
  const conflicts = useConflicts()
  const open = conflicts.data?.conflicts.length ?? 0
  const done = j?.state === 'done'
  return (
    <Modal opened onClose={onClose} title="Merging" size={620}>
      <div className="col form-gap" aria-live="polite">
        {!j && <Loading what="the merge" lines={2} />}
        {j && j.state === 'running' && <><JobLine job={j} /><p className="quiet">It goes on when you close this; the jobs line at the foot of the window has it.</p></>}
        {j?.state === 'cancelled' && <p>Cancelled. What came in before stays; merging the same copy again does the rest.</p>}
        {j?.state === 'failed' && j.error && <Failed error={j.error} inline />}
        {done && <p className="merge-done"><IconCheck size={18} aria-hidden="true" /><span className="wrap"><Inert text={j.message || 'Merged.'} /></span></p>}
        {done && open > 0 && <p className="conflict-note">{plural(open, 'field')} {open === 1 ? 'has' : 'have'} two answers now. Until a person settles {open === 1 ? 'it' : 'them'} the later one stands.</p>}
        <div className="dialog-foot">
          {done && <Button variant="default" onClick={() => { onClose(); stage('board') }}>Go to the board</Button>}
          <Button variant={done && open > 0 ? 'default' : undefined} onClick={onClose}>{done ? 'Done' : 'Close'}</Button>
          {done && open > 0 && <Button onClick={onConflicts}>Settle {plural(open, 'conflict')}</Button>}
        </div>
      </div>
    </Modal>
  )
}
