// Which mapping is used: none, one kept in the case, or the one just made.
import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { useMappings } from '../api/queries'

const NONE = ' none'
const OWN = ' own'

interface Props { value: string; name?: string; none: string; description: ReactNode; onChange: (mapping: string, name: string) => void; onOpen?: () => void }

export function MappingSelect({ value, name, none, description, onChange, onOpen }: Props) {
  const kept = useMappings()
  const known = kept.data?.mappings ?? []
  const chosen = known.find((k) => k.mapping === value && (!name || k.name === name)) ?? known.find((k) => k.mapping === value)
  const own = value !== '' && !chosen
  const choose = (v: string | null) => {
    if (v === OWN) return
    const k = known.find((x) => x.name === v)
    onChange(k?.mapping ?? '', k?.name ?? '')
  }
  return (
    <div className="mapping-q span">
      <Select
        className="grow" label="Mapping of columns" description={description} value={value === '' ? NONE : chosen ? chosen.name : OWN} allowDeselect={false} onChange={choose}
        data={[{ value: NONE, label: none }, ...known.map((k) => ({ value: k.name, label: k.name })), ...(own ? [{ value: OWN, label: 'the one made here, not kept' }] : [])]}
      />
      {onOpen && <button type="button" className="link nowrap" onClick={onOpen}>{value === '' ? 'Make one…' : 'Look at it…'}</button>}
    </div>
  )
}
