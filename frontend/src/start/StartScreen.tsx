// The first screen: recent cases, open a folder, a new case in under a minute, the sample incident. Nothing else.
import { Button } from '@mantine/core'
import { IconFolderOpen, IconPackageImport, IconPlus, IconSchool } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactNode } from 'react'
import { useStart } from '../api/queries'
import type { CaseView, RecentCase, Start } from '../api/types'
import { dayText } from '../domain/time'
import { fileName, tailPath } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Loaded } from '../ui/States'
import { CreateCase } from './CreateCase'
import { ImportCase } from './ImportCase'
import { OpenCase } from './OpenCase'
import { SampleCase } from './SampleCase'
import './start.css'

type PaneState = { kind: 'home' } | { kind: 'open'; dir: string; name?: string; locked?: boolean } | { kind: 'new' } | { kind: 'import' } | { kind: 'sample' }

export function StartScreen({ locked }: { locked: CaseView | null }) {
  const start = useStart()
  const [pane, setPane] = useState<PaneState>(locked ? { kind: 'open', dir: locked.dir, name: locked.name, locked: true } : { kind: 'home' })
  const client = useQueryClient()
  // What the last case showed must neither linger in memory nor flash up in the next one.
  useEffect(() => client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'case' && q.queryKey[0] !== 'start' }), [client])
  // A case named when the program was started is asked for at once, until the person goes back.
  const [left, setLeft] = useState(false)
  const home = () => { setLeft(true); setPane({ kind: 'home' }) }
  const shown = (s: Start): PaneState => pane.kind === 'home' && s.propose !== '' && !left ? { kind: 'open', dir: s.propose, name: fileName(s.propose).replace(/\.case$/, '') } : pane
  return (
    <div className="start">
      <header className="start-brand">
        <svg width="44" height="44" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 1.5 18.5 18.5 H14.8 L12.9 14.4 H7.1 L5.2 18.5 H1.5 Z M10 8 8.4 11.6 H11.6 Z" fill="currentColor" fillRule="evenodd" /></svg>
        <h1>Adjutant</h1>
        <p className="start-lead">The incident commander’s aide on one isolated laptop.</p>
        <ul className="start-points">
          <li>Evidence in, one timeline, findings with their rows.</li>
          <li>Every decision is a named person’s, signed and with its reason.</li>
          <li>Nothing leaves this machine.</li>
        </ul>
        <p className="start-version num">{start.data ? `Version ${start.data.version}` : ''}</p>
      </header>
      <main className="start-pane scroll">
        <Loaded query={start} what="the start screen" lines={5}>
          {(s) => <Pane of={shown(s)} start={s} home={home} go={setPane} />}
        </Loaded>
      </main>
    </div>
  )
}

function Pane({ of: pane, start, home, go }: { of: PaneState; start: Start; home: () => void; go: (p: PaneState) => void }) {
  switch (pane.kind) {
    case 'open': return <OpenCase key={pane.dir} dir={pane.dir} name={pane.name} locked={pane.locked} persons={start.persons} onBack={home} />
    case 'import': return <ImportCase start={start} onBack={home} />
    case 'new': return <CreateCase start={start} onBack={home} />
    case 'sample': return <SampleCase start={start} onBack={home} onOpen={(dir) => go({ kind: 'open', dir, name: 'Sample incident' })} />
    default: return <Home start={start} onOpen={(r) => go({ kind: 'open', dir: r?.path ?? '', name: r?.name })} onNew={() => go({ kind: 'new' })} onImport={() => go({ kind: 'import' })} onSample={() => go({ kind: 'sample' })} />
  }
}

function Home({ start, onOpen, onNew, onImport, onSample }: { start: Start; onOpen: (r: RecentCase | null) => void; onNew: () => void; onImport: () => void; onSample: () => void }) {
  return (
    <div className="start-home">
      <div className="start-actions">
        <Action icon={<IconPlus size={20} stroke={1.6} />} title="New case" words="A name, a passphrase, your name" onClick={onNew} />
        <Action icon={<IconFolderOpen size={20} stroke={1.6} />} title="Open a case" words="A case folder on this machine or a disk" onClick={() => onOpen(null)} />
        <Action icon={<IconPackageImport size={20} stroke={1.6} />} title="A copy that was handed over" words="A bundle or parcel becomes a case here" onClick={onImport} />
        {start.sample && <Action icon={<IconSchool size={20} stroke={1.6} />} title="Sample incident" words="A made-up intrusion at a ferry operator, as an exercise" onClick={onSample} />}
      </div>
      <h2 className="label">Recent cases</h2>
      {start.recent.length === 0 ? (
        <p className="quiet">Cases that you open on this machine are listed here by name and folder; nothing about an incident is kept outside its case.</p>
      ) : (
        <ul className="recent">
          {start.recent.map((r) => (
            <li key={r.path}>
              <button type="button" className="recent-item" onClick={() => onOpen(r)}>
                <span className="grow">
                  <span className="recent-name"><Inert text={r.name || fileName(r.path)} />{r.mode === 'exercise' && <span className="exercise-tag">exercise</span>}</span>
                  <span className="quiet mono tiny clip" title={r.path}>{tailPath(r.path, 64)}</span>
                </span>
                <span className="quiet num small">{dayText(r.opened, 'utc', 'UTC')}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Action({ icon, title, words, onClick }: { icon: ReactNode; title: string; words: string; onClick: () => void }) {
  return (
    <button type="button" className="start-action" onClick={onClick}>
      <span className="start-icon" aria-hidden="true">{icon}</span>
      <span><span className="start-action-title">{title}</span><span className="quiet small">{words}</span></span>
    </button>
  )
}

export function PaneHead({ title, onBack }: { title: string; onBack: () => void }) {
  return (
    <div className="pane-head">
      <h2>{title}</h2>
      <Button variant="subtle" onClick={onBack}>Back</Button>
    </div>
  )
}
