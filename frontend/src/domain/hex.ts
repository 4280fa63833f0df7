// Bytes as lines of offset, hex and printable characters; the offsets are those in the source file.

export interface HexLine { offset: string; hex: string; text: string }

export function hexLines(hex: string, offset: number, perLine = 8): HexLine[] {
  const clean = hex.replace(/[^0-9a-fA-F]/g, '')
  const out: HexLine[] = []
  for (let i = 0; i + 1 < clean.length; i += perLine * 2) {
    const part = clean.slice(i, i + perLine * 2).match(/../g) ?? []
    out.push({
      offset: (offset + i / 2).toString(16).padStart(8, '0'),
      hex: part.join(' ').toLowerCase(),
      text: part.map((b) => { const c = parseInt(b, 16); return c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : '·' }).join(''),
    })
  }
  return out
}
