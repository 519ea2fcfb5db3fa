// A company with an owner in her console and a customer on his phone, made by the product's own ways and quickly.
import assert from 'node:assert/strict'
import { person } from './browser.mjs'
import { linkIn } from './program.mjs'

/** Calls the API from a page of the console, as its scripts do. */
export function api(page, method, path, body) {
  return page.evaluate(async ([method, path, body]) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID()
    const answer = await fetch(`/api/v1${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text && JSON.parse(text)
  }, [method, path, body])
}

/** The owner of a new company, in her console. */
export async function company(program, browser, subdomain) {
  const dana = await person(browser)
  const { page } = dana
  const email = `dana@${subdomain}.example`
  await page.goto(program.apex)
  await page.locator('[name=company]').fill('Larkrise Roofing')
  await page.locator('[name=subdomain]').fill(subdomain)
  await page.locator('[name=name]').fill('Dana Whitlock')
  await page.locator('[name=email]').fill(email)
  await page.getByRole('button', { name: 'Set up my company' }).click()
  await page.goto(linkIn(await program.mail(email, /Set up/), '/signup/confirm/'))
  await page.locator('main form button').first().click()
  await page.locator('form[action*="hand-over"] button').click({ timeout: 60_000 })
  await page.waitForURL(`${program.host(subdomain)}/console/`)
  return dana
}

/** A customer with a household and a project of three steps, signed in by mail; the project, and the customer's window. */
export async function customer(program, browser, { page }, subdomain, options) {
  const home = program.host(subdomain)
  const email = `margaret@${subdomain}.example`
  const { id: member } = await api(page, 'POST', '/customers', { name: 'Margaret Ellery', email })
  const household = await api(page, 'POST', '/households', {
    name: 'Ellery household', address: '14 Quillfeather Lane, Sampleton', members: [{ customer_id: member, role: 'signer' }],
  })
  const project = await api(page, 'POST', '/projects', { name: 'New roof', address: household.address, household_id: household.id, status: 'active' })
  const start = new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10)
  let schedule
  for (const name of ['Old roof off', 'Shingles', 'Gutters']) {
    schedule = await api(page, 'POST', `/projects/${project.id}/phases`, { name, weight: 1 })
    const phase = schedule.phases.find((one) => one.name === name)
    schedule = await api(page, 'POST', `/phases/${phase.id}/milestones`, {
      name: `${name}, all of it`, note: '', weight: 1, planned_start: start, planned_end: start, waits_for: [],
    })
  }
  const margaret = await person(browser, options)
  await margaret.page.goto(`${home}/sign-in`)
  await margaret.page.locator('[name=email]').fill(email)
  await margaret.page.locator('main form button').first().click()
  const mail = await program.mail(email, /sign in/)
  await margaret.page.goto(linkIn(mail, '/sign-in/'))
  await margaret.page.getByRole('button', { name: 'Sign in' }).click()
  await margaret.page.waitForURL(`${home}/`)
  assert.match(await margaret.page.locator('main').innerText(), /New roof/)
  return { project, schedule, margaret, home }
}
