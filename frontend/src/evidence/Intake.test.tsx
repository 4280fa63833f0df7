import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it } from 'vitest'
import { newFakeState } from '../api/fake'
import { readMapping } from '../domain/mapping'
import { SettingsStage } from '../settings/SettingsStage'
import { renderCase } from '../test/render'
import { EvidenceStage } from './EvidenceStage'

const stage = (more: Parameters<typeof renderCase>[1] = {}) => renderCase(<EvidenceStage />, { start: { stage: 'evidence' }, ...more })
const rows = () => within(screen.getByRole('region', { name: 'Items' })).getAllByRole('row').length - 1

/** Pasting is one event; a sentence letter by letter costs seconds on a shared machine. */
async function fill(user: ReturnType<typeof userEvent.setup>, field: HTMLElement, text: string) {
  await user.clear(field)
  await user.paste(text)
}

async function look(user: ReturnType<typeof userEvent.setup>, path: string) {
  await user.click(await screen.findByRole('button', { name: 'Add evidence' }))
  await fill(user, await screen.findByRole('textbox', { name: 'Files, folders, archives' }), path)
  await user.click(screen.getByRole('button', { name: 'See what they are' }))
  return screen.findByRole('dialog')
}

describe('taking in', () => {
  it('shows what each file is first, and asks only what these files raise', async () => {
    const state = stage()
    const user = userEvent.setup()
    const dialog = await look(user, '/media/usb/second')
    const table = await within(dialog).findByRole('region', { name: 'Files to take in' })
    expect(within(table).getAllByRole('row')).toHaveLength(9)
    expect(dialog).toHaveTextContent('8 files looked at: 3 can be read, 1 archive, 1 image, 1 without a parser, 1 that looks taken in already, 1 refused')
    expect(within(dialog).getByRole('combobox', { name: 'Zone of times without one' })).toHaveValue('Europe/Helsinki')
    expect(within(dialog).getByRole('textbox', { name: 'Year of the first line' })).toHaveValue('')
    await fill(user, within(dialog).getByRole('textbox', { name: 'Acquired' }), '2026-03-04 09:15')
    await fill(user, within(dialog).getByRole('textbox', { name: 'Custodian' }), 'J. Lindqvist')
    expect(dialog).toHaveTextContent('The record will not say where from and why.')
    await user.click(within(dialog).getByRole('button', { name: 'Take in 1 path' }))
    await waitFor(() => expect(state.intake.orders).toHaveLength(1))
    expect(state.intake.orders[0]?.body).toEqual({ paths: ['/media/usb/second'], keep: 'auto', zone: 'Europe/Helsinki', why: '', custodian: 'J. Lindqvist', source: '', acquired: '2026-03-04T07:15:00Z', acquired_zone: 'Europe/Helsinki', year: 0, mapping: '' })
    // What the batch gave stands above the items until it is put away.
    await user.click(await screen.findByRole('button', { name: 'Put away Taking in /media/usb/second' }))
    expect(screen.queryByRole('button', { name: /^Put away/ })).not.toBeInTheDocument()
  })

  it('asks neither zone nor year nor mapping where the file states them, and records none', async () => {
    const state = stage()
    const user = userEvent.setup()
    const dialog = await look(user, '/media/usb/second/Security.evtx')
    await within(dialog).findByText('1 file looked at: 1 can be read')
    for (const name of ['Zone of times without one', 'Mapping of columns']) expect(within(dialog).queryByRole('combobox', { name })).not.toBeInTheDocument()
    expect(within(dialog).queryByRole('textbox', { name: 'Year of the first line' })).not.toBeInTheDocument()
    await user.click(within(dialog).getByRole('button', { name: 'Take in 1 path' }))
    await waitFor(() => expect(state.intake.orders[0]?.body).toMatchObject({ zone: '', year: 0, mapping: '' }))
  })

  it('refuses a year and a time of acquisition that are none', async () => {
    stage()
    const user = userEvent.setup()
    const dialog = await look(user, '/media/usb/second')
    const take = await within(dialog).findByRole('button', { name: 'Take in 1 path' })
    await waitFor(() => expect(take).toBeEnabled())
    await fill(user, within(dialog).getByRole('textbox', { name: 'Year of the first line' }), '26')
    expect(take).toBeDisabled()
    await fill(user, within(dialog).getByRole('textbox', { name: 'Year of the first line' }), '2026')
    expect(take).toBeEnabled()
    await fill(user, within(dialog).getByRole('textbox', { name: 'Acquired' }), 'yesterday')
    expect(take).toBeDisabled()
  })

  it('lets files in also when they could not be looked at, and then asks for the zone', async () => {
    const state = stage({ fail: { 'POST evidence/examine': { code: 'x.y', sentence: 'The folder cannot be listed.', hint: '' } } })
    const user = userEvent.setup()
    const dialog = await look(user, '/media/usb/second')
    expect(await within(dialog).findByText('The folder cannot be listed.')).toBeInTheDocument()
    await user.click(within(dialog).getByRole('button', { name: 'Take in 1 path' }))
    await waitFor(() => expect(state.intake.orders[0]?.body).toMatchObject({ zone: 'Europe/Helsinki' }))
  })

  it('maps a table: the order of day and month is a person’s, and the mapping is kept under a name', async () => {
    const state = stage()
    const user = userEvent.setup()
    const dialog = await look(user, '/media/usb/second')
    await user.click(await within(dialog).findByRole('button', { name: /^map columns… of door-system.csv/ }))
    const table = await screen.findByRole('region', { name: 'The first 50 rows' })
    expect(within(table).getAllByRole('row')).toHaveLength(51)
    const use = screen.getByRole('button', { name: 'Use for this batch' })
    expect(use).toBeDisabled()
    expect(screen.getByText(/Say which comes first; the file does not/)).toBeInTheDocument()
    await user.click(screen.getByRole('combobox', { name: 'How Date/Time is written' }))
    await user.click(await screen.findByRole('option', { name: 'day, month, year, time' }))
    expect(await screen.findByText('02/03/2026 07:07 → 2026-03-02 05:07 UTC')).toBeInTheDocument()
    await fill(user, screen.getByRole('combobox', { name: 'Name of Door' }), 'event.action')
    await fill(user, screen.getByRole('textbox', { name: 'Name to keep it under' }), 'Door system')
    await waitFor(() => expect(use).toBeEnabled())
    await user.click(screen.getByRole('button', { name: 'Keep…' }))
    const sign = await screen.findByRole('button', { name: 'Sign and keep' })
    await waitFor(() => expect(sign).toBeEnabled())
    await user.click(sign)
    await waitFor(() => expect(state.intake.mappings.map((m) => m.name)).toEqual(['Quay proxy', 'Door system']))
    expect(readMapping(state.intake.mappings[1]?.mapping ?? '')).toMatchObject({ name: 'Door system', times: [{ column: 'Date/Time', form: 'dmy' }], fields: { Badge: 'user.name', Door: 'event.action', Reader: 'source.ip' } })
    await waitFor(() => expect(use).toBeEnabled())
    await user.click(use)
    expect(await screen.findByRole('button', { name: /^columns mapped of door-system.csv/ })).toBeInTheDocument()
    await user.click(screen.getByRole('button', { name: 'Take in 1 path' }))
    await waitFor(() => expect(state.intake.orders[0]?.body.mapping).toBe(state.intake.mappings[1]?.mapping))
  })
})

describe('receipts', () => {
  it('shows only the items of one state, with every count', async () => {
    stage()
    const user = userEvent.setup()
    await screen.findByRole('region', { name: 'Items' })
    expect(rows()).toBe(13)
    const chips = screen.getByRole('group', { name: 'Show only' })
    expect(within(chips).getAllByRole('button').map((b) => b.textContent)).toEqual(['All 13', 'Need a look 3', 'Something expected is absent 1', 'Read completely 7', 'Proved empty 1', 'Read in part 1', 'Could not be read 1', 'No parser 1', 'Duplicate 1', 'Quarantined 1'])
    await user.click(within(chips).getByRole('button', { name: 'Need a look 3' }))
    expect(rows()).toBe(3)
    await user.click(within(chips).getByRole('button', { name: 'Need a look 3' }))
    expect(rows()).toBe(13)
  })

  it('says how far a running import is and stops it', async () => {
    const state = stage()
    const user = userEvent.setup()
    const batch = await screen.findByRole('list', { name: 'Imports' })
    expect(batch).toHaveTextContent('59 MiB of 141 MiB · 9.0 MiB/s · about 9 s left')
    await user.click(within(batch).getByRole('button', { name: /^Cancel Taking in/ }))
    await waitFor(() => expect(state.jobs.find((j) => j.id === 'j-2')?.state).toBe('cancelled'))
  })

  it('lists what was expected and not there, and leads to the blind spots', async () => {
    stage()
    const user = userEvent.setup()
    await user.click(await screen.findByRole('button', { name: 'FS01.zip' }))
    const inspector = await screen.findByRole('complementary', { name: 'Inspector' })
    expect(within(inspector).getByText('Windows/Prefetch: not collected')).toBeInTheDocument()
    await user.click(within(inspector).getByRole('button', { name: 'Blind spots of the case' }))
    expect(await screen.findByRole('region', { name: 'Blind spots' })).toBeInTheDocument()
  })

  it('undoes an import by a signature, and reads the item again with other answers', async () => {
    const state = stage()
    const user = userEvent.setup()
    await user.click(await screen.findByRole('button', { name: 'auth.log' }))
    const inspector = await screen.findByRole('complementary', { name: 'Inspector' })
    await user.click(within(inspector).getByRole('button', { name: 'Undo the import…' }))
    const undo = await screen.findByRole('dialog')
    const sign = within(undo).getByRole('button', { name: 'Sign and undo' })
    expect(sign).toBeDisabled()
    await fill(user, within(undo).getByRole('textbox', { name: /^Why/ }), 'Wrong zone.')
    await waitFor(() => expect(sign).toBeEnabled())
    expect(undo).toHaveTextContent('1107 events leave the timeline')
    await user.click(sign)
    expect(await within(inspector).findByText(/undone by Ana Ruiz/)).toBeInTheDocument()
    expect(within(inspector).queryByRole('button', { name: 'Undo the import…' })).not.toBeInTheDocument()
    expect(within(inspector).queryByRole('button', { name: 'Its rows in the timeline' })).not.toBeInTheDocument()
    await user.click(within(inspector).getByRole('button', { name: 'Read again…' }))
    const again = await screen.findByRole('dialog', { name: 'Read again' })
    const read = within(again).getByRole('button', { name: 'Read again' })
    expect(read).toBeDisabled()
    await fill(user, within(again).getByRole('textbox', { name: /^What the answers rest on/ }), 'The clock was compared on the machine.')
    await user.click(read)
    expect(await screen.findByText(/was read again/)).toBeInTheDocument()
    expect(state.intake.orders[0]?.body).toMatchObject({ format: '', zone: 'Europe/Helsinki', year: 0, columns: {}, mapping: '', basis: 'The clock was compared on the machine.' })
    await waitFor(() => expect(within(inspector).queryByText(/undone by/)).not.toBeInTheDocument())
  })

  it('undoes the imports of what is selected', async () => {
    const state = stage({ state: newFakeState(Date.now(), true, 200) })
    const user = userEvent.setup()
    await user.click(await screen.findByRole('checkbox', { name: 'Select access.log' }))
    await user.click(screen.getByRole('checkbox', { name: 'Select auth.log' }))
    await user.click(screen.getByRole('button', { name: '2 items' }))
    await user.click(await screen.findByRole('menuitem', { name: 'Undo the imports…' }))
    const dialog = await screen.findByRole('dialog')
    await fill(user, within(dialog).getByRole('textbox', { name: /^Why/ }), 'Of another case.')
    const sign = within(dialog).getByRole('button', { name: 'Sign and undo' })
    await waitFor(() => expect(sign).toBeEnabled())
    await user.click(sign)
    await waitFor(() => expect(state.intake.undone.size).toBe(2))
    expect(await screen.findByRole('button', { name: 'Import undone 2' })).toBeInTheDocument()
  })
})

it('changes a limit by a signed entry that names every bound that is not the usual one', async () => {
  const state = renderCase(<SettingsStage />, { start: { stage: 'settings', id: 'case' } })
  const user = userEvent.setup()
  await user.click(await screen.findByRole('button', { name: 'Change the limits…' }))
  const dialog = await screen.findByRole('dialog')
  const sign = within(dialog).getByRole('button', { name: 'Sign the limits' })
  await fill(user, within(dialog).getByRole('textbox', { name: /^Why/ }), 'The backups nest deeper.')
  expect(dialog).toHaveTextContent('Still needed: a change.')
  const depth = within(dialog).getByRole('textbox', { name: 'Archives inside archives' })
  await user.clear(depth)
  expect(dialog).toHaveTextContent('Still needed: for “Archives inside archives” a number from 0 to 32.')
  await fill(user, depth, '8')
  await waitFor(() => expect(sign).toBeEnabled())
  expect(dialog).toHaveTextContent('(max_depth 8, max_archive_bytes 512 GiB)')
  await user.click(sign)
  await waitFor(() => expect(Object.fromEntries(state.intake.limits.limits.map((l) => [l.name, l.value]))).toMatchObject({ max_depth: 8, max_archive_bytes: 512 * 2 ** 30, max_members: 100_000 }))
})
