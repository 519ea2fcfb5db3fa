// Builds the two entries (console.html, operator.html) into dist, served under /assets/admin/.
import { fileURLToPath } from 'node:url'
import ui from '@nuxt/ui/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Connect, type Plugin } from 'vite'
import { mockServer } from './dev/mock.ts'
import { kitTheme } from './src/styles/theme.ts'

/** Nuxt UI writes its colour variables into a style element at run time. Ours stand in tokens.css, so that the
 * content security policy can stay at style-src 'self'. */
function noRuntimeStyles(): Plugin {
  return {
    name: 'no-runtime-styles',
    enforce: 'pre',
    load(id) {
      if (id.replaceAll('\\', '/').includes('@nuxt/ui/dist/runtime/plugins/colors')) return 'export default { install() {} }'
      return undefined
    },
  }
}

/** In development and preview every page of an entry is answered with that entry's document. */
function entries(): Plugin {
  const route: Connect.NextHandleFunction = (request, _response, next) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const entry = /^\/(console|operator)(\/|$)/.exec(path)?.[1]
    if (entry) request.url = `/assets/admin/${entry}.html`
    next()
  }
  return {
    name: 'entries',
    configureServer: (server) => void server.middlewares.use(route),
    configurePreviewServer: (server) => void server.middlewares.use(route),
  }
}

export default defineConfig(({ mode }) => ({
  base: '/assets/admin/',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [
    noRuntimeStyles(),
    vue(),
    ui({ colorMode: false, autoImport: false, ui: kitTheme, icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'], globExclude: ['node_modules', 'dist'] }, sizeLimitKb: 256 } } }),
    ...(mode === 'mock' ? [mockServer()] : []),
    entries(),
  ],
  build: {
    target: 'es2022',
    assetsDir: '',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { console: 'console.html', operator: 'operator.html' } },
  },
  server: { port: 5173, ...(mode === 'mock' ? {} : { proxy: { '/api': 'http://localhost:8080', '/brand': 'http://localhost:8080' } }) },
}))
