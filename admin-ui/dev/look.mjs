// Pictures and axe of every page on the demo data: `npm run build && npm run preview:mock`, then `npm run look`.
// LOOK=projects,start limits the pages; AXE=0 leaves axe out. Pictures land in .shots/.
import { mkdirSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const base = process.env.BASE ?? 'http://127.0.0.1:5199'
const id = (n) => `0190a000-0000-7000-8000-${String(n).padStart(12, '0')}`
/** The smallest PNG there is, under several names; two of them are refused. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64')
const picked = ['IMG_3001.png', 'IMG_3002.png', 'IMG_3003.png', 'logo svg.png', 'flaky.png'].map((name) => ({ name, mimeType: 'image/png', buffer: png }))
const pages = {
  start: ['/console/'],
  projects: ['/console/projects'],
  'projects-peek': ['/console/projects', async (p) => { await p.keyboard.press('j'); await p.keyboard.press(' ') }],
  project: [`/console/projects/${id(300)}`],
  photos: [`/console/projects/${id(300)}/photos`],
  'photos-select': [`/console/projects/${id(300)}/photos`, async (p) => { await p.getByRole('button', { name: 'Select' }).click(); await p.locator('.pl-photo input').nth(1).check(); await p.locator('.pl-photo input').nth(3).check() }],
  'photos-pairing': [`/console/projects/${id(300)}/photos`, async (p) => { await p.getByRole('button', { name: 'Select' }).click(); await p.locator('.pl-photo input').nth(1).check(); await p.locator('.pl-photo input').nth(9).check(); await p.getByRole('button', { name: 'Before and after' }).click() }],
  'photos-add': [`/console/projects/${id(300)}/photos`, async (p) => { await p.getByRole('button', { name: 'Add photos' }).click(); await p.getByLabel('Photos', { exact: true }).setInputFiles(picked); await p.waitForTimeout(600) }],
  'photos-uploads': [`/console/projects/${id(300)}/photos`, async (p) => { await p.getByRole('button', { name: 'Add photos' }).click(); await p.getByLabel('Photos', { exact: true }).setInputFiles(picked); await p.getByText('Only your team').last().click(); await p.getByRole('button', { name: /^Add \d+ photos/ }).click(); await p.waitForTimeout(900) }],
  'photo': [`/console/projects/${id(300)}/photos?photo=${id(2205)}`],
  'photo-change': [`/console/projects/${id(300)}/photos?photo=${id(2204)}`, async (p) => p.locator('.pl-lightbox').getByRole('button', { name: 'Change', exact: true }).click()],
  'photo-draw': [`/console/projects/${id(300)}/photos?photo=${id(2205)}`, async (p) => { await p.getByRole('button', { name: 'Change the drawing' }).click(); await p.locator('.pl-markup .shape').first().focus() }],
  'photo-pairs': [`/console/projects/${id(300)}/photos?show=pairs`],
  'photo-shots': [`/console/projects/${id(300)}/photos?show=shots`],
  'photo-shots-edit': [`/console/projects/${id(300)}/photos?show=shots`, async (p) => p.getByRole('button', { name: 'Change the list' }).click()],
  'photos-empty': [`/console/projects/${id(304)}/photos`],
  updates: [`/console/projects/${id(300)}/updates`],
  'updates-write': [`/console/projects/${id(300)}/updates`, async (p) => { await p.getByLabel('What was done today').fill('The north side is closed.'); await p.getByLabel('Photos of the update').setInputFiles(picked); await p.getByRole('button', { name: 'Post with 5 photos' }).click(); await p.waitForTimeout(300) }],
  'updates-change': [`/console/projects/${id(300)}/updates`, async (p) => p.locator('.pl-update').first().getByRole('button', { name: 'Change' }).click()],
  'updates-empty': [`/console/projects/${id(304)}/updates`],
  history: [`/console/projects/${id(300)}/history`],
  'history-empty': [`/console/projects/${id(304)}/history`],
  'photo-settings': ['/console/settings/photos'],
  'schedule-below': [`/console/projects/${id(300)}`, async (p) => p.locator('.pl-legend').evaluate((e) => e.scrollIntoView())],
  'schedule-end': [`/console/projects/${id(300)}`, async (p) => p.locator('#weather-head').evaluate((e) => e.scrollIntoView({ block: 'center' }))],
  'schedule-move': [`/console/projects/${id(300)}`, async (p) => { await p.getByRole('button', { name: 'Move a date' }).click(); await p.getByRole('button', { name: '2 days' }).click(); await p.waitForTimeout(700) }],
  'schedule-milestone': [`/console/projects/${id(300)}`, async (p) => p.locator('.g-row .t').nth(5).click()],
  'schedule-add': [`/console/projects/${id(300)}`, async (p) => { await p.getByRole('button', { name: 'Milestone', exact: true }).click(); await p.getByRole('button', { name: 'Wait for another one' }).click() }],
  'schedule-draws': [`/console/projects/${id(300)}`, async (p) => p.getByRole('button', { name: 'Change the draws' }).click()],
  'schedule-empty': [`/console/projects/${id(306)}`],
  'schedule-template': [`/console/projects/${id(306)}`, async (p) => { await p.getByRole('button', { name: 'Apply a template' }).click(); await p.waitForTimeout(300) }],
  'project-details': [`/console/projects/${id(300)}`, async (p) => { await p.getByRole('button', { name: 'Edit this sentence' }).click(); await p.getByLabel('Search for the town').fill('samp'); await p.waitForTimeout(700) }],
  visits: [`/console/projects/${id(300)}/visits`],
  'visits-new': [`/console/projects/${id(300)}/visits`, async (p) => p.getByRole('button', { name: 'New visit' }).click()],
  'visits-move': [`/console/projects/${id(300)}/visits`, async (p) => p.getByRole('button', { name: 'Propose another time' }).click()],
  'visits-week': ['/console/visits'],
  templates: ['/console/templates'],
  template: ['/console/templates', async (p) => { await p.getByRole('link', { name: 'Roof replacement' }).click(); await p.locator('.pl-tm .waits').nth(2).click() }],
  'template-new': ['/console/templates/new'],
  weather: ['/console/weather'],
  'weather-decided': ['/console/weather?show=decided'],
  'weather-rules': ['/console/weather?show=rules'],
  'working-days': ['/console/settings/working-days'],
  'documents-settings': ['/console/settings/documents'],
  'documents-settings-preview': ['/console/settings/documents', async (p) => { await p.getByRole('button', { name: 'Preview' }).click(); await p.waitForTimeout(1800) }],
  'documents-settings-texts': ['/console/settings/documents', async (p) => p.getByLabel('Your promise').evaluate((e) => e.scrollIntoView({ block: 'center' }))],
  'make-document': [`/console/projects/${id(300)}/documents`, async (p) => { await p.getByRole('button', { name: 'Make a document' }).click(); await p.waitForTimeout(300) }],
  'make-document-preview': [`/console/projects/${id(300)}/documents`, async (p) => { await p.getByRole('button', { name: 'Make a document' }).click(); await p.getByText('Progress report', { exact: true }).click(); await p.getByRole('button', { name: 'Preview' }).click(); await p.waitForTimeout(1800) }],
  'generated-document': [`/console/projects/${id(300)}/documents`, async (p) => p.getByRole('button', { name: 'Shingle warranty, draft' }).first().click()],
  'project-documents': [`/console/projects/${id(300)}/documents`],
  document: [`/console/projects/${id(300)}/documents`, async (p) => p.locator('.pl-table button.t').first().click()],
  add: [`/console/projects/${id(300)}/documents`, async (p) => p.getByRole('button', { name: 'Add documents' }).click()],
  'new-project': ['/console/projects?new=1'],
  customers: ['/console/customers'],
  customer: [`/console/customers/${id(203)}`],
  households: ['/console/households'],
  household: [`/console/households/${id(100)}`],
  documents: ['/console/documents'],
  team: ['/console/team'],
  'team-peek': ['/console/team', async (p) => p.locator('.pl-table button.t').nth(3).click()],
  branding: ['/console/branding'],
  overrides: ['/console/settings/templates'],
  override: ['/console/settings/templates/home'],
  'override-flaw': ['/console/settings/templates/home', async (p) => { await p.locator('.cm-content').click(); await p.keyboard.press('Control+Home'); await p.keyboard.type('<script>\n'); await p.waitForTimeout(1000); await p.getByRole('button', { name: /to put right/ }).click() }],
  'override-versions': ['/console/settings/templates/home', async (p) => { await p.getByRole('button', { name: 'Versions', exact: true }).click(); await p.getByRole('button', { name: 'See the changes of version 3' }).click(); await p.waitForTimeout(400); await p.locator('.pl-tversions').evaluate((e) => e.scrollIntoView()) }],
  'override-mail': ['/console/settings/templates/mail_invitation'],
  'override-broken': ['/console/settings/templates/visits'],
  audit: ['/console/audit'],
  'audit-peek': ['/console/audit', async (p) => p.locator('.pl-table button.t').first().click()],
  devices: ['/console/devices'],
  palette: ['/console/projects', async (p) => { await p.keyboard.press('Control+k'); await p.waitForTimeout(400) }],
  keys: ['/console/projects', async (p) => p.keyboard.press('?')],
  empty: ['/console/projects', async (p) => { await p.getByLabel('Search projects').fill('nothing like it'); await p.waitForTimeout(500) }],
  problem: ['/console/projects', async (p) => { await p.getByLabel('Search projects').fill('problem'); await p.waitForTimeout(500) }],
  'not-found': ['/console/nowhere'],
  tenants: ['/operator/tenants'],
  'tenants-peek': ['/operator/tenants', async (p) => p.locator('.pl-table button.t').first().click()],
  'operator-audit': ['/operator/audit'],
  'link': ['/console/sign-in/abc'],
  'link-code': ['/console/sign-in/other', async (p) => p.getByRole('button', { name: 'Sign in' }).click()],
  'link-used': ['/console/sign-in/used', async (p) => p.getByRole('button', { name: 'Sign in' }).click()],
  'sign-in': ['/console/sign-in', null, 'out'],
  'sign-in-code': ['/console/sign-in', async (p) => { await p.getByLabel('Your work mail address').fill('dana@larkrise.example'); await p.getByRole('button', { name: 'Send me a link' }).click(); await p.getByRole('button', { name: 'Sign in' }).click() }, 'out'],
  'operator-sign-in': ['/operator/sign-in', null, 'out'],
}
const wanted = process.env.LOOK?.split(',') ?? Object.keys(pages)
const modes = (process.env.MODES ?? 'light:1280,dark:1280,light:390,dark:390').split(',').map((mode) => mode.split(':'))
mkdirSync('.shots', { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--force-color-profile=srgb'] })
let bad = 0
for (const [theme, width] of modes) {
  for (const name of wanted) {
    const [path, act, out] = pages[name]
    await fetch(`${base}/mock/${out ? 'sign-out' : 'sign-in'}`)
    const context = await browser.newContext({ viewport: { width: Number(width), height: 860 }, colorScheme: theme, reducedMotion: 'reduce' })
    const page = await context.newPage()
    const report = (kind, words) => { bad += 1; console.log(`${name} ${theme} ${width} ${kind}: ${words}`) }
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type()) && !/status of (4|5)\d\d|WebSocket connection/.test(message.text())) report('console', message.text().slice(0, 300)) })
    page.on('pageerror', (error) => report('error', error.message))
    page.on('request', (request) => { if (!request.url().startsWith(base) && !/^(data|blob|chrome|chrome-extension):/.test(request.url())) report('outside', request.url()) })
    try {
      await page.goto(base + path, { waitUntil: 'networkidle', timeout: 60_000 })
      if (act) { await act(page); await page.waitForTimeout(350) }
      await page.evaluate(() => document.fonts.ready)
      await page.screenshot({ path: `.shots/${name}-${theme}-${width}.png`, fullPage: false })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) report('wide', `${wide} px too wide`)
      if (process.env.AXE !== '0') {
        // The phone's tab bar floats over the page; what it covers at this scroll position is not too small.
        await page.evaluate(() => document.querySelector('.pl-tabbar')?.style.setProperty('position', 'static'))
        // No script runs in the preview's frame, so axe's cannot; the pages in it have a look of their own.
        await page.evaluate(() => document.querySelectorAll('iframe[sandbox]').forEach((frame) => frame.remove()))
        const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
        for (const violation of result.violations) report('axe', `${violation.id} x${violation.nodes.length}: ${violation.nodes.slice(0, 2).map((node) => node.target.join(' ') + ' | ' + (node.any[0] ?? node.all[0] ?? node.none[0])?.message?.slice(0, 140)).join(' || ')}`)
      }
    } catch (error) {
      report('failed', String(error).slice(0, 300))
    }
    await context.close()
  }
}
await browser.close()
console.log(bad === 0 ? `${wanted.length * modes.length} looks, nothing to report` : `${bad} things to report`)
process.exitCode = bad === 0 ? 0 : 1
