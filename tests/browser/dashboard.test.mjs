// The dashboard in real windows: the ring moves while it is looked at, photos arrive and bad ones are explained, a laptop that slept is
// right after it wakes, and days are the company's days on every device.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { launch, look, person } from './lib/browser.mjs'
import { api, company, customer } from './lib/company.mjs'
import { corrupt, huge, jpegs, svg } from './lib/pictures.mjs'
import { start } from './lib/program.mjs'

const name = 'larkspur'
let program, browser, dana, margaret, project, schedule, home

before(async () => {
  program = await start()
  browser = await launch()
  dana = await company(program, browser, name)
  ;({ project, schedule, margaret, home } = await customer(program, browser, dana, name, { phone: true, dark: true }))
})

after(async () => {
  await browser?.close()
  await program?.stop()
})

/** Something that a reload would take away. */
const mark = (page) => page.evaluate(() => { window.notReloaded = true })
const marked = (page) => page.evaluate(() => window.notReloaded === true)

test('a milestone completed in the console moves the ring on the open portal, without a reload', async () => {
  const { page } = margaret
  await page.getByRole('img', { name: 'Step 1 of 3, about 0 percent done' }).waitFor()
  await look(margaret, 'dashboard-phone-dark')
  await mark(page)
  await dana.page.goto(`${home}/console/projects/${project.id}`)
  await dana.page.getByRole('button', { name: 'Old roof off, all of it', exact: false }).first().waitFor()
  await look(dana, 'console-schedule')
  await dana.page.getByRole('button', { name: 'Begin Old roof off, all of it today' }).click()
  await dana.page.getByRole('button', { name: 'Old roof off, all of it is done today' }).click()
  await page.getByRole('img', { name: 'Step 2 of 3, about 33 percent done' }).waitFor({ timeout: 10_000 })
  assert(await marked(page), 'the page was not loaded again')
  await look(margaret, 'dashboard-after-a-step')
})

test('twenty photos, of which three are none: seventeen arrive and three are explained', async () => {
  await margaret.page.goto(`${home}/projects/${project.id}/photos`)
  await mark(margaret.page)
  const good = await jpegs(dana.page, 17)
  await dana.page.goto(`${home}/console/projects/${project.id}/photos`)
  await dana.page.getByRole('button', { name: /Add (photos|the first photos)/ }).first().click()
  const box = dana.page.getByRole('dialog')
  await box.locator('input[aria-label=Photos]').setInputFiles([...good, corrupt(good[0]), huge(), svg()])
  await box.locator('input[type=radio][value=client]').check()
  await look(dana, 'photos-chosen')
  await box.locator('button[type=submit]').click()
  const items = async (state) => (await api(dana.page, 'GET', `/projects/${project.id}/photos?limit=100`)).items.filter((one) => one.state === state)
  const until = Date.now() + 90_000
  while (Date.now() < until && (await items('uploading')).length + (await items('ready')).length + (await items('failed')).length < 20) await dana.page.waitForTimeout(500)
  while (Date.now() < until && (await items('uploading')).length > 0) await dana.page.waitForTimeout(500)
  assert.equal((await items('ready')).length, 17)
  const failed = await items('failed')
  assert.deepEqual(failed.map((one) => one.file_name).sort(), ['corrupt.jpg', 'drawing.jpg', 'huge.png'])
  assert.equal(new Set(failed.map((one) => one.error)).size, 3, `each for its own reason: ${failed.map((one) => one.error)}`)
  for (const words of [/is damaged or was cut off/, /200 megapixels/, /is not a photo/]) await dana.page.getByText(words).first().waitFor({ timeout: 5_000 })
  await look(dana, 'photos-arrived')
  const grid = margaret.page.locator('.pl-photos img')
  await margaret.page.waitForFunction(() => document.querySelectorAll('.pl-photos img').length === 17, null, { timeout: 20_000 })
  assert.equal(await grid.count(), 17)
  assert(await marked(margaret.page), 'they came without a reload')
  await look(margaret, 'portal-photos')
  await grid.first().click()
  await margaret.page.waitForFunction(() => document.querySelector(':target img')?.naturalWidth > 0)
  await look(margaret, 'portal-lightbox')
})

test('a laptop that slept through fifty events is right after it wakes, without a reload', async () => {
  const sleeper = await person(browser)
  await sleeper.context.addCookies(await margaret.context.cookies())
  let asleep = false
  const sockets = new Set()
  await sleeper.page.routeWebSocket(/\/live/, (socket) => {
    if (asleep) return void socket.close()
    socket.connectToServer()
    sockets.add(socket)
  })
  await sleeper.page.goto(`${home}/`)
  await sleeper.page.getByText('Nothing written yet').waitFor()
  await mark(sleeper.page)
  asleep = true
  for (const socket of sockets) await socket.close()
  for (let n = 1; n <= 50; n += 1) {
    await api(dana.page, 'POST', `/projects/${project.id}/updates`, { visibility: n === 50 ? 'client' : n % 2 ? 'client' : 'internal', body: `Row ${n} of shingles is on.` })
  }
  assert.equal(await sleeper.page.getByText('of shingles is on').count(), 0)
  await sleeper.page.getByText('The connection is gone').waitFor({ timeout: 15_000 })
  asleep = false
  await sleeper.page.evaluate(() => dispatchEvent(new Event('online')))
  await sleeper.page.getByText('Row 50 of shingles is on.').waitFor({ timeout: 15_000 })
  assert.equal(await sleeper.page.getByText('The connection is gone').count(), 0)
  assert.equal(await sleeper.page.getByText('Row 48 of shingles').count(), 0, 'what is internal stays so')
  assert(await marked(sleeper.page))
  await look(sleeper, 'dashboard-after-sleep')
  await sleeper.context.close()
})

test('days are the company\'s days on every device', async () => {
  // Where the United States change their clocks in 2027: a day off by one would show on either side.
  const phase = schedule.phases.at(-1).id
  const names = ['Before the change', 'Of the change', 'After the change']
  const days = ['2027-03-13', '2027-03-14', '2027-03-15']
  for (const [n, day] of days.entries()) {
    await api(dana.page, 'POST', `/phases/${phase}/milestones`, { name: names[n], note: '', weight: 1, planned_start: day, planned_end: day, waits_for: [] })
  }
  const saved = await api(dana.page, 'GET', `/projects/${project.id}/schedule`)
  assert.deepEqual(saved.milestones.filter((one) => names.includes(one.name)).map((one) => one.planned_start), days)
  for (const timezoneId of ['Pacific/Auckland', 'Etc/GMT+12', 'America/New_York']) {
    for (const [cookies, path] of [[margaret, '/'], [dana, `/console/projects/${project.id}`]]) {
      const context = await browser.newContext({ timezoneId, viewport: { width: 1280, height: 900 } })
      await context.addCookies(await cookies.context.cookies())
      const page = await context.newPage()
      await page.goto(home + path)
      await page.getByText('Of the change').first().waitFor()
      const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ')
      for (const day of ['13', '14', '15']) assert.match(text, new RegExp(`Mar(ch)? ${day}`), `${timezoneId} ${path}`)
      await context.close()
    }
  }
})
