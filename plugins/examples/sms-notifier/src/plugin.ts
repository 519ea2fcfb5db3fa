// An example: text messages by an SMS gateway. The host sends the requests and puts the gateway's token in; this never sees it.
import { write } from 'plumbline:plugin/log@1.0.0'
import { open } from 'plumbline:plugin/projects@1.0.0'
import type { Message, Notifications } from 'plumbline:plugin/notifications@1.0.0'

interface Settings { sender: string; signers_only: boolean }

// What fits into one text message.
const MOST = 160

export const notifications: Notifications = {
  notify(event, settings) {
    const { sender, signers_only } = JSON.parse(settings) as Settings
    if (!event.projectId) return []
    const project = open(event.projectId)
    const name = project.details().name
    const people = project.household().filter((person) => person.phone !== '' && (!signers_only || person.role === 'signer'))
    if (people.length === 0) {
      write('warning', `nobody of ${name} has a phone number`)
      const text = `Nobody of ${name} has a phone number, so no text message was sent: ${event.summary}`
      return [{ tag: 'notice', val: { title: 'No text message', text } }]
    }
    return people.map((person) => textMessage(sender, person.phone, `${name}: ${event.summary}`, event.id))
  },
}

function textMessage(from: string, to: string, text: string, key: string): Message {
  const body = { from, to, text: text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text }
  return {
    tag: 'webhook',
    val: {
      method: 'post',
      url: 'https://api.textgateway.example/v1/messages',
      // Sent again after a failure, the gateway knows it by its key.
      headers: [{ name: 'content-type', value: 'application/json' }, { name: 'idempotency-key', value: `${key}-${to}` }],
      secretHeaders: [{ name: 'authorization', prefix: 'Bearer ', secret: 'gateway-token' }],
      body: new TextEncoder().encode(JSON.stringify(body)),
    },
  }
}
