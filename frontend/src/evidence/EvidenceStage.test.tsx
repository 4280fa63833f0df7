import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { newFakeState } from '../api/fake'
import { alter } from '../api/fake/custody'
import { renderCase } from '../test/render'
import { EvidenceStage } from './EvidenceStage'

describe('custody', () => {
  it('what is offered to the person at the keyboard is taken over by their signature', async () => {
    const state = renderCase(<EvidenceStage />, { start: { stage: 'evidence', id: 'trans0a1b2c3d' } })
    const user = userEvent.setup()
    const offered = await screen.findByRole('button', { name: 'Take over…' })
    const taken = () => screen.queryAllByText('taken over', { selector: '.transfer-taken' }).length
    const before = taken()
    await user.click(offered)
    const dialog = await screen.findByRole('dialog')
    const sign = within(dialog).getByRole('button', { name: 'Sign and take over' })
    expect(sign).toBeDisabled()
    expect(dialog).toHaveTextContent('Still needed: the condition as you found it.')
    await user.type(within(dialog).getByRole('combobox', { name: /Condition as found/ }), 'bag HL-0412 closed')
    await waitFor(() => expect(sign).toBeEnabled())
    await user.click(sign)
    await waitFor(() => expect(state.custody.transfers[0]).toMatchObject({ state: 'taken', answer: 'bag HL-0412 closed' }))
    await waitFor(() => expect(taken()).toBe(before + 1))
    expect(screen.queryByRole('button', { name: 'Take over…' })).not.toBeInTheDocument()
  })

  it('hands over what is selected and nothing else', async () => {
    const state = renderCase(<EvidenceStage />, { start: { stage: 'evidence' } })
    const user = userEvent.setup()
    await user.click(await screen.findByRole('checkbox', { name: 'Select System.evtx' }))
    await user.click(screen.getByRole('button', { name: '1 item' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Hand over…' }))
    const dialog = await screen.findByRole('dialog')
    await user.click(within(dialog).getByText('Somebody outside'))
    await user.type(within(dialog).getByRole('textbox', { name: /^Receiver/ }), 'Sgt. P. Aalto')
    await user.type(within(dialog).getByRole('textbox', { name: /What for/ }), 'Complaint')
    await user.type(within(dialog).getByRole('textbox', { name: /Where/ }), 'Harbour office')
    await user.type(within(dialog).getByRole('combobox', { name: /Condition/ }), 'sealed')
    const sign = within(dialog).getByRole('button', { name: 'Sign the handover' })
    await waitFor(() => expect(sign).toBeEnabled())
    expect(dialog).toHaveTextContent('an outside receiver signs it on paper')
    await user.click(sign)
    await waitFor(() => expect(state.custody.transfers).toHaveLength(4))
    expect(state.custody.transfers[0]).toMatchObject({ state: 'outside', receiver: 'Sgt. P. Aalto' })
    expect(state.custody.transfers[0]?.items).toHaveLength(1)
  })

  it('deletes only after the name was typed, waits for the second person, and never what is on hold', async () => {
    const state = renderCase(<EvidenceStage />, { start: { stage: 'evidence' } })
    const user = userEvent.setup()
    await user.click(await screen.findByRole('button', { name: 'FS01.zip' }))
    const inspector = await screen.findByRole('complementary', { name: 'Inspector' })
    await within(inspector).findByText(/On hold for/)
    expect(within(inspector).getByRole('button', { name: 'Delete for good…' })).toBeDisabled()
    await user.click(screen.getByRole('button', { name: 'System.evtx' }))
    await waitFor(() => expect(within(inspector).getByRole('button', { name: 'Delete for good…' })).toBeEnabled())
    await user.click(within(inspector).getByRole('button', { name: 'Delete for good…' }))
    const dialog = await screen.findByRole('dialog')
    const sign = within(dialog).getByRole('button', { name: 'Sign and delete' })
    await user.type(within(dialog).getByRole('textbox', { name: /^Why/ }), 'The works council asked for it.')
    await user.type(within(dialog).getByRole('textbox', { name: 'Type the name of the file' }), 'System.evt')
    expect(dialog).toHaveTextContent('Still needed: the name of the file, typed.')
    expect(sign).toBeDisabled()
    await user.type(within(dialog).getByRole('textbox', { name: 'Type the name of the file' }), 'x')
    await waitFor(() => expect(sign).toBeEnabled())
    await user.click(sign)
    expect(await screen.findByText(/not in force/)).toBeInTheDocument()
    expect(state.custody.purged).toHaveLength(0)
    expect(state.awaiting).toHaveLength(1)
  })

  it('names what is altered on top, and an explanation lifts it', async () => {
    const state = newFakeState(Date.now(), true, 200)
    alter(state)
    renderCase(<EvidenceStage />, { state, start: { stage: 'evidence' } })
    const user = userEvent.setup()
    const alert = await screen.findByRole('alert')
    expect(alert).toHaveTextContent('1 item is not what was taken in. No copy of the case leaves until somebody explains it.')
    await user.click(within(alert).getByRole('button', { name: 'Explain…' }))
    const dialog = await screen.findByRole('dialog')
    await user.type(within(dialog).getByRole('textbox', { name: /What happened to it/ }), 'The provider rotated the file in place.')
    const sign = within(dialog).getByRole('button', { name: 'Sign the explanation' })
    await waitFor(() => expect(sign).toBeEnabled())
    await user.click(sign)
    await waitFor(() => expect(screen.queryByText(/No copy of the case leaves/)).not.toBeInTheDocument())
    expect(state.custody.explained[0]?.text).toBe('The provider rotated the file in place.')
  })

  it('says that custody could not be loaded, and still shows the items', async () => {
    renderCase(<EvidenceStage />, { start: { stage: 'evidence' }, fail: { 'GET custody': { code: 'x.y', sentence: 'Custody cannot be read.', hint: 'Try again.' } } })
    expect(await screen.findByText('Custody cannot be read.')).toBeInTheDocument()
    expect(await screen.findByRole('button', { name: 'FS01.zip' })).toBeInTheDocument()
  })
})
