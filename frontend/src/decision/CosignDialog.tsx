// Signing as second person, from wherever an act waits: as the person at the keyboard when they may, else by another who
// unlocks their own key for this one act.
import { Modal } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useToDo } from '../api/queries'
import type { ToDo } from '../api/types'
import { ActDialog } from './ActDialog'
import { CosignForm } from './CosignForm'
import { Inert } from '../ui/Inert'
import { Empty, Loaded } from '../ui/States'
import { useShell } from '../ui/shell'

export function CosignDialog({ entry, onClose }: { entry: string; onClose: () => void }) {
  const tasks = useToDo()
  const task = tasks.data?.items.find((t) => t.kind === 'cosign' && t.entry === entry)
  if (task) return <For task={task} onClose={onClose} />
  return (
    <Modal opened onClose={onClose} title="Sign as second person" size={560}>
      <Loaded query={tasks} what="what waits" lines={3}>{() => <Empty title="Nothing to sign here">It is in force, or it does not wait for a second person.</Empty>}</Loaded>
    </Modal>
  )
}

function For({ task, onClose }: { task: ToDo; onClose: () => void }) {
  const { say } = useShell()
  const [other, setOther] = useState(!task.mine)
  // What was open when it was signed stays shown until the dialog goes, though the list has moved on.
  if (other) {
    return (
      <Modal opened onClose={onClose} title="Sign as second person" size={560}>
        <div className="col form-gap">
          <p className="said said-person wrap"><Inert text={task.text} /></p>
          <CosignForm entry={task.entry} roles={task.roles} onDone={() => { say('Both have signed: it is in force.'); onClose() }} onLater={onClose} />
        </div>
      </Modal>
    )
  }
  return (
    <ActDialog title="Sign as second person" verb="Sign as second person" ask={task.entry} preview={() => api.actSecond(task.entry)} missing={[]} onClose={onClose} lead={<Inert text={task.text} />} onSigned={() => say('Both have signed: it is in force.')}>
      <p className="quiet">You sign with your own key, for what the other person signed and nothing else. <button type="button" className="link" onClick={() => setOther(true)}>Someone else signs…</button></p>
    </ActDialog>
  )
}
