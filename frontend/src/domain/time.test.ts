import { describe, expect, it } from 'vitest'
import { clockText, duration, fullTime, offsetMinutes, parseWall, shortTime, splitTime, untilText, wallText } from './time'

describe('times', () => {
  it('carry their zone', () => {
    expect(fullTime('2026-03-04T02:11:07.1234567Z', 'utc', 'Europe/Helsinki')).toBe('2026-03-04 02:11:07.123 UTC')
    expect(fullTime('2026-03-04T02:11:07Z', 'case', 'Europe/Helsinki')).toBe('2026-03-04 04:11:07 +02:00')
    expect(shortTime('2026-07-04T23:30:00Z', 'case', 'Europe/Helsinki')).toBe('5 Jul 02:30 +03:00')
  })
  it('fall back to UTC for a zone the engine does not know', () => {
    expect(splitTime('2026-03-04T02:11:07Z', 'case', 'Mars/Olympus').zone).toBe('UTC')
  })
  it('know half-hour and negative offsets', () => {
    expect(offsetMinutes(Date.parse('2026-01-01T00:00:00Z'), 'Asia/Kolkata')).toBe(330)
    expect(fullTime('2026-01-01T00:00:00Z', 'case', 'America/New_York')).toBe('2025-12-31 19:00:00 −05:00')
  })
  it('read wall clocks in a zone and back', () => {
    expect(parseWall('2026-03-04 09:15', 'Europe/Helsinki')).toBe('2026-03-04T07:15:00Z')
    expect(parseWall('2026-03-29 04:30', 'Europe/Helsinki')).toBe('2026-03-29T01:30:00Z')
    expect(parseWall('2026-02-30 09:15', 'UTC')).toBeNull()
    expect(parseWall('yesterday', 'UTC')).toBeNull()
    expect(wallText('2026-03-04T07:15:00Z', 'Europe/Helsinki')).toBe('2026-03-04 09:15')
  })
})

describe('durations', () => {
  it('name the two largest units', () => {
    expect(duration(40_823)).toBe('11 h 20 m')
    expect(duration(2 * 86_400 + 4 * 3600 + 59)).toBe('2 d 4 h')
    expect(duration(0)).toBe('0 s')
  })
  it('drop seconds until the last minute', () => {
    expect(untilText(2879)).toBe('47 m')
    expect(untilText(-59)).toBe('59 s')
  })
})

it('shows a moment of the day to the second, with its zone', () => {
  expect(clockText('2026-03-04T02:11:07.123Z', 'utc', 'UTC')).toBe('02:11:07 UTC')
  expect(clockText('2026-03-04T02:11:07Z', 'case', 'Europe/Helsinki')).toBe('04:11:07 +02:00')
})
