// An example: the roofing warranty of ../roofing-warranty once more, in TypeScript. Both give the same document.
import { write } from 'plumbline:plugin/log@1.0.0'
import { company } from 'plumbline:plugin/projects@1.0.0'
import type { Documents, Section, Signature } from 'plumbline:plugin/documents@1.0.0'
import type { Milestone, Project } from 'plumbline:plugin/projects@1.0.0'

interface Settings {
  manufacturer: string
  product: string
  workmanship_years: number
  material_years: number
  bundles: string[]
}

export const documents: Documents = {
  generate(request, project) {
    const settings = JSON.parse(request.settings) as Settings
    const us = company()
    const details = project.details()
    const finished = lastDay(project.milestones())
    if (!finished) throw 'The work is not finished: no milestone has an end.'
    const rows = settings.bundles.map(bundle)
    write('info', `${rows.length} rows, finished on ${finished}`)
    return {
      tag: 'content',
      val: {
        title: 'Roofing warranty',
        subtitle: details.name,
        intro: [
          `${us.name} warrants the roof at ${details.address} for ${settings.workmanship_years} years from the day that the work was finished, under the terms below.`,
        ],
        facts: [
          { label: 'Warranty number', value: request.number },
          { label: 'Owner', value: details.household },
          { label: 'House', value: details.address },
          { label: 'Shingles', value: `${settings.manufacturer}, ${settings.product}` },
          { label: 'Work finished', value: finished },
          { label: 'Work is covered until', value: yearsAfter(finished, settings.workmanship_years) },
          { label: 'Material is covered until', value: yearsAfter(finished, settings.material_years) },
        ],
        covered: [
          'Leaks that come from how the roof was laid, with the repair of what they damaged inside',
          'Flashing, valleys, ridge and penetrations that we made',
          `Shingles that fail, by the manufacturer's warranty of ${settings.material_years} years`,
        ],
        notCovered: [
          'Damage by storm, hail or fallen trees',
          'Work on the roof by others',
          'Wear from foot traffic or pressure washing',
        ],
        sections: [serials(rows), care(us.phone)],
        signatures: signatures(project, us.name),
      },
    }
  },
}

// The last day of the last finished milestone.
function lastDay(milestones: Milestone[]): string | undefined {
  return milestones.map((m) => m.actualEnd).filter((day) => day !== undefined).sort().at(-1)
}

// "North slope; RL50-77120-A; 18"
function bundle(line: string, n: number): string[] {
  const cells = line.split(';').map((cell) => cell.trim())
  if (cells.length !== 3 || cells.some((cell) => cell === '')) {
    throw `Bundle ${n + 1} has to be written as: slope; serial number; count`
  }
  return cells
}

function serials(rows: string[][]): Section {
  return {
    title: 'Serial numbers',
    blocks: [
      {
        tag: 'table',
        val: {
          caption: 'Keep this list: the manufacturer asks for it',
          columns: [
            { title: 'Where', align: 'start' },
            { title: 'Serial number', align: 'start' },
            { title: 'Bundles', align: 'end' },
          ],
          rows,
        },
      },
    ],
  }
}

function care(phone: string): Section {
  return {
    title: 'So that it stays in force',
    blocks: [
      {
        tag: 'bullets',
        val: ['Keep gutters and valleys free of leaves', 'Have somebody look at the roof after a hailstorm', 'Tell us of a leak within 30 days'],
      },
      { tag: 'paragraph', val: `To claim, call ${phone}.` },
    ],
  }
}

function signatures(project: Project, name: string): Signature[] {
  const owners = project.household().filter((person) => person.role === 'signer')
  return [{ role: 'Contractor', name }, ...owners.map((person) => ({ role: 'Owner', name: person.name }))]
}

// The same day so many years on; the last of February stands in for a 29th that is not there.
function yearsAfter(day: string, years: number): string {
  const year = Number(day.slice(0, 4)) + years
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const rest = day.slice(5) === '02-29' && !leap ? '02-28' : day.slice(5)
  return `${String(year).padStart(4, '0')}-${rest}`
}
