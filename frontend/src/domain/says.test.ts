import { expect, it } from 'vitest'
import type { Decision } from '../api/types'
import { assumedWords, decidedWords, hostParts, roleTitle } from './says'

it('says who assumed a zone', () => {
  expect(['default', 'answer', 'Ana Ruiz'].map(assumedWords)).toEqual(['assumed by default', 'assumed by a signed answer', 'assumed by Ana Ruiz'])
})
it('names what was decided', () => {
  const d = (part: Partial<Decision>) => decidedWords({ outcome: 'accept', subject: 'recommendation', action: 'isolate-host', ...part } as Decision)
  expect(d({})).toBe('Accepted')
  expect(d({ outcome: 'override', instead: 'Wait for the ferry' })).toBe('Decided otherwise: Wait for the ferry')
  expect(d({ subject: 'verdict', action: 'true-positive' })).toBe('Accepted: True positive')
  expect(d({ subject: 'severity', outcome: 'override', action: 'critical', instead: 'high' })).toBe('Decided otherwise: High')
})
it('knows roles and hosts', () => {
  expect(roleTitle('legal-counsel')).toBe('Legal counsel')
  expect(roleTitle('Harbour master')).toBe('Harbour master')
  expect([hostParts('FS01.corp.example'), hostParts('10.20.1.8'), hostParts('web01'), hostParts('fe80::1')]).toEqual([['FS01', '.corp.example'], ['10.20.1.8', ''], ['web01', ''], ['fe80::1', '']])
})
