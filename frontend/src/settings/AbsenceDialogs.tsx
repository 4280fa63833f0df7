// When somebody cannot be reached: who follows in a role, taking it over by that order, and breaking the glass, which is
// the last way and says so. A break-glass is reviewed by somebody else; the review's dialog stands here too.
import { Radio, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconShieldExclamation, IconX } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { api } from '../api/client'
import { useAuthority } from '../api/queries'
import type { People, RoleHeld, ToDo } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { countedAbsent, glassHours, MAX_GLASS_HOURS, moved } from '../domain/authority'
import { ROLES } from '../domain/roles'
import { Inert } from '../ui/Inert'
import { useShell } from '../ui/shell'
import { PersonSelect, RoleSelect, WhyField, whyMissing, LONG_WHY } from './fields'

export function SuccessionDialog({ people, start, onClose }: { people: People; start?: string; onClose: () => void }) {
  const stored = (r: string) => people.successions.find((s) => s.role === r)?.order.map((p) => p.id) ?? []
  const [role, setRole] = useState(start ?? '')
  const [order, setOrder] = useState<string[]>(stored(start ?? ''))
  const list = useRef<HTMLOListElement>(null)
  const name = (id: string) => people.people.find((p) => p.id === id)?.name ?? id
  const free = people.people.filter((p) => p.known && !order.includes(p.id))
  const move = (i: number, by: number) => {
    setOrder(moved(order, i, by))
    // Focus goes with the person, so that holding a key moves on.
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('li')[Math.max(0, Math.min(order.length - 1, i + by))]?.focus())
  }
  return (
    <ActDialog title="Who follows in a role" verb="Sign" ask={[role, order]} preview={() => api.peopleSuccession(role, order)} missing={role ? [] : ['the role']} onClose={onClose} lead="Whoever stands here may take the role over when its holders and everybody before them cannot be reached.">
      <RoleSelect roles={ROLES} value={role} onChange={(r) => { setRole(r); setOrder(stored(r)) }} autoFocus={!start} />
      {role && (
        <>
          {order.length === 0 && <p className="quiet">Nobody follows. Add the first person below.</p>}
          <ol className="order" ref={list} aria-label="Order; arrow keys with Alt move a person">
            {order.map((id, i) => (
              <li key={id} tabIndex={0} onKeyDown={(e) => {
                if (e.altKey && e.key === 'ArrowUp') { e.preventDefault(); move(i, -1) }
                if (e.altKey && e.key === 'ArrowDown') { e.preventDefault(); move(i, 1) }
                if (e.key === 'Delete') setOrder(order.filter((x) => x !== id))
              }}>
                <span className="order-num num quiet">{i + 1}</span><span className="grow"><Inert text={name(id)} /></span>
                <button type="button" className="icon-btn" aria-label={`${name(id)} earlier`} disabled={i === 0} onClick={() => move(i, -1)}><IconArrowUp size={15} /></button>
                <button type="button" className="icon-btn" aria-label={`${name(id)} later`} disabled={i === order.length - 1} onClick={() => move(i, 1)}><IconArrowDown size={15} /></button>
                <button type="button" className="icon-btn" aria-label={`Take ${name(id)} out`} onClick={() => setOrder(order.filter((x) => x !== id))}><IconX size={15} /></button>
              </li>
            ))}
          </ol>
          {order.length > 1 && <p className="quiet small"><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> moves a person, <kbd>Del</kbd> takes them out.</p>}
          {free.length > 0 && <PersonSelect label="Add" required={false} people={free} value="" onChange={(v) => v && setOrder([...order, v])} />}
        </>
      )}
    </ActDialog>
  )
}

export function AssumeDialog({ people, onClose }: { people: People; onClose: () => void }) {
  const { caseView } = useShell()
  const me = caseView.person.id
  const mine = people.successions.filter((s) => s.order.some((p) => p.id === me))
  const [role, setRole] = useState(mine.length === 1 ? mine[0]?.role ?? '' : '')
  const [why, setWhy] = useState('')
  const chosen = mine.find((s) => s.role === role)
  const absent = chosen ? countedAbsent(people.people, chosen.order, role, me) : []
  return (
    <ActDialog title="Take over a role" verb="Sign" ask={[role, why]} preview={() => api.peopleAssume(role, why.trim())} missing={[...(mine.length === 0 ? ['a place in an order of succession'] : role ? [] : ['the role']), ...whyMissing(why, LONG_WHY)]} onClose={onClose} lead="For when the holder cannot be reached and the order of succession names you. The role is then yours until it is ended.">
      {mine.length === 0 ? <p>You stand in no order of succession. The Incident Commander sets it; in an emergency the glass can be broken.</p> : <RoleSelect roles={mine} value={role} onChange={setRole} autoFocus />}
      {chosen && <p className="act-absent"><b>Counted as not reached:</b> {absent.length === 0 ? 'nobody; the role has no holder' : absent.join(', ')}.{absent.length > 0 && <span className="quiet"> Their names stand in the entry. Say how you tried to reach them.</span>}</p>}
      <WhyField value={why} onChange={setWhy} least={LONG_WHY} placeholder="How and when you tried to reach them" />
    </ActDialog>
  )
}

export function GlassDialog({ onClose }: { onClose: () => void }) {
  const { caseView } = useShell()
  const authority = useAuthority()
  const [role, setRole] = useState('')
  const [why, setWhy] = useState('')
  const [hours, setHours] = useState('4')
  const n = glassHours(hours)
  const roles: RoleHeld[] = (authority.data?.break_glass ?? []).filter((r) => !caseView.person.roles.some((x) => x.role === r.role && !x.basis))
  return (
    <ActDialog
      title="Break the glass" verb="Sign and take the role" ask={[role, why, n]} preview={() => api.peopleGlass({ role, why: why.trim(), hours: n ?? 0 })} onClose={onClose}
      missing={[...(role ? [] : ['the role']), ...(n === null ? [`hours between 0 and ${MAX_GLASS_HOURS}`] : []), ...whyMissing(why, LONG_WHY)]}
      lead={<span className="glass-lead"><IconShieldExclamation size={20} aria-hidden="true" /><span>For an emergency with nobody to ask. It works at once, everybody sees it, it ends by itself, and somebody else reviews it afterwards. It gives no power over people and roles.</span></span>}
    >
      <RoleSelect roles={roles} value={role} onChange={setRole} autoFocus />
      <WhyField value={why} onChange={setWhy} least={LONG_WHY} placeholder="What cannot wait, and whom you could not reach" />
      <TextInput label="For how many hours" withAsterisk description={`At most ${MAX_GLASS_HOURS}. Who needs longer finds somebody to give the role.`} value={hours} onChange={(e) => setHours(e.currentTarget.value)} inputMode="decimal" w={260} error={n === null ? `A number above 0, at most ${MAX_GLASS_HOURS}` : undefined} />
    </ActDialog>
  )
}

export function ReviewDialog({ task, onClose }: { task: ToDo; onClose: () => void }) {
  const [outcome, setOutcome] = useState<'upheld' | 'not-upheld' | ''>('')
  const [why, setWhy] = useState('')
  return (
    <ActDialog title="Review a break-glass" verb="Sign the review" ask={[outcome, why]} preview={() => api.peopleReview({ entry: task.entry, outcome: outcome || 'upheld', why: why.trim() })} missing={[...(outcome ? [] : ['the outcome']), ...whyMissing(why, LONG_WHY)]} onClose={onClose} lead={<Inert text={task.text} />}>
      <Radio.Group label="Was it right to take the role?" withAsterisk value={outcome} onChange={(v) => setOutcome(v as 'upheld' | 'not-upheld')}>
        <div className="row review-choice"><Radio value="upheld" label="Upheld" data-autofocus /><Radio value="not-upheld" label="Not upheld" /></div>
      </Radio.Group>
      <WhyField value={why} onChange={setWhy} least={LONG_WHY} placeholder="What the situation was, and whether it could have waited" />
    </ActDialog>
  )
}
