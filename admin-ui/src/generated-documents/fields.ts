// The texts of the settings, in their sections.
import type { DocumentSettings } from '@/api/types'

/** The settings that are plain texts. */
export type TextName = {
  [name in keyof DocumentSettings]-?: string extends DocumentSettings[name] ? name : never
}[keyof DocumentSettings]

export interface TextField {
  name: TextName
  label: string
  hint?: string
  /** Of a text with several lines. */
  rows?: number
}

export interface TextSection {
  title: string
  fields: TextField[]
  /** Asks for the years of the warranty, too. */
  years?: boolean
}

const LINES = 'A line for each.'

export const SECTIONS: TextSection[] = [
  {
    title: 'Letterhead',
    fields: [
      { name: 'address', label: 'Address', hint: 'Up to four lines below your name.', rows: 3 },
      { name: 'email', label: 'Mail address' },
      { name: 'website', label: 'Website' },
      { name: 'footer', label: 'Below every page', hint: 'Register number, license.' },
      { name: 'signer_name', label: 'Who signs', hint: 'Empty: your company does.' },
      { name: 'signer_title', label: 'What they are', hint: 'Like “Owner”.' },
    ],
  },
  {
    title: 'Welcome packet',
    fields: [
      { name: 'greeting', label: 'Greeting', rows: 4 },
      { name: 'prepare', label: 'What customers should prepare', hint: LINES, rows: 4 },
      { name: 'next_steps', label: 'What happens next', hint: LINES, rows: 4 },
    ],
  },
  { title: 'Completion certificate', fields: [{ name: 'statement', label: 'What it states', hint: 'Empty: one of our sentences.', rows: 3 }] },
  {
    title: 'Warranty',
    years: true,
    fields: [
      { name: 'warranty_title', label: 'Heading' },
      { name: 'warranty_lead', label: 'Your promise', rows: 3 },
      { name: 'covered', label: 'What is covered', hint: LINES, rows: 5 },
      { name: 'not_covered', label: 'What is not', hint: LINES, rows: 4 },
      { name: 'claim', label: 'How to make a claim', hint: LINES, rows: 4 },
    ],
  },
]
