// The record in three parts: the story of what was signed, what people have to settle, and the copies that left and came.
import { Button, SegmentedControl } from '@mantine/core'
import { IconArrowMerge, IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { useConflicts, useRefused } from '../api/queries'
import { recordView, type RecordView } from '../domain/copies'
import { plural } from '../domain/words'
import { StageHead } from '../ui/StageHead'
import { useShell } from '../ui/shell'
import { ConflictsView } from './ConflictsView'
import { CopiesView } from './CopiesView'
import { ExportDialog } from './ExportDialog'
import { MergeDialog } from './MergeDialog'
import { SlipDialog } from './SlipDialogs'
import { StoryView } from './StoryView'
import './record.css'

export function RecordStage() {
  const { place, amendPlace, caseView } = useShell()
  const conflicts = useConflicts()
  const refused = useRefused()
  const [open, setOpen] = useState<'merge' | 'export' | 'slip' | null>(null)
  const waits = (conflicts.data?.conflicts.length ?? 0) + (refused.data?.refused.filter((r) => r.admissible).length ?? 0)
  const view = recordView(place.id, conflicts.data?.conflicts ?? [], refused.data?.refused ?? [])
  const show = (v: RecordView) => amendPlace(v === 'story' ? { stage: 'record' } : { stage: 'record', id: v })
  return (
    <>
      <StageHead title="Record" counts={plural(caseView.entries, 'entry', 'entries')}>
        <SegmentedControl
          aria-label="Part of the record" value={view} onChange={(v) => show(v as RecordView)}
          data={[
            { value: 'story', label: 'Story' },
            { value: 'conflicts', label: <span className="seg">Conflicts &amp; set aside{waits > 0 && <span className="seg-count num" aria-label={`${waits} to settle`}>{waits}</span>}</span> },
            { value: 'copies', label: 'Copies' },
          ]}
        />
        <Button variant="default" leftSection={<IconArrowMerge size={15} />} onClick={() => setOpen('merge')}>Merge a copy…</Button>
        <Button variant="default" leftSection={<IconUpload size={15} />} onClick={() => setOpen('export')}>Export…</Button>
      </StageHead>
      {view === 'story' && <StoryView />}
      {view === 'conflicts' && <ConflictsView conflicts={conflicts} refused={refused} at={place.id} />}
      {view === 'copies' && <CopiesView onExport={() => setOpen('export')} />}
      {open === 'merge' && <MergeDialog onClose={() => setOpen(null)} onConflicts={() => { setOpen(null); show('conflicts') }} />}
      {open === 'export' && <ExportDialog onClose={() => setOpen(null)} onSlip={() => setOpen('slip')} />}
      {open === 'slip' && <SlipDialog onClose={() => setOpen(null)} />}
    </>
  )
}
