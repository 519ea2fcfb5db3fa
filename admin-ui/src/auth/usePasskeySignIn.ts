// Signing in by a passkey: by the button, or offered by the browser inside the mail field.
import { onBeforeUnmount, ref } from 'vue'
import { api, take } from '@/api/client'
import { ApiProblem, explain } from '@/api/problem'
import type { Session } from '@/api/types'
import { conditionalSupported, credentialJson, passkeysSupported, passkeyWords, requestOptions } from '@/kit/webauthn'

export function usePasskeySignIn(trust: () => boolean, done: (session: Session) => void) {
  const busy = ref(false)
  const words = ref('')
  const supported = passkeysSupported()
  let control: AbortController | null = null

  async function ceremony(mediation: CredentialMediationRequirement): Promise<void> {
    control?.abort()
    const mine = (control = new AbortController())
    const challenge = await take(api.POST('/session/passkey/challenge'))
    const credential = await navigator.credentials.get({ publicKey: requestOptions(challenge.options), mediation, signal: mine.signal })
    if (!credential) return
    busy.value = true
    const body = { challenge_id: challenge.challenge_id, credential: credentialJson(credential as PublicKeyCredential), trust_device: trust() }
    done(await take(api.POST('/session/passkey', { body })))
  }

  async function use(): Promise<void> {
    if (busy.value) return
    words.value = ''
    try {
      await ceremony('optional')
    } catch (cause) {
      words.value = cause instanceof ApiProblem ? explain(cause) : passkeyWords(cause)
    } finally {
      busy.value = false
    }
  }

  /** Lets the browser offer passkeys in the mail field. Failing is silent: the button is still there. */
  async function offer(): Promise<void> {
    try {
      if (await conditionalSupported()) await ceremony('conditional')
    } catch {
      busy.value = false
    }
  }

  onBeforeUnmount(() => control?.abort())
  return { busy, words, supported, use, offer }
}
