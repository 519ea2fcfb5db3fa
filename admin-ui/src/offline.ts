// Icons are part of the bundle (vite.config.ts names where they are looked for): none is ever fetched.
import { _api } from '@iconify/vue'

_api.setFetch(() => Promise.reject(new Error('Icons are bundled; this one is missing from the scan')))
