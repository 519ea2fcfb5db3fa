// Unit tests of the kit, in happy-dom.
import { defineConfig, mergeConfig } from 'vitest/config'
import base from './vite.config.ts'

export default defineConfig((env) =>
  mergeConfig(base(env), {
    test: {
      environment: 'happy-dom',
      include: ['src/**/*.test.ts'],
      setupFiles: ['./src/offline.ts'],
      server: { deps: { inline: ['@nuxt/ui'] } },
    },
  }),
)
