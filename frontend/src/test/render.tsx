// Renders a part of the window over the fake gateway, with the product's own theme.
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { setTransport } from '../api/client'
import { fakeTransport, newFakeState, type FakeState } from '../api/fake'
import { newQueryClient, useCase } from '../api/queries'
import type { ApiError } from '../api/types'
import type { Place } from '../domain/nav'
import { Inspector } from '../ui/Inspector'
import { ShellProvider } from '../ui/shell'
import { Toasts } from '../ui/Toasts'
import { theme, variables } from '../ui/theme'

export function renderCase(ui: ReactNode, { state = newFakeState(Date.now(), true, 2_000), start, fail }: { state?: FakeState; start?: Place; fail?: Record<string, ApiError> } = {}): FakeState {
  setTransport(fakeTransport(state, fail))
  render(
    <MantineProvider theme={theme} cssVariablesResolver={variables} env="test">
      <QueryClientProvider client={newQueryClient()}><WithCase start={start}>{ui}</WithCase></QueryClientProvider>
    </MantineProvider>,
  )
  return state
}

function WithCase({ children, start }: { children: ReactNode; start?: Place }) {
  const { data } = useCase()
  if (!data) return null
  return <ShellProvider caseView={data} start={start ?? { stage: 'board' }}>{children}<Inspector /><Toasts /></ShellProvider>
}
