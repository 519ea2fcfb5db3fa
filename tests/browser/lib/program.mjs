// Starts the built program with all its local services on free ports in a fresh folder, and reads its mailbox.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const target = process.env.CARGO_TARGET_DIR ?? resolve(import.meta.dirname, '../../../target')
const binary = process.env.PLUMBLINE_BIN ?? join(target, 'debug/platform')

async function freePort() {
  const server = createServer()
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  await new Promise((done) => server.close(done))
  return port
}

/** A running program: its addresses, its mails, its end. */
export async function start(...args) {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-browser-'))
  await chmod(folder, 0o755)
  const [port, mailPort] = [await freePort(), await freePort()]
  const command = ['dev', '--data', join(folder, 'data'), '--port', String(port), '--mailbox-port', String(mailPort), ...args]
  const child = spawn(binary, command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const ready = new Promise((done, failed) => {
    const take = (chunk) => {
      output += chunk
      if (output.includes('Ctrl-C stops everything')) done()
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('exit', (code) => failed(new Error(`the program ended with ${code}:\n${output}`)))
  })
  await ready
  const mailbox = `http://127.0.0.1:${mailPort}`
  return {
    apex: `http://localhost:${port}`,
    host: (subdomain) => `http://${subdomain}.localhost:${port}`,
    mailbox,
    output: () => output,
    mail: (address, about) => waitForMail(mailbox, address, about),
    async stop() {
      const ended = new Promise((done) => child.on('exit', done))
      child.removeAllListeners('exit')
      child.on('exit', () => {})
      child.kill('SIGINT')
      await Promise.race([ended, new Promise((done) => child.on('exit', done)), new Promise((done) => setTimeout(done, 20_000))])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The newest mail to an address whose subject fits; waits for it. */
async function waitForMail(mailbox, address, about) {
  const until = Date.now() + 30_000
  while (Date.now() < until) {
    const answer = await fetch(`${mailbox}/api/mails?to=${encodeURIComponent(address)}`)
    const { items } = await answer.json()
    const mail = items.find((m) => about.test(m.subject))
    if (mail) return mail
    await new Promise((done) => setTimeout(done, 200))
  }
  throw new Error(`no mail to ${address} about ${about}`)
}

/** The link in a mail whose path begins so. */
export function linkIn(mail, path) {
  const link = mail.links.find((l) => new URL(l).pathname.startsWith(path))
  if (!link) throw new Error(`no link to ${path} in: ${mail.links.join(' ')}`)
  return link
}

/** The six digits of a sign-in mail. */
export function codeIn(mail) {
  const code = /\b(\d{3})\s?(\d{3})\b/.exec(mail.text)
  if (!code) throw new Error(`no code in: ${mail.text}`)
  return code[1] + code[2]
}
