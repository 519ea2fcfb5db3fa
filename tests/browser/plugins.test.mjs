// A plugin from its file to a paper on the customer's phone, by the console's own buttons; and the screens of documents and texts that
// no other test stops at.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launch, look, person } from './lib/browser.mjs'
import { api, company, customer } from './lib/company.mjs'
import { codeIn, start } from './lib/program.mjs'

const example = (name) => new URL(`../../plugins/examples/${name}/${name}.wasm`, import.meta.url)
let program, browser, dana, house, home

before(async () => {
  program = await start()
  browser = await launch()
  dana = await company(program, browser, 'plugged')
  house = await customer(program, browser, dana, 'plugged', { phone: true, dark: true })
  home = program.host('plugged')
  const [first] = house.schedule.milestones
  await api(dana.page, 'PUT', `/milestones/${first.id}/completion`, { day: null })
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

async function upload(name) {
  const { page } = dana
  await page.goto(`${home}/console/plugins`)
  await page.locator('input[type=file]').setInputFiles({ name: `${name}.wasm`, mimeType: 'application/wasm', buffer: await readFile(example(name)) })
  await page.getByRole('heading', { level: 3, name: 'What it cannot do' }).waitFor({ timeout: 120_000 })
}

test('a file that is no plugin is refused in words', async () => {
  const { page } = dana
  await page.goto(`${home}/console/plugins`)
  await page.getByRole('heading', { level: 1, name: /Plugins/ }).waitFor()
  await look(dana, 'plugins-empty')
  await page.locator('input[type=file]').setInputFiles({ name: 'holiday.wasm', mimeType: 'application/wasm', buffer: Buffer.from('GIF89a') })
  await page.getByText('This is not a WebAssembly file').waitFor()
  await look(dana, 'plugins-refused')
})

test('a warranty plugin is allowed, tried and turned on', async () => {
  const { page } = dana
  await upload('roofing-warranty')
  await look(dana, 'plugin-prompt')
  await page.getByRole('button', { name: 'Allow and use 1.0.0' }).click()
  await page.getByRole('button', { name: 'Allow and use 1.0.0' }).waitFor({ state: 'hidden' })
  await page.getByRole('checkbox', { name: /^Roofing warranty/ }).check()
  await look(dana, 'plugin-when')
  await page.getByRole('button', { name: 'Save and turn on' }).click()
  await page.getByText('is on.').first().waitFor()
  await page.getByRole('link', { name: 'Settings', exact: true }).last().click()
  await page.getByLabel('Manufacturer of the shingles').fill('North Ridge Works')
  await look(dana, 'plugin-settings')
  await page.getByRole('button', { name: /^Save/ }).first().click()
  await page.getByRole('link', { name: 'Try it' }).click()
  await page.getByRole('button', { name: 'Try it' }).click()
  await page.getByRole('region', { name: 'What came of it' }).waitFor({ timeout: 60_000 })
  await page.getByText('Finished', { exact: true }).first().waitFor()
  await look(dana, 'plugin-tried')
})

test('its warranty is on the customer\'s phone', async () => {
  const asked = await api(dana.page, 'POST', `/projects/${house.project.id}/generated-documents`, { kind: 'warranty', visibility: 'client' })
  let made = asked
  for (let n = 0; n < 120 && !['ready', 'failed'].includes(made.state); n += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    made = await api(dana.page, 'GET', `/generated-documents/${asked.id}`)
  }
  assert.equal(`${made.state}: ${made.reason}`, 'ready: Made by the plugin Roofing warranty.')
  const { page } = house.margaret
  await page.goto(`${home}/projects/${house.project.id}/documents`)
  await page.getByText(made.number).first().waitFor()
  await look(house.margaret, 'portal-documents-with-warranty')
  const [paper] = await Promise.all([page.waitForEvent('download'), page.locator('a[href*="/file"]').first().click()])
  assert.match((await readFile(await paper.path())).subarray(0, 8).toString('latin1'), /^%PDF-1/)
  await dana.page.goto(`${home}/console/plugins`)
  await dana.page.getByRole('link', { name: 'Roofing warranty' }).first().click()
  await dana.page.getByRole('link', { name: 'Runs' }).click()
  await dana.page.getByText('Finished', { exact: true }).first().waitFor()
  await look(dana, 'plugin-runs')
  await dana.page.getByRole('link', { name: 'Versions' }).click()
  await look(dana, 'plugin-versions')
  // Anybody who has the paper sees whether it is genuine.
  await page.goto(made.verify_url)
  await look(house.margaret, 'verify')
})

test('a plugin with secrets is looked at on a phone', async () => {
  await upload('milestone-letter')
  await dana.page.setViewportSize({ width: 390, height: 844 })
  await look(dana, 'plugin-prompt-phone')
  await dana.page.getByRole('button', { name: 'Allow and use 1.0.0' }).click()
  await dana.page.getByText('Before it can do its work').waitFor()
  await dana.page.getByRole('link', { name: 'Settings', exact: true }).last().click()
  await dana.page.getByText('Chat token').first().waitFor()
  await look(dana, 'plugin-secrets-phone')
  await dana.page.setViewportSize({ width: 1280, height: 800 })
})

test('the screens of documents and of texts of one\'s own', async () => {
  const { page } = dana
  await page.goto(`${home}/console/settings/documents`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.getByText('Warranty').first().waitFor()
  await look(dana, 'document-settings')
  await page.goto(`${home}/console/settings/templates`)
  await page.getByText('Invitation').first().waitFor()
  await look(dana, 'texts')
  await page.getByRole('link', { name: /Invitation/ }).first().click()
  await page.locator('.cm-editor, textarea').first().waitFor()
  await look(dana, 'text-editor', { frames: false })
})

test('an operator sees the plugins of all companies', async () => {
  const olga = await person(browser, { dark: true })
  await olga.page.goto(`${program.apex}/operator/`)
  await olga.page.locator('[name=email]').fill('operator@localhost.example')
  await olga.page.getByRole('button', { name: 'Send me a link' }).click()
  await olga.page.locator('[name=code]').fill(codeIn(await program.mail('operator@localhost.example', /./)))
  await olga.page.getByRole('button', { name: 'Sign in' }).click()
  await olga.page.getByText('Larkrise Roofing').first().waitFor()
  await olga.page.goto(`${program.apex}/operator/plugins`)
  await olga.page.getByText('Roofing warranty').first().waitFor()
  await look(olga, 'operator-plugins')
})
