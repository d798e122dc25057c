import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { t } from "../strings/en";
import { useAction } from "./action";
import type { Spoken } from "./as-code";
import { Failure } from "./failure";
import { useFirstField } from "./first-field";
import { carryOut, foresee, type Plan } from "./plan";
import { ShowAsCode } from "./show-code";

/** Hears how much of something long is done. */
export type Tell = (done: number) => void;

interface ConfirmDeleteProps {
  title: string;
  /** What must be typed: the resource's own name. */
  word: string;
  label?: string;
  children: ReactNode;
  /** What is done, call by call; or else `run` does it, and `calls` say what. */
  plan?: Plan;
  calls?: readonly Spoken[];
  run?: (tell: Tell) => Promise<unknown>;
  onDone: () => void;
  onCancel: () => void;
}

/** Asks by name before something is lost. */
export function ConfirmDelete({
  title,
  word,
  label,
  children,
  plan,
  calls,
  run,
  onDone,
  onCancel,
}: ConfirmDeleteProps) {
  const field = useFirstField();
  const [typed, setTyped] = useState("");
  const [done, setDone] = useState(0);
  const action = useAction();
  const go = async () => {
    if (
      typed === word &&
      (await action.run(() => (plan ? carryOut(plan, setDone) : run ? run(setDone) : Promise.resolve())))
    )
      onDone();
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
          {plan ? <Foreseen plan={plan} word={word} /> : calls && <ShowAsCode calls={calls} />}
        </SpaceBetween>
      </form>
    </Modal>
  );
}

/** What there is to undo first is read, and the calls that would do it are shown. */
function Foreseen({ plan, word }: { plan: Plan; word: string }) {
  const query = useQuery({ queryKey: ["plan", word], queryFn: () => foresee(plan), gcTime: 0 });
  return <ShowAsCode calls={query.data ?? []} nothing={query.isLoading ? t.table.loading : t.code.unknown} />;
}
