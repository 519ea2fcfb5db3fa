// Short confirmations, in a polite live region, for at least six seconds. Errors never live here alone.
import { useToast } from '@nuxt/ui/composables'

export interface NoticeAction {
  label: string
  run: () => unknown
}

export function useNotice() {
  const toast = useToast()
  return (words: string, action?: NoticeAction): void => {
    toast.add({
      title: words,
      icon: 'i-lucide-circle-check',
      color: 'neutral',
      duration: 8000,
      type: 'background',
      ...(action ? { actions: [{ label: action.label, onClick: () => void action.run() }] } : {}),
    })
  }
}
