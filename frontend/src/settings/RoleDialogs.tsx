// Giving, ending and lending a role. Each dialog shows the sentence of the record and what follows before anything is signed.
import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAuthority } from '../api/queries'
import type { PersonInCase } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { lendable, ownRoles } from '../domain/authority'
import { byStage, kindWords } from '../domain/kinds'
import { ROLES } from '../domain/roles'
import { useShell } from '../ui/shell'
import { PersonSelect, RoleSelect, UntilField, WhyField, whyMissing } from './fields'

export function GrantDialog({ person, onClose }: { person: PersonInCase; onClose: () => void }) {
  const { caseView } = useShell()
  const [role, setRole] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [scope, setScope] = useState('')
  const free = ROLES.filter((r) => !person.roles.some((x) => x.role === r.role && (x.basis === '' || x.basis === 'succession')))
  return (
    <ActDialog title={`Give ${person.name} a role`} verb="Sign" ask={[role, from, to, scope]} preview={() => api.peopleGrant({ person: person.id, role, from, to, scope })} missing={role ? [] : ['the role']} onClose={onClose}>
      <RoleSelect roles={free} value={role} onChange={setRole} autoFocus />
      <div className="two-cols">
        <UntilField label="From" value={from} onChange={setFrom} required={false} zone={caseView.zone} />
        <UntilField label="Until" value={to} onChange={setTo} required={false} zone={caseView.zone} />
      </div>
      <TextInput label="For what" description="Words for people; the program does not enforce them." value={scope} onChange={(e) => setScope(e.currentTarget.value)} autoComplete="off" />
    </ActDialog>
  )
}

export function EndRoleDialog({ person, start, onClose }: { person: PersonInCase; start?: string; onClose: () => void }) {
  const [role, setRole] = useState(start ?? (person.roles.length === 1 ? person.roles[0]?.role ?? '' : ''))
  const [why, setWhy] = useState('')
  const { caseView } = useShell()
  const own = person.id === caseView.person.id
  return (
    <ActDialog title={own ? 'Lay down a role' : `End a role of ${person.name}`} verb="Sign" ask={[role, why]} preview={() => api.peopleEnd({ person: person.id, role, why: why.trim() })} missing={[...(role ? [] : ['the role']), ...whyMissing(why)]} onClose={onClose}>
      <RoleSelect roles={person.roles} value={role} onChange={setRole} autoFocus />
      <WhyField value={why} onChange={setWhy} />
    </ActDialog>
  )
}

export function DelegateDialog({ people, start, onClose }: { people: PersonInCase[]; start?: string; onClose: () => void }) {
  const { caseView } = useShell()
  const authority = useAuthority()
  const mine = ownRoles(caseView.person.roles)
  const [person, setPerson] = useState(start ?? '')
  const [role, setRole] = useState(mine.find((r) => r.role === caseView.person.acting)?.role ?? mine[0]?.role ?? '')
  const [all, setAll] = useState(true)
  const [only, setOnly] = useState<string[]>([])
  const [to, setTo] = useState('')
  const [why, setWhy] = useState('')
  const kinds = lendable(authority.data?.rows ?? [], role)
  const scope = all ? [] : only.filter((k) => kinds.includes(k))
  const missing = [...(person ? [] : ['to whom']), ...(role ? [] : ['the role']), ...(!all && scope.length === 0 ? ['what it is lent for'] : []), ...(to.trim() ? [] : ['until when']), ...whyMissing(why)]
  return (
    <ActDialog
      title="Lend a role" verb="Sign" size={720} ask={[person, role, scope, to, why]} onClose={onClose} missing={missing}
      lead="You keep the role. What is lent ends by itself and cannot be lent on. Giving and taking authority is never lent."
      preview={() => api.peopleDelegate({ person, role, only: scope, to: to.trim(), why: why.trim() })}
    >
      <div className="two-cols">
        <PersonSelect label="To whom" people={people.filter((p) => p.known && p.id !== caseView.person.id)} value={person} onChange={setPerson} autoFocus />
        <RoleSelect roles={mine} value={role} onChange={setRole} />
      </div>
      <fieldset className="kinds">
        <legend className="strong">For what</legend>
        <Checkbox label="All that this role may sign and that can be lent" checked={all} onChange={(e) => setAll(e.currentTarget.checked)} />
        {!all && (
          <div className="kinds-list">
            {byStage(kinds.map((kind) => ({ kind }))).map((g) => (
              <div key={g.title} role="group" aria-label={g.title}>
                <span className="label">{g.title}</span>
                {g.rows.map(({ kind }) => <Checkbox key={kind} size="xs" label={kindWords(kind)} checked={only.includes(kind)} onChange={(e) => setOnly(e.currentTarget.checked ? [...only, kind] : only.filter((x) => x !== kind))} />)}
              </div>
            ))}
          </div>
        )}
      </fieldset>
      <UntilField label="Until" value={to} onChange={setTo} zone={caseView.zone} />
      <WhyField value={why} onChange={setWhy} />
    </ActDialog>
  )
}
