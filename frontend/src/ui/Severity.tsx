// Severity as mark, word and colour together, never colour alone.
import type { Severity as Level } from '../api/types'
import { SEVERITY_FILL, SEVERITY_WORD } from '../domain/severity'

export function SeverityMark({ level, size = 12 }: { level: Level; size?: number }) {
  const fill = SEVERITY_FILL[level]
  const angle = fill * 2 * Math.PI
  const x = 8 + 5 * Math.sin(angle)
  const y = 8 - 5 * Math.cos(angle)
  return (
    <svg className={`sev-mark sev-${level}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="6.6" fill="none" stroke="currentColor" strokeWidth="1.8" />
      {fill === 1 && <circle cx="8" cy="8" r="5" fill="currentColor" />}
      {fill > 0 && fill < 1 && <path d={`M8 8 V3 A5 5 0 ${fill > 0.5 ? 1 : 0} 1 ${x.toFixed(2)} ${y.toFixed(2)} Z`} fill="currentColor" />}
    </svg>
  )
}

export function Severity({ level, quiet = false }: { level: Level; quiet?: boolean }) {
  return (
    <span className={`sev sev-${level} ${quiet ? 'sev-quiet' : ''}`}>
      <SeverityMark level={level} />
      {SEVERITY_WORD[level]}
    </span>
  )
}
