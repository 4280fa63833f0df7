// A copy that was handed over becomes a case on this laptop: see what it holds, compare the head, choose a passphrase.
import { Button, Checkbox, PasswordInput, Select } from '@mantine/core'
import { IconAlertOctagon } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { ImportOrder, ImportPlan, Start } from '../api/types'
import { joinPath, slug } from '../domain/slug'
import { strength } from '../domain/strength'
import { dayText } from '../domain/time'
import { bytes, count, plural } from '../domain/words'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { JobLine } from '../ui/JobLine'
import { Failed } from '../ui/States'
import { PassphraseStrength } from './PassphraseStrength'
import { PathField } from './PathField'
import { PaneHead } from './StartScreen'

export function ImportCase({ start, onBack }: { start: Start; onBack: () => void }) {
  const client = useQueryClient()
  const [path, setPath] = useState('')
  const [passphrase, setPassphrase] = useState('')
  const [person, setPerson] = useState<string | null>(start.persons.find((p) => p.default)?.id ?? start.persons[0]?.id ?? null)
  const [keyPass, setKeyPass] = useState('')
  const [dir, setDir] = useState<string | null>(null)
  const [own, setOwn] = useState('')
  const [again, setAgain] = useState('')
  const [sound, setSound] = useState(false)
  const [job, setJob] = useState<string | null>(null)
  const order = (into: string, keep: boolean): ImportOrder => ({ path: path.trim(), passphrase, identity: '', person: person ?? '', key_passphrase: keyPass, dir: into, new_passphrase: own, keep_going: keep })
  const look = useAct(() => api.importPreview(order('', true)))
  const plan = look.data
  const folder = dir ?? (plan ? joinPath(start.home, `${slug(plan.name)}.case`) : '')
  const make = useAct(() => api.importCopy(order(folder, sound)), { onSuccess: (d) => setJob(d.job) })
  const jobs = useQuery({ queryKey: ['jobs', 'start'], queryFn: api.jobs, enabled: job !== null, refetchInterval: 500 })
  const now = jobs.data?.jobs.find((j) => j.id === job)
  const done = now?.state === 'done'
  // The program opens the case that it made; the window asks again.
  useEffect(() => { if (done) void client.invalidateQueries({ queryKey: ['case'] }) }, [done, client])
  const ready = plan !== undefined && folder.trim() !== '' && strength(own).level > 1 && own === again && (!plan.blocked || sound)
  return (
    <form className="start-form" onSubmit={(e) => { e.preventDefault(); if (!plan) look.mutate(undefined); else if (ready) make.mutate(undefined) }}>
      <PaneHead title="A copy that was handed over" onBack={plan ? () => look.reset() : onBack} />
      {!plan && (
        <>
          <p className="quiet">A plain folder or an encrypted parcel of a case that is not on this laptop yet. It becomes a case of its own here, with the same record and the same head. If the case is here already, open it and merge the copy.</p>
          <PathField label="Folder or parcel" value={path} onChange={setPath} choose="file" title="The copy" placeholder="/media/usb/harbor-lights-copy.parcel" autoFocus />
          <div className="form-two">
            <PasswordInput label="Passphrase of the parcel" description="Empty when it opens with your key" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="off" />
            {start.persons.length > 0 && <PasswordInput label="Passphrase of your key" description="Only for a parcel made for your key" value={keyPass} onChange={(e) => setKeyPass(e.currentTarget.value)} autoComplete="off" />}
          </div>
          {start.persons.length > 1 && <Select label="Whose key" data={start.persons.map((p) => ({ value: p.id, label: p.name }))} value={person} onChange={setPerson} allowDeselect={false} />}
        </>
      )}
      {plan && (
        <>
          <Holds plan={plan} />
          {plan.blocked && <Checkbox checked={sound} onChange={(e) => setSound(e.currentTarget.checked)} label="I have read what is wrong. Take in only what is sound." />}
          <PathField label="Folder of the case" value={folder} onChange={setDir} title="Where the case folder is made" />
          <div className="form-two">
            <PasswordInput label="A passphrase for it here" value={own} onChange={(e) => setOwn(e.currentTarget.value)} autoComplete="new-password" />
            <PasswordInput label="Passphrase again" value={again} onChange={(e) => setAgain(e.currentTarget.value)} error={again !== '' && again !== own ? 'The two differ' : undefined} autoComplete="new-password" />
          </div>
          <PassphraseStrength text={own} />
        </>
      )}
      {(make.error ?? look.error) && <Failed error={make.error ?? look.error} inline />}
      {now?.error && <Failed error={now.error} inline />}
      {now?.state === 'running' && <div role="status"><JobLine job={now} /></div>}
      <div className="start-foot">
        <span className="quiet small">{plan ? 'Nothing is signed by this. You can read; a role has to be given to you.' : 'Every signature in it is checked. The copy is only read.'}</span>
        {plan ? <Button type="submit" disabled={!ready} loading={make.isPending || now?.state === 'running'}>Make the case</Button> : <Button type="submit" disabled={path.trim() === ''} loading={look.isPending}>See what it holds</Button>}
      </div>
    </form>
  )
}

function Holds({ plan: p }: { plan: ImportPlan }) {
  return (
    <div className="start-chosen">
      <div className="strong"><Inert text={p.name} />{p.mode === 'exercise' && <span className="exercise-tag">exercise</span>}</div>
      <Facts>
        <Fact label="Opened"><Inert text={p.opened_by} />, {dayText(p.opened, 'utc', 'UTC')} <span className="mono tiny quiet">{p.opener_key}</span></Fact>
        <Fact label="Holds"><span className="num">{plural(p.entries, 'entry', 'entries')}{p.withheld > 0 && `, ${count(p.withheld)} of them without words`}; {plural(p.evidence, 'evidence item')}{p.evidence > 0 && `, ${bytes(p.bytes)}`}{p.elsewhere > 0 && `; ${count(p.elsewhere)} more lie elsewhere`}</span></Fact>
        <Fact label="Head"><span className="mono">{p.head_code}</span> <span className="quiet small">compare it with the slip</span></Fact>
      </Facts>
      {p.blocked && (
        <div className="import-wrong" role="alert">
          <IconAlertOctagon size={18} aria-hidden="true" />
          <div><p className="strong">{plural(p.problem_count, 'thing')} in this copy {p.problem_count === 1 ? 'is' : 'are'} wrong.</p><ul>{p.problems.slice(0, 8).map((x, i) => <li key={i} className="wrap"><span className="mono small">{x.code}</span> <Inert text={x.text} /></li>)}</ul></div>
        </div>
      )}
    </div>
  )
}
