// Generates src/api/schema.d.ts from the server's openapi.json: the only source of the client's types.
import { readFile, writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const source = new URL('../../platform/app/openapi.json', import.meta.url)
// The client knows the prefix itself (API_BASE), so the paths are kept without it.
const spec = JSON.parse(await readFile(source, 'utf8'))
spec.paths = Object.fromEntries(Object.entries(spec.paths).map(([path, item]) => [path.replace(/^\/api\/v1(?=\/)/, ''), item]))
const types = astToString(await openapiTS(spec))
await writeFile(new URL('../src/api/schema.d.ts', import.meta.url), `// Generated from openapi.json by npm run api. Do not edit.\n${types}`)
console.log(`src/api/schema.d.ts from openapi.json`)
