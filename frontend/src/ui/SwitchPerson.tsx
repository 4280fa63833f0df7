// Another person sits down at the laptop: their own key and passphrase, so that what they sign is theirs.
import { Button, Modal, PasswordInput, Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, usePeople } from '../api/queries'
import { Failed } from './States'
import { useShell } from './shell'

export function SwitchPerson({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Someone else at this laptop" size={440}>
      {opened && <Form onClose={onClose} />}
    </Modal>
  )
}

function Form({ onClose }: { onClose: () => void }) {
  const { caseView, say, inspect } = useShell()
  const client = useQueryClient()
  const people = usePeople()
  const [person, setPerson] = useState<string | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const act = useAct(() => api.personSwitch(person ?? '', passphrase), {
    onSuccess: (c) => {
      // What the person before saw, sealed words among it, must not stand on the screen until it is asked again.
      inspect(null)
      client.setQueryData(['case'], c)
      void client.resetQueries({ predicate: (q) => q.queryKey[0] !== 'case' })
      say(`${c.person.name} now acts as ${c.person.acting_title || 'no role'}.`)
      onClose()
    },
  })
  const here = (people.data?.people ?? []).filter((p) => p.here && p.id !== caseView.person.id)
  return (
    <form className="col" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
      <p className="quiet">Only people whose key lies on this laptop can act here. What they sign carries their name and the role they hold.</p>
      {people.data && here.length === 0 && <p>Nobody else has a key on this laptop. Add a person under Settings.</p>}
      <Select label="Person" data={here.map((p) => ({ value: p.id, label: `${p.name}${p.roles[0] ? `, ${p.roles[0].title}` : ''}` }))} value={person} onChange={setPerson} data-autofocus />
      <PasswordInput label="Passphrase of their key" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="off" />
      {act.error && <Failed error={act.error} inline />}
      <div className="dialog-foot">
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button type="submit" disabled={!person || passphrase === ''} loading={act.isPending}>Switch</Button>
      </div>
    </form>
  )
}
