// The sentence that the record will tell and what follows from signing it, for dialogs that show more beside it.
import { IconArrowNarrowRight } from '@tabler/icons-react'
import type { ActPreview } from '../api/types'
import { Inert } from '../ui/Inert'
import './decision.css'

export function ActSays({ act }: { act: ActPreview }) {
  return (
    <section className="act-says" aria-label="The record will say">
      <h3 className="label">The record will say</h3>
      <p className="said said-person wrap"><Inert text={act.sentence} /></p>
      {act.consequences.length > 0 && <ul>{act.consequences.map((c) => <li key={c}><IconArrowNarrowRight size={14} aria-hidden="true" /><span className="wrap"><Inert text={c} /></span></li>)}</ul>}
    </section>
  )
}
