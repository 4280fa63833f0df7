import { describe, expect, it } from 'vitest'
import { clampTop, fullHeight, maxTop, MAX_SCROLL, moveCursor, PAGE_ROWS, pagesOf, reveal, ROW_HEIGHT, scrollHeight, scrollOf, topOf, visible } from './grid'

const small = { total: 42_409, height: 520 }
const huge = { total: 10_000_000, height: 520 }

describe('scroll range', () => {
  it('is exact below the cap', () => {
    expect(scrollHeight(small)).toBe(42_409 * ROW_HEIGHT)
    for (const top of [0, 13, 999_999, maxTop(small)]) expect(topOf(scrollOf(top, small), small)).toBe(clampTop(top, small))
  })
  it('is capped for ten million rows and still reaches both ends', () => {
    expect(scrollHeight(huge)).toBe(MAX_SCROLL)
    expect(topOf(0, huge)).toBe(0)
    expect(topOf(MAX_SCROLL - huge.height, huge)).toBe(maxTop(huge))
    expect(visible(maxTop(huge), huge).last).toBe(10_000_000)
  })
  it('lands on whole rows when the bar is coarse and never goes back on the way down', () => {
    let before = -1
    for (let s = 0; s < MAX_SCROLL; s += 1_234_567) {
      const top = topOf(s, huge)
      expect(top % ROW_HEIGHT === 0 || top === maxTop(huge)).toBe(true)
      expect(top).toBeGreaterThan(before)
      before = top
    }
  })
  it('moves by exact rows with the wheel at any size', () => {
    const top = 5_000_000 * ROW_HEIGHT
    expect(clampTop(top + 78, huge) - top).toBe(3 * ROW_HEIGHT)
    expect(clampTop(fullHeight(huge), huge)).toBe(maxTop(huge))
  })
})

describe('rows on screen', () => {
  it('draws the viewport and a few more', () => {
    const w = visible(100 * ROW_HEIGHT, small)
    expect(w.first).toBe(94)
    expect(w.last).toBe(126)
    expect(visible(0, { total: 3, height: 520 })).toEqual({ first: 0, last: 3 })
  })
  it('asks for the pages it draws', () => {
    expect(pagesOf({ first: 190, last: 226 })).toEqual([0, 1])
    expect(pagesOf({ first: PAGE_ROWS, last: PAGE_ROWS * 2 })).toEqual([1])
    expect(pagesOf({ first: 0, last: 0 })).toEqual([])
  })
})

describe('cursor', () => {
  it('is revealed by the smallest move', () => {
    expect(reveal(10, 0, small)).toBe(0)
    expect(reveal(30, 0, small)).toBe(31 * ROW_HEIGHT - 520)
    expect(reveal(5, 1000, small)).toBe(130)
  })
  it('moves by keys and stays inside', () => {
    expect(moveCursor('j', 0, small)).toBe(1)
    expect(moveCursor('k', 0, small)).toBe(0)
    expect(moveCursor('PageDown', 0, small)).toBe(19)
    expect(moveCursor('End', 0, huge)).toBe(9_999_999)
    expect(moveCursor('q', 0, small)).toBeNull()
  })
})
