// Acts about lanes: opening one, its members, what a model may read, passing words on, lifting a mark.
import { Checkbox, TextInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { usePeople } from '../api/queries'
import type { Lane, LaneMark, LaneWord } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { LONG_WHY, PersonSelect, WhyField, whyMissing } from '../settings/fields'
import { Inert } from '../ui/Inert'
import { useShell } from '../ui/shell'

function Members({ value, onChange, always }: { value: string[]; onChange: (v: string[]) => void; always?: string }) {
  const people = usePeople()
  return (
    <Checkbox.Group label="Members" value={value} onChange={onChange}>
      <div className="role-checks">{(people.data?.people ?? []).filter((p) => p.known).map((p) => <Checkbox key={p.id} value={p.id} disabled={p.id === always} label={`${p.name}${p.roles[0] ? `, ${p.roles[0].title}` : ''}`} />)}</div>
    </Checkbox.Group>
  )
}

export function OpenLaneDialog({ onClose }: { onClose: () => void }) {
  const { caseView } = useShell()
  const [name, setName] = useState('')
  const [matter, setMatter] = useState('')
  const [direction, setDirection] = useState('')
  const [members, setMembers] = useState<string[]>([caseView.person.id])
  const missing = [...(name.trim() ? [] : ['the name']), ...(direction.trim() ? [] : ['at whose direction'])]
  return (
    <ActDialog title="Open a lane" verb="Sign and open" ask={[name, matter, direction, members]} preview={() => api.laneOpen({ name: name.trim(), matter: matter.trim(), direction: direction.trim(), members })} missing={missing} onClose={onClose}>
      <div className="two-cols">
        <TextInput label="Name" withAsterisk placeholder="For example: Notification advice" value={name} onChange={(e) => setName(e.currentTarget.value)} data-autofocus autoComplete="off" />
        <TextInput label="Matter" placeholder="File number, if there is one" value={matter} onChange={(e) => setMatter(e.currentTarget.value)} autoComplete="off" />
      </div>
      <Textarea label="At whose direction, and for what" withAsterisk placeholder="The board of the ferry line asked counsel on 4 March to advise on its duties to passengers" value={direction} onChange={(e) => setDirection(e.currentTarget.value)} autosize minRows={2} maxRows={5} />
      <Members value={members} onChange={setMembers} always={caseView.person.id} />
    </ActDialog>
  )
}

export function MembersDialog({ lane, onClose }: { lane: Lane; onClose: () => void }) {
  const people = usePeople()
  const now = (people.data?.people ?? []).filter((p) => lane.members.includes(p.name) || lane.members.includes(p.id)).map((p) => p.id)
  const [changed, setChanged] = useState<string[] | null>(null)
  const members = changed ?? now
  const [why, setWhy] = useState('')
  const same = members.length === now.length && members.every((m) => now.includes(m))
  return (
    <ActDialog title={`Members of ${lane.name}`} verb="Sign the members" ask={[members, why]} preview={() => api.laneMembers(lane.id, members, why.trim())} missing={[...(same ? ['a change'] : []), ...whyMissing(why)]} onClose={onClose}>
      <Members value={members} onChange={setChanged} />
      <WhyField value={why} onChange={setWhy} />
    </ActDialog>
  )
}

export function LaneModelDialog({ lane, onClose }: { lane: Lane; onClose: () => void }) {
  const [why, setWhy] = useState('')
  return (
    <ActDialog title={lane.model ? 'Close the lane to the model' : 'Open the lane to the model'} verb="Sign" ask={why} preview={() => api.laneModel(lane.id, !lane.model, why.trim())} missing={whyMissing(why)} onClose={onClose}>
      <WhyField value={why} onChange={setWhy} autoFocus />
    </ActDialog>
  )
}

export function ShareDialog({ lane, word, onClose }: { lane: Lane; word: LaneWord; onClose: () => void }) {
  const { caseView } = useShell()
  const people = usePeople()
  const [to, setTo] = useState('')
  const members = (people.data?.people ?? []).filter((p) => p.id !== caseView.person.id && (lane.members.includes(p.name) || lane.members.includes(p.id)))
  return (
    <ActDialog title="Pass words on" verb="Seal and sign" ask={to} preview={() => api.laneShare(lane.id, word.entry, to)} missing={to ? [] : ['to whom']} onClose={onClose} lead="For a member who came later, or has a new key. The words are sealed again, to them and to you.">
      <p className="said said-person wrap"><Inert text={word.text} lines /></p>
      <PersonSelect label="To" people={members} value={to} onChange={setTo} autoFocus />
    </ActDialog>
  )
}

export function LiftDialog({ mark, onClose }: { mark: LaneMark; onClose: () => void }) {
  const [why, setWhy] = useState('')
  return (
    <ActDialog title="Lift a mark" verb="Sign and lift" ask={why} preview={() => api.laneLift(mark.of, mark.ref, why.trim())} missing={whyMissing(why, LONG_WHY)} onClose={onClose} lead={<><b><Inert text={mark.title || 'What is marked'} /></b>: <Inert text={mark.basis} /></>}>
      <WhyField value={why} onChange={setWhy} least={LONG_WHY} placeholder="Waived, or no longer needed, and by whose decision" autoFocus />
    </ActDialog>
  )
}
