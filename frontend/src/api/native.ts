// What only the desktop program can do: choosers, dropped paths, quitting. In a plain browser each of these is
// absent and the screens offer a text field for the path instead.

interface Desktop {
  ChooseFolder?: (title: string) => Promise<string>
  ChooseFiles?: (title: string) => Promise<string[]>
  ChooseSave?: (title: string, name: string) => Promise<string>
  QuitNow?: () => Promise<void>
}
interface Runtime {
  OnFileDrop?: (cb: (x: number, y: number, paths: string[]) => void, useDropTarget: boolean) => void
  OnFileDropOff?: () => void
  ClipboardSetText?: (text: string) => Promise<boolean>
  EventsOn?: (name: string, cb: (...data: unknown[]) => void) => () => void
}
declare global {
  interface Window { go?: { app?: { Desktop?: Desktop } }; runtime?: Runtime }
}

/** A chooser waits for a person, so only its start is bounded; ten minutes is a person who went away. */
const PERSON_MS = 600_000
const QUIT_MS = 10_000

const desktop = () => window.go?.app?.Desktop

async function bounded<T>(call: Promise<T>, ms: number, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<T>((resolve) => { timer = setTimeout(() => resolve(otherwise), ms) })
  try {
    return await Promise.race([call, late])
  } catch {
    return otherwise
  } finally {
    clearTimeout(timer)
  }
}

export const native = {
  canChoose: () => typeof desktop()?.ChooseFolder === 'function',
  canDrop: () => typeof window.runtime?.OnFileDrop === 'function',
  /** The chosen folder, or "" when the person cancelled or no chooser exists. */
  chooseFolder: (title: string) => bounded(desktop()?.ChooseFolder?.(title) ?? Promise.resolve(''), PERSON_MS, ''),
  chooseFiles: (title: string) => bounded(desktop()?.ChooseFiles?.(title) ?? Promise.resolve([] as string[]), PERSON_MS, []),
  chooseSave: (title: string, name: string) => bounded(desktop()?.ChooseSave?.(title, name) ?? Promise.resolve(''), PERSON_MS, ''),
  /** Puts text on the clipboard; false when neither the program nor the browser can. */
  async copy(text: string): Promise<boolean> {
    const program = window.runtime?.ClipboardSetText
    if (program) return bounded(program(text), QUIT_MS, false)
    if (!navigator.clipboard) return false
    return navigator.clipboard.writeText(text).then(() => true, () => false)
  },
  quitNow: () => bounded(desktop()?.QuitNow?.() ?? Promise.resolve(), QUIT_MS, undefined),
  /** Calls back with the paths of files dropped on a drop target; returns how to stop. */
  onDrop(cb: (paths: string[]) => void): () => void {
    window.runtime?.OnFileDrop?.((_x, _y, paths) => cb(paths), true)
    return () => window.runtime?.OnFileDropOff?.()
  },
  /** The program asks before it closes while jobs run; the page answers in its own dialog. */
  onCloseRequested(cb: () => void): () => void {
    return window.runtime?.EventsOn?.('close-requested', cb) ?? (() => undefined)
  },
}
