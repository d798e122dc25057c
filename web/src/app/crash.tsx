import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import { Component, type ReactNode } from "react";
import { t } from "../strings/en";

/** What is shown instead of a page that threw; the navigation stays. */
export class Crash extends Component<{ children: ReactNode; at: string }, { error: Error | null; at: string }> {
  override state: { error: Error | null; at: string } = { error: null, at: this.props.at };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  static getDerivedStateFromProps(props: { at: string }, state: { at: string }) {
    return props.at === state.at ? null : { error: null, at: props.at };
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <Alert
        type="error"
        header={t.shell.crashed}
        action={<Button onClick={() => location.reload()}>{t.shell.reload}</Button>}
      >
        {t.shell.crashedHelp} {error.message}
      </Alert>
    );
  }
}
