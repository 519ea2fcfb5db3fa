// The staff console, under /console on a tenant's host.
import '@/offline'
import '@/styles/main.css'
import { startFace } from '@/face'
import Console from './Console.vue'
import { routes } from './routes'

startFace('/console', Console, routes)
