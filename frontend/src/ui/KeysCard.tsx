// The keyboard card behind `?`.
import { Modal } from '@mantine/core'
import { KEY_CARD } from '../domain/keys'

export function KeysCard({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Keyboard" size={820}>
      <div className="keys">
        {KEY_CARD.map((group) => (
          <section key={group.title}>
            <h3 className="label">{group.title}</h3>
            <ul>
              {group.lines.map((line) => (
                <li key={line.does} className="keys-line"><span className="keys-keys">{line.keys.map((k) => (k === '–' ? <span key={k}>–</span> : <kbd key={k}>{k}</kbd>))}</span><span>{line.does}</span></li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Modal>
  )
}
