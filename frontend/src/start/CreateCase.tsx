// A new case in under a minute: name, passphrase with its strength, who am I. The rest has sensible answers already.
import { Button, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { Start } from '../api/types'
import { joinPath, slug } from '../domain/slug'
import { Failed } from '../ui/States'
import { ZoneSelect } from '../ui/ZoneSelect'
import { PathField } from './PathField'
import { PassphraseStrength } from './PassphraseStrength'
import { PaneHead } from './StartScreen'
import { strength } from '../domain/strength'

const TLP = ['CLEAR', 'GREEN', 'AMBER', 'AMBER+STRICT', 'RED']

export function CreateCase({ start, onBack }: { start: Start; onBack: () => void }) {
  const [name, setName] = useState('')
  const [dir, setDir] = useState<string | null>(null)
  const [person, setPerson] = useState(start.persons.find((p) => p.default)?.name ?? '')
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [organisation, setOrganisation] = useState('')
  const [mode, setMode] = useState<'live' | 'exercise'>('live')
  const [tlp, setTlp] = useState('AMBER')
  const [zone, setZone] = useState(() => Intl.DateTimeFormat('en-GB').resolvedOptions().timeZone || 'UTC')
  const folder = dir ?? (name.trim() === '' ? '' : joinPath(start.home, `${slug(name)}.case`))
  const create = useAct(() => api.caseCreate({ dir: folder, name: name.trim(), person: person.trim(), passphrase, mode, tlp, zone, organisation: organisation.trim() }))
  const differs = again !== '' && again !== passphrase
  const ready = name.trim() !== '' && person.trim() !== '' && strength(passphrase).level > 1 && passphrase === again && folder !== ''
  return (
    <form className="start-form" onSubmit={(e) => { e.preventDefault(); if (ready) create.mutate(undefined) }}>
      <PaneHead title="New case" onBack={onBack} />
      <div className="form-two">
        <TextInput label="Name of the case" placeholder="Harbor Lights" value={name} onChange={(e) => setName(e.currentTarget.value)} autoFocus autoComplete="off" />
        <TextInput label="Who are you" placeholder="First and last name" description="" value={person} onChange={(e) => setPerson(e.currentTarget.value)} autoComplete="off" />
      </div>
      <div className="form-two">
        <TextInput label="Organisation (may stay empty)" placeholder="As papers print it" value={organisation} onChange={(e) => setOrganisation(e.currentTarget.value)} autoComplete="off" />
        <PathField label="Folder" placeholder="Follows from the name" value={folder} onChange={setDir} title="Where the case folder is made" />
      </div>
      <div className="form-two">
        <PasswordInput label="Passphrase" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="new-password" />
        <PasswordInput label="Passphrase again" value={again} onChange={(e) => setAgain(e.currentTarget.value)} error={differs ? 'The two differ' : undefined} autoComplete="new-password" />
      </div>
      <PassphraseStrength text={passphrase} />
      <div className="form-three">
        <div>
          <div className="field-label" id="mode-label">Mode</div>
          <SegmentedControl fullWidth aria-labelledby="mode-label" value={mode} onChange={(v) => setMode(v as 'live' | 'exercise')} data={[{ value: 'live', label: 'Live' }, { value: 'exercise', label: 'Exercise' }]} />
        </div>
        <Select label="Sharing limit" data={TLP.map((t) => ({ value: t, label: `TLP:${t}` }))} value={tlp} onChange={(v) => setTlp(v ?? 'AMBER')} allowDeselect={false} />
        <ZoneSelect label="Time zone of the case" value={zone} onChange={setZone} />
      </div>
      {create.error && <Failed error={create.error} inline />}
      <div className="start-foot">
        <span className="quiet small">You sign the first entry and become Incident Commander. Roles can be given to others at any time.</span>
        <Button type="submit" loading={create.isPending} disabled={!ready}>Create the case</Button>
      </div>
    </form>
  )
}
