// Makes a component of dist/plugin.js. Nothing of the machine is in it: no files, network, clock or randomness but the contract's.
import { componentize } from '@bytecodealliance/componentize-js'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const world = /^world = "(.*)"$/m.exec(await readFile(here('plugin.toml'), 'utf8'))[1]
const { component } = await componentize({
  sourcePath: here('dist/plugin.js'),
  witPath: here(process.env.PLUMBLINE_WIT ?? 'wit'),
  worldName: world,
  disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
})
await writeFile(here('dist/plugin.wasm'), component)
console.log(`dist/plugin.wasm: ${component.length} bytes`)
