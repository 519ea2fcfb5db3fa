// How Nuxt UI's parts take our shapes: each gets a pl- class, and kit.css says what the class looks like.
export const kitTheme = {
  colors: { primary: 'blue', neutral: 'slate' as const },
  button: {
    slots: { base: 'pl-btn', label: 'pl-btn-label', leadingIcon: 'size-4', trailingIcon: 'size-4' },
    compoundVariants: [
      { color: 'primary' as const, variant: 'solid' as const, class: { base: 'pl-btn-brand' } },
      { color: 'error' as const, variant: 'outline' as const, class: { base: 'pl-btn-danger' } },
      { color: 'neutral' as const, variant: 'ghost' as const, class: { base: 'pl-btn-quiet' } },
    ],
    defaultVariants: { color: 'neutral' as const, variant: 'outline' as const },
  },
  input: { slots: { root: 'w-full', base: 'pl-input' } },
  textarea: { slots: { root: 'w-full', base: 'pl-input pl-area' } },
  formField: {
    slots: { root: 'pl-field', label: 'pl-label', container: 'pl-control', description: 'pl-hint', hint: 'pl-hint', help: 'pl-hint', error: 'pl-err' },
  },
  modal: {
    slots: {
      overlay: 'pl-overlay', content: 'pl-dialog', header: 'pl-dialog-head', body: 'pl-dialog-body',
      footer: 'pl-dialog-foot', title: 'pl-dialog-title', description: 'pl-hint', close: 'pl-dialog-close',
    },
  },
  slideover: {
    slots: { overlay: 'pl-overlay', content: 'pl-sheet', header: 'pl-dialog-head', body: 'pl-sheet-body', title: 'pl-dialog-title', close: 'pl-dialog-close' },
  },
  dropdownMenu: { slots: { content: 'pl-menu', item: 'pl-menu-item', itemLeadingIcon: 'size-4', label: 'pl-menu-label' } },
  commandPalette: {
    slots: {
      root: 'pl-palette', input: 'pl-palette-input', label: 'pl-palette-label', item: 'pl-palette-item',
      itemLeadingIcon: 'size-4', empty: 'pl-palette-empty',
    },
  },
}
