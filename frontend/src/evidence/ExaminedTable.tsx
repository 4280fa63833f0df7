// What each file would be, before anything is taken in: told from its content, not from its name.
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Examined } from '../api/types'
import { inert } from '../domain/inert'
import { EXAMINED_NOTE, EXAMINED_WORD, examinedTone, NEED_WORD } from '../domain/intake'
import { bytes, fileName } from '../domain/words'
import { Inert } from '../ui/Inert'

export function ExaminedTable({ files, mapped, onMap }: { files: Examined[]; mapped: boolean; onMap: (f: Examined) => void }) {
  return (
    <div className="scroll examined" tabIndex={0} role="region" aria-label="Files to take in">
      <table className="table">
        <thead><tr><th>File</th><th>What it is</th><th>Format</th><th className="end">Size</th><th>Needs an answer</th></tr></thead>
        <tbody>
          {files.map((f) => (
            <tr key={f.path}>
              <td className="ev-path"><div className="strong wrap"><Inert text={fileName(f.path)} /></div><div className="quiet mono tiny clip" title={inert(f.path)}><Inert text={f.path} /></div></td>
              <td><span className={`status status-${examinedTone(f.state)}`}>{EXAMINED_WORD[f.state]}</span><div className="quiet small wrap"><Inert text={[f.kind, f.note || EXAMINED_NOTE[f.state]].filter(Boolean).join(' · ')} /></div></td>
              <td className="nowrap">{f.format || <span className="quiet">none</span>}</td>
              <td className="end num nowrap">{bytes(f.bytes)}</td>
              <td className="nowrap">
                {f.needs.length === 0 ? <span className="quiet">nothing</span> : (
                  <span className="row needs">
                    {f.needs.map((n) => (n === 'columns'
                      ? <button key={n} type="button" className="chip chip-btn" onClick={() => onMap(f)}>{!mapped && <IconAlertTriangle size={12} aria-hidden="true" />}<span>{mapped ? 'columns mapped' : 'map columns…'}{' '}<span className="sr">of {inert(fileName(f.path))}</span></span></button>
                      : <span key={n} className="need">{NEED_WORD[n]}</span>))}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
