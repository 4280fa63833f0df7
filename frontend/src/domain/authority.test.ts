import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { matrix, PEOPLE } from '../api/fake/people'
import { brokenGlass, countedAbsent, glassHours, groundWords, lendable, moved, ownRoles } from './authority'
import { byStage, kindWords, KIND_GROUPS } from './kinds'

it('names every kind of the specification, each once', () => {
  const spec = readFileSync('../backend/doc/record-format.md', 'utf8')
  const table = spec.slice(spec.indexOf('## 4. Kinds'), spec.indexOf('## 5.'))
  const kinds = [...table.matchAll(/^\| `([a-z]+\.[a-z]+)` \|/gm)].map((m) => m[1] ?? '')
  expect(kinds.length).toBeGreaterThan(40)
  expect(KIND_GROUPS.flatMap((g) => g.kinds.map(([k]) => k)).sort()).toEqual(kinds.sort())
})

it('says kinds and classes in words and loses no row', () => {
  expect(kindWords('document.approved', 'notice')).toBe('approve a paper: notices')
  expect(kindWords('later.kind')).toBe('later.kind')
  const rows = [...matrix(0), { kind: 'later.kind' }]
  expect(byStage(rows).reduce((n, g) => n + g.rows.length, 0)).toBe(rows.length)
  expect(byStage(rows).at(-1)?.title).toBe('Other')
})

it('lends what the role may sign, never what is core, everybody’s or final', () => {
  const kinds = lendable(matrix(0), 'incident-commander')
  expect(kinds).toContain('decision.made')
  for (const k of ['role.granted', 'note.made', 'evidence.purged', 'hold.placed']) expect(kinds).not.toContain(k)
  expect(new Set(kinds).size).toBe(kinds.length)
})

it('lends only roles of one’s own', () => {
  const r = (role: string, basis?: string) => ({ role, title: role, basis })
  expect(ownRoles([r('a'), r('b', 'by delegation of X'), r('a'), r('c', 'by break-glass')]).map((x) => x.role)).toEqual(['a'])
})

it('says the ground of a role', () => {
  expect(groundWords({ basis: 'delegation', granted_by: 'Ana Ruiz' })).toBe('lent by Ana Ruiz')
  expect(groundWords({ basis: '', granted_by: '' })).toBe('from the opening of the case')
  expect(brokenGlass(PEOPLE(0)).map((x) => `${x.person.name}: ${x.role.title}`)).toEqual(['Ines Halvorsen: Liaison Officer'])
  const lost = PEOPLE(0).map((p) => ({ ...p, keys: p.keys.map((k) => ({ ...k, revoked: 'by Ana Ruiz' })) }))
  expect(brokenGlass(lost)).toEqual([])
})

it('counts holders and who comes first as absent, and not lent roles', () => {
  const order = [{ id: 'p4', name: 'Ines Halvorsen' }, { id: 'p3', name: 'Jonas Lindqvist' }]
  expect(countedAbsent(PEOPLE(0), order, 'incident-commander', 'p3')).toEqual(['Ana Ruiz', 'Ines Halvorsen'])
  expect(countedAbsent(PEOPLE(0), order, 'incident-commander', 'p4')).toEqual(['Ana Ruiz'])
})

it('moves within the list and not beyond', () => {
  expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  expect(moved(['a', 'b', 'c'], 0, -1)).toEqual(['a', 'b', 'c'])
  expect(moved(['a', 'b', 'c'], 1, 9)).toEqual(['a', 'c', 'b'])
})

it('takes hours up to twelve', () => {
  expect(glassHours('4')).toBe(4)
  expect(glassHours('0,5')).toBe(0.5)
  for (const bad of ['', '0', '-1', '12.5', 'x', '1e9']) expect(glassHours(bad)).toBeNull()
})
