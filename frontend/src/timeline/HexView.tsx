// The source bytes of a row, with their place in the file.
import { hexLines } from '../domain/hex'

const MAX_LINES = 256

export function HexView({ hex, offset }: { hex: string; offset: number }) {
  const lines = hexLines(hex, offset)
  return (
    <pre className="raw hex mono" tabIndex={0}>
      {lines.slice(0, MAX_LINES).map((l) => <span key={l.offset} className="hex-line"><span className="quiet">{l.offset}</span>  {l.hex.padEnd(23)}  {l.text}{'\n'}</span>)}
      {lines.length > MAX_LINES && <span className="quiet">… {lines.length - MAX_LINES} more lines</span>}
    </pre>
  )
}
