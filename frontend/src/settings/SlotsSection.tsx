// What opens the folder of the case on this laptop: passphrases and keys. Every change is signed; what old copies still
// open with is said before.
import { Button, Menu, PasswordInput, TextInput } from '@mantine/core'
import { IconChevronDown, IconKey, IconLock } from '@tabler/icons-react'
import { useState } from 'react'
import { api, type SlotChange } from '../api/client'
import { useSlots } from '../api/queries'
import type { Slot } from '../api/types'
import { ActDialog } from '../decision/ActDialog'
import { strength } from '../domain/strength'
import { PassphraseStrength } from '../start/PassphraseStrength'
import { Copy } from '../ui/Copy'
import { Loaded } from '../ui/States'

type Doing = { do: 'add' | 'recipient' | 'replace' } | { do: 'remove'; slot: Slot }

export function SlotsSection() {
  const slots = useSlots()
  const [doing, setDoing] = useState<Doing | null>(null)
  return (
    <Loaded query={slots} what="key slots" lines={2}>
      {(d) => (
        <>
          <ul className="lines slots-list">
            {d.slots.map((s) => (
              <li key={s.number}>
                {s.kind === 'passphrase' ? <IconLock size={15} className="quiet" aria-hidden="true" /> : <IconKey size={15} className="quiet" aria-hidden="true" />}
                <span className="num quiet">{s.number}</span>
                <span className="grow">{s.kind === 'passphrase' ? 'A passphrase' : <Copy value={s.recipient} label="key" />}</span>
                <button type="button" className="link" aria-label={`Remove slot ${s.number}`} onClick={() => setDoing({ do: 'remove', slot: s })}>Remove…</button>
              </li>
            ))}
          </ul>
          <Menu position="bottom-start" width={250}>
            <Menu.Target><Button variant="default" className="self-start" rightSection={<IconChevronDown size={13} />}>Change what opens it</Button></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => setDoing({ do: 'replace' })}>Put another passphrase in the place of one…</Menu.Item>
              <Menu.Item onClick={() => setDoing({ do: 'add' })}>Add a passphrase…</Menu.Item>
              <Menu.Item onClick={() => setDoing({ do: 'recipient' })}>Add a key…</Menu.Item>
            </Menu.Dropdown>
          </Menu>
          {doing && <SlotDialog doing={doing} onClose={() => setDoing(null)} />}
        </>
      )}
    </Loaded>
  )
}

const TITLE = { add: 'Add a passphrase', recipient: 'Add a key', replace: 'Another passphrase', remove: 'Remove a slot' }

function SlotDialog({ doing, onClose }: { doing: Doing; onClose: () => void }) {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [key, setKey] = useState('')
  const passes = doing.do === 'add' || doing.do === 'replace'
  const change: SlotChange = doing.do === 'remove' ? { do: 'remove', number: doing.slot.number } : doing.do === 'recipient' ? { do: 'recipient', recipient: key.trim() } : { do: doing.do, passphrase: next, old: doing.do === 'replace' ? old : undefined }
  const missing = [
    ...(doing.do === 'replace' && old === '' ? ['the passphrase now'] : []), ...(passes && strength(next).level < 2 ? ['a passphrase that is strong enough'] : []),
    ...(doing.do === 'recipient' && !/^age1[a-z0-9]{20,}$/.test(key.trim()) ? ['the key, which begins with age1'] : []),
  ]
  return (
    <ActDialog title={TITLE[doing.do]} verb="Sign and change" size={560} ask={change} preview={() => api.slotsPreview(change)} sign={(shown) => api.slotsChange(change, shown)} missing={missing} onClose={onClose}>
      {doing.do === 'replace' && <PasswordInput label="Passphrase now" value={old} onChange={(e) => setOld(e.currentTarget.value)} autoComplete="off" data-autofocus />}
      {passes && <><PasswordInput label={doing.do === 'replace' ? 'New passphrase of the case' : 'Passphrase of the case'} value={next} onChange={(e) => setNext(e.currentTarget.value)} autoComplete="new-password" data-autofocus={doing.do === 'add' || undefined} /><PassphraseStrength text={next} /></>}
      {doing.do === 'recipient' && <TextInput label="Key" placeholder="age1…" value={key} onChange={(e) => setKey(e.currentTarget.value)} classNames={{ input: 'mono' }} spellCheck={false} autoComplete="off" data-autofocus />}
    </ActDialog>
  )
}
