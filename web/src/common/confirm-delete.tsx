import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState, type ReactNode } from "react";
import { t } from "../strings/en";
import { useAction } from "./action";
import type { Spoken } from "./as-code";
import { Failure } from "./failure";
import { useFirstField } from "./first-field";
import { ShowAsCode } from "./show-code";

/** Hears how much of something long is done. */
export type Tell = (done: number) => void;

interface ConfirmDeleteProps {
  title: string;
  /** What must be typed: the resource's own name. */
  word: string;
  label?: string;
  children: ReactNode;
  /** What it will do, as somebody would type it; left out where that depends on what is found on the way. */
  calls?: readonly Spoken[];
  run: (tell: Tell) => Promise<unknown>;
  onDone: () => void;
  onCancel: () => void;
}

/** Asks by name before something is lost. */
export function ConfirmDelete({ title, word, label, children, calls, run, onDone, onCancel }: ConfirmDeleteProps) {
  const field = useFirstField();
  const [typed, setTyped] = useState("");
  const [done, setDone] = useState(0);
  const action = useAction();
  const go = async () => {
    if (typed === word && (await action.run(() => run(setDone)))) onDone();
  };
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={t.actions.close}
      onDismiss={onCancel}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onCancel}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" disabled={typed !== word} loading={action.busy} onClick={() => void go()}>
              {label ?? t.actions.delete}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <SpaceBetween size="m">
          <Box variant="span">
            {children} {t.confirm.permanent}
          </Box>
          <FormField label={t.confirm.type(word)}>
            <Input
              value={typed}
              onChange={({ detail }) => setTyped(detail.value)}
              placeholder={word}
              ariaLabel={t.confirm.type(word)}
              ref={field}
            />
          </FormField>
          {action.busy && done > 0 && <StatusIndicator type="in-progress">{t.confirm.done(done)}</StatusIndicator>}
          <Failure error={action.error} />
          {calls !== undefined && <ShowAsCode calls={calls} />}
        </SpaceBetween>
      </form>
    </Modal>
  );
}
