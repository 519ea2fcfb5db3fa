// The code editor: colours for HTML with template tags, line numbers, and flaws beside their lines. It lives in a shadow root, where
// its styles are constructed sheets: the content security policy allows no style elements.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { HighlightStyle, StreamLanguage, syntaxHighlighting, type StreamParser } from '@codemirror/language'
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import type { OverrideFlaw } from '@/api/types'

interface Place {
  inside: '' | '{{' | '{%' | '{#' | '<'
  /** The markup tag that a template tag stands in. */
  under: '' | '<'
}
const END: Record<string, string> = { '{{': '}}', '{%': '%}' }

/** A small tokenizer: markup outside, words of the template language inside of its tags. */
const parser: StreamParser<Place> = {
  name: 'template',
  startState: () => ({ inside: '', under: '' }),
  copyState: (state) => ({ ...state }),
  token(stream, state) {
    if (state.inside === '{#') {
      if (stream.skipTo('#}')) {
        stream.match('#}')
        state.inside = state.under
      } else stream.skipToEnd()
      return 'comment'
    }
    if (state.inside === '{{' || state.inside === '{%') {
      if (stream.match(END[state.inside] ?? '')) {
        state.inside = state.under
        return 'meta'
      }
      if (stream.match(/^"(?:[^"\\]|\\.)*"|^'(?:[^'\\]|\\.)*'/)) return 'string'
      if (stream.match(/^(?:if|elif|else|endif|for|in|endfor|set|endset|from|import|include|macro|endmacro|with|endwith|call|endcall|and|or|not|is|none|true|false)\b/)) return 'keyword'
      if (stream.match(/^\|\s*\w+/)) return 'function'
      if (stream.match(/^\d+/)) return 'number'
      if (!stream.match(/^[\w.]+/)) stream.next()
      return 'variableName'
    }
    const open = stream.match(/^\{[{%#]/)
    if (open) {
      state.under = state.inside === '<' ? '<' : ''
      state.inside = (open as RegExpMatchArray)[0] as Place['inside']
      return state.inside === '{#' ? 'comment' : 'meta'
    }
    if (state.inside === '<') {
      if (stream.match(/^\/?>/)) {
        state.inside = ''
        return 'tagName'
      }
      if (stream.match(/^[\w:-]+(?==)/)) return 'attributeName'
      if (stream.match(/^"[^"{]*"?|^'[^'{]*'?/)) return 'string'
      stream.next()
      return null
    }
    if (stream.match(/^<\/?[\w-]+/)) {
      state.inside = '<'
      return 'tagName'
    }
    stream.next()
    while (!stream.eol() && !/[<{]/.test(stream.peek() ?? '')) stream.next()
    return null
  },
}

const colours = HighlightStyle.define([
  { tag: tags.comment, color: 'var(--pl-muted)', fontStyle: 'italic' },
  { tag: tags.meta, color: 'var(--pl-brand-text)', fontWeight: '650' },
  { tag: tags.keyword, color: 'var(--pl-brand-text)', fontWeight: '650' },
  { tag: tags.string, color: 'var(--pl-positive)' },
  { tag: [tags.tagName, tags.attributeName], color: 'var(--pl-info)' },
  { tag: tags.number, color: 'var(--pl-warning)' },
])
const theme = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', color: 'var(--pl-text)', backgroundColor: 'var(--pl-raised)' },
  '&.cm-focused': { outline: '2px solid var(--pl-focus, var(--pl-brand-mark))', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono, monospace)', lineHeight: '20px' },
  '.cm-content': { caretColor: 'var(--pl-text)', padding: '8px 0' },
  '.cm-gutters': { backgroundColor: 'var(--pl-surface)', color: 'var(--pl-muted)', borderRight: '1px solid var(--pl-line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--pl-sunken)' },
  '.cm-lintRange-error': { backgroundImage: 'none', textDecoration: 'underline wavy var(--pl-danger-mark)' },
  '.cm-tooltip': { backgroundColor: 'var(--pl-raised)', border: '1px solid var(--pl-line-strong)', color: 'var(--pl-text)', fontFamily: 'var(--font-sans)' },
  '.cm-diagnostic-error': { borderLeft: '0', padding: '6px 10px' },
})

/** An editor in this shadow root. */
export function openEditor(root: ShadowRoot, text: string, label: string, readonly: boolean, changed: (text: string) => void): EditorView {
  const extensions: Extension[] = [
    lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), history(), lintGutter(),
    // Tab leaves the editor, as everywhere on the page.
    keymap.of([...defaultKeymap, ...historyKeymap]),
    StreamLanguage.define(parser), syntaxHighlighting(colours), theme, EditorView.lineWrapping,
    EditorState.readOnly.of(readonly), EditorState.tabSize.of(2),
    EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', spellcheck: 'false', autocapitalize: 'off' }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) changed(update.state.doc.toString())
    }),
  ]
  return new EditorView({ state: EditorState.create({ doc: text, extensions }), parent: root, root })
}

/** Shows flaws beside their lines. */
export function showFlaws(view: EditorView, flaws: OverrideFlaw[]): void {
  const doc = view.state.doc
  const marks: Diagnostic[] = flaws.filter((flaw) => flaw.line != null && flaw.line <= doc.lines).map((flaw) => {
    const line = doc.line(flaw.line ?? 1)
    const from = Math.min(line.to, line.from + (flaw.column ?? 1) - 1)
    return { from: flaw.column == null ? line.from : from, to: line.to, severity: 'error', message: flaw.words }
  })
  view.dispatch(setDiagnostics(view.state, marks.sort((a, b) => a.from - b.from)))
}
