// A screen that breaks must not take the window with it.
import { Component, type ReactNode } from 'react'
import { Failed } from './States'

export class ErrorBoundary extends Component<{ children: ReactNode; at: string }, { broken: boolean }> {
  state = { broken: false }
  static getDerivedStateFromError() {
    return { broken: true }
  }
  componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.broken) this.setState({ broken: false })
  }
  render() {
    if (!this.state.broken) return this.props.children
    return (
      <Failed
        error={null}
        retry={() => this.setState({ broken: false })}
      />
    )
  }
}
