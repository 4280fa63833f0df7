// A time zone, or that nobody says one here.
import { Select } from '@mantine/core'
import { useMemo } from 'react'

const NONE = ' none'

interface Props { label: string; description?: string; none: string; value: string; onChange: (zone: string) => void; size?: 'xs' }

export function ZoneOrNone({ label, description, none, value, onChange, size }: Props) {
  const data = useMemo(() => {
    const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
    const zones = ['UTC', ...new Set([value, ...all].filter((z) => z !== 'UTC' && z !== ''))]
    return [{ value: NONE, label: none }, ...zones.map((z) => ({ value: z, label: z }))]
  }, [value, none])
  return <Select size={size} label={label} description={description} data={data} value={value || NONE} onChange={(v) => onChange(v === NONE || v === null ? '' : v)} searchable allowDeselect={false} limit={60} nothingFoundMessage="No such zone" spellCheck={false} />
}
