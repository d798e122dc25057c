import { useState } from "react";
import { useAction, type Action } from "./action";

export interface Step {
  label: string;
  run: () => Promise<unknown>;
}

export interface Steps extends Action {
  /** How many have gone well. */
  done: number;
  labels: readonly string[];
  /** Runs them in turn; after a failure the next call goes on where it stopped. */
  go: (steps: readonly Step[]) => Promise<boolean>;
  restart: () => void;
}

/** A change of several calls: what has been done stays done, the rest can be tried again. */
export function useSteps(): Steps {
  const action = useAction();
  const [done, setDone] = useState(0);
  const [labels, setLabels] = useState<readonly string[]>([]);
  const go = (steps: readonly Step[]) => {
    setLabels(steps.map((step) => step.label));
    return action.run(async () => {
      for (const [index, step] of steps.entries()) {
        if (index < done) continue;
        await step.run();
        setDone(index + 1);
      }
    });
  };
  const restart = () => {
    setDone(0);
    setLabels([]);
    action.clear();
  };
  return { ...action, done, labels, go, restart };
}
