// The window of an open case: strip, rail, stage, inspector, jobs; and the keys that work anywhere.
import { useEffect, useRef, useState } from 'react'
import { Palette } from '../ask/Palette'
import { BoardStage } from '../board/BoardStage'
import { ClocksStage } from '../deadline/ClocksStage'
import { DecideStage } from '../decision/DecideStage'
import { SeverityDialog } from '../decision/SeverityDialog'
import { PapersStage } from '../document/PapersStage'
import { STAGE_KEYS, typing } from '../domain/keys'
import { EvidenceStage } from '../evidence/EvidenceStage'
import { LaneStage } from '../lane/LaneStage'
import { RecordStage } from '../record/RecordStage'
import { SettingsStage } from '../settings/SettingsStage'
import { TimelineStage } from '../timeline/TimelineStage'
import { TriageStage } from '../triage/TriageStage'
import { CloseDialog } from './CloseDialog'
import { ErrorBoundary } from './ErrorBoundary'
import { dialogOpen } from './hotkeys'
import { Inspector } from './Inspector'
import { JobsDrawer } from './JobsDrawer'
import { KeysCard } from './KeysCard'
import { Rail } from './Rail'
import { useShell } from './shell'
import { Strip } from './Strip'
import { Toasts } from './Toasts'

const G_WAIT_MS = 1200

export function Frame() {
  const shell = useShell()
  const [palette, setPalette] = useState(false)
  const [card, setCard] = useState(false)
  const [severity, setSeverity] = useState(false)
  useAnywhereKeys({ palette: () => setPalette(true), card: () => setCard(true) })
  const { stage } = shell.place
  const counsel = shell.caseView.person.acting === 'legal-counsel'
  return (
    <div className="frame" data-reader={counsel ? 'counsel' : 'responder'}>
      <a className="skip" href="#stage">Skip to the stage</a>
      <Strip onSeverity={() => setSeverity(true)} />
      <Rail />
      <main className="stage" id="stage" tabIndex={-1} key={`${stage} ${shell.caseView.person.id}`}>
        <ErrorBoundary at={stage}>
          {stage === 'board' && <BoardStage />}
          {stage === 'evidence' && <EvidenceStage />}
          {stage === 'timeline' && <TimelineStage />}
          {stage === 'triage' && <TriageStage />}
          {stage === 'decision' && <DecideStage />}
          {stage === 'deadline' && <ClocksStage />}
          {stage === 'document' && <PapersStage />}
          {stage === 'record' && <RecordStage />}
          {stage === 'lane' && <LaneStage />}
          {stage === 'settings' && <SettingsStage />}
        </ErrorBoundary>
      </main>
      <Inspector />
      <JobsDrawer />
      <Toasts />
      <Palette opened={palette} onClose={() => setPalette(false)} onCard={() => setCard(true)} onSeverity={() => setSeverity(true)} />
      <KeysCard opened={card} onClose={() => setCard(false)} />
      <SeverityDialog opened={severity} onClose={() => setSeverity(false)} />
      <CloseDialog />
    </div>
  )
}

function useAnywhereKeys(open: { palette: () => void; card: () => void }) {
  const shell = useShell()
  const latest = useRef({ shell, open })
  useEffect(() => { latest.current = { shell, open } })
  useEffect(() => {
    let gAt = 0
    const on = (e: KeyboardEvent) => {
      const { shell: s, open: o } = latest.current
      if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') {
        e.preventDefault()
        o.palette()
        return
      }
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || dialogOpen()) return
      const to = gAt > 0 && Date.now() - gAt < G_WAIT_MS ? STAGE_KEYS[e.key as keyof typeof STAGE_KEYS] : undefined
      gAt = e.key === 'g' && !to ? Date.now() : 0
      const run: Record<string, () => void> = {
        '?': o.card, '[': s.goBack, ']': s.goForward,
        z: () => s.setZoneMode(s.zoneMode === 'utc' ? 'case' : 'utc'),
      }
      if (e.key === 'Escape') s.inspect(null)
      const act = to ? () => s.stage(to) : run[e.key]
      if (!act) return
      e.preventDefault()
      e.stopImmediatePropagation()
      act()
    }
    window.addEventListener('keydown', on, true)
    return () => window.removeEventListener('keydown', on, true)
  }, [])
}
