// pdf.js, loaded only when a page is shown. The worker is a file of ours, so the content policy holds.
import type { PDFDocumentProxy } from 'pdfjs-dist'

let ready: Promise<typeof import('pdfjs-dist')> | null = null

async function library() {
  const [lib, worker] = await Promise.all([import('pdfjs-dist'), import('pdfjs-dist/build/pdf.worker.min.mjs?url')])
  lib.GlobalWorkerOptions.workerSrc = worker.default
  return lib
}

export async function openPdf(data: ArrayBuffer): Promise<PDFDocumentProxy> {
  ready ??= library()
  const lib = await ready
  // Papers are our own output; forms stay off all the same.
  return lib.getDocument({ data: new Uint8Array(data), enableXfa: false, useSystemFonts: false }).promise
}
