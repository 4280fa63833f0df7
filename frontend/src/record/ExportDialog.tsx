// Exports the record as a bundle that anyone can check with the small verifier and no secret.
import { Button, Modal } from '@mantine/core'
import { useState } from 'react'
import { api } from '../api/client'
import { useAct } from '../api/queries'
import { joinPath, slug } from '../domain/slug'
import { PathField } from '../start/PathField'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Failed } from '../ui/States'
import { useShell } from '../ui/shell'

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { caseView } = useShell()
  const parent = caseView.dir.replace(/[\\/][^\\/]*[\\/]?$/, '')
  const [dir, setDir] = useState(joinPath(parent, `${slug(caseView.name)}-bundle`))
  const act = useAct(() => api.recordExport(dir.trim()))
  return (
    <Modal opened onClose={onClose} title="Export a bundle" size={560}>
      <form className="col form-gap" onSubmit={(e) => { e.preventDefault(); act.mutate(undefined) }}>
        <p>A plain folder with every entry and document. It is <b>not encrypted</b>: hand it over like the papers themselves. The verifier checks it without any secret; take the verifier from elsewhere, not from the bundle.</p>
        <PathField label="Folder" value={dir} onChange={setDir} title="Where the bundle is written" autoFocus />
        {act.error && <Failed error={act.error} inline />}
        {act.data && (
          <div className="verified-out" role="status">
            <Facts><Fact label="Written to"><span className="mono small wrap">{act.data.dir}</span></Fact><Fact label="Head"><Copy value={act.data.head_code} label="head code" short={false} /></Fact></Facts>
            <p className="quiet small">Give the head to a second party, on paper. It is what stops anyone from rewriting this past later.</p>
          </div>
        )}
        <div className="dialog-foot"><Button variant="default" onClick={onClose}>{act.data ? 'Done' : 'Cancel'}</Button>{!act.data && <Button type="submit" loading={act.isPending} disabled={dir.trim() === ''}>Export</Button>}</div>
      </form>
    </Modal>
  )
}
