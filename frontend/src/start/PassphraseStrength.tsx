// Four steps and a word; never a percentage nobody measured.
import { strength } from '../domain/strength'

export function PassphraseStrength({ text }: { text: string }) {
  const s = strength(text)
  return (
    <div className="strength" role="status">
      <span className="strength-steps" aria-hidden="true">{[1, 2, 3, 4].map((i) => <span key={i} data-on={i <= s.level} data-level={s.level} />)}</span>
      {s.word && <b>{s.word}.</b>} <span className="quiet">{s.advice}</span>
    </div>
  )
}
