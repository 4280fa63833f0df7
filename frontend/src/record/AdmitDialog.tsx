// Taking in an entry that was set aside for want of authority: from the record, or from the list of what waits.
import { useState, type ReactNode } from 'react'
import { api } from '../api/client'
import { ActDialog } from '../decision/ActDialog'
import { LONG_WHY, WhyField, whyMissing } from '../settings/fields'

export function AdmitDialog({ entry, lead, children, onClose }: { entry: string; lead: ReactNode; children?: ReactNode; onClose: () => void }) {
  const [why, setWhy] = useState('')
  return (
    <ActDialog title="Admit an entry that was set aside" verb="Sign and admit" ask={[entry, why]} preview={() => api.recordAdmit(entry, why.trim())} missing={whyMissing(why, LONG_WHY)} onClose={onClose} lead={lead}>
      {children}
      <WhyField value={why} onChange={setWhy} least={LONG_WHY} placeholder="How you know that it is theirs and right" autoFocus />
    </ActDialog>
  )
}
