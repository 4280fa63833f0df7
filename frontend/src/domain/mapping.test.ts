import { describe, expect, it } from 'vitest'
import type { MappedColumn, TimeForm } from '../api/types'
import { bestForm, doubts, firstTime, isField, mappingWords, readMapping, withName, withTime, writeMapping, type Mapping } from './mapping'

/** As the program writes them (backend/parse/mapping). */
const WHOLE = '{"v":1,"name":"Doors","shape":"table","delimiter":";","skip":2,"header":true,"no_quotes":true,"times":[{"column":"Tag","clock":"Uhr","zone_column":"TZ","form":"dmy","meaning":"occurred"},{"column":"seen","utc":true,"form":"epoch-ms","meaning":"recorded"}],"zone":"Europe/Berlin","year":2026,"fields":{"Z":"host.name","a<b":"user.name","é":"message"},"constants":{"host.name":"door-1"}}'
const read = (text: string): Mapping => { const m = readMapping(text); if (!m) throw new Error('not a mapping'); return m }

describe('mapping', () => {
  it('writes what it read, byte for byte', () => {
    for (const text of [WHOLE, '{"v":1,"shape":"json"}', '{"v":1,"shape":"table","delimiter":"spaces"}']) expect(writeMapping(read(text))).toBe(text)
  })
  it('writes one form whatever the order it was changed in', () => {
    const m = read('{"v":1,"shape":"json"}')
    const astral = String.fromCodePoint(0x1f511)
    const a = { ...m, fields: { '\uff5e': 'user.name', [astral]: 'message', b: 'host.name' } }
    const b = { ...m, fields: { b: 'host.name', [astral]: 'message', '\uff5e': 'user.name' } }
    expect(writeMapping(a)).toBe(writeMapping(b))
    // By bytes: U+FF5E comes before the first character beyond the plane, unlike in UTF-16.
    expect(writeMapping(a).indexOf('\uff5e')).toBeLessThan(writeMapping(a).indexOf(astral))
    expect(writeMapping({ ...m, fields: { 'a\u2028': 'message' } })).toContain('"a\\u2028":"message"')
    expect(writeMapping({ ...m, zone: '' })).toBe('{"v":1,"shape":"json"}')
  })
  it('takes nothing else for a mapping', () => {
    for (const text of ['', 'null', '[]', '{', '{"v":1,"shape":"tree"}', '7']) expect(readMapping(text)).toBeNull()
  })
  it('changes times in place, adds, removes and puts one first', () => {
    const m = read(WHOLE)
    expect(withTime(m, 'Tag', { form: 'mdy' }).times.map((t) => t.form)).toEqual(['mdy', 'epoch-ms'])
    expect(withTime(m, 'x', {}).times.at(-1)).toMatchObject({ column: 'x', form: 'auto', meaning: 'occurred' })
    expect(withTime(m, 'Tag', null).times.map((t) => t.column)).toEqual(['seen'])
    expect(firstTime(m, 'seen').times.map((t) => t.column)).toEqual(['seen', 'Tag'])
    expect(withName({ a: 'x', b: 'y' }, 'a', ' ')).toEqual({ b: 'y' })
    expect(withName({}, 'a', ' user.name ')).toEqual({ a: 'user.name' })
  })
  it('flags a doubtful order, a missing year, and no time at all', () => {
    const form = (f: string, part: Partial<TimeForm> = {}): TimeForm => ({ form: f, words: f, readings: [], ambiguous: false, yearless: false, ...part })
    const column = (name: string, forms: TimeForm[]): MappedColumn => ({ name, kind: 'time', field: '', forms })
    const columns = [column('d', [form('auto', { ambiguous: true }), form('dmy', { ambiguous: true })]), column('s', [form('syslog', { yearless: true })])]
    const m = read('{"v":1,"shape":"json"}')
    expect(doubts(m, columns).map((d) => d.kind)).toEqual(['none'])
    const both = withTime(withTime(m, 'd', { form: 'auto' }), 's', { form: 'syslog' })
    expect(doubts(both, columns).map((d) => `${d.column} ${d.kind}`)).toEqual(['d order', 's year'])
    expect(doubts(both, columns)[0]?.text).toContain('Say which comes first')
    expect(doubts(withTime(both, 'd', { form: 'dmy' }), columns)[0]?.text).toContain('Your choice decides')
    expect(doubts({ ...both, year: 2026 }, columns)).toHaveLength(1)
    expect(bestForm(column('x', [form('auto', { ambiguous: true }), form('iso')]))?.form).toBe('iso')
    expect(bestForm(column('x', []))).toBeUndefined()
  })
  it('knows the names that a field can have', () => {
    expect(['user.name', '@timestamp', '.a', 'a..b', 'adjutant.path', 'a b', 'Event-Id', ''].map(isField)).toEqual([true, false, false, false, false, false, true, false])
  })
  it('says a mapping in a line', () => {
    expect(mappingWords(WHOLE)).toBe('table, semicolon; time from Tag, seen; 3 named')
    expect(mappingWords('{"v":1,"shape":"json"}')).toBe('JSON; no time; 0 named')
    expect(mappingWords('x')).toBe('not readable')
  })
})
