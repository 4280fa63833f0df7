// The second half of the walk: evidence is checked, handed over and held, a copy leaves, and two laptops that went on apart
// are joined, with the conflict that came of it settled. Called by flow.mjs, which has walked the first half.
import { cpSync } from 'node:fs'

export async function walkCopies({ page, args, step, button, field, rail, segment, dialog, closed, choose, signAct, sitDown, LONG, second, secondKey }) {
  const actAs = async (role) => {
    await page.getByTitle('Who you are and the role you act in').click()
    await page.getByRole('menuitem', { name: role }).first().click()
  }
  const part = (word) => page.locator('.seg', { hasText: word }).click()
  let head = ''

  await step('hash all evidence again', async () => {
    await rail('Evidence')
    await button('Hash all again').click()
    await page.getByText(/hashed again, all as taken in/).first().waitFor({ timeout: LONG })
  })

  await step('hand an item over', async () => {
    const items = page.getByRole('region', { name: 'Items' })
    await items.getByRole('checkbox', { name: /^Select (?!every)/ }).last().check()
    await button('1 item').click()
    await page.getByRole('menuitem', { name: 'Hand over…' }).click()
    const d = dialog()
    await choose('Receiver', second, d)
    await field(/What for/, d).fill('Preparation of the complaint')
    await field(/Where/, d).fill('Harbour office, room 2')
    await d.getByRole('combobox', { name: /Condition/ }).fill('as taken in, no damage seen')
    await field(/Where/, d).focus()
    await d.getByText(/has to take over/).waitFor()
    await signAct('Sign the handover')
    await items.getByText(`offered to ${second}`).first().waitFor()
  })

  await step('take it over, and place a hold as counsel', async () => {
    await sitDown(second, secondKey)
    await actAs(/^Legal counsel/)
    await rail('Evidence')
    await part('Custody')
    await button('Take over…').first().click()
    await dialog().getByRole('combobox', { name: /Condition as found/ }).fill('as given')
    await field(/Where/, dialog()).focus()
    await signAct('Sign and take over')
    await page.getByText('taken over', { exact: true }).first().waitFor()
    await button('Hold the whole case…').click()
    await field(/Matter/, dialog()).fill('Claim of the passengers')
    await field(/^Why/, dialog()).fill('Letter of the insurer: keep everything.')
    await signAct('Sign the hold')
    await page.getByRole('region', { name: 'Legal holds' }).getByText('Claim of the passengers').first().waitFor()
  })

  await step('what is on hold cannot be deleted', async () => {
    await segment('Items')
    await page.getByRole('region', { name: 'Items' }).getByRole('button').first().click()
    const inspector = page.getByRole('region', { name: 'Evidence item: details' })
    await inspector.getByText(/On hold for/).first().waitFor()
    const remove = button('Delete for good…')
    if (await remove.count() > 0 && await remove.isEnabled()) throw new Error('evidence on hold could be deleted')
    await button('Close the inspector').click()
    await sitDown('Ana Ruiz', args.passphrase)
  })

  await step('export a plain copy after seeing what goes along', async () => {
    await rail('Record')
    await button('Export…').click()
    const d = dialog()
    await field(/Who gets it/, d).fill('Sgt. P. Aalto, police')
    if (args.dir) await field('Folder', d).fill(`${args.dir}-bundle`)
    await button('See what goes along', d).click()
    await page.getByRole('region', { name: 'What would leave' }).waitFor({ timeout: LONG })
    const before = (await page.getByRole('region', { name: 'What would leave' }).locator('.copy .mono').first().textContent())?.trim() ?? ''
    await button('Sign and export', dialog()).click()
    await page.getByText('Written whole, and signed into the record.').waitFor({ timeout: LONG })
    head = (await dialog().locator('.copy .mono').first().textContent())?.trim() ?? ''
    if (head === '' || head === before) throw new Error(`the copy holds the entry about itself, and is shown under the head before it: ${head}`)
    await button('Done', dialog()).click()
    await closed()
  })

  await step('compare the slip of the copy', async () => {
    await segment('Copies')
    await page.getByText('Sgt. P. Aalto, police').first().waitFor()
    await button('Compare a slip…').click()
    await field(/Code on the slip/, dialog()).fill(head)
    await button('Compare', dialog()).click()
    await dialog().getByText(/^As on the slip/).waitFor()
    await button('Close', dialog()).last().click()
    await closed()
  })

  await step('sign a checkpoint, and enter who holds a slip', async () => {
    await button('Sign a checkpoint…').click()
    await button('Sign and write', dialog()).click()
    await dialog().getByText(/Written to/).waitFor({ timeout: LONG })
    await button('Done', dialog()).click()
    await closed()
    await button('Take in').click()
    await page.getByRole('menuitem', { name: 'A slip that somebody holds…' }).click()
    await field(/Who holds it/, dialog()).fill('H. Nyman, port authority')
    await signAct('Sign what I saw')
    await page.getByRole('region', { name: 'Witnesses and checkpoints' }).getByText('H. Nyman, port authority').first().waitFor()
  })

  let copy = '/media/usb/harbor-lights.case'
  if (args.dir) await step('two laptops go on apart', async () => {
    const close = async () => { await actAs('Close the case'); await button(/Open a case/).waitFor({ timeout: LONG }) }
    const open = async (dir, who, key) => {
      await button(/Open a case/).click()
      await field('Case folder').fill(dir)
      await choose('Who are you', who)
      await field('Passphrase').fill(args.passphrase)
      if (key) {
        await field('My key has a passphrase of its own').check()
        await field('Passphrase of your key').fill(key)
      }
      await button('Open').click()
      await page.locator('.frame').waitFor({ timeout: LONG })
    }
    const declare = async (level, reason) => {
      await page.locator('.strip-cell').first().click()
      const d = dialog()
      await d.getByRole('radio', { name: level }).check()
      await choose(/Reason code/, /./, d)
      await field(/^Reason(?! code)/, d).fill(reason)
      await button('Sign severity', d).and(page.locator(':enabled')).click()
      await closed()
    }
    copy = `${args.dir.replace(/\.case$/, '')}-other.case`
    await close()
    cpSync(args.dir, copy, { recursive: true })
    await open(copy, second, secondKey)
    await actAs(/^Incident Commander/)
    await declare('Low', 'Only a training machine is reached as far as we know here.')
    await close()
    await open(args.dir, 'Ana Ruiz', '')
    await declare('High', 'The passenger share was copied, and the list was compared.')
  })

  await step('merge the other copy after seeing what it brings', async () => {
    await rail('Record')
    await button('Merge a copy…').click()
    await field('Folder or file of the copy', dialog()).fill(copy)
    await field('Passphrase', dialog()).fill(args.passphrase)
    await button('See what it brings', dialog()).click()
    const seen = page.getByRole('region', { name: 'What this copy would bring' })
    await seen.waitFor({ timeout: LONG })
    await seen.getByRole('article', { name: /severity of the incident/ }).waitFor()
    await button('Sign and merge', dialog()).click()
    await page.getByText(/^Took in \d+ entr/).waitFor({ timeout: LONG })
  })

  await step('settle the conflict', async () => {
    await button(/^Settle \d+ conflict/, dialog()).click()
    await closed()
    const conflict = page.getByRole('article', { name: /severity of the incident/ })
    await conflict.getByRole('region', { name: /Answer of Ana Ruiz/ }).getByRole('button', { name: 'Choose this…' }).click()
    const d = dialog()
    await choose(/Reason code/, /./, d)
    await field(/^Reason(?! code)/, d).fill('The comparison of the lists was not known on the other laptop.')
    await signAct('Sign the answer')
    await conflict.waitFor({ state: 'hidden' })
  })

  await step('the joined record verifies', async () => {
    await segment('Story')
    await button('Verify now').click()
    await page.getByText(/, verified/).first().waitFor({ timeout: LONG })
    await page.getByRole('button', { name: /^.*conflict\.resolved$/ }).first().click()
    await page.getByRole('region', { name: 'Entry: details' }).getByText('It counts. One signature was enough.').waitFor()
  })
}
