// The six digits from the mail. People paste them with spaces; that is fine.

/** Only the digits of what was typed. */
export function digits(text: string): string {
  return text.replace(/\D/g, '')
}

/** What is wrong with a code, in words; null when it has six digits. */
export function codeWords(text: string): string | null {
  const found = digits(text)
  if (found.length === 6) return null
  if (found.length === 0) return 'Type the six numbers from the mail.'
  if (found.length === 5) return 'One number is missing. The code has six.'
  if (found.length < 6) return `${6 - found.length} numbers are missing. The code has six.`
  return 'That is too long. The code has six numbers.'
}
