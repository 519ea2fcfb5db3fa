// The five fonts a tenant can choose, by the names people see.
import '@fontsource-variable/archivo/wght.css'
import '@fontsource-variable/atkinson-hyperlegible-next/wght.css'
import '@fontsource-variable/bitter/wght.css'
import '@fontsource-variable/source-serif-4/wght.css'
import type { BrandFont } from '@/api/types'

export const FONTS: { value: BrandFont; label: string }[] = [
  { value: 'figtree', label: 'Friendly' },
  { value: 'archivo', label: 'Sturdy' },
  { value: 'bitter', label: 'Crafted' },
  { value: 'source-serif', label: 'Established' },
  { value: 'atkinson', label: 'Clearest' },
]
