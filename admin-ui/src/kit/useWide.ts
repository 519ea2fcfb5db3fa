// Whether there is room for a panel beside the list.
import { onBeforeUnmount, ref } from 'vue'

export function useWide() {
  const media = window.matchMedia('(min-width: 62rem)')
  const wide = ref(media.matches)
  const update = () => (wide.value = media.matches)
  media.addEventListener('change', update)
  onBeforeUnmount(() => media.removeEventListener('change', update))
  return wide
}
