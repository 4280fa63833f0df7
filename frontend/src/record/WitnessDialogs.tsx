// Checkpoints and witnesses: what one signs oneself, what somebody else signed, and what an authority stamped.
import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { ActDialog } from '../decision/ActDialog'
import { besideCase, datedNote } from '../domain/slug'
import { PathField } from '../start/PathField'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'

interface FileProps<T> { title: string; lead: ReactNode; label: string; start: string; verb: string; run: (path: string) => Promise<T>; done: (out: T, path: string) => ReactNode; onClose: () => void; children?: ReactNode; ready?: boolean }

/** A dialog that writes one file and then says where and what to do with it. */
export function FileDialog<T>({ title, lead, label, start, verb, run, done, onClose, children, ready = true }: FileProps<T>) {
  const { caseView: c } = useShell()
  const [path, setPath] = useState(start)
  const act = useAct(() => run(path.trim()))
  return (
    <Modal opened onClose={onClose} title={title} size={620}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
        <div className="quiet">{lead}</div>
        {!act.data && children}
        {!act.data && <PathField label={label} value={path} onChange={setPath} choose="save" title={label} autoFocus={!children} />}
        {act.error && <Failed error={act.error} inline />}
        {act.data !== undefined && <div className="verified-out" role="status">{done(act.data, path.trim())}</div>}
        <div className="dialog-foot">
          <span className="grow small quiet"><Inert text={`${c.person.name}, ${c.person.acting_title || 'no role'}`} /></span>
          <Button variant="default" onClick={onClose}>{act.data ? 'Done' : 'Cancel'}</Button>
          {!act.data && <Button type="submit" loading={act.isPending} disabled={path.trim() === '' || !ready}>{verb}</Button>}
        </div>
      </form>
    </Modal>
  )
}

export function CheckpointDialog({ onClose }: { onClose: () => void }) {
  const { caseView: c } = useShell()
  const [start] = useState(() => besideCase(c.dir, c.name, datedNote()))
  return (
    <FileDialog
      title="Sign a checkpoint" label="File of the checkpoint" verb="Sign and write" start={start} onClose={onClose} run={api.checkpoint}
      lead={<>A checkpoint says how many entries of yours the record has, and their root. It stands in the record and in a small file. Let a second laptop cosign the file: from then on these entries cannot be taken back unseen.</>}
      done={(s, path) => <><p className="wrap"><Inert text={s.story} /></p><Facts><Fact label="Written to"><span className="mono small wrap">{path}</span></Fact></Facts><p className="quiet small">The witness signs it with <span className="mono">adjutant witness cosign</span> and gives the file back, with their card.</p></>}
    />
  )
}

export function HeldSlipDialog({ onClose }: { onClose: () => void }) {
  const [head, setHead] = useState('')
  const [by, setBy] = useState('')
  const [text, setText] = useState('')
  return (
    <ActDialog
      title="A slip that somebody holds" verb="Sign what I saw" ask={[head, by, text]} missing={by.trim() === '' ? ['who holds the slip'] : []} onClose={onClose}
      preview={() => api.witnessPaper({ head: head.trim(), by: by.trim(), text: text.trim() })}
      lead="A head on paper in the hand of somebody outside. Enter it when you have seen the slip signed."
    >
      <TextInput label="Who holds it" withAsterisk value={by} onChange={(e) => setBy(e.currentTarget.value)} placeholder="Name and place" data-autofocus autoComplete="off" />
      <TextInput label="Head code on the slip" description="Empty: the head as it is now" value={head} onChange={(e) => setHead(e.currentTarget.value)} classNames={{ input: 'mono' }} autoComplete="off" spellCheck={false} placeholder="QK7M-2RTX-9DPA-…" />
      <Textarea label="Note" value={text} onChange={(e) => setText(e.currentTarget.value)} autosize minRows={2} placeholder="Signed at departure by the courier, in the safe of the harbour office" />
    </ActDialog>
  )
}

export function CosignedDialog({ onClose }: { onClose: () => void }) {
  const [note, setNote] = useState('')
  const [card, setCard] = useState('')
  const missing = [...(note.trim() === '' ? ['the cosigned checkpoint'] : []), ...(card.trim() === '' ? ['the card of the witness'] : [])]
  return (
    <ActDialog
      title="Take in a cosigned checkpoint" verb="Sign and take in" ask={[note, card]} missing={missing} onClose={onClose} preview={() => api.witnessNote(note.trim(), card.trim())}
      lead="The file that came back from the witness, and their card. Both signatures are checked before anything is signed here."
    >
      <PathField label="Cosigned checkpoint" value={note} onChange={setNote} choose="file" placeholder="/media/usb/checkpoint.note" autoFocus />
      <PathField label="Card of the witness" value={card} onChange={setCard} choose="file" placeholder="/media/usb/witness.card" />
    </ActDialog>
  )
}

export function StampRequestDialog({ onClose }: { onClose: () => void }) {
  const { caseView: c } = useShell()
  return (
    <FileDialog
      title="Ask for a time stamp" label="File of the request" verb="Write the request" start={besideCase(c.dir, c.name, 'head.tsq')} onClose={onClose} run={api.timestampRequest}
      lead={<>A request for the head as it is now. It holds a hash and nothing else of the case. Carry it to a machine with a network, have an authority stamp it (RFC 3161), and bring the answer back.</>}
      done={(d) => <><Facts><Fact label="Written to"><span className="mono small wrap">{d.path}</span></Fact><Fact label="Head"><Copy value={d.head_code} label="head code" short={false} /></Fact></Facts><p className="quiet small">The case may go on meanwhile: the stamp is matched to this head when it comes back.</p></>}
    />
  )
}

export function StampDialog({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState('')
  const [ca, setCa] = useState('')
  return (
    <ActDialog
      title="Take in a time stamp" verb="Sign and take in" ask={[path, ca]} missing={path.trim() === '' ? ['the answer of the authority'] : []} onClose={onClose} preview={() => api.timestampAdd(path.trim(), ca.trim())}
      lead="The answer that came back. It is checked against a head of this case before anything is signed."
    >
      <PathField label="Answer (.tsr)" value={path} onChange={setPath} choose="file" placeholder="/media/usb/head.tsr" autoFocus />
      <PathField label="Certificates of the authority (PEM)" description="Without them the stamp is kept, and its signer is not vouched for." value={ca} onChange={setCa} choose="file" />
    </ActDialog>
  )
}
