// Scrolling through up to ten million rows. Engines cap an element near 33 million pixels, so above the cap the
// scroll bar stands for more rows than its pixels: the exact position is kept here and the bar only mirrors it.
// Wheel and keys move by exact rows at any size; only dragging the bar is coarse.

export const ROW_HEIGHT = 26
/** Half of what engines allow, since 150 % zoom counts device pixels. */
export const MAX_SCROLL = 15_000_000
export const PAGE_ROWS = 200
const OVERSCAN = 6

export interface Viewport { total: number; height: number }

/** Pixels that all rows would need. */
export function fullHeight(v: Viewport): number {
  return v.total * ROW_HEIGHT
}

/** Pixels the scrolled element really gets. */
export function scrollHeight(v: Viewport): number {
  return Math.min(MAX_SCROLL, fullHeight(v))
}

export function maxTop(v: Viewport): number {
  return Math.max(0, fullHeight(v) - v.height)
}

const maxScroll = (v: Viewport) => Math.max(0, scrollHeight(v) - v.height)

export function clampTop(top: number, v: Viewport): number {
  return Math.min(maxTop(v), Math.max(0, top))
}

/** Where the bar stands for an exact top. */
export function scrollOf(top: number, v: Viewport): number {
  return fullHeight(v) <= MAX_SCROLL ? top : maxTop(v) === 0 ? 0 : (top / maxTop(v)) * maxScroll(v)
}

/** The exact top for a dragged bar; lands on whole rows when the bar is coarse. */
export function topOf(scroll: number, v: Viewport): number {
  if (fullHeight(v) <= MAX_SCROLL) return clampTop(scroll, v)
  const top = maxScroll(v) === 0 ? 0 : (scroll / maxScroll(v)) * maxTop(v)
  return clampTop(scroll >= maxScroll(v) ? maxTop(v) : Math.round(top / ROW_HEIGHT) * ROW_HEIGHT, v)
}

export interface Window { first: number; last: number }

/** Rows to draw, `last` not included. */
export function visible(top: number, v: Viewport): Window {
  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN)
  return { first, last: Math.min(v.total, Math.ceil((top + v.height) / ROW_HEIGHT) + OVERSCAN) }
}

/** Pages that hold those rows. */
export function pagesOf(w: Window): number[] {
  if (w.last <= w.first) return []
  const from = Math.floor(w.first / PAGE_ROWS)
  const to = Math.floor((w.last - 1) / PAGE_ROWS)
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

/** The smallest move of the top that shows a row completely. */
export function reveal(index: number, top: number, v: Viewport): number {
  const y = index * ROW_HEIGHT
  if (y < top) return clampTop(y, v)
  if (y + ROW_HEIGHT > top + v.height) return clampTop(y + ROW_HEIGHT - v.height, v)
  return clampTop(top, v)
}

/** A key's move of the cursor, or null when the key does not move it. */
export function moveCursor(key: string, cursor: number, v: Viewport): number | null {
  const page = Math.max(1, Math.floor(v.height / ROW_HEIGHT) - 1)
  const to: Record<string, number> = {
    j: cursor + 1, ArrowDown: cursor + 1, k: cursor - 1, ArrowUp: cursor - 1,
    PageDown: cursor + page, PageUp: cursor - page, Home: 0, End: v.total - 1,
  }
  const next = to[key]
  return next === undefined ? null : Math.max(0, Math.min(v.total - 1, next))
}
