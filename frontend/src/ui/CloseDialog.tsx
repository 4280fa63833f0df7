// The program asks before it closes while jobs run. Nothing is lost either way; this says what stops.
import { Button, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { native } from '../api/native'
import type { Job } from '../api/types'
import { plural } from '../domain/words'

export function CloseDialog() {
  const [asked, setAsked] = useState(false)
  const client = useQueryClient()
  useEffect(() => native.onCloseRequested(() => setAsked(true)), [])
  const running = (client.getQueryData<{ jobs: Job[] }>(['jobs'])?.jobs ?? []).filter((j) => j.state === 'running')
  return (
    <Modal opened={asked} onClose={() => setAsked(false)} title="Close Adjutant?" size={440}>
      <p>{plural(running.length, 'job')} still running. Closing stops {running.length === 1 ? 'it' : 'them'}; everything finished so far is kept, and an import goes on when you add the same evidence again.</p>
      <div className="dialog-foot">
        <Button variant="default" onClick={() => setAsked(false)} data-autofocus>Keep it open</Button>
        <Button onClick={() => void native.quitNow()}>Stop and close</Button>
      </div>
    </Modal>
  )
}
