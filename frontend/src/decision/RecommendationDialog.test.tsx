import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { renderCase } from '../test/render'
import { DecideStage } from './DecideStage'

async function openOverride() {
  const user = userEvent.setup()
  const card = await screen.findByRole('article', { name: 'Take FS01 off the network' })
  await user.click(within(card).getByRole('button', { name: 'Change…' }))
  const dialog = await screen.findByRole('dialog', { name: 'Decide otherwise' })
  await within(dialog).findByText(/The recommended action is not done/)
  return { user, dialog }
}

async function fill(user: ReturnType<typeof userEvent.setup>, dialog: HTMLElement, reason: string) {
  await user.type(within(dialog).getByRole('textbox', { name: /What you decide instead/ }), 'Block 203.0.113.77 first')
  await user.click(within(dialog).getByRole('combobox', { name: /Reason code/ }))
  await user.click(await screen.findByRole('option', { name: 'Something else serves better' }))
  await user.type(within(dialog).getByRole('textbox', { name: /^Reason/ }), reason)
}

describe('override and justify', () => {
  it('shows what was recommended, by whom, why and on which rows', async () => {
    renderCase(<DecideStage />)
    const { dialog } = await openOverride()
    const left = within(dialog).getByRole('region', { name: 'What was recommended' })
    expect(left).toHaveTextContent('Take FS01 off the network')
    expect(left).toHaveTextContent('rule · adj-recommend-isolate-host · 1')
    expect(left).toHaveTextContent('FS01 holds passenger data')
    expect(await within(left).findByText(/rclone\.exe copy/)).toBeInTheDocument()
    expect(dialog).toHaveTextContent('Ana Ruiz')
    expect(dialog).toHaveTextContent('Incident Commander')
  })

  it('cannot be signed without instead, code and twenty characters', async () => {
    const state = renderCase(<DecideStage />)
    const { user, dialog } = await openOverride()
    const sign = within(dialog).getByRole('button', { name: 'Sign override' })
    expect(sign).toBeDisabled()
    await fill(user, dialog, 'too short to count')
    expect(dialog).toHaveTextContent('Still needed: 2 more characters of reason.')
    expect(sign).toBeDisabled()
    await user.keyboard('{Control>}{Enter}{/Control}')
    expect(state.decisions).toHaveLength(0)
  })

  it('signs with Ctrl+Enter exactly what was typed, under the hash that was shown', async () => {
    const state = renderCase(<DecideStage />)
    const { user, dialog } = await openOverride()
    await fill(user, dialog, 'The 07:40 boards from FS01 until 08:15.')
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Sign override' })).toBeEnabled())
    await user.keyboard('{Control>}{Enter}{/Control}')
    await waitFor(() => expect(state.decisions).toHaveLength(1))
    expect(state.decisions[0]).toMatchObject({ outcome: 'override', instead: 'Block 203.0.113.77 first', reason_code: 'better-option', reason: 'The 07:40 boards from FS01 until 08:15.', role: 'incident-commander' })
    await waitFor(() => expect(screen.queryByRole('article', { name: 'Take FS01 off the network' })).not.toBeInTheDocument())
    expect(await screen.findByText(/Signed by Ana Ruiz/)).toBeInTheDocument()
  })

  it('Esc keeps the half-typed words as a draft', async () => {
    const state = renderCase(<DecideStage />)
    const { user, dialog } = await openOverride()
    await user.type(within(dialog).getByRole('textbox', { name: /^Reason/ }), 'Half a thought')
    await user.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument())
    await waitFor(() => expect(state.drafts.get('decision.r1')).toContain('Half a thought'))
    const again = await openOverride()
    await waitFor(() => expect(within(again.dialog).getByRole('textbox', { name: /^Reason/ })).toHaveValue('Half a thought'))
    expect(state.decisions).toHaveLength(0)
  })

  it('says the program’s own words when the signature is refused', async () => {
    renderCase(<DecideStage />, { fail: { 'POST decision/sign': { code: 'decision.shown-changed', sentence: 'What was shown has changed since.', hint: 'Read it again and sign again.' } } })
    const { user, dialog } = await openOverride()
    await fill(user, dialog, 'The 07:40 boards from FS01 until 08:15.')
    await user.click(within(dialog).getByRole('button', { name: 'Sign override' }))
    expect(await within(dialog).findByRole('alert')).toHaveTextContent('What was shown has changed since. Read it again and sign again. decision.shown-changed'.replace('since. ', 'since.').replace('again. d', 'again.d'))
  })

  it('lets nobody sign what their role may not decide', async () => {
    renderCase(<DecideStage />)
    const card = await screen.findByRole('article', { name: 'Collect browser history and mail of m.keller' })
    expect(within(card).getByRole('button', { name: 'Accept…' })).toBeDisabled()
    expect(card).toHaveTextContent('Not yours to decide in the role you act in. May decide: Legal counsel.')
  })
})
