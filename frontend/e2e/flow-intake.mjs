// What is done with imports afterwards: the answers stand in the record, an import is undone and read again, a limit is
// moved. Called by flow.mjs, after the rows were needed and before copies leave.

export async function walkIntake({ page, step, button, field, rail, segment, dialog, closed, signAct, LONG }) {
  const inspector = () => page.getByRole('region', { name: 'Evidence item: details' })
  /** "42,409 records parsed" as the head of the stage counts them. */
  const parsed = async () => Number(/([\d,]+) records? parsed/.exec(await page.locator('.stage-head').first().textContent())?.[1]?.replaceAll(',', ''))

  await step('the record has when and by which clock it was acquired', async () => {
    const bodies = await page.evaluate(async () => {
      const answer = await window.fetch('/api/record?kind=evidence.received&offset=0&limit=50').then((r) => (r.ok ? r.json() : null), () => null)
      return answer ? answer.entries.map((e) => e.body) : null
    })
    if (bodies && !bodies.every((b) => /"acquired":"2026-03-0[345]T/.test(b) && /"acquired_zone":"/.test(b))) throw new Error('an item has no time of acquisition')
  })

  await step('undo an import', async () => {
    await rail('Evidence')
    const items = page.getByRole('region', { name: 'Items' })
    const row = items.getByRole('row').filter({ hasText: 'Read completely' }).filter({ hasNotText: /zip/ }).first()
    await row.getByRole('button').first().click()
    await inspector().waitFor()
    const before = await parsed()
    await button('Undo the import…').click()
    await field(/^Why/, dialog()).fill('It was read with the wrong zone.')
    await dialog().getByText(/leave the timeline/).last().waitFor()
    await signAct('Sign and undo')
    await inspector().getByText('Import undone').waitFor({ timeout: LONG })
    await page.waitForFunction((n) => Number(/([\d,]+) records? parsed/.exec(document.querySelector('.stage-head')?.textContent ?? '')?.[1]?.replaceAll(',', '')) < n, before)
  })

  await step('read it again with other answers', async () => {
    const before = await parsed()
    await button('Read again…').click()
    await field(/What the answers rest on/, dialog()).fill('The clock was compared on the machine.')
    await button('Read again', dialog()).click()
    await dialog().getByText(/was read again/).waitFor({ timeout: LONG })
    await button('Done', dialog()).click()
    await closed()
    await inspector().getByText('Import undone').waitFor({ state: 'hidden', timeout: LONG })
    if (!(await parsed() > before)) throw new Error('no row came back')
    await button('Close the inspector').click()
  })

  await step('show only some receipts', async () => {
    const items = page.getByRole('region', { name: 'Items' })
    const chips = page.getByRole('group', { name: 'Show only' })
    if (await chips.count() === 0) return
    const chip = chips.getByRole('button').nth(1)
    const n = Number(/([\d,]+)$/.exec(await chip.textContent())[1].replaceAll(',', ''))
    await chip.click()
    if (await items.getByRole('row').count() !== n + 1) throw new Error(`${n} items were promised`)
    await chip.click()
  })

  await step('move a limit by a signed entry', async () => {
    await rail('Settings')
    await segment('Case')
    await button('Change the limits…').click()
    await field('Archives inside archives', dialog()).fill('6')
    await field(/^Why/, dialog()).fill('The backups of the provider nest deeper.')
    await signAct('Sign the limits')
    await page.getByText('usually 5').waitFor()
  })
}
