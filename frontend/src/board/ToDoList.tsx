// What waits for a person beside decisions: second signatures, reviews, custody, conflicts. Each line says who may do it
// and opens the dialog or the place where it is done.
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconArrowsSplit2, IconClockHour4, IconFileImport, IconPackageImport, IconShieldExclamation, IconUserQuestion, IconUsers, IconWriting } from '@tabler/icons-react'
import { useState } from 'react'
import type { ToDo } from '../api/types'
import { CosignDialog } from '../decision/CosignDialog'
import { mayWords, TASK_KINDS } from '../domain/todo'
import { AdmitDialog } from '../record/AdmitDialog'
import { ReviewDialog } from '../settings/AbsenceDialogs'
import { Inert } from '../ui/Inert'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'

const ICON: Record<ToDo['kind'], typeof IconUsers> = {
  review: IconShieldExclamation, cosign: IconUsers, conflict: IconArrowsSplit2, admit: IconFileImport, custody: IconPackageImport, mismatch: IconAlertTriangle, expiring: IconClockHour4, 'no-holder': IconUserQuestion, witness: IconWriting,
}

export function ToDoList({ items }: { items: ToDo[] }) {
  const [doing, setDoing] = useState<ToDo | null>(null)
  if (items.length === 0) return <p className="quiet">No second signature, review, conflict or transfer waits.</p>
  return (
    <>
      <ul className="lines todo">{items.map((t) => <li key={`${t.kind} ${t.entry} ${t.link.id ?? ''} ${t.text}`}><Task t={t} onDo={() => setDoing(t)} /></li>)}</ul>
      {doing?.kind === 'cosign' && <CosignDialog entry={doing.entry} onClose={() => setDoing(null)} />}
      {doing?.kind === 'review' && <ReviewDialog task={doing} onClose={() => setDoing(null)} />}
      {doing?.kind === 'admit' && <AdmitDialog entry={doing.entry} lead={<Inert text={doing.text} />} onClose={() => setDoing(null)} />}
    </>
  )
}

function Task({ t, onDo }: { t: ToDo; onDo: () => void }) {
  const { go, caseView } = useShell()
  const Icon = ICON[t.kind]
  const how = TASK_KINDS[t.kind]
  // A second person at the keyboard may sign although the one who sits there may not.
  const open = how.dialog && (t.mine || t.kind === 'cosign')
  return (
    <div className="todo-line" data-mine={t.mine}>
      <Icon size={16} stroke={1.7} aria-hidden="true" />
      <div className="grow">
        <p className="wrap"><span className="sr">{how.word}: </span><Inert text={t.text} /></p>
        <p className="quiet small">{mayWords(t, caseView.person.name)}{t.due && <> · by <Time iso={t.due} form="short" /></>}</p>
      </div>
      {open ? <Button variant="default" size="compact-sm" onClick={onDo}>{how.verb}</Button> : how.dialog ? null : <button type="button" className="link" onClick={() => go(t.link)}>{how.verb}</button>}
    </div>
  )
}
