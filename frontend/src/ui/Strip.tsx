// The situation strip: which case, how bad and by whose word, what runs out next, what waits for a person,
// whether the model is on, whether we are isolated, and who acts in which role.
import { Menu } from '@mantine/core'
import { IconCheck, IconChevronDown, IconClockHour4, IconCpu, IconDoorExit, IconLock, IconShieldCheck, IconShieldExclamation, IconShieldQuestion, IconUserCircle } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { api } from '../api/client'
import { useAct, usePeople } from '../api/queries'
import type { CaseView } from '../api/types'
import { brokenGlass } from '../domain/authority'
import { SEVERITY_WORD } from '../domain/severity'
import { fullTime, shortTime, untilText } from '../domain/time'
import { plural } from '../domain/words'
import { Inert } from './Inert'
import { SeverityMark } from './Severity'
import { useShell } from './shell'
import { SwitchPerson } from './SwitchPerson'

export function useNow(everyMs = 20_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

export function Strip({ onSeverity }: { onSeverity: () => void }) {
  const { caseView: c, stage, go } = useShell()
  return (
    <header className="strip">
      <div className="strip-case">
        <Mark />
        <span className="strip-name clip" title={c.name}><Inert text={c.name} /></span>
        <span className="tlp" data-tlp={c.tlp}>TLP:{c.tlp}</span>
        {c.mode === 'exercise' && <span className="exercise">EXERCISE</span>}
      </div>
      <button type="button" className="strip-cell" onClick={onSeverity} title="Change the severity">
        {c.severity ? (
          <><SeverityMark level={c.severity.level} size={13} /><span><b>{SEVERITY_WORD[c.severity.level]}</b> {!c.severity_awaits && <span className="strip-quiet strip-by">declared by <Inert text={c.severity.by} /></span>}</span></>
        ) : !c.severity_awaits && <span className="strip-quiet">Severity not declared</span>}
        {c.severity_awaits && <span className="strip-awaits" title={`${SEVERITY_WORD[c.severity_awaits.level]}, declared by ${c.severity_awaits.by}; not in force until a second person signs`}><SeverityMark level={c.severity_awaits.level} size={11} /> {SEVERITY_WORD[c.severity_awaits.level]} awaits second person</span>}
      </button>
      <Glass c={c} onOpen={() => go({ stage: 'settings', id: 'people' })} />
      <NextClock c={c} onOpen={() => stage('deadline')} />
      <button type="button" className="strip-cell" onClick={() => stage('decision')}>
        {c.open_decisions === 0 ? <span className="strip-quiet">no open decisions</span> : <b>{plural(c.open_decisions, 'decision')} open</b>}
      </button>
      <button type="button" className="strip-cell strip-cell-end" onClick={() => stage('settings')} title={`${c.model.text}\n${c.isolation.text}`}>
        <IconCpu size={14} aria-hidden="true" /><span>model {c.model.state}</span>
        {c.isolation.state === 'isolated' ? <IconShieldCheck size={14} aria-hidden="true" /> : <IconShieldQuestion size={14} aria-hidden="true" />}
        <span>{c.isolation.state === 'unknown' ? 'isolation unknown' : c.isolation.state}</span>
      </button>
      <Person c={c} />
    </header>
  )
}

/** A role taken in an emergency is everybody's business while it lasts. */
function Glass({ c, onOpen }: { c: CaseView; onOpen: () => void }) {
  const people = usePeople()
  const broken = brokenGlass(people.data?.people ?? [])
  if (broken.length === 0) return null
  const words = broken.map(({ person, role }) => `${person.name} took the role ${role.title} in an emergency${role.until ? `, until ${shortTime(role.until, 'utc', c.zone)}` : ''}.`)
  return (
    <button type="button" className="strip-cell strip-glass" onClick={onOpen} title={words.join('\n')}>
      <IconShieldExclamation size={15} aria-hidden="true" /><span>break-glass{broken.length > 1 && ` ×${broken.length}`}</span><span className="sr">: {words.join(' ')}</span>
    </button>
  )
}

function Mark() {
  return (
    <svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true" className="strip-mark">
      <path d="M10 1.5 18.5 18.5 H14.8 L12.9 14.4 H7.1 L5.2 18.5 H1.5 Z M10 8 8.4 11.6 H11.6 Z" fill="currentColor" fillRule="evenodd" />
    </svg>
  )
}

function NextClock({ c, onOpen }: { c: CaseView; onOpen: () => void }) {
  const now = useNow()
  if (!c.clock) return <button type="button" className="strip-cell" onClick={onOpen}><IconClockHour4 size={14} aria-hidden="true" /><span className="strip-quiet">no clock runs</span></button>
  const left = (Date.parse(c.clock.deadline) - now) / 1000
  const missed = c.clock.missed || left < 0
  const loud = missed ? 'missed' : left < 6 * 3600 ? 'filled' : left < 24 * 3600 ? 'bold' : 'plain'
  return (
    <button type="button" className="strip-cell" onClick={onOpen} title={`${c.clock.title}, ${c.clock.stage}: ${fullTime(c.clock.deadline, 'utc', 'UTC')}\ncomputed aid`}>
      <IconClockHour4 size={14} aria-hidden="true" />
      <span className={`strip-clock strip-clock-${loud} num`}>{c.clock.title}: {missed ? `missed ${untilText(left)} ago` : untilText(left)}</span>
    </button>
  )
}

function Person({ c }: { c: CaseView }) {
  const { say, zoneMode } = useShell()
  const acting = c.person.roles.find((r) => r.role === c.person.acting)
  const [switching, setSwitching] = useState(false)
  const role = useAct(api.caseRole, { onError: (e) => say(e.sentence, { bad: true }) })
  const lock = useAct(() => api.caseLock())
  const close = useAct(() => api.caseClose())
  return (
    <div className="strip-person">
      <Menu position="bottom-end" width={300} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <button type="button" className="strip-cell" title="Who you are and the role you act in">
            <IconUserCircle size={15} aria-hidden="true" />
            <span className="clip"><Inert text={c.person.name} /><span className="strip-quiet">, {c.person.acting_title || 'no role'}{acting?.basis && ` (${acting.basis})`}</span></span>
            <IconChevronDown size={13} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown className="strip-menu">
          <Menu.Label>Act as</Menu.Label>
          {c.person.roles.map((r) => (
            <Menu.Item key={`${r.role} ${r.basis ?? ''}`} onClick={() => role.mutate(r.role)} rightSection={r.role === c.person.acting ? <IconCheck size={14} aria-label="now" /> : null}>
              {r.title}{(r.basis || r.until) && <span className="role-ground">{[r.basis, r.until && `until ${shortTime(r.until, zoneMode, c.zone)}`].filter(Boolean).join(' ')}</span>}
            </Menu.Item>
          ))}
          {c.person.roles.length === 0 && <Menu.Item disabled>No role in this case</Menu.Item>}
          <Menu.Divider />
          <Menu.Item leftSection={<IconUserCircle size={14} />} onClick={() => setSwitching(true)}>Someone else at this laptop…</Menu.Item>
          <Menu.Item leftSection={<IconDoorExit size={14} />} onClick={() => close.mutate(undefined)}>Close the case</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <button type="button" className="strip-cell strip-lock" aria-label="Lock the case" title="Lock the case" onClick={() => lock.mutate(undefined)}><IconLock size={15} /></button>
      <SwitchPerson opened={switching} onClose={() => setSwitching(false)} />
    </div>
  )
}
