// The paper that travels beside a copy: printed at departure, compared at arrival.
import { Button, Modal, TextInput } from '@mantine/core'
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { SlipLine } from '../api/types'
import { besideCase } from '../domain/slug'
import { slipWords } from '../domain/copies'
import { PathField } from '../start/PathField'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'
import { FileDialog } from './WitnessDialogs'

export function SlipDialog({ onClose }: { onClose: () => void }) {
  const { caseView: c } = useShell()
  const [file, setFile] = useState('')
  const [courier, setCourier] = useState('')
  const [receiver, setReceiver] = useState('')
  return (
    <FileDialog
      title="Courier slip" label="PDF of the slip" verb="Make the slip" start={besideCase(c.dir, c.name, 'courier-slip.pdf')} onClose={onClose} ready={file.trim() !== ''}
      run={(path) => api.slip({ path, file: file.trim(), courier: courier.trim(), receiver: receiver.trim() })}
      lead="One page: the head and the hash of the copy as codes, and lines to sign at departure and arrival. It travels apart from the passphrase, and best apart from the copy."
      done={(d) => <><Facts><Fact label="Written to"><span className="mono small wrap">{d.path}</span></Fact></Facts><p className="quiet small">Print it twice: one goes along, one stays. When it has been signed, enter who holds it under “Take in”.</p></>}
    >
      <PathField label="The copy that travels" description="Folder or file that was exported" value={file} onChange={setFile} choose="file" placeholder="/media/usb/harbor-lights-bundle" autoFocus />
      <div className="form-two">
        <TextInput label="Courier" value={courier} onChange={(e) => setCourier(e.currentTarget.value)} autoComplete="off" />
        <TextInput label="Receiver" value={receiver} onChange={(e) => setReceiver(e.currentTarget.value)} autoComplete="off" />
      </div>
    </FileDialog>
  )
}

export function CompareSlipDialog({ onClose }: { onClose: () => void }) {
  const [code, setCode] = useState('')
  const [file, setFile] = useState('')
  const act = useAct(() => api.slipCompare(code.trim(), file.trim()))
  const set = (f: (v: string) => void) => (v: string) => { f(v); act.reset() }
  return (
    <Modal opened onClose={onClose} title="Compare a slip" size={620}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
        <p className="quiet">Type the code as it is printed, or paste the text of the square. Name the file that came with it when its hash is to be compared too.</p>
        <TextInput label="Code on the slip" withAsterisk value={code} onChange={(e) => set(setCode)(e.currentTarget.value)} classNames={{ input: 'mono' }} placeholder="QK7M-2RTX-9DPA-V4WE-6HNB" data-autofocus autoComplete="off" spellCheck={false} />
        <PathField label="The copy that came" description="May stay empty" value={file} onChange={set(setFile)} choose="file" />
        {act.error && <Failed error={act.error} inline />}
        {act.data && <Compared equal={act.data.equal} lines={act.data.lines} />}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>Close</Button><Button type="submit" disabled={code.trim() === ''} loading={act.isPending}>Compare</Button></div>
      </form>
    </Modal>
  )
}

const ICON = { equal: IconCheck, differs: IconX, 'not compared': IconMinus }

export function Compared({ equal, lines }: { equal: boolean; lines: SlipLine[] }) {
  return (
    <div className="compared" data-equal={equal} role="status">
      <p className="strong">{slipWords(equal, lines)}</p>
      <ul className="lines">
        {lines.map((l) => {
          const Icon = ICON[l.state]
          return (
            <li key={l.what} className={`compared-line compared-${l.state.replace(' ', '-')}`}>
              <Icon size={16} aria-hidden="true" />
              <span className="compared-what">{l.what}</span>
              <span className="strong compared-state">{l.state}</span>
              <span className="mono small wrap">{l.state === 'not compared' ? <span className="quiet">the slip or the file does not say</span> : <><Inert text={l.paper} />{l.state === 'differs' && <><span className="quiet"> on paper, here </span><Inert text={l.here || 'nothing'} /></>}</>}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
