// Planning in a real window: a template becomes a project with dates, a move is seen before it is saved, work is begun and done, a visit
// is proposed, and the company's days and weather rules are changed.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, look, person } from './lib/browser.mjs'
import { linkIn, start } from './lib/program.mjs'

let program, browser, dana, page, home

before(async () => {
  program = await start()
  browser = await launch()
  dana = await person(browser)
  page = dana.page
  home = program.host('larkrise')
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

const button = (name, exact = true) => page.getByRole('button', { name, exact })
const dialog = () => page.getByRole('dialog')
async function save(name) {
  await dialog().getByRole('button', { name }).click()
  await dialog().waitFor({ state: 'hidden' })
}

test('a company signs up and makes a template', async () => {
  await page.goto(program.apex)
  for (const [name, value] of Object.entries({ company: 'Larkrise Roofing', subdomain: 'larkrise', name: 'Dana Whitlock', email: 'dana@larkrise.example' })) await page.locator(`[name=${name}]`).fill(value)
  await button('Set up my company').click()
  const mail = await program.mail('dana@larkrise.example', /Larkrise/)
  await page.goto(linkIn(mail, '/signup/confirm/'))
  await page.locator('main form button').first().click()
  await page.locator('form[action*="hand-over"] button').click({ timeout: 60_000 })
  await page.waitForURL(`${home}/console/`)

  await page.goto(`${home}/console/templates`)
  await page.getByText('No templates yet').waitFor()
  await page.getByRole('link', { name: 'Make the first template' }).click()
  await page.locator('[name=name]').fill('New roof')
  await page.getByLabel('Name of phase 1').fill('Tear-off')
  await button('Add a milestone to Tear-off').click()
  await page.getByLabel('Milestone', { exact: true }).fill('Old shingles off')
  await page.getByLabel('Working days of Old shingles off').fill('2')
  await page.getByLabel('Work of Old shingles off').selectOption('roofing')
  await button('Add a phase').click()
  await page.getByLabel('Name of phase 2').fill('Shingles')
  await button('Add a milestone to Shingles').click()
  await page.getByLabel('Milestone', { exact: true }).last().fill('New shingles on')
  await page.getByText('After Old shingles off').waitFor()
  await button('Add a draw').click()
  await button('Add a photo').click()
  await page.getByLabel('Photo', { exact: true }).fill('Front before')
  await look(dana, 'template')
  await button('Save the template').click()
  await page.getByRole('link', { name: 'New roof' }).waitFor()
})

test('a project from it has dates, and moves with a preview', async () => {
  await page.goto(`${home}/console/households?new=1`)
  await dialog().locator('[name=name]').fill('Ellery household')
  await dialog().locator('[name=address]').fill('14 Quillfeather Lane, Sampleton')
  await save('Add the household')
  await page.goto(`${home}/console/projects?new=1`)
  await dialog().locator('[name=name]').fill('Ellery roof')
  await dialog().locator('[name=household_id]').selectOption({ label: 'Ellery household' })
  await dialog().locator('[name=address]').fill('14 Quillfeather Lane, Sampleton')
  await dialog().locator('[name=template]').selectOption({ label: 'New roof' })
  await dialog().getByRole('button', { name: 'Add the project' }).click()
  await page.getByText('Step 1 of 2: Tear-off').waitFor()
  await look(dana, 'schedule')

  await button('Move a date').click()
  await dialog().getByRole('button', { name: '2 days' }).click()
  await dialog().getByText('2 milestones move').waitFor()
  await dialog().locator('[name=reason]').fill('The container comes later.')
  await look(dana, 'schedule-move')
  await save('Move 2 milestones')
  assert.equal(await page.locator('.pl-plan del').count() > 0, true, 'the old days stand struck beside the new ones')
})

test('work is begun, done, and not done after all', async () => {
  await button('Begin Old shingles off today').click()
  await button('Old shingles off is done today').click()
  await page.getByText('Step 2 of 2: Shingles').waitFor()
  await page.getByText(/about \d+ % done/).waitFor()
  await page.getByRole('button', { name: 'Undo' }).click()
  await page.getByText('Step 1 of 2: Tear-off').waitFor()
  await button('More for the plan').click()
  await page.getByRole('menuitem', { name: 'Add a phase' }).click()
  await dialog().locator('[name=name]').fill('Finish')
  await save('Add the phase')
  await button('Add a milestone to Finish').click()
  await dialog().locator('[name=name]').fill('Walk-through')
  await dialog().getByRole('button', { name: 'Wait for another one' }).click()
  await save('Add the milestone')
  await page.getByText('Step 1 of 3: Tear-off').waitFor()
  await look(dana, 'schedule-under-way')
})

test('the customer reads a sentence, and a place brings the weather', async () => {
  await button('Write your own').click()
  await dialog().locator('[name=headline]').fill('Your new roof is going on this week.')
  await dialog().getByRole('button', { name: 'Enter the coordinates' }).click()
  await dialog().locator('[name=coordinates]').fill('41.52, -74.02')
  await look(dana, 'project-details')
  await save('Save the details')
  await page.getByText('Your new roof is going on this week.').waitFor()
})

test('a visit is proposed, changed and called off', async () => {
  await page.getByRole('link', { name: 'Visits' }).last().click()
  await button('New visit').click()
  await dialog().locator('[name=title]').fill('Gutters go up')
  await dialog().locator('[name=visibility][value=client]').check()
  await save('Add the visit')
  await page.getByText('Waiting for an answer').waitFor()
  await button('Change Gutters go up').click()
  await dialog().locator('[name=until]').fill('12:30')
  await save('Save the visit')
  await page.getByText('8 am to 12:30 pm', { exact: true }).waitFor()
  await look(dana, 'visits')
  await button('Call Gutters go up off').click()
  await save('Call it off')
  await page.getByText('Called off', { exact: true }).waitFor()
})

test('the days of the company and what work bears are changed', async () => {
  await page.goto(`${home}/console/settings/working-days`)
  await page.getByLabel('Saturday').check()
  await page.locator('[name=day]').fill('2030-07-04')
  await page.locator('[name=name]').fill('Independence Day')
  await button('Add the day').click()
  await button('Save the working days').click()
  await page.getByText('The working days are saved').waitFor()
  await page.goto(`${home}/console/weather?show=rules`)
  await page.getByLabel('Roofing: more rain than, mm').fill('2,5')
  await button('Save the rules').click()
  await page.getByText('The rules are saved').waitFor()
  assert.equal(await page.getByLabel('Roofing: more rain than, mm').inputValue(), '2.5')
  await look(dana, 'weather-rules')
})
