// Development only: the live socket of the demo. It says hello and then keeps quiet.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'

/** Answers the upgrade of /api/v1/live; everything else is somebody else's. */
export function upgrade(request: IncomingMessage, socket: Duplex): void {
  if (!request.url?.startsWith('/api/v1/live')) return
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key'] ?? ''}${GUID}`).digest('base64')
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`)
  const text = Buffer.from(JSON.stringify({ type: 'hello', cursor: 1 }))
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]))
  socket.on('error', () => socket.destroy())
  socket.on('data', (data: Buffer) => { if (((data[0] ?? 0) & 0x0f) === 8) socket.end() })
}
