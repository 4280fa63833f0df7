// Custody of the whole case: what waits for the person at the keyboard, every transfer, the holds that stand.
import { Button } from '@mantine/core'
import { IconArrowNarrowRight, IconPackageImport, IconScale } from '@tabler/icons-react'
import { useState } from 'react'
import { useCustody } from '../api/queries'
import type { EvidenceItem, Hold, Transfer } from '../api/types'
import { TRANSFER_WORD } from '../domain/custody'
import { count, fileName, listing, plural } from '../domain/words'
import { Inert } from '../ui/Inert'
import { Empty, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { CheckLine, type CheckAll } from './Check'
import { HoldDialog, ReceiptDialog, ReleaseDialog, TakeoverDialog } from './CustodyDialogs'

type Doing = { what: 'take' | 'refuse' | 'receipt'; transfer: Transfer } | { what: 'release'; hold: Hold } | { what: 'hold' }

export function CustodyView({ items, at, check }: { items: EvidenceItem[]; at?: string; check: CheckAll }) {
  const custody = useCustody()
  const [doing, setDoing] = useState<Doing | null>(null)
  const close = () => setDoing(null)
  const paths = new Map(items.map((i) => [i.sha256, i.path]))
  return (
    <div className="stage-body scroll custody" tabIndex={0} role="region" aria-label="Custody">
      <CheckLine custody={custody} check={check} />
      <Loaded query={custody} what="custody" lines={8}>
        {(c) => {
          const mine = c.transfers.filter((t) => t.mine)
          const standing = c.holds.filter((h) => h.released === null)
          const ended = c.holds.filter((h) => h.released !== null)
          return (
            <div className="custody-cols">
              <section aria-label="Transfers">
                <h2 className="block-title">Transfers <span className="quiet num">{count(c.transfers.length)}</span></h2>
                {mine.map((t) => (
                  <div key={t.id} className="offer" data-current={t.id === at}>
                    <IconPackageImport size={20} stroke={1.6} aria-hidden="true" />
                    <div className="grow">
                      <p><b><Inert text={t.giver} /></b> offers you {plural(t.items.length, 'item')}: <Inert text={listing(t.items.map((s) => fileName(paths.get(s) ?? s.slice(0, 12))), 3)} /></p>
                      <p className="quiet small">For <Inert text={t.purpose} />, at <Inert text={t.place} />{t.seal && <>, seal <Inert text={t.seal} /></>}. Condition: <Inert text={t.condition} /></p>
                    </div>
                    <Button variant="default" onClick={() => setDoing({ what: 'refuse', transfer: t })}>Refuse…</Button>
                    <Button onClick={() => setDoing({ what: 'take', transfer: t })}>Take over…</Button>
                  </div>
                ))}
                {c.transfers.length === 0 ? <Empty title="Nothing has changed hands">Whoever took an item in is its custodian. A handover is signed by both sides, or by one side and on paper.</Empty> : (
                  <ul className="lines">{c.transfers.map((t) => <li key={t.id}><TransferLine t={t} current={t.id === at} paths={paths} onReceipt={() => setDoing({ what: 'receipt', transfer: t })} /></li>)}</ul>
                )}
              </section>
              <section aria-label="Legal holds">
                <div className="part-head"><h2 className="block-title">Legal holds <span className="quiet num">{count(standing.length)}</span></h2><Button variant="default" onClick={() => setDoing({ what: 'hold' })}>Hold the whole case…</Button></div>
                {c.holds.length === 0 && <p className="quiet">Nothing is on hold. A hold keeps this program from deleting; it does not keep anybody from deleting the folder by other means.</p>}
                <ul className="lines">{standing.map((h) => <li key={h.id}><HoldLine h={h} onRelease={() => setDoing({ what: 'release', hold: h })} /></li>)}</ul>
                {ended.length > 0 && <details className="ended"><summary className="quiet small">Released ({ended.length})</summary><ul className="lines">{ended.map((h) => <li key={h.id}><HoldLine h={h} /></li>)}</ul></details>}
              </section>
            </div>
          )
        }}
      </Loaded>
      {doing?.what === 'take' && <TakeoverDialog transfer={doing.transfer} accepted onClose={close} />}
      {doing?.what === 'refuse' && <TakeoverDialog transfer={doing.transfer} accepted={false} onClose={close} />}
      {doing?.what === 'receipt' && <ReceiptDialog transfer={doing.transfer} onClose={close} />}
      {doing?.what === 'release' && <ReleaseDialog hold={doing.hold} onClose={close} />}
      {doing?.what === 'hold' && <HoldDialog items={[]} onClose={close} />}
    </div>
  )
}

function TransferLine({ t, paths, current, onReceipt }: { t: Transfer; paths: ReadonlyMap<string, string>; current: boolean; onReceipt: () => void }) {
  return (
    <div className="transfer" data-current={current}>
      <span className="entry-time mono"><Time iso={t.at} form="short" /></span>
      <div className="grow">
        <TransferWords t={t} />
        <p className="quiet small wrap"><Inert text={listing(t.items.map((s) => fileName(paths.get(s) ?? s.slice(0, 12))), 4)} /></p>
      </div>
      <button type="button" className="link" onClick={onReceipt}>Receipt…</button>
    </div>
  )
}

/** From whom to whom, and where it stands; the same in the list and in the inspector. */
export function TransferWords({ t }: { t: Transfer }) {
  return (
    <>
      <p className="transfer-who"><b><Inert text={t.giver} /></b> <IconArrowNarrowRight size={14} aria-label="to" /> <b><Inert text={t.receiver} /></b>{t.organisation && <span className="quiet">, <Inert text={t.organisation} /></span>} <span className={`transfer-state transfer-${t.state}`}>{TRANSFER_WORD[t.state]}</span></p>
      <p className="small wrap">For <Inert text={t.purpose} />, at <Inert text={t.place} />. Given: <Inert text={t.condition} />{t.seal && <>, seal <Inert text={t.seal} /></>}.{t.answer && <> {t.state === 'refused' ? 'Refused' : 'Found'}: <Inert text={t.answer} />{t.answer_at && <>, <Time iso={t.answer_at} form="short" /></>}.</>}</p>
    </>
  )
}

function HoldLine({ h, onRelease }: { h: Hold; onRelease?: () => void }) {
  return (
    <div className="hold">
      <IconScale size={17} stroke={1.6} aria-hidden="true" />
      <div className="grow">
        <p><b><Inert text={h.matter} /></b> <span className="quiet small">{h.items.length === 0 ? 'the whole case' : plural(h.items.length, 'item')}</span></p>
        <p className="wrap small"><Inert text={h.why} /></p>
        <p className="quiet small">Placed by <Inert text={h.by} />, <Time iso={h.at} form="short" />{h.released !== null && <>. Released by <Inert text={h.released} /></>}</p>
      </div>
      {onRelease && <Button variant="default" size="compact-sm" onClick={onRelease}>Release…</Button>}
    </div>
  )
}
