// Shows text that came from evidence or a model: as text, with hidden characters made visible.
import { inertParts } from '../domain/inert'

export function Inert({ text, lines = false }: { text: string; lines?: boolean }) {
  const parts = inertParts(text, lines)
  if (parts.length === 1 && !parts[0]?.escaped) return <bdi>{text}</bdi>
  return (
    <bdi>
      {parts.map((p, i) => (p.escaped ? <span key={i} className="esc" title="Hidden character in the source">{p.text}</span> : p.text))}
    </bdi>
  )
}
