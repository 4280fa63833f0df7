// A path: typed, or chosen with the system's chooser where the desktop program offers one.
import { Button, TextInput } from '@mantine/core'
import { native } from '../api/native'
import { fileName } from '../domain/words'

interface Props { label: string; description?: string; value: string; onChange: (v: string) => void; choose?: 'folder' | 'file' | 'save' | 'none'; title?: string; error?: string; placeholder?: string; autoFocus?: boolean }

export function PathField({ label, description, value, onChange, choose = 'folder', title = label, error, placeholder, autoFocus }: Props) {
  const pick = async () => {
    const chosen = choose === 'file' ? (await native.chooseFiles(title))[0] : choose === 'save' ? await native.chooseSave(title, fileName(value)) : await native.chooseFolder(title)
    if (chosen) onChange(chosen)
  }
  return (
    <div className="path-field">
      <TextInput
        className="grow" label={label} description={description} value={value} onChange={(e) => onChange(e.currentTarget.value)} error={error} placeholder={placeholder}
        spellCheck={false} autoComplete="off" data-autofocus={autoFocus || undefined} classNames={{ input: 'mono' }}
      />
      {choose !== 'none' && native.canChoose() && <Button variant="default" onClick={() => void pick()}>Choose…</Button>}
    </div>
  )
}
