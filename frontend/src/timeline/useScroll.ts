// Ties the exact position (domain/grid.ts) to the real scroll bar. Below the height cap the browser scrolls by
// itself; above it the wheel is taken over, so that one notch stays a few rows and not thousands.
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { clampTop, fullHeight, MAX_SCROLL, reveal, scrollOf, topOf, type Viewport } from '../domain/grid'

export interface Scroll {
  /** Give this to the scrolled element as its ref. */
  attach: (el: HTMLDivElement | null) => void
  view: Viewport
  top: number
  /** Pixels to add to a row's exact place to get its place inside the scrolled element. */
  shift: number
  setTop: (top: number) => void
  show: (index: number) => void
}

export function useScroll(total: number, headHeight: number, startTop: number): Scroll {
  const [el, attach] = useState<HTMLDivElement | null>(null)
  const [height, setHeight] = useState(0)
  const [top, setTopState] = useState(startTop)
  const [bar, setBar] = useState(0)
  const mine = useRef(-1)
  const view: Viewport = { total, height: Math.max(0, height - headHeight) }
  const latest = useRef({ view, top })
  useLayoutEffect(() => { latest.current = { view, top } })

  const setTop = useCallback((next: number) => {
    const { view: v } = latest.current
    const t = clampTop(next, v)
    setTopState(t)
    if (!el) return
    const scroll = Math.round(scrollOf(t, v))
    mine.current = scroll
    if (Math.abs(el.scrollTop - scroll) > 0.5) el.scrollTo?.({ top: scroll })
    setBar(scroll)
  }, [el])

  useEffect(() => {
    if (!el) return
    const measure = () => setHeight(el.clientHeight)
    measure()
    const observer = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(measure)
    observer?.observe(el)
    el.focus({ preventScroll: true })
    const onScroll = () => {
      const at = el.scrollTop
      setBar(at)
      if (Math.abs(at - mine.current) < 1.5) return
      mine.current = -1
      setTopState(topOf(at, latest.current.view))
    }
    const onWheel = (e: WheelEvent) => {
      if (fullHeight(latest.current.view) <= MAX_SCROLL || e.ctrlKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) return
      e.preventDefault()
      setTop(latest.current.top + (e.deltaMode === 1 ? e.deltaY * 26 : e.deltaY))
    }
    el.addEventListener('scroll', onScroll, { passive: true })
    el.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      observer?.disconnect()
      el.removeEventListener('scroll', onScroll)
      el.removeEventListener('wheel', onWheel)
    }
  }, [el, setTop])

  // The place where one left, once there is something to scroll.
  const restored = useRef(startTop === 0)
  useLayoutEffect(() => {
    if (restored.current || !el || total === 0 || height === 0) return
    restored.current = true
    setTop(startTop)
  }, [el, total, height, startTop, setTop])

  // A shorter list or a lower window must not leave the position behind the end.
  const clamped = clampTop(top, view)
  const show = useCallback((index: number) => {
    const { view: v, top: t } = latest.current
    const next = reveal(index, t, v)
    if (next !== t) setTop(next)
  }, [setTop])
  return { attach, view, top: clamped, shift: fullHeight(view) <= MAX_SCROLL ? 0 : bar - clamped, setTop, show }
}
