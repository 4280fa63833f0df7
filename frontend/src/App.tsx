// Providers, and the choice between the start screen and the window of an open case.
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { useState } from 'react'
import { CallError } from './api/client'
import { newQueryClient, useCase } from './api/queries'
import { StartScreen } from './start/StartScreen'
import { applyContrast } from './ui/scheme'
import { Failed } from './ui/States'
import { Frame } from './ui/Frame'
import { ShellProvider } from './ui/shell'
import { theme, variables } from './ui/theme'

// The content policy allows style elements only with this run's nonce (facts/wails.md).
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''
if (nonce) setNonce(nonce)
applyContrast()

export function App() {
  const [client] = useState(newQueryClient)
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}><Root /></QueryClientProvider>
    </MantineProvider>
  )
}

/** Codes by which the program says that no case is open; the start screen is the answer, not an error. */
const NONE = ['case.none', 'no-case', 'case.closed', 'case.locked']

export function Root() {
  const query = useCase()
  if (query.data?.open) return <ShellProvider key={query.data.id} caseView={query.data}><Frame /></ShellProvider>
  if (query.data) return <StartScreen key={query.data.dir} locked={query.data.dir ? query.data : null} />
  if (query.error) {
    const none = query.error instanceof CallError && NONE.includes(query.error.code)
    return none ? <StartScreen locked={null} /> : <div className="lonely"><Failed error={query.error} retry={() => void query.refetch()} /></div>
  }
  return null
}
