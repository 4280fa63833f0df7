import { describe, expect, it } from 'vitest'
import { entryFacts } from './entryfacts'

describe('the facts of an entry', () => {
  it('leave nothing of the data out but the salt and what is empty', () => {
    const body = JSON.stringify({ salt: 'ab', data: { level: 'high', reason: 'It left.', rows: [], by_role: 'incident-commander', two_person: true, bytes: 88214003, at: '2026-03-04T06:00:00+01:00', sha256: 'a'.repeat(64), instead: '' } })
    expect(entryFacts(body).map((f) => [f.label, f.text, f.form])).toEqual([
      ['Level', 'high', 'text'], ['Reason', 'It left.', 'text'], ['Acting as', 'Incident Commander', 'text'], ['Two persons', 'yes', 'text'], ['Bytes', '88,214,003', 'text'], ['At', '2026-03-04T06:00:00+01:00', 'time'], ['SHA-256', 'a'.repeat(64), 'hash'],
    ])
  })

  it('name people, cut long lists with their count, and open tables', () => {
    const data = { person: 'p2', items: Array.from({ length: 14 }, (_, i) => `i${i}`), columns: { time: '@timestamp', host: 'host.name' }, skipped: [{ reason: 'x', count: 1 }] }
    const facts = entryFacts(JSON.stringify({ salt: 'ab', data }), new Map([['p2', 'Maya Okafor']]))
    expect(facts.map((f) => f.label)).toEqual(['Person', 'Items', 'Columns', 'Skipped'])
    expect(facts[0]?.text).toBe('Maya Okafor')
    expect(facts[1]?.text.split('\n')).toHaveLength(13)
    expect(facts[1]?.text).toMatch(/\nand 2 more$/)
    expect(facts[2]?.text).toBe('time: @timestamp\nhost: host.name')
    expect(facts[3]?.text).toBe('1 item')
  })

  it('are none of a body that is withheld, odd or no object', () => {
    expect([entryFacts(''), entryFacts('not json'), entryFacts('3'), entryFacts('null')]).toEqual([[], [], [], []])
  })

  it('reads data that comes without its envelope', () => {
    expect(entryFacts('{"salt":"x","text":"words"}').map((f) => f.text)).toEqual(['words'])
  })
})
