// Two persons at one keyboard: the second unlocks their own key for this one act. The first stays where they are.
import { Button, PasswordInput, Select } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, usePeople } from '../api/queries'
import type { HeldRole, RoleHeld, Signed } from '../api/types'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'

export function CosignForm({ entry, roles, onDone, onLater }: { entry: string; roles: RoleHeld[]; onDone: (s: Signed) => void; onLater: () => void }) {
  const { caseView } = useShell()
  const people = usePeople()
  const [person, setPerson] = useState<string | null>(null)
  const [passphrase, setPassphrase] = useState('')
  // A lent or taken role does not reach a second signature (record-format §5, core kinds).
  const fits = (r: HeldRole) => (r.basis === '' || r.basis === 'succession') && roles.some((x) => x.role === r.role)
  const may = (people.data?.people ?? []).filter((p) => p.here && p.id !== caseView.person.id && p.roles.some(fits))
  const role = may.find((p) => p.id === person)?.roles.find(fits)?.role ?? ''
  const act = useAct(() => api.actCosign({ entry, person: person ?? '', role, passphrase }), { onSuccess: onDone })
  return (
    <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
      <p>Your signature stands in the record. It is <b>not in force</b> until somebody else signs too, as {roles.map((r) => r.title).join(' or ')}.</p>
      {people.data && may.length === 0 && <p className="quiet">Nobody else with such a role has a key on this laptop. They can sign on their own laptop after the next merge.</p>}
      <Select label="Second person" data={may.map((p) => ({ value: p.id, label: p.name }))} value={person} onChange={setPerson} data-autofocus />
      <PasswordInput label="Passphrase of their key" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="off" />
      {act.error && <Failed error={act.error} inline />}
      <div className="dialog-foot">
        <Button variant="default" onClick={onLater}>Later</Button>
        <Button type="submit" disabled={!person || passphrase === ''} loading={act.isPending}>Sign as second person</Button>
      </div>
    </form>
  )
}
