// Asks once for who, why, where from and zone, then hands the import to a job. The answers of the last import are offered again.
import { Button, Modal, Select, TextInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { api, type AddEvidence } from '../api/client'
import { native } from '../api/native'
import { useAct } from '../api/queries'
import { useDraftOf } from '../api/useDraft'
import { plural } from '../domain/words'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'
import { ZoneSelect } from '../ui/ZoneSelect'

type Answers = Omit<AddEvidence, 'paths'> & { paths: string }

export function AddEvidenceDialog({ paths, onClose }: { paths: string[] | null; onClose: () => void }) {
  return (
    <Modal opened={paths !== null} onClose={onClose} title="Add evidence" size={640}>
      {paths !== null && <Form given={paths} onClose={onClose} />}
    </Modal>
  )
}

function Form({ given, onClose }: { given: string[]; onClose: () => void }) {
  const { caseView, say } = useShell()
  const [a, change, draft] = useDraftOf<Answers>('evidence.add', { paths: '', keep: 'auto', zone: caseView.zone || 'UTC', why: '', custodian: '', source: '' })
  const [text, setText] = useState<string | null>(given.length > 0 ? given.join('\n') : null)
  const lines = (text ?? a.paths).split('\n').map((l) => l.trim()).filter(Boolean)
  const setPaths = (v: string) => { setText(v); change({ paths: v }) }
  const add = useAct(() => api.evidenceAdd({ paths: lines, keep: a.keep, zone: a.zone, why: a.why.trim(), custodian: a.custodian.trim(), source: a.source.trim() }), {
    onSuccess: () => { change({ paths: '' }); say('The import runs. Its receipt appears here when it is done.'); onClose() },
  })
  const choose = async (folder: boolean) => {
    const more = folder ? [await native.chooseFolder('Add a folder of evidence')] : await native.chooseFiles('Add evidence')
    setPaths([...lines, ...more.filter(Boolean)].join('\n'))
  }
  const why = a.why.trim() !== ''
  return (
    <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); add.mutate(undefined) }}>
      <Textarea
        label="Files, folders, archives" description="One path a line. Originals are only read." value={text ?? a.paths} onChange={(e) => setPaths(e.currentTarget.value)}
        autosize minRows={2} maxRows={6} spellCheck={false} classNames={{ input: 'mono' }} data-autofocus
      />
      {native.canChoose() && <div className="row"><Button variant="default" onClick={() => void choose(false)}>Choose files…</Button><Button variant="default" onClick={() => void choose(true)}>Choose a folder…</Button></div>}
      <div className="form-two">
        <TextInput label="Custodian" description="Who had it until now" value={a.custodian} onChange={(e) => change({ custodian: e.currentTarget.value })} autoComplete="off" />
        <TextInput label="Where from" description="Machine, disk, export, place" value={a.source} onChange={(e) => change({ source: e.currentTarget.value })} autoComplete="off" />
      </div>
      <TextInput label="Why it is taken" description="One line, as it will stand in the custody record" value={a.why} onChange={(e) => change({ why: e.currentTarget.value })} autoComplete="off" />
      <div className="form-two">
        <ZoneSelect label="Zone of times without one" description="Recorded as your assumption; can be changed later" value={a.zone} onChange={(zone) => change({ zone })} />
        <Select
          label="Keep" description="Sealed copies go into the case, encrypted" value={a.keep} allowDeselect={false} onChange={(v) => change({ keep: (v ?? 'auto') as Answers['keep'] })}
          data={[{ value: 'auto', label: 'Seal; reference above 4 GiB' }, { value: 'sealed', label: 'Seal a copy in the case' }, { value: 'referenced', label: 'Reference where it lies' }]}
        />
      </div>
      {add.error && <Failed error={add.error} inline />}
      <div className="dialog-foot">
        <span className="quiet small right-gap">{draft.state === 'failed' ? 'These words could not be kept.' : `Taken in as ${caseView.person.name}, ${caseView.person.acting_title || 'no role'}`}</span>
        <Button variant="default" onClick={onClose}>Cancel</Button>
        <Button type="submit" disabled={lines.length === 0 || !why} loading={add.isPending}>{lines.length > 0 ? `Take in ${plural(lines.length, 'path')}` : 'Take in'}</Button>
      </div>
    </form>
  )
}
