// The authority matrix: who may sign what, with one name or two. A changed row says by whom and when; a change is an entry.
import { Checkbox, SegmentedControl } from '@mantine/core'
import { IconCheck, IconLock, IconUsers } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '../api/client'
import { useAuthority } from '../api/queries'
import type { Authority, MatrixRow } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { byStage, kindWords } from '../domain/kinds'
import { ROLES } from '../domain/roles'
import { Inert } from '../ui/Inert'
import { Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { WhyField, whyMissing } from './fields'

/** Heads that fit a narrow column; the whole title is the accessible name. */
const SHORT: Record<string, string> = {
  'incident-commander': 'Commander', 'operations-section-chief': 'Operations', 'planning-section-chief': 'Planning', 'logistics-section-chief': 'Logistics', 'finance-administration-section-chief': 'Finance', 'liaison-officer': 'Liaison',
  'public-information-officer': 'Public info', 'safety-officer': 'Safety', 'documentation-unit-leader': 'Documents', 'legal-counsel': 'Counsel', responder: 'Responder',
}

export function AuthorityTab() {
  const authority = useAuthority()
  const [editing, setEditing] = useState<MatrixRow | null>(null)
  return (
    <Loaded query={authority} what="the authority matrix" lines={16}>
      {(a) => (
        <>
          <p className="matrix-lead quiet">Every signature is checked against this table, here and on every laptop that receives it. Rows with a lock are fixed, so that authority cannot depend on itself. {changedWords(a)}</p>
          <Matrix a={a} onEdit={setEditing} />
          {editing && <RowDialog row={editing} onClose={() => setEditing(null)} />}
        </>
      )}
    </Loaded>
  )
}

function changedWords(a: Authority): string {
  const n = a.rows.filter((r) => r.changed_by).length
  return n === 0 ? 'Nothing was changed in this case.' : `Changed in this case: ${n} ${n === 1 ? 'row' : 'rows'}.`
}

function Matrix({ a, onEdit }: { a: Authority; onEdit: (r: MatrixRow) => void }) {
  return (
    <table className="matrix">
      <thead>
        <tr>
          <th scope="col" className="matrix-kind">May sign</th>
          {ROLES.map((r) => <th key={r.role} scope="col" className="matrix-role" title={r.title}><span aria-hidden="true">{SHORT[r.role] ?? r.title}</span><span className="sr">{r.title}</span></th>)}
          <th scope="col">Names</th>
          <th scope="col"><span className="sr">Change</span></th>
        </tr>
      </thead>
      {byStage(a.rows).map((g) => (
        <tbody key={g.title}>
          <tr className="matrix-group"><th colSpan={ROLES.length + 3} scope="rowgroup" className="label">{g.title}</th></tr>
          {g.rows.map((r) => <Row key={`${r.kind}/${r.class}`} r={r} onEdit={onEdit} />)}
        </tbody>
      ))}
    </table>
  )
}

function Row({ r, onEdit }: { r: MatrixRow; onEdit: (r: MatrixRow) => void }) {
  const words = kindWords(r.kind, r.class)
  return (
    <tr data-changed={r.changed_by !== ''}>
      <th scope="row" className="matrix-kind">
        <span title={r.why}>{words}</span>
        {r.changed_by && <span className="matrix-changed">changed by <Inert text={r.changed_by} />{r.changed_at && <>, <Time iso={r.changed_at} form="short" /></>}: <Inert text={r.why} /></span>}
      </th>
      {r.members ? <td colSpan={ROLES.length} className="matrix-all quiet">any admitted person{r.core && r.why ? <>; <Inert text={r.why} /></> : ''}</td> : ROLES.map((x) => {
        const may = r.roles.some((y) => y.role === x.role)
        return <td key={x.role} className="matrix-cell">{may ? <IconCheck size={14} stroke={2.2} aria-label="may" /> : <span className="sr">may not</span>}</td>
      })}
      <td className="matrix-two">{r.two_person ? <span className="two"><IconUsers size={13} aria-hidden="true" />two</span> : <span className="quiet">one</span>}</td>
      <td className="matrix-act">{r.core ? <IconLock size={14} className="quiet" aria-label="fixed" /> : <button type="button" className="link small" aria-label={`Change who may ${words}`} onClick={() => onEdit(r)}>Change…</button>}</td>
    </tr>
  )
}

function RowDialog({ row, onClose }: { row: MatrixRow; onClose: () => void }) {
  const [roles, setRoles] = useState(row.roles.map((r) => r.role))
  const [two, setTwo] = useState(row.two_person)
  const [why, setWhy] = useState('')
  const same = !row.members && two === row.two_person && roles.length === row.roles.length && roles.every((r) => row.roles.some((x) => x.role === r))
  return (
    <ActDialog
      title={`Who may ${kindWords(row.kind, row.class)}`} verb="Sign the change" ask={[roles, two, why]} onClose={onClose}
      preview={() => api.authoritySet({ of: row.class ? `${row.kind}/${row.class}` : row.kind, roles, two_person: two, why: why.trim() })}
      missing={[...(roles.length === 0 ? ['at least one role'] : same ? ['a change'] : []), ...whyMissing(why)]}
      lead={row.members ? 'Any admitted person may do this now. Choosing roles narrows it to them.' : undefined}
    >
      <Checkbox.Group label="Roles" value={roles} onChange={setRoles}>
        <div className="role-checks">{ROLES.map((r) => <Checkbox key={r.role} value={r.role} label={r.title} />)}</div>
      </Checkbox.Group>
      <div>
        <div className="mantine-InputWrapper-label">Names under it</div>
        <SegmentedControl aria-label="Names under it" disabled={!row.can_two} value={two ? 'two' : 'one'} onChange={(v) => setTwo(v === 'two')} data={[{ value: 'one', label: 'One person' }, { value: 'two', label: 'Two persons' }]} />
        {!row.can_two && <p className="quiet small">This cannot wait for a second person: it reports what happened, protects something, or has two parties already.</p>}
      </div>
      <WhyField value={why} onChange={setWhy} />
    </ActDialog>
  )
}
