// Photos for the tests: real ones drawn by the browser itself, and files that are none.
import { crc32, deflateSync } from 'node:zlib'

/** JPEGs, each with a number on it. */
export async function jpegs(page, count) {
  const drawn = await page.evaluate(async (count) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 1200, height: 900 })
    const pen = canvas.getContext('2d')
    const files = []
    for (let n = 1; n <= count; n += 1) {
      pen.fillStyle = `hsl(${n * 37} 45% 55%)`
      pen.fillRect(0, 0, 1200, 900)
      pen.fillStyle = 'white'
      pen.font = '400px sans-serif'
      pen.fillText(String(n), 300, 600)
      files.push(canvas.toDataURL('image/jpeg', 0.8).split(',')[1])
    }
    return files
  }, count)
  return drawn.map((base64, n) => ({ name: `site-${n + 1}.jpg`, mimeType: 'image/jpeg', buffer: Buffer.from(base64, 'base64') }))
}

/** Begins as a JPEG and then breaks off into noise. */
export const corrupt = (photo) => ({
  ...photo, name: 'corrupt.jpg', buffer: Buffer.concat([photo.buffer.subarray(0, 200), Buffer.alloc(20_000, 0x5a)]),
})

/** A drawing that can carry script, under a photo's name. */
export const svg = () => ({
  name: 'drawing.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
})

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const out = Buffer.alloc(body.length + 8)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), body.length + 4)
  return out
}

/** A few kilobytes that say they are 200 megapixels. */
export function huge() {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(20_000, 0)
  head.writeUInt32BE(10_000, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const rows = deflateSync(Buffer.alloc(1_000_000))
  return { name: 'huge.png', mimeType: 'image/png', buffer: Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]) }
}
