import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { renderCase } from '../test/render'
import { ClocksStage } from './ClocksStage'

const order = () => screen.getAllByRole('row').slice(1).map((r) => `${within(r).getByRole('button').textContent} ${r.querySelector("div.quiet")?.textContent}`)

describe('clocks', () => {
  it('stand in the order in which they run out, with trigger and signer', async () => {
    renderCase(<ClocksStage />)
    await screen.findByRole('table')
    expect(order()).toEqual(['NIS2 Art. 23 early warning', 'GDPR Art. 33 notification', 'NIS2 Art. 23 incident notification', 'SEC Form 8-K Item 1.05 filing'])
    expect(screen.getAllByRole('row')[2]).toHaveTextContent('Maya Okafor, Legal counsel')
    expect(screen.getByText(/whether a duty applies is a judgement of counsel/)).toBeInTheDocument()
  })

  it('a declared trigger starts its clock and is sent as an instant in UTC', async () => {
    const state = renderCase(<ClocksStage />)
    const user = userEvent.setup()
    await screen.findByRole('table')
    await user.click(screen.getByRole('button', { name: 'Declare a trigger' }))
    const dialog = await screen.findByRole('dialog')
    const sign = within(dialog).getByRole('button', { name: 'Sign trigger' })
    await user.click(within(dialog).getByRole('radio', { name: /Determined to be material/ }))
    await user.type(within(dialog).getByRole('textbox', { name: /When/ }), '2026-03-04 09:15')
    expect(sign).toBeDisabled()
    await user.type(within(dialog).getByRole('textbox', { name: /On what basis/ }), 'The board met at nine and determined it.')
    await user.click(sign)
    await waitFor(() => expect(state.clocks.find((c) => c.id === 'sec-8k')?.trigger).toMatchObject({ at: '2026-03-04T07:15:00Z', tz: 'Europe/Helsinki', by: 'Ana Ruiz' }))
    expect(await screen.findByText(/missed/)).toBeInTheDocument()
  })

  it('opens the provision, the basis and what to report', async () => {
    renderCase(<ClocksStage />)
    const user = userEvent.setup()
    await user.click(await screen.findByRole('button', { name: 'GDPR Art. 33' }))
    const inspector = await screen.findByRole('complementary', { name: 'Inspector' })
    expect(await within(inspector).findByText(/not later than 72 hours/)).toBeInTheDocument()
    expect(inspector).toHaveTextContent('The file list of the passenger share was compared')
    expect(inspector).toHaveTextContent('Likely consequences')
  })
})
