import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { t } from "../strings/en";
import type { Spoken } from "./as-code";
import { ShowAsCode } from "./show-code";
import type { Steps } from "./steps";
import { StepsProgress } from "./steps-progress";

interface ChooseProps {
  title: string;
  submit: string;
  disabled: boolean;
  steps: Steps;
  onSubmit: () => void;
  onClose: () => void;
  /** What it will do, as somebody would type it. */
  calls: readonly Spoken[];
  children: ReactNode;
}

/** A dialog that does something to each of several things that are chosen in it. */
export function Choose({ title, submit, disabled, steps, onSubmit, onClose, calls, children }: ChooseProps) {
  return (
    <Modal
      visible
      size="large"
      header={title}
      closeAriaLabel={t.actions.close}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button variant="primary" disabled={disabled} loading={steps.busy} onClick={onSubmit}>
              {submit}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <StepsProgress steps={steps} />
        {children}
        <ShowAsCode calls={calls} />
      </SpaceBetween>
    </Modal>
  );
}
