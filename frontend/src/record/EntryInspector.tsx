// One entry as signed: header line and body, byte for byte.
import type { RecordEntry } from '../api/types'
import { count } from '../domain/words'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { Said } from '../ui/Origin'

function pretty(text: string): string {
  try { return JSON.stringify(JSON.parse(text), null, 2) } catch { return text }
}

export function EntryInspector({ entry: e }: { entry: RecordEntry }) {
  return (
    <InspectorFrame
      kind="Entry" title={<Inert text={e.story} />}
      what={(
        <Facts>
          <Fact label="Kind"><span className="mono small">{e.kind}</span></Fact>
          <Fact label="Number"><span className="num">{count(e.seq)}</span> of this author</Fact>
          <Fact label="Entry"><Copy value={e.id} label="entry id" /></Fact>
          <Fact label="Key"><Copy value={e.author} label="author key" /></Fact>
        </Facts>
      )}
      who={<Said origin={{ kind: 'person', name: e.author_name, role: e.role, at: e.recorded }}><span className="quiet">Signed with this person’s key.</span></Said>}
      why={e.refused ? <p className="wrap entry-refused">Set aside: <Inert text={e.refused} /></p> : undefined}
      rowsTitle="As signed"
      rows={(
        <>
          {e.withheld ? <p className="quiet">The body is withheld; its hash in the header still verifies.</p> : <pre className="raw mono" tabIndex={0}><Inert text={pretty(e.body)} lines /></pre>}
          <details><summary className="quiet small">The line itself</summary><pre className="raw mono" tabIndex={0}><Inert text={e.line} lines /></pre></details>
        </>
      )}
    />
  )
}
