// The page as it will be printed. Every page of the paper, fitted to the width, sharp at the screen's density.
import { IconDownload, IconMinus, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { api } from '../api/client'
import { native } from '../api/native'
import { Failed, Loading } from '../ui/States'
import { useShell } from '../ui/shell'
import { openPdf } from './pdf'

const ZOOMS = [0.75, 1, 1.25, 1.5, 2]

export function PdfPage({ id, version }: { id: string; version: string }) {
  const pdf = useQuery({ queryKey: ['pdf', id, version], queryFn: () => api.documentPdf(id), staleTime: Infinity, gcTime: 60_000 })
  const { say } = useShell()
  const [doc, setDoc] = useState<PDFDocumentProxy | null>(null)
  const [broken, setBroken] = useState(false)
  const [zoom, setZoom] = useState(1)
  useEffect(() => {
    if (!pdf.data) return
    let gone = false
    // pdf.js takes the buffer over; the cache keeps its own.
    const opening = openPdf(pdf.data.slice(0))
    opening.then((d) => { if (!gone) { setDoc(d); setBroken(false) } }, () => { if (!gone) setBroken(true) })
    return () => { gone = true; void opening.then((d) => d.loadingTask.destroy(), () => undefined) }
  }, [pdf.data])
  const save = async () => {
    if (!pdf.data) return
    // A web view has no downloads: there the program writes the file where its own chooser says.
    if (native.canChoose()) {
      const path = await native.chooseSave('Save the PDF', `${id}.pdf`)
      if (path) api.documentSave(id, path).then(() => say(`Saved to ${path}.`), (e: { sentence: string }) => say(e.sentence, { bad: true }))
      return
    }
    const url = URL.createObjectURL(new Blob([pdf.data], { type: 'application/pdf' }))
    const a = document.createElement('a')
    a.href = url
    a.download = `${id}.pdf`
    a.click()
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
  const step = (by: number) => setZoom((z) => ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, ZOOMS.indexOf(z) + by))] ?? 1)
  return (
    <section className="pdf" aria-label="Page">
      <div className="pdf-tools">
        <span className="quiet small num">{doc ? `${doc.numPages} ${doc.numPages === 1 ? 'page' : 'pages'}` : ''}</span>
        <span className="right row">
          <button type="button" className="icon-btn" aria-label="Smaller" onClick={() => step(-1)}><IconMinus size={15} /></button>
          <span className="num small">{Math.round(zoom * 100)} %</span>
          <button type="button" className="icon-btn" aria-label="Larger" onClick={() => step(1)}><IconPlus size={15} /></button>
          <button type="button" className="icon-btn" aria-label="Save the PDF" title="Save the PDF" onClick={() => void save()} disabled={!pdf.data}><IconDownload size={15} /></button>
        </span>
      </div>
      <div className="pdf-desk scroll" tabIndex={0} role="region" aria-label="Pages of the paper">
        {pdf.error ? <Failed error={pdf.error} retry={() => void pdf.refetch()} /> : broken ? <Failed error={null} /> : doc ? (
          Array.from({ length: doc.numPages }, (_, i) => <PageCanvas key={`${version} ${i}`} doc={doc} number={i + 1} zoom={zoom} />)
        ) : <Loading what="the page" lines={12} />}
      </div>
    </section>
  )
}

function PageCanvas({ doc, number, zoom }: { doc: PDFDocumentProxy; number: number; zoom: number }) {
  const canvas = useRef<HTMLCanvasElement | null>(null)
  const [width, setWidth] = useState(0)
  const [text, setText] = useState('')
  useLayoutEffect(() => {
    const desk = canvas.current?.parentElement?.parentElement
    if (!desk || typeof ResizeObserver === 'undefined') return
    const o = new ResizeObserver(() => setWidth(Math.max(200, desk.clientWidth - 40)))
    o.observe(desk)
    return () => o.disconnect()
  }, [])
  useEffect(() => {
    const el = canvas.current
    if (!el || width === 0) return
    let cancel = () => undefined as void
    let gone = false
    doc.getPage(number).then((page) => {
      if (gone) return
      const fit = Math.min(width, 820) / page.getViewport({ scale: 1 }).width
      const ratio = Math.min(3, window.devicePixelRatio || 1)
      const view = page.getViewport({ scale: fit * zoom * ratio })
      el.width = Math.floor(view.width)
      el.height = Math.floor(view.height)
      el.style.width = `${view.width / ratio}px`
      el.style.height = `${view.height / ratio}px`
      const task = page.render({ canvas: el, viewport: view })
      cancel = () => task.cancel()
      task.promise.catch(() => undefined)
      void page.getTextContent().then((t) => { if (!gone) setText(t.items.map((i) => ('str' in i ? i.str : '')).join(' ')) }, () => undefined)
    }, () => undefined)
    return () => { gone = true; cancel() }
  }, [doc, number, zoom, width])
  return (
    <div className="pdf-sheet">
      <canvas ref={canvas} role="img" aria-label={`Page ${number}`} />
      <div className="sr">{text}</div>
    </div>
  )
}
