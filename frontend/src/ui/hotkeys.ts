// Hot keys of one screen. They rest while a person types, while a dialog is open, and with Ctrl, Alt or Meta.
import { useEffect, useRef } from 'react'
import { typing } from '../domain/keys'

export type Hotkeys = Record<string, (e: KeyboardEvent) => void>

export function dialogOpen(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"], .mantine-Select-dropdown') !== null
}

export function useHotkeys(keys: Hotkeys, enabled = true): void {
  const latest = useRef(keys)
  useEffect(() => { latest.current = keys })
  useEffect(() => {
    if (!enabled) return
    const on = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || typing(e.target) || dialogOpen()) return
      const run = latest.current[e.key]
      if (!run) return
      e.preventDefault()
      run(e)
    }
    window.addEventListener('keydown', on)
    return () => window.removeEventListener('keydown', on)
  }, [enabled])
}
