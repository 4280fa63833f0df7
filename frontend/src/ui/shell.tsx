// What every screen shares: where the person is, what the inspector shows, in which zone times stand, and the
// short messages with undo. Places are kept in the case (a draft), so that a restart opens where one left.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { api } from '../api/client'
import type { CaseView, Clock, EvidenceItem, Link, RecordEntry } from '../api/types'
import { amend, back, forward, goTo, goToStage, homeOf, readHistory, startAt, type History, type Place, type Stage } from '../domain/nav'
import type { ZoneMode } from '../domain/time'

export type Subject =
  | { kind: 'row'; id: string }
  | { kind: 'clock'; clock: Clock }
  | { kind: 'recommendation'; id: string }
  | { kind: 'entry'; entry: RecordEntry }
  | { kind: 'item'; item: EvidenceItem }
  | { kind: 'ask' }

export interface Toast { id: number; text: string; undo?: () => void; bad?: boolean }

interface Shell {
  caseView: CaseView
  history: History
  place: Place
  go: (to: Link | Place) => void
  stage: (s: Stage) => void
  amendPlace: (p: Place) => void
  goBack: () => void
  goForward: () => void
  subject: Subject | null
  inspect: (s: Subject | null) => void
  zoneMode: ZoneMode
  setZoneMode: (m: ZoneMode) => void
  toasts: Toast[]
  say: (text: string, options?: { undo?: () => void; bad?: boolean }) => void
  hush: (id: number) => void
}

const Context = createContext<Shell | null>(null)

export function useShell(): Shell {
  const shell = useContext(Context)
  if (!shell) throw new Error('ui: useShell outside of ShellProvider')
  return shell
}

const PLACE_DRAFT = 'window.place'
const TOAST_MS = 8_000

export function ShellProvider({ caseView, start, children }: { caseView: CaseView; start?: Place; children: ReactNode }) {
  const [history, setHistory] = useState<History>(() => startAt(start ?? { stage: homeOf(caseView.person.acting) }))
  const [subject, inspect] = useState<Subject | null>(null)
  const [zoneMode, setZoneMode] = useState<ZoneMode>('utc')
  const [toasts, setToasts] = useState<Toast[]>([])
  const restored = useRef(start !== undefined)
  const moved = useRef(false)
  const toastId = useRef(0)

  useEffect(() => {
    if (restored.current) return
    api.draft(PLACE_DRAFT).then((d) => {
      const h = readHistory(d.text ?? '')
      if (h && !moved.current) setHistory(h)
    }, () => undefined).finally(() => { restored.current = true })
  }, [])

  useEffect(() => {
    if (!restored.current) return
    const timer = setTimeout(() => { api.draftPut(PLACE_DRAFT, JSON.stringify(history)).catch(() => undefined) }, 600)
    return () => clearTimeout(timer)
  }, [history])

  const move = useCallback((change: (h: History) => History) => {
    moved.current = true
    setHistory(change)
  }, [])
  const hush = useCallback((id: number) => setToasts((all) => all.filter((t) => t.id !== id)), [])
  const say = useCallback((text: string, options: { undo?: () => void; bad?: boolean } = {}) => {
    const id = ++toastId.current
    setToasts((all) => [...all.slice(-2), { id, text, ...options }])
    setTimeout(() => hush(id), TOAST_MS)
  }, [hush])

  const value = useMemo<Shell>(() => ({
    caseView, history, place: history.here, subject, inspect, zoneMode, setZoneMode, toasts, say, hush,
    go: (to) => move((h) => goTo(h, to)),
    stage: (s) => move((h) => goToStage(h, s)),
    amendPlace: (p) => move((h) => amend(h, p)),
    goBack: () => move(back),
    goForward: () => move(forward),
  }), [caseView, history, subject, zoneMode, toasts, say, hush, move])

  return <Context.Provider value={value}>{children}</Context.Provider>
}
