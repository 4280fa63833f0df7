// People in the case: their keys, the roles they hold and on what ground, and every act about them.
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconId, IconKey, IconShieldExclamation, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { usePeople } from '../api/queries'
import type { HeldKey, HeldRole, People, PersonInCase } from '../api/types'
import { groundWords, maySign, ownRoles } from '../domain/authority'
import { kindWords } from '../domain/kinds'
import { listing } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Empty, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { AssumeDialog, GlassDialog, SuccessionDialog } from './AbsenceDialogs'
import { AddPersonDialog, AdmitDialog, ExportCardDialog, PassphraseDialog, RevokeDialog } from './KeyDialogs'
import { DelegateDialog, EndRoleDialog, GrantDialog } from './RoleDialogs'

type Doing =
  | { what: 'add' | 'card' | 'assume' | 'glass' | 'passphrase' | 'export' }
  | { what: 'succession'; role?: string }
  | { what: 'admit' | 'grant' | 'lend'; person: PersonInCase }
  | { what: 'end'; person: PersonInCase; role?: string }
  | { what: 'revoke'; person: PersonInCase; key?: string }

export function PeopleTab() {
  const people = usePeople()
  const [doing, setDoing] = useState<Doing | null>(null)
  return (
    <div className="people-tab">
      <Loaded query={people} what="people" lines={10}>
        {(d) => (
          <>
            <section className="set-wide" aria-label="People">
              <div className="set-bar">
                <div className="grow"><h2>People</h2><p className="quiet">Each person signs with a key of their own. A role says what they may sign, and is stamped on every entry as it was held then.</p></div>
                <Button variant="default" leftSection={<IconId size={15} />} onClick={() => setDoing({ what: 'card' })}>Admit from a card…</Button>
                <Button variant="default" leftSection={<IconUserPlus size={15} />} onClick={() => setDoing({ what: 'add' })}>Add a person here…</Button>
              </div>
              {d.people.length === 0 ? <Empty title="Nobody yet">Whoever opened the case stands here first.</Empty> : <ul className="people">{d.people.filter((p) => p.known).map((p) => <li key={p.id}><Person p={p} onDo={setDoing} /></li>)}</ul>}
              <Strangers people={d.people.filter((p) => !p.known)} onDo={setDoing} />
            </section>
            <section className="set-wide" aria-label="When somebody cannot be reached">
              <div className="set-bar">
                <div className="grow"><h2>When somebody cannot be reached</h2><p className="quiet">The order of succession comes first. Breaking the glass is the last way: it works at once, and somebody else reviews it.</p></div>
                <Button variant="default" onClick={() => setDoing({ what: 'assume' })}>Take over a role…</Button>
                <Button variant="default" leftSection={<IconShieldExclamation size={15} />} onClick={() => setDoing({ what: 'glass' })}>Break the glass…</Button>
              </div>
              <ul className="lines succession">
                {d.successions.map((s) => (
                  <li key={s.role}><span className="strong">{s.title}</span><span className="grow">{s.order.map((p, i) => <span key={p.id}>{i > 0 && <span className="quiet"> then </span>}<Inert text={p.name} /></span>)}</span><button type="button" className="link" aria-label={`Change who follows as ${s.title}`} onClick={() => setDoing({ what: 'succession', role: s.role })}>Change…</button></li>
                ))}
                <li><span className="quiet grow">{d.successions.length === 0 && 'No order is set: when the only holder of a role is away, the glass is the only way. '}</span><button type="button" className="link" onClick={() => setDoing({ what: 'succession' })}>Set who follows in a role…</button></li>
              </ul>
            </section>
            <section className="set-wide" aria-label="Your key">
              <div className="set-bar">
                <div className="grow"><h2>Your key</h2><p className="quiet">It lies on this laptop under a passphrase that only you know, and outside of the case.</p></div>
                <Button variant="default" leftSection={<IconKey size={15} />} onClick={() => setDoing({ what: 'passphrase' })}>Change its passphrase…</Button>
                <Button variant="default" leftSection={<IconId size={15} />} onClick={() => setDoing({ what: 'export' })}>Export my card…</Button>
              </div>
            </section>
            {doing && <Dialog doing={doing} people={d} onClose={() => setDoing(null)} />}
          </>
        )}
      </Loaded>
    </div>
  )
}

function Dialog({ doing, people, onClose }: { doing: Doing; people: People; onClose: () => void }) {
  switch (doing.what) {
    case 'add': return <AddPersonDialog onClose={onClose} />
    case 'card': return <AdmitDialog onClose={onClose} />
    case 'admit': return <AdmitDialog person={doing.person} onClose={onClose} />
    case 'grant': return <GrantDialog person={doing.person} onClose={onClose} />
    case 'lend': return <DelegateDialog people={people.people} start={doing.person.id} onClose={onClose} />
    case 'end': return <EndRoleDialog person={doing.person} start={doing.role} onClose={onClose} />
    case 'revoke': return <RevokeDialog person={doing.person} start={doing.key} onClose={onClose} />
    case 'succession': return <SuccessionDialog people={people} start={doing.role} onClose={onClose} />
    case 'assume': return <AssumeDialog people={people} onClose={onClose} />
    case 'glass': return <GlassDialog onClose={onClose} />
    case 'passphrase': return <PassphraseDialog onClose={onClose} />
    case 'export': return <ExportCardDialog onClose={onClose} />
  }
}

function Person({ p, onDo }: { p: PersonInCase; onDo: (d: Doing) => void }) {
  const { caseView } = useShell()
  const you = p.id === caseView.person.id
  const fresh = p.keys.some((k) => !k.admitted)
  const live = maySign(p)
  const canLend = !you && ownRoles(caseView.person.roles).length > 0
  return (
    <article className="person" aria-label={p.name}>
      <div className="person-who">
        <h3><Inert text={p.name} />{you && <span className="quiet person-you"> you</span>}</h3>
        <ul className="person-keys">{p.keys.map((k) => <li key={k.key}><Key k={k} /></li>)}</ul>
      </div>
      <div className="person-holds">
        {p.roles.length === 0 && <p className="quiet">No role: may read and note.</p>}
        {!live && p.roles.length > 0 && <p className="person-mute">No key of theirs may sign. A new key has to be admitted before these roles are of use.</p>}
        <ul className="person-roles">{p.roles.map((r) => <li key={`${r.role} ${r.entry}`}><Role r={r} /></li>)}</ul>
        {p.other.length > 0 && <details><summary className="quiet small">Earlier and later roles ({p.other.length})</summary><ul className="person-roles person-other">{p.other.map((r) => <li key={`${r.role} ${r.entry}`}>{r.title} <span className="quiet small"><Inert text={r.words} /></span></li>)}</ul></details>}
      </div>
      <div className="person-acts">
        {fresh && <Button variant="default" onClick={() => onDo({ what: 'admit', person: p })}>Admit the new key…</Button>}
        <Menu position="bottom-end" width={230}>
          <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={13} />} title={`Change what ${p.name} may do`}>Change</Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onDo({ what: 'grant', person: p })}>Give a role…</Menu.Item>
            {canLend && <Menu.Item onClick={() => onDo({ what: 'lend', person: p })}>Lend a role of mine…</Menu.Item>}
            {p.roles.length > 0 && <Menu.Item onClick={() => onDo({ what: 'end', person: p })}>{you ? 'Lay down a role…' : 'End a role…'}</Menu.Item>}
            {live && <><Menu.Divider /><Menu.Item onClick={() => onDo({ what: 'revoke', person: p })}>Revoke a key…</Menu.Item></>}
          </Menu.Dropdown>
        </Menu>
      </div>
    </article>
  )
}

/** Keys on this laptop that this case does not know: one line each, since most of them belong to other cases. */
function Strangers({ people, onDo }: { people: PersonInCase[]; onDo: (d: Doing) => void }) {
  if (people.length === 0) return null
  return (
    <div className="strangers">
      <h3 className="label">With a key on this laptop, not in this case</h3>
      <ul className="lines">
        {people.map((p) => (
          <li key={p.id}><article className="stranger" aria-label={p.name}>
            <span className="strong grow"><Inert text={p.name} /></span><span className="mono tiny quiet">{p.fingerprint}</span>
            <Button variant="default" size="compact-sm" onClick={() => onDo({ what: 'admit', person: p })}>Admit…</Button>
          </article></li>
        ))}
      </ul>
    </div>
  )
}

function Key({ k }: { k: HeldKey }) {
  return (
    <>
      <span className={k.revoked ? 'mono tiny key-gone' : 'mono tiny'} title="Code of the key">{k.fingerprint}</span>
      <span className="quiet small">{k.revoked ? <>revoked <Inert text={k.revoked} /></> : [k.here ? 'on this laptop' : 'on another laptop', k.admitted ? '' : 'not admitted'].filter(Boolean).join(', ')}</span>
    </>
  )
}

function Role({ r }: { r: HeldRole }) {
  return (
    <>
      <span className="strong">{r.title}</span>{' '}
      {r.basis === 'break-glass' && <span className="ground-glass"><IconShieldExclamation size={13} aria-hidden="true" />break-glass</span>}
      {r.basis === 'delegation' && <span className="ground-lent">lent</span>}
      <span className="quiet small">
        {' '}<Inert text={groundWords(r)} />, since <Time iso={r.from} form="short" />{r.until && <>, until <b><Time iso={r.until} form="short" /></b></>}
        {r.kinds.length > 0 && <>, to {listing(r.kinds.map((k) => kindWords(k)), 4)} only</>}{r.scope && <> (<Inert text={r.scope} />)</>}
      </span>
    </>
  )
}
