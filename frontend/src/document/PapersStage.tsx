// Papers: the list by state, one paper with its slots, clauses and checks at the left and its page at the right.
import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconFilePlus, IconFileText } from '@tabler/icons-react'
import { api } from '../api/client'
import { useAct, useDocuments } from '../api/queries'
import type { Paper, PaperTemplate } from '../api/types'
import { plural } from '../domain/words'
import { StageHead } from '../ui/StageHead'
import { Empty, Loaded } from '../ui/States'
import { Time } from '../ui/Time'
import { useShell } from '../ui/shell'
import { NotHere, PaperView } from './PaperView'
import './document.css'

export const STATE_WORD: Record<Paper['state'], string> = { drafted: 'Draft', 'gate-failed': 'A check failed', approved: 'Approved', voided: 'Approval void', awaiting: 'Awaits a second signature', 'behind-wall': 'Behind the wall of a lane', elsewhere: 'Text on another laptop' }
const ORDER: Paper['state'][] = ['gate-failed', 'drafted', 'voided', 'awaiting', 'approved', 'elsewhere', 'behind-wall']

export function PapersStage() {
  const documents = useDocuments()
  const { place, amendPlace, say } = useShell()
  const draft = useAct((t: PaperTemplate) => api.documentDraft(t.id, {}), {
    onSuccess: (d) => { amendPlace({ stage: 'document', id: d.paper.id }); say(`Drafted: ${d.paper.title}.`) },
    onError: (e) => say(`${e.sentence} ${e.hint}`, { bad: true }),
  })
  const papers = documents.data?.documents ?? []
  const current = papers.find((p) => p.id === place.id) ?? papers[0]
  const open = (id: string) => amendPlace({ stage: 'document', id })
  return (
    <>
      <StageHead title="Papers" counts={documents.data && papers.length > 0 && plural(papers.length, 'paper')}>
        <Menu position="bottom-end" width={340}>
          <Menu.Target><Button leftSection={<IconFilePlus size={15} />} rightSection={<IconChevronDown size={13} />} loading={draft.isPending}>Draft a paper</Button></Menu.Target>
          <Menu.Dropdown>
            {(documents.data?.templates ?? []).map((t) => (
              <Menu.Item key={t.id} onClick={() => draft.mutate(t)}>
                <span className="tmpl"><b>{t.title}</b><span className="quiet small">{t.words}</span><span className="quiet small">approved by the {t.needs_role_title}</span></span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      </StageHead>
      <Loaded query={documents} what="the papers" lines={10}>
        {() => (papers.length === 0 || !current ? (
          <Empty icon={<IconFileText size={34} stroke={1.3} />} title="No papers yet">
            Draft a situation report, a message to staff or a notice. Every sentence cites rows or signed entries, code checks them, and a named person approves before the DRAFT mark goes.
          </Empty>
        ) : (
          <div className="papers">
            <nav className="paper-list scroll" aria-label="Papers">
              {ORDER.map((state) => {
                const some = papers.filter((p) => p.state === state)
                if (some.length === 0) return null
                return (
                  <section key={state}>
                    <h2 className="label">{STATE_WORD[state]}</h2>
                    <ul>{some.map((p) => (
                      <li key={p.id}><button type="button" className="paper-item" aria-current={p.id === current.id || undefined} onClick={() => open(p.id)}>
                        <span className="strong wrap">{p.title}</span>
                        <span className="quiet small">{p.drafted_by} · <Time iso={p.drafted} form="short" /></span>
                      </button></li>
                    ))}</ul>
                  </section>
                )
              })}
            </nav>
            {current.state === 'elsewhere' || current.state === 'behind-wall' ? <NotHere key={current.id} p={current} /> : <PaperView key={current.id} id={current.id} />}
          </div>
        ))}
      </Loaded>
    </>
  )
}
