// The inspector's fixed order, whatever is inspected: what it is, who says so, why, rows, what one can do.
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { MarkMenu, type MarkTarget } from '../lane/MarkMenu'
import { useShell } from './shell'

interface Props { kind: string; title: ReactNode; what?: ReactNode; who?: ReactNode; why?: ReactNode; rows?: ReactNode; can?: ReactNode; rowsTitle?: string; extra?: ReactNode; mark?: MarkTarget }

export function InspectorFrame({ kind, title, what, who, why, rows, can, rowsTitle = 'Rows', extra, mark }: Props) {
  const { inspect } = useShell()
  return (
    <div className="insp">
      <div className="insp-head">
        <span className="label">{kind}</span>
        <span className="right" />
        {mark && <MarkMenu target={mark} />}
        <button type="button" className="icon-btn" aria-label="Close the inspector" onClick={() => inspect(null)}><IconX size={15} /></button>
      </div>
      <div className="insp-body scroll" tabIndex={0} role="region" aria-label={`${kind}: details`}>
        <h2 className="insp-title wrap">{title}</h2>
        {what && <section className="insp-sec">{what}</section>}
        {who && <section className="insp-sec"><h3 className="label">Who says so</h3>{who}</section>}
        {why && <section className="insp-sec"><h3 className="label">Why</h3>{why}</section>}
        {rows && <section className="insp-sec"><h3 className="label">{rowsTitle}</h3>{rows}</section>}
        {extra}
      </div>
      {can && <div className="insp-can">{can}</div>}
    </div>
  )
}
