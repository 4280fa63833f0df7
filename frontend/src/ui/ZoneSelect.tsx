// A time zone by its IANA name. The list is the engine's own; UTC is always first.
import { Select } from '@mantine/core'
import { useMemo } from 'react'

export function ZoneSelect({ label, description, value, onChange }: { label: string; description?: string; value: string; onChange: (zone: string) => void }) {
  const zones = useMemo(() => {
    const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : []
    return ['UTC', ...new Set([value, ...all].filter((z) => z !== 'UTC' && z !== ''))]
  }, [value])
  return (
    <Select
      label={label} description={description} data={zones} value={value} onChange={(v) => onChange(v ?? 'UTC')} searchable allowDeselect={false}
      limit={60} nothingFoundMessage="No such zone" spellCheck={false}
    />
  )
}
