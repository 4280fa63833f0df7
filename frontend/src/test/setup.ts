import '@testing-library/jest-dom/vitest'
import { cleanup, configure } from '@testing-library/react'
import { afterEach, vi } from 'vitest'

// The machine is shared: a slow second must not fail a test. A failure prints its sentence, not the whole page.
// Looking up every ancestor's style is most of what a role query costs in jsdom; nothing here hides by style.
configure({ asyncUtilTimeout: 8_000, defaultHidden: true, getElementError: (message) => new Error(message ?? 'not found') })
afterEach(cleanup)

// jsdom has no layout; the parts that measure get a window of fixed size.
Object.defineProperty(window, 'matchMedia', { value: vi.fn((query: string) => ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined, addListener: () => undefined, removeListener: () => undefined })) })
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 547 })
class Observer { observe() {} unobserve() {} disconnect() {} }
Object.defineProperty(window, 'ResizeObserver', { value: Observer })
Element.prototype.scrollTo = function scrollTo(this: Element, to?: ScrollToOptions | number) { this.scrollTop = typeof to === 'object' ? to.top ?? 0 : to ?? 0 } as typeof Element.prototype.scrollTo
Element.prototype.scrollIntoView = () => undefined
Object.defineProperty(document, 'fonts', { value: { addEventListener: () => undefined, removeEventListener: () => undefined, ready: Promise.resolve() } })
