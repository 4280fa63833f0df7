// A copy that leaves: in which form and for whom, then what goes along and what stays out, then the signature and the work.
import { Alert, Button, Modal } from '@mantine/core'
import { IconAlertOctagon, IconCheck, IconSignature } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, useCustody, useJob } from '../api/queries'
import type { CopyPlan, ExtractPlan, Signed } from '../api/types'
import { useDraftOf } from '../api/useDraft'
import { copyOrder, EXPORT_ENDING, exportMissing, extractOrder, type ExportForm, type ExportWords } from '../domain/export'
import { besideCase, datedNote } from '../domain/slug'
import { listing, plural } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { JobLine } from '../ui/JobLine'
import { Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { ExportForms } from './ExportForms'
import { CopyPlanView, ExtractPlanView } from './ExportPlan'

type Plan = { copy: CopyPlan } | { extract: ExtractPlan }
/** job: '' for an extract, which is made at once and has no head of its own. */
type Made = { out: string; job: string }

export function ExportDialog({ onClose, onSlip }: { onClose: () => void; onSlip: () => void }) {
  const { caseView: c, go } = useShell()
  const custody = useCustody()
  const place = (form: ExportForm) => besideCase(c.dir, c.name, EXPORT_ENDING[form])
  const [w, change, draft] = useDraftOf<ExportWords>('record.export', { form: 'plain', out: '', to: '', lock: 'people', people: [], keys: '', evidence: '', referenced: false, papers: '', lanes: [], kinds: [], documents: [], reason: '' })
  // A passphrase is never kept as a draft.
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [made, setMade] = useState<Made | null>(null)
  const words = { ...w, out: w.out || place(w.form) }
  const missing = exportMissing(words, passphrase, again)
  const look = useAct<undefined, Plan>(async () => (words.form === 'extract' ? { extract: await api.extractPropose(extractOrder(words)) } : { copy: await api.copyEstimate(copyOrder(words, passphrase)) }))
  const plan = look.data
  const act = plan && ('copy' in plan ? plan.copy.act : plan.extract.act)
  const checkpoint = useAct<undefined, Signed>(() => api.checkpoint(besideCase(c.dir, c.name, datedNote())), { onSuccess: () => look.mutate(undefined) })
  const leave = useAct<undefined, Made>(async () => {
    if (plan && 'extract' in plan) return { out: (await api.extract(extractOrder(words, plan.extract.act.shown))).out, job: '' }
    const p = plan?.copy
    return { out: p?.out ?? '', job: (await api.copyExport(copyOrder(words, passphrase, p?.act.shown))).job }
  }, { onSuccess: (m) => { draft.clear(); setPassphrase(''); setAgain(''); setMade(m) } })
  const altered = custody.data?.mismatches ?? []
  if (made) return <Done made={made} onClose={onClose} onSlip={onSlip} />
  if (plan && act) {
    return (
      <Modal opened onClose={onClose} title="What would leave" size={860}>
        {'copy' in plan ? <CopyPlanView p={plan.copy} /> : <ExtractPlanView p={plan.extract} checkpoint={checkpoint} />}
        {act.refused && <p className="sign-refused" role="alert"><Inert text={act.refused} /></p>}
        {leave.error && <Failed error={leave.error} inline retry={leave.error.code.includes('shown') ? () => { leave.reset(); look.mutate(undefined) } : undefined} />}
        <div className="dialog-foot">
          <span className="grow small quiet"><Inert text={`${act.signs_as.person}, ${act.signs_as.role_title || 'no role'}`} /></span>
          <Button variant="default" onClick={() => { leave.reset(); look.reset() }}>Change</Button>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button leftSection={<IconSignature size={15} />} disabled={act.refused !== null || ('extract' in plan && plan.extract.needs_checkpoint)} loading={leave.isPending} onClick={() => leave.mutate(undefined)}>Sign and export</Button>
        </div>
      </Modal>
    )
  }
  return (
    <Modal opened onClose={onClose} title="Export a copy" size={760}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); if (missing.length === 0) look.mutate(undefined) }}>
        {altered.length > 0 && (
          <Alert color="red" variant="outline" icon={<IconAlertOctagon size={18} />} className="blocked">
            {plural(altered.length, 'item')} {altered.length === 1 ? 'is' : 'are'} not what was taken in: {listing(altered.map((m) => m.path), 2)}. No copy leaves until somebody explains it. <button type="button" className="link" onClick={() => { onClose(); go({ stage: 'evidence', id: altered[0]?.sha256 }) }}>Go to it</button>
          </Alert>
        )}
        <ExportForms w={words} change={change} onForm={(form) => change({ form, out: '' })} passphrase={passphrase} again={again} setPassphrase={setPassphrase} setAgain={setAgain} />
        {look.isPending && <Loading what="what would leave" lines={2} />}
        {look.error && <Failed error={look.error} inline />}
        <div className="dialog-foot">
          <span className="grow small quiet">{missing.length > 0 ? `Still needed: ${listing(missing, 4)}.` : 'Nothing leaves before you have seen what goes along.'}</span>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" disabled={missing.length > 0 || altered.length > 0} loading={look.isPending}>See what goes along</Button>
        </div>
      </form>
    </Modal>
  )
}

function Done({ made, onClose, onSlip }: { made: Made; onClose: () => void; onSlip: () => void }) {
  const j = useJob(made.job)
  const done = made.job === '' || j?.state === 'done'
  // The entry about the copy goes along, so its head is known only now; the newest copy comes first.
  const copies = useQuery({ queryKey: ['copies', made.job], queryFn: api.copies, enabled: done && made.job !== '' })
  const head = copies.data?.exports[0]?.head_code
  return (
    <Modal opened onClose={onClose} title={done ? 'The copy is made' : 'Making the copy'} size={620}>
      <div className="col form-gap" aria-live="polite">
        {!done && !j && <Loading what="the copy" lines={2} />}
        {j?.state === 'running' && <><JobLine job={j} /><p className="quiet">It goes on when you close this. Cancelled, no file of it stays.</p></>}
        {j?.state === 'cancelled' && <p>Cancelled: no file of it stays. Its entry, signed before it was begun, stays in the record.</p>}
        {j?.state === 'failed' && j.error && <Failed error={j.error} inline />}
        {done && (
          <div className="verified-out" role="status">
            <p className="merge-done"><IconCheck size={18} aria-hidden="true" /><span>Written whole, and signed into the record.</span></p>
            <Facts><Fact label="Written to"><span className="mono small wrap">{made.out}</span></Fact>{head && <Fact label="Head"><Copy value={head} label="head code" short={false} /></Fact>}</Facts>
            {head && <p className="quiet small">Give the head to a second party, on paper. It is what stops anyone from rewriting this past later.</p>}
          </div>
        )}
        <div className="dialog-foot">
          {done && head && <Button variant="default" onClick={onSlip}>Print a courier slip…</Button>}
          <Button onClick={onClose}>{done ? 'Done' : 'Close'}</Button>
        </div>
      </div>
    </Modal>
  )
}
