// Which photo the lightbox shows is part of the address, so that Back closes it and a link opens it.
import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

export function useOpenPhoto() {
  const route = useRoute()
  const router = useRouter()
  const current = computed(() => (typeof route.query.photo === 'string' && route.query.photo !== '' ? route.query.photo : null))
  /** Whether this page opened it: then closing is going back. */
  let opened = false

  function go(id: string | null): void {
    if (id === current.value) return
    if (id === null && opened) {
      opened = false
      router.back()
      return
    }
    const query = { ...route.query, photo: id ?? undefined }
    if (id !== null && current.value === null) {
      opened = true
      void router.push({ query })
    } else void router.replace({ query })
  }
  const link = (id: string) => ({ query: { ...route.query, photo: id } })
  return { current, go, link }
}
