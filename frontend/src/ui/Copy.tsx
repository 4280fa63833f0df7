// A value that is long in truth and short on screen: shows the short form, copies the whole.
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { native } from '../api/native'
import { shortHash } from '../domain/words'

export function Copy({ value, label, short = true }: { value: string; label: string; short?: boolean }) {
  const [done, setDone] = useState(false)
  const copy = () => {
    void native.copy(value).then((ok) => { if (ok) { setDone(true); setTimeout(() => setDone(false), 1500) } })
  }
  if (!value) return <span className="quiet">none</span>
  return (
    <span className="copy">
      <span className="mono wrap" title={value}>{short ? shortHash(value) : value}</span>
      <button type="button" className="icon-btn copy-btn" aria-label={`Copy ${label}`} title={`Copy ${label}`} onClick={copy}>
        {done ? <IconCheck size={13} /> : <IconCopy size={13} />}
      </button>
    </span>
  )
}
