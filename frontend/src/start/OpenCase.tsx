// Opens a case folder with its passphrase; also the way back in after locking.
import { Button, Checkbox, PasswordInput, Select } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { Person } from '../api/types'
import { tailPath } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Failed } from '../ui/States'
import { PathField } from './PathField'
import { PaneHead } from './StartScreen'

interface Props { dir: string; name?: string; locked?: boolean; persons: Person[]; onBack: () => void }

export function OpenCase({ dir: given, name, locked, persons, onBack }: Props) {
  const [dir, setDir] = useState(given)
  const [passphrase, setPassphrase] = useState('')
  const [person, setPerson] = useState<string | null>(persons.find((p) => p.default)?.id ?? persons[0]?.id ?? null)
  const [other, setOther] = useState(false)
  const [key, setKey] = useState('')
  const open = useAct(() => api.caseOpen({ dir, passphrase, person: person ?? undefined, key_passphrase: other ? key : undefined }))
  return (
    <form className="start-form" onSubmit={(e) => { e.preventDefault(); open.mutate(undefined) }}>
      <PaneHead title={locked ? 'Locked' : 'Open a case'} onBack={onBack} />
      {given ? (
        <div className="start-chosen"><div className="strong"><Inert text={name ?? ''} /></div><div className="mono quiet tiny wrap" title={given}>{tailPath(given, 80)}</div></div>
      ) : <PathField label="Case folder" description="The folder that holds case.json, usually named …​.case" value={dir} onChange={setDir} title="Open a case folder" />}
      {persons.length > 1 && <Select label="Who are you" data={persons.map((p) => ({ value: p.id, label: p.name }))} value={person} onChange={setPerson} allowDeselect={false} />}
      <PasswordInput label="Passphrase" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoFocus autoComplete="off" />
      <Checkbox label="My key has a passphrase of its own" checked={other} onChange={(e) => setOther(e.currentTarget.checked)} />
      {other && <PasswordInput label="Passphrase of your key" value={key} onChange={(e) => setKey(e.currentTarget.value)} autoComplete="off" />}
      {open.error && <Failed error={open.error} inline />}
      <div className="start-foot">
        <span className="quiet small">Checking takes a moment on purpose: it makes guessing slow.</span>
        <Button type="submit" loading={open.isPending} disabled={dir.trim() === '' || passphrase === ''}>{locked ? 'Unlock' : 'Open'}</Button>
      </div>
    </form>
  )
}
