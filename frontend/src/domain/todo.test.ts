import { expect, it } from 'vitest'
import { mayWords } from './todo'

it('says who may do it, names before roles', () => {
  const roles = [{ role: 'legal-counsel', title: 'Legal counsel' }]
  expect(mayWords({ may: ['Ana Ruiz'], mine: true, roles }, 'Ana Ruiz')).toBe('Yours to do.')
  expect(mayWords({ may: ['Ana Ruiz', 'Maya Okafor'], mine: true, roles }, 'Ana Ruiz')).toBe('You may, as may others: Maya Okafor.')
  expect(mayWords({ may: ['Maya Okafor'], mine: false, roles }, 'Ana Ruiz')).toBe('May do it: Maya Okafor.')
  expect(mayWords({ may: [], mine: false, roles })).toBe('Nobody here may; it takes Legal counsel.')
  expect(mayWords({ may: [], mine: false, roles: [] })).toBe('Nobody here may do it.')
})
