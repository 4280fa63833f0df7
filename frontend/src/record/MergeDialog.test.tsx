import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { renderCase } from '../test/render'
import { RecordStage } from './RecordStage'

async function look(path: string) {
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: 'Merge a copy…' }))
  await user.type(await screen.findByLabelText('Folder or file of the copy'), path)
  await user.click(screen.getByRole('button', { name: 'See what it brings' }))
  return { user, dialog: await screen.findByRole('dialog', { name: 'What this copy would bring' }) }
}

describe('merging a copy', () => {
  it('shows what it brings, then joins, and leads to the conflict that came of it', async () => {
    const state = renderCase(<RecordStage />)
    const { user, dialog } = await look('/usb/harbor-lights.case')
    expect(dialog).toHaveTextContent('24 by Jonas Lindqvist and 7 by Ines Halvorsen.')
    expect(dialog).toHaveTextContent('18 entries that are here are not in their copy.')
    expect(within(dialog).getByRole('article', { name: 'Conflict: severity of the incident' })).toHaveTextContent('Stands until it is settled: it was signed later.')
    expect(state.copies.conflicts).toHaveLength(1)
    await user.click(within(dialog).getByRole('button', { name: 'Sign and merge' }))
    await user.click(await screen.findByRole('button', { name: 'Settle 2 conflicts' }))
    expect(await screen.findAllByRole('article')).toHaveLength(2)
    expect(state.stories.map((s) => s.kind)).toEqual(['merge.received'])
  })

  it('has no merge button for a damaged copy until one says to take only what is sound', async () => {
    renderCase(<RecordStage />)
    const { user, dialog } = await look('/usb/damaged-bundle')
    expect(within(dialog).getByRole('alert')).toHaveTextContent('2 things in it are wrong')
    expect(within(dialog).queryByRole('button', { name: /merge/i })).not.toBeInTheDocument()
    await user.click(within(dialog).getByRole('checkbox', { name: /only what is sound/ }))
    expect(within(dialog).getByRole('button', { name: 'Sign and merge' })).toBeEnabled()
  })

  it('merges without a signature when only the other side went on', async () => {
    const state = renderCase(<RecordStage />)
    const { user, dialog } = await look('/usb/ahead.parcel')
    expect(dialog).toHaveTextContent('signs nothing')
    expect(within(dialog).queryByText('The record will say')).not.toBeInTheDocument()
    await user.click(within(dialog).getByRole('button', { name: 'Merge' }))
    expect(await screen.findByText(/Took in 31 entries/)).toBeInTheDocument()
    expect(state.stories).toHaveLength(0)
  })

  it('says the program’s words when the copy is of another case', async () => {
    renderCase(<RecordStage />, { fail: { 'POST merge/preview': { code: 'merge.other-case', sentence: 'This is a copy of another case.', hint: 'Open that case instead.' } } })
    const user = userEvent.setup()
    await user.click(await screen.findByRole('button', { name: 'Merge a copy…' }))
    await user.type(await screen.findByLabelText('Folder or file of the copy'), '/usb/other.case')
    await user.click(screen.getByRole('button', { name: 'See what it brings' }))
    expect(await screen.findByRole('alert')).toHaveTextContent('This is a copy of another case.')
  })
})

describe('settling a conflict', () => {
  it('signs the answer that was chosen, with code and reason, and keeps half-typed words', async () => {
    const state = renderCase(<RecordStage />, { start: { stage: 'record', id: 'confl0a1b2c3d' } })
    const user = userEvent.setup()
    const first = await screen.findByRole('region', { name: 'Answer of Ana Ruiz' })
    expect(first).toHaveTextContent(/had seen what Jonas Lindqvist wrote up to/)
    await user.click(within(first).getByRole('button', { name: 'Choose this…' }))
    const dialog = await screen.findByRole('dialog')
    const sign = within(dialog).getByRole('button', { name: 'Sign the answer' })
    expect(sign).toBeDisabled()
    await user.click(within(dialog).getByRole('combobox', { name: /Reason code/ }))
    await user.click((await screen.findAllByRole('option'))[0] as HTMLElement)
    await user.type(within(dialog).getByRole('textbox', { name: /^Reason/ }), 'The wall clock in the server room shows it.')
    await waitFor(() => expect(state.drafts.get('conflict.source 4b')).toContain('wall clock'))
    await waitFor(() => expect(sign).toBeEnabled())
    await user.click(sign)
    await waitFor(() => expect(state.copies.conflicts).toHaveLength(0))
    expect(state.stories[0]?.story).toMatch(/for the answer of Ana Ruiz: The wall clock/)
    await waitFor(() => expect(state.drafts.get('conflict.source 4b')).toBe(''))
  })
})
