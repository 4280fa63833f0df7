// The model: on or off, which one, and for each of its functions whether it passed, and the twin that works without it.
import { Button, Switch } from '@mantine/core'
import { api } from '../api/client'
import { useAct, useModel } from '../api/queries'
import { Copy } from '../ui/Copy'
import { Fact, Facts } from '../ui/Facts'
import { Inert } from '../ui/Inert'
import { Loaded } from '../ui/States'
import { useShell } from '../ui/shell'

export function ModelSection() {
  const model = useModel()
  const { say } = useShell()
  const set = useAct((on: boolean) => api.modelSet(on), { onError: (e) => say(`${e.sentence} ${e.hint}`, { bad: true }) })
  const check = useAct(() => api.modelCheck(), { onSuccess: () => say('The fitness check runs; its score appears here.'), onError: (e) => say(`${e.sentence} ${e.hint}`, { bad: true }) })
  return (
    <Loaded query={model} what="the model" lines={5}>
      {(m) => {
        const on = m.state === 'on' || m.state === 'starting'
        return (
          <div className="col form-gap">
            <div className="row"><Switch label={on ? 'On' : 'Off'} aria-label="Model" checked={on} disabled={m.state === 'absent' || set.isPending} onChange={(e) => set.mutate(e.currentTarget.checked)} /><span className="wrap"><Inert text={m.text} /></span></div>
            {m.name && (
              <Facts>
                <Fact label="Model"><Inert text={m.name} /></Fact>
                <Fact label="Digest"><Copy value={m.digest} label="digest" /></Fact>
                <Fact label="Server">{[m.version, m.variant].filter(Boolean).join(', ')}</Fact>
              </Facts>
            )}
            <table className="table model-table">
              <thead><tr><th>Function</th><th>Now done by</th><th>Score on the labelled set</th></tr></thead>
              <tbody>
                {m.functions.map((f) => (
                  <tr key={f.id}>
                    <td className="strong">{f.title}</td>
                    <td>{f.on ? 'the model, checked sentence by sentence' : f.twin}</td>
                    <td><span className="num">{f.score || 'not measured'}</span><div className="quiet small wrap"><Inert text={f.why} /></div></td>
                  </tr>
                ))}
              </tbody>
            </table>
            <div><Button variant="default" loading={check.isPending} disabled={m.state === 'absent'} onClick={() => check.mutate(undefined)}>Check its fitness</Button></div>
          </div>
        )
      }}
    </Loaded>
  )
}
