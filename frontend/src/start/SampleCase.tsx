// The sample incident: made on this machine as an exercise, with fictional signers, in about the time it takes to read this.
import { Button, PasswordInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import type { Start } from '../api/types'
import { joinPath } from '../domain/slug'
import { count } from '../domain/words'
import { Failed } from '../ui/States'
import { PathField } from './PathField'
import { PaneHead } from './StartScreen'

export function SampleCase({ start, onBack, onOpen }: { start: Start; onBack: () => void; onOpen: (dir: string) => void }) {
  const [dir, setDir] = useState(joinPath(start.home, 'sample'))
  const [passphrase, setPassphrase] = useState('')
  const [job, setJob] = useState<string | null>(null)
  const make = useAct(() => api.caseDemo({ dir, passphrase }), { onSuccess: (j) => setJob(j.id) })
  const jobs = useQuery({ queryKey: ['jobs', 'start'], queryFn: api.jobs, enabled: job !== null, refetchInterval: 500 })
  const now = jobs.data?.jobs.find((j) => j.id === job) ?? (make.data?.id === job ? make.data : undefined)
  const done = now?.state === 'done'
  // The job's message is the folder of the case it made, when it names one.
  const made = now?.message && /\.case$/.test(now.message) ? now.message : dir
  useEffect(() => { if (done) onOpen(made) }, [done, made, onOpen])
  return (
    <form className="start-form" onSubmit={(e) => { e.preventDefault(); make.mutate(undefined) }}>
      <PaneHead title="Sample incident" onBack={onBack} />
      <p>Three days at a small ferry operator: Windows logs, a web server, a firewall in local time, a cloud audit log, one host with a wrong clock and one cleared log. Everything in it was made up by us. The case is an exercise and says so on every page.</p>
      <PathField label="Folder" value={dir} onChange={setDir} title="Where the sample is made" />
      <PasswordInput label="Passphrase for the sample" value={passphrase} onChange={(e) => setPassphrase(e.currentTarget.value)} autoComplete="new-password" />
      {make.error && <Failed error={make.error} inline />}
      {now?.error && <Failed error={now.error} inline />}
      {now?.state === 'running' && (
        <div role="status">
          <div className="spread"><span>{now.title}</span><span className="quiet num">{now.total > 0 ? `${count(now.done)} of ${count(now.total)} ${now.unit}` : now.message}</span></div>
          <div className="job-bar job-bar-wide"><span style={{ width: `${now.total > 0 ? (now.done / now.total) * 100 : 8}%` }} /></div>
        </div>
      )}
      <div className="start-foot">
        <span className="quiet small">Made from a fixed seed, the same on every machine. Deleting the folder removes it entirely.</span>
        <Button type="submit" loading={make.isPending || now?.state === 'running'} disabled={passphrase.length < 8 || dir.trim() === ''}>Make the sample</Button>
      </div>
    </form>
  )
}
