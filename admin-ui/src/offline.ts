// Icons are part of the bundle: nothing is ever fetched from an icon server.
import { addAPIProvider } from '@iconify/vue'

addAPIProvider('', { resources: [] })
