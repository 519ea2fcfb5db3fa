// Names of people, shortened.

/** "Dana Whitlock" becomes "DW". */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/).filter(Boolean)
  const first = parts[0]?.charAt(0) ?? ''
  const last = parts.length > 1 ? (parts[parts.length - 1]?.charAt(0) ?? '') : ''
  return (first + last).toUpperCase()
}

/** The name people call each other by. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name
}

/** "1 document", "3 documents" */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`
}
