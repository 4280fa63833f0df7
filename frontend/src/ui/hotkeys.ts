// Hot keys of one screen. They rest while a person types, while a dialog is open, and with Ctrl, Alt or Meta.
import { useEffect, useRef } from 'react'
import { typing } from '../domain/keys'

export type Hotkeys = Record<string, (e: KeyboardEvent) => void>

export function dialogOpen(): boolean {
  if (document.querySelector('[role="dialog"], [role="menu"]')) return true
  // A select keeps its closed list in the page; only one that is drawn takes the keys.
  return [...document.querySelectorAll('.mantine-Select-dropdown')].some((el) => el.getClientRects().length > 0)
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
