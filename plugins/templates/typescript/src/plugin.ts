// {{title}}: a warranty for finished work.
import { write } from 'plumbline:plugin/log@1.0.0'
import { company } from 'plumbline:plugin/projects@1.0.0'
import type { Documents } from 'plumbline:plugin/documents@1.0.0'

// What plugin.toml's settings hold.
interface Settings { years: number }

export const documents: Documents = {
  generate(request, project) {
    const settings = JSON.parse(request.settings) as Settings
    const details = project.details()
    if (!details.endsOn) throw 'The work has no last day yet.'
    write('info', `a warranty of ${settings.years} years for project ${details.number}`)
    return {
      tag: 'content',
      val: {
        title: '{{title}}',
        subtitle: details.name,
        intro: [`${company().name} warrants its work at ${details.address} for ${settings.years} years.`],
        facts: [
          { label: 'Number', value: request.number },
          { label: 'Owner', value: details.household },
          { label: 'Work finished', value: details.endsOn },
        ],
        covered: ['Faults that come from how the work was done'],
        notCovered: ['Wear, and work by others'],
        sections: [],
        signatures: [],
      },
    }
  },
}
