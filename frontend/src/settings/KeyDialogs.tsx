// Keys of people: adding somebody here, admitting a card that somebody brought, revoking a key, one's own passphrase and card.
import { Button, Checkbox, Modal, PasswordInput, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { Card, PersonInCase } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { joinPath, slug } from '../domain/slug'
import { strength } from '../domain/strength'
import { PassphraseStrength } from '../start/PassphraseStrength'
import { PathField } from '../start/PathField'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'
import { WhyField, whyMissing } from './fields'

export function AddPersonDialog({ onClose }: { onClose: () => void }) {
  const { say } = useShell()
  const [name, setName] = useState('')
  const [pass, setPass] = useState('')
  const act = useAct(() => api.peopleAdd(name.trim(), pass), { onSuccess: () => { say(`${name.trim()} has a key on this laptop. Admit them to the case next.`); onClose() } })
  return (
    <Modal opened onClose={onClose} title="Add a person" size={460}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
        <p className="quiet">They choose the passphrase themselves, at this keyboard. Nobody else needs it.</p>
        <TextInput label="Name" placeholder="First and last name" value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus autoComplete="off" />
        <PasswordInput label="Passphrase of their key" value={pass} onChange={(e) => setPass(e.currentTarget.value)} autoComplete="new-password" />
        <PassphraseStrength text={pass} />
        {act.error && <Failed error={act.error} inline />}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" disabled={name.trim() === '' || strength(pass).level < 2} loading={act.isPending}>Add</Button></div>
      </form>
    </Modal>
  )
}

/** A card comes as a file; the code on it is compared by voice, since whoever carried the file could have changed it. */
export function AdmitDialog({ person, onClose }: { person?: PersonInCase; onClose: () => void }) {
  const [path, setPath] = useState('')
  const [card, setCard] = useState<Card | null>(null)
  const [same, setSame] = useState(false)
  const read = useAct(() => api.cardRead(path.trim()), { onSuccess: setCard })
  const key = person?.keys.find((k) => !k.admitted)
  const shown = card ?? (person ? { name: person.name, fingerprint: key?.fingerprint ?? person.fingerprint } : null)
  if (!shown) {
    return (
      <Modal opened onClose={onClose} title="Admit from a card" size={560}>
        <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); read.mutate(undefined) }}>
          <p className="quiet">On their own laptop a person writes a card: Settings, People, Your key, “Export my card”. The card holds no secret.</p>
          <PathField label="Card file" value={path} onChange={setPath} choose="none" placeholder="/media/usb/tomas-virtanen.card" autoFocus />
          {read.error && <Failed error={read.error} inline />}
          <div className="dialog-foot"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" disabled={path.trim() === ''} loading={read.isPending}>Read the card</Button></div>
        </form>
      </Modal>
    )
  }
  const here = card === null
  return (
    <ActDialog
      title={here ? 'Admit to the case' : 'Admit from a card'} verb="Sign and admit" ask={[shown.fingerprint, same]} missing={here || same ? [] : ['that you compared the code']} onClose={onClose}
      preview={() => api.peopleAdmit(card ? { card: card.card, fingerprint: same ? card.fingerprint : '' } : { person: person?.id, fingerprint: '' })}
    >
      <div className="card-shown">
        <span className="card-name"><Inert text={shown.name} /></span>
        <span className="card-code mono" aria-label="Code of the key">{shown.fingerprint}</span>
        {here ? <span className="quiet">Their key lies on this laptop, so nothing was carried that could have been changed.</span> : <span className="quiet">Call them, or ask across the table, and let <b>them</b> read their code to you. A message that came with the card proves nothing.</span>}
      </div>
      {!here && <Checkbox label="I compared the code with them, by voice or face to face" checked={same} onChange={(e) => setSame(e.currentTarget.checked)} data-autofocus />}
    </ActDialog>
  )
}

export function RevokeDialog({ person, start, onClose }: { person: PersonInCase; start?: string; onClose: () => void }) {
  const keys = person.keys.filter((k) => k.admitted && k.revoked === '')
  const [key, setKey] = useState(start ?? (keys.length === 1 ? keys[0]?.key ?? '' : ''))
  const [why, setWhy] = useState('')
  return (
    <ActDialog title={`Revoke a key of ${person.name}`} verb="Sign and revoke" ask={[key, why]} preview={() => api.peopleRevoke({ person: person.id, key, why: why.trim() })} missing={[...(key ? [] : ['the key']), ...whyMissing(why)]} onClose={onClose} lead="For a lost laptop, a passphrase that others know, or somebody who left. What the key signed and everybody has seen stays.">
      <Select label="Key" withAsterisk data={keys.map((k) => ({ value: k.key, label: `${k.fingerprint}${k.here ? ', on this laptop' : ''}` }))} value={key || null} onChange={(v) => setKey(v ?? '')} />
      <WhyField value={why} onChange={setWhy} autoFocus />
    </ActDialog>
  )
}

export function PassphraseDialog({ onClose }: { onClose: () => void }) {
  const { say } = useShell()
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const act = useAct(() => api.keyPassphrase(old, next), { onSuccess: () => { say('The passphrase of your key is changed.'); onClose() } })
  return (
    <Modal opened onClose={onClose} title="Change the passphrase of your key" size={460}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
        <p className="quiet">The key stays the same, so nothing has to be admitted again. Copies of the key file from before still open with the old passphrase. The passphrase of the case is another one.</p>
        <PasswordInput label="Passphrase now" value={old} onChange={(e) => setOld(e.currentTarget.value)} data-autofocus autoComplete="off" />
        <PasswordInput label="New passphrase" value={next} onChange={(e) => setNext(e.currentTarget.value)} autoComplete="new-password" />
        <PassphraseStrength text={next} />
        <PasswordInput label="New passphrase again" value={again} onChange={(e) => setAgain(e.currentTarget.value)} autoComplete="new-password" error={again !== '' && again !== next ? 'Not the same' : undefined} />
        {act.error && <Failed error={act.error} inline />}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" disabled={old === '' || next !== again || strength(next).level < 2} loading={act.isPending}>Change it</Button></div>
      </form>
    </Modal>
  )
}

export function ExportCardDialog({ onClose }: { onClose: () => void }) {
  const { caseView } = useShell()
  const [path, setPath] = useState(joinPath(caseView.dir.replace(/[\\/][^\\/]*[\\/]?$/, ''), `${slug(caseView.person.name)}.card`))
  const act = useAct(() => api.cardExport(path.trim()))
  return (
    <Modal opened onClose={onClose} title="Export my card" size={560}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
        <p className="quiet">The card holds your name and your public key, and no secret. Another laptop admits you by it once somebody there has compared the code with you.</p>
        <PathField label="File" value={path} onChange={setPath} choose="none" autoFocus />
        {act.error && <Failed error={act.error} inline />}
        {act.data && <div role="status"><Facts><Fact label="Written to"><span className="mono small wrap">{act.data.path}</span></Fact><Fact label="Your code"><Copy value={act.data.fingerprint} label="code of your key" short={false} /></Fact></Facts></div>}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>{act.data ? 'Done' : 'Cancel'}</Button>{!act.data && <Button type="submit" disabled={path.trim() === ''} loading={act.isPending}>Write the card</Button>}</div>
      </form>
    </Modal>
  )
}
