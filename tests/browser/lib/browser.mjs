// Chromium, with axe on every page that a test stops at, and an ear for script errors and requests to elsewhere.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const paths = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const args = ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic']
const shots = process.env.SHOTS

/** A browser; closed by the test that opened it. */
export async function launch() {
  const executablePath = paths.find((path) => path && existsSync(path))
  assert(executablePath, 'no Chromium: set CHROMIUM to one')
  return chromium.launch({ executablePath, args })
}

/** A person's window: a context of its own, so cookies of its own. `phone` and `dark` as asked. */
export async function person(browser, { phone = false, dark = false } = {}) {
  const context = await browser.newContext({
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    isMobile: phone,
    hasTouch: phone,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints = []
  page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`))
  page.on('console', (line) => line.type() === 'error' && /Content Security Policy|Refused/.test(line.text()) && complaints.push(line.text()))
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && !/(^|\.)localhost$/.test(url.hostname) && url.hostname !== '127.0.0.1') complaints.push(`left this machine: ${url}`)
  })
  return { context, page, complaints }
}

/**
 * Stops at a page: nothing to complain, no violation of WCAG 2.2 AA, no sideways scroll; a picture where SHOTS says. `frames: false` leaves
 * out what is in frames: axe waits for ever for an answer from one in which no script may run.
 */
export async function look({ page, complaints }, name, { frames = true } = {}) {
  if (shots) {
    mkdirSync(shots, { recursive: true })
    await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }
  assert.deepEqual(complaints, [], name)
  const builder = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
  const axe = await (frames ? builder : builder.setLegacyMode().options({ iframes: false })).analyze()
  const found = axe.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)
  assert.deepEqual(found, [], `axe on ${name}`)
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert(sideways <= 0, `${name} scrolls sideways by ${sideways} px`)
}
