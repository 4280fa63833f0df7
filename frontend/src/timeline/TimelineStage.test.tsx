import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { renderCase } from '../test/render'
import { TimelineStage } from './TimelineStage'

const grid = () => screen.findByRole('grid')

describe('timeline', () => {
  it('draws a screenful of ten million rows and jumps to the last one', async () => {
    renderCase(<TimelineStage />, { start: { stage: 'timeline', query: '_scale:1' } })
    const user = userEvent.setup()
    const g = await grid()
    expect(g).toHaveAttribute('aria-rowcount', '10000001')
    expect(within(g).getAllByRole('row').length).toBeLessThan(60)
    await within(g).findByText('row number 3')
    g.focus()
    await user.keyboard('{End}')
    expect(await within(g).findByText('row number 9999999')).toBeInTheDocument()
    await user.keyboard('k')
    await waitFor(() => expect(g).toHaveAttribute('aria-activedescendant', 'grid-row-9999998'))
  })

  it('filters in by the cell under the cursor, shows it as a chip, and takes it back', async () => {
    renderCase(<TimelineStage />, { start: { stage: 'timeline', query: 'host.name:FS01 AND NOT user.name:SYSTEM' } })
    const user = userEvent.setup()
    const g = await grid()
    await within(g).findAllByText('svc-backup')
    g.focus()
    await user.keyboard('{ArrowRight}{ArrowRight}+')
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Query' })).toHaveValue('host.name:FS01 AND NOT user.name:SYSTEM AND user.name:svc-backup'))
    await user.click(screen.getByRole('button', { name: 'Remove NOT user.name:SYSTEM' }))
    await waitFor(() => expect(screen.getByRole('textbox', { name: 'Query' })).toHaveValue('host.name:FS01 AND user.name:svc-backup'))
  })

  it('tags selected rows by key and undoes it', async () => {
    const state = renderCase(<TimelineStage />, { start: { stage: 'timeline', query: 'user.name:svc-backup' } })
    const user = userEvent.setup()
    const g = await grid()
    await within(g).findAllByText('svc-backup')
    g.focus()
    await user.keyboard('xjx')
    expect(await screen.findByText('2 rows selected')).toBeInTheDocument()
    await user.keyboard('t')
    await user.click(await screen.findByRole('button', { name: 'lateral-movement' }))
    const tagged = () => state.timeline.rows.filter((r) => r.tags.includes('lateral-movement')).length
    await waitFor(() => expect(tagged()).toBe(2))
    await user.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() => expect(tagged()).toBe(0))
  })

  it('opens a row down to its bytes and shows hidden characters', async () => {
    renderCase(<TimelineStage />, { start: { stage: 'timeline', query: 'user.name:m.keller AND "fdp"' } })
    const user = userEvent.setup()
    const g = await grid()
    await within(g).findAllByText('m.keller')
    g.focus()
    await user.keyboard('{Enter}')
    const inspector = await screen.findByRole('complementary', { name: 'Inspector' })
    expect((await within(inspector).findAllByText('⟨U+202E⟩')).length).toBeGreaterThan(0)
    await user.click(within(inspector).getByRole('tab', { name: 'Bytes' }))
    expect(within(inspector).getByText(/3c 45 76 65 6e 74/)).toHaveTextContent('00110200')
  })

  it('says what to do when nothing matches', async () => {
    renderCase(<TimelineStage />, { start: { stage: 'timeline', query: 'host.name:NOWHERE' } })
    expect(await screen.findByText('No row matches')).toBeInTheDocument()
    expect(screen.getByText(/Not seen in what was collected/)).toBeInTheDocument()
  })

  it('shows the program’s sentence, hint and code when the query is wrong', async () => {
    renderCase(<TimelineStage />, { start: { stage: 'timeline', query: 'x' }, fail: { 'GET timeline': { code: 'query.syntax', sentence: 'The bracket at character 4 is not closed.', hint: 'Close it with ].' } } })
    expect(await screen.findByRole('alert')).toHaveTextContent('The bracket at character 4 is not closed.Close it with ].query.syntax')
  })
})
