import { describe, expect, it } from 'vitest'
import { addClause, clauses, join, pivot, quoted, removeClause, setTimeRange, term, timeRange } from './query'

describe('clauses', () => {
  it('splits at top-level AND only', () => {
    expect(clauses('host.name:FS01 AND "a AND b" AND NOT user.name:svc* AND @timestamp:[2020-09-19T03:00Z TO *]')).toEqual(['host.name:FS01', '"a AND b"', 'NOT user.name:svc*', '@timestamp:[2020-09-19T03:00Z TO *]'])
    expect(clauses('(a AND b) AND /x AND y/')).toEqual(['(a AND b)', '/x AND y/'])
    expect(clauses('process.executable:"C:\\\\a \\" AND b" AND c')).toEqual(['process.executable:"C:\\\\a \\" AND b"', 'c'])
  })
  it('keeps a query with a top-level OR whole', () => {
    expect(clauses('a OR b AND c')).toEqual(['a OR b AND c'])
    expect(join(['a OR b', 'c'])).toBe('(a OR b) AND c')
    expect(addClause('a OR b', 'c')).toBe('(a OR b) AND c')
  })
  it('adds once and replaces the opposite', () => {
    expect(addClause('a', 'a')).toBe('a')
    expect(addClause('host.name:FS01 AND b', 'NOT host.name:FS01')).toBe('b AND NOT host.name:FS01')
    expect(removeClause('a AND b AND c', 'b')).toBe('a AND c')
  })
})

describe('terms', () => {
  it('quotes what is not one plain word', () => {
    expect(term('user.name', 'svc-backup')).toBe('user.name:svc-backup')
    expect(term('message', 'C:\\a "b"', true)).toBe('NOT message:"C:\\\\a \\"b\\""')
    expect(quoted('AND')).toBe('"AND"')
    expect(quoted('-x')).toBe('"-x"')
    expect(quoted('a*')).toBe('"a*"')
  })
})

describe('time window', () => {
  it('replaces the earlier one', () => {
    const q = setTimeRange('host.name:FS01 AND @timestamp:[* TO 2020-01-01T00:00:00Z]', { from: '2026-03-04T00:00:00Z', to: '*' })
    expect(q).toBe('host.name:FS01 AND @timestamp:[2026-03-04T00:00:00Z TO *]')
    expect(timeRange(q)).toEqual({ from: '2026-03-04T00:00:00Z', to: '*' })
    expect(setTimeRange(q, null)).toBe('host.name:FS01')
  })
  it('pivots around an instant', () => {
    expect(pivot('2026-03-04T02:11:07Z', 5)).toBe('@timestamp:[2026-03-04T02:06:07Z TO 2026-03-04T02:16:07Z]')
  })
})
