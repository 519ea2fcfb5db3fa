// The whole journey in real windows: a company signs up, its staff enter a customer and upload papers, the customer signs in
// by a real mail, reads on a phone in the dark, and the log tells of it. An operator sees the company.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { launch, look, person } from './lib/browser.mjs'
import { codeIn, linkIn, start } from './lib/program.mjs'

let program, browser, dana, home
const paper = Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(300_000, 'A contract of the browser test. ')])

before(async () => {
  program = await start()
  browser = await launch()
  dana = await person(browser)
  home = program.host('larkrise')
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

test('a company signs up, confirms by mail and stands in its console', async () => {
  const { page } = dana
  await page.goto(program.apex)
  await page.locator('[name=company]').fill('Larkrise Roofing')
  await page.locator('[name=subdomain]').fill('www')
  await page.locator('[name=name]').fill('Dana Whitlock')
  await page.locator('[name=email]').fill('dana@larkrise.example')
  await page.getByRole('button', { name: 'Set up my company' }).click()
  await page.getByText('This name is reserved').waitFor()
  await look(dana, 'signup-mistake')
  assert.equal(await page.locator('[name=name]').inputValue(), 'Dana Whitlock', 'nothing that was typed is lost')
  await page.locator('[name=subdomain]').fill('larkrise')
  await page.getByRole('button', { name: 'Set up my company' }).click()
  await page.waitForLoadState()
  await look(dana, 'signup-sent')

  const mail = await program.mail('dana@larkrise.example', /Larkrise/)
  const link = linkIn(mail, '/signup/confirm/')
  await fetch(link)
  await page.goto(link)
  await look(dana, 'signup-confirm')
  await page.locator('main form button').first().click()
  await page.locator('form[action*="hand-over"] button').click({ timeout: 60_000 })
  await page.waitForURL(`${home}/console/`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await look(dana, 'console-start')
})

async function dialog(open, values, submit) {
  const { page } = dana
  await page.getByRole('button', { name: open, exact: true }).first().click()
  const box = page.getByRole('dialog')
  for (const [name, value] of Object.entries(values)) {
    const field = box.locator(`[name="${name}"]`)
    if ((await field.first().getAttribute('type')) === 'radio') await box.locator(`[name="${name}"][value="${value}"]`).check()
    else if (await field.evaluate((e) => e.tagName === 'SELECT')) {
      const option = field.locator('option', { hasText: value })
      await option.waitFor({ state: 'attached' })
      await field.selectOption(await option.getAttribute('value'))
    }
    else await field.fill(value)
  }
  await look(dana, `dialog-${submit.toLowerCase().replaceAll(' ', '-')}`)
  await box.locator('button[type=submit]').click()
  await box.waitFor({ state: 'hidden' })
}

test('staff enter a customer, a household and a project', async () => {
  const { page } = dana
  await page.goto(`${home}/console/customers`)
  await page.getByText('No customers yet').waitFor()
  await look(dana, 'customers-empty')
  await dialog('New customer', { name: 'Margaret Ellery', email: 'margaret@ellery.example' }, 'Add the customer')
  await page.goto(`${home}/console/households`)
  await dialog('New household', { name: 'Ellery household', address: '14 Quillfeather Lane, Sampleton' }, 'Add the household')
  await page.getByRole('heading', { name: 'People' }).waitFor()
  await dialog('Add a person', { customer_id: 'Margaret Ellery', role: 'signer' }, 'Add')
  await look(dana, 'household')
  await page.goto(`${home}/console/projects`)
  await dialog('New project', { name: 'New roof', household_id: 'Ellery household', address: '14 Quillfeather Lane, Sampleton' }, 'Add the project')
  await page.getByRole('heading', { name: /What .* sees now/ }).waitFor()
  await look(dana, 'project-empty')
})

async function upload(name, kind, visibility) {
  const { page } = dana
  await page.getByRole('link', { name: /^Documents\s*\d/ }).click()
  await page.getByRole('button', { name: /Add (documents|the first document)/ }).first().click()
  const box = page.getByRole('dialog')
  await box.locator(`[name=visibility][value=${visibility}]`).check()
  await box.locator('select[name=kind]').selectOption(kind)
  await box.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/pdf', buffer: paper })
  await look(dana, `upload-${visibility}`)
  await box.locator('button[type=submit]').click()
  await page.getByText('Uploaded', { exact: true }).first().waitFor({ timeout: 30_000 })
  await page.getByRole('button', { name: 'Clear this list' }).click()
}

test('they upload a contract for the customer and a note for themselves', async () => {
  await upload('Roof contract.pdf', 'contract', 'client')
  await upload('Margin notes.pdf', 'other', 'internal')
  await look(dana, 'project-documents')
})

test('the customer is invited, signs in by mail and reads the contract on a phone in the dark', async () => {
  const { page } = dana
  await page.goto(`${home}/console/customers`)
  await page.getByRole('link', { name: 'Margaret Ellery' }).first().click()
  await page.getByRole('button', { name: /invitation|Invite/i }).first().click()
  const invitation = await program.mail('margaret@ellery.example', /./)

  const margaret = await person(browser, { phone: true, dark: true })
  await margaret.page.goto(linkIn(invitation, '/invitation/'))
  await look(margaret, 'invitation')
  await margaret.page.locator('main form button').first().click()
  await margaret.page.getByRole('heading', { name: 'Check your mail' }).waitFor()
  await look(margaret, 'sign-in-sent')
  const mail = await program.mail('margaret@ellery.example', /sign|code|number/i)
  const link = linkIn(mail, '/sign-in/')

  // A scanner that runs a whole browser, opens the link and waits: nothing happens.
  const scanner = await person(browser)
  await scanner.page.goto(link)
  await look(scanner, 'sign-in-other-browser')
  await scanner.page.waitForTimeout(2_000)
  assert.deepEqual((await scanner.context.cookies()).filter((c) => /customer/.test(c.name)), [])

  await margaret.page.goto(link)
  await look(margaret, 'sign-in-link')
  await margaret.page.getByRole('button', { name: 'Sign in' }).click()
  await margaret.page.waitForURL(`${home}/`)
  await look(margaret, 'portal-home')
  const text = await margaret.page.locator('main').innerText()
  assert.match(text, /Roof contract/)
  assert.doesNotMatch(text, /Margin notes/)

  await margaret.page.getByRole('link', { name: /documents|papers/i }).first().click()
  await look(margaret, 'portal-documents')
  const waiting = margaret.page.waitForEvent('download')
  await margaret.page.getByRole('link', { name: /Download/ }).first().click()
  const bytes = await readFile(await (await waiting).path())
  assert(bytes.equals(paper), 'what comes out is what went in')

  await margaret.page.goto(`${home}/devices`)
  await look(margaret, 'portal-devices')
  await margaret.page.goto(`${home}/projects/00000000-0000-7000-8000-000000000000`)
  await look(margaret, 'portal-not-found')
  await scanner.page.goto(link)
  await look(scanner, 'sign-in-used')
})

test('the log tells who read what, and its chain is whole', async () => {
  const { page } = dana
  await page.goto(`${home}/console/audit`)
  await page.getByText('The log is whole').waitFor()
  await page.getByText(/read Roof contract, version 1/).first().waitFor()
  await look(dana, 'audit')
})

test('every console page stands on a phone in the dark', async () => {
  const phone = await person(browser, { phone: true, dark: true })
  await phone.context.addCookies(await dana.context.cookies())
  for (const name of ['', 'projects', 'customers', 'households', 'documents', 'team', 'branding', 'audit', 'devices']) {
    await phone.page.goto(`${home}/console/${name}`)
    await phone.page.getByRole('heading', { level: 1 }).waitFor()
    await phone.page.waitForLoadState('networkidle')
    await look(phone, `phone-${name || 'start'}`)
  }
  await phone.context.close()
})

test('staff add a passkey, sign out, and sign in with it', async () => {
  const { page, context } = dana
  const device = await context.newCDPSession(page)
  await device.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  await device.send('WebAuthn.addVirtualAuthenticator', { options })
  await page.goto(`${home}/console/devices`)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog').locator('[name=passkey]').fill('Office laptop')
  await page.getByRole('dialog').locator('button[type=submit]').click()
  await page.getByText('Office laptop').first().waitFor()
  await look(dana, 'passkey')
  await context.clearCookies()
  await page.goto(`${home}/console/sign-in`)
  await look(dana, 'console-sign-in')
  const button = page.getByRole('button', { name: 'Use a passkey' })
  if (await button.isVisible().catch(() => false)) await button.click().catch(() => {})
  await page.waitForURL(`${home}/console/`, { timeout: 15_000 })
})

test('an operator signs in with the code and sees the company', async () => {
  const robin = await person(browser)
  await robin.page.goto(`${program.apex}/operator/`)
  await robin.page.locator('[name=email]').fill('operator@localhost.example')
  await robin.page.getByRole('button', { name: 'Send me a link' }).click()
  const mail = await program.mail('operator@localhost.example', /./)
  await robin.page.locator('[name=code]').fill(codeIn(mail))
  await robin.page.getByRole('button', { name: 'Sign in' }).click()
  await robin.page.getByText('Larkrise Roofing').first().waitFor()
  await look(robin, 'operator-tenants')
})
