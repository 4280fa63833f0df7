// Title line of a stage: title, one sentence or counts, and its actions; the same height everywhere.
import type { ReactNode } from 'react'

export function StageHead({ title, counts, children }: { title: string; counts?: ReactNode; children?: ReactNode }) {
  return (
    <header className="stage-head" role="presentation">
      <h1>{title}</h1>
      {counts && <div className="stage-counts num">{counts}</div>}
      <div className="stage-actions">{children}</div>
    </header>
  )
}
