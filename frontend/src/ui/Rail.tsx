// The left rail: one word and one mark a stage, in the order of the flow.
import { IconArchive, IconClockHour4, IconFileText, IconGavel, IconLayoutDashboard, IconMessageQuestion, IconNotebook, IconRadar2, IconScale, IconSettings, IconTimeline } from '@tabler/icons-react'
import { useLanes } from '../api/queries'
import { seesPrivilege } from '../domain/lane'
import type { Stage } from '../domain/nav'
import { useShell } from './shell'

const STAGES: { stage: Stage; word: string; key: string; Icon: typeof IconArchive }[] = [
  { stage: 'board', word: 'Board', key: 'g b', Icon: IconLayoutDashboard },
  { stage: 'evidence', word: 'Evidence', key: 'g e', Icon: IconArchive },
  { stage: 'timeline', word: 'Timeline', key: 'g t', Icon: IconTimeline },
  { stage: 'triage', word: 'Findings', key: 'g f', Icon: IconRadar2 },
  { stage: 'decision', word: 'Decide', key: 'g d', Icon: IconGavel },
  { stage: 'deadline', word: 'Clocks', key: 'g c', Icon: IconClockHour4 },
  { stage: 'document', word: 'Papers', key: 'g p', Icon: IconFileText },
  { stage: 'record', word: 'Record', key: 'g r', Icon: IconNotebook },
]

const PRIVILEGE: (typeof STAGES)[number] = { stage: 'lane', word: 'Privilege', key: 'g l', Icon: IconScale }

export function Rail() {
  const { place, stage, caseView, subject, inspect } = useShell()
  const asking = subject?.kind === 'ask'
  const lanes = useLanes()
  const stages = seesPrivilege(caseView.person.roles, lanes.data?.lanes ?? []) ? [...STAGES, PRIVILEGE] : STAGES
  return (
    <nav className="rail" aria-label="Stages">
      {stages.map(({ stage: s, word, key, Icon }) => (
        <button key={s} type="button" className="rail-item" aria-current={place.stage === s ? 'page' : undefined} title={`${word}  (${key})`} onClick={() => stage(s)}>
          <Icon size={19} stroke={1.6} aria-hidden="true" />
          <span>{word}</span>
          {s === 'decision' && caseView.open_decisions > 0 && <span className="rail-count num" aria-label={`${caseView.open_decisions} open`}>{caseView.open_decisions}</span>}
        </button>
      ))}
      <span className="rail-gap" />
      <button type="button" className="rail-item" aria-pressed={asking} title="Ask  (Ctrl K)" onClick={() => inspect(asking ? null : { kind: 'ask' })}>
        <IconMessageQuestion size={19} stroke={1.6} aria-hidden="true" /><span>Ask</span>
      </button>
      <button type="button" className="rail-item" aria-current={place.stage === 'settings' ? 'page' : undefined} title="Settings  (g s)" onClick={() => stage('settings')}>
        <IconSettings size={19} stroke={1.6} aria-hidden="true" /><span>Settings</span>
      </button>
    </nav>
  )
}
