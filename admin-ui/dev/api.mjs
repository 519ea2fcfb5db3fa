// Generates src/api/schema.d.ts from the server's openapi.json: the only source of the client's types.
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import openapiTS, { astToString } from 'openapi-typescript'

const real = new URL('../../platform/app/openapi.json', import.meta.url)
const draft = new URL('../openapi.draft.json', import.meta.url)
const source = existsSync(real) ? real : draft
const types = astToString(await openapiTS(source))
await writeFile(new URL('../src/api/schema.d.ts', import.meta.url), `// Generated from ${source.pathname.split('/').pop()} by npm run api. Do not edit.\n${types}`)
console.log(`src/api/schema.d.ts from ${source.pathname.split('/').pop()}`)
