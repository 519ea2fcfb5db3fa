// The operator UI, under /operator on the bare domain.
import '@/offline'
import '@/styles/main.css'
import { startFace } from '@/face'
import Operator from './Operator.vue'
import { routes } from './routes'

startFace('/operator', Operator, routes)
