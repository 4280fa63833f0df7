// One recommendation in the inspector's fixed order.
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useRecommendations } from '../api/queries'
import type { Outcome } from '../domain/reason'
import { listing } from '../domain/words'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { InspectorFrame } from '../ui/InspectorFrame'
import { OriginLabel } from '../ui/Origin'
import { RowCites } from '../ui/RowCites'
import { Severity } from '../ui/Severity'
import { Empty, Loaded } from '../ui/States'
import { Decided } from './DecideStage'
import { RecommendationDialog } from './RecommendationDialog'

export function RecommendationInspector({ id }: { id: string }) {
  const recs = useRecommendations()
  const [signing, setSigning] = useState<Outcome | null>(null)
  return (
    <Loaded query={recs} what="the recommendation">
      {(all) => {
        const r = all.recommendations.find((x) => x.id === id)
        if (!r) return <Empty title="No longer there">The findings behind this recommendation changed.</Empty>
        return (
          <>
            <InspectorFrame
              kind="Recommendation" title={<Inert text={r.title} />}
              what={(
                <Facts>
                  <Fact label="Severity"><Severity level={r.severity} /></Fact>
                  <Fact label="Action">{r.action}</Fact>
                  {r.target && <Fact label="On"><span className="ev-value"><Inert text={r.target} /></span></Fact>}
                  <Fact label="May decide">{listing(r.may_decide.map((x) => x.title), 6)}</Fact>
                </Facts>
              )}
              who={<OriginLabel origin={{ kind: 'rule', name: r.rule, version: r.rule_version }} />}
              why={<p className="wrap"><Inert text={r.why} /></p>}
              rows={<RowCites rows={r.rows} first={8} />}
              extra={(
                <>
                  {r.decision && <section className="insp-sec"><h3 className="label">Decided</h3><Decided d={r.decision} /></section>}
                  {r.awaiting && <section className="insp-sec"><h3 className="label">Signed once</h3><Decided d={r.awaiting} /></section>}
                </>
              )}
              can={r.decision ? undefined : (
                <>
                  <Button disabled={!r.can_decide} onClick={() => setSigning('accept')}>Accept…</Button>
                  <Button variant="default" disabled={!r.can_decide} onClick={() => setSigning('override')}>Change…</Button>
                  <Button variant="default" disabled={!r.can_decide} onClick={() => setSigning('reject')}>Reject…</Button>
                </>
              )}
            />
            {signing && <RecommendationDialog recommendation={r} start={signing} onClose={() => setSigning(null)} />}
          </>
        )
      }}
    </Loaded>
  )
}
