import type { WizardProps } from "@cloudscape-design/components/wizard";
import { t } from "../strings/en";

/** The words of every wizard. */
export const WIZARD: WizardProps.I18nStrings = {
  stepNumberLabel: t.actions.step,
  collapsedStepsLabel: t.actions.stepOf,
  skipToButtonLabel: (step) => t.actions.skip(step.title),
  navigationAriaLabel: t.actions.progress,
  cancelButton: t.actions.cancel,
  previousButton: t.actions.previous,
  nextButton: t.actions.next,
};
