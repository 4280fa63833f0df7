// People in the case, whether their key lies on this laptop, and the roles they hold.
import { Button, Menu, Modal, PasswordInput, TextInput } from '@mantine/core'
import { IconChevronDown, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct, usePeople } from '../api/queries'
import type { PersonInCase } from '../api/types'
import { ROLES } from '../domain/roles'
import { strength } from '../domain/strength'
import { PassphraseStrength } from '../start/PassphraseStrength'
import { Inert } from '../ui/Inert'
import { Failed, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'

export function PeopleSection() {
  const people = usePeople()
  const [adding, setAdding] = useState(false)
  return (
    <Loaded query={people} what="people" lines={4}>
      {(d) => (
        <>
          <ul className="people">{d.people.map((p) => <li key={p.id}><PersonLine p={p} /></li>)}</ul>
          <Button variant="default" leftSection={<IconUserPlus size={15} />} onClick={() => setAdding(true)}>Add a person</Button>
          {adding && <AddPerson onClose={() => setAdding(false)} />}
        </>
      )}
    </Loaded>
  )
}

function PersonLine({ p }: { p: PersonInCase }) {
  const { caseView, say } = useShell()
  const grant = useAct((role: string) => api.peopleRole(p.id, role), { onSuccess: () => say(`Role given to ${p.name}.`), onError: (e) => say(`${e.sentence} ${e.hint}`, { bad: true }) })
  const free = ROLES.filter((r) => !p.roles.some((x) => x.role === r.role))
  return (
    <div className="person">
      <div className="grow">
        <div><b><Inert text={p.name} /></b>{p.id === caseView.person.id && <span className="quiet"> you</span>}{!p.here && <span className="quiet small"> · key not on this laptop</span>}</div>
        <div className="mono quiet tiny" title="Fingerprint of the key">{p.fingerprint}</div>
        <ul className="person-roles">{p.roles.map((r) => <li key={r.role}>{r.title} <span className="quiet small">since <Time iso={r.from} form="short" />{r.granted_by && <>, given by <Inert text={r.granted_by} /></>}</span></li>)}{p.roles.length === 0 && <li className="quiet">no role yet</li>}</ul>
      </div>
      <Menu position="bottom-end" width={290}>
        <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={13} />} title={`Give ${p.name} a role`} loading={grant.isPending}>Give a role</Button></Menu.Target>
        <Menu.Dropdown>{free.map((r) => <Menu.Item key={r.role} onClick={() => grant.mutate(r.role)}>{r.title}</Menu.Item>)}</Menu.Dropdown>
      </Menu>
    </div>
  )
}

function AddPerson({ onClose }: { onClose: () => void }) {
  const { say } = useShell()
  const [name, setName] = useState('')
  const [pass, setPass] = useState('')
  const act = useAct(() => api.peopleAdd(name.trim(), pass), { onSuccess: () => { say(`${name.trim()} has a key on this laptop.`); onClose() } })
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
